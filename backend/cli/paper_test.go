package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/invite"
	"mailroom/backend/mailbox/imap/imaptest"
)

func TestACertificateIsSavedInTheFormatOfItsName(t *testing.T) {
	o := open(t, 120)
	dir := t.TempDir()
	for _, c := range []struct{ verb, name, lang, want string }{
		{"move", "a.pdf", "both", "%PDF-"}, {"move", "b.xlsx", "en", "xl/workbook.xml"},
		{"verify", "c.html", "zh", "邮箱搬家证书"}, {"verify", "d.csv", "", "Check number"},
	} {
		path := filepath.Join(dir, c.name)
		more := []string{"--certificate", path}
		if c.lang != "" {
			more = append(more, "--lang", c.lang)
		}
		args, env := o.one(0, c.verb, filepath.Join(dir, "state"), more...)
		exit, out, stderr := call{env: env}.run(args...)
		raw, err := os.ReadFile(path)
		if exit != 0 || err != nil || !strings.Contains(string(raw), c.want) {
			t.Errorf("%s %s: exit %d, %v\n%s%s", c.verb, c.name, exit, err, out, stderr)
		}
		if !strings.Contains(out, path) {
			t.Errorf("%s: where the certificate is was not told:\n%s", c.name, out)
		}
	}
}

func TestACertificateThatCannotBeWrittenIsToldBeforeAnythingIsMoved(t *testing.T) {
	for name, want := range map[string]string{"a.doc": ".html", "none/a.pdf": "no such folder"} {
		exit, _, stderr := call{}.run("move", "--from", "maildir:/nowhere", "--to", "maildir:/elsewhere", "--certificate", filepath.Join(t.TempDir(), name))
		if exit != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d\n%s", name, exit, stderr)
		}
	}
}

// invited is an invitation to move between two servers of the test.
func invited(t *testing.T, good time.Duration) (file string, made invite.Made, to *imaptest.Server) {
	t.Helper()
	from, to := imaptest.New(t, imaptest.Options{}), imaptest.New(t, imaptest.Options{})
	for _, subject := range []string{"one", "two"} {
		from.Mailbox("INBOX").Add(imaptest.Message{Body: "Subject: " + subject + "\r\nMessage-ID: <" + subject + "@old.example>\r\n\r\nhello\r\n"})
	}
	server := func(s *imaptest.Server, user string) invite.Server {
		return invite.Server{Host: s.Host(), Port: s.Port(), Security: "plain", User: user}
	}
	inv, err := invite.Make(invite.Invitation{
		Office: invite.Office{Name: "Example Ltd"}, Move: "m", Mailbox: "b", Person: "Li Lei",
		From: server(from, "li.lei@old.example"), To: server(to, "li.lei@new.example"), Options: invite.Options{Verify: "bytes"},
	}, invite.NewOfficeKey(), good)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := inv.Encode()
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "li.lei.mailroom")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return file, invite.Made{ID: inv.ID, Move: "m", Mailbox: "b", ReplyKey: inv.ReplyKey()}, to
}

func TestAnInvitationIsCarriedOutAndItsResultSigned(t *testing.T) {
	file, made, to := invited(t, time.Hour)
	env := map[string]string{"MAILROOM_FROM_PASSWORD": "one", "MAILROOM_TO_PASSWORD": "two"}
	result := filepath.Join(t.TempDir(), "result.mailroom")
	exit, out, stderr := call{env: env}.run("move", "--invite", file, "--result", result, "--state", t.TempDir())
	if exit != 0 || len(to.Mailbox("INBOX").Messages()) != 2 {
		t.Fatalf("exit %d\n%s%s", exit, out, stderr)
	}
	for _, want := range []string{"Example Ltd", "Li Lei", "127.0.0.1"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%s is not told: %s", want, stderr)
		}
	}
	raw, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	r, err := invite.ReadResult(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(made); err != nil || r.Counts.Copied != 2 || r.State != "done" || r.Verified != "bytes" {
		t.Errorf("%+v %v", r, err)
	}
	if strings.Contains(string(raw), "two\"") && strings.Contains(string(raw), "password") {
		t.Error("a password stands in the result")
	}
}

func TestAnInvitationThatDoesNotCountIsToldWithTheNextStep(t *testing.T) {
	file, _, _ := invited(t, time.Hour)
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	old, _, _ := invited(t, time.Nanosecond)
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "x.mailroom")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"changed":      {[]string{"--invite", write(strings.Replace(string(raw), "127.0.0.1", "127.0.0.9", 1))}, "Type no password"},
		"cut":          {[]string{"--invite", write(string(raw[:200]))}, "only a part"},
		"newer":        {[]string{"--invite", write(strings.Replace(string(raw), `"version": 1`, `"version": 3`, 1))}, "newest version"},
		"expired":      {[]string{"--invite", old}, "was good until"},
		"not there":    {[]string{"--invite", filepath.Join(t.TempDir(), "none")}, "none"},
		"with from":    {[]string{"--invite", file, "--from", "imaps://a@b"}, "leave out --from"},
		"result alone": {[]string{"--result", "x"}, "goes with --invite"},
		"no password":  {[]string{"--invite", file, "--state", t.TempDir()}, "MAILROOM_FROM_PASSWORD"},
	} {
		exit, _, stderr := call{}.run(append([]string{"move"}, c.args...)...)
		if exit != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d\n%s", name, exit, stderr)
		}
	}
	if _, err := invite.Read(raw); core.CodeOf(err) != "" {
		t.Error(err)
	}
}
