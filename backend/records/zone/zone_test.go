package zone

import (
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestAZoneIsKnownByANameThatIsTheSameOnEveryComputer(t *testing.T) {
	for name, want := range map[string]string{
		"Asia/Shanghai": "Asia/Shanghai", "UTC": "UTC", "utc": "UTC", "+08:00": "+08:00", "-03:30": "-03:30", "+00:00": "UTC", "America/New_York": "America/New_York",
	} {
		z, err := Load(name)
		if err != nil || z.String() != want {
			t.Errorf("%q: %v %v", name, z, err)
			continue
		}
		if kept := Kept(z); kept.String() != want {
			t.Errorf("%q is kept as %q", name, kept)
		}
	}
	for _, name := range []string{"", "Local", "local", "Mars/Olympus", "+8", "+25:00", "../../etc/passwd", "+08:00x"} {
		if z, err := Load(name); core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["field"] != "zone" {
			t.Errorf("%q: %v %v", name, z, err)
		}
	}
	if z := Kept(time.FixedZone("CST", 8*3600)); z.String() != "+08:00" {
		t.Errorf("an abbreviation: %v", z)
	}
	if z := Kept(time.FixedZone("Asia/Shanghai", 8*3600)); z.String() != "Asia/Shanghai" {
		t.Errorf("a fixed zone with a name: %v", z)
	}
	if z := Kept(time.FixedZone("UTC", 3600)); z.String() != "+01:00" {
		t.Errorf("a name that lies: %v", z)
	}
}

func TestThisComputersZoneHasANameToo(t *testing.T) {
	if name := Computer().String(); name == "Local" || name == "" {
		t.Errorf("%q", name)
	} else if _, err := Load(name); err != nil {
		t.Errorf("%q: %v", name, err)
	}
	for _, name := range Usual() {
		if _, err := Load(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestMonthsOfAZoneFollowEachOtherWithoutAGap(t *testing.T) {
	for _, name := range append(Usual(), "America/Asuncion", "Asia/Beirut", "Australia/Lord_Howe", "Atlantic/Azores", "Africa/Casablanca", "America/Havana", "+05:45") {
		z, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		first := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
		_, last, _ := Month("2014-12", z)
		for ; first.Year() < 2030; first = first.AddDate(0, 1, 0) {
			from, to, ok := Month(first.Format("2006-01"), z)
			if !ok || !from.Equal(last) || from.In(z).Format("2006-01") != first.Format("2006-01") || to.Add(-time.Nanosecond).In(z).Format("2006-01") != first.Format("2006-01") {
				t.Fatalf("%s %s: %v to %v, the month before ends %v", name, first.Format("2006-01"), from, to, last)
			}
			last = to
		}
	}
	// Midnight is skipped, comes twice, or the whole day is skipped.
	for _, c := range []struct{ zone, day, want string }{
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"Asia/Beirut", "2022-03-27", "2022-03-27T01:00:00+03:00"},
		{"America/Havana", "2024-11-03", "2024-11-03T00:00:00-04:00"},
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},
	} {
		z, _ := Load(c.zone)
		d, _ := time.Parse(time.DateOnly, c.day)
		if at := Midnight(d.Year(), d.Month(), d.Day(), z); at.Format(time.RFC3339) != c.want {
			t.Errorf("%s %s: %s", c.zone, c.day, at.Format(time.RFC3339))
		}
	}
}
