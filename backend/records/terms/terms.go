// Package terms cuts text into what a search index keeps: words of Latin and other
// alphabets, and pairs of neighbouring characters of Chinese, Japanese and Korean text,
// which has no spaces between words. Both the index and the question go through it, so
// that they always agree.
//
// It leaves out where terms are kept (package month) and the language of questions
// (package query).
package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longest is the length in bytes at which a word is cut; a longer one is found by its
// beginning.
const longest = 40

// Fold makes texts comparable: lower case, full-width letters and digits plain, accents
// off. Text that is plain already is returned as it is.
func Fold(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || ('A' <= c && c <= 'Z') {
			return fold(s)
		}
	}
	return s
}

// fold goes character by character; only those that are neither of ASCII nor Chinese or
// Japanese need the tables of Unicode, together with those beside them that do, too.
func fold(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if plain, easy := easily(r, n); easy {
			b = utf8.AppendRune(b, plain)
			i += n
			continue
		}
		end := i + n
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if _, easy := easily(r, n); easy {
				break
			}
			end += n
		}
		b = append(b, foldHard(s[i:end])...)
		i = end
	}
	return string(b)
}

// easily folds a character of n bytes that needs no tables.
func easily(r rune, n int) (plain rune, easy bool) {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + ('a' - 'A'), true
	case r < 0xa0 && n > 0:
		return r, true
	case ideograph(r), 0x3001 <= r && r <= 0x3029: // and their brackets and stops
		return r, true
	case 0xff01 <= r && r <= 0xff5e: // full width
		plain, _ = easily(r-0xfee0, 1)
		return plain, true
	}
	return r, false
}

func foldHard(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if r < utf8.RuneSelf || !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	// Korean syllables come together again: they are searched as such.
	return norm.NFC.String(b.String())
}

// ideograph is true for the characters of the first plane that folding leaves alone.
func ideograph(r rune) bool { return r >= 0x3041 && r <= 0x9fff }

// class of a character: between words, of an alphabet, or a script without spaces.
type class uint8

const (
	gap class = iota
	letter
	dense
)

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' {
			return letter
		}
		return gap
	case r >= 0x4e00 && r <= 0x9fff, r >= 0x3400 && r <= 0x4dbf, r >= 0x20000 && r <= 0x3ffff,
		r >= 0xac00 && r <= 0xd7a3, r >= 0x3041 && r <= 0x30ff, r >= 0xf900 && r <= 0xfaff, r == 0x3005, r == 0x3007:
		return dense
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
		return letter
	}
	return gap
}

// Each calls f for every term of a folded text, in order and with repetitions: words,
// pairs of neighbouring dense characters, and the last character of each dense run
// alone, so that the beginnings of terms cover every single character. The terms are
// parts of the text.
func Each(folded string, f func(term string)) {
	for i := 0; i < len(folded); {
		r, n := utf8.DecodeRuneInString(folded[i:])
		switch classOf(r) {
		case letter:
			end := i + n
			for end < len(folded) {
				r, n := utf8.DecodeRuneInString(folded[end:])
				if classOf(r) != letter {
					break
				}
				end += n
			}
			f(shorten(folded[i:end]))
			i = end
		case dense:
			next := i + n
			if next < len(folded) {
				if r, n := utf8.DecodeRuneInString(folded[next:]); classOf(r) == dense {
					f(folded[i : next+n])
					i = next
					continue
				}
			}
			f(folded[i:next])
			i = next
		default:
			i += n
		}
	}
}

func shorten(word string) string {
	if len(word) <= longest {
		return word
	}
	end := longest
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}

// Need is one term that a text must have to hold what is sought.
type Need struct {
	Term   string
	Prefix bool // a term that begins with it will do
}

// Needs lists the terms that every text with the folded words in it has. Empty: any
// text may.
func Needs(folded string) []Need {
	var needs []Need
	Each(folded, func(term string) {
		for _, n := range needs {
			if n.Term == term {
				return
			}
		}
		needs = append(needs, Need{Term: term})
	})
	if len(needs) == 0 {
		return nil
	}
	for i := range needs {
		r, n := utf8.DecodeRuneInString(needs[i].Term)
		single := classOf(r) == dense && n == len(needs[i].Term)
		// A character that ends the sought run may be in the middle of the text's.
		if single && pairEnds(needs, i) {
			needs[i].Term = ""
		} else {
			needs[i].Prefix = single || classOf(r) == letter
		}
	}
	kept := needs[:0]
	for _, n := range needs {
		if n.Term != "" {
			kept = append(kept, n)
		}
	}
	return kept
}

// pairEnds is true where a pair of the needs ends with the single character at i: then
// the pair says it all.
func pairEnds(needs []Need, i int) bool {
	for j, n := range needs {
		if j != i && len(n.Term) > len(needs[i].Term) && strings.HasSuffix(n.Term, needs[i].Term) {
			return true
		}
	}
	return false
}

// Contains says whether a folded text holds the folded words: anywhere where they begin
// with a dense character or a mark, at the beginning of a word where they begin with a
// letter. The end may be within a word: a search finds while it is typed.
func Contains(folded, words string) bool {
	if words == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(words)
	anywhere := classOf(first) != letter
	for from := 0; ; {
		at := strings.Index(folded[from:], words)
		if at < 0 {
			return false
		}
		at += from
		if anywhere || at == 0 {
			return true
		}
		if before, _ := utf8.DecodeLastRuneInString(folded[:at]); classOf(before) != letter {
			return true
		}
		_, n := utf8.DecodeRuneInString(folded[at:])
		from = at + n
	}
}
