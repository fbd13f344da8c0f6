package netease

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// megabyte is the unit of a quota; an answer is taken to have the same as a question
// (assumption "quota").
const megabyte = 1 << 20

// classicAccount is an account as the classic interface tells it. A pointer is nil
// where a value is not told.
type classicAccount struct {
	Name         text    `json:"account_name"`
	Nickname     text    `json:"nickname"`
	TrueName     text    `json:"true_name"`
	Mobile       text    `json:"mobile"`
	JobNo        text    `json:"job_no"`
	Status       *number `json:"status"`
	Unit         text    `json:"unit_id"`
	Created      text    `json:"create_time"`
	Expires      text    `json:"exp_time"`
	MustChange   *number `json:"passchange_req"`
	Visible      *number `json:"addr_visible"`
	AddrRight    *text   `json:"addr_right"`
	Forward      *text   `json:"fwd"`
	ForwardRight *text   `json:"fwdauth"`
	ResetGeneral *text   `json:"resetpass_general"`
	ResetMobile  *text   `json:"resetpass_mobile"`
	Quota        *number `json:"quota"`
}

// person is the account as the contract has it; partial leaves out what only one
// account's own answer tells.
func (o *classic) person(a classicAccount, partial bool) provider.Person {
	address := o.address(string(a.Name))
	p := provider.Person{
		ID: address, Address: address, Name: string(a.Nickname), Mobile: string(a.Mobile), StaffNo: string(a.JobNo),
		Hidden: opposite(flagOf(a.Visible)), MustChange: flagOf(a.MustChange), Quota: -1, Used: -1,
		Created: moment(a.Created), Expires: moment(a.Expires), Partial: partial,
	}
	if p.Name == "" {
		p.Name = string(a.TrueName)
	}
	if !unplaced(string(a.Unit)) {
		p.Departments = []string{string(a.Unit)}
	}
	if a.Quota != nil {
		p.Quota = max(int64(*a.Quota), 0) * megabyte
	}
	if a.Status != nil {
		p.Status = status(int64(*a.Status))
	} else if !partial {
		p.Status = provider.Active
	}
	return p
}

// People lists the directory department by department. The token names the
// departments that are still to come, the page in the first of them, and how many of
// its people were listed already.
func (o *classic) People(ctx context.Context, page string) ([]provider.Person, string, error) {
	at, err := readPlace(page)
	if err != nil {
		return nil, "", err
	}
	if page == "" {
		units, err := o.Departments(ctx)
		if err != nil {
			return nil, "", err
		}
		at.units = append(at.units, "default")
		for _, u := range units {
			at.units = append(at.units, u.ID)
		}
	}
	people := []provider.Person{}
	for len(people) == 0 && len(at.units) > 0 { // a department may be without people
		list, err := o.accounts(ctx, "list people", at.units[0], at.page)
		if err != nil {
			return nil, "", err
		}
		for _, a := range list.List {
			if unplaced(string(a.Unit)) { // the list of a department need not repeat its name
				a.Unit = text(at.units[0])
			}
			people = append(people, o.person(a, true))
		}
		at = at.after(len(list.List), total(list.Count))
	}
	return people, at.String(), nil
}

type accountList struct {
	Count *number          `json:"count"`
	List  []classicAccount `json:"list"`
}

// accounts asks for one page of a department's own people. "recuion" is the vendor's
// spelling; that without it, or with false, those beneath are left out is the
// assumption "recursion", that the default department has its people listed by this
// name the assumption "default".
func (o *classic) accounts(ctx context.Context, op, unit string, page int) (accountList, error) {
	var list accountList
	err := o.call(ctx, op, "unit/getAccountList", reads, params{
		"unit_id": unit, "page_num": strconv.Itoa(page), "recuion": "false",
	}, &list)
	return list, err
}

// place is where a listing stands.
type place struct {
	page, seen int
	units      []string
}

func (p place) String() string {
	if len(p.units) == 0 {
		return ""
	}
	return strconv.Itoa(p.page) + "/" + strconv.Itoa(p.seen) + "/" + strings.Join(p.units, ",")
}

