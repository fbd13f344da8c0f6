package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/say"
	"mailroom/backend/report"
)

// checkVerb examines a domain. Its JSON and exit codes are told in docs/doctor.md.
type checkVerb struct {
	Domain    string   `arg:"" name:"domain" help:"help_domain"`
	Resolver  []string `placeholder:"HOST:PORT" sep:"," help:"help_resolver"`
	Provider  string   `placeholder:"ID" help:"help_provider"`
	Leaving   string   `placeholder:"ID" help:"help_leaving"`
	Switching bool     `help:"help_switching"`
	OwnHost   bool     `help:"help_own_host"`
	Parked    bool     `help:"help_parked"`
	Selector  []string `placeholder:"NAME" sep:"," help:"help_selector"`
	SendingIP []string `name:"sending-ip" placeholder:"ADDRESS" sep:"," help:"help_sending_ip"`
	Mail      string   `placeholder:"FILE" help:"help_mail"`
	Mailbox   string   `placeholder:"URL" help:"help_mailbox"`
	CA        string   `name:"ca" placeholder:"FILE" help:"help_ca"`
	Pin       string   `placeholder:"SHA256" help:"help_pin"`
	Only      []string `placeholder:"GROUP|ID" sep:"," help:"help_only"`
	Lists     bool     `default:"true" negatable:"" help:"help_lists"`
	Strict    bool     `help:"help_strict"`
	All       bool     `help:"help_all"`
	Lang      string   `enum:",zh,zh-CN,en" default:"" placeholder:"LANGUAGE" help:"help_lang"`
	JSON      bool     `name:"json" help:"help_json"`
}

func (v *checkVerb) run(ctx context.Context, r *run) int {
	switch v.Lang {
	case "zh", "zh-CN":
		r.words = chinese
	case "en":
		r.words = english
	}
	texts, err := r.pageWords()
	if err != nil {
		return r.fail(err)
	}
	picked, unknown := checks.Only(checks.All(), v.Only)
	if len(unknown) > 0 {
		return v.refused(r, core.E(core.Invalid, "check", nil, "problem", "only", "value", unknown[0]))
	}
	x, err := v.prepare(r)
	if err != nil {
		return v.refused(r, err)
	}
	if r.json == nil {
		fmt.Fprintln(r.stderr, texts.T("doctor.paper.begin", "domain", printable(x.Shown)))
	}
	begin := time.Now()
	found := doctor.Run(ctx, x, picked, func(some []doctor.Finding) {
		if r.json != nil {
			for _, f := range some {
				r.json.send(findingLine(f, texts))
			}
		}
	})
	exit := v.exit(ctx, found)
	counts, whole := doctor.Summary(found)
	if r.json != nil {
		r.json.send(checkSummary{Event: "summary", Domain: x.Domain, Shown: x.Shown, Verdict: whole, Counts: counts, Checks: len(picked), Queries: x.DNS.Queries(),
			TookMs: time.Since(begin).Milliseconds(), Exit: exit, Errors: []checkError{}})
		return exit
	}
	v.print(r, texts, x, found, exit)
	return exit
}

// pageWords are the page's texts in the language of the terminal.
func (r *run) pageWords() (*say.Words, error) {
	name := "en"
	if r.words == chinese {
		name = "zh-CN"
	}
	if r.env.Words == nil {
		return nil, core.E(core.NotFound, "read language files", nil, "file", name)
	}
	return report.LoadWords(r.env.Words, name)
}

func (v *checkVerb) prepare(r *run) (*doctor.Exam, error) {
	setup := checks.Setup{Resolvers: slices.Clone(v.Resolver), Options: doctor.Options{Provider: v.Provider, Leaving: v.Leaving, Switching: v.Switching,
		OwnHost: v.OwnHost, Parked: v.Parked, Selectors: v.Selector, SendingIP: v.SendingIP}}
	if err := checks.ReadRehearsal(r.env.Getenv("MAILROOM_REHEARSAL"), &setup); err != nil {
		return nil, err
	}
	for _, id := range []string{v.Provider, v.Leaving} {
		if id != "" && !checks.KnownProvider(id) {
			return nil, core.E(core.Invalid, "check", nil, "problem", "provider", "value", id)
		}
	}
	x, err := checks.Prepare(v.Domain, setup)
	if err != nil {
		return nil, err
	}
	if !v.Lists {
		x.AskNobody()
	}
	if v.Mail != "" {
		if x.Mail, err = mailOf(v.Mail); err != nil {
			return nil, err
		}
	}
	if v.Mailbox != "" {
		at, err := r.place(&addressing{CA: v.CA, Pin: v.Pin}, sideFrom, v.Mailbox, "", "", "")
		if err != nil {
			return nil, err
		}
		x.Mailbox = at.account
	}
	return x, nil
}

