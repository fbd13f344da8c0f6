// Package naming proposes mail addresses from people's names and makes the text in
// which a person is searched for: by name, pinyin, initials, address or phone. It
// knows how surnames are read and which are of two characters.
//
// It leaves out whether an address is free (the caller tells) and what a provider
// accepts.
package naming

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Name is a name taken apart, in the letters of an address.
type Name struct {
	Chinese bool
	Surname []string // syllables, or one word: "wang"; "ou", "yang"; "smith"
	Given   []string // "xiao", "ming"; "john"
	// Other are further ways of reading the surname, e.g. "le" beside "yue" of 乐.
	Other []string
}

// maxName bounds what of a name is looked at, in characters.
const maxName = 64

// Read takes a name apart: 王小明, 欧阳 娜娜, "John Smith", "Smith, John". ok is
// false where nothing in it can be written in the letters of an address.
func Read(name string) (n Name, ok bool) {
	name = bare(name)
	if han := hanOf(name); len(han) > 0 {
		return readChinese(name, han)
	}
	return readWestern(name)
}

// bare takes away what stands in brackets, and odd blanks and widths.
func bare(name string) string {
	var b strings.Builder
	depth := 0
	for i, r := range []rune(norm.NFKC.String(name)) {
		switch {
		case i >= maxName:
			return strings.Join(strings.Fields(b.String()), " ")
		case strings.ContainsRune("([{（【《<", r):
			depth++
		case strings.ContainsRune(")]}）】》>", r):
			depth = max(0, depth-1)
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func hanOf(name string) []rune {
	var out []rune
	for _, r := range name {
		if unicode.Is(unicode.Han, r) {
			out = append(out, r)
		}
	}
	return out
}

func readChinese(name string, han []rune) (Name, bool) {
	n := Name{Chinese: true}
	size := 1
	if first, _, apart := strings.Cut(name, " "); apart && len([]rune(first)) == 2 && len(han) > 2 && len(hanOf(first)) == 2 {
		size = 2 // somebody wrote the surname apart
	}
	if len(han) > 2 {
		if _, compound := surnames()[string(han[:2])]; compound {
			size = 2
		}
	}
	if len(han) == 2 {
		if _, compound := surnames()[string(han)]; compound {
			size = 2
		}
	}
	n.Surname, n.Other = readSurname(han[:size])
	for _, r := range han[size:] {
		if s := syllables(r); len(s) > 0 {
			n.Given = append(n.Given, s[0])
		}
	}
	return n, len(n.Surname) > 0
}

// readSurname reads a surname, with the other ways of reading it.
func readSurname(surname []rune) (syl, other []string) {
	if r, known := surnames()[string(surname)]; known {
		return r.syllables, r.other
	}
	for _, r := range surname {
		if s := syllables(r); len(s) > 0 {
			syl = append(syl, s[0])
		}
	}
	return syl, nil
}

// particles belong to the surname that follows.
var particles = map[string]bool{
	"van": true, "von": true, "der": true, "den": true, "de": true, "da": true, "di": true, "del": true, "della": true,
	"la": true, "le": true, "du": true, "dos": true, "ten": true, "ter": true, "zu": true, "bin": true, "al": true, "el": true,
}

func readWestern(name string) (Name, bool) {
	last, first, turned := strings.Cut(name, ",")
	if turned {
		name = first + " " + last
	}
	var words []string
	for _, w := range strings.Fields(name) {
		if w = letters(w); w != "" {
			words = append(words, w)
		}
	}
	switch {
	case len(words) == 0:
		return Name{}, false
	case len(words) == 1:
		return Name{Given: words}, true
	}
	if turned {
		surname := strings.Map(keepLetter, letters(last))
		if surname == "" {
			return Name{Given: words[:1]}, true
		}
		return Name{Given: words[:1], Surname: []string{surname}}, true
	}
	from := len(words) - 1
	for from > 1 && particles[words[from-1]] {
		from--
	}
	return Name{Given: words[:1], Surname: []string{strings.Join(words[from:], "")}}, true
}

// letters folds a Latin word to a-z and digits: é is e, ß is ss, ø is o.
func letters(word string) string {
	word = strings.NewReplacer("ß", "ss", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "æ", "ae", "Æ", "ae", "œ", "oe", "đ", "d",
		"Đ", "d", "ð", "d", "þ", "th", "ı", "i").Replace(word)
	return strings.Map(keepLetter, norm.NFKD.String(word))
}

func keepLetter(r rune) rune {
	r = unicode.ToLower(r)
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}
