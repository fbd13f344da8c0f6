package lookup

import (
	"strconv"
	"strings"
	"time"
)

// around is how far from a told time of day people err.
const around = 30 * time.Minute

// hours finds the part of the day: from one time to another, around one, or "in the
// morning". A bare "at 9" counts beside a day only.
func (t *timing) hours(day bool) bool {
	if t.between() {
		return true
	}
	return t.clock(day) || t.part()
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

// between finds "9点到11点", "9am-11am", "between 9 and 11".
func (t *timing) between() bool {
	for i, re := range []submatcher{clocksZH, clocks24, clocksEN, clocksBetween} {
		m := re.FindStringSubmatchIndex(t.text)
		if m == nil {
			continue
		}
		of := func(n int) string { return group(t.text, m, n) }
		fromHour, fromMinute, toHour, toMinute := number(of(1)), number(of(2)), number(of(4)), number(of(5))
		if i == 0 {
			fromMinute, toMinute = minutes(of(2)), minutes(of(5))
		}
		half := [2]string{strings.ToLower(of(3)), strings.ToLower(of(6))}
		t.blank(m[0], m[1])
		if i == 2 { // "9-11am", "9am to 1pm"
			if half[0] == "" && (half[1] != "pm" || fromHour%12 < toHour%12) {
				half[0] = half[1]
			}
			fromHour, toHour = twelve(fromHour, half[0]), twelve(toHour, half[1])
		} else if had := t.to > 0; t.part() || had {
			fromHour = t.halfOf(fromHour)
		}
		for i != 1 && fromHour < 24 && toHour < fromHour {
			toHour += 12
		}
		if fromHour > 24 || toHour > 30 || fromMinute > 59 || toMinute > 59 {
			return false
		}
		t.from, t.to = clockOf(fromHour, fromMinute), clockOf(toHour, toMinute)
		if t.to <= t.from {
			t.to += 24 * time.Hour
		}
		t.from = max(t.from, time.Second)
		return true
	}
	return false
}

func clockOf(hour, minute int) time.Duration {
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}

// minutes reads what follows "点": half, quarters, a number.
func minutes(s string) int {
	switch s {
	case "半":
		return 30
	case "一刻":
		return 15
	case "三刻":
		return 45
	}
	return number(strings.TrimSuffix(s, "分"))
}

// twelve reads an hour of twelve with "am" or "pm"; of neither it is one of 24.
func twelve(hour int, half string) int {
	switch {
	case half == "":
		return hour
	case strings.HasPrefix(half, "p"):
		return hour%12 + 12
	}
	return hour % 12
}

// halfOf is the hour that is meant in the part of the day that was told.
func (t *timing) halfOf(hour int) int {
	switch {
	case t.from >= 18*time.Hour && hour == 12:
		return 24
	case t.from >= 18*time.Hour && hour < 5: // three at night is of the next day
		return hour + 24
	case t.from >= 11*time.Hour && hour > 0 && hour < 12:
		return hour + 12
	case t.from == 0 && hour == 12: // twelve after midnight
		return 0
	}
	return hour
}

// clock finds a time of day; a part of the day beside it says which half is meant, else
// the one in which offices are open.
func (t *timing) clock(day bool) bool {
	hour, minute, sure := t.hour(day)
	if hour < 0 || hour > 24 || minute > 59 {
		return false
	}
	had := t.to > 0 // "last night at 8"
	switch {
	case t.part(), had:
		hour = t.halfOf(hour)
	case !sure && hour > 0 && hour < 7:
		hour += 12
	}
	t.exact = clockOf(hour, minute)
	t.from, t.to = max(t.exact-around, time.Second), t.exact+around
	return true
}

// hour finds a time of day; sure: which half of the day is told with it. hour -1: none.
func (t *timing) hour(day bool) (hour, minute int, sure bool) {
	for i, re := range []submatcher{clockEN, clock24, clockZH, clockAt, oclock} {
		m := re.FindStringSubmatchIndex(t.text)
		if m == nil || i == 3 && !day {
			continue
		}
		of := func(n int) string { return group(t.text, m, n) }
		hour, minute = number(of(1)), number(of(2))
		switch i {
		case 0:
			hour, sure = twelve(hour, strings.ToLower(of(3))), true
		case 1:
			sure = true
		case 2:
			minute = minutes(of(2))
		}
		if hour > 24 {
			continue
		}
		t.blank(m[0], m[1])
		return hour, minute, sure
	}
	return -1, 0, false
}

var digits = map[rune]int{'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

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
