package moving

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// Schema makes the tables. It is one step of the data file's migrations and never
// changes; later changes are steps of their own. Times are milliseconds since 1970.
const Schema = `
CREATE TABLE moves (
	id      TEXT    NOT NULL PRIMARY KEY,
	name    TEXT    NOT NULL,
	created INTEGER NOT NULL,
	started INTEGER NOT NULL,
	ended   INTEGER NOT NULL,
	planned INTEGER NOT NULL,
	undone  INTEGER NOT NULL,
	options TEXT    NOT NULL  -- JSON of Options
) STRICT;
CREATE TABLE move_mailboxes (
	move     TEXT    NOT NULL REFERENCES moves ON DELETE CASCADE,
	id       TEXT    NOT NULL,
	position INTEGER NOT NULL,
	record   TEXT    NOT NULL, -- JSON of Mailbox
	folders  TEXT    NOT NULL, -- JSON of []Folder
	differ   TEXT    NOT NULL, -- JSON of []migrate.Mismatch
	PRIMARY KEY (move, id)
) STRICT;
CREATE TABLE move_left (
	move    TEXT    NOT NULL,
	mailbox TEXT    NOT NULL,
	n       INTEGER NOT NULL,
	record  TEXT    NOT NULL, -- JSON of migrate.LeftBehind
	PRIMARY KEY (move, mailbox, n),
	FOREIGN KEY (move, mailbox) REFERENCES move_mailboxes ON DELETE CASCADE
) STRICT, WITHOUT ROWID;`

// table keeps moves in SQLite.
type table struct{ db *store.DB }

// all reads every move without folders, the newest first.
func (t *table) all(ctx context.Context) (moves []*Move, err error) {
	rows, err := t.db.R.QueryContext(ctx, `SELECT id, name, created, started, ended, planned, undone, options, watch FROM moves ORDER BY created DESC, id`)
	if err != nil {
		return nil, core.E(core.Internal, "read moves", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		m := &Move{}
		var created, started, ended int64
		var options, watch string
		if err := rows.Scan(&m.ID, &m.Name, &created, &started, &ended, &m.Planned, &m.Undone, &options, &watch); err != nil {
			return nil, core.E(core.Malformed, "read moves", err)
		}
		m.Created, m.Started, m.Ended = store.Time(created), store.Time(started), store.Time(ended)
		if err := errors.Join(json.Unmarshal([]byte(options), &m.Options), json.Unmarshal([]byte(watch), &m.Watch)); err != nil {
			return nil, core.E(core.Malformed, "read moves", err)
		}
		moves = append(moves, m)
	}
	if err := rows.Err(); err != nil {
		return nil, core.E(core.Internal, "read moves", err)
	}
	for _, m := range moves {
		if m.Mailboxes, err = t.mailboxes(ctx, m.ID); err != nil {
			return nil, err
		}
	}
	return moves, nil
}

func (t *table) mailboxes(ctx context.Context, move string) (all []Mailbox, err error) {
	rows, err := t.db.R.QueryContext(ctx, `SELECT record FROM move_mailboxes WHERE move=? ORDER BY position`, move)
	if err != nil {
		return nil, core.E(core.Internal, "read mailboxes", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var record string
		var mb Mailbox
		if err := rows.Scan(&record); err != nil {
			return nil, core.E(core.Malformed, "read mailboxes", err)
		}
		if err := json.Unmarshal([]byte(record), &mb); err != nil {
			return nil, core.E(core.Malformed, "read mailboxes", err)
		}
		all = append(all, mb)
	}
	return all, rows.Err()
}

// save writes a move and its mailboxes; mailboxes that it no longer has are removed.
func (t *table) save(ctx context.Context, m *Move) error {
	return t.db.Write(ctx, func(tx *sql.Tx) error {
		if err := saveHead(ctx, tx, m); err != nil {
			return err
		}
		keep := make([]string, len(m.Mailboxes))
		for i := range m.Mailboxes {
			keep[i] = m.Mailboxes[i].ID
			if err := saveMailbox(ctx, tx, m.ID, i, &m.Mailboxes[i]); err != nil {
				return err
			}
		}
		ids, err := json.Marshal(keep)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM move_mailboxes WHERE move=? AND id NOT IN (SELECT value FROM json_each(?))`, m.ID, string(ids))
		return err
	})
}

func saveHead(ctx context.Context, tx *sql.Tx, m *Move) error {
	options, err := json.Marshal(m.Options)
	if err != nil {
		return err
	}
	watch, err := json.Marshal(m.Watch)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO moves (id, name, created, started, ended, planned, undone, options, watch) VALUES (?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET name=excluded.name, started=excluded.started, ended=excluded.ended,
			planned=excluded.planned, undone=excluded.undone, options=excluded.options, watch=excluded.watch`,
		m.ID, m.Name, store.Millis(m.Created), store.Millis(m.Started), store.Millis(m.Ended), m.Planned, m.Undone, string(options), string(watch))
	return err
}

func saveMailbox(ctx context.Context, tx *sql.Tx, move string, position int, mb *Mailbox) error {
	record, err := json.Marshal(mb)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO move_mailboxes (move, id, position, record, folders, differ) VALUES (?,?,?,?,'[]','[]')
		ON CONFLICT DO UPDATE SET position=excluded.position, record=excluded.record`, move, mb.ID, position, string(record))
	return err
}

// saveRecords writes the records of some mailboxes, by their position.
func (t *table) saveRecords(ctx context.Context, move string, at map[int]*Mailbox) error {
	return t.db.Write(ctx, func(tx *sql.Tx) error {
		for i, mb := range at {
			if err := saveMailbox(ctx, tx, move, i, mb); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *table) saveHead(ctx context.Context, m *Move) error {
	return t.db.Write(ctx, func(tx *sql.Tx) error { return saveHead(ctx, tx, m) })
}

// findings are what a run leaves about one mailbox beside its record; nil slices
// leave what is there.
type findings struct {
	folders []Folder
	differ  any
	left    []any
}

// saveFindings writes one mailbox's record and findings.
func (t *table) saveFindings(ctx context.Context, move string, position int, mb *Mailbox, f findings) error {
	return t.db.Write(ctx, func(tx *sql.Tx) error {
		if err := saveMailbox(ctx, tx, move, position, mb); err != nil {
			return err
		}
		if f.folders != nil {
			if err := setJSON(ctx, tx, `UPDATE move_mailboxes SET folders=? WHERE move=? AND id=?`, f.folders, move, mb.ID); err != nil {
				return err
			}
		}
		if f.differ != nil {
			if err := setJSON(ctx, tx, `UPDATE move_mailboxes SET differ=? WHERE move=? AND id=?`, f.differ, move, mb.ID); err != nil {
				return err
			}
		}
		if f.left == nil {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM move_left WHERE move=? AND mailbox=?`, move, mb.ID); err != nil {
			return err
		}
		for n, row := range f.left {
			if err := setJSON(ctx, tx, `INSERT INTO move_left (record, move, mailbox, n) VALUES (?,?,?,?)`, row, move, mb.ID, n); err != nil {
				return err
			}
		}
		return nil
	})
}