// fullPage is the rows of a page, which cannot be chosen (C3: a comment in a program).
const fullPage = 2000

// after is the place behind a page with so many of a department's count people; -1
// where that is not told, and then a page that is not full is the last.
func (p place) after(listed int, count int64) place {
	more := listed >= fullPage
	if count >= 0 {
		more = listed > 0 && int64(p.seen+listed) < count
	}
	if more {
		return place{p.page + 1, p.seen + listed, p.units}
	}
	return place{1, 0, p.units[1:]}
}

func readPlace(token string) (place, error) {
	if token == "" {
		return place{page: 1}, nil
	}
	parts := strings.SplitN(token, "/", 3)
	if len(parts) == 3 && parts[2] != "" {
		page, errPage := strconv.Atoi(parts[0])
		seen, errSeen := strconv.Atoi(parts[1])
		if errPage == nil && errSeen == nil && page > 0 && seen >= 0 {
			return place{page, seen, strings.Split(parts[2], ",")}, nil
		}
	}
	return place{}, core.E(core.Invalid, "list people", nil, "reason", "page")
}

// account reads one account.
func (o *classic) lookUp(ctx context.Context, op, name string) (classicAccount, error) {
	var a classicAccount
	err := o.call(ctx, op, "account/getAccount", reads, params{"account_name": name}, &a)
	if err == nil && a.Name == "" {
		err = core.E(core.NotFound, op, nil)
	}
	return a, err
}

// Person reads an account and its aliases.
func (o *classic) Person(ctx context.Context, id string) (provider.Person, error) {
	const op = "read person"
	name, err := o.account(op, id)
	if err != nil {
		return provider.Person{}, err
	}
	a, err := o.lookUp(ctx, op, name)
	if err != nil {
		return provider.Person{}, err
	}
	p := o.person(a, false)
	if p.Status == provider.Deleted {
		return p, nil
	}
	p.Aliases, err = o.aliasList(ctx, op, name)
	return p, err
}

func (o *classic) aliasList(ctx context.Context, op, name string) ([]string, error) {
	var con json.RawMessage
	if err := o.call(ctx, op, "account/getAccountAliasList", reads, params{"account_name": name}, &con); err != nil {
		return nil, err
	}
	list, err := names(con)
	if err != nil {
		return nil, core.E(core.Malformed, op, nil, "reason", "aliases")
	}
	return o.aliases(list, o.address(name)), nil
}

// CreatePerson creates an account.
func (o *classic) CreatePerson(ctx context.Context, p provider.NewPerson) (provider.Person, error) {
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
	form := params{
		"account_name": name, "nickname": p.Name, "password": p.Password.Reveal(), "pass_type": "0", "passchange_req": "0",
		"unit_id": unit, "mobile": p.Mobile, "job_no": p.StaffNo, "exp_time": day(p.Expires),
	}
	if p.MustChange == provider.Yes {
		form["passchange_req"] = "1"
	}
	switch p.Hidden {
	case provider.Yes:
		form["addr_visible"] = "0"
	case provider.No:
		form["addr_visible"] = "1"
	}
	if p.Quota > 0 {
		if p.Quota%megabyte != 0 {
			return provider.Person{}, core.E(core.Invalid, op, nil, "field", string(provider.AttrQuota), "reason", "whole_mb")
		}
		form["quota"] = strconv.FormatInt(p.Quota/megabyte, 10)
	}
	var a classicAccount
	if err := o.call(ctx, op, "account/createAccount", creates, form, &a, p.Password); err != nil {
		return provider.Person{}, err
	}
	made := p.Person
	made.ID, made.Address = o.address(name), o.address(name)
	made.Status, made.Used, made.Created, made.Partial = provider.Active, -1, moment(a.Created), true
	return made, nil
}

// day is a date as the interface wants it; "" for none.
func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(beijing).Format(time.DateOnly)
}

