package hello

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net"
	"strings"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/cryptobyte"
)

// EarlyData says how many bytes of early data (0-RTT, RFC 8446 2.3) the server's tickets
// allow; 0 none. It makes a TLS 1.3 connection and reads what comes until the first
// ticket, or the first words of the server, which come after its tickets. Certificates are
// not judged. Errors: the network's; a server without TLS 1.3 has none and is no error.
func EarlyData(ctx context.Context, conn net.Conn, host string) (uint32, error) {
	tap := &tap{Conn: conn}
	var keys keyLog
	client := tls.Client(tap, &tls.Config{ServerName: host, InsecureSkipVerify: true, MinVersion: tls.VersionTLS13, KeyLogWriter: &keys})
	if err := client.HandshakeContext(ctx); err != nil {
		if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "remote error" {
			return 0, nil // an alert: no TLS 1.3
		}
		return 0, err
	}
	secret := keys.server()
	open, err := opener(client.ConnectionState().CipherSuite, secret)
	if err != nil {
		return 0, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	read := bytes.NewReader(tap.seen.Bytes())
	for sequence := uint64(0); ; {
		kind, body, err := record(io.MultiReader(read, conn))
		if err != nil {
			return 0, err
		}
		// Records of the handshake are under other keys: they do not open.
		inner, ok := open(sequence, kind, body)
		if !ok {
			continue
		}
		sequence++
		kind, inner = unpad(inner)
		if kind != recordHandshake {
			return 0, nil // the server speaks: its tickets would have come before
		}
		if most, is := ticket(inner); is {
			return most, nil
		}
	}
}

// tap keeps what was read during the handshake.
type tap struct {
	net.Conn
	seen bytes.Buffer
}

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.seen.Write(p[:n])
	return n, err
}

// keyLog takes the secrets of a connection that is thrown away.
type keyLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (k *keyLog) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.text.Write(p)
}

// server is the secret under which the server writes.
func (k *keyLog) server() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	for line := range strings.Lines(k.text.String()) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "SERVER_TRAFFIC_SECRET_0" {
			raw, _ := hex.DecodeString(f[2])
			return raw
		}
	}
	return nil
}

// opener decrypts records of a connection (RFC 8446 5.2, 7.3).
func opener(suite uint16, secret []byte) (func(sequence uint64, kind byte, body []byte) ([]byte, bool), error) {
	sum, size := sha256.New, 16
	switch suite {
	case tls.TLS_AES_256_GCM_SHA384:
		sum, size = sha512.New384, 32
	case tls.TLS_CHACHA20_POLY1305_SHA256:
		size = 32
	}
	key, err := expand(sum, secret, "key", size)
	if err != nil {
		return nil, err
	}
	iv, err := expand(sum, secret, "iv", 12)
	if err != nil {
		return nil, err
	}
	var aead cipher.AEAD
	if suite == tls.TLS_CHACHA20_POLY1305_SHA256 {
		aead, err = chacha20poly1305.New(key)
	} else {
		var block cipher.Block
		if block, err = aes.NewCipher(key); err == nil {
			aead, err = cipher.NewGCM(block)
		}
	}
	if err != nil {
		return nil, err
	}
	return func(sequence uint64, kind byte, body []byte) ([]byte, bool) {
		nonce := bytes.Clone(iv)
		for i := range 8 {
			nonce[4+i] ^= byte(sequence >> (56 - 8*i))
		}
		head := []byte{kind, 3, 3, byte(len(body) >> 8), byte(len(body))}
		plain, err := aead.Open(nil, nonce, body, head)
		return plain, err == nil
	}, nil
}

func expand(sum func() hash.Hash, secret []byte, label string, n int) ([]byte, error) {
	if len(secret) == 0 {
		return nil, errors.New("no secret of the connection")
	}
	label = "tls13 " + label
	info := append([]byte{byte(n >> 8), byte(n), byte(len(label))}, label...)
	return hkdf.Expand(sum, secret, string(append(info, 0)), n)
}

// unpad takes the type off the end of an inner plaintext (RFC 8446 5.4).
func unpad(inner []byte) (kind byte, content []byte) {
	inner = bytes.TrimRight(inner, "\x00")
	if len(inner) == 0 {
		return 0, nil
	}
	return inner[len(inner)-1], inner[:len(inner)-1]
}

const (
	newSessionTicket = 4
	extEarlyData     = 42
)

// ticket reads the early data that a NewSessionTicket allows (RFC 8446 4.6.1).
func ticket(message []byte) (most uint32, is bool) {
	in := cryptobyte.String(message)
	var kind uint8
	var body, nonce, id, ext cryptobyte.String
	if !in.ReadUint8(&kind) || kind != newSessionTicket || !in.ReadUint24LengthPrefixed(&body) ||
		!body.Skip(8) || !body.ReadUint8LengthPrefixed(&nonce) || !body.ReadUint16LengthPrefixed(&id) || !body.ReadUint16LengthPrefixed(&ext) {
		return 0, false
	}
	for !ext.Empty() {
		var number uint16
		var value cryptobyte.String
		if !ext.ReadUint16(&number) || !ext.ReadUint16LengthPrefixed(&value) {
			return 0, true
		}
		if number == extEarlyData && len(value) == 4 {
			return binary.BigEndian.Uint32(value), true
		}
	}
	return 0, true
}
