// Package records is the office's book of records: what its provider and its servers
// told, kept on this computer in a file per month, found in a moment and summed by day.
// Around it lie the parts that fill it and read it: intake asks sources, logfile reads
// files of servers, lookup answers questions in everyday words, judge points at what is
// unusual, vault of months (archive) keeps them beyond doubt.
//
// It leaves out how a vendor is asked (backend/provider), what this program itself did
// (backend/audit) and sentences for people.
package records

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records/month"
	"mailroom/backend/store"
)

var migrations = []string{`
	CREATE TABLE source (id INTEGER PRIMARY KEY, scope TEXT NOT NULL UNIQUE) STRICT;
	CREATE TABLE saved (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, question TEXT NOT NULL, made INTEGER NOT NULL) STRICT`, `
	CREATE TABLE cover (source INTEGER NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
	CREATE INDEX cover_of ON cover (source, kind);
	CREATE TABLE tip (source INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, asked INTEGER NOT NULL, PRIMARY KEY (source, kind)) STRICT, WITHOUT ROWID;
	CREATE TABLE lost (source INTEGER NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, until INTEGER NOT NULL, why TEXT NOT NULL, code TEXT NOT NULL) STRICT;
	CREATE TABLE part (source INTEGER NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, until INTEGER NOT NULL, person TEXT NOT NULL,
		PRIMARY KEY (source, kind, first, until, person)) STRICT, WITHOUT ROWID;
	CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`,
	`CREATE TABLE dismissed (finding TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
	`ALTER TABLE lost ADD COLUMN kept INTEGER NOT NULL DEFAULT 0`,
}

// Book is the open book of one office. Its methods may be used from several goroutines.
type Book struct {
	dir  string
	zone atomic.Pointer[time.Location]
	db   *store.DB

	batch int // records in one transaction

	beside  sync.WaitGroup // batches that are being written
	writing sync.Mutex     // one adds at a time
	wrote   string         // the month that was added to last

	mu      sync.Mutex
	months  map[string]*shelved
	sources map[string]uint32
	closed  bool
}

// shelved is an open month and who uses it.
type shelved struct {
	m       *month.Month
	users   int
	lastUse time.Time
}

// mostOpen is how many months stay open: more than two years, so that a question over
// all of them opens each once.
const mostOpen = 30

// Open opens or makes the book in a folder. Its zone is kept in it: usual is that of a book
// that has none yet, see [Book.Zone]. Errors are those of [store.Open], and malformed where
// the zone that it names is none.
func Open(ctx context.Context, dir string, usual *time.Location) (*Book, error) {
	db, err := store.Open(ctx, filepath.Join(dir, "book.db"), migrations)
	if err != nil {
		return nil, err
	}
	b := &Book{dir: dir, db: db, batch: batch, months: map[string]*shelved{}, sources: map[string]uint32{}}
	if err := b.openZone(ctx, usual); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := b.believe(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// Dir is the folder.
func (b *Book) Dir() string { return b.dir }

// Close closes all files, when what is being written is written.
func (b *Book) Close() error {
	b.beside.Wait()
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs []error
	for _, s := range b.months {
		errs = append(errs, s.m.Close())
	}
	b.months, b.closed = map[string]*shelved{}, true
	return errors.Join(append(errs, b.db.Close())...)
}

const suffix = ".db"

// Months lists the months of which there are records, the newest first: "2026-11".
func (b *Book) Months() ([]string, error) {
	files, err := os.ReadDir(b.dir)
	if err != nil {
		return nil, core.E(core.ReadOnly, "list months", err, "path", b.dir)
	}
	var names []string
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), suffix)
		if _, err := time.Parse("2006-01", name); err == nil && name+suffix == f.Name() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names, nil
}

// use opens a month, or takes the open one, until done is called.
func (b *Book) use(ctx context.Context, name string) (m *month.Month, done func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, nil, core.E(core.Canceled, "use month", nil)
	}
	s := b.months[name]
	if s == nil {
		opened, err := month.Open(ctx, filepath.Join(b.dir, name+suffix), b.Zone())
		if err != nil {
			return nil, nil, err
		}
		s = &shelved{m: opened}
		b.months[name] = s
	}
	s.users++
	s.lastUse = time.Now()
	b.shut()
	return s.m, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		s.users--
	}, nil
}

// shut closes the months that were not used for longest when too many are open.
func (b *Book) shut() {
	for len(b.months) > mostOpen {
		oldest := ""
		for name, s := range b.months {
			if s.users == 0 && (oldest == "" || s.lastUse.Before(b.months[oldest].lastUse)) {
				oldest = name
			}
		}
		if oldest == "" {
			return
		}
		_ = b.months[oldest].m.Close()
		delete(b.months, oldest)
	}
}

// Source returns the number under which records of a scope are kept; see
// [logs.KeyOf].
func (b *Book) Source(ctx context.Context, scope string) (uint32, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id, ok := b.sources[scope]; ok {
		return id, nil
	}
	var id uint32
	err := b.db.W.QueryRowContext(ctx, `INSERT INTO source (scope) VALUES (?) ON CONFLICT (scope) DO UPDATE SET scope=excluded.scope RETURNING id`, scope).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("name source: %w", err)
	}
	b.sources[scope] = id
	return id, nil
}

// Scopes maps the numbers of sources to their names.
func (b *Book) Scopes(ctx context.Context) (map[uint32]string, error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT id, scope FROM source`)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	defer func() { _ = rows.Close() }()
	all := map[uint32]string{}
	for rows.Next() {
		var id uint32
		var scope string
		if err := rows.Scan(&id, &scope); err != nil {
			return nil, err
		}
		all[id] = scope
	}
	return all, rows.Err()
}
