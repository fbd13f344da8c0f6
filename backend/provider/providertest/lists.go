package providertest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// list creates a list that is deleted with the test; what the caller leaves out is
// filled in.
func (o *office) list(l provider.List) provider.List {
	o.Helper()
	o.need(provider.CanEditLists, provider.CanReadLists, provider.CanCreatePeople)
	editor := as[provider.ListEditor](o)
	traits := as[provider.ListReader](o).ListTraits()
	l.Address, l.Name = cmp.Or(l.Address, o.address("list")), cmp.Or(l.Name, "名单 List")
	if l.Members == nil {
		l.Members = []string{o.someone("member").Address}
	}
	if l.Policy == "" && len(traits.Policies) > 0 {
		l.Policy = traits.Policies[0]
		if takesSenders(l.Policy) {
			l.Senders = slices.Clone(l.Members)
		}
	}
	made, err := editor.CreateList(o.ctx, l)
	must(o, "create a list", err)
	if made.ID == "" {
		o.Fatalf("the list has no ID: %+v", made)
	}
	o.later(func(ctx context.Context) { _ = editor.DeleteList(ctx, made.ID) }) // the test may have done it
	return made
}

func takesSenders(p provider.Policy) bool {
	return p == provider.PolicyNamed || p == provider.PolicyMembersNamed
}

func (o *office) readList(id string) provider.List {
	o.Helper()
	l, err := as[provider.ListReader](o).List(o.ctx, id)
	must(o, "read the list", err)
	if l.Partial {
		o.Errorf("%s is partial although it was read alone", id)
	}
	return l
}

func (o *office) lists() (all []provider.List, pages int) {
	o.Helper()
	reader := as[provider.ListReader](o)
	for page := ""; ; pages++ {
		lists, next, err := reader.Lists(o.ctx, page)
		must(o, "list lists", err)
		all = append(all, lists...)
		if next == "" {
			return all, pages + 1
		}
		if next == page || pages > 10_000 {
			o.Fatalf("the token %q of the next page leads nowhere", next)
		}
		page = next
	}
}

func testLists(o *office) {
	o.need(provider.CanEditLists, provider.CanReadLists, provider.CanCreatePeople)
	editor := as[provider.ListEditor](o)
	a, b := o.someone("first"), o.someone("second")
	l := o.list(provider.List{Address: strings.ToUpper(name("Team")) + "@" + o.c.Domain, Members: []string{a.Address}})
	got := o.readList(l.ID)
	if got.Address != strings.ToLower(l.Address) || !slices.Equal(got.Members, []string{a.Address}) {
		o.Errorf("the list is %+v, want %s alone in %s", got, a.Address, l.Address)
	}
	if all, _ := o.lists(); !slices.ContainsFunc(all, func(x provider.List) bool { return x.ID == l.ID && x.Address == got.Address }) {
		o.Errorf("%s is not among %+v", l.ID, all)
	}
	_, err := editor.CreateList(o.ctx, provider.List{Address: got.Address, Name: "again", Members: []string{a.Address}, Policy: got.Policy, Senders: got.Senders})
	o.wants("the same address again", err, core.Conflict)
	_, err = editor.CreateList(o.ctx, provider.List{Address: b.Address, Name: "person", Members: []string{a.Address}, Policy: got.Policy, Senders: got.Senders})
	o.wants("somebody's address", err, core.Conflict)

	for _, members := range [][]string{{a.Address, b.Address}, {b.Address}} {
		must(o, "change the members", editor.UpdateList(o.ctx, l.ID, provider.ListChange{Members: &members}))
		if got := o.readList(l.ID); !same(got.Members, members) {
			o.Errorf("the members are %v, want %v", got.Members, members)
		}
	}
	must(o, "delete the list", editor.DeleteList(o.ctx, l.ID))
	_, err = as[provider.ListReader](o).List(o.ctx, l.ID)
	o.wants("read the deleted list", err, core.NotFound)
	if all, _ := o.lists(); slices.ContainsFunc(all, func(x provider.List) bool { return x.ID == l.ID }) {
		o.Error("the deleted list is still listed")
	}
	if now := o.read(b.ID); now.Status != provider.Active {
		o.Errorf("deleting the list touched its member: %+v", now)
	}
}

