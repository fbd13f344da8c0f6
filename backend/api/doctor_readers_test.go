package api

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"mailroom/backend/core"
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
		r := must(h.doctoring.readers.ReadBounce(in))(t)
		if r.Kind != "failure" || len(r.Recipients) != 1 || r.Recipients[0].Cause != "no-such-user" || r.Recipients[0].Address != "han@shop.example" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	wantCode(t, "nothing", second(h.doctoring.readers.ReadBounce(MailInput{})), core.Invalid)
	wantCode(t, "no base64", second(h.doctoring.readers.ReadBounce(MailInput{Base64: "%%%"})), core.Invalid)
	wantCode(t, "no file", second(h.doctoring.readers.ReadBounce(MailInput{Path: path + "x"})), core.NotFound)
	wantCode(t, "a folder", second(h.doctoring.readers.ReadBounce(MailInput{Path: filepath.Dir(path)})), core.Invalid)
	if err := os.WriteFile(path, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "Outlook's own format", second(h.doctoring.readers.ReadBounce(MailInput{Path: path})), core.Unsupported)
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
