package office

import (
	"context"
	"errors"

	"mailroom/backend/core"
)

// pendingPasswords are the handles of passwords that unfinished runs will need.
func (b *Book) pendingPasswords(ctx context.Context) (all []string, err error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT change FROM item JOIN run ON run.id=item.run
		WHERE run.state NOT IN ('done','partly') AND item.outcome IN ('waiting','sent') AND item.change LIKE '%"password":%'`)
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
