package lookup

import (
	"strconv"
	"strings"
	"time"
)

// Span is a span of time: From is included, To is not. Zero ends are open.
type Span struct{ From, To time.Time }

// found is a piece of a question with its place.
type found struct {
	at, end int
	span    Span
}

// Times finds the time that a question speaks of, in the zone of now, and returns the
// question without it. ok is false where none is told.
func Times(text string, now time.Time) (span Span, rest string, ok bool) {
	t := &timing{text: text, now: now}
	t.night()
	days := t.days()
	if len(days) == 0 {
		if t.clock() {
			days = []found{{span: t.day(0)}}
		} else if t.part() {
			days = []found{{span: t.day(0)}}
		}
	} else if !t.clock() {
		t.part()
	}
	switch {
	case len(days) == 0:
		return Span{}, text, false
	case len(days) > 1 && days[0].end <= days[1].at && betweRE.MatchString(t.text[days[0].end:days[1].at]):
		span = Span{days[0].span.From, days[1].span.To}
		t.blank(days[0].end, days[1].at)
	default:
		span = t.narrow(days[0].span)
		switch {
		case t.take(untilRE.FindStringIndex(t.text)):
			span = Span{To: span.From}
		case t.take(sinceRE.FindStringIndex(t.text)):
			span.To = time.Time{}
		}
	}
	return span, t.text, true
}

// timing takes times out of a text; what is taken becomes spaces, so that places stay.
type timing struct {
	text     string
	now      time.Time
	from, to time.Duration // part of the day; 0, 0: all of it
	nights   []found
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
	from := time.Date(y, m, d, 0, 0, 0, 0, t.now.Location())
	return Span{from, from.AddDate(0, 0, 1)}
}

// narrow restricts a day to the part that was told.
func (t *timing) narrow(s Span) Span {
	if t.from == 0 && t.to == 0 || s.To.Sub(s.From) > 36*time.Hour {
		return s
	}
	return Span{s.From.Add(t.from), s.From.Add(t.to)}
}

func (t *timing) night() {
	for _, w := range nightWords {
		if at := w.re.FindStringIndex(t.text); at != nil {
			d := t.day(w.back)
			t.nights = append(t.nights, found{at[0], at[1], Span{d.From.Add(18 * time.Hour), d.To.Add(6 * time.Hour)}})
			t.blank(at[0], at[1])
			return
		}
	}
}

// days finds the days, weeks and months that are named, in the order of the text.
func (t *timing) days() []found {
	all := t.nights
	for len(all) < 2 {
		f, ok := t.next()
		if !ok {
			break
		}
		t.blank(f.at, f.end)
		if all = append(all, f); len(all) == 2 && all[0].at > f.at {
			all[0], all[1] = all[1], all[0]
		}
	}
	return all
}

// next finds one; dates before words, long before short.
func (t *timing) next() (found, bool) {
	for _, find := range []func() (found, bool){t.date, t.recent, t.weekday, t.weekOrMonth, t.word} {
		if f, ok := find(); ok {
			return f, true
		}
	}
	return found{}, false
}

