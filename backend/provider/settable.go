package provider

import (
	"slices"

	"mailroom/backend/core"
)

// CanCreate refuses a new person that has a value which the office cannot set:
// unsupported, with the first such value in "field". Address and password are part of
// every creation.
func (c Capabilities) CanCreate(p NewPerson) error {
	always := []Attr{AttrAddress, AttrPassword}
	return unsettable("create person", c.Create, slices.DeleteFunc(p.Given(), func(a Attr) bool { return slices.Contains(always, a) }))
}

// CanUpdate refuses a change of a value which the office cannot set: unsupported, with
// the first such value in "field".
func (c Capabilities) CanUpdate(change PersonChange) error {
	return unsettable("update person", c.Change, change.Given())
}

// CanSetDepartment refuses values of a department that the office cannot set:
// unsupported, with the first such value in "field".
func (c Capabilities) CanSetDepartment(change DepartmentChange) error {
	return unsettable("set department", c.Department, change.Given())
}

func unsettable(op string, can, given []Attr) error {
	for _, a := range given {
		if !slices.Contains(can, a) {
			return core.E(core.Unsupported, op, nil, "field", string(a))
		}
	}
	return nil
}

// given collects the names of values that are there.
type given []Attr

func (g *given) note(there bool, a Attr) {
	if there {
		*g = append(*g, a)
	}
}

// Given names the values that a new person has. A quota that is not above 0 is none:
// there the provider's own applies.
func (p NewPerson) Given() []Attr {
	g := make(given, 0, 8)
	g.note(p.Address != "", AttrAddress)
	g.note(p.Name != "", AttrName)
	g.note(len(p.Departments) > 0, AttrDepartments)
	g.note(p.Title != "", AttrTitle)
	g.note(p.Mobile != "", AttrMobile)
	g.note(p.Phone != "", AttrPhone)
	g.note(p.StaffNo != "", AttrStaffNo)
	g.note(p.Remark != "", AttrRemark)
	g.note(p.Gender != "", AttrGender)
	g.note(len(p.Aliases) > 0, AttrAliases)
	g.note(p.Hidden == Yes, AttrHidden)
	g.note(len(p.HiddenAddresses) > 0, AttrHiddenAddresses)
	g.note(!p.Password.IsZero(), AttrPassword)
	g.note(p.MustChange == Yes, AttrMustChange)
	g.note(p.Quota > 0, AttrQuota)
	g.note(p.Forward != nil, AttrForward)
	g.note(p.MailRights != "" && p.MailRights != Everywhere, AttrMailRights)
	g.note(len(p.SignIn) > 0, AttrSignIn)
	g.note(!p.Expires.IsZero(), AttrExpires)
	return g
}

// Given names the values that are to be different.
func (c PersonChange) Given() []Attr {
	var g given
	g.note(c.Name != nil, AttrName)
	g.note(c.Departments != nil, AttrDepartments)
	g.note(c.Title != nil, AttrTitle)
	g.note(c.Mobile != nil, AttrMobile)
	g.note(c.Phone != nil, AttrPhone)
	g.note(c.StaffNo != nil, AttrStaffNo)
	g.note(c.Remark != nil, AttrRemark)
	g.note(c.Gender != nil, AttrGender)
	g.note(c.Hidden != nil, AttrHidden)
	g.note(c.Quota != nil, AttrQuota)
	g.note(c.Expires != nil, AttrExpires)
	return g
}

// Given names the values that are to be different.
func (c DepartmentChange) Given() []Attr {
	var g given
	g.note(c.Name != nil, AttrName)
	g.note(c.Parent != nil, AttrParent)
	g.note(c.Remark != nil, AttrRemark)
	g.note(c.Order != nil, AttrOrder)
	return g
}

// Change is what makes a new department of one with nothing but a name and a parent.
func (d Department) Change() DepartmentChange {
	c := DepartmentChange{Name: &d.Name, Parent: &d.Parent}
	if d.Remark != "" {
		c.Remark = &d.Remark
	}
	if d.Order != 0 {
		c.Order = &d.Order
	}
	return c
}

// Change is what makes an empty list this one.
func (l List) Change() ListChange {
	var c ListChange
	text := func(to **string, from string) {
		if from != "" {
			*to = &from
		}
	}
	all := func(to **[]string, from []string) {
		if len(from) > 0 {
			*to = &from
		}
	}
	flag := func(to **bool, from Flag) {
		if from != Unknown {
			yes := from == Yes
			*to = &yes
		}
	}
	text(&c.Name, l.Name)
	text(&c.Remark, l.Remark)
	all(&c.Members, l.Members)
	all(&c.Lists, l.Lists)
	all(&c.Departments, l.Departments)
	all(&c.Senders, l.Senders)
	flag(&c.Hidden, l.Hidden)
	flag(&c.Off, l.Off)
	if l.Policy != "" {
		c.Policy = &l.Policy
	}
	return c
}

// Refuse refuses what lists of this kind cannot hold: unsupported, with the first
// such value in "field". A new list is checked by its [List.Change]; its name is then
// no renaming.
func (t ListTraits) Refuse(c ListChange) error {
	policies := c.Policy == nil || slices.Contains(t.Policies, *c.Policy)
	senders := slices.Contains(t.Policies, PolicyNamed) || slices.Contains(t.Policies, PolicyMembersNamed)
	for _, v := range []struct {
		given, can bool
		attr       Attr
	}{
		{c.Remark != nil, t.Remark, AttrRemark},
		{c.Lists != nil && len(*c.Lists) > 0, t.Nested, AttrLists},
		{c.Departments != nil && len(*c.Departments) > 0, t.Departments, AttrDepartments},
		{c.Policy != nil, policies, AttrPolicy},
		{c.Senders != nil && len(*c.Senders) > 0, senders, AttrSenders},
		{c.Hidden != nil && *c.Hidden, t.Hidden, AttrHidden},
		{c.Off != nil && *c.Off, t.Off, AttrOff},
	} {
		if v.given && !v.can {
			return core.E(core.Unsupported, "set list", nil, "field", string(v.attr))
		}
	}
	return nil
}
