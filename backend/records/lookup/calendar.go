package lookup

import (
	"strings"
	"time"
)

// firstOf is the first day of the month some months back.
func (t *timing) firstOf(back int) time.Time {
	return t.midnight(t.now.Year(), t.now.Month()-time.Month(back), 1)
}

// monthsBack goes back by months and stays in the month: a month before 31 March is the
// last day of February.
func (t *timing) monthsBack(n int) time.Time {
	first := t.firstOf(n)
	last := first.AddDate(0, 1, -1).Day()
	y, m, _ := first.Date()
	h, mi, s := t.now.Clock()
	return time.Date(y, m, min(t.now.Day(), last), h, mi, s, 0, t.now.Location())
}

// back goes some units into the past and says how far people err: 0 where the unit is
// shorter than a day. n 0 is half a unit.
func (t *timing) back(n int, unit string) (at time.Time, days int) {
	half := func(n, all, half int) int {
		if n == 0 {
			return half
		}
		return n * all
	}
	switch unit {
	case "分钟", "minute":
		return t.now.Add(-time.Duration(n) * time.Minute), 0
	case "小时", "钟头", "hour":
		return t.now.Add(-time.Duration(half(n, 60, 30)) * time.Minute), 0
	case "周", "星期", "礼拜", "week":
		return t.now.AddDate(0, 0, -half(n, 7, 4)), 2
	case "月", "month":
		if n == 0 {
			return t.now.AddDate(0, 0, -15), 3
		}
		return t.monthsBack(n), 4
	case "季度", "quarter":
		return t.monthsBack(half(n, 3, 2)), 10
	case "年", "year":
		return t.monthsBack(half(n, 12, 6)), 16
	}
	if n == 0 {
		return t.now.Add(-12 * time.Hour), 0
	}
	return t.now.AddDate(0, 0, -n), 1
}

// ago finds "three days ago": that day; of weeks and months, the days around it.
func (t *timing) ago() (found, bool) {
	for _, re := range []submatcher{agoZH, agoEN} {
		m := re.FindStringSubmatchIndex(t.text)
		if m == nil {
			continue
		}
		at, days := t.back(amount(group(t.text, m, 1)), strings.ToLower(group(t.text, m, 2)))
		s := t.dayOf(at)
		if days == 0 {
			s = Span{at.Add(-t.now.Sub(at) / 4), at.Add(t.now.Sub(at) / 4)}
		} else {
			s = Span{s.From.AddDate(0, 0, 1-days), s.To.AddDate(0, 0, days-1)}
		}
		return found{at: m[0], end: m[1], span: s}, true
	}
	return found{}, false
}

type submatcher interface{ FindStringSubmatchIndex(string) []int }

// recent finds "in the past three days": whole days, today included; of hours, from now.
func (t *timing) recent() (found, bool) {
	for _, re := range []submatcher{recentZH, withinZH, recentEN, hourEN, pastEN} {
		m := re.FindStringSubmatchIndex(t.text)
		if m == nil {
			continue
		}
		from, days := t.back(amount(group(t.text, m, 1)), strings.ToLower(group(t.text, m, 2)))
		if days > 0 {
			from = t.dayOf(from).From
		}
		return found{at: m[0], end: m[1], span: Span{from, t.day(0).To}}, true
	}
	return found{}, false
}

// amount reads how many: 0 is a half, "几" a few.
func amount(s string) int {
	switch s = strings.ToLower(strings.TrimSpace(s)); s {
	case "半", "half an", "half a":
		return 0
	case "":
		return 1
	case "几", "a few", "few", "several":
		return 5
	case "a couple of", "couple of":
		return 2
	}
	return number(s)
}

// monday is the beginning of the week some weeks back; weeks begin on Monday in both
// languages (ISO 8601, GB/T 7408).
func (t *timing) monday(back int) time.Time {
	return t.day((int(t.now.Weekday())+6)%7 + 7*back).From
}

func (t *timing) weekday() (found, bool) {
	if m := weekdayZH.FindStringSubmatchIndex(t.text); m != nil {
		which, name := group(t.text, m, 1), group(t.text, m, 2)
		day := t.monday(unitsBack[which]).AddDate(0, 0, (int(weekdays[name])+6)%7)
		if which == "" && day.After(t.now) {
			day = day.AddDate(0, 0, -7)
		}
		s := t.dayOf(day)
		if name == "末" {
			s.To = s.To.AddDate(0, 0, 1)
		}
		return found{m[0], m[1], s, which == "" && name != "末", weekdays[name]}, true
	}
	if m := weekdayEN.FindStringSubmatchIndex(t.text); m != nil {
		which, name := strings.ToLower(strings.TrimSpace(group(t.text, m, 1))), strings.ToLower(group(t.text, m, 2))[:3]
		back := (int(t.now.Weekday()) - int(weekdays[name]) + 7) % 7
		switch {
		case which == "next":
			back -= 7
		case back == 0 && (which == "last" || which == "past"):
			back = 7
		}
		return found{m[0], m[1], t.day(back), which == "", weekdays[name]}, true
	}
	return found{}, false
}

