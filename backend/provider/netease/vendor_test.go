package netease

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
	emulated "mailroom/backend/testkit/vendors/netease"
	"mailroom/backend/testkit/vendors/trouble"
)

func startOpen(t *testing.T) (*emulated.Open, *open) {
	t.Helper()
	s := emulated.NewOpen(suiteDomain)
	t.Cleanup(s.Close)
	p := made(t, Open(), provider.Config{
		Domain: suiteDomain, BaseURL: s.BaseURL(), Pace: 1e6,
		Values: map[string]string{"appId": s.AppID, "orgOpenId": s.OrgOpenID}, Secret: map[string]secret.Value{"authCode": secret.NewValue(s.AuthCode())},
	}).(*open)
	t.Cleanup(func() { _ = p.Close() })
	return s, p
}

func startClassic(t *testing.T) (*emulated.Classic, *classic) {
	t.Helper()
	s := emulated.NewClassic(suiteDomain)
	t.Cleanup(s.Close)
	p := made(t, Classic(), provider.Config{
		Domain: suiteDomain, BaseURL: s.BaseURL(), Pace: 1e6,
		Values: map[string]string{"region": "north", "product": s.Product}, Secret: map[string]secret.Value{"key": secret.NewValue(s.PrivateKeyHex())},
	}).(*classic)
	t.Cleanup(func() { _ = p.Close() })
	return s, p
}

// everybody reads the whole directory.
func everybody(t *testing.T, p provider.Provider) []provider.Person {
	t.Helper()
	var all []provider.Person
	for page := ""; ; {
		people, next, err := p.People(t.Context(), page)
		if err != nil {
			t.Fatal(err, core.ArgsOf(err))
		}
		all = append(all, people...)
		if page = next; page == "" {
			return all
		}
	}
}

func TestWhatThePlatformNeverTellsArrivesAllTheSame(t *testing.T) {
	s, p := startOpen(t)
	s.AddAccount(emulated.Account{Name: "li", Nickname: "李"})
	id := "li@" + suiteDomain
	for way, word := range ways {
		for _, allowed := range []bool{false, true} {
			if err := p.SetSignIn(t.Context(), id, way, allowed); err != nil {
				t.Fatal(err)
			}
			want := 0
			if allowed {
				want = 1
			}
			if a, _ := s.Account("li"); a.Logins[word] != want {
				t.Errorf("%s is %v, want %d", way, a.Logins, want)
			}
		}
	}
	for number, right := range limits {
		if err := p.SetMailRights(t.Context(), id, right); err != nil {
			t.Fatal(err)
		}
		if a, _ := s.Account("li"); int64(a.RsLimit) != number {
			t.Errorf("%s is %d, want %d", right, a.RsLimit, number)
		}
	}
}

func TestALongReadingOutlivesItsToken(t *testing.T) {
	s, p := startOpen(t)
	s.Fill(120, 10)
	s.LimitRows(10)
	s.Fail(
		trouble.Fault{Path: "getAccountList", Pass: 3, Before: func() { s.EndTokens(false) }},
		trouble.Fault{Path: "getAccountList", Pass: 4, Before: func() { s.EndTokens(true) }},
	)
	if n := len(everybody(t, p)); n != 120 {
		t.Errorf("%d people", n)
	}
	if s.Count("acquireToken") != 2 || s.Count("refresh") != 2 {
		t.Errorf("asked for tokens: %v", s.Counts())
	}
}

func TestRefusalsOfTheWholeAppSayWhatToDo(t *testing.T) {
	s, p := startOpen(t)
	s.Fill(3, 2)
	check := func(what string, code core.Code, reason string) {
		t.Helper()
		err := p.Check(t.Context())
		if core.CodeOf(err) != code || core.ArgsOf(err)["reason"] != reason || core.ArgsOf(err)["vendorCode"] == "" {
			t.Errorf("%s: %v %v", what, err, core.ArgsOf(err))
		}
	}
	s.RefuseAddress(true)
	check("a foreign address", core.Forbidden, reasonAddress)
	s.RefuseAddress(false)
	s.Deny("unit/getAccountList", true)
	check("a right that was not ticked", core.Forbidden, reasonRight)
	s.Deny("unit/getAccountList", false)
	s.EndAuthorisation(true)
	check("an authorisation that ended", core.Unauthenticated, reasonExpired)
	s.EndAuthorisation(false)
	s.RenewAuthCode()
	check("an old authorisation code", core.Unauthenticated, "")
}

