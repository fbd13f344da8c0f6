package providertest

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// value is one value of a person and what the suite sets it to.
type value struct {
	attr   provider.Attr
	change func(*provider.PersonChange)
	person func(*provider.Person)
	get    func(provider.Person) any
	want   any
}

// given is what the case wants a value to be set to, or else the suite's choice.
func given[T any](o *office, a provider.Attr, usual T) T {
	if v, ok := o.c.Values[a]; ok {
		if v, ok := v.(T); ok {
			return v
		}
		o.Fatalf("the case's value for %s is a %T, want a %T", a, o.c.Values[a], usual)
	}
	return usual
}

// values are all values of a person that a change can name.
func (o *office) values() []value {
	text := func(a provider.Attr, usual string, of func(*provider.PersonChange) **string, in func(*provider.Person) *string) value {
		v := given(o, a, usual)
		return value{a, func(c *provider.PersonChange) { *of(c) = &v }, func(p *provider.Person) { *in(p) = v }, func(p provider.Person) any { return *in(&p) }, v}
	}
	hidden, quota := given(o, provider.AttrHidden, true), given(o, provider.AttrQuota, int64(3<<30))
	expires := given(o, provider.AttrExpires, time.Now().AddDate(1, 0, 0).UTC().Truncate(24*time.Hour))
	all := []value{
		text(provider.AttrName, "新名字 New", func(c *provider.PersonChange) **string { return &c.Name }, func(p *provider.Person) *string { return &p.Name }),
		text(provider.AttrTitle, "会计", func(c *provider.PersonChange) **string { return &c.Title }, func(p *provider.Person) *string { return &p.Title }),
		text(provider.AttrMobile, "13800138000", func(c *provider.PersonChange) **string { return &c.Mobile }, func(p *provider.Person) *string { return &p.Mobile }),
		text(provider.AttrPhone, "8021", func(c *provider.PersonChange) **string { return &c.Phone }, func(p *provider.Person) *string { return &p.Phone }),
		text(provider.AttrStaffNo, "E0042", func(c *provider.PersonChange) **string { return &c.StaffNo }, func(p *provider.Person) *string { return &p.StaffNo }),
		text(provider.AttrRemark, "二楼", func(c *provider.PersonChange) **string { return &c.Remark }, func(p *provider.Person) *string { return &p.Remark }),
		text(provider.AttrGender, "female", func(c *provider.PersonChange) **string { return &c.Gender }, func(p *provider.Person) *string { return &p.Gender }),
		{provider.AttrHidden, func(c *provider.PersonChange) { c.Hidden = &hidden }, func(p *provider.Person) { p.Hidden = yes(hidden) }, func(p provider.Person) any { return p.Hidden }, yes(hidden)},
		{provider.AttrQuota, func(c *provider.PersonChange) { c.Quota = &quota }, func(p *provider.Person) { p.Quota = quota }, func(p provider.Person) any { return p.Quota }, quota},
		{provider.AttrExpires, func(c *provider.PersonChange) { c.Expires = &expires }, func(p *provider.Person) { p.Expires = expires }, func(p provider.Person) any { return p.Expires.UTC() }, expires},
	}
	if o.caps.Can(provider.CanReadDepartments) || !settable(o.caps.Change, provider.AttrDepartments) {
		where := o.someDepartments()
		all = append(all, value{provider.AttrDepartments, func(c *provider.PersonChange) { c.Departments = &where }, func(p *provider.Person) { p.Departments = where },
			func(p provider.Person) any { return p.Departments }, where})
	}
	return all
}

func yes(b bool) provider.Flag {
	if b {
		return provider.Yes
	}
	return provider.No
}

// someDepartments are departments that a person may be put into: two where that is
// possible.
func (o *office) someDepartments() []string {
	o.Helper()
	if v, ok := o.c.Values[provider.AttrDepartments]; ok {
		return v.([]string)
	}
	if !o.caps.Can(provider.CanReadDepartments) {
		return []string{"no such department"}
	}
	all, err := as[provider.DepartmentReader](o).Departments(o.ctx)
	must(o, "departments", err)
	switch {
	case len(all) == 0:
		return []string{o.department(provider.RootDepartment).ID}
	case len(all) > 1 && o.caps.ManyDepartments:
		return []string{all[1].ID, all[0].ID}
	}
	return []string{all[0].ID}
}

