package office

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

const (
	// ahead is how many steps are written down as sent at once. After a crash so many
	// are looked up; one write of the disk for each would cost more than a fast provider.
	ahead = 50
	// late is how long what became of a step may be known in memory only.
	late = 500 * time.Millisecond
	// tellEvery is how often a listener is told.
	tellEvery = 200 * time.Millisecond
	// manyForbidden refusals for want of a right, one after the other, end a run: the
	// key is the trouble, not the change.
	manyForbidden = 3
)

// work is a run that is at work.
type work struct {
	d     *Desk
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

	announced int // items before this one are written down as sent
	dirty     []int
	posted    time.Time
	puts      []any // for the directory
	putAt     time.Time
	pages     chan *page // for the writer
	coming    *page      // announces the next stretch
	toldAt    time.Time
	forbidden int
	stirred   bool // something was deleted or brought back
	away      away
	ending    bool            // for a trouble: nothing more is sent
	unborn    map[string]bool // addresses whose creation was not done
}

func newWork(d *Desk, r Run, items []item) *work {
	w := &work{d: d, items: items, run: r, ended: make(chan struct{}), stop: make(chan struct{}), ids: map[string]string{}, unborn: map[string]bool{}}
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
	w.run.tally(w.items)
}

// carryOut does the steps that wait and tells how the run ended, which nobody sees yet.
func (w *work) carryOut(ctx context.Context) (final Run) {
	err := w.prepare(ctx)
	state := Done
	for i := 0; i < len(w.items) && err == nil; i++ {
		if w.items[i].outcome != Waiting {
			continue
		}
		if err = w.room(ctx, i); err != nil {
			break
		}
		if w.halted(ctx) {
			state = Stopped
			break
		}
		if err = w.announce(ctx, i); err == nil {
			err = w.begin(ctx, i)
		}
	}
	return w.end(context.WithoutCancel(ctx), state, w.allIn(ctx, err))
}