func TestThePlatformsTwoNamesForAName(t *testing.T) {
	s, p := startOpen(t)
	s.AddAccount(emulated.Account{Name: "li", Nickname: "李雷"})
	s.SayNickname(true)
	s.ListDefaultUnit(true)
	if all := everybody(t, p); len(all) != 1 || all[0].Name != "李雷" || len(all[0].Departments) != 0 {
		t.Errorf("%+v", all)
	}
	if units, err := p.Departments(t.Context()); err != nil || len(units) != 0 {
		t.Errorf("the default unit is a department: %v %v", units, err)
	}
}

func TestAnAccountThatTheVendorDoesNotReviveStaysDeleted(t *testing.T) {
	s, p := startOpen(t)
	c, q := startClassic(t)
	for _, office := range []interface {
		provider.Provider
		provider.PersonEditor
		provider.Restorer
	}{p, q} {
		s.AddAccount(emulated.Account{Name: "li", Nickname: "李"})
		c.AddAccount(emulated.Account{Name: "li", Nickname: "李"})
		s.NeverRevive(true)
		c.NeverRevive(true)
		if err := office.DeletePerson(t.Context(), "li@"+suiteDomain); err != nil {
			t.Fatal(err)
		}
		if err := office.RestorePerson(t.Context(), "li@"+suiteDomain); err == nil {
			t.Error("a refusal became a success")
		}
	}
}

func TestAMoveToNoDepartmentAndBack(t *testing.T) {
	s, p := startOpen(t)
	unit := s.AddUnit("", "销售部")
	s.AddAccount(emulated.Account{Name: "li", Nickname: "李", Unit: unit})
	for _, where := range [][]string{{}, {unit}} {
		if err := p.UpdatePerson(t.Context(), "li@"+suiteDomain, provider.PersonChange{Departments: &where}); err != nil {
			t.Fatal(err)
		}
		if got, err := p.Person(t.Context(), "li@"+suiteDomain); err != nil || strings.Join(got.Departments, ",") != strings.Join(where, ",") {
			t.Errorf("in %v, want %v (%v)", got.Departments, where, err)
		}
	}
	two := []string{unit, unit}
	if err := p.UpdatePerson(t.Context(), "li@"+suiteDomain, provider.PersonChange{Departments: &two}); core.CodeOf(err) != core.Unsupported {
		t.Errorf("two departments: %v", err)
	}
	below, err := p.CreateDepartment(t.Context(), provider.Department{Name: "华东", Parent: unit, Order: 3})
	if err != nil || below.Order != 3 {
		t.Fatal(below, err)
	}
	top := provider.RootDepartment
	if err := p.UpdateDepartment(t.Context(), below.ID, provider.DepartmentChange{Parent: &top}); err != nil {
		t.Fatal(err)
	}
	all, err := p.Departments(t.Context())
	if d, ferr := findUnit("", all, below.ID); err != nil || ferr != nil || d.Parent != top {
		t.Errorf("%+v %v %v", d, err, ferr)
	}
}

// A number is taken away by its own call; one that stays all the same is told, never
// passed over.
func TestAMobileNumberGoesOrItsStayingIsTold(t *testing.T) {
	s, p := startClassic(t)
	id, number, title, none := "li@"+suiteDomain, "13900000001", "李雷", ""
	for _, apart := range []bool{false, true} {
		s.AddAccount(emulated.Account{Name: "li", Nickname: "李", JobNo: "7", Expires: "2030-05-28"})
		s.BindApart(apart)
		if err := p.UpdatePerson(t.Context(), id, provider.PersonChange{Mobile: &none}); err != nil {
			t.Fatal("nothing to take away:", err)
		}
		if err := p.UpdatePerson(t.Context(), id, provider.PersonChange{Mobile: &number}); err != nil {
			t.Fatal(err)
		}
		err := p.UpdatePerson(t.Context(), id, provider.PersonChange{Mobile: &none, Name: &title})
		got, rerr := p.Person(t.Context(), id)
		if rerr != nil || got.Name != title || got.StaffNo != "7" || day(got.Expires) != "2030-05-28" {
			t.Fatalf("%+v %v", got, rerr)
		}
		switch {
		case !apart && (err != nil || got.Mobile != ""):
			t.Errorf("%q stays: %v", got.Mobile, err)
		case apart && (core.CodeOf(err) != core.Rejected || core.ArgsOf(err)["reason"] != "firm" || core.ArgsOf(err)["field"] != string(provider.AttrMobile) || got.Mobile != number):
			t.Errorf("%q: %v %v", got.Mobile, err, core.ArgsOf(err))
		}
	}
}

