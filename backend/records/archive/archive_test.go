package archive

import (
	"archive/zip"
	"encoding/csv"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/query"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

var (
	shanghai = time.FixedZone("+08:00", 8*3600)
	now      = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
)

func book(t *testing.T) *records.Book {
	t.Helper()
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), shanghai)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func put(t *testing.T, b *records.Book, rows ...logs.Record) {
	t.Helper()
	a, err := b.Begin(t.Context(), "vendor")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Add(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// filled has records of five months, this one among them.
func filled(t *testing.T) *records.Book {
	t.Helper()
	b := book(t)
	for month := 7; month <= 11; month++ {
		for i := range 20 {
			put(t, b, logs.Record{Kind: logs.Received, At: time.Date(2026, time.Month(month), 1+i%15, 3, i, 0, 0, time.UTC), Person: "p@office.example.com", Subject: "=发票" + fmt.Sprint(month, "-", i), Outcome: logs.Delivered, IP: netip.MustParseAddr("2001:db8::1")},
				logs.Record{Kind: logs.SignIn, At: time.Date(2026, time.Month(month), 2, 3, 0, 0, 0, time.UTC), Person: "p@office.example.com", Outcome: logs.Refused})
		}
	}
	return b
}

func archived(t *testing.T, b *records.Book, dir string) []Link {
	t.Helper()
	made, err := Create(t.Context(), b, dir, "office.example.com", now, nil)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func flaws(t *testing.T, dir, known string) string {
	t.Helper()
	r, err := Verify(t.Context(), dir, known)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range r.Flaws {
		all = append(all, string(f.What)+" "+f.File)
	}
	return strings.Join(all, ", ")
}

func TestMonthsThatEndedAreArchivedOnceAndTheArchiveIsWhole(t *testing.T) {
	b, dir := filled(t), filepath.Join(t.TempDir(), "a")
	made := archived(t, b, dir)
	if len(made) != 4 || made[0].Month != "2026-07" || made[3].Month != "2026-10" || made[3].Previous != made[2].Sum || made[0].Rows != 21 {
		t.Fatalf("%+v", made)
	}
	if again := archived(t, b, dir); len(again) != 0 {
		t.Errorf("again: %+v", again)
	}
	if f := flaws(t, dir, made[3].Sum); f != "" {
		t.Errorf("flaws: %s", f)
	}
	put(t, b, logs.Record{Kind: logs.Sent, At: time.Date(2026, 8, 8, 0, 0, 0, 0, time.UTC), Subject: "late"})
	if late := archived(t, b, dir); len(late) != 1 || late[0].Folder != "2026-08-2" || late[0].Seq != 5 {
		t.Errorf("a record that came late: %+v", late)
	}
	if f := flaws(t, dir, ""); f != "" {
		t.Errorf("flaws: %s", f)
	}
}

func TestWhateverIsTamperedWithIsFound(t *testing.T) {
	b := filled(t)
	for name, c := range map[string]struct {
		do   func(dir string) error
		want string
	}{
		"a byte changed": {func(dir string) error { return flip(filepath.Join(dir, "2026-08", "received.ndjson.gz")) }, "file_changed 2026-08/received.ndjson.gz"},
		"a file gone":    {func(dir string) error { return os.Remove(filepath.Join(dir, "2026-08", "signin.csv.zip")) }, "file_missing 2026-08/signin.csv.zip"},
		"a file more":    {func(dir string) error { return os.WriteFile(filepath.Join(dir, "2026-08", "x"), nil, 0o600) }, "file_extra 2026-08/x"},
		"a file beside":  {func(dir string) error { return os.WriteFile(filepath.Join(dir, "x"), nil, 0o600) }, "file_extra x"},
		"a month gone":   {func(dir string) error { return os.RemoveAll(filepath.Join(dir, "2026-08")) }, "month_missing 2026-09, chain_broken"},
		"the end gone":   {func(dir string) error { return os.RemoveAll(filepath.Join(dir, "2026-10")) }, "end_missing "},
		"the first gone": {func(dir string) error { return os.RemoveAll(filepath.Join(dir, "2026-07")) }, "month_missing 2026-08"},
		"a manifest changed": {func(dir string) error {
			path := filepath.Join(dir, "2026-09", manifestName)
			raw, _ := os.ReadFile(path)
			return os.WriteFile(path, []byte(strings.Replace(string(raw), `"rows": 21`, `"rows": 22`, 1)), 0o600)
		}, "chain_broken 2026-10/manifest.json"},
		"a manifest damaged": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "2026-09", manifestName), []byte("{"), 0o600)
		}, "unreadable 2026-09/manifest.json, month_missing 2026-10"},
		"two months swapped": {func(dir string) error {
			a, b := filepath.Join(dir, "2026-08"), filepath.Join(dir, "2026-09")
			return errors.Join(os.Rename(a, a+"x"), os.Rename(b, a), os.Rename(a+"x", b))
		}, "chain_broken 2026-09/manifest.json, chain_broken 2026-08/manifest.json"},
		"a file that is kept elsewhere": {func(dir string) error { return elsewhere(filepath.Join(dir, "2026-08", "signin.csv.zip")) }, "unreadable 2026-08/signin.csv.zip"},
		"a manifest that is kept elsewhere": {func(dir string) error { return elsewhere(filepath.Join(dir, "2026-08", manifestName)) },
			"unreadable 2026-08/manifest.json, month_missing 2026-09"},
		"a file without an end": {func(dir string) error {
			path := filepath.Join(dir, "2026-08", "signin.csv.zip")
			return errors.Join(os.Remove(path), os.Symlink("/dev/zero", path))
		}, "unreadable 2026-08/signin.csv.zip"},
		"cut off": {func(dir string) error { return os.Mkdir(filepath.Join(dir, "2026-11.part"), 0o700) }, "unfinished 2026-11.part"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "a")
			made := archived(t, b, dir)
			if err := c.do(dir); err != nil {
				t.Fatal(err)
			}
			if got := flaws(t, dir, made[3].Sum); !strings.HasPrefix(got, strings.TrimSuffix(strings.SplitN(c.want, ", chain", 2)[0], " ")) || got == "" {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// elsewhere leaves a link where a file was.
func elsewhere(path string) error {
	moved := filepath.Dir(filepath.Dir(path)) + ".moved"
	return errors.Join(os.Rename(path, moved), os.Symlink(moved, path))
}

func flip(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	raw[len(raw)/2] ^= 1
	return os.WriteFile(path, raw, 0o600)
}

func TestAnArchiveCanBeOpenedAndSearchedAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	full := filled(t)
	august1 := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	if err := full.Covered(t.Context(), "vendor", logs.Received, records.Span{From: august1.AddDate(0, 0, 2), To: now}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := full.Lost(t.Context(), "vendor", logs.Received, records.Missing{Span: records.Span{From: august1.AddDate(0, -1, 0), To: august1.AddDate(0, 0, 2)}, Why: records.TooOld}); err != nil {
		t.Fatal(err)
	}
	archived(t, full, dir)
	b := book(t)
	for round := range 2 {
		tally, err := Open(t.Context(), dir, b, map[string]bool{"2026-08": true, "2026-09": true}, nil)
		if err != nil || tally.New != 42*(1-round) || tally.Same != 42*round {
			t.Fatalf("%+v %v", tally, err)
		}
	}
	august := records.Span{From: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)}
	gaps, err := b.Gaps(t.Context(), logs.Received, august)
	if err != nil || len(gaps) != 1 || gaps[0].Why != records.TooOld || !gaps[0].From.Equal(august.From) || gaps[0].To.Sub(gaps[0].From) != 48*time.Hour {
		t.Errorf("what the archive covers: %+v %v", gaps, err)
	}
	q, _ := query.Parse("发票8", shanghai)
	p, err := b.Find(t.Context(), q, 0, 100)
	if err != nil || len(p.Hits) != 20 || p.Hits[0].Record.IP.String() != "2001:db8::1" {
		t.Errorf("%d found, %v", len(p.Hits), err)
	}
	if _, err := Open(t.Context(), t.TempDir(), b, nil, nil); core.CodeOf(err) != core.NotFound {
		t.Errorf("an empty folder: %v", err)
	}
	if err := flip(filepath.Join(dir, "2026-08", "received.ndjson.gz")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, b, nil, nil); core.CodeOf(err) != core.Malformed || core.ArgsOf(err)["file"] == "" {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestTheSpreadsheetRunsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	archived(t, filled(t), dir)
	z, err := zip.OpenReader(filepath.Join(dir, "2026-07", "received.csv.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != 21 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[1][0] != "2026-07-01 11:00:00 +08:00" || strings.HasPrefix(rows[1][6], "=") || !strings.Contains(rows[1][6], "发票7-0") {
		t.Errorf("%v", rows[1])
	}
}

func TestMonthsAreDeletedByTheRuleOnlyAndThatStaysVisible(t *testing.T) {
	b, dir := filled(t), filepath.Join(t.TempDir(), "a")
	made := archived(t, b, dir)
	if _, err := Delete(dir, 5, now); core.CodeOf(err) != core.Invalid {
		t.Errorf("five months: %v", err)
	}
	if gone, err := Delete(dir, 6, now); err != nil || len(gone) != 0 {
		t.Errorf("nothing is old enough: %v %v", gone, err)
	}
	gone, err := Delete(dir, 6, now.AddDate(0, 4, 0))
	if err != nil || len(gone) != 2 || gone[0].Month != "2026-07" {
		t.Fatalf("%+v %v", gone, err)
	}
	r, err := Verify(t.Context(), dir, made[3].Sum)
	if err != nil || len(r.Flaws) != 0 || len(r.Deleted) != 2 || r.Months != 2 {
		t.Errorf("%+v %v", r, err)
	}
	if again := archived(t, b, dir); len(again) != 0 {
		t.Errorf("a deleted month comes back: %+v", again)
	}
	if _, err := Delete(dir, 6, now.AddDate(2, 0, 0)); err != nil {
		t.Fatal(err)
	}
	put(t, b, logs.Record{Kind: logs.Sent, At: time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC), Subject: "old"})
	if made := archived(t, b, dir); len(made) != 1 || made[0].Seq != 5 {
		t.Errorf("the chain does not go on: %+v", made)
	}
	if f := flaws(t, dir, ""); f != "" {
		t.Errorf("flaws: %s", f)
	}
}
