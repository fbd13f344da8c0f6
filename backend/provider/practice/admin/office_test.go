package admin_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/secret"
)

// office opens a practice office of its own.
func office(t *testing.T, c provider.Config) *admin.Adapter {
	t.Helper()
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	p, err := admin.Maker(nil).New(c)
	if err != nil {
		t.Fatal(err)
	}
	a := p.(*admin.Adapter)
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

const password = "Kiefer-7-Blau-Q"

func create(t *testing.T, a *admin.Adapter, address string) provider.Person {
	t.Helper()
	p, err := a.CreatePerson(t.Context(), provider.NewPerson{Person: provider.Person{Address: address, Name: "新人", Quota: -1}, Password: secret.NewValue(password)})
	if err != nil {
		t.Fatal(err, core.ArgsOf(err))
	}
	return p
}

func reason(t *testing.T, err error, code core.Code, want string) {
	t.Helper()
	if core.CodeOf(err) != code || core.ArgsOf(err)["reason"] != want {
		t.Errorf("%v %v, want %s %s", err, core.ArgsOf(err), code, want)
	}
}

func all(t *testing.T, a *admin.Adapter) (people []provider.Person) {
	t.Helper()
	for page := ""; ; {
		some, next, err := a.People(t.Context(), page)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, some...)
		if page = next; page == "" {
			return people
		}
	}
}

func TestTheOfficeBeginsWithItsStaff(t *testing.T) {
	t.Parallel()
	a := office(t, provider.Config{})
	people := all(t, a)
	if len(people) != 12 || people[0].Address != "li.lei@new.example" || people[0].Name != "李雷" || len(people[0].Departments) != 1 {
		t.Errorf("%d people, the first is %+v", len(people), people[0])
	}
	lists, _, err := a.Lists(t.Context(), "")
	if err != nil || len(lists) != 4 {
		t.Errorf("%v %v", lists, err)
	}
	grants, err := a.Grants(t.Context())
	if err != nil || len(grants) != 2 {
		t.Errorf("%v %v", grants, err)
	}
}

func TestALargeOfficeHas5000PeopleIn200Departments(t *testing.T) {
	t.Parallel()
	size, most := 5000, 260
	if raced { // eleven seconds otherwise
		size, most = 300, 40
	}
	a := office(t, provider.Config{Values: map[string]string{"size": strconv.Itoa(size)}, Domain: "corp.example"})
	people := all(t, a)
	departments, err := a.Departments(t.Context())
	if err != nil || len(people) != size || len(departments) < most*3/4 || len(departments) > most {
		t.Errorf("%d people in %d departments, %v", len(people), len(departments), err)
	}
	addresses := map[string]bool{}
	for _, p := range people {
		addresses[p.Address] = true
		if !strings.HasSuffix(p.Address, "@corp.example") {
			t.Fatalf("%s is elsewhere", p.Address)
		}
	}
	if len(addresses) != len(people) {
		t.Errorf("%d addresses for %d people", len(addresses), len(people))
	}
}

func TestWhatWasChangedIsThereTheNextTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := office(t, provider.Config{Dir: dir})
	p := create(t, a, "neu@shop.new.example")
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Person(t.Context(), p.ID); err == nil {
		t.Error("a closed office answers")
	}
	b, c := office(t, provider.Config{Dir: dir}), office(t, provider.Config{Dir: dir})
	for _, again := range []*admin.Adapter{b, c} { // two at a time share the file
		if got, err := again.Person(t.Context(), "neu@shop.new.example"); err != nil || got.ID != p.ID {
			t.Errorf("%+v %v", got, err)
		}
	}
	if n := len(all(t, b)); n != 13 {
		t.Errorf("%d people", n)
	}
}

