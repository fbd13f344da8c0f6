package logfile

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/store"
)

// Scope is the name of files' records in the book: the same log counts once, whether it
// was dropped on the window or lies in a watched folder.
const Scope = "file"

var migrations = []string{`
	CREATE TABLE file (print TEXT PRIMARY KEY, path TEXT NOT NULL, format TEXT NOT NULL, place INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
		size INTEGER NOT NULL, wrote INTEGER NOT NULL) STRICT, WITHOUT ROWID;
	CREATE TABLE folder (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID`,
	// moment is where the lines of the last moment begin, lines how many were read.
	`
	ALTER TABLE file ADD COLUMN moment INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE file ADD COLUMN lines INTEGER NOT NULL DEFAULT 0;
	CREATE TABLE waiting (format TEXT NOT NULL, key TEXT NOT NULL, nth INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (format, key)) STRICT, WITHOUT ROWID`,
}

// Reader reads files into a book and remembers how far it got in each.
type Reader struct {
	book *records.Book
	zone *time.Location
	db   *store.DB
}

// Open opens a reader that keeps its account in the book's folder. zone is that of
// times that tell none.
func Open(ctx context.Context, book *records.Book, zone *time.Location) (*Reader, error) {
	db, err := store.Open(ctx, filepath.Join(book.Dir(), "files.db"), migrations, store.Small(1, 500, 500))
	if err != nil {
		return nil, err
	}
	return &Reader{book: book, zone: zone, db: db}, nil
}

// Close closes the account.
func (r *Reader) Close() error { return r.db.Close() }

// Result is what came of reading a file.
type Result struct {
	Path   string
	Format Format      // what wrote most of it
	Kinds  []logs.Kind // of which it tells
	Lines  int         // that were read now
	Useful int         // of these, with a record in them
	Tally  records.Tally
	Bad    []records.BadLine // damaged or too long: the first hundred
	Wrong  int               // all of them
	Before int               // lines that were read before
	Half   bool              // the last line has no end yet: it is read when it has
	From   time.Time         // of the first record that was read now
	To     time.Time
	Known  bool // it was read before, and there is nothing new
}

// state is how far a file was read.
type state struct {
	place       int64
	moment      int64 // where the lines begin that have the same time as the last one
	lines       int   // before the place
	first, last time.Time
	size        int64
	wrote       time.Time
}

// File reads what is new in a file. Errors: not_found, read_only, malformed with
// "file"; unsupported where nothing in it is a log that is known.
func (r *Reader) File(ctx context.Context, path string, progress func(bytes, of int64)) (Result, error) {
	res := Result{Path: path}
	info, err := os.Stat(path)
	if err != nil {
		return res, core.E(core.NotFound, "read log", err, "file", path)
	}
	if info.Mode().IsRegular() && info.Size() == 0 { // rotated a moment ago
		res.Known = true
		return res, nil
	}
	print, head, err := fingerprint(path)
	if err != nil {
		return res, err
	}
	known, err := r.known(ctx, print)
	if err != nil {
		return res, err
	}
	if known.size == info.Size() && known.wrote.Equal(info.ModTime().Truncate(time.Millisecond)) {
		res.Known = true
		return res, nil
	}
	if res.Format, res.Kinds, err = detect(path); err != nil {
		return res, err
	}
	if res.Format == Unknown {
		return res, core.E(core.Unsupported, "read log", nil, "file", path, "problem", "format")
	}
	s, err := openStream(path)
	if err != nil {
		return res, err
	}
	defer s.close()
	before := known.place
	res.Before = known.lines
	on := &reading{r: r, s: s, known: &known, res: &res, progress: progress}
	if err := on.read(ctx, head); err != nil {
		if known.place > before { // the next time goes on from here
			known.size = 0
			noted := r.account(context.WithoutCancel(ctx), print, &res, known, on.p)
			if err = errors.Join(err, noted); ctx.Err() != nil {
				err = errors.Join(ctx.Err(), noted)
			}
		}
		return res, err
	}
	known.size, known.wrote = info.Size(), info.ModTime()
	return res, r.account(ctx, print, &res, known, on.p)
}

const recordsAtOnce = 2000

func (res *Result) seen(found []logs.Record) {
	for i := range found {
		if at := found[i].At; res.From.IsZero() || at.Before(res.From) {
			res.From = at
		}
		if at := found[i].At; at.After(res.To) {
			res.To = at
		}
	}
}

