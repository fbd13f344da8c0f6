package office_test

import (
	"slices"
	"strconv"
	"testing"

	"mailroom/backend/office"
	"mailroom/backend/provider"
	"mailroom/backend/provider/tencent"
	emulated "mailroom/backend/testkit/vendors/tencent"
)

// Whoever is deleted is on lists: the preview names them, and says whether they go too.
func TestADeletionTellsOfTheLists(t *testing.T) {
	b := newBureau(t)
	at := "@" + b.domain()
	list := office.Change{Kind: office.CreateList, List: provider.List{Address: "few" + at, Name: "几个", Members: []string{"anna" + at}, Policy: provider.PolicyAnyone}}
	b.do(b.somebody("anna"), b.somebody("bert"), list)
	for local, want := range map[string][]string{"anna": {"few" + at}, "bert": nil} {
		s := b.preview(office.Change{Kind: office.DeletePerson, Target: b.person(local + at).ID}).Steps[0]
		if !slices.Equal(s.Lists, want) || s.ListsStay {
			t.Errorf("%s: %v %v", local, s.Lists, s.ListsStay)
		}
	}
	b.vendor.stays = true
	if _, err := b.house.SetReadOnly(t.Context(), b.id, false); err != nil { // what it can do is asked again
		t.Fatal(err)
	}
	if s := b.preview(office.Change{Kind: office.DeletePerson, Target: b.person("anna" + at).ID}).Steps[0]; !s.ListsStay {
		t.Errorf("%+v", s)
	}
}

// Tencent's listing of groups tells nobody's membership: who or what is to be deleted is
// looked for on each group before it is told what goes with it.
func TestADeletionLooksIntoListsThatAreKnownByNameOnly(t *testing.T) {
	const at = "@" + vendorDomain
	s := emulated.New(vendorDomain)
	t.Cleanup(s.Close)
	b := openBranch(t, tencent.Maker(), s.BaseURL(), map[string]string{"corpId": emulated.CorpID}, map[string]string{"contactSecret": s.Secret(emulated.Contacts)})
	unit := s.AddDepartment(1, "值班")
	s.AddMember(emulated.Member{UserID: "anna" + at, Name: "安娜", Departments: []int64{1}})
	s.AddGroup(emulated.Group{GroupID: "few" + at, Name: "几个", Users: []string{"anna" + at}})
	s.AddGroup(emulated.Group{GroupID: "more" + at, Name: "更多", Groups: []string{"few" + at}, Users: []string{"anna" + at}, Departments: []int64{unit}})
	b.refresh()
	p, err := b.desk.Preview(t.Context(), b.id, []office.Change{{Kind: office.DeletePerson, Target: "anna" + at}})
	if err != nil || !slices.Equal(p.Steps[0].Lists, []string{"few" + at, "more" + at}) || !p.Steps[0].ListsStay {
		t.Errorf("%v %+v", err, p.Steps)
	}
	for kind, target := range map[office.Kind]string{office.DeleteDepartment: strconv.FormatInt(unit, 10), office.DeleteList: "few" + at} {
		p, err := b.desk.Preview(t.Context(), b.id, []office.Change{{Kind: kind, Target: target}})
		if err != nil || len(p.Steps) != 2 || p.Steps[0].Kind != office.UpdateList || p.Steps[0].Target != "more"+at {
			t.Errorf("%s is not taken out of the group that holds it: %v %+v", kind, err, p.Steps)
		}
	}
}

// Who gets what somebody leaves is part of what will be done.
func TestADeletionThatKeepsTheMailNamesTheHeir(t *testing.T) {
	b := newBureau(t)
	at := "@" + b.domain()
	b.do(b.somebody("anna"), b.somebody("bert"))
	s := b.preview(office.Change{Kind: office.DeletePersonKeeping, Target: b.person("anna" + at).ID, Heir: b.person("bert" + at).ID, Keep: provider.KeepAttach}).Steps[0]
	last := s.Diffs[len(s.Diffs)-1]
	if last.Attr != office.AttrHeir || last.Part != string(provider.KeepAttach) || !slices.Equal(last.After, []string{"bert" + at}) {
		t.Errorf("%+v", s.Diffs)
	}
}
