package admin

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/store"
)

// Reaches tells which logs the office keeps: what administrators did, for ever.
func (a *Adapter) Reaches() []logs.Reach {
	return []logs.Reach{{Kind: logs.Admin, Settles: time.Second}}
}

// Fetch hands out what administrators did.
func (a *Adapter) Fetch(ctx context.Context, ask logs.Ask) (page logs.Page, err error) {
	if !slices.ContainsFunc(a.Reaches(), func(r logs.Reach) bool { return r.Kind == ask.Kind }) {
		return page, core.E(core.Unsupported, "fetch records", nil, "kind", string(ask.Kind))
	}
	err = a.read(ctx, "fetch records", func(tx *sql.Tx) error {
		after, err := offset(ask.Next)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT id, at, action, target, remark FROM act WHERE id>? AND at>=? AND at<? ORDER BY id LIMIT ?",
			after, store.Millis(ask.From), store.Millis(ask.To), a.page+1)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if len(page.Records) == a.page {
				page.Next = token(true, after)
				break
			}
			var at int64
			r := logs.Record{Kind: logs.Admin, Method: logs.API, Outcome: logs.OK, Agent: "Mailroom"}
			if err := rows.Scan(&after, &at, &r.Action, &r.Target, &r.Remark); err != nil {
				return err
			}
			r.At, r.ID = store.Time(at).UTC(), strconv.FormatInt(after, 10)
			page.Records = append(page.Records, r)
		}
		return rows.Err()
	})
	return page, err
}