func TestWhoeverWaitsForAnothersSignInCanGoAway(t *testing.T) {
	s, p := startOpen(t)
	s.Fill(3, 2)
	s.Fail(trouble.Fault{Path: "acquireToken", Hang: true})
	first, endFirst := context.WithCancel(t.Context())
	defer endFirst()
	done := make(chan error, 1)
	go func() { done <- p.Check(first) }()
	for s.Count("acquireToken") == 0 { // the first is inside
		runtime.Gosched()
	}
	second, endSecond := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer endSecond()
	if err := p.Check(second); core.CodeOf(err) != core.Timeout {
		t.Errorf("the one who waits: %v", err)
	}
	endFirst()
	if err := <-done; core.CodeOf(err) != core.Canceled {
		t.Errorf("the one inside: %v", err)
	}
	if err := p.Check(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestSignInLinksAreForTheRightPerson(t *testing.T) {
	s, p := startOpen(t)
	s.AddAccount(emulated.Account{Name: "li", Nickname: "李"})
	link, _, err := p.SignInLink(t.Context(), "li@"+suiteDomain)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link.Reveal())
	if err != nil || s.SignedFor(u.Query().Get("sso_token")) != "li" {
		t.Errorf("the link is for %q, %v", s.SignedFor(u.Query().Get("sso_token")), err)
	}
}

func TestAForeignKeyIsRefused(t *testing.T) {
	s, p := startClassic(t)
	s.Fill(3, 2)
	if err := p.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.ForgetKey()
	if err := p.Check(t.Context()); core.CodeOf(err) != core.Unauthenticated {
		t.Errorf("%v %v", err, core.ArgsOf(err))
	}
}

func TestLogsOfBothInterfacesComeWhole(t *testing.T) {
	s, p := startOpen(t)
	c, q := startClassic(t)
	day := time.Now().In(beijing).Add(-24 * time.Hour)
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, beijing)
	var mail []emulated.Mail
	var logins []emulated.Login
	for i := range 130 {
		at := from.Add(time.Duration(i) * time.Minute)
		mail = append(mail, emulated.Mail{From: "a@partner.example", To: "li@" + suiteDomain, Subject: "报价", At: at, Size: 1000 + i, IP: "203.0.113.7", OK: i%2 == 0})
		logins = append(logins, emulated.Login{Name: "li", At: at, IP: "203.0.113.8", Method: "imap", OK: true}, emulated.Login{Name: "li", At: at, IP: "203.0.113.9", Method: "web", OK: true})
	}
	s.AddAccount(emulated.Account{Name: "li", Nickname: "李"})
	s.AddMail(mail...)
	s.AddLogins(logins...)
	c.AddAccount(emulated.Account{Name: "li", Nickname: "李"})
	c.AddMail(mail...)
	c.AddLogins(logins...)
	for name, source := range map[string]logs.Source{"open": p, "classic": q} {
		for _, r := range source.Reaches() {
			ask, n := logs.Ask{Kind: r.Kind, From: from, To: from.AddDate(0, 0, 1), Person: "li@" + suiteDomain}, 0
			for {
				page, err := source.Fetch(t.Context(), ask)
				if err != nil {
					t.Fatal(name, r.Kind, err, core.ArgsOf(err))
				}
				n += len(page.Records)
				for _, rec := range page.Records {
					if rec.Person != "li@"+suiteDomain || !rec.IP.IsValid() || rec.Kind == logs.Received && (rec.Size < 1000 || rec.From == "" || rec.Outcome == "") {
						t.Fatalf("%s: %+v", name, rec)
					}
				}
				if ask.Next = page.Next; ask.Next == "" {
					break
				}
			}
			if n != 130 {
				t.Errorf("%s: %d records of %s", name, n, r.Kind)
			}
		}
	}
}

