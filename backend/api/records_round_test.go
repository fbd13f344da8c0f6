package api

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider/practice/past"
)

// dial is a clock that is set by hand.
type dial struct {
	mu sync.Mutex
	at time.Time
}

func (c *dial) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *dial) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func TestARoundBeginsWhenItsScheduleSays(t *testing.T) {
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.Local)
	made := lastRound{Began: noon.Add(-10 * time.Minute), Ended: noon.Add(-9 * time.Minute)}
	night := RecordSchedule{Every: 60, Hours: true, From: 19 * 60, To: 7 * 60}
	for name, c := range map[string]struct {
		r    RecordSchedule
		l    lastRound
		want time.Time
	}{
		"the first one at once":           {usualSchedule(), lastRound{}, noon},
		"half an hour after the last":     {usualSchedule(), made, noon.Add(20 * time.Minute)},
		"the one that is overdue at once": {RecordSchedule{Every: 15}, lastRound{Began: noon.Add(-time.Hour), Ended: noon}, noon},
		"one that was cut off at once":    {RecordSchedule{Every: 1440}, lastRound{Began: noon.Add(-time.Minute)}, noon},
		"not where it is off":             {RecordSchedule{}, lastRound{}, time.Time{}},
		"not with a refused key":          {usualSchedule(), lastRound{Began: noon.Add(-time.Hour), Ended: noon, Code: core.Unauthenticated}, time.Time{}},
		"in its hours":                    {night, made, time.Date(2026, 11, 26, 19, 0, 0, 0, time.Local)},
		"after the clock was set back":    {usualSchedule(), lastRound{Began: noon.Add(time.Hour), Ended: noon.Add(time.Hour)}, noon},
	} {
		if got := c.r.next(c.l, noon); !got.Equal(c.want) {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}

// line is one record of Mailroom's own format.
func line(at time.Time, id, outcome string) string {
	return `{"kind":"received","at":"` + at.Format(time.RFC3339) + `","id":"` + id + `","person":"li@new.example","from":"zhou@partner.example","subject":"账单","outcome":"` + outcome + `"}` + "\n"
}

// filed is a program with an office whose records come from files alone.
func filed(t *testing.T, c *dial, lines ...string) (*house, OfficeInfo) {
	t.Helper()
	h := open(t, t.TempDir(), administering, func(cfg *Config) { cfg.Now = c.now })
	o := h.office()
	never := usualSchedule()
	never.Every = 0
	if s := must(h.sources.SetSchedule(o.ID, never))(t); s.Next != 0 || s.Schedule.Every != 0 {
		t.Errorf("never: %+v", s)
	}
	h.file(o.ID, lines...)
	return h, o
}

func (h *house) file(officeID string, lines ...string) {
	h.t.Helper()
	path := filepath.Join(h.t.TempDir(), "r.ndjson")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		h.t.Fatal(err)
	}
	if read := must(h.sources.ReadFiles("", officeID, []string{path}, ""))(h.t); read[0].Problem != nil || read[0].New+read[0].Updated != len(lines) {
		h.t.Fatalf("%+v", read)
	}
}

