package job

import (
	"context"
	"database/sql"
	"encoding/json"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// Schema makes the table of [Table]. It is one step of the data file's migrations
// and never changes; later changes are steps of their own.
const Schema = `CREATE TABLE jobs (
	id          TEXT    NOT NULL PRIMARY KEY,
	kind        TEXT    NOT NULL,
	subject     TEXT    NOT NULL,
	args        TEXT    NOT NULL,
	state       TEXT    NOT NULL,
	interrupted INTEGER NOT NULL,
	attempt     INTEGER NOT NULL,
	created     INTEGER NOT NULL, -- all times in milliseconds since 1970; 0 none
	started     INTEGER NOT NULL,
	ended       INTEGER NOT NULL,
	next        INTEGER NOT NULL,
	code        TEXT    NOT NULL,
	facts       TEXT    NOT NULL  -- JSON object
) STRICT`

// Table keeps jobs in SQLite.
type Table struct{ db *store.DB }

// NewTable uses the table jobs of db.
func NewTable(db *store.DB) *Table { return &Table{db: db} }

// Save inserts or replaces a job.
func (t *Table) Save(ctx context.Context, j Job) error {
	facts, err := json.Marshal(j.Facts)
	if err != nil {
		return core.E(core.Internal, "save job", err)
	}
	return t.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO jobs
			(id, kind, subject, args, state, interrupted, attempt, created, started, ended, next, code, facts)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			j.ID, j.Kind, j.Subject, j.Args, string(j.State), j.Interrupted, j.Attempt,
			store.Millis(j.Created), store.Millis(j.Started), store.Millis(j.Ended), store.Millis(j.Next), string(j.Code), string(facts))
		return err
	})
}

// Delete removes a job; that there is none is no error.
func (t *Table) Delete(ctx context.Context, id string) error {
	return t.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM jobs WHERE id = ?`, id)
		return err
	})
}

// All returns every job, the oldest first.
func (t *Table) All(ctx context.Context) ([]Job, error) {
	rows, err := t.db.R.QueryContext(ctx, `SELECT id, kind, subject, args, state, interrupted, attempt,
		created, started, ended, next, code, facts FROM jobs ORDER BY created, id`)
	if err != nil {
		return nil, core.E(core.Internal, "read jobs", err)
	}
	defer rows.Close()
	all := []Job{}
	for rows.Next() {
		var j Job
		var created, started, ended, next int64
		var facts string
		if err := rows.Scan(&j.ID, &j.Kind, &j.Subject, &j.Args, &j.State, &j.Interrupted, &j.Attempt,
			&created, &started, &ended, &next, &j.Code, &facts); err != nil {
			return nil, core.E(core.Malformed, "read jobs", err)
		}
		j.Created, j.Started, j.Ended, j.Next = store.Time(created), store.Time(started), store.Time(ended), store.Time(next)
		if err := json.Unmarshal([]byte(facts), &j.Facts); err != nil {
			return nil, core.E(core.Malformed, "read jobs", err)
		}
		all = append(all, j)
	}
	if err := rows.Err(); err != nil {
		return nil, core.E(core.Internal, "read jobs", err)
	}
	return all, nil
}

var _ Store = (*Table)(nil)
