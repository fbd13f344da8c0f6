// Package schedule says when work may run and how fast: at once, from a moment on,
// at night, or all day with a slower pace during working hours; and when it will
// have ended. Everything in it is a function of its arguments, the clock included.
//
// It leaves out who does the work and what it is.
package schedule

import (
	"sync"
	"time"
	_ "time/tzdata" // Windows has no zones of its own that Go can read
)

// Mode is the kind of a plan.
type Mode string

// The modes.
const (
	Now    Mode = "now"    // as soon as there is room
	At     Mode = "at"     // from one moment on
	Nights Mode = "nights" // only between From and To
	Gentle Mode = "gentle" // always, but slower between From and To
)

// Modes lists all modes.
var Modes = []Mode{Now, At, Nights, Gentle}

// Plan says when work may run. The zero value is at once, without limits.
type Plan struct {
	Mode        Mode      `json:"mode,omitempty"`
	Start       time.Time `json:"start,omitzero"` // not before; with every mode
	Zone        string    `json:"zone,omitempty"` // IANA name; "" this computer's
	From        int       `json:"from,omitempty"` // minutes after midnight, 0-1439
	To          int       `json:"to,omitempty"`   // the same; not after From: on the next day
	Days        []int     `json:"days,omitempty"` // weekdays (0 Sunday) on which the hours begin; empty: all
	Slow        int64     `json:"slow,omitempty"` // with Gentle: bytes a second during the hours, of everything together
	BytesPerDay int64     `json:"bytesPerDay,omitempty"`
}

const minutesOfADay = 24 * 60

// Wrong names the first field that makes no sense and why (missing, malformed,
// unknown); "" if all is well.
func (p *Plan) Wrong() (field, reason string) {
	hours := p.Mode == Nights || p.Mode == Gentle
	switch {
	case p.Mode != "" && p.Mode != Now && p.Mode != At && !hours:
		return "mode", "unknown"
	case p.Mode == At && p.Start.IsZero():
		return "at", "missing"
	case p.From < 0 || p.From >= minutesOfADay || p.To < 0 || p.To >= minutesOfADay || hours && p.From == p.To:
		return "hours", "malformed"
	case p.Mode == Gentle && p.Slow <= 0:
		return "slow", "missing"
	case p.BytesPerDay < 0:
		return "bytesPerDay", "malformed"
	}
	for _, d := range p.Days {
		if d < 0 || d > 6 {
			return "days", "malformed"
		}
	}
	if _, err := time.LoadLocation(p.Zone); p.Zone != "" && err != nil {
		return "zone", "unknown"
	}
	return "", ""
}

// Timed says whether the plan ever holds work back by the clock or a budget: such
// work starts and stops without a person.
func (p *Plan) Timed() bool {
	return p.Mode != "" && p.Mode != Now || !p.Start.IsZero() || p.BytesPerDay > 0
}

// Pace tells whether work may run at t and with how many bytes a second; 0: any.
func (p *Plan) Pace(t time.Time) (bytesPerSecond int64, open bool) {
	if t.Before(p.Start) {
		return 0, false
	}
	switch p.Mode {
	case Nights:
		return 0, p.within(t)
	case Gentle:
		if p.within(t) {
			return p.Slow, true
		}
	}
	return 0, true
}

// Change is the first moment after t at which [Plan.Pace] may tell something else;
// zero: never.
func (p *Plan) Change(t time.Time) time.Time {
	var first time.Time
	offer := func(at time.Time) {
		if at.After(t) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	offer(p.Start)
	if p.Mode == Nights || p.Mode == Gentle {
		for day := -1; day <= 8; day++ {
			if begin, end, ok := p.hours(t, day); ok {
				offer(begin)
				offer(end)
			}
		}
	}
	return first
}

// Opens is the first moment from t on at which work may run; zero: never.
func (p *Plan) Opens(t time.Time) time.Time {
	for range 64 { // each step passes one edge; a week has at most fourteen
		if _, open := p.Pace(t); open {
			return t
		}
		if t = p.Change(t); t.IsZero() {
			break
		}
	}
	return time.Time{}
}

// Midnight is when the day of t ends in the plan's zone.
func (p *Plan) Midnight(t time.Time) time.Time {
	y, m, d := t.In(p.zone()).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, p.zone())
}

// Day names the day of t in the plan's zone: 2026-11-26.
func (p *Plan) Day(t time.Time) string { return t.In(p.zone()).Format(time.DateOnly) }

// zones keeps what was read: a forecast asks for its zone thousands of times.
var zones sync.Map

func (p *Plan) zone() *time.Location {
	if p.Zone == "" {
		return time.Local
	}
	if known, ok := zones.Load(p.Zone); ok {
		return known.(*time.Location) // nothing else is stored
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil { // checked by Wrong; a zone that went missing later must not stop a move
		zone = time.Local
	}
	zones.Store(p.Zone, zone)
	return zone
}

// within says whether t lies in the hours of its day or of the day before.
func (p *Plan) within(t time.Time) bool {
	for day := -1; day <= 0; day++ {
		if begin, end, ok := p.hours(t, day); ok && !t.Before(begin) && t.Before(end) {
			return true
		}
	}
	return false
}

// hours are From and To on a day counted from the day of t; ok says whether the day
// is among the plan's.
func (p *Plan) hours(t time.Time, day int) (begin, end time.Time, ok bool) {
	zone := p.zone()
	y, m, d := t.In(zone).Date()
	begin = time.Date(y, m, d+day, 0, p.From, 0, 0, zone)
	last := d + day
	if p.To <= p.From {
		last++
	}
	end = time.Date(y, m, last, 0, p.To, 0, 0, zone)
	if len(p.Days) == 0 {
		return begin, end, true
	}
	weekday := int(time.Date(y, m, d+day, 12, 0, 0, 0, zone).Weekday())
	for _, want := range p.Days {
		if want == weekday {
			return begin, end, true
		}
	}
	return begin, end, false
}

// Clock is a time of day, in minutes after midnight, on the day of t.
func (p *Plan) Clock(t time.Time, minutes int) time.Time {
	y, m, d := t.In(p.zone()).Date()
	return time.Date(y, m, d, 0, minutes, 0, 0, p.zone())
}
