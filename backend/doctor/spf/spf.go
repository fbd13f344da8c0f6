// Package spf evaluates Sender Policy Framework records by RFC 7208, for one sender or
// as a survey of the whole tree of includes, with every question to the DNS counted
// as receivers count them.
//
// It leaves out what a domain should publish (the checks and the assistant).
package spf

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/doctor/lookup"
)

// Result is what an evaluation comes to (RFC 7208 2.6).
type Result string

// The results.
const (
	None      Result = "none"
	Neutral   Result = "neutral"
	Pass      Result = "pass"
	Fail      Result = "fail"
	SoftFail  Result = "softfail"
	TempError Result = "temperror"
	PermError Result = "permerror"
)

// The limits of RFC 7208 4.6.4.
const (
	MaxLookups = 10
	MaxVoid    = 2
	MaxNames   = 10 // addresses of one mx, names of one ptr
)

// Asker answers questions to the DNS.
type Asker interface {
	Ask(ctx context.Context, name string, kind uint16) lookup.Answer
}

// Sender is who sends a mail.
type Sender struct {
	IP   netip.Addr
	From string // MAIL FROM; "" a bounce
	Helo string
}

// Outcome is what receivers would say about a sender.
type Outcome struct {
	Result      Result
	Explanation string // of the domain, with fail only; "" none
	Lookups     int
	Void        int
	Match       string // the term that decided, as written; "" none did
	Problem     string // for temperror and permerror, in English, for evidence
}

type evaluation struct {
	ask     Asker
	sender  Sender
	from    string // never empty: postmaster@helo for a bounce
	now     time.Time
	lookups int
	void    int
}

// stop carries an error result through the evaluation.
type stop struct {
	result Result
	why    string
}

func (s *stop) Error() string { return string(s.result) + ": " + s.why }

func permanent(why string) error { return &stop{PermError, why} }
func temporary(why string) error { return &stop{TempError, why} }

// Check evaluates the policy for a sender, as check_host() does.
func Check(ctx context.Context, ask Asker, s Sender) Outcome {
	e := &evaluation{ask: ask, sender: s, from: s.From, now: time.Now()}
	e.sender.IP = s.IP.Unmap()
	if e.from == "" {
		e.from = "postmaster@" + s.Helo
	}
	at := strings.LastIndexByte(e.from, '@')
	domain := e.from[at+1:]
	if at <= 0 {
		e.from = "postmaster@" + domain
	}
	result, match, explanation, err := e.host(ctx, domain)
	out := Outcome{Result: result, Match: match, Explanation: explanation, Lookups: e.lookups, Void: e.void}
	if halt, ok := err.(*stop); ok {
		out.Result, out.Problem = halt.result, halt.why
	}
	return out
}

// askableDomain says whether a domain can have a policy: more than one label, none of
// them empty or over 63 characters (RFC 7208 4.3).
func askableDomain(name string) bool {
	name = strings.TrimSuffix(name, ".")
	labels := strings.Split(name, ".")
	if len(labels) < 2 || len(name) > 253 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 {
			return false
		}
	}
	return !strings.ContainsAny(name, "[]")
}

// host is check_host(): the result, the term that matched and the explanation.
func (e *evaluation) host(ctx context.Context, domain string) (Result, string, string, error) {
	if !askableDomain(domain) {
		return None, "", "", nil
	}
	text, err := e.record(ctx, domain)
	if err != nil || text == "" {
		return None, "", "", err
	}
	record, err := Parse(text)
	if err != nil {
		return None, "", "", permanent(domain + ": " + err.Error())
	}
	for _, t := range record.Terms {
		hit, err := e.matches(ctx, t, domain)
		if err != nil {
			return None, t.Text, "", err
		}
		if !hit {
			continue
		}
		result := map[byte]Result{'+': Pass, '-': Fail, '~': SoftFail, '?': Neutral}[t.Qual]
		explanation := ""
		if result == Fail && record.HasExp {
			explanation = e.explain(ctx, record.Exp, domain)
		}
		return result, t.Text, explanation, nil
	}
	if !record.HasRedir {
		return Neutral, "", "", nil
	}
	return e.redirect(ctx, record.Redirect, domain)
}

func (e *evaluation) redirect(ctx context.Context, spec, domain string) (Result, string, string, error) {
	if err := e.count(); err != nil {
		return None, "", "", err
	}
	target, err := e.values(ctx, domain).target(spec)
	if err != nil {
		return None, "", "", permanent(err.Error())
	}
	result, match, explanation, err := e.host(ctx, target)
	if err == nil && result == None {
		err = permanent("redirect=" + target + " has no policy")
	}
	return result, match, explanation, err
}

// record finds the one policy of a domain; "" none.
func (e *evaluation) record(ctx context.Context, domain string) (string, error) {
	a := e.ask.Ask(ctx, domain, dns.TypeTXT)
	if !a.Known() {
		if a.Status == lookup.BadName {
			return "", nil
		}
		return "", temporary(a.Title() + ": " + string(a.Status))
	}
	found := ""
	for _, text := range a.Texts() {
		if !IsRecord(text) {
			continue
		}
		if found != "" {
			return "", permanent(domain + ": two records")
		}
		found = text
	}
	return found, nil
}

// count counts a term that asks the DNS.
func (e *evaluation) count() error {
	e.lookups++
	if e.lookups > MaxLookups {
		return permanent("more than ten terms that ask the DNS")
	}
	return nil
}

// query asks and counts answers that hold nothing.
func (e *evaluation) query(ctx context.Context, name string, kind uint16) (lookup.Answer, error) {
	a := e.ask.Ask(ctx, name, kind)
	if a.None() || a.Status == lookup.BadName {
		e.void++
		if e.void > MaxVoid {
			return a, permanent("more than two questions without an answer")
		}
	} else if !a.Known() {
		return a, temporary(a.Title() + ": " + string(a.Status))
	}
	return a, nil
}

func (e *evaluation) values(ctx context.Context, domain string) values {
	return values{sender: e.from, domain: domain, helo: e.sender.Helo, ip: e.sender.IP, now: e.now,
		validated: func() string { return e.validatedName(ctx, domain) }}
}

// explain fetches and fills in the domain's own words; any trouble gives none.
func (e *evaluation) explain(ctx context.Context, spec, domain string) string {
	v := e.values(ctx, domain)
	target, err := v.target(spec)
	if err != nil {
		return ""
	}
	texts := e.ask.Ask(ctx, target, dns.TypeTXT).Texts()
	if len(texts) != 1 {
		return ""
	}
	for i := 0; i < len(texts[0]); i++ {
		if texts[0][i] >= 0x80 {
			return ""
		}
	}
	out, err := v.expand(texts[0], true)
	if err != nil {
		return ""
	}
	return out
}
