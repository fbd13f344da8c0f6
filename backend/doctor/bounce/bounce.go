// Package bounce reads returned mail: delivery status notifications (RFC 3464) and
// the free text and HTML that Chinese and other providers send instead. It says per
// recipient why the mail came back, whose side can mend it and whether trying again
// makes sense. It leaves out every sentence for people and all network: the words
// for a cause are the page's, and what it knows stands as data with sources.
package bounce

import (
	"errors"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor/message"
)

// Kind is what was handed in.
type Kind string

// The kinds. Other is a mail that returns nothing.
const (
	KindFailure   Kind = "failure"   // it came back
	KindDelay     Kind = "delay"     // the sending server still tries
	KindSuccess   Kind = "success"   // it arrived, or was passed on to a server that does not report
	KindAutoReply Kind = "autoreply" // an absence note or another automatic answer (RFC 3834)
	KindReceipt   Kind = "receipt"   // somebody read, or deleted, it (RFC 8098)
	KindComplaint Kind = "complaint" // somebody called it spam (RFC 5965)
	KindOther     Kind = "other"
)

// Fault says whose side can mend it.
type Fault string

// The sides. FaultRecipient is the person; FaultRecipientSide their server or its
// administrator.
const (
	FaultSender        Fault = "sender"
	FaultRecipient     Fault = "recipient"
	FaultRecipientSide Fault = "recipient-side"
	FaultNetwork       Fault = "network"
	FaultNobody        Fault = "nobody"
	FaultUnknown       Fault = "unknown"
)

// Form is how the news was written.
type Form string

// The forms. FormLine is a bare reply of a server, pasted by itself.
const (
	FormDSN  Form = "dsn"
	FormText Form = "text"
	FormHTML Form = "html"
	FormLine Form = "line"
)

// Report is what a returned mail tells.
type Report struct {
	Kind       Kind
	Form       Form
	System     string // id of the software or provider that wrote it; "" unknown
	SystemName string
	Reporter   string    // host that reports (Reporting-MTA); "" not told
	Arrived    time.Time // when that host took the mail; zero: not told
	Subject    string    // of the returned mail itself
	Original   Original
	Recipients []Recipient // never empty for a failure; the address may be ""
	Cut        bool        // the mail was larger than is read
}

// Original is what the report says about the mail that was sent; fields may be "".
type Original struct{ MessageID, Subject, From, To, Date string }

// Recipient is one address and its fate.
type Recipient struct {
	Address   string // "" where the report names none
	Asked     string // the address as the sender wrote it, if another one
	Status    string // enhanced code, e.g. "5.1.1"; "" none
	Reply     string // SMTP reply code, e.g. "550"; "" none
	Words     string // the server's own words, at most 2,000 bytes
	Remote    string // host that refused; "" not told
	Cause     string // id of a cause of the dictionary
	Fault     Fault
	Final     bool   // trying again the same way is useless
	Delayed   bool   // the sending server still tries by itself
	Rule      string // what told the cause: a rule's id, an enhanced or a reply code; "" nothing
	Source    string // where that is documented
	List      string // name of the block list that is mentioned; "" none
	Links     []string
	Acts      []string  // codes of what the page can offer
	TriesTill time.Time // Will-Retry-Until; zero: not told
}

const (
	maxRecipients = 500
	maxWords      = 2000
)

// Read explains a returned mail: a whole mail, a part of one, or only the server's
// reply. Errors: invalid for input without any text. Whatever else comes in gives a
// report, of kind other in the worst case.
func Read(raw []byte) (Report, error) {
	if len(strings.TrimSpace(string(raw[:min(len(raw), 4096)]))) == 0 {
		return Report{}, core.E(core.Invalid, "read returned mail", errors.New("no text"), "field", "mail", "reason", "missing")
	}
	m := message.Parse(raw)
	r := Report{Subject: m.Header.Text("Subject"), Cut: m.Cut}
	t := gather(m)
	if k := autoKind(m, t); k != "" {
		r.Kind = k
		r.Original = t.original
		return r, nil
	}
	r.System, r.SystemName = dict.system(m.Header, r.Subject, t.lower)
	r.Original = t.original
	readStatus(&r, t)
	if len(r.Recipients) == 0 {
		readText(&r, m, t)
	}
	for i := range r.Recipients {
		judge(&r.Recipients[i], t)
	}
	r.Kind = kindOf(r, m, t)
	return r, nil
}

