package tencent

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// member is one entry of user/list and the answer of user/get. Numbers and texts take
// each other's place between the two.
type member struct {
	UserID     string   `json:"userid"` // the full address
	Name       text     `json:"name"`
	Department []number `json:"department"`
	Position   text     `json:"position"`
	Mobile     text     `json:"mobile"`
	Tel        text     `json:"tel"`
	ExtID      text     `json:"extid"`
	Gender     text     `json:"gender"` // "1" male, "2" female, "0" not told
	Enable     *number  `json:"enable"`
	Slaves     []string `json:"slaves"`
	MustChange number   `json:"cpwd_login"`
}

func (m member) person() provider.Person {
	p := provider.Person{
		ID: m.UserID, Address: strings.ToLower(m.UserID), Name: string(m.Name), Title: string(m.Position),
		Mobile: string(m.Mobile), Phone: string(m.Tel), StaffNo: string(m.ExtID), Status: provider.Active,
		MustChange: flag(m.MustChange != 0), Quota: -1, Used: -1,
	}
	switch m.Gender {
	case "1":
		p.Gender = "male"
	case "2":
		p.Gender = "female"
	}
	if m.Enable != nil && *m.Enable == 0 {
		p.Status = provider.Suspended
	}
	for _, d := range m.Department {
		if d != rootID { // who is directly at the top is in no department of ours
			p.Departments = append(p.Departments, departmentName(d))
		}
	}
	for _, a := range m.Slaves {
		if a = strings.ToLower(strings.TrimSpace(a)); a != "" {
			p.Aliases = append(p.Aliases, a)
		}
	}
	return p
}

func flag(yes bool) provider.Flag {
	if yes {
		return provider.Yes
	}
	return provider.No
}

// People is the whole directory in one page: user/list knows no paging. Doc #10019.
func (o *Office) People(ctx context.Context, page string) ([]provider.Person, string, error) {
	if page != "" {
		return nil, "", core.E(core.Invalid, "list members", nil, "field", "page")
	}
	members, err := o.members(ctx, "user/list")
	if err != nil {
		return nil, "", err
	}
	people := make([]provider.Person, 0, len(members))
	for _, m := range members {
		p := m.person()
		p.Partial = o.caps.Can(provider.CanSetSignIn) // the ways of signing in are asked for one by one
		people = append(people, p)
	}
	return people, "", nil
}

// members lists everybody below the root; where the app may not see the root, below
// each of the topmost departments that it sees. path is user/list or user/simplelist.
func (o *Office) members(ctx context.Context, path string) ([]member, error) {
	all, err := o.membersSeen(ctx, path)
	if err == nil {
		o.learn(all)
	}
	return all, err
}

func (o *Office) membersSeen(ctx context.Context, path string) ([]member, error) {
	all, err := o.membersBelow(ctx, path, rootID)
	if code := core.CodeOf(err); code != core.Forbidden && code != core.NotFound || core.ArgsOf(err)["vendorCode"] == "" {
		return all, err
	}
	tree, treeErr := o.Departments(ctx)
	if treeErr != nil || len(tree) == 0 {
		return nil, err
	}
	seen := map[string]bool{}
	for _, d := range tree {
		if d.Parent != provider.RootDepartment {
			continue
		}
		id, _ := departmentID(d.ID)
		below, err := o.membersBelow(ctx, path, id)
		if err != nil {
			return nil, err
		}
		for _, m := range below {
			if !seen[m.UserID] {
				seen[m.UserID] = true
				all = append(all, m)
			}
		}
	}
	return all, nil
}

func (o *Office) membersBelow(ctx context.Context, path string, department int64) ([]member, error) {
	var answer struct {
		UserList []member `json:"userlist"`
	}
	query := url.Values{"department_id": {strconv.FormatInt(department, 10)}, "fetch_child": {"1"}}
	if err := o.get(ctx, fieldContacts, "list members", path, query, &answer); err != nil {
		return nil, err
	}
	seen, kept := make(map[string]bool, len(answer.UserList)), answer.UserList[:0]
	for _, m := range answer.UserList { // one who is in two departments may be told twice
		if m.UserID != "" && !seen[m.UserID] {
			seen[m.UserID] = true
			kept = append(kept, m)
		}
	}
	return kept, nil
}

// Person reads one member, and with the key for it the ways of signing in. Doc #10017.
func (o *Office) Person(ctx context.Context, id string) (provider.Person, error) {
	m, err := o.member(ctx, "read member", id)
	if err != nil {
		return provider.Person{}, err
	}
	p := m.person()
	if o.caps.Can(provider.CanSetSignIn) {
		// A key that does not work here is told by Check; the person is shown all the same.
		if p.SignIn, err = o.signIn(ctx, m.UserID); err != nil && ctx.Err() != nil {
			return provider.Person{}, err
		}
	}
	return p, nil
}

func (o *Office) member(ctx context.Context, op, id string) (member, error) {
	var m member
	if err := addressLike(op, id); err != nil {
		return m, err
	}
	err := unknownPerson(o.get(ctx, fieldContacts, op, "user/get", url.Values{"userid": {id}}, &m))
	if low := strings.ToLower(id); core.CodeOf(err) == core.NotFound && low != id {
		err = unknownPerson(o.get(ctx, fieldContacts, op, "user/get", url.Values{"userid": {low}}, &m))
	}
	if err != nil {
		return m, err
	}
	if m.UserID == "" {
		return m, core.E(core.Malformed, op, nil)
	}
	return m, nil
}

// addressLike: a member's key is the full address; anything else names nobody.
func addressLike(op, id string) error {
	local, domain, ok := strings.Cut(id, "@")
	if !ok || local == "" || domain == "" || sayable(op, provider.AttrAddress, id, 320) != nil {
		return core.E(core.NotFound, op, nil)
	}
	return nil
}

// unknownPerson: asked for one member by address, "bad userid" says that there is none.
func unknownPerson(err error) error { return reread(err, "40003", meaning{code: core.NotFound}) }

// Unread counts the unread mail of a mailbox. Doc #10033 wants two days; a program that
// leaves them out works, so this is tried where they are refused.
func (o *Office) Unread(ctx context.Context, id string) (int64, error) {
	const op = "count unread mail"
	if err := addressLike(op, id); err != nil {
		return 0, err
	}
	var answer struct {
		Count *number `json:"count"`
	}
	all := url.Values{"userid": {id}, "begin_date": {"2000-01-01"}, "end_date": {o.now().In(beijing).Format(dayForm)}}
	err := unknownPerson(o.get(ctx, fieldNotice, op, "mail/newcount", all, &answer))
	if code := core.CodeOf(err); code == core.Invalid || code == core.Rejected {
		if o.get(ctx, fieldNotice, op, "mail/newcount", url.Values{"userid": {id}}, &answer) == nil {
			err = nil
		}
	}
	switch {
	case err != nil:
		return 0, err
	case answer.Count == nil:
		return 0, core.E(core.Malformed, op, nil, "reason", "count")
	}
	return max(int64(*answer.Count), 0), nil
}
