package api

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/testkit/pop3test"
)

func TestASealedCopyShowsEveryChange(t *testing.T) {
	srv := pop3test.New(t, pop3test.Options{}, pop3Mail(1), pop3Mail(2), pop3Mail(3))
	h := open(t, t.TempDir(), withKeychain(&keychain{}))
	from := Endpoint{
		Kind: KindPOP3, Host: "127.0.0.1", Port: srv.Port(), Security: SecurityPlain, User: "li.lei@old.example",
		Secret: must(h.vault.Keep("correct horse"))(t),
	}
	copied := filepath.Join(t.TempDir(), "li.lei")
	to := Endpoint{Kind: KindMaildir, Path: copied, Sealed: true}
	m := must(h.moves.Create(MoveDraftInput{Mailboxes: []MailboxInput{{Label: "Li Lei", From: from, To: to}}, Options: MoveOptions{Verify: "bytes"}}))(t)
	run := func() MailboxMove {
		t.Helper()
		must(h.moves.Start(m.ID))(t)
		return h.untilState(m.ID, MoveDone, MoveFailed).Mailboxes[0]
	}
	first := run()
	if first.Problem != nil || !first.To.Sealed {
		t.Fatalf("%+v", first.Problem)
	}
	sealed := must(h.endpoints.CheckSeal("1", copied))(t)
	if !sealed.Sealed || !sealed.Intact || sealed.Files < 3 || !slices.Contains(first.Notes, "sealed:"+sealed.Number) {
		t.Errorf("%+v, notes %v", sealed, first.Notes)
	}

	// What comes later is added, and sealed anew.
	srv.Add(pop3Mail(4))
	if box := run(); box.Problem != nil {
		t.Fatalf("%+v", box.Problem)
	}
	again := must(h.endpoints.CheckSeal("2", copied))(t)
	if !again.Intact || again.Number == sealed.Number || again.Files <= sealed.Files {
		t.Errorf("%+v, before %+v", again, sealed)
	}

	// A changed copy is told and not covered up.
	files, err := filepath.Glob(filepath.Join(copied, "*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	victim := files[slices.IndexFunc(files, func(f string) bool { return strings.Contains(f, "/new/") || strings.Contains(f, "/cur/") })]
	if err := os.WriteFile(victim, []byte("Subject: something else\r\n\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := must(h.endpoints.CheckSeal("3", copied))(t)
	if broken.Intact || broken.Changed != 1 || len(broken.Names) != 1 {
		t.Errorf("%+v", broken)
	}
	srv.Add(pop3Mail(5))
	box := run()
	if box.Problem == nil || box.Problem.Class != "seal-broken" || box.Problem.Args["count"] != "1" {
		t.Errorf("%+v", box.Problem)
	}
	if still := must(h.endpoints.CheckSeal("4", copied))(t); still.Intact || !still.Sealed {
		t.Errorf("the change was covered up: %+v", still)
	}
}

func TestASealIsLookedForOnlyWhereAPathIs(t *testing.T) {
	h := open(t, t.TempDir(), withKeychain(&keychain{}))
	if got := must(h.endpoints.CheckSeal("1", filepath.Join(t.TempDir(), "none")))(t); got.Sealed {
		t.Errorf("%+v", got)
	}
	_, err := h.endpoints.CheckSeal("2", "relative")
	wantCode(t, "a relative path", err, core.Invalid)
}
