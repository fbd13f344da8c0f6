package office_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
	"mailroom/backend/provider/tencent"
	emulated "mailroom/backend/testkit/vendors/tencent"
	"mailroom/backend/testkit/vendors/trouble"
)

// An import at a vendor's wire, with everything going wrong that goes wrong out there:
// everybody is created once, and what the vendor said about a row stands in its result.
func TestAnImportSurvivesWhatGoesWrongAtTheWire(t *testing.T) {
	const create, people = "user/create", 60
	for name, c := range map[string]struct {
		faults []trouble.Fault
		before func(*emulated.Server) []trouble.Fault
		after  func(*emulated.Server) // mends it before the run goes on
		state  office.State           // of the first try
		code   core.Code              // of its trouble
		failed int                    // rows that stay undone at first
	}{
		"answers are lost": {faults: []trouble.Fault{{Path: create, Pass: 7, Times: 3, Lose: true}, {Path: create, Pass: 20, Cut: 12}}, state: office.Done},
		"the vendor says wait and has done it": {faults: []trouble.Fault{
			{Path: create, Pass: 7, Times: 2, Done: true, Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"1"}}},
			{Path: create, Pass: 20, Done: true, Status: http.StatusOK, Body: `{"errcode":45009,"errmsg":"api freq out of limit"}`},
			{Path: create, Pass: 30, Done: true, Status: http.StatusOK, Body: `{"errcode":-1,"errmsg":"system busy"}`},
		}, state: office.Done},
		"tokens end": {before: func(s *emulated.Server) []trouble.Fault {
			return []trouble.Fault{{Path: create, Pass: 10, Before: s.EndTokens}, {Path: create, Pass: 30, Before: s.EndTokens}}
		}, state: office.Done},
		"the key ends": {before: func(s *emulated.Server) []trouble.Fault {
			return []trouble.Fault{{Path: create, Pass: 10, Before: func() { s.RenewSecret(emulated.Contacts) }}}
		}, state: office.Cut, code: core.Unauthenticated},
		"the right is taken": {before: func(s *emulated.Server) []trouble.Fault {
			return []trouble.Fault{{Path: create, Pass: 10, Before: func() { s.Deny(create, true) }}}
		}, after: func(s *emulated.Server) { s.Deny(create, false) }, state: office.Cut, code: core.Forbidden, failed: 3},
		"a code that nobody knows":       {faults: []trouble.Fault{{Path: create, Pass: 5, Status: http.StatusOK, Body: `{"errcode":987654,"errmsg":"call the moon"}`}}, state: office.Partly, failed: 1},
		"the server is down for a while": {faults: []trouble.Fault{{Path: create, Pass: 9, Times: 40, Status: http.StatusBadGateway}}, state: office.Cut, code: core.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := emulated.New(vendorDomain)
			t.Cleanup(s.Close)
			b := openBranch(t, tencent.Maker(), s.BaseURL(), map[string]string{"corpId": emulated.CorpID}, map[string]string{"contactSecret": s.Secret(emulated.Contacts)})
			var changes []office.Change
			for i := range people {
				changes = append(changes, office.Change{Kind: office.CreatePerson, Password: "p", Row: i + 2, Person: provider.Person{
					Address: fmt.Sprintf("p%02d@%s", i, vendorDomain), Name: fmt.Sprintf("成员%d", i), Quota: -1,
				}})
			}
			p, err := b.desk.Preview(t.Context(), b.id, changes)
			if err != nil || p.Ready != people {
				t.Fatal(err, p.Ready)
			}
			if c.before != nil {
				c.faults = c.before(s)
			}
			s.Fail(c.faults...)
			r, results := b.run(p)
			under := 0 // a slow computer makes the vendor look far away, and more are under way then
			if c.failed > 1 {
				under = tencent.Maker().Best.AtOnce - 1
			}
			if r.State != c.state || core.CodeOf(r.Trouble) != c.code || r.Failed < c.failed || r.Failed > c.failed+under {
				t.Fatalf("%s, %d failed, %v", r.State, r.Failed, r.Trouble)
			}
			for _, res := range results {
				if res.Outcome == office.Failed && core.ArgsOf(res.Trouble)["vendorCode"] == "" {
					t.Errorf("row %d does not say what the vendor said: %v", res.Row, res.Trouble)
				}
			}
			s.Heal()
			if c.after != nil {
				c.after(s)
			}
			b.keys["contactSecret"] = s.Secret(emulated.Contacts) // as the person enters it anew
			b.house.Forget(b.id)
			if r.State != office.Done {
				if r, err = b.desk.Resume(t.Context(), r.ID); err != nil {
					t.Fatal(err)
				}
				if r, err = b.desk.Wait(t.Context(), r.ID); err != nil || r.State != office.Done {
					t.Fatalf("%v: %s, %d of %d, %v", err, r.State, r.Done, r.Total, r.Trouble)
				}
			}
			if members, _, _ := s.Sizes(); members != people || r.Done != people {
				t.Errorf("%d members, %d done", members, r.Done)
			}
		})
	}
}

