package provider

import "context"

// Policy is who may write to a mailing list.
type Policy string

// The policies. A provider maps what it has to the nearest of these and says what it
// cannot hold through [ListTraits].
const (
	PolicyAnyone       Policy = "anyone"
	PolicyInside       Policy = "inside"        // everybody of the office
	PolicyMembers      Policy = "members"       // the list's members only
	PolicyMembersNamed Policy = "members_named" // members and the named senders
	PolicyNamed        Policy = "named"         // the named senders only
)

// List is a mailing list (alias, mail group).
type List struct {
	ID          string
	Address     string
	Name        string
	Remark      string
	Members     []string // addresses, inside and outside, lower case
	Lists       []string // addresses of lists inside this one
	Departments []string // IDs whose people belong to it
	Policy      Policy   // "": not told
	Senders     []string // the named senders
	Hidden      Flag     // not shown in the organisation's book
	Off         Flag     // switched off
	Partial     bool     // a listing's entry; List knows more
}

// The names of a list's values.
const (
	AttrMembers Attr = "members"
	AttrLists   Attr = "lists"
	AttrPolicy  Attr = "policy"
	AttrSenders Attr = "senders"
	AttrOff     Attr = "off"
)

// ListTraits is what a provider's lists can hold.
type ListTraits struct {
	Policies    []Policy
	Outside     bool // members of other domains
	Nested      bool // lists inside lists
	Departments bool
	Hidden      bool
	Off         bool
	Rename      bool // the display name can be changed
	Nameless    bool // there is no display name: a given one is not kept
	Remark      bool
	MaxMembers  int // 0: not known
	// NeedsMember is true where a list holds a member, a list or a department at least;
	// NeverEmpty where that holds, too, when the account of the last one is deleted;
	// NeedsSenders where the named senders' policy wants one.
	NeedsMember, NeverEmpty, NeedsSenders bool
}

// ListReader reads mailing lists.
type ListReader interface {
	// Lists returns one page and the next page's token, as [Provider.People] does.
	Lists(ctx context.Context, page string) (lists []List, next string, err error)
	List(ctx context.Context, id string) (List, error)
	ListTraits() ListTraits
}

// ListEditor changes mailing lists.
type ListEditor interface {
	CreateList(ctx context.Context, l List) (List, error)
	UpdateList(ctx context.Context, id string, c ListChange) error
	DeleteList(ctx context.Context, id string) error
}

// ListChange holds what is to be different; nil leaves a value as it is.
type ListChange struct {
	Name        *string
	Remark      *string
	Members     *[]string
	Lists       *[]string
	Departments *[]string
	Policy      *Policy
	Senders     *[]string
	Hidden      *bool
	Off         *bool
}

// ListOverwriter changes lists that exist, where the provider can change them but tells
// nothing of them: what was there before is not known, and nothing can be taken back.
type ListOverwriter interface {
	// AddListMembers puts addresses on a list, beside those that are on it.
	AddListMembers(ctx context.Context, address string, members []string) error
	// OverwriteList sets a list's name (if one is given), whether it is hidden, who may
	// write and who is on it, by the list's address. Whoever was on it and is not given is
	// on it no longer. ID and Lists are not looked at.
	OverwriteList(ctx context.Context, l List) error
}
