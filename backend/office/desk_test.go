package office_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
)

func TestAPreviewTellsWhatWillBeDoneAndDoesNothing(t *testing.T) {
	b := newBureau(t)
	before := b.everything()
	people, _, err := b.vendor.People(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	one := people[0]
	p := b.preview(
		b.somebody("neu"),
		office.Change{Kind: office.UpdatePerson, Target: one.ID, Set: []provider.Attr{provider.AttrTitle}, Person: provider.Person{Title: "总监"}},
		office.Change{Kind: office.SuspendPerson, Target: people[1].ID},
	)
	if p.Ready != 3 || p.Refused != 0 || p.Danger != office.DangerConfirm || p.Typed != "" {
		t.Errorf("%+v", p)
	}
	if d := p.Steps[1].Diffs; len(d) != 1 || d[0].Attr != provider.AttrTitle || d[0].After[0] != "总监" || !slices.Equal(d[0].Before, []string{one.Title}) {
		t.Errorf("%+v", d)
	}
	secrets := 0
	for _, d := range p.Steps[0].Diffs {
		if d.Secret {
			secrets++
		}
		if strings.Contains(fmt.Sprint(d), good) {
			t.Errorf("the password stands in %+v", d)
		}
	}
	if secrets != 1 || p.Steps[0].Label != "neu@"+b.domain() {
		t.Errorf("%+v", p.Steps[0])
	}
	if b.everything() != before || b.vendor.count("create")+b.vendor.count("update") > 0 {
		t.Error("a preview changed something")
	}
}

func TestADeletionWantsItsNameTypedAndAPlanIsGoodOnce(t *testing.T) {
	b := newBureau(t)
	b.do(b.somebody("anna"))
	anna := b.person("anna@" + b.domain())
	p := b.preview(office.Change{Kind: office.DeletePerson, Target: anna.ID})
	if p.Danger != office.DangerTyped || p.Typed != anna.Address || !p.Steps[0].Undoable {
		t.Fatalf("%+v", p)
	}
	for _, typed := range []string{"", "yes", "bert@" + b.domain()} {
		if _, err := b.desk.Apply(t.Context(), p.ID, typed); core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["field"] != "typed" {
			t.Errorf("typed %q: %v", typed, err)
		}
	}
	if r := b.apply(p); r.State != office.Done {
		t.Fatalf("%+v", r)
	}
	_, err := b.desk.Apply(t.Context(), p.ID, p.Typed)
	wantCode(t, "applied twice", err, core.NotFound)
	_, err = b.desk.Apply(t.Context(), "unknown", "")
	wantCode(t, "an unknown plan", err, core.NotFound)
}

func TestAppliedThenUndoneIsTheSameDirectory(t *testing.T) {
	b := newBureau(t)
	b.do(b.all(t)...)
	before := b.everything()
	r := b.do(b.rewrite(t)...)
	if b.everything() == before {
		t.Fatal("nothing was changed")
	}
	p, err := b.desk.Undo(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if p.Refused > 0 || p.Undoes != r.ID {
		t.Errorf("%+v", p)
	}
	if undo := b.apply(p); undo.State != office.Done {
		t.Fatalf("%+v: %+v", undo, b.results(undo))
	}
	if after := b.everything(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if _, err := b.desk.Undo(t.Context(), r.ID); core.CodeOf(err) != core.Conflict {
		t.Errorf("it can be taken back twice: %v", err)
	}
	for _, e := range b.record {
		if strings.Contains(fmt.Sprint(e), good) {
			t.Errorf("the record holds a password: %+v", e)
		}
	}
}

// all makes a small office within the practice office: departments, people, lists and
// contacts of our own, so that everything can be tried on them.
func (b *bureau) all(t *testing.T) []office.Change {
	t.Helper()
	at := "@" + b.domain()
	dep := func(handle, parent, name string) office.Change {
		return office.Change{Kind: office.CreateDepartment, Handle: handle, Department: provider.Department{Parent: parent, Name: name, Remark: "旧"}}
	}
	anna := b.somebody("anna")
	anna.Handle, anna.Person.Departments, anna.Person.Aliases = "@anna", []string{"@x"}, []string{"a" + at}
	bert := b.somebody("bert")
	bert.Person.Departments = []string{"@y"}
	return []office.Change{
		dep("@x", "", "甲"), dep("@y", "@x", "乙"), dep("@z", "", "丙"), anna, bert, b.somebody("carl"), b.somebody("dora"),
		{Kind: office.CreateList, List: provider.List{Address: "everyone" + at, Name: "全体", Members: []string{"anna" + at, "bert" + at}, Policy: provider.PolicyInside}},
		{Kind: office.CreateList, List: provider.List{Address: "few" + at, Name: "几个", Members: []string{"carl" + at}, Policy: provider.PolicyAnyone}},
		{Kind: office.SaveContactGroup, Handle: "@g", Group: provider.ContactGroup{Name: "客户"}},
		{Kind: office.SaveContact, Contact: provider.Contact{Name: "韩先生", Addresses: []string{"han@shop.example"}, Groups: []string{"@g"}}},
		{Kind: office.SaveContact, Contact: provider.Contact{Name: "李女士", Addresses: []string{"li@shop.example"}}},
	}
}

// rewrite changes everything of it in every way that can be taken back.
func (b *bureau) rewrite(t *testing.T) []office.Change {
	t.Helper()
	at := "@" + b.domain()
	v, err := b.store.View(t.Context(), b.id)
	if err != nil {
		t.Fatal(err)
	}
	person := func(local string) string { return b.person(local + at).ID }
	dep := func(name string) string {
		i := slices.IndexFunc(v.Departments, func(d provider.Department) bool { return d.Name == name })
		return v.Departments[i].ID
	}
	list := func(local string) string {
		i := slices.IndexFunc(v.Lists, func(l provider.List) bool { return l.Address == local+at })
		return v.Lists[i].ID
	}
	contact := func(name string) provider.Contact {
		i := slices.IndexFunc(v.Contacts, func(c provider.Contact) bool { return c.Name == name })
		return v.Contacts[i]
	}
	group := v.Groups[slices.IndexFunc(v.Groups, func(g provider.ContactGroup) bool { return g.Name == "客户" })].ID
	han := contact("韩先生")
	han.Company, han.Groups = "韩记", nil
	anna, bert, carl, dora := person("anna"), person("bert"), person("carl"), person("dora")
	return []office.Change{
		{Kind: office.UpdatePerson, Target: anna, Set: []provider.Attr{provider.AttrTitle, provider.AttrMobile, provider.AttrDepartments}, Person: provider.Person{Title: "经理", Mobile: "+8613900000000", Departments: []string{dep("丙")}}},
		{Kind: office.RemoveAlias, Target: anna, Address: "a" + at},
		{Kind: office.AddAlias, Target: bert, Address: "a" + at},
		{Kind: office.UpdatePerson, Target: bert, Set: []provider.Attr{provider.AttrDepartments}, Person: provider.Person{Departments: []string{dep("甲")}}},
		{Kind: office.DeleteDepartment, Target: dep("乙")},
		{Kind: office.CreateDepartment, Handle: "@n", Department: provider.Department{Parent: dep("丙"), Name: "丁"}},
		{Kind: office.UpdateDepartment, Target: dep("甲"), Set: []provider.Attr{provider.AttrName, provider.AttrRemark}, Department: provider.Department{Name: "甲新", Remark: "新"}},
		{Kind: office.SuspendPerson, Target: bert},
		{Kind: office.SetForward, Target: carl, Forward: &provider.Forward{To: []string{"anna" + at}, Keep: true}},
		{Kind: office.SetMailRights, Target: carl, Rights: provider.InsideOnly},
		{Kind: office.SetSignIn, Target: carl, Way: provider.POP, On: false},
		{Kind: office.SetHidden, Target: carl, On: true},
		{Kind: office.UpdateList, Target: list("everyone"), Set: []provider.Attr{provider.AttrName, provider.AttrPolicy}, List: provider.List{Name: "大家", Policy: provider.PolicyMembers}, AddMembers: []string{"carl" + at}, RemoveMembers: []string{"bert" + at}},
		{Kind: office.DeleteList, Target: list("few")},
		{Kind: office.SaveContact, Target: han.ID, Contact: han},
		{Kind: office.DeleteContact, Target: contact("李女士").ID},
		{Kind: office.DeleteContactGroup, Target: group},
		{Kind: office.DeletePerson, Target: dora},
		b.somebody("emil"),
	}
}

func TestWhatCannotBeTakenBackIsTold(t *testing.T) {
	b := newBureau(t)
	b.do(b.somebody("anna"))
	anna := b.person("anna@" + b.domain()).ID
	r := b.do(
		office.Change{Kind: office.SetPassword, Target: anna, Password: b.keep("Birke-8-Rot-Zz")},
		office.Change{Kind: office.UpdatePerson, Target: anna, Set: []provider.Attr{provider.AttrTitle}, Person: provider.Person{Title: "x"}},
	)
	p, err := b.desk.Undo(t.Context(), r.ID)
	if err != nil || p.Ready != 1 || p.Refused != 1 {
		t.Fatalf("%+v %v", p, err)
	}
	last := p.Steps[1]
	if last.Kind != office.SetPassword || last.KeepsBack != office.BackSecret || last.Refusal == nil || last.Undoable {
		t.Errorf("%+v", last)
	}
}

func TestWhatChangedMeanwhileIsNotOverwritten(t *testing.T) {
	b := newBureau(t)
	b.do(b.somebody("anna"), b.somebody("bert"))
	anna, bert := b.person("anna@"+b.domain()), b.person("bert@"+b.domain())
	title := func(target, text string) office.Change {
		return office.Change{Kind: office.UpdatePerson, Target: target, Set: []provider.Attr{provider.AttrTitle}, Person: provider.Person{Title: text}}
	}
	elsewhere := func(id, text string) {
		t.Helper()
		if err := b.vendor.Adapter.UpdatePerson(t.Context(), id, provider.PersonChange{Title: &text}); err != nil {
			t.Fatal(err)
		}
	}
	// Changed between the preview and the sending.
	p := b.preview(title(anna.ID, "经理"), title(bert.ID, "主任"))
	elsewhere(anna.ID, "总监")
	r := b.apply(p)
	got := b.results(r)
	if r.State != office.Partly || got[0].Outcome != office.Refused || got[1].Outcome != office.Made {
		t.Fatalf("%+v %+v", r, got)
	}
	clash := got[0].Refusal.Clash
	if len(clash) != 1 || !slices.Equal(clash[0].After, []string{"总监"}) || len(clash[0].Before) != 0 {
		t.Errorf("%+v", clash)
	}
	// Changed between what the person saw and the preview.
	c := title(bert.ID, "处长")
	c.Seen = []office.Seen{{Attr: provider.AttrTitle, Values: []string{""}}}
	if r := b.preview(c).Steps[0].Refusal; r == nil || r.Code != core.Conflict || r.Clash[0].After[0] != "主任" {
		t.Errorf("%+v", r)
	}
	// An undo does not overwrite either.
	undo := b.do(title(bert.ID, "处长"))
	elsewhere(bert.ID, "院长")
	if p, err := b.desk.Undo(t.Context(), undo.ID); err != nil || p.Refused != 1 || p.Steps[0].Refusal.Code != core.Conflict {
		t.Errorf("%+v %v", p, err)
	}
	// What somebody else has done already is nothing to be done again.
	p = b.preview(title(anna.ID, "校长"))
	elsewhere(anna.ID, "校长")
	if got := b.results(b.apply(p)); got[0].Outcome != office.There {
		t.Errorf("%+v", got)
	}
}

func TestACreationWhoseAnswerIsLostIsNotRepeated(t *testing.T) {
	for _, code := range []core.Code{core.Timeout, core.Unreachable, core.Malformed} {
		t.Run(string(code), func(t *testing.T) {
			b := newBureau(t)
			lost := core.E(code, "create", errors.New("lost"))
			b.vendor.fail(nil, once("create", lost))
			b.do(b.somebody("anna"), b.somebody("bert"))
			if n := b.vendor.count("create anna"); n != 1 {
				t.Errorf("created %d times", n)
			}
			if got := b.person("anna@" + b.domain()); got.Name != "新人anna" {
				t.Errorf("%+v", got)
			}
		})
	}
	t.Run("it never arrived", func(t *testing.T) {
		b := newBureau(t)
		b.vendor.fail(once("create", core.E(core.Timeout, "create", nil)), nil)
		r := b.do(b.somebody("anna"))
		if n := b.vendor.count("create anna"); n != 2 || b.results(r)[0].NewID == "" {
			t.Errorf("sent %d times: %+v", n, b.results(r))
		}
	})
	for call, c := range map[string]office.Change{
		"department": {Kind: office.CreateDepartment, Department: provider.Department{Name: "甲"}},
		"list":       {Kind: office.CreateList, List: provider.List{Address: "everyone@", Name: "全体", Policy: provider.PolicyAnyone}},
		"contact":    {Kind: office.SaveContact, Contact: provider.Contact{Name: "韩先生", Addresses: []string{"han@shop.example"}}},
	} {
		t.Run(call, func(t *testing.T) {
			b := newBureau(t)
			if c.List.Address != "" {
				c.List.Address += b.domain()
			}
			b.vendor.fail(nil, once(call, core.E(core.Unreachable, call, nil)))
			r := b.do(c)
			if n := b.vendor.count(call); n != 1 || b.results(r)[0].NewID == "" {
				t.Errorf("sent %d times: %+v", n, b.results(r))
			}
		})
	}
}

func TestAnExpiredTokenStopsTheRunWhichGoesOnLater(t *testing.T) {
	b := newBureau(t)
	var changes []office.Change
	for i := range 12 {
		changes = append(changes, b.somebody(fmt.Sprintf("p%02d", i)))
	}
	b.vendor.fail(func(call, target string) error {
		if call == "create" && target >= "p05" {
			return core.E(core.Unauthenticated, "create", nil, "vendorCode", "40014", "vendorText", "invalid access_token")
		}
		return nil
	}, nil)
	r := b.apply(b.preview(changes...))
	if r.State != office.Cut || r.Done != 5 || r.Failed != 0 || core.CodeOf(r.Trouble) != core.Unauthenticated || core.ArgsOf(r.Trouble)["vendorCode"] != "40014" {
		t.Fatalf("%+v", r)
	}
	if n := b.vendor.count("create"); n != 6 {
		t.Errorf("%d calls with a refused key", n)
	}
	b.vendor.fail(nil, nil)
	again, err := b.desk.Resume(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if again = b.wait(again); again.State != office.Done || again.Done != 12 {
		t.Fatalf("%+v", again)
	}
	if n := b.vendor.count("create"); n != 13 {
		t.Errorf("%d creations for 12 people and one refusal", n)
	}
	if len(b.forgot) != 12 {
		t.Errorf("%d passwords forgotten", len(b.forgot))
	}
}

func TestAKeyWithoutTheRightDoesNotAskAgainAndAgain(t *testing.T) {
	b := newBureau(t)
	var changes []office.Change
	for i := range 9 {
		changes = append(changes, b.somebody(fmt.Sprintf("p%02d", i)))
	}
	b.vendor.fail(func(call, _ string) error {
		if call == "create" {
			return core.E(core.Forbidden, "create", nil, "vendorCode", "48002")
		}
		return nil
	}, nil)
	r := b.apply(b.preview(changes...))
	if r.State != office.Cut || core.CodeOf(r.Trouble) != core.Forbidden || b.vendor.count("create") != 3 {
		t.Fatalf("%+v after %d calls", r, b.vendor.count("create"))
	}
	b.vendor.fail(nil, nil)
	if again, err := b.desk.Resume(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	} else if again = b.wait(again); again.State != office.Done || again.Done != 9 {
		t.Errorf("%+v", again)
	}
}

func TestAnUnknownErrorOfTheVendorIsShownAndTheRowStaysUndone(t *testing.T) {
	b := newBureau(t)
	b.vendor.fail(once("create", core.E(core.Rejected, "create", nil, "vendorCode", "987654", "vendorText", "system busy, ask support")), nil)
	r := b.apply(b.preview(b.somebody("anna"), b.somebody("bert")))
	got := b.results(r)
	args := core.ArgsOf(got[0].Trouble)
	if r.State != office.Partly || got[0].Outcome != office.Failed || args["vendorCode"] != "987654" || args["vendorText"] != "system busy, ask support" || got[1].Outcome != office.Made {
		t.Fatalf("%+v %+v", r, got)
	}
	if _, err := b.vendor.Adapter.Person(t.Context(), "anna@"+b.domain()); core.CodeOf(err) != core.NotFound {
		t.Errorf("the row was done: %v", err)
	}
	// It is tried again when the person wants it, and its password is still there.
	again, err := b.desk.Resume(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if again = b.wait(again); again.State != office.Done {
		t.Errorf("%+v", again)
	}
}

func TestADeadProgramGoesOnWithoutDoingAnythingTwice(t *testing.T) {
	b := newBureau(t)
	var changes []office.Change
	for i := range 20 {
		changes = append(changes, b.somebody(fmt.Sprintf("p%02d", i)))
	}
	reached := make(chan struct{})
	hang := make(chan struct{})
	b.vendor.fail(nil, func(call, target string) error { // done at the provider, never answered
		if call == "create" && strings.HasPrefix(target, "p07") {
			close(reached)
			<-hang
			return core.E(core.Canceled, "create", context.Canceled)
		}
		return nil
	})
	p := b.preview(changes...)
	r, err := b.desk.Apply(t.Context(), p.ID, p.Typed)
	if err != nil {
		t.Fatal(err)
	}
	<-reached
	dead, cancel := context.WithCancel(t.Context())
	cancel()
	go close(hang)
	b.closeWithin(dead) // as near to a crash as a test in one process comes: what was known in memory is lost with the context
	b.vendor.fail(nil, nil)
	b.open()
	got, err := b.desk.Run(t.Context(), r.ID)
	if err != nil || got.State != office.Cut && got.State != office.Stopped { // cut off, or just in time to stop
		t.Fatalf("%+v %v", got, err)
	}
	if got, err = b.desk.Resume(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	if got = b.wait(got); got.State != office.Done || got.Done != 20 {
		t.Fatalf("%+v: %+v", got, b.results(got))
	}
	for i := range 20 {
		// A call that the end of the program cut off before it was carried out may come again.
		if n := b.vendor.did(fmt.Sprintf("create p%02d", i)); n != 1 {
			t.Errorf("p%02d was created %d times", i, n)
		}
	}
}

func TestAStoppedRunKeepsWhatIsLeft(t *testing.T) {
	b := newBureau(t)
	var changes []office.Change
	for i := range 30 {
		changes = append(changes, b.somebody(fmt.Sprintf("p%02d", i)))
	}
	reached, goOn := make(chan struct{}), make(chan struct{})
	b.vendor.fail(func(call, target string) error {
		if call == "create" && strings.HasPrefix(target, "p10") {
			close(reached)
			<-goOn
		}
		return nil
	}, nil)
	p := b.preview(changes...)
	if p.Danger != office.DangerConfirm {
		t.Errorf("thirty at once ask nothing: %+v", p.Danger)
	}
	r, err := b.desk.Apply(t.Context(), p.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	<-reached
	if !b.desk.Working(b.id) {
		t.Error("nothing is at work")
	}
	if _, err := b.desk.Stop(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	close(goOn)
	if r = b.wait(r); r.State != office.Stopped || r.Done != 11 || r.Total != 30 {
		t.Fatalf("%+v", r)
	}
	for i, got := range b.results(r) {
		want := office.Waiting
		if i < 11 {
			want = office.Made
		}
		if got.Outcome != want {
			t.Errorf("step %d is %s", i+1, got.Outcome)
		}
	}
	if r, err = b.desk.Resume(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	if r = b.wait(r); r.State != office.Done || b.vendor.count("create") != 30 {
		t.Errorf("%+v after %d creations", r, b.vendor.count("create"))
	}
}

func TestARemovedOfficeLeavesNothingBehind(t *testing.T) {
	b := newBureau(t)
	b.do(b.somebody("anna"))
	kept := filepath.Join(b.dir, b.id)
	if _, err := os.Stat(kept); err != nil {
		t.Fatal(err)
	}
	if err := b.house.Remove(t.Context(), b.id); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(kept); err == nil {
		t.Error("its folder is still there")
	}
	runs, err := b.desk.Runs(t.Context(), b.id, 10)
	if _, gone := b.house.Book().Office(t.Context(), b.id); len(runs) != 0 || err != nil || core.CodeOf(gone) != core.NotFound {
		t.Errorf("%v %v %v", runs, err, gone)
	}
	wantCode(t, "twice", b.house.Remove(t.Context(), b.id), core.NotFound)
}
