package api

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"mailroom/backend/api/drafting"
	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/job"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/migrate/numbering"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/localbook"
	"mailroom/backend/secret"
	"mailroom/backend/store"
	"mailroom/backend/switchover"
)

// dataFile is the name of the program's own file within the data folder.
const dataFile = "mailroom.db"

// migrations of the data file, in order. A step that a release has shipped never
// changes; a new one is added at the end.
var migrations = []string{
	job.Schema,
	moving.Schema,
	`CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT`,
	moving.EventSchema,
}

// data is what lives in the data folder.
type data struct {
	db   *store.DB
	led  *ledger.Ledger
	nums *numbering.Book
	desk *moving.Desk

	record   *recorder
	invites  *inviteStore
	refusals *refusalBook

	drafts *drafting.Book

	house     *office.House
	contacts  *localbook.Shelf
	directory *directory.Store
	changes   *office.Desk
	fresh     chan struct{} // closed when directories are no longer read in the background

	switches *switchover.Book
	looking  chan struct{} // closed when nobody looks at switches any more

	settled  chan struct{} // closed when what was cut off has been let go on
	unsealed chan struct{} // closed when the vault is open or cannot be
	vault    *secret.Vault // valid after unsealed; nil: vaultErr says why
	vaultErr error

	apps sync.Mutex // held while the list of sign-in apps is changed
}

func openData(ctx context.Context, a *API) (_ *data, err error) {
	d := &data{}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close(ctx))
		}
	}()
	if d.db, err = store.Open(ctx, filepath.Join(a.cfg.DataDir, dataFile), migrations); err != nil {
		return nil, err
	}
	if d.led, err = ledger.Open(ctx, a.cfg.DataDir); err != nil {
		return nil, err
	}
	if d.nums, err = numbering.Open(ctx, a.cfg.DataDir); err != nil {
		return nil, err
	}
	if d.drafts, err = drafting.Open(ctx, a.cfg.DataDir); err != nil {
		return nil, err
	}
	if d.record, err = openRecorder(ctx, d, a.cfg.DataDir); err != nil {
		return nil, err
	}
	if d.invites, err = openInvites(ctx, a.cfg.DataDir); err != nil {
		return nil, err
	}
	if d.refusals, err = openRefusals(ctx, a.cfg.DataDir); err != nil {
		return nil, err
	}
	d.desk, err = moving.Open(ctx, d.db, d.led, a.connect, moving.Listener{
		Changed: func(seq int64, id string) {
			a.cfg.Desktop.Emit("move:changed", MoveChanged{Seq: seq, MoveID: id})
			d.record.hear(id)
		},
		Told:     func(e moving.Event) { a.cfg.Desktop.Emit("move:told", wireEvent(e)) },
		Progress: func(s moving.Snapshot) { a.cfg.Desktop.Emit("move:progress", wireProgress(s)) },
	})
	if err != nil {
		return nil, err
	}
	d.record.watch()
	if err := d.openOffices(ctx, a); err != nil {
		return nil, err
	}
	if d.switches, err = switchover.Open(ctx, a.cfg.DataDir); err != nil {
		return nil, err
	}
	d.looking = make(chan struct{})
	go func() {
		defer close(d.looking)
		a.switches.keepLooking(ctx, d)
	}()
	d.unsealed, d.settled = make(chan struct{}), make(chan struct{})
	go func() {
		defer close(d.settled)
		d.unseal(ctx, a.cfg.DataDir, a.cfg.Keychain)
		d.resume(ctx)
	}()
	return d, nil
}

// unseal opens the vault. The keychain may ask the person first, which can take
// minutes; archives and the practice office need no vault, so nothing else waits.
func (d *data) unseal(ctx context.Context, dir string, keychain secret.Keychain) {
	defer close(d.unsealed)
	if d.vault, d.vaultErr = secret.Open(ctx, dir, keychain); d.vaultErr != nil {
		slog.Error("the vault cannot be opened", "err", d.vaultErr)
		return
	}
	d.sweepSecrets(ctx)
}