// trait is a value that lists may have or not.
type trait struct {
	attr   provider.Attr
	can    bool
	list   func(*provider.List)
	change func(*provider.ListChange)
	holds  func(provider.List) bool
}

func (o *office) traits(members []string) []trait {
	o.Helper()
	t := as[provider.ListReader](o).ListTraits()
	text, on := "改过 changed", true
	outside := append(slices.Clone(members), "partner@example.org")
	var nested, where []string
	if t.Nested {
		nested = []string{o.list(provider.List{}).Address}
	} else {
		nested = []string{o.address("list")}
	}
	if t.Departments {
		where = []string{o.someDepartments()[0]}
	} else {
		where = []string{"1"}
	}
	return []trait{
		{provider.AttrName, t.Rename, nil, func(c *provider.ListChange) { c.Name = &text }, func(l provider.List) bool { return l.Name == text }},
		{provider.AttrRemark, t.Remark, func(l *provider.List) { l.Remark = text }, func(c *provider.ListChange) { c.Remark = &text }, func(l provider.List) bool { return l.Remark == text }},
		{provider.AttrMembers, t.Outside, func(l *provider.List) { l.Members = outside }, func(c *provider.ListChange) { c.Members = &outside }, func(l provider.List) bool { return same(l.Members, outside) }},
		{provider.AttrLists, t.Nested, func(l *provider.List) { l.Lists = nested }, func(c *provider.ListChange) { c.Lists = &nested }, func(l provider.List) bool { return same(l.Lists, nested) }},
		{provider.AttrDepartments, t.Departments, func(l *provider.List) { l.Departments = where }, func(c *provider.ListChange) { c.Departments = &where }, func(l provider.List) bool { return same(l.Departments, where) }},
		{provider.AttrHidden, t.Hidden, func(l *provider.List) { l.Hidden = provider.Yes }, func(c *provider.ListChange) { c.Hidden = &on }, func(l provider.List) bool { return l.Hidden == provider.Yes }},
		{provider.AttrOff, t.Off, func(l *provider.List) { l.Off = provider.Yes }, func(c *provider.ListChange) { c.Off = &on }, func(l provider.List) bool { return l.Off == provider.Yes }},
	}
}

func testListTraits(o *office) {
	o.need(provider.CanEditLists, provider.CanReadLists, provider.CanCreatePeople)
	editor := as[provider.ListEditor](o)
	p, sender := o.someone("member"), o.someone("sender")
	members := []string{p.Address}
	for _, policy := range as[provider.ListReader](o).ListTraits().Policies {
		l := provider.List{Members: members, Policy: policy}
		if takesSenders(policy) {
			l.Senders = []string{sender.Address}
		}
		got := o.readList(o.list(l).ID)
		if got.Policy != policy || !same(got.Senders, l.Senders) {
			o.Errorf("who may write is %q %v, was created with %q %v", got.Policy, got.Senders, policy, l.Senders)
		}
	}
	l := o.list(provider.List{Members: members})
	for _, policy := range as[provider.ListReader](o).ListTraits().Policies {
		change := provider.ListChange{Policy: &policy}
		var senders []string
		if takesSenders(policy) {
			senders = []string{sender.Address}
			change.Senders = &senders
		}
		must(o, "change who may write to "+string(policy), editor.UpdateList(o.ctx, l.ID, change))
		if got := o.readList(l.ID); got.Policy != policy || takesSenders(policy) && !same(got.Senders, senders) || !same(got.Members, members) {
			o.Errorf("after the change to %q: %+v", policy, got)
		}
	}
	for _, v := range o.traits(members) {
		if !v.can {
			continue
		}
		if v.list != nil {
			made := provider.List{Members: members}
			v.list(&made)
			if got := o.readList(o.list(made).ID); !v.holds(got) {
				o.Errorf("%s did not arrive with the creation: %+v", v.attr, got)
			}
		}
		change := provider.ListChange{}
		v.change(&change)
		must(o, "change a list's "+string(v.attr), editor.UpdateList(o.ctx, l.ID, change))
		if got := o.readList(l.ID); !v.holds(got) {
			o.Errorf("%s did not arrive with the change: %+v", v.attr, got)
		}
	}
}

