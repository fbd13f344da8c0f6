package judge

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

// thursday is the day that the tests are about: the day before now.
var thursday = time.Date(2026, 11, 19, 0, 0, 0, 0, past.Zone)

// mails are what came on a day at nine, one a second.
func mails(day time.Time, n int, from string) (rows []logs.Record) {
	for i := range n {
		rows = append(rows, logs.Record{
			Kind: logs.Received, At: day.Add(9*time.Hour + time.Duration(i)*time.Second), Person: han, From: from, ID: fmt.Sprint(from, day, i), Outcome: logs.Delivered,
		})
	}
	return rows
}

const partner = "zhou@partner.example"

// thursdays are the weeks before: 20 mails each, on a holiday two weeks ago none.
func thursdays() (rows []logs.Record) {
	for week := 1; week <= 8; week++ {
		if week != 2 {
			rows = append(rows, mails(thursday.AddDate(0, 0, -7*week), 20, partner)...)
		}
	}
	return rows
}

// told is a book whose source told everything of a span.
func told(t *testing.T, rows []logs.Record, from, to time.Time) *records.Book {
	t.Helper()
	b := book(t, rows)
	if err := b.Covered(t.Context(), "x", logs.Received, records.Span{From: from, To: to}, to); err != nil {
		t.Fatal(err)
	}
	return b
}

// lately are the findings of the last two days.
func lately(t *testing.T, b *records.Book, th Thresholds) []Finding {
	t.Helper()
	found, err := Judge(t.Context(), b, th, []string{"office.example.com"}, records.Span{From: now.AddDate(0, 0, -2), To: now})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestADayWithoutMailIsFoundOnlyWhereNothingIsMissing(t *testing.T) {
	since := thursday.AddDate(0, 0, -56)
	inside := mails(thursday, 25, "li@OFFICE.example.com")
	strict := Usual()
	strict.LeastDays = 9
	for name, c := range map[string]struct {
		rows     []logs.Record
		from, to time.Time
		th       Thresholds
		want     string
	}{
		"none came":                          {nil, since, now, Usual(), "few_mails 0 of 20"},
		"only the house wrote to itself":     {inside, since, now, Usual(), "few_mails 0 of 20"},
		"a fifth came":                       {mails(thursday, 4, partner), since, now, Usual(), ""},
		"more than that came":                {mails(thursday, 81, partner), since, now, Usual(), "many_mails 81 of 20"},
		"four times as many came":            {mails(thursday, 80, partner), since, now, Usual(), ""},
		"its evening was not read":           {nil, since, thursday.Add(20 * time.Hour), Usual(), ""},
		"it was read when it had just ended": {nil, since, thursday.Add(25 * time.Hour), Usual(), ""},
		"three Thursdays are complete":       {nil, thursday.AddDate(0, 0, -21), now, Usual(), ""},
		"four are":                           {nil, thursday.AddDate(0, 0, -28), now, Usual(), "few_mails 0 of 20"},
		"nine are asked for":                 {nil, since, now, strict, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, f := range lately(t, told(t, append(thursdays(), c.rows...), c.from, c.to), c.th) {
				got = fmt.Sprintf("%s %d of %d", f.Rule, f.Count, f.Usual)
				if f.Day != "2026-11-19" || !f.At.Equal(thursday) || f.Person != "" || len(f.Like) < 4 || f.Like[1] != (Like{"2026-11-05", 0}) {
					t.Errorf("%+v", f)
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAGapWithinTheDayOrNoProofAtAllSaysNothing(t *testing.T) {
	b := book(t, thursdays()) // as from files: nobody says that they are everything
	if found := lately(t, b, Usual()); len(found) != 0 {
		t.Errorf("nothing is proven: %+v", found)
	}
	noon := thursday.Add(12 * time.Hour)
	for _, s := range []records.Span{{From: thursday.AddDate(0, 0, -56), To: noon}, {From: noon.Add(time.Hour), To: now}} {
		if err := b.Covered(t.Context(), "x", logs.Received, s, s.To); err != nil {
			t.Fatal(err)
		}
	}
	if found := lately(t, b, Usual()); len(found) != 0 {
		t.Errorf("an hour is missing: %+v", found)
	}
}

func TestWhereLittleComesNoneIsNoWonder(t *testing.T) {
	var rows []logs.Record
	for week := 1; week <= 8; week++ {
		rows = append(rows, mails(thursday.AddDate(0, 0, -7*week), 9, partner)...)
	}
	if found := lately(t, told(t, rows, thursday.AddDate(0, 0, -56), now), Usual()); len(found) != 0 {
		t.Errorf("%+v", found)
	}
}

func TestWhatComesLateIsCountedAgain(t *testing.T) {
	b := told(t, thursdays(), thursday.AddDate(0, 0, -56), now)
	first := lately(t, b, Usual())
	if again := lately(t, b, Usual()); len(first) != 1 || len(again) != 1 || first[0].ID != again[0].ID {
		t.Fatalf("%+v %+v", first, again)
	}
	a, err := b.Begin(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Add(t.Context(), mails(thursday, 12, partner)); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found := lately(t, b, Usual()); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	// Another idea of what is outside counts anew.
	found, err := Judge(t.Context(), b, Usual(), []string{"partner.example"}, records.Span{From: now.AddDate(0, 0, -2), To: now})
	if err != nil || len(found) != 0 { // then nothing is usual, and nothing is far less
		t.Errorf("%+v %v", found, err)
	}
}

func TestThresholdsOfVolumeAreChecked(t *testing.T) {
	for field, spoil := range map[string]func(*Thresholds){
		"fewPercent": func(th *Thresholds) { th.FewPercent = 91 }, "manyPercent": func(th *Thresholds) { th.ManyPercent = 100 },
		"leastDays": func(th *Thresholds) { th.LeastDays = 2 }, "alarm": func(th *Thresholds) { th.Alarm = []Rule{"weather"} },
	} {
		th := Usual()
		spoil(&th)
		if err := th.Check(); core.ArgsOf(err)["field"] != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if len(Rules()) != 8 || slices.ContainsFunc(Usual().Alarm, func(r Rule) bool { return !slices.Contains(Rules(), r) }) {
		t.Errorf("%v %v", Rules(), Usual().Alarm)
	}
}
