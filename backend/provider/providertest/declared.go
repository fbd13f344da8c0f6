package providertest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

func testCheck(o *office) {
	must(o, "check", o.p.Check(o.ctx))
}

func testEveryCapability(o *office) {
	for where, caps := range map[string]provider.Capabilities{"the office": o.caps, "the maker's best": o.c.Maker.Best} {
		for _, c := range provider.All() {
			s, ok := caps.Support[c]
			switch {
			case !ok:
				o.Errorf("%s says nothing about %s", where, c)
			case s.Can && s.Why != "":
				o.Errorf("%s can do %s, and gives a reason why not: %s", where, c, s.Why)
			case !s.Can && !slices.Contains([]provider.Reason{provider.NotInAPI, provider.NotProven, provider.NeedsKey, provider.NeedsPlan, provider.ReadOnly}, s.Why):
				o.Errorf("%s cannot do %s, and the reason is %q", where, c, s.Why)
			case s.Why == provider.NeedsKey && !slices.ContainsFunc(o.c.Maker.Fields, func(f provider.Field) bool { return f.Key == s.Key }):
				o.Errorf("%s needs the field %q for %s, which the form does not have", where, s.Key, c)
			}
			if s.Console != "" && !strings.HasPrefix(s.Console, "https://") {
				o.Errorf("%s: the console's page for %s is %q", where, c, s.Console)
			}
		}
		if len(caps.Support) != len(provider.All()) {
			o.Errorf("%s speaks of %d capabilities, there are %d", where, len(caps.Support), len(provider.All()))
		}
		if caps.Can(provider.CanDeleteKeeping) != (len(caps.Keeps) > 0) {
			o.Errorf("%s keeps mail of deleted people: %v, by %v", where, caps.Can(provider.CanDeleteKeeping), caps.Keeps)
		}
		if !caps.Can(provider.CanReadPeople) {
			o.Errorf("%s cannot read people: that is no provider", where)
		}
	}
	for _, c := range provider.All() {
		if o.caps.Can(c) && !o.c.Maker.Best.Can(c) {
			o.Errorf("the office can do %s, the maker at its best cannot", c)
		}
	}
	again, err := o.p.Capabilities(o.ctx)
	must(o, "capabilities again", err)
	again.Support[provider.CanReadPeople] = provider.Support{}
	if third, err := o.p.Capabilities(o.ctx); err != nil || !third.Can(provider.CanReadPeople) {
		o.Error("what a caller does to the capabilities changes the adapter's own")
	}
}

// shape is an optional interface and the capabilities that it stands for.
type shape struct {
	name string
	caps []provider.Capability
	has  bool
}

func is[T any](p provider.Provider) bool { _, ok := p.(T); return ok }

func shapes(p provider.Provider) []shape {
	of := func(c ...provider.Capability) []provider.Capability { return c }
	return []shape{
		{"PersonEditor", of(provider.CanCreatePeople, provider.CanEditPeople, provider.CanDeletePeople), is[provider.PersonEditor](p)},
		{"Restorer", of(provider.CanRestorePeople), is[provider.Restorer](p)},
		{"Keeper", of(provider.CanDeleteKeeping), is[provider.Keeper](p)},
		{"Suspender", of(provider.CanSuspend), is[provider.Suspender](p)},
		{"AliasEditor", of(provider.CanEditAliases), is[provider.AliasEditor](p)},
		{"PasswordSetter", of(provider.CanSetPassword), is[provider.PasswordSetter](p)},
		{"Forwarder", of(provider.CanForward), is[provider.Forwarder](p)},
		{"MailRightsSetter", of(provider.CanSetMailRights), is[provider.MailRightsSetter](p)},
		{"SignInSetter", of(provider.CanSetSignIn), is[provider.SignInSetter](p)},
		{"VisibilitySetter", of(provider.CanHide), is[provider.VisibilitySetter](p)},
		{"PrimarySetter", of(provider.CanSetPrimary), is[provider.PrimarySetter](p)},
		{"AddressHider", of(provider.CanHideAddresses), is[provider.AddressHider](p)},
		{"SignInLinker", of(provider.CanSignInLink), is[provider.SignInLinker](p)},
		{"UnreadCounter", of(provider.CanCountUnread), is[provider.UnreadCounter](p)},
		{"AddressChecker", of(provider.CanCheckAddresses), is[provider.AddressChecker](p)},
		{"DepartmentReader", of(provider.CanReadDepartments), is[provider.DepartmentReader](p)},
		{"DepartmentEditor", of(provider.CanEditDepartments), is[provider.DepartmentEditor](p)},
		{"ListReader", of(provider.CanReadLists), is[provider.ListReader](p)},
		{"ListEditor", of(provider.CanEditLists), is[provider.ListEditor](p)},
		{"ListOverwriter", of(provider.CanOverwriteLists), is[provider.ListOverwriter](p)},
		{"TagReader", of(provider.CanReadTags), is[provider.TagReader](p)},
		{"TagEditor", of(provider.CanEditTags), is[provider.TagEditor](p)},
		{"ContactReader", of(provider.CanReadContacts), is[provider.ContactReader](p)},
		{"ContactEditor", of(provider.CanEditContacts), is[provider.ContactEditor](p)},
		{"RoleReader", of(provider.CanReadRoles), is[provider.RoleReader](p)},
		{"RoleEditor", of(provider.CanEditRoles), is[provider.RoleEditor](p)},
		{"SettingReader", of(provider.CanReadSettings), is[provider.SettingReader](p)},
		{"SettingEditor", of(provider.CanEditSettings), is[provider.SettingEditor](p)},
		{"DomainRecorder", of(provider.CanTellRecords), is[provider.DomainRecorder](p)},
		{"DomainChecker", of(provider.CanCheckDomain), is[provider.DomainChecker](p)},
		{"MailServerTeller", of(provider.CanTellServers), is[provider.MailServerTeller](p)},
		{"logs.Source", of(provider.CanLogAdmin, provider.CanLogUser, provider.CanLogSignIn, provider.CanLogMail, provider.CanLogTraffic), is[logs.Source](p)},
	}
}