func TestAPasswordThatBreaksTheRuleIsNamed(t *testing.T) {
	t.Parallel()
	a := office(t, provider.Config{})
	p := create(t, a, "zhou.jie@new.example")
	for bad, want := range map[string]string{
		"Ab1-xyz": "too_short", strings.Repeat("Ab1-", 20): "too_long", "Kiefer 7-Blau": "odd_letter", "12908-71236": "no_letter", "Kiefer-Blau": "no_digit",
		"kieferblau7": "few_kinds", "Zhou.Jie-2026x": "has_address", "Kiefer-1234x": "has_run", "Kiefer-7aaaa": "has_run",
	} {
		reason(t, a.SetPassword(t.Context(), p.ID, secret.NewValue(bad), false), core.Invalid, want)
	}
	if err := a.SignIn(t.Context(), p.Address, password); err != nil {
		t.Errorf("the old password no longer works: %v", err)
	}
}

func TestADeletedAddressCanBeGivenAgainButThenNobodyComesBack(t *testing.T) {
	t.Parallel()
	a := office(t, provider.Config{})
	p := create(t, a, "einmal@new.example")
	for _, step := range []error{a.AddAlias(t.Context(), p.ID, "auch@new.example"), a.DeletePerson(t.Context(), p.ID)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	second := create(t, a, "einmal@new.example")
	if got, err := a.Person(t.Context(), "einmal@new.example"); err != nil || got.ID != second.ID {
		t.Errorf("the address is %+v %v", got, err)
	}
	reason(t, a.RestorePerson(t.Context(), p.ID), core.Conflict, "used_by_person")
	if err := a.DeletePerson(t.Context(), second.ID); err != nil {
		t.Fatal(err)
	}
	if err := a.RestorePerson(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := a.Person(t.Context(), p.ID); err != nil || !slices.Equal(got.Aliases, []string{"auch@new.example"}) || got.Status != provider.Active {
		t.Errorf("came back as %+v %v", got, err)
	}
	if err := a.DeletePerson(t.Context(), second.ID); err != nil { // deleted already: now for good
		t.Fatal(err)
	}
	if _, err := a.Person(t.Context(), second.ID); core.CodeOf(err) != core.NotFound {
		t.Errorf("still there: %v", err)
	}
}

func TestTheTrashIsEmptiedAfterAMonth(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	reopen := func() *admin.Adapter {
		p, err := admin.Maker(func() time.Time { return now }).New(provider.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return p.(*admin.Adapter)
	}
	a := reopen()
	p := create(t, a, "geht@new.example")
	if !p.Created.Equal(now) {
		t.Errorf("created at %v", p.Created)
	}
	if err := a.DeletePerson(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	for _, wait := range []struct {
		days  int
		there bool
	}{{29, true}, {2, false}} {
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, wait.days)
		a = reopen()
		if _, err := a.Person(t.Context(), p.ID); (err == nil) != wait.there {
			t.Errorf("%d days later: %v", wait.days, err)
		}
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func TestWhoLeavesLeavesTheLists(t *testing.T) {
	t.Parallel()
	a := office(t, provider.Config{})
	member := func() bool {
		l, err := a.List(t.Context(), "sales@new.example")
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(l.Members, "sun.hao@new.example")
	}
	p, err := a.Person(t.Context(), "sun.hao@new.example")
	if err != nil || !member() {
		t.Fatal(err, "no member")
	}
	if err := a.DeletePerson(t.Context(), p.ID); err != nil || member() {
		t.Errorf("%v, still a member: %v", err, member())
	}
	if err := a.RestorePerson(t.Context(), p.ID); err != nil || !member() {
		t.Errorf("%v, a member again: %v", err, member())
	}
}

func TestKeptAddressesBelongToTheHeir(t *testing.T) {
	t.Parallel()
	a := office(t, provider.Config{})
	p := create(t, a, "geht@new.example")
	heir, err := a.Person(t.Context(), "li.lei@new.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.DeletePersonKeeping(t.Context(), p.ID, heir.ID, provider.KeepAttach); err != nil {
		t.Fatal(err)
	}
	if now, err := a.Person(t.Context(), heir.ID); err != nil || !slices.Contains(now.Aliases, "geht@new.example") {
		t.Errorf("%+v %v", now, err)
	}
	uses, err := a.CheckAddresses(t.Context(), []string{"geht@new.example", "x@elsewhere.example", "all@new.example"})
	if err != nil || uses["geht@new.example"] != provider.UseAlias || uses["x@elsewhere.example"] != provider.UseInvalid || uses["all@new.example"] != provider.UseList {
		t.Errorf("%v %v", uses, err)
	}
}

func TestListsDoNotRunInCircles(t *testing.T) {
	t.Parallel()
	a := office(t, provider.Config{})
	reason(t, a.UpdateList(t.Context(), "sales@new.example", provider.ListChange{Lists: &[]string{"all@new.example"}}), core.Invalid, "circle")
	reason(t, a.UpdateList(t.Context(), "sales@new.example", provider.ListChange{Lists: &[]string{"sales@new.example"}}), core.Invalid, "twice")
	reason(t, a.UpdateList(t.Context(), "sales@new.example", provider.ListChange{Lists: &[]string{"nobody@new.example"}}), core.Invalid, "unknown")
	named := provider.PolicyNamed
	reason(t, a.UpdateList(t.Context(), "sales@new.example", provider.ListChange{Policy: &named}), core.Invalid, "missing")
}

func TestTheLastOwnerStays(t *testing.T) {
	t.Parallel()
	a := office(t, provider.Config{})
	grants, err := a.Grants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Revoke(t.Context(), grants[0]); err != nil {
		t.Fatal(err)
	}
	reason(t, a.Revoke(t.Context(), grants[1]), core.Conflict, "last_owner")
	if now, err := a.Grants(t.Context()); err != nil || len(now) != 1 {
		t.Errorf("%v %v", now, err)
	}
}

func TestActsOfThisProgramStandBesideTheInventedPast(t *testing.T) {
	t.Parallel()
	a := office(t, provider.Config{Values: map[string]string{"page": "2"}})
	from := time.Now()
	p := create(t, a, "neu@new.example")
	for _, err := range []error{
		a.SuspendPerson(t.Context(), p.ID), a.AddAlias(t.Context(), p.ID, "auch@new.example"), a.SetPassword(t.Context(), p.ID, secret.NewValue("Lerche-4-Gruen-X"), true),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	fetch := func(ask logs.Ask) (all []logs.Record) {
		for ask.To = time.Now().Add(time.Second); ; {
			page, err := a.Fetch(t.Context(), ask)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, page.Records...)
			if ask.Next = page.Next; ask.Next == "" {
				return all
			}
		}
	}
	var acts []logs.Action
	for _, r := range fetch(logs.Ask{Kind: logs.Admin, From: from.Add(-30 * 24 * time.Hour)}) {
		if !r.Clean() || strings.Contains(r.Remark, "Lerche") {
			t.Errorf("%+v", r)
		}
		if r.Agent == "Mailroom" {
			acts = append(acts, r.Action)
		}
	}
	if want := []logs.Action{logs.ActPersonAdd, logs.ActPersonOff, logs.ActAlias, logs.ActPassword}; !slices.Equal(acts, want) {
		t.Errorf("the acts are %v, want %v", acts, want)
	}
	for _, kind := range []logs.Kind{logs.Received, logs.Sent, logs.SignIn} {
		if n := len(fetch(logs.Ask{Kind: kind, From: from.Add(-7 * 24 * time.Hour)})); n < 10 {
			t.Errorf("%d records of %s in a week", n, kind)
		}
	}
}

// A slow provider can be rehearsed: the calls ask for pauses of the chosen pace, here
// one call in a thousand seconds.
func TestASlowOfficeKeepsItsPace(t *testing.T) {
	t.Parallel()
	var asked []time.Duration
	a := office(t, provider.Config{Pace: 0.001, Wait: func(ctx context.Context, d time.Duration) error {
		asked = append(asked, d)
		return ctx.Err()
	}})
	for range 4 {
		if err := a.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(asked) != 3 || asked[0] < 800*time.Second || asked[2] < 2800*time.Second || asked[2] > 3000*time.Second {
		t.Errorf("pauses of %v, want a thousand seconds more each time", asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Check(ctx); core.CodeOf(err) != core.Canceled {
		t.Errorf("%v", err)
	}
}

func TestAnOfficeWithoutAFolderIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := admin.Maker(nil).New(provider.Config{}); core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["field"] != "dir" {
		t.Errorf("%v", err)
	}
}
