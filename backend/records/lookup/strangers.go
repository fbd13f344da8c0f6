package lookup

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// Household is whom the names and addresses of a question may belong to.
type Household struct {
	People []Person
	Others []string // further names and addresses: aliases, lists, departments, contacts
	Named  bool     // Others has every alias of every person
	Whole  bool     // Others has every address of the office, those of lists as well
}

// Stranger is somebody whom a question names as if of the office, and who is not.
type Stranger struct {
	Asked string   // as the question spells it
	Near  []Person // of the office, whose names or addresses are nearly so
}

const (
	mostStrangers = 3
	mostNear      = 3
)

// traceless are the verdicts of a question that found nothing at all.
var traceless = []Verdict{NoTrace, NoTraceGap, NoTraceYet, NoTraceFiles, NotReadYet, NotInFiles, NoTraceNoLog, NoTraceHalf, NoSuchLog}

// Strangers are those whom a question that found nothing names and the office does not
// have. A whole address of elsewhere is no stranger, nor is one of the office where not all
// of them are known. It is nil where nobody of the
// office is known.
func Strangers(a Answer, h Household) (all []Stranger) {
	if len(h.People) == 0 || !slices.Contains(traceless, a.Verdict) {
		return nil
	}
	q := a.Question
	add := func(asked string, near []Person) {
		if len(all) < mostStrangers {
			all = append(all, Stranger{asked, near})
		}
	}
	for _, who := range q.Who {
		if near := h.near(who); !slices.Contains(q.mine, who) && h.foreign(who, q.domains, near) {
			add(who, near)
		}
	}
	if slices.ContainsFunc(h.People, func(p Person) bool { return p.Name == "" }) {
		return all // who has no name in the directory may be called so
	}
	for _, name := range q.spoken() {
		near := h.near(name)
		if !h.knows(name) && q.meant(name, near) {
			add(name, near)
		}
	}
	return all
}

// foreign says whether an address, or the part of one, would be of the office if there
// were such a person: an address of its domain, or zhang.wei, which is no domain.
func (h Household) foreign(who string, domains []string, near []Person) bool {
	if _, domain, whole := strings.Cut(who, "@"); whole {
		return h.Whole && slices.Contains(domains, domain) && !h.knows(who)
	}
	if h.knows(who) || !h.Named || !dotted.MatchString(who) {
		return false
	}
	suffix, real := publicsuffix.PublicSuffix(who)
	return len(near) > 0 || !real || spelt(who, suffix)
}

// spelt says whether a part of an address is rather a name than a domain although its end
// is one of a country, as in li.na: it begins with a Chinese surname, and the country is
// none that an office writes to.
func spelt(who, suffix string) bool {
	first, _, _ := strings.Cut(who, ".")
	return len(suffix) == 2 && slices.Contains(speltSurnames, first) && !slices.Contains(usualCountries, suffix)
}

// dotted is an address up to its @, such as li.na.
var dotted = regexp.MustCompile(`^\p{L}{1,20}[._-]\p{L}{1,20}$`)

// spoken are the words of a question that can be names: Chinese ones, and Latin ones
// that stand together.
func (q Question) spoken() (names []string) {
	text := strings.ToLower(plain(q.Text))
	for _, w := range strings.Fields(q.Words) {
		if hasHan(w) {
			names = append(names, strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune("的给对跟和", r) })...)
			continue
		}
		if !latinName.MatchString(w) {
			continue
		}
		if n := len(names); n > 0 && strings.Contains(text, strings.ToLower(names[n-1]+" "+w)) {
			names[n-1] += " " + w
			continue
		}
		names = append(names, w)
	}
	return names
}

var latinName = regexp.MustCompile(`^\p{Latin}[\p{Latin}'’-]{1,19}$`)

