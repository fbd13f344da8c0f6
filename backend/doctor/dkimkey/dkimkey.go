// Package dkimkey reads the public keys of DKIM signatures as they stand in the DNS
// (RFC 6376 3.6.1, RFC 8301, RFC 8463).
//
// It leaves out verifying a mail.
package dkimkey

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"mailroom/backend/doctor"
)

// Key is a parsed record.
type Key struct {
	Kind    string // rsa or ed25519
	Bits    int    // of an RSA key; 256 for ed25519
	Revoked bool   // p is empty
	Testing bool   // t=y
	Strict  bool   // t=s
	Hashes  []string
	Service []string
}

// The faults of a key record.
var (
	ErrVersion = errors.New("v is not DKIM1 or not the first tag")
	ErrNoKey   = errors.New("p is missing")
	ErrBase64  = errors.New("p is not base64")
	ErrKind    = errors.New("k is neither rsa nor ed25519")
	ErrKey     = errors.New("p is no key of its kind")
	ErrDoubled = errors.New("a tag stands twice")
)

// Near says whether a text looks like a key record at all.
func Near(text string) bool {
	for _, t := range doctor.Tags(text) {
		if strings.EqualFold(t.Name, "p") || (strings.EqualFold(t.Name, "v") && strings.EqualFold(t.Value, "DKIM1")) {
			return true
		}
	}
	return false
}

// Parse reads a key record.
func Parse(text string) (Key, error) {
	k := Key{Kind: "rsa"}
	seen := map[string]bool{}
	var public string
	for i, tag := range doctor.Tags(text) {
		name := tag.Name
		if name == "" {
			continue
		}
		if seen[name] {
			return k, ErrDoubled
		}
		seen[name] = true
		switch name {
		case "v":
			if tag.Value != "DKIM1" || i != 0 {
				return k, ErrVersion
			}
		case "k":
			k.Kind = strings.ToLower(tag.Value)
		case "p":
			public = tag.Value
		case "h":
			k.Hashes = list(tag.Value)
		case "s":
			k.Service = list(tag.Value)
		case "t":
			flags := list(tag.Value)
			k.Testing, k.Strict = slices.Contains(flags, "y"), slices.Contains(flags, "s")
		}
	}
	if !seen["p"] {
		return k, ErrNoKey
	}
	return k.public(public)
}

func list(value string) []string {
	var all []string
	for s := range strings.SplitSeq(value, ":") {
		if s = strings.ToLower(strings.TrimSpace(s)); s != "" {
			all = append(all, s)
		}
	}
	return all
}

func (k Key) public(text string) (Key, error) {
	text = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, text)
	if text == "" {
		k.Revoked = true
		return k, nil
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		if raw, err = base64.RawStdEncoding.DecodeString(text); err != nil {
			return k, ErrBase64
		}
	}
	switch k.Kind {
	case "rsa":
		var key *rsa.PublicKey
		if parsed, err := x509.ParsePKIXPublicKey(raw); err == nil {
			key, _ = parsed.(*rsa.PublicKey)
		} else if key, err = x509.ParsePKCS1PublicKey(raw); err != nil {
			return k, ErrKey
		}
		if key == nil {
			return k, ErrKey
		}
		k.Bits = key.N.BitLen()
	case "ed25519":
		if len(raw) != ed25519.PublicKeySize {
			return k, ErrKey
		}
		k.Bits = 256
	default:
		return k, ErrKind
	}
	return k, nil
}

// SHA256 says whether the key may be used with SHA-256.
func (k Key) SHA256() bool { return len(k.Hashes) == 0 || slices.Contains(k.Hashes, "sha256") }

// ForMail says whether the key may be used for mail.
func (k Key) ForMail() bool {
	return len(k.Service) == 0 || slices.Contains(k.Service, "*") || slices.Contains(k.Service, "email")
}
