package migrate

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func letter(id, subject, text string) string {
	var b strings.Builder
	if id != "" {
		fmt.Fprintf(&b, "Message-ID: <%s@old.example>\r\n", id)
	}
	fmt.Fprintf(&b, "From: a@old.example\r\nDate: Mon, 02 Jan 2006 15:04:05 +0800\r\nSubject: %s\r\n\r\n%s\r\n", subject, text)
	return b.String()
}

// newMover makes a Mover that does not wait for broken things to mend.
// In the time that it would have waited, late commands land.
func newMover(led *ledger.Ledger, from, to mailbox.Account, opt Options, sink Sink) *Mover {
	m := New(led, from, to, opt, sink)
	m.bounds = bounds{messages: 7, bytes: 3 << 10, stream: 600} // many batches, some streams
	clock := &atomic.Int64{}                                    // goes on only while the engine waits
	clock.Store(time.Now().UnixNano())
	m.now = func() time.Time { return time.Unix(0, clock.Load()) }
	waited := time.Duration(0)
	m.rest = func(ctx context.Context, d time.Duration) error {
		clock.Add(int64(d))
		if box, ok := to.(*memBox); ok {
			box.mu.Lock()
			defer box.mu.Unlock()
			if waited += d; waited > quiet/2 {
				box.land()
				waited = 0
			}
		}
		return ctx.Err()
	}
	return m
}

func openLedger(t *testing.T, dir string) *ledger.Ledger {
	t.Helper()
	led, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return led
}

// office is a source with everything that makes identity hard.
func office(seed uint64, n int) *memBox {
	b := newMemBox("old", seed)
	b.folder("INBOX")
	b.folder("Empty")
	for i := range n {
		folder := []string{"INBOX", "INBOX", "Projects/2024", "已发送", "Notes from Li"}[i%5]
		switch i % 11 {
		case 3: // no Message-ID
			b.put(folder, letter("", fmt.Sprint("no id ", i), "text"), `\Seen`)
		case 5: // exact copies
			b.put(folder, letter("copy", "same", "same"), `\Seen`, "$Label1")
			b.put(folder, letter("copy", "same", "same"), `\Seen`, "$Label1")
		case 7: // same header, another body of the same length
			b.put(folder, letter("twin", "twin", fmt.Sprintf("body %08d", i)))
		case 9: // bare line feeds
			b.put(folder, letter(fmt.Sprint("lf", i), "bare", "a\nb\nc"), `\Flagged`, `\Deleted`)
		default:
			b.put(folder, letter(fmt.Sprint("m", i), fmt.Sprint("subject ", i), strings.Repeat("x", i%700)), `\Answered`)
		}
	}
	return b
}

func mustMove(t *testing.T, dir string, from, to *memBox, opt Options) Result {
	t.Helper()
	led := openLedger(t, dir)
	defer func() { _ = led.Close() }()
	r, err := newMover(led, from, to, opt, nil).Run(t.Context())
	if err != nil {
		t.Fatalf("move: %v\n%+v", err, r.Errors)
	}
	if got := r.Copied + r.AlreadyThere + r.Excluded + r.LeftBehind; got != r.Messages {
		t.Fatalf("the four do not sum to the source's count: %+v", r.Counts)
	}
	return r
}

func TestEverythingArrivesOnceWithFlagsAndDates(t *testing.T) {
	from, to := office(1, 500), newMemBox("new", 2)
	to.folder("INBOX")
	dir := t.TempDir()
	r := mustMove(t, dir, from, to, Options{Verify: VerifyBytes})
	if diff := cmp.Diff(from.contents(), to.contents()); diff != "" {
		t.Fatalf("contents differ:\n%s", diff)
	}
	if r.State != StateDone || r.Verified != VerifyBytes || r.Copied != r.Messages {
		t.Fatalf("result: %+v", r)
	}
	for id, f := range from.folders {
		g := to.folders[id]
		for i, m := range f.messages {
			slices.Sort(m.flags)
			slices.Sort(g.messages[i].flags)
			if !slices.Equal(m.flags, g.messages[i].flags) || !m.date.Equal(g.messages[i].date) {
				t.Fatalf("%s %d: flags or date differ: %v %v", id, m.uid, m, g.messages[i])
			}
		}
	}
	again := mustMove(t, dir, from, to, Options{Verify: VerifyBytes})
	if again.Copied != 0 || again.AlreadyThere != again.Messages || again.Messages != r.Messages {
		t.Fatalf("a second run: %+v", again.Counts)
	}
}

// variants are destinations that make exactly-once hard.
var variants = map[string]func(*memBox){
	"multiappend":  func(*memBox) {},
	"single":       func(b *memBox) { b.traits.MultiAppend = false },
	"no uidplus":   func(b *memBox) { b.traits.UIDPlus = false },
	"no uidnext":   func(b *memBox) { b.hideUIDNext = true },
	"neither":      func(b *memBox) { b.traits.MultiAppend, b.traits.UIDPlus, b.hideUIDNext = false, false, true },
	"holds a part": func(b *memBox) { half(b) },
	"foreign mail": func(b *memBox) { b.put("INBOX", letter("foreign", "hello", "from elsewhere")) },
}

