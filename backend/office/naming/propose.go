package naming

import (
	"slices"
	"strconv"
	"strings"
)

// Umlaut is how ü is written in an address; it is no letter of one.
type Umlaut string

// The ways of writing ü: as input methods do (lv), as passports do (lyu), and plain (lu).
const (
	UmlautV Umlaut = "v"
	UmlautY Umlaut = "yu"
	UmlautU Umlaut = "u"
)

// Pattern is how an address is made of a name.
type Pattern string

// The patterns, by the example 王小明 or Wang Xiaoming.
const (
	SurnameDotGiven Pattern = "surname.given"   // wang.xiaoming
	SurnameInitials Pattern = "surnameInitials" // wangxm
	GivenDotSurname Pattern = "given.surname"   // xiaoming.wang
	SurnameGiven    Pattern = "surnameGiven"    // wangxiaoming
	AllInitials     Pattern = "initials"        // wxm
	InitialSurname  Pattern = "initialSurname"  // jsmith
	GivenOnly       Pattern = "given"           // john, xiaoming
)

// Patterns lists them in the order in which they are proposed for a Chinese name, or
// for another.
func Patterns(chinese bool) []Pattern {
	if chinese {
		return []Pattern{SurnameDotGiven, SurnameInitials, GivenDotSurname, SurnameGiven, AllInitials}
	}
	return []Pattern{GivenDotSurname, InitialSurname, SurnameDotGiven, GivenOnly, AllInitials}
}

// Options say how addresses are to be made.
type Options struct {
	Umlaut Umlaut  // "": v
	First  Pattern // "": the first of [Patterns]; the habit of the office is offered first
	// Taken says that a local part is used, by a person, an alias or a list.
	Taken func(local string) bool
}

// Proposal is one address that would do.
type Proposal struct {
	Local    string // before the "@"
	Pattern  Pattern
	Numbered bool // the plain one is taken
}

// maxLocal is the longest local part (RFC 5321, 4.5.3.1.1).
const maxLocal = 64

// Propose lists free local parts for a name, the likeliest first, none twice.
func Propose(name string, o Options) []Proposal {
	n, ok := Read(name)
	if !ok {
		return nil
	}
	patterns := Patterns(n.Chinese)
	if o.First != "" {
		patterns = append([]Pattern{o.First}, slices.DeleteFunc(patterns, func(p Pattern) bool { return p == o.First })...)
	}
	var out []Proposal
	seen := map[string]bool{}
	add := func(n Name, p Pattern) {
		plain := o.write(n, p)
		if plain == "" || len(plain) > maxLocal-2 || seen[plain] {
			return
		}
		seen[plain] = true
		local := o.free(plain)
		if local == "" || seen[local] && local != plain {
			return
		}
		seen[local] = true
		out = append(out, Proposal{local, p, local != plain})
	}
	for _, p := range patterns {
		add(n, p)
	}
	for _, other := range n.Other {
		m := n
		m.Surname = []string{other}
		add(m, patterns[0])
	}
	return out
}

// free adds the smallest number that makes a local part free; "" where none up to 99
// does.
func (o Options) free(plain string) string {
	if o.Taken == nil || !o.Taken(plain) {
		return plain
	}
	for i := 2; i < 100; i++ {
		if local := plain + strconv.Itoa(i); !o.Taken(local) {
			return local
		}
	}
	return ""
}

// write makes the local part of a name; "" where the pattern does not fit it.
func (o Options) write(n Name, p Pattern) string {
	surname, given := strings.Join(n.Surname, ""), strings.Join(n.Given, "")
	if n.Chinese {
		surname, given = o.spell(surname), o.spell(given)
	}
	if surname == "" || given == "" {
		if p == AllInitials || p == InitialSurname {
			return ""
		}
		return surname + given
	}
	switch p {
	case SurnameDotGiven:
		return surname + "." + given
	case SurnameInitials:
		return surname + initials(n.Given)
	case GivenDotSurname:
		return given + "." + surname
	case SurnameGiven:
		return surname + given
	case AllInitials:
		if n.Chinese {
			return initials(n.Surname) + initials(n.Given)
		}
		return initials(n.Given) + initials(n.Surname)
	case InitialSurname:
		return initials(n.Given) + surname
	case GivenOnly:
		return given
	}
	return ""
}

// spell writes ü, which the syllables have as "v": no pinyin syllable holds another v.
func (o Options) spell(s string) string {
	switch o.Umlaut {
	case UmlautY:
		return strings.NewReplacer("lv", "lyu", "nv", "nyu").Replace(s)
	case UmlautU:
		return strings.NewReplacer("lv", "lu", "nv", "nu").Replace(s)
	}
	return s
}

// HasUmlaut says whether a name is read with a ü, which can be written in several ways.
func HasUmlaut(name string) bool {
	n, ok := Read(name)
	return ok && n.Chinese && strings.ContainsRune(strings.Join(slices.Concat(n.Surname, n.Given), ""), 'v')
}

func initials(words []string) string {
	var b strings.Builder
	for _, w := range words {
		if w != "" {
			b.WriteByte(w[0])
		}
	}
	return b.String()
}

// Known is a person of the office with the address that it has.
type Known struct{ Name, Local string }

// Habits are the patterns by which an office makes addresses; "" where none is known.
// That 王芳 is wang.fang says nothing of how John Smith would be written.
type Habits struct {
	Chinese Pattern // of Chinese names
	Other   Pattern // of names in other letters
}

// Of is the pattern for a name.
func (h Habits) Of(name string) Pattern {
	if n, _ := Read(name); n.Chinese {
		return h.Chinese
	}
	return h.Other
}

// HabitsOf finds out by which patterns an office makes its addresses: those that most of
// the people with such names have; "" where fewer than a third agree, or fewer than three.
func HabitsOf(people []Known) Habits {
	return Habits{Chinese: habit(people, true), Other: habit(people, false)}
}

func habit(people []Known, chinese bool) Pattern {
	count := map[Pattern]int{}
	all := 0
	for _, k := range people {
		n, ok := Read(k.Name)
		if !ok || n.Chinese != chinese {
			continue
		}
		all++
		local := strings.TrimRight(strings.ToLower(k.Local), "0123456789")
		for _, p := range Patterns(n.Chinese) {
			if (Options{}).write(n, p) == local {
				count[p]++
				break
			}
		}
	}
	var best Pattern
	for _, p := range Patterns(chinese) {
		if count[p] > count[best] {
			best = p
		}
	}
	if count[best] < 3 || count[best]*3 < all {
		return ""
	}
	return best
}
