package foldermap

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// Bounds that hold wherever the destination tells nothing stricter.
const (
	longestLevel = 255
	shortestFit  = 24 // a limit below this is taken for a mistake
)

// namer knows what names the destination takes.
type namer struct {
	rules     preset.NameRules
	forbidden string
	fill      string // stands in for what must not be there
	limit     int    // encoded bytes of one level
	whole     int    // encoded bytes of all levels with separators; 0 none
	flat      bool
	fold      bool
}

func newNamer(t mailbox.Traits, flat bool) *namer {
	n := &namer{rules: preset.Naming(t.Family), flat: flat || t.Separator == ""}
	n.fold = t.CaseFold || n.rules.CaseFold
	n.forbidden = n.rules.Forbidden + t.Forbidden + t.Separator
	n.limit = longestLevel
	if n.rules.MaxLevelBytes >= shortestFit {
		n.limit = min(n.limit, n.rules.MaxLevelBytes)
	}
	if t.Separator == "." {
		n.whole = n.rules.MaxDottedBytes
	}
	for _, c := range []string{"_", "-", "=", "x", "o", "0", "z"} {
		if !strings.Contains(n.forbidden, c) {
			n.fill = c
			break
		}
	}
	return n
}

// allowed reports whether the destination takes this character in a level.
func (n *namer) allowed(r rune) bool {
	return !unicode.IsControl(r) && r != '\u2028' && r != '\u2029' && !strings.ContainsRune(n.forbidden, r)
}

// level makes a name that the destination takes and says what it changed.
func (n *namer) level(name string, top bool) (string, []Change) {
	var told []Change
	step := func(code ChangeCode, to string) {
		if to != name {
			told = append(told, Change{code, name, to})
			name = to
		}
	}
	step(ChangedChars, n.replace(name))
	step(ChangedSpaces, n.spaces(name))
	if name == "" || name == "." || name == ".." {
		step(ChangedEmpty, strings.Repeat(n.fill, max(1, len(name))))
	}
	if top && n.rules.IsReserved(name) {
		step(ChangedReserved, name+n.fill)
	}
	short := fit(name, n.limit)
	if n.rules.TrimSpaces {
		short = strings.TrimRightFunc(short, unicode.IsSpace)
	}
	step(ChangedShortened, short)
	return name, told
}

func (n *namer) replace(name string) string {
	var b strings.Builder
	for i, r := range name {
		_, size := utf8.DecodeRuneInString(name[i:])
		broken := r == utf8.RuneError && size == 1
		if broken || !n.allowed(r) || i == 0 && strings.ContainsRune(n.rules.ForbiddenFirst, r) {
			b.WriteString(n.fill)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (n *namer) spaces(name string) string {
	if n.rules.TrimSpaces {
		name = strings.TrimFunc(name, unicode.IsSpace)
	}
	for n.rules.CollapseSpaces && strings.Contains(name, "  ") {
		name = strings.ReplaceAll(name, "  ", " ")
	}
	return name
}

// number makes the k-th name for a level whose plain name is taken: "Name (2)".
func (n *namer) number(name string, k, limit int) string {
	suffix := " (" + strconv.Itoa(k) + ")"
	for _, r := range suffix {
		if !n.allowed(r) {
			suffix = n.fill + n.digits(k)
			break
		}
	}
	base := fit(name, max(1, limit-len(suffix)))
	if n.rules.TrimSpaces || n.rules.CollapseSpaces {
		base = strings.TrimRightFunc(base, unicode.IsSpace)
	}
	return base + suffix
}

// digits writes k without a forbidden character, in the last resort by length.
func (n *namer) digits(k int) string {
	s := strconv.Itoa(k)
	for _, r := range s {
		if !n.allowed(r) {
			return strings.Repeat(n.fill, k)
		}
	}
	return s
}

// key makes two paths equal exactly if the destination holds them for one folder.
// INBOX is INBOX in every spelling (RFC 9051 section 5.1); composed and decomposed
// letters look alike to people and are one name on some file systems.
func (n *namer) key(levels []string) string {
	parts := make([]string, len(levels))
	for i, l := range levels {
		parts[i] = norm.NFC.String(l)
		if n.fold {
			parts[i] = folded(l)
		}
		if i == 0 && strings.EqualFold(l, inbox) {
			parts[i] = inbox
		}
	}
	return strings.Join(parts, "\x00")
}

// room is what is left for the last level of a path below parent.
func (n *namer) room(parent []string) int {
	if n.whole == 0 {
		return n.limit
	}
	left := n.whole
	for _, l := range parent {
		left -= wireLength(l) + 1
	}
	return min(left, n.limit)
}