func half(b *memBox) {
	o := office(1, 120)
	for _, id := range slices.Sorted(maps.Keys(o.folders)) {
		for i, m := range o.folders[id].messages {
			if i%2 == 0 {
				b.put(id, string(m.body))
			}
		}
	}
}

// TestNothingLostNothingDoubledWhereverItBreaks breaks either connection at random
// commands, kills the engine, loses the ledger's last second or all of it, and goes
// on until done: the destination must then hold the source's messages, each once.
func TestNothingLostNothingDoubledWhereverItBreaks(t *testing.T) {
	for name, vary := range variants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(seeds) {
				breakAtRandom(t, vary, seed)
			}
		})
	}
}

func breakAtRandom(t *testing.T, vary func(*memBox), seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 99))
	from, to := office(1, 120), newMemBox("new", seed)
	to.folder("INBOX")
	vary(to)
	want := to.contents() // what is there and not the source's must stay
	for id, bodies := range from.contents() {
		for body, n := range bodies {
			if want[id] == nil {
				want[id] = map[string]int{}
			}
			want[id][body] = max(want[id][body], n)
		}
	}
	dir := t.TempDir()
	for range 9 {
		from.breakIn, to.breakIn = rng.IntN(400), rng.IntN(60)
		switch rng.IntN(6) {
		case 0: // the ledger is deleted
			for _, f := range []string{ledger.File, ledger.File + "-wal", ledger.File + "-shm"} {
				_ = os.Remove(filepath.Join(dir, f))
			}
		case 1: // a power cut takes the last transactions
			dir = losingLastSecond(t, dir, from, to, rng)
		}
		killed(t, dir, from, to, 1+rng.IntN(30))
	}
	from.breakIn, to.breakIn = -1, -1
	mustMove(t, dir, from, to, Options{Verify: VerifyBytes})
	if diff := cmp.Diff(want, to.contents()); diff != "" {
		t.Fatalf("seed %d: lost or doubled (-want +got):\n%s", seed, diff)
	}
}

// killed runs the engine and stops it dead after some progress.
func killed(t *testing.T, dir string, from, to *memBox, after int) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	led := openLedger(t, dir)
	defer func() { _ = led.Close() }()
	n := 0
	_, _ = newMover(led, from, to, Options{Verify: VerifyFingerprint, Connections: 1}, func(Progress) {
		if n++; n == after {
			cancel()
		}
	}).Run(ctx)
}

