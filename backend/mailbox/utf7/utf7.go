// Package utf7 reads and writes folder names in modified UTF-7 (RFC 3501 section
// 5.1.3), as IMAP servers and Maildir++ archives spell them. It leaves out names in
// other encodings: what they are is for the caller to guess.
package utf7

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var alphabet = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// Encode writes text in modified UTF-7.
func Encode(text string) string {
	var b strings.Builder
	var shift []uint16
	flush := func() {
		if len(shift) == 0 {
			return
		}
		u := make([]byte, 0, 2*len(shift))
		for _, c := range shift {
			u = append(u, byte(c>>8), byte(c))
		}
		b.WriteByte('&')
		b.WriteString(alphabet.EncodeToString(u))
		b.WriteByte('-')
		shift = shift[:0]
	}
	for _, r := range text {
		if r < ' ' || r >= 0x7f {
			shift = utf16.AppendRune(shift, r)
			continue
		}
		flush()
		b.WriteRune(r)
		if r == '&' {
			b.WriteByte('-')
		}
	}
	flush()
	return b.String()
}

// Decode reads modified UTF-7. A sequence that is not well-formed stays as it is, and
// whole is then false; it is false too if name holds bytes outside ASCII, which pass.
func Decode(name string) (text string, whole bool) {
	var b strings.Builder
	whole = !strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf })
	for {
		plain, rest, found := strings.Cut(name, "&")
		b.WriteString(plain)
		if !found {
			return b.String(), whole
		}
		shifted, after, ended := strings.Cut(rest, "-")
		if s, ok := decodeShift(shifted); ended && ok {
			b.WriteString(s)
			name = after
			continue
		}
		b.WriteByte('&')
		name, whole = rest, false
	}
}

// decodeShift decodes what stands between & and -.
func decodeShift(s string) (string, bool) {
	if s == "" {
		return "&", true
	}
	u, err := alphabet.Strict().DecodeString(s)
	if err != nil || len(u) < 2 || len(u)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(u)/2)
	for i := range units {
		units[i] = uint16(u[2*i])<<8 | uint16(u[2*i+1])
	}
	var b strings.Builder
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) {
			if i+1 == len(units) {
				return "", false
			}
			if r = utf16.DecodeRune(r, rune(units[i+1])); r == utf8.RuneError {
				return "", false
			}
			i++
		}
		if r == utf8.RuneError {
			return "", false
		}
		b.WriteRune(r)
	}
	return b.String(), true
}
