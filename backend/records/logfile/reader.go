package logfile

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/zone"
	"mailroom/backend/store"
)

// Scope is the name of files' records in the book: the same log counts once, whether it
// was dropped on the window or lies in a watched folder.
const Scope = records.FileScope

var migrations = []string{`
	CREATE TABLE file (print TEXT PRIMARY KEY, path TEXT NOT NULL, format TEXT NOT NULL, place INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
		size INTEGER NOT NULL, wrote INTEGER NOT NULL) STRICT, WITHOUT ROWID;
	CREATE TABLE folder (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID`,
	// moment is where the lines of the last moment begin, lines how many were read.
	`
	ALTER TABLE file ADD COLUMN moment INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE file ADD COLUMN lines INTEGER NOT NULL DEFAULT 0;
	CREATE TABLE waiting (format TEXT NOT NULL, key TEXT NOT NULL, nth INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (format, key)) STRICT, WITHOUT ROWID`,
	// zone is that of times that tell none; "" the office's.
	`
	ALTER TABLE file ADD COLUMN zone TEXT NOT NULL DEFAULT '';
	ALTER TABLE folder ADD COLUMN zone TEXT NOT NULL DEFAULT ''`,
}

// Reader reads files into a book and remembers how far it got in each.
type Reader struct {
	book *records.Book
	db   *store.DB
}

// Open opens a reader that keeps its account in the book's folder. Times that tell no zone
// are taken for the office's, unless a file or a folder has one of its own.
func Open(ctx context.Context, book *records.Book) (*Reader, error) {
	db, err := store.Open(ctx, filepath.Join(book.Dir(), "files.db"), migrations, store.Small(1, 500, 500))
	if err != nil {
		return nil, err
	}
	return &Reader{book: book, db: db}, nil
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
	zone        *time.Location // of times that tell none; nil: it was read before files had zones
}

// File reads what is new in a file, as [Reader.FileIn] does in the zone that the file has, or
// the office.
func (r *Reader) File(ctx context.Context, path string, progress func(bytes, of int64)) (Result, error) {
	return r.FileIn(ctx, path, nil, progress)
}

// FileIn reads what is new in a file whose times are those of a zone, where they tell none. A
// file keeps the zone in which it was read first: in another one all of it would come twice.
// Errors: not_found, read_only, malformed with "file"; unsupported where nothing in it is a
// log that is known; conflict with "file" and "zone", the one that it has.
func (r *Reader) FileIn(ctx context.Context, path string, z *time.Location, progress func(bytes, of int64)) (Result, error) {
	return r.file(ctx, path, z, true, progress)
}

// file reads a file; must says that it is an error where it has another zone.
func (r *Reader) file(ctx context.Context, path string, z *time.Location, must bool, progress func(bytes, of int64)) (Result, error) {
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
	if err := known.settle(path, z, r.book.Zone()); must && err != nil {
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

// settle finds the zone of a file: the one that it was read in, else that which is named, else
// the office's.
func (s *state) settle(path string, named, office *time.Location) error {
	switch {
	case s.zone == nil && named != nil:
		s.zone = zone.Kept(named)
	case s.zone == nil:
		s.zone = office
	case named != nil && zone.Kept(named).String() != s.zone.String():
		return core.E(core.Conflict, "read log", nil, "file", path, "problem", "file_zone", "zone", s.zone.String())
	}
	return nil
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
	var name string
	err = r.db.R.QueryRowContext(ctx, `SELECT place, moment, lines, first, last, size, wrote, zone FROM file WHERE print=?`, print).
		Scan(&s.place, &s.moment, &s.lines, &first, &last, &s.size, &wrote, &name)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	s.first, s.last, s.wrote = store.Time(first), store.Time(last), store.Time(wrote)
	if name != "" && err == nil {
		s.zone, err = zone.Load(name)
	}
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
		_, err := tx.ExecContext(ctx, `INSERT INTO file (print, path, format, place, first, last, size, wrote, moment, lines, zone) VALUES (?,?,?,?,?,?,?,?,?,?,?)
			ON CONFLICT (print) DO UPDATE SET path=excluded.path, format=excluded.format, place=excluded.place, first=excluded.first, last=excluded.last,
			size=excluded.size, wrote=excluded.wrote, moment=excluded.moment, lines=excluded.lines, zone=excluded.zone`,
			print, res.Path, res.Format, s.place, store.Millis(s.first), store.Millis(s.last), s.size, store.Millis(s.wrote), s.moment, s.lines, s.zone.String())
		return err
	})
}
