package api

import (
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/assist"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/say"
	"mailroom/backend/preset"
)

// Verdict is how a finding ended, see [doctor.Verdict].
type Verdict string

// CheckGroup is what a check belongs to, see [doctor.Group].
type CheckGroup string

// RowState is how a row of the DNS assistant stands, see [assist.State].
type RowState string

// ExamState is how an examination stands.
type ExamState string

// The states of an examination.
const (
	ExamRunning ExamState = "running"
	ExamDone    ExamState = "done"
	ExamStopped ExamState = "stopped"
)

// ExamRequest says what to examine. Domain is what the person typed: a domain, an
// address, a web address; Chinese characters are fine.
type ExamRequest struct {
	Domain    string   `json:"domain"`
	Provider  string   `json:"provider"` // id of the provider in use or moved to; "" as the MX say
	Leaving   string   `json:"leaving"`  // id of the provider that is left; "" none
	Switching bool     `json:"switching"`
	OwnHost   bool     `json:"ownHost"` // the receiving servers are the office's own: they may be probed
	Parked    bool     `json:"parked"`
	Selectors []string `json:"selectors"` // DKIM selectors known from a mail
	SendingIP []string `json:"sendingIp"`
	Only      []string `json:"only"`     // groups or ids; empty: all
	Resolver  string   `json:"resolver"` // host:port; "" the computer's
	Spread    bool     `json:"spread"`   // compare with public resolvers
	// Lists asks block lists and the registry about the domain and its addresses: they
	// learn that somebody asks.
	Lists bool `json:"lists"`
	// Mailbox is signed in to, once, and looked at; nil: nobody signs in. Outgoing is tried
	// with the same sign-in.
	Mailbox  *Endpoint       `json:"mailbox,omitempty"`
	Outgoing *OutgoingServer `json:"outgoing,omitempty"`
}

// Finding is what a check says. Its sentences are doctor.check.CHECK.REASON and
// …_do, or doctor.skip.REASON; Text, Todo and Title hold them filled in, in the language
// of the request's window, for papers.
type Finding struct {
	Check    string            `json:"check"`
	Group    CheckGroup        `json:"group"`
	Subject  string            `json:"subject"`
	Verdict  Verdict           `json:"verdict"`
	Reason   string            `json:"reason"`
	Key      string            `json:"key"`   // of the text in the language files
	Facts    map[string]string `json:"facts"` // placeholders, providers by id
	Zh       FindingWords      `json:"zh"`
	En       FindingWords      `json:"en"`
	Evidence []FindingEvidence `json:"evidence"`
	Fix      []FindingFix      `json:"fix"`
	Source   string            `json:"source"` // the RFC section or page that the check stands on
	TookMs   int64             `json:"tookMs"`
}

// FindingWords are a finding's sentences in one language, filled in.
type FindingWords struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	Todo  string `json:"todo"` // "" nothing to do
}

// FindingEvidence is what a finding stands on, in the other side's words.
type FindingEvidence struct {
	Kind  string `json:"kind"` // record, banner, certificate, http, tree, error
	Title string `json:"title"`
	Text  string `json:"text"`
}

// FindingFix is a step of mending. Name, Type and Value are to be pasted.
type FindingFix struct {
	Kind     string `json:"kind"` // record: put it in; remove: take it out; act: as the text says
	Name     string `json:"name"`
	Type     string `json:"type"`
	Value    string `json:"value"`
	Provider string `json:"provider"` // whose console; "" the DNS host's
	Link     string `json:"link"`     // https; "" none
}

// Exam is an examination as far as it has come.
type Exam struct {
	ID       string         `json:"id"`
	Request  ExamRequest    `json:"request"`
	Domain   string         `json:"domain"` // ASCII
	Shown    string         `json:"shown"`  // as people read it
	State    ExamState      `json:"state"`
	Verdict  Verdict        `json:"verdict"` // of the whole so far
	Counts   map[string]int `json:"counts"`  // by verdict
	Done     int            `json:"done"`    // checks that have ended
	Total    int            `json:"total"`
	Started  int64          `json:"started"`
	TookMs   int64          `json:"tookMs"`
	Queries  int64          `json:"queries"`  // questions to the DNS
	Findings []Finding      `json:"findings"` // worst first
	Seq      int64          `json:"seq"`
}

