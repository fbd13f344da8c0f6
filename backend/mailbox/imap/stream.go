package imap

import (
	"context"
	"errors"
	"sync"
	"time"

	"mailroom/backend/core"
)

// stream carries events from the reader to the operation that waits for them. After
// release the reader drops events instead of blocking.
type stream[T any] struct {
	events chan T
	left   chan struct{} // closed by release
	over   chan struct{} // closed by finish
	once   sync.Once
	ending sync.Once
}

func newStream[T any](depth int) *stream[T] {
	return &stream[T]{events: make(chan T, depth), left: make(chan struct{}), over: make(chan struct{})}
}

func (s *stream[T]) release() { s.once.Do(func() { close(s.left) }) }

func (s *stream[T]) gone() bool { return closed(s.left) }

// push hands an event over; false: nobody wants it any more.
func (s *stream[T]) push(ev T) bool {
	select {
	case s.events <- ev:
		return true
	case <-s.left:
		return false
	}
}

// finish says that no more events will come.
func (s *stream[T]) finish() { s.ending.Do(func() { close(s.over) }) }

// next returns the next event, or false when there is none: finished, ended closed,
// or ctx over. What was handed over before finished or ended still counts; after the end
// of ctx nothing does, or all that a buffer holds would be worked off first.
func (s *stream[T]) next(ctx context.Context, ended <-chan struct{}) (ev T, ok bool) {
	if ctx.Err() != nil {
		return ev, false
	}
	select {
	case ev = <-s.events:
		return ev, true
	default:
	}
	select {
	case ev = <-s.events:
		return ev, true
	case <-s.over:
	case <-ended:
	case <-ctx.Done():
		return ev, false
	}
	select {
	case ev = <-s.events:
		return ev, true
	default:
		return ev, false
	}
}

// Bounds on reading over answers that nobody wants any more.
const (
	abandonTime  = 10 * time.Second
	abandonBytes = 16 << 20
)

var errAbandoned = errors.New("too much unwanted data on the wire")

// abandon waits until the commands that are still on the wire are answered, their
// data dropped, and returns err. Where that would take long, the connection is
// given up instead.
func (s *session) abandon(release func(), cmds []*command, err error) error {
	release()
	timer := time.NewTimer(abandonTime)
	defer timer.Stop()
	for _, cmd := range cmds {
		select {
		case <-cmd.done:
		case <-timer.C:
			s.c.abort(core.E(core.Unreachable, "", errAbandoned))
			return err
		}
	}
	return err
}
