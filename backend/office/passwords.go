package office

import (
	"context"
	"time"

	"mailroom/backend/store"
)

// patience is how long the passwords of steps that failed are kept for another try.
const patience = 30 * 24 * time.Hour

// pendingPasswords are the handles of passwords that runs may still need.
func (b *Book) pendingPasswords(ctx context.Context) (all []string, err error) {
	runs, err := b.texts(ctx, `SELECT id FROM run WHERE started > ? AND state <> ?`, store.Millis(time.Now().Add(-patience)), string(Done))
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		items, err := b.items(ctx, run, 0, 0)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			if it.change.Password != "" && it.open() {
				all = append(all, it.change.Password)
			}
		}
	}
	return all, nil
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
