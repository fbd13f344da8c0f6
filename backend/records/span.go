package records

import (
	"context"
	"slices"
	"time"

	"mailroom/backend/records/month"
	"mailroom/backend/records/zone"
)

// within calls f for each file that may hold records of a span, the oldest first.
func (b *Book) within(ctx context.Context, of Span, f func(*month.Month) error) error {
	names, err := b.Months()
	if err != nil {
		return err
	}
	first, last := month.Of(of.From), month.Of(of.To.Add(-time.Nanosecond))
	for _, name := range slices.Backward(names) {
		if name < first || name > last {
			continue
		}
		if err := b.with(ctx, name, f); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) with(ctx context.Context, name string, f func(*month.Month) error) error {
	m, done, err := b.use(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	return f(m)
}

// Count is how many records have their moment in a span.
func (b *Book) Count(ctx context.Context, of Span) (n int64, err error) {
	err = b.within(ctx, of, func(m *month.Month) error {
		one, err := m.Count(ctx, month.Within(of))
		n += one
		return err
	})
	return n, err
}

// EachWithin calls visit for all records of a span, oldest first, until it returns an
// error.
func (b *Book) EachWithin(ctx context.Context, of Span, visit func(Hit) error) error {
	return b.within(ctx, of, func(m *month.Month) error { return m.EachWithin(ctx, month.Within(of), visit) })
}

// Changed is when a record of a span was last replaced by a newer one; zero: never.
func (b *Book) Changed(ctx context.Context, of Span) (last time.Time, err error) {
	err = b.within(ctx, of, func(m *month.Month) error {
		at, err := m.ChangedWithin(ctx, month.Within(of))
		if at.After(last) {
			last = at
		}
		return err
	})
	return last, err
}

// OfficeMonths lists the months of the office's zone of which there are records, the newest
// first: "2026-11". Their names are those of reports and archives; [Book.Months] names files.
func (b *Book) OfficeMonths(ctx context.Context) ([]string, error) {
	files, err := b.Months()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range files {
		first, _ := time.Parse("2006-01", file) // Months lists nothing else
		for _, by := range []int{1, 0, -1} {
			name := first.AddDate(0, by, 0).Format("2006-01")
			if slices.Contains(names, name) {
				continue
			}
			from, to, _ := zone.Month(name, b.Zone())
			if !to.After(first) || !from.Before(first.AddDate(0, 1, 0)) {
				continue
			}
			n, err := b.Count(ctx, Span{from, to})
			if err != nil {
				return nil, err
			}
			if n > 0 {
				names = append(names, name)
			}
		}
	}
	return names, nil
}
