package records

import (
	"cmp"
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

// batch is how many records are written in one transaction, while as many more are made
// ready for the next.
const batch = 32_000

// Adding puts the records of one window of one source into the book: everything that
// a source tells in one go, however many pages. Equal events without an ID are counted
// within it, so that a window that is told again doubles nothing. What is taken is
// written beside the caller; [Adding.Flush] waits until it is. Not for several
// goroutines.
type Adding struct {
	b       *Book
	scope   string
	source  uint32
	making  *month.Maker
	waiting []month.Item
	spare   []month.Item // memory for those that wait next
	written chan outcome // of the batch that is being written; nil: none is
	count   counting
	tally   Tally
}

// outcome is what became of a batch.
type outcome struct {
	items []month.Item
	tally month.Tally
	err   error
}

// Begin begins a window of a source. scope keeps sources apart whose IDs may clash: the
// name of the provider or the server.
func (b *Book) Begin(ctx context.Context, scope string) (*Adding, error) {
	id, err := b.Source(ctx, scope)
	if err != nil {
		return nil, err
	}
	a := &Adding{b: b, scope: scope, source: id, count: newCounting()}
	a.making = a.maker()
	return a, nil
}

// maker makes items of the window, for one goroutine.
func (a *Adding) maker() *month.Maker { return month.NewMaker(a.scope, a.source) }

// Add takes records; they are written when there are many. The slice is the caller's,
// its records are cleaned. An error may be that of records taken before.
func (a *Adding) Add(ctx context.Context, records []logs.Record) error {
	items := make([]month.Item, 0, len(records))
	for i := range records {
		if !records[i].Clean() {
			a.tally.Unusable++
			continue
		}
		items = append(items, a.making.Item(0, &records[i]))
	}
	return a.take(ctx, items)
}

// Count numbers events without an ID that are known already, so that equal ones that
// follow are told apart from them. Nothing is kept of them.
func (a *Adding) Count(records []logs.Record) {
	for i := range records {
		if records[i].Clean() && records[i].ID == "" {
			a.count.next(uint64(logs.KeyOf(a.scope, &records[i])))
		}
	}
}

// take numbers prepared items and has them written when there are many.
func (a *Adding) take(ctx context.Context, items []month.Item) error {
	for i := range items {
		if r := items[i].Record(); r.ID == "" {
			if nth := a.count.next(items[i].Key()); nth > 0 {
				items[i] = a.making.Item(nth, r)
			}
		}
		items[i].Settle()
	}
	a.waiting = append(a.waiting, items...)
	if len(a.waiting) < a.b.batch {
		return nil
	}
	return a.write(ctx)
}

// write begins to write what waits, as soon as the batch before it is written.
func (a *Adding) write(ctx context.Context) error {
	if err := a.wait(); err != nil {
		return err
	}
	items := a.waiting
	a.waiting, a.spare = a.spare, nil
	written := make(chan outcome, 1)
	a.written = written
	a.b.beside.Go(func() {
		tally, err := a.b.write(ctx, items)
		clear(items)
		written <- outcome{items[:0], tally, err}
	})
	return nil
}

// wait waits for the batch that is being written.
func (a *Adding) wait() error {
	if a.written == nil {
		return nil
	}
	done := <-a.written
	a.written, a.spare = nil, done.items
	a.tally.add(done.tally)
	return done.err
}

// Flush writes what was taken.
func (a *Adding) Flush(ctx context.Context) error {
	if len(a.waiting) == 0 {
		return a.wait()
	}
	if err := a.write(ctx); err != nil {
		return err
	}
	return a.wait()
}

// Tally is what became of the records so far; those that wait are not counted.
func (a *Adding) Tally() Tally { return a.tally }

// write puts items into their months, the oldest first.
func (b *Book) write(ctx context.Context, items []month.Item) (sum month.Tally, err error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	byTime := func(x, y month.Item) int { return cmp.Compare(x.At(), y.At()) }
	if !slices.IsSortedFunc(items, byTime) {
		slices.SortStableFunc(items, byTime)
	}
	seen := time.Now()
	for len(items) > 0 {
		first := time.UnixMilli(items[0].At()).UTC()
		end := time.Date(first.Year(), first.Month()+1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
		n, _ := slices.BinarySearchFunc(items, end, func(it month.Item, end int64) int { return cmp.Compare(it.At(), end) })
		name := month.Of(first)
		m, done, err := b.use(ctx, name)
		if err != nil {
			return sum, err
		}
		b.writeTo(name)
		t, err := m.Add(ctx, items[:n], seen)
		done()
		if err != nil {
			return sum, err
		}
		sum.New, sum.Updated, sum.Same = sum.New+t.New, sum.Updated+t.Updated, sum.Same+t.Same
		items = items[n:]
	}
	return sum, nil
}

// writeTo lets the month that was written to last give its memory back, unless it is
// this one: reading years in goes from month to month.
func (b *Book) writeTo(name string) {
	b.mu.Lock()
	last := b.months[b.wrote]
	b.mu.Unlock()
	if last != nil && b.wrote != name {
		last.m.Rest()
	}
	b.wrote = name
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
