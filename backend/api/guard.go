package api

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"mailroom/backend/core"
)

var errClosed = core.E(core.Canceled, "call", nil)

// guard runs one bound method. A panic becomes an internal error, logged with its
// stack: Wails itself would log the call's arguments and leave the page waiting
// for ever. An error is logged here once, without arguments.
func guard[T any](op string, f func() (T, error)) (result T, err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("panic in a call of the page", "op", op, "panic", harmless(r), "stack", string(debug.Stack()))
			err = core.E(core.Internal, op, nil)
		}
	}()
	result, err = f()
	if err != nil {
		slog.Warn("a call of the page ended in an error", "op", op, "code", core.CodeOf(err), "err", err)
	}
	return result, err
}

// harmless is what may be logged of a panic: the runtime's own words, or else only
// the type, since the value may hold what the page sent.
func harmless(r any) string {
	if err, ok := r.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", r)
}

// guardDo is [guard] for methods without a result.
func guardDo(op string, f func() error) error {
	_, err := guard(op, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// calls remembers the cancellable calls at work by the page's request ID.
type calls struct {
	mu     sync.Mutex
	cancel map[string]context.CancelFunc
}

// begin gives a call its context; end must be called when it is over.
func (c *calls) begin(root context.Context, id string, limit time.Duration) (ctx context.Context, end func()) {
	ctx, cancel := context.WithTimeout(root, limit)
	if id == "" {
		return ctx, cancel
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel == nil {
		c.cancel = map[string]context.CancelFunc{}
	}
	c.cancel[id] = cancel
	return ctx, func() {
		cancel()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.cancel, id)
	}
}

func (c *calls) stop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel, ok := c.cancel[id]; ok {
		cancel()
	}
}