// UpdatePerson reads the account and sends all of it, changed: whether what is left
// out stays as it is, nothing says. A mobile number is taken away by its own call.
func (o *classic) UpdatePerson(ctx context.Context, id string, c provider.PersonChange) error {
	const op = "change person"
	if err := o.caps.CanUpdate(c); err != nil {
		return err
	}
	if c.Expires != nil && c.Expires.IsZero() { // how an end is taken away is not known
		return core.E(core.Unsupported, op, nil, "field", string(provider.AttrExpires), "reason", "never")
	}
	name, err := o.account(op, id)
	if err != nil || len(c.Given()) == 0 {
		return err
	}
	if c.Name != nil && strings.TrimSpace(*c.Name) == "" {
		return named(op, *c.Name)
	}
	a, err := o.lookUp(ctx, op, name)
	if err != nil {
		return err
	}
	unbind := c.Mobile != nil && *c.Mobile == ""
	if unbind {
		c.Mobile = nil
	}
	if len(c.Given()) > 0 {
		if err := o.call(ctx, op, "account/updateAccount", changes, a.changed(name, c, unbind), nil); err != nil {
			return err
		}
	}
	if !unbind || a.Mobile == "" {
		return nil
	}
	return o.unbind(ctx, op, name)
}

// unbind takes a mobile number away and looks whether it is gone: that the bound number
// is the account's own, nothing says (assumption "bound").
func (o *classic) unbind(ctx context.Context, op, name string) error {
	refused := o.call(ctx, op, "mobile/deleteMobile", changes, params{"account_name": name}, nil)
	switch core.CodeOf(refused) {
	case "", core.NotFound, core.Rejected, core.Invalid: // none is bound, perhaps
	default:
		return refused
	}
	a, err := o.lookUp(ctx, op, name)
	switch {
	case err != nil:
		return err
	case a.Mobile == "":
		return nil
	case refused != nil:
		return refused
	}
	return core.E(core.Rejected, op, nil, "field", string(provider.AttrMobile), "reason", "firm")
}

// changed is all of an account with what is to be different; a number that is to go is
// left out.
func (a classicAccount) changed(name string, c provider.PersonChange, unbind bool) params {
	form := a.form(name)
	if unbind {
		delete(form, "mobile")
	}
	for param, to := range map[string]*string{"nickname": c.Name, "mobile": c.Mobile, "job_no": c.StaffNo} {
		if to != nil {
			form[param] = orCleared(*to)
		}
	}
	if c.Hidden != nil {
		form["addr_visible"] = "1"
		if *c.Hidden {
			form["addr_visible"] = "0"
		}
	}
	if c.Expires != nil {
		form["exp_time"] = day(*c.Expires)
	}
	return form
}

// form is everything that an update can say, as it is.
func (a classicAccount) form(name string) params {
	form := params{
		"account_name": name, "nickname": string(a.Nickname), "mobile": string(a.Mobile), "job_no": string(a.JobNo),
		"exp_time": day(moment(a.Expires)),
	}
	for param, value := range map[string]*text{
		"addr_right": a.AddrRight, "fwd": a.Forward, "fwdauth": a.ForwardRight, "resetpass_general": a.ResetGeneral, "resetpass_mobile": a.ResetMobile,
	} {
		if value != nil {
			form[param] = string(*value)
		}
	}
	for param, value := range map[string]*number{"addr_visible": a.Visible, "passchange_req": a.MustChange} {
		if value != nil {
			form[param] = strconv.FormatInt(int64(*value), 10)
		}
	}
	return form
}

// act makes a call about one account that says nothing but its name.
func (o *classic) act(ctx context.Context, op, path, id string, kind how, more params, hidden ...secret.Value) error {
	name, err := o.account(op, id)
	if err != nil {
		return err
	}
	form := params{"account_name": name}
	for k, v := range more {
		form[k] = v
	}
	return o.call(ctx, op, path, kind, form, nil, hidden...)
}

// DeletePerson deletes an account so that it can be brought back for seven days.
func (o *classic) DeletePerson(ctx context.Context, id string) error {
	return o.act(ctx, "delete person", "account/deleteAccountSim", id, deletes, nil)
}

// RestorePerson brings a deleted account back (assumption "restore").
func (o *classic) RestorePerson(ctx context.Context, id string) error {
	return o.act(ctx, "restore person", "account/recoverAccount", id, changes, nil)
}

