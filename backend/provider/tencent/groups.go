package tencent

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

// group is a mail group as group/get tells it.
type group struct {
	ID         string   `json:"groupid"` // its address
	Name       text     `json:"groupname"`
	UserList   []string `json:"userlist"`
	GroupList  []string `json:"grouplist"`
	Department []number `json:"department"`
	AllowType  *number  `json:"allow_type"`
	AllowUsers []string `json:"allow_userlist"`
}

// policies are the values of allow_type. A sample shows 4 without a meaning.
var policies = map[number]provider.Policy{
	0: provider.PolicyInside, 1: provider.PolicyAnyone, 2: provider.PolicyMembers, 3: provider.PolicyNamed,
}

// allowType is the vendor's value of a policy.
func allowType(p provider.Policy) (number, bool) {
	for n, policy := range policies {
		if policy == p {
			return n, true
		}
	}
	return 0, false
}

func (g group) list() provider.List {
	l := provider.List{
		ID: g.ID, Address: strings.ToLower(g.ID), Name: string(g.Name),
		Members: lower(g.UserList), Lists: lower(g.GroupList), Senders: lower(g.AllowUsers),
	}
	for _, d := range g.Department {
		l.Departments = append(l.Departments, departmentName(d))
	}
	if g.AllowType != nil {
		l.Policy = policies[*g.AllowType]
	}
	if l.Policy != provider.PolicyNamed {
		l.Senders = nil // left over from another policy; the vendor ignores them
	}
	return l
}

func lower(addresses []string) []string {
	var clean []string
	for _, a := range addresses {
		if a = strings.ToLower(strings.TrimSpace(a)); a != "" && !slices.Contains(clean, a) {
			clean = append(clean, a)
		}
	}
	return clean
}

// ListTraits tells what mail groups hold. Members of other domains have a call of
// their own, of which the name only is known.
func (o *Office) ListTraits() provider.ListTraits {
	return provider.ListTraits{
		Policies: []provider.Policy{provider.PolicyAnyone, provider.PolicyInside, provider.PolicyMembers, provider.PolicyNamed},
		Nested:   true, Departments: true, Rename: true, NeedsMember: true, NeedsSenders: true,
	}
}

// Lists names all mail groups, in one page; [Office.List] knows more of each.
// group/fuzzysearch without a word finds all of them.
func (o *Office) Lists(ctx context.Context, page string) ([]provider.List, string, error) {
	if page != "" {
		return nil, "", core.E(core.Invalid, "list mail groups", nil, "field", "page")
	}
	found, err := o.findGroups(ctx, nil)
	if err != nil {
		return nil, "", err
	}
	lists := make([]provider.List, 0, len(found))
	for _, g := range found {
		if g.ID == "" {
			continue
		}
		l := g.list()
		l.Partial = true
		lists = append(lists, l)
	}
	return lists, "", nil
}

func (o *Office) findGroups(ctx context.Context, query url.Values) ([]group, error) {
	var answer struct {
		Groups []group `json:"groups"`
	}
	err := o.get(ctx, fieldContacts, "list mail groups", "group/fuzzysearch", query, &answer)
	return answer.Groups, err
}

// List reads one mail group. Doc #10025.
func (o *Office) List(ctx context.Context, id string) (provider.List, error) {
	g, err := o.group(ctx, "read mail group", id)
	if err != nil {
		return provider.List{}, err
	}
	return g.list(), nil
}

func (o *Office) group(ctx context.Context, op, id string) (group, error) {
	var g group
	if err := addressLike(op, id); err != nil {
		return g, err
	}
	if err := o.get(ctx, fieldContacts, op, "group/get", url.Values{"groupid": {id}}, &g); err != nil {
		return g, o.unknownGroup(ctx, id, err)
	}
	if g.ID == "" {
		return g, core.E(core.Malformed, op, nil)
	}
	return g, nil
}

