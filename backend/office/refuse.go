package office

import (
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/passrule"
	"mailroom/backend/provider"
)

// lack is the refusal of a capability that the office does not have; nil if it has it.
func (l *Live) lack(what provider.Capability) *Refusal {
	s := l.Capabilities.Support[what]
	if s.Can {
		return nil
	}
	if s.Why == "" {
		s.Why = provider.NotInAPI
	}
	return &Refusal{Code: core.Unsupported, Why: s.Why, Key: s.Key, Console: s.Console}
}

// supported refuses what the office cannot do at all.
func (p *previewing) supported(c Change) *Refusal {
	needs := rules[c.Kind].needs
	if r := p.live.lack(needs); r != nil {
		return r
	}
	if !p.live.capable(c.Kind) {
		return &Refusal{Code: core.Unsupported, Why: provider.NotInAPI, Console: p.live.Capabilities.Support[needs].Console}
	}
	return nil
}

// capable says whether the office's adapter has the calls for a kind of change.
func (l *Live) capable(k Kind) (ok bool) {
	p := l.Provider
	switch k {
	case CreatePerson, UpdatePerson, DeletePerson:
		_, ok = p.(provider.PersonEditor)
	case DeletePersonKeeping:
		_, ok = p.(provider.Keeper)
	case RestorePerson:
		_, ok = p.(provider.Restorer)
	case SuspendPerson, ResumePerson:
		_, ok = p.(provider.Suspender)
	case SetPassword:
		_, ok = p.(provider.PasswordSetter)
	case AddAlias, RemoveAlias:
		_, ok = p.(provider.AliasEditor)
	case SetForward:
		_, ok = p.(provider.Forwarder)
	case SetMailRights:
		_, ok = p.(provider.MailRightsSetter)
	case SetSignIn:
		_, ok = p.(provider.SignInSetter)
	case SetHidden:
		_, ok = p.(provider.VisibilitySetter)
	case SetPrimary:
		_, ok = p.(provider.PrimarySetter)
	case HideAddress:
		_, ok = p.(provider.AddressHider)
	case CreateDepartment, UpdateDepartment, DeleteDepartment:
		_, ok = p.(provider.DepartmentEditor)
	case CreateList, UpdateList, DeleteList:
		_, ok = p.(provider.ListEditor)
	case SaveContact, DeleteContact, SaveContactGroup, DeleteContactGroup:
		ok = l.contactEditor() != nil
	case CreateTag, UpdateTag, DeleteTag:
		_, ok = p.(provider.TagEditor)
	case JoinList, OverwriteList:
		_, ok = p.(provider.ListOverwriter)
	}
	return ok
}

func bad(a provider.Attr, reason string, args ...string) *Refusal {
	return &Refusal{Code: core.Invalid, Attr: a, Args: core.E(core.Invalid, "", nil, append(args, "reason", reason)...).Args}
}

func clash(a provider.Attr, reason string, args ...string) *Refusal {
	r := bad(a, reason, args...)
	r.Code = core.Conflict
	return r
}

// refuse finds out why a change that the office can do in general cannot be done.
func (p *previewing) refuse(c Change, before, after thing, diffs []Diff) *Refusal {
	if r := unseen(c, before); r != nil {
		return r
	}
	if rules[c.Kind].ends && deleted(before) {
		return clash("", "already")
	}
	if len(diffs) == 0 && !rules[c.Kind].ends {
		return clash("", "already")
	}
	switch c.Kind.Of() {
	case Person:
		return p.refusePerson(c, before, after)
	case Department:
		return p.refuseDepartment(c)
	case List:
		return p.refuseList(c, before, after)
	case Tag:
		return p.refuseTag(c, before, after)
	case Contact:
		if after.Contact != nil && after.Contact.Name == "" {
			return bad(provider.AttrName, "missing")
		}
		if after.Contact != nil {
			return p.refuseGroups(after.Contact.Groups)
		}
	case ContactGroup:
		if after.Group != nil && after.Group.Name == "" {
			return bad(provider.AttrName, "missing")
		}
	}
	return nil
}

// refuseGroups refuses groups of contacts that are not there.
func (p *previewing) refuseGroups(ids []string) *Refusal {
	for _, id := range ids {
		t, changed := p.w.over[ref{ContactGroup, id}]
		_, there := p.w.view.Group(id)
		if changed && t.none() || !changed && !there {
			return &Refusal{Code: core.NotFound, Attr: directory.AttrGroups, Args: map[string]string{"group": id}}
		}
	}
	return nil
}

