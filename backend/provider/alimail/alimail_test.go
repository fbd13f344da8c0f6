package alimail_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/alimail"
	"mailroom/backend/secret"
	emulated "mailroom/backend/testkit/vendors/alimail"
	"mailroom/backend/testkit/vendors/trouble"
)

func instant(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func wants(t *testing.T, err error, code core.Code, args ...string) {
	t.Helper()
	if core.CodeOf(err) != code {
		t.Errorf("got %s (%v), want %s", core.CodeOf(err), err, code)
	}
	for i := 0; i < len(args); i += 2 {
		if got := core.ArgsOf(err)[args[i]]; got != args[i+1] {
			t.Errorf("%v: %s is %q, want %q", err, args[i], got, args[i+1])
		}
	}
}

func newcomer(local string) provider.NewPerson {
	return provider.NewPerson{Person: provider.Person{Address: local + "@" + domain, Name: "韩梅梅", Quota: -1}, Password: secret.NewValue("Wiese77-Blau")}
}

// everybody reads all pages.
func everybody(t *testing.T, o *alimail.Office) []provider.Person {
	t.Helper()
	var all []provider.Person
	for page := ""; ; {
		people, next, err := o.People(t.Context(), page)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, people...)
		if page = next; next == "" {
			return all
		}
	}
}

func TestThousandsOfPeopleComeOnceEach(t *testing.T) {
	for below, size := range map[bool]int{false: 2000, true: 200} {
		s, c := company(t)
		s.Fill(size, size/25)
		s.UsersBelow(below)
		top := s.AddDepartment("", "Both")
		other := s.AddDepartment(top, "Below")
		s.AddUser(emulated.User{Email: "both@" + domain, Name: "Both", Departments: []string{other, top}})
		o := connect(t, c)
		seen := map[string]bool{}
		for _, p := range everybody(t, o) {
			if seen[p.ID] {
				t.Fatalf("%s comes twice", p.Address)
			}
			seen[p.ID] = true
			if p.Address == "both@"+domain && !slices.Equal(p.Departments, []string{other, top}) {
				t.Errorf("%+v", p)
			}
		}
		if len(seen) != size+1 {
			t.Errorf("below %v: %d people", below, len(seen))
		}
	}
}

