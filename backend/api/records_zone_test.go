package api

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider/practice/past"
)

func TestAnOfficesMonthsAreThoseOfItsZone(t *testing.T) {
	clock := &dial{at: time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)}
	first := time.Date(2026, 10, 1, 2, 0, 0, 0, past.Zone) // still September in UTC
	h, o := filed(t, clock, line(first, "1", "delivered"))
	z := must(h.sources.Zone(o.ID))(t)
	if z.Name != "Asia/Shanghai" || z.Vendor != "Asia/Shanghai" || z.Computer == "" || len(z.Usual) < 10 {
		t.Errorf("%+v", z)
	}
	day := func() string {
		s := must(h.stats.Statistics(o.ID, "2026-09-25", "2026-10-05"))(t)
		if len(s.Days) != 1 || len(must(h.reports.State(o.ID))(t).Months) != 1 {
			t.Fatalf("%+v", s.Days)
		}
		return s.Days[0].Day
	}
	if d := day(); d != "2026-10-01" {
		t.Errorf("in Shanghai it was %s", d)
	}
	if z = must(h.sources.SetZone(o.ID, "Europe/Berlin"))(t); z.Name != "Europe/Berlin" {
		t.Errorf("%+v", z)
	}
	if d, months := day(), must(h.reports.State(o.ID))(t).Months; d != "2026-09-30" || months[0] != "2026-09" {
		t.Errorf("in Berlin it was %s, in %v", d, months)
	}
	if acts := must(h.audit.List(AuditQuery{Limit: 1}))(t); acts.Rows[0].Act != actRecordsZone {
		t.Errorf("%+v", acts.Rows)
	}
	for _, name := range []string{"", "Local", "Mars/Olympus"} {
		if _, err := h.sources.SetZone(o.ID, name); core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["field"] != "zone" {
			t.Errorf("%q: %v", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), "mail.log")
	text := ""
	for range 5 {
		text += "Nov  1 12:00:00 mx dovecot: imap-login: Login: user=<li@new.example>, method=PLAIN, rip=192.0.2.1, session=<a>\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	read := must(h.sources.ReadFiles("", o.ID, []string{path}, "Asia/Tokyo"))(t)
	if read[0].Problem != nil || read[0].New != 1 {
		t.Fatalf("%+v", read[0])
	}
	if read = must(h.sources.ReadFiles("", o.ID, []string{path}, "UTC"))(t); read[0].Problem == nil || read[0].Problem.Args["zone"] != "Asia/Tokyo" {
		t.Errorf("in another zone: %+v", read[0])
	}
}
