package office_test

import (
	"fmt"
	"testing"

	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// Where one answer holds everybody, nobody is asked about one by one: neither in the
// preview of a large undo nor before each of its steps; and what somebody changed in
// between is still not overwritten.
func TestManyAreTakenBackWithoutAskingAboutEach(t *testing.T) {
	b := newBureauOf(t, true)
	var changes []office.Change
	for i := range 60 {
		changes = append(changes, b.somebody(fmt.Sprintf("p%02d", i)))
	}
	r := b.do(changes...)
	calls := b.vendor.count("person")
	undo, err := b.desk.Undo(t.Context(), r.ID)
	if err != nil || undo.Ready != 60 {
		t.Fatalf("%+v %v", undo, err)
	}
	title := "总监"
	if err := b.vendor.Adapter.UpdatePerson(t.Context(), b.person("p07@"+b.domain()).ID, provider.PersonChange{Title: &title}); err != nil {
		t.Fatal(err)
	}
	got := b.apply(undo)
	if got.State != office.Partly || got.Done != 59 || got.Failed != 1 || b.person("p07@"+b.domain()).Title != title {
		t.Errorf("%+v", got)
	}
	if n := b.vendor.count("person") - calls; n > 0 || b.vendor.count("delete") != 59 {
		t.Errorf("%d questions about one person, %d deletions", n, b.vendor.count("delete"))
	}
}