// ExamFound carries the findings of one check as soon as they are there.
type ExamFound struct {
	ID       string    `json:"id"`
	Seq      int64     `json:"seq"`
	Done     int       `json:"done"`
	Total    int       `json:"total"`
	Findings []Finding `json:"findings"`
}

// ExamEnded tells that an examination is over: ask Doctor.Get again.
type ExamEnded struct {
	ID    string    `json:"id"`
	Seq   int64     `json:"seq"`
	State ExamState `json:"state"`
}

// CheckInfo describes a check.
type CheckInfo struct {
	ID      string     `json:"id"`
	Group   CheckGroup `json:"group"`
	Source  string     `json:"source"`
	Reasons []string   `json:"reasons"`
}

// AssistRequest asks for the table of a domain's records.
type AssistRequest struct {
	Domain    string `json:"domain"`
	Provider  string `json:"provider"` // "" as the MX say
	Leaving   string `json:"leaving"`
	Switching bool   `json:"switching"`
	Raise     bool   `json:"raise"` // raise the DMARC policy by a step
	Resolver  string `json:"resolver"`
}

// AssistTable is what stands and what should stand.
type AssistTable struct {
	Domain   string      `json:"domain"`
	Shown    string      `json:"shown"`
	Provider string      `json:"provider"` // id; "" unknown
	Green    bool        `json:"green"`    // nothing is to be done
	AgainMs  int64       `json:"againMs"`  // when it makes sense to look again
	DNSHost  *DNSHost    `json:"dnsHost,omitempty"`
	Rows     []AssistRow `json:"rows"`
}

// DNSHost is who keeps a domain's records, with what a person needs to put one in there.
// What is not known is empty.
type DNSHost struct {
	ID       string    `json:"id"`
	Name     Bilingual `json:"name"`
	Console  string    `json:"console"` // https; "" unknown
	Steps    []string  `json:"steps"`   // where to click, in Chinese; none: not known
	StepsEn  []string  `json:"stepsEn"`
	Note     Bilingual `json:"note"`
	Apex     string    `json:"apex"`   // at, empty, "" unknown
	Quotes   string    `json:"quotes"` // yes, no, "" unknown
	MX       string    `json:"mx"`     // inValue, separate, "" unknown
	TextMost int       `json:"textMost"`
	TTL      int       `json:"ttl"`
	Source   string    `json:"source"` // where the form of its fields is known from
	Certain  bool      `json:"certain"`
}

// Bilingual is a text in both languages.
type Bilingual struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// AssistRow is one record set. The page has a text per Use and State.
type AssistRow struct {
	Use     string   `json:"use"` // receive, spf, dkim, dmarc, autodiscover, client, mta_sts, tls_reports
	Name    string   `json:"name"`
	Host    string   `json:"host"` // the name below the domain, "@" the domain itself
	Type    string   `json:"type"`
	Stands  []string `json:"stands"`
	Should  []string `json:"should"`
	Paste   []string `json:"paste"` // Should as the DNS host wants it in its field
	State   RowState `json:"state"`
	Console string   `json:"console"` // https; "" none
	// A file that must lie on a web server beside the record: where, and its exact
	// content; "" none.
	FileAt   string `json:"fileAt"`
	FileText string `json:"fileText"`
}

// AssistChanged tells what a watched table has become.
type AssistChanged struct {
	ID    string      `json:"id"` // of the watch
	Seq   int64       `json:"seq"`
	Table AssistTable `json:"table"`
	Over  bool        `json:"over"` // green, stopped, or watched for a day: no more will come
}

func wireDNSHost(h preset.DNSHost) *DNSHost {
	if h.ID == "" {
		return nil
	}
	return &DNSHost{ID: h.ID, Name: Bilingual(h.Name), Console: h.Console, Note: Bilingual(h.Note), Apex: h.Form.Apex, Quotes: h.Form.Quotes, MX: h.Form.MX,
		TextMost: h.Form.TextMost, TTL: h.Form.TTL, Source: h.Form.Source, Certain: h.Form.Certainty == preset.Confirmed,
		Steps: mapped(h.Steps.List, func(w preset.Words) string { return w.Zh }), StepsEn: mapped(h.Steps.List, func(w preset.Words) string { return w.En })}
}

