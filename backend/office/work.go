package office

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/secret"
)

const (
	// ahead is how many steps are written down as sent at once. After a crash so many
	// are looked up; one write of the disk for each would cost more than a fast provider.
	ahead = 50
	// late is how long what became of a step may be known in memory only.
	late = 500 * time.Millisecond
	// often is how often a listener is told.
	tellEvery = 200 * time.Millisecond
	// manyForbidden refusals for want of a right, one after the other, end a run: the
	// key is the trouble, not the change.
	manyForbidden = 3
)

// work is a run that is at work.
type work struct {
	d     *Desk
	turn  *sync.Mutex
	items []item
	ended chan struct{}
	stop  chan struct{}
	once  sync.Once

	mu  sync.Mutex
	run Run

	live      *Live
	reader    *reader
	passwords map[string]secret.Value
	ids       map[string]string // of handles
	places    map[string]string // names of departments made by the run
	view      *directory.View

	announced int // items before this one are written down as sent
	dirty     []int
	puts      []any
	entries   []audit.Entry
	written   time.Time
	toldAt    time.Time
	forbidden int
}

func newWork(d *Desk, r Run, items []item) *work {
	w := &work{d: d, turn: d.turns[r.Office], items: items, run: r, ended: make(chan struct{}), stop: make(chan struct{}), ids: map[string]string{}, places: map[string]string{}}
	w.recount()
	return w
}

// halt asks the work to stop after the change at hand.
func (w *work) halt() {
	w.once.Do(func() {
		w.mu.Lock()
		w.run.State = Stopping
		w.mu.Unlock()
		close(w.stop)
	})
}

// seen is the run at this moment.
func (w *work) seen() Run {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.run
	r.Kinds = cloneMap(r.Kinds)
	return r
}

// recount counts the steps and what became of them.
func (w *work) recount() {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := &w.run
	r.Total, r.Done, r.Failed, r.CanUndo, r.Kinds = 0, 0, 0, 0, map[Kind]int{}
	for _, it := range w.items {
		r.Kinds[it.step.Kind]++
		r.add(it.outcome, it.step.Undoable, 1)
	}
}

// carryOut does the steps that wait.
func (w *work) carryOut(ctx context.Context) {
	err := w.prepare(ctx)
	state := Done
	for i := range w.items {
		if err != nil {
			break
		}
		if w.items[i].outcome != Waiting {
			continue
		}
		select {
		case <-w.stop:
			state = Stopped
		case <-ctx.Done():
			state = Stopped
		default:
		}
		if state == Stopped {
			break
		}
		if err = w.announce(ctx, i); err == nil {
			err = w.one(ctx, i)
		}
	}
	w.end(context.WithoutCancel(ctx), state, err)
}

// prepare connects and reads what all steps need.
func (w *work) prepare(ctx context.Context) (err error) {
	if w.live, err = w.d.cfg.House.Live(ctx, w.run.Office); err != nil {
		return err
	}
	if w.view, err = w.d.cfg.Directory.View(ctx, w.run.Office); err != nil {
		return err
	}
	w.reader = &reader{live: w.live}
	var changes []Change
	for _, it := range w.items {
		if it.outcome == Waiting {
			changes = append(changes, it.change)
		} else if it.made != "" && it.change.Handle != "" {
			w.ids[it.change.Handle] = it.made
		}
	}
	w.passwords, err = w.d.reveal(ctx, changes)
	w.written = time.Now()
	return err
}

// announce writes down what became of the steps before, and that the next ones are
// about to be sent.
func (w *work) announce(ctx context.Context, i int) error {
	if i < w.announced {
		if time.Since(w.written) < late {
			return nil
		}
		return w.write(ctx, nil)
	}
	var about []int
	for n := i; n < len(w.items) && len(about) < ahead; n++ {
		if w.items[n].outcome == Waiting {
			about = append(about, w.items[n].step.Number)
		}
		w.announced = n + 1
	}
	return w.write(ctx, about)
}

