package wire

import "context"

type hasty struct{}

// Hasty makes calls give up after one repeat: somebody sits in front of the form and
// waits to hear whether the keys work.
func Hasty(ctx context.Context) context.Context { return context.WithValue(ctx, hasty{}, true) }

// hastyTries is how often a call is made then.
const hastyTries = 2

// tries is how often a call may be made.
func (c *Client) tries(ctx context.Context) int {
	if ctx.Value(hasty{}) != nil {
		return min(hastyTries, c.o.Tries)
	}
	return c.o.Tries
}
