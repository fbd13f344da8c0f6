package preset

import (
	"slices"
	"strings"
	"sync"
)

// NameRules says which folder names a server family accepts as a destination, and how
// it arranges its folders. What a session itself knows (its separator) comes on top.
type NameRules struct {
	Families          []string `json:"families"`
	Forbidden         string   `json:"forbidden"`         // characters that no level may hold
	ForbiddenFirst    string   `json:"forbiddenFirst"`    // characters that no level may begin with
	Reserved          []string `json:"reserved"`          // top-level names that the server keeps for itself; case does not matter
	TrimSpaces        bool     `json:"trimSpaces"`        // no space at either end of a level
	CollapseSpaces    bool     `json:"collapseSpaces"`    // no two spaces in a row
	CaseFold          bool     `json:"caseFold"`          // names differing only in case are one folder
	MaxLevelBytes     int      `json:"maxLevelBytes"`     // of one level as encoded on the wire; 0 unknown
	MaxDottedBytes    int      `json:"maxDottedBytes"`    // of the whole encoded name if the separator is "."; 0 none
	NoInboxChildren   bool     `json:"noInboxChildren"`   // INBOX cannot have sub-folders
	NoSpecialChildren bool     `json:"noSpecialChildren"` // special folders cannot have sub-folders
	UserRoot          []string `json:"userRoot"`          // levels under which users' own folders live
	SystemRoots       []string `json:"systemRoots"`       // parents of the server's own special folders
	CopyRoots         []string `json:"copyRoots"`         // parents of folders that only repeat messages
	Notes             []string `json:"notes"`
	Facts             []Fact   `json:"facts"`
}

var nameRules = sync.OnceValue(func() []NameRules {
	var rows []NameRules
	mustLoad("naming.json", &rows)
	return rows
})

// Naming returns the rules for a server family or alias. Families that the data do
// not know, "" too, get the common rules: no control characters, 255 bytes a level.
func Naming(family string) NameRules {
	family = Family(family)
	rows := nameRules()
	i := slices.IndexFunc(rows, func(r NameRules) bool { return slices.Contains(r.Families, family) })
	if i < 0 {
		i = slices.IndexFunc(rows, func(r NameRules) bool { return slices.Contains(r.Families, "unknown") })
	}
	r := rows[i]
	r.Families, r.Reserved, r.UserRoot = slices.Clone(r.Families), slices.Clone(r.Reserved), slices.Clone(r.UserRoot)
	r.SystemRoots, r.CopyRoots = slices.Clone(r.SystemRoots), slices.Clone(r.CopyRoots)
	r.Notes, r.Facts = slices.Clone(r.Notes), slices.Clone(r.Facts)
	return r
}

// IsReserved reports whether the server keeps a top-level name for itself.
func (r NameRules) IsReserved(level string) bool {
	return slices.ContainsFunc(r.Reserved, func(n string) bool { return strings.EqualFold(n, level) })
}
