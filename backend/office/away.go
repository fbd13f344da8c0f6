package office

import (
	"context"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// near is how soon a provider answers that gains nothing by being asked several things at
// once: one after the other these are two hundred a second, and no vendor allows so many.
const near = 5 * time.Millisecond

// away is what was sent and is not answered yet. All of it belongs to the goroutine that
// carries the run out; the others only send, and report to back.
type away struct {
	out    int            // how many are under way
	most   int            // how many may be at present
	kind   Kind           // of all that is under way
	about  map[string]int // what they are about: nothing else about it is sent meanwhile
	orders chan *order    // to those who send; nil: there are none yet
	back   chan answer    // has room for all of them
	hands  int            // how many there are who send
	late   []answer       // whose outcome is found out when nothing else is under way
	soon   time.Duration  // how soon the soonest answer came
}

// answer is an order's first answer.
type answer struct {
	*order
	seen thing // where the target was looked at
	made thing // where the step was sent
	err  error
	took time.Duration
}

// near says whether the soonest answer came so soon that nothing is gained by more calls
// at once.
func (a *away) near() bool { return a.soon > 0 && a.soon < near }

// together says whether changes of a kind can be under way beside others of the same
// kind: those of single people, but for those that touch a second one.
func (k Kind) together() bool {
	switch k {
	case CreatePerson, UpdatePerson, DeletePerson, RestorePerson, SuspendPerson, ResumePerson, SetPassword,
		AddAlias, RemoveAlias, SetForward, SetMailRights, SetSignIn, SetHidden:
		return true
	}
	return false
}

// subjects are what a change is about, as far as another change of the same kind could be
// about it too: the order among those counts.
func (it item) subjects() []string {
	c := it.change
	all := []string{"id " + c.Target}
	switch c.Kind {
	case CreatePerson:
		all[0] = "address " + c.Person.Address
	case AddAlias, RemoveAlias:
		all = append(all, "address "+c.Address)
	case UpdatePerson: // somebody may get what somebody else had until just now
		for _, d := range it.step.Diffs {
			if d.Attr == provider.AttrStaffNo || d.Attr == provider.AttrMobile {
				for _, v := range append(d.Before[:len(d.Before):len(d.Before)], d.After...) {
					all = append(all, string(d.Attr)+" "+v)
				}
			}
		}
	}
	return all
}

// goesAlong says whether a step can be sent while others are under way: one of which
// nothing is in doubt. Where one answer holds everybody, a reading serves many steps, and
// they go one by one.
func (w *work) goesAlong(i int) bool {
	it := &w.items[i]
	_, whole := w.live.Provider.(provider.Whole)
	return it.change.Kind.together() && !it.doubt && w.live.Capabilities.AtOnce > 1 && !w.away.near() && (!whole || it.change.creates())
}

// fits says whether a step can be sent beside what is under way now: of the same kind, and
// about somebody else. All else that a plan does waits until they are answered.
func (w *work) fits(i int) bool {
	a := &w.away
	if a.out >= a.most || len(a.late) > 0 || w.items[i].change.Kind != a.kind || !w.goesAlong(i) {
		return false
	}
	for _, s := range w.items[i].subjects() {
		if a.about[s] > 0 {
			return false
		}
	}
	return true
}

// room waits until a step can be sent. An error ends the run.
func (w *work) room(ctx context.Context, i int) error {
	for w.away.out > 0 && !w.fits(i) {
		if err := w.in(ctx, w.next(ctx)); err != nil {
			return err
		}
	}
	if w.away.out == 0 {
		return w.findOut(ctx)
	}
	return nil
}

// begin does a step, or sends it and leaves its answer for later.
func (w *work) begin(ctx context.Context, i int) error {
	if !w.goesAlong(i) {
		return w.one(ctx, i)
	}
	c, err := w.resolve(w.items[i].change)
	if err != nil {
		w.settle(i, Failed, err)
		return nil
	}
	o := &order{i: i, c: c, at: ref{c.Kind.Of(), c.Target}, looks: !c.creates()}
	if !o.looks && !w.ready(o) {
		return nil
	}
	a := &w.away
	if a.orders == nil {
		a.orders, a.back, a.about = make(chan *order, w.live.Capabilities.AtOnce), make(chan answer, w.live.Capabilities.AtOnce), map[string]int{}
	}
	if a.kind != c.Kind { // the right to one kind says nothing about another
		a.kind, a.most = c.Kind, 1
	}
	a.out++
	for _, s := range w.items[i].subjects() {
		a.about[s]++
	}
	if a.out > a.hands {
		a.hands++
		go w.live.deliver(ctx, a.orders, a.back)
	}
	a.orders <- o
	return nil
}

// deliver sends orders and reports their answers until there are no more.
func (l *Live) deliver(ctx context.Context, orders <-chan *order, back chan<- answer) {
	for o := range orders {
		a, begun := answer{order: o}, time.Now()
		if o.looks {
			a.seen, a.err = (&reader{live: l}).read(ctx, o.at)
		} else {
			a.made, a.err = o.out(ctx, l)
		}
		a.took = time.Since(begun)
		back <- a
	}
}

// home is told that nothing of a step is under way any more.
func (w *work) home(i int) {
	w.away.out--
	for _, s := range w.items[i].subjects() {
		if w.away.about[s]--; w.away.about[s] == 0 {
			delete(w.away.about, s)
		}
	}
}

// next waits for an answer. What is known by then is written down meanwhile, however long
// the provider keeps silent.
func (w *work) next(ctx context.Context) answer {
	for len(w.dirty) > 0 {
		silent := time.NewTimer(late - time.Since(w.posted))
		select {
		case a := <-w.away.back:
			silent.Stop()
			return a
		case <-silent.C:
			w.post(ctx, nil, w.announced, w.seen())
		}
	}
	return <-w.away.back
}

// in takes an answer. With everything that was done one more may be under way, up to what
// the provider bears; after anything else it is one at a time again, so that a key that
// opens nothing is not tried by many at once.
func (w *work) in(ctx context.Context, a answer) error {
	if a.err == nil && (w.away.soon == 0 || a.took < w.away.soon) {
		w.away.soon = a.took
	}
	if a.looks {
		return w.looked(ctx, a)
	}
	w.home(a.i)
	if a.err == nil {
		w.made(a.i, a.at, a.made, a.after)
		w.away.most = min(w.away.most+1, w.live.Capabilities.AtOnce)
		return nil
	}
	w.away.most = 1
	if !leavesOpen(a.err) && core.CodeOf(a.err) != core.RateLimited {
		if standsStill(a.err) {
			return a.err
		}
		return w.refused(a.i, a.err)
	}
	w.items[a.i].doubt = true // and stays so where the run ends before it is found out
	w.away.late = append(w.away.late, a)
	return nil
}

// looked is told how a target is now, and sends its change if that is still to be done.
// Once the run is to end, nothing more is sent.
func (w *work) looked(ctx context.Context, a answer) error {
	if w.ending || w.halted(ctx) {
		w.home(a.i)
		return nil
	}
	if core.CodeOf(a.err) == core.RateLimited {
		w.home(a.i)
		w.away.most, w.away.late = 1, append(w.away.late, a)
		return nil
	}
	done, err := w.judge(a.i, a.c, a.at, a.seen, a.err)
	if err != nil || done || !w.ready(a.order) {
		w.home(a.i)
		return err
	}
	a.looks = false
	w.away.orders <- a.order
	return nil
}

// findOut finds out what became of orders whose answer left that open, and does again,
// one by one, what was too much at once. Nothing else is under way then.
func (w *work) findOut(ctx context.Context) error {
	for len(w.away.late) > 0 {
		a := w.away.late[0]
		w.away.late = w.away.late[1:]
		try, tooMuch := 1, core.CodeOf(a.err) == core.RateLimited
		switch {
		case tooMuch && w.halted(ctx): // it is asked about when the run goes on
			continue
		case a.looks, tooMuch && !a.c.creates(): // it is looked at again: some say so and have done it all the same
			if err := w.one(ctx, a.i); err != nil {
				return err
			}
			continue
		case tooMuch:
			try = 2 // likewise
			a.made, a.err = a.out(ctx, w.live)
		}
		if err := w.answered(ctx, *a.order, try, a.made, a.err); err != nil {
			return err
		}
	}
	return nil
}

// allIn waits for everything that is under way. trouble is why the run ends before its
// time, nil otherwise; what is in doubt stays so then.
func (w *work) allIn(ctx context.Context, trouble error) error {
	for w.away.out > 0 {
		w.ending = trouble != nil
		if err := w.in(ctx, w.next(ctx)); trouble == nil {
			trouble = err
		}
	}
	if w.away.orders != nil {
		close(w.away.orders)
	}
	if trouble != nil {
		return trouble
	}
	return w.findOut(ctx)
}
