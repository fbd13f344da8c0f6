package lookup

import (
	"slices"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
)

// Source is the time that one source told of what was looked through.
type Source struct {
	Scope string // "" records that came from files, by the days on which there are any
	Span
	Sure bool // it told everything of that time
}

// mostSources bounds how many spans of files are listed.
const mostSources = 6

// completeness says how sure "nothing" is: what each source told of the time that was
// asked for, until when, and what is missing of it.
func (a *asking) completeness(kinds []logs.Kind, q Question) error {
	covers, err := a.book.Covers(a.ctx)
	if err != nil {
		return err
	}
	f := &a.out.Facts
	f.Has, f.Lacks = told(covers, kinds)
	span := Span{q.Span.From, q.Span.To}
	if span.From.After(a.now) { // it lies ahead: the log reaches up to now at most
		span.To = a.now
		for _, k := range f.Has {
			if tip := records.Tip(covers, k); !tip.IsZero() && tip.Before(span.To) {
				span.To = tip
			}
		}
		f.Span = Span{To: span.To}
		if a.out.Verdict == "" {
			a.out.Verdict = NotReadYet
		}
		return nil
	}
	if span.To.IsZero() || span.To.After(a.now) {
		span.To = a.now
	}
	var verdict Verdict
	if len(f.Has) > 0 {
		verdict, err = a.covered(covers, &span)
	} else if verdict, err = a.filesOnly(kinds, &span); verdict == NoTraceNoLog && len(covers) > 0 {
		verdict = NoSuchLog
	}
	if err != nil {
		return err
	}
	a.out.Facts.Span = span
	if a.out.Verdict == "" {
		a.out.Verdict = verdict
	}
	return nil
}

// told parts kinds into those that a source of the office tells and those that none does.
func told(covers []records.Cover, kinds []logs.Kind) (has, lacks []logs.Kind) {
	for _, k := range kinds {
		if slices.ContainsFunc(covers, func(c records.Cover) bool { return c.Kind == k }) {
			has = append(has, k)
		} else {
			lacks = append(lacks, k)
		}
	}
	return has, lacks
}

// covered holds the time against what sources told. A kind that none tells is not asked
// for: nobody can tell it from the records.
func (a *asking) covered(covers []records.Cover, span *Span) (Verdict, error) {
	f := &a.out.Facts
	if span.From.IsZero() {
		span.From = begin(covers, f.Has)
	}
	asked := *span
	for _, k := range f.Has {
		gaps, err := a.book.Gaps(a.ctx, k, records.Span(asked))
		if err != nil {
			return "", err
		}
		tip := records.Tip(covers, k)
		holes, upTo := records.Holes(gaps, tip)
		f.Missing = append(f.Missing, holes...)
		if !upTo.IsZero() && tip.Before(span.To) {
			span.To = tip
		}
	}
	for _, c := range covers {
		one := []records.Cover{c}
		sure := !slices.ContainsFunc(c.Lost, func(m records.Missing) bool { return m.Why == records.Partial })
		if from := begin(one, f.Has); !from.IsZero() {
			a.heard(Source{c.Scope, Span{from, records.Tip(one, c.Kind)}, sure}, asked)
		}
	}
	waits := asked.To.Sub(span.To)
	switch {
	case asked.From.IsZero():
		return NoTraceNoLog, nil // sources that have told nothing yet
	case !span.To.After(span.From) && waits > 0:
		return NotReadYet, nil
	case len(f.Missing) > 0:
		return NoTraceGap, a.files(f.Has, asked)
	case len(f.Lacks) > 0:
		return NoTraceHalf, nil
	case waits >= time.Minute:
		return NoTraceYet, nil
	}
	return NoTrace, nil
}

// begin is the earliest moment of which a source of some kinds told anything.
func begin(covers []records.Cover, kinds []logs.Kind) (first time.Time) {
	take := func(at time.Time) {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	for _, c := range covers {
		if !slices.Contains(kinds, c.Kind) {
			continue
		}
		if len(c.Spans) > 0 {
			take(c.Spans[0].From)
		}
		for _, l := range c.Lost {
			if l.Why == records.Partial {
				take(l.From)
			}
		}
	}
	return first
}

// heard adds what a source told of the time; of several kinds of one source, the time
// that all have.
func (a *asking) heard(s Source, asked Span) {
	if s.From.Before(asked.From) {
		s.From = asked.From
	}
	if s.To.After(asked.To) {
		s.To = asked.To
	}
	if !s.From.Before(s.To) {
		return
	}
	for i := range a.out.Facts.Sources {
		if known := &a.out.Facts.Sources[i]; known.Scope == s.Scope && s.Scope != "" {
			if s.From.After(known.From) {
				known.From = s.From
			}
			if s.To.Before(known.To) {
				known.To = s.To
			}
			known.Sure = known.Sure && s.Sure
			return
		}
	}
	a.out.Facts.Sources = append(a.out.Facts.Sources, s)
}

// filesOnly is for records that came from files alone, of which nobody can say whether
// they are everything.
func (a *asking) filesOnly(kinds []logs.Kind, span *Span) (Verdict, error) {
	first, last, err := a.book.Reach(a.ctx, kinds)
	if err != nil {
		return "", err
	}
	if first == "" {
		return NoTraceNoLog, nil
	}
	reach := Span{a.day(first), a.day(last).AddDate(0, 0, 1)}
	if !span.From.Before(reach.To) || !span.To.After(reach.From) {
		*span = reach
		a.heard(Source{Span: reach}, reach)
		return NotInFiles, nil
	}
	asked := *span
	if asked.From.Before(reach.From) {
		asked.From = reach.From
	}
	if reach.To.Before(asked.To) {
		asked.To = reach.To
	}
	*span = asked
	return NoTraceFiles, a.files(kinds, asked)
}

func (a *asking) day(day string) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, day, a.book.Zone()) // it comes from the book
	return t
}

// longList is for how long a time its days are looked at one by one.
const longList = 400 * 24 * time.Hour

// files adds the days on which there are records, one after the other as one span. Days
// that a source covers are in it already.
func (a *asking) files(kinds []logs.Kind, asked Span) error {
	if asked.To.Sub(asked.From) > longList {
		a.heard(Source{Span: asked}, asked)
		return nil
	}
	days, err := a.book.Days(a.ctx, kinds, asked.From.In(a.book.Zone()).Format(time.DateOnly), asked.To.In(a.book.Zone()).Format(time.DateOnly))
	if err != nil {
		return err
	}
	var spans []Span
	for _, d := range days {
		begin := a.day(d)
		end := begin.AddDate(0, 0, 1)
		if slices.ContainsFunc(a.out.Facts.Sources, func(s Source) bool { return s.Scope != "" && s.From.Before(end) && s.To.After(begin) }) {
			continue
		}
		if n := len(spans); n > 0 && spans[n-1].To.Equal(begin) {
			spans[n-1].To = end
			continue
		}
		spans = append(spans, Span{begin, end})
	}
	for _, s := range spans[max(len(spans)-mostSources, 0):] {
		a.heard(Source{Span: s}, asked)
	}
	return nil
}
