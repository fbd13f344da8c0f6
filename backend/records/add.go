package records

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records/month"
)

// Tally counts what became of records that were added.
type Tally struct {
	month.Tally
	Unusable int // without a known kind or a time that can be kept
}

// Add sums another tally up.
func (t *Tally) Add(o Tally) {
	t.add(o.Tally)
	t.Unusable += o.Unusable
}

func (t *Tally) add(o month.Tally) {
	t.New += o.New
	t.Updated += o.Updated
	t.Same += o.Same
}

// batch is how many records are written in one transaction.
const batch = 16_000

// Adding puts the records of one window of one source into the book: everything that
// a source tells in one go, however many pages. Equal events without an ID are counted
// within it, so that a window that is told again doubles nothing. Not for several
// goroutines.
type Adding struct {
	b       *Book
	scope   string
	source  uint32
	waiting []month.Item
	count   counting
	tally   Tally
}

// Begin begins a window of a source. scope keeps sources apart whose IDs may clash: the
// name of the provider or the server.
func (b *Book) Begin(ctx context.Context, scope string) (*Adding, error) {
	id, err := b.Source(ctx, scope)
	if err != nil {
		return nil, err
	}
	return &Adding{b: b, scope: scope, source: id, count: newCounting()}, nil
}

// Add takes records; they are written when there are many. The slice is the caller's,
// its records are cleaned.
func (a *Adding) Add(ctx context.Context, records []logs.Record) error {
	items, bad := a.prepare(records)
	a.tally.Unusable += bad
	return a.take(ctx, items)
}

// prepare cleans records and makes items of them. It may run beside others.
func (a *Adding) prepare(records []logs.Record) (items []month.Item, bad int) {
	items = make([]month.Item, 0, len(records))
	for i := range records {
		if !records[i].Clean() {
			bad++
			continue
		}
		items = append(items, month.Prepare(a.scope, a.source, 0, &records[i]))
	}
	return items, bad
}

// take numbers prepared items and writes them when there are many.
func (a *Adding) take(ctx context.Context, items []month.Item) error {
	for i := range items {
		if r := items[i].Record(); r.ID == "" {
			if nth := a.count.next(items[i].Key()); nth > 0 {
				items[i] = month.Prepare(a.scope, a.source, nth, r)
			}
		}
		items[i].Settle()
	}
	a.waiting = append(a.waiting, items...)
	if len(a.waiting) < a.b.batch {
		return nil
	}
	return a.Flush(ctx)
}

// Flush writes what was taken.
func (a *Adding) Flush(ctx context.Context) error {
	if len(a.waiting) == 0 {
		return nil
	}
	tally, err := a.b.write(ctx, a.waiting)
	a.tally.add(tally)
	if err != nil {
		return err
	}
	clear(a.waiting)
	a.waiting = a.waiting[:0]
	return nil
}

// Tally is what became of the records so far; those that wait are not counted.
func (a *Adding) Tally() Tally { return a.tally }

// write puts items into their months.
func (b *Book) write(ctx context.Context, items []month.Item) (sum month.Tally, err error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	byMonth := map[string][]month.Item{}
	for _, it := range items {
		name := month.Of(it.At())
		byMonth[name] = append(byMonth[name], it)
	}
	names := make([]string, 0, len(byMonth))
	for name := range byMonth {
		names = append(names, name)
	}
	slices.Sort(names)
	seen := time.Now()
	for _, name := range names {
		m, done, err := b.use(ctx, name)
		if err != nil {
			return sum, err
		}
		t, err := m.Add(ctx, byMonth[name], seen)
		if name != names[len(names)-1] {
			m.Rest() // in a long import the past is not written to again
		}
		done()
		if err != nil {
			return sum, err
		}
		sum.New, sum.Updated, sum.Same = sum.New+t.New, sum.Updated+t.Updated, sum.Same+t.Same
	}
	return sum, nil
}

// counting counts equal events. It forgets what was counted long ago: equal events
// have the same time, and are told near each other.
type counting struct {
	now, before map[uint64]int
}

const countingMost = 100_000

func newCounting() counting { return counting{now: map[uint64]int{}} }

func (c *counting) next(key uint64) int {
	n, ok := c.now[key]
	if !ok {
		n = c.before[key]
	}
	if len(c.now) >= countingMost {
		c.before, c.now = c.now, make(map[uint64]int, countingMost)
	}
	c.now[key] = n + 1
	return n
}

// parallel runs f over the inputs in order, several at a time, and hands the results on
// in order. It ends with the first error of f or of take.
func parallel[In, Out any](ctx context.Context, inputs <-chan In, f func(In) (Out, error), take func(Out) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	type promise chan Out
	line := make(chan promise, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(line)
		for in := range inputs {
			p := make(promise, 1)
			select {
			case line <- p:
			case <-ctx.Done():
				return
			}
			wg.Go(func() {
				out, err := f(in)
				if err != nil {
					cancel(err)
				}
				p <- out
			})
		}
	})
	var failed error
	for p := range line {
		out := <-p
		if failed == nil && ctx.Err() == nil {
			if failed = take(out); failed != nil {
				cancel(failed)
			}
		}
	}
	wg.Wait()
	if failed == nil && ctx.Err() != nil {
		failed = context.Cause(ctx)
	}
	return failed
}
