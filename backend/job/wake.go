package job

import (
	"context"
	"time"
)

// A Watch tells when the computer was asleep, or its clock was set: connections are
// dead then although nothing says so, and times that were waited for have passed.
type Watch struct {
	every time.Duration
	slack time.Duration
	now   func() time.Time
	tick  <-chan time.Time // nil: a ticker of its own
}

// Between two looks at the clock this much more may pass than was meant to, before
// it counts as sleep: a busy computer is late, too.
const (
	lookEvery = 5 * time.Second
	lookSlack = 25 * time.Second
)

// NewWatch makes a watch that looks every five seconds.
func NewWatch() *Watch { return &Watch{every: lookEvery, slack: lookSlack, now: time.Now} }

// Run calls woke, with how much time went missing, whenever more has passed between
// two looks than the time between them and half a minute; and also when the clock
// was set back. It returns when ctx ends.
func (w *Watch) Run(ctx context.Context, woke func(gap time.Duration)) {
	tick := w.tick
	if tick == nil {
		ticker := time.NewTicker(w.every)
		defer ticker.Stop()
		tick = ticker.C
	}
	// Round strips the monotonic reading, which stands still during sleep on some
	// systems: the wall clock tells what has passed.
	last := w.now().Round(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
		now := w.now().Round(0)
		gap := now.Sub(last) - w.every
		last = now
		if gap > w.slack || gap < -w.slack {
			woke(gap)
		}
	}
}