func TestFiveThousandPeopleAreReadByBothInterfaces(t *testing.T) {
	s, p := startOpen(t)
	c, q := startClassic(t)
	s.Fill(5000, 200)
	c.Fill(5000, 200)
	for name, office := range map[string]provider.Provider{"open": p, "classic": q} {
		seen := map[string]bool{}
		placed := 0
		for _, one := range everybody(t, office) {
			seen[one.ID] = true
			if len(one.Departments) == 1 {
				placed++
			}
		}
		if len(seen) != 5000 || placed < 4900 {
			t.Errorf("%s: %d people, %d in departments", name, len(seen), placed)
		}
	}
	t.Logf("requests: platform %d, classic %d", s.Count(""), c.Count(""))
}

func TestListsThatCannotBeReadAreChangedAllTheSame(t *testing.T) {
	s, lists := startOpen(t)
	s.AddMaillist(emulated.Maillist{Name: "all", Title: "全体", Visible: 1, Members: []string{"old@office.example.com"}})
	list := func() emulated.Maillist {
		t.Helper()
		l, ok := s.Maillist("all")
		if !ok {
			t.Fatal("the list is gone")
		}
		return l
	}
	if err := lists.AddListMembers(t.Context(), "All@office.example.com", []string{"new@office.example.com", "Partner@shop.example", "new@office.example.com"}); err != nil {
		t.Fatal(err, core.ArgsOf(err))
	}
	if got := list(); !slices.Equal(got.Members, []string{"old@office.example.com", "new@office.example.com", "partner@shop.example"}) {
		t.Errorf("%v", got.Members)
	}
	whole := provider.List{
		Address: "all@office.example.com", Name: "所有人", Members: []string{"a@office.example.com", "b@office.example.com"},
		Policy: provider.PolicyNamed, Senders: []string{"boss@office.example.com"}, Hidden: provider.Yes,
	}
	if err := lists.OverwriteList(t.Context(), whole); err != nil {
		t.Fatal(err, core.ArgsOf(err))
	}
	got := list()
	if got.Title != "所有人" || got.Visible != 0 || got.UserType != 3 || !slices.Equal(got.Members, whole.Members) || !slices.Equal(got.Senders, whole.Senders) {
		t.Errorf("%+v", got)
	}
	for what, l := range map[string]provider.List{
		"nobody on it":        {Address: "all@office.example.com"},
		"another domain":      {Address: "all@shop.example", Members: whole.Members},
		"only members write":  {Address: "all@office.example.com", Members: whole.Members, Policy: provider.PolicyMembers},
		"senders of anybody":  {Address: "all@office.example.com", Members: whole.Members, Policy: provider.PolicyAnyone, Senders: whole.Senders},
		"a member of nowhere": {Address: "all@office.example.com", Members: []string{"a,b"}},
	} {
		if err := lists.OverwriteList(t.Context(), l); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	if now := list(); !slices.Equal(now.Members, whole.Members) {
		t.Errorf("what was refused changed the list: %v", now.Members)
	}
	err := lists.AddListMembers(t.Context(), "nobody@office.example.com", whole.Members)
	if core.CodeOf(err) != core.NotFound {
		t.Errorf("a list that does not exist: %v %v", err, core.ArgsOf(err))
	}
}

// emulatedCall is one row of an emulator's table.
var emulatedCall = regexp.MustCompile(`(?m)^\t"(\w+/\w+)":|, "(\w+/\w+)": +takes`)

// Every call that public texts describe, and so the emulators have, is made by the
// adapter or listed as one that is not, with the reason.
func TestEveryDescribedCallIsMadeOrSaidNotToBe(t *testing.T) {
	read := func(pattern string) string {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		var all strings.Builder
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(raw)
		}
		return all.String()
	}
	for name, unused := range map[string][]provider.UnusedCall{"classic": classicUnused, "open": openUnused} {
		var listed []string
		for _, u := range unused {
			listed = append(listed, strings.Split(u.Call, ", ")...)
		}
		source, found := read(name+"*.go"), 0
		for _, m := range emulatedCall.FindAllStringSubmatch(read("../../testkit/vendors/netease/"+name+"_calls.go"), -1) {
			call := m[1] + m[2]
			found++
			if made, said := strings.Contains(source, `"`+call+`"`), slices.Contains(listed, call); made == said {
				t.Errorf("%s: %s is made: %v, listed as unused: %v", name, call, made, said)
			}
		}
		if found < 24 {
			t.Errorf("%s: only %d calls found", name, found)
		}
	}
}
