package providertest

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

func testAliases(o *office) {
	o.need(provider.CanEditAliases, provider.CanCreatePeople)
	editor := as[provider.AliasEditor](o)
	p, other := o.someone("alias"), o.someone("other")
	alias := o.address("also")
	must(o, "add an alias", editor.AddAlias(o.ctx, p.ID, strings.ToUpper(alias)))
	if now := o.read(p.ID); !slices.Contains(now.Aliases, alias) || slices.Contains(now.Aliases, p.Address) {
		o.Errorf("the aliases are %v, want %s, without the main address", now.Aliases, alias)
	}
	o.wants("an alias that is somebody's address", editor.AddAlias(o.ctx, p.ID, other.Address), core.Conflict)
	o.wants("an alias that is taken", editor.AddAlias(o.ctx, other.ID, alias), core.Conflict)
	o.wants("an alias that is no address", editor.AddAlias(o.ctx, p.ID, "no address"), core.Invalid)
	must(o, "remove the alias", editor.RemoveAlias(o.ctx, p.ID, alias))
	if now := o.read(p.ID); slices.Contains(now.Aliases, alias) {
		o.Errorf("the alias is still there: %v", now.Aliases)
	}
	o.wants("remove what is not there", editor.RemoveAlias(o.ctx, p.ID, alias), core.NotFound)
	must(o, "add it to somebody else", editor.AddAlias(o.ctx, other.ID, alias))
}

func testPassword(o *office) {
	o.need(provider.CanSetPassword, provider.CanCreatePeople)
	setter := as[provider.PasswordSetter](o)
	p := o.someone("secret")
	must(o, "set the password", setter.SetPassword(o.ctx, p.ID, secret.NewValue(secondPassword), false))
	if o.c.SignIn != nil {
		must(o, "sign in with the new password", o.c.SignIn(o.ctx, p.Address, secondPassword))
		if o.c.SignIn(o.ctx, p.Address, suitePassword) == nil {
			o.Error("the old password still works")
		}
	}
	rule := setter.PasswordRule()
	if rule.Min > 1 {
		err := setter.SetPassword(o.ctx, p.ID, secret.NewValue(secondPassword[:rule.Min-1]), false)
		o.wants("a password that is too short", err, core.Invalid)
		if field := core.ArgsOf(err)["field"]; field != string(provider.AttrPassword) {
			o.Errorf("the error names the field %q", field)
		}
	}
	o.wants("a password for nobody", setter.SetPassword(o.ctx, o.address("nobody"), secret.NewValue(secondPassword), false), core.NotFound)
	if settable(o.caps.Change, provider.AttrMustChange) {
		must(o, "set the password once", setter.SetPassword(o.ctx, p.ID, secret.NewValue(suitePassword), true))
		if now := o.read(p.ID); now.MustChange == provider.No {
			o.Errorf("the password need not be changed: %+v", now)
		}
		return
	}
	// Where it cannot be demanded, saying that it was demanded would be a lie.
	before := o.requests()
	err := setter.SetPassword(o.ctx, p.ID, secret.NewValue(suitePassword), true)
	o.unsettable("set the password once", provider.AttrMustChange, err, o.requests()-before)
}

func testForward(o *office) {
	o.need(provider.CanForward, provider.CanCreatePeople)
	setter := as[provider.Forwarder](o)
	p, to := o.someone("passes"), o.someone("gets")
	worked := 0
	for _, keep := range []bool{true, false} {
		want := &provider.Forward{To: []string{to.Address}, Keep: keep}
		err := setter.SetForward(o.ctx, p.ID, want)
		if core.CodeOf(err) == core.Unsupported {
			continue
		}
		must(o, "forward", err)
		worked++
		if got := o.read(p.ID).Forward; !reflect.DeepEqual(got, want) {
			o.Errorf("mail goes on to %+v, want %+v", got, want)
		}
	}
	if worked == 0 {
		o.Error("no forwarding can be set")
	}
	must(o, "end forwarding", setter.SetForward(o.ctx, p.ID, nil))
	if got := o.read(p.ID).Forward; got != nil {
		o.Errorf("mail still goes on to %+v", got)
	}
	o.wants("forward to nowhere", setter.SetForward(o.ctx, p.ID, &provider.Forward{To: []string{"no address"}}), core.Invalid)
}

func testMailRights(o *office) {
	o.need(provider.CanSetMailRights, provider.CanCreatePeople)
	setter := as[provider.MailRightsSetter](o)
	p := o.someone("rights")
	worked := 0
	for _, want := range []provider.MailRights{provider.InsideOnly, provider.SendInside, provider.ReceiveInside, provider.Everywhere} {
		before := o.requests()
		err := setter.SetMailRights(o.ctx, p.ID, want)
		if core.CodeOf(err) == core.Unsupported {
			if n := o.requests() - before; n > 0 {
				o.Errorf("%s is unsupported after %d requests", want, n)
			}
			continue
		}
		must(o, "set "+string(want), err)
		worked++
		if got := o.read(p.ID).MailRights; got != want && !o.untold(provider.AttrMailRights, got == "") {
			o.Errorf("the rights are %q, want %q", got, want)
		}
	}
	if worked < 2 {
		o.Errorf("only %d rights can be set", worked)
	}
	o.wants("a right that does not exist", setter.SetMailRights(o.ctx, p.ID, "whatever"), core.Invalid, core.Unsupported)
}

