package migrate

import (
	"context"
	"time"

	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
)

// Mover moves one mailbox into another. It is made for one use of Run, Verify,
// Undo or Estimate at a time.
type Mover struct {
	from, to mailbox.Account
	led      *ledger.Ledger
	opt      Options
	sink     Sink
	rest     func(ctx context.Context, d time.Duration) error // waits; tests do not
	now      func() time.Time
	bounds   bounds
}

// New builds a Mover; it does no I/O. sink may be nil.
func New(led *ledger.Ledger, from, to mailbox.Account, opt Options, sink Sink) *Mover {
	return &Mover{from: from, to: to, led: led, opt: opt, sink: sink, rest: rest, now: time.Now, bounds: usualBounds}
}

func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Estimate is the dry run: it signs in on both sides, lists, maps and weighs, and
// changes nothing on either side.
func (m *Mover) Estimate(ctx context.Context) (Estimate, error) { return m.estimate(ctx) }

// Run moves whatever has not been moved yet and then verifies at the level asked.
// The result is valid, as far as things went, even if the error is not nil; the
// error is what ended the work: unauthenticated (after two refusals), unreachable,
// canceled, disk_full …
func (m *Mover) Run(ctx context.Context) (Result, error) { return m.run(ctx) }

// Verify compares source and destination by the ledger at the given level.
func (m *Mover) Verify(ctx context.Context, level Level) (Result, error) { return m.verify(ctx, level) }

// Undo deletes exactly the messages that this move stored at the destination.
func (m *Mover) Undo(ctx context.Context) (Result, error) { return m.undo(ctx) }
