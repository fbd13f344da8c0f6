// Package secret is the vault: passwords, keys and tokens, each sealed with
// XChaCha20-Poly1305 under one random key that the operating system's keychain
// guards, or, where no keychain answers, a passphrase (Argon2id).
//
// It never writes a secret in the clear, never prints one, and never overwrites a
// vault that it could not read. It leaves out which secrets there are, and every
// question to a person.
package secret

import (
	"context"
	"encoding/hex"
	"errors"
	"sort"
	"sync"

	"mailroom/backend/core"
)

// State says what a [Vault] waits for.
type State string

// The states. Get and Set work in StateKeychain and StateReady only.
const (
	StateKeychain         State = "keychain"          // open; the keychain holds the key
	StateReady            State = "ready"             // open; the passphrase was right
	StatePassphraseNeeded State = "passphrase_needed" // call Unlock
	StatePassphraseNew    State = "passphrase_new"    // no keychain and no vault yet: call SetPassphrase
)

// Vault is an opened vault. It is safe for concurrent use.
type Vault struct {
	store    *fileStore
	keychain Keychain
	cost     Cost

	mu    sync.Mutex
	state State
	key   []byte // the data key; nil unless open
	f     *file  // as last read or written; nil in StatePassphraseNew
	why   error  // why there is no keychain; nil in StateKeychain
}

// Option changes how a vault is opened.
type Option func(*Vault)

// WithCost sets the price of a passphrase guess for passphrases set from now on.
func WithCost(c Cost) Option { return func(v *Vault) { v.cost = c } }

// Open opens the vault in dir, or makes it where there is none and a keychain
// answers. keychain nil means none.
//
// Errors: malformed (the file is damaged; it is left as it is), newer_data,
// read_only, disk_full; for a vault whose key is in the keychain also not_found
// (the key is gone), unsupported (no keychain answers), forbidden (it is locked) and
// conflict (the key there belongs to another vault). Args name the file.
func Open(ctx context.Context, dir string, keychain Keychain, options ...Option) (*Vault, error) {
	v := &Vault{store: newFileStore(dir), keychain: keychain, cost: DefaultCost}
	for _, o := range options {
		o(v)
	}
	if v.keychain == nil {
		v.keychain = none{}
	}
	f, err := v.load()
	switch {
	case err != nil:
		return nil, err
	case f == nil:
		err = v.begin(ctx)
	case f.Key == keychainBox:
		err = v.openByKeychain(ctx, f)
	default:
		v.f, v.state = f, StatePassphraseNeeded
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (v *Vault) load() (*file, error) {
	data, err := v.store.load()
	if err != nil || data == nil {
		return nil, err
	}
	f, err := parse(data)
	return f, v.naming(err)
}

// naming adds the file's name to an error of [parse].
func (v *Vault) naming(err error) error {
	if err == nil {
		return nil
	}
	return core.E(core.CodeOf(err), "vault "+v.store.path, err, "file", v.store.path)
}

// begin makes a new vault under a key in the keychain, or asks for a passphrase.
func (v *Vault) begin(ctx context.Context) error {
	f, key, err := newFile()
	if err != nil {
		return err
	}
	f.Key = keychainBox
	if err := v.depositKey(ctx, f.Vault, key); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		v.state, v.why = StatePassphraseNew, err
		return nil
	}
	if err := v.create(ctx, f); err != nil {
		_ = v.keychain.Delete(context.WithoutCancel(ctx), f.Vault)
		return err
	}
	v.f, v.key, v.state = f, key, StateKeychain
	return nil
}

// depositKey stores the key and reads it back: a keychain that takes a key and does
// not give it back would lose every secret.
func (v *Vault) depositKey(ctx context.Context, account string, key []byte) error {
	if err := v.keychain.Set(ctx, account, key); err != nil {
		return err
	}
	back, err := v.keychain.Get(ctx, account)
	if err != nil {
		return err
	}
	if string(back) != string(key) {
		return core.E(core.Malformed, "store key", errors.New("keychain gave back another key"), "place", "keychain")
	}
	return nil
}

// newFile makes an empty vault with a new name and a new data key.
func newFile() (*file, []byte, error) {
	key := newKey()
	check, err := seal(key, aadCheck, nil)
	if err != nil {
		return nil, nil, err
	}
	f := &file{Version: fileVersion, Vault: hex.EncodeToString(newKey()[:8]), Check: check, Entries: map[string][]byte{}}
	return f, key, nil
}

// create writes a first file and refuses to replace one that came meanwhile.
func (v *Vault) create(ctx context.Context, f *file) error {
	return v.store.update(ctx, func(old []byte) ([]byte, error) {
		if old != nil {
			return nil, core.E(core.Conflict, "make vault", errors.New("there is one already"))
		}
		return f.encode()
	})
}

func (v *Vault) openByKeychain(ctx context.Context, f *file) error {
	key, err := v.keychain.Get(ctx, f.Vault)
	if err != nil {
		return v.naming(err)
	}
	if !f.belongs(key) {
		return v.naming(core.E(core.Conflict, "open vault", errors.New("the key in the keychain is of another vault")))
	}
	v.f, v.key, v.state = f, key, StateKeychain
	return nil
}

// State says what the vault waits for.
func (v *Vault) State() State {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.state
}

// WhyNoKeychain returns the keychain's error that led to StatePassphraseNew; else nil.
func (v *Vault) WhyNoKeychain() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.why
}

