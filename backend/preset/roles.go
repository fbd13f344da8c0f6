package preset

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"mailroom/backend/core"
)

type roleFile struct {
	Parents  []string      `json:"parents"` // folders under which one more level counts as top level
	Roles    []roleRow     `json:"roles"`
	Skips    []skipRow     `json:"skips"`
	Observed []observedRow `json:"observed"`
}

type roleRow struct {
	Role  core.Role `json:"role"`
	Ask   bool      `json:"ask"`   // the name means different things to different servers
	Under []string  `json:"under"` // only below these parents; none: at every place that counts
	Names []string  `json:"names"`
	Fact
}

type skipRow struct {
	Reason   string   `json:"reason"`
	Names    []string `json:"names"`
	Families []string `json:"families"` // where it surely holds no mail; none: everywhere
	Fact
}

// observedRow is a name as a server sent it, kept to prove that the table's text and
// the wire agree.
type observedRow struct {
	Family string    `json:"family"`
	Wire   string    `json:"wire"`
	Text   string    `json:"text"`
	Role   core.Role `json:"role"`
	Skip   string    `json:"skip"`
	Fact
}

type nameIndex struct {
	parents map[string]bool
	roles   map[string]roleRow // "name", or "parent\x00name" where the row says Under
	skips   map[string]skipRow
}

var roleData = sync.OnceValue(func() roleFile {
	var f roleFile
	mustLoad("roles.json", &f)
	return f
})

var names = sync.OnceValue(func() nameIndex {
	ix := nameIndex{map[string]bool{}, map[string]roleRow{}, map[string]skipRow{}}
	for _, p := range roleData().Parents {
		ix.parents[foldName(p)] = true
	}
	for _, r := range roleData().Roles {
		for _, n := range r.Names {
			if len(r.Under) == 0 {
				ix.roles[foldName(n)] = r
			}
			for _, p := range r.Under {
				ix.roles[foldName(p)+"\x00"+foldName(n)] = r
			}
		}
	}
	for _, r := range roleData().Skips {
		for _, n := range r.Names {
			ix.skips[foldName(n)] = r
		}
	}
	return ix
})

// foldName makes names comparable: compatibility forms (full width, decomposed Hangul)
// become one, and letters lose their case. Spaces stay: only whole names match.
func foldName(s string) string {
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(s)))
}

// RoleByName guesses a folder's role from its decoded levels (namespace prefix cut).
// Whole names only, at the top level or one level under INBOX, [Gmail] or
// [Google Mail]. certain is false where the same name means different things to
// different servers (垃圾箱 is junk here and trash there) or is only similar to the
// role: then ask. A name that says nothing is ("", true): certainly an ordinary folder.
func RoleByName(levels []string) (role core.Role, certain bool) {
	if len(levels) == 1 && foldName(levels[0]) == "inbox" {
		return core.RoleInbox, true
	}
	name, ok := topName(levels)
	if !ok {
		return core.RoleNone, true
	}
	r, ok := names().roles[foldName(levels[0])+"\x00"+name]
	if !ok {
		r, ok = names().roles[name]
	}
	if !ok {
		return core.RoleNone, true
	}
	return r.Role, !r.Ask
}

// SkipByName says that a folder is by its name no place for mail (calendar, contacts,
// tasks …) or unwanted (virus folders), with the reason's code. certain is false where
// the name is an ordinary word and the family is not known to keep other things there:
// then ask. The reason is "" for every other folder.
func SkipByName(levels []string, family string) (reason string, certain bool) {
	name, ok := topName(levels)
	if !ok {
		return "", true
	}
	r, ok := names().skips[name]
	if !ok {
		return "", true
	}
	return r.Reason, inFamilies(r.Families, Family(family))
}

// SkipReasons lists the codes that [SkipByName] can return, sorted.
func SkipReasons() []string {
	var all []string
	for _, r := range roleData().Skips {
		all = append(all, r.Reason)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// topName returns the folded name if levels are at a place where names have a meaning.
func topName(levels []string) (string, bool) {
	switch {
	case len(levels) == 1:
		return foldName(levels[0]), true
	case len(levels) == 2 && names().parents[foldName(levels[0])]:
		return foldName(levels[1]), true
	}
	return "", false
}
