package lookup

import (
	"strings"
	"time"
	"unicode/utf8"
)

// dates finds several days of one month: "11月1号到5号", "1-5 November".
func (t *timing) dates() (found, bool) {
	for i, re := range []submatcher{datesZH, datesDM, datesMD} {
		m := re.FindStringSubmatchIndex(t.text)
		if m == nil {
			continue
		}
		of := func(n int) int { return number(group(t.text, m, n)) }
		mon, first, last := of(1), of(2), of(3)
		switch i {
		case 1:
			first, last, mon = of(1), of(2), int(monthOf(group(t.text, m, 3)))
		case 2:
			mon = int(monthOf(group(t.text, m, 1)))
		}
		a, okA := t.civil(0, mon, first)
		b, okB := t.civil(0, mon, last)
		if okA && okB && first < last {
			if b.Year() != a.Year() { // the end is still to come
				b = b.AddDate(1, 0, 0)
			}
			return found{at: m[0], end: m[1], span: Span{a, t.dayOf(b).To}}, true
		}
	}
	return found{}, false
}

// date finds a day with its month.
func (t *timing) date() (found, bool) {
	for i, re := range []submatcher{dateISO, dateZH, dateDM, dateMD} {
		m := re.FindStringSubmatchIndex(t.text)
		if m == nil {
			continue
		}
		a, b, c := group(t.text, m, 1), group(t.text, m, 2), group(t.text, m, 3)
		y, mon, d := t.yearOf(a), number(b), number(c)
		switch i {
		case 2:
			y, mon, d = number(c), int(monthOf(b)), number(a)
		case 3:
			y, mon, d = number(c), int(monthOf(a)), number(b)
		}
		if day, ok := t.civil(y, mon, d); ok {
			return found{at: m[0], end: m[1], span: t.dayOf(day)}, true
		}
	}
	return found{}, false
}

// numeric finds days that are written with numbers alone. Where both readings are
// possible, the month comes first in a Chinese text and a day that has been in any other.
func (t *timing) numeric() (found, bool) {
	chinese := hasHan(t.text)
	if m := dateNumbers.FindStringSubmatchIndex(t.text); m != nil {
		d, mon, y := number(group(t.text, m, 1)), number(group(t.text, m, 2)), number(group(t.text, m, 3))
		if y < 100 {
			y += 2000
		}
		for _, try := range [][2]int{{d, mon}, {mon, d}} {
			if day, ok := t.civil(y, try[1], try[0]); ok && (!day.After(t.now) || mon > 12 || d > 12) {
				return found{at: m[0], end: m[1], span: t.dayOf(day)}, true
			}
		}
	}
	if m := dateDigits.FindStringSubmatchIndex(t.text); m != nil {
		day, ok := t.civil(number(group(t.text, m, 1)), number(group(t.text, m, 2)), number(group(t.text, m, 3)))
		if ok && !day.After(t.now) {
			return found{at: m[2], end: m[7], span: t.dayOf(day)}, true
		}
	}
	m := dateShort.FindStringSubmatchIndex(t.text)
	if m == nil || !chinese && group(t.text, m, 2) == "." {
		return found{}, false
	}
	a, b := number(group(t.text, m, 1)), number(group(t.text, m, 3))
	monthFirst, okM := t.civil(0, a, b)
	dayFirst, okD := t.civil(0, b, a)
	day := monthFirst
	if !okM || !chinese && okD && dayFirst.After(monthFirst) {
		day = dayFirst
	}
	return found{at: m[2], end: m[7], span: t.dayOf(day)}, okM || !chinese && okD
}

func hasHan(s string) bool {
	for _, r := range s {
		if r >= 0x4e00 && r <= 0x9fff {
			return true
		}
	}
	return false
}

func monthOf(name string) time.Month { return months[strings.ToLower(name)[:3]] }

// yearOf reads a year that may be told by a Chinese word; 0: not told.
func (t *timing) yearOf(s string) int {
	if back, ok := yearsBack[s]; ok {
		return t.now.Year() - back
	}
	return number(s)
}

// civil makes a day; without a year it is the last one that has been. A day that no
// month has is none.
func (t *timing) civil(y, mon, d int) (time.Time, bool) {
	if mon < 1 || mon > 12 || d < 1 || d > 31 || y != 0 && (y < 1990 || y > 2200) {
		return time.Time{}, false
	}
	if y != 0 {
		day := t.midnight(y, time.Month(mon), d)
		return day, day.Day() == d
	}
	for back := range 9 { // 29 February is up to eight years ago
		day := t.midnight(t.now.Year()-back, time.Month(mon), d)
		if day.Day() == d && !day.After(t.now) {
			return day, true
		}
	}
	return time.Time{}, false
}

// ofMonth finds a day by its number alone: "12号", "on the 12th", of the month that is told
// or the last one that has been.
func (t *timing) ofMonth() (found, bool) {
	if m := dayZH.FindStringSubmatchIndex(t.text); m != nil {
		which, d := group(t.text, m, 1), number(group(t.text, m, 2))
		if day, ok := t.numbered(which, d); ok && (which != "" || closes(t.text[m[1]:])) {
			return found{at: m[0], end: m[1], span: t.dayOf(day)}, true
		}
	}
	if m := dayEN.FindStringSubmatchIndex(t.text); m != nil {
		if day, ok := t.numbered(strings.ToLower(group(t.text, m, 2)), number(group(t.text, m, 1))); ok {
			return found{at: m[0], end: m[1], span: t.dayOf(day)}, true
		}
	}
	return found{}, false
}

func (t *timing) numbered(which string, d int) (time.Time, bool) {
	if d < 1 || d > 31 {
		return time.Time{}, false
	}
	first := t.firstOf(unitsBack[which])
	if which != "" {
		day := first.AddDate(0, 0, d-1)
		return day, day.Month() == first.Month()
	}
	for back := range 3 {
		month := t.firstOf(back)
		if day := month.AddDate(0, 0, d-1); day.Month() == month.Month() && !day.After(t.now) {
			return day, true
		}
	}
	return time.Time{}, false
}

// closes says that a word ends here: "5号" is a day, "5号楼" a house.
func closes(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || r < utf8.RuneSelf || strings.ContainsRune("的，。？！、上下中早晚凌那到至以之起前后收发登谁有", r)
}
