package migrate

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/foldermap"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/preset"
)

// move is the state of one use of a [Mover].
type move struct {
	opt                  Options
	led                  *ledger.Ledger
	account              int64
	from, to             *side
	progress             *tracker
	book                 *notebook
	throttle             *throttle
	rest                 func(ctx context.Context, d time.Duration) error
	now                  func() time.Time
	bounds               bounds
	srcTraits, dstTraits mailbox.Traits

	plan      foldermap.Plan
	elsewhere func(labels []string) bool // whether a copied folder holds a message with these labels
	origins   []*origin                  // every source folder, in the source's order
	targets   []*target                  // what is to be worked on
	started   time.Time

	// halting ends when one lane has met the end of all work: the others finish what is
	// on the wire, so that its outcome is known, and stop.
	halting context.Context
	halt    context.CancelFunc

	// made says that this run made folders. A run makes all that are missing before it
	// sends anything: so nothing of an earlier run can be on its way then.
	made     bool
	finished map[string]bool // source folders that a run has brought to their end before

	mu       sync.Mutex
	mismatch []Mismatch
	flat     bool // the destination has no sub-folders
	flagsSet atomic.Int64
	limit    struct { // of a message's size at the destination
		once  sync.Once
		bytes int64
	}
}

// origin is one source folder.
type origin struct {
	entry     foldermap.Entry
	targetID  string // raw name at the destination; "" if the folder is left out
	status    mailbox.Status
	folder    ledger.Folder
	known     bool // folder is valid: the source's UIDVALIDITY was told
	copied    atomic.Int64
	kept      atomic.Int64 // by an undo: a person has worked with them
	bytes     atomic.Int64
	swept     *sweep
	err       error // why the whole folder could not be done
	done      bool
	announced bool
	told      uint32 // messages that the progress counts already
	unlisted  int64  // messages that the source counts and does not list
	unproven  int64  // messages that the verification did not find as they should be
}

// target is one destination folder with the source folders that go into it.
type target struct {
	id        string
	name      string
	status    mailbox.Status // of the latest Select
	origins   []*origin
	missing   bool
	fresh     bool         // made by this run
	subscribe bool         // the source is subscribed, the target is not yet
	steps     atomic.Int64 // grows with every success, so that setbacks are counted in a row
	firstLook glance       // when this run first asked; never for folders that were not there
	touched   atomic.Bool  // this run has sent something here: the first look is void
}

func (m *Mover) begin() *move {
	mv := &move{opt: m.opt, led: m.led, progress: &tracker{sink: m.sink}, book: &notebook{}, started: time.Now(), rest: m.rest, now: m.now, bounds: m.bounds}
	mv.halting, mv.halt = context.WithCancel(context.Background())
	mv.from = &side{name: "source", account: m.from, pause: mv.pause}
	mv.to = &side{name: "destination", account: m.to, pause: mv.pause}
	return mv
}

// run is the whole of a move.
func (m *Mover) run(ctx context.Context) (Result, error) {
	atWork.Add(1)
	defer atWork.Add(-1)
	mv := m.begin()
	first := &lane{move: mv}
	defer first.close()
	err := mv.prepare(ctx, first, true)
	if err == nil {
		err = errors.Join(mv.everyTarget(ctx, first, mv.bring), mv.throttle.close(context.WithoutCancel(ctx)))
	}
	return mv.result(ctx, err)
}

// prepare signs in, lists, maps and, if create, makes the missing folders.
func (mv *move) prepare(ctx context.Context, l *lane, create bool) error {
	mv.progress.phase(PhaseConnecting, "")
	if mv.from.account.Key() == mv.to.account.Key() {
		return core.E(core.Conflict, "move a mailbox into itself", nil, "mailbox", mv.from.account.Key())
	}
	var err error
	if mv.account, err = mv.led.Account(ctx, mv.from.account.Key(), mv.to.account.Key()); err != nil {
		return err
	}
	if err := l.connect(ctx); err != nil {
		return err
	}
	mv.srcTraits, mv.dstTraits = l.src.Traits(), l.dst.Traits()
	mv.throttle = newThrottle(mv.opt, preset.Engine(mv.srcTraits.Family, false), preset.Engine(mv.dstTraits.Family, true))
	mv.throttle.led, mv.throttle.place, mv.throttle.wait = mv.led, mv.to.account.Key(), mv.pauseUntil
	mv.progress.phase(PhaseListing, "")
	return mv.chart(ctx, l, create)
}

