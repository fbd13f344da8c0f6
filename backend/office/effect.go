package office

import (
	"slices"
	"strings"

	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// effect is what the target is like after the change; none where it is gone. resolve
// turns handles into IDs.
func (c Change) effect(before thing, resolve func(string) string) thing {
	if rules[c.Kind].ends {
		return thing{}
	}
	switch c.Kind.Of() {
	case Person:
		return thing{Person: c.personAfter(before, resolve)}
	case Department:
		return thing{Department: c.departmentAfter(before, resolve)}
	case List:
		return thing{List: c.listAfter(before, resolve)}
	case Contact:
		contact := c.Contact
		contact.ID = c.Target
		contact.Groups = resolved(contact.Groups, resolve)
		return thing{Contact: &contact}
	case ContactGroup:
		g := c.Group
		g.ID = c.Target
		return thing{Group: &g}
	case Tag:
		return thing{Tag: c.tagAfter(before, resolve)}
	}
	return before
}

func resolved(ids []string, resolve func(string) string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = resolve(id)
	}
	return out
}

func (c Change) personAfter(before thing, resolve func(string) string) *provider.Person {
	if c.Kind == CreatePerson {
		p := c.newPerson(resolve)
		p.Status = provider.Active
		return &p
	}
	p := *before.clone().Person
	switch c.Kind {
	case UpdatePerson:
		setPerson(&p, c.Person, c.Set, resolve)
	case RestorePerson, ResumePerson:
		p.Status = provider.Active
	case SuspendPerson:
		p.Status = provider.Suspended
	case SetPassword:
		if c.MustChange {
			p.MustChange = provider.Yes
		}
	case AddAlias:
		if !slices.Contains(p.Aliases, c.Address) {
			p.Aliases = append(p.Aliases, c.Address)
			slices.Sort(p.Aliases)
		}
	case RemoveAlias:
		p.Aliases = slices.DeleteFunc(p.Aliases, func(a string) bool { return a == c.Address })
		setAddressHidden(&p, c.Address, false)
	case SetForward:
		p.Forward = c.Forward
	case SetMailRights:
		p.MailRights = c.Rights
	case SetSignIn:
		p.SignIn[c.Way] = flag(c.On)
	case SetHidden:
		p.Hidden = flag(c.On)
	case SetPrimary:
		setPrimary(&p, c.Address)
	case HideAddress:
		setAddressHidden(&p, c.Address, c.On)
	}
	return &p
}

// newPerson is the account to be created, cleaned.
func (c Change) newPerson(resolve func(string) string) provider.Person {
	p := c.Person
	p.ID = ""
	p.Departments = resolved(p.Departments, resolve)
	if c.MustChange {
		p.MustChange = provider.Yes
	}
	if p.Quota <= 0 {
		p.Quota = -1
	}
	p.Used = -1
	p.Aliases = slices.Clone(p.Aliases)
	slices.Sort(p.Aliases)
	p.HiddenAddresses = slices.Sorted(slices.Values(p.HiddenAddresses))
	return p
}

func flag(on bool) provider.Flag {
	if on {
		return provider.Yes
	}
	return provider.No
}

func setPerson(p *provider.Person, from provider.Person, set []provider.Attr, resolve func(string) string) {
	for _, a := range set {
		switch a {
		case provider.AttrName:
			p.Name = from.Name
		case provider.AttrDepartments:
			p.Departments = resolved(from.Departments, resolve)
		case provider.AttrTitle:
			p.Title = from.Title
		case provider.AttrMobile:
			p.Mobile = from.Mobile
		case provider.AttrPhone:
			p.Phone = from.Phone
		case provider.AttrStaffNo:
			p.StaffNo = from.StaffNo
		case provider.AttrRemark:
			p.Remark = from.Remark
		case provider.AttrGender:
			p.Gender = from.Gender
		case provider.AttrHidden:
			p.Hidden = from.Hidden
		case provider.AttrQuota:
			p.Quota = from.Quota
		case provider.AttrExpires:
			p.Expires = from.Expires
		}
	}
}

