package cli

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/adrg/xdg"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/localbook"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
	"mailroom/backend/store"
)

// officeFlags say which office a verb is about.
type officeFlags struct {
	Office string `placeholder:"NAME|FILE" required:"" help:"help_office"`
	State  string `placeholder:"DIR" help:"help_office_state"`
	JSON   bool   `name:"json" help:"help_json"`
}

// bureau is an office that a verb works with.
type bureau struct {
	r        *run
	office   office.Office
	house    *office.House
	store    *directory.Store
	contacts *localbook.Shelf
	desk     *office.Desk
	record   *store.DB
	secrets  *secrets
	live     *office.Live
	told     func(office.Run)
}

// bureau opens the office that the flags name: a file that describes it, or one that is
// stored. What belongs to an office of a file is kept in a folder of its own. The window
// may have a stored one open at the same time; the desk sees to it that only one of them
// sends changes.
func (f officeFlags) bureau(ctx context.Context, r *run) (*bureau, error) {
	state := dataFolder(r, f.State)
	if file, ok := officeFile(f.Office); ok {
		d, err := readOfficeFile(r, file)
		if err != nil {
			return nil, err
		}
		abs, err := filepath.Abs(file)
		if err != nil {
			return nil, core.E(core.Invalid, "office file", err, "file", file)
		}
		sum := sha256.Sum256([]byte(abs))
		d.office.ID = hex.EncodeToString(sum[:8])
		return openBureau(ctx, r, filepath.Join(state, "verbs", d.office.ID), &d)
	}
	b, err := openBureau(ctx, r, state, nil)
	if err != nil {
		return nil, err
	}
	if b.office, err = stored(ctx, b.house.Book(), f.Office); err != nil {
		return nil, errors.Join(err, b.close(ctx))
	}
	return b, nil
}

// officeFile says whether the flag names a file rather than a stored office.
func officeFile(name string) (string, bool) {
	if strings.EqualFold(filepath.Ext(name), ".json") || strings.ContainsRune(name, os.PathSeparator) {
		return name, true
	}
	info, err := os.Stat(name)
	return name, err == nil && !info.IsDir()
}

// dataFolder is where stored offices are.
func dataFolder(r *run, given string) string {
	if given != "" {
		return given
	}
	if dir := r.env.Getenv("MAILROOM_HOME"); dir != "" {
		return dir
	}
	return filepath.Join(xdg.DataHome, "mailroom")
}

// stored finds an office by its name, domain or ID.
func stored(ctx context.Context, book *office.Book, name string) (office.Office, error) {
	all, err := book.Offices(ctx)
	if err != nil {
		return office.Office{}, err
	}
	var found []office.Office
	for _, o := range all {
		if o.ID == name || strings.EqualFold(o.Name, name) || strings.EqualFold(o.Domain, name) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return office.Office{}, core.E(core.NotFound, "find office", nil, "problem", "no_office", "value", name)
	}
	return office.Office{}, core.E(core.Conflict, "find office", nil, "problem", "two_offices", "value", name)
}

// openBureau opens the files in a folder; described is the office of a file, nil for
// stored ones.
func openBureau(ctx context.Context, r *run, dir string, described *officeDescription) (*bureau, error) {
	b := &bureau{r: r, secrets: &secrets{r: r, dir: dir, held: map[string]secret.Value{}}}
	book, err := office.OpenBook(ctx, dir)
	if err != nil {
		return nil, err
	}
	registry := r.env.Adapters
	b.house = office.NewHouse(book, registry, b.secrets, filepath.Join(dir, "offices"), nil)
	if b.contacts, err = localbook.Open(ctx, dir); err == nil {
		b.house.KeepContacts(b.contacts)
		b.store, err = directory.Open(ctx, dir)
	}
	if err == nil {
		b.record, err = store.Open(ctx, filepath.Join(dir, "audit.db"), audit.Migrations, store.Beside())
	}
	if err == nil {
		log := audit.New(recordDB{b.record})
		b.desk, err = office.OpenDesk(ctx, office.DeskConfig{House: b.house, Directory: b.store, Told: b.tell, Forget: b.secrets.forget,
			Record: func(ctx context.Context, entries ...audit.Entry) {
				if _, err := log.Add(ctx, entries...); err != nil {
					r.log.Error("acts could not be recorded", "err", err)
				}
			}})
	}
	if err == nil && described != nil {
		b.office = described.office
		for field, value := range described.secrets {
			b.office.Secrets[field] = b.secrets.hold(value)
		}
		b.office, err = book.Save(ctx, b.office)
	}
	if err != nil {
		return nil, errors.Join(err, b.close(ctx))
	}
	return b, nil
}

type recordDB struct{ *store.DB }

// Reader gives the connections that only read.
func (d recordDB) Reader() *sql.DB { return d.R }

func (b *bureau) tell(r office.Run) {
	if b.told != nil {
		b.told(r)
	}
}

// close stops what is at work and closes the files.
func (b *bureau) close(ctx context.Context) error {
	var errs []error
	if b.desk != nil {
		errs = append(errs, b.desk.Close(context.WithoutCancel(ctx)))
	}
	if b.record != nil {
		errs = append(errs, b.record.Close())
	}
	if b.store != nil {
		errs = append(errs, b.store.Close())
	}
	errs = append(errs, b.house.Close())
	if b.contacts != nil {
		errs = append(errs, b.contacts.Close())
	}
	return errors.Join(errs...)
}

