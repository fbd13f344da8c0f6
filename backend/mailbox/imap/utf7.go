package imap

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// mutf7 is the alphabet of modified UTF-7, RFC 3501 section 5.1.3.
var mutf7 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// decodeName makes a folder name readable. Modified UTF-7 is decoded as far as it
// is valid and a bad sequence stays as it is; raw UTF-8 passes; other bytes are
// taken for GB18030.
func decodeName(raw string) string {
	var b strings.Builder
	ascii := true
	for i := 0; i < len(raw); i++ {
		if raw[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if !ascii {
		raw = decode8bit([]byte(raw))
	}
	for {
		plain, rest, found := strings.Cut(raw, "&")
		b.WriteString(plain)
		if !found {
			return b.String()
		}
		shifted, after, ended := strings.Cut(rest, "-")
		text, ok := decodeShift(shifted)
		if !ended || !ok {
			b.WriteByte('&')
			raw = rest
			continue
		}
		b.WriteString(text)
		raw = after
	}
}

// decodeShift decodes what stands between & and -.
func decodeShift(s string) (string, bool) {
	if s == "" {
		return "&", true
	}
	u, err := mutf7.DecodeString(s)
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
		if r < ' ' || r == 0x7f {
			return "", false // an encoded control character is no text
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// encodeName writes text in modified UTF-7.
func encodeName(text string) string {
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
		b.WriteString(mutf7.EncodeToString(u))
		b.WriteByte('-')
		shift = shift[:0]
	}
	for _, r := range text {
		if r >= ' ' && r < 0x7f {
			flush()
			b.WriteRune(r)
			if r == '&' {
				b.WriteByte('-')
			}
			continue
		}
		shift = utf16.AppendRune(shift, r)
	}
	flush()
	return b.String()
}
