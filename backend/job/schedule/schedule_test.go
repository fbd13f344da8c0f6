package schedule

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// at is a moment in Shanghai; 26 November 2026 is a Thursday.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

var (
	nights  = Plan{Mode: Nights, Zone: "Asia/Shanghai", From: 22 * 60, To: 6 * 60}
	weekend = Plan{Mode: Nights, Zone: "Asia/Shanghai", From: 20 * 60, To: 8 * 60, Days: []int{5, 6}}
	gentle  = Plan{Mode: Gentle, Zone: "Asia/Shanghai", From: 9 * 60, To: 18 * 60, Days: []int{1, 2, 3, 4, 5}, Slow: 1 << 20}
)

func TestHoursOpenAndClose(t *testing.T) {
	for _, c := range []struct {
		name, at string
		plan     Plan
		open     bool
		pace     int64
		opens    string
	}{
		{"at once", "2026-11-26 12:00", Plan{}, true, 0, "2026-11-26 12:00"},
		{"not before", "2026-11-26 12:00", Plan{Mode: At, Start: at(t, "2026-11-27 08:30")}, false, 0, "2026-11-27 08:30"},
		{"noon", "2026-11-26 12:00", nights, false, 0, "2026-11-26 22:00"},
		{"the first minute", "2026-11-26 22:00", nights, true, 0, "2026-11-26 22:00"},
		{"after midnight", "2026-11-27 05:59", nights, true, 0, "2026-11-27 05:59"},
		{"the last minute has ended", "2026-11-27 06:00", nights, false, 0, "2026-11-27 22:00"},
		{"Thursday night is no weekend", "2026-11-26 23:00", weekend, false, 0, "2026-11-27 20:00"},
		{"Saturday's night ends on Sunday", "2026-11-29 07:00", weekend, true, 0, "2026-11-29 07:00"},
		{"Sunday night is none", "2026-11-29 21:00", weekend, false, 0, "2026-12-04 20:00"},
		{"working hours are gentle", "2026-11-26 10:00", gentle, true, 1 << 20, "2026-11-26 10:00"},
		{"the evening is not", "2026-11-26 18:00", gentle, true, 0, "2026-11-26 18:00"},
		{"nor is Saturday", "2026-11-28 10:00", gentle, true, 0, "2026-11-28 10:00"},
	} {
		when := at(t, c.at)
		pace, open := c.plan.Pace(when)
		if opens := c.plan.Opens(when); open != c.open || pace != c.pace || !opens.Equal(at(t, c.opens)) {
			t.Errorf("%s: open %v at %d a second, opens %s", c.name, open, pace, opens)
		}
	}
}

// Chicago sets its clocks back on 1 November 2026: the night is an hour longer.
func TestANightOfAChangedClockIsOneNight(t *testing.T) {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	p := Plan{Mode: Nights, Zone: "America/Chicago", From: 22 * 60, To: 6 * 60}
	begin := time.Date(2026, 10, 31, 22, 0, 0, 0, zone)
	if end := p.Change(begin); end.Sub(begin) != 9*time.Hour {
		t.Errorf("the night has %s", end.Sub(begin))
	}
}

func TestWrongPlansSayWhatIsWrong(t *testing.T) {
	for want, p := range map[string]Plan{
		"mode": {Mode: "sometimes"}, "at": {Mode: At}, "hours": {Mode: Nights, From: 60, To: 60}, "slow": {Mode: Gentle, From: 1, To: 2},
		"bytesPerDay": {BytesPerDay: -1}, "days": {Days: []int{7}}, "zone": {Zone: "Middle/Earth"},
	} {
		if field, reason := p.Wrong(); field != want || reason == "" {
			t.Errorf("%s: %q %q", want, field, reason)
		}
	}
	for _, p := range []Plan{{}, nights, weekend, gentle} {
		if field, reason := p.Wrong(); field != "" {
			t.Errorf("%+v: %s %s", p, field, reason)
		}
	}
}

