package office

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"

	"mailroom/backend/core"
)

// turn is an office's turn: one run at a time, whichever program of this computer sends
// it. The window and verbs have the same files open.
type turn struct {
	sync.Mutex // held by the run that is at work

	lock  *flock.Flock
	users int // runs of this program that wait or work
}

// busy is what is answered while another program of this computer sends changes.
func busy(office string) error {
	return core.E(core.InUse, "run changes", nil, "reason", "other_program", "office", office)
}

// turnFile is locked by the program that sends changes to an office.
func (b *Book) turnFile(office string) string {
	sum := sha256.Sum256([]byte(office))
	return filepath.Join(filepath.Dir(b.db.Path()), "turns", hex.EncodeToString(sum[:8])+".lock")
}

// tryTurn locks an office for this program; nil where another one has it.
func (b *Book) tryTurn(office string) (*flock.Flock, error) {
	path := b.turnFile(office)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, core.E(core.ReadOnly, "lock office", err, "path", filepath.Dir(path))
	}
	lock := flock.New(path)
	held, err := lock.TryLock()
	if err != nil {
		return nil, core.E(core.ReadOnly, "lock office", err, "path", path)
	}
	if !held {
		return nil, nil
	}
	return lock, nil
}

// enter takes a place in an office's turn. Errors: in_use while another program sends
// changes to it.
func (d *Desk) enter(office string) (*turn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.turns[office]
	if t == nil {
		t = &turn{}
		d.turns[office] = t
	}
	if t.users == 0 {
		lock, err := d.cfg.House.Book().tryTurn(office)
		if err != nil {
			return nil, err
		}
		if lock == nil {
			return nil, busy(office)
		}
		t.lock = lock
	}
	t.users++
	return t, nil
}

// leave gives the place back.
func (d *Desk) leave(t *turn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t.users--; t.users == 0 {
		_ = t.lock.Close() // what was locked is gone with the program at the latest
		t.lock = nil
	}
}