func TestAMonthIsReportedByItselfWhenItHasEnded(t *testing.T) {
	october := time.Date(2026, 10, 12, 9, 0, 0, 0, past.Zone)
	clock := &dial{at: time.Date(2026, 10, 31, 23, 59, 0, 0, past.Zone)}
	h, o := filed(t, clock, line(october, "1", "delivered"))
	look := func() ReportState {
		h.shelves.look(t.Context(), h.data)
		return must(h.reports.State(o.ID))(t)
	}
	if s := look(); len(s.Made) != 0 || !s.Auto || len(s.Months) != 1 {
		t.Fatalf("before the month's end: %+v", s)
	}
	clock.set(time.Date(2026, 11, 1, 0, 1, 0, 0, past.Zone))
	s := look()
	if len(s.Made) != 1 || s.Made[0].Month != "2026-10" || !s.Made[0].Auto || len(s.Made[0].Files) != 6 {
		t.Fatalf("after it: %+v", s)
	}
	for _, f := range s.Made[0].Files {
		raw, err := os.ReadFile(filepath.Join(s.Folder, f.Name))
		if err != nil || len(raw) < 500 {
			t.Errorf("%s: %d bytes, %v", f.Name, len(raw), err)
		}
		if f.Format == "html" && strings.Contains(string(raw), "邮件月报") != (f.Language == LanguageChinese) {
			t.Errorf("%s speaks another language", f.Name)
		}
	}
	news := must(h.reports.News())(t)
	if len(news) != 1 || news[0].Kind != newsReport || !slices.Equal(news[0].Months, []string{"2026-10"}) || news[0].Title != o.Title {
		t.Errorf("the news: %+v", news)
	}
	if len(heard[RecordsNewer](h.w, "records:news")) != 1 || len(must(h.reports.News())(t)) != 0 {
		t.Error("the news are told once")
	}
	first := s.Made[0].Made
	clock.set(clock.now().Add(time.Hour))
	if s := look(); len(s.Made) != 1 || s.Made[0].Made != first {
		t.Errorf("it is made once: %+v", s.Made)
	}
	if err := h.reports.Show(o.ID, "2026-10", s.Made[0].Files[0].Name); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"../../mailroom.db", "other.pdf"} {
		if err := h.reports.Show(o.ID, "2026-10", name); core.CodeOf(err) != core.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The program was off when November ended: its report waits for the start.
	h.file(o.ID, line(time.Date(2026, 11, 3, 9, 0, 0, 0, past.Zone), "2", "junk"))
	clock.set(time.Date(2026, 12, 9, 8, 0, 0, 0, past.Zone))
	if s := look(); len(s.Made) != 2 || s.Made[0].Month != "2026-11" {
		t.Errorf("after a pause: %+v", s.Made)
	}
	// Whoever wants none gets none, and what is asked for is made.
	must(h.reports.SetAuto(o.ID, false))(t)
	h.file(o.ID, line(time.Date(2026, 12, 3, 9, 0, 0, 0, past.Zone), "3", "junk"))
	clock.set(time.Date(2027, 1, 2, 8, 0, 0, 0, past.Zone))
	if s := look(); len(s.Made) != 2 || s.Auto {
		t.Errorf("switched off: %+v", s.Made)
	}
	if s := must(h.reports.Make(o.ID, "2026-12"))(t); len(s.Made) != 3 || s.Made[0].Auto {
		t.Errorf("on demand: %+v", s.Made)
	}
}

func TestAReportWaitsForTheRecordsOfItsMonth(t *testing.T) {
	clock := &dial{at: time.Date(2026, 11, 1, 0, 1, 0, 0, past.Zone)}
	h, o := filed(t, clock, line(time.Date(2026, 10, 12, 9, 0, 0, 0, past.Zone), "1", "delivered"))
	sh := must(h.shelves.of(t.Context(), h.data, o.ID))(t)
	one := must(h.data.house.Book().Office(t.Context(), o.ID))(t)
	made := func(at time.Time, l lastRound) int {
		clock.set(at)
		if err := sh.book.SetSetting(t.Context(), scheduleSetting, usualSchedule()); err != nil {
			t.Fatal(err)
		}
		if err := sh.book.SetSetting(t.Context(), roundSetting, l); err != nil {
			t.Fatal(err)
		}
		h.shelves.reportIfDue(t.Context(), h.data, sh, one)
		return len(must(h.reports.State(o.ID))(t).Made)
	}
	end := time.Date(2026, 11, 1, 0, 0, 0, 0, past.Zone)
	if made(end.Add(time.Minute), lastRound{Began: end.Add(-time.Minute), Ended: end}) != 0 {
		t.Error("the last round began before the month had ended")
	}
	if made(end.Add(time.Hour), lastRound{Began: end.Add(time.Minute), Ended: end.Add(time.Hour), Code: core.Unreachable}) != 0 {
		t.Error("the round did not get to its end")
	}
	if made(end.Add(late), lastRound{Code: core.Unreachable, Ended: end}) != 1 {
		t.Error("after two days it is made with what is there")
	}
}

