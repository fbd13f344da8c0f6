package office_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/localbook"
	"mailroom/backend/provider"
	"mailroom/backend/provider/alimail"
	"mailroom/backend/provider/mox"
	"mailroom/backend/provider/netease"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/servers"
	emualimail "mailroom/backend/testkit/vendors/alimail"
	emunetease "mailroom/backend/testkit/vendors/netease"
	emutencent "mailroom/backend/testkit/vendors/tencent"
)

const vendorDomain = "office.example"

// branch is an office at an emulated vendor.
type branch struct {
	t      *testing.T
	id     string
	domain string
	house  *office.House
	store  *directory.Store
	desk   *office.Desk
	keys   map[string]string
}

// RevealAll knows the keys; every other handle is a good password.
func (b *branch) RevealAll(_ context.Context, handles []string) (map[string]secret.Value, error) {
	found := map[string]secret.Value{}
	for _, h := range handles {
		found[h] = secret.NewValue(good)
		if key, ok := b.keys[h]; ok {
			found[h] = secret.NewValue(key)
		}
	}
	return found, nil
}

func openBranch(t *testing.T, maker provider.Maker, baseURL string, values, keys map[string]string) *branch {
	t.Helper()
	return openBranchOf(t, vendorDomain, maker, baseURL, values, keys)
}