// weekend finds "last weekend"; "周末" is a weekday's name already.
func (t *timing) weekend() (found, bool) {
	m := weekendEN.FindStringSubmatchIndex(t.text)
	if m == nil {
		return found{}, false
	}
	sat := t.day((int(t.now.Weekday()) + 1) % 7).From // today if it is a Saturday
	if today := t.now.Weekday(); strings.EqualFold(group(t.text, m, 1), "last") && (today == time.Saturday || today == time.Sunday) {
		sat = sat.AddDate(0, 0, -7)
	}
	return found{at: m[0], end: m[1], span: Span{sat, sat.AddDate(0, 0, 2)}}, true
}

// weekOrMonth finds whole weeks, months and quarters that are counted from now.
func (t *timing) weekOrMonth() (found, bool) {
	for _, u := range []struct {
		res  []submatcher
		span func(back int) Span
	}{
		{[]submatcher{weekZH, weekEN}, func(back int) Span {
			from := t.monday(back)
			return Span{from, from.AddDate(0, 0, 7)}
		}},
		{[]submatcher{monthZH, monthEN}, func(back int) Span {
			return Span{t.firstOf(back), t.firstOf(back - 1)}
		}},
		{[]submatcher{quarterZH, quarterEN}, func(back int) Span {
			here := (int(t.now.Month())-1)%3 + 3*back
			return Span{t.firstOf(here), t.firstOf(here - 3)}
		}},
		{[]submatcher{beforeLast}, nil},
	} {
		for _, re := range u.res {
			m := re.FindStringSubmatchIndex(t.text)
			if m == nil {
				continue
			}
			which := strings.ToLower(group(t.text, m, 1))
			if u.span == nil {
				s := Span{t.firstOf(2), t.firstOf(1)}
				if which == "week" {
					s = Span{t.monday(2), t.monday(1)}
				}
				return found{at: m[0], end: m[1], span: s}, true
			}
			return found{at: m[0], end: m[1], span: u.span(unitsBack[which])}, true
		}
	}
	return found{}, false
}

// month finds a month by its name.
func (t *timing) month() (found, bool) {
	if !t.months {
		return found{}, false
	}
	for i, re := range []submatcher{onlyZH, onlyEN, shortEN} {
		m := re.FindStringSubmatchIndex(t.text)
		if m == nil {
			continue
		}
		at := m[0]
		y, mon := t.yearOf(group(t.text, m, 1)), number(group(t.text, m, 2))
		if i > 0 { // what stands before the name may be "since"
			at, y, mon = m[4], t.yearOf(strings.ToLower(group(t.text, m, 3))), int(monthOf(group(t.text, m, 2)))
		}
		if i == 2 && y == 0 && m[2] < 0 {
			continue
		}
		if first, ok := t.civil(y, mon, 1); ok {
			return found{at: at, end: m[1], span: Span{first, first.AddDate(0, 1, 0)}}, true
		}
	}
	return found{}, false
}

// thirds finds "月初", "10月底", "上月中旬", "the end of last month".
func (t *timing) thirds() (found, bool) {
	for i, re := range []submatcher{thirdZH, thirdEN} {
		m := re.FindStringSubmatchIndex(t.text)
		if m == nil {
			continue
		}
		first, part := t.firstOf(0), strings.ToLower(group(t.text, m, 1))
		if i == 0 {
			part = group(t.text, m, 3)
			first = t.firstOf(unitsBack[group(t.text, m, 1)])
			if mon := number(group(t.text, m, 2)); mon > 0 {
				var ok bool
				if first, ok = t.civil(0, mon, 1); !ok {
					continue
				}
			}
		} else if which := strings.ToLower(group(t.text, m, 2)); which != "" {
			first = t.firstOf(unitsBack[which])
		} else if name := group(t.text, m, 3); name != "" {
			first, _ = t.civil(0, int(monthOf(name)), 1)
		}
		from := 10 * thirdsOf[part]
		if first.Equal(t.firstOf(0)) && t.now.Day() <= from { // still to come: the last one is meant
			first = t.firstOf(1)
		}
		s := Span{first.AddDate(0, 0, from), first.AddDate(0, 0, from+10)}
		if from == 20 {
			s.To = first.AddDate(0, 1, 0)
		}
		return found{at: m[0], end: m[1], span: s}, true
	}
	return found{}, false
}

// year finds whole and half years.
func (t *timing) year() (found, bool) {
	for _, re := range []submatcher{yearZH, yearEN} {
		m := re.FindStringSubmatchIndex(t.text)
		if m == nil {
			continue
		}
		y := t.yearOf(strings.ToLower(group(t.text, m, 1)))
		if y < 1990 || y > 2200 {
			continue
		}
		from, to := t.midnight(y, time.January, 1), t.midnight(y+1, time.January, 1)
		switch group(t.text, m, 2) {
		case "上":
			to = t.midnight(y, time.July, 1)
		case "下":
			from = t.midnight(y, time.July, 1)
		}
		return found{at: m[0], end: m[1], span: Span{from, to}}, true
	}
	if m := halfZH.FindStringSubmatchIndex(t.text); m != nil {
		y, mon := t.now.Year(), time.January
		if group(t.text, m, 1) == "下" {
			if mon = time.July; t.now.Month() < time.July {
				y--
			}
		}
		from := t.midnight(y, mon, 1)
		return found{at: m[0], end: m[1], span: Span{from, from.AddDate(0, 6, 0)}}, true
	}
	return found{}, false
}
