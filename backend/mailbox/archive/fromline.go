package archive

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ownFrom is the From_ line that this package writes. The tag is the folder's
// UIDVALIDITY: a message with it that the index does not know was never acknowledged.
func ownFrom(validity uint32, date time.Time) string {
	date = date.UTC()
	if !sane(date) {
		date = time.Unix(0, 0).UTC()
	}
	return ownTag(validity) + date.Format("Mon Jan _2 15:04:05 2006") + "\n"
}

func ownTag(validity uint32) string { return fmt.Sprintf("From mailroom-%08x@localhost ", validity) }

// isOwnFrom tells a From_ line of any archive of ours.
func isOwnFrom(b []byte) bool {
	rest, ok := bytes.CutPrefix(b, []byte("From mailroom-"))
	return ok && len(rest) > 8 && bytes.HasPrefix(rest[8:], []byte("@localhost "))
}

// fromLine reads a line "From sender date" (RFC 4155 appendix A, and the shapes of
// Thunderbird, Eudora, Apple Mail and Google Takeout). ok only if it ends in a date
// with weekday, month, day, time and year, in the order of asctime or of RFC 5322,
// with or without a zone.
func fromLine(b []byte) (sender string, date time.Time, ok bool) {
	rest, ok := bytes.CutPrefix(b, []byte(fromWord))
	if !ok || len(rest) > 1000 {
		return "", date, false
	}
	words := strings.Fields(string(rest))
	for i, w := range words {
		if i > 6 {
			break
		}
		if isWeekday(w) {
			if date, ok = asctime(words[i+1:]); ok {
				return strings.Join(words[:i], " "), date, true
			}
		}
	}
	return "", date, false
}

func isWeekday(w string) bool {
	w = strings.TrimSuffix(w, ",")
	return len(w) == 3 && strings.Contains("Sun Mon Tue Wed Thu Fri Sat", w)
}

// asctime reads the words after the weekday.
func asctime(words []string) (time.Time, bool) {
	if len(words) < 4 || len(words) > 8 {
		return time.Time{}, false
	}
	var month time.Month
	day, year := 0, 0
	clock := [3]int{-1, 0, 0}
	zone := time.UTC
	for _, w := range words {
		n, err := strconv.Atoi(w)
		switch {
		case strings.Contains(w, ":"):
			if !readClock(w, &clock) {
				return time.Time{}, false
			}
		case len(w) == 5 && (w[0] == '+' || w[0] == '-') && err == nil:
			zone = fixedZone(n)
		case err == nil && len(w) <= 2 && day == 0:
			day = n
		case err == nil && len(w) == 4:
			year = n
		case month == 0 && monthNamed(w) > 0:
			month = monthNamed(w)
		case err == nil || len(w) > 20:
			return time.Time{}, false
		}
	}
	if month == 0 || day < 1 || day > 31 || clock[0] < 0 || year < 1900 || year > 2200 {
		return time.Time{}, false
	}
	return time.Date(year, month, day, clock[0], clock[1], clock[2], 0, zone), true
}

func readClock(w string, clock *[3]int) bool {
	parts := strings.Split(w, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return false
	}
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n > 60 || len(p) > 2 {
			return false
		}
		clock[i] = n
	}
	return clock[0] < 24
}

func fixedZone(n int) *time.Location {
	hours, minutes := n/100, n%100
	if hours < -14 || hours > 14 || n == 0 {
		return time.UTC
	}
	return time.FixedZone("", hours*3600+minutes*60)
}

func monthNamed(w string) time.Month {
	i := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", w)
	if len(w) != 3 || i < 0 || i%3 != 0 {
		return 0
	}
	return time.Month(i/3 + 1)
}
