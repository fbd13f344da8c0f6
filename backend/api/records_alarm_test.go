package api

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider/practice/past"
	"mailroom/backend/records"
)

// guessedAt are lines of a night on which somebody's password was found.
func guessedAt(at time.Time, person string) (lines []string) {
	for i := range 13 {
		outcome := "refused"
		if i == 12 {
			outcome = "ok"
		}
		lines = append(lines, fmt.Sprintf(`{"kind":"signin","at":%q,"id":"%s%d-%d","person":%q,"ip":"192.0.2.66","method":"imap","outcome":%q}`+"\n",
			at.Add(time.Duration(i)*time.Second).Format(time.RFC3339), person, at.Unix(), i, person, outcome))
	}
	return lines
}

// alarmed is a program that watches an office whose records come from files alone.
func alarmed(t *testing.T, dir string, c *dial) (*house, string) {
	t.Helper()
	h := open(t, dir, administering, func(cfg *Config) { cfg.Now = c.now })
	o := h.office()
	never := usualSchedule()
	never.Every = 0
	must(h.sources.SetSchedule(o.ID, never))(t)
	must(h.reports.SetAuto(o.ID, false))(t)
	return h, o.ID
}

// tells looks as the clock does and gives what is new of alarms.
func (h *house) tells() (people []string) {
	h.t.Helper()
	h.shelves.look(h.t.Context(), h.data)
	for _, n := range must(h.reports.News())(h.t) {
		if n.Kind != newsUnusual {
			continue
		}
		for _, f := range n.Unusual {
			people = append(people, string(f.Rule)+" "+f.Person+f.Day)
		}
	}
	return people
}

func TestAGuessedPasswordIsToldOnceAndNotWhatWasThereBefore(t *testing.T) {
	dir := t.TempDir()
	start := time.Date(2026, 11, 19, 9, 0, 0, 0, past.Zone)
	clock := &dial{at: start}
	h, o := alarmed(t, dir, clock)
	h.file(o, guessedAt(start.Add(-time.Hour), "old@new.example")...)
	if told := h.tells(); len(told) != 0 {
		t.Fatalf("it was there before anybody watched: %v", told)
	}
	h.file(o, guessedAt(start.Add(time.Hour), "li@new.example")...)
	clock.set(start.Add(2 * time.Hour))
	if told := h.tells(); !slices.Equal(told, []string{"guessed li@new.example"}) {
		t.Fatalf("%v", told)
	}
	if open := must(h.judge.Alarms(o))(t); len(open) != 1 || open[0].Person != "li@new.example" || open[0].Like == nil {
		t.Fatalf("%+v", open)
	}
	h.close()
	h = open(t, dir, administering, func(cfg *Config) { cfg.Now = clock.now })
	h.read(o)
	clock.set(start.Add(3 * time.Hour))
	if told := h.tells(); len(told) != 0 {
		t.Errorf("told again after a restart: %v", told)
	}
	if open := must(h.judge.Alarms(o))(t); len(open) != 1 {
		t.Errorf("nobody has looked yet: %+v", open)
	}
	if err := h.judge.Looked(o); err != nil {
		t.Fatal(err)
	}
	if open := must(h.judge.Alarms(o))(t); len(open) != 0 {
		t.Errorf("somebody has looked: %+v", open)
	}
	// What came while nobody asked for news is told together, but for what is no alarm by then.
	h.file(o, guessedAt(start.Add(4*time.Hour), "wang@new.example")...)
	clock.set(start.Add(5 * time.Hour))
	h.shelves.look(t.Context(), h.data)
	h.file(o, guessedAt(start.Add(6*time.Hour), "zhao@new.example")...)
	clock.set(start.Add(7 * time.Hour))
	h.shelves.look(t.Context(), h.data)
	if err := h.judge.Dismiss(o, must(h.judge.Alarms(o))(t)[1].ID, true); err != nil {
		t.Fatal(err)
	}
	if told := h.tells(); !slices.Equal(told, []string{"guessed zhao@new.example"}) {
		t.Errorf("%v", told)
	}
	if open := must(h.judge.Alarms(o))(t); len(open) != 1 {
		t.Errorf("a false alarm is to be looked at: %+v", open)
	}
}