// largestMail is the most that is read of a mail, in bytes; one byte more tells that it is
// larger.
const largestMail = 64 << 20

// mailOf reads a saved mail. Errors: not_found, forbidden, too_big.
func mailOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, core.E(core.NotFound, "read mail", err, "file", path)
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, largestMail+1))
	switch {
	case err != nil:
		return nil, core.E(core.Invalid, "read mail", err, "file", path)
	case len(raw) > largestMail:
		return nil, core.E(core.TooBig, "read mail", nil, "file", path, "limit", "64 MB")
	}
	return raw, nil
}

// exit: 0 nothing to mend, 2 something is, 4 nothing could be reached or it was stopped.
func (v *checkVerb) exit(ctx context.Context, found []doctor.Finding) int {
	counts, whole := doctor.Summary(found)
	lost := slices.ContainsFunc(found, func(f doctor.Finding) bool { return f.Check == "ports.network" && f.Verdict == doctor.Warn })
	switch {
	case counts[doctor.Fail] == 0 && lost: // the DNS server is dead or knows nothing: the domain was not judged
		return exitInterrupted
	case counts[doctor.Fail] > 0, v.Strict && counts[doctor.Warn] > 0:
		return exitLeft
	case ctx.Err() != nil:
		return exitInterrupted
	case whole != doctor.Skipped:
		return exitOK
	}
	for _, f := range found {
		if !slices.Contains([]string{"not_asked", "nothing"}, f.Reason) {
			return exitInterrupted
		}
	}
	return exitOK
}

// refused tells what is wrong with the call.
func (v *checkVerb) refused(r *run, err error) int {
	exit := exitOf(core.CodeOf(err))
	if core.CodeOf(err) == core.NotFound {
		exit = exitInterrupted // no DNS server: no network
	}
	if r.json == nil {
		fmt.Fprintln(r.stderr, "mailroom: "+r.words.explain(err))
		return exit
	}
	r.json.send(checkSummary{Event: "summary", Domain: v.Domain, Shown: v.Domain, Verdict: doctor.Skipped, Counts: map[doctor.Verdict]int{}, Exit: exit,
		Errors: []checkError{{core.CodeOf(err), core.ArgsOf(err), r.words.explain(err)}}})
	return exit
}

// checkLine is one finding on a line of its own.
type checkLine struct {
	Event    string            `json:"event"` // finding
	Check    string            `json:"check"`
	Group    doctor.Group      `json:"group"`
	Subject  string            `json:"subject"`
	Verdict  doctor.Verdict    `json:"verdict"`
	Reason   string            `json:"reason"`
	Title    string            `json:"title"`
	Text     string            `json:"text"`
	Todo     string            `json:"todo"`
	Facts    map[string]string `json:"facts"`
	Evidence []checkEvidence   `json:"evidence"`
	Fix      []checkFix        `json:"fix"`
	Source   string            `json:"source"`
	TookMs   int64             `json:"tookMs"`
}

type checkEvidence struct {
	Kind  doctor.EvidenceKind `json:"kind"`
	Title string              `json:"title"`
	Text  string              `json:"text"`
}

type checkFix struct {
	Kind     doctor.FixKind `json:"kind"`
	Name     string         `json:"name,omitempty"`
	Type     string         `json:"type,omitempty"`
	Value    string         `json:"value,omitempty"`
	Provider string         `json:"provider,omitempty"`
	Link     string         `json:"link,omitempty"`
}

// checkSummary is the last line.
type checkSummary struct {
	Event   string                 `json:"event"` // summary
	Domain  string                 `json:"domain"`
	Shown   string                 `json:"shown"`
	Verdict doctor.Verdict         `json:"verdict"`
	Counts  map[doctor.Verdict]int `json:"counts"`
	Checks  int                    `json:"checks"`
	Queries int64                  `json:"queries"`
	TookMs  int64                  `json:"tookMs"`
	Exit    int                    `json:"exit"`
	Errors  []checkError           `json:"errors"`
}

type checkError struct {
	Code core.Code         `json:"code"`
	Args map[string]string `json:"args"`
	Text string            `json:"text"`
}

