package secret

import (
	"crypto/rand"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/text/unicode/norm"
)

const (
	keySize = chacha20poly1305.KeySize // 32
	// sealVersion is the first byte of every sealed text: XChaCha20-Poly1305 with a
	// random 24-byte nonce and the entry's id as additional data.
	sealVersion = 1
)

// The purposes that are sealed beside entries. A NUL cannot occur in an entry's id.
const (
	aadWrap  = "\x00wrapped key"
	aadCheck = "\x00check"
)

var (
	errSealVersion = errors.New("sealed by an unknown version")
	errSealed      = errors.New("sealed text does not open")
)

// newKey makes a random data key.
func newKey() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails since Go 1.24: it ends the program instead
	return key
}

// seal returns version | nonce | ciphertext. id is bound to it, so that entries
// cannot be swapped in the file.
func seal(key []byte, id string, text []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	head := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(text)+aead.Overhead())
	head[0] = sealVersion
	_, _ = rand.Read(head[1:])
	return aead.Seal(head, head[1:], text, additional(id)), nil
}

// unseal is the reverse of [seal].
func unseal(key []byte, id string, sealed []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < 1+aead.NonceSize()+aead.Overhead() {
		return nil, errSealed
	}
	if sealed[0] != sealVersion {
		return nil, errSealVersion
	}
	nonce, body := sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():]
	text, err := aead.Open(nil, nonce, body, additional(id))
	if err != nil {
		return nil, errSealed
	}
	return text, nil
}

func additional(id string) []byte { return append([]byte{sealVersion}, id...) }

// Cost says how dear one guess of the passphrase is: Argon2id, RFC 9106 section 4.
type Cost struct {
	Passes    uint32 `json:"passes"`
	MemoryKiB uint32 `json:"memoryKiB"`
	Threads   uint8  `json:"threads"`
}

// DefaultCost is the second recommended option of RFC 9106 section 4: 3 passes over
// 64 MiB with 4 lanes, a few tenths of a second on an office computer.
var DefaultCost = Cost{Passes: 3, MemoryKiB: 64 * 1024, Threads: 4}

// check bounds parameters read from a file: a forged file must not exhaust memory.
func (c Cost) check() error {
	if c.Passes < 1 || c.Passes > 64 || c.MemoryKiB < 8 || c.MemoryKiB > 1<<20 || c.Threads < 1 || c.Threads > 64 {
		return fmt.Errorf("argon2id cost %+v is out of bounds", c)
	}
	return nil
}

// derive turns a passphrase into a key. The text is put into NFC first, since
// macOS and Windows keyboards compose accents differently (RFC 8265 section 4.2).
func derive(passphrase string, salt []byte, c Cost) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(passphrase)), salt, c.Passes, c.MemoryKiB, c.Threads, keySize)
}
