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
	"mailroom/backend/records/zone"
)

// mostFiles is how many files of a folder are looked at.
const mostFiles = 2000

// Folder reads what is new in all logs of a folder, the oldest first, not in folders
// within it. A file that cannot be read is in failed and stops nothing.
func (r *Reader) Folder(ctx context.Context, dir string) (done []Result, failed []error, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, core.E(core.NotFound, "read folder", err, "path", dir)
	}
	z, err := r.zoneOf(ctx, dir)
	if err != nil {
		return nil, nil, err
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
		res, err := r.file(ctx, path, z, false, nil)
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

// zoneOf is the zone of a watched folder's files; nil: the office's.
func (r *Reader) zoneOf(ctx context.Context, dir string) (*time.Location, error) {
	var name string
	err := r.db.R.QueryRowContext(ctx, `SELECT zone FROM folder WHERE path=?`, filepath.Clean(dir)).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) || err == nil && name == "" {
		return nil, nil
	}
	if err != nil {
		return nil, core.E(core.Internal, "read folder", err)
	}
	return zone.Load(name)
}

// Watched is a folder that is looked at by itself.
type Watched struct {
	Dir  string
	Zone string // of times that tell none; "" the office's
}

// Watched lists the folders that are looked at by themselves.
func (r *Reader) Watched(ctx context.Context) ([]Watched, error) {
	rows, err := r.db.R.QueryContext(ctx, `SELECT path, zone FROM folder ORDER BY path`)
	if err != nil {
		return nil, core.E(core.Internal, "list folders", err)
	}
	defer func() { _ = rows.Close() }()
	var all []Watched
	for rows.Next() {
		var w Watched
		if err := rows.Scan(&w.Dir, &w.Zone); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, rows.Err()
}

// Watch adds a folder to those that are looked at. z is the zone of times in its files that
// tell none; nil: the office's. Files of it that were read already keep theirs.
func (r *Reader) Watch(ctx context.Context, dir string, z *time.Location) error {
	dir = filepath.Clean(dir)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return core.E(core.NotFound, "watch folder", err, "path", dir)
	}
	name := ""
	if z != nil {
		name = zone.Kept(z).String()
	}
	return r.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO folder (path, zone) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET zone=excluded.zone`, dir, name)
		return err
	})
}

// Unwatch takes a folder out again.
func (r *Reader) Unwatch(ctx context.Context, dir string) error {
	return r.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM folder WHERE path=?`, filepath.Clean(dir))
		return err
	})
}
