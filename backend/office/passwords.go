package office

import (
	"context"
	"errors"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// patience is how long the passwords of steps that failed are kept for another try.
const patience = 30 * 24 * time.Hour

// pendingPasswords are the handles of passwords that runs may still need.
func (b *Book) pendingPasswords(ctx context.Context) (all []string, err error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT change FROM steps JOIN run ON run.id=steps.run
		WHERE run.started > ? AND steps.outcome IN ('waiting','sent','failed','unsure') AND steps.kind IN ('person.create','person.password')`,
		store.Millis(time.Now().Add(-patience)))
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read runs", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c Change
		if err := scanJSON(rows, &c); err != nil {
			return nil, core.E(core.Malformed, "read runs", err)
		}
		if c.Password != "" {
			all = append(all, c.Password)
		}
	}
	return all, rows.Err()
}

// Handles are the vault's handles that offices, plans and unfinished runs need.
func (d *Desk) Handles(ctx context.Context) ([]string, error) {
	all, err := d.cfg.House.Book().Handles(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.plans {
		for _, it := range p.items {
			if it.change.Password != "" {
				all = append(all, it.change.Password)
			}
		}
	}
	return all, nil
}

// finished are the handles of a run that nothing needs any more.
func finished(items []item) (handles []string) {
	for _, it := range items {
		switch it.outcome {
		case Made, There, Refused:
			if it.change.Password != "" {
				handles = append(handles, it.change.Password)
			}
		}
	}
	return handles
}
