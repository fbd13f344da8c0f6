package lookup

import (
	"testing"
	"time"
)

func TestLastTuesdayIsTheOffices(t *testing.T) {
	for _, c := range []struct{ zone, now, text, from, to string }{
		// Days and months are the office's, over ends of years and changed clocks:
		// Wednesday 1 a.m. in Shanghai is still Tuesday in New York.
		{"Asia/Shanghai", "2026-11-24T17:00:00Z", "上周二", "2026-11-17", "2026-11-18"},
		{"Asia/Shanghai", "2026-11-24T17:00:00Z", "昨天", "2026-11-24", "2026-11-25"},
		{"America/New_York", "2026-11-25T03:00:00Z", "yesterday", "2026-11-23", "2026-11-24"},
		{"America/New_York", "2026-11-02T03:00:00Z", "yesterday", "2026-10-31", "2026-11-01"},
		{"America/New_York", "2026-11-02T15:00:00Z", "yesterday", "2026-11-01", "2026-11-02"},
		{"Europe/Berlin", "2026-12-31T23:30:00Z", "last month", "2026-12-01", "2027-01-01"},
		{"Asia/Shanghai", "2026-12-31T16:30:00Z", "上个月", "2026-12-01", "2027-01-01"},
		{"Asia/Shanghai", "2026-12-31T16:30:00Z", "去年", "2026-01-01", "2027-01-01"},
		// Midnight is skipped.
		{"America/Sao_Paulo", "2018-11-05T12:00:00Z", "yesterday", "2018-11-04", "2018-11-05"},
	} {
		z, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, _ := time.Parse(time.RFC3339, c.now)
		q := Understand(c.text+" invoice", nil, now.In(z))
		if f, to := q.Span.From.In(z), q.Span.To.In(z); f.Format(time.DateOnly) != c.from || to.Format(time.DateOnly) != c.to || to.Add(-time.Minute).Format(time.DateOnly) == c.to {
			t.Errorf("%s %s %q: %v to %v", c.zone, c.now, c.text, f, to)
		}
	}
}
