package mox

import (
	"context"
	"net/mail"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// person is an account as the configuration tells it.
func person(name string, a account) provider.Person {
	p := provider.Person{ID: name, Address: a.main(name), Name: a.FullName, Remark: a.Description, Status: provider.Active, Used: -1, Partial: true}
	for address, kept := range a.addresses() {
		switch {
		case address != p.Address:
			p.Aliases = append(p.Aliases, address)
		case p.Name == "":
			p.Name = a.Destinations[kept].FullName
		}
	}
	slices.Sort(p.Aliases)
	if a.LoginDisabled != "" {
		p.Status = provider.Suspended
	}
	switch {
	case a.QuotaMessageSize == 0:
		p.Quota = -1 // the server's own, which it does not tell
	case a.QuotaMessageSize > 0:
		p.Quota = a.QuotaMessageSize
	}
	return p
}

// People returns all accounts at once: one answer holds them.
func (o *Office) People(ctx context.Context, _ string) ([]provider.Person, string, error) {
	people, err := o.Everybody(ctx)
	return people, "", err
}

// Everybody returns all accounts with everything but room used and last sign-in.
func (o *Office) Everybody(ctx context.Context) ([]provider.Person, error) {
	d, err := o.read(ctx, "list people")
	if err != nil {
		return nil, err
	}
	people := make([]provider.Person, 0, len(d.Accounts))
	for name, a := range d.Accounts {
		people = append(people, person(name, a))
	}
	slices.SortFunc(people, func(a, b provider.Person) int { return strings.Compare(a.ID, b.ID) })
	return people, nil
}

// Person adds to an account's entry how much room it uses and when somebody signed in.
func (o *Office) Person(ctx context.Context, key string) (provider.Person, error) {
	const op = "read person"
	name, err := o.name(ctx, op, key)
	if err != nil {
		return provider.Person{}, err
	}
	a, used, err := o.readAccount(ctx, op, name)
	if err != nil {
		return provider.Person{}, err
	}
	p := person(name, a)
	p.Used, p.Partial = used, false
	if p.LastSignIn, err = o.lastSignIn(ctx, op, name); err != nil {
		return provider.Person{}, err
	}
	return p, nil
}

// readAccount reads one account and the bytes of its mail.
func (o *Office) readAccount(ctx context.Context, op, name string) (a account, used int64, err error) {
	err = o.ask(ctx, op, "Account", &[]any{&a, &used}, name)
	return a, used, err
}

// CreatePerson creates an account and sets its password. Where the password is refused
// the account is taken away again.
func (o *Office) CreatePerson(ctx context.Context, p provider.NewPerson) (provider.Person, error) {
	const op = "create person"
	page, err := o.ownAccounts(ctx, op)
	if err != nil {
		return provider.Person{}, err
	}
	if err := capabilities("", page.there).CanCreate(p); err != nil {
		return provider.Person{}, err
	}
	address, err := clean(op, provider.AttrAddress, p.Address)
	if err == nil {
		err = passes(op, p.Password)
	}
	if err != nil {
		return provider.Person{}, err
	}
	// The account is named like the address's local part, as mox itself does, or where
	// somebody of another domain has that name, like the address.
	name, _, _ := strings.Cut(address, "@")
	err = o.call(ctx, op, "AccountAdd", once, nil, name, address)
	if core.ArgsOf(err)["reason"] == accountTaken {
		name = address
		err = o.call(ctx, op, "AccountAdd", once, nil, name, address)
	}
	if err != nil {
		return provider.Person{}, err
	}
	o.known.add(address, name)
	if err := o.finish(ctx, op, name, page.path, p); err != nil {
		if code := core.CodeOf(err); code == core.Invalid || code == core.Conflict || code == core.Rejected {
			_ = o.call(ctx, op, "AccountRemove", deletes, nil, name) // what could not be made as it was wished is not left half made
		}
		return provider.Person{}, err
	}
	made := account{Domain: address[strings.IndexByte(address, '@')+1:], Destinations: map[string]destination{address: {}}, QuotaMessageSize: max(p.Quota, 0), FullName: p.Name}
	for _, alias := range p.Aliases {
		made.Destinations[plainAddress(alias)] = destination{}
	}
	return person(name, made), nil // reading it would cost two more calls of the few
}

func (o *Office) finish(ctx context.Context, op, name, page string, p provider.NewPerson) error {
	if err := o.ask(ctx, op, "SetPassword", nil, name, p.Password); err != nil {
		return err
	}
	if p.Name != "" {
		if err := o.setName(ctx, op, page, plainAddress(p.Address), p.Password, p.Name); err != nil {
			return err
		}
	}
	for _, alias := range p.Aliases {
		if err := o.AddAlias(ctx, name, alias); err != nil {
			return err
		}
	}
	if p.Quota > 0 {
		return o.UpdatePerson(ctx, name, provider.PersonChange{Quota: &p.Quota})
	}
	return nil
}

// clean checks an address before it is sent; mox would answer a bad one in many ways.
func clean(op string, a provider.Attr, address string) (string, error) {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || strings.ContainsAny(address, "\"' ") {
		return "", core.E(core.Invalid, op, nil, "field", string(a), "reason", "address")
	}
	return plainAddress(address), nil
}

// UpdatePerson changes the room of an account, which is all that mox lets one change;
// its other limits stay as they are.
func (o *Office) UpdatePerson(ctx context.Context, key string, c provider.PersonChange) error {
	const op = "update person"
	if err := capabilities("", true).CanUpdate(c); err != nil {
		return err
	}
	name, err := o.name(ctx, op, key)
	if err != nil {
		return err
	}
	a, _, err := o.readAccount(ctx, op, name)
	if err != nil || c.Quota == nil {
		return err
	}
	quota := *c.Quota // ours: 0 no limit, -1 not told; theirs: negative no limit, 0 the server's own
	if quota <= 0 {
		quota = -quota - 1
	}
	return o.ask(ctx, op, "AccountSettingsSave", nil, name, a.MaxOutgoingMessagesPerDay, a.MaxFirstTimeRecipientsPerDay, quota,
		!a.NoFirstTimeSenderDelay, a.NoCustomPassword)
}

// disabledReason is what the server tells somebody who is switched off.
const disabledReason = "account is switched off by the administrator"

// SuspendPerson lets nobody sign in to an account; mail still arrives there.
func (o *Office) SuspendPerson(ctx context.Context, key string) error {
	return o.switchLogin(ctx, "suspend person", key, disabledReason)
}

// ResumePerson lets people sign in again.
func (o *Office) ResumePerson(ctx context.Context, key string) error {
	return o.switchLogin(ctx, "resume person", key, "")
}

func (o *Office) switchLogin(ctx context.Context, op, key, reason string) error {
	name, err := o.name(ctx, op, key)
	if err != nil {
		return err
	}
	return o.ask(ctx, op, "AccountLoginDisabledSave", nil, name, reason)
}

// rule is what mox demands (webadmin SetPassword, store.Account.SetPassword): PRECIS, 8
// bytes as it is typed and as it is kept, and no more than bcrypt takes.
var rule = provider.PasswordRule{Min: 8, Max: 72, Opaque: true}

// PasswordRule is mox's.
func (o *Office) PasswordRule() provider.PasswordRule { return rule }

func passes(op string, password secret.Value) error {
	text := password.Reveal()
	kept, ok := provider.OpaquePassword(text)
	reason := ""
	switch {
	case min(len(text), len(kept)) < rule.Min && (ok || text == ""):
		reason = "too_short"
	case !ok:
		reason = "characters"
	case len(kept) > rule.Max:
		reason = "too_many_bytes"
	default:
		return nil
	}
	return core.E(core.Invalid, op, nil, "field", string(provider.AttrPassword), "reason", reason)
}

// SetPassword sets a password. mox cannot demand that it is changed at the next sign-in.
func (o *Office) SetPassword(ctx context.Context, key string, password secret.Value, mustChange bool) error {
	const op = "set password"
	if mustChange {
		return core.E(core.Unsupported, op, nil, "field", string(provider.AttrMustChange))
	}
	if err := passes(op, password); err != nil {
		return err
	}
	name, err := o.name(ctx, op, key)
	if err != nil {
		return err
	}
	return o.ask(ctx, op, "SetPassword", nil, name, password)
}

// AddAlias gives an account one more address.
func (o *Office) AddAlias(ctx context.Context, key, address string) error {
	const op = "add alias"
	address, err := clean(op, provider.AttrAliases, address)
	if err != nil {
		return err
	}
	name, err := o.name(ctx, op, key)
	if err != nil {
		return err
	}
	return o.call(ctx, op, "AddressAdd", once, nil, address, name)
}

// RemoveAlias takes an address away; not_found where the account does not have it.
func (o *Office) RemoveAlias(ctx context.Context, key, address string) error {
	const op = "remove alias"
	name, err := o.name(ctx, op, key)
	if err != nil {
		return err
	}
	a, _, err := o.readAccount(ctx, op, name)
	if err != nil {
		return err
	}
	kept, ok := a.addresses()[plainAddress(address)]
	switch {
	case !ok:
		return core.E(core.NotFound, op, nil, "what", "alias")
	case plainAddress(address) == a.main(name):
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrAliases), "reason", "main")
	}
	return o.call(ctx, op, "AddressRemove", deletes, nil, kept)
}

// CheckAddresses tells what addresses are used for.
func (o *Office) CheckAddresses(ctx context.Context, addresses []string) (map[string]provider.Use, error) {
	uses := make(map[string]provider.Use, len(addresses))
	if len(addresses) == 0 {
		return uses, nil
	}
	d, err := o.read(ctx, "check addresses")
	if err != nil {
		return nil, err
	}
	taken, domains := map[string]provider.Use{}, map[string]bool{}
	for name, dom := range d.Domains {
		domains[dom.ascii(name)] = true
		for local := range dom.Aliases {
			taken[plainAddress(local+"@"+dom.ascii(name))] = provider.UseList
		}
	}
	for name, a := range d.Accounts {
		for address := range a.addresses() {
			taken[address] = provider.UseAlias
		}
		taken[a.main(name)] = provider.UsePerson
	}
	for _, asked := range addresses {
		address, err := clean("", provider.AttrAddress, asked)
		_, domain, _ := strings.Cut(address, "@")
		switch {
		case err != nil || !domains[domain]:
			uses[asked] = provider.UseInvalid
		case taken[address] != "":
			uses[asked] = taken[address]
		default:
			uses[asked] = provider.UseFree
		}
	}
	return uses, nil
}