// unknownGroup finds out, after a refusal, whether there is such a group at all: which
// number says so is not published.
func (o *Office) unknownGroup(ctx context.Context, id string, err error) error {
	if code := core.CodeOf(err); code != core.Rejected && code != core.Invalid || core.ArgsOf(err)["vendorCode"] == "" {
		return err
	}
	found, findErr := o.findGroups(ctx, url.Values{"fuzzy": {"1"}, "groupid": {id}})
	if findErr != nil || slices.ContainsFunc(found, func(g group) bool { return strings.EqualFold(g.ID, id) }) {
		return err
	}
	return reread(err, core.ArgsOf(err)["vendorCode"], meaning{code: core.NotFound})
}

// groupBody is what group/create and group/update take; what is nil stays as it is.
type groupBody struct {
	ID         string    `json:"groupid"`
	Name       *string   `json:"groupname,omitempty"`
	UserList   *[]string `json:"userlist,omitempty"`
	GroupList  *[]string `json:"grouplist,omitempty"`
	Department *[]int64  `json:"department,omitempty"`
	AllowType  *number   `json:"allow_type,omitempty"`
	AllowUsers *[]string `json:"allow_userlist,omitempty"`
}

func (o *Office) groupBody(ctx context.Context, op string, c provider.ListChange) (groupBody, error) {
	var b groupBody
	if err := o.ListTraits().Refuse(c); err != nil {
		return b, err
	}
	if c.Name != nil {
		if err := sayable(op, provider.AttrName, *c.Name, 0); err != nil {
			return b, err
		}
		b.Name = c.Name
	}
	for _, v := range []struct {
		from  *[]string
		to    **[]string
		field provider.Attr
	}{{c.Members, &b.UserList, provider.AttrMembers}, {c.Lists, &b.GroupList, provider.AttrLists}, {c.Senders, &b.AllowUsers, provider.AttrSenders}} {
		if v.from == nil {
			continue
		}
		clean := append([]string{}, lower(*v.from)...)
		for _, a := range clean {
			if addressLike(op, a) != nil {
				return b, core.E(core.Invalid, op, nil, "field", string(v.field), "reason", "address")
			}
			if v.field != provider.AttrMembers {
				continue
			}
			outside, err := o.outside(ctx, a)
			if err != nil {
				return b, err
			}
			if outside {
				return b, core.E(core.Unsupported, op, nil, "field", string(v.field), "reason", "outside")
			}
		}
		*v.to = &clean
	}
	if c.Departments != nil {
		ids := []int64{}
		for _, id := range *c.Departments {
			n, ok := departmentID(id)
			if !ok {
				return b, core.E(core.Invalid, op, nil, "field", string(provider.AttrDepartments), "reason", "unknown")
			}
			ids = append(ids, n)
		}
		b.Department = &ids
	}
	if c.Policy != nil {
		n, _ := allowType(*c.Policy) // known: the traits were asked
		b.AllowType = &n
	}
	return b, nil
}

// CreateList creates a mail group. The vendor wants at least one member, nested group
// or department. Doc #10022.
func (o *Office) CreateList(ctx context.Context, l provider.List) (provider.List, error) {
	const op = "create mail group"
	address := strings.ToLower(strings.TrimSpace(l.Address))
	wrong := func(field provider.Attr, reason string) (provider.List, error) {
		return provider.List{}, core.E(core.Invalid, op, nil, "field", string(field), "reason", reason)
	}
	if l.Policy == "" {
		l.Policy = provider.PolicyInside
	}
	switch {
	case addressLike(op, address) != nil:
		return wrong(provider.AttrAddress, "address")
	case strings.TrimSpace(l.Name) == "":
		return wrong(provider.AttrName, "missing")
	case len(l.Members)+len(l.Lists)+len(l.Departments) == 0:
		return wrong(provider.AttrMembers, "missing")
	case l.Policy == provider.PolicyNamed && len(l.Senders) == 0: // nobody could write to it
		return wrong(provider.AttrSenders, "missing")
	case l.Policy != provider.PolicyNamed && len(l.Senders) > 0:
		return wrong(provider.AttrSenders, "policy")
	}
	body, err := o.groupBody(ctx, op, l.Change())
	if err != nil {
		return provider.List{}, err
	}
	body.ID = address
	err = o.do(ctx, fieldContacts, wire.Call{Op: op, Method: http.MethodPost, Path: "/group/create", Body: body, Once: true})
	if err != nil {
		return provider.List{}, o.taken(ctx, address, departmentUnknown(err))
	}
	l.ID, l.Address, l.Partial = address, address, false
	l.Members, l.Lists, l.Senders = lower(l.Members), lower(l.Lists), lower(l.Senders)
	l.Hidden, l.Off = "", ""
	return l, nil
}

