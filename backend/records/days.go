package records

import (
	"context"
	"slices"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records/month"
)

// Days lists the days of the office's zone ("2026-11-12", in order) on which there is a
// record of one of the kinds, whoever told it.
func (b *Book) Days(ctx context.Context, kinds []logs.Kind, from, to string) ([]string, error) {
	names, err := b.Months()
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, name := range names {
		// A day of the office may lie in the months beside its own.
		if name < near(from, -1) || name > near(to, 1) {
			continue
		}
		err := b.sumMonth(ctx, name, from, to, func(one month.Sum) {
			if slices.Contains(kinds, one.Kind) {
				seen[one.Day] = true
			}
		})
		if err != nil {
			return nil, err
		}
	}
	days := make([]string, 0, len(seen))
	for d := range seen {
		days = append(days, d)
	}
	slices.Sort(days)
	return days, nil
}

// DayCounts is how many records of a kind there are on each day of the office's zone, both
// ends included, whatever became of them; days of none are left out.
func (b *Book) DayCounts(ctx context.Context, kind logs.Kind, from, to string) (map[string]int64, error) {
	names, err := b.Months()
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, name := range names {
		// A day of the office may lie in the months beside its own.
		if name < near(from, -1) || name > near(to, 1) {
			continue
		}
		err := b.sumMonth(ctx, name, from, to, func(one month.Sum) {
			if one.Kind == kind {
				counts[one.Day] += one.N
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// Reach is the first and the last day on which there is a record of one of the kinds; ""
// where there is none.
func (b *Book) Reach(ctx context.Context, kinds []logs.Kind) (first, last string, err error) {
	names, err := b.Months()
	if err != nil {
		return "", "", err
	}
	in := func(name string) ([]string, error) {
		start, err := time.Parse("2006-01", name)
		if err != nil {
			return nil, nil // Months lists nothing else
		}
		return b.Days(ctx, kinds, start.AddDate(0, 0, -1).Format(time.DateOnly), start.AddDate(0, 1, 0).Format(time.DateOnly))
	}
	for _, name := range names { // the newest first
		days, err := in(name)
		if err != nil {
			return "", "", err
		}
		if len(days) > 0 {
			last = days[len(days)-1]
			break
		}
	}
	for _, name := range slices.Backward(names) {
		days, err := in(name)
		if err != nil {
			return "", "", err
		}
		if len(days) > 0 {
			return days[0], last, nil
		}
	}
	return "", "", nil
}

// Tip is until when a kind was read from whatever source reads it last; zero: no source
// tells it.
func Tip(covers []Cover, kind logs.Kind) time.Time {
	var tip time.Time
	for _, c := range covers {
		if c.Kind != kind {
			continue
		}
		if c.Tip.After(tip) {
			tip = c.Tip
		}
		if n := len(c.Spans); n > 0 && c.Spans[n-1].To.After(tip) {
			tip = c.Spans[n-1].To
		}
	}
	return tip
}

// Holes are the gaps that matter: those of a minute and more, without what is only waiting
// for the next round. upTo is where that begins; zero: nothing waits.
func Holes(gaps []Missing, tip time.Time) (holes []Missing, upTo time.Time) {
	for _, g := range gaps {
		switch {
		case g.Why == Unread && !tip.IsZero() && !g.From.Before(tip):
			if upTo.IsZero() || g.From.Before(upTo) {
				upTo = g.From
			}
		case g.To.Sub(g.From) >= time.Minute:
			holes = append(holes, g)
		}
	}
	return holes, upTo
}
