package office

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office/directory"
)

// DeskConfig is what a desk works with.
type DeskConfig struct {
	House     *House
	Directory *directory.Store
	// Record writes down what was done, with before and after; nil: nobody does.
	Record func(context.Context, ...audit.Entry)
	// Told hears that a run is further; it must not block. nil: nobody listens.
	Told func(Run)
	// Forget removes passwords of the vault that are no longer needed; nil: they stay.
	Forget func(ctx context.Context, handles []string)
}

// Desk shows what changes would do, carries them out and takes them back. It is safe
// for concurrent use.
type Desk struct {
	cfg  DeskConfig
	root context.Context
	stop context.CancelFunc

	mu      sync.Mutex
	plans   map[string]*plan
	working map[string]*work // by run
	turns   map[string]*turn
	closed  bool
	done    sync.WaitGroup
}

// OpenDesk opens the desk on the house's book. Runs that were cut off when the program
// ended are shown as interrupted; they go on when they are told to.
func OpenDesk(ctx context.Context, cfg DeskConfig) (*Desk, error) {
	if err := cfg.House.Book().cutOff(ctx); err != nil {
		return nil, err
	}
	d := &Desk{cfg: cfg, plans: map[string]*plan{}, working: map[string]*work{}, turns: map[string]*turn{}}
	d.root, d.stop = context.WithCancel(context.WithoutCancel(ctx))
	return d, nil
}

// Working says whether a run of the office is at work; "" asks for all offices.
func (d *Desk) Working(office string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, w := range d.working {
		if office == "" || w.run.Office == office {
			return true
		}
	}
	return false
}

// AtWork counts the runs that are at work.
func (d *Desk) AtWork() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.working)
}

// Close asks all runs to stop after the change at hand and waits for them; when ctx ends
// they are cut off. They can go on at the next start.
func (d *Desk) Close(ctx context.Context) error {
	d.mu.Lock()
	d.closed = true
	for _, w := range d.working {
		w.halt()
	}
	d.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		d.done.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		d.stop()
	case <-ctx.Done():
		d.stop()
		<-ended
	}
	return nil
}

// Apply carries a plan out in the background; refused steps are left out. typed is what
// the person typed, where the plan demands it. Errors: not_found (the plan is too old),
// invalid.
func (d *Desk) Apply(ctx context.Context, planID, typed string) (Run, error) {
	id, err := d.officeOf(planID)
	if err != nil {
		return Run{}, err
	}
	live, err := d.cfg.House.Live(ctx, id) // first: a plan that cannot be sent now is still good
	if err != nil {
		return Run{}, err
	}
	t, err := d.enter(id)
	if err != nil {
		return Run{}, err
	}
	p, err := d.take(planID, typed)
	if err != nil {
		d.leave(t)
		return Run{}, err
	}
	r := Run{ID: rand.Text(), Office: p.Office, Title: live.Title(), Started: time.Now().Truncate(time.Millisecond), State: Running, Undoes: p.Undoes}
	items := make([]item, len(p.items))
	for i := range p.items {
		items[i] = item{planned: &p.items[i], outcome: Waiting}
		if p.items[i].step.Refusal != nil {
			items[i].outcome = Refused
		}
	}
	w := newWork(d, r, items)
	if err := d.cfg.House.Book().begin(ctx, w.seen(), w.items, w.first()); err != nil {
		d.leave(t)
		return Run{}, err
	}
	return d.set(t, w)
}

// Resume goes on with a run that was stopped or interrupted, and tries again what
// failed. What was sent and never answered is looked up before anything is sent again.
// Errors: not_found, conflict (it is at work, or there is nothing left to do), in_use
// (another program of this computer sends changes to the office).
func (d *Desk) Resume(ctx context.Context, runID string) (Run, error) {
	r, err := d.cfg.House.Book().run(ctx, runID)
	if err != nil {
		return r, err
	}
	t, err := d.enter(r.Office)
	if err != nil {
		return r, err
	}
	return d.resume(ctx, t, runID)
}

// resume goes on with a run of an office whose turn is ours; the turn is given back
// where it cannot.
func (d *Desk) resume(ctx context.Context, t *turn, runID string) (_ Run, err error) {
	set := false
	defer func() {
		if !set {
			d.leave(t)
		}
	}()
	r, err := d.cfg.House.Book().run(ctx, runID) // again: it may have ended meanwhile
	if err != nil {
		return r, err
	}
	items, err := d.cfg.House.Book().items(ctx, runID, 0, 0)
	if err != nil {
		return r, err
	}
	left := 0
	for i := range items {
		it := &items[i]
		switch it.outcome {
		case Sent, Unsure:
			it.doubt, it.outcome = true, Waiting
		case Failed:
			it.outcome, it.trouble = Waiting, nil
		}
		if it.outcome == Waiting {
			left++
		}
	}
	if left == 0 {
		return r, core.E(core.Conflict, "go on with run", nil, "reason", "nothing")
	}
	r.State, r.Ended, r.Trouble = Running, time.Time{}, nil
	set = true
	return d.set(t, newWork(d, r, items))
}

