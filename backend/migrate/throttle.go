package migrate

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"mailroom/backend/core"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/preset"
)

// throttle holds all lanes of one mailbox to the pace that the options or the
// presets of both sides ask for.
type throttle struct {
	bytes    *rate.Limiter // nil: no limit
	after    int64         // bytes counts only after so many bytes of the day
	messages *rate.Limiter
	daily    int64        // 0: no budget
	today    atomic.Int64 // bytes of this day as far as booked
	led      *ledger.Ledger
	place    string
	spent    atomic.Int64 // bytes not yet booked
	wait     func(ctx context.Context, until time.Time, class string) error
	now      func() time.Time
	also     func(ctx context.Context, size int64) error // nil: none
}

func newThrottle(opt Options, from, to preset.EngineDefaults) *throttle {
	t := &throttle{now: time.Now, also: opt.Admit}
	perSecond := pace(opt.BytesPerSecond, from.BytesPerSecond, to.BytesPerSecond)
	if perSecond > 0 {
		t.bytes = rate.NewLimiter(rate.Limit(perSecond), int(max(perSecond, 64<<10)))
	}
	if n := slower(from.MessagesPerSecond, to.MessagesPerSecond); n > 0 {
		t.messages = rate.NewLimiter(rate.Limit(n), max(1, int(n)))
	}
	if opt.BytesPerSecond == 0 {
		t.after = slower(from.SlowAfterBytes, to.SlowAfterBytes)
	}
	t.daily = pace(opt.BytesPerDay, from.DailyBytes, to.DailyBytes)
	return t
}

// pace is the option if it says anything, else the smaller preset; 0: no limit.
func pace(option, from, to int64) int64 {
	switch {
	case option < 0:
		return 0
	case option > 0:
		return option
	}
	return slower(from, to)
}

func slower[N int | int64 | float64](a, b N) N {
	if a == 0 || (b != 0 && b < a) {
		return b
	}
	return a
}

// bookEvery is how many bytes may pass before the ledger hears of them.
const bookEvery = 4 << 20

// admit waits until a message of this size may pass.
func (t *throttle) admit(ctx context.Context, size int64) error {
	if t.also != nil {
		if err := t.also(ctx, size); err != nil {
			return core.E(core.Canceled, "admit", err)
		}
	}
	if t.messages != nil {
		if err := t.messages.Wait(ctx); err != nil {
			return err
		}
	}
	for rest := size; t.bytes != nil && t.today.Load() >= t.after && rest > 0; {
		part := min(rest, int64(t.bytes.Burst()))
		if err := t.bytes.WaitN(ctx, int(part)); err != nil {
			return err
		}
		rest -= part
	}
	if t.daily == 0 && t.after == 0 {
		return nil
	}
	if t.spent.Add(size) < bookEvery && (t.daily == 0 || t.today.Load()+t.spent.Load() < t.daily) {
		return nil
	}
	return t.book(ctx)
}

// book writes what was spent and waits for the next day (UTC) if the budget is gone.
func (t *throttle) book(ctx context.Context) error {
	now := t.now().UTC()
	sum, err := t.led.Spend(ctx, t.place, now.Format(time.DateOnly), t.spent.Swap(0))
	t.today.Store(sum)
	if err != nil || t.daily == 0 || sum < t.daily {
		return err
	}
	tomorrow := now.Truncate(24 * time.Hour).Add(24 * time.Hour)
	t.today.Store(0)
	return t.wait(ctx, tomorrow, string(preset.DailyQuota))
}

// close books what is left, without waiting.
func (t *throttle) close(ctx context.Context) error {
	rest := t.spent.Swap(0)
	if rest == 0 {
		return nil
	}
	_, err := t.led.Spend(ctx, t.place, t.now().UTC().Format(time.DateOnly), rest)
	return err
}
