package records

import (
	"path/filepath"
	"testing"
	"time"

	"mailroom/backend/logs"
)

// olderBook is what a version wrote that counted every answered day as complete, and said so
// up to now once the newest window was read.
func olderBook(t *testing.T, dir string, now time.Time) {
	t.Helper()
	b, err := Open(t.Context(), dir, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Begin(t.Context(), "vendor")
	if err != nil {
		t.Fatal(err)
	}
	rows := []logs.Record{{Kind: logs.Received, At: now.AddDate(0, 0, -90), Subject: "the oldest"}, {Kind: logs.Received, At: now.AddDate(0, 0, -1), Subject: "the newest"},
		{Kind: logs.Traffic, At: now.AddDate(0, 0, -200), Day: &logs.Day{}}, {Kind: logs.Traffic, At: now.AddDate(0, 0, -20), Day: &logs.Day{Sent: 3}}}
	if err := a.Add(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, k := range []logs.Kind{logs.Received, logs.SignIn, logs.Traffic} {
		if err := b.Covered(t.Context(), "vendor", k, Span{now.AddDate(-2, 0, 0), now.AddDate(0, 0, -2)}, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Covered(t.Context(), FileScope, logs.Sent, Span{now.AddDate(0, 0, -60), now}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.db.W.ExecContext(t.Context(), `DELETE FROM setting`); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestABookOfAnOlderVersionClaimsNoMoreThanIsProven(t *testing.T) {
	dir, now := filepath.Join(t.TempDir(), "b"), time.Now().Truncate(time.Second)
	olderBook(t, dir, now)
	for range 2 { // and once more, with nothing to do
		b, err := Open(t.Context(), dir, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		for kind, since := range map[logs.Kind]time.Time{logs.Received: now.AddDate(0, 0, -90), logs.Traffic: now.AddDate(0, 0, -20), logs.SignIn: now.Add(-surely)} {
			gaps, err := b.Gaps(t.Context(), kind, Span{now.AddDate(-2, 0, 0), now})
			if err != nil || len(gaps) != 2 || gaps[0].Why != Unsure || gaps[1].Why != Unread {
				t.Fatalf("%s: %+v %v", kind, gaps, err)
			}
			// From the beginning of the oldest record's day on, or the last week.
			if off := since.Sub(gaps[0].To); off < -time.Minute || off > 24*time.Hour || !gaps[1].From.Equal(now.AddDate(0, 0, -2)) {
				t.Errorf("%s: not proven up to %v, and not read from %v on", kind, gaps[0].To, gaps[1].From)
			}
		}
		if gaps, err := b.Gaps(t.Context(), logs.Sent, Span{now.AddDate(0, 0, -60), now}); err != nil || len(gaps) != 0 {
			t.Errorf("a file forgets nothing: %+v %v", gaps, err)
		}
		// What is noted now stays.
		if err := b.Covered(t.Context(), "vendor", logs.SignIn, Span{now.AddDate(0, 0, -2), now.AddDate(0, 0, -2)}, now.AddDate(0, 0, -2)); err != nil {
			t.Fatal(err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
