package office

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// File is the name of the file with offices and runs within the data folder.
const File = "offices.db"

// migrations of the file. A step that a release has shipped never changes.
var migrations = []string{`
CREATE TABLE office (
	id     TEXT    NOT NULL PRIMARY KEY,
	added  INTEGER NOT NULL,
	record TEXT    NOT NULL -- JSON of Office
) STRICT;
CREATE TABLE fact (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE run (
	id      TEXT    NOT NULL PRIMARY KEY,
	office  TEXT    NOT NULL,
	title   TEXT    NOT NULL,
	started INTEGER NOT NULL, -- milliseconds
	ended   INTEGER NOT NULL,
	state   TEXT    NOT NULL,
	undoes  TEXT    NOT NULL,
	trouble TEXT    NOT NULL  -- JSON of an error; '' none
) STRICT;
CREATE INDEX run_office ON run (office, started);
CREATE TABLE item (
	run     TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	number  INTEGER NOT NULL,
	kind    TEXT    NOT NULL,
	back    INTEGER NOT NULL, -- 1: can be taken back
	change  TEXT    NOT NULL, -- JSON of Change; passwords are handles of the vault
	step    TEXT    NOT NULL, -- JSON of Step
	before  TEXT    NOT NULL, -- JSON of the object before; '' none
	outcome TEXT    NOT NULL,
	made    TEXT    NOT NULL, -- ID of what was created
	trouble TEXT    NOT NULL, -- JSON of an error; '' none
	at      INTEGER NOT NULL,
	PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
`, `
CREATE TABLE folded (
	run   TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
	items TEXT NOT NULL -- JSON: a list of number, kind, back, change, step, before, outcome for each step of a run that has just begun
) STRICT;
CREATE VIEW unfolded AS
	SELECT run, value->>0 AS number, value->>1 AS kind, value->>2 AS back, value->3 AS change, value->4 AS step, value->5 AS before,
		value->>6 AS outcome, '' AS made, '' AS trouble, 0 AS at
	FROM folded, json_each(folded.items);
CREATE VIEW steps AS SELECT * FROM item UNION ALL SELECT * FROM unfolded;
`, `
CREATE TABLE part (
	run   TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	first INTEGER NOT NULL, -- number of its first step
	last  INTEGER NOT NULL,
	steps TEXT    NOT NULL, -- JSON: a list of written; passwords are handles of the vault
	PRIMARY KEY (run, first)
) STRICT;
CREATE TABLE page (
	id    INTEGER PRIMARY KEY, -- their order: a later page counts more
	run   TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	first INTEGER NOT NULL, -- the steps that it tells of lie between
	last  INTEGER NOT NULL,
	told  TEXT    NOT NULL, -- JSON: a list of heard
	sent  TEXT    NOT NULL  -- JSON: the first and the last step that are about to be sent; '' none
) STRICT;
CREATE INDEX page_run ON page (run, id);
ALTER TABLE run ADD COLUMN counts TEXT NOT NULL DEFAULT ''; -- JSON; '' not counted
INSERT INTO part SELECT run, min(number), max(number),
	json_group_array(json_object('change', json(change), 'step', json(step), 'before', json(before), 'outcome', outcome) ORDER BY number)
	FROM steps GROUP BY run, number/100;
INSERT INTO page (run, first, last, told, sent) SELECT run, min(number), max(number),
	json_group_array(json_object('n', number, 'o', outcome, 'made', made, 'trouble', trouble, 'at', at) ORDER BY number), ''
	FROM steps GROUP BY run, number/100;
DROP VIEW steps;
DROP VIEW unfolded;
DROP TABLE folded;
DROP TABLE item;
`}

// Book keeps the offices and the runs on the disk. It is safe for concurrent use.
type Book struct{ db *store.DB }

// OpenBook opens or makes the book in a folder. Errors: as those of [store.Open].
func OpenBook(ctx context.Context, dir string) (*Book, error) {
	db, err := store.Open(ctx, filepath.Join(dir, File), migrations, store.Beside(), store.Durable())
	if err != nil {
		return nil, err
	}
	return &Book{db: db}, nil
}

// Close closes the file.
func (b *Book) Close() error { return b.db.Close() }

// Offices lists all, the oldest first.
func (b *Book) Offices(ctx context.Context) (all []Office, err error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT record FROM office ORDER BY added, id`)
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read offices", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var o Office
		if err := scanJSON(rows, &o); err != nil {
			return nil, core.E(core.Malformed, "read offices", err)
		}
		all = append(all, o)
	}
	return all, rows.Err()
}

// scanJSON reads the one column of a row as JSON.
func scanJSON(row interface{ Scan(...any) error }, v any) error {
	var text string
	if err := row.Scan(&text); err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), v)
}

// Office reads one. Errors: not_found.
func (b *Book) Office(ctx context.Context, id string) (Office, error) {
	var o Office
	err := scanJSON(b.db.R.QueryRowContext(ctx, `SELECT record FROM office WHERE id=?`, id), &o)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return o, core.E(core.NotFound, "read office", nil, "office", id)
	case err != nil:
		return o, core.E(core.CodeOf(err), "read office", err)
	}
	return o, nil
}

// Save writes an office, and gives a new one its ID. The first one becomes the current
// one. Errors: invalid with "field".
func (b *Book) Save(ctx context.Context, o Office) (Office, error) {
	o, err := o.clean()
	if err != nil {
		return o, err
	}
	if o.ID == "" {
		o.ID = rand.Text()
	}
	if o.Added.IsZero() {
		o.Added = time.Now().Truncate(time.Millisecond)
	}
	record, err := json.Marshal(o)
	if err != nil {
		return o, core.E(core.Internal, "save office", err)
	}
	err = b.db.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO office VALUES (?,?,?) ON CONFLICT (id) DO UPDATE SET record=excluded.record`,
			o.ID, store.Millis(o.Added), string(record)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO fact VALUES ('current', ?) ON CONFLICT DO NOTHING`, o.ID)
		return err
	})
	return o, err
}

// Remove forgets an office, and its runs.
func (b *Book) Remove(ctx context.Context, id string) error {
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		for _, act := range []string{
			`DELETE FROM run WHERE office=?`, `DELETE FROM office WHERE id=?`, `DELETE FROM fact WHERE name='current' AND value=?`,
		} {
			if _, err := tx.ExecContext(ctx, act, id); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO fact SELECT 'current', id FROM office ORDER BY added, id LIMIT 1 ON CONFLICT DO NOTHING`)
		return err
	})
}

// Current is the ID of the office that the window shows; "" while there is none.
func (b *Book) Current(ctx context.Context) (string, error) {
	var id string
	err := b.db.R.QueryRowContext(ctx, `SELECT value FROM fact WHERE name='current'`).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", core.E(core.CodeOf(err), "read office", err)
	}
	return id, nil
}

// SetCurrent chooses it. Errors: not_found.
func (b *Book) SetCurrent(ctx context.Context, id string) error {
	if _, err := b.Office(ctx, id); err != nil {
		return err
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO fact VALUES ('current', ?) ON CONFLICT (name) DO UPDATE SET value=excluded.value`, id)
		return err
	})
}

// Handles are the vault's handles that offices and unfinished runs need.
func (b *Book) Handles(ctx context.Context) ([]string, error) {
	offices, err := b.Offices(ctx)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, o := range offices {
		all = append(all, o.handles()...)
	}
	pending, err := b.pendingPasswords(ctx)
	return append(all, pending...), err
}
