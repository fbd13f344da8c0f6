package records

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records/query"
	"mailroom/backend/store"
)

// Saved is a search that is kept under a name.
type Saved struct {
	ID       string
	Name     string
	Question string // in the language
	Made     time.Time
}

// mostSaved bounds the list.
const mostSaved = 200

// SavedSearches lists the searches that are kept, by name.
func (b *Book) SavedSearches(ctx context.Context) ([]Saved, error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT id, name, question, made FROM saved ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list searches: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var all []Saved
	for rows.Next() {
		var s Saved
		var made int64
		if err := rows.Scan(&s.ID, &s.Name, &s.Question, &made); err != nil {
			return nil, err
		}
		s.Made = store.Time(made)
		all = append(all, s)
	}
	return all, rows.Err()
}

// Save keeps a search; one with the same name is replaced. Errors: invalid with
// "field" name or question, or those of [query.Parse].
func (b *Book) Save(ctx context.Context, name, question string) error {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 200 {
		return core.E(core.Invalid, "save search", nil, "field", "name")
	}
	if _, err := query.Parse(question, b.Zone()); err != nil {
		return err
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM saved WHERE name<>?`, name).Scan(&n); err != nil {
			return err
		}
		if n >= mostSaved {
			return core.E(core.Invalid, "save search", nil, "field", "name", "problem", "many")
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO saved (name, question, made) VALUES (?,?,?) ON CONFLICT (name) DO UPDATE SET question=excluded.question, made=excluded.made`,
			name, question, store.Millis(time.Now()))
		return err
	})
}

// Rename gives a kept search another name. Errors: not_found; invalid with "field" name
// where it is empty, too long, or that of another search ("problem" taken).
func (b *Book) Rename(ctx context.Context, id, name string) error {
	name = strings.TrimSpace(name)
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return core.E(core.NotFound, "rename search", err)
	}
	if name == "" || len(name) > 200 {
		return core.E(core.Invalid, "rename search", nil, "field", "name")
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		var taken int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM saved WHERE name=? AND id<>?`, name, n).Scan(&taken); err != nil {
			return err
		}
		if taken > 0 {
			return core.E(core.Invalid, "rename search", nil, "field", "name", "problem", "taken")
		}
		done, err := tx.ExecContext(ctx, `UPDATE saved SET name=? WHERE id=?`, name, n)
		if err != nil {
			return err
		}
		if rows, err := done.RowsAffected(); err == nil && rows == 0 {
			return core.E(core.NotFound, "rename search", nil)
		}
		return nil
	})
}

// Unsave forgets a search.
func (b *Book) Unsave(ctx context.Context, id string) error {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return core.E(core.NotFound, "forget search", err)
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM saved WHERE id=?`, n)
		return err
	})
}

// Setting reads a setting of the book into v, which stays as it is where there is none.
func (b *Book) Setting(ctx context.Context, name string, v any) error {
	var text string
	err := b.db.R.QueryRowContext(ctx, `SELECT value FROM setting WHERE name=?`, name).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read setting: %w", err)
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return core.E(core.Malformed, "read setting", err, "setting", name)
	}
	return nil
}

// SetSetting keeps a setting of the book.
func (b *Book) SetSetting(ctx context.Context, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return core.E(core.Internal, "write setting", err)
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO setting VALUES (?,?) ON CONFLICT (name) DO UPDATE SET value=excluded.value`, name, string(text))
		return err
	})
}

// Dismiss notes that a finding is a false alarm, or takes that back.
func (b *Book) Dismiss(ctx context.Context, finding string, on bool) error {
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		if !on {
			_, err := tx.ExecContext(ctx, `DELETE FROM dismissed WHERE finding=?`, finding)
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO dismissed VALUES (?,?) ON CONFLICT DO NOTHING`, finding, store.Millis(time.Now()))
		return err
	})
}

// Dismissed tells which findings are false alarms.
func (b *Book) Dismissed(ctx context.Context) (map[string]bool, error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT finding FROM dismissed`)
	if err != nil {
		return nil, fmt.Errorf("read dismissed: %w", err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]bool{}
	for rows.Next() {
		var f string
		if err := rows.Scan(&f); err != nil {
			return nil, err
		}
		all[f] = true
	}
	return all, rows.Err()
}
