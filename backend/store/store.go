// Package store opens the SQLite files on this computer: one writer, a pool of
// readers, migrations by user_version, a lock against a second copy of the program.
//
// It leaves out the tables: each belongs to the package that uses it, which hands
// its migrations to [Open].
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"modernc.org/sqlite" // the driver, without CGO
	sqlite3 "modernc.org/sqlite/lib"

	"mailroom/backend/core"
)

// DB is an open database file. W has one connection, whose transactions take the
// write lock at once; R has several and refuses to write.
type DB struct {
	W, R *sql.DB
	path string
	lock *flock.Flock
}

// Path is the file's path.
func (d *DB) Path() string { return d.path }

// Open opens or makes the file, locks it for this process and brings it up to the
// last of the migrations; the file's user_version is the number of migrations that
// it has seen. Before an existing file is migrated a dated copy is laid beside it.
// Errors: in_use, newer_data, read_only, disk_full, malformed; Args hold "path".
func Open(ctx context.Context, path string, migrations []string, options ...Option) (*DB, error) {
	o := settings{readers: 4}
	for _, set := range options {
		set(&o)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fileError("make data folder", filepath.Dir(path), err)
	}
	lock := flock.New(path + ".lock")
	if err := take(ctx, lock, o.beside); err != nil {
		return nil, err
	}
	d := &DB{path: path, lock: lock}
	err := d.open(ctx, migrations, o)
	if err == nil && o.beside {
		err = lock.Unlock()
	}
	if err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

// patience is how long a second program waits while another opens a file that both may
// have.
const patience = 10 * time.Second

// take takes the file's lock; where others may have the file too it waits its turn.
func take(ctx context.Context, lock *flock.Flock, wait bool) error {
	held, err := lock.TryLock()
	if wait && err == nil && !held {
		waiting, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if held, err = lock.TryLockContext(waiting, 20*time.Millisecond); errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			err = nil
		}
	}
	if err != nil {
		return fileError("lock", lock.Path(), err)
	}
	if !held {
		path := strings.TrimSuffix(lock.Path(), ".lock")
		return core.E(core.InUse, "lock "+path, nil, "path", path)
	}
	return nil
}

// Option changes how a file is opened.
type Option func(*settings)

type settings struct {
	readers, writerKiB, readerKiB int
	page                          int
	beside, durable               bool
}

// Beside opens a file that several programs of this computer may have open at once: the
// lock is held only while the file is opened and brought up to date. Whoever uses it
// keeps in memory only what another program may make old.
func Beside() Option { return func(s *settings) { s.beside = true } }

// Durable makes every transaction last before it is told as written, a power cut
// included: for what says that something was asked of somebody else. Without it a power
// cut may lose the last ones, never a part of one.
func Durable() Option { return func(s *settings) { s.durable = true } }

// Small bounds the memory of a file of which many are open at once: so many readers,
// and caches of so many KiB for the writer and for each reader. Without it there are
// four readers and SQLite's own 2 MiB for each.
func Small(readers, writerKiB, readerKiB int) Option {
	return func(o *settings) { o.readers, o.writerKiB, o.readerKiB = readers, writerKiB, readerKiB }
}

// Page gives a new file pages of so many bytes, a power of two from 512 to 65536: large
// ones suit a file of large blobs. An existing file keeps its own.
func Page(bytes int) Option {
	return func(o *settings) { o.page = bytes }
}

// cache is the pragma for a cache of so many KiB; "" SQLite's own.
func cache(kib int) string {
	if kib <= 0 {
		return ""
	}
	return fmt.Sprintf("&_pragma=cache_size(%d)", -kib)
}

