package migrate

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestAMailboxFullOfMailIsWaitedForOnce: every folder of the destination holds mail that
// nothing explains, so each must be seen quiet; all of them are at the same time.
func TestAMailboxFullOfMailIsWaitedForOnce(t *testing.T) {
	from, to := newMemBox("old", 1), newMemBox("new", 2)
	for i := range 12 {
		id := fmt.Sprint("Folder ", i)
		from.put(id, letter(id, "mine", "mine"))
		to.put(id, letter("other "+id, "theirs", "theirs"))
	}
	led := openLedger(t, t.TempDir())
	defer func() { _ = led.Close() }()
	m := newMover(led, from, to, Options{}, nil)
	rest, sum := m.rest, atomic.Int64{}
	m.rest = func(ctx context.Context, d time.Duration) error {
		sum.Add(int64(d.Round(time.Second)))
		return rest(ctx, d)
	}
	r, err := m.Run(t.Context())
	if err != nil || r.Copied != 12 {
		t.Fatalf("%v %+v", err, r.Counts)
	}
	if waited := time.Duration(sum.Load()); waited < quiet || waited > 3*quiet { // three lanes may wait side by side
		t.Fatalf("waited %v in all", waited)
	}
}

// TestAFolderThatChangesSinceTheFirstLookIsNotBelieved: messages of an earlier run's
// broken connection land one by one after this run has asked for the folder's state,
// however long ago that was.
func TestAFolderThatChangesSinceTheFirstLookIsNotBelieved(t *testing.T) {
	from, to := newMemBox("old", 1), newMemBox("new", 2)
	for i := range 40 {
		from.put("INBOX", letter(fmt.Sprint(i), "subject", "text"))
	}
	to.put("INBOX", letter("theirs", "theirs", "theirs"))
	led := openLedger(t, t.TempDir())
	defer func() { _ = led.Close() }()
	m := newMover(led, from, to, Options{Verify: VerifyBytes, Connections: 1}, nil)
	landed := 0
	land := func() {
		if landed < 3 {
			to.put("INBOX", letter(fmt.Sprint(landed), "subject", "text"))
			landed++
		}
	}
	later := aged(m, to)
	told := to.after
	to.after = func(command string) {
		if command == "STATUS" {
			land()
		}
		told(command)
	}
	rest := m.rest
	m.rest = func(ctx context.Context, d time.Duration) error {
		land()
		return rest(ctx, d)
	}
	if r, err := m.Run(t.Context()); err != nil || r.State != StateDone || landed != 3 || !*later {
		t.Fatalf("%v, %d landed, %+v", err, landed, r)
	}
	want := map[string]int{letter("theirs", "theirs", "theirs"): 1}
	for i := range 40 {
		want[letter(fmt.Sprint(i), "subject", "text")] = 1
	}
	if diff := cmp.Diff(want, to.contents()["INBOX"]); diff != "" {
		t.Fatal(diff)
	}
}

// aged lets much time pass between the first look at a destination and its first SELECT.
func aged(m *Mover, to *memBox) (later *bool) {
	clock := m.now
	later = new(bool)
	m.now = func() time.Time {
		if *later {
			return clock().Add(2 * quiet)
		}
		return clock()
	}
	to.after = func(command string) { *later = *later || command == "SELECT" }
	return later
}

// TestTheFirstLookIsVoidOnceSomethingWasSent: this run's own batch is cut off, and the
// server carries it out late, when the folder has long been as it was at the start.
func TestTheFirstLookIsVoidOnceSomethingWasSent(t *testing.T) {
	from, to := newMemBox("old", 1), newMemBox("new", 2)
	for i := range 40 {
		from.put("INBOX", letter(fmt.Sprint(i), "subject", "text"))
	}
	to.put("INBOX", letter("theirs", "theirs", "theirs"))
	want := from.contents()["INBOX"]
	want[letter("theirs", "theirs", "theirs")] = 1
	led := openLedger(t, t.TempDir())
	defer func() { _ = led.Close() }()
	m := newMover(led, from, to, Options{Verify: VerifyBytes, Connections: 1}, nil)
	aged(m, to)
	to.strand = "INBOX"
	if r, err := m.Run(t.Context()); err != nil || r.State != StateDone || to.strand != "" {
		t.Fatalf("%v %+v", err, r)
	}
	if diff := cmp.Diff(want, to.contents()["INBOX"]); diff != "" {
		t.Fatal(diff)
	}
}

// TestAnEmptyFolderIsNotBelievedWhereTheLedgerIsLost: the program is killed while its
// first batch is with the server, the ledger is deleted, and the program starts again
// before the server has carried the batch out.
func TestAnEmptyFolderIsNotBelievedWhereTheLedgerIsLost(t *testing.T) {
	from, to := newMemBox("old", 1), newMemBox("new", 2)
	to.folder("INBOX")
	for i := range 40 {
		from.put("INBOX", letter(fmt.Sprint(i), "subject", "text"))
	}
	to.strand = "INBOX"
	ctx, kill := context.WithCancel(t.Context())
	led := openLedger(t, t.TempDir())
	m := newMover(led, from, to, Options{Connections: 1}, nil)
	m.rest = func(ctx context.Context, _ time.Duration) error {
		if to.strand == "" {
			kill()
		}
		return ctx.Err()
	}
	if _, err := m.Run(ctx); err == nil || to.strand != "" || len(to.folders["INBOX"].messages) != 0 {
		t.Fatalf("%v, %d there", err, len(to.folders["INBOX"].messages))
	}
	_ = led.Close()
	r := mustMove(t, t.TempDir(), from, to, Options{Verify: VerifyBytes})
	if diff := cmp.Diff(from.contents(), to.contents()); diff != "" || r.AlreadyThere == 0 {
		t.Fatalf("%+v\n%s", r.Counts, diff)
	}
}
