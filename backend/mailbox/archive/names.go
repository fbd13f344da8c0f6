package archive

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"

	"mailroom/backend/core"
)

// maxName is the longest file name in bytes that we make; every system in use
// takes 255, the rest is room for extensions and numbers.
const maxName = 230

const hexDigits = "0123456789ABCDEF"

// escapeLevel makes a file name of one level of a folder's name that Windows, macOS
// and Linux all accept. What they refuse is written as %XX, which unescapeLevel
// takes back.
func escapeLevel(level string) (string, error) {
	level = norm.NFC.String(level)
	var b strings.Builder
	for i := 0; i < len(level); {
		r, n := utf8.DecodeRuneInString(level[i:])
		if r == utf8.RuneError && n == 1 || mustEscape(level, i) {
			for _, c := range []byte(level[i : i+n]) {
				b.WriteByte('%')
				b.WriteByte(hexDigits[c>>4])
				b.WriteByte(hexDigits[c&15])
			}
		} else {
			b.WriteString(level[i : i+n])
		}
		i += n
	}
	if b.Len() == 0 || b.Len() > maxName {
		return "", core.E(core.Invalid, "folder name", nil, "level", level, "reason", "length")
	}
	return b.String(), nil
}

func mustEscape(s string, i int) bool {
	c := s[i]
	switch {
	case c < 0x20, c == 0x7f, strings.IndexByte(`/\:*?"<>|`, c) >= 0:
		return true
	case c == '%':
		return i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
	case c == '.' && (i == 0 || i == len(s)-1), c == ' ' && i == len(s)-1:
		return true
	case c == '.':
		switch strings.ToLower(s[i:]) {
		case ".sbd", ".mbox", ".msf", ".eml", ".mailroom":
			return true // these endings mean something to the readers of folders
		}
	case i == 0:
		return isReserved(s)
	}
	return false
}

// isReserved tells the device names of Windows, which are also reserved with any
// extension.
func isReserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		if rest, ok := strings.CutPrefix(stem, port); ok {
			switch rest {
			case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
				return true
			}
		}
	}
	return false
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' || c >= 'a' && c <= 'f'
}

// unescapeLevel takes back what escapeLevel did; a name that escapeLevel cannot have
// made stays as it is.
func unescapeLevel(name string) string {
	if !strings.Contains(name, "%") {
		return legible(name)
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '%' && i+2 < len(name) && isHex(name[i+1]) && isHex(name[i+2]) {
			b.WriteByte(unhex(name[i+1])<<4 | unhex(name[i+2]))
			i += 2
			continue
		}
		b.WriteByte(name[i])
	}
	level := b.String()
	if again, err := escapeLevel(level); err != nil || again != norm.NFC.String(name) {
		return legible(name)
	}
	return legible(level)
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

// legible makes text for people of bytes of unknown charset: UTF-8 if they are
// that, else GB18030; composed, because macOS decomposes names.
func legible(s string) string {
	if !utf8.ValidString(s) {
		if t, err := simplifiedchinese.GB18030.NewDecoder().String(s); err == nil && utf8.ValidString(t) {
			s = t
		} else {
			s = strings.ToValidUTF8(s, "\uFFFD")
		}
	}
	return norm.NFC.String(s)
}

// natural orders names as people do: runs of digits by their number.
func natural(a, b string) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if !isDigit(a[i]) || !isDigit(b[j]) {
			if a[i] != b[j] {
				return int(a[i]) - int(b[j])
			}
			i++
			j++
			continue
		}
		x, y := digits(a[i:]), digits(b[j:])
		i += len(x)
		j += len(y)
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if len(x) != len(y) {
			return len(x) - len(y)
		}
		if c := strings.Compare(x, y); c != 0 {
			return c
		}
	}
	if rest := (len(a) - i) - (len(b) - j); rest != 0 {
		return rest
	}
	return strings.Compare(a, b) // equal but for leading zeros
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func digits(s string) string {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return s[:n]
}

func equalLevels(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !(i == 0 && strings.EqualFold(a[i], "INBOX") && strings.EqualFold(b[i], "INBOX")) {
			return false
		}
	}
	return true
}
