package archive

import (
	"context"
	"slices"
	"time"

	"mailroom/backend/records"
	"mailroom/backend/records/zone"
)

// Why says why a month is due.
type Why string

// The reasons for which a month is due.
const (
	Unarchived Why = "unarchived" // it was never archived
	Grown      Why = "grown"      // records came since it was archived
	Changed    Why = "changed"    // records were replaced by newer ones since, e.g. by another outcome
)

// Whys lists all reasons.
func Whys() []Why { return []Why{Unarchived, Grown, Changed} }

// DueMonth is a month of which an export is due.
type DueMonth struct {
	Month string
	Why   Why
	span  records.Span
}

// Span is what a month's folder holds. Up to version 1 that was the month of UTC.
func (m *Manifest) Span() records.Span {
	if m.From.Before(m.To) {
		return records.Span{From: m.From, To: m.To}
	}
	from, to, _ := zone.Month(m.Month, time.UTC)
	return records.Span{From: from, To: to}
}

// Due lists the months of a book that have ended and are not archived as they are now,
// the oldest first. A month that a rule deleted is not due again.
func Due(ctx context.Context, b *records.Book, dir string, now time.Time) ([]DueMonth, error) {
	chain, err := Chain(dir)
	if err != nil {
		return nil, err
	}
	deleted, err := readDeleted(dir)
	if err != nil {
		return nil, err
	}
	names, err := months(ctx, b, chain, deleted)
	if err != nil {
		return nil, err
	}
	var due []DueMonth
	for _, name := range names {
		if slices.ContainsFunc(deleted, func(d Deleted) bool { return d.Month == name }) {
			continue
		}
		span, kept := spanOf(name, b.Zone(), chain, deleted)
		if !span.From.Before(span.To) || !span.To.Add(settled).Before(now) {
			continue
		}
		why, err := whyDue(ctx, b, span, kept)
		if err != nil {
			return nil, err
		}
		if why != "" {
			due = append(due, DueMonth{name, why, span})
		}
	}
	return due, nil
}

// settled is how long after its end a month's records may still come.
const settled = 48 * time.Hour

// months are those of the office's zone of which there are records, and those that are
// archived with the ones after them: in another zone records may lie in their hours.
func months(ctx context.Context, b *records.Book, chain []Link, deleted []Deleted) ([]string, error) {
	names, err := b.OfficeMonths(ctx)
	for _, l := range chain {
		names = append(names, l.Month, after(l.Month, 1))
	}
	for _, d := range deleted {
		names = append(names, after(d.Month, 1))
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// after is a month so many months later.
func after(name string, months int) string {
	first, _ := time.Parse("2006-01", name) // it is one of ours
	return first.AddDate(0, months, 0).Format("2006-01")
}

// spanOf is what a month's folder is to hold. What was archived once keeps its span, and
// the months beside it begin and end where it does, whatever the office's zone was then: no
// record is in two months, and none is in none.
func spanOf(name string, z *time.Location, chain []Link, deleted []Deleted) (span records.Span, kept *Manifest) {
	span.From, span.To, _ = zone.Month(name, z)
	from := func(month string, to time.Time) {
		if to.After(span.From) || month == after(name, -1) && !to.IsZero() {
			span.From = to
		}
	}
	for _, d := range deleted {
		if d.Month < name {
			from(d.Month, d.To)
		}
	}
	for i := range chain {
		m := &chain[i].Manifest
		switch other := m.Span(); {
		case m.Month == name:
			kept = m
		case m.Month < name:
			from(m.Month, other.To)
		case other.From.Before(span.To) || m.Month == after(name, 1):
			span.To = other.From
		}
	}
	if kept != nil {
		span = kept.Span()
	}
	return span, kept
}

// whyDue compares a month with how it was archived last; nil: it never was.
func whyDue(ctx context.Context, b *records.Book, span records.Span, kept *Manifest) (Why, error) {
	n, err := b.Count(ctx, span)
	switch {
	case err != nil || n == 0:
		return "", err
	case kept == nil:
		return Unarchived, nil
	case n != kept.Rows:
		return Grown, nil
	}
	if at, err := b.Changed(ctx, span); err != nil || !at.After(kept.Made) {
		return "", err
	}
	return Changed, nil
}
