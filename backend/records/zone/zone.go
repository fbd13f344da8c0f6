// Package zone gives zones names that can be kept: an IANA name or an offset, never
// "this computer's", which is another one tomorrow.
//
// It leaves out which office has which zone (package records).
package zone

import (
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no zones of its own that Go can read

	"mailroom/backend/core"
)

// Load finds the zone of a name: an IANA name such as Asia/Shanghai, UTC, or an offset such
// as +08:00. Errors: invalid with "field" zone and "value".
func Load(name string) (*time.Location, error) {
	invalid := func(err error) error {
		return core.E(core.Invalid, "find zone", err, "field", "zone", "value", name)
	}
	switch {
	case name == "" || strings.EqualFold(name, "local") || len(name) > 60:
		return nil, invalid(nil)
	case strings.EqualFold(name, "utc"):
		return time.UTC, nil
	case name[0] == '+' || name[0] == '-':
		at, err := time.Parse("-07:00", name)
		if err != nil {
			return nil, invalid(err)
		}
		_, offset := at.Zone()
		if offset == 0 {
			return time.UTC, nil
		}
		if offset < -16*3600 || offset > 16*3600 {
			return nil, invalid(nil)
		}
		return time.FixedZone(name, offset), nil
	}
	found, err := time.LoadLocation(name)
	if err != nil {
		return nil, invalid(err)
	}
	return found, nil
}

// Kept is a zone under a name that [Load] finds again. A zone whose name is none is known
// by its offset in winter.
func Kept(z *time.Location) *time.Location {
	if z == nil || z == time.Local {
		return Computer()
	}
	if found, err := Load(z.String()); err == nil && agree(found, z) {
		return found
	}
	return ofOffset(z)
}

func ofOffset(z *time.Location) *time.Location {
	name := time.Date(2026, 1, 1, 0, 0, 0, 0, z).Format("-07:00")
	found, err := Load(name)
	if err != nil { // no zone on earth
		return time.UTC
	}
	return found
}

// Computer is this computer's zone as it is set now, under its own name where that can be
// found out.
func Computer() *time.Location {
	names := []string{strings.TrimPrefix(os.Getenv("TZ"), ":"), time.Local.String()}
	if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil { // Linux, macOS
		if _, name, ok := strings.Cut(filepath.ToSlash(target), "/zoneinfo/"); ok {
			names = append(names, name)
		}
	}
	for _, name := range append(names, Usual()...) {
		if found, err := Load(name); err == nil && agree(found, time.Local) {
			return found
		}
	}
	return ofOffset(time.Local)
}

// agree says whether two zones have the same clock: in each week of the years around now.
func agree(a, b *time.Location) bool {
	year := time.Now().Year()
	for at := time.Date(year-2, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() <= year+1; at = at.AddDate(0, 0, 7) {
		_, x := at.In(a).Zone()
		_, y := at.In(b).Zone()
		if x != y {
			return false
		}
	}
	return true
}

// Usual are the zones that are offered first, and by which a computer that tells no name is
// known: one for each clock on which many people live, from east to west.
func Usual() []string {
	return []string{
		"Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Pacific/Auckland", "Australia/Sydney", "Australia/Brisbane",
		"Australia/Adelaide", "Australia/Perth", "Asia/Bangkok", "Asia/Jakarta", "Asia/Dhaka", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Karachi", "Asia/Tashkent",
		"Asia/Dubai", "Asia/Tehran", "Europe/Moscow", "Europe/Istanbul", "Africa/Nairobi", "Europe/Helsinki", "Europe/Athens", "Africa/Cairo", "Africa/Johannesburg",
		"Europe/Berlin", "Europe/Paris", "Africa/Lagos", "Europe/London", "Europe/Lisbon", "UTC", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
		"America/St_Johns", "America/Halifax", "America/New_York", "America/Chicago", "America/Mexico_City", "America/Denver", "America/Phoenix", "America/Los_Angeles",
		"America/Anchorage", "Pacific/Honolulu",
	}
}

// Month is when a month ("2026-11") begins and ends in a zone; ok is false for what is none.
// Where midnight itself is skipped it begins with the first moment of the day.
func Month(name string, z *time.Location) (from, to time.Time, ok bool) {
	first, err := time.Parse("2006-01", name)
	if err != nil {
		return from, to, false
	}
	return Midnight(first.Year(), first.Month(), 1, z), Midnight(first.Year(), first.Month()+1, 1, z), true
}

// Midnight is the first moment of a day in a zone: 01:00 where the clock skips midnight, the
// first of the two where it comes twice, that of the next day where the day itself is skipped.
func Midnight(year int, month time.Month, day int, z *time.Location) time.Time {
	at := time.Date(year, month, day, 0, 0, 0, 0, z)
	// Of a time that is skipped Go takes one of the two that it may be: 23:00 the day
	// before, or 01:00.
	want := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	before := func(t time.Time) bool {
		y, m, d := t.In(z).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Before(want)
	}
	for before(at) {
		at = at.Add(step)
	}
	for !before(at.Add(-step)) {
		at = at.Add(-step)
	}
	return at
}

// step is by what clocks are put forward and back; all of them are multiples of it.
const step = 15 * time.Minute
