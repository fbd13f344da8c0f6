package office

import (
	"context"
	"time"

	"mailroom/backend/core"
)

// near is how soon a provider answers that gains nothing by being asked several things at
// once: one after the other these are two hundred a second, and no vendor allows so many.
const near = 5 * time.Millisecond

// away is what was sent and is not answered yet. All of it belongs to the goroutine that
// carries the run out; the others only send, and report to back.
type away struct {
	out  int           // how many are under way
	most int           // how many may be at present
	back chan answer   // has room for all of them
	late []answer      // whose outcome is found out when nothing else is under way
	soon time.Duration // how soon the soonest answer came
}

// answer is an order's first answer.
type answer struct {
	order
	made thing
	err  error
	took time.Duration
}

// goesAlong says whether a step can be sent while others are under way: creations of
// people of which nothing is in doubt. Their addresses differ, as the preview has made
// sure, and all else that a plan may do waits until they are answered.
func (w *work) goesAlong(i int) bool {
	it := &w.items[i]
	return it.change.Kind == CreatePerson && !it.doubt && w.live.Capabilities.AtOnce > 1 && !w.away.near()
}

// near says whether the soonest answer came so soon that nothing is gained by more calls
// at once.
func (a *away) near() bool { return a.soon > 0 && a.soon < near }

// room waits until a step can be sent. An error ends the run.
func (w *work) room(ctx context.Context, i int) error {
	for w.away.out > 0 && (!w.goesAlong(i) || len(w.away.late) > 0 || w.away.out >= w.away.most) {
		if err := w.in(<-w.away.back); err != nil {
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
	o, ok := w.ordered(i, c, ref{c.Kind.Of(), c.Target})
	if !ok {
		return nil
	}
	if w.away.back == nil {
		w.away.back, w.away.most = make(chan answer, w.live.Capabilities.AtOnce), 1
	}
	w.away.out++
	go func() {
		a := answer{order: o}
		begun := time.Now()
		a.made, a.err = o.out(ctx, w.live)
		a.took = time.Since(begun)
		w.away.back <- a
	}()
	return nil
}

// in takes an answer. With every person that was created one more may be under way, up
// to what the provider bears; after anything else it is one at a time again, so that a
// key that opens nothing is not tried by many at once.
func (w *work) in(a answer) error {
	w.away.out--
	if a.err == nil {
		w.made(a.i, a.at, a.made, a.after)
		if w.away.soon == 0 || a.took < w.away.soon {
			w.away.soon = a.took
		}
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

// findOut finds out what became of orders whose answer left that open, and sends again,
// one by one, what was too much at once. Nothing else is under way then.
func (w *work) findOut(ctx context.Context) error {
	for len(w.away.late) > 0 {
		a := w.away.late[0]
		w.away.late = w.away.late[1:]
		try := 1
		if core.CodeOf(a.err) == core.RateLimited {
			try = 2 // a vendor that asked to wait may have done it all the same
			a.made, a.err = a.out(ctx, w.live)
		}
		if err := w.answered(ctx, a.order, try, a.made, a.err); err != nil {
			return err
		}
	}
	return nil
}

// allIn waits for everything that is under way. trouble is why the run ends before its
// time, nil otherwise; what is in doubt stays so then.
func (w *work) allIn(ctx context.Context, trouble error) error {
	for w.away.out > 0 {
		if err := w.in(<-w.away.back); trouble == nil {
			trouble = err
		}
	}
	if trouble != nil {
		return trouble
	}
	return w.findOut(ctx)
}