// losingLastSecond runs the engine, but on a ledger as it was before.
func losingLastSecond(t *testing.T, dir string, from, to *memBox, rng *rand.Rand) string {
	old := t.TempDir()
	led := openLedger(t, dir)
	if err := led.Backup(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	_ = led.Close()
	killed(t, dir, from, to, 1+rng.IntN(20))
	return old
}

func TestARefusedMessageIsIsolatedAndNamed(t *testing.T) {
	from, to := office(1, 250), newMemBox("new", 2)
	to.folder("INBOX")
	from.put("INBOX", letter("bad", "=?UTF-8?B?5Y+R56Wo?=", "virus"))
	for i := range 5 { // large ones share a batch, in which one is refused
		from.put("INBOX", letter(fmt.Sprint("large", i), "large", strings.Repeat("x", 900+i)))
	}
	from.put("INBOX", letter("large bad", "large and bad", strings.Repeat("virus ", 200)))
	from.put("INBOX", letter("large last", "large", strings.Repeat("y", 900)))
	from.put("Notes from Li", "") // IMAP has no way to append a message without a byte
	to.refuse = func(body []byte, _ []string) error {
		if strings.Contains(string(body), "virus") {
			return &mailbox.Refusal{Status: "NO", Text: "Message refused because it contains a virus", Command: "APPEND"}
		}
		return nil
	}
	r := mustMove(t, t.TempDir(), from, to, Options{Verify: VerifyFingerprint})
	if r.State != StateLeftBehind || r.LeftBehind != 3 || len(r.Left) != 3 || r.Copied != r.Messages-3 {
		t.Fatalf("result: %+v left %+v", r.Counts, r.Left)
	}
	if l := r.Left[0]; l.Class != "virus" || l.Subject != "发票" || !strings.Contains(l.Server, "virus") {
		t.Fatalf("left behind: %+v", l)
	}
}

func TestTwoRefusedSignInsEndTheWork(t *testing.T) {
	from, to := office(1, 10), newMemBox("new", 2)
	to.refuseSignIn = &mailbox.Refusal{Status: "NO", Code: "AUTHENTICATIONFAILED", Text: "no", Command: "LOGIN"}
	led := openLedger(t, t.TempDir())
	defer func() { _ = led.Close() }()
	r, err := newMover(led, from, to, Options{}, nil).Run(t.Context())
	if core.CodeOf(err) != core.Unauthenticated || r.State != StateFailed {
		t.Fatalf("err %v, state %s", err, r.State)
	}
	if to.opens > 2 {
		t.Fatalf("%d sign-ins after a refusal", to.opens)
	}
}

func TestFlagChangesFollowAndTheDestinationsOwnStay(t *testing.T) {
	from, to := newMemBox("old", 1), newMemBox("new", 2)
	to.folder("INBOX")
	from.put("INBOX", letter("1", "one", "1"), `\Seen`)
	from.put("INBOX", letter("2", "two", "2"))
	dir := t.TempDir()
	mustMove(t, dir, from, to, Options{})
	src, dst := from.folders["INBOX"], to.folders["INBOX"]
	src.modseq += 2
	src.messages[0].flags, src.messages[0].modseq = []string{`\Flagged`}, src.modseq
	dst.messages[1].flags = append(dst.messages[1].flags, "$Mine")
	r := mustMove(t, dir, from, to, Options{})
	if r.Copied != 0 || r.FlagsSet != 1 {
		t.Fatalf("result: %+v, flags set %d", r.Counts, r.FlagsSet)
	}
	if !slices.Equal(dst.messages[0].flags, []string{`\Flagged`}) || !slices.Equal(dst.messages[1].flags, []string{"$Mine"}) {
		t.Fatalf("flags: %v %v", dst.messages[0].flags, dst.messages[1].flags)
	}
}

func TestUndoDeletesWhatTheMoveAppendedAndNothingElse(t *testing.T) {
	from, to := office(1, 200), newMemBox("new", 2)
	to.folder("INBOX")
	to.put("INBOX", letter("mine", "mine", "stays"))
	half(to)
	before := to.contents()
	dir := t.TempDir()
	mustMove(t, dir, from, to, Options{})
	to.put("INBOX", letter("later", "later", "stays too"))
	before["INBOX"][letter("later", "later", "stays too")] = 1
	led := openLedger(t, dir)
	defer func() { _ = led.Close() }()
	if _, err := newMover(led, from, to, Options{}, nil).Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, to.contents()); diff != "" {
		t.Fatalf("not what was there before (-want +got):\n%s", diff)
	}
}

func TestARenumberedSideIsMatchedNotCopiedAgain(t *testing.T) {
	for name, renumber := range map[string]func(from, to *memBox){
		"source":      func(from, _ *memBox) { renumber(from) },
		"destination": func(_, to *memBox) { renumber(to) },
	} {
		t.Run(name, func(t *testing.T) {
			from, to := office(1, 200), newMemBox("new", 2)
			to.folder("INBOX")
			dir := t.TempDir()
			first := mustMove(t, dir, from, to, Options{})
			renumber(from, to)
			again := mustMove(t, dir, from, to, Options{Verify: VerifyBytes})
			if again.Copied != 0 || again.Messages != first.Messages {
				t.Fatalf("copied again: %+v", again.Counts)
			}
			if diff := cmp.Diff(from.contents(), to.contents()); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func renumber(b *memBox) {
	for _, f := range b.folders {
		f.validity += 100
		for i, m := range f.messages {
			m.uid = uint32(5000 + 3*i)
		}
		f.next = uint32(5000 + 3*len(f.messages))
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	from, to := office(1, 200), newMemBox("new", 2)
	to.folder("INBOX")
	led := openLedger(t, t.TempDir())
	defer func() { _ = led.Close() }()
	e, err := newMover(led, from, to, Options{}, nil).Estimate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for _, f := range from.folders {
		n += int64(len(f.messages))
	}
	if e.Messages != n || e.ToCopy != n || e.Bytes == 0 {
		t.Fatalf("estimate: %+v, want %d messages", e, n)
	}
	if len(to.folders) != 1 || len(to.folders["INBOX"].messages) != 0 {
		t.Fatal("the dry run changed the destination")
	}
}

// TestOfTwoCopiesTheOneWithTheDateIsAdopted: the same mail twice, at different dates;
// the destination holds one of them. Afterwards both dates must be there.
func TestOfTwoCopiesTheOneWithTheDateIsAdopted(t *testing.T) {
	early, late := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, held := range []time.Time{early, late} {
		from, to := newMemBox("old", 1), newMemBox("new", 2)
		for _, date := range []time.Time{early, late} {
			from.folder("INBOX").add([]byte(letter("twice", "twice", "same")), nil, date)
		}
		to.folder("INBOX").add([]byte(letter("twice", "twice", "same")), nil, held)
		mustMove(t, t.TempDir(), from, to, Options{})
		seen := map[int]int{}
		for _, m := range to.folders["INBOX"].messages {
			seen[m.date.Year()]++
		}
		if seen[2015] != 1 || seen[2020] != 1 {
			t.Fatalf("held %d: years %v", held.Year(), seen)
		}
	}
}