// Get returns the secret stored under id. Errors: not_found, unauthenticated (the
// vault is locked), malformed (this one entry is damaged).
func (v *Vault) Get(ctx context.Context, id string) (Value, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.unlockedLocked("read secret"); err != nil {
		return Value{}, err
	}
	if err := v.refreshLocked(ctx); err != nil {
		return Value{}, err
	}
	sealed, ok := v.f.Entries[id]
	if !ok {
		return Value{}, core.E(core.NotFound, "read secret", nil, "id", id)
	}
	text, err := unseal(v.key, id, sealed)
	if err != nil {
		return Value{}, core.E(core.Malformed, "read secret", err, "id", id)
	}
	return NewValue(string(text)), nil
}

// GetAll returns the secrets stored under ids with one reading of the file; those that
// are not there are left out. Errors as those of [Vault.Get], without not_found.
func (v *Vault) GetAll(ctx context.Context, ids []string) (map[string]Value, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.unlockedLocked("read secrets"); err != nil {
		return nil, err
	}
	if err := v.refreshLocked(ctx); err != nil {
		return nil, err
	}
	values := make(map[string]Value, len(ids))
	for _, id := range ids {
		sealed, ok := v.f.Entries[id]
		if !ok {
			continue
		}
		text, err := unseal(v.key, id, sealed)
		if err != nil {
			return nil, core.E(core.Malformed, "read secret", err, "id", id)
		}
		values[id] = NewValue(string(text))
	}
	return values, nil
}

// Set stores a secret under id, replacing an older one. id is no secret: at most 512
// bytes, no control characters; the value is at most 1 MiB.
func (v *Vault) Set(ctx context.Context, id string, value Value) error {
	return v.SetAll(ctx, map[string]Value{id: value})
}

// SetAll stores many secrets by id, all of them or none, with one write of the file.
func (v *Vault) SetAll(ctx context.Context, values map[string]Value) error {
	for id, value := range values {
		if err := checkID(id); err != nil {
			return core.E(core.Invalid, "store secret", err, "id", id)
		}
		if len(value.Reveal()) > maxValue {
			return core.E(core.TooBig, "store secret", nil, "id", id)
		}
	}
	return v.change(ctx, "store secret", func(f *file) error {
		for id, value := range values {
			sealed, err := seal(v.key, id, []byte(value.Reveal()))
			if err != nil {
				return err
			}
			f.Entries[id] = sealed
		}
		return nil
	})
}

// Delete forgets secrets, all with one write of the file; that one is not there is no
// error.
func (v *Vault) Delete(ctx context.Context, ids ...string) error {
	return v.change(ctx, "delete secret", func(f *file) error {
		for _, id := range ids {
			delete(f.Entries, id)
		}
		return nil
	})
}

// List returns the ids in alphabetical order, never nil. It works on a locked vault.
func (v *Vault) List(ctx context.Context) ([]string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	ids := []string{}
	if v.f == nil {
		return ids, nil
	}
	if err := v.refreshLocked(ctx); err != nil {
		return ids, err
	}
	for id := range v.f.Entries {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids, nil
}

func (v *Vault) unlockedLocked(op string) error {
	if v.key == nil {
		return core.E(core.Unauthenticated, op, errors.New("the vault is locked"), "state", string(v.state))
	}
	return nil
}

// refreshLocked takes over what another copy of the program wrote.
func (v *Vault) refreshLocked(ctx context.Context) error {
	f, err := v.load()
	if err != nil {
		return err
	}
	if f == nil {
		return v.naming(core.E(core.NotFound, "read vault", errors.New("the vault is gone")))
	}
	if v.key != nil && !f.belongs(v.key) {
		return v.naming(core.E(core.Conflict, "read vault", errors.New("the vault was replaced")))
	}
	v.f = f
	return nil
}

// change applies one change to the newest state of the file and stores it.
func (v *Vault) change(ctx context.Context, op string, apply func(*file) error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.unlockedLocked(op); err != nil {
		return err
	}
	return v.rewriteLocked(ctx, apply)
}

func (v *Vault) rewriteLocked(ctx context.Context, apply func(*file) error) error {
	var next *file
	err := v.store.update(ctx, func(old []byte) ([]byte, error) {
		if old == nil {
			return nil, v.naming(core.E(core.NotFound, "read vault", errors.New("the vault is gone")))
		}
		f, err := parse(old)
		if err != nil {
			return nil, v.naming(err)
		}
		if !f.belongs(v.key) {
			return nil, v.naming(core.E(core.Conflict, "read vault", errors.New("the vault was replaced")))
		}
		if err := apply(f); err != nil {
			return nil, err
		}
		next = f
		return f.encode()
	})
	if err == nil {
		v.f = next
	}
	return err
}

// none stands for a computer without a keychain.
type none struct{}

func (none) Get(context.Context, string) ([]byte, error) { return nil, errNone() }
func (none) Set(context.Context, string, []byte) error   { return errNone() }
func (none) Delete(context.Context, string) error        { return errNone() }

func errNone() error { return core.E(core.Unsupported, "keychain", nil, "place", "keychain") }
