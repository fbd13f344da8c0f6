// Package dmarc reads DMARC records by RFC 9989 and understands those written for its
// predecessor RFC 7489, and finds the policy of a domain by walking up the tree.
//
// It leaves out reports (package dmarcreport) and what a domain should publish.
package dmarc

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
)

// Policy is what receivers are asked to do with mail that fails.
type Policy string

// The policies. Absent: the tag is not there.
const (
	Absent     Policy = ""
	None       Policy = "none"
	Quarantine Policy = "quarantine"
	Reject     Policy = "reject"
	Wrong      Policy = "?" // a value that is none of these
)

// Strength orders policies: a weaker one has a smaller number.
func (p Policy) Strength() int {
	switch p {
	case Quarantine:
		return 1
	case Reject:
		return 2
	}
	return 0
}

// Record is a parsed record. Faults lists what is wrong with it.
type Record struct {
	Text        string
	P, SP, NP   Policy
	Testing     bool   // t=y
	PSD         string // y, n or u
	StrictDKIM  bool
	StrictSPF   bool
	RUA, RUF    []string // URIs as written
	FO          string   // "" absent
	Percent     int      // pct of RFC 7489; 100 where absent
	Removed     []string // tags that RFC 9989 has removed: pct, rf, ri
	Unknown     []string
	Doubled     []string // tags that stand twice
	Misplaced   bool     // p is not the second tag, as readers of RFC 7489 want it
	Unreadable  []string // pieces without "="
	WrongPolicy string   // the value of p that is none
}

// Is says whether a text is a DMARC record: it begins with v=DMARC1, in this case
// (RFC 9989 4.7).
func Is(text string) bool {
	tags := doctor.Tags(text)
	return len(tags) > 0 && strings.EqualFold(tags[0].Name, "v") && tags[0].Value == "DMARC1"
}

// Near says that a text is meant to be a DMARC record and is none: in another case,
// after a blank, or with the version elsewhere.
func Near(text string) bool {
	return !Is(text) && strings.Contains(strings.ToUpper(strings.ReplaceAll(text, " ", "")), "V=DMARC")
}

// Parse reads a record; unknown tags and bad values never make it fail as a whole.
func Parse(text string) Record {
	r := Record{Text: text, PSD: "u", Percent: 100}
	seen := map[string]bool{}
	for i, tag := range doctor.Tags(text) {
		name := strings.ToLower(tag.Name)
		if name == "" {
			r.Unreadable = append(r.Unreadable, tag.Value)
			continue
		}
		if seen[name] {
			r.Doubled = append(r.Doubled, name)
			continue
		}
		seen[name] = true
		r.tag(i, name, tag.Value)
	}
	return r
}

func (r *Record) tag(i int, name, value string) {
	low := strings.ToLower(value)
	switch name {
	case "v":
	case "p":
		r.P, r.Misplaced = policy(value), i != 1
		if r.P == Wrong {
			r.WrongPolicy = value
		}
	case "sp":
		r.SP = policy(value)
	case "np":
		r.NP = policy(value)
	case "t":
		r.Testing = low == "y"
	case "psd":
		r.PSD = low
	case "adkim":
		r.StrictDKIM = low == "s"
	case "aspf":
		r.StrictSPF = low == "s"
	case "rua":
		r.RUA = uris(value)
	case "ruf":
		r.RUF = uris(value)
	case "fo":
		r.FO = value
	case "pct", "rf", "ri":
		r.Removed = append(r.Removed, name)
		if n, err := strconv.Atoi(value); name == "pct" && err == nil && n >= 0 && n <= 100 {
			r.Percent = n
		}
	default:
		r.Unknown = append(r.Unknown, name)
	}
}

func policy(value string) Policy {
	switch p := Policy(strings.ToLower(value)); p {
	case None, Quarantine, Reject:
		return p
	}
	return Wrong
}

func uris(value string) []string {
	var all []string
	for u := range strings.SplitSeq(value, ",") {
		if u = strings.TrimSpace(u); u != "" {
			all = append(all, u)
		}
	}
	return all
}