func (c Change) departmentAfter(before thing, resolve func(string) string) *provider.Department {
	from := c.Department
	from.Parent = resolve(from.Parent)
	if c.Kind == CreateDepartment {
		from.ID = ""
		return &from
	}
	d := *before.Department
	for _, a := range c.Set {
		switch a {
		case provider.AttrName:
			d.Name = from.Name
		case provider.AttrParent:
			d.Parent = from.Parent
		case provider.AttrRemark:
			d.Remark = from.Remark
		case provider.AttrOrder:
			d.Order = from.Order
		}
	}
	return &d
}

func (c Change) listAfter(before thing, resolve func(string) string) *provider.List {
	from := c.List
	from.Members, from.Lists, from.Senders = lowered(from.Members), lowered(from.Lists), lowered(from.Senders)
	from.Departments = resolved(from.Departments, resolve)
	if c.Kind == CreateList {
		from.ID = ""
		return &from
	}
	l := *before.clone().List
	setList(&l, from, c.Set)
	l.Members = joined(l.Members, c.AddMembers, c.RemoveMembers)
	return &l
}

// joined is a list of addresses with some more and without others.
func joined(all, more, gone []string) []string {
	for _, m := range lowered(more) {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	gone = lowered(gone)
	return slices.DeleteFunc(all, func(m string) bool { return slices.Contains(gone, m) })
}

func setList(l *provider.List, from provider.List, set []provider.Attr) {
	for _, a := range set {
		switch a {
		case provider.AttrName:
			l.Name = from.Name
		case provider.AttrRemark:
			l.Remark = from.Remark
		case provider.AttrMembers:
			l.Members = from.Members
		case provider.AttrLists:
			l.Lists = from.Lists
		case provider.AttrDepartments:
			l.Departments = from.Departments
		case provider.AttrPolicy:
			l.Policy = from.Policy
		case provider.AttrSenders:
			l.Senders = from.Senders
		case provider.AttrHidden:
			l.Hidden = from.Hidden
		case provider.AttrOff:
			l.Off = from.Off
		}
	}
}

// lowered writes addresses in lower case, each once.
func lowered(addresses []string) []string {
	if addresses == nil {
		return nil
	}
	out := make([]string, 0, len(addresses))
	seen := make(map[string]bool, len(addresses))
	for _, a := range addresses {
		if a = strings.ToLower(strings.TrimSpace(a)); a != "" && !seen[a] {
			seen[a] = true
			out = append(out, a)
		}
	}
	return out
}

// clean writes addresses in lower case.
func (c Change) clean() Change {
	low := func(s *string) { *s = strings.ToLower(strings.TrimSpace(*s)) }
	low(&c.Person.Address)
	low(&c.Address)
	low(&c.List.Address)
	if c.Kind.Of() == UntoldList {
		low(&c.Target)
	}
	c.Person.Aliases, c.Person.HiddenAddresses = lowered(c.Person.Aliases), lowered(c.Person.HiddenAddresses)
	if c.Forward != nil {
		c.Forward = &provider.Forward{To: lowered(c.Forward.To), Keep: c.Forward.Keep}
	}
	return c
}

// diffs are the differences that a change makes, as a person reads them.
func (c Change) diffs(before, after thing, name directory.Namer) []Diff {
	var found []Diff
	switch {
	case before.none():
		found = told(directory.Compare(nil, after.values(name)), func(d Diff) []string { return d.After })
	case after.none():
		found = told(directory.Compare(before.values(name), nil), func(d Diff) []string { return d.Before })
	default:
		found = directory.Compare(before.values(name), after.values(name))
	}
	if c.Password != "" {
		found = append(found, Diff{Attr: provider.AttrPassword, Before: []string{}, After: []string{}, Secret: true})
	}
	return found
}
