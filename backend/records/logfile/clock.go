package logfile

import (
	"strings"
	"time"
)

// clock reads the times of a log. Those of syslog have no year: it is the last one in
// which the time was before the file was written to. Those without a zone are in the
// clock's; in the night in which an hour comes twice, the second is known by what came
// before it.
type clock struct {
	zone  *time.Location
	wrote time.Time
	last  time.Time // of the line before
}

// behind is how far a line may be behind the one before it: several programs write into
// one log.
const behind = 10 * time.Minute

// read takes the time off a line. ok is false where there is none.
func (c *clock) read(line string) (at time.Time, rest string, ok bool) {
	if len(line) > 20 && line[4] == '-' && line[7] == '-' {
		stamp, rest, _ := strings.Cut(line, " ")
		if at, err := time.Parse(time.RFC3339Nano, stamp); err == nil {
			return at, rest, true
		}
		if line[10] == ' ' { // Dovecot's own with log_timestamp
			if at, err := time.ParseInLocation(time.DateTime, line[:19], c.zone); err == nil {
				return c.second(at), strings.TrimLeft(line[19:], " "), true
			}
		}
		return at, "", false
	}
	if len(line) < 16 || line[3] != ' ' || line[6] != ' ' || line[15] != ' ' {
		return at, "", false
	}
	at, err := time.ParseInLocation(time.Stamp, line[:15], c.zone)
	if err != nil {
		return at, "", false
	}
	year := c.wrote.In(c.zone).Year()
	now := at.AddDate(year-at.Year(), 0, 0)
	if now.After(c.wrote.Add(24*time.Hour)) || now.Day() != at.Day() { // 29 February
		now = at.AddDate(year-1-at.Year(), 0, 0)
	}
	return c.second(now), line[16:], true
}

// late is the same within the second of two equal hours: with the first one behind it, a line
// there is rather the next than one that comes late.
const late = time.Minute

// second chooses between the two moments that a time of that night can be: the first,
// unless it is far behind the line before.
func (c *clock) second(at time.Time) time.Time {
	if first, second, twice := c.twice(at); twice {
		least := c.last.Add(-behind)
		if _, again, twice := c.twice(c.last.In(c.zone)); twice && !c.last.Before(again) {
			least = c.last.Add(-late)
		}
		if at = first; first.Before(least) {
			at = second
		}
	}
	c.last = at
	return at
}

// twice are the two moments at which the clock shows the same as at one of them.
func (c *clock) twice(at time.Time) (first, second time.Time, ok bool) {
	for _, by := range []time.Duration{-time.Hour, time.Hour, -30 * time.Minute, 30 * time.Minute} { // half an hour on Lord Howe
		other := at.Add(by)
		if other.Hour() != at.Hour() || other.Minute() != at.Minute() {
			continue
		}
		if by < 0 {
			return other, at, true
		}
		return at, other, true
	}
	return at, at, false
}

// name tells the zone of a time: an IANA name where it is known, else like "+08:00".
func (c *clock) name(at time.Time) string {
	if name := c.zone.String(); at.Location() == c.zone && name != "Local" {
		return name
	}
	if _, offset := at.Zone(); offset == 0 {
		return "UTC"
	}
	return at.Format("-07:00")
}