// unseen refuses a change whose target is not as the person saw it.
func unseen(c Change, before thing) *Refusal {
	if before.none() {
		return nil
	}
	var clash []Diff
	now := before.values(directory.AsIs)
	for _, s := range c.Seen {
		attr, part, _ := strings.Cut(string(s.Attr), ":")
		for _, v := range now {
			if string(v.Attr) != attr || v.Part != part {
				continue
			}
			seen := slices.DeleteFunc(slices.Clone(s.Values), func(text string) bool { return text == "" })
			if !slices.Equal(v.Values, seen) && !slices.Equal(v.Values, slices.Sorted(slices.Values(seen))) {
				clash = append(clash, Diff{Attr: v.Attr, Part: v.Part, Before: seen, After: v.Values})
			}
		}
	}
	if len(clash) == 0 {
		return nil
	}
	return &Refusal{Code: core.Conflict, Args: map[string]string{"reason": "changed"}, Clash: clash}
}

func (p *previewing) refusePerson(c Change, before, after thing) *Refusal {
	switch c.Kind {
	case CreatePerson:
		return p.refuseNew(c, *after.Person)
	case DeletePerson:
		return p.refuseLast(before)
	case UpdatePerson:
		for _, a := range c.Set {
			if !p.live.Capabilities.CanChange(a) {
				return &Refusal{Code: core.Unsupported, Attr: a, Why: provider.NotInAPI, Console: p.live.Capabilities.Support[provider.CanEditPeople].Console}
			}
			if p.live.firm(*after.Person, a) && !p.live.firm(*before.Person, a) {
				return &Refusal{Code: core.Unsupported, Attr: a, Why: provider.NotProven, Console: p.live.Capabilities.Support[provider.CanEditPeople].Console, Args: map[string]string{"reason": "firm"}}
			}
		}
		if r := p.refuseLong(*after.Person, c.Set...); r != nil {
			return r
		}
		return p.refuseDepartments(after.Person.Departments)
	case DeletePersonKeeping:
		if !slices.Contains(p.live.Capabilities.Keeps, c.Keep) {
			return &Refusal{Code: core.Unsupported, Attr: "keep", Why: provider.NotInAPI, Console: p.live.Capabilities.Support[provider.CanDeleteKeeping].Console}
		}
		heir, ok := p.w.view.Person(c.Heir)
		if !ok || heir.Status == provider.Deleted {
			return &Refusal{Code: core.NotFound, Attr: "heir"}
		}
	case SetPassword:
		return p.refusePassword(c, before.Person.Address)
	case AddAlias:
		if most := p.live.Capabilities.MaxAliases; most > 0 && len(after.Person.Aliases) > most {
			return bad(provider.AttrAliases, "many", "limit", strconv.Itoa(most))
		}
		return p.refuseAddress(provider.AttrAliases, c.Address)
	case SetPrimary:
		return p.refusePrimary(c, before, after)
	case HideAddress:
		if !owns(*before.Person, c.Address) {
			return bad(provider.AttrHiddenAddresses, "not_theirs", "address", c.Address)
		}
	case SetForward:
		return refuseForward(c, before)
	case SetSignIn:
		if s, ok := p.live.Provider.(provider.SignInSetter); ok && !slices.Contains(s.SignInWays(), c.Way) {
			return &Refusal{Code: core.Unsupported, Attr: provider.AttrSignIn, Why: provider.NotInAPI}
		}
	}
	return nil
}

// refuseForward checks where mail is to go on to.
func refuseForward(c Change, before thing) *Refusal {
	if c.Forward == nil {
		return nil
	}
	if len(c.Forward.To) == 0 {
		return bad(provider.AttrForward, "missing")
	}
	for _, to := range c.Forward.To {
		local, domain, ok := strings.Cut(to, "@")
		switch {
		case !ok || local == "" || domain == "" || strings.ContainsAny(to, " <>,;"):
			return bad(provider.AttrForward, "address", "address", to)
		case owns(*before.Person, to):
			return bad(provider.AttrForward, "same", "address", to)
		}
	}
	return nil
}

// refuseNew checks an account that is to be created.
func (p *previewing) refuseNew(c Change, to provider.Person) *Refusal {
	caps := p.live.Capabilities
	person := provider.NewPerson{Person: to}
	if err := caps.CanCreate(person); err != nil {
		r := refusalOf(err)
		r.Why = provider.NotInAPI
		return r
	}
	if c.Password == "" {
		return bad(provider.AttrPassword, "missing")
	}
	if r := p.refuseLong(person.Person, person.Given()...); r != nil {
		return r
	}
	if r := p.refuseAddress(provider.AttrAddress, c.Person.Address); r != nil {
		return r
	}
	if caps.MaxAliases > 0 && len(c.Person.Aliases) > caps.MaxAliases {
		return bad(provider.AttrAliases, "many", "limit", strconv.Itoa(caps.MaxAliases))
	}
	for i, alias := range c.Person.Aliases {
		if alias == c.Person.Address || slices.Contains(c.Person.Aliases[:i], alias) {
			return clash(provider.AttrAliases, "taken", "address", alias)
		}
		if r := p.refuseAddress(provider.AttrAliases, alias); r != nil {
			return r
		}
	}
	for _, hidden := range c.Person.HiddenAddresses {
		if !owns(person.Person, hidden) {
			return bad(provider.AttrHiddenAddresses, "not_theirs", "address", hidden)
		}
	}
	if r := p.refuseDepartments(c.Person.Departments); r != nil {
		return r
	}
	return p.refusePassword(c, c.Person.Address)
}

