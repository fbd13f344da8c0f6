package netease

import (
	"cmp"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// tree puts departments in order, parents before children. One whose parent is not
// listed stands at the top; what goes round in a circle does too. The department of
// those who are in none is not one.
func tree(all []provider.Department) []provider.Department {
	known := map[string]bool{}
	all = slices.DeleteFunc(all, func(d provider.Department) bool {
		twice := unplaced(d.ID) || known[d.ID]
		known[d.ID] = true
		return twice
	})
	below := map[string][]provider.Department{}
	for _, d := range all {
		if !known[d.Parent] || unplaced(d.Parent) || d.Parent == d.ID {
			d.Parent = provider.RootDepartment
		}
		below[d.Parent] = append(below[d.Parent], d)
	}
	var ordered []provider.Department
	placed := map[string]bool{}
	var place func(parent string)
	place = func(parent string) {
		rows := below[parent]
		slices.SortStableFunc(rows, func(a, b provider.Department) int { return cmp.Compare(a.Order, b.Order) })
		for _, d := range rows {
			if !placed[d.ID] {
				placed[d.ID] = true
				ordered = append(ordered, d)
				place(d.ID)
			}
		}
	}
	place(provider.RootDepartment)
	for _, d := range all { // what is left goes round in a circle
		if !placed[d.ID] {
			d.Parent = provider.RootDepartment
			placed[d.ID] = true
			ordered = append(ordered, d)
			place(d.ID)
		}
	}
	return ordered
}

func findUnit(op string, all []provider.Department, id string) (provider.Department, error) {
	for _, d := range all {
		if d.ID == id {
			return d, nil
		}
	}
	return provider.Department{}, core.E(core.NotFound, op, nil, "what", "department")
}

// newUnit checks a department that is to be made. The API's own words for these cases
// are not known, and it lets two of one name stand side by side.
func newUnit(op string, all []provider.Department, d provider.Department) error {
	if err := named(op, d.Name); err != nil {
		return err
	}
	if d.Parent != provider.RootDepartment {
		if _, err := findUnit(op, all, d.Parent); err != nil {
			return core.E(core.NotFound, op, nil, "field", string(provider.AttrParent))
		}
	}
	return alone(op, all, d)
}

func named(op, name string) error {
	if strings.TrimSpace(name) == "" {
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrName), "reason", "missing")
	}
	return nil
}

// alone refuses a name that stands beside it already.
func alone(op string, all []provider.Department, d provider.Department) error {
	for _, other := range all {
		if other.Parent == d.Parent && other.Name == d.Name && other.ID != d.ID {
			return core.E(core.Conflict, op, nil, "field", string(provider.AttrName))
		}
	}
	return nil
}

// childless refuses to delete a department with others in it: what the API would do
// with them is not known.
func childless(op string, all []provider.Department, id string) error {
	if _, err := findUnit(op, all, id); err != nil {
		return err
	}
	for _, d := range all {
		if d.Parent == id {
			return core.E(core.Conflict, op, nil, "reason", "departments")
		}
	}
	return nil
}
