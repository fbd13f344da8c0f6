package foldermap

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const longestPattern = 1024

// matchAny returns the first pattern that names the path.
func matchAny(patterns []string, path string) (string, bool) {
	for _, p := range patterns {
		if Match(p, path) {
			return p, true
		}
	}
	return "", false
}

// Match reports whether a pattern names a decoded path: * within a level, ** across
// levels, ? one character, "a/**" also a itself. Case and composition are ignored. A
// pattern over 1,024 bytes names nothing.
func Match(pattern, path string) bool {
	if len(pattern) > longestPattern {
		return false
	}
	p, s := folded(pattern), folded(path)
	if parent, ok := strings.CutSuffix(p, "/**"); ok && glob([]rune(parent), []rune(s)) {
		return true
	}
	return glob([]rune(p), []rune(s))
}

func folded(s string) string { return norm.NFC.String(strings.ToLower(norm.NFC.String(s))) }

// glob compares with a table of positions instead of by going back and forth, so that
// a hostile folder name costs len(p) × len(s) steps and no more.
func glob(p, s []rune) bool {
	reach := make([]bool, len(s)+1) // reach[i]: the pattern so far can end before s[i]
	reach[0] = true
	for k := 0; k < len(p); k++ {
		next := make([]bool, len(s)+1)
		switch {
		case p[k] == '*':
			across := k+1 < len(p) && p[k+1] == '*'
			if across {
				k++
			}
			for i := range next {
				next[i] = reach[i] || i > 0 && next[i-1] && (across || s[i-1] != '/')
			}
		default:
			for i := 1; i < len(next); i++ {
				next[i] = reach[i-1] && (p[k] == s[i-1] || p[k] == '?' && s[i-1] != '/')
			}
		}
		reach = next
	}
	return reach[len(s)]
}

// wireLength is the number of bytes of a level in modified UTF-7 (RFC 3501 section
// 5.1.3) or in UTF-8, whichever is more: a destination stores one of them.
func wireLength(s string) int {
	n, run := 0, 0 // run: UTF-16 units waiting in a shifted sequence
	flush := func() {
		if run > 0 {
			n += 2 + (run*16+5)/6
			run = 0
		}
	}
	for _, r := range s {
		switch {
		case r == '&':
			flush()
			n += 2
		case r >= 0x20 && r < 0x7f:
			flush()
			n++
		case r >= 0x10000:
			run += 2
		default:
			run++
		}
	}
	flush()
	return max(n, len(s))
}

// fit shortens s to at most limit encoded bytes, by whole characters.
func fit(s string, limit int) string {
	for s != "" && wireLength(s) > limit {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
