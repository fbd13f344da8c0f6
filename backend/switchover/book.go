package switchover

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

var migrations = []string{
	`CREATE TABLE switches (move TEXT NOT NULL PRIMARY KEY, record TEXT NOT NULL) STRICT; -- JSON of Plan`,
}

// Book keeps the plans on the disk, in a file of their own.
type Book struct{ db *store.DB }

// Open opens or makes the book in a folder. Errors: as those of [store.Open].
func Open(ctx context.Context, dir string) (*Book, error) {
	db, err := store.Open(ctx, filepath.Join(dir, "switchover.db"), migrations)
	if err != nil {
		return nil, err
	}
	return &Book{db: db}, nil
}

// Close closes the file.
func (b *Book) Close() error { return b.db.Close() }

// Get reads the plan of a move. Errors: not_found.
func (b *Book) Get(ctx context.Context, move string) (Plan, error) {
	var text string
	var p Plan
	err := b.db.R.QueryRowContext(ctx, `SELECT record FROM switches WHERE move=?`, move).Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return p, core.E(core.NotFound, "read switch", nil, "id", move)
	case err != nil:
		return p, core.E(core.Internal, "read switch", err)
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, core.E(core.Malformed, "read switch", err)
	}
	return p, nil
}

// Save writes a plan.
func (b *Book) Save(ctx context.Context, p Plan) error {
	text, err := json.Marshal(p)
	if err != nil {
		return core.E(core.Internal, "write switch", err)
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO switches VALUES (?,?) ON CONFLICT DO UPDATE SET record=excluded.record`, p.Move, string(text))
		return err
	})
}

// Open plans are those whose old provider still stands.
func (b *Book) Open(ctx context.Context) (all []Plan, err error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT record FROM switches ORDER BY move`)
	if err != nil {
		return nil, core.E(core.Internal, "read switches", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		var p Plan
		if err := rows.Scan(&text); err != nil {
			return nil, core.E(core.Malformed, "read switches", err)
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return nil, core.E(core.Malformed, "read switches", err)
		}
		if p.OldEnded.IsZero() {
			all = append(all, p)
		}
	}
	return all, rows.Err()
}

// Forget removes the plan of a move that is gone.
func (b *Book) Forget(ctx context.Context, move string) error {
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM switches WHERE move=?`, move)
		return err
	})
}
