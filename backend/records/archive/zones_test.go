package archive

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/zone"
)

// hourly has a record in each third hour of half a year.
func hourly(t *testing.T, z *time.Location, from, to time.Time) *records.Book {
	t.Helper()
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), z)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	more(t, b, from, to)
	return b
}

func more(t *testing.T, b *records.Book, from, to time.Time) {
	t.Helper()
	var all []logs.Record
	for at := from; at.Before(to); at = at.Add(3 * time.Hour) {
		all = append(all, logs.Record{Kind: logs.Sent, At: at, Subject: at.Format(time.RFC3339)})
	}
	put(t, b, all...)
}

// moments are those of all records of an archive as it stands: of a month that was archived
// twice, the last time counts.
func moments(t *testing.T, dir string) (all []time.Time) {
	t.Helper()
	chain, err := Chain(dir)
	if err != nil {
		t.Fatal(err)
	}
	latest := map[string]Link{}
	for _, l := range chain {
		latest[l.Month] = l
	}
	for _, l := range latest {
		f, err := os.Open(filepath.Join(dir, l.Folder, "sent.ndjson.gz"))
		if err != nil {
			t.Fatal(err)
		}
		gz, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(gz); lines.Scan(); {
			var r logs.Record
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			if span := l.Span(); r.At.Before(span.From) || !r.At.Before(span.To) {
				t.Errorf("%s holds %v, which is not within %v", l.Folder, r.At, span)
			}
			all = append(all, r.At)
		}
		_ = f.Close()
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// once says that every record up to the end of the newest archived month is in exactly one.
func once(t *testing.T, dir string, from, to time.Time) {
	t.Helper()
	all := moments(t, dir)
	for i, at := 0, from; at.Before(to); i, at = i+1, at.Add(3*time.Hour) {
		if i >= len(all) || !all[i].Equal(at) {
			t.Fatalf("record %d of the archive is not that of %v", i, at)
		}
	}
}

func load(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := zone.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// asVersion1 makes the archive one of the first version: its months are those of UTC, and it
// does not say so.
func asVersion1(t *testing.T, dir string) {
	t.Helper()
	chain, err := Chain(dir)
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for _, l := range chain {
		path := filepath.Join(dir, l.Folder, manifestName)
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		delete(m, "from")
		delete(m, "to")
		m["version"], m["previous"], m["zone"] = 1, last, "Local"
		if raw, err = json.Marshal(m); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		last = sum(raw)
	}
}

func TestAMonthIsTheOfficesWhateverTheComputersZoneIs(t *testing.T) {
	from, to := time.Date(2026, 10, 1, 0, 0, 0, 0, shanghai), time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
	b, dir := hourly(t, load(t, "Asia/Shanghai"), from, to), filepath.Join(t.TempDir(), "a")
	made := archived(t, b, dir)
	if len(made) != 1 || made[0].Month != "2026-10" || made[0].Zone != "Asia/Shanghai" || made[0].Rows != 31*8 || !made[0].To.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, shanghai)) {
		t.Fatalf("%+v", made)
	}
	once(t, dir, from, made[0].To)
}

// An admin travels and the office moves: whatever zones it has had, and with an archive whose
// months were those of UTC before them, no record is archived twice and none is left out.
func TestMonthsOfChangedZonesNeitherOverlapNorLeaveAGap(t *testing.T) {
	for _, zones := range [][]string{
		{"Asia/Shanghai", "America/New_York", "Asia/Shanghai"},
		{"UTC", "Pacific/Auckland", "America/Los_Angeles"},
	} {
		t.Run(fmt.Sprint(zones), func(t *testing.T) {
			from := time.Date(2026, 3, 26, 0, 0, 0, 0, time.UTC)
			b, dir := hourly(t, load(t, zones[0]), from, time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC)), filepath.Join(t.TempDir(), "a")
			begun := from
			for i, name := range zones {
				if err := b.SetZone(t.Context(), load(t, name)); err != nil {
					t.Fatal(err)
				}
				now := time.Date(2026, 4+time.Month(i), 5, 0, 0, 0, 0, time.UTC)
				more(t, b, begun, now)
				if _, err := Create(t.Context(), b, dir, "o", now, nil); err != nil {
					t.Fatal(err)
				}
				if i == 0 && name == "UTC" {
					asVersion1(t, dir)
				}
			}
			chain, err := Chain(dir)
			if err != nil || chain[len(chain)-1].Month != "2026-05" {
				t.Fatalf("%+v %v", chain, err)
			}
			once(t, dir, from, chain[len(chain)-1].Span().To)
			if f := flaws(t, dir, ""); f != "" {
				t.Errorf("flaws: %s", f)
			}
			if due, err := Due(t.Context(), b, dir, time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC)); err != nil || len(due) != 0 {
				t.Errorf("due again: %v %v", due, err)
			}
			late := time.Date(2026, 3, 31, 23, 1, 0, 0, time.UTC) // a month of some zones, the next one of others
			put(t, b, logs.Record{Kind: logs.Sent, At: late, Subject: "late"})
			again, err := Create(t.Context(), b, dir, "o", time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC), nil)
			if err != nil || len(again) != 1 || again[0].Span().From.After(late) || !again[0].Span().To.After(late) {
				t.Errorf("a record that came late: %+v %v", again, err)
			}
		})
	}
}

func TestTheRuleOfDeletionCountsFromTheMonthsEndInItsOwnZone(t *testing.T) {
	b, dir := hourly(t, load(t, "Asia/Shanghai"), time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC)), filepath.Join(t.TempDir(), "a")
	archived(t, b, dir)
	end := time.Date(2026, 8, 1, 0, 0, 0, 0, shanghai)
	if gone, err := Delete(dir, 6, end); err != nil || len(gone) != 0 {
		t.Errorf("it is six months old, and no more: %v %v", gone, err)
	}
	gone, err := Delete(dir, 6, end.Add(time.Second))
	if err != nil || len(gone) != 1 || !gone[0].To.Equal(time.Date(2026, 2, 1, 0, 0, 0, 0, shanghai)) {
		t.Fatalf("%+v %v", gone, err)
	}
	// What is archived next begins where the deleted month ended.
	if err := b.SetZone(t.Context(), load(t, "America/New_York")); err != nil {
		t.Fatal(err)
	}
	put(t, b, logs.Record{Kind: logs.Sent, At: gone[0].To, Subject: "the first moment afterwards"})
	made := archived(t, b, dir)
	if len(made) != 1 || made[0].Month != "2026-02" || !made[0].From.Equal(gone[0].To) || made[0].Seq != 2 {
		t.Errorf("%+v", made)
	}
}

// Verifying reads what the manifest says, not what the computer's clock does.
func TestAManifestWithASpanThatIsNoMonthIsFound(t *testing.T) {
	b, dir := filled(t), filepath.Join(t.TempDir(), "a")
	made := archived(t, b, dir)
	path := filepath.Join(dir, made[3].Folder, manifestName)
	m := made[3].Manifest
	m.From = m.From.AddDate(0, -3, 0)
	raw, _ := json.Marshal(m)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := flaws(t, dir, ""); got != "unreadable "+made[3].Folder+"/"+manifestName {
		t.Errorf("flaws: %s", got)
	}
}