func (t *timing) word() (found, bool) {
	for _, w := range dayWords {
		if at := w.re.FindStringIndex(t.text); at != nil {
			return found{at[0], at[1], t.day(w.back)}, true
		}
	}
	if at := someZH.FindStringIndex(t.text); at != nil {
		return found{at[0], at[1], Span{t.now.AddDate(0, 0, -14), t.day(0).To}}, true
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

func (t *timing) date() (found, bool) {
	if m := dateISO.FindStringSubmatchIndex(t.text); m != nil {
		y, mon, d := number(group(t.text, m, 1)), number(group(t.text, m, 2)), number(group(t.text, m, 3))
		return t.civil(m, y, mon, d)
	}
	if m := onlyZH.FindStringSubmatchIndex(t.text); m != nil {
		y, mon := t.year(group(t.text, m, 1)), number(group(t.text, m, 2))
		if f, ok := t.civil(m, y, mon, 1); ok {
			f.span.To = f.span.From.AddDate(0, 1, 0)
			return f, true
		}
	}
	if m := dateZH.FindStringSubmatchIndex(t.text); m != nil {
		return t.civil(m, t.year(group(t.text, m, 1)), number(group(t.text, m, 2)), number(group(t.text, m, 3)))
	}
	if m := dateDM.FindStringSubmatchIndex(t.text); m != nil {
		return t.civil(m, number(group(t.text, m, 3)), int(monthOf(group(t.text, m, 2))), number(group(t.text, m, 1)))
	}
	if m := dateMD.FindStringSubmatchIndex(t.text); m != nil {
		return t.civil(m, number(group(t.text, m, 3)), int(monthOf(group(t.text, m, 1))), number(group(t.text, m, 2)))
	}
	return found{}, false
}

func monthOf(name string) time.Month { return months[strings.ToLower(name)[:3]] }

// year reads a Chinese year; 0: not told.
func (t *timing) year(s string) int {
	switch s {
	case "今":
		return t.now.Year()
	case "去":
		return t.now.Year() - 1
	}
	return number(s)
}

// civil makes a day; without a year it is the last one that has been.
func (t *timing) civil(m []int, y, mon, d int) (found, bool) {
	if mon < 1 || mon > 12 || d < 1 || d > 31 {
		return found{}, false
	}
	told := y != 0
	if !told {
		y = t.now.Year()
	}
	day := time.Date(y, time.Month(mon), d, 0, 0, 0, 0, t.now.Location())
	if !told && day.After(t.now) {
		day = day.AddDate(-1, 0, 0)
	}
	if y < 1990 || y > 2200 {
		return found{}, false
	}
	return found{m[0], m[1], t.dayOf(day)}, true
}

func (t *timing) recent() (found, bool) {
	for _, re := range []struct {
		m   []int
		ago bool
	}{{agoZH.FindStringSubmatchIndex(t.text), true}, {agoEN.FindStringSubmatchIndex(t.text), true}, {recentZH.FindStringSubmatchIndex(t.text), false}, {recentEN.FindStringSubmatchIndex(t.text), false}} {
		if re.m == nil {
			continue
		}
		n, unit := number(group(t.text, re.m, 1)), strings.ToLower(group(t.text, re.m, 2))
		from, day := t.back(n, unit)
		s := Span{from, t.day(0).To}
		if re.ago && day {
			s = t.dayOf(from)
		} else if re.ago {
			s = Span{from.Add(-t.now.Sub(from) / 4), from.Add(t.now.Sub(from) / 4)}
		}
		return found{re.m[0], re.m[1], s}, true
	}
	return found{}, false
}

// back goes some units into the past and says whether these are days or longer.
func (t *timing) back(n int, unit string) (time.Time, bool) {
	switch unit {
	case "分钟", "minute":
		return t.now.Add(-time.Duration(n) * time.Minute), false
	case "小时", "钟头", "hour":
		return t.now.Add(-time.Duration(n) * time.Hour), false
	case "周", "星期", "week":
		return t.now.AddDate(0, 0, -7*n), true
	case "月", "month":
		return t.now.AddDate(0, -n, 0), true
	}
	return t.now.AddDate(0, 0, -n), true
}

// monday is the beginning of the week some weeks back.
func (t *timing) monday(back int) time.Time {
	return t.day((int(t.now.Weekday())+6)%7 + 7*back).From
}

var weeksBack = map[string]int{"上上": 2, "上": 1, "last": 1}

func (t *timing) weekday() (found, bool) {
	if m := weekdayZH.FindStringSubmatchIndex(t.text); m != nil {
		which, name := group(t.text, m, 1), group(t.text, m, 2)
		day := t.monday(weeksBack[which]).AddDate(0, 0, (int(weekdays[name])+6)%7)
		if which == "" && day.After(t.now) {
			day = day.AddDate(0, 0, -7)
		}
		s := t.dayOf(day)
		if name == "末" {
			s.To = s.To.AddDate(0, 0, 1)
		}
		return found{m[0], m[1], s}, true
	}
	if m := weekdayEN.FindStringSubmatchIndex(t.text); m != nil {
		which, name := strings.ToLower(strings.TrimSpace(group(t.text, m, 1))), strings.ToLower(group(t.text, m, 2))[:3]
		back := (int(t.now.Weekday()) - int(weekdays[name]) + 7) % 7
		if back == 0 && (which == "last" || which == "past") {
			back = 7
		}
		return found{m[0], m[1], t.day(back)}, true
	}
	return found{}, false
}

func (t *timing) weekOrMonth() (found, bool) {
	for _, m := range [][]int{weekZH.FindStringSubmatchIndex(t.text), weekEN.FindStringSubmatchIndex(t.text)} {
		if m != nil {
			from := t.monday(weeksBack[strings.ToLower(group(t.text, m, 1))])
			return found{m[0], m[1], Span{from, from.AddDate(0, 0, 7)}}, true
		}
	}
	for _, m := range [][]int{monthZH.FindStringSubmatchIndex(t.text), monthEN.FindStringSubmatchIndex(t.text)} {
		if m != nil {
			from := time.Date(t.now.Year(), t.now.Month()-time.Month(weeksBack[strings.ToLower(group(t.text, m, 1))]), 1, 0, 0, 0, 0, t.now.Location())
			return found{m[0], m[1], Span{from, from.AddDate(0, 1, 0)}}, true
		}
	}
	return found{}, false
}

// part finds "in the morning".
func (t *timing) part() bool {
	for _, p := range parts {
		if t.take(p.re.FindStringIndex(t.text)) {
			t.from, t.to = time.Duration(p.from)*time.Hour, time.Duration(p.to)*time.Hour
			return true
		}
	}
	return false
}

// around is how far from a told time of day people err.
const around = 30 * time.Minute

// clock finds a time of day; a part of the day beside it says which half is meant.
func (t *timing) clock() bool {
	hour, minute := -1, 0
	switch {
	case clockEN.MatchString(t.text):
		m := clockEN.FindStringSubmatchIndex(t.text)
		hour, minute = number(group(t.text, m, 1))%12, number(group(t.text, m, 2))
		if strings.HasPrefix(strings.ToLower(group(t.text, m, 3)), "p") {
			hour += 12
		}
		t.blank(m[0], m[1])
	case clock24.MatchString(t.text):
		m := clock24.FindStringSubmatchIndex(t.text)
		hour, minute = number(group(t.text, m, 1)), number(group(t.text, m, 2))
		t.blank(m[0], m[1])
	case clockZH.MatchString(t.text):
		m := clockZH.FindStringSubmatchIndex(t.text)
		if hour, minute = number(group(t.text, m, 1)), number(group(t.text, m, 3)); group(t.text, m, 2) != "" {
			minute = 30
		}
		t.blank(m[0], m[1])
	}
	if hour < 0 || hour > 23 || minute > 59 {
		return false
	}
	if t.part() && t.from >= 11*time.Hour && hour < 12 && hour > 0 {
		hour += 12
	}
	at := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	t.from, t.to = max(at-around, time.Second), at+around
	return true
}

var digits = map[rune]int{'一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// number reads digits, Chinese numbers below a hundred and small English ones; 0: none.
func number(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if n, ok := numbers[strings.ToLower(s)]; ok {
		return n
	}
	tens, ones, ten := 0, 0, false
	for _, r := range s {
		switch d, ok := digits[r]; {
		case r == '十':
			tens, ones, ten = max(ones, 1), 0, true
		case ok:
			ones = d
		}
	}
	if ten {
		return 10*tens + ones
	}
	return ones
}
