package imap

import (
	"strings"
	"unicode"

	"mailroom/backend/mailbox/utf7"
)

// decodeName makes a folder name readable: modified UTF-7 as far as it is valid, raw
// UTF-8 as it is, other bytes taken for GB18030. A name that hides control characters
// stays as it is on the wire.
func decodeName(raw string) string {
	for i := 0; i < len(raw); i++ {
		if raw[i] >= 0x80 {
			raw = decode8bit([]byte(raw))
			break
		}
	}
	text, _ := utf7.Decode(raw)
	if strings.ContainsFunc(text, unicode.IsControl) && !strings.ContainsFunc(raw, unicode.IsControl) {
		return raw
	}
	return text
}
