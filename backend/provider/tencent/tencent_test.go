package tencent_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/secret"
	emulated "mailroom/backend/testkit/vendors/tencent"
	"mailroom/backend/testkit/vendors/trouble"
)

func newcomer(local string) provider.NewPerson {
	return provider.NewPerson{
		Person:   provider.Person{Address: local + "@" + domain, Name: "韩梅梅", Quota: -1},
		Password: secret.NewValue("Wiese77-Blau"),
	}
}

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

func TestATokenThatEndsInTheMiddleIsReplacedOnce(t *testing.T) {
	s, c := company(t)
	o := connect(t, c)
	if err := o.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.Count("gettoken"); n != 5 {
		t.Errorf("%d tokens for five apps", n)
	}
	for _, end := range []func(){s.EndTokens, func() { s.Advance(3 * time.Hour) }} {
		end()
		before := s.Count("user/create")
		if _, err := o.CreatePerson(t.Context(), newcomer(fmt.Sprintf("p%d", before))); err != nil {
			t.Fatal(err)
		}
		if n := s.Count("user/create") - before; n != 2 {
			t.Errorf("the creation was sent %d times, want a refused one and a good one", n)
		}
	}
	s.RenewSecret(emulated.Contacts)
	_, err := o.Departments(t.Context())
	wants(t, err, core.Unauthenticated, "field", "contactSecret", "vendorCode", "40001")
}

