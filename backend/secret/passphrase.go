package secret

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
	"unicode/utf8"

	"mailroom/backend/core"
)

// MinPassphrase is the least number of characters of a passphrase.
const MinPassphrase = 8

// Unlock opens a vault in StatePassphraseNeeded. A wrong passphrase is an error with
// code unauthenticated and changes nothing. It takes a few tenths of a second.
func (v *Vault) Unlock(ctx context.Context, passphrase Value) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch v.state {
	case StateKeychain, StateReady:
		return nil
	case StatePassphraseNew:
		return core.E(core.NotFound, "unlock vault", errors.New("no passphrase was set yet"))
	}
	f, err := v.load()
	if err != nil {
		return err
	}
	if f == nil || f.Lock == nil {
		return v.naming(core.E(core.Conflict, "unlock vault", errors.New("the vault was replaced")))
	}
	key, err := unseal(derive(passphrase.Reveal(), f.Lock.Salt, f.Lock.Cost), aadWrap, f.Lock.Wrapped)
	if errors.Is(err, errSealVersion) || (err == nil && !f.belongs(key)) {
		return v.naming(core.E(core.Malformed, "unlock vault", errors.New("the wrapped key is damaged")))
	}
	if err != nil {
		return core.E(core.Unauthenticated, "unlock vault", errors.New("wrong passphrase"))
	}
	v.f, v.key, v.state = f, key, StateReady
	return nil
}

// SetPassphrase guards the vault with a passphrase from now on: it makes a new vault
// (StatePassphraseNew), changes the passphrase (StateReady), or moves the key out of
// the keychain (StateKeychain). The entries stay as they are. Errors: invalid (too
// short), unauthenticated (locked), and those of writing.
func (v *Vault) SetPassphrase(ctx context.Context, passphrase Value) error {
	if utf8.RuneCountInString(passphrase.Reveal()) < MinPassphrase {
		return core.E(core.Invalid, "set passphrase", errors.New("too short"), "min", fmt.Sprint(MinPassphrase))
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	switch v.state {
	case StatePassphraseNeeded:
		return v.unlockedLocked("set passphrase")
	case StatePassphraseNew:
		return v.beginWithPassphraseLocked(ctx, passphrase)
	}
	l, err := newLock(v.key, passphrase, v.cost)
	if err != nil {
		return err
	}
	was := v.state
	err = v.rewriteLocked(ctx, func(f *file) error {
		f.Key, f.Lock = phraseBox, l
		return nil
	})
	if err != nil {
		return err
	}
	v.state = StateReady
	if was == StateKeychain {
		// The file no longer needs that key; one left over by a failure here opens
		// nothing that the passphrase's owner could not read.
		_ = v.keychain.Delete(ctx, v.f.Vault)
	}
	return nil
}

func (v *Vault) beginWithPassphraseLocked(ctx context.Context, passphrase Value) error {
	f, key, err := newFile()
	if err != nil {
		return err
	}
	f.Key = phraseBox
	if f.Lock, err = newLock(key, passphrase, v.cost); err != nil {
		return err
	}
	if err := v.create(ctx, f); err != nil {
		return err
	}
	v.f, v.key, v.state, v.why = f, key, StateReady, nil
	return nil
}

func newLock(key []byte, passphrase Value, cost Cost) (*lock, error) {
	if err := cost.check(); err != nil {
		return nil, core.E(core.Invalid, "set passphrase", err)
	}
	salt := newKey()[:saltSize]
	wrapped, err := seal(derive(passphrase.Reveal(), salt, cost), aadWrap, key)
	if err != nil {
		return nil, err
	}
	return &lock{KDF: "argon2id", Cost: cost, Salt: salt, Wrapped: wrapped}, nil
}

// UseKeychain moves the key of an unlocked vault from the passphrase into the
// keychain; the passphrase is no longer asked for. Errors: unauthenticated (locked),
// and those of [Keychain]; on an error the passphrase stays valid.
func (v *Vault) UseKeychain(ctx context.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.state == StateKeychain {
		return nil
	}
	if err := v.unlockedLocked("use keychain"); err != nil {
		return err
	}
	if err := v.depositKey(ctx, v.f.Vault, v.key); err != nil {
		return err
	}
	err := v.rewriteLocked(ctx, func(f *file) error {
		f.Key, f.Lock = keychainBox, nil
		return nil
	})
	if err != nil {
		_ = v.keychain.Delete(context.WithoutCancel(ctx), v.f.Vault)
		return err
	}
	v.state = StateKeychain
	return nil
}

// SetAside renames an unreadable vault in dir to a name with the time in it and
// returns that name, so that a new vault can be begun; nothing is deleted.
func SetAside(dir string, now time.Time) (string, error) {
	path := newFileStore(dir).path
	aside := path + "." + now.UTC().Format("20060102-150405.000")
	if _, err := os.Lstat(aside); err == nil {
		return "", core.E(core.Conflict, "set vault aside", nil, "file", aside)
	}
	if err := os.Rename(path, aside); err != nil {
		return "", diskError("set vault aside", path, err)
	}
	return aside, nil
}
