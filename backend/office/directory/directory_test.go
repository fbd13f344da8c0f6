package directory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// vendor is an office that holds what the test says, a page of two at a time.
type vendor struct {
	people      []provider.Person
	departments []provider.Department
	lists       []provider.List
	fail        error
	noLists     error
	endless     bool
	onPage      func(page string)
}

func (v *vendor) Check(context.Context) error { return nil }

func (v *vendor) Capabilities(context.Context) (provider.Capabilities, error) { return caps(), nil }

func caps() provider.Capabilities {
	c := provider.Capabilities{Support: map[provider.Capability]provider.Support{}}
	for _, what := range provider.All() {
		c.Support[what] = provider.Support{Can: true}
	}
	return c
}

func (v *vendor) Domains(context.Context) ([]provider.Domain, error) {
	return []provider.Domain{{Name: "office.example"}}, nil
}

func (v *vendor) Departments(context.Context) ([]provider.Department, error) {
	return v.departments, v.fail
}

func (v *vendor) People(_ context.Context, page string) ([]provider.Person, string, error) {
	if v.onPage != nil {
		v.onPage(page)
	}
	from := 0
	if page != "" {
		_, _ = fmt.Sscan(page, &from)
	}
	to := min(from+2, len(v.people))
	next := ""
	if to < len(v.people) {
		next = fmt.Sprint(to)
	}
	if v.endless {
		next = fmt.Sprint(from)
	}
	return v.people[from:to], next, v.fail
}

func (v *vendor) Person(_ context.Context, id string) (provider.Person, error) {
	for _, p := range v.people {
		if p.ID == id {
			return p, nil
		}
	}
	return provider.Person{}, core.E(core.NotFound, "person", nil)
}

func (v *vendor) Lists(context.Context, string) ([]provider.List, string, error) {
	return v.lists, "", errors.Join(v.fail, v.noLists)
}

func (v *vendor) List(context.Context, string) (provider.List, error) { return provider.List{}, nil }

func (v *vendor) ListTraits() provider.ListTraits { return provider.ListTraits{} }

func someone(n int) provider.Person {
	return provider.Person{ID: fmt.Sprint(n), Address: fmt.Sprintf("p%d@office.example", n), Name: fmt.Sprintf("成员%d", n), Status: provider.Active, Quota: -1, Used: -1}
}

func office(n int) *vendor {
	v := &vendor{departments: []provider.Department{{ID: "b", Parent: "a", Name: "后端"}, {ID: "a", Name: "研发"}}}
	for i := range n {
		v.people = append(v.people, someone(i))
	}
	v.lists = []provider.List{{ID: "l", Address: "all@office.example", Members: []string{"p0@office.example"}}}
	return v
}

type cache struct {
	*directory.Store
	t *testing.T
}

func open(t *testing.T, dir string) *cache {
	t.Helper()
	s, err := directory.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return &cache{s, t}
}

