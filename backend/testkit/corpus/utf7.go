package corpus

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// modified is RFC 3501's base64: a comma instead of the slash and no padding.
var modified = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// encodeUTF7 writes a name in modified UTF-7 (RFC 3501 section 5.1.3).
func encodeUTF7(name string) string {
	var out strings.Builder
	var wide []rune
	flush := func() {
		if len(wide) == 0 {
			return
		}
		var raw []byte
		for _, u := range utf16.Encode(wide) {
			raw = append(raw, byte(u>>8), byte(u))
		}
		out.WriteString("&" + modified.EncodeToString(raw) + "-")
		wide = wide[:0]
	}
	for _, r := range name {
		switch {
		case r == '&':
			flush()
			out.WriteString("&-")
		case r >= 0x20 && r <= 0x7e:
			flush()
			out.WriteRune(r)
		default:
			wide = append(wide, r)
		}
	}
	flush()
	return out.String()
}

// decodeUTF7 reads a name in modified UTF-7; what is not valid stays as it is.
func decodeUTF7(name string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(name, "&")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		code, after, closed := strings.Cut(rest, "-")
		raw, err := modified.DecodeString(code)
		switch {
		case code == "" && closed:
			out.WriteByte('&')
		case !closed || err != nil || len(raw)%2 != 0:
			out.WriteString("&" + code)
			if closed {
				out.WriteByte('-')
			}
		default:
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			out.WriteString(string(utf16.Decode(units)))
		}
		name = after
	}
}
