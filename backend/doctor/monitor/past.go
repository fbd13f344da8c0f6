package monitor

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"mailroom/backend/store"
)

// Bounds of what is remembered of domains.
const (
	sightFor  = 3 * 365 * 24 * time.Hour
	mostSight = 20_000 // things, of all domains together
	longest   = 1000   // bytes of a value
)

// Recall tells what was kept of a thing of a domain last, and when, as [doctor.Past]
// wants it.
func (m *Monitor) Recall(ctx context.Context, domain, thing string) (value string, at time.Time, ok bool) {
	var ms int64
	err := m.db.R.QueryRowContext(ctx, `SELECT value, at FROM sight WHERE domain = ? AND thing = ?`, domain, thing).Scan(&value, &ms)
	return value, store.Time(ms), err == nil
}

// Keep replaces what is kept of a thing; what is too old or too much is forgotten. A
// failure is logged: the examination goes on without it.
func (m *Monitor) Keep(ctx context.Context, domain, thing, value string, at time.Time) {
	if len(value) > longest || len(thing) > longest {
		return
	}
	err := m.db.Write(ctx, func(tx *sql.Tx) error {
		for _, step := range []struct {
			sql  string
			args []any
		}{
			{`INSERT OR REPLACE INTO sight (domain, thing, value, at) VALUES (?,?,?,?)`, []any{domain, thing, value, store.Millis(at)}},
			{`DELETE FROM sight WHERE at < ?`, []any{store.Millis(m.now().Add(-sightFor))}},
			{`DELETE FROM sight WHERE rowid IN (SELECT rowid FROM sight ORDER BY at DESC LIMIT -1 OFFSET ?)`, []any{mostSight}},
		} {
			if _, err := tx.ExecContext(ctx, step.sql, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		slog.Warn("what was seen of a domain could not be kept", "err", err)
	}
}