func TestAnAlarmWaitsBehindTheFrontDeskAndCanBeSwitchedOff(t *testing.T) {
	start := time.Date(2026, 11, 19, 9, 0, 0, 0, past.Zone)
	clock := &dial{at: start}
	h, o := alarmed(t, t.TempDir(), clock)
	h.tells()
	must(h.frontDesk.Lock(o, "right horse battery"))(t)
	sh := must(h.shelves.of(t.Context(), h.data, o))(t)
	add := func(lines ...string) {
		must(h.frontDesk.Leave("right horse battery"))(t)
		h.file(o, lines...)
		must(h.frontDesk.Lock(o, "right horse battery"))(t)
	}
	add(guessedAt(start.Add(time.Hour), "li@new.example")...)
	clock.set(start.Add(2 * time.Hour))
	h.shelves.look(t.Context(), h.data)
	if _, err := h.reports.News(); core.CodeOf(err) != core.Forbidden {
		t.Errorf("the front desk is told: %v", err)
	}
	if _, err := h.judge.Alarms(o); core.CodeOf(err) != core.Forbidden {
		t.Errorf("the front desk lists alarms: %v", err)
	}
	must(h.frontDesk.Leave("right horse battery"))(t)
	if told := h.tells(); !slices.Equal(told, []string{"guessed li@new.example"}) {
		t.Errorf("behind it: %v", told)
	}
	th := must(h.judge.Thresholds(o))(t)
	th.Alarm = slices.DeleteFunc(th.Alarm, func(r FindingRule) bool { return r == "guessed" })
	must(h.judge.SetThresholds(o, th))(t)
	h.file(o, guessedAt(start.Add(3*time.Hour), "wang@new.example")...)
	clock.set(start.Add(4 * time.Hour))
	if told := h.tells(); len(told) != 0 || sh.fresh.Load() {
		t.Errorf("nobody wants to know: %v", told)
	}
	if found := must(h.judge.Findings("", o, 400))(t); len(found) == 0 {
		t.Error("the page still shows it")
	}
}

// Mail that stops is told when the day after has been read.
func TestADayWithoutMailIsToldWhenItIsProven(t *testing.T) {
	monday := time.Date(2026, 11, 16, 9, 0, 0, 0, past.Zone)
	clock := &dial{at: monday}
	h, o := alarmed(t, t.TempDir(), clock)
	h.tells()
	var lines []string
	for week := 1; week <= 5; week++ {
		for i := range 12 {
			at := monday.AddDate(0, 0, 1-7*week).Add(time.Duration(i) * time.Minute)
			lines = append(lines, line(at, fmt.Sprint(at.Unix()), "delivered"))
		}
	}
	h.file(o, lines...)
	sh := must(h.shelves.of(t.Context(), h.data, o))(t)
	read := func(until time.Time) []string {
		clock.set(until)
		if err := sh.book.Covered(t.Context(), "practice", logs.Received, records.Span{From: monday.AddDate(0, -2, 0), To: until}, until); err != nil {
			t.Fatal(err)
		}
		sh.fresh.Store(true)
		return h.tells()
	}
	if told := read(monday.Add(36 * time.Hour)); len(told) != 0 {
		t.Errorf("Tuesday is not over: %v", told)
	}
	if told := read(monday.Add(48 * time.Hour)); !slices.Equal(told, []string{"few_mails 2026-11-17"}) {
		t.Errorf("%v", told)
	}
	if open := must(h.judge.Alarms(o))(t); len(open) != 1 || open[0].Usual != 12 || open[0].Count != 0 || len(open[0].Like) != 5 {
		t.Errorf("%+v", open)
	}
}