func setJSON(ctx context.Context, tx *sql.Tx, query string, value any, args ...any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, query, append([]any{string(text)}, args...)...)
	return err
}

// document reads one JSON column of a mailbox into v; not_found if there is none.
func (t *table) document(ctx context.Context, query string, v any, args ...any) error {
	var text string
	err := t.db.R.QueryRowContext(ctx, query, args...).Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return core.E(core.NotFound, "read mailbox", nil)
	case err != nil:
		return core.E(core.Internal, "read mailbox", err)
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return core.E(core.Malformed, "read mailbox", err)
	}
	return nil
}

func (t *table) delete(ctx context.Context, id string) error {
	return t.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM moves WHERE id=?`, id)
		return err
	})
}

// left reads a page of the messages left behind; mailbox "" means all.
func (t *table) left(ctx context.Context, move, mailbox string, offset, limit int) (total int64, page []Left, err error) {
	const from = ` FROM move_left l JOIN move_mailboxes b ON b.move=l.move AND b.id=l.mailbox WHERE l.move=?1 AND (?2='' OR l.mailbox=?2)`
	if err := t.db.R.QueryRowContext(ctx, `SELECT count(*)`+from, move, mailbox).Scan(&total); err != nil {
		return 0, nil, core.E(core.Internal, "count left behind", err)
	}
	rows, err := t.db.R.QueryContext(ctx, `SELECT l.mailbox, b.record->>'$.label', l.record`+from+` ORDER BY b.position, l.n LIMIT ?3 OFFSET ?4`, move, mailbox, limit, offset)
	if err != nil {
		return 0, nil, core.E(core.Internal, "read left behind", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row Left
		var record string
		if err := rows.Scan(&row.Mailbox, &row.Label, &record); err != nil {
			return 0, nil, core.E(core.Malformed, "read left behind", err)
		}
		if err := json.Unmarshal([]byte(record), &row.LeftBehind); err != nil {
			return 0, nil, core.E(core.Malformed, "read left behind", err)
		}
		page = append(page, row)
	}
	return total, page, rows.Err()
}
