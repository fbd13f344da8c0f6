package lookup

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Person is somebody of the office.
type Person struct{ Address, Name string }

// local is what stands before the @.
func (p Person) local() string {
	local, _, _ := strings.Cut(p.Address, "@")
	return local
}

// byName finds people of the office by their whole name, before anything else is read:
// a name may hold a time of the week (周一鸣). The longest name counts.
func (q *Question) byName(rest string, people []Person) string {
	byLength := slices.Clone(people)
	slices.SortStableFunc(byLength, func(a, b Person) int { return len(b.Name) - len(a.Name) })
	for _, p := range byLength {
		if utf8.RuneCountInString(p.Name) > 1 {
			rest = q.take(rest, p.Address, findWord(rest, p.Name))
		}
	}
	return rest
}

// place is where a name stands; from < 0: nowhere.
type place struct{ from, to int }

// take notes a person whose name was found, and takes the name out.
func (q *Question) take(rest, address string, at place) string {
	if at.from < 0 {
		return rest
	}
	q.who(address)
	return rest[:at.from] + strings.Repeat(" ", at.to-at.from) + rest[at.to:]
}

func (q *Question) who(address string) {
	if !slices.Contains(q.Who, address) {
		q.Who = append(q.Who, address)
	}
}

// byAddress finds people by what stands before the @ of their address, also where it is
// written apart ("wang fang" for wang.fang) or the other way round.
func (q *Question) byAddress(rest string, people []Person) string {
	for _, p := range people {
		local := p.local()
		if len(local) < 2 || slices.Contains(q.Who, p.Address) {
			continue
		}
		at := findWord(rest, local)
		if parts := parted.Split(local, -1); at.from < 0 && len(parts) > 1 {
			at = findParts(rest, parts)
			if at.from < 0 && len(parts) == 2 {
				at = findParts(rest, []string{parts[1], parts[0]})
			}
		}
		rest = q.take(rest, p.Address, at)
	}
	return rest
}

var parted = regexp.MustCompile(`[._-]+`)

// findParts finds the parts of a name with nothing or little between them, as a word of
// its own.
func findParts(text string, parts []string) place {
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		lower = text
	}
	for from := 0; ; {
		at := strings.Index(lower[from:], strings.ToLower(parts[0]))
		if at < 0 || parts[0] == "" {
			return nowhere
		}
		at += from
		end := following(lower, at, parts)
		if end > 0 && (at == 0 || !wordByte(lower[at-1])) && ends(lower[end:]) {
			return place{at, end}
		}
		from = at + len(parts[0])
	}
}

var nowhere = place{-1, -1}

// following is where the parts end that follow each other from a place on; -1: they do
// not.
func following(lower string, at int, parts []string) int {
	for i, p := range parts {
		for room := 0; i > 0 && room < 2 && at < len(lower) && strings.IndexByte(" ._-\t", lower[at]) >= 0; room++ {
			at++
		}
		if p == "" || !strings.HasPrefix(lower[at:], strings.ToLower(p)) {
			return -1
		}
		at += len(p)
	}
	return at
}

// spaced is a Chinese name that was typed with room between its characters.
func spaced(text, name string) place {
	chars := strings.Split(name, "")
	if len(chars) < 2 || len(chars) > 4 || !hasHan(name) || !strings.Contains(text, chars[0]+" ") {
		return nowhere
	}
	return findParts(text, chars)
}

// called finds how colleagues call each other: 小王, 王总, 王姐. Of several people with that surname
// any may be meant.
var called = regexp.MustCompile(`(?:小|老|阿)(\p{Han})|(\p{Han})(?:总监|经理|老师|主任|会计|先生|女士|小姐|总|工|姐|哥)`)

// mostMeant is of how many people one may be meant.
const mostMeant = 8

func (q *Question) byTitle(rest string, people []Person) string {
	for _, m := range called.FindAllStringSubmatchIndex(rest, -1) {
		surname := group(rest, m, 1) + group(rest, m, 2)
		var them []Person
		for _, p := range people {
			if strings.HasPrefix(p.Name, surname) && hasHan(p.Name) && utf8.RuneCountInString(p.Name) < 5 {
				them = append(them, p)
			}
		}
		switch {
		case len(them) == 1:
			return q.take(rest, them[0].Address, place{m[0], m[1]})
		case len(them) > 1 && len(them) <= mostMeant:
			for _, p := range them {
				q.AnyOf = append(q.AnyOf, p.Address)
			}
			return rest[:m[0]] + strings.Repeat(" ", m[1]-m[0]) + rest[m[1]:]
		}
	}
	return rest
}

// initials are the people whose address begins its parts with these letters: wf for
// wang.fang.
func initials(token string, people []Person) (found []string) {
	if len(token) < 2 || len(token) > 3 {
		return nil
	}
	for _, p := range people {
		first := ""
		for _, part := range parted.Split(p.local(), -1) {
			if part != "" {
				first += part[:1]
			}
		}
		if strings.EqualFold(first, token) {
			found = append(found, p.Address)
		}
	}
	return found
}

// findWord finds a name in a text, whatever its case: a Latin one as a whole word.
func findWord(text, name string) place {
	lower, sought := strings.ToLower(text), strings.ToLower(name)
	if len(lower) != len(text) || len(sought) != len(name) {
		lower, sought = text, name
	}
	latin := sought[0] < utf8.RuneSelf
	for from := 0; ; {
		at := strings.Index(lower[from:], sought)
		if at < 0 {
			return spaced(text, name)
		}
		at += from
		end := at + len(sought)
		if !latin || (at == 0 || !wordByte(lower[at-1])) && ends(lower[end:]) {
			return place{at, end}
		}
		from = end
	}
}

// ends says that no word goes on here; a full stop may end a sentence.
func ends(rest string) bool {
	rest = strings.TrimLeft(rest, ".")
	return rest == "" || !wordByte(rest[0])
}

func wordByte(c byte) bool {
	return c == '.' || c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