func TestForecastsThatCanBeCheckedByHand(t *testing.T) {
	hour := Work{Bytes: 3600 << 20, Seconds: 3600}
	for _, c := range []struct {
		name, at string
		plan     Plan
		load     Load
		want     string
		brake    Brake
	}{
		{"an hour", "2026-11-26 12:00", Plan{}, Load{Works: []Work{hour}}, "2026-11-26 13:00", BrakeNone},
		{"three beside each other", "2026-11-26 12:00", Plan{}, Load{Works: []Work{hour, hour, hour}, Parallel: 3}, "2026-11-26 13:00", BrakeNone},
		{"four with three lanes", "2026-11-26 12:00", Plan{}, Load{Works: []Work{hour, hour, hour, hour}, Parallel: 3}, "2026-11-26 14:00", BrakeNone},
		{"tonight", "2026-11-26 12:00", nights, Load{Works: []Work{hour}}, "2026-11-26 23:00", BrakeHours},
		{"ten hours of nights", "2026-11-26 12:00", nights, Load{Works: []Work{{Bytes: 1, Seconds: 36000}}}, "2026-11-28 00:00", BrakeHours},
		{"half the pace until six", "2026-11-26 17:00", gentle, Load{Works: []Work{{Bytes: 7200 << 20, Seconds: 3600}}}, "2026-11-26 18:30", BrakeHours},
		{"a budget", "2026-11-26 12:00", Plan{Zone: "Asia/Shanghai", BytesPerDay: 1800 << 20}, Load{Works: []Work{hour}}, "2026-11-27 00:30", BrakeBudget},
		{"a budget that is half gone", "2026-11-26 12:00", Plan{Zone: "Asia/Shanghai", BytesPerDay: 3600 << 20}, Load{Works: []Work{hour}, Spent: 1800 << 20}, "2026-11-27 00:30", BrakeBudget},
		// The provider's day is UTC's, which ends at eight in the morning.
		{"a provider's budget", "2026-11-26 12:00", Plan{}, Load{Works: []Work{{Bytes: 900 << 20, Seconds: 900, PerDay: 450 << 20}}}, "2026-11-27 08:07", BrakeProvider},
		{"a capped one frees its lane", "2026-11-26 12:00", Plan{}, Load{Works: []Work{{Bytes: 900 << 20, Seconds: 900, PerDay: 450 << 20}, {Bytes: 900 << 20, Seconds: 900, PerDay: 450 << 20}}, Parallel: 1}, "2026-11-27 08:15", BrakeProvider},
		{"nothing", "2026-11-26 12:00", nights, Load{}, "2026-11-26 12:00", BrakeNone},
	} {
		got := c.plan.Finish(at(t, c.at), c.load)
		if d := got.At.Sub(at(t, c.want)); d < -2*time.Second || d > time.Minute || got.Brake != c.brake {
			t.Errorf("%s: %s because of %q", c.name, got.At.In(at(t, c.at).Location()), got.Brake)
		}
	}
	if got := (&Plan{}).Finish(at(t, "2026-11-26 12:00"), Load{Works: []Work{{Bytes: 1 << 60, Seconds: 1e12}}}); !got.At.IsZero() {
		t.Errorf("a million years are forecast for %s", got.At)
	}
}

func drawPlan(r *rapid.T) Plan {
	p := Plan{
		Mode: rapid.SampledFrom(Modes).Draw(r, "mode"), Zone: rapid.SampledFrom([]string{"UTC", "Asia/Shanghai", "America/Chicago"}).Draw(r, "zone"),
		From: rapid.IntRange(0, 1439).Draw(r, "from"), To: rapid.IntRange(0, 1439).Draw(r, "to"),
		Days: rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 7, rapid.ID[int]).Draw(r, "days"),
	}
	if p.Mode == At {
		p.Start = drawMoment(r, "start")
	}
	if p.Mode == Gentle {
		p.Slow = rapid.Int64Range(10_000, 10<<20).Draw(r, "slow")
	}
	if rapid.Bool().Draw(r, "has a budget") {
		p.BytesPerDay = rapid.Int64Range(10<<20, 10<<30).Draw(r, "budget")
	}
	if p.From == p.To {
		p.To = (p.To + 1) % minutesOfADay
	}
	return p
}

func drawMoment(r *rapid.T, name string) time.Time {
	return time.Unix(1_795_000_000+rapid.Int64Range(0, 60*86400).Draw(r, name), 0)
}