// gathered is a mail's text, taken apart.
type gathered struct {
	text     string // for people, the original mail cut off
	lower    string
	html     bool
	bare     bool           // only text was handed in
	status   []message.Part // message/delivery-status
	original Original
}

func gather(m message.Message) gathered {
	g := gathered{bare: m.Bare}
	var plain, rich []string
	for _, p := range m.Parts {
		switch {
		case p.Type == "message/delivery-status" || p.Type == "message/global-delivery-status":
			g.status = append(g.status, p)
		case p.Type == "message/rfc822" || p.Type == "message/global" || p.Type == "text/rfc822-headers" || p.Type == "message/global-headers":
			if g.original == (Original{}) {
				h, _ := message.ReadHeader(p.Body)
				g.original = originalOf(h)
			}
		case p.Attach && p.Type != "text/plain":
		case p.Type == "text/html":
			rich = append(rich, p.Text())
		case strings.HasPrefix(p.Type, "text/"):
			plain = append(plain, p.Text())
		}
	}
	chosen := plain
	if len(strings.TrimSpace(strings.Join(plain, ""))) < 20 && len(rich) > 0 {
		chosen, g.html = rich, true
	}
	g.text = strings.Join(chosen, "\n")
	if cut, rest := dict.cutOriginal(g.text); rest != "" {
		g.text = cut
		if g.original == (Original{}) {
			g.original = originalIn(rest)
		}
	}
	g.lower = strings.ToLower(g.text)
	return g
}

func originalOf(h message.Header) Original {
	return Original{
		MessageID: h.Get("Message-ID"), Subject: h.Text("Subject"), From: h.Text("From"), To: h.Text("To"), Date: h.Get("Date"),
	}
}

// originalIn looks for the header of the mail that was sent within quoted text.
func originalIn(text string) Original {
	for range 12 {
		text = strings.TrimLeft(text, "\r\n\t ->|")
		if h, _ := message.ReadHeader([]byte(text)); len(h) > 2 {
			return originalOf(h)
		}
		_, rest, found := strings.Cut(text, "\n")
		if !found {
			break
		}
		text = rest
	}
	return Original{}
}

// autoKind recognises automatic mail that returns nothing; "" none of them.
func autoKind(m message.Message, g gathered) Kind {
	kind, params := message.MediaType(m.Header.Get("Content-Type"))
	report := strings.ToLower(params["report-type"])
	switch {
	case kind == "multipart/report" && report == "disposition-notification":
		return KindReceipt
	case kind == "multipart/report" && report == "feedback-report":
		return KindComplaint
	case len(g.status) > 0 || kind == "multipart/report":
		return ""
	}
	auto := strings.ToLower(m.Header.Get("Auto-Submitted"))
	if strings.HasPrefix(auto, "auto-replied") || m.Header.Get("X-Autoreply") != "" || m.Header.Get("X-Autorespond") != "" {
		if !dict.failureSubject(m.Header.Text("Subject")) && !daemon(m.Header.Get("From")) {
			return KindAutoReply
		}
	}
	return ""
}

// daemon says whether an address is one of those that return mail.
func daemon(from string) bool {
	from = strings.ToLower(from)
	for _, name := range []string{"mailer-daemon", "postmaster@", "mail delivery", "microsoftexchange"} {
		if strings.Contains(from, name) {
			return true
		}
	}
	return false
}

func kindOf(r Report, m message.Message, g gathered) Kind {
	delayed, success, failed := 0, 0, 0
	for _, rec := range r.Recipients {
		switch {
		case rec.Cause == "delivered" || rec.Cause == "passed-on":
			success++
		case rec.Delayed:
			delayed++
		case rec.Rule != "" || rec.Status != "" || rec.Reply != "":
			failed++
		}
	}
	returned := len(g.status) > 0 || dict.failureSubject(r.Subject) || daemon(m.Header.Get("From")) || r.System != "" && m.Header.Get("Return-Path") == "<>"
	switch {
	case failed > 0 && (returned || g.bare || r.System != ""):
		return KindFailure
	case failed == 0 && delayed > 0:
		return KindDelay
	case failed == 0 && success > 0:
		return KindSuccess
	case returned:
		return KindFailure
	}
	return KindOther
}

// Looks says whether sender and subject are those of returned mail; only reading it whole
// tells for sure.
func Looks(from, subject string) bool { return daemon(from) || dict.failureSubject(subject) }