func wireRow(domain string, at preset.DNSHost) func(assist.Row) AssistRow {
	return func(r assist.Row) AssistRow {
		host := "@"
		if r.Name != domain && len(r.Name) > len(domain) {
			host = r.Name[:len(r.Name)-len(domain)-1]
		}
		out := AssistRow{Use: r.Use, Name: r.Name, Host: host, Type: r.Type, Stands: some(r.Stands), Should: some(r.Should), State: RowState(r.State), Console: r.Console,
			Paste: mapped(r.Should, func(v string) string { return assist.AtHost(at, r.Type, v) })}
		if r.File != nil {
			out.FileAt, out.FileText = r.File.At, r.File.Text
		}
		return out
	}
}

// wireFinding needs the words of both languages; either may be nil.
func wireFinding(f doctor.Finding, zh, en *say.Words) Finding {
	out := Finding{Check: f.Check, Group: CheckGroup(f.Group), Subject: f.Subject, Verdict: Verdict(f.Verdict), Reason: f.Reason, Key: say.Key(f), Facts: facts(f.Facts),
		Zh: findingWords(zh, f), En: findingWords(en, f), Source: sources[f.Check], TookMs: f.Took.Milliseconds(), Evidence: []FindingEvidence{}, Fix: []FindingFix{}}
	for _, e := range f.Evidence {
		out.Evidence = append(out.Evidence, FindingEvidence{string(e.Kind), e.Title, e.Text})
	}
	for _, x := range f.Fix {
		fix := FindingFix{Kind: string(x.Kind), Provider: x.Provider, Link: x.Link}
		if x.Record != nil {
			fix.Name, fix.Type, fix.Value = x.Record.Name, x.Record.Type, x.Record.Value
		}
		out.Fix = append(out.Fix, fix)
	}
	return out
}

func findingWords(w *say.Words, f doctor.Finding) FindingWords {
	if w == nil {
		return FindingWords{}
	}
	t := say.Finding(w, f)
	return FindingWords{t.Title, t.Says, t.Do}
}

// sources are the RFCs and pages by check.
var sources = func() map[string]string {
	all := map[string]string{}
	for _, c := range checks.All() {
		all[c.ID] = c.Source
	}
	return all
}()

var verdicts = []enum[Verdict]{
	{Verdict(doctor.Fail), "Fail"}, {Verdict(doctor.Warn), "Warn"}, {Verdict(doctor.Skipped), "Skipped"}, {Verdict(doctor.Info), "Info"}, {Verdict(doctor.Pass), "Pass"},
}

var checkGroups = []enum[CheckGroup]{
	{CheckGroup(doctor.GroupDomain), "Domain"}, {CheckGroup(doctor.GroupMX), "MX"}, {CheckGroup(doctor.GroupSPF), "SPF"}, {CheckGroup(doctor.GroupDKIM), "DKIM"},
	{CheckGroup(doctor.GroupDMARC), "DMARC"}, {CheckGroup(doctor.GroupTransport), "Transport"}, {CheckGroup(doctor.GroupReputation), "Reputation"},
	{CheckGroup(doctor.GroupClients), "Clients"}, {CheckGroup(doctor.GroupPorts), "Ports"}, {CheckGroup(doctor.GroupTLS), "TLS"}, {CheckGroup(doctor.GroupSMTP), "SMTP"},
	{CheckGroup(doctor.GroupMailbox), "Mailbox"}, {CheckGroup(doctor.GroupMessage), "Message"},
}

var rowStates = []enum[RowState]{
	{RowState(assist.OK), "OK"}, {RowState(assist.Missing), "Missing"}, {RowState(assist.Differs), "Differs"}, {RowState(assist.Extra), "Extra"},
	{RowState(assist.Console), "Console"}, {RowState(assist.Optional), "Optional"}, {RowState(assist.Unknown), "Unknown"},
}

var examStates = []enum[ExamState]{{ExamRunning, "Running"}, {ExamDone, "Done"}, {ExamStopped, "Stopped"}}
