// Package monitor examines chosen domains again and again while the program runs,
// keeps what it saw in a file of its own, and tells what changed. While the
// computer's own network is away it stays quiet: nothing is then said about a domain.
// It leaves out the checks themselves, which an [Examiner] carries out, and every
// sentence and picture.
package monitor

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/store"
)

// Watch is a domain that is looked at on a schedule.
type Watch struct {
	ID     string
	Domain string
	Only   []string      // ids or groups of checks; empty: all
	Every  time.Duration // between [Least] and [Most]
	On     bool
	Next   time.Time // of the next look
	Made   time.Time
}

// Bounds of the pause between two looks.
const (
	Least = 5 * time.Minute
	Most  = 7 * 24 * time.Hour
	// kept is how long history lasts.
	kept = 180 * 24 * time.Hour
	// atMost bounds the number of watches.
	atMost = 200
)

// Look is one examination, in figures.
type Look struct {
	At      time.Time
	Verdict doctor.Verdict // the worst; [doctor.Skipped] while the network was away
	Away    bool           // the computer's own network was away
	Fails   int
	Warns   int
	Passes  int
	Took    time.Duration
}

// Change is a check that ends differently from the last time.
type Change struct {
	WatchID string
	Domain  string
	At      time.Time
	Check   string
	Subject string
	From    doctor.Verdict // "" it was not there before
	To      doctor.Verdict // "" it is not there any more
	Reason  string         // picks the text of the new state
}

// Worse says that the change is a reason to look.
func (c Change) Worse() bool {
	return c.To == doctor.Fail || c.To == doctor.Warn && c.From != doctor.Fail
}

// Examiner carries out checks of a domain; its error is told as a look with no network.
type Examiner func(ctx context.Context, domain string, only []string) ([]doctor.Finding, error)

