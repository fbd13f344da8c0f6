package invite

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"mailroom/backend/core"
	"mailroom/backend/secret"
)

// OfficeKey is the key with which an office signs its invitations.
type OfficeKey struct{ private ed25519.PrivateKey }

// NewOfficeKey makes a key.
func NewOfficeKey() OfficeKey {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err) // never since Go 1.24
	}
	return OfficeKey{private}
}

// Secret is the key as the vault keeps it.
func (k OfficeKey) Secret() secret.Value {
	return secret.NewValue(base64.StdEncoding.EncodeToString(k.private.Seed()))
}

// OfficeKeyFrom reads what the vault kept. Error: malformed.
func OfficeKeyFrom(kept secret.Value) (OfficeKey, error) {
	seed, err := base64.StdEncoding.DecodeString(kept.Reveal())
	if err != nil || len(seed) != ed25519.SeedSize {
		return OfficeKey{}, core.E(core.Malformed, "read office key", nil)
	}
	return OfficeKey{ed25519.NewKeyFromSeed(seed)}, nil
}

// Public is the half that invitations show.
func (k OfficeKey) Public() []byte { return k.private.Public().(ed25519.PublicKey) }

// Fingerprint is a public key in sixteen digits, to be compared by telephone: four
// groups that both languages read alike. Making another key with the same digits takes
// some 10^16 tries.
func Fingerprint(public []byte) string {
	sum := sha256.Sum256(public)
	n := binary.BigEndian.Uint64(sum[:8]) % 10_000_000_000_000_000
	digits := fmt.Sprintf("%016d", n)
	return digits[:4] + " " + digits[4:8] + " " + digits[8:12] + " " + digits[12:]
}
