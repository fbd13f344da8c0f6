package netease

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"net/url"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/secret"
)

// longestKey bounds the text of a key; one of 16384 bits has 13,000 characters.
const longestKey = 32 << 10

// readKey reads the office's private RSA key: PEM in either form (RFC 7468 section 10,
// RFC 8017 appendix A.1.2), or PKCS#8 in hex, as NetEase's Java samples have it.
func readKey(text secret.Value) (*rsa.PrivateKey, error) {
	raw := strings.TrimSpace(text.Reveal())
	wrong := func(reason string) (*rsa.PrivateKey, error) {
		return nil, core.E(core.Invalid, "read key", nil, "field", "key", "reason", reason)
	}
	if raw == "" {
		return wrong("missing")
	}
	if len(raw) > longestKey {
		return wrong("too_long")
	}
	der := []byte(nil)
	if block, _ := pem.Decode([]byte(raw)); block != nil {
		if strings.Contains(block.Type, "PUBLIC") {
			return wrong("public")
		}
		if strings.Contains(block.Type, "ENCRYPTED") || block.Headers["DEK-Info"] != "" {
			return wrong("encrypted")
		}
		der = block.Bytes
	} else if decoded, err := hex.DecodeString(strings.Join(strings.Fields(raw), "")); err == nil {
		der = decoded
	} else {
		return wrong("form")
	}
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		if k, ok := key.(*rsa.PrivateKey); ok {
			return sound(k, wrong)
		}
		return wrong("kind")
	}
	if k, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return sound(k, wrong)
	}
	return wrong("form")
}

// sound refuses a key that is too short to sign with; 1024 bits are usual here.
func sound(k *rsa.PrivateKey, wrong func(string) (*rsa.PrivateKey, error)) (*rsa.PrivateKey, error) {
	if k.N.BitLen() < 1024 {
		return wrong("short")
	}
	return k, nil
}

// sign makes the signature of a text: SHA1withRSA (RFC 8017 section 8.2), in hex of small
// letters. The algorithm is the vendor's.
func sign(key *rsa.PrivateKey, text string) (string, error) {
	sum := sha1.Sum([]byte(text))
	raw, err := rsa.SignPKCS1v15(nil, key, crypto.SHA1, sum[:])
	if err != nil {
		return "", core.E(core.Internal, "sign request", err)
	}
	return hex.EncodeToString(raw), nil
}

// signedText joins parameters for the signature: sorted by name, values as they are.
func signedText(form url.Values) string {
	parts := make([]string, 0, len(form))
	for name := range form {
		if name != "sign" {
			parts = append(parts, name)
		}
	}
	slices.Sort(parts)
	for i, name := range parts {
		parts[i] = name + "=" + form.Get(name)
	}
	return strings.Join(parts, "&")
}
