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
	return ofDays(t, b, th, 2)
}

func TestADayWithoutMailIsFoundOnlyWhereNothingIsMissing(t *testing.T) {
	b := book(t, thursdays())
	back := func(weeks int) time.Time { return thursday.AddDate(0, 0, -7*weeks) }
	strict := Usual()
	strict.LeastDays = 9
	for _, step := range []struct { // one after the other, in one book
		name  string
		from  time.Time
		to    time.Time // the source has told everything since from
		comes []logs.Record
		th    Thresholds
		want  string
	}{
		{"nothing is proven", time.Time{}, time.Time{}, nil, Usual(), ""},
		{"its evening was not read", back(3), thursday.Add(20 * time.Hour), nil, Usual(), ""},
		{"it was read when it had just ended", back(3), thursday.Add(25 * time.Hour), nil, Usual(), ""},
		{"three Thursdays are complete", back(3), now, nil, Usual(), ""},
		{"four are", back(4), now, nil, Usual(), "few_mails 0 of 20"},
		{"eight are, nine are asked for", back(8), now, nil, strict, ""},
		{"none came", back(8), now, nil, Usual(), "few_mails 0 of 20"},
		{"only the house wrote to itself", back(8), now, mails(thursday, 25, "li@OFFICE.example.com"), Usual(), "few_mails 0 of 20"},
		{"three came late", back(8), now, mails(thursday, 3, partner), Usual(), "few_mails 3 of 20"},
		{"a fifth came", back(8), now, mails(thursday, 4, partner), Usual(), ""},
		{"four times as many came", back(8), now, mails(thursday, 80, partner), Usual(), ""},
		{"and one more", back(8), now, mails(thursday, 81, partner), Usual(), "many_mails 81 of 20"},
	} {
		if !step.to.IsZero() {
			if err := b.Covered(t.Context(), "x", logs.Received, records.Span{From: step.from, To: step.to}, step.to); err != nil {
				t.Fatal(err)
			}
		}
		add(t, b, step.comes)
		got := ""
		for _, f := range lately(t, b, step.th) {
			got = fmt.Sprintf("%s %d of %d", f.Rule, f.Count, f.Usual)
			if f.Day != "2026-11-19" || !f.At.Equal(thursday) || f.Person != "" || len(f.Like) < 4 || f.Like[1] != (Like{"2026-11-05", 0}) {
				t.Errorf("%s: %+v", step.name, f)
			}
		}
		if got != step.want {
			t.Errorf("%s: got %q, want %q", step.name, got, step.want)
		}
	}
}

func TestAGapWithinTheDaySaysNothing(t *testing.T) {
	noon := thursday.Add(12 * time.Hour)
	b := told(t, thursdays(), thursday.AddDate(0, 0, -56), noon)
	if err := b.Covered(t.Context(), "x", logs.Received, records.Span{From: noon.Add(time.Hour), To: now}, now); err != nil {
		t.Fatal(err)
	}
	if found := lately(t, b, Usual()); len(found) != 0 {
		t.Errorf("an hour is missing: %+v", found)
	}
	if err := b.Covered(t.Context(), "x", logs.Received, records.Span{From: noon, To: noon.Add(time.Hour)}, now); err != nil {
		t.Fatal(err)
	}
	if found := lately(t, b, Usual()); len(found) != 1 {
		t.Errorf("nothing is missing: %+v", found)
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

func TestAnotherIdeaOfOutsideCountsAnew(t *testing.T) {
	b := told(t, thursdays(), thursday.AddDate(0, 0, -56), now)
	first := lately(t, b, Usual())
	if again := lately(t, b, Usual()); len(first) != 1 || len(again) != 1 || first[0].ID != again[0].ID {
		t.Fatalf("%+v %+v", first, again)
	}
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
