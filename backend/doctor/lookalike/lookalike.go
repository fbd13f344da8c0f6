// Package lookalike tells whether a domain is made to be taken for another: letters of
// several scripts in one label, or a name that looks the same as a given one (Unicode UTS
// 39). It leaves out judging a mail.
package lookalike

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Shown is a domain as people read it.
func Shown(domain string) string {
	if s, err := idna.Punycode.ToUnicode(strings.ToLower(domain)); err == nil {
		return s
	}
	return domain
}

// scripts that stand together in honest names (UTS 39 5.2, highly restrictive): Chinese
// and Japanese with Latin, Korean with Latin.
var scripts = map[string]*unicode.RangeTable{
	"latin": unicode.Latin, "cyrillic": unicode.Cyrillic, "greek": unicode.Greek, "armenian": unicode.Armenian, "cherokee": unicode.Cherokee,
	"han": unicode.Han, "hiragana": unicode.Hiragana, "katakana": unicode.Katakana, "hangul": unicode.Hangul,
}

// Mixed says whether one label has letters of scripts that do not belong together, and
// gives it as people read it.
func Mixed(domain string) (label string, mixed bool) {
	for l := range strings.SplitSeq(Shown(domain), ".") {
		seen := map[string]bool{}
		for _, r := range l {
			for name, table := range scripts {
				if unicode.Is(table, r) {
					seen[name] = true
				}
			}
		}
		alphabets := 0
		for _, name := range []string{"latin", "cyrillic", "greek", "armenian", "cherokee"} {
			if seen[name] {
				alphabets++
			}
		}
		eastern := seen["han"] || seen["hiragana"] || seen["katakana"] || seen["hangul"]
		if alphabets > 1 || alphabets == 1 && eastern && !seen["latin"] {
			return l, true
		}
	}
	return "", false
}

// Same says whether two different domains look the same.
func Same(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return a != b && Shown(a) != Shown(b) && skeleton(a) == skeleton(b)
}

// twins are letters and groups that look like Latin ones in usual fonts (Unicode's
// confusables.txt, those that occur in names of domains).
var twins = strings.NewReplacer(
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "ѕ", "s", "і", "i", "ј", "j", "ԁ", "d", "һ", "h", "ӏ", "l", "ԛ", "q", "ԝ", "w", "к", "k", "м", "m", "т", "t", "в", "b", "н", "h", "г", "r", "п", "n",
	"α", "a", "ο", "o", "ρ", "p", "ν", "v", "υ", "u", "ι", "i", "κ", "k", "τ", "t", "χ", "x", "γ", "y", "ε", "e", "η", "n", "ω", "w",
	"ı", "i", "ł", "l", "ø", "o", "đ", "d", "ɡ", "g", "ɑ", "a", "ⅼ", "l", "ο", "o", "օ", "o", "ս", "u",
	"rn", "m", "vv", "w", "0", "o", "1", "l", "|", "l", "i", "l",
)

func skeleton(domain string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1 // accents
		}
		return r
	}, norm.NFKD.String(Shown(domain)))
	return twins.Replace(twins.Replace(s))
}
