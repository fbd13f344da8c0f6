package lookup

import (
	"slices"
	"strings"
	"time"

	"mailroom/backend/records/zone"
)

// Span is a span of time: From is included, To is not. Zero ends are open.
type Span struct{ From, To time.Time }

// found is a piece of a question with its place.
type found struct {
	at, end int
	span    Span
	named   bool // by its weekday alone: in "last Monday to Wednesday" the second is of the first's week
	weekday time.Weekday
}

// Times finds the time that a question speaks of, in the zone of now, and returns the
// question without it. ok is false where none is told.
func Times(text string, now time.Time) (span Span, rest string, ok bool) {
	return times(text, now, true)
}

// times leaves the names of months alone where months is false: they may belong to a
// subject ("十月发票", "October invoice").
func times(text string, now time.Time, months bool) (span Span, rest string, ok bool) {
	t := &timing{text: text, now: now, months: months}
	days := t.days()
	clock := t.hours(len(days) > 0)
	switch {
	case len(days) == 0 && !clock:
		return Span{}, text, false
	case len(days) == 0:
		today := t.day(0)
		if span = t.narrow(today); span.From.After(now) { // "at 8 in the evening", asked at noon
			span = t.narrow(t.day(1))
		}
		return span, t.text, true
	case len(days) > 1 && t.joined(days[0], days[1]):
		return t.through(days[0], days[1]), t.text, true
	}
	return t.openEnds(days[0]), t.text, true
}

// timing takes times out of a text; what is taken becomes spaces, so that places stay.
type timing struct {
	text     string
	now      time.Time
	months   bool
	from, to time.Duration // part of the day, as a clock on the wall shows it; 0, 0: all of it
	exact    time.Duration // the moment that was told within it; 0: none
}

func (t *timing) blank(from, to int) {
	t.text = t.text[:from] + strings.Repeat(" ", to-from) + t.text[to:]
}

func (t *timing) take(at []int) bool {
	if at == nil {
		return false
	}
	t.blank(at[0], at[1])
	return true
}

// day is the whole day some days back.
func (t *timing) day(back int) Span { return t.dayOf(t.now.AddDate(0, 0, -back)) }

func (t *timing) dayOf(of time.Time) Span {
	y, m, d := of.Date()
	return Span{t.midnight(y, m, d), t.midnight(y, m, d+1)}
}

func (t *timing) midnight(y int, m time.Month, d int) time.Time {
	return zone.Midnight(y, m, d, t.now.Location())
}

// wall is a moment of a day as the clock on the wall shows it: days on which the clock
// is changed have 23 or 25 hours.
func wall(day time.Time, clock time.Duration) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, int(clock/time.Second), 0, day.Location())
}

// narrow restricts a day to the part that was told.
func (t *timing) narrow(s Span) Span {
	if t.from == 0 && t.to == 0 || s.To.Sub(s.From) > 36*time.Hour {
		return s
	}
	return Span{wall(s.From, t.from), wall(s.From, t.to)}
}

// joined says whether two days are the ends of one time, and takes out what joins them.
func (t *timing) joined(a, b found) bool {
	if a.end > b.at || !betweRE.MatchString(t.text[a.end:b.at]) {
		return false
	}
	t.blank(a.end, b.at)
	return true
}

// through is the time from one day to another.
func (t *timing) through(a, b found) Span {
	if b.named && a.span.To.Sub(a.span.From) <= 36*time.Hour {
		from := a.span.From
		b.span = t.dayOf(from.AddDate(0, 0, (int(b.weekday)-int(from.Weekday())+7)%7))
	}
	if b.span.To.Before(a.span.From) {
		a, b = b, a
	}
	return Span{a.span.From, b.span.To}
}

// openEnds looks for "since" and "before" beside a day.
func (t *timing) openEnds(f found) Span {
	s := t.narrow(f.span)
	before, after := t.text[:f.at], t.text[f.end:]
	told := func(moment time.Time) time.Time {
		if t.exact > 0 {
			return wall(f.span.From, t.exact)
		}
		return moment
	}
	switch {
	case t.takeAt(untilEN.FindStringIndex(before), 0), t.takeAt(untilZH.FindStringIndex(after), f.end):
		return Span{To: told(s.From)}
	case t.takeAt(sinceEN.FindStringIndex(before), 0), t.takeAt(sinceZH.FindStringIndex(after), f.end):
		return Span{From: told(s.From)}
	}
	return s
}

// takeAt takes out what was found in the text from a place on.
func (t *timing) takeAt(at []int, from int) bool {
	if at == nil {
		return false
	}
	t.blank(at[0]+from, at[1]+from)
	return true
}

// days finds the days, weeks and months that are named, in the order of the text.
func (t *timing) days() []found {
	var all []found
	for len(all) < 2 {
		f, ok := t.next()
		if !ok {
			break
		}
		t.blank(f.at, f.end)
		all = append(all, f)
	}
	slices.SortStableFunc(all, func(a, b found) int { return a.at - b.at })
	return all
}

// next finds one; dates before words, long before short.
func (t *timing) next() (found, bool) {
	for _, find := range []func() (found, bool){
		t.night, t.dates, t.date, t.numeric, t.thirds, t.month, t.ago, t.recent, t.ofMonth, t.weekday, t.weekend,
		t.weekOrMonth, t.year, t.word,
	} {
		if f, ok := find(); ok {
			return f, true
		}
	}
	return found{}, false
}

// night names a night by the day on which it began.
func (t *timing) night() (found, bool) {
	for _, w := range nightWords {
		if at := w.re.FindStringIndex(t.text); at != nil {
			t.from, t.to = 18*time.Hour, 30*time.Hour
			return found{at: at[0], end: at[1], span: t.day(w.back)}, true
		}
	}
	return found{}, false
}

func (t *timing) word() (found, bool) {
	for _, w := range dayWords {
		if at := w.re.FindStringIndex(t.text); at != nil {
			if w.from > 0 { // a part of the day is in the word
				t.from, t.to = time.Duration(w.from)*time.Hour, time.Duration(w.to)*time.Hour
			}
			return found{at: at[0], end: at[1], span: t.day(w.back)}, true
		}
	}
	if at := justNow.FindStringIndex(t.text); at != nil {
		return found{at: at[0], end: at[1], span: Span{t.now.Add(-2 * time.Hour), t.day(0).To}}, true
	}
	if at := lately.FindStringIndex(t.text); at != nil {
		return found{at: at[0], end: at[1], span: Span{t.day(14).From, t.day(0).To}}, true
	}
	return found{}, false
}

// group is a submatch, "" where it took no part.
func group(text string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return text[m[2*n]:m[2*n+1]]
}
