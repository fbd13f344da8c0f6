package people

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Correct proposes what was probably meant by a cell that is no address as it stands:
// full-width characters, stray blanks and the wrapping of an address book are taken
// away. It returns the code of what was wrong first; "" if the cell is fine or nobody
// can tell what was meant. It never guesses at letters.
func Correct(cell string) (fixed string, code Code) {
	narrow := strings.Map(narrowed, cell)
	bare := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || invisible(r) {
			return -1
		}
		return r
	}, narrow)
	open := unwrapped(narrow, bare)
	if open == bare && torn(narrow) {
		return "", "" // "Li Lei" may be two words; nobody can tell
	}
	fixed = strings.TrimRight(open, ".,;:、。；，")
	switch {
	case fixed == cell || !plausibleUser(fixed):
		return "", ""
	case narrow != cell:
		return fixed, FullWidth
	case open == bare:
		return fixed, StrayBlank
	}
	return fixed, Wrapped
}

// torn says whether blanks stand elsewhere than at the ends and beside "@" and ".".
func torn(text string) bool {
	parts := strings.Fields(text)
	for i := 1; i < len(parts); i++ {
		if !strings.ContainsAny(parts[i-1][len(parts[i-1])-1:]+parts[i][:1], "@.") {
			return true
		}
	}
	return false
}

// narrowed maps the full-width forms of ASCII to ASCII, and the marks that a Chinese
// keyboard gives where an address has a dot.
func narrowed(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r == 0x3000:
		return ' '
	case r == '。' || r == '．' || r == '｡':
		return '.'
	}
	return r
}

// invisible are the characters that copying from web pages and chats leaves behind.
func invisible(r rune) bool {
	return slices.Contains([]rune{0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x00ad, 0x200e, 0x200f, 0x202a, 0x202c}, r)
}

// unwrapped takes "Li Lei <li@a.example>" and "mailto:li@a.example" apart.
func unwrapped(text, bare string) string {
	if from, to := strings.LastIndexByte(text, '<'), strings.LastIndexByte(text, '>'); from >= 0 && to > from {
		return strings.Join(strings.Fields(text[from+1:to]), "")
	}
	if len(bare) > 7 && strings.EqualFold(bare[:7], "mailto:") {
		return bare[7:]
	}
	return strings.Trim(bare, `"'“”‘’`)
}

// domainOf is the part behind the last "@", in lower case; "" if there is none.
func domainOf(user string) string {
	at := strings.LastIndexByte(user, '@')
	if at < 0 {
		return ""
	}
	domain, _, _ := strings.Cut(user[at+1:], "*")
	if !utf8.ValidString(domain) {
		return ""
	}
	return strings.ToLower(domain)
}
