package provider

import (
	"context"
	"time"

	"mailroom/backend/secret"
)

// Status is what a person's account is allowed at present.
type Status string

// The statuses.
const (
	Active    Status = "active"
	Suspended Status = "suspended" // cannot sign in; whether mail still arrives differs by vendor
	Locked    Status = "locked"    // shut by the provider itself, e.g. after wrong passwords
	Leaving   Status = "leaving"   // marked as having left, or being handed over
	Deleted   Status = "deleted"   // deleted, and can still be brought back
)

// Flag is a yes or no that a provider may not tell.
type Flag string

// The values of a [Flag].
const (
	Unknown Flag = ""
	Yes     Flag = "yes"
	No      Flag = "no"
)

// Person is one account of the office's directory. What a provider does not tell is
// the zero value; numbers then are -1.
type Person struct {
	ID              string   // the vendor's key; stays the same for the life of the account
	Address         string   // main address, lower case
	Name            string   // as shown: 王小明, Wang Xiaoming
	Departments     []string // IDs, the main one first; empty where the provider has none
	Title           string
	Mobile          string
	Phone           string // extension or land line
	StaffNo         string // the office's own number for the person
	Remark          string
	Gender          string   // "", "female", "male"
	Aliases         []string // further addresses of the same mailbox, lower case
	Status          Status
	Hidden          Flag     // not shown in the organisation's address book
	HiddenAddresses []string // of Address and Aliases, those that the book leaves out; empty: none, or not told
	MustChange      Flag     // must choose a new password at the next sign-in
	Quota           int64    // bytes; 0: no limit; -1: not told
	Used            int64    // bytes; -1: not told
	Forward         *Forward
	MailRights      MailRights
	SignIn          map[Way]Flag // ways of signing in that the provider tells
	Created         time.Time    // zero: not told
	Expires         time.Time    // the account ends by itself; zero: never or not told
	LastSignIn      time.Time
	Partial         bool // a listing's entry; Person knows more
}

// Forward says where the mail of an account goes on to.
type Forward struct {
	To   []string
	Keep bool // a copy stays in the mailbox
}

// MailRights limits whom a person may write to and hear from.
type MailRights string

// The rights; "" is not told.
const (
	Everywhere    MailRights = "everywhere"
	SendInside    MailRights = "send_inside"    // writes to the office only
	ReceiveInside MailRights = "receive_inside" // hears from the office only
	InsideOnly    MailRights = "inside_only"    // both
)

// Way is one way of signing in to a mailbox.
type Way string

// The ways.
const (
	Web      Way = "web"
	IMAP     Way = "imap"
	POP      Way = "pop"
	SMTP     Way = "smtp"
	Exchange Way = "exchange"
	Client   Way = "client" // the vendor's own program
	// Secured is no way in but a rule: the second factor is demanded.
	Secured Way = "secured"
)

// Attr is the name of one value of a person, list, department or contact, as
// the capabilities, an error's "field" and a change's before and after use it.
type Attr string

// The names of a person's values.
const (
	AttrAddress         Attr = "address"
	AttrName            Attr = "name"
	AttrDepartments     Attr = "departments"
	AttrTitle           Attr = "title"
	AttrMobile          Attr = "mobile"
	AttrPhone           Attr = "phone"
	AttrStaffNo         Attr = "staffNo"
	AttrRemark          Attr = "remark"
	AttrGender          Attr = "gender"
	AttrAliases         Attr = "aliases"
	AttrStatus          Attr = "status"
	AttrHidden          Attr = "hidden"
	AttrHiddenAddresses Attr = "hiddenAddresses"
	AttrPassword        Attr = "password"
	AttrMustChange      Attr = "mustChange"
	AttrQuota           Attr = "quota"
	AttrForward         Attr = "forward"
	AttrMailRights      Attr = "mailRights"
	AttrSignIn          Attr = "signIn"
	AttrExpires         Attr = "expires"
)

// NewPerson is an account to be created. Status, Used, Created and LastSignIn of the
// person are not looked at.
type NewPerson struct {
	Person
	Password secret.Value
}

// PersonChange holds what is to be different; nil leaves a value as it is.
type PersonChange struct {
	Name        *string
	Departments *[]string
	Title       *string
	Mobile      *string
	Phone       *string
	StaffNo     *string
	Remark      *string
	Gender      *string
	Hidden      *bool
	Quota       *int64
	Expires     *time.Time
}

// PersonEditor creates, changes and deletes accounts. A value that the office cannot set
// ([Capabilities.Create], [Capabilities.Change]) is never dropped in silence: the call
// ends in unsupported with the value's name in "field", and nothing is sent. Address and
// password are always part of a creation.
type PersonEditor interface {
	// CreatePerson creates an account. An adapter never repeats it by itself: after
	// unreachable or timeout the caller looks the address up first. The exception is a
	// vendor that asked to wait; an error after that has [Repeated].
	CreatePerson(ctx context.Context, p NewPerson) (Person, error)
	// UpdatePerson changes what the change names, and nothing else.
	UpdatePerson(ctx context.Context, id string, c PersonChange) error
	// DeletePerson deletes the account with its mail, for good where the provider
	// knows no other way.
	DeletePerson(ctx context.Context, id string) error
}

