package logfile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records"
	"mailroom/backend/records/query"
	"mailroom/backend/records/zone"
)

func load(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := zone.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// signIns writes a classic syslog of Dovecot with a sign-in at each of some times.
func signIns(t *testing.T, path string, wrote time.Time, times ...string) {
	t.Helper()
	var b strings.Builder
	for i, at := range times {
		fmt.Fprintf(&b, "%s mx dovecot: imap-login: Login: user=<han@office.example.com>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, session=<s%d%s>\n", at, i, filepath.Base(path))
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, wrote, wrote); err != nil {
		t.Fatal(err)
	}
}

// toldAt are the moments of all records, the oldest first, as UTC.
func toldAt(t *testing.T, b *records.Book) (all []string) {
	t.Helper()
	if _, err := b.Search(t.Context(), query.Query{}, 0, func(h records.Hit) bool {
		all = append(all, h.Record.At.UTC().Format("01-02 15:04"))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(all)
	return all
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// An office has a server at home and one abroad: each log is read in its own zone.
func TestTwoLogsOfOneOfficeMayHaveZonesOfTheirOwn(t *testing.T) {
	r, book := reader(t)
	dir, wrote := t.TempDir(), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	home, abroad := filepath.Join(dir, "home.log"), filepath.Join(t.TempDir(), "abroad.log")
	times := []string{"Nov  1 00:30:00", "Nov  1 00:40:00", "Nov  1 00:50:00", "Nov  1 01:00:00", "Nov  1 01:10:00"}
	signIns(t, home, wrote, times...)
	signIns(t, abroad, wrote, times...)
	for path, z := range map[string]*time.Location{home: nil, abroad: load(t, "America/New_York")} {
		if res, err := r.FileIn(t.Context(), path, z, nil); err != nil || res.Tally.New != 5 {
			t.Fatalf("%+v %v", res, err)
		}
	}
	same(t, "both", toldAt(t, book), "10-31 16:30", "10-31 16:40", "10-31 16:50", "10-31 17:00", "10-31 17:10", "11-01 04:30", "11-01 04:40", "11-01 04:50", "11-01 05:00", "11-01 05:10")

	// The office moves. A file goes on in the zone in which it was begun: nothing comes twice.
	if err := book.SetZone(t.Context(), load(t, "America/Los_Angeles")); err != nil {
		t.Fatal(err)
	}
	signIns(t, home, wrote.Add(time.Hour), append(times, "Nov  1 02:00:00")...)
	if res, err := r.File(t.Context(), home, nil); err != nil || res.Tally.New != 1 || res.Tally.Same != 0 {
		t.Errorf("%+v %v", res, err)
	}
	if all := toldAt(t, book); len(all) != 11 || !slices.Contains(all, "10-31 18:00") {
		t.Errorf("%v", all)
	}
	_, err := r.FileIn(t.Context(), home, load(t, "Asia/Tokyo"), nil)
	if args := core.ArgsOf(err); core.CodeOf(err) != core.Conflict || args["zone"] != "+08:00" || args["file"] != home {
		t.Errorf("in another zone: %v", err)
	}
}

func TestAWatchedFolderHasAZoneOfItsOwn(t *testing.T) {
	r, book := reader(t)
	dir := t.TempDir()
	signIns(t, filepath.Join(dir, "mail.log"), time.Date(2026, 7, 2, 0, 0, 0, 0, time.UTC), "Jul  1 12:00:00", "Jul  1 12:01:00", "Jul  1 12:02:00", "Jul  1 12:03:00", "Jul  1 12:04:00")
	if err := r.Watch(t.Context(), dir, load(t, "Europe/Berlin")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, failed, err := r.Folder(t.Context(), dir); err != nil || len(failed) != 0 {
			t.Fatal(failed, err)
		}
		// What was read stays as it is, whatever is chosen afterwards.
		if err := r.Watch(t.Context(), dir, load(t, "Asia/Tokyo")); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "in summer", toldAt(t, book), "07-01 10:00", "07-01 10:01", "07-01 10:02", "07-01 10:03", "07-01 10:04")
	if w, err := r.Watched(t.Context()); err != nil || len(w) != 1 || w[0].Zone != "Asia/Tokyo" {
		t.Errorf("%v %v", w, err)
	}
}

// The hour that comes twice and the one that never comes, on clocks of three kinds.
func TestHoursThatComeTwiceAndNeverAreToldInTheirOrder(t *testing.T) {
	for _, c := range []struct {
		name, zone string
		wrote      time.Time
		lines      []string
		want       []string
	}{
		{"twice in Berlin", "Europe/Berlin", time.Date(2026, 10, 26, 0, 0, 0, 0, time.UTC),
			[]string{"Oct 25 02:30:00", "Oct 25 02:59:00", "Oct 25 02:01:00", "Oct 25 02:58:00", "Oct 25 03:00:00"},
			[]string{"10-25 00:30", "10-25 00:59", "10-25 01:01", "10-25 01:58", "10-25 02:00"}},
		{"twice at midnight in Havana", "America/Havana", time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC),
			[]string{"Oct 31 23:50:00", "Nov  1 00:10:00", "Nov  1 00:55:00", "Nov  1 00:05:00", "Nov  1 01:00:00"},
			[]string{"11-01 03:50", "11-01 04:10", "11-01 04:55", "11-01 05:05", "11-01 06:00"}},
		{"never in New York", "America/New_York", time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC),
			[]string{"Mar  8 01:30:00", "Mar  8 01:59:59", "Mar  8 03:00:00", "Mar  8 03:10:00", "Mar  8 04:00:00"},
			[]string{"03-08 06:30", "03-08 06:59", "03-08 07:00", "03-08 07:10", "03-08 08:00"}},
		{"over the end of the year", "Asia/Shanghai", time.Date(2026, 1, 1, 1, 0, 0, 0, time.UTC),
			[]string{"Dec 31 23:58:00", "Dec 31 23:59:00", "Jan  1 00:00:00", "Jan  1 00:01:00", "Jan  1 00:02:00"},
			[]string{"12-31 15:58", "12-31 15:59", "12-31 16:00", "12-31 16:01", "12-31 16:02"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, book := reader(t)
			path := filepath.Join(t.TempDir(), "log")
			signIns(t, path, c.wrote, c.lines...)
			if _, err := r.FileIn(t.Context(), path, load(t, c.zone), nil); err != nil {
				t.Fatal(err)
			}
			same(t, c.name, toldAt(t, book), c.want...)
		})
	}
}
