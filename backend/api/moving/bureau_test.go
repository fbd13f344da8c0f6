package moving

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/job"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/archive"
	"mailroom/backend/migrate"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/store"
)

// bureau is a desk over an office whose mailboxes are Maildirs.
type bureau struct {
	t    *testing.T
	dir  string
	desk *Desk
	news chan struct{}
	stop func()
}

// openBureau opens the desk on a folder, as a new start of the program does.
func openBureau(t *testing.T, dir string) *bureau {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(dir, "mailroom.db"), []string{job.Schema, Schema, EventSchema})
	if err != nil {
		t.Fatal(err)
	}
	led, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	b := &bureau{t: t, dir: dir, news: make(chan struct{}, 1)}
	told := func() {
		select {
		case b.news <- struct{}{}:
		default:
		}
	}
	connect := func(_ context.Context, e Endpoint, writing bool) (mailbox.Account, error) {
		return archive.Open(e.Kind+":"+e.Path, writing)
	}
	b.desk, err = Open(t.Context(), db, led, connect, Listener{
		Changed: func(int64, string) { told() }, Progress: func(Snapshot) { told() }, Told: func(Event) { told() },
	})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	b.stop = func() {
		if closed {
			return
		}
		closed = true
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := b.desk.Close(ctx); err != nil {
			t.Error(err)
		}
		_ = led.Close()
		_ = db.Close()
	}
	t.Cleanup(b.stop)
	return b
}

const messageBytes = 2000

func (b *bureau) place(person int, side string) string {
	return filepath.Join(b.dir, "mail", side, fmt.Sprintf("p%02d", person))
}

// write puts messages into somebody's old mailbox.
func (b *bureau) write(person, from, to int) {
	b.t.Helper()
	for _, d := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(b.place(person, "old"), d), 0o700); err != nil {
			b.t.Fatal(err)
		}
	}
	for i := from; i < to; i++ {
		text := fmt.Sprintf("Message-ID: <%d.%d@old.example>\r\nSubject: %d\r\nDate: Thu, 26 Nov 2026 10:00:00 +0800\r\n\r\n", person, i, i)
		text += strings.Repeat("x", messageBytes-len(text)-2) + "\r\n"
		name := filepath.Join(b.place(person, "old"), "cur", fmt.Sprintf("%d.%d.old:2,S", 1795000000+i, i))
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
}

// move makes a move of some people with as many messages each.
func (b *bureau) move(people, messages int, o Options) View {
	b.t.Helper()
	var boxes []Mailbox
	for p := range people {
		b.write(p, 0, messages)
		boxes = append(boxes, Mailbox{
			Label: fmt.Sprintf("p%02d", p),
			From:  Endpoint{Kind: "maildir", Path: b.place(p, "old")}, To: Endpoint{Kind: "eml", Path: b.place(p, "new")},
		})
	}
	o.Verify = migrate.VerifyCounts
	v, err := b.desk.Create(b.t.Context(), "", boxes, o)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// until waits for events until the move is so.
func (b *bureau) until(id, what string, so func(View) bool) View {
	b.t.Helper()
	limit := time.NewTimer(3 * time.Minute)
	defer limit.Stop()
	for {
		v, err := b.desk.Get(id)
		if err != nil {
			b.t.Fatal(err)
		}
		if so(v) {
			return v
		}
		select {
		case <-b.news:
		case <-limit.C:
			b.t.Fatalf("never %s: %s, %+v, %+v", what, v.Status, states(v), faults(v))
		}
	}
}

func (b *bureau) untilStatus(id string, want Status) View {
	b.t.Helper()
	return b.until(id, string(want), func(v View) bool { return v.Status == want })
}

func (b *bureau) start(id string) {
	b.t.Helper()
	if _, err := b.desk.Start(b.t.Context(), id); err != nil {
		b.t.Fatal(err)
	}
}

func states(v View) (all []State) {
	for i := range v.Mailboxes {
		all = append(all, v.Mailboxes[i].State)
	}
	return all
}

// faults are what went wrong with the mailboxes that failed.
func faults(v View) (all []string) {
	for i := range v.Mailboxes {
		if f := v.Mailboxes[i].Fault; f != nil {
			all = append(all, fmt.Sprintf("%s: %+v", v.Mailboxes[i].Label, *f))
		}
	}
	return all
}

func ids(v View, at ...int) (all []string) {
	for _, i := range at {
		all = append(all, v.Mailboxes[i].ID)
	}
	return all
}

// arrived counts the messages at the new place.
func (b *bureau) arrived(person int) int {
	found := 0
	err := filepath.WalkDir(b.place(person, "new"), func(path string, e os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".eml") {
			found++
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}

// story is the time line's kinds, the oldest first.
func (b *bureau) story(id string) (all []EventKind) {
	b.t.Helper()
	events, err := b.desk.Timeline(b.t.Context(), id, 0, 500)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := range events {
		all = append(all, events[len(events)-1-i].Kind)
	}
	return all
}

// tells says whether the time line holds these kinds in this order.
func (b *bureau) tells(id string, want ...EventKind) {
	b.t.Helper()
	story, at := b.story(id), 0
	for _, kind := range story {
		if at < len(want) && kind == want[at] {
			at++
		}
	}
	if at < len(want) {
		b.t.Errorf("the time line misses %s: %v", want[at], story)
	}
}