func findingLine(f doctor.Finding, texts *say.Words) checkLine {
	said := say.Finding(texts, f)
	line := checkLine{Event: "finding", Check: f.Check, Group: f.Group, Subject: f.Subject, Verdict: f.Verdict, Reason: f.Reason, Title: said.Title, Text: said.Says, Todo: said.Do,
		Facts: f.Facts, Evidence: []checkEvidence{}, Fix: []checkFix{}, Source: checks.Source(f.Check), TookMs: f.Took.Milliseconds()}
	if line.Facts == nil {
		line.Facts = map[string]string{}
	}
	for _, e := range f.Evidence {
		line.Evidence = append(line.Evidence, checkEvidence{e.Kind, e.Title, e.Text})
	}
	for _, x := range f.Fix {
		fix := checkFix{Kind: x.Kind, Provider: x.Provider, Link: x.Link}
		if x.Record != nil {
			fix.Name, fix.Type, fix.Value = x.Record.Name, x.Record.Type, x.Record.Value
		}
		line.Fix = append(line.Fix, fix)
	}
	return line
}

// signs stand before a finding.
var signs = map[doctor.Verdict]string{doctor.Fail: "✗", doctor.Warn: "!", doctor.Info: "·", doctor.Pass: "✓", doctor.Skipped: "–"}

// print tells the findings worst first: what is wrong with its mending step, the rest
// as one line each, what is fine as a list of titles unless all is wanted.
func (v *checkVerb) print(r *run, texts *say.Words, x *doctor.Exam, found []doctor.Finding, exit int) {
	w := r.stdout
	var group doctor.Verdict
	fine := []string{}
	for _, f := range found {
		said := say.Finding(texts, f)
		quiet := f.Verdict == doctor.Pass || (f.Verdict == doctor.Skipped && (f.Reason == "not_asked" || f.Reason == "nothing"))
		if quiet && !v.All {
			if f.Verdict == doctor.Pass && !slices.Contains(fine, said.Title) {
				fine = append(fine, said.Title)
			}
			continue
		}
		if f.Verdict != group {
			group = f.Verdict
			fmt.Fprintf(w, "\n%s\n", texts.T("doctor.verdict."+string(group)))
		}
		fmt.Fprintf(w, "%s %s [%s] %s\n", signs[f.Verdict], said.Title, f.Check, printable(subject(f, x)))
		fmt.Fprintf(w, "    %s\n", printable(said.Says))
		if f.Verdict != doctor.Fail && f.Verdict != doctor.Warn {
			continue
		}
		if said.Do != "" {
			fmt.Fprintf(w, "    → %s\n", printable(said.Do))
		}
		printFix(w, texts, f)
	}
	if len(fine) > 0 {
		fmt.Fprintf(w, "\n%s\n✓ %s\n", texts.T("doctor.verdict.pass"), printable(strings.Join(fine, " · ")))
	}
	counts, _ := doctor.Summary(found)
	pairs := []any{"domain", printable(x.Shown)}
	for verdict, n := range counts {
		pairs = append(pairs, string(verdict), n)
	}
	fmt.Fprintf(w, "\n%s\n", texts.T("doctor.paper.summary", pairs...))
	switch exit {
	case exitOK:
		fmt.Fprintln(w, texts.T("doctor.paper.allFine"))
	case exitInterrupted:
		fmt.Fprintln(w, texts.T("doctor.paper.nothingReached"))
	}
}

// subject is shown where it is not the domain itself.
func subject(f doctor.Finding, x *doctor.Exam) string {
	if f.Subject == x.Domain {
		return ""
	}
	return f.Subject
}

func printFix(w io.Writer, texts *say.Words, f doctor.Finding) {
	for _, x := range f.Fix {
		if x.Link != "" {
			fmt.Fprintf(w, "      %s\n", texts.T("doctor.paper.page", "link", printable(x.Link)))
		}
		if x.Record == nil {
			continue
		}
		key := "doctor.paper.add"
		if x.Kind == doctor.FixRemove {
			key = "doctor.paper.remove"
		}
		fmt.Fprintf(w, "      %s\n", texts.T(key))
		fmt.Fprintf(w, "        %s\n        %s\n        %s\n", texts.T("doctor.paper.host", "name", printable(x.Record.Name)), texts.T("doctor.paper.type", "type", x.Record.Type),
			texts.T("doctor.paper.value", "value", printable(x.Record.Value)))
	}
}