func testPerson(o *office) {
	people := o.people()
	if len(people) == 0 {
		o.Fatal("the office has no people")
	}
	listed := people[0]
	for _, key := range []string{listed.ID, listed.Address, strings.ToUpper(listed.Address)} {
		got, err := o.p.Person(o.ctx, key)
		must(o, "read "+key, err)
		if got.ID != listed.ID || got.Address != listed.Address {
			o.Errorf("%q is %q <%s>, the listing says %q <%s>", key, got.ID, got.Address, listed.ID, listed.Address)
		}
	}
}

// testWhole holds everybody at once against each alone.
func testWhole(o *office) {
	whole, ok := o.p.(provider.Whole)
	if !ok {
		return
	}
	all, err := whole.Everybody(o.ctx)
	must(o, "everybody", err)
	if len(all) != len(o.people()) {
		o.Errorf("everybody are %d, the listing has %d", len(all), len(o.people()))
	}
	for i, p := range all[:min(len(all), 3)] {
		alone, err := o.p.Person(o.ctx, p.ID)
		must(o, "read "+p.ID, err)
		for _, of := range []*provider.Person{&p, &alone} {
			of.Used, of.LastSignIn, of.Partial = 0, time.Time{}, false
		}
		if !reflect.DeepEqual(p, alone) {
			o.Errorf("%d of everybody is %+v, alone %+v", i+1, p, alone)
		}
	}
}

func testUnknown(o *office) {
	address := o.address("nobody")
	_, err := o.p.Person(o.ctx, address)
	o.wants("an unknown address", err, core.NotFound)
	_, err = o.p.Person(o.ctx, name("nobody"))
	o.wants("an unknown ID", err, core.NotFound)
	text := "x"
	for what, do := range map[provider.Capability]func() error{
		provider.CanEditPeople: func() error {
			change := provider.PersonChange{}
			for _, v := range o.values() {
				if settable(o.caps.Change, v.attr) {
					v.change(&change)
					break
				}
			}
			return as[provider.PersonEditor](o).UpdatePerson(o.ctx, address, change)
		},
		provider.CanDeletePeople: func() error { return as[provider.PersonEditor](o).DeletePerson(o.ctx, address) },
		provider.CanSuspend:      func() error { return as[provider.Suspender](o).SuspendPerson(o.ctx, address) },
		provider.CanEditAliases:  func() error { return as[provider.AliasEditor](o).AddAlias(o.ctx, address, o.address("alias")) },
		provider.CanForward: func() error {
			return as[provider.Forwarder](o).SetForward(o.ctx, address, &provider.Forward{To: []string{o.address("heir")}})
		},
		provider.CanReadLists: func() error { _, err := as[provider.ListReader](o).List(o.ctx, address); return err },
		provider.CanEditLists: func() error { return as[provider.ListEditor](o).DeleteList(o.ctx, address) },
		provider.CanEditDepartments: func() error {
			change, place := provider.DepartmentChange{Name: &text}, 7
			if !settable(o.caps.Department, provider.AttrName) { // something else that can be changed
				change = provider.DepartmentChange{Order: &place}
			}
			return as[provider.DepartmentEditor](o).UpdateDepartment(o.ctx, "987654321", change)
		},
		provider.CanEditContacts:  func() error { return as[provider.ContactEditor](o).DeleteContact(o.ctx, "987654321") },
		provider.CanRestorePeople: func() error { return as[provider.Restorer](o).RestorePerson(o.ctx, address) },
	} {
		if o.caps.Can(what) {
			o.wants("unknown, "+string(what), do(), core.NotFound)
		}
	}
}