// SuspendPerson disables an account.
func (o *classic) SuspendPerson(ctx context.Context, id string) error {
	return o.put(ctx, "suspend person", "account/suspendAccount", id, provider.Suspended)
}

// ResumePerson enables it again.
func (o *classic) ResumePerson(ctx context.Context, id string) error {
	return o.put(ctx, "resume person", "account/recoverAccount", id, provider.Active)
}

func (o *classic) put(ctx context.Context, op, path, id string, want provider.Status) error {
	return settled(o.act(ctx, op, path, id, changes, nil), func() bool {
		p, err := o.Person(ctx, id)
		return err == nil && p.Status == want
	})
}

// SetHidden shows an account in the address book or hides it.
func (o *classic) SetHidden(ctx context.Context, id string, hidden bool) error {
	return o.UpdatePerson(ctx, id, provider.PersonChange{Hidden: &hidden})
}

// SetPassword sets a password; mustChange demands another one at the next sign-in in
// the browser.
func (o *classic) SetPassword(ctx context.Context, id string, password secret.Value, mustChange bool) error {
	more := params{"password": password.Reveal(), "pass_type": "0", "passchange_req": "0"}
	if mustChange {
		more["passchange_req"] = "1"
	}
	return o.act(ctx, "set password", "account/updatePassword", id, changes, more, password)
}

// PasswordRule is empty: the rule is set in the console and cannot be asked for.
func (o *classic) PasswordRule() provider.PasswordRule { return provider.PasswordRule{} }

// AddAlias adds an alias in the office's domain.
func (o *classic) AddAlias(ctx context.Context, id, address string) error {
	const op = "add alias"
	alias, err := o.fresh(op, address, provider.AttrAliases)
	if err != nil {
		return err
	}
	return o.act(ctx, op, "account/addAccountAlias", id, creates, params{"alias_name": alias})
}

// RemoveAlias takes an alias away.
func (o *classic) RemoveAlias(ctx context.Context, id, address string) error {
	const op = "remove alias"
	alias, err := o.account(op, address)
	if err != nil {
		return err
	}
	err = o.act(ctx, op, "account/deleteAccountAlias", id, deletes, params{"alias_name": alias})
	switch core.CodeOf(err) {
	case core.Rejected, core.Invalid:
		name, _ := o.account(op, id)
		if list, lerr := o.aliasList(ctx, op, name); lerr == nil && !slices.Contains(list, o.address(alias)) {
			return core.E(core.NotFound, op, err)
		}
	}
	return err
}

// Unread counts unread mail.
func (o *classic) Unread(ctx context.Context, id string) (int64, error) {
	const op = "count unread mail"
	name, err := o.account(op, id)
	if err != nil {
		return 0, err
	}
	var con struct {
		Count *number `json:"count"`
	}
	if err := o.call(ctx, op, "mailbox/getUnreadMsg", reads, params{"account_name": name}, &con); err != nil {
		return 0, err
	}
	if con.Count == nil {
		return 0, core.E(core.Malformed, op, nil, "reason", "count")
	}
	return max(int64(*con.Count), 0), nil
}

// SignInLink makes the signed address that opens a mailbox. How long it is good is not
// told.
func (o *classic) SignInLink(ctx context.Context, id string) (secret.Value, time.Time, error) {
	const op = "make sign-in link"
	name, err := o.account(op, id)
	if err != nil {
		return secret.Value{}, time.Time{}, err
	}
	if _, err := o.lookUp(ctx, op, name); err != nil { // the address would be made for nobody, too
		return secret.Value{}, time.Time{}, err
	}
	host := "https://entry.qiye.163.com"
	if o.region == east {
		host = "https://entryhz.qiye.163.com"
	}
	now := strconv.FormatInt(time.Now().UnixMilli(), 10)
	enc, err := sign(o.key, name+string(o.domain)+now)
	if err != nil {
		return secret.Value{}, time.Time{}, err
	}
	q := url.Values{}
	for k, v := range map[string]string{"domain": string(o.domain), "account_name": name, "time": now, "enc": enc, "lang": "0"} {
		q.Set(k, v)
	}
	return secret.NewValue(host + "/domain/oa/Entry?" + q.Encode()), time.Time{}, nil
}
