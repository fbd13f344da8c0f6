package imap

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const maxText = 1 << 10 // of a server's human text that is kept

// status is the content of OK, NO, BAD, BYE or PREAUTH.
type status struct {
	kind string // OK, NO, BAD, BYE, PREAUTH
	code string // response code, upper case
	arg  []byte // what follows the code within its brackets; the caller's own
	text string // human text, decoded
}

// statusKind recognises the five words, "" for anything else.
func statusKind(word []byte) string {
	if len(word) < 2 || len(word) > 7 {
		return ""
	}
	switch k := strings.ToUpper(string(word)); k {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return k
	}
	return ""
}

// parseStatus reads what follows the status word.
func parseStatus(kind string, b []byte) status {
	st := status{kind: kind}
	b = bytes.TrimLeft(b, " \t")
	if len(b) > 0 && b[0] == '[' {
		if end := codeEnd(b); end > 0 {
			code, arg, _ := bytes.Cut(bytes.TrimSpace(b[1:end]), []byte(" "))
			st.code = strings.ToUpper(decodeText(code))
			st.arg = bytes.Clone(bytes.TrimSpace(arg))
			b = b[end+1:]
		}
	}
	st.text = decodeText(b)
	return st
}

// codeEnd finds the bracket that ends a response code. A flag may hold a bracket,
// so brackets within parentheses and quotes do not count, unless none is left.
func codeEnd(b []byte) int {
	depth, quoted := 0, false
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ']' && depth <= 0:
			return i
		}
	}
	return bytes.IndexByte(b, ']')
}

// decodeText makes a server's text readable: UTF-8 if it is, else GB18030; without
// control characters and of bounded length.
func decodeText(b []byte) string {
	if len(b) > maxText {
		b = b[:maxText]
		for n := 0; n < utf8.UTFMax && len(b) > 0 && !utf8.Valid(b); n++ {
			b = b[:len(b)-1]
		}
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, decode8bit(b)))
}

// decode8bit turns bytes of unknown charset into text.
func decode8bit(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	if out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b); err == nil && !bytes.ContainsRune(out, utf8.RuneError) {
		return string(out)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// lineScanner reads the tokens of bytes that are already in memory.
func lineScanner(b []byte) *scanner {
	return &scanner{raw: b, buf: b, lit: -1}
}
