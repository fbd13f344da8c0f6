package admin

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider/practice/content"
	"mailroom/backend/provider/practice/past"
	"mailroom/backend/store"
)

// rowsAPerson is how many records two years have for each person, up to a total that
// is still made in a moment.
const (
	rowsAPerson = 10_000
	mostRows    = 2_000_000
)

// Reaches tells that everything is there for two years.
func (a *Adapter) Reaches() []logs.Reach { return past.New(1, nil, nil, 1).Source(nil).Reaches() }

// Fetch hands out what happened: the invented past of the people whom the office began
// with, and among the acts of administrators those that were really done here.
func (a *Adapter) Fetch(ctx context.Context, ask logs.Ask) (page logs.Page, err error) {
	const op = "fetch records"
	// Pages of the past come first; "own-N" are those of the acts.
	own, isOwn := strings.CutPrefix(ask.Next, "own-")
	if !isOwn {
		source, err := a.source(ctx, op)
		if err != nil {
			return page, err
		}
		if page, err = source.Fetch(ctx, ask); err != nil {
			if ctx.Err() != nil {
				return logs.Page{}, ended(ctx, op, err)
			}
			return logs.Page{}, err
		}
		if page.Next == "" && ask.Kind == logs.Admin {
			page.Next = "own-0"
		}
		return page, nil
	}
	after, err := strconv.ParseInt(own, 10, 64)
	if err != nil {
		return page, core.E(core.Invalid, op, nil, "problem", "page")
	}
	err = a.read(ctx, op, func(tx *sql.Tx) error {
		page, err = a.acts(ctx, tx, ask, after)
		return err
	})
	return page, err
}

// source is the office's past; the file says whose it is.
func (a *Adapter) source(ctx context.Context, op string) (source *past.Source, err error) {
	err = a.read(ctx, op, func(tx *sql.Tx) error {
		a.mu.Lock()
		defer a.mu.Unlock()
		if source = a.past; source != nil {
			return nil
		}
		var size, domain string
		err := tx.QueryRowContext(ctx, "SELECT name FROM domain ORDER BY place LIMIT 1").Scan(&domain)
		if err == nil {
			err = tx.QueryRowContext(ctx, "SELECT value FROM setting WHERE key=?", beginSize).Scan(&size)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var people []past.Person
		for _, p := range beginners(number(size, len(content.Staff(1)))) {
			people = append(people, past.Person{Address: p.Local + "@" + domain, Name: p.Name})
		}
		var others []string
		for _, o := range content.Outsiders() {
			others = append(others, o.Address)
		}
		a.past = past.New(1, people, others, min(rowsAPerson*len(people), mostRows)).Source(a.now)
		source = a.past
		return nil
	})
	return source, err
}

// acts are what was really done, from the act behind that number on.
func (a *Adapter) acts(ctx context.Context, tx *sql.Tx, ask logs.Ask, after int64) (page logs.Page, err error) {
	if ask.Person != "" {
		return page, nil // done by this program, in nobody's name
	}
	rows, err := tx.QueryContext(ctx, "SELECT id, at, action, target, remark FROM act WHERE id>? AND at>=? AND at<? ORDER BY id LIMIT ?",
		after, store.Millis(ask.From), store.Millis(ask.To), a.page+1)
	if err != nil {
		return page, err
	}
	defer rows.Close()
	for rows.Next() {
		if len(page.Records) == a.page {
			page.Next = "own-" + strconv.FormatInt(after, 10)
			break
		}
		var at int64
		r := logs.Record{Kind: logs.Admin, Method: logs.API, Outcome: logs.OK, Agent: "Mailroom"}
		if err := rows.Scan(&after, &at, &r.Action, &r.Target, &r.Remark); err != nil {
			return page, err
		}
		r.At, r.ID = store.Time(at).UTC(), "own-"+strconv.FormatInt(after, 10)
		page.Records = append(page.Records, r)
	}
	return page, rows.Err()
}