// UpdateList changes a mail group. Doc #10023.
func (o *Office) UpdateList(ctx context.Context, id string, c provider.ListChange) error {
	const op = "update mail group"
	if err := addressLike(op, id); err != nil {
		return err
	}
	body, err := o.groupBody(ctx, op, c)
	if err != nil {
		return err
	}
	if err := o.order.Enter(ctx, op); err != nil {
		return err
	}
	defer o.order.Leave()
	if err := o.senders(ctx, op, id, c, &body); err != nil {
		return err
	}
	body.ID = id
	if err := o.post(ctx, fieldContacts, op, "group/update", body, nil); err != nil {
		return o.unknownGroup(ctx, id, departmentUnknown(err))
	}
	return o.cleared(ctx, op, id, body)
}

// senders completes a change of the named senders: the vendor looks at them only beside
// allow_type 3, and with another type they would be dropped in silence.
func (o *Office) senders(ctx context.Context, op, id string, c provider.ListChange, body *groupBody) error {
	if c.Senders == nil || len(*c.Senders) == 0 && c.Policy != nil && *c.Policy != provider.PolicyNamed {
		return nil
	}
	named, _ := allowType(provider.PolicyNamed)
	if c.Policy == nil {
		g, err := o.group(ctx, op, id)
		if err != nil {
			return err
		}
		body.AllowType = g.AllowType
	}
	if body.AllowType == nil || *body.AllowType != named {
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrSenders), "reason", "policy")
	}
	return nil
}

// cleared looks whether lists that were sent empty are empty: whether that clears them
// is not published for this API.
func (o *Office) cleared(ctx context.Context, op, id string, sent groupBody) error {
	empty := func(l *[]string) bool { return l != nil && len(*l) == 0 }
	if !empty(sent.UserList) && !empty(sent.GroupList) && (sent.Department == nil || len(*sent.Department) > 0) {
		return nil
	}
	g, err := o.group(ctx, op, id)
	if err != nil {
		return err
	}
	field := provider.Attr("")
	switch {
	case empty(sent.UserList) && len(g.UserList) > 0:
		field = provider.AttrMembers
	case empty(sent.GroupList) && len(g.GroupList) > 0:
		field = provider.AttrLists
	case sent.Department != nil && len(*sent.Department) == 0 && len(g.Department) > 0:
		field = provider.AttrDepartments
	default:
		return nil
	}
	return core.E(core.Rejected, op, nil, "field", string(field), "reason", "not_cleared")
}

// DeleteList deletes a mail group. Doc #10024.
func (o *Office) DeleteList(ctx context.Context, id string) error {
	const op = "delete mail group"
	if err := addressLike(op, id); err != nil {
		return err
	}
	err := o.do(ctx, fieldContacts, wire.Call{
		Op: op, Method: http.MethodGet, Path: "/group/delete", Query: url.Values{"groupid": {id}}, Deletes: true,
	})
	if err != nil {
		return o.unknownGroup(ctx, id, err)
	}
	return nil
}
