package office

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"mailroom/backend/provider"
)

// The steps of a run stand in one text until the first of them are done; whoever reads
// them, after a crash for instance, must not notice.
func TestARunThatHasJustBegunIsKnownWhole(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	book, err := OpenBook(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	var items []item
	for i := range 120 {
		c := Change{Kind: CreatePerson, Row: i + 2, Password: fmt.Sprint("p", i), Person: provider.Person{Address: fmt.Sprintf("neu%d@office.example", i), Name: "王小\"明\"", Quota: -1}}
		it := item{outcome: Waiting, planned: planned{change: c, step: Step{Number: i + 1, Kind: c.Kind, Label: c.Person.Address, Row: c.Row, Undoable: i%2 == 0, Diffs: c.diffs(thing{}, c.effect(thing{}, keep), nil)}}}
		if i == 7 {
			it.outcome = Refused
		}
		items = append(items, it)
	}
	r := Run{ID: "r1", Office: "o", Title: "O", Started: time.Now(), State: Running}
	w := &work{items: items}
	if err := book.begin(ctx, r, w.first()); err != nil {
		t.Fatal(err)
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	if book, err = OpenBook(ctx, dir); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	look := func(when string) {
		t.Helper()
		now, err := book.run(ctx, "r1")
		if err != nil || now.Total != 120 || now.Failed != 1 || now.Done != 0 || now.Kinds[CreatePerson] != 120 {
			t.Fatalf("%s: %+v %v", when, now, err)
		}
		known, err := book.items(ctx, "r1", 0, 0)
		if err != nil || len(known) != 120 {
			t.Fatalf("%s: %d steps, %v", when, len(known), err)
		}
		for i, it := range known {
			want := Waiting
			switch {
			case i == 7:
				want = Refused
			case i < w.announced:
				want = Sent
			}
			if it.outcome != want || !reflect.DeepEqual(it.change, items[i].change) || !reflect.DeepEqual(it.step, items[i].step) {
				t.Fatalf("%s: step %d is %s, want %s: %+v", when, i, it.outcome, want, it.step)
			}
		}
		page, err := book.items(ctx, "r1", 100, 5)
		if err != nil || len(page) != 5 || page[0].step.Number != 101 {
			t.Fatalf("%s: %+v %v", when, page, err)
		}
		handles, err := book.pendingPasswords(ctx)
		if slices.Sort(handles); err != nil || len(handles) != 119 || slices.Contains(handles, "p7") {
			t.Fatalf("%s: %d passwords, %v", when, len(handles), err)
		}
	}
	look("folded")
	if err := book.advance(ctx, r, nil, nil, nil); err != nil {
		t.Fatal(err)
	}
	look("unfolded")
}
