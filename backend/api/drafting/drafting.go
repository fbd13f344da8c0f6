// Package drafting keeps the moves that are still being put together, so that they
// can be left and found again. A draft is the page's own document; this package knows
// of it what a list shows, and which passwords it needs.
//
// It leaves out what the document says: the move is checked when it is made (package
// moving). No password is in it, only handles of the vault.
package drafting

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"strconv"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// Bounds on drafts.
const (
	MaxDocument = 16 << 20 // bytes; 5,000 people take about 4 MB
	MaxDrafts   = 200
	maxSteps    = 20
	maxID       = 64
)

// File is the name of the file within the data folder.
const File = "drafts.db"

var migrations = []string{`
CREATE TABLE drafts (
  id TEXT NOT NULL PRIMARY KEY,
  updated INTEGER NOT NULL,
  head TEXT NOT NULL,    -- JSON of Head
  handles TEXT NOT NULL, -- JSON list
  document TEXT NOT NULL
) STRICT`}

// Head is what a list shows of a draft.
type Head struct {
	ID      string    `json:"id"`
	Move    string    `json:"move,omitempty"` // of the move that it has become or changes
	Step    int       `json:"step"`           // 1-based
	Steps   int       `json:"steps"`
	Title   string    `json:"title,omitempty"`
	People  int       `json:"people"`
	Updated time.Time `json:"-"`
}

// Draft is a draft with its document, which is a JSON object.
type Draft struct {
	Head
	Handles  []string // of the vault, that the document names
	Document string
}

// Book holds all drafts. It is safe for concurrent use.
type Book struct{ db *store.DB }

// Open opens or makes the file in a data folder. Errors as [store.Open].
func Open(ctx context.Context, dir string) (*Book, error) {
	db, err := store.Open(ctx, filepath.Join(dir, File), migrations)
	if err != nil {
		return nil, err
	}
	return &Book{db: db}, nil
}

// Close releases the file.
func (b *Book) Close() error { return b.db.Close() }

// Save writes a draft, replacing what stood under its ID. Errors: invalid with the
// argument field, too_big, conflict when there are too many drafts.
func (b *Book) Save(ctx context.Context, d Draft) (Head, error) {
	if err := check(&d); err != nil {
		return Head{}, err
	}
	d.Updated = time.UnixMilli(time.Now().UnixMilli())
	head, err1 := json.Marshal(d.Head)
	handles, err2 := json.Marshal(d.Handles)
	if err := errors.Join(err1, err2); err != nil {
		return Head{}, core.E(core.Internal, "save draft", err)
	}
	return d.Head, b.db.Write(ctx, func(tx *sql.Tx) error {
		var others int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM drafts WHERE id<>?`, d.ID).Scan(&others); err != nil {
			return err
		}
		if others >= MaxDrafts {
			return core.E(core.Conflict, "save draft", nil, "limit", strconv.Itoa(MaxDrafts))
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO drafts VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET
			updated=excluded.updated, head=excluded.head, handles=excluded.handles, document=excluded.document`,
			d.ID, store.Millis(d.Updated), string(head), string(handles), d.Document)
		return err
	})
}

func check(d *Draft) error {
	switch {
	case d.ID == "" || len(d.ID) > maxID:
		return core.E(core.Invalid, "save draft", nil, "field", "id", "reason", "malformed")
	case d.Step < 1 || d.Steps < d.Step || d.Steps > maxSteps:
		return core.E(core.Invalid, "save draft", nil, "field", "step", "reason", "malformed")
	case d.People < 0 || len(d.Title) > 1000 || len(d.Move) > maxID:
		return core.E(core.Invalid, "save draft", nil, "field", "title", "reason", "malformed")
	case len(d.Document) > MaxDocument:
		return core.E(core.TooBig, "save draft", nil, "limit", strconv.Itoa(MaxDocument))
	case d.Document == "" || d.Document[0] != '{' || !json.Valid([]byte(d.Document)):
		return core.E(core.Invalid, "save draft", nil, "field", "document", "reason", "malformed")
	}
	return nil
}

// List tells all drafts, the latest first.
func (b *Book) List(ctx context.Context) (all []Head, err error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT head, updated FROM drafts ORDER BY updated DESC, id`)
	if err != nil {
		return nil, core.E(core.Internal, "list drafts", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var head string
		var updated int64
		if err := rows.Scan(&head, &updated); err != nil {
			return nil, core.E(core.Malformed, "list drafts", err)
		}
		var h Head
		if err := json.Unmarshal([]byte(head), &h); err != nil {
			return nil, core.E(core.Malformed, "list drafts", err)
		}
		h.Updated = store.Time(updated)
		all = append(all, h)
	}
	return all, rows.Err()
}

// Get reads one draft; not_found if there is none.
func (b *Book) Get(ctx context.Context, id string) (Draft, error) {
	var d Draft
	var head, handles string
	var updated int64
	err := b.db.R.QueryRowContext(ctx, `SELECT head, updated, handles, document FROM drafts WHERE id=?`, id).Scan(&head, &updated, &handles, &d.Document)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Draft{}, core.E(core.NotFound, "read draft", nil, "id", id)
	case err != nil:
		return Draft{}, core.E(core.Internal, "read draft", err)
	}
	if err := errors.Join(json.Unmarshal([]byte(head), &d.Head), json.Unmarshal([]byte(handles), &d.Handles)); err != nil {
		return Draft{}, core.E(core.Malformed, "read draft", err)
	}
	d.Updated = store.Time(updated)
	return d, nil
}

// Remove forgets a draft; that there is none is no error.
func (b *Book) Remove(ctx context.Context, id string) error {
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM drafts WHERE id=?`, id)
		return err
	})
}

// Handles lists the passwords that drafts still need.
func (b *Book) Handles(ctx context.Context) (all []string, err error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT h.value FROM drafts, json_each(drafts.handles) h`)
	if err != nil {
		return nil, core.E(core.Internal, "list passwords of drafts", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var handle string
		if err := rows.Scan(&handle); err != nil {
			return nil, core.E(core.Malformed, "list passwords of drafts", err)
		}
		all = append(all, handle)
	}
	return all, rows.Err()
}