// everyTarget shares the targets out among the lanes.
func (mv *move) everyTarget(ctx context.Context, first *lane, act func(context.Context, *lane, *target) error) error {
	if len(mv.targets) == 0 {
		return nil
	}
	queue := make(chan *target, len(mv.targets))
	for _, t := range mv.targets {
		queue <- t
	}
	close(queue)
	var g errgroup.Group
	for i := range min(mv.lanes(), len(mv.targets)) {
		l := first
		if i > 0 {
			l = &lane{move: mv}
		}
		g.Go(func() error {
			if l != first {
				defer l.close()
				if err := l.connect(ctx); err != nil {
					return mv.fewer(ctx, err)
				}
			}
			for t := range queue {
				if mv.halting.Err() != nil {
					return nil
				}
				if err := mv.one(ctx, l, t, act); err != nil {
					mv.halt()
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// fewer decides what it means that an additional lane could not be opened: the
// first one carries on alone, unless the sign-in itself has become impossible.
func (mv *move) fewer(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	mv.book.note("connections_limited:" + classOf(err))
	return nil
}

// one works on a target; an error that concerns only this folder is recorded and
// does not stop the others.
func (mv *move) one(ctx context.Context, l *lane, t *target, act func(context.Context, *lane, *target) error) error {
	err := l.work(ctx, t, func(ctx context.Context, t *target) error { return act(ctx, l, t) })
	if err == nil {
		return nil
	}
	if mv.halting.Err() != nil {
		return nil // another lane has the reason
	}
	_, _, refusal := judge(err, 0)
	if final(ctx, err) || !refusal && lost(err) {
		return err
	}
	for _, o := range t.origins {
		if !o.done {
			o.err = err
		}
	}
	mv.book.trouble(troubleOf(err, t.name))
	if lost(err) {
		l.close()
	}
	return nil
}

// A line counts as long from this round trip on; then more lanes hide the waiting.
const (
	longLine     = 10 * time.Millisecond
	lanesFarAway = 8 // Dovecot allows ten connections per person and address
)

// lanes is how many connections a mailbox gets on each side.
func (mv *move) lanes() int {
	if mv.srcTraits.Kind == "pop3" {
		return 1 // a session locks the mailbox
	}
	if mv.opt.Connections > 0 {
		return mv.opt.Connections
	}
	from, to := preset.Engine(mv.srcTraits.Family, false), preset.Engine(mv.dstTraits.Family, true)
	n := max(1, min(from.Connections, to.Connections))
	own := n >= 3 && from.MessagesPerSecond+to.MessagesPerSecond == 0
	far := max(mv.srcTraits.RTT, mv.dstTraits.RTT) >= longLine
	switch {
	case mv.dstTraits.Kind != "imap":
		return 1 // one writer per archive
	case own && far:
		return slower(lanesFarAway, slower(from.MaxConnections, to.MaxConnections))
	case !mv.dstTraits.NonSync && n > 1:
		return 2 * n // every message waits for a round trip: only more lanes help
	case mv.dstTraits.MultiAppend && atWork.Load() > 1:
		return min(n, 2) // the mailboxes share the destination's disk already
	case mv.dstTraits.MultiAppend:
		return min(n, 3) // more only fight for the destination's disk
	}
	return n
}

// atWork counts the mailboxes that this process moves just now.
var atWork atomic.Int32

// wary is after how many refusals a connection to the destination is to be left,
// because the server would soon end it (Exchange: after ten); 0: never.
func (mv *move) wary() int {
	if mv.dstTraits.MultiAppend {
		return 0 // a batch is one refusal, and is halved with care
	}
	return preset.Engine(mv.dstTraits.Family, true).ErrorsPerConn
}

// pause waits and says so.
func (mv *move) pause(ctx context.Context, d time.Duration, class string) error {
	return mv.pauseUntil(ctx, time.Now().Add(d), class)
}

func (mv *move) pauseUntil(ctx context.Context, until time.Time, class string) error {
	before := mv.progress.snapshot()
	mv.progress.change(true, func(p *Progress) { p.Phase, p.WaitUntil, p.WaitClass = PhaseWaiting, until, class })
	wait, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(mv.halting, cancel)()
	if err := mv.rest(wait, time.Until(until)); err != nil {
		return core.E(core.Canceled, "wait", err)
	}
	mv.progress.change(true, func(p *Progress) { p.Phase, p.WaitUntil, p.WaitClass = before.Phase, time.Time{}, "" })
	return nil
}
