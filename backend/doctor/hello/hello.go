// Package hello reads what a TLS server says of itself in the handshake's own bytes and
// what Go's client does not tell: whether it compresses, whether it ties a renegotiation
// to its connection, whether it binds the master secret to the handshake, and whether
// its tickets allow early data.
//
// It leaves out certificates, versions and suites, which crypto/tls tells, and judging.
package hello

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"

	"golang.org/x/crypto/cryptobyte"
)

// Server is the answer to a TLS 1.2 hello that offers DEFLATE, secure renegotiation
// (RFC 5746) and the extended master secret (RFC 7627).
type Server struct {
	Only13        bool // takes nothing below TLS 1.3, which has none of these
	Version       uint16
	Compression   byte // 0 none, 1 DEFLATE (RFC 3749)
	Renegotiation bool // answered renegotiation_info
	MasterSecret  bool // answered extended_master_secret
}

// Numbers of the protocol (RFC 5246 7.4.1, RFC 8446 4 and 6, IANA TLS ExtensionType).
const (
	recordAlert     = 21
	recordHandshake = 22
	clientHello     = 1
	serverHello     = 2

	extServerName    = 0
	extGroups        = 10
	extPoints        = 11
	extSignatures    = 13
	extMasterSecret  = 23
	extRenegotiation = 0xff01

	alertVersion = 70 // protocol_version
	version12    = 0x0303
	maxRecord    = 1<<14 + 2048
)

// suites are those that servers of TLS 1.2 have, good ones first; only the choice of a
// version counts here.
var suites = []uint16{0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035, 0x000a}

// Ask sends the hello and reads the server's; the connection is of no use afterwards.
// The caller sets deadlines. Errors: the network's, an alert, bytes that are no TLS.
func Ask(conn net.Conn, host string) (Server, error) {
	raw, err := compose(host)
	if err != nil {
		return Server{}, err
	}
	if _, err := conn.Write(raw); err != nil {
		return Server{}, err
	}
	kind, body, err := record(conn)
	if err != nil {
		return Server{}, err
	}
	switch {
	case kind == recordAlert && len(body) == 2 && body[1] == alertVersion:
		return Server{Only13: true}, nil
	case kind == recordAlert && len(body) == 2:
		return Server{}, fmt.Errorf("TLS alert %d", body[1])
	case kind != recordHandshake:
		return Server{}, errors.New("no TLS handshake")
	}
	for len(body) >= 4 && len(body) < 4+int(body[1])<<16+int(binary.BigEndian.Uint16(body[2:])) { // a hello in several records
		if len(body) > maxRecord {
			return Server{}, errors.New("a hello that does not end")
		}
		again, more, err := record(conn)
		if err != nil || again != recordHandshake {
			return Server{}, errors.Join(errors.New("a hello that breaks off"), err)
		}
		body = append(body, more...)
	}
	return Read(body)
}

// compose is the hello as a record.
func compose(host string) ([]byte, error) {
	random := make([]byte, 32)
	_, _ = rand.Read(random)
	var b cryptobyte.Builder
	b.AddUint8(recordHandshake)
	b.AddUint16(0x0301)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint8(clientHello)
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddUint16(version12)
			b.AddBytes(random)
			b.AddUint8(0) // no session
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				for _, s := range suites {
					b.AddUint16(s)
				}
			})
			b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0}) }) // DEFLATE, none
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { extensions(b, host) })
		})
	})
	return b.Bytes()
}

func extensions(b *cryptobyte.Builder, host string) {
	add := func(kind uint16, body func(*cryptobyte.Builder)) {
		b.AddUint16(kind)
		b.AddUint16LengthPrefixed(body)
	}
	if net.ParseIP(host) == nil && len(host) < 256 {
		add(extServerName, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				b.AddUint8(0)
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(host)) })
			})
		})
	}
	list := func(values ...uint16) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				for _, v := range values {
					b.AddUint16(v)
				}
			})
		}
	}
	add(extGroups, list(29, 23, 24, 25))
	add(extPoints, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0}) })
	add(extSignatures, list(0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201))
	add(extMasterSecret, func(*cryptobyte.Builder) {})
	add(extRenegotiation, func(b *cryptobyte.Builder) { b.AddUint8(0) })
}

// record reads one record.
func record(in io.Reader) (kind byte, body []byte, err error) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(in, head); err != nil {
		return 0, nil, err
	}
	n := int(binary.BigEndian.Uint16(head[3:]))
	if head[1] != 3 || n > maxRecord {
		return 0, nil, errors.New("no TLS record")
	}
	body = make([]byte, n)
	_, err = io.ReadFull(in, body)
	return head[0], body, err
}

// Read reads a server's hello out of a handshake message.
func Read(message []byte) (Server, error) {
	odd := errors.New("no TLS server hello")
	in := cryptobyte.String(message)
	var s Server
	var kind uint8
	var body, session, ext cryptobyte.String
	var suite uint16
	if !in.ReadUint8(&kind) || kind != serverHello || !in.ReadUint24LengthPrefixed(&body) ||
		!body.ReadUint16(&s.Version) || !body.Skip(32) || !body.ReadUint8LengthPrefixed(&session) || !body.ReadUint16(&suite) || !body.ReadUint8(&s.Compression) {
		return s, odd
	}
	if body.Empty() {
		return s, nil
	}
	if !body.ReadUint16LengthPrefixed(&ext) {
		return s, odd
	}
	for !ext.Empty() {
		var number uint16
		var value cryptobyte.String
		if !ext.ReadUint16(&number) || !ext.ReadUint16LengthPrefixed(&value) {
			return s, odd
		}
		switch number {
		case extMasterSecret:
			s.MasterSecret = true
		case extRenegotiation:
			s.Renegotiation = true
		}
	}
	return s, nil
}