func testInterfaces(o *office) {
	for _, s := range shapes(o.p) {
		declared := slices.ContainsFunc(s.caps, o.c.Maker.Best.Can)
		switch {
		case declared && !s.has:
			o.Errorf("%v is declared, but the adapter is no %s", s.caps, s.name)
		case !declared && s.has:
			o.Errorf("the adapter is a %s, but %v is not declared by the maker", s.name, s.caps)
		}
	}
}

// attempt calls something that an office may not have.
type attempt struct {
	cap provider.Capability
	do  func(ctx context.Context, p any) error
}

// testUndeclared calls everything that the adapter has and this office has not.
func testUndeclared(o *office) {
	address, tried := o.address("nobody"), 0
	text, flag := "x", true
	for _, call := range append([]attempt{
		{provider.CanCreatePeople, doing(func(ctx context.Context, e provider.PersonEditor) error {
			_, err := e.CreatePerson(ctx, o.draft(address))
			return err
		})},
		{provider.CanEditPeople, doing(func(ctx context.Context, e provider.PersonEditor) error {
			return e.UpdatePerson(ctx, address, provider.PersonChange{Name: &text})
		})},
		{provider.CanDeletePeople, doing(func(ctx context.Context, e provider.PersonEditor) error { return e.DeletePerson(ctx, address) })},
		{provider.CanRestorePeople, doing(func(ctx context.Context, e provider.Restorer) error { return e.RestorePerson(ctx, address) })},
		{provider.CanDeleteKeeping, doing(func(ctx context.Context, e provider.Keeper) error {
			return e.DeletePersonKeeping(ctx, address, address, provider.KeepForward)
		})},
		{provider.CanSuspend, doing(func(ctx context.Context, e provider.Suspender) error { return e.SuspendPerson(ctx, address) })},
		{provider.CanEditAliases, doing(func(ctx context.Context, e provider.AliasEditor) error { return e.AddAlias(ctx, address, address) })},
		{provider.CanSetPassword, doing(func(ctx context.Context, e provider.PasswordSetter) error {
			return e.SetPassword(ctx, address, secret.NewValue(secondPassword), false)
		})},
		{provider.CanForward, doing(func(ctx context.Context, e provider.Forwarder) error { return e.SetForward(ctx, address, nil) })},
		{provider.CanSetMailRights, doing(func(ctx context.Context, e provider.MailRightsSetter) error {
			return e.SetMailRights(ctx, address, provider.Everywhere)
		})},
		{provider.CanSetSignIn, doing(func(ctx context.Context, e provider.SignInSetter) error {
			return e.SetSignIn(ctx, address, provider.IMAP, true)
		})},
		{provider.CanHide, doing(func(ctx context.Context, e provider.VisibilitySetter) error { return e.SetHidden(ctx, address, true) })},
		{provider.CanSignInLink, doing(func(ctx context.Context, e provider.SignInLinker) error {
			_, _, err := e.SignInLink(ctx, address)
			return err
		})},
		{provider.CanCountUnread, doing(func(ctx context.Context, e provider.UnreadCounter) error {
			_, err := e.Unread(ctx, address)
			return err
		})},
		{provider.CanCheckAddresses, doing(func(ctx context.Context, e provider.AddressChecker) error {
			_, err := e.CheckAddresses(ctx, []string{address})
			return err
		})},
		{provider.CanReadDepartments, doing(func(ctx context.Context, e provider.DepartmentReader) error {
			_, err := e.Departments(ctx)
			return err
		})},
		{provider.CanEditDepartments, doing(func(ctx context.Context, e provider.DepartmentEditor) error {
			_, err := e.CreateDepartment(ctx, provider.Department{Name: text})
			return errors.Join(differs(err), differs(e.UpdateDepartment(ctx, text, provider.DepartmentChange{Name: &text})), differs(e.DeleteDepartment(ctx, text)), err)
		})},
		{provider.CanReadLists, doing(func(ctx context.Context, e provider.ListReader) error {
			_, _, err := e.Lists(ctx, "")
			return err
		})},
		{provider.CanEditLists, doing(func(ctx context.Context, e provider.ListEditor) error {
			_, err := e.CreateList(ctx, provider.List{Address: address, Name: text})
			return errors.Join(differs(err), differs(e.UpdateList(ctx, text, provider.ListChange{Hidden: &flag})), differs(e.DeleteList(ctx, text)), err)
		})},
		{provider.CanReadContacts, doing(func(ctx context.Context, e provider.ContactReader) error {
			_, _, err := e.Contacts(ctx)
			return err
		})},
		{provider.CanEditContacts, doing(func(ctx context.Context, e provider.ContactEditor) error {
			_, err := e.SaveContact(ctx, provider.Contact{Name: text})
			return err
		})},
		{provider.CanReadRoles, doing(func(ctx context.Context, e provider.RoleReader) error {
			_, err := e.Roles(ctx)
			return err
		})},
		{provider.CanEditRoles, doing(func(ctx context.Context, e provider.RoleEditor) error {
			return e.Grant(ctx, provider.Grant{Role: text, Person: address})
		})},
		{provider.CanReadSettings, doing(func(ctx context.Context, e provider.SettingReader) error {
			_, err := e.Settings(ctx)
			return err
		})},
		{provider.CanEditSettings, doing(func(ctx context.Context, e provider.SettingEditor) error { return e.SetSetting(ctx, text, text) })},
		{provider.CanLogAdmin, fetching(logs.Admin)}, {provider.CanLogUser, fetching(logs.User)}, {provider.CanLogSignIn, fetching(logs.SignIn)},
		{provider.CanLogMail, fetching(logs.Sent)}, {provider.CanLogTraffic, fetching(logs.Traffic)},
	}, slices.Concat(domainAttempts(o.c.Domain), tagAttempts(), addressAttempts(address))...) {
		if o.caps.Can(call.cap) {
			continue
		}
		before := o.requests()
		err := call.do(o.ctx, o.p)
		if errors.Is(err, errNoInterface) {
			continue
		}
		tried++
		o.wants(string(call.cap), err, core.Unsupported)
		if n := o.requests() - before; n > 0 {
			o.Errorf("%s is not declared, and %d requests were sent", call.cap, n)
		}
	}
	o.Logf("%d calls that this office does not have were tried", tried)
}

