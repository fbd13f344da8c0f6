package archive

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/gofrs/flock"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// layout is what differs between the kinds of archives.
type layout interface {
	// traits fills in what is particular to the kind.
	traits(*mailbox.Traits)
	// walk lists the folders on the disk.
	walk(context.Context) ([]place, error)
	// id makes the identity of a folder that does not exist yet.
	id(levels []string) (string, error)
	// create makes the folder of an identity that id could have made.
	create(id string) (place, error)
	// load fills a folder by way of archive.settle.
	load(context.Context, *folder) error
	// look completes an entry for a listing: size, date, flags.
	look(*folder, *entry) error
	// open opens one message; fs.ErrNotExist if it is gone.
	open(*folder, *entry) (*stored, error)
	// stage begins a batch. The folder's turn is not held.
	stage(context.Context, *folder) (stage, error)
	// flag makes changed flags last, in the index or in names. The turn is held.
	flag(*folder, []entry) error
	// remove deletes messages for good. The turn is held.
	remove(context.Context, *folder, []entry) error
}

// archive is an account; see [Open].
type archive struct {
	kind, key string
	dir       string // absolute
	state     string // folder of indexes and lock, relative to dir
	write     bool
	layout    layout

	mu       sync.Mutex // guards what follows
	sessions int
	root     *os.Root
	guard    *flock.Flock
	folders  map[string]*folder
	places   []place // nil: not walked yet
	subs     *subscriptions
	folds    bool // the disk takes names that differ only in case as one
	notes    []string
}

func (a *archive) Key() string { return a.key }

func (a *archive) Open(ctx context.Context) (mailbox.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sessions == 0 {
		if err := a.start(); err != nil {
			a.stop()
			return nil, err
		}
	}
	a.sessions++
	r := &reader{archive: a}
	if a.write {
		return &writer{reader: r}, nil
	}
	return r, nil
}

// start opens the root and, for a writer, takes the lock.
func (a *archive) start() (err error) {
	a.folders, a.places, a.subs = map[string]*folder{}, nil, nil
	if a.write {
		if err := os.MkdirAll(a.dir, 0o700); err != nil {
			return writeFailure("make archive", a.dir, err)
		}
	}
	if a.root, err = os.OpenRoot(a.dir); err != nil {
		return readFailure("open archive", a.dir, err)
	}
	if !a.write {
		return nil
	}
	if err := a.take(); err != nil {
		return err
	}
	if l, ok := a.layout.(interface{ recover() error }); ok {
		if err := l.recover(); err != nil {
			return err
		}
	}
	return a.makeInbox()
}

// makeInbox sees to it that a destination has an inbox, as every mailbox has.
func (a *archive) makeInbox() error {
	places, err := a.layout.walk(context.Background())
	if err != nil {
		return err
	}
	if slices.ContainsFunc(places, func(p place) bool { return p.role() == core.RoleInbox }) {
		return nil
	}
	id, err := a.layout.id([]string{"INBOX"})
	if err == nil {
		_, err = a.layout.create(id)
	}
	return writeFailure("make inbox", a.dir, err)
}

// take makes the state folder and locks it.
func (a *archive) take() error {
	if err := a.makeDir(path.Join(a.state, "tmp")); err != nil {
		return err
	}
	lock := filepath.Join(a.dir, a.state, "lock")
	if info, err := a.root.Lstat(a.state); err != nil || !info.IsDir() {
		return core.E(core.Conflict, "lock archive", err, "path", filepath.Join(a.dir, a.state))
	}
	a.guard = flock.New(lock, flock.SetPermissions(0o600))
	ok, err := a.guard.TryLock()
	if err != nil {
		return writeFailure("lock archive", lock, err)
	}
	if !ok {
		a.guard = nil
		return core.E(core.InUse, "lock archive", nil, "path", a.dir)
	}
	_, err = a.root.Stat(path.Join(a.state, "LOCK"))
	a.folds = err == nil
	return nil
}

func (a *archive) makeDir(dir string) error {
	if err := a.root.MkdirAll(filepath.FromSlash(dir), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return writeFailure("make folder", filepath.Join(a.dir, dir), err)
	}
	return nil
}

// leave ends one session; the last one frees everything.
func (a *archive) leave() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sessions--; a.sessions > 0 {
		return nil
	}
	return a.stop()
}

func (a *archive) stop() error {
	var errs []error
	for _, f := range a.folders {
		if f.log != nil {
			errs = append(errs, f.log.close())
		}
	}
	if c, ok := a.layout.(io.Closer); ok {
		errs = append(errs, c.Close())
	}
	if a.guard != nil {
		errs = append(errs, a.guard.Unlock())
	}
	if a.root != nil {
		errs = append(errs, a.root.Close())
	}
	a.folders, a.root, a.guard = nil, nil, nil
	return errors.Join(errs...)
}

// list returns the folders, from the disk again if fresh.
func (a *archive) list(ctx context.Context, fresh bool) ([]place, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.places == nil || fresh {
		places, err := a.layout.walk(ctx)
		if err != nil {
			return nil, err
		}
		a.places = places
	}
	return a.places, nil
}

// folder opens a folder; only identities that a walk has met are known, so that no
// name leads out of the archive.
func (a *archive) folder(ctx context.Context, id string) (*folder, error) {
	f, err := a.known(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := f.lock(ctx); err != nil {
		return nil, err
	}
	defer f.unlock()
	if f.loaded {
		return f, nil
	}
	return f, a.layout.load(ctx, f)
}

func (a *archive) known(ctx context.Context, id string) (*folder, error) {
	for _, fresh := range []bool{false, true} {
		places, err := a.list(ctx, fresh)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(places, func(p place) bool { return p.id == id && p.selectable })
		if i < 0 {
			continue
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		f := a.folders[id]
		if f == nil {
			f = newFolder(places[i], a.state)
			a.folders[id] = f
		}
		return f, nil
	}
	return nil, core.E(core.NotFound, "open folder", nil, "folder", legible(id))
}

// note remembers something odd for the report, once.
func (a *archive) note(s string) {
	if len(a.notes) < 100 && !slices.Contains(a.notes, s) {
		a.notes = append(a.notes, s)
	}
}
