// Package doctor holds the words of an examination of a mail domain: checks, what
// they find, the record to paste, and the runner that carries them out side by side
// within bounds. What a check asks the world goes through [Exam], so that everything
// can be tried against servers of our own.
//
// It leaves out the checks themselves (package checks below it), the resolver
// (package lookup) and every sentence for people: a finding names a check and one of
// its reasons, and the page's language files have a text for each
// (doctor.check.ID.REASON).
package doctor

import (
	"context"
	"time"
)

// Verdict is how a finding ended.
type Verdict string

// The verdicts, worst first. Skipped means that the check could not be run; it never
// says anything about the domain.
const (
	Fail    Verdict = "fail"
	Warn    Verdict = "warn"
	Skipped Verdict = "skipped"
	Info    Verdict = "info"
	Pass    Verdict = "pass"
)

// Verdicts lists all verdicts, worst first.
var Verdicts = []Verdict{Fail, Warn, Skipped, Info, Pass}

// Group is what a check belongs to; the page has a title for each (doctor.group.GROUP).
type Group string

// The groups, in the order in which they are shown.
const (
	GroupDomain     Group = "domain"     // registration, delegation, DNSSEC
	GroupMX         Group = "mx"         // where mail for the domain goes
	GroupSPF        Group = "spf"        // who may send
	GroupDKIM       Group = "dkim"       // keys of signatures
	GroupDMARC      Group = "dmarc"      // what receivers do with forged mail
	GroupTransport  Group = "transport"  // MTA-STS, TLS reports, DANE, BIMI
	GroupReputation Group = "reputation" // reverse DNS, block lists
	GroupClients    Group = "clients"    // how mail programs find their servers
	GroupPorts      Group = "ports"      // can this computer reach the servers
	GroupTLS        Group = "tls"        // certificates, versions
	GroupSMTP       Group = "smtp"       // how the receiving servers speak
	GroupMailbox    Group = "mailbox"    // signing in, and whether the mailbox can be moved
	GroupMessage    Group = "message"    // one mail
)

// Groups lists all groups in the order in which they are shown.
var Groups = []Group{GroupDomain, GroupMX, GroupSPF, GroupDKIM, GroupDMARC, GroupTransport, GroupReputation, GroupClients, GroupPorts, GroupTLS, GroupSMTP, GroupMailbox, GroupMessage}

// EvidenceKind says what a piece of evidence is.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidenceRecord      EvidenceKind = "record"      // a DNS record or answer
	EvidenceBanner      EvidenceKind = "banner"      // words of a server
	EvidenceCertificate EvidenceKind = "certificate" // subject, names, issuer, validity
	EvidenceHTTP        EvidenceKind = "http"        // status and body of a web server
	EvidenceTree        EvidenceKind = "tree"        // an evaluation, indented
	EvidenceError       EvidenceKind = "error"       // the system's own words
)

// Evidence is what a finding stands on, in the other side's very words. Text is
// foreign and at most [MaxEvidence] bytes; whoever shows it must not trust it.
type Evidence struct {
	Kind  EvidenceKind
	Title string // a name, address or query: never a sentence
	Text  string
}

// MaxEvidence bounds the text of one piece of evidence in bytes.
const MaxEvidence = 4096

// FixKind says how something is mended.
type FixKind string

// The kinds of fixes.
const (
	FixRecord FixKind = "record" // put a record into the DNS
	FixRemove FixKind = "remove" // take a record out of the DNS
	FixAct    FixKind = "act"    // do what the finding's text says
)

// Fix is one step of mending. The sentence is doctor.check.ID.REASON_do; a record to
// paste stands here.
type Fix struct {
	Kind     FixKind
	Record   *Record // with FixRecord and FixRemove
	Provider string  // id of the provider whose console does it; "" the DNS host's
	Link     string  // https; "" none
}

