package directory

import (
	"slices"
	"strconv"
	"time"

	"mailroom/backend/provider"
)

// Value is one value of an object as texts: see [Diff] for how each is written.
type Value struct {
	Attr   provider.Attr
	Part   string // which way of signing in, or "keep" of a forwarding; "" none
	Values []string
}

// Diff is one value before and after. Departments are written by their IDs or names, as
// the caller names them; times as RFC 3339, flags as yes and no, sizes in bytes, -1 where
// the provider does not tell. None is an empty slice.
type Diff struct {
	Attr   provider.Attr `json:"attr"`
	Part   string        `json:"part,omitempty"`
	Before []string      `json:"before"`
	After  []string      `json:"after"`
	Secret bool          `json:"secret,omitempty"` // only that it changes is told
	Untold bool          `json:"untold,omitempty"` // the provider does not tell what was before; Before is empty
}

// Namer writes a department's ID for the reader.
type Namer func(id string) string

// AsIs writes IDs as they are.
func AsIs(id string) string { return id }

type sheet []Value

func (s *sheet) add(a provider.Attr, values ...string) {
	switch {
	case len(values) == 1 && values[0] == "":
		values = nil
	case slices.Contains(values, ""):
		values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	}
	*s = append(*s, Value{Attr: a, Values: values})
}

func (s *sheet) part(a provider.Attr, part string, values ...string) {
	s.add(a, values...)
	(*s)[len(*s)-1].Part = part
}

// named writes several departments, in their order.
func named(ids []string, name Namer) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = name(id)
	}
	return out
}

