package drafting

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func book(t *testing.T, dir string) *Book {
	t.Helper()
	b, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func draft(id string) Draft {
	return Draft{Head: Head{ID: id, Step: 3, Steps: 6, Title: "old.example", People: 2}, Handles: []string{"move/a", "move/b"}, Document: `{"step":"people"}`}
}

func TestADraftIsFoundAgainAfterARestart(t *testing.T) {
	dir := t.TempDir()
	b := book(t, dir)
	head, err := b.Save(t.Context(), draft("one"))
	if err != nil || head.Updated.IsZero() {
		t.Fatalf("%+v %v", head, err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = book(t, dir)
	got, err := b.Get(t.Context(), "one")
	want := draft("one")
	want.Updated = head.Updated
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\n%+v %v", got, want, err)
	}
	if all, err := b.List(t.Context()); err != nil || len(all) != 1 || all[0] != want.Head {
		t.Errorf("%+v %v", all, err)
	}
}

func TestSavingAgainReplacesAndRemovingForgets(t *testing.T) {
	b := book(t, t.TempDir())
	for _, d := range []Draft{draft("one"), draft("two"), draft("one")} {
		d.Step = 4
		if _, err := b.Save(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if handles, err := b.Handles(t.Context()); err != nil || len(handles) != 4 {
		t.Errorf("%v %v", handles, err)
	}
	for range 2 {
		if err := b.Remove(t.Context(), "one"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Get(t.Context(), "one"); core.CodeOf(err) != core.NotFound {
		t.Errorf("%v", err)
	}
	if all, err := b.List(t.Context()); err != nil || len(all) != 1 || all[0].Step != 4 {
		t.Errorf("%+v %v", all, err)
	}
}

func TestWhatIsNoDraftIsRefused(t *testing.T) {
	b := book(t, t.TempDir())
	for name, spoil := range map[string]func(*Draft){
		"no id":        func(d *Draft) { d.ID = "" },
		"step 0":       func(d *Draft) { d.Step = 0 },
		"step 7 of 6":  func(d *Draft) { d.Step = 7 },
		"no document":  func(d *Draft) { d.Document = "" },
		"half a JSON":  func(d *Draft) { d.Document = "{" },
		"no object":    func(d *Draft) { d.Document = "[]" },
		"huge":         func(d *Draft) { d.Document = `{"a":"` + strings.Repeat("x", MaxDocument) + `"}` },
		"long title":   func(d *Draft) { d.Title = strings.Repeat("x", 2000) },
		"minus people": func(d *Draft) { d.People = -1 },
	} {
		d := draft("one")
		spoil(&d)
		if _, err := b.Save(t.Context(), d); core.CodeOf(err) != core.Invalid && core.CodeOf(err) != core.TooBig {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := b.List(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%+v %v", all, err)
	}
}

func TestThereIsAnEndToDrafts(t *testing.T) {
	b := book(t, t.TempDir())
	for i := range MaxDrafts {
		if _, err := b.Save(t.Context(), draft(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Save(t.Context(), draft("one more")); core.CodeOf(err) != core.Conflict {
		t.Errorf("%v", err)
	}
	if _, err := b.Save(t.Context(), draft("0")); err != nil {
		t.Errorf("an old one can still be saved: %v", err)
	}
}
