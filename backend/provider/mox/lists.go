package mox

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// traits: members are addresses of this server, and either everybody may write or the
// members. Lists have no display name.
var traits = provider.ListTraits{Policies: []provider.Policy{provider.PolicyMembers, provider.PolicyAnyone}, Nameless: true, NeedsMember: true, NeverEmpty: true}

// ListTraits is what mox's aliases can hold.
func (o *Office) ListTraits() provider.ListTraits {
	t := traits
	t.Policies = slices.Clone(traits.Policies)
	return t
}

func list(address string, l alias) provider.List {
	local, _, _ := strings.Cut(address, "@")
	out := provider.List{ID: address, Address: address, Name: local, Policy: provider.PolicyMembers}
	if l.PostPublic {
		out.Policy = provider.PolicyAnyone
	}
	for _, member := range l.Addresses {
		out.Members = append(out.Members, plainAddress(member))
	}
	return out
}

// lists are all lists by address.
func (d dynamic) lists() map[string]alias {
	all := map[string]alias{}
	for name, dom := range d.Domains {
		for local, l := range dom.Aliases {
			all[plainAddress(local+"@"+dom.ascii(name))] = l
		}
	}
	return all
}

// Lists returns all lists at once: one answer holds them.
func (o *Office) Lists(ctx context.Context, _ string) ([]provider.List, string, error) {
	d, err := o.read(ctx, "list lists")
	if err != nil {
		return nil, "", err
	}
	var all []provider.List
	for address, l := range d.lists() {
		all = append(all, list(address, l))
	}
	slices.SortFunc(all, func(a, b provider.List) int { return strings.Compare(a.Address, b.Address) })
	return all, "", nil
}

// List returns one list; its ID is its address.
func (o *Office) List(ctx context.Context, id string) (provider.List, error) {
	l, err := o.alias(ctx, "read list", id)
	return list(plainAddress(id), l), err
}

func (o *Office) alias(ctx context.Context, op, id string) (alias, error) {
	d, err := o.read(ctx, op)
	if err != nil {
		return alias{}, err
	}
	l, ok := d.lists()[plainAddress(id)]
	if !ok {
		return alias{}, core.E(core.NotFound, op, nil, "what", "list")
	}
	return l, nil
}

// CreateList creates a list. A name is not kept.
func (o *Office) CreateList(ctx context.Context, l provider.List) (provider.List, error) {
	const op = "create list"
	if err := traits.Refuse(l.Change()); err != nil {
		return provider.List{}, err
	}
	address, err := clean(op, provider.AttrAddress, l.Address)
	if err != nil {
		return provider.List{}, err
	}
	members, err := o.local(ctx, op, l.Members)
	if err != nil {
		return provider.List{}, err
	}
	if len(members) == 0 {
		return provider.List{}, core.E(core.Invalid, op, nil, "field", string(provider.AttrMembers), "reason", "missing")
	}
	local, domain, _ := strings.Cut(address, "@")
	made := alias{Addresses: members, PostPublic: l.Policy == provider.PolicyAnyone}
	if err := o.call(ctx, op, "AliasAdd", once, nil, local, domain, made); err != nil {
		return provider.List{}, err
	}
	return list(address, made), nil
}

// local spells members and refuses those of other domains.
func (o *Office) local(ctx context.Context, op string, members []string) ([]string, error) {
	var all []string
	for _, member := range members {
		address, err := clean(op, provider.AttrMembers, member)
		if err != nil {
			return nil, err
		}
		own, err := o.isOwn(ctx, address)
		switch {
		case err != nil:
			return nil, err
		case !own:
			return nil, core.E(core.Unsupported, op, nil, "field", string(provider.AttrMembers), "reason", "outside", "address", address)
		}
		if !slices.Contains(all, address) {
			all = append(all, address)
		}
	}
	return all, nil
}

// UpdateList changes members and who may write; first come the new members, since no
// list is ever empty.
func (o *Office) UpdateList(ctx context.Context, id string, c provider.ListChange) error {
	const op = "update list"
	if c.Name != nil {
		return core.E(core.Unsupported, op, nil, "field", string(provider.AttrName))
	}
	if err := traits.Refuse(c); err != nil {
		return err
	}
	var members []string
	if c.Members != nil {
		var err error
		if members, err = o.local(ctx, op, *c.Members); err != nil {
			return err
		}
		if len(members) == 0 {
			return core.E(core.Invalid, op, nil, "field", string(provider.AttrMembers), "reason", "missing")
		}
	}
	l, err := o.alias(ctx, op, id)
	if err != nil {
		return err
	}
	local, domain, _ := strings.Cut(plainAddress(id), "@")
	if c.Policy != nil {
		if err := o.ask(ctx, op, "AliasUpdate", nil, local, domain, *c.Policy == provider.PolicyAnyone, l.ListMembers, l.AllowMsgFrom); err != nil {
			return err
		}
	}
	if c.Members == nil {
		return nil
	}
	var add, remove []string
	have := map[string]bool{}
	for _, member := range l.Addresses {
		have[plainAddress(member)] = true
		if !slices.Contains(members, plainAddress(member)) {
			remove = append(remove, member)
		}
	}
	for _, member := range members {
		if !have[member] {
			add = append(add, member)
		}
	}
	return o.members(ctx, op, plainAddress(id), add, remove)
}

// DeleteList deletes a list; its members keep their mailboxes.
func (o *Office) DeleteList(ctx context.Context, id string) error {
	local, domain, found := strings.Cut(plainAddress(id), "@")
	if !found {
		return core.E(core.NotFound, "delete list", nil, "what", "list")
	}
	return o.call(ctx, "delete list", "AliasRemove", deletes, nil, local, domain)
}