func TestTheVendorIsAskedAboutNewAddressesBeforehand(t *testing.T) {
	s := emulated.New(vendorDomain)
	t.Cleanup(s.Close)
	b := openBranch(t, tencent.Maker(), s.BaseURL(), map[string]string{"corpId": emulated.CorpID}, map[string]string{"contactSecret": s.Secret(emulated.Contacts)})
	b.refresh()
	s.AddGroup(emulated.Group{GroupID: "secret@" + vendorDomain, Name: "x"}) // since the last reading
	p, err := b.desk.Preview(t.Context(), b.id, []office.Change{
		{Kind: office.CreatePerson, Password: "p", Person: provider.Person{Address: "secret@" + vendorDomain, Name: "甲", Quota: -1}},
		{Kind: office.CreatePerson, Password: "p", Person: provider.Person{Address: "free@" + vendorDomain, Name: "乙", Quota: -1}},
	})
	if err != nil || p.Ready != 1 || p.Steps[0].Refusal == nil || p.Steps[0].Refusal.Args["use"] != string(provider.UseList) {
		t.Errorf("%v %+v", err, p)
	}
}

// What Tencent's texts say that it refuses stands in the preview, not in the result of a run.
func TestWhatTheVendorWillNotTakeIsToldBeforehand(t *testing.T) {
	const at = "@" + vendorDomain
	s := emulated.New(vendorDomain)
	t.Cleanup(s.Close)
	b := openBranch(t, tencent.Maker(), s.BaseURL(), map[string]string{"corpId": emulated.CorpID}, map[string]string{"contactSecret": s.Secret(emulated.Contacts)})
	s.AddMember(emulated.Member{UserID: "anna" + at, Name: "安娜", Departments: []int64{1}})
	s.AddGroup(emulated.Group{GroupID: "few" + at, Name: "几个", Users: []string{"anna" + at}})
	b.refresh()
	s.AddMember(emulated.Member{UserID: "new" + at, Name: "新来", Departments: []int64{1}}) // since the last reading
	list := func(local string, policy provider.Policy, members ...string) office.Change {
		return office.Change{Kind: office.CreateList, List: provider.List{Address: local + at, Name: "列表", Members: members, Policy: policy}}
	}
	long := strings.Repeat("长", 22)
	p, err := b.desk.Preview(t.Context(), b.id, []office.Change{
		list("empty", provider.PolicyAnyone),
		list("silent", provider.PolicyNamed, "anna"+at),
		list("ghost", provider.PolicyAnyone, "anna"+at, "nobody"+at),
		{Kind: office.UpdateList, Target: "few" + at, Set: []provider.Attr{provider.AttrMembers}},
		{Kind: office.CreatePerson, Password: "p", Person: provider.Person{Address: "long" + at, Name: long, Quota: -1}},
		{Kind: office.UpdatePerson, Target: "anna" + at, Set: []provider.Attr{provider.AttrTitle}, Person: provider.Person{Title: long}},
		list("good", provider.PolicyAnyone, "new"+at),
		{Kind: office.CreatePerson, Password: "p", Person: provider.Person{Address: "made" + at, Name: "刚来", Quota: -1}},
		list("coming", provider.PolicyAnyone, "made"+at),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, step := range p.Steps {
		text := "fine"
		if r := step.Refusal; r != nil {
			text = string(r.Attr) + " " + r.Args["reason"]
		}
		got = append(got, text)
	}
	want := []string{"members missing", "senders missing", "members unknown", "members missing", "name length", "title length", "fine", "fine", "fine"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if r, results := b.run(p); r.Done != 3 || r.Failed != 6 {
		t.Errorf("%+v %+v", r, results)
	}
}

func TestAPlanIsNotSentOnceTheOfficeIsForReadingOnly(t *testing.T) {
	b := newBureau(t)
	p := b.preview(b.somebody("anna"))
	if _, err := b.house.SetReadOnly(t.Context(), b.id, true); err != nil {
		t.Fatal(err)
	}
	if r := b.apply(p); r.State != office.Cut || core.CodeOf(r.Trouble) != core.Forbidden || b.vendor.count("create") != 0 {
		t.Errorf("%+v after %d creations", r, b.vendor.count("create"))
	}
}
