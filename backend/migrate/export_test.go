package migrate

import (
	"context"
	"time"
)

// SetRest replaces the waiting of m for tests from outside.
func (m *Mover) SetRest(rest func(ctx context.Context, d time.Duration) error) { m.rest = rest }
