package naming

import (
	"strings"
	"unicode"
)

// maxReadings bounds how many spellings of one name are kept for searching.
const maxReadings = 8

// Text is in what somebody is searched for: one line for each of the values, in lower
// case, then how the name is spoken and its initials, with the readings that a person
// who types may think of. Two spellings of 单 are there: shan and dan.
func Text(name string, values ...string) string {
	lines := make([]string, 0, len(values)+4)
	seen := map[string]bool{"": true}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			lines = append(lines, s)
		}
	}
	add(strings.ToLower(strings.Join(strings.Fields(name), " ")))
	var whole []string
	for _, v := range values {
		v = strings.ToLower(strings.TrimSpace(v))
		if local, _, ok := strings.Cut(v, "@"); ok {
			// Everybody has the office's domain: whoever types "w" does not mean it.
			whole = append(whole, v)
			v = local
		}
		add(v)
		if d := digits(v); len(d) >= 5 && d != v {
			add(d) // +86 139-0000-0000 is found by 13900000000
		}
	}
	full, short := spoken(name)
	for _, s := range full {
		add(s)
	}
	for _, s := range short {
		add(s)
	}
	return strings.Join(append(lines, wholeMark+strings.Join(whole, "\n")), "\n")
}

// wholeMark stands before whole addresses: they are looked at for words with "@" or "."
// only.
const wholeMark = "\x00"

// spoken are the spellings of a Chinese name and their initials.
func spoken(name string) (full, short []string) {
	han := hanOf(bare(name))
	if len(han) == 0 {
		return nil, nil
	}
	if len(han) > 12 {
		han = han[:12]
	}
	full, short = []string{""}, []string{""}
	start := 0
	if n, ok := Read(string(han)); ok && len(n.Surname) > 0 {
		full, short = []string{strings.Join(n.Surname, "")}, []string{initials(n.Surname)}
		for _, o := range n.Other {
			full, short = append(full, o), append(short, o[:1])
		}
		start = len(n.Surname)
		if start == 1 {
			for _, usual := range syllables(han[0])[:1] {
				full, short = append(full, usual), append(short, usual[:1])
			}
		}
	}
	for _, r := range han[start:] {
		full, short = extend(full, short, syllables(r))
	}
	return full, short
}

// extend puts each reading behind each beginning, while they are few.
func extend(full, short, readings []string) (longer, shorter []string) {
	if len(readings) == 0 {
		return full, short
	}
	if len(full)*len(readings) > maxReadings {
		readings = readings[:1]
	}
	for i := range full {
		for _, s := range readings {
			longer, shorter = append(longer, full[i]+s), append(shorter, short[i]+s[:1])
		}
	}
	return longer, shorter
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// Matches says whether a text of [Text] holds every word of what was typed.
func Matches(text, typed string) bool {
	near, _, _ := strings.Cut(text, wholeMark)
	for _, word := range strings.Fields(strings.ToLower(typed)) {
		looked := text
		if !strings.ContainsAny(word, "@.") {
			looked = near
		}
		if !strings.Contains(looked, word) {
			return false
		}
	}
	return true
}
