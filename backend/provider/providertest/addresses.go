package providertest

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// testPrimary makes another address the main one: nothing is lost, and it is the same
// account.
func testPrimary(o *office) {
	o.need(provider.CanSetPrimary, provider.CanCreatePeople)
	setter := as[provider.PrimarySetter](o)
	p, other := o.someone("first"), o.someone("other")
	second := o.address("second")
	if !o.caps.PrimaryNew {
		o.wants("a main address that is not one's own", setter.SetPrimary(o.ctx, p.ID, second), core.NotFound)
		must(o, "add an alias", as[provider.AliasEditor](o).AddAlias(o.ctx, p.ID, second))
	}
	before := o.read(p.ID)
	must(o, "make it the main address", setter.SetPrimary(o.ctx, p.ID, strings.ToUpper(second)))
	o.mainIs(before, second)
	o.wants("somebody else's address", setter.SetPrimary(o.ctx, p.ID, other.Address), core.NotFound, core.Conflict)
	o.wants("a main address for nobody", setter.SetPrimary(o.ctx, o.address("nobody"), o.address("third")), core.NotFound)
	o.mainIs(before, second)
	if o.c.SignIn != nil {
		must(o, "sign in with the new main address", o.c.SignIn(o.ctx, second, suitePassword))
	}
	if !o.caps.PrimaryNew {
		must(o, "make the former one the main address", setter.SetPrimary(o.ctx, p.ID, p.Address))
		if now := o.read(p.ID); now.Address != p.Address || !slices.Equal(now.Aliases, before.Aliases) {
			o.Errorf("there and back again it is %s with %v, was %s with %v", now.Address, now.Aliases, p.Address, before.Aliases)
		}
	}
}

// mainIs checks that an account has another main address, and is the same in all else.
func (o *office) mainIs(before provider.Person, main string) {
	o.Helper()
	for where, now := range map[string]provider.Person{"by its ID": o.read(before.ID), "by its new address": o.read(main)} {
		if now.ID != before.ID || now.Address != main || now.Name != before.Name {
			o.Errorf("%s it is %+v, want %s with the main address %s", where, now, before.ID, main)
		}
		if !slices.Contains(now.Aliases, before.Address) || slices.Contains(now.Aliases, main) {
			o.Errorf("%s the aliases are %v, want the former main address %s and not the new one", where, now.Aliases, before.Address)
		}
	}
	if listed, ok := o.listed(before.ID); !ok || listed.Address != main {
		o.Errorf("the listing tells %+v", listed)
	}
}

// testAddressHidden hides and shows single addresses; the others and the account as a
// whole stay as they are.
func testAddressHidden(o *office) {
	o.need(provider.CanHideAddresses, provider.CanCreatePeople, provider.CanEditAliases)
	hider, aliases := as[provider.AddressHider](o), as[provider.AliasEditor](o)
	p, alias, another := o.someone("seen"), o.address("unseen"), o.address("shown")
	must(o, "add an alias", aliases.AddAlias(o.ctx, p.ID, alias))
	must(o, "add another", aliases.AddAlias(o.ctx, p.ID, another))
	whole := o.read(p.ID).Hidden
	leaves := func(what string, want ...string) {
		o.Helper()
		now := o.read(p.ID)
		if !slices.Equal(slices.Sorted(slices.Values(now.HiddenAddresses)), slices.Sorted(slices.Values(want))) {
			o.Errorf("%s: the book leaves out %v, want %v", what, now.HiddenAddresses, want)
		}
		if now.Hidden != whole {
			o.Errorf("%s: the account as a whole is hidden: %q, was %q", what, now.Hidden, whole)
		}
	}
	for range 2 { // twice is no error
		must(o, "hide the alias", hider.SetAddressHidden(o.ctx, p.ID, strings.ToUpper(alias), true))
	}
	leaves("one alias", alias)
	must(o, "hide the main address", hider.SetAddressHidden(o.ctx, p.ID, p.Address, true))
	leaves("two", alias, p.Address)
	must(o, "show the main address", hider.SetAddressHidden(o.ctx, p.ID, p.Address, false))
	leaves("one again", alias)
	must(o, "remove the alias", aliases.RemoveAlias(o.ctx, p.ID, alias))
	leaves("the alias is gone")
	o.wants("hide what is not one's own", hider.SetAddressHidden(o.ctx, p.ID, alias, true), core.NotFound)
	o.wants("hide an address of nobody", hider.SetAddressHidden(o.ctx, o.address("nobody"), another, true), core.NotFound)
	leaves("after what was refused")
	draft := o.draft(o.address("from"))
	draft.HiddenAddresses = []string{draft.Address}
	if !settable(o.caps.Create, provider.AttrHiddenAddresses) {
		before := o.requests()
		_, err := as[provider.PersonEditor](o).CreatePerson(o.ctx, draft)
		o.unsettable("create with", provider.AttrHiddenAddresses, err, o.requests()-before)
		return
	}
	if made := o.read(o.create(draft).ID); !slices.Equal(made.HiddenAddresses, draft.HiddenAddresses) {
		o.Errorf("from the beginning the book leaves out %v, want %v", made.HiddenAddresses, draft.HiddenAddresses)
	}
}

func addressAttempts(address string) []attempt {
	return []attempt{
		{provider.CanSetPrimary, doing(func(ctx context.Context, e provider.PrimarySetter) error { return e.SetPrimary(ctx, address, address) })},
		{provider.CanHideAddresses, doing(func(ctx context.Context, e provider.AddressHider) error {
			return e.SetAddressHidden(ctx, address, address, true)
		})},
	}
}
