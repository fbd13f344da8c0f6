package wire

import (
	"sync"
	"time"
)

// Window is a vendor's limit by span of time: so many calls at most in any Span. A
// vendor that counts by the minute of its own clock is kept to as well, whatever that
// clock says.
type Window struct {
	Span  time.Duration
	Calls int // at least 1
}

// windows keeps to limits by span. It is safe for concurrent use.
type windows struct {
	mu    sync.Mutex
	rings []ring
}

// ring remembers when the last calls of one window were made.
type ring struct {
	span time.Duration
	at   []time.Time // the oldest stands at next
	next int
}

func newWindows(limits []Window) *windows {
	w := &windows{}
	for _, l := range limits {
		w.rings = append(w.rings, ring{span: l.Span, at: make([]time.Time, max(1, l.Calls))})
	}
	return w
}

// take gives the next place: how long to wait until it may be used. A place is taken in
// every window or in none: where the wait is longer than most it is not taken.
func (w *windows) take(now time.Time, most time.Duration) (wait time.Duration, taken bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.rings {
		r := &w.rings[i]
		if oldest := r.at[r.next]; !oldest.IsZero() {
			wait = max(wait, oldest.Add(r.span).Sub(now))
		}
	}
	if wait > most {
		return wait, false
	}
	for i := range w.rings {
		r := &w.rings[i]
		r.at[r.next] = now.Add(wait)
		r.next = (r.next + 1) % len(r.at)
	}
	return wait, true
}