// Mailbox is the address of a mailto: URI, without a size limit as "!10m"; ok is false
// where it is none.
func Mailbox(uri string) (address string, ok bool) {
	text, _, _ := strings.Cut(uri, "!")
	u, err := url.Parse(text)
	if err != nil || !strings.EqualFold(u.Scheme, "mailto") {
		return "", false
	}
	local, host, ok := strings.Cut(u.Opaque, "@")
	if !ok || local == "" || !strings.Contains(host, ".") || strings.ContainsAny(host, " ,;@") {
		return "", false
	}
	return u.Opaque, true
}

// Effective is the policy that receivers take: an absent p counts as none (RFC 9989
// 4.7), a wrong one too where reports are asked for.
func (r Record) Effective() Policy {
	if r.P == Absent || r.P == Wrong {
		return None
	}
	return r.P
}

// Found is what the walk up the tree came to.
type Found struct {
	At       string         // the domain whose record counts; "" none
	Record   Record         // of At
	Own      bool           // At is the domain itself
	Suffix   bool           // At is a public suffix: only a registry's record covers the domain
	Org      string         // the organizational domain; "" unknown
	Several  string         // a domain with more than one record, which counts as none
	Near     string         // a text at the domain itself that was meant to be a record
	Answer   lookup.Answer  // of the domain itself
	Unsure   *lookup.Answer // a question on the way that was not answered
	Queries  int
	Wildcard bool
}

// Asker answers questions to the DNS.
type Asker interface {
	Ask(ctx context.Context, name string, kind uint16) lookup.Answer
}

// MaxWalk bounds the questions of a walk (RFC 9989 4.10).
const MaxWalk = 8

// Find walks from the domain up to the root (RFC 9989 4.10).
func Find(ctx context.Context, ask Asker, domain string) Found {
	var f Found
	labels := strings.Split(lookup.Name(domain), ".")
	at := domain
	type hit struct {
		domain string
		record Record
	}
	var hits []hit
	for len(labels) > 0 && f.Queries < MaxWalk {
		f.Queries++
		a := ask.Ask(ctx, "_dmarc."+at, dns.TypeTXT)
		if f.Queries == 1 {
			f.Answer = a
		}
		if !a.Known() && a.Status != lookup.BadName && a.Status != lookup.Loop {
			f.Unsure = &a
		}
		if record, several, ok := single(a); ok {
			hits = append(hits, hit{at, record})
			if record.PSD == "n" || (record.PSD == "y" && f.Queries > 1) {
				break
			}
		} else if several && f.Several == "" {
			f.Several = at
		}
		if f.Queries == 1 && len(labels) > MaxWalk {
			labels = labels[len(labels)-MaxWalk+1:]
		} else {
			labels = labels[1:]
		}
		at = strings.Join(labels, ".")
	}
	for _, text := range f.Answer.Texts() {
		if Near(text) {
			f.Near = text
		}
	}
	if len(hits) == 0 {
		return f
	}
	top := hits[len(hits)-1]
	f.Org = top.domain
	f.At, f.Record = top.domain, top.record
	if top.record.PSD == "y" && top.domain != domain {
		f.Org = below(domain, top.domain)
		f.Suffix = true
		for _, h := range hits {
			if h.domain == f.Org {
				f.At, f.Record, f.Suffix = h.domain, h.record, false
			}
		}
	}
	if hits[0].domain == domain {
		f.At, f.Record, f.Own, f.Suffix = domain, hits[0].record, true, false
	}
	return f
}

// below is the name one label under a suffix.
func below(domain, suffix string) string {
	rest := strings.TrimSuffix(domain, "."+suffix)
	return rest[strings.LastIndexByte(rest, '.')+1:] + "." + suffix
}

func single(a lookup.Answer) (r Record, several, ok bool) {
	n := 0
	for _, text := range a.Texts() {
		if Is(text) {
			r = Parse(text)
			n++
		}
	}
	return r, n > 1, n == 1
}