// Repeated is an argument of errors: the call was made before, and the vendor put it off.
// Should the vendor have done it all the same, a conflict is with that first call, and the
// caller looks what is there.
const Repeated = "repeated"

// Restorer brings back what [PersonEditor.DeletePerson] deleted.
type Restorer interface {
	RestorePerson(ctx context.Context, id string) error
}

// Keeper deletes an account and keeps its mail by handing it to another.
type Keeper interface {
	// DeletePersonKeeping deletes the account; its mailbox, or the mail that still
	// comes for it, goes to another account. Ways that are not among
	// [Capabilities.Keeps] are unsupported, with "keep" in "field".
	DeletePersonKeeping(ctx context.Context, id, heir string, how Keep) error
}

// Keep is how the mail of a deleted account is kept.
type Keep string

// The ways of keeping.
const (
	KeepAttach  Keep = "attach"  // the mailbox hangs on the heir's account
	KeepForward Keep = "forward" // the address lives on and forwards to the heir
)

// Suspender switches accounts off and on without deleting anything.
type Suspender interface {
	SuspendPerson(ctx context.Context, id string) error
	ResumePerson(ctx context.Context, id string) error
}

// AliasEditor changes further addresses of an account.
type AliasEditor interface {
	AddAlias(ctx context.Context, id, address string) error
	RemoveAlias(ctx context.Context, id, address string) error
}

// PasswordSetter sets passwords.
type PasswordSetter interface {
	SetPassword(ctx context.Context, id string, password secret.Value, mustChange bool) error
	// PasswordRule is what the provider demands, as far as it is known.
	PasswordRule() PasswordRule
}

// PasswordRule is checked before a password is sent.
type PasswordRule struct {
	Min, Max  int  // characters; 0: not known
	Letters   bool // at least one
	Digits    bool // at least one
	Cases     bool // upper and lower
	Symbols   bool // at least one
	Kinds     int  // of the four kinds at least so many
	NoAddress bool // must not hold the local part
	NoRuns    int  // no run of so many equal or rising characters; 0: allowed
	// Opaque: any text that PRECIS's OpaqueString allows (RFC 8265, 4.2), in any script and
	// with blanks. Min and Max then count bytes, see [OpaquePassword].
	Opaque bool
}

// Forwarder changes where an account's mail goes on to; nil ends it.
type Forwarder interface {
	SetForward(ctx context.Context, id string, f *Forward) error
}

// MailRightsSetter limits whom an account may write to and hear from.
type MailRightsSetter interface {
	SetMailRights(ctx context.Context, id string, r MailRights) error
}

// SignInSetter allows and forbids ways of signing in.
type SignInSetter interface {
	SetSignIn(ctx context.Context, id string, way Way, allowed bool) error
	// SignInWays are the ways that can be set.
	SignInWays() []Way
}

// VisibilitySetter shows an account in the organisation's book or hides it.
type VisibilitySetter interface {
	SetHidden(ctx context.Context, id string, hidden bool) error
}

// PrimarySetter chooses which of an account's addresses is its main one: the one that the
// organisation's book shows and mail is sent from. The account and its ID stay the same.
type PrimarySetter interface {
	// SetPrimary makes an address of the account its main one; the former main address
	// becomes an alias. Where [Capabilities.PrimaryNew] is true the address is new, and
	// is given to the account. Errors: not_found (the account, or the address is not
	// one of its own), conflict (a new address is somebody's), invalid.
	SetPrimary(ctx context.Context, id, address string) error
}

// AddressHider shows single addresses of an account in the organisation's book or hides
// them, beside the account as a whole ([VisibilitySetter]).
type AddressHider interface {
	// SetAddressHidden hides or shows one address. Errors: not_found (the account, or
	// the address is not one of its own).
	SetAddressHidden(ctx context.Context, id, address string, hidden bool) error
}

// SignInLinker makes a link that opens an account's mailbox in the browser once.
type SignInLinker interface {
	// SignInLink returns the link and when it ends. The link is a secret.
	SignInLink(ctx context.Context, id string) (secret.Value, time.Time, error)
}

// UnreadCounter tells how many unread mails a mailbox holds.
type UnreadCounter interface {
	Unread(ctx context.Context, id string) (int64, error)
}

// Use is what an address is used for.
type Use string

// The uses of an address.
const (
	UseFree    Use = "free"
	UseInvalid Use = "invalid"
	UsePerson  Use = "person"
	UseAlias   Use = "alias"
	UseList    Use = "list"
)

// AddressChecker asks the provider what addresses are used for.
type AddressChecker interface {
	CheckAddresses(ctx context.Context, addresses []string) (map[string]Use, error)
}