// sorted is for values whose order means nothing.
func sorted(values []string) []string {
	if len(values) < 2 {
		return values
	}
	values = slices.Clone(values)
	slices.Sort(values)
	return values
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// ways are the ways of signing in, in the order of the pages.
var ways = []provider.Way{provider.Web, provider.IMAP, provider.POP, provider.SMTP, provider.Exchange, provider.Client, provider.Secured}

// PersonValues are the values of a person that can differ for a reason. What changes by
// itself (room used, last sign-in) is not among them.
func PersonValues(p provider.Person, name Namer) []Value {
	s := make(sheet, 0, 27)
	s.add(provider.AttrAddress, p.Address)
	s.add(provider.AttrName, p.Name)
	s.add(provider.AttrDepartments, named(p.Departments, name)...)
	s.add(provider.AttrTitle, p.Title)
	s.add(provider.AttrMobile, p.Mobile)
	s.add(provider.AttrPhone, p.Phone)
	s.add(provider.AttrStaffNo, p.StaffNo)
	s.add(provider.AttrRemark, p.Remark)
	s.add(provider.AttrGender, p.Gender)
	s.add(provider.AttrAliases, sorted(p.Aliases)...)
	s.add(provider.AttrStatus, string(p.Status))
	s.add(provider.AttrHidden, string(p.Hidden))
	s.add(provider.AttrHiddenAddresses, sorted(p.HiddenAddresses)...)
	s.add(provider.AttrMustChange, string(p.MustChange))
	s.add(provider.AttrQuota, strconv.FormatInt(p.Quota, 10))
	if p.Forward == nil {
		s.add(provider.AttrForward)
		s.part(provider.AttrForward, "keep")
	} else {
		s.add(provider.AttrForward, sorted(p.Forward.To)...)
		s.part(provider.AttrForward, "keep", yesNo(p.Forward.Keep))
	}
	s.add(provider.AttrMailRights, string(p.MailRights))
	for _, way := range ways {
		s.part(provider.AttrSignIn, string(way), string(p.SignIn[way]))
	}
	s.add(provider.AttrExpires, moment(p.Expires))
	return s
}

func yesNo(yes bool) string {
	if yes {
		return string(provider.Yes)
	}
	return string(provider.No)
}

// DepartmentValues are the values of a department.
func DepartmentValues(d provider.Department, name Namer) []Value {
	var s sheet
	s.add(provider.AttrName, d.Name)
	s.add(provider.AttrParent, name(d.Parent))
	s.add(provider.AttrRemark, d.Remark)
	s.add(provider.AttrOrder, strconv.Itoa(d.Order))
	return s
}

// ListValues are the values of a mailing list.
func ListValues(l provider.List, name Namer) []Value {
	var s sheet
	s.add(provider.AttrAddress, l.Address)
	s.add(provider.AttrName, l.Name)
	s.add(provider.AttrRemark, l.Remark)
	s.add(provider.AttrMembers, sorted(l.Members)...)
	s.add(provider.AttrLists, sorted(l.Lists)...)
	s.add(provider.AttrDepartments, sorted(named(l.Departments, name))...)
	s.add(provider.AttrPolicy, string(l.Policy))
	s.add(provider.AttrSenders, sorted(l.Senders)...)
	s.add(provider.AttrHidden, string(l.Hidden))
	s.add(provider.AttrOff, string(l.Off))
	return s
}

// The names of a shared contact's values that nothing else has.
const (
	AttrAddresses provider.Attr = "addresses"
	AttrCompany   provider.Attr = "company"
	AttrGroups    provider.Attr = "groups"
)

// ContactValues are the values of a shared contact.
func ContactValues(c provider.Contact, name Namer) []Value {
	var s sheet
	s.add(provider.AttrName, c.Name)
	s.add(AttrAddresses, c.Addresses...)
	s.add(provider.AttrMobile, c.Mobile)
	s.add(provider.AttrPhone, c.Phone)
	s.add(AttrCompany, c.Company)
	s.add(provider.AttrTitle, c.Title)
	s.add(provider.AttrRemark, c.Remark)
	s.add(AttrGroups, sorted(named(c.Groups, name))...)
	s.add(provider.AttrOrder, strconv.Itoa(c.Order))
	return s
}

// GroupValues are the values of a group of contacts.
func GroupValues(g provider.ContactGroup) []Value {
	var s sheet
	s.add(provider.AttrName, g.Name)
	s.add(provider.AttrOrder, strconv.Itoa(g.Order))
	return s
}

// TagValues are the values of a tag.
func TagValues(t provider.Tag, name Namer) []Value {
	var s sheet
	s.add(provider.AttrName, t.Name)
	s.add(provider.AttrMembers, sorted(t.People)...)
	s.add(provider.AttrDepartments, sorted(named(t.Departments, name))...)
	return s
}

// Compare tells what differs between two sheets of the same kind of object; a nil one
// has no values.
func Compare(before, after []Value) []Diff {
	pair := func(i int) (b, a Value) {
		if i < len(before) {
			b = before[i]
			a.Attr, a.Part = b.Attr, b.Part
		}
		if i < len(after) {
			a = after[i]
		}
		return b, a
	}
	differ := 0
	for i := range max(len(before), len(after)) {
		if b, a := pair(i); !slices.Equal(b.Values, a.Values) {
			differ++
		}
	}
	if differ == 0 {
		return nil
	}
	diffs := make([]Diff, 0, differ)
	for i := range max(len(before), len(after)) {
		if b, a := pair(i); !slices.Equal(b.Values, a.Values) {
			diffs = append(diffs, Diff{Attr: a.Attr, Part: a.Part, Before: full(b.Values), After: full(a.Values)})
		}
	}
	return diffs
}

func full(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}

// MergePerson completes an entry that tells only a part with what is known besides.
func MergePerson(listed, known provider.Person) provider.Person {
	if !listed.Partial || known.ID == "" {
		return listed
	}
	m := listed
	m.Partial = known.Partial
	or := func(s *string, k string) {
		if *s == "" {
			*s = k
		}
	}
	or(&m.Name, known.Name)
	or(&m.Title, known.Title)
	or(&m.Mobile, known.Mobile)
	or(&m.Phone, known.Phone)
	or(&m.StaffNo, known.StaffNo)
	or(&m.Remark, known.Remark)
	or(&m.Gender, known.Gender)
	if len(m.Departments) == 0 {
		m.Departments = known.Departments
	}
	if m.Aliases == nil {
		m.Aliases = known.Aliases
	}
	return mergeStates(m, known)
}

func mergeStates(m, known provider.Person) provider.Person {
	if m.Status == "" {
		m.Status = known.Status
	}
	if m.Hidden == provider.Unknown {
		m.Hidden = known.Hidden
	}
	if m.HiddenAddresses == nil {
		m.HiddenAddresses = known.HiddenAddresses
	}
	if m.MustChange == provider.Unknown {
		m.MustChange = known.MustChange
	}
	if m.Quota <= 0 {
		m.Quota = known.Quota
	}
	if m.Used < 0 {
		m.Used = known.Used
	}
	if m.Forward == nil {
		m.Forward = known.Forward
	}
	if m.MailRights == "" {
		m.MailRights = known.MailRights
	}
	if len(m.SignIn) == 0 {
		m.SignIn = known.SignIn
	}
	for _, t := range []struct{ to, from *time.Time }{{&m.Created, &known.Created}, {&m.Expires, &known.Expires}, {&m.LastSignIn, &known.LastSignIn}} {
		if t.to.IsZero() {
			*t.to = *t.from
		}
	}
	return m
}

// mergeTag completes a listing's entry likewise.
func mergeTag(listed, known provider.Tag) provider.Tag {
	if !listed.Partial || known.ID == "" {
		return listed
	}
	known.Name = listed.Name
	return known
}

// mergeList completes a listing's entry likewise.
func mergeList(listed, known provider.List) provider.List {
	if !listed.Partial || known.ID == "" {
		return listed
	}
	m := listed
	m.Partial = known.Partial
	if m.Name == "" {
		m.Name = known.Name
	}
	if m.Remark == "" {
		m.Remark = known.Remark
	}
	if m.Policy == "" {
		m.Policy = known.Policy
	}
	if m.Hidden == provider.Unknown {
		m.Hidden = known.Hidden
	}
	if m.Off == provider.Unknown {
		m.Off = known.Off
	}
	for _, s := range []struct{ to, from *[]string }{
		{&m.Members, &known.Members}, {&m.Lists, &known.Lists}, {&m.Departments, &known.Departments}, {&m.Senders, &known.Senders},
	} {
		if len(*s.to) == 0 {
			*s.to = *s.from
		}
	}
	return m
}
