package past

import (
	"reflect"
	"testing"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

var now = time.Date(2026, 11, 20, 10, 30, 0, 0, Zone)

func office(rows int) *Past {
	var people []Person
	for _, p := range []string{"li.lei", "han.meimei", "wang.fang", "zhang.wei", "chen.jing", "liu.yang", "emma.clarke"} {
		people = append(people, Person{Address: p + "@new.example", Name: p})
	}
	return New(7, people, []string{"zhou@customer.example.com"}, rows)
}

func TestTwoYearsHaveAboutAsManyRecordsAsAsked(t *testing.T) {
	const rows = 200_000
	p, n := office(rows), 0
	for day := midnight(now.AddDate(-Years, 0, 0)); day.Before(now); day = day.AddDate(0, 0, 1) {
		for _, k := range logs.Kinds() {
			p.Day(day, k, func(*logs.Record) { n++ })
		}
	}
	if n < rows*9/10 || n > rows*11/10 {
		t.Errorf("%d records, asked for %d", n, rows)
	}
}

func TestEveryRecordCanBeKeptAndIsTheSameTomorrow(t *testing.T) {
	p := office(0)
	day := time.Date(2026, 9, 3, 0, 0, 0, 0, Zone)
	for _, k := range logs.Kinds() {
		var first, again []logs.Record
		p.Day(day, k, func(r *logs.Record) { first = append(first, *r) })
		office(0).Day(day, k, func(r *logs.Record) { again = append(again, *r) })
		if len(first) == 0 || !reflect.DeepEqual(first, again) {
			t.Errorf("%s: %d and %d records, or they differ", k, len(first), len(again))
		}
		ids := map[string]bool{}
		for _, r := range first {
			if !r.Clean() || ids[r.ID] {
				t.Errorf("%s: %+v cannot be kept, or its ID is taken", k, r)
			}
			ids[r.ID] = true
		}
	}
}

func TestPagesOfASourceHoldTheWindowAndNothingAfterNow(t *testing.T) {
	s := office(0).Source(func() time.Time { return now })
	ask := logs.Ask{Kind: logs.Received, From: now.AddDate(0, 0, -20), To: now.AddDate(0, 0, 5)}
	seen := map[string]bool{}
	for pages := 0; ; pages++ {
		page, err := s.Fetch(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			if seen[r.ID] || r.At.Before(ask.From) || r.At.After(now) {
				t.Fatalf("%+v is doubled or out of the window", r)
			}
			seen[r.ID] = true
		}
		if ask.Next = page.Next; ask.Next == "" {
			if pages == 0 {
				t.Error("there was one page only: nothing is proven")
			}
			break
		}
	}
	if len(seen) < 10_000 {
		t.Errorf("%d records", len(seen))
	}
	if _, err := s.Fetch(t.Context(), logs.Ask{Kind: logs.Sent, From: now.AddDate(-3, 0, 0), To: now}); err == nil {
		t.Error("three years at once are handed out")
	}
}

func TestThereIsSomethingToFind(t *testing.T) {
	p := office(100_000)
	refused, forwards, deletes := 0, 0, 0
	for day := midnight(now.AddDate(0, 0, -150)); day.Before(now); day = day.AddDate(0, 0, 1) {
		p.Day(day, logs.SignIn, func(r *logs.Record) {
			if r.Outcome == logs.Refused {
				refused++
			}
		})
		p.Day(day, logs.User, func(r *logs.Record) {
			switch r.Action {
			case logs.ActForwardOn:
				forwards++
			case logs.ActMailDelete:
				deletes++
			}
		})
	}
	if refused < 100 || forwards == 0 || deletes == 0 {
		t.Errorf("%d refused sign-ins, %d forwards, %d deleted mails", refused, forwards, deletes)
	}
}
