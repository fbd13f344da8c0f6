package api

import (
	"context"
	"crypto/rand"
	"strconv"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/secret"
)

// Vault keeps passwords: encrypted, under a key in the computer's keychain or,
// where there is none, under a passphrase.
type Vault struct{ api *API }

// VaultStatus is the state of the vault.
type VaultStatus struct {
	State    VaultState `json:"state"`
	Keychain bool       `json:"keychain"`          // the key is in the computer's keychain
	Problem  *Problem   `json:"problem,omitempty"` // why the keychain does not answer, or the vault cannot be read
}

func (d *data) vaultStatus(ctx context.Context) VaultStatus {
	vault, err := d.openVault(ctx)
	if err != nil {
		return VaultStatus{State: VaultMissing, Problem: problemOf(err)}
	}
	switch vault.State() {
	case secret.StateKeychain:
		return VaultStatus{State: VaultOpen, Keychain: true}
	case secret.StateReady:
		return VaultStatus{State: VaultOpen}
	case secret.StatePassphraseNeeded:
		return VaultStatus{State: VaultLocked}
	}
	return VaultStatus{State: VaultMissing, Problem: problemOf(vault.WhyNoKeychain())}
}

// openVault is the vault, or why there is none. It waits while the keychain asks
// the person.
func (d *data) openVault(ctx context.Context) (*secret.Vault, error) {
	select {
	case <-d.unsealed:
		return d.vault, d.vaultErr
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Status tells the state.
func (v *Vault) Status() (VaultStatus, error) {
	return with(v.api, "vault status", func(ctx context.Context, d *data) (VaultStatus, error) { return d.vaultStatus(ctx), nil })
}

// Unlock opens a locked vault. A wrong passphrase is unauthenticated.
func (v *Vault) Unlock(passphrase string) (VaultStatus, error) {
	return v.change("unlock vault", func(ctx context.Context, vault *secret.Vault) error {
		return vault.Unlock(ctx, secret.NewValue(passphrase))
	})
}

// Create makes a vault under a new passphrase of at least 8 characters.
func (v *Vault) Create(passphrase string) (VaultStatus, error) {
	status, err := v.change("create vault", func(ctx context.Context, vault *secret.Vault) error {
		if vault.State() != secret.StatePassphraseNew {
			return core.E(core.Conflict, "create vault", nil)
		}
		return vault.SetPassphrase(ctx, secret.NewValue(passphrase))
	})
	if err == nil {
		v.api.note(audit.Entry{Act: actVaultMade})
	}
	return status, err
}

func (v *Vault) change(op string, f func(context.Context, *secret.Vault) error) (VaultStatus, error) {
	return with(v.api, op, func(ctx context.Context, d *data) (VaultStatus, error) {
		vault, err := d.openVault(ctx)
		if err == nil {
			err = f(ctx, vault)
		}
		s := d.vaultStatus(ctx)
		if err == nil {
			v.api.cfg.Desktop.Emit("vault:changed", s)
			d.desk.Unlocked()
			v.api.directory.allow(ctx, d)
			d.resume(ctx)
		}
		return s, err
	})
}

// Keep puts a password into the vault and returns the handle that stands for it in
// an [Endpoint]. The page forgets the password then.
func (v *Vault) Keep(password string) (string, error) {
	return with(v.api, "keep password", func(ctx context.Context, d *data) (string, error) {
		return d.keep(ctx, secret.NewValue(password))
	})
}

// KeepAll is [Vault.Keep] for many passwords, at most 20,000, in one write. The
// handles come in their order; an empty password has an empty one.
func (v *Vault) KeepAll(passwords []string) ([]string, error) {
	return with(v.api, "keep passwords", func(ctx context.Context, d *data) ([]string, error) {
		if len(passwords) > maxPasswords {
			return []string{}, core.E(core.TooBig, "keep passwords", nil, "limit", strconv.Itoa(maxPasswords))
		}
		handles, err := d.keepAll(ctx, mapped(passwords, secret.NewValue))
		return full(handles), err
	})
}

const maxPasswords = 20_000

func (d *data) keep(ctx context.Context, password secret.Value) (string, error) {
	if password.IsZero() {
		return "", core.E(core.Invalid, "keep password", nil, "field", "password", "reason", "missing")
	}
	handles, err := d.keepAll(ctx, []secret.Value{password})
	if err != nil {
		return "", err
	}
	return handles[0], nil
}

// keepAll puts many passwords into the vault at once; an empty one gets no handle.
func (d *data) keepAll(ctx context.Context, passwords []secret.Value) ([]string, error) {
	handles, values := make([]string, len(passwords)), map[string]secret.Value{}
	for i, p := range passwords {
		if !p.IsZero() {
			handles[i] = secretPrefix + rand.Text()
			values[handles[i]] = p
		}
	}
	if len(values) == 0 {
		return handles, nil
	}
	vault, err := d.openVault(ctx)
	if err != nil {
		return nil, err
	}
	if err := vault.SetAll(ctx, values); err != nil {
		return nil, locked(err)
	}
	return handles, nil
}

// reveal reads the password that a handle stands for.
func (d *data) reveal(ctx context.Context, handle string) (string, error) {
	vault, err := d.openVault(ctx)
	if err != nil {
		return "", err
	}
	value, err := vault.Get(ctx, handle)
	if err != nil {
		return "", locked(err)
	}
	return value.Reveal(), nil
}

// locked tells a locked vault from a sign-in that a server refused, and a lost
// password from a lost folder.
func locked(err error) error {
	switch core.CodeOf(err) {
	case core.Unauthenticated:
		return core.E(core.Forbidden, "vault", err, "class", "vault-locked")
	case core.NotFound:
		return core.E(core.Forbidden, "vault", err, "class", "password-lost")
	}
	return err
}

// Forget removes what a handle stands for; unknown handles are ignored.
func (v *Vault) Forget(handle string) error {
	_, err := with(v.api, "forget password", func(ctx context.Context, d *data) (struct{}, error) {
		return struct{}{}, d.forget(ctx, handle)
	})
	return err
}

// forget removes a password unless a move still uses it.
func (d *data) forget(ctx context.Context, handle string) error {
	used, err := d.usedSecrets(ctx)
	if handle == "" || err != nil || used[handle] {
		return err
	}
	vault, err := d.openVault(ctx)
	if err != nil {
		return err
	}
	return vault.Delete(ctx, handle)
}