// Record is a DNS record to paste or to take out.
type Record struct {
	Name  string // fully qualified, without the last dot
	Type  string // TXT, MX, CNAME …
	Value string // as one pastes it; an MX with its preference
	TTL   int    // seconds; 0: the host's default
}

// Finding is what one check says about one thing.
type Finding struct {
	Check    string            // id of the check
	Group    Group             // the check's
	Subject  string            // the domain, host, address or record that it is about
	Verdict  Verdict           // the reason's
	Reason   string            // picks the text; one of the check's reasons or of [SkipReasons]
	Facts    map[string]string // placeholders of the text; foreign words are possible
	Evidence []Evidence
	Fix      []Fix
	Took     time.Duration // of the whole check
}

// Reason is one way in which a check can end.
type Reason struct {
	Code    string
	Verdict Verdict
}

// Check is one question about a domain and the code that answers it.
type Check struct {
	ID      string // GROUP.WORD, e.g. "spf.lookups"
	Group   Group
	Source  string // the RFC section or vendor page that it stands on
	Reasons []Reason
	// Limit bounds the check; 0 is [DefaultLimit].
	Limit time.Duration
	// Wants says in which examinations the check makes sense; nil: in all.
	Wants func(*Exam) bool
	// Run asks and judges. It returns at least one finding; the runner fills in Check,
	// Group, Verdict and Took. A panic or a missed limit becomes a skipped finding.
	Run func(ctx context.Context, x *Exam) []Finding
}

// SkipReasons are the reasons for which any check may be skipped; the texts are
// doctor.skip.REASON.
var SkipReasons = []string{"timeout", "fault", "canceled", "no_network", "dns", "not_asked", "nothing", "local_block", "no_ipv6", "portal", "unanswered", "no_dns", "closed_network", "no_past"}

// Verdict returns the verdict of a reason and whether the check knows it.
func (c *Check) verdict(reason string) (Verdict, bool) {
	for _, r := range c.Reasons {
		if r.Code == reason {
			return r.Verdict, true
		}
	}
	for _, s := range SkipReasons {
		if s == reason {
			return Skipped, true
		}
	}
	return Skipped, false
}

// F builds a finding; facts are key, value pairs.
func F(subject, reason string, facts ...string) Finding {
	f := Finding{Subject: subject, Reason: reason}
	return f.With(facts...)
}

// One is [F] as the only finding.
func One(subject, reason string, facts ...string) []Finding {
	return []Finding{F(subject, reason, facts...)}
}

// With adds facts, as key, value pairs.
func (f Finding) With(facts ...string) Finding {
	all := make(map[string]string, len(f.Facts)+len(facts)/2)
	for k, v := range f.Facts {
		all[k] = v
	}
	for i := 0; i+1 < len(facts); i += 2 {
		all[facts[i]] = facts[i+1]
	}
	f.Facts = all
	return f
}

// Show adds evidence, cut to [MaxEvidence] bytes.
func (f Finding) Show(kind EvidenceKind, title, text string) Finding {
	f.Evidence = append(f.Evidence[:len(f.Evidence):len(f.Evidence)], Evidence{Kind: kind, Title: title, Text: Clip(text, MaxEvidence)})
	return f
}

// Mend adds a record to put in.
func (f Finding) Mend(name, kind, value string) Finding {
	return f.fix(Fix{Kind: FixRecord, Record: &Record{Name: name, Type: kind, Value: value}})
}

// Remove adds a record to take out.
func (f Finding) Remove(name, kind, value string) Finding {
	return f.fix(Fix{Kind: FixRemove, Record: &Record{Name: name, Type: kind, Value: value}})
}

// Act says that the text of the finding tells what to do, at a provider's console
// and page where they are known.
func (f Finding) Act(provider, link string) Finding {
	return f.fix(Fix{Kind: FixAct, Provider: provider, Link: link})
}

func (f Finding) fix(x Fix) Finding {
	f.Fix = append(f.Fix[:len(f.Fix):len(f.Fix)], x)
	return f
}
