package office_test

import (
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/admin"
)

// TestWhileOneProgramSendsChangesAnotherReadsAndWaits has a second program (a verb) on
// the folder of a first (the window) whose run is at work.
func TestWhileOneProgramSendsChangesAnotherReadsAndWaits(t *testing.T) {
	b := newBureau(t)
	people, _, err := b.vendor.People(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	gate, reached := make(chan struct{}), make(chan struct{})
	b.vendor.fail(func(call, _ string) error {
		if call == "update" {
			close(reached)
			<-gate
		}
		return nil
	}, nil)
	plan := b.preview(office.Change{Kind: office.UpdatePerson, Target: people[1].ID, Set: []provider.Attr{provider.AttrTitle}, Person: provider.Person{Title: "总监"}})
	run, err := b.desk.Apply(t.Context(), plan.ID, plan.Typed)
	if err != nil {
		t.Fatal(err)
	}
	<-reached

	other := beside(t, b)
	if seen, err := other.Run(t.Context(), run.ID); err != nil || seen.State != office.Running {
		t.Errorf("the run of the first program is %s, %v", seen.State, err)
	}
	mine, err := other.Preview(t.Context(), b.id, []office.Change{{Kind: office.SuspendPerson, Target: people[2].ID}})
	if err != nil || mine.Ready != 1 {
		t.Fatalf("looking is always allowed: %+v %v", mine, err)
	}
	_, err = other.Apply(t.Context(), mine.ID, mine.Typed)
	wantCode(t, "sending meanwhile", err, core.InUse)
	if core.ArgsOf(err)["reason"] != "other_program" {
		t.Errorf("%v", core.ArgsOf(err))
	}
	close(gate)
	if r := b.wait(run); r.State != office.Done {
		t.Fatalf("%+v", r)
	}
	second, err := other.Apply(t.Context(), mine.ID, mine.Typed) // the plan is still good
	if err != nil {
		t.Fatal(err)
	}
	if second, err = other.Wait(t.Context(), second.ID); err != nil || second.State != office.Done {
		t.Fatalf("%+v %v", second, err)
	}
	if all, err := b.desk.Runs(t.Context(), b.id, 10); err != nil || len(all) != 2 {
		t.Errorf("the first program sees %d runs, %v", len(all), err)
	}
	if got := b.person(people[2].Address).Status; got != provider.Suspended {
		t.Errorf("the status is %s", got)
	}
}

// beside opens the desk of a second program on the same folder.
func beside(t *testing.T, b *bureau) *office.Desk {
	t.Helper()
	book, err := office.OpenBook(t.Context(), b.dir)
	if err != nil {
		t.Fatal(err)
	}
	house := office.NewHouse(book, provider.NewRegistry(admin.Maker(nil)), b, b.dir, nil)
	store, err := directory.Open(t.Context(), b.dir)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := office.OpenDesk(t.Context(), office.DeskConfig{House: house, Directory: store})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := desk.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	})
	return desk
}
