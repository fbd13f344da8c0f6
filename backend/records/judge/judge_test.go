package judge

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider/practice/past"
	"mailroom/backend/records"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

var now = time.Date(2026, 11, 20, 10, 0, 0, 0, past.Zone)

func book(t *testing.T, rows []logs.Record) *records.Book {
	t.Helper()
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), past.Zone)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	add(t, b, rows)
	return b
}

// add brings more records into a book.
func add(t *testing.T, b *records.Book, rows []logs.Record) {
	t.Helper()
	a, err := b.Begin(t.Context(), "x")
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

func find(t *testing.T, b *records.Book, th Thresholds) []Finding {
	t.Helper()
	return ofDays(t, b, th, 30)
}

// ofDays are the findings of the last days.
func ofDays(t *testing.T, b *records.Book, th Thresholds, days int) []Finding {
	t.Helper()
	found, err := Judge(t.Context(), b, th, []string{"office.example.com"}, records.Span{From: now.AddDate(0, 0, -days), To: now})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

const han = "han@office.example.com"

// habit is somebody who comes in from the office at nine every day.
func habit() (rows []logs.Record) {
	for day := range 80 {
		rows = append(rows, logs.Record{Kind: logs.SignIn, At: now.AddDate(0, 0, -day).Add(-time.Hour), Person: han, IP: netip.MustParseAddr("203.0.113.9"), Outcome: logs.OK})
	}
	return rows
}

func signIn(at time.Time, ip string, ok bool) logs.Record {
	r := logs.Record{Kind: logs.SignIn, At: at, Person: han, IP: netip.MustParseAddr(ip), Outcome: logs.OK}
	if !ok {
		r.Outcome = logs.Refused
	}
	return r
}

func TestOrdinaryDaysAreNotUnusual(t *testing.T) {
	rows := append(habit(), signIn(now.Add(-time.Hour), "203.0.113.77", false), signIn(now.Add(-59*time.Minute), "203.0.113.78", true))
	if found := find(t, book(t, rows), Usual()); len(found) != 0 {
		t.Errorf("%+v", found)
	}
}

func TestEachRuleFindsWhatItIsFor(t *testing.T) {
	night := now.AddDate(0, 0, -5).Add(-7 * time.Hour)
	var guesses, burst []logs.Record
	for i := range 12 {
		guesses = append(guesses, signIn(night.Add(time.Duration(i)*time.Second), "192.0.2.66", false))
	}
	for i := range 150 {
		burst = append(burst, logs.Record{Kind: logs.Sent, At: night.Add(time.Duration(i) * 2 * time.Second), Person: han, ID: fmt.Sprint(i)})
	}
	forward := func(to string) logs.Record {
		return logs.Record{Kind: logs.User, At: night, Person: han, Action: logs.ActForwardOn, Target: to, Outcome: logs.OK}
	}
	for name, c := range map[string]struct {
		rows []logs.Record
		want string
	}{
		"a password is guessed":       {append(guesses, signIn(night.Add(time.Minute), "192.0.2.66", true)), "new_network×1 new_hour×1 guessed×12 "},
		"passwords are tried":         {guesses, "guessing×12 "},
		"the right one comes first":   {append([]logs.Record{signIn(night.Add(-time.Minute), "203.0.113.9", true)}, guesses...), "guessing×12 new_hour×1 "},
		"tried once, merged":          {[]logs.Record{{Kind: logs.SignIn, At: night, Person: han, Outcome: logs.Refused, Times: 50}}, "guessing×50 "},
		"from elsewhere":              {[]logs.Record{signIn(now.AddDate(0, 0, -3).Add(-time.Hour), "198.51.100.4", true)}, "new_network×1 "},
		"at night":                    {[]logs.Record{signIn(night, "203.0.113.9", true)}, "new_hour×1 "},
		"a burst":                     {burst, "burst×150 "},
		"many mails in a whole day":   {burst[:99], ""},
		"mail goes on to outside":     {[]logs.Record{forward("x@elsewhere.example")}, "forward_outside×1 "},
		"mail goes on to a colleague": {[]logs.Record{forward("wang@OFFICE.example.com")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := book(t, append(habit(), c.rows...))
			found := find(t, b, Usual())
			got := map[string]int{}
			for _, f := range found {
				got[fmt.Sprintf("%s×%d ", f.Rule, f.Count)]++
			}
			want := map[string]int{}
			for rest := c.want; rest != ""; {
				var one string
				_, _ = fmt.Sscan(rest, &one)
				want[one+" "]++
				rest = rest[len(one)+1:]
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// A source that does not say whether a sign-in was refused must not look like somebody
// who guesses passwords.
func TestSignInsWithoutAnOutcomeAreNotTakenForRefused(t *testing.T) {
	rows := habit()
	for i := range rows {
		rows[i].Outcome = ""
	}
	for i := range 40 {
		rows = append(rows, logs.Record{Kind: logs.SignIn, At: now.Add(-time.Hour + time.Duration(i)*time.Second), Person: han, IP: netip.MustParseAddr("203.0.113.9")})
	}
	if got := find(t, book(t, rows), Usual()); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAFalseAlarmStaysDismissedAndRulesCanBeSwitchedOff(t *testing.T) {
	b := book(t, append(habit(), signIn(now.AddDate(0, 0, -3).Add(-time.Hour), "198.51.100.4", true)))
	found := find(t, b, Usual())
	if err := b.Dismiss(t.Context(), found[0].ID, true); err != nil {
		t.Fatal(err)
	}
	if again := find(t, b, Usual()); len(again) != 1 || !again[0].Dismiss || again[0].ID != found[0].ID {
		t.Errorf("%+v", again)
	}
	off := Usual()
	off.Off = []Rule{NewNetwork}
	if again := find(t, b, off); len(again) != 0 {
		t.Errorf("%+v", again)
	}
	off.Refused = 0
	if err := off.Check(); core.ArgsOf(err)["field"] != "refused" {
		t.Errorf("%v", err)
	}
	if err := Usual().Check(); err != nil {
		t.Error(err)
	}
}

func TestWhatHappenedInThePracticeOfficeIsFound(t *testing.T) {
	people := []past.Person{{Address: "a@office.example.com"}, {Address: "b@office.example.com"}, {Address: "c@office.example.com"}}
	var rows []logs.Record
	p := past.New(3, people, nil, 40_000)
	for day := now.AddDate(0, 0, -200).Truncate(24 * time.Hour).Add(-8 * time.Hour); day.Before(now); day = day.AddDate(0, 0, 1) {
		for _, k := range []logs.Kind{logs.SignIn, logs.User, logs.Sent} {
			p.Day(day, k, func(r *logs.Record) { rows = append(rows, *r) })
		}
	}
	b := book(t, rows)
	found, err := Judge(t.Context(), b, Usual(), []string{"office.example.com"}, records.Span{From: now.AddDate(0, 0, -150), To: now})
	if err != nil {
		t.Fatal(err)
	}
	count := map[Rule]int{}
	for _, f := range found {
		count[f.Rule]++
	}
	if count[Guessed] == 0 || count[Guessing] == 0 || count[ForwardOutside] == 0 || count[Burst] == 0 || count[NewNetwork] == 0 {
		t.Errorf("%v", count)
	}
	if len(found) > 60 {
		t.Errorf("%d findings in five months are too many to look at: %v", len(found), count)
	}
}
