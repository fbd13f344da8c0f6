// Package directory keeps what was last read of an office: its people, departments,
// lists and shared contacts, in a file of its own, so that the pages show them at once
// and without a network. It notices what somebody else has changed at the provider.
//
// It leaves out when to read (the caller asks) and every change (backend/office).
package directory

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// File is the file's name within the data folder. It may be deleted: everything is read
// again.
const File = "directory.db"

var migrations = []string{`
CREATE TABLE office (
	id        TEXT    NOT NULL PRIMARY KEY,
	refreshed INTEGER NOT NULL, -- milliseconds; 0 never
	domains   TEXT    NOT NULL  -- JSON
) STRICT;
CREATE TABLE entry (
	office TEXT    NOT NULL,
	object TEXT    NOT NULL, -- person, department, list, contact, contactGroup
	id     TEXT    NOT NULL,
	ours   INTEGER NOT NULL, -- 1: changed by this program since the last reading
	record TEXT    NOT NULL, -- JSON
	PRIMARY KEY (office, object, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE news (
	seq    INTEGER PRIMARY KEY,
	office TEXT    NOT NULL,
	time   INTEGER NOT NULL,
	object TEXT    NOT NULL,
	id     TEXT    NOT NULL,
	label  TEXT    NOT NULL,
	what   TEXT    NOT NULL, -- added, changed, gone
	diffs  TEXT    NOT NULL, -- JSON
	seen   INTEGER NOT NULL
) STRICT;
CREATE INDEX news_office ON news (office, seq);
`}

// The objects of a directory.
const (
	person       = "person"
	department   = "department"
	list         = "list"
	contact      = "contact"
	contactGroup = "contactGroup"
	tag          = "tag"
)

// Store holds the directories of all offices. It is safe for concurrent use.
type Store struct {
	db *store.DB

	mu      sync.Mutex
	views   map[string]*View
	touched map[key]int64 // by a change of ours, and when: a reading that began before does not count
	ours    map[key]bool
	clock   int64
	busy    map[string]*sync.Mutex // one reading at a time for each office
}

type key struct{ office, object, id string }

// Open opens or makes the file in a folder. Errors: as those of [store.Open].
func Open(ctx context.Context, dir string) (*Store, error) {
	db, err := store.Open(ctx, filepath.Join(dir, File), migrations, store.Beside())
	if err != nil {
		return nil, err
	}
	return &Store{db: db, views: map[string]*View{}, touched: map[key]int64{}, ours: map[key]bool{}, busy: map[string]*sync.Mutex{}}, nil
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }

// View is the directory as it was last read; an empty one where it never was.
func (s *Store) View(ctx context.Context, office string) (*View, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.viewLocked(ctx, office)
}

func (s *Store) viewLocked(ctx context.Context, office string) (*View, error) {
	if v, ok := s.views[office]; ok {
		return v, nil
	}
	v, err := s.load(ctx, office)
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read directory", err)
	}
	s.views[office] = v
	return v, nil
}

func (s *Store) load(ctx context.Context, office string) (_ *View, err error) {
	v := &View{Office: office, Seq: 1, cache: &texts{}}
	var refreshed int64
	var domains string
	err = s.db.R.QueryRowContext(ctx, `SELECT refreshed, domains FROM office WHERE id=?`, office).Scan(&refreshed, &domains)
	if errors.Is(err, sql.ErrNoRows) {
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	v.Refreshed = store.Time(refreshed)
	if err := json.Unmarshal([]byte(domains), &v.Domains); err != nil {
		return nil, core.E(core.Malformed, "read domains", err)
	}
	if err := s.db.R.QueryRowContext(ctx, `SELECT count(*) FROM news WHERE office=? AND seen=0`, office).Scan(&v.Unseen); err != nil {
		return nil, err
	}
	rows, err := s.db.R.QueryContext(ctx, `SELECT object, id, ours, record FROM entry WHERE office=?`, office)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var record sql.RawBytes
	records := map[string][][]byte{}
	for rows.Next() {
		var object, id string
		var ours bool
		if err := rows.Scan(&object, &id, &ours, &record); err != nil {
			return nil, err
		}
		if ours {
			s.ours[key{office, object, id}] = true
		}
		records[object] = append(records[object], slices.Clone(record))
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	// Entries of other kinds are of a later program.
	if err := errors.Join(take(&v.People, records[person]), take(&v.Departments, records[department]), take(&v.Lists, records[list]),
		take(&v.Contacts, records[contact]), take(&v.Groups, records[contactGroup]), take(&v.Tags, records[tag])); err != nil {
		return nil, core.E(core.Malformed, "read directory", err)
	}
	v.order()
	return v, nil
}

// take reads entries of the file, on all processors: of 5,000 people this is most of
// what opening a directory takes.
func take[T any](to *[]T, records [][]byte) error {
	if len(records) == 0 {
		return nil
	}
	all := make([]T, len(records))
	share := len(records)/runtime.GOMAXPROCS(0) + 1
	var work errgroup.Group
	for from := 0; from < len(records); from += share {
		work.Go(func() error {
			for i := from; i < min(from+share, len(records)); i++ {
				if err := json.Unmarshal(records[i], &all[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	*to = all
	return work.Wait()
}

// Forget removes an office's directory.
func (s *Store) Forget(ctx context.Context, office string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.views, office)
	return s.db.Write(ctx, func(tx *sql.Tx) error {
		for _, act := range []string{`DELETE FROM office WHERE id=?`, `DELETE FROM entry WHERE office=?`, `DELETE FROM news WHERE office=?`} {
			if _, err := tx.ExecContext(ctx, act, office); err != nil {
				return err
			}
		}
		return nil
	})
}

// News is something that somebody else changed at the provider.
type News struct {
	Time   time.Time
	Object string // person, department, list, contact, contactGroup, tag
	ID     string
	Label  string
	What   string // added, changed, gone
	Diffs  []Diff
	Seen   bool
}

// maxNews bounds how much is remembered of each office.
const maxNews = 2_000

// News tells the last changes made elsewhere, the newest first, at most limit.
func (s *Store) News(ctx context.Context, office string, limit int) (all []News, err error) {
	rows, err := s.db.R.QueryContext(ctx, `SELECT time, object, id, label, what, diffs, seen FROM news WHERE office=? ORDER BY seq DESC LIMIT ?`,
		office, min(max(limit, 1), maxNews))
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read news", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var n News
		var at int64
		var diffs string
		if err := rows.Scan(&at, &n.Object, &n.ID, &n.Label, &n.What, &diffs, &n.Seen); err != nil {
			return nil, core.E(core.CodeOf(err), "read news", err)
		}
		n.Time = store.Time(at)
		if err := json.Unmarshal([]byte(diffs), &n.Diffs); err != nil {
			return nil, core.E(core.Malformed, "read news", err)
		}
		all = append(all, n)
	}
	return all, rows.Err()
}

// SeeNews marks what was told as looked at.
func (s *Store) SeeNews(ctx context.Context, office string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.viewLocked(ctx, office)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE news SET seen=1 WHERE office=? AND seen=0`, office)
		return err
	})
	if err == nil && v.Unseen > 0 {
		next := v.clone()
		next.Seq, next.Unseen = v.Seq+1, 0
		s.views[office] = next
	}
	return err
}

// record writes an entry for the file.
func record(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}