// write brings the disk up to what is known.
func (w *work) write(ctx context.Context, about []int) error {
	items := make([]item, len(w.dirty))
	for n, i := range w.dirty {
		items[n] = w.items[i]
	}
	if err := w.d.cfg.House.Book().advance(ctx, w.seen(), items, about); err != nil {
		return err
	}
	w.dirty, w.written = w.dirty[:0], time.Now()
	if w.d.cfg.Record != nil && len(w.entries) > 0 {
		w.d.cfg.Record(ctx, w.entries...)
	}
	w.entries = nil
	if len(w.puts) > 0 {
		if err := w.d.cfg.Directory.Put(ctx, w.run.Office, true, w.puts...); err != nil {
			slog.Warn("the directory does not show what was changed", "err", err) // it is read again anyway
		}
		w.puts = nil
	}
	return nil
}

// end writes the last down and tells everybody.
func (w *work) end(ctx context.Context, state State, trouble error) {
	w.mu.Lock()
	failed := w.run.Failed
	switch {
	case trouble != nil:
		state = Cut
	case state == Done && failed > 0:
		state = Partly
	}
	w.run.State, w.run.Trouble = state, trouble
	w.run.Ended = time.Now().Truncate(time.Millisecond)
	w.mu.Unlock()
	for i := range w.items {
		if i < w.announced && w.items[i].outcome == Waiting {
			if w.items[i].doubt {
				w.items[i].outcome = Sent
			}
			w.dirty = append(w.dirty, i)
		}
	}
	w.entries = append(w.entries, w.summary())
	if err := w.write(ctx, nil); err != nil {
		slog.Error("what became of changes could not be written down", "err", err)
	}
	if w.d.cfg.Forget != nil && state.Over() {
		if handles := finished(w.items); len(handles) > 0 {
			w.d.cfg.Forget(ctx, handles)
		}
	}
	w.tell(true)
}

func (w *work) tell(last bool) {
	if w.d.cfg.Told == nil || !last && time.Since(w.toldAt) < tellEvery {
		return
	}
	w.toldAt = time.Now()
	w.d.cfg.Told(w.seen())
}

// settle keeps what became of a step.
func (w *work) settle(i int, o Outcome, trouble error) {
	it := &w.items[i]
	it.outcome, it.trouble, it.doubt, it.at = o, trouble, false, time.Now().Truncate(time.Millisecond)
	w.dirty = append(w.dirty, i)
	w.mu.Lock()
	w.run.Total--
	w.run.add(o, it.step.Undoable, 1)
	w.mu.Unlock()
	if o == Made || o == Failed || o == Refused || o == Unsure {
		w.entries = append(w.entries, w.entry(*it))
	}
	w.tell(false)
}

// resolve turns handles into IDs; an error names one that nothing stands behind,
// because its creation was refused.
func (w *work) resolve(c Change) (Change, error) {
	var missing error
	to := func(id string) string {
		if !strings.HasPrefix(id, "@") {
			return id
		}
		made, ok := w.ids[id]
		if !ok {
			missing = core.E(core.NotFound, "resolve handle", nil, "reason", "handle")
		}
		return made
	}
	c.Target, c.Heir = to(c.Target), to(c.Heir)
	c.Person.Departments = resolved(c.Person.Departments, to)
	c.Department.Parent = to(c.Department.Parent)
	c.List.Departments = resolved(c.List.Departments, to)
	c.Contact.Groups = resolved(c.Contact.Groups, to)
	return c, missing
}

// name writes departments and groups for the record.
func (w *work) name(id string) string {
	if name, ok := w.places[id]; ok {
		return name
	}
	if g, ok := w.view.Group(id); ok {
		return g.Name
	}
	return w.view.Path(id)
}

// keep remembers how an object is after a step.
func (w *work) keep(t thing, at ref) {
	w.reader.changed(at.object)
	if t.none() {
		w.puts = append(w.puts, directory.Gone{Object: string(at.object), ID: at.id})
		return
	}
	if t.Department != nil {
		w.places[t.Department.ID] = t.Department.Name
	}
	w.puts = append(w.puts, t.kept())
}

// born is what was created, as the directory should show it.
func born(made, after thing) thing {
	switch {
	case made.Person != nil && made.Person.Address != "" && !made.Person.Partial:
		return made
	case made.Person != nil:
		p := *after.Person
		p.ID, p.Partial = made.Person.ID, true
		return thing{Person: &p}
	case made.Department != nil && made.Department.Name != "", made.List != nil && made.List.Address != "" && !made.List.Partial,
		made.Contact != nil && made.Contact.Name != "", made.Group != nil && made.Group.Name != "":
		return made
	}
	return after.named(made.id())
}