func testListLimits(o *office) {
	o.need(provider.CanEditLists, provider.CanReadLists, provider.CanCreatePeople)
	editor := as[provider.ListEditor](o)
	t := as[provider.ListReader](o).ListTraits()
	p := o.someone("member")
	members := []string{p.Address}
	l := o.list(provider.List{Members: members})
	refused := func(what string, a provider.Attr, do func() error) {
		o.Helper()
		before := o.requests()
		o.unsettable(what, a, do(), o.requests()-before)
	}
	draft := func() provider.List {
		return provider.List{Address: o.address("list"), Name: "名单", Members: slices.Clone(members), Policy: l.Policy, Senders: l.Senders}
	}
	for _, policy := range []provider.Policy{provider.PolicyAnyone, provider.PolicyInside, provider.PolicyMembers, provider.PolicyMembersNamed, provider.PolicyNamed} {
		if slices.Contains(t.Policies, policy) {
			continue
		}
		refused("change who may write to "+string(policy), provider.AttrPolicy, func() error {
			return editor.UpdateList(o.ctx, l.ID, provider.ListChange{Policy: &policy})
		})
		refused("create a list for "+string(policy), provider.AttrPolicy, func() error {
			made := draft()
			made.Policy, made.Senders = policy, nil
			_, err := editor.CreateList(o.ctx, made)
			return err
		})
	}
	for _, v := range o.traits(members) {
		if v.can {
			continue
		}
		refused := refused
		if v.attr == provider.AttrMembers { // which domains are its own, an office may have to ask
			refused = func(what string, a provider.Attr, do func() error) { o.unsettable(what, a, do(), 0) }
		}
		refused("change a list's", v.attr, func() error {
			change := provider.ListChange{}
			v.change(&change)
			return editor.UpdateList(o.ctx, l.ID, change)
		})
		if v.list == nil {
			continue
		}
		refused("create a list with", v.attr, func() error {
			made := draft()
			v.list(&made)
			_, err := editor.CreateList(o.ctx, made)
			return err
		})
	}
	_, err := editor.CreateList(o.ctx, provider.List{Address: "no address", Name: "名单", Members: members, Policy: l.Policy, Senders: l.Senders})
	o.wants("a list without an address", err, core.Invalid)
}

func testListPages(o *office) {
	o.need(provider.CanEditLists, provider.CanReadLists, provider.CanCreatePeople)
	members := []string{o.someone("member").Address}
	var made []provider.List
	for range 2*pageSize + 1 {
		made = append(made, o.list(provider.List{Members: members}))
	}
	all, pages := o.lists()
	seen := map[string]bool{}
	for _, l := range all {
		if seen[l.ID] {
			o.Errorf("%q is listed twice", l.ID)
		}
		seen[l.ID] = true
		if l.Address != strings.ToLower(l.Address) {
			o.Errorf("the address %q is not lower case", l.Address)
		}
	}
	for _, l := range made {
		if !seen[l.ID] {
			o.Errorf("%s is missing from %d lists", l.Address, len(all))
		}
	}
	if !o.c.NoPages && !o.c.FlatLists && pages < 2 {
		o.Errorf("%d lists came on %d page: the small page was not forced", len(all), pages)
	}
}
