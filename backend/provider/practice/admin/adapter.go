package admin

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/past"
	"mailroom/backend/store"
)

// Adapter is one practice office. It is safe for concurrent use.
type Adapter struct {
	cfg  provider.Config
	now  func() time.Time
	pace *rate.Limiter
	page int

	mu     sync.Mutex
	file   *file
	past   *past.Source
	closed bool
}

// open checks the configuration; the file is opened at the first call.
func open(c provider.Config, now func() time.Time) (*Adapter, error) {
	if c.Dir == "" {
		return nil, core.E(core.Invalid, "open practice office", nil, "field", "dir", "reason", "missing")
	}
	a := &Adapter{cfg: c, now: now, page: number(c.Values[keyPage], 100)}
	calls := callsASecond[c.Values[keyPace]]
	if c.Pace > 0 {
		calls = c.Pace
	}
	if calls > 0 {
		a.pace = rate.NewLimiter(rate.Limit(calls), 1)
	}
	return a, nil
}

// turn waits until the office's pace allows a call, and ends with the context.
func (a *Adapter) turn(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return ended(ctx, op, err)
	}
	if a.pace == nil {
		return nil
	}
	place := a.pace.Reserve()
	d := place.Delay()
	if d <= 0 {
		return nil
	}
	wait := a.cfg.Wait
	if wait == nil {
		wait = pause
	}
	if err := wait(ctx, d); err != nil {
		place.Cancel()
		return ended(ctx, op, err)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func ended(ctx context.Context, op string, err error) error {
	if core.CodeOf(ctx.Err()) == core.Timeout {
		return core.E(core.Timeout, op, err)
	}
	return core.E(core.Canceled, op, err)
}

// Close gives the file back; calls after it end in internal.
func (a *Adapter) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	f := a.file
	a.file, a.closed = nil, true
	if f == nil {
		return nil
	}
	return f.release()
}

// db is the office's file, opened and filled at the first call.
func (a *Adapter) db(ctx context.Context) (*store.DB, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, core.E(core.Internal, "use practice office", errors.New("closed"))
	}
	if a.file == nil {
		f, err := share(ctx, filepath.Join(a.cfg.Dir, "practice.db"))
		if err != nil {
			return nil, err
		}
		err = f.fill(ctx, number(a.cfg.Values[keySize], 12), a.cfg.Domain)
		if err == nil {
			err = f.emptyTrash(ctx, a.now())
		}
		if err != nil {
			return nil, errors.Join(err, f.release())
		}
		a.file = f
	}
	return a.file.db, nil
}

// read runs f on the office as it is.
func (a *Adapter) read(ctx context.Context, op string, f func(*sql.Tx) error) error {
	return a.work(ctx, op, func(db *store.DB) error {
		tx, err := db.R.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		return errors.Join(f(tx), tx.Rollback())
	})
}

// write runs f as one change.
func (a *Adapter) write(ctx context.Context, op string, f func(*sql.Tx) error) error {
	return a.work(ctx, op, func(db *store.DB) error { return db.Write(ctx, f) })
}

func (a *Adapter) work(ctx context.Context, op string, f func(*store.DB) error) error {
	if err := a.turn(ctx, op); err != nil {
		return err
	}
	db, err := a.db(ctx)
	if err == nil {
		err = f(db)
	}
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ended(ctx, op, err)
	}
	if e, ok := errors.AsType[*core.Error](err); ok {
		return &core.Error{Code: e.Code, Op: op, Args: e.Args, Err: e.Err}
	}
	return core.E(core.Internal, op, err)
}

// file is an open office that several adapters of this process share: the file's lock
// would keep the second one out.
type file struct {
	db    *store.DB
	path  string
	users int
	once  sync.Mutex
}

var (
	shelfMu sync.Mutex
	shelf   = map[string]*file{}
)

func share(ctx context.Context, path string) (*file, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, core.E(core.Internal, "find practice office", err)
	}
	shelfMu.Lock()
	defer shelfMu.Unlock()
	if f := shelf[path]; f != nil {
		f.users++
		return f, nil
	}
	db, err := store.Open(ctx, path, migrations, store.Beside())
	if err != nil {
		return nil, err
	}
	f := &file{db: db, path: path, users: 1}
	shelf[path] = f
	return f, nil
}

func (f *file) release() error {
	shelfMu.Lock()
	defer shelfMu.Unlock()
	if f.users--; f.users > 0 {
		return nil
	}
	delete(shelf, f.path)
	return f.db.Close()
}

// Check proves that the office's file can be read.
func (a *Adapter) Check(ctx context.Context) error {
	return a.read(ctx, "check practice office", func(tx *sql.Tx) error {
		var n int
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM domain").Scan(&n)
	})
}

// Domains lists the office's domains, the main one first.
func (a *Adapter) Domains(ctx context.Context) (domains []provider.Domain, err error) {
	err = a.read(ctx, "list domains", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT name, alias, remark FROM domain ORDER BY place")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var d provider.Domain
			if err := rows.Scan(&d.Name, &d.Alias, &d.Remark); err != nil {
				return err
			}
			domains = append(domains, d)
		}
		return rows.Err()
	})
	return domains, err
}
