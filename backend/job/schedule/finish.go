package schedule

import (
	"math"
	"time"
)

// Work is one of several pieces that are done beside each other.
type Work struct {
	Bytes   int64
	Seconds float64 // how long it takes when nothing holds it back
	PerDay  int64   // bytes that its provider lets through on a day of UTC; 0: any
}

// Load is what is to be done.
type Load struct {
	Works    []Work
	Parallel int   // how many at once; less than 1 counts as 1
	Spent    int64 // bytes of the plan's budget that are gone today
}

// Brake is what makes the work take as long as it does.
type Brake string

// The brakes, from the harmless to the hard.
const (
	BrakeNone     Brake = ""         // speed alone
	BrakeHours    Brake = "hours"    // the plan's hours, or its slower pace
	BrakeBudget   Brake = "budget"   // the plan's bytes a day
	BrakeProvider Brake = "provider" // a provider's bytes a day
)

// Forecast is when a load will have been done.
type Forecast struct {
	At    time.Time // zero: cannot be told
	Brake Brake     // what held it up longest
}

// A forecast looks at most this far; what takes longer cannot be told.
const (
	horizon  = 3 * 365 * 24 * time.Hour
	mostStep = 200_000
)

// Finish tells when a load that begins at now will have been done: by the plan's
// hours, pace and budget, by what providers let through a day, with Parallel pieces
// at once in their order.
func (p *Plan) Finish(now time.Time, load Load) Forecast {
	s := &simulation{plan: p, at: now, spent: load.Spent, lanes: max(load.Parallel, 1), lost: map[Brake]time.Duration{}}
	for _, w := range load.Works {
		if w.Seconds <= 0 && w.Bytes <= 0 {
			continue
		}
		seconds := math.Max(w.Seconds, 1e-3)
		s.left = append(s.left, piece{seconds: seconds, rate: float64(w.Bytes) / seconds, perDay: float64(w.PerDay)})
	}
	for range mostStep {
		if len(s.left) == 0 {
			return Forecast{At: s.at, Brake: s.worst()}
		}
		if !s.step() || s.at.Sub(now) > horizon {
			break
		}
	}
	return Forecast{}
}

// piece is what is left of a work. Its bytes flow evenly over its seconds.
type piece struct {
	seconds float64
	rate    float64 // bytes a second
	perDay  float64
	today   float64
}

// room is how many seconds' worth of bytes its provider still takes today.
func (w *piece) room() float64 {
	if w.perDay <= 0 || w.rate <= 0 {
		return math.Inf(1)
	}
	return (w.perDay - w.today) / w.rate
}

type simulation struct {
	plan  *Plan
	at    time.Time
	left  []piece
	lanes int
	spent int64
	lost  map[Brake]time.Duration
}

// instant is the shortest step; anything shorter would be lost in rounding.
const instant = time.Millisecond

// step lets the time run until something changes. false: it never goes on.
func (s *simulation) step() bool {
	pace, open := s.plan.Pace(s.at)
	if !open {
		return s.skip(BrakeHours, s.plan.Opens(s.at))
	}
	if b := s.plan.BytesPerDay; b > 0 && s.spent >= b {
		return s.skip(BrakeBudget, s.plan.Midnight(s.at))
	}
	active := make([]int, 0, s.lanes)
	for i := range s.left {
		if len(active) < s.lanes && s.left[i].room()*float64(time.Second) >= float64(instant) {
			active = append(active, i)
		}
	}
	if len(active) == 0 {
		return s.skip(BrakeProvider, midnightUTC(s.at))
	}
	s.run(active, pace)
	return true
}

// run lets the active pieces flow until one ends, is capped, or the rules change.
func (s *simulation) run(active []int, pace int64) {
	rate := 0.0
	for _, i := range active {
		rate += s.left[i].rate
	}
	share := 1.0
	if pace > 0 && rate > float64(pace) {
		share = float64(pace) / rate
	}
	most := math.Min(s.until(s.plan.Change(s.at)), s.until(midnightUTC(s.at)))
	if b := s.plan.BytesPerDay; b > 0 {
		most = math.Min(most, s.until(s.plan.Midnight(s.at)))
		if rate > 0 {
			most = math.Min(most, float64(b-s.spent)/(rate*share))
		}
	}
	for _, i := range active {
		most = math.Min(most, math.Min(s.left[i].seconds, s.left[i].room())/share)
	}
	took := max(time.Duration(most*float64(time.Second)), instant)
	flown := took.Seconds() * share
	for _, i := range active {
		s.left[i].seconds -= flown
		s.left[i].today += flown * s.left[i].rate
	}
	s.spent += int64(math.Ceil(flown * rate))
	if share < 1 {
		s.lost[BrakeHours] += time.Duration(float64(took) * (1 - share))
	}
	s.move(s.at.Add(took))
	kept := s.left[:0]
	for _, w := range s.left {
		if w.seconds*float64(time.Second) >= float64(instant) {
			kept = append(kept, w)
		}
	}
	s.left = kept
}

func (s *simulation) until(at time.Time) float64 {
	if at.IsZero() {
		return math.Inf(1)
	}
	return at.Sub(s.at).Seconds()
}

func (s *simulation) skip(why Brake, to time.Time) bool {
	if to.IsZero() {
		return false
	}
	s.lost[why] += to.Sub(s.at)
	s.move(to)
	return true
}

// move sets the clock; budgets begin anew with their day.
func (s *simulation) move(to time.Time) {
	if !to.Before(s.plan.Midnight(s.at)) {
		s.spent = 0
	}
	if !to.Before(midnightUTC(s.at)) {
		for i := range s.left {
			s.left[i].today = 0
		}
	}
	s.at = to
}

// worst is the brake that took the most time, if that is worth a word.
func (s *simulation) worst() Brake {
	worst, most := BrakeNone, time.Minute
	for _, b := range []Brake{BrakeHours, BrakeBudget, BrakeProvider} {
		if s.lost[b] > most {
			worst, most = b, s.lost[b]
		}
	}
	return worst
}

func midnightUTC(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour) }
