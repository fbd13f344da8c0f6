package intake

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/query"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

var (
	berlin, _ = time.LoadLocation("Europe/Berlin")
	now       = time.Date(2026, 11, 20, 10, 30, 0, 0, time.UTC)
	quiet     = func(context.Context, time.Duration) error { return nil }
)

// vendor is a source with the limits that vendors have, on events of its own.
type vendor struct {
	t      *testing.T
	reach  logs.Reach
	events []logs.Record
	page   int // rows
	most   int // rows that it hands out of a window without saying so; 0: all
	fail   func(call int, ask logs.Ask) error
	calls  int
	asked  []logs.Ask
	now    time.Time
}

func (v *vendor) Reaches() []logs.Reach { return []logs.Reach{v.reach} }

func (v *vendor) Fetch(_ context.Context, ask logs.Ask) (logs.Page, error) {
	v.calls++
	v.asked = append(v.asked, ask)
	if v.fail != nil {
		if err := v.fail(v.calls, ask); err != nil {
			return logs.Page{}, err
		}
	}
	if v.reach.Longest > 0 && ask.To.Sub(ask.From) > v.reach.Longest+time.Hour { // an hour for the end of summer time
		v.t.Errorf("%v to %v is longer than allowed", ask.From, ask.To)
	}
	if v.reach.Kept > 0 && v.now.Sub(ask.From) > v.reach.Kept {
		v.t.Errorf("%v is too far back", ask.From)
	}
	if v.reach.WholeDays && (ask.From.In(v.reach.Zone).Hour() != 0 || ask.To.In(v.reach.Zone).Hour() != 0) {
		v.t.Errorf("%v to %v are not whole days", ask.From.In(v.reach.Zone), ask.To.In(v.reach.Zone))
	}
	var rows []logs.Record
	for _, e := range v.events {
		if !e.At.Before(ask.From) && e.At.Before(ask.To) && (ask.Person == "" || ask.Person == e.Person) && !e.At.After(v.now) {
			rows = append(rows, e)
		}
	}
	if v.most > 0 && len(rows) > v.most {
		rows = rows[:v.most]
	}
	if v.page == 0 {
		return logs.Page{Records: rows}, nil
	}
	from, _ := strconv.Atoi(ask.Next)
	page := logs.Page{Records: rows[min(from, len(rows)):min(from+v.page, len(rows))]}
	if from+v.page < len(rows) {
		page.Next = strconv.Itoa(from + v.page)
	}
	return page, nil
}

// events are one an hour for some days back, two of them equal.
func events(days int) []logs.Record {
	var all []logs.Record
	for h := range days * 24 {
		e := logs.Record{Kind: logs.SignIn, At: now.Add(-time.Duration(h)*time.Hour - time.Minute), Person: fmt.Sprintf("p%d@office.example.com", h%3), Outcome: logs.OK}
		if all = append(all, e); h%10 == 0 {
			all = append(all, e)
		}
	}
	return all
}

type trial struct {
	*Job
	t *testing.T
	v *vendor
}

func start(t *testing.T, v *vendor, since time.Time) *trial {
	t.Helper()
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), berlin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	v.t, v.now = t, now
	return &trial{t: t, v: v, Job: &Job{
		Book: b, Source: v, Scope: "vendor", Since: since, Now: func() time.Time { return v.now }, Wait: quiet,
		People: func(context.Context) ([]string, error) {
			return []string{"p0@office.example.com", "p1@office.example.com", "p2@office.example.com"}, nil
		},
	}}
}

func (r *trial) run() Result {
	r.t.Helper()
	results, err := r.Run(r.t.Context())
	if err != nil || len(results) != 1 {
		r.t.Fatalf("%v %v", results, err)
	}
	return results[0]
}

