package wire

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

const (
	firstPause = 500 * time.Millisecond
	// firstQuiet is the first pause after "too many calls" without a time: limits by the
	// minute are over after five of them.
	firstQuiet   = 2 * time.Second
	longestPause = time.Minute
	// longestQuiet is the longest Retry-After that is waited for here. What is longer
	// goes back to the caller, whose work can be put off.
	longestQuiet = 2 * time.Minute
)

// again repeats a call where this is safe and may help. It is the one place that does.
func (c *Client) again(ctx context.Context, call Call) error {
	broken, slow := steps(firstPause), steps(firstQuiet)
	doubtful := false // an attempt may have been carried out
	torn := 0         // answers that were no whole JSON
	for try := 1; ; try++ {
		told, err := c.attempt(ctx, call)
		doubtful = doubtful || !told
		code := core.CodeOf(err)
		switch {
		case err == nil:
			return nil
		case code == core.NotFound && call.Deletes && doubtful:
			return nil
		case code == core.Malformed && core.ArgsOf(err)["reason"] == "not_json" && !call.Once && torn == 0:
			torn++ // a gateway has cut it off, perhaps
		case try >= c.tries(ctx), ctx.Err() != nil, !curable(code), call.Once && code != core.RateLimited:
			if call.Once && try > 1 {
				markRepeated(err)
			}
			return err
		}
		d := max(broken.NextBackOff(), asked(err))
		if code == core.RateLimited && asked(err) == 0 {
			d = slow.NextBackOff()
		}
		if asked(err) > longestQuiet {
			return err
		}
		if code == core.RateLimited { // the limit is the office's: everybody waits
			c.quiet(d)
		}
		if werr := c.o.Wait(ctx, d); werr != nil {
			return ended(ctx, call.Op, werr)
		}
	}
}

// markRepeated tells the caller that this was not the first time: a vendor that asked to
// wait may have done the work all the same.
func markRepeated(err error) {
	if e, ok := errors.AsType[*core.Error](err); ok && e.Args != nil {
		e.Args[provider.Repeated] = "yes"
	}
}

// steps are pauses that double, each with a jitter of half of it.
func steps(first time.Duration) *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier = first, longestPause, 2
	return b
}

func curable(code core.Code) bool {
	return code == core.RateLimited || code == core.Unreachable || code == core.Timeout
}

// asked is the pause that the vendor asked for.
func asked(err error) time.Duration {
	n, _ := strconv.Atoi(core.ArgsOf(err)["retryAfter"])
	return time.Duration(n) * time.Second
}
