package preset

import (
	"slices"
	"strings"
	"sync"
)

type familyRow struct {
	ID      string   `json:"id"`
	Aliases []string `json:"aliases"`
	Own     bool     `json:"own"`
	Fact
}

var families = sync.OnceValue(func() []familyRow {
	var rows []familyRow
	mustLoad("families.json", &rows)
	return rows
})

var familyIndex = sync.OnceValue(func() map[string]string {
	index := map[string]string{}
	for _, r := range families() {
		index[r.ID] = r.ID
		for _, a := range r.Aliases {
			index[a] = r.ID
		}
	}
	return index
})

// Family turns a server family's name or alias ("coremail", "Exmail", "google") into
// the one word that the data use ("netease", "tencent", "gmail"). An unknown name is
// returned lower-cased; "" stays "".
func Family(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if id, ok := familyIndex()[name]; ok {
		return id
	}
	return name
}

// Families lists the families that the data know, sorted.
func Families() []string {
	var ids []string
	for _, r := range families() {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}

// inFamilies reports whether family is one of list; an empty list holds everyone.
func inFamilies(list []string, family string) bool {
	return len(list) == 0 || slices.Contains(list, family)
}
