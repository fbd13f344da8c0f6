package checks_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
)

// inbox is how a mailbox's server is set up for a case.
type inbox struct {
	options imaptest.Options
	fill    func(s *imaptest.Server)
}

// roleFolders are the folders that every mailbox has.
func roleFolders() map[string]string {
	return map[string]string{"Sent": `\HasNoChildren \Sent`, "Drafts": `\HasNoChildren \Drafts`, "Trash": `\HasNoChildren \Trash`, "Junk": `\HasNoChildren \Junk`}
}

const quotaCaps = imaptest.DefaultCaps + " QUOTA CONDSTORE MULTIAPPEND"

// quota lets a server tell how full it is, in kilobytes.
func quota(used, total int) func(*imaptest.Server) {
	return func(s *imaptest.Server) {
		s.Reply("GETQUOTAROOT", `* QUOTAROOT "INBOX" ""`, fmt.Sprintf(`* QUOTA "" (STORAGE %d %d)`, used, total))
	}
}

// withMailbox lets the examination sign in to a good mailbox and a good outgoing server.
func (w *world) withMailbox() *world {
	w.mailbox(inbox{})
	w.x.Options.Provider = "" // no target is named
	w.x.Outgoing = tried{}
	return w
}

// mailbox starts a server and signs in there.
func (w *world) mailbox(in inbox) {
	w.t.Helper()
	if in.options.Caps == "" {
		in.options.Caps = quotaCaps
	}
	if in.options.Folders == nil {
		in.options.Folders = roleFolders()
	}
	s, err := imaptest.Start(in.options)
	must(w.t, err)
	w.t.Cleanup(s.Close)
	s.Mailbox("INBOX").Add(imaptest.Message{Body: "Subject: hi\r\n\r\nhello\r\n"})
	quota(100, 1000)(s)
	if in.fill != nil {
		in.fill(s)
	}
	secure := imap.Plain
	if in.options.Implicit {
		secure = imap.TLS
	}
	w.account(s.Host(), s.Port(), secure)
}

func (w *world) account(host string, port int, secure imap.Security) {
	a, err := imap.New(imap.Config{Host: host, Port: port, User: "li@good.example", Security: secure, Secret: func(context.Context) (string, error) { return "secret", nil }})
	must(w.t, err)
	w.x.Mailbox = a
}

// closed is a mailbox that lets nobody in.
type closed struct{ err error }

func (closed) Key() string                                     { return "imap:li@good.example@outlook.office365.com:993" }
func (c closed) Open(context.Context) (mailbox.Session, error) { return nil, c.err }

// tried is an outgoing server that answers a sign-in by an error.
type tried struct{ err error }

func (t tried) Try(context.Context) error { return t.err }

func refusedBy(text string) func(*world) {
	return func(w *world) { w.mailbox(inbox{options: imaptest.Options{Password: "other", Refusal: text}}) }
}

var mailboxCases = []kase{
	{"mailbox.sign_in:refused", refusedBy("")},
	{"mailbox.sign_in:app_password", refusedBy("[ALERT] Application-specific password required")},
	{"mailbox.sign_in:imap_off", refusedBy("[ALERT] Your account is not enabled for IMAP use")},
	{"mailbox.sign_in:locked", refusedBy("login frequency limited")},
	{"mailbox.sign_in:second_factor", func(w *world) { // as Microsoft 365 says it; the family is known by the host's name
		w.x.Mailbox = closed{core.E(core.Unauthenticated, "sign in", &mailbox.Refusal{Status: "NO", Code: "AUTHENTICATIONFAILED", Text: "LOGIN failed.", Command: "LOGIN", Family: "m365"})}
	}},
	{"mailbox.sign_in:cert", func(w *world) {
		w.mailbox(inbox{options: imaptest.Options{TLS: w.ca.selfSigned("localhost"), Implicit: true}})
	}},
	{"mailbox.sign_in:unreachable", func(w *world) {
		w.account("127.0.0.1", 1, imap.Plain) // nothing listens there
	}},
	{"mailbox.sign_in:unclear", func(w *world) {
		w.mailbox(inbox{options: imaptest.Options{PreCaps: "IMAP4rev1 LOGINDISABLED"}})
	}},
	{"mailbox.outgoing:refused", func(w *world) { w.x.Outgoing = tried{core.E(core.Unauthenticated, "sign in", nil)} }},
	{"mailbox.outgoing:cert", func(w *world) {
		w.x.Outgoing = tried{core.E(core.UntrustedCert, "sign in", &tls.CertificateVerificationError{})}
	}},
	{"mailbox.outgoing:unreachable", func(w *world) { w.x.Outgoing = tried{core.E(core.Timeout, "sign in", nil)} }},
	{"mailbox.outgoing:unclear", func(w *world) { w.x.Outgoing = tried{core.E(core.Internal, "sign in", nil)} }},
	{"mailbox.room:nearly", func(w *world) { w.mailbox(inbox{fill: quota(850, 1000)}) }},
	{"mailbox.room:full", func(w *world) { w.mailbox(inbox{fill: quota(999, 1000)}) }},
	{"mailbox.room:unknown", func(w *world) { w.mailbox(inbox{options: imaptest.Options{Caps: imaptest.DefaultCaps}}) }},
}