// meant says whether a name stands where a person stands, or is one by what it looks like
// and by who is called nearly so.
func (q Question) meant(name string, near []Person) bool {
	if hasHan(name) {
		if !chineseName(name) {
			return false
		}
		return len(near) > 0 || strings.TrimSpace(q.Text) == name || q.inPlace(name, receivers, senders, owners)
	}
	capital := unicode.IsUpper(firstRune(name))
	if q.inPlace(name, receivers, owners) && (capital || len(near) > 0) {
		return true
	}
	return len(near) > 0 && q.inPlace(name, senders)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// owners are the places of somebody who signs in, or has a mailbox.
var owners = regexps(
	oneOf+near+`(?:登录|登陆|登入|上线)`,
	oneOf+`\s*的?(?:邮件|信件|信|邮箱|账号|帐号|账户|密码|来信)`,
	`(?i)\b(?:did|does|do|has|have|had)\s+`+oneOf+`\s+(?:ever )?(?:sign|log)`,
	`(?i)`+oneOf+`(?:['’]s?)?\s+(?:e-?mails?|mails?|mailbox|account|password|sign-?ins?|log-?ins?)\b`,
)

// inPlace says whether a name stands in one of these places.
func (q Question) inPlace(name string, places ...[]*regexp.Regexp) bool {
	text := plain(q.Text)
	at := findWord(text, name)
	if at.from < 0 {
		return false
	}
	marked := text[:at.from] + string(rune(0xE000)) + text[at.to:]
	for _, re := range slices.Concat(places...) {
		if re.MatchString(marked) {
			return true
		}
	}
	return false
}

// chineseName says whether a word looks like a Chinese name: a surname and one or two
// characters more, and no common word of business that begins with one.
func chineseName(w string) bool {
	runes := []rune(w)
	for _, r := range runes {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	if slices.ContainsFunc(noNames, func(word string) bool { return strings.HasPrefix(w, word) || strings.HasSuffix(w, word) }) {
		return false
	}
	if len(runes) > 2 && slices.Contains(longSurnames, string(runes[:2])) {
		return len(runes) < 5
	}
	return (len(runes) == 2 || len(runes) == 3) && strings.ContainsRune(surnames, runes[0])
}

// knows says whether a name is one of the office, whole or a part of somebody's.
func (h Household) knows(name string) bool {
	folded := bare(name)
	part := func(whole string) bool {
		return slices.ContainsFunc(split(whole), func(s string) bool { return bare(s) == folded })
	}
	for _, p := range h.People {
		if part(p.local()) || part(p.Name) || strings.EqualFold(p.Address, name) || bare(p.Name) == folded {
			return true
		}
	}
	return slices.ContainsFunc(h.Others, func(other string) bool {
		local, _, address := strings.Cut(other, "@")
		return strings.EqualFold(other, name) || bare(local) == folded || !address && strings.Contains(other, name)
	})
}

// split are the words that a name or what stands before the @ is made of.
func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ._-", r) })
}

// bare is a name without what stands between its parts, in lower case.
func bare(s string) string { return strings.ToLower(strings.Join(split(s), "")) }

// near are the people whose names or addresses are nearly so, the nearest first.
func (h Household) near(asked string) (close []Person) {
	local, _, _ := strings.Cut(asked, "@")
	type candidate struct {
		Person
		away int
	}
	var all []candidate
	for _, p := range h.People {
		if away := p.away(local); away >= 0 {
			all = append(all, candidate{p, away})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return a.away - b.away })
	for _, c := range all[:min(len(all), mostNear)] {
		close = append(close, c.Person)
	}
	return close
}

// away is how far a name is from somebody's, -1: too far to be meant.
func (p Person) away(asked string) int {
	if hasHan(asked) {
		return awayHan(asked, p.Name)
	}
	sought, best := bare(asked), -1
	parts := split(p.local())
	slices.Reverse(parts)
	for i, name := range append([]string{p.local(), strings.Join(parts, ""), p.Name}, append(split(p.Name), parts...)...) {
		if hasHan(name) {
			continue
		}
		if away := awayLatin(sought, bare(name), i > 2); away >= 0 && (best < 0 || away < best) {
			best = away
		}
	}
	return best
}

// awayHan takes Chinese names for near where one holds the other, or one of three
// characters is another.
func awayHan(asked, name string) int {
	a, b := []rune(asked), []rune(name)
	switch {
	case len(a) < 2 || len(b) < 2 || len(a) > 4 || len(b) > 4:
		return -1
	case strings.Contains(name, asked) || strings.Contains(asked, name):
		return 1
	case len(a) > 2 && len(a) == len(b) && distance(a, b) == 1:
		return 1
	}
	return -1
}

// awayLatin allows one slip, two in a long name; a part of a name must be long enough
// to be known by.
func awayLatin(a, b string, part bool) int {
	x, y := []rune(a), []rune(b)
	short := min(len(x), len(y))
	if short < 3 || part && short < 4 || max(len(x), len(y)) > 40 {
		return -1
	}
	allowed := 1
	if short > 7 {
		allowed = 2
	}
	if d := distance(x, y); d <= allowed {
		return d
	}
	if !part && short > 3 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) {
		return 3
	}
	return -1
}

// distance is how many characters are to be put in, taken out, exchanged or swapped with
// their neighbour to make one of the other.
func distance(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		this := make([]int, len(b)+1)
		this[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			this[j+1] = min(last[j+1]+1, this[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				this[j+1] = min(this[j+1], before[j-1]+1)
			}
		}
		before, last = last, this
	}
	return last[len(b)]
}