func testCreate(o *office) {
	o.need(provider.CanCreatePeople)
	editor := as[provider.PersonEditor](o)
	address := strings.ToUpper(name("Mixed")) + "@" + o.c.Domain
	p := o.create(o.draft(address))
	if p.Address != strings.ToLower(address) {
		o.Errorf("the address is %q, want %q", p.Address, strings.ToLower(address))
	}
	if p.Status != provider.Active {
		o.Errorf("the new account is %q", p.Status)
	}
	listed, ok := o.listed(p.ID)
	if !ok || listed.Address != p.Address || listed.Name != p.Name {
		o.Errorf("the listing has %v %+v, the creation said %+v", ok, listed, p)
	}
	if again := o.read(p.Address); again.ID != p.ID {
		o.Errorf("the ID changed from %q to %q", p.ID, again.ID)
	}
	if o.c.SignIn != nil {
		must(o, "sign in with the first password", o.c.SignIn(o.ctx, p.Address, suitePassword))
	}
	_, err := editor.CreatePerson(o.ctx, o.draft(p.Address))
	o.wants("the same address again", err, core.Conflict)
	bad := o.c.BadAddress
	if bad == "" {
		bad = "not an address@" + o.c.Domain
	}
	_, err = editor.CreatePerson(o.ctx, o.draft(bad))
	o.wants("a bad address", err, core.Invalid)

	o.need(provider.CanDeletePeople)
	must(o, "delete", editor.DeletePerson(o.ctx, p.ID))
	o.gone(p)
}

// gone checks that somebody is deleted, whether or not he can come back.
func (o *office) gone(p provider.Person) {
	o.Helper()
	got, err := o.p.Person(o.ctx, p.ID)
	if err == nil && got.Status != provider.Deleted {
		o.Errorf("%s is still there: %+v", p.Address, got)
	}
	if err != nil {
		o.wants("read the deleted person", err, core.NotFound)
	}
	if listed, ok := o.listed(p.ID); ok && listed.Status != provider.Deleted {
		o.Errorf("%s is still listed: %+v", p.Address, listed)
	}
}

func testCreateValues(o *office) {
	o.need(provider.CanCreatePeople)
	draft := o.draft(o.address("whole"))
	var set []value
	for _, v := range o.values() {
		if settable(o.caps.Create, v.attr) {
			v.person(&draft.Person)
			set = append(set, v)
		}
	}
	if settable(o.caps.Create, provider.AttrAliases) {
		draft.Aliases = []string{o.address("also")}
	}
	if settable(o.caps.Create, provider.AttrForward) {
		draft.Forward = &provider.Forward{To: []string{"archive@example.com"}, Keep: true}
	}
	if settable(o.caps.Create, provider.AttrMailRights) {
		draft.MailRights = provider.InsideOnly
	}
	p := o.create(draft)
	now := o.read(p.ID)
	for _, v := range set {
		if got := v.get(now); !same(got, v.want) {
			o.Errorf("%s is %v, was created with %v", v.attr, got, v.want)
		}
	}
	if draft.Aliases != nil && !slices.Equal(now.Aliases, draft.Aliases) {
		o.Errorf("the aliases are %v, want %v", now.Aliases, draft.Aliases)
	}
	if draft.Forward != nil && !reflect.DeepEqual(now.Forward, draft.Forward) {
		o.Errorf("mail goes on to %v, want %v", now.Forward, draft.Forward)
	}
	if draft.MailRights != "" && now.MailRights != draft.MailRights {
		o.Errorf("the rights are %v, want %v", now.MailRights, draft.MailRights)
	}
}

// same compares values; the order of departments after the first does not matter.
func same(got, want any) bool {
	if a, ok := got.([]string); ok {
		b := slices.Clone(want.([]string))
		a = slices.Clone(a)
		slices.Sort(a)
		slices.Sort(b)
		return slices.Equal(a, b)
	}
	return reflect.DeepEqual(got, want)
}

