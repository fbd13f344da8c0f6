package office

import (
	"slices"
	"strconv"

	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// thing is one object of an office, or none of it: at most one field is set.
type thing struct {
	Person     *provider.Person       `json:"person,omitempty"`
	Department *provider.Department   `json:"department,omitempty"`
	List       *provider.List         `json:"list,omitempty"`
	Contact    *provider.Contact      `json:"contact,omitempty"`
	Group      *provider.ContactGroup `json:"group,omitempty"`
	Tag        *provider.Tag          `json:"tag,omitempty"`
}

// none is true where there is no object.
func (t thing) none() bool { return t == thing{} }

// id is the object's ID; "" for none.
func (t thing) id() string {
	switch {
	case t.Person != nil:
		return t.Person.ID
	case t.Department != nil:
		return t.Department.ID
	case t.List != nil:
		return t.List.ID
	case t.Contact != nil:
		return t.Contact.ID
	case t.Group != nil:
		return t.Group.ID
	case t.Tag != nil:
		return t.Tag.ID
	}
	return ""
}

// named is the object under another ID.
func (t thing) named(id string) thing {
	t = t.clone()
	switch {
	case t.Person != nil:
		t.Person.ID = id
	case t.Department != nil:
		t.Department.ID = id
	case t.List != nil:
		t.List.ID = id
	case t.Contact != nil:
		t.Contact.ID = id
	case t.Group != nil:
		t.Group.ID = id
	case t.Tag != nil:
		t.Tag.ID = id
	}
	return t
}

// label is what people know the object by.
func (t thing) label() string {
	switch {
	case t.Person != nil:
		return t.Person.Address
	case t.Department != nil:
		return t.Department.Name
	case t.List != nil:
		return t.List.Address
	case t.Contact != nil:
		return t.Contact.Name
	case t.Group != nil:
		return t.Group.Name
	case t.Tag != nil:
		return t.Tag.Name
	}
	return ""
}

// partial is true where the provider knows more than is here.
func (t thing) partial() bool {
	return t.Person != nil && t.Person.Partial || t.List != nil && t.List.Partial || t.Tag != nil && t.Tag.Partial
}

// values are the object's values as texts; nil for none.
func (t thing) values(name directory.Namer) []directory.Value {
	switch {
	case t.Person != nil:
		return directory.PersonValues(*t.Person, name)
	case t.Department != nil:
		return directory.DepartmentValues(*t.Department, name)
	case t.List != nil:
		return directory.ListValues(*t.List, name)
	case t.Contact != nil:
		return directory.ContactValues(*t.Contact, name)
	case t.Group != nil:
		return directory.GroupValues(*t.Group)
	case t.Tag != nil:
		return directory.TagValues(*t.Tag, name)
	}
	return nil
}

// kept is the object as [directory.Store.Put] takes it.
func (t thing) kept() any {
	switch {
	case t.Person != nil:
		return *t.Person
	case t.Department != nil:
		return *t.Department
	case t.List != nil:
		return *t.List
	case t.Contact != nil:
		return *t.Contact
	case t.Group != nil:
		return *t.Group
	case t.Tag != nil:
		return *t.Tag
	}
	return nil
}

// clone is a copy whose object can be changed.
func (t thing) clone() thing {
	switch {
	case t.Person != nil:
		p := *t.Person
		p.Aliases, p.HiddenAddresses, p.SignIn = slices.Clone(p.Aliases), slices.Clone(p.HiddenAddresses), cloneMap(p.SignIn)
		t.Person = &p
	case t.Department != nil:
		d := *t.Department
		t.Department = &d
	case t.List != nil:
		l := *t.List
		l.Members = slices.Clone(l.Members)
		t.List = &l
	case t.Contact != nil:
		c := *t.Contact
		t.Contact = &c
	case t.Group != nil:
		g := *t.Group
		t.Group = &g
	case t.Tag != nil:
		g := *t.Tag
		g.People, g.Departments = slices.Clone(g.People), slices.Clone(g.Departments)
		t.Tag = &g
	}
	return t
}

func cloneMap[K comparable, V any](m map[K]V) map[K]V {
	out := make(map[K]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// told drops what says nothing in a preview of something new or gone: values that are
// not there, sizes that are not told, the first place.
func told(diffs []Diff, side func(Diff) []string) []Diff {
	return slices.DeleteFunc(diffs, func(d Diff) bool {
		values := side(d)
		if len(values) == 0 {
			return true
		}
		switch d.Attr {
		case provider.AttrQuota:
			n, err := strconv.ParseInt(values[0], 10, 64)
			return err == nil && n <= 0
		case provider.AttrOrder:
			return values[0] == "0"
		}
		return false
	})
}