// Monitor looks on schedule. It is safe for use by many goroutines.
type Monitor struct {
	db      *store.DB
	examine Examiner
	told    func(Watch, Look, []Change)
	now     func() time.Time

	mu     sync.Mutex
	busy   map[string]bool
	stir   chan struct{} // somebody changed a watch
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// Options of a monitor; the zero value is the real world.
type Options struct {
	Now func() time.Time // nil: time.Now
	// Told hears of every look and what changed; it must not block for long.
	Told func(Watch, Look, []Change)
}

// Open opens or makes the file and begins to look. Errors are those of [store.Open].
func Open(ctx context.Context, path string, examine Examiner, o Options) (*Monitor, error) {
	db, err := store.Open(ctx, path, migrations)
	if err != nil {
		return nil, err
	}
	m := &Monitor{db: db, examine: examine, told: o.Told, now: o.Now, busy: map[string]bool{}, stir: make(chan struct{}, 1)}
	if m.now == nil {
		m.now = time.Now
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	m.cancel = cancel
	m.done.Go(func() { m.schedule(run) })
	return m, nil
}

// Close ends looking and closes the file.
func (m *Monitor) Close() error {
	m.cancel()
	m.done.Wait()
	return m.db.Close()
}

// schedule looks at whatever is due, one domain after the other, and sleeps until the
// next is.
func (m *Monitor) schedule(ctx context.Context) {
	for {
		due, next := m.due(ctx)
		for _, w := range due {
			if ctx.Err() != nil {
				return
			}
			if _, err := m.look(ctx, w); err != nil && ctx.Err() == nil {
				slog.Warn("a watched domain could not be looked at", "err", err)
			}
		}
		if len(due) > 0 {
			continue
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-m.stir:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// nap is the longest sleep: a computer that slept or whose clock changed is noticed.
const nap = time.Minute

// due lists what is to be looked at now, and how long to sleep if nothing is.
func (m *Monitor) due(ctx context.Context) (due []Watch, pause time.Duration) {
	all, err := m.Watches(ctx)
	if err != nil {
		return nil, nap
	}
	pause = nap
	now := m.now()
	for _, w := range all {
		switch {
		case !w.On:
		case !w.Next.After(now):
			due = append(due, w)
		default:
			pause = min(pause, w.Next.Sub(now))
		}
	}
	return due, pause
}

// LookNow looks at once, whatever the schedule says. Errors: not_found, conflict while
// the domain is being looked at, those of ctx.
func (m *Monitor) LookNow(ctx context.Context, id string) (Look, error) {
	w, err := m.watch(ctx, id)
	if err != nil {
		return Look{}, err
	}
	return m.look(ctx, w)
}

func (m *Monitor) look(ctx context.Context, w Watch) (Look, error) {
	if !m.begin(w.ID) {
		return Look{}, core.E(core.Conflict, "look at domain", nil, "id", w.ID)
	}
	l, changes, err := m.examineAndSave(ctx, w)
	m.end(w.ID)
	if err == nil && m.told != nil {
		m.told(w, l, changes)
	}
	return l, err
}

func (m *Monitor) begin(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.busy[id] {
		return false
	}
	m.busy[id] = true
	return true
}

func (m *Monitor) end(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.busy, id)
}

func (m *Monitor) examineAndSave(ctx context.Context, w Watch) (Look, []Change, error) {
	begin := m.now()
	found, err := m.examine(ctx, w.Domain, w.Only)
	if ctxErr := ctx.Err(); ctxErr != nil {
		return Look{}, nil, core.E(core.CodeOf(ctxErr), "look at domain", ctxErr)
	}
	l := figures(found)
	l.At, l.Took = begin, m.now().Sub(begin)
	if err != nil || networkAway(found) {
		l = Look{At: begin, Took: l.Took, Verdict: doctor.Skipped, Away: true}
		found = nil
	}
	changes, err := m.save(ctx, w, l, found)
	return l, changes, err
}

// awayReasons are the ways in which findings say that it is the computer's own network.
var awayReasons = []string{"no_network", "portal"}

func networkAway(found []doctor.Finding) bool {
	talked := false
	for _, f := range found {
		if f.Verdict != doctor.Skipped {
			talked = true
		}
		if slices.Contains(awayReasons, f.Reason) || f.Check == "ports.network" && f.Verdict != doctor.Pass || f.Reason == "captive" {
			return true
		}
	}
	return !talked
}

func figures(found []doctor.Finding) Look {
	l := Look{Verdict: doctor.Pass}
	for _, f := range found {
		switch f.Verdict {
		case doctor.Fail:
			l.Fails++
		case doctor.Warn:
			l.Warns++
		case doctor.Pass:
			l.Passes++
		}
	}
	switch {
	case l.Fails > 0:
		l.Verdict = doctor.Fail
	case l.Warns > 0:
		l.Verdict = doctor.Warn
	case l.Passes == 0:
		l.Verdict = doctor.Skipped
	}
	return l
}

// Save makes a watch (ID "") or changes one; it returns it as kept. Errors: invalid for
// the domain or the pause, not_found, too_big where there are too many.
func (m *Monitor) Save(ctx context.Context, w Watch) (Watch, error) {
	if w.Domain == "" || len(w.Domain) > 253 {
		return w, core.E(core.Invalid, "watch domain", nil, "field", "domain", "reason", "missing")
	}
	if w.Every < Least || w.Every > Most {
		return w, core.E(core.Invalid, "watch domain", nil, "field", "every", "reason", "malformed")
	}
	if w.ID == "" {
		all, err := m.Watches(ctx)
		if err != nil {
			return w, err
		}
		if len(all) >= atMost {
			return w, core.E(core.TooBig, "watch domain", nil, "limit", "200")
		}
		w.ID, w.Made = rand.Text(), m.now()
	} else {
		old, err := m.watch(ctx, w.ID)
		if err != nil {
			return w, err
		}
		w.Made = old.Made
	}
	w.Next = m.now()
	if err := m.put(ctx, w); err != nil {
		return w, err
	}
	m.wake()
	return w, nil
}

func (m *Monitor) wake() {
	select {
	case m.stir <- struct{}{}:
	default:
	}
}

func (m *Monitor) watch(ctx context.Context, id string) (Watch, error) {
	all, err := m.Watches(ctx)
	if err != nil {
		return Watch{}, err
	}
	i := slices.IndexFunc(all, func(w Watch) bool { return w.ID == id })
	if i < 0 {
		return Watch{}, core.E(core.NotFound, "find watch", errors.New("no such watch"), "id", id)
	}
	return all[i], nil
}
