package netease

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// openPage is the rows of a page of people, the most that was seen to be asked for.
const openPage = 50

// openAccount is an account as the open platform tells it.
type openAccount struct {
	Account    text    `json:"accountName"`
	Name       text    `json:"name"`
	Nickname   text    `json:"nickname"`
	Mobile     text    `json:"mobile"`
	Bound      text    `json:"bindMobile"`
	StaffNo    text    `json:"jobNumber"`
	Job        text    `json:"job"`
	Remark     text    `json:"remark"`
	Unit       text    `json:"unitId"`
	Status     *number `json:"status"`
	Visible    *number `json:"visibleInAddr"`
	MustChange *number `json:"passChangeFirstLogin"`
	Created    text    `json:"createTime"`
}

func (o *open) person(a openAccount, partial bool) provider.Person {
	address := o.address(string(a.Account))
	p := provider.Person{
		ID: address, Address: address, Name: string(a.Name), Mobile: string(a.Mobile), StaffNo: string(a.StaffNo), Title: string(a.Job),
		Remark: string(a.Remark), Hidden: opposite(flagOf(a.Visible)), MustChange: flagOf(a.MustChange), Quota: -1, Used: -1,
		Created: moment(a.Created), Partial: partial,
	}
	if p.Name == "" {
		p.Name = string(a.Nickname)
	}
	if p.Mobile == "" {
		p.Mobile = string(a.Bound)
	}
	if !unplaced(string(a.Unit)) {
		p.Departments = []string{string(a.Unit)}
	}
	if a.Status != nil {
		p.Status = status(int64(*a.Status))
	} else if !partial {
		p.Status = provider.Active
	}
	return p
}

type openAccounts struct {
	Count *number       `json:"count"`
	List  []openAccount `json:"list"`
}

// total is how many there are; -1 where it is not told.
func total(n *number) int64 {
	if n == nil {
		return -1
	}
	return int64(*n)
}

// accounts asks for a page of accounts; unit "" is the whole domain.
func (o *open) accounts(ctx context.Context, op, unit string, page, size int) (openAccounts, error) {
	f := fields{"pageNum": page, "pageSize": size, "recursion": true}
	if unit != "" {
		f["unitId"], f["recursion"] = unit, false
	}
	var list openAccounts
	err := o.call(ctx, op, "unit/getAccountList", reads, f, &list)
	return list, err
}

// People lists the directory in pages of fifty. The token is the page and how many
// people came before it.
func (o *open) People(ctx context.Context, page string) ([]provider.Person, string, error) {
	const op = "list people"
	at, err := readLogPlace(op, page)
	if err != nil {
		return nil, "", err
	}
	list, err := o.accounts(ctx, op, "", at.page, openPage)
	if err != nil {
		return nil, "", err
	}
	people := make([]provider.Person, 0, len(list.List))
	for _, a := range list.List {
		if a.Account != "" {
			people = append(people, o.person(a, true))
		}
	}
	return people, at.after(len(list.List), total(list.Count)), nil
}

// Person reads an account, its aliases and its rights to write and to hear. The rights
// are a call of their own, for which the app may lack the right: then they are not told.
func (o *open) Person(ctx context.Context, id string) (provider.Person, error) {
	const op = "read person"
	name, err := o.account(op, id)
	if err != nil {
		return provider.Person{}, err
	}
	p, err := o.lookUp(ctx, op, name)
	if err != nil || p.Status == provider.Deleted {
		return p, err
	}
	if name, err = o.account(op, p.Address); err != nil { // it may have been asked for by an alias
		return provider.Person{}, err
	}
	var con json.RawMessage
	if err := o.call(ctx, op, "account/getAccountAliasList", reads, fields{"accountName": name}, &con); err != nil {
		return provider.Person{}, err
	}
	list, err := names(con)
	if err != nil {
		return provider.Person{}, core.E(core.Malformed, op, nil, "reason", "aliases")
	}
	p.Aliases = o.aliases(list, p.Address)
	p.MailRights, err = o.mailRights(ctx, op, name)
	return p, err
}

// lookUp reads one account's own answer.
func (o *open) lookUp(ctx context.Context, op, name string) (provider.Person, error) {
	var a openAccount
	err := o.call(ctx, op, "account/getAccount", reads, fields{"accountName": name}, &a)
	if err == nil && a.Account == "" {
		err = core.E(core.NotFound, op, nil)
	}
	return o.person(a, false), err
}

