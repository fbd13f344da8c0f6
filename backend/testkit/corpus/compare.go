package corpus

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Rules loosen a comparison where the destination cannot be equal. The zero value
// asks for everything.
type Rules struct {
	// Rename gives the destination's key of a source folder; nil: the same.
	Rename func(key string) string
	// Excluded tells messages that must NOT arrive (left behind or excluded by a rule).
	Excluded func(folder string, e Entry) bool
	// Others allows folders and messages at the destination that the source lacks.
	Others         bool
	AnyDate        bool
	AnyFlags       bool
	AnyKeywords    bool
	AnySubscribed  bool
	ParentsAreReal bool // a mere parent may be a real, empty folder at the other side
}

// Difference is the outcome of a comparison.
type Difference struct {
	Lost          []string // in the source, not at the destination
	Doubled       []string // more often at the destination than in the source
	Altered       []string // the same Message-ID or subject, other bytes; also counted in neither of the others
	Strange       []string // at the destination, unknown to the source
	Dates         []string
	Flags         []string
	Keywords      []string
	Subscriptions []string
	Folders       []string // missing, or of another kind, or unknown to the source
}

// Empty tells whether nothing differs.
func (d Difference) Empty() bool { return d.String() == "" }

// String lists what differs, a few of each kind; "" if nothing does.
func (d Difference) String() string {
	var out strings.Builder
	for _, part := range []struct {
		name string
		list []string
	}{
		{"lost", d.Lost}, {"doubled", d.Doubled}, {"altered", d.Altered}, {"strange", d.Strange}, {"dates", d.Dates}, {"flags", d.Flags},
		{"keywords", d.Keywords}, {"subscriptions", d.Subscriptions}, {"folders", d.Folders},
	} {
		if len(part.list) == 0 {
			continue
		}
		fmt.Fprintf(&out, "%s: %d\n", part.name, len(part.list))
		for _, line := range part.list[:min(8, len(part.list))] {
			fmt.Fprintf(&out, "  %s\n", line)
		}
	}
	return out.String()
}

// Compare tells what the destination lacks, has too much of, or has differently.
func Compare(source, destination Manifest, rules Rules) Difference {
	var d Difference
	known := map[string]bool{}
	for _, key := range sorted(source) {
		want, at := source[key], key
		if rules.Rename != nil {
			at = rules.Rename(key)
		}
		known[at] = true
		got := destination[at]
		if got == nil {
			if !(want.NoSelect && len(want.Messages) == 0) {
				d.Folders = append(d.Folders, "missing "+at)
			}
			got = &Contents{Subscribed: want.Subscribed}
		} else if want.NoSelect != got.NoSelect && !(rules.ParentsAreReal && want.NoSelect) {
			d.Folders = append(d.Folders, fmt.Sprintf("%s: mere parent %v, was %v", at, got.NoSelect, want.NoSelect))
		}
		if want.Subscribed != got.Subscribed && !rules.AnySubscribed {
			d.Subscriptions = append(d.Subscriptions, fmt.Sprintf("%s: %v, was %v", at, got.Subscribed, want.Subscribed))
		}
		d.messages(at, want.Messages, got.Messages, rules, key)
	}
	for _, key := range sorted(destination) {
		c := destination[key]
		parent := len(c.Messages) == 0 && (c.NoSelect || rules.ParentsAreReal && above(key, known))
		if !known[key] && !rules.Others && !parent {
			d.Folders = append(d.Folders, "strange "+key)
			d.messages(key, nil, c.Messages, rules, key)
		}
	}
	return d
}

// above tells whether key is a parent of a known folder.
func above(key string, known map[string]bool) bool {
	for k := range known {
		if strings.HasPrefix(k, key+"/") {
			return true
		}
	}
	return false
}

func sorted(m Manifest) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// messages compares one folder. Equal bytes may occur several times: copies are
// paired so that as few properties as possible differ.
func (d *Difference) messages(folder string, want, got []Entry, rules Rules, source string) {
	have := map[string][]Entry{}
	for _, e := range got {
		have[e.Sum] = append(have[e.Sum], e)
	}
	var lost, rest []Entry
	expected := map[string]bool{}
	for _, e := range want {
		if rules.Excluded != nil && rules.Excluded(source, e) {
			continue
		}
		expected[e.Sum] = true
		if i := slices.IndexFunc(have[e.Sum], func(o Entry) bool { return sameOutside(e, o, rules) }); i >= 0 {
			have[e.Sum] = slices.Delete(have[e.Sum], i, i+1)
			continue
		}
		rest = append(rest, e)
	}
	for _, e := range rest {
		if len(have[e.Sum]) == 0 {
			lost = append(lost, e)
			continue
		}
		d.outside(folder, e, have[e.Sum][0], rules)
		have[e.Sum] = have[e.Sum][1:]
	}
	d.leftOver(folder, lost, have, expected, rules)
}

// leftOver sorts what found no partner.
func (d *Difference) leftOver(folder string, lost []Entry, have map[string][]Entry, expected map[string]bool, rules Rules) {
	var strange []Entry
	for sum, list := range have {
		for _, e := range list {
			if expected[sum] {
				d.Doubled = append(d.Doubled, told(folder, e))
			} else {
				strange = append(strange, e)
			}
		}
	}
	for _, e := range lost {
		i := slices.IndexFunc(strange, func(o Entry) bool { return o.Label == e.Label })
		if i < 0 {
			d.Lost = append(d.Lost, told(folder, e))
			continue
		}
		d.Altered = append(d.Altered, fmt.Sprintf("%s, now %d bytes", told(folder, e), strange[i].Size))
		strange = slices.Delete(strange, i, i+1)
	}
	for _, e := range strange {
		if !rules.Others {
			d.Strange = append(d.Strange, told(folder, e))
		}
	}
	sort.Strings(d.Doubled)
	sort.Strings(d.Strange)
}

func told(folder string, e Entry) string {
	return fmt.Sprintf("%s: %s, %d bytes", folder, e.Label, e.Size)
}

func sameOutside(a, b Entry, rules Rules) bool {
	return (rules.AnyDate || a.Date.Equal(b.Date)) && (rules.AnyFlags || slices.Equal(a.Flags, b.Flags)) &&
		(rules.AnyKeywords || slices.Equal(a.Keywords, b.Keywords))
}

func (d *Difference) outside(folder string, want, got Entry, rules Rules) {
	if !rules.AnyDate && !want.Date.Equal(got.Date) {
		d.Dates = append(d.Dates, fmt.Sprintf("%s: %s, was %s", told(folder, want), got.Date, want.Date))
	}
	if !rules.AnyFlags && !slices.Equal(want.Flags, got.Flags) {
		d.Flags = append(d.Flags, fmt.Sprintf("%s: %v, was %v", told(folder, want), got.Flags, want.Flags))
	}
	if !rules.AnyKeywords && !slices.Equal(want.Keywords, got.Keywords) {
		d.Keywords = append(d.Keywords, fmt.Sprintf("%s: %v, was %v", told(folder, want), got.Keywords, want.Keywords))
	}
}
