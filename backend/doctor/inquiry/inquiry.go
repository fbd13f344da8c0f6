// Package inquiry answers the questions of the guides that a machine can answer, each
// with its evidence: by checks of the domain, by signing in, by looking into the
// mailbox. It changes nothing anywhere. It leaves out the guides themselves and every
// sentence: an outcome is a code of package guide.
package inquiry

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/letter"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// Matter is what an inquiry is about. What is missing makes the probes that need it
// end as unknown.
type Matter struct {
	Exam     *doctor.Exam   // of the address's domain; nil: no domain is known
	Checks   []doctor.Check // all that there are
	Mailbox  mailbox.Account
	Outgoing *letter.Outgoing
	Provider preset.Provider // ID "" unknown
	Now      func() time.Time
}

// Answer is an outcome with what it stands on.
type Answer struct {
	Outcome  string // one of the probe's outcomes
	Evidence []doctor.Evidence
	Problem  error // why it could not be found out, or what the server said; nil none
}

// Unknown is the outcome of every probe that could not be carried out.
const Unknown = "unknown"

// Ask carries out one probe. A probe that is not known is an invalid error; whatever
// goes wrong while asking is part of the answer, except that ctx ended.
func Ask(ctx context.Context, m Matter, probe string) (Answer, error) {
	if m.Now == nil {
		m.Now = time.Now
	}
	var a Answer
	switch probe {
	case "sign-in":
		a = m.signIn(ctx)
	case "outgoing":
		a = m.outgoing(ctx)
	case "room":
		a = m.room(ctx)
	case "trash":
		a = m.trash(ctx)
	case "junk-folder":
		a = m.junkFolder(ctx)
	case "size-limit":
		a = m.sizeLimit()
	default:
		rule, ok := byChecks[probe]
		if !ok {
			return Answer{}, core.E(core.Invalid, "answer question", nil, "field", "probe", "reason", "unknown")
		}
		a = m.examine(ctx, rule)
	}
	if err := ctx.Err(); err != nil {
		return Answer{}, core.E(core.CodeOf(err), "answer question", err)
	}
	return a, nil
}

// ruling turns the findings of some checks into an outcome.
type ruling struct {
	checks []string // ids, or groups
	judge  func([]doctor.Finding) string
}

var byChecks = map[string]ruling{
	"network":      {[]string{"ports.network", "ports.portal"}, judgeNetwork},
	"clock":        {[]string{"ports.clock"}, judgeClock},
	"domain":       {[]string{"domain.exists", "mx.present", "mx.null"}, judgeDomain},
	"sender-proof": {[]string{"spf.present", "spf.syntax", "spf.lookups", "spf.provider", "dkim.found", "dkim.key", "dmarc.present", "dmarc.policy"}, judgeProof},
	"lists":        {[]string{"reputation.ip_lists", "reputation.domain_lists"}, judgeLists},
	"ports":        {[]string{"ports.network", "ports.imap", "ports.submission"}, judgePorts},
	"service":      {[]string{"ports.network", "ports.imap", "ports.submission", "tls.chain", "tls.name", "tls.validity"}, judgeService},
	"certificate":  {[]string{"tls.chain", "tls.name", "tls.validity"}, judgeCertificate},
}

// CheckIDs lists the checks that probes stand on, so that a test can find each of them.
func CheckIDs() []string {
	var all []string
	for _, r := range byChecks {
		all = append(all, r.checks...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (m Matter) examine(ctx context.Context, r ruling) Answer {
	if m.Exam == nil {
		return Answer{Outcome: Unknown}
	}
	var picked []doctor.Check
	for _, c := range m.Checks {
		if slices.Contains(r.checks, c.ID) {
			picked = append(picked, c)
		}
	}
	found := doctor.Run(ctx, m.Exam, picked, nil)
	a := Answer{Outcome: r.judge(found)}
	for _, f := range found {
		text := []string{}
		for _, e := range f.Evidence {
			text = append(text, e.Title+"\n"+e.Text)
		}
		a.Evidence = append(a.Evidence, doctor.Evidence{
			Kind: doctor.EvidenceTree, Title: f.Check + " " + f.Subject + ": " + f.Reason, Text: doctor.Clip(strings.Join(text, "\n"), doctor.MaxEvidence),
		})
	}
	return a
}

// has says whether a check ended with one of these reasons; no reasons: with fail.
func has(found []doctor.Finding, check string, reasons ...string) bool {
	return slices.ContainsFunc(found, func(f doctor.Finding) bool {
		if check != "" && f.Check != check {
			return false
		}
		if len(reasons) == 0 {
			return f.Verdict == doctor.Fail
		}
		return slices.Contains(reasons, f.Reason)
	})
}

// all says that nothing was skipped and nothing is wrong.
func sound(found []doctor.Finding) bool {
	good := false
	for _, f := range found {
		if f.Verdict == doctor.Fail {
			return false
		}
		good = good || f.Verdict == doctor.Pass || f.Verdict == doctor.Warn
	}
	return good
}

func judgeNetwork(found []doctor.Finding) string {
	switch {
	case has(found, "", "no_network", "dns_dead", "dns_blind"):
		return "down"
	case has(found, "ports.portal", "captive"), has(found, "", "portal"):
		return "portal"
	case has(found, "ports.network", "ok"):
		return "ok"
	}
	return Unknown
}

func judgeClock(found []doctor.Finding) string {
	switch {
	case has(found, "ports.clock", "drift", "wrong"):
		return "wrong"
	case has(found, "ports.clock", "ok"):
		return "ok"
	}
	return Unknown
}

func judgeDomain(found []doctor.Finding) string {
	switch {
	case has(found, "domain.exists"):
		return "no-domain"
	case has(found, "mx.present"), has(found, "mx.null"):
		return "no-mx"
	case has(found, "mx.present", "ok", "implicit", "parked"):
		return "ok"
	}
	return Unknown
}

func judgeProof(found []doctor.Finding) string {
	switch {
	case has(found, ""):
		return "bad"
	case has(found, "spf.present", "ok") && has(found, "dmarc.present", "ok", "inherited"):
		return "ok"
	}
	return Unknown
}

func judgeLists(found []doctor.Finding) string {
	switch {
	case has(found, "", "listed"):
		return "listed"
	case has(found, "", "ok", "shared", "minor", "dial_up"):
		return "ok"
	}
	return Unknown
}

func judgePorts(found []doctor.Finding) string {
	switch {
	case has(found, "", "local_block", "no_network"):
		return "blocked"
	case has(found, "ports.imap"), has(found, "ports.submission"):
		return "down"
	case has(found, "ports.imap", "ok", "slow"), has(found, "ports.submission", "ok", "slow"):
		return "ok"
	}
	return Unknown
}

func judgeService(found []doctor.Finding) string {
	if o := judgePorts(found); o != "ok" {
		return o
	}
	if has(found, "tls.chain") || has(found, "tls.name") || has(found, "tls.validity") {
		return "cert"
	}
	return "ok"
}

func judgeCertificate(found []doctor.Finding) string {
	switch {
	case has(found, ""):
		return "bad"
	case sound(found):
		return "ok"
	}
	return Unknown
}

func (m Matter) sizeLimit() Answer {
	if m.Provider.ID == "" || m.Provider.Limits.Message == 0 {
		return Answer{Outcome: Unknown}
	}
	return Answer{Outcome: "known", Evidence: []doctor.Evidence{{
		Kind: doctor.EvidenceRecord, Title: m.Provider.Name.En,
		Text: fmt.Sprintf("%d MB (%s)", m.Provider.Limits.Message>>20, m.Provider.Limits.Source),
	}}}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
