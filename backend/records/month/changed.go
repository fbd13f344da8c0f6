package month

import (
	"context"
	"fmt"
	"time"

	"mailroom/backend/store"
)

// Changed is when a record of the month was last replaced by a newer one; zero: never.
func (m *Month) Changed(ctx context.Context) (time.Time, error) {
	var last int64
	if err := m.db.R.QueryRowContext(ctx, `SELECT coalesce(max(seen), 0) FROM history`).Scan(&last); err != nil {
		return time.Time{}, fmt.Errorf("read changes: %w", err)
	}
	if last == 0 {
		return time.Time{}, nil
	}
	return store.Time(last), nil
}