// limits are what the platform's numbers for rights mean.
var limits = map[int64]provider.MailRights{17: provider.SendInside, 18: provider.ReceiveInside, 19: provider.InsideOnly, -1: provider.Everywhere}

// mailRights reads the rights, under the name by which they are set (assumption
// "rights").
func (o *open) mailRights(ctx context.Context, op, name string) (provider.MailRights, error) {
	var a struct {
		Limit *number `json:"rsLimitType"`
	}
	err := o.call(ctx, op, "mailaccount/getMailAccount", reads, fields{"accountName": name}, &a)
	switch core.CodeOf(err) {
	case core.Forbidden, core.NotFound:
		return "", nil
	}
	if err != nil || a.Limit == nil {
		return "", err
	}
	return limits[int64(*a.Limit)], nil
}

// CreatePerson creates an account.
func (o *open) CreatePerson(ctx context.Context, p provider.NewPerson) (provider.Person, error) {
	const op = "create person"
	if err := o.caps.CanCreate(p); err != nil {
		return provider.Person{}, err
	}
	name, err := o.fresh(op, p.Address, provider.AttrAddress)
	if err != nil {
		return provider.Person{}, err
	}
	unit, err := one(op, p.Departments)
	if err != nil {
		return provider.Person{}, err
	}
	f := fields{
		"accountName": name, "name": p.Name, "password": p.Password.Reveal(), "passType": 0, "passChangeFirstLogin": 0, "unitId": unit,
	}
	if p.MustChange == provider.Yes {
		f["passChangeFirstLogin"] = 1
	}
	if p.StaffNo != "" {
		f["jobNumber"] = p.StaffNo
	}
	if p.Mobile != "" {
		f["bindMobile"] = p.Mobile
	}
	switch p.Hidden {
	case provider.Yes:
		f["visibleInAddr"] = 0
	case provider.No:
		f["visibleInAddr"] = 1
	}
	var a openAccount
	if err := o.call(ctx, op, "account/createAccount", creates, f, &a, p.Password); err != nil {
		return provider.Person{}, err
	}
	made := p.Person
	made.ID, made.Address = o.address(name), o.address(name)
	made.Status, made.Quota, made.Used, made.Created, made.Partial = provider.Active, -1, -1, moment(a.Created), true
	return made, nil
}

// UpdatePerson changes what the change names; what is left out stays (C3: a program
// sends the department alone).
func (o *open) UpdatePerson(ctx context.Context, id string, c provider.PersonChange) error {
	const op = "change person"
	if err := o.caps.CanUpdate(c); err != nil {
		return err
	}
	name, err := o.account(op, id)
	if err != nil || len(c.Given()) == 0 {
		return err
	}
	f := fields{"accountName": name}
	if c.Name != nil {
		if err := named(op, *c.Name); err != nil {
			return err
		}
		f["name"] = *c.Name
	}
	if c.StaffNo != nil {
		f["jobNumber"] = *c.StaffNo
	}
	if c.Mobile != nil {
		f["bindmobile"] = *c.Mobile // with a small m here
	}
	if c.Departments != nil {
		if f["unitId"], err = one(op, *c.Departments); err != nil {
			return err
		}
	}
	if c.Hidden != nil {
		f["visibleInAddr"] = 1
		if *c.Hidden {
			f["visibleInAddr"] = 0
		}
	}
	return o.call(ctx, op, "account/updateAccount", changes, f, nil)
}

// act makes a call about one account.
func (o *open) act(ctx context.Context, op, path, id string, kind how, more fields, hidden ...secret.Value) error {
	name, err := o.account(op, id)
	if err != nil {
		return err
	}
	f := fields{"accountName": name}
	for k, v := range more {
		f[k] = v
	}
	return o.call(ctx, op, path, kind, f, nil, hidden...)
}

// DeletePerson deletes an account so that it can be brought back. The call that deletes
// for good is not used: nothing would undo it.
func (o *open) DeletePerson(ctx context.Context, id string) error {
	return o.act(ctx, "delete person", "account/deleteAccountSim", id, deletes, nil)
}

// RestorePerson brings a deleted account back (assumption "restore").
func (o *open) RestorePerson(ctx context.Context, id string) error {
	return o.act(ctx, "restore person", "account/recoverAccount", id, changes, nil)
}