// halted says whether the work was asked to stop.
func (w *work) halted(ctx context.Context) bool {
	select {
	case <-w.stop:
		return true
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

// prepare connects and reads what all steps need.
func (w *work) prepare(ctx context.Context) (err error) {
	if w.live, err = w.d.cfg.House.Live(ctx, w.run.Office); err != nil {
		return err
	}
	if w.live.ReadOnly { // switched after the preview
		return core.E(core.Forbidden, "run changes", nil, "reason", string(provider.ReadOnly))
	}
	w.reader = &reader{live: w.live}
	for i := range w.items {
		if it := &w.items[i]; it.outcome != Waiting && it.made != "" && it.change.Handle != "" {
			w.ids[it.change.Handle] = it.made
		}
	}
	w.reader.closely = targets(w.waiting) <= closely
	w.passwords, err = w.d.reveal(ctx, w.waiting)
	return err
}

// waiting are the changes that wait.
func (w *work) waiting(yield func(Change) bool) {
	for i := range w.items {
		if it := &w.items[i]; it.outcome == Waiting && !yield(it.change) {
			return
		}
	}
}

// first announces the first steps: those before the returned place are written down as
// sent together with the run itself.
func (w *work) first() int {
	_, w.announced = stretchOf(w.items, 0)
	return w.announced
}

// page is a part of what is written down in the background.
type page struct {
	run   Run
	last  bool // of the run
	items []item
	about []int
	upTo  int // items before this one are written down as sent then
	puts  []any
	done  chan struct{}
	err   error // valid after done
}

// announce makes sure that the step is written down as sent before it is. While the
// steps of one stretch are sent, the next stretch is written down already, together with
// what became of those before.
func (w *work) announce(ctx context.Context, i int) error {
	if i < w.announced {
		if w.coming == nil {
			w.coming = w.stretch(ctx, w.announced)
		}
		if time.Since(w.posted) >= late && len(w.dirty) > 0 {
			w.post(ctx, nil, w.announced, w.seen())
		}
		return nil
	}
	if w.coming == nil {
		w.coming = w.stretch(ctx, i)
	}
	<-w.coming.done
	if w.coming.err != nil {
		return w.coming.err
	}
	w.announced = w.coming.upTo
	w.coming = w.stretch(ctx, w.announced)
	return nil
}

// stretch announces the next steps from one on.
func (w *work) stretch(ctx context.Context, from int) *page {
	about, upTo := stretchOf(w.items, from)
	return w.post(ctx, about, upTo, w.seen())
}

// stretchOf are the numbers of the next steps from one on that are announced together,
// and the first place after them.
func stretchOf(items []item, from int) (about []int, upTo int) {
	upTo = from
	for n := from; n < len(items) && len(about) < ahead; n++ {
		if items[n].outcome == Waiting {
			about = append(about, items[n].step.Number)
		}
		upTo = n + 1
	}
	return about, upTo
}

// post hands what is known to the writer.
func (w *work) post(ctx context.Context, about []int, upTo int, r Run) *page {
	p := &page{run: r, about: about, upTo: upTo, items: make([]item, len(w.dirty)), done: make(chan struct{})}
	for n, i := range w.dirty {
		p.items[n] = w.items[i]
	}
	w.dirty, w.posted = w.dirty[:0], time.Now()
	if p.last = r.State != Running && r.State != Stopping; p.last || time.Since(w.putAt) >= late {
		p.puts, w.puts, w.putAt = w.puts, nil, w.posted
	}
	if w.pages == nil {
		w.pages = make(chan *page, 4)
		go func(pages chan *page) {
			for p := range pages {
				p.err = w.write(context.WithoutCancel(ctx), p)
				close(p.done)
			}
		}(w.pages)
	}
	w.pages <- p
	return p
}

// write brings the disk up to a page. The record comes first: a program that is killed in
// between finds the step done when it goes on, and tells the record once more. The other
// way round the record would never hear of it.
func (w *work) write(ctx context.Context, p *page) error {
	if entries := p.entries(); w.d.cfg.Record != nil && len(entries) > 0 {
		w.d.cfg.Record(ctx, entries...)
	}
	if err := w.d.cfg.House.Book().advance(ctx, p.run, p.items, p.about); err != nil {
		return err
	}
	if len(p.puts) > 0 {
		if err := w.d.cfg.Directory.Put(ctx, p.run.Office, true, p.puts...); err != nil {
			slog.Warn("the directory does not show what was changed", "err", err) // it is read again anyway
		}
	}
	return nil
}

// end writes the last down.
func (w *work) end(ctx context.Context, state State, trouble error) (final Run) {
	final = w.seen()
	switch {
	case trouble != nil:
		state = Cut
	case state == Done && final.Failed > 0:
		state = Partly
	}
	final.State, final.Trouble, final.Ended = state, trouble, time.Now().Truncate(time.Millisecond)
	upTo := w.announced
	if w.coming != nil {
		upTo = w.coming.upTo
	}
	for i := range w.items[:upTo] {
		if w.items[i].outcome == Waiting { // written down as sent, and was not
			if w.items[i].doubt {
				w.items[i].outcome = Sent
			}
			w.dirty = append(w.dirty, i)
		}
	}
	last := w.post(ctx, nil, upTo, final)
	<-last.done
	close(w.pages)
	if last.err != nil {
		slog.Error("what became of changes could not be written down", "err", last.err)
	}
	if w.d.cfg.Forget != nil && state.Over() {
		if handles := finished(w.items); len(handles) > 0 {
			w.d.cfg.Forget(ctx, handles)
		}
	}
	return final
}

// show lets the run be seen as ended.
func (w *work) show(final Run) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.run = final
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
	if it.change.Kind == CreatePerson && o != Made && o != There {
		w.unborn[it.change.Person.Address] = true
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
	c.Tag.Departments = resolved(c.Tag.Departments, to)
	c.Contact.Groups = resolved(c.Contact.Groups, to)
	c.AddMembers = slices.DeleteFunc(slices.Clone(c.AddMembers), func(m string) bool { return w.unborn[m] }) // nobody is there to write to
	return c, missing
}

// keep remembers how an object is after a step.
func (w *work) keep(t thing, at ref) {
	w.reader.keep(at, t)
	if t.none() {
		w.puts = append(w.puts, directory.Gone{Object: string(at.object), ID: at.id})
		return
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
		made.Contact != nil && made.Contact.Name != "", made.Group != nil && made.Group.Name != "", made.Tag != nil && made.Tag.Name != "" && !made.Tag.Partial:
		return made
	}
	return after.named(made.id())
}
