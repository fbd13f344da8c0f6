package intake

import (
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
)

// A source that does not say how long it keeps its log answers with nothing about what it
// no longer keeps: that is not the same as a day on which nothing happened.
func TestEmptyDaysOfASilentSourceAreNotKnownToBeComplete(t *testing.T) {
	days := func(n int) time.Time { return time.Date(2026, 11, 20-n, 0, 0, 0, 0, time.UTC) }
	at := func(n int) logs.Record {
		return logs.Record{Kind: logs.SignIn, At: days(n).Add(9 * time.Hour), Person: "p0@office.example.com", Outcome: logs.OK}
	}
	v := &vendor{
		reach:  logs.Reach{Kind: logs.SignIn, Longest: 24 * time.Hour, Zone: time.UTC, WholeDays: true},
		events: []logs.Record{at(0), at(1), at(20), at(30)},
	}
	tr := start(t, v, days(100))
	gaps := func() []records.Missing {
		t.Helper()
		if _, err := tr.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := tr.Book.Gaps(t.Context(), logs.SignIn, records.Span{From: days(100), To: days(1)})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	one := func(all []records.Missing, why records.Why, from, to time.Time) {
		t.Helper()
		if len(all) != 1 || all[0].Why != why || !all[0].From.Equal(from) || !all[0].To.Equal(to) {
			t.Errorf("%+v, want %s from %s to %s", all, why, from, to)
		}
	}
	// The record of 30 days ago vouches for the empty days after it, none for those before.
	one(gaps(), records.Unsure, days(100), days(30))
	calls := v.calls
	one(gaps(), records.Unsure, days(100), days(30))
	if again := v.calls - calls; again > 3 {
		t.Errorf("what was answered with nothing was asked for again: %d questions", again)
	}

	// Two months later the program runs again: what it may have missed is not complete.
	v.now = now.AddDate(0, 2, 0)
	v.events = []logs.Record{{Kind: logs.SignIn, At: v.now.Add(-time.Hour), Person: "p0@office.example.com", Outcome: logs.OK}} // what was before is kept no more
	if _, err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := tr.Book.Gaps(t.Context(), logs.SignIn, records.Span{From: days(20), To: v.now.AddDate(0, 0, -1)})
	if err != nil {
		t.Fatal(err)
	}
	one(all, records.Unsure, days(0), time.Date(2026, 12, 21, 0, 0, 0, 0, time.UTC))
}

// The last week counts as kept: a new office has no record that vouches for it.
func TestAnEmptyLastWeekIsComplete(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, Longest: 24 * time.Hour, Zone: time.UTC, WholeDays: true}}
	tr := start(t, v, now.AddDate(0, 0, -5))
	if _, err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := tr.Book.Gaps(t.Context(), logs.SignIn, records.Span{From: now.AddDate(0, 0, -4), To: now.AddDate(0, 0, -1)})
	if err != nil || len(all) > 0 {
		t.Errorf("%+v %v", all, err)
	}
}

// Where it refuses what it no longer keeps, every day that it answers is kept.
func TestARefusalVouchesForWhatIsAnswered(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, Longest: 24 * time.Hour, Zone: time.UTC, WholeDays: true}}
	oldest := time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)
	v.fail = func(_ int, ask logs.Ask) error {
		if ask.From.Before(oldest) {
			return core.E(core.Invalid, "read log", nil, "problem", "range")
		}
		return nil
	}
	tr := start(t, v, now.AddDate(0, 0, -60))
	if _, err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := tr.Book.Gaps(t.Context(), logs.SignIn, records.Span{From: now.AddDate(0, 0, -50), To: now.AddDate(0, 0, -1)})
	if err != nil || len(all) == 0 || all[len(all)-1].Why == records.Unsure || all[len(all)-1].To.After(oldest) {
		t.Errorf("%+v %v", all, err)
	}
}