func drawLoad(r *rapid.T) Load {
	l := Load{Parallel: rapid.IntRange(1, 4).Draw(r, "parallel")}
	for range rapid.IntRange(1, 8).Draw(r, "works") {
		l.Works = append(l.Works, Work{
			Bytes: rapid.Int64Range(0, 4<<30).Draw(r, "bytes"), Seconds: rapid.Float64Range(1, 20_000).Draw(r, "seconds"),
			PerDay: rapid.SampledFrom([]int64{0, 0, 450 << 20}).Draw(r, "a day"),
		})
	}
	return l
}

func TestThePaceChangesNowhereButWhereItSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p, now := drawPlan(r), drawMoment(r, "now")
		pace, open := p.Pace(now)
		next := p.Change(now)
		if next.IsZero() {
			next = now.Add(20 * 24 * time.Hour)
		} else if !next.After(now) {
			r.Fatalf("the change at %s is not after %s", next, now)
		}
		between := now.Add(time.Duration(rapid.Float64Range(0, 0.999999).Draw(r, "share") * float64(next.Sub(now))))
		if pace2, open2 := p.Pace(between); pace2 != pace || open2 != open {
			r.Fatalf("%s: %d %v, %s: %d %v, although the next change is at %s", now, pace, open, between, pace2, open2, next)
		}
		if opens := p.Opens(now); opens.IsZero() {
			r.Fatalf("never opens")
		} else if _, is := p.Pace(opens); !is || opens.Before(now) {
			r.Fatalf("opens at %s, which is closed or past", opens)
		}
	})
}

// No forecast lies before the work could be done by speed alone, none ends at a
// moment when nothing may run, and a stricter plan never ends sooner.
func TestForecastsKeepTheirPlan(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p, now, load := drawPlan(r), drawMoment(r, "now"), drawLoad(r)
		got := p.Finish(now, load)
		if got.At.IsZero() {
			return // longer than the horizon
		}
		free := load
		free.Works = append([]Work{}, load.Works...)
		for i := range free.Works {
			free.Works[i].PerDay = 0
		}
		fastest := (&Plan{}).Finish(now, free).At
		if got.At.Before(fastest.Add(-time.Second)) {
			r.Fatalf("%s, but speed alone needs until %s", got.At, fastest)
		}
		if _, open := p.Pace(got.At.Add(-2 * instant)); !open && got.At.Sub(now) > 0 {
			r.Fatalf("ends at %s, when nothing may run", got.At)
		}
		half := p
		half.BytesPerDay = max(p.BytesPerDay/2, 1<<20)
		if stricter := half.Finish(now, load).At; p.BytesPerDay > 0 && len(load.Works) == 1 && !stricter.IsZero() && stricter.Before(got.At.Add(-time.Second)) {
			r.Fatalf("half the budget ends at %s, before %s", stricter, got.At)
		}
	})
}

func TestMoreMailNeverEndsSooner(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p, now, load := drawPlan(r), drawMoment(r, "now"), drawLoad(r)
		load.Parallel = 1
		got := p.Finish(now, load).At
		load.Works = append(load.Works, Work{Bytes: rapid.Int64Range(0, 4<<30).Draw(r, "more"), Seconds: rapid.Float64Range(1, 20_000).Draw(r, "longer")})
		if more := p.Finish(now, load).At; !more.IsZero() && (got.IsZero() || more.Before(got.Add(-time.Second))) {
			r.Fatalf("with more mail %s, with less %s", more, got)
		}
	})
}

// A budget is a promise to the office's line.
func TestABudgetHoldsOnEveryDay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p, now := drawPlan(r), drawMoment(r, "now")
		p.BytesPerDay = rapid.Int64Range(100<<20, 2<<30).Draw(r, "budget")
		bytes := rapid.Int64Range(1, 20<<30).Draw(r, "bytes")
		got := p.Finish(now, Load{Works: []Work{{Bytes: bytes, Seconds: 60}}}).At
		if got.IsZero() {
			return
		}
		zone := p.zone()
		a, b := now.In(zone), got.In(zone)
		days := int64(time.Date(b.Year(), b.Month(), b.Day(), 12, 0, 0, 0, time.UTC).Sub(time.Date(a.Year(), a.Month(), a.Day(), 12, 0, 0, 0, time.UTC)).Hours()/24) + 1
		if days*p.BytesPerDay < bytes-1<<20 {
			r.Fatalf("%d bytes in %d days of %d", bytes, days, p.BytesPerDay)
		}
	})
}