// refuseAddress checks an address of the office's own that is to be taken.
func (p *previewing) refuseAddress(a provider.Attr, address string) *Refusal {
	local, domain, ok := strings.Cut(address, "@")
	if !ok || local == "" || domain == "" || len(address) > 254 || strings.ContainsAny(address, " \t\r\n<>,;:\"()[]\\") || strings.Contains(domain, "@") {
		return bad(a, "address", "address", address)
	}
	if domains := p.w.view.Domains; len(domains) > 0 && !slices.ContainsFunc(domains, func(d provider.Domain) bool { return strings.EqualFold(d.Name, domain) }) {
		return bad(a, "domain", "domain", domain)
	}
	if use, by := p.w.useOf(address); use != provider.UseFree {
		who := ""
		if person, ok := p.w.view.Person(by); ok {
			who = person.Name
		}
		return clash(a, "taken", "address", address, "use", string(use), "who", who)
	}
	return nil
}

func (p *previewing) refuseDepartments(ids []string) *Refusal {
	if len(ids) > 1 && !p.live.Capabilities.ManyDepartments {
		return bad(provider.AttrDepartments, "many", "limit", "1")
	}
	for _, id := range ids {
		if !p.w.department(id) {
			return noDepartment(provider.AttrDepartments, id)
		}
	}
	return nil
}

// noDepartment is the refusal of a department that will not be there.
func noDepartment(a provider.Attr, id string) *Refusal {
	r := &Refusal{Code: core.NotFound, Attr: a, Args: map[string]string{"department": id}}
	if strings.HasPrefix(id, "@") {
		r.Args = map[string]string{"reason": "handle"} // the plan was to create it, and cannot
	}
	return r
}

// refusePassword checks a password against the provider's rule, as far as it is known.
func (p *previewing) refusePassword(c Change, address string) *Refusal {
	setter, ok := p.live.Provider.(provider.PasswordSetter)
	if !ok || c.Password == "" {
		return nil
	}
	value, ok := p.passwords[c.Password]
	if !ok {
		return bad(provider.AttrPassword, "missing")
	}
	if broken := passrule.Check(setter.PasswordRule(), value.Reveal(), address); len(broken) > 0 {
		return bad(provider.AttrPassword, string(broken[0]))
	}
	return nil
}

func (p *previewing) refuseDepartment(c Change) *Refusal {
	switch c.Kind {
	case CreateDepartment:
		more := c.Department.Change()
		more.Name, more.Parent = nil, nil // every department has them from the beginning
		if err := p.live.Capabilities.CanSetDepartment(more); err != nil {
			r := refusalOf(err)
			r.Why = provider.NotInAPI
			return r
		}
		if !p.w.department(c.Department.Parent) {
			return noDepartment(provider.AttrParent, c.Department.Parent)
		}
		return p.refuseBrother(c.Department, "")
	case UpdateDepartment:
		for _, a := range c.Set {
			if !slices.Contains(p.live.Capabilities.Department, a) {
				return &Refusal{Code: core.Unsupported, Attr: a, Why: provider.NotInAPI}
			}
		}
		if slices.Contains(c.Set, provider.AttrParent) {
			if !p.w.department(c.Department.Parent) {
				return noDepartment(provider.AttrParent, c.Department.Parent)
			}
			if p.w.within(c.Department.Parent, c.Target) {
				return bad(provider.AttrParent, "within")
			}
		}
	case DeleteDepartment:
		if p.w.inhabited(c.Target) {
			return clash("", "not_empty")
		}
	}
	return nil
}

// refuseBrother refuses a second department of one name under one parent.
func (p *previewing) refuseBrother(d provider.Department, self string) *Refusal {
	same := func(o provider.Department) bool { return o.ID != self && o.Parent == d.Parent && o.Name == d.Name }
	for _, o := range p.w.view.Departments {
		if _, other := p.w.over[ref{Department, o.ID}]; !other && same(o) {
			return clash(provider.AttrName, "taken")
		}
	}
	for _, t := range p.w.over {
		if t.Department != nil && same(*t.Department) {
			return clash(provider.AttrName, "taken")
		}
	}
	return nil
}

// refuseLong refuses values that are longer than the provider takes.
func (p *previewing) refuseLong(of provider.Person, set ...provider.Attr) *Refusal {
	for a, text := range map[provider.Attr]string{
		provider.AttrName: of.Name, provider.AttrTitle: of.Title, provider.AttrMobile: of.Mobile, provider.AttrPhone: of.Phone,
		provider.AttrStaffNo: of.StaffNo, provider.AttrRemark: of.Remark,
	} {
		if most := p.live.Capabilities.Longest[a]; most > 0 && len(text) > most && slices.Contains(set, a) {
			return bad(a, "length", "limit", strconv.Itoa(most))
		}
	}
	return nil
}
