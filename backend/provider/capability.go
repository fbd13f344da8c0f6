package provider

import (
	"maps"
	"slices"
)

// Capability is one thing that an office may be able to do. The set is closed: the
// page has a name for each in both languages.
type Capability string

// The capabilities, in the order of the pages.
const (
	CanReadPeople      Capability = "people.read"
	CanCreatePeople    Capability = "people.create"
	CanEditPeople      Capability = "people.edit"
	CanDeletePeople    Capability = "people.delete"
	CanRestorePeople   Capability = "people.restore"
	CanDeleteKeeping   Capability = "people.deleteKeeping"
	CanSuspend         Capability = "people.suspend"
	CanEditAliases     Capability = "people.aliases"
	CanSetPassword     Capability = "people.password"
	CanForward         Capability = "people.forward"
	CanSetMailRights   Capability = "people.mailRights"
	CanSetSignIn       Capability = "people.signIn"
	CanHide            Capability = "people.hide"
	CanSetPrimary      Capability = "people.primary"       // which address is the main one
	CanHideAddresses   Capability = "people.hideAddresses" // each address by itself
	CanSignInLink      Capability = "people.signInLink"
	CanCountUnread     Capability = "people.unread"
	CanCheckAddresses  Capability = "people.checkAddresses"
	CanReadDepartments Capability = "departments.read"
	CanEditDepartments Capability = "departments.edit"
	CanReadLists       Capability = "lists.read"
	CanEditLists       Capability = "lists.edit"
	CanOverwriteLists  Capability = "lists.overwrite" // change lists that the provider does not tell
	CanReadTags        Capability = "tags.read"
	CanEditTags        Capability = "tags.edit"
	CanReadContacts    Capability = "contacts.read"
	CanEditContacts    Capability = "contacts.edit"
	CanReadRoles       Capability = "roles.read"
	CanEditRoles       Capability = "roles.edit"
	CanReadSettings    Capability = "settings.read"
	CanEditSettings    Capability = "settings.edit"
	CanTellRecords     Capability = "domain.records" // DNS records that the provider wants
	CanCheckDomain     Capability = "domain.check"   // the provider's own examination of a domain
	CanTellServers     Capability = "domain.servers" // what people enter into mail programs
	CanLogAdmin        Capability = "logs.admin"     // what administrators did
	CanLogUser         Capability = "logs.user"      // what people did in their mailboxes
	CanLogSignIn       Capability = "logs.signIn"    // who signed in, where and how
	CanLogMail         Capability = "logs.mail"      // what was sent and received
	CanLogTraffic      Capability = "logs.traffic"   // sums of mail
)

// All lists the capabilities in their order.
func All() []Capability {
	return []Capability{
		CanReadPeople, CanCreatePeople, CanEditPeople, CanDeletePeople, CanRestorePeople, CanDeleteKeeping,
		CanSuspend, CanEditAliases, CanSetPassword, CanForward, CanSetMailRights, CanSetSignIn, CanHide,
		CanSetPrimary, CanHideAddresses, CanSignInLink, CanCountUnread, CanCheckAddresses, CanReadDepartments, CanEditDepartments,
		CanReadLists, CanEditLists, CanOverwriteLists, CanReadTags, CanEditTags, CanReadContacts, CanEditContacts, CanReadRoles, CanEditRoles,
		CanReadSettings, CanEditSettings, CanTellRecords, CanCheckDomain, CanTellServers, CanLogAdmin, CanLogUser, CanLogSignIn, CanLogMail, CanLogTraffic,
	}
}

// Reason says why an office cannot do something.
type Reason string

// The reasons.
const (
	NotInAPI  Reason = "not_in_api" // the provider has no public call for it
	NotProven Reason = "not_proven" // there may be a call, but nothing public says how it works
	NeedsKey  Reason = "needs_key"  // the key that was given does not open it
	NeedsPlan Reason = "needs_plan" // the office's plan does not include it
	ReadOnly  Reason = "read_only"  // the office was connected for reading only
)

// Support is whether a capability is there, and if not, why and what to do instead.
type Support struct {
	Can bool
	// Local is true where not the provider does it but this program, on this computer; Why says
	// what the provider lacks.
	Local   bool
	Why     Reason // where Can is false, or Local true
	Key     string // for NeedsKey: the configuration field that would open it
	Console string // https address of the provider's own page for it; "" where none is known
}

// Capabilities is what one office can do.
type Capabilities struct {
	Support map[Capability]Support
	// Create and Change are the values of a person that [PersonEditor] can set at
	// creation and afterwards.
	Create, Change []Attr
	// Department are those of a department that can be set.
	Department []Attr
	// ManyDepartments is true where a person can belong to several.
	ManyDepartments bool
	// Keeps are the ways of keeping that [Keeper] has, the usual one first.
	Keeps []Keep
	// MaxAliases is how many an account may have; 0: not known.
	MaxAliases int
	// PrimaryNew is true where [PrimarySetter] takes an address only that nobody has yet,
	// and gives it to the account as its main one; of others nothing says that they can
	// become it.
	PrimaryNew bool
	// Longest is how many bytes of UTF-8 a person's value may have; missing: not known.
	Longest map[Attr]int
	// Firm are values of a person that nothing proven leaves empty again once they are
	// set.
	Firm []Attr
	// LeavesLists is true where somebody who is deleted is taken off the lists as well, as
	// far as that is proven.
	LeavesLists bool
	// UsualQuota is true where a quota of -1 is the provider's own for everybody, and can
	// be set again.
	UsualQuota bool
	// AtOnce is up to how many people may be created, or changed in the same way, at the
	// same time, each by calls of its own; up to 1: one after the other. Only what is far
	// away gains by it.
	AtOnce int
}

// Can says whether a capability is there.
func (c Capabilities) Can(what Capability) bool { return c.Support[what].Can }

// CanChange says whether a person's value can be changed after creation.
func (c Capabilities) CanChange(a Attr) bool { return slices.Contains(c.Change, a) }

// Clone is a copy whose parts are its own.
func (c Capabilities) Clone() Capabilities {
	c.Support, c.Longest = maps.Clone(c.Support), maps.Clone(c.Longest)
	c.Create, c.Change, c.Department, c.Firm = slices.Clone(c.Create), slices.Clone(c.Change), slices.Clone(c.Department), slices.Clone(c.Firm)
	return c
}

// WithoutWriting is what is left where an office is for reading only.
func (c Capabilities) WithoutWriting() Capabilities {
	left := c
	left.Support = make(map[Capability]Support, len(c.Support))
	for what, s := range c.Support {
		if s.Can && !what.reads() {
			s = Support{Why: ReadOnly, Console: s.Console}
		}
		left.Support[what] = s
	}
	left.Create, left.Change, left.Department, left.Keeps = nil, nil, nil, nil
	return left
}

// reads is true for what changes nothing. A sign-in link opens somebody's mailbox and
// is not among them.
func (c Capability) reads() bool {
	switch c {
	case CanReadPeople, CanCountUnread, CanCheckAddresses, CanReadDepartments, CanReadLists, CanReadTags, CanReadContacts,
		CanReadRoles, CanReadSettings, CanTellRecords, CanCheckDomain, CanTellServers, CanLogAdmin, CanLogUser, CanLogSignIn, CanLogMail, CanLogTraffic:
		return true
	}
	return false
}
