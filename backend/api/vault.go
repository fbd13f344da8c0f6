package api

// Vault keeps passwords: encrypted, under a key in the computer's keychain or,
// where there is none, under a passphrase.
type Vault struct{}

// VaultStatus is the state of the vault.
type VaultStatus struct {
	State    VaultState `json:"state"`
	Keychain bool       `json:"keychain"`          // the key is in the computer's keychain
	Problem  *Problem   `json:"problem,omitempty"` // why the keychain does not answer
}

// Status tells the state.
func (v *Vault) Status() (VaultStatus, error) { return VaultStatus{}, errUnwired }

// Unlock opens a locked vault. A wrong passphrase is unauthenticated.
func (v *Vault) Unlock(passphrase string) (VaultStatus, error) { return VaultStatus{}, errUnwired }

// Create makes a vault under a new passphrase of at least 8 characters.
func (v *Vault) Create(passphrase string) (VaultStatus, error) { return VaultStatus{}, errUnwired }

// Keep puts a password into the vault and returns the handle that stands for it in
// an [Endpoint]. The page forgets the password then.
func (v *Vault) Keep(password string) (string, error) { return "", errUnwired }

// Forget removes what a handle stands for; unknown handles are ignored.
func (v *Vault) Forget(handle string) error { return errUnwired }