// sized lets the one message of the inbox be so large.
func sized(bytes int64) func(*imaptest.Server) {
	return func(s *imaptest.Server) {
		s.Reply("UID FETCH", fmt.Sprintf(`* 1 FETCH (UID 1 FLAGS () INTERNALDATE "03-Feb-2020 04:05:06 +0800" RFC822.SIZE %d)`, bytes))
	}
}

var readyCases = []kase{
	{"mailbox.abilities:plain", func(w *world) { w.mailbox(inbox{options: imaptest.Options{Caps: "IMAP4rev1"}}) }},
	{"mailbox.contents:empty", func(w *world) {
		w.mailbox(inbox{fill: func(s *imaptest.Server) { s.Mailbox("INBOX").Remove(1) }})
	}},
	{"mailbox.contents:huge", func(w *world) { w.mailbox(inbox{fill: sized(60 << 30)}) }},
	{"mailbox.large:ok", func(w *world) { w.x.Options.Provider = "gmail"; w.mailbox(inbox{}) }},
	{"mailbox.large:over", func(w *world) { w.x.Options.Provider = "gmail"; w.mailbox(inbox{fill: sized(200 << 20)}) }},
	{"mailbox.folder_names:changed", func(w *world) {
		folders := roleFolders()
		folders["x\x7fy"] = `\HasNoChildren`
		folders[" spaced "] = `\HasNoChildren`
		w.x.Options.Provider = "m365"
		w.mailbox(inbox{options: imaptest.Options{Folders: folders}})
	}},
	{"mailbox.roles:missing", func(w *world) {
		w.mailbox(inbox{options: imaptest.Options{Folders: map[string]string{"Project": `\HasNoChildren`}}})
	}},
	{"mailbox.roles:twice", func(w *world) {
		folders := roleFolders()
		folders["Sent Messages"] = `\HasNoChildren`
		w.mailbox(inbox{options: imaptest.Options{Folders: folders}})
	}},
	{"mailbox.pace:days", func(w *world) { w.x.Options.Provider = "gmail"; w.mailbox(inbox{fill: sized(60 << 30)}) }},
	{"mailbox.numbers:ok", func(w *world) {
		w.mailbox(inbox{})
		w.past(func(x *doctor.Exam) { x.Mailbox = w.x.Mailbox }, "mailbox.numbers")
	}},
	{"mailbox.numbers:renumbered", func(w *world) {
		var box *imaptest.Mailbox
		w.mailbox(inbox{fill: func(s *imaptest.Server) { box = s.Mailbox("INBOX") }})
		w.past(func(x *doctor.Exam) { x.Mailbox = w.x.Mailbox }, "mailbox.numbers")
		box.UIDValidity++
	}},
}

// past lets an examination take place an hour ago.
func (w *world) past(change func(*doctor.Exam), ids ...string) {
	w.t.Helper()
	x := w.signedExam(w.ready())
	x.Now = func() time.Time { return time.Now().Add(-time.Hour) }
	change(x)
	picked, _ := checks.Only(checks.All(), ids)
	doctor.Run(context.Background(), x, picked, nil)
	w.x.DNS = nil
}

// Nobody signs in to a mailbox that was not handed in, and one sign-in serves all checks.
func TestOneSignInServesAllChecks(t *testing.T) {
	w := build(t)
	for key := range look(t, w, "mailbox") {
		t.Errorf("%s without a mailbox", key)
	}
	w = build(t)
	var server *imaptest.Server
	w.mailbox(inbox{fill: func(s *imaptest.Server) { server = s }})
	if found := look(t, w, "mailbox"); len(found) < 8 {
		t.Errorf("%v", found)
	}
	if n := server.Count("AUTHENTICATE") + server.Count("LOGIN"); n != 1 {
		t.Errorf("%d sign-ins", n)
	}
	for _, verb := range []string{"SELECT", "STORE", "UID STORE", "EXPUNGE", "UID EXPUNGE", "APPEND", "CREATE", "DELETE", "RENAME"} {
		if server.Count(verb) > 0 {
			t.Errorf("%s was sent", verb)
		}
	}
}

// A mail can be read on a computer without a network; what would have to be asked is
// left open then.
func TestTheFormOfAMailNeedsNoNetwork(t *testing.T) {
	w := build(t)
	closedNetwork(w)
	found := look(t, w, "message")
	for _, want := range []string{"message.lines:ok", "message.fields:ok", "message.way:ok", "message.signature:closed_network", "message.proof:closed_network", "message.links:closed_network"} {
		if _, ok := found[want]; !ok {
			t.Errorf("%s is missing in %v", want, found)
		}
	}
}
