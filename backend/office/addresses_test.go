package office_test

import (
	"slices"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
	"mailroom/backend/provider/alimail"
	emualimail "mailroom/backend/testkit/vendors/alimail"
)

// withAliases makes somebody with two further addresses.
func (b *bureau) withAliases() provider.Person {
	b.t.Helper()
	c := b.somebody("anna")
	c.Person.Aliases = []string{"a@" + b.domain(), "anne@" + b.domain()}
	b.do(c)
	return b.person("anna@" + b.domain())
}

func TestAnotherAddressBecomesTheMainOneAndBack(t *testing.T) {
	b := newBureau(t)
	anna, at := b.withAliases(), "@"+b.domain()
	p := b.preview(office.Change{Kind: office.SetPrimary, Target: anna.ID, Address: "A" + at})
	step := p.Steps[0]
	if p.Danger != office.DangerConfirm || !step.Undoable || len(step.Diffs) != 2 {
		t.Fatalf("%+v", p)
	}
	if d := step.Diffs[0]; d.Attr != provider.AttrAddress || !slices.Equal(d.Before, []string{"anna" + at}) || !slices.Equal(d.After, []string{"a" + at}) {
		t.Errorf("%+v", d)
	}
	run := b.apply(p)
	now := b.person("a" + at)
	if now.ID != anna.ID || !slices.Equal(now.Aliases, []string{"anna" + at, "anne" + at}) {
		t.Errorf("%+v", now)
	}
	v, err := b.store.View(t.Context(), b.id)
	if err != nil {
		t.Fatal(err)
	}
	if use, id := v.UseOf("anna" + at); use != provider.UseAlias || id != anna.ID {
		t.Errorf("the former main address is %s of %s", use, id)
	}
	undo, err := b.desk.Undo(t.Context(), run.ID)
	if err != nil || undo.Ready != 1 {
		t.Fatalf("%+v %v", undo, err)
	}
	b.apply(undo)
	if now := b.person("anna" + at); now.ID != anna.ID || !slices.Equal(now.Aliases, anna.Aliases) {
		t.Errorf("%+v", now)
	}
}

func TestAMainAddressMustBeTheirsAndAsItWasSeen(t *testing.T) {
	b := newBureau(t)
	anna, at := b.withAliases(), "@"+b.domain()
	c := office.Change{Kind: office.SetPrimary, Target: anna.ID, Address: "other" + at}
	if r := b.preview(c).Steps[0].Refusal; r == nil || r.Code != core.Invalid || r.Args["reason"] != "not_theirs" {
		t.Errorf("%+v", r)
	}
	c.Address = "anna" + at
	if r := b.preview(c).Steps[0].Refusal; r == nil || r.Args["reason"] != "already" {
		t.Errorf("%+v", r)
	}
	c.Address, c.Seen = "a"+at, []office.Seen{{Attr: provider.AttrAddress, Values: []string{"before" + at}}}
	if r := b.preview(c).Steps[0].Refusal; r == nil || r.Code != core.Conflict || r.Clash[0].After[0] != "anna"+at {
		t.Errorf("%+v", r)
	}
	// An alias that the same plan adds will be theirs.
	p := b.preview(
		office.Change{Kind: office.AddAlias, Target: anna.ID, Address: "new" + at},
		office.Change{Kind: office.SetPrimary, Target: anna.ID, Address: "new" + at},
	)
	if p.Refused != 0 {
		t.Fatalf("%+v", p.Steps)
	}
	// Somebody else chooses another one meanwhile: that is not overwritten.
	if err := b.vendor.Adapter.SetPrimary(t.Context(), anna.ID, "anne"+at); err != nil {
		t.Fatal(err)
	}
	if got := b.results(b.apply(p)); got[1].Outcome != office.Refused || got[1].Refusal.Clash == nil {
		t.Errorf("%+v", got)
	}
	if _, err := b.desk.Preview(t.Context(), b.id, []office.Change{{Kind: office.SetPrimary, Target: anna.ID}}); core.CodeOf(err) != core.Invalid {
		t.Errorf("without an address: %v", err)
	}
}