func (r *trial) kept() (n int) {
	r.t.Helper()
	if _, err := r.Book.Search(r.t.Context(), query.Query{}, 0, func(records.Hit) bool { n++; return true }); err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *trial) gaps() string {
	r.t.Helper()
	gaps, err := r.Book.Gaps(r.t.Context(), logs.SignIn, records.Span{From: r.Since, To: r.v.now})
	if err != nil {
		r.t.Fatal(err)
	}
	text := ""
	for _, g := range gaps {
		text += fmt.Sprintf("%s-%s %s%s ", g.From.UTC().Format("0102T15"), g.To.UTC().Format("0102T15"), g.Why, g.Code)
	}
	return text
}

func TestEverythingIsFetchedOnceWithinTheVendorsLimits(t *testing.T) {
	all := events(50)
	for name, v := range map[string]*vendor{
		"no limits":        {reach: logs.Reach{Kind: logs.SignIn}},
		"a week at a time": {reach: logs.Reach{Kind: logs.SignIn, Longest: 7 * 24 * time.Hour}, page: 50},
		"whole days":       {reach: logs.Reach{Kind: logs.SignIn, Longest: 24 * time.Hour, WholeDays: true, Zone: berlin}},
		"per person":       {reach: logs.Reach{Kind: logs.SignIn, Longest: 40 * 24 * time.Hour, PerPerson: true}, page: 7},
		"silently cut":     {reach: logs.Reach{Kind: logs.SignIn, MostRows: 40}, most: 40},
	} {
		t.Run(name, func(t *testing.T) {
			v.events, v.reach.Kept = all, 90*24*time.Hour
			r := start(t, v, now.AddDate(0, 0, -60))
			if res := r.run(); res.Err != nil || res.Tally.New != len(all) {
				t.Fatalf("%+v, want %d new", res, len(all))
			}
			first := v.calls
			if res := r.run(); res.Err != nil || res.Tally.New != 0 || r.kept() != len(all) {
				t.Errorf("again: %+v, %d kept", res, r.kept())
			}
			if again := v.calls - first; again > 6 {
				t.Errorf("the second round took %d calls", again)
			}
			if g := r.gaps(); g != "" {
				t.Errorf("gaps: %s", g)
			}
		})
	}
}

func TestWhatTheProviderNoLongerKeepsIsAGapWithItsReason(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, Kept: 30 * 24 * time.Hour}, events: events(50)}
	r := start(t, v, now.AddDate(0, 0, -33))
	r.run()
	if g := r.gaps(); g != "1018T10-1021T10 too_old " {
		t.Errorf("gaps: %s", g)
	}
	// The program slept for 40 days: what fell out meanwhile is missing, what was read is not.
	v.now = now.AddDate(0, 0, 40)
	r.run()
	if g := r.gaps(); g != "1018T10-1021T10 too_old 1120T10-1130T10 too_old " {
		t.Errorf("gaps after the sleep: %s", g)
	}
}

func TestWhoLeftMeanwhileDoesNotHideTheOthers(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, PerPerson: true}, events: events(20)}
	r := start(t, v, now.AddDate(0, 0, -20))
	gone := 0
	v.fail = func(_ int, ask logs.Ask) error {
		if ask.Person != "p0@office.example.com" {
			return nil
		}
		gone++
		return core.E(core.NotFound, "ask", nil)
	}
	theirs := 0
	for _, e := range v.events {
		if e.Person == "p0@office.example.com" {
			theirs++
		}
	}
	if res := r.run(); res.Err != nil || gone == 0 || theirs == 0 || r.kept() != len(v.events)-theirs {
		t.Errorf("%+v, asked %d times for who left, %d kept of %d without their %d", res, gone, r.kept(), len(v.events), theirs)
	}
}