func (d *DB) open(ctx context.Context, migrations []string, o settings) error {
	if err := writable(d.path); err != nil {
		return err
	}
	pragmas := "_pragma=busy_timeout(5000)"
	if o.page > 0 { // before anything is written
		pragmas += fmt.Sprintf("&_pragma=page_size(%d)", o.page)
	}
	lasting := "NORMAL"
	if o.durable {
		lasting = "FULL"
	}
	pragmas += "&_pragma=journal_mode(WAL)&_pragma=synchronous(" + lasting + ")&_pragma=foreign_keys(1)"
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(d.path)}).EscapedPath() + "?" + pragmas
	var err error
	if d.W, err = sql.Open("sqlite", dsn+"&_txlock=immediate"+cache(o.writerKiB)); err != nil {
		return fileError("open", d.path, err)
	}
	d.W.SetMaxOpenConns(1)
	if err := d.migrate(ctx, migrations); err != nil {
		return fileError("migrate", d.path, err)
	}
	if d.R, err = sql.Open("sqlite", dsn+"&_pragma=query_only(1)"+cache(o.readerKiB)); err != nil {
		return fileError("open", d.path, err)
	}
	d.R.SetMaxOpenConns(o.readers)
	return nil
}

// writable finds out before SQLite does, whose message names no path.
func writable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fileError("open", path, err)
	}
	return f.Close()
}

func (d *DB) migrate(ctx context.Context, migrations []string) error {
	var have int
	if err := d.W.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return err
	}
	switch {
	case have > len(migrations):
		return core.E(core.NewerData, "open "+d.path, nil, "path", d.path)
	case have == len(migrations):
		return nil
	case have > 0:
		backup := fmt.Sprintf("%s.v%d-%s.bak", d.path, have, time.Now().UTC().Format("20060102T150405"))
		if _, err := d.W.ExecContext(ctx, "VACUUM INTO ?", backup); err != nil {
			return fmt.Errorf("back up: %w", err)
		}
	}
	return d.Write(ctx, func(tx *sql.Tx) error {
		for _, step := range migrations[have:] {
			if _, err := tx.ExecContext(ctx, step); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version=%d", len(migrations)))
		return err
	})
}

// Write runs f in one transaction of the writer; an error of f rolls it back. Where ctx
// ends meanwhile nothing is written, and the error is canceled or timeout.
func (d *DB) Write(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := d.W.BeginTx(ctx, nil)
	if err != nil {
		return fileError("begin", d.path, ended(ctx, err))
	}
	if err := f(tx); err != nil {
		return fileError("write", d.path, ended(ctx, errors.Join(err, ignoreDone(tx.Rollback()))))
	}
	if err := tx.Commit(); err != nil {
		return fileError("commit", d.path, ended(ctx, err))
	}
	return nil
}

// ended puts the end of ctx in front of what it did to a transaction: database/sql rolls
// back behind our back then, and whoever comes later finds the transaction done, a
// statement interrupted, or no transaction at all. Troubles of the disk stay as they are.
func ended(ctx context.Context, err error) error {
	if ctx.Err() == nil || codeOf(err) != core.Internal {
		return err
	}
	if _, ok := errors.AsType[*core.Error](err); ok {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// Close closes the file and gives the lock back.
func (d *DB) Close() error {
	var errs []error
	for _, db := range []*sql.DB{d.R, d.W} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	errs = append(errs, d.lock.Close())
	return errors.Join(errs...)
}

// fileError gives a file trouble its code; an error that has one keeps it.
func fileError(op, path string, err error) error {
	if _, ok := errors.AsType[*core.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return core.E(codeOf(err), op+" "+path, err, "path", path)
}

func codeOf(err error) core.Code {
	result := 0
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		result = e.Code() & 0xff // the primary result code
	}
	switch {
	case result == sqlite3.SQLITE_FULL, errors.Is(err, syscall.ENOSPC):
		return core.DiskFull
	case result == sqlite3.SQLITE_READONLY, result == sqlite3.SQLITE_CANTOPEN, errors.Is(err, fs.ErrPermission),
		errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR):
		return core.ReadOnly
	case result == sqlite3.SQLITE_CORRUPT, result == sqlite3.SQLITE_NOTADB:
		return core.Malformed
	}
	return core.Internal
}
