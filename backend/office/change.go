package office

import (
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// Kind is what a change does. The set is closed.
type Kind string

// The kinds.
const (
	CreatePerson        Kind = "person.create"
	UpdatePerson        Kind = "person.update"
	DeletePerson        Kind = "person.delete"
	DeletePersonKeeping Kind = "person.deleteKeeping"
	RestorePerson       Kind = "person.restore"
	SuspendPerson       Kind = "person.suspend"
	ResumePerson        Kind = "person.resume"
	SetPassword         Kind = "person.password"
	AddAlias            Kind = "person.alias.add"
	RemoveAlias         Kind = "person.alias.remove"
	SetForward          Kind = "person.forward"
	SetMailRights       Kind = "person.mailRights"
	SetSignIn           Kind = "person.signIn"
	SetHidden           Kind = "person.hide"
	SetPrimary          Kind = "person.primary"     // another of the addresses is the main one
	HideAddress         Kind = "person.hideAddress" // one address in the book
	CreateDepartment    Kind = "department.create"
	UpdateDepartment    Kind = "department.update"
	DeleteDepartment    Kind = "department.delete"
	CreateList          Kind = "list.create"
	UpdateList          Kind = "list.update"
	DeleteList          Kind = "list.delete"
	SaveContact         Kind = "contact.save"
	DeleteContact       Kind = "contact.delete"
	SaveContactGroup    Kind = "contactGroup.save"
	DeleteContactGroup  Kind = "contactGroup.delete"
	CreateTag           Kind = "tag.create"
	UpdateTag           Kind = "tag.update"
	DeleteTag           Kind = "tag.delete"
	JoinList            Kind = "list.join"      // of a list that the provider does not tell
	OverwriteList       Kind = "list.overwrite" // likewise
)

// Kinds lists them all.
func Kinds() []Kind {
	return []Kind{
		CreatePerson, UpdatePerson, DeletePerson, DeletePersonKeeping, RestorePerson, SuspendPerson, ResumePerson, SetPassword,
		AddAlias, RemoveAlias, SetForward, SetMailRights, SetSignIn, SetHidden, SetPrimary, HideAddress, CreateDepartment, UpdateDepartment, DeleteDepartment,
		CreateList, UpdateList, DeleteList, SaveContact, DeleteContact, SaveContactGroup, DeleteContactGroup,
		CreateTag, UpdateTag, DeleteTag, JoinList, OverwriteList,
	}
}

// Change is one thing that is to be different at the provider. Which fields count
// depends on the kind.
type Change struct {
	Kind   Kind   `json:"kind"`
	Target string `json:"target"` // ID; "" where something is created
	// Handle stands for the ID of what this change creates ("@1"), in the later changes
	// of the same plan: as Target, parent, department or group. It begins with "@".
	Handle string `json:"handle,omitempty"`
	Label  string `json:"label,omitempty"` // what people know the target by; "" the desk finds it
	Row    int    `json:"row,omitempty"`   // of the file that it came from, from 1; 0 none

	// Set names the values that change, for the kinds ending in update; the others are
	// left alone. A creation takes all.
	Set    []provider.Attr `json:"set,omitempty"`
	Person provider.Person `json:"person,omitzero"`

	Password   string `json:"password,omitempty"` // handle of the vault: create, password
	MustChange bool   `json:"mustChange,omitempty"`
	Address    string `json:"address,omitempty"` // alias.add, alias.remove, primary, hideAddress

	Heir string        `json:"heir,omitempty"` // ID: deleteKeeping
	Keep provider.Keep `json:"keep,omitempty"`

	Forward *provider.Forward   `json:"forward,omitempty"` // nil ends it
	Rights  provider.MailRights `json:"rights,omitempty"`
	Way     provider.Way        `json:"way,omitempty"`
	On      bool                `json:"on,omitempty"` // signIn: allowed; hide, hideAddress: hidden

	Department provider.Department `json:"department,omitzero"`

	List provider.List `json:"list,omitzero"`
	// AddMembers and RemoveMembers change the members of a list or the people of a tag one
	// by one: list.update and tag.update without AttrMembers in Set. list.join adds.
	AddMembers    []string `json:"addMembers,omitempty"`
	RemoveMembers []string `json:"removeMembers,omitempty"`

	Contact provider.Contact      `json:"contact,omitzero"`
	Group   provider.ContactGroup `json:"group,omitzero"`

	Tag provider.Tag `json:"tag,omitzero"`

	// Seen is what the person was shown when they decided, by value. Where the provider
	// holds something else by now, the change is refused with both.
	Seen []Seen `json:"seen,omitempty"`
}

// Seen is a value as it was shown.
type Seen struct {
	Attr   provider.Attr `json:"attr"`
	Values []string      `json:"values"`
}

// Object is what a change is about.
type Object string

// The objects.
const (
	Person       Object = "person"
	Department   Object = "department"
	List         Object = "list"
	Contact      Object = "contact"
	ContactGroup Object = "contactGroup"
	Tag          Object = "tag"
	UntoldList   Object = "untoldList" // known by its address alone, which is its Target
)

// rule is what holds for one kind of change.
type rule struct {
	object  Object
	needs   provider.Capability
	danger  Danger
	creates bool
	// ends is true for what takes the target away.
	ends bool
}

var rules = map[Kind]rule{
	CreatePerson:        {Person, provider.CanCreatePeople, DangerNone, true, false},
	UpdatePerson:        {Person, provider.CanEditPeople, DangerNone, false, false},
	DeletePerson:        {Person, provider.CanDeletePeople, DangerTyped, false, true},
	DeletePersonKeeping: {Person, provider.CanDeleteKeeping, DangerTyped, false, true},
	RestorePerson:       {Person, provider.CanRestorePeople, DangerNone, false, false},
	SuspendPerson:       {Person, provider.CanSuspend, DangerConfirm, false, false},
	ResumePerson:        {Person, provider.CanSuspend, DangerNone, false, false},
	SetPassword:         {Person, provider.CanSetPassword, DangerConfirm, false, false},
	AddAlias:            {Person, provider.CanEditAliases, DangerNone, false, false},
	RemoveAlias:         {Person, provider.CanEditAliases, DangerConfirm, false, false},
	SetForward:          {Person, provider.CanForward, DangerConfirm, false, false},
	SetMailRights:       {Person, provider.CanSetMailRights, DangerConfirm, false, false},
	SetSignIn:           {Person, provider.CanSetSignIn, DangerConfirm, false, false},
	SetHidden:           {Person, provider.CanHide, DangerNone, false, false},
	SetPrimary:          {Person, provider.CanSetPrimary, DangerConfirm, false, false},
	HideAddress:         {Person, provider.CanHideAddresses, DangerNone, false, false},
	CreateDepartment:    {Department, provider.CanEditDepartments, DangerNone, true, false},
	UpdateDepartment:    {Department, provider.CanEditDepartments, DangerNone, false, false},
	DeleteDepartment:    {Department, provider.CanEditDepartments, DangerConfirm, false, true},
	CreateList:          {List, provider.CanEditLists, DangerNone, true, false},
	UpdateList:          {List, provider.CanEditLists, DangerNone, false, false},
	DeleteList:          {List, provider.CanEditLists, DangerTyped, false, true},
	SaveContact:         {Contact, provider.CanEditContacts, DangerNone, false, false},
	DeleteContact:       {Contact, provider.CanEditContacts, DangerConfirm, false, true},
	SaveContactGroup:    {ContactGroup, provider.CanEditContacts, DangerNone, false, false},
	DeleteContactGroup:  {ContactGroup, provider.CanEditContacts, DangerConfirm, false, true},
	CreateTag:           {Tag, provider.CanEditTags, DangerNone, true, false},
	UpdateTag:           {Tag, provider.CanEditTags, DangerNone, false, false},
	DeleteTag:           {Tag, provider.CanEditTags, DangerConfirm, false, true},
	JoinList:            {UntoldList, provider.CanOverwriteLists, DangerNone, false, false},
	OverwriteList:       {UntoldList, provider.CanOverwriteLists, DangerTyped, false, false},
}

// Of is what a kind of change is about.
func (k Kind) Of() Object { return rules[k].object }

// creates is true for a change that makes something new.
func (c Change) creates() bool {
	switch c.Kind {
	case SaveContact, SaveContactGroup:
		return c.Target == ""
	}
	return rules[c.Kind].creates
}

// limits of one change.
const (
	maxText   = 2_000
	maxMany   = 20_000 // members of a list
	maxHandle = 40
)

// Validate refuses a change that makes no sense whatever the provider is. Errors:
// invalid with "field".
func (c Change) Validate() error {
	bad := func(field, reason string) error {
		return core.E(core.Invalid, "check change", nil, "field", field, "reason", reason)
	}
	r, known := rules[c.Kind]
	switch {
	case !known:
		return bad("kind", "unknown")
	case c.creates() && c.Target != "" || !c.creates() && c.Target == "":
		return bad("target", "missing")
	case c.Handle != "" && (!c.creates() || c.Handle[0] != '@' || len(c.Handle) > maxHandle):
		return bad("handle", "unknown")
	case r.object == Person && c.creates() && c.Person.Address == "":
		return bad(string(provider.AttrAddress), "missing")
	case r.object == List && c.creates() && c.List.Address == "":
		return bad(string(provider.AttrAddress), "missing")
	case c.Kind == CreateTag && c.Tag.Name == "", c.Kind == UpdateTag && slices.Contains(c.Set, provider.AttrName) && c.Tag.Name == "",
		c.Kind == CreateDepartment && c.Department.Name == "",
		c.Kind == UpdateDepartment && slices.Contains(c.Set, provider.AttrName) && c.Department.Name == "":
		return bad(string(provider.AttrName), "missing")
	case (c.Kind == AddAlias || c.Kind == RemoveAlias) && c.Address == "":
		return bad(string(provider.AttrAliases), "missing")
	case (c.Kind == SetPrimary || c.Kind == HideAddress) && c.Address == "":
		return bad(string(provider.AttrAddress), "missing")
	case c.Kind == SetPassword && c.Password == "":
		return bad(string(provider.AttrPassword), "missing")
	case c.Kind == JoinList && len(c.AddMembers) == 0:
		return bad(string(provider.AttrMembers), "missing")
	case c.Kind == DeletePersonKeeping && (c.Heir == "" || c.Heir == c.Target):
		return bad("heir", "missing")
	case len(c.List.Members) > maxMany || len(c.AddMembers) > maxMany || len(c.RemoveMembers) > maxMany || len(c.Tag.People) > maxMany:
		return bad(string(provider.AttrMembers), "long")
	}
	return c.validateSet()
}

// validateSet refuses values that cannot be set on the object, and texts that are too
// long.
func (c Change) validateSet() error {
	allowed := settable[c.Kind.Of()]
	for _, a := range c.Set {
		if !slices.Contains(allowed, a) {
			return core.E(core.Invalid, "check change", nil, "field", string(a), "reason", "unknown")
		}
	}
	addresses := 0
	for _, a := range c.Contact.Addresses {
		addresses += len(a)
	}
	for _, v := range [...]struct {
		attr provider.Attr
		long int
	}{
		{provider.AttrAddress, len(c.Person.Address) + len(c.List.Address) + len(c.Address)},
		{provider.AttrName, len(c.Person.Name) + len(c.Department.Name) + len(c.List.Name) + len(c.Contact.Name) + len(c.Group.Name) + len(c.Tag.Name)},
		{provider.AttrRemark, len(c.Person.Remark) + len(c.Department.Remark) + len(c.List.Remark) + len(c.Contact.Remark)},
		{provider.AttrTitle, len(c.Person.Title) + len(c.Contact.Title)},
		{provider.AttrMobile, len(c.Person.Mobile) + len(c.Contact.Mobile)},
		{provider.AttrPhone, len(c.Person.Phone) + len(c.Contact.Phone)},
		{provider.AttrStaffNo, len(c.Person.StaffNo)}, {directory.AttrCompany, len(c.Contact.Company)}, {directory.AttrAddresses, addresses},
	} {
		if v.long > maxText {
			return core.E(core.Invalid, "check change", nil, "field", string(v.attr), "reason", "long")
		}
	}
	return nil
}

// settable are the values that an update may name, by object.
var settable = map[Object][]provider.Attr{
	Person: {
		provider.AttrName, provider.AttrDepartments, provider.AttrTitle, provider.AttrMobile, provider.AttrPhone, provider.AttrStaffNo,
		provider.AttrRemark, provider.AttrGender, provider.AttrHidden, provider.AttrQuota, provider.AttrExpires,
	},
	Department: {provider.AttrName, provider.AttrParent, provider.AttrRemark, provider.AttrOrder},
	List: {
		provider.AttrName, provider.AttrRemark, provider.AttrMembers, provider.AttrLists, provider.AttrDepartments, provider.AttrPolicy,
		provider.AttrSenders, provider.AttrHidden, provider.AttrOff,
	},
	Tag: {provider.AttrName, provider.AttrMembers, provider.AttrDepartments},
}