// The newest day answers and the one before does not: it must not count as read.
func TestADayThatIsNotSettledAndCannotBeToldIsMissing(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, Longest: 24 * time.Hour, WholeDays: true, Zone: berlin, Settles: 48 * time.Hour}, events: events(10)}
	r := start(t, v, now.AddDate(0, 0, -10))
	bad := now.AddDate(0, 0, -1)
	broken := func(_ int, ask logs.Ask) error {
		if !ask.From.After(bad) && ask.To.After(bad) {
			return core.E(core.Malformed, "ask", nil)
		}
		return nil
	}
	for range 2 { // the first round, and one that begins with much known
		v.fail = broken
		if res := r.run(); res.Err != nil || !strings.Contains(r.gaps(), "refusedmalformed") {
			t.Fatalf("%v, gaps %q", res.Err, r.gaps())
		}
		v.fail = nil
		if res := r.run(); res.Err != nil || r.gaps() != "" || r.kept() != len(v.events) {
			t.Fatalf("%v, gaps %q, %d of %d kept", res.Err, r.gaps(), r.kept(), len(v.events))
		}
	}
	r.Since = now.Add(-time.Hour) // of today only
	if res := r.run(); res.Err != nil || r.gaps() != "" {
		t.Errorf("%v, gaps %q", res.Err, r.gaps())
	}
}

func TestWhoLiesOutsideOfTheKeysScopeDoesNotHideTheOthers(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, Longest: 5 * 24 * time.Hour, Kept: 90 * 24 * time.Hour, PerPerson: true}, events: events(20)}
	r := start(t, v, now.AddDate(0, 0, -20))
	theirs := 0
	for _, e := range v.events {
		if e.Person == "p1@office.example.com" {
			theirs++
		}
	}
	v.fail = func(_ int, ask logs.Ask) error {
		if ask.Person == "p1@office.example.com" {
			return core.E(core.Forbidden, "ask", nil, "reason", "scope")
		}
		return nil
	}
	res := r.run()
	if core.CodeOf(res.Err) != core.Forbidden || theirs == 0 || r.kept() != len(v.events)-theirs || !strings.Contains(r.gaps(), "refused") {
		t.Fatalf("%+v, %d kept of %d without their %d, gaps %q", res, r.kept(), len(v.events), theirs, r.gaps())
	}
	v.fail = nil // the scope is widened
	if res = r.run(); res.Err != nil || r.kept() != len(v.events) || r.gaps() != "" {
		t.Errorf("%+v, %d of %d kept, gaps %q", res, r.kept(), len(v.events), r.gaps())
	}
	v.fail = func(int, logs.Ask) error { return core.E(core.Forbidden, "ask", nil, "reason", "scope") }
	asked := len(v.asked)
	r.Since = now.AddDate(0, 0, -40)
	if res = r.run(); core.CodeOf(res.Err) != core.Forbidden || len(v.asked)-asked > 3 {
		t.Errorf("a key that opens nobody's log asks %d times: %v", len(v.asked)-asked, res.Err)
	}
}

func TestTroubleThatPassesIsWaitedOutAndTheRestGoesOnLater(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, Longest: 5 * 24 * time.Hour, Kept: 90 * 24 * time.Hour, PerPerson: true}, events: events(20)}
	r := start(t, v, now.AddDate(0, 0, -20))
	var waited []time.Duration
	r.Wait = func(_ context.Context, d time.Duration) error { waited = append(waited, d); return nil }
	down := true
	v.fail = func(call int, ask logs.Ask) error {
		switch {
		case call == 2:
			return core.E(core.RateLimited, "ask", nil, "retryAfter", "30")
		case call > 8 && down:
			return core.E(core.Unreachable, "ask", nil)
		}
		return nil
	}
	res := r.run()
	if core.CodeOf(res.Err) != core.Unreachable || waited[0] != 30*time.Second || r.kept() == 0 {
		t.Fatalf("%+v waited %v", res, waited)
	}
	down = false
	asked := len(v.asked)
	if res = r.run(); res.Err != nil || r.kept() != len(v.events) || r.gaps() != "" {
		t.Errorf("%+v, %d kept, gaps %s", res, r.kept(), r.gaps())
	}
	// Of the window that was cut off, nobody is asked for again who had answered.
	for _, a := range v.asked[asked:] {
		if a.From.Equal(v.asked[7].From) && a.Person == "p0@office.example.com" {
			t.Errorf("asked again: %+v", a)
		}
	}
}