func testChangeValues(o *office) {
	o.need(provider.CanEditPeople)
	editor := as[provider.PersonEditor](o)
	p := o.someone("change")
	for _, v := range o.values() {
		if !settable(o.caps.Change, v.attr) {
			continue
		}
		before := o.read(p.ID)
		change := provider.PersonChange{}
		v.change(&change)
		must(o, "change "+string(v.attr), editor.UpdatePerson(o.ctx, p.ID, change))
		after := o.read(p.ID)
		if got := v.get(after); !same(got, v.want) {
			o.Errorf("%s is %v after the change, want %v", v.attr, got, v.want)
		}
		v.person(&before)
		if before.Departments == nil {
			before.Departments = after.Departments
		}
		before.LastSignIn, before.Used = after.LastSignIn, after.Used
		if before.Expires.Equal(after.Expires) {
			before.Expires = after.Expires
		}
		if !same(after.Departments, before.Departments) || !samePerson(before, after) {
			o.Errorf("changing %s changed more:\n%+v\n%+v", v.attr, before, after)
		}
	}
	if listed, ok := o.listed(p.ID); !ok || listed.Address != p.Address {
		o.Errorf("after the changes the listing has %v %+v", ok, listed)
	}
	must(o, "change nothing", editor.UpdatePerson(o.ctx, p.ID, provider.PersonChange{}))
}

func samePerson(a, b provider.Person) bool {
	a.Departments, b.Departments = nil, nil
	return reflect.DeepEqual(a, b)
}

func testSuspend(o *office) {
	o.need(provider.CanSuspend, provider.CanCreatePeople)
	switches := as[provider.Suspender](o)
	p := o.someone("pause")
	status := func(want provider.Status) {
		o.Helper()
		if got := o.read(p.ID).Status; got != want {
			o.Errorf("the account is %q, want %q", got, want)
		}
		if listed, ok := o.listed(p.ID); !ok || !listed.Partial && listed.Status != want {
			o.Errorf("the listing has %v %q, want %q", ok, listed.Status, want)
		}
	}
	must(o, "suspend", switches.SuspendPerson(o.ctx, p.ID))
	status(provider.Suspended)
	if o.c.SignIn != nil && o.c.SignIn(o.ctx, p.Address, suitePassword) == nil {
		o.Error("a suspended account signs in")
	}
	must(o, "suspend again", switches.SuspendPerson(o.ctx, p.ID))
	status(provider.Suspended)
	must(o, "resume", switches.ResumePerson(o.ctx, p.ID))
	status(provider.Active)
	if o.c.SignIn != nil {
		must(o, "sign in again", o.c.SignIn(o.ctx, p.Address, suitePassword))
	}
}

func testRestore(o *office) {
	o.need(provider.CanRestorePeople, provider.CanCreatePeople, provider.CanDeletePeople)
	p := o.someone("back")
	must(o, "delete", as[provider.PersonEditor](o).DeletePerson(o.ctx, p.ID))
	o.gone(p)
	must(o, "restore", as[provider.Restorer](o).RestorePerson(o.ctx, p.ID))
	now := o.read(p.ID)
	if now.Status != provider.Active || now.Address != p.Address || now.Name != p.Name {
		o.Errorf("came back as %+v, was %+v", now, p)
	}
	if o.c.SignIn != nil {
		must(o, "sign in", o.c.SignIn(o.ctx, p.Address, suitePassword))
	}
}

func testKeep(o *office) {
	o.need(provider.CanDeleteKeeping, provider.CanCreatePeople)
	keeper := as[provider.Keeper](o)
	heir := o.someone("heir")
	for _, how := range []provider.Keep{provider.KeepAttach, provider.KeepForward} {
		p := o.someone("leaver")
		before := o.requests()
		err := keeper.DeletePersonKeeping(o.ctx, p.ID, heir.ID, how)
		if !slices.Contains(o.caps.Keeps, how) {
			o.unsettable("keep by "+string(how), "keep", err, o.requests()-before)
			continue
		}
		must(o, "keep by "+string(how), err)
		o.gone(p)
		o.wants("keep again", keeper.DeletePersonKeeping(o.ctx, p.ID, heir.ID, how), core.NotFound, core.Conflict)
	}
	p := o.someone("leaver")
	o.wants("keep for an unknown heir", keeper.DeletePersonKeeping(o.ctx, p.ID, o.address("nobody"), o.caps.Keeps[0]), core.NotFound, core.Invalid)
	if o.read(p.ID).Status == provider.Deleted {
		o.Error("deleted although there was no heir")
	}
}
