package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/office"
	"mailroom/backend/office/intake"
	"mailroom/backend/provider"
)

// settled is an office whose people's values can be changed.
func settled() intake.Directory {
	d := everything()
	d.Capabilities.Change = []provider.Attr{provider.AttrName, provider.AttrDepartments, provider.AttrTitle, provider.AttrMobile}
	d.People[1].Title, d.People[1].Mobile, d.People[1].Departments = "经理", "+86 139-0000-0000", []string{"1"}
	return d
}

// cells writes what differs as "2 李雷 update title 经理→主任".
func cells(r intake.Result) string {
	var out []string
	for _, e := range r.There {
		s := fmt.Sprintf("%d %s %s", e.Number, e.Person.Name, e.Chosen)
		for _, c := range e.Cells {
			s += fmt.Sprintf(" %s %s→%s", c.Column, strings.Join(c.Before, ","), strings.Join(c.After, ","))
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

const known = "姓名,邮箱,部门,职位,手机,别名,工号,密码\n" +
	"李雷,lil,技术部,主任,13900000000,lei,7,p4ssword-x\n" +
	"王晓明,wangxm,,,,,,\n" + // another name: perhaps somebody else
	"韩梅梅,hanmm,,,,,,\n" +
	"新人,neu,,,,,,p4ssword-x\n"

func TestPeopleWhoAreThereAreLeftUnlessTheyAreChosen(t *testing.T) {
	r := read(t, known, settled(), intake.Options{})
	if got := cells(r); got != "2 李雷 leave departments 1→3 title 经理→主任 aliases →lei@office.example; 3 王小明 leave name 王小明→王晓明" {
		t.Error(got)
	}
	if r.Already != 2 || r.Changed != 0 || r.Stopped != 1 || len(r.Rows) != 1 {
		t.Errorf("%d there, %d changed, %d stopped, %d new", r.Already, r.Changed, r.Stopped, len(r.Rows))
	}
	all, err := r.Changes(nil, kept)
	if got := chain(all); err != nil || got != "person.create @p5 neu@office.example" {
		t.Error(got, err)
	}
}

func TestOnlyTheCellsThatDifferAreUpdated(t *testing.T) {
	d := settled()
	r := read(t, known, d, intake.Options{Existing: intake.Update})
	if r.Already != 1 || r.Changed != 1 || r.Stopped != 1 {
		t.Errorf("%d there, %d changed, %d stopped", r.Already, r.Changed, r.Stopped)
	}
	all, err := r.Changes(d.Lists, kept)
	if got := chain(all); err != nil || got != "person.create @p5 neu@office.example; person.update p2 lil@office.example [departments title]; person.alias.add p2 lil@office.example" {
		t.Error(got, err)
	}
	c := all[1]
	if c.Person.Title != "主任" || !slices.Equal(c.Person.Departments, []string{"3"}) || len(c.Seen) != 2 || c.Row != 2 {
		t.Errorf("%+v", c)
	}
	for _, c := range all {
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", c.Kind, err)
		}
	}
	// What the office cannot change of those who are there is told, once for a column.
	if got := brief(r); !strings.Contains(got, "look not_changed") || strings.Count(got, "not_changed") != 2 {
		t.Error(got)
	}
}

func TestARowIsChosenByItself(t *testing.T) {
	d := settled()
	r := read(t, known, d, intake.Options{Existing: intake.Update, Rows: map[int]intake.Existing{2: intake.Leave, 3: intake.Update}})
	all, err := r.Changes(nil, kept)
	if got := chain(all); err != nil || got != "person.create @p5 neu@office.example; person.update p1 wangxm@office.example [name]" || r.Stopped != 0 {
		t.Error(got, err)
	}
	if all[1].Person.Name != "王晓明" {
		t.Errorf("%+v", all[1])
	}
}

func TestABadCellStopsAnUpdateToo(t *testing.T) {
	const list = "姓名,邮箱,手机,部门\n李雷,lil,call me,新部门\n李雷,lil,13900000001,\n"
	r := read(t, list, settled(), intake.Options{Existing: intake.Update, MakeDepartments: true})
	if got := brief(r); !strings.Contains(got, "stop bad_value C2 call me") || !strings.Contains(got, "stop duplicate B3 lil") {
		t.Error(got)
	}
	if len(r.New) != 0 || len(r.There) != 0 || r.Stopped != 2 {
		t.Errorf("%+v", r)
	}
	var none []office.Change
	if all, err := r.Changes(nil, kept); err != nil || len(all) != len(none) {
		t.Errorf("%+v %v", all, err)
	}
}

func TestAnUmlautIsWrittenAsTheOfficeWants(t *testing.T) {
	for umlaut, want := range map[string]string{"": "lv", "yu": "lyu", "u": "lu"} {
		r := read(t, "姓名,密码\n吕小明,p4ssword-x\n", everything(), intake.Options{Umlaut: intake.Umlaut(umlaut)})
		if len(r.Rows) != 1 || !strings.HasPrefix(r.Rows[0].Person.Address, want+"xm@") {
			t.Errorf("%q: %+v", umlaut, r.Rows)
		}
	}
}

// book is an office with an address that is hidden already.
func book() intake.Directory {
	d := settled()
	d.People[0].HiddenAddresses = []string{d.People[0].Address}
	return d
}

const hiding = "姓名,邮箱,别名,不显示的地址,密码\n" +
	"王小明,wangxm,,boss,\n" + // has boss as an alias
	"新人,neu,neu2,neu2,p4ssword-x\n"

func TestSingleAddressesAreHiddenByAList(t *testing.T) {
	r := read(t, hiding, book(), intake.Options{Existing: intake.Update})
	if got := cells(r); got != "2 王小明 update hiddenAddresses wangxm@office.example→boss@office.example" {
		t.Error(got)
	}
	if len(r.Rows) != 1 || !slices.Equal(r.Rows[0].Person.HiddenAddresses, []string{"neu2@office.example"}) {
		t.Errorf("%+v", r.Rows)
	}
	all, err := r.Changes(nil, kept)
	if err != nil || len(all) != 3 {
		t.Fatal(chain(all), err)
	}
	for i, want := range []office.Change{{Address: "wangxm@office.example"}, {Address: "boss@office.example", On: true}} {
		if c := all[i+1]; c.Kind != office.HideAddress || c.Address != want.Address || c.On != want.On {
			t.Errorf("%+v", c)
		}
	}
	r = read(t, "姓名,邮箱,不显示的地址,密码\n新人,neu,boss,p4ssword-x\n", book(), intake.Options{})
	if got := brief(r); got != "stop not_theirs C2 boss" {
		t.Error(got)
	}
	// An office that cannot says so once.
	d := book()
	d.Capabilities.Support[provider.CanHideAddresses] = provider.Support{}
	r = read(t, hiding, d, intake.Options{})
	if got := brief(r); !strings.Contains(got, "look not_supported") {
		t.Error(got)
	}
}
