package job

import (
	"math"
	"time"
)

// Amount is how far a piece of work is. Totals of 0 mean that they are not known yet.
type Amount struct {
	Done, Total           int64 // things
	BytesDone, BytesTotal int64
}

// Speed is how fast it goes.
type Speed struct {
	PerSecond int64         // things a second
	BytesRate int64         // bytes a second
	Left      time.Duration // time left; negative: unknown
}

// Meter measures speed over a sliding window, which follows links that are
// throttled better than a mean since the start. It is not safe for concurrent use.
// Time is an argument, so that tests need no clock.
type Meter struct {
	window  time.Duration
	samples []sample
}

type sample struct {
	at     time.Time
	amount Amount
}

// maxSamples bounds the memory; with 5 samples a second it holds a minute.
const maxSamples = 300

// NewMeter makes a meter with a window of that length.
func NewMeter(window time.Duration) *Meter { return &Meter{window: window} }

// Add notes how far the work is now. An amount smaller than before begins anew.
func (m *Meter) Add(now time.Time, a Amount) {
	if n := len(m.samples); n > 0 {
		last := m.samples[n-1].amount
		if a.Done < last.Done || a.BytesDone < last.BytesDone {
			m.samples = m.samples[:0]
		}
	}
	m.samples = append(m.samples, sample{now, a})
	drop := 0
	// One sample older than the window stays, so that the window is always covered.
	for drop+2 < len(m.samples) && now.Sub(m.samples[drop+1].at) >= m.window {
		drop++
	}
	drop = max(drop, len(m.samples)-maxSamples)
	m.samples = append(m.samples[:0], m.samples[drop:]...)
}

// Speed tells the speed of the window that ends now. Time left is unknown until the
// totals are known and something moves; it is measured on bytes where there are any
// left, else on things.
func (m *Meter) Speed(now time.Time) Speed {
	unknown := Speed{Left: -1}
	if len(m.samples) < 2 {
		return unknown
	}
	first, last := m.samples[0], m.samples[len(m.samples)-1]
	span := now.Sub(first.at).Seconds()
	if span < 0.5 { // too short to say anything
		return unknown
	}
	s := Speed{
		PerSecond: perSecond(last.amount.Done-first.amount.Done, span),
		BytesRate: perSecond(last.amount.BytesDone-first.amount.BytesDone, span),
	}
	a := last.amount
	s.Left = timeLeft(a.BytesTotal, a.BytesDone, first.amount.BytesDone, span)
	if s.Left < 0 || a.BytesTotal <= a.BytesDone {
		s.Left = timeLeft(a.Total, a.Done, first.amount.Done, span)
	}
	return s
}

func perSecond(n int64, span float64) int64 { return int64(math.Round(float64(n) / span)) }

// timeLeft is negative while it is unknown.
func timeLeft(total, done, before int64, span float64) time.Duration {
	if total <= 0 || done <= before {
		return -1
	}
	seconds := float64(max(total-done, 0)) * span / float64(done-before)
	if seconds > 365*24*3600 { // a standstill, not a forecast
		return -1
	}
	return time.Duration(seconds * float64(time.Second))
}
