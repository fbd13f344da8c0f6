package mox

import (
	"context"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// DeletePerson deletes an account with its mail for good. Conflict, with the reason and
// what it hangs on: report_target (reports about a domain are delivered there),
// last_member (a list would be empty).
func (o *Office) DeletePerson(ctx context.Context, key string) error {
	const op = "delete person"
	name, a, d, err := o.leaver(ctx, op, key, lately)
	if err != nil {
		return err
	}
	mine := a.addresses()
	if len(d.listsWith(mine)) == 0 {
		return o.call(ctx, op, "AccountRemove", deletes, nil, name)
	}
	if name, a, d, err = o.leaver(ctx, op, name, 0); err != nil {
		return err
	}
	mine = a.addresses()
	return o.leaveAndRemove(ctx, op, name, mine, d.listsWith(mine))
}

// lately is how old a reading may be from which a deletion learns that nothing hangs on
// an account: many are deleted in a row. The server is not simply asked to delete:
// before it finds a reason to refuse it fails the account's mail that waits to go out
// (admin/admin.go, AccountRemove).
const lately = 30 * time.Second

// leaveAndRemove takes an account out of its lists first, and puts it back where it
// cannot be deleted after all.
func (o *Office) leaveAndRemove(ctx context.Context, op, name string, mine map[string]string, lists map[string]alias) error {
	for list, l := range lists {
		if !slices.ContainsFunc(l.Addresses, func(member string) bool { _, ok := mine[plainAddress(member)]; return !ok }) {
			return core.E(core.Conflict, op, nil, "reason", "last_member", "list", list)
		}
	}
	var left []string // lists that the account is out of
	for list, l := range lists {
		if err := o.members(ctx, op, list, nil, those(l, mine)); err != nil {
			o.back(ctx, op, lists, left, mine)
			return err
		}
		left = append(left, list)
	}
	if err := o.call(ctx, op, "AccountRemove", deletes, nil, name); err != nil {
		o.back(ctx, op, lists, left, mine)
		return err
	}
	return nil
}

// leaver reads an account that is to be deleted and refuses what the server would
// refuse in words that nobody understands.
func (o *Office) leaver(ctx context.Context, op, key string, age time.Duration) (name string, a account, d dynamic, err error) {
	d, fresh := o.known.recent(age)
	name, ok := d.find(key)
	if !fresh || !ok {
		if d, err = o.read(ctx, op); err != nil {
			return "", a, d, err
		}
		name, ok = d.find(key)
	}
	if !ok {
		return "", a, d, core.E(core.NotFound, op, nil, "what", "person")
	}
	for domain, dom := range d.Domains {
		for _, r := range []*report{dom.DMARC, dom.TLSRPT} {
			if r != nil && r.Account == name {
				return "", a, d, core.E(core.Conflict, op, nil, "reason", "report_target", "domain", dom.ascii(domain))
			}
		}
	}
	return name, d.Accounts[name], d, nil
}

// those are a list's members that are among the addresses, as the list spells them.
func those(l alias, addresses map[string]string) (members []string) {
	for _, member := range l.Addresses {
		if _, ok := addresses[plainAddress(member)]; ok {
			members = append(members, member)
		}
	}
	return members
}

// back puts an account into its lists again after it could not be deleted. The error
// that is told is the deletion's.
func (o *Office) back(ctx context.Context, op string, lists map[string]alias, left []string, mine map[string]string) {
	for _, list := range left {
		_ = o.members(ctx, op, list, those(lists[list], mine), nil)
	}
}

// members adds members to a list and takes others away.
func (o *Office) members(ctx context.Context, op, list string, add, remove []string) error {
	local, domain, _ := strings.Cut(list, "@")
	if len(add) > 0 {
		if err := o.call(ctx, op, "AliasAddressesAdd", once, nil, local, domain, add); err != nil {
			return err
		}
	}
	if len(remove) > 0 {
		return o.call(ctx, op, "AliasAddressesRemove", once, nil, local, domain, remove)
	}
	return nil
}

// DeletePersonKeeping deletes an account; its addresses become the heir's, with their
// places in lists. The mail of the old mailbox goes: mox cannot hang one on another.
func (o *Office) DeletePersonKeeping(ctx context.Context, key, heir string, how provider.Keep) error {
	const op = "delete person keeping the address"
	if how != provider.KeepForward {
		return core.E(core.Unsupported, op, nil, "field", "keep")
	}
	name, a, d, err := o.leaver(ctx, op, key, 0)
	if err != nil {
		return err
	}
	heirName, ok := d.find(heir)
	switch {
	case !ok:
		return core.E(core.NotFound, op, nil, "what", "heir")
	case heirName == name:
		return core.E(core.Invalid, op, nil, "field", "heir", "reason", "same")
	}
	mine, heirMain := a.addresses(), d.Accounts[heirName].main(heirName)
	for list, l := range d.listsWith(mine) {
		if !slices.ContainsFunc(l.Addresses, func(member string) bool { return plainAddress(member) == heirMain }) {
			if err := o.members(ctx, op, list, []string{heirMain}, nil); err != nil {
				return err
			}
		}
	}
	for address, kept := range mine { // mail arrives all the time: no address is nobody's for longer than one call
		if err := o.call(ctx, op, "AddressRemove", deletes, nil, kept); err != nil {
			return err
		}
		if err := o.call(ctx, op, "AddressAdd", once, nil, address, heirName); err != nil {
			_ = o.call(ctx, op, "AddressAdd", once, nil, address, name) // mail shall at least arrive where it did
			return err
		}
	}
	return o.call(ctx, op, "AccountRemove", deletes, nil, name)
}
