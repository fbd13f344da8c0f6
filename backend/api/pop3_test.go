package api

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/testkit/pop3test"
)

func pop3Mail(n int) pop3test.Message {
	return pop3test.Message{Name: fmt.Sprintf("name-%d", n), Body: fmt.Sprintf("Message-ID: <%d@old.example>\r\nReceived: from a by b; Tue, 03 Mar 2020 10:11:12 +0800\r\nDate: Mon, 02 Mar 2020 10:11:12 +0800\r\nSubject: number %d\r\n\r\n.a line with a dot\r\nend\r\n", n, n)}
}

func TestAPOP3MailboxIsMovedOnceThroughADrop(t *testing.T) {
	var messages []pop3test.Message
	for i := range 30 {
		messages = append(messages, pop3Mail(i+1))
	}
	srv := pop3test.New(t, pop3test.Options{}, messages...)
	srv.CutIn(17)
	dir, chain := t.TempDir(), &keychain{}
	h := open(t, dir, withKeychain(chain))
	from := Endpoint{
		Kind: KindPOP3, Host: "127.0.0.1", Port: srv.Port(), Security: SecurityPlain, User: "li.lei@old.example",
		Secret: must(h.vault.Keep("correct horse"))(t),
	}
	if result := must(h.endpoints.TestSignIn("1", from))(t); !result.OK || result.Messages != 30 || result.Writable {
		t.Fatalf("%+v, %+v", result, result.Problem)
	}
	out := filepath.Join(t.TempDir(), "out")
	m := h.move(from, out)
	if m.State != MoveDone || m.Progress.Counts.Copied != 30 || m.Progress.Counts.Messages != 30 {
		t.Fatalf("%s, %+v, %+v", m.State, m.Progress.Counts, m.Mailboxes[0].Problem)
	}
	for _, note := range []string{"pop3-inbox-only", "pop3-no-flags"} {
		if !slices.Contains(m.Mailboxes[0].Notes, note) {
			t.Errorf("%s is not told: %v", note, m.Mailboxes[0].Notes)
		}
	}
	h.close()

	// A later run, with the program started again: only what is new.
	srv.Add(pop3Mail(31))
	retrieved := srv.Count("RETR")
	again := open(t, dir, withKeychain(chain))
	must(again.moves.Start(m.ID))(t)
	m = again.untilState(m.ID, MoveDone, MoveFailed)
	if m.State != MoveDone || m.Progress.Counts.Messages != 31 {
		t.Fatalf("%s, %+v, %+v", m.State, m.Progress.Counts, m.Mailboxes[0].Problem)
	}
	files := 0
	for _, sub := range []string{"cur", "new"} {
		entries, err := os.ReadDir(filepath.Join(out, sub))
		if err != nil {
			t.Fatal(err)
		}
		files += len(entries)
	}
	if files != 31 {
		t.Errorf("%d files for 31 messages", files)
	}
	if n := srv.Count("RETR") - retrieved; n > 1+31 { // the new one, and the proof of every byte
		t.Errorf("%d messages were read for one that is new", n)
	}
	for _, line := range srv.Log() {
		if strings.HasPrefix(line, "DELE") || strings.HasPrefix(line, "QUIT") {
			t.Errorf("the source was told %s", line)
		}
	}
}

func TestAPOP3MailboxIsNoDestination(t *testing.T) {
	h := open(t, t.TempDir(), withKeychain(&keychain{}))
	to := Endpoint{Kind: KindPOP3, Host: "pop.new.example", Security: SecurityTLS, User: "li.lei@new.example", Secret: "x"}
	_, err := h.moves.Create(MoveDraftInput{Mailboxes: []MailboxInput{{From: Endpoint{Kind: KindMaildir, Path: t.TempDir()}, To: to}}})
	if core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["reason"] != "read_only_kind" {
		t.Errorf("%v, %v", err, core.ArgsOf(err))
	}
}