func TestOneAddressIsHiddenByItself(t *testing.T) {
	b := newBureau(t)
	anna, at := b.withAliases(), "@"+b.domain()
	hide := func(address string, on bool) office.Change {
		return office.Change{Kind: office.HideAddress, Target: anna.ID, Address: address + at, On: on}
	}
	b.do(hide("a", true), hide("anna", true), hide("anna", false))
	now := b.person("anna" + at)
	if !slices.Equal(now.HiddenAddresses, []string{"a" + at}) || now.Hidden != anna.Hidden {
		t.Errorf("%+v", now)
	}
	if r := b.preview(hide("other", true)).Steps[0].Refusal; r == nil || r.Args["reason"] != "not_theirs" {
		t.Errorf("%+v", r)
	}
	// The alias goes with its mark, and comes back with it.
	run := b.do(office.Change{Kind: office.RemoveAlias, Target: anna.ID, Address: "a" + at})
	if now := b.person("anna" + at); len(now.HiddenAddresses) != 0 {
		t.Errorf("%+v", now)
	}
	undo, err := b.desk.Undo(t.Context(), run.ID)
	if err != nil || undo.Ready != 2 {
		t.Fatalf("%+v %v", undo, err)
	}
	b.apply(undo)
	if now := b.person("anna" + at); !slices.Equal(now.HiddenAddresses, []string{"a" + at}) || !slices.Contains(now.Aliases, "a"+at) {
		t.Errorf("%+v", now)
	}
}

// At Alibaba only an address that is added can become the main one; whether it did is
// looked at.
func TestAtAlibabaAMainAddressIsANewOne(t *testing.T) {
	s := emualimail.New(vendorDomain)
	t.Cleanup(s.Close)
	at := "@" + vendorDomain
	id := s.AddUser(emualimail.User{Email: "anna" + at, Name: "安娜", Aliases: []string{"a" + at}})
	b := openBranch(t, alimail.Maker(), s.BaseURL(), map[string]string{"clientId": emualimail.ClientID}, map[string]string{"clientSecret": s.Secret()})
	b.refresh()
	preview := func(address string) office.Plan {
		t.Helper()
		p, err := b.desk.Preview(t.Context(), b.id, []office.Change{{Kind: office.SetPrimary, Target: id, Address: address}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if r := preview("a" + at).Steps[0].Refusal; r == nil || r.Code != core.Unsupported || r.Why != provider.NotProven || r.Args["reason"] != "primary_new" || r.Console == "" {
		t.Errorf("an alias that is there: %+v", r)
	}
	p := preview("anne" + at)
	if p.Refused != 0 || p.Steps[0].Undoable || p.Steps[0].KeepsBack != office.BackNotAtProvider {
		t.Fatalf("%+v", p.Steps)
	}
	if _, got := b.run(p); got[0].Outcome != office.Made {
		t.Fatalf("%+v", got)
	}
	if u, _ := s.User(id); u.Email != "anne"+at || !slices.Contains(u.Aliases, "anna"+at) {
		t.Errorf("%+v", u)
	}
	s.DefaultForSending(true)
	if _, got := b.run(preview("annie" + at)); got[0].Outcome != office.Failed || core.ArgsOf(got[0].Trouble)["reason"] != "primary_stays" {
		t.Errorf("%+v", got)
	}
}

// What hangs on a creation that is refused is not sent, and says so.
func TestAnAliasOfSomebodyWhoWasNotCreatedIsNotSent(t *testing.T) {
	s := emualimail.New(vendorDomain)
	t.Cleanup(s.Close)
	at := "@" + vendorDomain
	s.AddUser(emualimail.User{Email: "first" + at, Name: "一"})
	b := openBranch(t, alimail.Maker(), s.BaseURL(), map[string]string{"clientId": emualimail.ClientID}, map[string]string{"clientSecret": s.Secret()})
	b.refresh()
	p, err := b.desk.Preview(t.Context(), b.id, []office.Change{{Kind: office.CreatePerson, Password: "p", Person: provider.Person{
		Address: "anna" + at, Name: "安娜", Aliases: []string{"a" + at}, Quota: -1,
	}}})
	if err != nil || p.Ready != 2 {
		t.Fatalf("%+v %v", p, err)
	}
	s.AddUser(emualimail.User{Email: "anna" + at, Name: "另一位"})
	run, got := b.run(p)
	if run.Failed != 2 || got[0].Outcome != office.Failed || core.CodeOf(got[0].Trouble) != core.Conflict {
		t.Fatalf("%+v", got)
	}
	if got[1].Outcome != office.Failed || core.ArgsOf(got[1].Trouble)["reason"] != "handle" {
		t.Errorf("%+v %v", got[1], core.ArgsOf(got[1].Trouble))
	}
	if u, _ := s.User("anna" + at); len(u.Aliases) != 0 {
		t.Errorf("%+v", u)
	}
}
