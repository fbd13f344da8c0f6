package providertest

import (
	"slices"
	"strings"
	"time"

	"mailroom/backend/provider"
)

func testDomains(o *office) {
	domains, err := o.p.Domains(o.ctx)
	must(o, "domains", err)
	if len(domains) == 0 {
		o.Fatal("the office has no domain")
	}
	known := false
	for _, d := range domains {
		if d.Name == "" || d.Name != strings.ToLower(d.Name) || strings.ContainsFunc(d.Name, func(r rune) bool { return r > 126 || r <= ' ' }) {
			o.Errorf("%q is no domain in ASCII and lower case", d.Name)
		}
		known = known || d.Name == o.c.Domain
	}
	if domains[0].Alias {
		o.Errorf("the first domain is only another name: %+v", domains)
	}
	if !known {
		o.Errorf("the case's domain %s is not among %+v", o.c.Domain, domains)
	}
}

func testListing(o *office) {
	var made []provider.Person
	if o.caps.Can(provider.CanCreatePeople) {
		for range 2*pageSize + 1 {
			made = append(made, o.someone("page"))
		}
	}
	all, pages := o.pages()
	seen := map[string]bool{}
	for _, p := range all {
		if seen[p.ID] {
			o.Errorf("%q <%s> is listed twice", p.ID, p.Address)
		}
		seen[p.ID] = true
	}
	for _, p := range made {
		if !seen[p.ID] {
			o.Errorf("%q <%s> is missing from %d people on %d pages", p.ID, p.Address, len(all), pages)
		}
	}
	if !o.c.NoPages && len(all) > pageSize && pages < 2 {
		o.Errorf("%d people came on %d page: the small page was not forced", len(all), pages)
	}
	if len(all) == 0 {
		o.Error("the office has no people")
	}
	if !o.caps.Can(provider.CanDeletePeople) || len(made) == 0 {
		return
	}
	// Somebody who leaves between two pages must not make others vanish or the listing fail.
	first, next, err := o.p.People(o.ctx, "")
	must(o, "first page", err)
	if next == "" {
		return
	}
	leaver := made[len(made)-1]
	must(o, "delete between pages", as[provider.PersonEditor](o).DeletePerson(o.ctx, leaver.ID))
	for page := next; page != ""; {
		people, more, err := o.p.People(o.ctx, page)
		must(o, "later page", err)
		first, page = append(first, people...), more
	}
	o.Logf("%d of %d people were listed while one left", len(first), len(all))
}

// readAlone is how many people of a listing are read one by one.
const readAlone = 12

func testRules(o *office) {
	var made provider.Person
	if o.caps.Can(provider.CanCreatePeople) {
		made = o.whole()
	}
	for i, p := range o.people() {
		o.rules(p)
		if i < readAlone || p.ID == made.ID {
			alone := o.read(p.ID)
			o.rules(alone)
			o.agree(p, alone)
		}
	}
}

// whole is somebody with every value that can be set.
func (o *office) whole() provider.Person {
	o.Helper()
	draft := o.draft(o.address("whole"))
	for _, v := range o.values() {
		if settable(o.caps.Create, v.attr) {
			v.person(&draft.Person)
		}
	}
	return o.create(draft)
}