// set sets a run to work in its turn, which is given back when it has ended.
func (d *Desk) set(t *turn, w *work) (Run, error) {
	r := w.seen()
	d.mu.Lock()
	var trouble error
	switch {
	case d.closed:
		trouble = core.E(core.Canceled, "run changes", errors.New("the desk is closed"))
	case d.working[r.ID] != nil:
		trouble = core.E(core.Conflict, "run changes", nil, "reason", "working")
	}
	if trouble != nil {
		d.mu.Unlock()
		d.leave(t)
		return r, trouble
	}
	defer d.mu.Unlock()
	d.working[r.ID] = w
	d.done.Go(func() {
		t.Lock() // one run at a time for each office
		defer t.Unlock()
		final := w.carryOut(d.root)
		d.leave(t)
		d.mu.Lock()
		w.show(final) // only now: what is seen as ended is written down and may go on
		delete(d.working, r.ID)
		d.mu.Unlock()
		w.tell(true)
		close(w.ended)
	})
	return w.seen(), nil
}

// Stop asks a run to end after the change at hand. Errors: not_found, conflict (it is
// not at work).
func (d *Desk) Stop(ctx context.Context, runID string) (Run, error) {
	d.mu.Lock()
	w := d.working[runID]
	d.mu.Unlock()
	if w == nil {
		r, err := d.cfg.House.Book().run(ctx, runID)
		if err == nil {
			err = core.E(core.Conflict, "stop run", nil, "reason", "not_working")
		}
		return r, err
	}
	w.halt()
	return w.seen(), nil
}

// Wait waits until a run is no longer at work. Errors: those of ctx, not_found.
func (d *Desk) Wait(ctx context.Context, runID string) (Run, error) {
	d.mu.Lock()
	w := d.working[runID]
	d.mu.Unlock()
	if w != nil {
		select {
		case <-w.ended:
		case <-ctx.Done():
			return w.seen(), ctx.Err()
		}
	}
	return d.cfg.House.Book().run(ctx, runID)
}

// Undo previews what takes a run back: what was created is deleted, what was changed is
// set back, the last first. What cannot be taken back is refused with the reason. The
// plan is applied like any other. Errors: not_found, conflict (it is at work or was taken
// back already).
func (d *Desk) Undo(ctx context.Context, runID string) (Plan, error) {
	r, err := d.Run(ctx, runID)
	if err != nil {
		return Plan{}, err
	}
	if r.State == Running || r.State == Stopping || r.Undone != "" {
		reason := "working"
		if r.Undone != "" {
			reason = "undone"
		}
		return Plan{}, core.E(core.Conflict, "undo run", nil, "reason", reason)
	}
	items, err := d.cfg.House.Book().items(ctx, runID, 0, 0)
	if err != nil {
		return Plan{}, err
	}
	live, err := d.cfg.House.Live(ctx, r.Office)
	if err != nil {
		return Plan{}, err
	}
	changes, kept := live.undoing(items)
	return d.preview(ctx, r.Office, changes, runID, kept...)
}

// Runs lists an office's runs, the newest first; "" for the office: of all.
func (d *Desk) Runs(ctx context.Context, office string, limit int) ([]Run, error) {
	all, err := d.cfg.House.Book().runs(ctx, office, limit)
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, r := range all {
		if w := d.working[r.ID]; w != nil {
			all[i] = w.seen()
		}
	}
	return all, err
}

// Run reads one.
func (d *Desk) Run(ctx context.Context, id string) (Run, error) {
	d.mu.Lock()
	w := d.working[id]
	d.mu.Unlock()
	if w != nil {
		return w.seen(), nil
	}
	return d.cfg.House.Book().run(ctx, id)
}

// Results reads a page of a run's steps and what became of them, in their order; limit
// 0: all.
func (d *Desk) Results(ctx context.Context, run string, from, limit int) ([]Result, error) {
	items, err := d.cfg.House.Book().items(ctx, run, from, limit)
	all := make([]Result, len(items))
	for i, it := range items {
		all[i] = it.result()
	}
	return all, err
}