var errNoInterface = errors.New("the adapter has no such interface")

// doing calls an optional interface where the adapter has it.
func doing[T any](f func(context.Context, T) error) func(context.Context, any) error {
	return func(ctx context.Context, p any) error {
		if v, ok := p.(T); ok {
			return f(ctx, v)
		}
		return errNoInterface
	}
}

func fetching(kind logs.Kind) func(context.Context, any) error {
	return doing(func(ctx context.Context, s logs.Source) error {
		_, err := s.Fetch(ctx, logs.Ask{Kind: kind, From: time.Now().Add(-time.Hour), To: time.Now()})
		return err
	})
}

// differs is nil for unsupported, and the error for everything else.
func differs(err error) error {
	if core.CodeOf(err) == core.Unsupported {
		return nil
	}
	return cmp.Or(err, errors.New("it was done"))
}

func settable(attrs []provider.Attr, a provider.Attr) bool { return slices.Contains(attrs, a) }

// testUndeclaredValues tries to set what cannot be set, alone and beside what can.
func testUndeclaredValues(o *office) {
	o.need(provider.CanCreatePeople)
	editor := as[provider.PersonEditor](o)
	p := o.someone("values")
	for _, v := range o.values() {
		if !settable(o.caps.Change, v.attr) {
			change := provider.PersonChange{}
			v.change(&change)
			if settable(o.caps.Change, provider.AttrName) {
				other := "Nobody"
				change.Name = &other
			}
			before := o.requests()
			err := editor.UpdatePerson(o.ctx, p.ID, change)
			o.unsettable("change", v.attr, err, o.requests()-before)
		}
		if !settable(o.caps.Create, v.attr) {
			draft := o.draft(o.address("values"))
			v.person(&draft.Person)
			before := o.requests()
			_, err := editor.CreatePerson(o.ctx, draft)
			o.unsettable("create with", v.attr, err, o.requests()-before)
		}
	}
	if now := o.read(p.ID); now.Name != p.Name {
		o.Errorf("the name was changed to %q by a change that was refused", now.Name)
	}
}

func (o *office) unsettable(what string, a provider.Attr, err error, requests int64) {
	o.Helper()
	o.wants(what+" "+string(a), err, core.Unsupported)
	if field := core.ArgsOf(err)["field"]; field != string(a) {
		o.Errorf("%s %s: the error names the field %q", what, a, field)
	}
	if requests > 0 {
		o.Errorf("%s %s: %d requests were sent", what, a, requests)
	}
}