// agree holds what a listing tells of somebody against what the person alone tells; it
// may tell less.
func (o *office) agree(listed, alone provider.Person) {
	o.Helper()
	for _, v := range []struct {
		attr      provider.Attr
		told      bool
		here, now any
	}{
		{"id", true, listed.ID, alone.ID},
		{provider.AttrAddress, true, listed.Address, alone.Address},
		{provider.AttrName, listed.Name != "", listed.Name, alone.Name},
		{provider.AttrDepartments, len(listed.Departments) > 0, listed.Departments, alone.Departments},
		{provider.AttrTitle, listed.Title != "", listed.Title, alone.Title},
		{provider.AttrMobile, listed.Mobile != "", listed.Mobile, alone.Mobile},
		{provider.AttrPhone, listed.Phone != "", listed.Phone, alone.Phone},
		{provider.AttrStaffNo, listed.StaffNo != "", listed.StaffNo, alone.StaffNo},
		{provider.AttrRemark, listed.Remark != "", listed.Remark, alone.Remark},
		{provider.AttrGender, listed.Gender != "", listed.Gender, alone.Gender},
		{provider.AttrAliases, len(listed.Aliases) > 0, listed.Aliases, alone.Aliases},
		{provider.AttrStatus, listed.Status != "", listed.Status, alone.Status},
		{provider.AttrHidden, listed.Hidden != provider.Unknown, listed.Hidden, alone.Hidden},
		{provider.AttrHiddenAddresses, len(listed.HiddenAddresses) > 0, listed.HiddenAddresses, alone.HiddenAddresses},
		{provider.AttrMustChange, listed.MustChange != provider.Unknown, listed.MustChange, alone.MustChange},
		{provider.AttrQuota, listed.Quota >= 0, listed.Quota, alone.Quota},
		{provider.AttrForward, listed.Forward != nil, listed.Forward, alone.Forward},
		{provider.AttrMailRights, listed.MailRights != "", listed.MailRights, alone.MailRights},
		{provider.AttrExpires, !listed.Expires.IsZero(), listed.Expires.UTC(), alone.Expires.UTC()},
	} {
		if v.told && !same(v.here, v.now) {
			o.Errorf("%s of %s is %v in the listing and %v alone", v.attr, listed.Address, v.here, v.now)
		}
	}
}

// rules are what everybody may count on, whatever the vendor.
func (o *office) rules(p provider.Person) {
	o.Helper()
	flags := []provider.Flag{provider.Unknown, provider.Yes, provider.No}
	switch {
	case p.ID == "":
		o.Errorf("no ID: %+v", p)
	case p.Address != strings.ToLower(p.Address) || strings.Count(p.Address, "@") != 1:
		o.Errorf("the address is %q", p.Address)
	case !slices.Contains([]provider.Status{provider.Active, provider.Suspended, provider.Locked, provider.Leaving, provider.Deleted}, p.Status) && !(p.Partial && p.Status == ""):
		o.Errorf("%s has the status %q", p.Address, p.Status)
	case p.Quota < -1 || p.Used < -1:
		o.Errorf("%s has room %d and uses %d", p.Address, p.Quota, p.Used)
	case !slices.Contains(flags, p.Hidden) || !slices.Contains(flags, p.MustChange):
		o.Errorf("%s has flags %q %q", p.Address, p.Hidden, p.MustChange)
	case !slices.Contains([]string{"", "female", "male"}, p.Gender):
		o.Errorf("%s has the gender %q", p.Address, p.Gender)
	case !slices.Contains([]provider.MailRights{"", provider.Everywhere, provider.SendInside, provider.ReceiveInside, provider.InsideOnly}, p.MailRights):
		o.Errorf("%s has the rights %q", p.Address, p.MailRights)
	case p.Forward != nil && len(p.Forward.To) == 0:
		o.Errorf("%s forwards to nobody", p.Address)
	case p.Created.After(time.Now().Add(48*time.Hour)) || p.LastSignIn.After(time.Now().Add(48*time.Hour)):
		o.Errorf("%s was created at %v and signed in at %v", p.Address, p.Created, p.LastSignIn)
	case len(p.Departments) > 1 && !o.caps.ManyDepartments:
		o.Errorf("%s is in several departments, which is not declared", p.Address)
	}
	for _, alias := range p.Aliases {
		if alias == p.Address || alias != strings.ToLower(alias) {
			o.Errorf("%s has the alias %q", p.Address, alias)
		}
	}
	for way, flag := range p.SignIn {
		if !slices.Contains(flags, flag) || way == "" {
			o.Errorf("%s: %q is %q", p.Address, way, flag)
		}
	}
}