// untold says whether the vendor may leave a value out, as it did.
func (o *office) untold(a provider.Attr, left bool) bool {
	return left && slices.Contains(o.c.Untold, a)
}

func testSignIn(o *office) {
	o.need(provider.CanSetSignIn, provider.CanCreatePeople)
	setter := as[provider.SignInSetter](o)
	ways := setter.SignInWays()
	if len(ways) == 0 {
		o.Fatal("no way can be set")
	}
	p := o.someone("ways")
	for _, way := range ways {
		for _, allowed := range []bool{false, true} {
			before := o.read(p.ID).SignIn
			must(o, "set "+string(way), setter.SetSignIn(o.ctx, p.ID, way, allowed))
			after := o.read(p.ID).SignIn
			if after[way] != yes(allowed) && !o.untold(provider.AttrSignIn, after[way] == provider.Unknown) {
				o.Errorf("%s is %q, want %q", way, after[way], yes(allowed))
			}
			for _, other := range ways {
				if other != way && after[other] != before[other] {
					o.Errorf("setting %s changed %s from %q to %q", way, other, before[other], after[other])
				}
			}
		}
	}
	before := o.requests()
	for _, way := range []provider.Way{provider.Web, provider.IMAP, provider.POP, provider.SMTP, provider.Exchange, provider.Client, provider.Secured} {
		if !slices.Contains(ways, way) {
			o.wants("set "+string(way), setter.SetSignIn(o.ctx, p.ID, way, true), core.Unsupported)
		}
	}
	if n := o.requests() - before; n > 0 {
		o.Errorf("ways that cannot be set caused %d requests", n)
	}
}

func testHidden(o *office) {
	o.need(provider.CanHide, provider.CanCreatePeople)
	setter := as[provider.VisibilitySetter](o)
	p := o.someone("hidden")
	for _, hidden := range []bool{true, false} {
		must(o, "hide or show", setter.SetHidden(o.ctx, p.ID, hidden))
		if got := o.read(p.ID).Hidden; got != yes(hidden) {
			o.Errorf("hidden is %q, want %q", got, yes(hidden))
		}
	}
}

func testSignInLink(o *office) {
	o.need(provider.CanSignInLink, provider.CanCreatePeople)
	linker := as[provider.SignInLinker](o)
	p := o.someone("link")
	link, until, err := linker.SignInLink(o.ctx, p.ID)
	must(o, "make a link", err)
	if !strings.HasPrefix(link.Reveal(), "https://") {
		o.Error("the link is no https address")
	}
	if !until.IsZero() && until.Before(time.Now()) {
		o.Errorf("the link has ended at %v", until)
	}
	_, _, err = linker.SignInLink(o.ctx, o.address("nobody"))
	o.wants("a link for nobody", err, core.NotFound)
}

func testUnread(o *office) {
	o.need(provider.CanCountUnread)
	counter := as[provider.UnreadCounter](o)
	n, err := counter.Unread(o.ctx, o.people()[0].ID)
	must(o, "count unread mail", err)
	if n < 0 {
		o.Errorf("%d unread", n)
	}
	_, err = counter.Unread(o.ctx, o.address("nobody"))
	o.wants("unread mail of nobody", err, core.NotFound)
}

func testAddresses(o *office) {
	o.need(provider.CanCheckAddresses, provider.CanCreatePeople)
	checker := as[provider.AddressChecker](o)
	free, p := o.address("free"), o.someone("taken")
	want := map[string]provider.Use{free: provider.UseFree, p.Address: provider.UsePerson}
	if o.caps.Can(provider.CanEditAliases) {
		alias := o.address("also")
		must(o, "add an alias", as[provider.AliasEditor](o).AddAlias(o.ctx, p.ID, alias))
		want[alias] = provider.UseAlias
	}
	if o.caps.Can(provider.CanEditLists) {
		want[o.list(provider.List{}).Address] = provider.UseList
	}
	var ask []string
	for address := range want {
		ask = append(ask, address)
	}
	got, err := checker.CheckAddresses(o.ctx, ask)
	must(o, "check addresses", err)
	for address, use := range want {
		if got[address] != use {
			o.Errorf("%s is used for %q, want %q", address, got[address], use)
		}
	}
	// More than any vendor takes at once.
	var many []string
	for range 120 {
		many = append(many, o.address("many"))
	}
	got, err = checker.CheckAddresses(o.ctx, append(many, p.Address))
	must(o, "check many addresses", err)
	if len(got) != len(many)+1 || got[p.Address] != provider.UsePerson {
		o.Errorf("%d answers to %d addresses, and %q", len(got), len(many)+1, got[p.Address])
	}
	none, err := checker.CheckAddresses(o.ctx, nil)
	if err != nil || len(none) != 0 {
		o.Errorf("nothing asked: %v %v", none, err)
	}
}
