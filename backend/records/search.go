package records

import (
	"context"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records/month"
	"mailroom/backend/records/query"
)

// Hit is a record with its place in the book.
type Hit = month.Hit

// Search calls visit for the records that a question asks for, newest first, beginning
// below the place before (0: with the newest), until visit returns false. more says
// whether it was visit that ended it.
func (b *Book) Search(ctx context.Context, q query.Query, before int64, visit func(Hit) bool) (more bool, err error) {
	names, err := b.monthsOf(q, before)
	if err != nil || len(names) == 0 {
		return false, err
	}
	// Most questions are answered by the newest month. What is not is rare: several
	// months are looked through beside each other then.
	if more, err := b.searchMonth(ctx, names[0], q, before, visit); more || err != nil {
		return more, err
	}
	return b.searchAhead(ctx, names[1:], q, before, visit)
}

// monthsOf lists the months in which a question may find anything, the newest first.
func (b *Book) monthsOf(q query.Query, before int64) (names []string, err error) {
	all, err := b.Months()
	from, to := q.Range()
	for _, name := range all {
		first, _ := time.Parse("2006-01", name)
		next := first.AddDate(0, 1, 0)
		if !to.IsZero() && !first.Before(to) || !from.IsZero() && !next.After(from) || before > 0 && first.After(Moment(before)) {
			continue
		}
		names = append(names, name)
	}
	return names, err
}

// How many months are searched at a time, and how many records of each wait for their
// turn.
const (
	monthsAhead = 4
	hitsAhead   = 64
)

// searchAhead searches months beside each other and visits in their order.
func (b *Book) searchAhead(ctx context.Context, names []string, q query.Query, before int64, visit func(Hit) bool) (more bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	type found struct {
		hits chan Hit
		err  error // when hits is closed
	}
	line := make([]*found, 0, len(names))
	begin := func(name string) {
		f := &found{hits: make(chan Hit, hitsAhead)}
		line = append(line, f)
		wg.Go(func() {
			defer close(f.hits)
			_, f.err = b.searchMonth(ctx, name, q, before, func(h Hit) bool {
				select {
				case f.hits <- h:
					return true
				case <-ctx.Done():
					return false
				}
			})
		})
	}
	for i := range names {
		for len(line) < min(i+monthsAhead, len(names)) {
			begin(names[len(line)])
		}
		for h := range line[i].hits {
			if !visit(h) {
				return true, nil
			}
		}
		if line[i].err != nil {
			return false, line[i].err
		}
	}
	return false, ctx.Err()
}

func (b *Book) searchMonth(ctx context.Context, name string, q query.Query, before int64, visit func(Hit) bool) (bool, error) {
	m, done, err := b.use(ctx, name)
	if err != nil {
		return false, err
	}
	defer done()
	return m.Find(ctx, q, before, visit)
}

// Moment is the time of a place in the book, to the second.
func Moment(id int64) time.Time { return month.Moment(id) }

// Page is one page of a search.
type Page struct {
	Hits []Hit
	Next int64 // where the next page begins; 0: there is none
}

// Find returns one page of a search.
func (b *Book) Find(ctx context.Context, q query.Query, before int64, most int) (Page, error) {
	var p Page
	more, err := b.Search(ctx, q, before, func(h Hit) bool {
		if len(p.Hits) == most {
			return false
		}
		p.Hits = append(p.Hits, h)
		return true
	})
	if err == nil && more {
		p.Next = p.Hits[len(p.Hits)-1].ID
	}
	return p, err
}

// Row returns one record and what it was before, oldest first. Errors: not_found.
func (b *Book) Row(ctx context.Context, id int64) (Hit, []month.Past, error) {
	name := month.Of(Moment(id))
	if !b.has(name) {
		return Hit{}, nil, core.E(core.NotFound, "read row", nil)
	}
	m, done, err := b.use(ctx, name)
	if err != nil {
		return Hit{}, nil, err
	}
	defer done()
	h, err := m.Row(ctx, id)
	if err != nil {
		return Hit{}, nil, err
	}
	past, err := m.History(ctx, id)
	return h, past, err
}

func (b *Book) has(name string) bool {
	names, err := b.Months()
	if err != nil {
		return false
	}
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// Each calls visit for all records of a month, oldest first, until it returns an
// error.
func (b *Book) Each(ctx context.Context, name string, visit func(Hit) error) error {
	if !b.has(name) {
		return nil
	}
	m, done, err := b.use(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	return m.Each(ctx, visit)
}

// Len is the number of records of a month.
func (b *Book) Len(ctx context.Context, name string) (int64, error) {
	if !b.has(name) {
		return 0, nil
	}
	m, done, err := b.use(ctx, name)
	if err != nil {
		return 0, err
	}
	defer done()
	return m.Len(ctx)
}