func TestAReplyThatIsCutInHalfLosesNothingElse(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, Longest: 10 * 24 * time.Hour, WholeDays: true, Zone: berlin}, events: events(20)}
	bad := time.Date(2026, 11, 12, 0, 0, 0, 0, berlin)
	v.fail = func(_ int, ask logs.Ask) error {
		if !ask.From.After(bad) && ask.To.After(bad) {
			return core.E(core.Malformed, "ask", nil)
		}
		return nil
	}
	r := start(t, v, now.AddDate(0, 0, -15))
	if res := r.run(); res.Err != nil {
		t.Fatal(res.Err)
	}
	if g := r.gaps(); g != "1111T23-1112T23 refusedmalformed " {
		t.Errorf("gaps: %s", g)
	}
	v.fail = nil
	if r.run(); r.gaps() != "" {
		t.Errorf("a reply that is whole again leaves %s", r.gaps())
	}
}

func TestALateOutcomeIsSeenAndAFutureClockHarmsNothing(t *testing.T) {
	mail := logs.Record{Kind: logs.SignIn, At: now.Add(-30 * time.Minute), Person: "p0@office.example.com", ID: "1", Outcome: logs.Pending}
	ahead := logs.Record{Kind: logs.SignIn, At: now.Add(3 * time.Minute), Person: "p1@office.example.com", ID: "2", Outcome: logs.OK}
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn}, events: []logs.Record{mail, ahead}}
	r := start(t, v, now.AddDate(0, 0, -2))
	r.run()
	v.events[0].Outcome = logs.Failed
	v.now = now.Add(20 * time.Minute)
	if res := r.run(); res.Tally.Updated != 1 || res.Tally.New != 1 {
		t.Errorf("%+v", res)
	}
	if g := r.gaps(); g != "" {
		t.Errorf("gaps: %s", g)
	}
}

func TestPagesThatGoInACircleEnd(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn}, events: events(3), page: 1}
	r := start(t, v, now.Add(-2*time.Hour))
	r.Source = circle{v}
	res := r.run()
	if res.Err != nil || r.gaps() == "" { // it is told as refused, minute by minute
		t.Errorf("%+v %s", res, r.gaps())
	}
}

type circle struct{ *vendor }

func (c circle) Fetch(ctx context.Context, ask logs.Ask) (logs.Page, error) {
	ask.Next = ""
	p, err := c.vendor.Fetch(ctx, ask)
	p.Next = "again"
	return p, err
}

func TestSummerTimeEndsWithoutAGap(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, Longest: 3 * 24 * time.Hour, WholeDays: true, Zone: berlin}, events: events(40)}
	r := start(t, v, time.Date(2026, 10, 20, 0, 0, 0, 0, berlin))
	r.run()
	if g := r.gaps(); g != "" {
		t.Errorf("gaps: %s", g)
	}
	if !slices.ContainsFunc(v.asked, func(a logs.Ask) bool { return a.To.Sub(a.From)%(24*time.Hour) == time.Hour }) {
		t.Error("no window has the day of 25 hours: the test proves nothing")
	}
}

// A source that lists what is under way and a part of what is done: what it told is
// kept, but nothing found there is never called sure, and the past is asked for once.
func TestASourceThatLeavesRecordsOutIsNeverCalledComplete(t *testing.T) {
	v := &vendor{reach: logs.Reach{Kind: logs.SignIn, Partial: true, Settles: 36 * time.Hour}, events: events(40)}
	r := start(t, v, now.AddDate(0, 0, -90))
	r.run()
	if g := r.gaps(); g != "0822T10-1120T10 partial " || r.kept() != len(v.events) {
		t.Errorf("%s, %d kept", g, r.kept())
	}
	asked := len(v.asked)
	v.now = now.Add(time.Hour)
	r.run()
	if more := len(v.asked) - asked; more > 2 || v.asked[asked].From.Before(now.AddDate(0, 0, -2)) {
		t.Errorf("asked again %d times: %+v", more, v.asked[asked:])
	}
	if g := r.gaps(); g != "0822T10-1120T11 partial " {
		t.Errorf("gaps: %s", g)
	}
}