// The verdicts on a domain come as the vendor has them, also for another name of it.
func TestTheVendorsVerdictsOnADomain(t *testing.T) {
	s, c := company(t)
	s.SetDomain(emulated.Domain{
		ID: "dom-2", Domain: "second.example.com", Aliases: []string{"third.example.com"}, Verified: true,
		AliasInfos: []emulated.AliasInfo{{Alias: "third.example.com"}},
	})
	o := connect(t, c)
	fine, wrong := provider.DomainFine, provider.DomainWrong
	for name, want := range map[string]map[string]provider.DomainGrade{
		domain: {"owner": fine, "mx": fine}, " Second.Example.com": {"owner": fine, "mx": wrong}, "third.example.com": {"owner": wrong},
	} {
		found, err := o.CheckDomain(t.Context(), name)
		if err != nil || len(found) != len(want) {
			t.Fatalf("%s: %+v %v", name, found, err)
		}
		for _, f := range found {
			if want[f.Part] != f.Grade || len(f.Words) > 0 {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
	_, err := o.CheckDomain(t.Context(), "fourth.example.com")
	wants(t, err, core.NotFound)
}

func TestAListingGoesOnAfterTheProgramWasStartedAnew(t *testing.T) {
	s, c := company(t)
	s.Fill(30, 5)
	first := connect(t, c)
	first.SetRows(4)
	people, next, err := first.People(t.Context(), "")
	if err != nil || next == "" {
		t.Fatal(err, next)
	}
	second := connect(t, c)
	second.SetRows(4)
	n := len(people)
	for next != "" {
		if people, next, err = second.People(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		n += len(people)
	}
	if n != 30 {
		t.Errorf("%d people", n)
	}
	for _, page := range []string{"x", "gone:0", "$root:-1", "$root:x"} {
		_, _, err = second.People(t.Context(), page)
		wants(t, err, core.Invalid, "field", "page")
	}
}

func TestATokenThatEndsIsReplacedOnce(t *testing.T) {
	s, c := company(t)
	o := connect(t, c)
	if err := o.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, end := range []func(){s.EndTokens, func() { s.Advance(2 * time.Hour) }} {
		end()
		if _, err := o.CreatePerson(t.Context(), newcomer(fmt.Sprintf("p%d", i))); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Count("/token"); n != 3 {
		t.Errorf("%d tokens, want 3", n)
	}
	c.Secret["clientSecret"] = secret.NewValue("another-secret")
	wants(t, connect(t, c).Check(t.Context()), core.Unauthenticated, "field", "clientSecret")
}

func TestEveryRegionHasAHostOfItsOwn(t *testing.T) {
	hosts := map[string]string{
		"": "alimail-cn.aliyuncs.com", "cn": "alimail-cn.aliyuncs.com", "sg": "alimail-sg.aliyuncs.com", "hk": "alimail-hk.aliyuncs.com",
		"de": "alimail-de.aliyuncs.com", "us": "alimail-us.aliyuncs.com",
	}
	_, c := company(t)
	c.BaseURL, c.Wait = "", instant
	for region, want := range hosts {
		asked := ""
		c.HTTP = &http.Client{Transport: ask(func(r *http.Request) (*http.Response, error) {
			asked = r.URL.Scheme + "://" + r.URL.Host
			return nil, errors.New("no network in tests")
		})}
		c.Values["region"] = region
		wants(t, connect(t, c).Check(t.Context()), core.Unreachable)
		if asked != "https://"+want {
			t.Errorf("%q asks %s", region, asked)
		}
	}
	c.Values["region"] = "mars"
	_, err := alimail.New(c)
	wants(t, err, core.Invalid, "field", "region")
}

type ask func(*http.Request) (*http.Response, error)

func (f ask) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestADepartmentThatHoldsSomethingIsNotEvenAskedToGo(t *testing.T) {
	for _, below := range []bool{false, true} {
		s, c := company(t)
		s.UsersBelow(below)
		top := s.AddDepartment("", "Top")
		child := s.AddDepartment(top, "Child")
		s.AddUser(emulated.User{Email: "a@" + domain, Name: "A", Departments: []string{child}})
		o := connect(t, c)
		wants(t, o.DeleteDepartment(t.Context(), top), core.Conflict, "reason", "departments")
		wants(t, o.DeleteDepartment(t.Context(), child), core.Conflict, "reason", "people")
		if n := s.Counts()["DELETE /v2/departments/"+top] + s.Counts()["DELETE /v2/departments/"+child]; n != 0 {
			t.Errorf("%d deletions were sent", n)
		}
		wants(t, o.DeleteDepartment(t.Context(), "$root"), core.NotFound)
		wants(t, o.DeleteDepartment(t.Context(), ""), core.NotFound)
	}
}

func TestSomebodyElsesPageIsNoSuccess(t *testing.T) {
	s, c := company(t)
	c.Wait = instant
	id := s.AddUser(emulated.User{Email: "a@" + domain, Name: "A", Departments: []string{}})
	o := connect(t, c)
	if err := o.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Fail(trouble.Fault{Method: http.MethodPatch, Times: 2, Status: http.StatusOK, Body: "<html>guest network</html>"})
	wants(t, o.SuspendPerson(t.Context(), id), core.Malformed)
	if err := o.SuspendPerson(t.Context(), id); err != nil {
		t.Error(err)
	}
	if p, err := o.Person(t.Context(), "A@"+strings.ToUpper(domain)); err != nil || p.Status != provider.Suspended || p.ID != id {
		t.Errorf("%v %+v", err, p)
	}
}

func TestNoNameLeadsOutOfItsFolder(t *testing.T) {
	s, c := company(t)
	o := connect(t, c)
	for _, id := range []string{"", " ", ".", ".."} {
		wants(t, o.DeletePerson(t.Context(), id), core.NotFound)
		wants(t, o.SuspendPerson(t.Context(), id), core.NotFound)
		wants(t, o.AddAlias(t.Context(), id, "a@"+domain), core.NotFound)
		wants(t, o.SetPassword(t.Context(), id, secret.NewValue("Wiese77-Blau"), false), core.NotFound)
		wants(t, o.DeleteDepartment(t.Context(), id), core.NotFound)
	}
	if n := s.Count(""); n != 0 {
		t.Errorf("%d requests", n)
	}
	_, err := o.Person(t.Context(), "a/../../v2/domains?x=#")
	wants(t, err, core.NotFound)
	if n := s.Count("/domains"); n != 0 {
		t.Errorf("the name became a path: %v", s.Counts())
	}
}

func TestUnreadMailIsCountedWherePeopleLook(t *testing.T) {
	s, c := company(t)
	id := s.AddUser(emulated.User{Email: "a@" + domain, Name: "A", Departments: []string{}, Unread: 7})
	o := connect(t, c)
	for _, who := range []string{id, "a@" + domain} {
		if n, err := o.Unread(t.Context(), who); err != nil || n != 7 {
			t.Errorf("%s: %d %v", who, n, err)
		}
	}
	s.Fail(trouble.Fault{Path: "/mailFolders", Status: http.StatusOK, Body: `{"folders":[{"id":"1","unreadItemCount":50},{"id":"2","unreadItemCount":3},` +
		`{"id":"3","unreadItemCount":90},{"id":"5","unreadItemCount":1},{"id":"6","unreadItemCount":8},{"id":"77","unreadItemCount":4}]}`})
	if n, err := o.Unread(t.Context(), "a@"+domain); err != nil || n != 7 {
		t.Errorf("with junk and the like: %d %v", n, err)
	}
}

func TestTheVendorsWordsAreKept(t *testing.T) {
	s, c := company(t)
	c.Wait = instant
	o := connect(t, c)
	if err := o.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		status int
		body   string
		code   core.Code
		vendor string
	}{
		{418, `{"detailErrorCode":"Teapot.Full","message":"no more tea"}`, core.Rejected, "Teapot.Full"},
		{403, `{"detailErrorCode":1003,"developerMessage":"scope"}`, core.Forbidden, "1003"},
		{400, `{"error":"bad","error_description":"worse"}`, core.Invalid, "bad"},
		{400, `no json`, core.Invalid, ""},
	} {
		s.Fail(trouble.Fault{Path: "/v2/domains", Status: v.status, Body: v.body})
		_, err := o.Domains(t.Context())
		wants(t, err, v.code, "vendorCode", v.vendor)
	}
	s.Fail(trouble.Fault{Path: "/v2/domains", Status: 429, Header: http.Header{"Retry-After": {"1"}}})
	if domains, err := o.Domains(t.Context()); err != nil || domains[0].Name != domain {
		t.Errorf("after a pause: %v %v", domains, err)
	}
}

func TestALostCreationIsFoundByLooking(t *testing.T) {
	s, c := company(t)
	o := connect(t, c)
	if err := o.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Fail(trouble.Fault{Path: "/v2/users", Lose: true})
	_, err := o.CreatePerson(t.Context(), newcomer("lost"))
	wants(t, err, core.Unreachable)
	if p, err := o.Person(t.Context(), "lost@"+domain); err != nil || p.Name != "韩梅梅" || s.Count("/v2/users") != 1 {
		t.Errorf("%v %+v", err, p)
	}
}
