package job

import (
	"sync"
	"time"
)

// Throttle calls a function at most once in an interval, however often it is told
// that there is something new, and once more at the end. It is safe for concurrent
// use; the calls never overlap.
type Throttle struct {
	every time.Duration
	fire  func()

	mu     sync.Mutex
	last   time.Time
	timer  *time.Timer
	closed bool
	firing sync.Mutex
}

// NewThrottle makes a throttle. Close ends it.
func NewThrottle(every time.Duration, fire func()) *Throttle {
	return &Throttle{every: every, fire: fire}
}

// Mark says that there is something new. It does not block on fire, except that the
// first call of a quiet time runs it at once.
func (t *Throttle) Mark() {
	t.mu.Lock()
	if t.closed || t.timer != nil {
		t.mu.Unlock()
		return
	}
	wait := t.every - time.Since(t.last)
	t.timer = time.AfterFunc(max(wait, 0), t.due)
	t.mu.Unlock()
}

func (t *Throttle) due() {
	t.firing.Lock()
	defer t.firing.Unlock()
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return
	}
	t.timer, t.last = nil, time.Now()
	t.mu.Unlock()
	t.fire()
}

// Close calls the function one last time and nothing after that.
func (t *Throttle) Close() {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return
	}
	t.closed = true
	if t.timer != nil {
		t.timer.Stop()
	}
	t.mu.Unlock()
	t.firing.Lock()
	defer t.firing.Unlock()
	t.fire()
}
