package intake

import (
	"context"
	"slices"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
)

// several is a source of three kinds with limits that vendors have: mail by the day,
// sign-ins for one person at a time.
type several struct {
	*vendor
	reaches []logs.Reach
}

func (s several) Reaches() []logs.Reach { return s.reaches }

func (s several) Pace() float64 { return 8 }

func (s several) Fetch(ctx context.Context, ask logs.Ask) (logs.Page, error) {
	i := slices.IndexFunc(s.reaches, func(r logs.Reach) bool { return r.Kind == ask.Kind })
	s.reach = s.reaches[i]
	page, err := s.vendor.Fetch(ctx, ask)
	for i := range page.Records {
		page.Records[i].Kind = ask.Kind
	}
	return page, err
}

func severalKinds(t *testing.T, days int) (*trial, *vendor) {
	v := &vendor{events: events(days)}
	r := start(t, v, now.AddDate(0, 0, -days))
	r.Source = several{v, []logs.Reach{
		{Kind: logs.Received, Longest: 24 * time.Hour, WholeDays: true, Zone: berlin},
		{Kind: logs.Sent, Longest: 24 * time.Hour, WholeDays: true, Zone: berlin},
		{Kind: logs.SignIn, Longest: 90 * 24 * time.Hour, WholeDays: true, Zone: berlin, PerPerson: true},
	}}
	return r, v
}

// Two years of days, at a few questions a second, take minutes. Whoever asks what happened
// yesterday does not wait for them.
func TestTheNewestDaysOfEveryKindComeFirst(t *testing.T) {
	r, v := severalKinds(t, 60)
	if _, err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := map[logs.Kind]int{}
	for i, a := range v.asked {
		if a.To.After(now.AddDate(0, 0, -2)) {
			seen[a.Kind] = i
		}
	}
	if len(seen) != 3 || seen[logs.SignIn] > 10 || seen[logs.Received] > 10 || seen[logs.Sent] > 10 {
		t.Errorf("of %d questions, those about the last days end with number %v", len(v.asked), seen)
	}
	if !slices.IsSortedFunc(v.asked, func(a, b logs.Ask) int { return b.To.Compare(a.To) }) {
		t.Error("an older window was asked for before a newer one")
	}
}

func TestARoundTellsHowFarItIsAndHowLongTheRestTakes(t *testing.T) {
	r, v := severalKinds(t, 20)
	var told []Progress
	r.Tell = func(p Progress) {
		v.now = v.now.Add(10 * time.Millisecond) // the vendor answers faster than it may be asked
		told = append(told, p)
	}
	if _, err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, last := told[0], told[len(told)-1]
	if first.Kind != logs.Received || first.Done != 0 || first.Left != time.Duration(first.All)*time.Second/8 || first.Pace != 8 {
		t.Errorf("at first: %+v", first)
	}
	if last.Done != last.All || last.Left != 0 || last.Rows < 3*len(v.events) || last.Tally.New != 3*len(v.events) {
		t.Errorf("at last: %+v", last)
	}
	before := 0
	for _, p := range told {
		if p.Done < before || p.Done > p.All || p.Person != "" && p.Kind != logs.SignIn {
			t.Errorf("%+v after %d", p, before)
		}
		before = p.Done
	}
	slow := left(Progress{Done: 10, All: 30, Pace: 8}, 20*time.Second)
	if slow != 40*time.Second {
		t.Errorf("a slow vendor's rest takes %v", slow)
	}
	if unknown := left(Progress{All: 30}, 0); unknown >= 0 {
		t.Errorf("before anything was seen: %v", unknown)
	}
}

// A round that is stopped keeps what it was told, and the next one asks for the rest only.
func TestAStoppedRoundGoesOnWhereItStopped(t *testing.T) {
	r, v := severalKinds(t, 60)
	ctx, stop := context.WithCancel(t.Context())
	v.fail = func(call int, _ logs.Ask) error {
		if call == 70 {
			stop()
			return core.E(core.Canceled, "ask", nil)
		}
		return nil
	}
	if _, err := r.Run(ctx); err == nil {
		t.Fatal("it went on")
	}
	kept, asked := r.kept(), len(v.asked)
	if kept == 0 {
		t.Fatal("nothing was kept of what was told")
	}
	v.fail = nil
	if _, err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := r.kept(); got != 3*len(v.events) {
		t.Errorf("%d kept, %d happened", got, 3*len(v.events))
	}
	again := 0
	for _, a := range v.asked[asked:] {
		if slices.ContainsFunc(v.asked[:asked-1], func(b logs.Ask) bool { return a == b }) {
			again++
		}
	}
	if again > 8 { // the last day or two are not settled
		t.Errorf("%d questions were asked twice", again)
	}
}

func TestOneKindThatIsRefusedDoesNotEndTheOthers(t *testing.T) {
	r, v := severalKinds(t, 10)
	v.fail = func(_ int, ask logs.Ask) error {
		if ask.Kind == logs.Sent {
			return core.E(core.Forbidden, "ask", nil)
		}
		return nil
	}
	results, err := r.Run(t.Context())
	if err != nil || len(results) != 3 {
		t.Fatalf("%v %v", results, err)
	}
	for _, res := range results {
		if (res.Kind == logs.Sent) != (core.CodeOf(res.Err) == core.Forbidden) || res.Kind != logs.Sent && res.Tally.New != len(v.events) {
			t.Errorf("%+v", res)
		}
	}
}
