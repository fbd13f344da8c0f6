package wire

import (
	"context"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"

	"mailroom/backend/core"
)

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
	// longestQuiet is the longest Retry-After that is waited for here. What is longer
	// goes back to the caller, whose work can be put off.
	longestQuiet = 2 * time.Minute
)

// again repeats a call where this is safe and may help. It is the one place that does.
func again(ctx context.Context, o Options, call Call, attempt func(context.Context, Call) (bool, error)) error {
	steps := backoff.NewExponentialBackOff() // with jitter of half the pause
	steps.InitialInterval, steps.MaxInterval, steps.Multiplier = firstPause, longestPause, 2
	doubtful := false // an attempt may have been carried out
	for try := 1; ; try++ {
		told, err := attempt(ctx, call)
		doubtful = doubtful || !told
		code := core.CodeOf(err)
		switch {
		case err == nil:
			return nil
		case code == core.NotFound && call.Deletes && doubtful:
			return nil
		case try >= o.Tries, ctx.Err() != nil, !curable(code), call.Once && code != core.RateLimited:
			return err
		}
		d, asked := steps.NextBackOff(), asked(err)
		if asked > longestQuiet {
			return err
		}
		if werr := o.Wait(ctx, max(d, asked)); werr != nil {
			return ended(ctx, call.Op, werr)
		}
	}
}

func curable(code core.Code) bool {
	return code == core.RateLimited || code == core.Unreachable || code == core.Timeout
}

// asked is the pause that the vendor asked for.
func asked(err error) time.Duration {
	n, _ := strconv.Atoi(core.ArgsOf(err)["retryAfter"])
	return time.Duration(n) * time.Second
}
