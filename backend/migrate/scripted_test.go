package migrate_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/migrate"
	"mailroom/backend/migrate/ledger"
)

// own is a well-behaved server of the office's own.
func own(t *testing.T) *imaptest.Server {
	srv := imaptest.New(t, imaptest.Options{Greeting: "* OK Dovecot ready.",
		Caps: "IMAP4rev1 ID NAMESPACE UIDPLUS LITERAL+ MULTIAPPEND SPECIAL-USE"})
	for name, role := range map[string]string{"Sent": `\Sent`, "Drafts": `\Drafts`, "Trash": `\Trash`, "Junk": `\Junk`, "Archive": `\Archive`} {
		srv.Mailbox(name).Attributes = role
	}
	return srv
}

// plain is one that offers nothing: every message is a command of its own.
func plain(t *testing.T, caps string) *imaptest.Server {
	return imaptest.New(t, imaptest.Options{Caps: strings.TrimSpace("IMAP4rev1 ID NAMESPACE LITERAL+ " + caps)})
}

func at(t *testing.T, srv *imaptest.Server) mailbox.Account {
	t.Helper()
	a, err := imap.New(imap.Config{Host: srv.Host(), Port: srv.Port(), Security: imap.Plain, User: "li.lei@old.example", Password: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// mail is a small message; every name is another message.
func mail(name string) string {
	return "Message-ID: <" + name + "@old.example>\r\nFrom: li.lei@old.example\r\nDate: Mon, 02 Jan 2006 15:04:05 +0800\r\nSubject: " + name + "\r\n\r\nThis is " + name + ".\r\n"
}

// a trip moves from one scripted server to another, any number of times, with one ledger.
type trip struct {
	t        *testing.T
	from, to *imaptest.Server
	led      *ledger.Ledger
	opt      migrate.Options

	mu    sync.Mutex
	waits []time.Duration
}

func newTrip(t *testing.T, from, to *imaptest.Server) *trip {
	t.Helper()
	led, err := ledger.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = led.Close() })
	return &trip{t: t, from: from, to: to, led: led, opt: migrate.Options{Verify: migrate.VerifyBytes, Connections: 1}}
}

// mover waits for nothing, but notes the waits.
func (tr *trip) mover() *migrate.Mover {
	tr.t.Helper()
	m := migrate.New(tr.led, at(tr.t, tr.from), at(tr.t, tr.to), tr.opt, nil)
	m.SetRest(func(ctx context.Context, d time.Duration) error {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.waits = append(tr.waits, d)
		return ctx.Err()
	})
	return m
}

// run moves once. The four must sum up.
func (tr *trip) run() (migrate.Result, error) {
	tr.t.Helper()
	r, err := tr.mover().Run(tr.t.Context())
	if got := r.Copied + r.AlreadyThere + r.Excluded + r.LeftBehind; got != r.Messages {
		tr.t.Errorf("the four do not sum to the source's count: %+v", r.Counts)
	}
	return r, err
}

// done moves and wants everything there and proven, then moves again and wants nothing copied.
func (tr *trip) done() migrate.Result {
	tr.t.Helper()
	r, err := tr.run()
	if err != nil || r.State != migrate.StateDone || r.Verified != tr.opt.Verify {
		tr.t.Fatalf("%v, %s, verified %q, %+v, left %+v, errors %+v, mismatch %+v", err, r.State, r.Verified, r.Counts, r.Left, r.Errors, r.Mismatch)
	}
	again, err := tr.run()
	if err != nil || again.Copied != 0 || again.Messages != r.Messages {
		tr.t.Fatalf("a second run: %v, %+v, errors %+v", err, again.Counts, again.Errors)
	}
	return r
}

// longest is the longest wait.
func (tr *trip) longest() time.Duration {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if len(tr.waits) == 0 {
		return 0
	}
	return slices.Max(tr.waits)
}

// holds wants exactly these messages in the folders of the given raw names.
func holds(t *testing.T, srv *imaptest.Server, want map[string][]string) {
	t.Helper()
	got, sorted := map[string][]string{}, map[string][]string{}
	for folder, names := range want {
		for _, m := range srv.Mailbox(folder).Messages() {
			got[folder] = append(got[folder], m.Body)
		}
		for _, name := range names {
			sorted[folder] = append(sorted[folder], mail(name))
		}
		slices.Sort(got[folder])
		slices.Sort(sorted[folder])
	}
	if diff := cmp.Diff(sorted, got); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

// fill puts messages into folders of the given raw names.
func fill(srv *imaptest.Server, folders map[string][]string) {
	for folder, names := range folders {
		for _, name := range names {
			srv.Mailbox(folder).Add(imaptest.Message{Body: mail(name), Flags: []string{`\Seen`}})
		}
	}
}

// untouched wants that the source was only read.
func untouched(t *testing.T, srv *imaptest.Server) {
	t.Helper()
	for _, l := range srv.Log() {
		for _, verb := range []string{"SELECT", "STORE", "UID STORE", "EXPUNGE", "UID EXPUNGE", "CLOSE", "SUBSCRIBE", "CREATE", "DELETE", "RENAME", "APPEND", "UID COPY", "UID MOVE", "UID SEARCH", "SEARCH"} {
			if strings.HasPrefix(l+" ", verb+" ") {
				t.Errorf("the source was sent %q", l)
			}
		}
	}
}

// hasNote wants a note that begins with code.
func hasNote(t *testing.T, r migrate.Result, code string) {
	t.Helper()
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.HasPrefix(n, code) }) {
		t.Errorf("notes %q, want %s", r.Notes, code)
	}
}

// changed wants that the report of a source folder tells a rename.
func changed(t *testing.T, r migrate.Result, source, code string) {
	t.Helper()
	for _, f := range r.Folders {
		if f.Source == source && slices.ContainsFunc(f.Changes, func(c string) bool { return strings.HasPrefix(c, code) }) {
			return
		}
	}
	t.Errorf("%s: %s is not told: %+v", source, code, r.Folders)
}