func (d *data) close(ctx context.Context) error {
	var errs []error
	if d.looking != nil {
		<-d.looking
	}
	if d.settled != nil {
		<-d.settled // its context has ended
	}
	errs = append(errs, d.closeOffices(ctx))
	if d.desk != nil {
		errs = append(errs, d.desk.Close(ctx))
	}
	if d.invites != nil {
		errs = append(errs, d.invites.db.Close())
	}
	if d.refusals != nil {
		errs = append(errs, d.refusals.db.Close())
	}
	if d.record != nil {
		errs = append(errs, d.record.close())
	}
	if d.drafts != nil {
		errs = append(errs, d.drafts.Close())
	}
	if d.nums != nil {
		errs = append(errs, d.nums.Close())
	}
	if d.led != nil {
		errs = append(errs, d.led.Close())
	}
	if d.switches != nil {
		errs = append(errs, d.switches.Close())
	}
	if d.db != nil {
		errs = append(errs, d.db.Close())
	}
	return errors.Join(errs...)
}

// secretPrefix begins the names of the passwords that belong to moves.
const secretPrefix = "move/"

// sweepSecrets removes passwords that no move uses: those that a person typed
// before they changed their mind.
func (d *data) sweepSecrets(ctx context.Context) {
	ids, err := d.vault.List(ctx)
	if err != nil {
		slog.Warn("the vault's names cannot be read", "err", err)
		return
	}
	used, err := d.usedSecrets(ctx)
	if err != nil {
		slog.Warn("unused passwords stay for now", "err", err)
		return
	}
	for _, id := range ids {
		if strings.HasPrefix(id, secretPrefix) && !used[id] {
			if err := d.vault.Delete(ctx, id); err != nil {
				slog.Info("an unused password stays for now", "err", err)
				return // a locked vault: the next start tries again
			}
		}
	}
}

// sweepSecretsOf removes those passwords of a move that nothing uses any more.
func (d *data) sweepSecretsOf(ctx context.Context, v moving.View) {
	var handles []string
	for i := range v.Mailboxes {
		handles = append(handles, v.Mailboxes[i].From.Secret, v.Mailboxes[i].To.Secret)
	}
	d.forgetAll(ctx, handles)
}

// forgetAll removes passwords that nothing uses any more; what cannot be removed now
// is swept at the next start.
func (d *data) forgetAll(ctx context.Context, handles []string) {
	used, err := d.usedSecrets(ctx)
	if err != nil {
		slog.Info("unused passwords stay for now", "err", err)
		return
	}
	handles = slices.DeleteFunc(slices.Clone(handles), func(h string) bool { return h == "" || used[h] })
	if len(handles) == 0 {
		return
	}
	vault, err := d.openVault(ctx)
	if err == nil {
		err = vault.Delete(ctx, handles...)
	}
	if err != nil {
		slog.Info("unused passwords stay for now", "err", err)
	}
}

// usedSecrets are the passwords that moves, drafts, offices and their changes need.
func (d *data) usedSecrets(ctx context.Context) (map[string]bool, error) {
	used := map[string]bool{}
	handles, err := d.drafts.Handles(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := d.changes.Handles(ctx)
	if err != nil {
		return nil, err
	}
	for _, handle := range append(handles, kept...) {
		used[handle] = true
	}
	for _, m := range d.desk.List() {
		for i := range m.Mailboxes {
			used[m.Mailboxes[i].From.Secret], used[m.Mailboxes[i].To.Secret] = true, true
		}
	}
	return used, nil
}

// setting reads one setting into v and leaves v alone where there is none.
func (d *data) setting(ctx context.Context, name string, v any) error {
	var text string
	err := d.db.R.QueryRowContext(ctx, `SELECT value FROM settings WHERE name=?`, name).Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return core.E(core.Internal, "read settings", err)
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return core.E(core.Malformed, "read settings", err)
	}
	return nil
}

func (d *data) setSetting(ctx context.Context, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return core.E(core.Internal, "write settings", err)
	}
	return d.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO settings VALUES (?,?) ON CONFLICT DO UPDATE SET value=excluded.value`, name, string(text))
		return err
	})
}
