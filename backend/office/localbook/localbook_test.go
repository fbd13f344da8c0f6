package localbook_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/office/localbook"
	"mailroom/backend/provider"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func open(t *testing.T, dir string) *localbook.Shelf {
	t.Helper()
	s, err := localbook.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestABookIsKeptForEachOfficeAndForgottenWithIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	one, other := s.Of("one"), s.Of("other")
	group, err := one.SaveContactGroup(t.Context(), provider.ContactGroup{Name: "供应商", Order: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := provider.Contact{
		Name: "王小明", Addresses: []string{"Wang@shop.example"}, Mobile: "13800000001", Phone: "010-1", Company: "示例", Title: "经理",
		Remark: "a\nb", Groups: []string{group.ID}, Order: 3,
	}
	made, err := one.SaveContact(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.SaveContact(t.Context(), provider.Contact{Name: "x"}); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir).Of("one") // a verb, beside the window
	contacts, groups, err := again.Contacts(t.Context())
	want.ID = made.ID
	if err != nil || !reflect.DeepEqual(contacts, []provider.Contact{want}) || !slices.Equal(groups, []provider.ContactGroup{{ID: group.ID, Name: "供应商", Order: 2}}) {
		t.Errorf("%+v %+v %v", contacts, groups, err)
	}
	if err := s.Forget(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if contacts, groups, _ = one.Contacts(t.Context()); len(contacts)+len(groups) > 0 {
		t.Errorf("forgotten, and still there: %+v %+v", contacts, groups)
	}
	if contacts, _, _ = other.Contacts(t.Context()); len(contacts) != 1 {
		t.Errorf("the other office's book holds %+v", contacts)
	}
}

func TestADeletedGroupLeavesItsContacts(t *testing.T) {
	t.Parallel()
	b := open(t, t.TempDir()).Of("o")
	g, err := b.SaveContactGroup(t.Context(), provider.ContactGroup{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.SaveContact(t.Context(), provider.Contact{Name: "x", Groups: []string{g.ID}}); err != nil {
		t.Fatal(err)
	}
	g.Name, g.Order = "b", 4
	if _, err := b.SaveContactGroup(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	if _, groups, _ := b.Contacts(t.Context()); len(groups) != 1 || groups[0] != g {
		t.Errorf("%+v", groups)
	}
	if err := b.DeleteContactGroup(t.Context(), g.ID); err != nil {
		t.Fatal(err)
	}
	if contacts, groups, _ := b.Contacts(t.Context()); len(groups) != 0 || len(contacts) != 1 || len(contacts[0].Groups) != 0 {
		t.Errorf("%+v %+v", contacts, groups)
	}
}

func TestWhatABookCannotHoldIsRefusedByField(t *testing.T) {
	t.Parallel()
	b := open(t, t.TempDir()).Of("o")
	for field, c := range map[string]provider.Contact{
		"name": {Name: " "}, "remark": {Name: "x", Remark: strings.Repeat("a", 2_001)}, "addresses": {Name: "x", Addresses: []string{"no address"}},
		"groups": {Name: "x", Groups: []string{"nobody"}},
	} {
		if _, err := b.SaveContact(t.Context(), c); core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["field"] != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := b.SaveContactGroup(t.Context(), provider.ContactGroup{Name: "a"}); err != nil {
		t.Fatal(err)
	}
	for code, err := range map[core.Code]error{
		core.NotFound: b.DeleteContact(t.Context(), "nobody"),
		core.Conflict: func() error { _, err := b.SaveContactGroup(t.Context(), provider.ContactGroup{Name: "a"}); return err }(),
	} {
		if core.CodeOf(err) != code {
			t.Errorf("want %s: %v", code, err)
		}
	}
	if contacts, _, _ := b.Contacts(t.Context()); len(contacts) != 0 {
		t.Errorf("refused, and there: %+v", contacts)
	}
}