// SuspendPerson disables an account.
func (o *open) SuspendPerson(ctx context.Context, id string) error {
	return o.put(ctx, "suspend person", "account/suspendAccount", id, provider.Suspended)
}

// ResumePerson enables it again.
func (o *open) ResumePerson(ctx context.Context, id string) error {
	return o.put(ctx, "resume person", "account/recoverAccount", id, provider.Active)
}

func (o *open) put(ctx context.Context, op, path, id string, want provider.Status) error {
	return settled(o.act(ctx, op, path, id, changes, nil), func() bool {
		name, err := o.account(op, id)
		if err != nil {
			return false
		}
		p, err := o.lookUp(ctx, op, name)
		return err == nil && p.Status == want
	})
}

// SetHidden shows an account in the address book or hides it.
func (o *open) SetHidden(ctx context.Context, id string, hidden bool) error {
	return o.UpdatePerson(ctx, id, provider.PersonChange{Hidden: &hidden})
}

// SetPassword sets a password; mustChange demands another one at the next sign-in in
// the browser.
func (o *open) SetPassword(ctx context.Context, id string, password secret.Value, mustChange bool) error {
	more := fields{"password": password.Reveal(), "passType": 0, "passChangeFirstLogin": 0}
	if mustChange {
		more["passChangeFirstLogin"] = 1
	}
	return o.act(ctx, "set password", "account/updatePassword", id, changes, more, password)
}

// PasswordRule is empty: the rule is set in the console and cannot be asked for.
func (o *open) PasswordRule() provider.PasswordRule { return provider.PasswordRule{} }

// SetMailRights limits whom an account may write to and hear from.
func (o *open) SetMailRights(ctx context.Context, id string, r provider.MailRights) error {
	const op = "set mail rights"
	for number, right := range limits {
		if right == r {
			return o.act(ctx, op, "mailaccount/updateRsLimit", id, changes, fields{"rsLimitType": number})
		}
	}
	return core.E(core.Invalid, op, nil, "field", string(provider.AttrMailRights))
}

// ways are the platform's words for ways of signing in. yixin, a messenger that has
// ended, is left out.
var ways = map[provider.Way]string{
	provider.Web: "web", provider.IMAP: "imap", provider.POP: "pop", provider.SMTP: "smtp", provider.Client: "flashmail",
}

// SignInWays are the ways that can be set.
func (o *open) SignInWays() []provider.Way {
	return []provider.Way{provider.Web, provider.IMAP, provider.POP, provider.SMTP, provider.Client}
}

// SetSignIn allows or forbids a way. The platform does not tell how it is set.
func (o *open) SetSignIn(ctx context.Context, id string, way provider.Way, allowed bool) error {
	const op = "set sign-in"
	word, ok := ways[way]
	if !ok {
		return core.E(core.Unsupported, op, nil, "field", string(provider.AttrSignIn))
	}
	perm := 0
	if allowed {
		perm = 1
	}
	return o.act(ctx, op, "account/updateAccountLoginPerm", id, changes, fields{"loginType": word, "loginPerm": perm})
}

// Unread counts unread mail.
func (o *open) Unread(ctx context.Context, id string) (int64, error) {
	const op = "count unread mail"
	name, err := o.account(op, id)
	if err != nil {
		return 0, err
	}
	var con json.RawMessage
	if err := o.call(ctx, op, "mailbox/getUnreadMsg", reads, fields{"accountName": name}, &con); err != nil {
		return 0, err
	}
	n, ok := count(con)
	if !ok {
		return 0, core.E(core.Malformed, op, nil, "reason", "count")
	}
	return max(n, 0), nil
}

// count reads a number that stands alone or as the one number of an object (assumption
// "unread").
func count(raw json.RawMessage) (int64, bool) {
	var plain number
	if len(raw) > 0 && !slices.Contains([]string{"null", `""`}, string(raw)) && json.Unmarshal(raw, &plain) == nil {
		return int64(plain), true
	}
	var in map[string]json.RawMessage
	if json.Unmarshal(raw, &in) != nil {
		return 0, false
	}
	for _, name := range []string{"count", "unreadCount", "unread", "total"} {
		if value, ok := in[name]; ok {
			n, err := strconv.ParseInt(strings.Trim(string(value), `"`), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
