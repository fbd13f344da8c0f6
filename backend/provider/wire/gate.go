package wire

import "context"

// Gate lets one caller in at a time, as a mutex does, and nobody waits at it longer
// than the own context lasts: who fetches a token may hang, and the others must be able
// to go.
type Gate chan struct{}

// NewGate makes an open gate.
func NewGate() Gate { return make(Gate, 1) }

// Enter waits to be let in; canceled or timeout where the context ends first. Whoever
// got in calls [Gate.Leave].
func (g Gate) Enter(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return ended(ctx, op, err)
	}
	select {
	case g <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ended(ctx, op, ctx.Err())
	}
}

// Leave lets the next one in.
func (g Gate) Leave() { <-g }
