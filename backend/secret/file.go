package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"mailroom/backend/core"
)

const (
	fileVersion = 1
	maxFile     = 16 << 20 // bytes; some ten thousand secrets
	maxID       = 512      // bytes
	maxValue    = 1 << 20  // bytes; OAuth tokens and service account keys are a few kB
	saltSize    = 16
	keychainBox = "keychain"
	phraseBox   = "passphrase"
)

// file is the vault as it stands on the disk: ids in the clear, values sealed.
type file struct {
	Version int               `json:"version"`
	Vault   string            `json:"vault"`          // random; names the key in the keychain
	Key     string            `json:"key"`            // where the data key is: keychain or passphrase
	Check   []byte            `json:"check"`          // seals nothing: does the data key belong to this file?
	Lock    *lock             `json:"lock,omitempty"` // with Key passphrase
	Entries map[string][]byte `json:"entries"`
}

// lock holds the data key sealed under a passphrase; that it opens verifies the
// passphrase.
type lock struct {
	KDF     string `json:"kdf"` // argon2id
	Cost    Cost   `json:"cost"`
	Salt    []byte `json:"salt"`
	Wrapped []byte `json:"wrapped"`
}

// parse reads a vault file. Whatever is wrong with it is an error with code
// malformed or newer_data; nothing of it is ever guessed or repaired.
func parse(data []byte) (*file, error) {
	if len(data) > maxFile {
		return nil, malformed(fmt.Errorf("larger than %d bytes", maxFile))
	}
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, malformed(err)
	}
	if head.Version > fileVersion {
		return nil, core.E(core.NewerData, "read vault", fmt.Errorf("version %d, known is %d", head.Version, fileVersion))
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	f := &file{}
	if err := dec.Decode(f); err != nil {
		return nil, malformed(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed(errors.New("text after the end"))
	}
	if err := f.check(); err != nil {
		return nil, malformed(err)
	}
	return f, nil
}

func malformed(err error) error { return core.E(core.Malformed, "read vault", err) }

// check tests everything that the rest of the package relies on.
func (f *file) check() error {
	switch {
	case f.Version != fileVersion:
		return fmt.Errorf("version %d", f.Version)
	case f.Vault == "" || len(f.Vault) > 64:
		return errors.New("no vault name")
	case len(f.Check) == 0:
		return errors.New("no check")
	case f.Entries == nil:
		return errors.New("no entries")
	}
	for id := range f.Entries {
		if err := checkID(id); err != nil {
			return err
		}
	}
	switch f.Key {
	case keychainBox:
		if f.Lock != nil {
			return errors.New("a lock beside a keychain key")
		}
		return nil
	case phraseBox:
		return f.Lock.check()
	}
	return fmt.Errorf("unknown place of the key %q", f.Key)
}

func (l *lock) check() error {
	switch {
	case l == nil:
		return errors.New("no lock")
	case l.KDF != "argon2id":
		return fmt.Errorf("unknown key derivation %q", l.KDF)
	case len(l.Salt) < saltSize || len(l.Salt) > 64:
		return errors.New("salt of a wrong size")
	case len(l.Wrapped) == 0:
		return errors.New("no wrapped key")
	}
	return l.Cost.check()
}

func checkID(id string) error {
	if id == "" || len(id) > maxID {
		return fmt.Errorf("id of %d bytes", len(id))
	}
	for _, r := range id {
		if r < ' ' {
			return errors.New("control character in an id")
		}
	}
	return nil
}

func (f *file) encode() ([]byte, error) {
	data, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, core.E(core.TooBig, "write vault", fmt.Errorf("more than %d bytes", maxFile))
	}
	return append(data, '\n'), nil
}

// belongs says whether key is the data key of this file.
func (f *file) belongs(key []byte) bool {
	if len(key) != keySize {
		return false
	}
	_, err := unseal(key, aadCheck, f.Check)
	return err == nil
}
