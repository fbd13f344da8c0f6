package office

import (
	"slices"
	"testing"

	"mailroom/backend/provider"
)

// Who gets what somebody else had until just now waits until it is free, and so does
// whoever is changed twice; everybody else goes along.
func TestChangesAboutTheSameWaitForEachOther(t *testing.T) {
	update := func(id, from, to string) item {
		return item{planned: &planned{change: Change{Kind: UpdatePerson, Target: id}, step: Step{Diffs: []Diff{
			{Attr: provider.AttrStaffNo, Before: []string{from}, After: []string{to}}, {Attr: provider.AttrTitle, Before: []string{}, After: []string{"店长"}},
		}}}}
	}
	alias := func(k Kind, id, address string) item {
		return item{planned: &planned{change: Change{Kind: k, Target: id, Address: address}}}
	}
	for name, c := range map[string]struct {
		a, b item
		wait bool
	}{
		"a staff number handed over": {update("1", "7", "8"), update("2", "6", "7"), true},
		"other numbers":              {update("1", "7", "8"), update("2", "5", "6"), false},
		"the same person":            {update("1", "7", "8"), update("1", "5", "6"), true},
		"two aliases of one":         {alias(AddAlias, "1", "a@x.example"), alias(AddAlias, "1", "b@x.example"), true},
		"one alias of two":           {alias(AddAlias, "1", "a@x.example"), alias(AddAlias, "2", "a@x.example"), true},
		"an alias each":              {alias(AddAlias, "1", "a@x.example"), alias(AddAlias, "2", "b@x.example"), false},
	} {
		with := c.b.subjects()
		if wait := slices.ContainsFunc(c.a.subjects(), func(s string) bool { return slices.Contains(with, s) }); wait != c.wait {
			t.Errorf("%s: %v", name, wait)
		}
	}
}
