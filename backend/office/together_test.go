package office_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// staff are so many people who were created together, in their order.
func (b *bureau) staff(n int) (people []provider.Person, run office.Run) {
	b.t.Helper()
	run = b.do(b.many(n)...)
	for _, got := range b.results(run) {
		people = append(people, b.person(got.Label))
	}
	return people, run
}

// of is the same change of each of several people.
func of(people []provider.Person, change func(i int) office.Change) (all []office.Change) {
	for i, p := range people {
		c := change(i)
		c.Target = p.ID
		all = append(all, c)
	}
	return all
}

func suspending(int) office.Change { return office.Change{Kind: office.SuspendPerson} }

// comesTogether holds calls about certain targets back until all of them are under way.
func comesTogether(t *testing.T, call string, targets ...string) func(string, string) error {
	var mu sync.Mutex
	together, missing := make(chan struct{}), map[string]bool{}
	for _, id := range targets {
		missing[id] = true
	}
	return func(name, target string) error {
		mu.Lock()
		held := name == call && missing[target]
		if held {
			if delete(missing, target); len(missing) == 0 {
				close(together)
			}
		}
		mu.Unlock()
		if !held {
			return nil
		}
		select {
		case <-together:
			return nil
		case <-time.After(time.Minute):
			t.Errorf("%s: they never came together", call)
			return core.E(core.Internal, "meet", nil)
		}
	}
}

func ids(people []provider.Person) (all []string) {
	for _, p := range people {
		all = append(all, p.ID)
	}
	return all
}