func TestATokenIsUsedUntilShortlyBeforeItsEnd(t *testing.T) {
	s, c := company(t)
	s.SetLife(time.Hour)
	o := connect(t, c)
	for range 3 {
		if _, err := o.Departments(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Count("gettoken"); n != 1 {
		t.Errorf("%d tokens for three calls", n)
	}
}

func TestATokenIsReplacedBeforeACallCouldMeetItsEnd(t *testing.T) {
	s, c := company(t)
	o := connect(t, c)
	late := time.Duration(0)
	o.SetNow(func() time.Time { return time.Now().Add(late) })
	for want, at := range []time.Duration{0, 110 * time.Minute, 117 * time.Minute} {
		late = at
		if _, err := o.Departments(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := s.Count("gettoken"); n != max(want, 1) {
			t.Errorf("after %s: %d tokens, want %d", at, n, max(want, 1))
		}
	}
	if n := s.Count("department/list"); n != 3 {
		t.Errorf("%d calls for three readings", n)
	}
}

func TestFurtherAddressesComeAndGoOneByOne(t *testing.T) {
	s, c := company(t)
	li := "li@" + domain
	s.AddMember(emulated.Member{UserID: li, Name: "Li", Departments: []int64{1}})
	s.AddMember(emulated.Member{UserID: "wang@" + domain, Name: "Wang", Departments: []int64{1}, Slaves: []string{"w@" + domain}})
	s.AddGroup(emulated.Group{GroupID: "all@" + domain, Name: "All", Users: []string{li}})
	o := connect(t, c)
	for i := range 5 {
		if err := o.AddAlias(t.Context(), li, fmt.Sprintf("Li%d@%s", i, domain)); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, o.AddAlias(t.Context(), li, "li5@"+domain), core.Invalid, "reason", "too_many")
	for i := range 2 {
		if err := o.RemoveAlias(t.Context(), li, fmt.Sprintf("li%d@%s", i, domain)); err != nil {
			t.Error(err)
		}
	}
	wants(t, o.RemoveAlias(t.Context(), li, "li0@"+domain), core.NotFound)
	for address, reason := range map[string]string{"w@": "used_by_alias", "wang@": "used_by_person", "all@": "used_by_list"} {
		wants(t, o.AddAlias(t.Context(), li, address+domain), core.Conflict, "reason", reason, "field", "aliases")
	}
	if p, err := o.Person(t.Context(), li); err != nil || strings.Join(p.Aliases, " ") != strings.ReplaceAll("li2@D li3@D li4@D", "D", domain) {
		t.Errorf("%v %v", err, p.Aliases)
	}
}

// The numbers of this API are not published: what they do not say is looked up.
func TestANumberThatSaysNothingIsLookedInto(t *testing.T) {
	s, c := company(t)
	s.AddMember(emulated.Member{UserID: "li@" + domain, Name: "Li", Departments: []int64{1}})
	o := connect(t, c)
	for local, code := range map[string]core.Code{"li": core.Conflict, "free": core.Rejected} {
		s.FailWith("user/create", 99001, "no")
		_, err := o.CreatePerson(t.Context(), newcomer(local))
		wants(t, err, code, "vendorCode", "99001")
	}
	for id, code := range map[string]core.Code{"all": core.NotFound, "there": core.Rejected} {
		s.AddGroup(emulated.Group{GroupID: "there@" + domain, Name: "There", Users: []string{"li@" + domain}})
		s.FailWith("group/get", 99002, "no")
		_, err := o.List(t.Context(), id+"@"+domain)
		wants(t, err, code, "vendorCode", "99002")
	}
}

func TestAMissingKeyClosesItsPagesOnly(t *testing.T) {
	s, c := company(t)
	for field := range apps {
		if field != "contactSecret" {
			delete(c.Secret, field)
		}
	}
	o := connect(t, c)
	caps, err := o.Capabilities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for what, key := range map[provider.Capability]string{
		provider.CanLogMail: "logSecret", provider.CanSetSignIn: "optionSecret", provider.CanCountUnread: "noticeSecret", provider.CanSignInLink: "signInSecret",
	} {
		if got := caps.Support[what]; got.Can || got.Why != provider.NeedsKey || got.Key != key {
			t.Errorf("%s: %+v", what, got)
		}
	}
	if !caps.Can(provider.CanEditPeople) || caps.Support[provider.CanForward].Why != provider.NotInAPI || caps.Support[provider.CanReadContacts].Why != provider.NotProven {
		t.Errorf("%+v", caps.Support)
	}
	_, err = o.Unread(t.Context(), "a@"+domain)
	wants(t, err, core.Unsupported, "key", "noticeSecret")
	if o.Reaches() != nil || s.Count("") != 0 {
		t.Errorf("logs reach %v, %d requests", o.Reaches(), s.Count(""))
	}
	delete(c.Secret, "contactSecret")
	_, err = tencent.New(c)
	wants(t, err, core.Invalid, "field", "contactSecret")
}

func TestWhatTheVendorRefusesIsNamed(t *testing.T) {
	s, c := company(t)
	c.Wait = instant
	o := connect(t, c)
	for code, want := range map[int]core.Code{
		48002: core.Forbidden, 50003: core.Forbidden, 60020: core.Forbidden, 60011: core.Forbidden,
		60008: core.Conflict, 60001: core.Invalid, 99999: core.Rejected, 45009: "", -1: core.Unreachable,
		81011: core.Forbidden, 81013: core.Invalid, 81014: core.Invalid, 301005: core.Conflict,
	} {
		s.Heal()
		s.FailWith("department/create", code, "hint: [no]")
		_, err := o.CreateDepartment(t.Context(), provider.Department{Name: fmt.Sprintf("N%d", code)})
		wants(t, err, want)
		if want != "" && (core.ArgsOf(err)["vendorCode"] != fmt.Sprint(code) || core.ArgsOf(err)["vendorText"] != "hint: [no]") {
			t.Errorf("%d: %v", code, core.ArgsOf(err))
		}
	}
	s.Heal()
	s.SwitchOff(emulated.Contacts, true)
	_, err := o.Departments(t.Context())
	wants(t, err, core.Forbidden)
	s.SwitchOff(emulated.Contacts, false)
	s.RefuseAddress(true)
	wants(t, o.Check(t.Context()), core.Forbidden, "reason", "ip")
}

func TestWhatCannotBeSentIsNotSent(t *testing.T) {
	s, c := company(t)
	o := connect(t, c)
	for name, reason := range map[string]string{
		"a:b": "characters", "销售|部｜": "characters", strings.Repeat("部", 22): "length", " ": "missing", "a\x01b": "characters", "a\u2028b": "characters", "a\xffb": "characters",
	} {
		_, err := o.CreateDepartment(t.Context(), provider.Department{Name: name})
		wants(t, err, core.Invalid, "field", "name", "reason", reason)
	}
	for change, field := range map[*provider.NewPerson]string{
		draft(func(p *provider.NewPerson) { p.Password = secret.NewValue("onlyletters") }):           "password",
		draft(func(p *provider.NewPerson) { p.Title = strings.Repeat("x", 65) }):                     "title",
		draft(func(p *provider.NewPerson) { p.Departments = make([]string, 21) }):                    "departments",
		draft(func(p *provider.NewPerson) { p.Departments = []string{"sales"} }):                     "departments",
		draft(func(p *provider.NewPerson) { p.Aliases = strings.Fields("a@x b@x c@x d@x e@x f@x") }): "aliases",
		draft(func(p *provider.NewPerson) { p.Gender = "robot" }):                                    "gender",
		draft(func(p *provider.NewPerson) { p.Address = "nobody" }):                                  "address",
		draft(func(p *provider.NewPerson) { p.Mobile = "1\n2" }):                                     "mobile",
		draft(func(p *provider.NewPerson) { p.Name = "" }):                                           "name",
	} {
		_, err := o.CreatePerson(t.Context(), *change)
		wants(t, err, core.Invalid, "field", field)
	}
	if n := s.Count(""); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func draft(change func(*provider.NewPerson)) *provider.NewPerson {
	p := newcomer("draft")
	change(&p)
	return &p
}

func TestNamesWithMarksArriveAsTheyAre(t *testing.T) {
	_, c := company(t)
	o := connect(t, c)
	p := newcomer("marks")
	p.Name, p.Title, p.Gender, p.StaffNo = `R&D <研发> "韩"`, "<主管> & Co", "female", "007"
	if _, err := o.CreatePerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	got, err := o.Person(t.Context(), p.Address)
	if err != nil || got.Name != p.Name || got.Title != p.Title || got.Gender != "female" || got.StaffNo != "007" {
		t.Errorf("%v %+v", err, got)
	}
}

func TestAScopeHidesTheRestAndNothingElse(t *testing.T) {
	s, c := company(t)
	east, west := s.AddDepartment(1, "East"), s.AddDepartment(1, "West")
	below := s.AddDepartment(east, "Below")
	north := s.AddDepartment(1, "North")
	for i, d := range [][]int64{{east}, {below, north}, {west}, {north}} {
		s.AddMember(emulated.Member{UserID: fmt.Sprintf("p%d@%s", i, domain), Name: "P", Departments: d})
	}
	s.SetScope(east, north)
	o := connect(t, c)
	people, next, err := o.People(t.Context(), "")
	if err != nil || next != "" || len(people) != 3 {
		t.Fatalf("%v %q %+v", err, next, people)
	}
	tree, err := o.Departments(t.Context())
	if err != nil || len(tree) != 3 {
		t.Errorf("%v %+v", err, tree)
	}
}

func TestFiveThousandPeopleComeInOneAnswer(t *testing.T) {
	s, c := company(t)
	s.Fill(5000, 200)
	o := connect(t, c)
	people, next, err := o.People(t.Context(), "")
	if err != nil || next != "" || len(people) != 5000 {
		t.Fatalf("%v %q %d", err, next, len(people))
	}
	tree, err := o.Departments(t.Context())
	if err != nil || len(tree) != 200 {
		t.Fatalf("%v %d", err, len(tree))
	}
	seen := map[string]bool{provider.RootDepartment: true}
	for _, d := range tree {
		if !seen[d.Parent] {
			t.Fatalf("%+v comes before its parent", d)
		}
		seen[d.ID] = true
	}
	var addresses []string
	for _, p := range people[:45] {
		addresses = append(addresses, strings.ToUpper(p.Address))
	}
	before := s.Count("user/batchcheck")
	uses, err := o.CheckAddresses(t.Context(), append(addresses, "free@"+domain, "no address"))
	if err != nil || len(uses) != 47 || uses["free@"+domain] != provider.UseFree || uses["no address"] != provider.UseInvalid || uses[addresses[44]] != provider.UsePerson {
		t.Errorf("%v %v", err, uses)
	}
	if n := s.Count("user/batchcheck") - before; n != 3 {
		t.Errorf("%d calls for 46 addresses", n)
	}
}

func TestAListThatTheVendorDoesNotClearIsTold(t *testing.T) {
	s, c := company(t)
	s.AddMember(emulated.Member{UserID: "a@" + domain, Name: "A", Departments: []int64{1}})
	s.AddGroup(emulated.Group{GroupID: "all@" + domain, Name: "All", Users: []string{"a@" + domain}, Departments: []int64{1}})
	s.KeepOnEmpty(true)
	o := connect(t, c)
	none := []string{}
	wants(t, o.UpdateList(t.Context(), "all@"+domain, provider.ListChange{Members: &none}), core.Rejected, "reason", "not_cleared", "field", "members")
	s.KeepOnEmpty(false)
	if err := o.UpdateList(t.Context(), "all@"+domain, provider.ListChange{Members: &none}); err != nil {
		t.Error(err)
	}
	l, err := o.List(t.Context(), "all@"+domain)
	if err != nil || len(l.Members) != 0 || len(l.Departments) != 1 || l.Departments[0] != provider.RootDepartment {
		t.Errorf("%v %+v", err, l)
	}
}

func TestNamedSendersBelongToTheirPolicy(t *testing.T) {
	s, c := company(t)
	s.AddMember(emulated.Member{UserID: "a@" + domain, Name: "A", Departments: []int64{1}})
	s.AddGroup(emulated.Group{GroupID: "all@" + domain, Name: "All", Users: []string{"a@" + domain}, Allow: 1})
	o := connect(t, c)
	senders, named := []string{"a@" + domain}, provider.PolicyNamed
	wants(t, o.UpdateList(t.Context(), "all@"+domain, provider.ListChange{Senders: &senders}), core.Invalid, "field", "senders", "reason", "policy")
	if err := o.UpdateList(t.Context(), "all@"+domain, provider.ListChange{Senders: &senders, Policy: &named}); err != nil {
		t.Error(err)
	}
	if l, err := o.List(t.Context(), "all@"+domain); err != nil || l.Policy != provider.PolicyNamed || len(l.Senders) != 1 {
		t.Errorf("%v %+v", err, l)
	}
}

func TestALostCreationIsFoundByLooking(t *testing.T) {
	s, c := company(t)
	o := connect(t, c)
	if err := o.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Fail(trouble.Fault{Path: "user/create", Lose: true})
	_, err := o.CreatePerson(t.Context(), newcomer("lost"))
	wants(t, err, core.Unreachable)
	if n := s.Count("user/create"); n != 1 {
		t.Errorf("sent %d times", n)
	}
	if p, err := o.Person(t.Context(), "lost@"+domain); err != nil || p.Name != "韩梅梅" {
		t.Errorf("%v %+v", err, p)
	}
}

func TestAnAnswerOfAnotherKindIsMalformed(t *testing.T) {
	for _, body := range []string{`[]`, `{"errcode":"x"}`, `{"userlist":{}}`, `{"userlist":[{"department":"two"}]}`, ``, `null`} {
		s, c := company(t)
		c.Wait = instant
		o := connect(t, c)
		if err := o.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Fail(trouble.Fault{Path: "user/list", Status: http.StatusOK, Body: body, Times: -1})
		people, _, err := o.People(t.Context(), "")
		if body == "null" { // no people: as empty as JSON gets
			if len(people) != 0 {
				t.Errorf("%+v", people)
			}
			continue
		}
		if core.CodeOf(err) != core.Malformed {
			t.Errorf("%q: %v", body, err)
		}
		if e := new(core.Error); !errors.As(err, &e) {
			t.Errorf("%q: %T", body, err)
		}
	}
}

func TestUnreadMailIsCountedWithoutDaysWhereTheyAreRefused(t *testing.T) {
	s, c := company(t)
	s.AddMember(emulated.Member{UserID: "li@" + domain, Name: "Li", Departments: []int64{1}, Unread: 7})
	o := connect(t, c)
	if n, err := o.Unread(t.Context(), "li@"+domain); err != nil || n != 7 {
		t.Errorf("%d %v", n, err)
	}
	s.FailWith("mail/newcount", 40035, "invalid parameter")
	s.Fail(trouble.Fault{Path: "mail/newcount", Status: http.StatusOK, Body: `{"errcode":0,"errmsg":"ok","count":8}`})
	if n, err := o.Unread(t.Context(), "li@"+domain); err != nil || n != 8 {
		t.Errorf("%d %v", n, err)
	}
	s.Fail(trouble.Fault{Path: "mail/newcount", Status: http.StatusOK, Body: `{"errcode":0}`})
	_, err := o.Unread(t.Context(), "li@"+domain)
	wants(t, err, core.Malformed)
}

// One caller fetches the token and hangs; another, who waits for it, must be able to go.
func TestNobodyWaitsForAnothersTokenLongerThanWanted(t *testing.T) {
	_, c := company(t)
	arrived := make(chan struct{})
	c.HTTP = &http.Client{Transport: hanging(func() { close(arrived) })}
	o := connect(t, c)
	first, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- o.Check(first) }()
	<-arrived
	second, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := o.Departments(second)
	wants(t, err, core.Timeout)
	stop()
	wants(t, <-done, core.Canceled)
}

// hanging is a way to the network on which no answer ever comes; it tells of the first
// request, and a second one is an error.
type hanging func()

func (h hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	h()
	<-r.Context().Done()
	return nil, r.Context().Err()
}