func openBranchOf(t *testing.T, domain string, maker provider.Maker, baseURL string, values, keys map[string]string) *branch {
	t.Helper()
	b := &branch{t: t, keys: keys, domain: domain}
	plain := maker.New
	maker.New = func(c provider.Config) (provider.Provider, error) {
		c.Pace = 1e6
		c.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
		return plain(c)
	}
	dir := t.TempDir()
	book, err := office.OpenBook(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	b.house = office.NewHouse(book, provider.NewRegistry(maker), b, dir, nil)
	shelf, err := localbook.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	b.house.KeepContacts(shelf)
	if b.store, err = directory.Open(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if b.desk, err = office.OpenDesk(t.Context(), office.DeskConfig{House: b.house, Directory: b.store}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = b.desk.Close(context.Background())
		_ = b.store.Close()
		_ = b.house.Close()
		_ = shelf.Close()
	})
	o := office.Office{Provider: maker.ID, Domain: domain, BaseURL: baseURL, Values: values, Secrets: map[string]string{}}
	for field := range keys {
		o.Secrets[field] = field
	}
	if o, err = b.house.Connect(t.Context(), o); err != nil {
		t.Fatal(err, core.ArgsOf(err))
	}
	b.id = o.ID
	return b
}

func (b *branch) run(p office.Plan) (office.Run, []office.Result) {
	b.t.Helper()
	r, err := b.desk.Apply(b.t.Context(), p.ID, p.Typed)
	if err != nil {
		b.t.Fatal(err)
	}
	if r, err = b.desk.Wait(b.t.Context(), r.ID); err != nil {
		b.t.Fatal(err)
	}
	results, err := b.desk.Results(b.t.Context(), r.ID, 0, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	return r, results
}

func (b *branch) refresh() *directory.View {
	b.t.Helper()
	live, err := b.house.Live(b.t.Context(), b.id)
	if err == nil {
		_, err = b.store.Refresh(b.t.Context(), b.id, live.Provider, live.Capabilities, live.SharedContacts(), nil)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	v, err := b.store.View(b.t.Context(), b.id)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// The same changes are put before every vendor: what it can do is done, is seen in the
// next reading and taken back; what it cannot is refused beforehand with a reason, and
// nothing is sent.
func TestTheSameChangesAtEveryVendor(t *testing.T) {
	for name, open := range vendors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			begin := b.refresh()
			before := len(begin.People)
			b.everyStep(b.newcomers())
			v := b.refresh()
			if len(v.People) != before+12 {
				t.Fatalf("%d people, were %d", len(v.People), before)
			}
			if news, err := b.store.News(t.Context(), b.id, 10); err != nil || len(news) != 0 {
				t.Errorf("our own doing is told as somebody else's: %v %+v", err, news)
			}
			second := b.everyStep(b.edits(v))
			b.refresh()
			if news, err := b.store.News(t.Context(), b.id, 10); err != nil || len(news) != 0 {
				t.Errorf("our own doing is told as somebody else's: %v %+v", err, news)
			}
			// No vendor's public API has shared contacts: they are kept here.
			if v := b.refresh(); len(v.Contacts) != 1 || len(v.Groups) != 1 || !slices.Equal(v.Contacts[0].Groups, []string{v.Groups[0].ID}) {
				t.Errorf("the book holds %+v %+v", v.Contacts, v.Groups)
			}
			if second.CanUndo == 0 {
				t.Fatalf("nothing can be taken back: %+v", second)
			}
			p, err := b.desk.Undo(t.Context(), second.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range p.Steps {
				if s.Refusal != nil && s.KeepsBack == "" {
					t.Errorf("%s %s: %+v", s.Kind, s.Label, s.Refusal)
				}
			}
			_, results := b.run(p)
			for _, r := range results {
				if r.Outcome != office.Made && r.Outcome != office.Refused {
					t.Errorf("undo: %s %s: %s %v %v %+v", r.Kind, r.Label, r.Outcome, r.Trouble, core.ArgsOf(r.Trouble), r.Refusal)
				}
			}
			after := b.refresh()
			if len(after.Contacts)+len(after.Groups) > 0 {
				t.Errorf("the book still holds %+v %+v", after.Contacts, after.Groups)
			}
			for _, p := range v.People {
				now, ok := after.Person(p.ID)
				if !ok || !slices.Equal(now.Departments, p.Departments) || now.Title != p.Title || now.Mobile != p.Mobile || now.Status != p.Status {
					t.Errorf("was %+v\nnow %+v", p, now)
				}
				if stays := now.Address != p.Address; !stays && len(now.Aliases) != len(p.Aliases) || stays && !slices.Equal(now.Aliases, []string{p.Address}) {
					t.Errorf("was %+v\nnow %+v", p, now)
				}
			}
		})
	}
}

// everyStep applies changes and wants each done, or refused beforehand with a reason.
func (b *branch) everyStep(changes []office.Change) office.Run {
	b.t.Helper()
	p, err := b.desk.Preview(b.t.Context(), b.id, changes)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, s := range p.Steps {
		if r := s.Refusal; r != nil && (r.Code != core.Unsupported || r.Why == "") {
			b.t.Errorf("%s %s: %+v", s.Kind, s.Label, *r)
		}
	}
	run, results := b.run(p)
	for _, r := range results {
		if r.Outcome != office.Made && (r.Outcome != office.Refused || r.Refusal.Code == core.Conflict) {
			b.t.Errorf("%s %s: %s %v %v %+v", r.Kind, r.Label, r.Outcome, r.Trouble, core.ArgsOf(r.Trouble), r.Refusal)
		}
	}
	return run
}

func (b *branch) newcomers() []office.Change {
	at := "@" + b.domain
	live, err := b.house.Live(b.t.Context(), b.id)
	if err != nil {
		b.t.Fatal(err)
	}
	units := live.Capabilities.Can(provider.CanEditDepartments)
	changes := []office.Change{
		{Kind: office.CreateDepartment, Handle: "@x", Department: provider.Department{Name: "研发部"}},
		{Kind: office.CreateDepartment, Handle: "@y", Department: provider.Department{Parent: "@x", Name: "后端组"}},
	}
	for i := range 12 {
		c := office.Change{Kind: office.CreatePerson, Password: "p", Handle: fmt.Sprintf("@p%d", i), Person: provider.Person{
			Address: fmt.Sprintf("p%02d%s", i, at), Name: fmt.Sprintf("成员%d", i), Departments: []string{"@x"}, Quota: -1,
		}}
		if i%3 == 0 {
			c.Person.Departments, c.Person.Title, c.Person.Mobile = []string{"@y"}, "工程师", fmt.Sprintf("1390000%04d", i)
		}
		if !units {
			c.Person.Departments = nil
		}
		changes = append(changes, c)
	}
	return changes
}

func (b *branch) edits(v *directory.View) []office.Change {
	b.t.Helper()
	at := "@" + b.domain
	id := func(local string) string {
		_, id := v.UseOf(local + at)
		if id == "" {
			b.t.Fatal(local, "is not there")
		}
		return id
	}
	department, ofDepartments := "", []office.Change{}
	if i := slices.IndexFunc(v.Departments, func(d provider.Department) bool { return d.Name == "后端组" }); i >= 0 {
		department = v.Departments[i].ID
		ofDepartments = []office.Change{
			{Kind: office.UpdatePerson, Target: id("p02"), Set: []provider.Attr{provider.AttrDepartments}, Person: provider.Person{Departments: []string{department}}},
			{Kind: office.UpdateDepartment, Target: department, Set: []provider.Attr{provider.AttrName}, Department: provider.Department{Name: "服务端组"}},
		}
	}
	return append(ofDepartments, []office.Change{
		{Kind: office.UpdatePerson, Target: id("p09"), Set: []provider.Attr{provider.AttrTitle, provider.AttrMobile}, Person: provider.Person{Title: "经理", Mobile: "13911112222"}},
		{Kind: office.SuspendPerson, Target: id("p03")},
		{Kind: office.AddAlias, Target: id("p04"), Address: "alias4" + at},
		{Kind: office.SetPrimary, Target: id("p10"), Address: "main10" + at},
		{Kind: office.HideAddress, Target: id("p11"), Address: "p11" + at, On: true},
		{Kind: office.SetPassword, Target: id("p05"), Password: "p"},
		{Kind: office.SetForward, Target: id("p06"), Forward: &provider.Forward{To: []string{"p07" + at}, Keep: true}},
		{Kind: office.SetSignIn, Target: id("p08"), Way: provider.POP, On: false},
		{Kind: office.CreateList, List: provider.List{Address: "team" + at, Name: "全组", Members: []string{"p01" + at, "p02" + at}, Policy: provider.PolicyInside}},
		{Kind: office.SaveContactGroup, Handle: "@customers", Group: provider.ContactGroup{Name: "客户"}},
		{Kind: office.SaveContact, Contact: provider.Contact{Name: "韩先生", Addresses: []string{"han@shop.example"}, Groups: []string{"@customers"}}},
	}...)
}

func vendors() map[string]func(*testing.T) *branch {
	return map[string]func(*testing.T) *branch{
		"tencent": func(t *testing.T) *branch {
			s := emutencent.New(vendorDomain)
			t.Cleanup(s.Close)
			s.Fill(7, 2)
			return openBranch(t, tencent.Maker(), s.BaseURL(), map[string]string{"corpId": emutencent.CorpID}, map[string]string{
				"contactSecret": s.Secret(emutencent.Contacts), "optionSecret": s.Secret(emutencent.Options),
			})
		},
		"netease classic": func(t *testing.T) *branch {
			s := emunetease.NewClassic(vendorDomain)
			t.Cleanup(s.Close)
			return openBranch(t, netease.Classic(), s.BaseURL(), map[string]string{"region": "north", "product": s.Product}, map[string]string{"key": s.PrivateKeyPEM()})
		},
		"netease open": func(t *testing.T) *branch {
			s := emunetease.NewOpen(vendorDomain)
			t.Cleanup(s.Close)
			return openBranch(t, netease.Open(), s.BaseURL(), map[string]string{"appId": s.AppID, "orgOpenId": s.OrgOpenID}, map[string]string{"authCode": s.AuthCode()})
		},
		"mox": func(t *testing.T) *branch { // a real server
			m := servers.Mox(t)
			return openBranchOf(t, m.Domain, mox.Maker(), "", map[string]string{"address": m.URL + "/admin/"}, map[string]string{"password": m.Password})
		},
		"alimail": func(t *testing.T) *branch {
			s := emualimail.New(vendorDomain)
			t.Cleanup(s.Close)
			return openBranch(t, alimail.Maker(), s.BaseURL(), map[string]string{"clientId": emualimail.ClientID}, map[string]string{"clientSecret": s.Secret()})
		},
	}
}