func (c *cache) read(v *vendor) directory.Outcome {
	c.t.Helper()
	out, err := c.Refresh(c.t.Context(), "o", v, caps(), nil, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

func (c *cache) view() *directory.View {
	c.t.Helper()
	v, err := c.View(c.t.Context(), "o")
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

func (c *cache) news() []directory.News {
	c.t.Helper()
	all, err := c.News(c.t.Context(), "o", 100)
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

func TestWhatSomebodyElseChangedIsNoticed(t *testing.T) {
	dir := t.TempDir()
	c, v := open(t, dir), office(5)
	if out := c.read(v); out.Added != 8 || !out.First || out.Elsewhere != 0 || len(c.news()) != 0 {
		t.Errorf("the first reading is no news: %+v", out)
	}
	if out := c.read(v); out != (directory.Outcome{}) {
		t.Errorf("nothing changed: %+v", out)
	}
	v.people[1].Title = "经理"
	v.people[1].Used = 5 // changes by itself
	v.people[2].Used = 7
	v.people = append(v.people[:3:3], someone(9))
	v.lists[0].Members = []string{"p1@office.example"}
	if out := c.read(v); out.Changed != 2 || out.Added != 1 || out.Gone != 2 || out.Elsewhere != 5 {
		t.Errorf("%+v", out)
	}
	what := map[string]string{}
	for _, n := range c.news() {
		what[n.Label] = n.What
		if n.Label == "p1@office.example" && (len(n.Diffs) != 1 || n.Diffs[0].Attr != provider.AttrTitle || n.Diffs[0].After[0] != "经理") {
			t.Errorf("%+v", n.Diffs)
		}
	}
	if what["p1@office.example"] != "changed" || what["p9@office.example"] != "added" || what["p3@office.example"] != "gone" || what["all@office.example"] != "changed" {
		t.Errorf("%v", what)
	}
	if c.view().Unseen != 5 {
		t.Errorf("%d unseen", c.view().Unseen)
	}
	if err := c.SeeNews(t.Context(), "o"); err != nil || c.view().Unseen != 0 {
		t.Errorf("%v %d", err, c.view().Unseen)
	}
	// Another start of the program knows all of it.
	before := c.view()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	after := open(t, dir).view()
	if len(after.People) != 4 || !after.Refreshed.Equal(before.Refreshed) || after.Path("b") != "研发/后端" || after.People[2].Used != 7 {
		t.Errorf("%+v", after)
	}
}

func TestWhatThisProgramChangedIsNoNews(t *testing.T) {
	dir := t.TempDir()
	c, v := open(t, dir), office(4)
	c.read(v)
	changed := v.people[0]
	changed.Title = "经理"
	if err := c.Put(t.Context(), "o", true, changed, someone(7), directory.Gone{Object: "person", ID: "3"}); err != nil {
		t.Fatal(err)
	}
	// It is remembered over a restart, and what the provider makes of it is accepted.
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = open(t, dir)
	if got, _ := c.view().Person("0"); got.Title != "经理" {
		t.Errorf("%+v", got)
	}
	v.people[0].Title, v.people[0].Phone = "经理", "8001" // it gave a number by itself
	v.people = append(v.people[:3:3], someone(7))
	if out := c.read(v); out.Elsewhere != 0 || len(c.news()) != 0 {
		t.Errorf("%+v %+v", out, c.news())
	}
	v.people[0].Title = "总监" // that was somebody else
	if out := c.read(v); out.Elsewhere != 1 {
		t.Errorf("%+v", out)
	}
}

func TestWhatWasChangedWhileItWasReadStays(t *testing.T) {
	c, v := open(t, t.TempDir()), office(5)
	c.read(v)
	v.onPage = func(page string) {
		if page != "2" {
			return
		}
		v.onPage = nil
		changed := someone(0) // it was on the first page, which is read already
		changed.Title = "经理"
		if err := c.Put(t.Context(), "o", true, changed, someone(8), directory.Gone{Object: "person", ID: "1"}); err != nil {
			t.Error(err)
		}
	}
	if out := c.read(v); out.Elsewhere != 0 {
		t.Errorf("%+v", out)
	}
	got := c.view()
	zero, _ := got.Person("0")
	_, one := got.Person("1")
	_, eight := got.Person("8")
	if zero.Title != "经理" || one || !eight {
		t.Errorf("title %q, the deleted one %v, the new one %v", zero.Title, one, eight)
	}
}

func TestAReadingThatFailsKeepsWhatWasKnown(t *testing.T) {
	c, v := open(t, t.TempDir()), office(3)
	c.read(v)
	v.fail = core.E(core.Unauthenticated, "list", errors.New("token"))
	if _, err := c.Refresh(t.Context(), "o", v, caps(), nil, nil); core.CodeOf(err) != core.Unauthenticated {
		t.Error(err)
	}
	if got := c.view(); len(got.People) != 3 || core.CodeOf(got.Trouble) != core.Unauthenticated {
		t.Errorf("%d people, %v", len(got.People), got.Trouble)
	}
	v.fail = nil
	if c.read(v); c.view().Trouble != nil {
		t.Error("the trouble stays")
	}
	v.endless = true
	if _, err := c.Refresh(t.Context(), "o", v, caps(), nil, nil); core.CodeOf(err) != core.Malformed {
		t.Errorf("pages without end: %v", err)
	}
	v.endless = false
	v.people = append(v.people, v.people[0]) // moved to a later page while it was read
	if c.read(v); len(c.view().People) != 3 {
		t.Errorf("%d people", len(c.view().People))
	}
}

func TestListsThatAreRefusedHideNobody(t *testing.T) {
	c, v := open(t, t.TempDir()), office(3)
	c.read(v)
	v.people = append(v.people, someone(7))
	v.noLists = core.E(core.Forbidden, "lists", nil, "reason", "no_right")
	c.read(v)
	got := c.view()
	args := core.ArgsOf(got.Trouble)
	if len(got.People) != 4 || len(got.Lists) != 1 || core.CodeOf(got.Trouble) != core.Forbidden || args["part"] != "lists" || args["reason"] != "no_right" {
		t.Errorf("%d people, %d lists, %v %v", len(got.People), len(got.Lists), got.Trouble, args)
	}
	v.noLists = core.E(core.Unreachable, "lists", nil) // nothing of the part: whoever asks again gets it
	if _, err := c.Refresh(t.Context(), "o", v, caps(), nil, nil); core.CodeOf(err) != core.Unreachable {
		t.Error(err)
	}
	v.noLists = nil
	if c.read(v); c.view().Trouble != nil {
		t.Errorf("the trouble stays: %v", c.view().Trouble)
	}
}

func TestAListingThatTellsLessDoesNotForget(t *testing.T) {
	c, v := open(t, t.TempDir()), office(2)
	v.people[0].Partial = true
	c.read(v)
	closer := v.people[0]
	closer.Partial, closer.Mobile, closer.Aliases = false, "13900000000", []string{"a@office.example"}
	if err := c.Look(t.Context(), "o", closer); err != nil || len(c.news()) != 0 {
		t.Errorf("a first close look is no news: %v %v", err, c.news())
	}
	c.read(v)
	if got, _ := c.view().Person("0"); got.Mobile != "13900000000" || len(got.Aliases) != 1 || got.Partial {
		t.Errorf("%+v", got)
	}
	closer.Mobile = "13911111111"
	if err := c.Look(t.Context(), "o", closer); err != nil || len(c.news()) != 1 {
		t.Errorf("%v %v", err, c.news())
	}
}

func TestThoseWhoAreListedInPartAreLookedAtOneByOne(t *testing.T) {
	c, v := open(t, t.TempDir()), office(5)
	for i := range v.people[:4] {
		v.people[i].Partial = true
	}
	c.read(v)
	v.people[1].Mobile = "13900000000"
	v.people = append(v.people[:2:2], v.people[3:]...) // one is gone since
	if n, err := c.Complete(t.Context(), "o", v, 2); n != 2 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	if n, err := c.Complete(t.Context(), "o", v, 99); n != 1 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	if hits := c.view().Search("13900000000", 9); !slices.Equal(hits, []string{"1"}) || len(c.news()) != 0 {
		t.Errorf("%v %v", hits, c.news())
	}
}

func TestPeopleAreFoundAsTheyAreTyped(t *testing.T) {
	c, v := open(t, t.TempDir()), office(0)
	for i, name := range []string{"张伟", "单雄信", "王小明", "Emma Clarke"} {
		p := someone(i)
		p.Name, p.Address = name, fmt.Sprintf("x%d@office.example", i)
		v.people = append(v.people, p)
	}
	v.people[2].Mobile, v.people[3].StaffNo, v.people[3].Aliases = "+86 139-0000-0000", "E0007", []string{"ec@office.example"}
	c.read(v)
	got := c.view()
	for typed, want := range map[string]string{
		"张伟": "0", "zhangwei": "0", "zw": "0", "shan": "1", "dan": "1", "XIAOMING": "2", "wxm": "2", "1390000": "2", "clarke": "3", "emma cl": "3", "e0007": "3", "ec@": "3", "x2@": "2",
	} {
		if hits := got.Search(typed, 0); !slices.Contains(hits, want) {
			t.Errorf("%q finds %v, want %s", typed, hits, want)
		}
	}
	if all := got.Search("", 0); len(all) != 4 || len(got.Search("", 2)) != 2 || len(got.Search("zzz", 0)) != 0 {
		t.Errorf("%v", all)
	}
	if use, by := got.UseOf("EC@office.example"); use != provider.UseAlias || by != "3" {
		t.Errorf("%s %s", use, by)
	}
}

func TestATreeOfDepartmentsHasNoEndlessBranch(t *testing.T) {
	c, v := open(t, t.TempDir()), office(0)
	v.departments = []provider.Department{
		{ID: "1", Parent: "2", Name: "甲"}, {ID: "2", Parent: "1", Name: "乙"}, {ID: "3", Parent: "gone", Name: "丙"},
		{ID: "4", Name: "丁", Order: 2}, {ID: "5", Name: "戊", Order: 1}, {ID: "6", Parent: "5", Name: "己"},
	}
	c.read(v)
	var order []string
	for _, d := range c.view().Departments {
		order = append(order, d.ID)
	}
	if got := strings.Join(order, ""); len(order) != 6 || !strings.HasPrefix(got, "564") {
		t.Errorf("%s", got)
	}
	if path := c.view().Path("6"); path != "戊/己" {
		t.Error(path)
	}
}