// What is done to many people, and what takes it back, is done to several at once; the
// undo of an import too, the last first.
func TestManyPeopleAreChangedTogether(t *testing.T) {
	t.Parallel()
	b := newFarBureau(t, 4)
	before := b.everything()
	people, imported := b.staff(24)
	b.vendor.fail(comesTogether(t, "suspend", ids(people[20:])...), nil)
	if r := b.do(of(people, suspending)...); r.Done != 24 || b.vendor.count("suspend") != 24 {
		t.Errorf("%+v", r)
	}
	b.vendor.fail(comesTogether(t, "update", ids(people[10:14])...), nil)
	moved := b.do(of(people, func(int) office.Change {
		return office.Change{Kind: office.UpdatePerson, Set: []provider.Attr{provider.AttrTitle}, Person: provider.Person{Title: "客服"}}
	})...)
	for _, p := range people {
		if now := b.person(p.Address); now.Status != provider.Suspended || now.Title != "客服" {
			t.Errorf("%+v", now)
		}
	}
	undo, err := b.desk.Undo(t.Context(), moved.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.vendor.fail(comesTogether(t, "update", ids(people[3:7])...), nil)
	if r := b.apply(undo); r.State != office.Done || b.person(people[0].Address).Title != "" {
		t.Errorf("%+v", r)
	}
	if undo, err = b.desk.Undo(t.Context(), imported.ID); err != nil {
		t.Fatal(err)
	}
	for i, s := range undo.Steps {
		if s.Target != people[23-i].ID {
			t.Errorf("step %d takes back %s", i+1, s.Label)
		}
	}
	b.vendor.fail(comesTogether(t, "delete", ids(people[:4])...), nil)
	// They are suspended meanwhile, which nobody has seen in the list of those created: shown, and left.
	if r := b.apply(undo); r.State != office.Done || b.everything() != before {
		t.Errorf("%+v", r)
	}
}

// Whoever is looked at when the run is stopped is left as they are.
func TestAStopSendsNothingToWhomItLooksAt(t *testing.T) {
	t.Parallel()
	b := newFarBureau(t, 4)
	people, _ := b.staff(24)
	p := b.preview(of(people, suspending)...)
	held := comesTogether(t, "person", ids(people[12:16])...)
	reached, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	b.vendor.fail(func(call, target string) error {
		err := held(call, target)
		if call == "person" && slices.Contains(ids(people[12:]), target) {
			once.Do(func() { close(reached) })
			<-goOn
		}
		return err
	}, nil)
	r, err := b.desk.Apply(t.Context(), p.ID, p.Typed)
	if err != nil {
		t.Fatal(err)
	}
	<-reached
	if _, err := b.desk.Stop(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	close(goOn)
	if r = b.wait(r); r.State != office.Stopped || r.Done != 12 || b.vendor.count("suspend") != 12 {
		t.Fatalf("%+v after %d calls", r, b.vendor.count("suspend"))
	}
	if r, err = b.desk.Resume(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	if r = b.wait(r); r.State != office.Done || b.vendor.count("suspend") != 24 {
		t.Errorf("%+v after %d calls", r, b.vendor.count("suspend"))
	}
}

// The right to one kind of change says nothing about another: each begins with one call.
func TestARightThatIsMissingIsNotTriedByManyAtOnce(t *testing.T) {
	t.Parallel()
	b := newFarBureau(t, 8)
	people, _ := b.staff(40)
	changes := append(of(people, suspending), of(people, func(int) office.Change {
		return office.Change{Kind: office.SetMailRights, Rights: provider.InsideOnly}
	})...)
	for _, call := range []string{"rights", "person"} {
		asked := b.vendor.count(call)
		p := b.preview(changes...)
		b.vendor.fail(func(name, _ string) error {
			if name == call {
				return core.E(core.Forbidden, call, nil)
			}
			return nil
		}, nil)
		if r := b.apply(p); r.State != office.Cut || b.vendor.count(call)-asked != 3 {
			t.Errorf("%s: %s after %d calls", call, r.State, b.vendor.count(call)-asked)
		}
		changes = of(people, func(int) office.Change { return office.Change{Kind: office.SetMailRights, Rights: provider.SendInside} })
	}
}

// Whatever becomes of calls, in whatever order their answers come, and wherever the
// program is cut off: all that was planned is done once, to everybody in its order, and
// one kind of change after the other.
func TestWhateverHappensEveryChangeIsMadeOnce(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 7))
	b := newFarBureau(t, 6)
	people, _ := b.staff(28)
	changes := of(people[:20], suspending)
	changes = append(changes, of(people[:20], func(int) office.Change {
		return office.Change{Kind: office.UpdatePerson, Set: []provider.Attr{provider.AttrTitle, provider.AttrRemark}, Person: provider.Person{Title: "t", Remark: "r"}}
	})...)
	for i, p := range people[:12] {
		for _, nth := range []string{"a", "b"} { // two of one person, one after the other
			changes = append(changes, office.Change{Kind: office.AddAlias, Target: p.ID, Address: fmt.Sprintf("%s%02d@%s", nth, i, b.domain())})
		}
	}
	changes = append(changes, of(people[:20], func(int) office.Change { return office.Change{Kind: office.SetMailRights, Rights: provider.InsideOnly} })...)
	changes = append(changes, of(people[20:], func(int) office.Change { return office.Change{Kind: office.DeletePerson} })...)
	p := b.preview(changes...)
	if p.Ready != len(changes) {
		t.Fatalf("%d of %d", p.Ready, len(changes))
	}
	cut := b.mischievous(r)
	run, err := b.desk.Apply(t.Context(), p.ID, p.Typed)
	if err != nil {
		t.Fatal(err)
	}
	run = b.untilDone(run, len(changes), cut)
	b.vendor.fail(nil, nil)
	for i, got := range b.results(run) {
		if got.Outcome != office.Made {
			t.Errorf("step %d, %s of %s: %s", i+1, got.Kind, got.Label, got.Outcome)
		}
	}
	for i, p := range people {
		for call, want := range map[string]int{"suspend": 1, "update": 1, "alias": 2, "rights": 1, "delete": 1} {
			if call == "alias" && i >= 12 || (call == "delete") != (i >= 20) {
				want = 0
			}
			if n := b.vendor.did(call + " " + p.ID); n != want {
				t.Errorf("%s of %s was done %d times", call, p.Address, n)
			}
		}
	}
}

// mischievous lets calls fail at random, before and after they are carried out, and now
// and then asks that the program be cut off.
func (b *bureau) mischievous(r *rand.Rand) (cut chan struct{}) {
	var mu sync.Mutex
	chance := func(n int) bool {
		mu.Lock()
		defer mu.Unlock()
		return r.IntN(n) == 0
	}
	trouble := func(call string) error {
		mu.Lock()
		defer mu.Unlock()
		return core.E(pickOf(r, []core.Code{core.Timeout, core.Unreachable, core.Malformed, core.Canceled, core.Internal, core.RateLimited}), call, nil)
	}
	cut = make(chan struct{}, 1)
	b.vendor.fail(func(call, _ string) error {
		if chance(30) {
			return trouble(call)
		}
		return nil
	}, func(call, _ string) error {
		if chance(60) {
			select {
			case cut <- struct{}{}:
			default:
			}
		}
		if chance(30) {
			return trouble(call)
		}
		return nil
	})
	return cut
}

// untilDone goes on with a run until so many steps are done, and cuts the program off
// whenever it is asked to.
func (b *bureau) untilDone(run office.Run, steps int, cut <-chan struct{}) office.Run {
	b.t.Helper()
	for tries := 0; ; tries++ {
		ended := make(chan struct{})
		go func(desk *office.Desk) {
			defer close(ended)
			_, _ = desk.Wait(context.WithoutCancel(b.t.Context()), run.ID)
		}(b.desk)
		select {
		case <-ended:
		case <-cut:
			dead, cancel := context.WithCancel(b.t.Context())
			cancel()
			if err := b.desk.Close(dead); err != nil {
				b.t.Fatal(err)
			}
			<-ended
			b.close()
			b.open()
		}
		var err error
		if run, err = b.desk.Run(b.t.Context(), run.ID); err != nil {
			b.t.Fatal(err)
		}
		known := 0
		for _, got := range b.results(run) {
			switch got.Outcome {
			case office.Made:
				known++
			case office.There, office.Refused:
				b.t.Fatalf("%s of %s is %s: %+v", got.Kind, got.Label, got.Outcome, got.Refusal)
			}
		}
		if known != run.Done {
			b.t.Fatalf("%d steps are done, the run says %d", known, run.Done)
		}
		if run.Done == steps || tries > 500 {
			return run
		}
		if run, err = b.desk.Resume(b.t.Context(), run.ID); err != nil {
			b.t.Fatal(err)
		}
	}
}

// What is known is written down while the provider keeps silent about the rest.
func TestWhatIsKnownIsWrittenDownDuringASilence(t *testing.T) {
	t.Parallel()
	b := newFarBureau(t, 3)
	people, _ := b.staff(12)
	goOn, silent := make(chan struct{}), ids(people[9:])
	b.vendor.fail(func(call, target string) error {
		if call == "suspend" && slices.Contains(silent, target) {
			<-goOn
		}
		return nil
	}, nil)
	for len(b.entered) > 0 { // of those who were made
		<-b.entered
	}
	p := b.preview(of(people, suspending)...)
	r, err := b.desk.Apply(t.Context(), p.ID, p.Typed)
	if err != nil {
		t.Fatal(err)
	}
	known := func() (n int) {
		for _, got := range b.results(r) { // as the disk has it
			if got.Outcome == office.Made {
				n++
			}
		}
		return n
	}
	for range 9 {
		select {
		case <-b.entered:
		case <-time.After(time.Minute):
			t.Fatal("the record is not told")
		}
	}
	for end := time.Now().Add(time.Minute); known() < 9 && time.Now().Before(end); { // the journal follows the record at once
	}
	if n := known(); n != 9 {
		t.Errorf("%d are written down", n)
	}
	close(goOn)
	if r = b.wait(r); r.State != office.Done {
		t.Errorf("%+v", r)
	}
}