func TestMonthsThatAreToBeArchivedAreRemindedOf(t *testing.T) {
	now := time.Now()
	month := func(back int) time.Time {
		return time.Date(now.Year(), now.Month()-time.Month(back), 12, 9, 0, 0, 0, time.UTC)
	}
	clock := &dial{at: now}
	h, o := filed(t, clock, line(month(4), "a", "pending"), line(month(3), "b", "delivered"))
	must(h.reports.SetAuto(o.ID, false))(t)
	look := func() []RecordNews {
		clock.set(clock.now().Add(dueEvery))
		h.shelves.look(t.Context(), h.data)
		return must(h.reports.News())(t)
	}
	if news := look(); len(news) != 0 {
		t.Errorf("who never archived anything is not called at once: %+v", news)
	}
	dir := filepath.Join(t.TempDir(), "archive")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	h.w.picks = []string{dir}
	must(h.archives.Choose(o.ID))(t)
	clock.set(now.Add(remindAgain))
	if news := look(); len(news) != 1 || news[0].Kind != newsArchive || !news[0].Folder || len(news[0].Months) != 2 || len(news[0].Changed) != 0 {
		t.Fatalf("two months are due: %+v", news)
	}
	clock.set(now)
	if s := must(h.archives.Create("", o.ID))(t); len(s.Due) != 0 || len(s.Months) != 2 {
		t.Fatalf("%+v", s)
	}
	if news := look(); len(news) != 0 {
		t.Errorf("nothing is due: %+v", news)
	}
	// What was on its way has another outcome now: the archived month is no longer what it was.
	h.file(o.ID, line(month(4), "a", "bounced"))
	s := must(h.archives.State(o.ID))(t)
	if len(s.Due) != 1 || s.Due[0].Why != "changed" || s.Due[0].Month != month(4).Format("2006-01") {
		t.Fatalf("a changed outcome: %+v", s.Due)
	}
	if news := look(); len(news) != 1 || !slices.Equal(news[0].Changed, news[0].Months) {
		t.Errorf("%+v", news)
	}
	h.file(o.ID, line(month(3), "c", "delivered"))
	if s := must(h.archives.State(o.ID))(t); len(s.Due) != 2 || s.Due[1].Why != "grown" {
		t.Errorf("a record more: %+v", s.Due)
	}
	clock.set(time.Now().Add(time.Second))
	if s := must(h.archives.Create("", o.ID))(t); len(s.Due) != 0 || len(s.Months) != 4 {
		t.Errorf("archived again: %+v", s)
	}
	if r := must(h.archives.Verify("", o.ID))(t); len(r.Flaws) != 0 {
		t.Errorf("%+v", r.Flaws)
	}
	// Six months are the least, and what goes is named first.
	if _, err := h.archives.SetKeep(o.ID, 5); core.ArgsOf(err)["field"] != "keep" {
		t.Errorf("five months: %v", err)
	}
	must(h.archives.SetKeep(o.ID, 6))(t)
	clock.set(now.AddDate(0, 4, 0))
	if s := must(h.archives.State(o.ID))(t); s.Old == 0 {
		t.Fatalf("%+v", s)
	}
	if _, err := h.archives.DeleteOld(o.ID, "2020-01"); core.ArgsOf(err)["field"] != "typed" {
		t.Errorf("another month: %v", err)
	}
	s = must(h.archives.State(o.ID))(t)
	old := s.Months[s.Old-1].Month
	if after := must(h.archives.DeleteOld(o.ID, old))(t); after.Old != 0 || len(after.Months) != len(s.Months)-s.Old {
		t.Errorf("%+v", after)
	}
	if r := must(h.archives.Verify("", o.ID))(t); len(r.Flaws) != 0 || r.Deleted == 0 {
		t.Errorf("%+v", r)
	}
	acts := must(h.audit.List(AuditQuery{Limit: 1}))(t)
	if len(acts.Rows) != 1 || acts.Rows[0].Act != actArchiveDeleted || !strings.Contains(fmt.Sprint(acts.Rows[0].Before), old) {
		t.Errorf("%+v", acts.Rows)
	}
}
