package intake

import (
	"slices"

	"mailroom/backend/office"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// Keep puts passwords into the vault and returns their handles, "" for a zero value.
type Keep func(passwords []secret.Value) (handles []string, err error)

// Changes are what creates the people of a list: departments first, then everybody who
// is new, then who is updated, then the lists. Errors: those of keep.
func (r Result) Changes(lists []provider.List, keep Keep) ([]office.Change, error) {
	passwords := make([]secret.Value, len(r.Rows))
	for i, row := range r.Rows {
		passwords[i] = row.Password
	}
	handles, err := keep(passwords)
	if err != nil {
		return nil, err
	}
	all := make([]office.Change, 0, len(r.New)+len(r.Rows))
	for _, u := range r.New {
		all = append(all, office.Change{
			Kind: office.CreateDepartment, Handle: u.Handle, Label: u.Path, Department: provider.Department{Parent: u.Parent, Name: u.Name},
		})
	}
	for i, row := range r.Rows {
		all = append(all, row.change(handles[i]))
	}
	for _, e := range r.There {
		all = append(all, e.changes()...)
	}
	return append(all, r.onLists(lists)...), nil
}

// change creates one person. What the provider does not take at creation the desk sends
// afterwards.
func (r Row) change(password string) office.Change {
	return office.Change{
		Kind: office.CreatePerson, Handle: "@p" + itoa(r.Number), Label: r.Person.Address, Row: r.Number, Person: r.Person,
		Password: password, MustChange: r.MustChange,
	}
}

// onLists puts people on their lists, each list once.
func (r Result) onLists(lists []provider.List) (all []office.Change) {
	for _, l := range lists {
		c := office.Change{Kind: office.UpdateList, Target: l.ID, Label: l.Address}
		for _, row := range r.Rows {
			if slices.Contains(row.Lists, l.ID) {
				c.AddMembers = append(c.AddMembers, row.Person.Address)
			}
		}
		for _, e := range r.There {
			if e.Chosen == Update && slices.Contains(e.lists, l.ID) {
				c.AddMembers = append(c.AddMembers, e.Person.Address)
			}
		}
		if len(c.AddMembers) > 0 {
			all = append(all, c)
		}
	}
	return all
}