func (r *Reader) known(ctx context.Context, print string) (s state, err error) {
	if print == "" {
		return s, nil
	}
	var first, last, wrote int64
	err = r.db.R.QueryRowContext(ctx, `SELECT place, moment, lines, first, last, size, wrote FROM file WHERE print=?`, print).
		Scan(&s.place, &s.moment, &s.lines, &first, &last, &s.size, &wrote)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	s.first, s.last, s.wrote = store.Time(first), store.Time(last), store.Time(wrote)
	return s, err
}

// apart is how long the pause between two files of one log may be: rotating takes a
// moment, and a small server may be silent for a while.
const apart = time.Hour

// account notes how far a file was read and which time it covers.
func (r *Reader) account(ctx context.Context, print string, res *Result, s state, p parser) error {
	if s.first.IsZero() || !res.From.IsZero() && res.From.Before(s.first) {
		s.first = res.From
	}
	if res.To.After(s.last) {
		s.last = res.To
	}
	if !s.first.IsZero() {
		span := records.Span{From: s.first, To: s.last.Add(time.Millisecond)}
		var before sql.NullInt64
		if err := r.db.R.QueryRowContext(ctx, `SELECT max(last) FROM file WHERE format=? AND last<=? AND last>=?`,
			res.Format, store.Millis(s.first), store.Millis(s.first.Add(-apart))).Scan(&before); err != nil {
			return core.E(core.Internal, "note file", err)
		}
		if before.Valid {
			span.From = store.Time(before.Int64)
		}
		for _, k := range res.Kinds {
			if err := r.book.Covered(ctx, Scope, k, span, time.Time{}); err != nil {
				return err
			}
		}
	}
	return r.db.Write(ctx, func(tx *sql.Tx) error {
		if err := keepWaiting(ctx, tx, res.Format, p.waiting()); err != nil || print == "" {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO file (print, path, format, place, first, last, size, wrote, moment, lines) VALUES (?,?,?,?,?,?,?,?,?,?)
			ON CONFLICT (print) DO UPDATE SET path=excluded.path, format=excluded.format, place=excluded.place, first=excluded.first, last=excluded.last,
			size=excluded.size, wrote=excluded.wrote, moment=excluded.moment, lines=excluded.lines`,
			print, res.Path, res.Format, s.place, store.Millis(s.first), store.Millis(s.last), s.size, store.Millis(s.wrote), s.moment, s.lines)
		return err
	})
}

// mostFiles is how many files of a folder are looked at.
const mostFiles = 2000

// Folder reads what is new in all logs of a folder, the oldest first, not in folders
// within it. A file that cannot be read is in failed and stops nothing.
func (r *Reader) Folder(ctx context.Context, dir string) (done []Result, failed []error, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, core.E(core.NotFound, "read folder", err, "path", dir)
	}
	type file struct {
		path  string
		wrote time.Time
	}
	var files []file
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		files = append(files, file{filepath.Join(dir, e.Name()), info.ModTime()})
	}
	sort.Slice(files, func(i, j int) bool { return files[i].wrote.Before(files[j].wrote) })
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = f.path
	}
	for _, path := range OldestFirst(paths[max(len(paths)-mostFiles, 0):]) {
		res, err := r.File(ctx, path, nil)
		switch {
		case ctx.Err() != nil:
			return done, failed, ctx.Err()
		case core.CodeOf(err) == core.Unsupported: // not a log
		case err != nil:
			failed = append(failed, err)
		default:
			done = append(done, res)
		}
	}
	return done, failed, nil
}

// Watched lists the folders that are looked at by themselves.
func (r *Reader) Watched(ctx context.Context) ([]string, error) {
	rows, err := r.db.R.QueryContext(ctx, `SELECT path FROM folder ORDER BY path`)
	if err != nil {
		return nil, core.E(core.Internal, "list folders", err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// Watch adds a folder to those that are looked at, or takes it out.
func (r *Reader) Watch(ctx context.Context, dir string, on bool) error {
	dir = filepath.Clean(dir)
	if info, err := os.Stat(dir); on && (err != nil || !info.IsDir()) {
		return core.E(core.NotFound, "watch folder", err, "path", dir)
	}
	return r.db.Write(ctx, func(tx *sql.Tx) error {
		q := `INSERT INTO folder VALUES (?) ON CONFLICT DO NOTHING`
		if !on {
			q = `DELETE FROM folder WHERE path=?`
		}
		_, err := tx.ExecContext(ctx, q, dir)
		return err
	})
}
