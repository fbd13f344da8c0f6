// Package header reads the header of a mail: the way it took with delays and wrong
// clocks, what the receiving server found out about SPF, DKIM, DMARC and ARC, what
// spam filters wrote, and from all this why a mail went to junk. Where the whole mail
// is there and the DNS can be asked, signatures are verified again. It leaves out
// every sentence for people: grounds and marks are codes with facts.
package header

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor/message"
)

// Result is the outcome of an authentication check (RFC 8601 section 2.7).
type Result string

// The results.
const (
	None      Result = "none"
	Pass      Result = "pass"
	Fail      Result = "fail"
	SoftFail  Result = "softfail"
	Neutral   Result = "neutral"
	Policy    Result = "policy"
	TempError Result = "temperror"
	PermError Result = "permerror"
)

// TXT asks for the TXT records of a name, each joined. No such record is no error; an
// error means that the question could not be answered.
type TXT func(ctx context.Context, name string) ([]string, error)

// Options say what may be asked. The zero value only reads.
type Options struct {
	TXT TXT              // nil: nothing is verified again
	Now func() time.Time // nil: time.Now
}

// Report is what a header tells.
type Report struct {
	Whole      bool // a body is there
	Cut        bool // the mail was larger than is read
	From       string
	FromDomain string
	ReturnPath string
	ReplyTo    string
	To         string
	Subject    string
	MessageID  string
	Sent       time.Time // Date; zero: missing or absurd
	Hops       []Hop     // in the order of the way
	Total      time.Duration
	Claims     []Claim // Authentication-Results and kin, the topmost server's first
	SPF        Claim   // what counts: of the topmost server; Result "" nothing is said
	DKIM       []Signature
	ARC        Chain
	DMARC      DMARC
	Marks      []Mark
	Oddities   []Oddity
	Junk       Junk
}

// Oddity is something about the form of a header that filters or servers dislike.
type Oddity struct {
	Code  string // no-date, no-message-id, two-from, future, reply-elsewhere, …
	Facts map[string]string
}

const (
	maxSignatures = 10
	maxMail       = 16 << 20 // bytes, as [message.Parse] reads
)

// Read explains a header, alone or with its mail. Errors: invalid for text that holds
// no header; canceled and timeout when ctx ends while signatures are verified.
func Read(ctx context.Context, raw []byte, o Options) (Report, error) {
	m := message.Parse(raw)
	if m.Bare || len(m.Header) < 2 || !known(m.Header) {
		return Report{}, core.E(core.Invalid, "read header", errors.New("no header"), "field", "header", "reason", "malformed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := Report{
		Cut: m.Cut, From: m.Header.Text("From"), ReturnPath: strings.Trim(m.Header.Get("Return-Path"), "<> "),
		ReplyTo: m.Header.Text("Reply-To"), To: m.Header.Text("To"), Subject: m.Header.Text("Subject"), MessageID: m.Header.Get("Message-ID"),
	}
	r.FromDomain = domainOf(r.From)
	if at, ok := date(m.Header.Get("Date")); ok {
		r.Sent = at
	}
	rm := splitRaw(raw[:min(len(raw), maxMail)])
	r.Whole = len(rm.body) > 0
	r.Hops = hops(m.Header)
	timeHops(&r)
	r.Claims = claims(m.Header)
	r.SPF = pickSPF(r.Claims)
	r.DKIM = signatures(ctx, rm, r, o)
	r.ARC = arcOf(ctx, rm, r, o)
	r.DMARC = align(ctx, r, o)
	if err := ctx.Err(); err != nil {
		return Report{}, core.E(core.CodeOf(err), "read header", err)
	}
	r.Marks = marks(m.Header)
	r.Oddities = oddities(m.Header, r, o.Now())
	r.Junk = weigh(r)
	return r, nil
}

// known says whether at least one field is a mail's: "a: b" in some text is none.
func known(h message.Header) bool {
	for _, name := range []string{"Received", "From", "To", "Subject", "Date", "Message-ID", "Return-Path", "Authentication-Results", "DKIM-Signature", "Delivered-To"} {
		if h.Get(name) != "" {
			return true
		}
	}
	return false
}

func arcOf(ctx context.Context, m rawMail, r Report, o Options) Chain {
	if !r.Whole {
		return verifyARC(ctx, m, nil)
	}
	return verifyARC(ctx, m, o.TXT)
}

// domainOf takes the domain out of an address field, in lower case.
func domainOf(v string) string {
	address := v
	if list, err := mail.ParseAddressList(v); err == nil && len(list) > 0 {
		address = list[0].Address
	} else if i := strings.LastIndexByte(v, '<'); i >= 0 {
		address, _, _ = strings.Cut(v[i+1:], ">")
	}
	_, domain, found := cutLast(address, '@')
	if !found {
		return ""
	}
	return strings.ToLower(strings.Trim(domain, " >\t."))
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

func oddities(h message.Header, r Report, now time.Time) []Oddity {
	var all []Oddity
	add := func(code string, facts ...string) {
		o := Oddity{Code: code, Facts: map[string]string{}}
		for i := 0; i+1 < len(facts); i += 2 {
			o.Facts[facts[i]] = facts[i+1]
		}
		all = append(all, o)
	}
	switch {
	case h.Get("Date") == "":
		add("no-date")
	case r.Sent.IsZero():
		add("bad-date", "value", clip(h.Get("Date"), 100))
	case r.Sent.After(now.Add(time.Hour)):
		add("future", "value", r.Sent.Format(time.RFC3339))
	}
	if h.Get("Message-ID") == "" {
		add("no-message-id")
	}
	switch n := len(h.All("From")); {
	case n == 0:
		add("no-from")
	case n > 1:
		add("two-from")
	}
	if len(h.All("Subject")) > 1 {
		add("two-subject")
	}
	if d := domainOf(r.ReplyTo); d != "" && r.FromDomain != "" && !related(d, r.FromDomain) {
		add("reply-elsewhere", "from", r.FromDomain, "reply", d)
	}
	if d := domainOf(r.ReturnPath); d != "" && r.FromDomain != "" && !related(d, r.FromDomain) {
		add("bounce-elsewhere", "from", r.FromDomain, "bounce", d)
	}
	if name := displayed(r.From); strings.Contains(name, "@") && !strings.Contains(strings.ToLower(name), r.FromDomain) {
		add("name-poses", "name", clip(name, 100), "from", r.FromDomain)
	}
	if strings.Contains(r.FromDomain, "xn--") {
		add("look-alike", "from", r.FromDomain)
	}
	if len(h.All("Received")) > 30 {
		add("many-hops")
	}
	if bulk(h) && h.Get("List-Unsubscribe") == "" {
		add("no-unsubscribe")
	}
	return all
}

// displayed is the name before an address.
func displayed(from string) string {
	if i := strings.LastIndexByte(from, '<'); i > 0 {
		return strings.Trim(from[:i], " \"'")
	}
	return ""
}

func bulk(h message.Header) bool {
	p := strings.ToLower(h.Get("Precedence"))
	return p == "bulk" || p == "list" || h.Get("List-ID") != "" || h.Get("Feedback-ID") != ""
}

func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return s
}