// connect connects the office and reads its directory. needs are the parts that the verb
// is about (lists, contacts, tags): where the provider refuses to tell one, that is an
// error; of others people are warned.
func (b *bureau) connect(ctx context.Context, needs ...string) (*directory.View, error) {
	v, err := b.read(ctx)
	if err != nil || v.Trouble == nil {
		return v, err
	}
	part := core.ArgsOf(v.Trouble)["part"]
	if slices.Contains(needs, part) {
		return nil, v.Trouble
	}
	w := b.r.words
	fmt.Fprintln(b.r.stderr, "mailroom: "+w.say("step.about", "name", w.say("lacks."+part), "why", b.r.explain(officeError(v.Trouble, b.office.Title()))))
	return v, nil
}

// read reads the directory; what the provider refuses to tell stands in Trouble.
func (b *bureau) read(ctx context.Context) (v *directory.View, err error) {
	if b.live, err = b.house.Live(ctx, b.office.ID); err != nil {
		return nil, err
	}
	if _, err := b.store.Refresh(ctx, b.office.ID, b.live.Provider, b.live.Capabilities, b.live.SharedContacts(), nil); err != nil {
		return nil, err
	}
	return b.store.View(ctx, b.office.ID)
}

// inOffice runs f with an open office and tells its error.
func (f officeFlags) inOffice(ctx context.Context, r *run, do func(*bureau) (int, error)) int {
	b, err := f.bureau(ctx, r)
	if err != nil {
		return r.fail(officeError(err, ""))
	}
	exit, err := do(b)
	title := b.office.Title()
	if closing := b.close(ctx); err == nil {
		err = closing
	}
	if err != nil {
		exit = r.fail(officeError(err, title))
		if core.CodeOf(err) == core.Unsupported {
			return exitLeft // running it again would not help
		}
	}
	return exit
}

// officeError leads an error to a sentence about offices; what it names itself counts
// more.
func officeError(err error, title string) error {
	args := core.ArgsOf(err)
	if args["problem"] != "" || args["class"] != "" {
		return err
	}
	if core.CodeOf(err) == core.InUse {
		if args["reason"] != "other_program" {
			return err // its file is named
		}
		return core.E(core.InUse, "office", err, "problem", "office_busy", "office", title)
	}
	said := strings.TrimSpace(args["vendorCode"] + " " + args["vendorText"])
	more := []string{"problem", "office_" + string(core.CodeOf(err)), "office", title, "said", said}
	switch code := core.CodeOf(err); {
	case code == core.Invalid && args["field"] != "":
		more[1] = "office_field"
	case code == core.Unauthenticated && args["field"] != "":
		more[1] = "office_key_refused"
	case code == core.NotFound && args["status"] == "404" && said == "":
		more[1] = "office_address" // no refusal of the provider's: somebody else lives there
	}
	if args["field"] != "" {
		more = append(more, "value", args["field"])
	}
	return core.E(core.CodeOf(err), "office", err, more...)
}

// secrets are those of an office's file, held in memory, and those of the vault.
type secrets struct {
	r     *run
	dir   string
	held  map[string]secret.Value
	vault *secret.Vault
}

const heldPrefix = "held/"

// hold keeps a secret for as long as the verb runs.
func (s *secrets) hold(v secret.Value) string {
	handle := heldPrefix + strconv.Itoa(len(s.held))
	s.held[handle] = v
	return handle
}

// RevealAll reads secrets by their handles.
func (s *secrets) RevealAll(ctx context.Context, handles []string) (map[string]secret.Value, error) {
	found, inVault := map[string]secret.Value{}, []string{}
	for _, h := range handles {
		if v, ok := s.held[h]; ok {
			found[h] = v
		} else if h != "" && !strings.HasPrefix(h, heldPrefix) {
			inVault = append(inVault, h)
		}
	}
	if len(inVault) == 0 {
		return found, nil
	}
	vault, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	values, err := vault.GetAll(ctx, inVault)
	maps.Copy(found, values)
	return found, err
}

// vaultPassphrase is where the passphrase of a vault without a keychain comes from.
const vaultPassphrase = "MAILROOM_VAULT_PASSPHRASE"

// open opens the vault of the data folder. Where no keychain answers its passphrase
// comes from the environment.
func (s *secrets) open(ctx context.Context) (*secret.Vault, error) {
	if s.vault != nil {
		return s.vault, nil
	}
	vault, err := secret.Open(ctx, s.dir, s.r.env.Keychain)
	if err != nil {
		return nil, err
	}
	given := secret.NewValue(s.r.env.Getenv(vaultPassphrase))
	switch vault.State() {
	case secret.StatePassphraseNeeded, secret.StatePassphraseNew:
		if given.IsZero() {
			return nil, core.E(core.Forbidden, "open vault", nil, "problem", "vault_locked", "value", vaultPassphrase)
		}
		if vault.State() == secret.StatePassphraseNew {
			err = vault.SetPassphrase(ctx, given)
		} else {
			err = vault.Unlock(ctx, given)
		}
		if err != nil {
			return nil, core.E(core.CodeOf(err), "open vault", err, "problem", "vault_passphrase", "value", vaultPassphrase)
		}
	}
	s.vault = vault
	return vault, nil
}

// forget drops secrets that are no longer needed.
func (s *secrets) forget(_ context.Context, handles []string) {
	for _, h := range handles {
		delete(s.held, h)
	}
}

// adapter finds the maker of a described office.
func (r *run) adapter(id provider.ID) (provider.Maker, error) {
	if r.env.Adapters == nil {
		return provider.Maker{}, core.E(core.NotFound, "find adapter", nil, "problem", "no_adapter", "value", string(id))
	}
	m, err := r.env.Adapters.Maker(id)
	if err != nil {
		var known []string
		for _, one := range r.env.Adapters.Makers() {
			known = append(known, string(one.ID))
		}
		return m, core.E(core.Invalid, "find adapter", err, "problem", "no_adapter", "value", string(id), "known", strings.Join(known, ", "))
	}
	return m, nil
}
