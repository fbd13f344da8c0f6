package api

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap/imaptest"
)

const returned = "From: Mail Delivery System <MAILER-DAEMON@mx.office.example>\nSubject: Undelivered Mail Returned to Sender\n\n<han@shop.example>: 550 5.1.1 user unknown\n"

func TestReturnedMailIsReadHoweverItIsHandedIn(t *testing.T) {
	h := open(t, t.TempDir())
	path := filepath.Join(t.TempDir(), "back.eml")
	if err := os.WriteFile(path, []byte(returned), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]MailInput{
		"text": {Text: returned}, "file": {Path: path}, "bytes": {Base64: base64.StdEncoding.EncodeToString([]byte(returned))},
	} {
		r := must(h.doctoring.readers.ReadBounce("r", in))(t)
		if r.Kind != "failure" || len(r.Recipients) != 1 || r.Recipients[0].Cause != "no-such-user" || r.Recipients[0].Address != "han@shop.example" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	wantCode(t, "nothing", second(h.doctoring.readers.ReadBounce("r", MailInput{})), core.Invalid)
	wantCode(t, "no base64", second(h.doctoring.readers.ReadBounce("r", MailInput{Base64: "%%%"})), core.Invalid)
	wantCode(t, "no file", second(h.doctoring.readers.ReadBounce("r", MailInput{Path: path + "x"})), core.NotFound)
	wantCode(t, "a folder", second(h.doctoring.readers.ReadBounce("r", MailInput{Path: filepath.Dir(path)})), core.Invalid)
	if err := os.WriteFile(path, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "Outlook's own format", second(h.doctoring.readers.ReadBounce("r", MailInput{Path: path})), core.Unsupported)
}

func TestAHeaderIsReadAndWhatIsNoneRefused(t *testing.T) {
	h := open(t, t.TempDir())
	h.cfg.Resolvers = []string{"127.0.0.1:1"} // nobody is asked
	r := must(h.doctoring.readers.ReadHeader("r1", MailInput{Text: "Received: from a.example ([192.0.2.1]) by b.example with ESMTPS; Mon, 2 Nov 2026 09:12:00 +0800\nFrom: li@office.example\nX-Spam-Flag: YES\n"}))(t)
	if len(r.Hops) != 1 || !r.Hops[0].Encrypted || r.Junk.Verdict != "junk" || r.FromDomain != "office.example" {
		t.Errorf("%+v", r)
	}
	wantCode(t, "no header", second(h.doctoring.readers.ReadHeader("r2", MailInput{Text: "hello"})), core.Invalid)
}

// Returned mail that lies in a mailbox is chosen and explained; nothing changes there.
func TestAMailIsPickedFromTheMailbox(t *testing.T) {
	h := open(t, t.TempDir())
	h.cfg.Resolvers = []string{"127.0.0.1:1"} // nobody is asked
	srv := imaptest.New(t, imaptest.Options{User: "li@office.example", Password: "rosenrot-7"})
	srv.Mailbox("INBOX").Add(imaptest.Message{Body: "From: han@shop.example\r\nTo: li@office.example\r\nSubject: Lunch\r\nDate: Thu, 26 Nov 2026 09:00:00 +0800\r\nMessage-ID: <1@shop.example>\r\n\r\nNoon?\r\n", Date: time.Now().Add(-time.Hour)})
	srv.Mailbox("INBOX").Add(imaptest.Message{Body: strings.ReplaceAll(returned, "\n", "\r\n"), Date: time.Now()})
	must(h.vault.Create("correct horse battery"))(t)
	at := serverAt(srv, "li@office.example", must(h.vault.Keep("rosenrot-7"))(t))
	all := must(h.doctoring.readers.RecentMail("list", at, false))(t)
	back := must(h.doctoring.readers.RecentMail("list", at, true))(t)
	if len(all) != 2 || len(back) != 1 || back[0].Subject != "Undelivered Mail Returned to Sender" || back[0].Date == 0 {
		t.Fatalf("%+v\n%+v", all, back)
	}
	place := func(i MailItem) MailInput {
		return MailInput{Picked: &MailPlace{Endpoint: at, Folder: i.Folder, Validity: i.Validity, UID: i.UID}}
	}
	if r := must(h.doctoring.readers.ReadBounce("read", place(back[0])))(t); r.Kind != "failure" || r.Recipients[0].Address != "han@shop.example" {
		t.Errorf("%+v", r)
	}
	r := must(h.doctoring.readers.ReadHeader("read", place(all[1])))(t)
	if r.FromDomain != "shop.example" || !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Check == "message.fields" && f.Reason == "ok" && f.En.Text != "" }) {
		t.Errorf("%+v", r)
	}
	wrong := serverAt(srv, "li@office.example", must(h.vault.Keep("rosenrot-8"))(t))
	wantCode(t, "a wrong password", second(h.doctoring.readers.RecentMail("list", wrong, true)), core.Unauthenticated)
	for _, verb := range []string{"SELECT", "STORE", "UID STORE", "EXPUNGE", "APPEND"} {
		if srv.Count(verb) > 0 {
			t.Errorf("%s was sent", verb)
		}
	}
}
