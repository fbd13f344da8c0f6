package office

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// leavesLists says whether what a change deletes may be on lists.
func (c Change) leavesLists() bool {
	switch c.Kind {
	case DeletePerson, DeletePersonKeeping, DeleteDepartment, DeleteList:
		return true
	}
	return false
}

// wholeLists is the directory with everything that is on its lists. A key that may not
// read them leaves it as it is.
func (d *Desk) wholeLists(ctx context.Context, live *Live, v *directory.View) (*directory.View, error) {
	reader, ok := live.Provider.(provider.ListReader)
	if !ok || !v.PartialLists() {
		return v, nil
	}
	whole, err := d.cfg.Directory.CompleteLists(ctx, v.Office, reader)
	if err != nil && !standsStill(err) {
		return v, nil
	}
	return whole, err
}

// newMembers are the addresses that a change may put on a list.
func (c Change) newMembers() []string {
	switch c.Kind {
	case CreateList, UpdateList:
		return lowered(slices.Concat(c.List.Members, c.AddMembers))
	}
	return nil
}

// ours says whether an address is of one of the office's domains.
func (p *previewing) ours(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	return slices.ContainsFunc(p.w.view.Domains, func(d provider.Domain) bool { return strings.EqualFold(d.Name, domain) })
}
