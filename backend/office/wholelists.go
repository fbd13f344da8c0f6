package office

import (
	"context"

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
