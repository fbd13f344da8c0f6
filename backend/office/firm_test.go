package office_test

import (
	"slices"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// update sets values of a person.
func update(id string, p provider.Person, set ...provider.Attr) office.Change {
	return office.Change{Kind: office.UpdatePerson, Target: id, Set: set, Person: p}
}

// A number that nothing takes away again: the preview says so, and so does the undo,
// which sets back the rest.
func TestWhatNothingEmptiesIsToldBeforehand(t *testing.T) {
	b := newBureau(t)
	b.vendor.firm = []provider.Attr{provider.AttrMobile}
	if _, err := b.house.SetReadOnly(t.Context(), b.id, false); err != nil { // what it can do is asked again
		t.Fatal(err)
	}
	b.do(b.somebody("anna"))
	anna := b.person("anna@" + b.domain())
	both := update(anna.ID, provider.Person{Title: "经理", Mobile: "+8613900000000"}, provider.AttrTitle, provider.AttrMobile)
	if s := b.preview(both).Steps[0]; !s.Undoable || !slices.Equal(s.Stays, []provider.Attr{provider.AttrMobile}) {
		t.Errorf("%+v", s)
	}
	alone := b.preview(update(anna.ID, provider.Person{Mobile: "+8613900000000"}, provider.AttrMobile)).Steps[0]
	if alone.Undoable || alone.KeepsBack != office.BackFirm {
		t.Errorf("%+v", alone)
	}
	r := b.do(both)
	undo, err := b.desk.Undo(t.Context(), r.ID)
	if err != nil || undo.Ready != 1 || undo.Refused != 1 {
		t.Fatalf("%+v %v", undo, err)
	}
	stays := undo.Steps[1]
	if len(stays.Diffs) != 1 || stays.Diffs[0].Attr != provider.AttrMobile || stays.Refusal.Args["keepsBack"] != string(office.BackFirm) {
		t.Errorf("%+v", stays)
	}
	if got := b.apply(undo); got.State != office.Partly || got.Done != 1 {
		t.Errorf("%+v", got)
	}
	if now := b.person(anna.Address); now.Title != "" || now.Mobile != "+8613900000000" {
		t.Errorf("%+v", now)
	}
	// Emptying it on purpose is refused before anything is sent.
	if no := b.preview(update(anna.ID, provider.Person{}, provider.AttrMobile)).Steps[0].Refusal; no == nil || no.Code != core.Unsupported || no.Args["reason"] != "firm" {
		t.Errorf("%+v", no)
	}
}

// "Not told" can be set again where it is the provider's own for everybody.
func TestRoomGoesBackToTheProvidersOwn(t *testing.T) {
	b := newBureau(t)
	b.do(b.somebody("anna"))
	b.vendor.untold = true
	anna := b.person("anna@" + b.domain())
	more := update(anna.ID, provider.Person{Quota: 5 << 30}, provider.AttrQuota)
	for _, usual := range []bool{false, true} {
		b.vendor.usualQuota = usual
		if _, err := b.house.SetReadOnly(t.Context(), b.id, false); err != nil {
			t.Fatal(err)
		}
		if s := b.preview(more).Steps[0]; s.Undoable != usual || !usual && s.KeepsBack != office.BackNotKnown {
			t.Errorf("usual %v: %+v", usual, s)
		}
	}
}
