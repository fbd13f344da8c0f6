package office_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office"
)

// newFarBureau has a provider that is far away and bears so many creations at once.
func newFarBureau(t *testing.T, atOnce int) *bureau {
	t.Helper()
	b := newBureau(t)
	b.vendor.mu.Lock()
	b.vendor.atOnce, b.vendor.away = atOnce, 6*time.Millisecond
	b.vendor.mu.Unlock()
	b.house.Forget(b.id) // what it can do is asked anew
	if _, err := b.house.Live(t.Context(), b.id); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bureau) many(n int) (changes []office.Change) {
	for i := range n {
		changes = append(changes, b.somebody(fmt.Sprintf("p%02d", i)))
	}
	return changes
}

// rendezvous holds creations back until so many of them are under way together.
func rendezvous(t *testing.T, of ...string) func(call, target string) error {
	var mu sync.Mutex
	together, waiting := make(chan struct{}), 0
	return func(call, target string) error {
		local, _, _ := strings.Cut(target, "@")
		if call != "create" || !slices.Contains(of, local) {
			return nil
		}
		mu.Lock()
		if waiting++; waiting == len(of) {
			close(together)
		}
		mu.Unlock()
		select {
		case <-together:
			return nil
		case <-time.After(time.Minute):
			t.Error("they never came together")
			return core.E(core.Internal, "meet", nil)
		}
	}
}

func TestPeopleAreCreatedTogetherWhereTheProviderBearsIt(t *testing.T) {
	b := newFarBureau(t, 4)
	before := b.everything()
	meet := rendezvous(t, "p20", "p21", "p22", "p23")
	b.vendor.fail(func(call, target string) error {
		if n := b.vendor.under(); n > 4 {
			t.Errorf("%d under way", n)
		}
		return meet(call, target)
	}, nil)
	changes := b.many(40)
	changes[30].Kind, changes[30].Person.Aliases = office.CreatePerson, []string{"other@" + b.domain()}
	r := b.do(changes...)
	for i, got := range b.results(r) {
		if want := fmt.Sprintf("p%02d@", i); !strings.HasPrefix(got.Label, want) || got.Outcome != office.Made || got.NewID != b.person(got.Label).ID {
			t.Errorf("step %d: %+v", i+1, got)
		}
	}
	if n := b.vendor.count("create"); n != 40 || r.Done != 40 {
		t.Errorf("%d creations, %+v", n, r)
	}
	undo, err := b.desk.Undo(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.apply(undo); got.State != office.Done || b.everything() != before {
		t.Errorf("%+v", got)
	}
}

func TestAStopLetsWhatIsUnderWayArrive(t *testing.T) {
	b := newFarBureau(t, 3)
	meet := rendezvous(t, "p10", "p11", "p12")
	reached, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	b.vendor.fail(func(call, target string) error {
		err := meet(call, target)
		if local, _, _ := strings.Cut(target, "@"); call == "create" && local >= "p10" {
			once.Do(func() { close(reached) })
			<-goOn
		}
		return err
	}, nil)
	p := b.preview(b.many(30)...)
	r, err := b.desk.Apply(t.Context(), p.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	<-reached
	if _, err := b.desk.Stop(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	close(goOn)
	if r = b.wait(r); r.State != office.Stopped || r.Done != 13 {
		t.Fatalf("%+v", r)
	}
	for i, got := range b.results(r) {
		if want := map[bool]office.Outcome{true: office.Made, false: office.Waiting}[i < 13]; got.Outcome != want {
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

func TestARefusedKeyIsNotTriedByManyAtOnce(t *testing.T) {
	for code, calls := range map[core.Code]int{core.Forbidden: 3, core.Unauthenticated: 1} {
		b := newFarBureau(t, 8)
		b.vendor.fail(func(call, _ string) error {
			if call == "create" {
				return core.E(code, "create", nil)
			}
			return nil
		}, nil)
		if r := b.apply(b.preview(b.many(20)...)); r.State != office.Cut || b.vendor.count("create") != calls {
			t.Errorf("%s: %s after %d calls", code, r.State, b.vendor.count("create"))
		}
	}
}

func TestWhatIsTooMuchAtOnceIsSentOneByOne(t *testing.T) {
	b := newFarBureau(t, 4)
	b.vendor.fail(func(call, _ string) error {
		if call == "create" && b.vendor.under() > 1 {
			return core.E(core.RateLimited, "create", nil)
		}
		return nil
	}, nil)
	if r := b.do(b.many(15)...); r.Done != 15 || b.vendor.did("create") != 15 {
		t.Errorf("%+v after %d creations", r, b.vendor.did("create"))
	}
}

// Whatever becomes of calls, in whatever order their answers come, and wherever the
// program is cut off: everybody is created once, nobody is forgotten, and the disk says
// so. Look-ups come when nothing else is under way.
func TestWhateverHappensEverybodyIsCreatedOnce(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 7))
	const people = 40
	b := newFarBureau(t, 6)
	var mu sync.Mutex
	chance := func(n int) bool {
		mu.Lock()
		defer mu.Unlock()
		return r.IntN(n) == 0
	}
	code := func() core.Code {
		mu.Lock()
		defer mu.Unlock()
		return pickOf(r, []core.Code{core.Timeout, core.Unreachable, core.Malformed, core.Canceled, core.Internal, core.RateLimited})
	}
	cut := make(chan struct{}, 1)
	b.vendor.fail(func(call, _ string) error {
		if call == "person" && b.vendor.under() > 0 {
			t.Errorf("a look-up while %d are under way", b.vendor.under())
		}
		if call == "create" && chance(15) {
			return core.E(code(), "create", nil)
		}
		return nil
	}, func(call, _ string) error {
		if chance(25) {
			select {
			case cut <- struct{}{}:
			default:
			}
		}
		if call == "create" && chance(15) { // too many calls, some say, and have done it all the same
			return core.E(code(), "create", nil)
		}
		return nil
	})
	p := b.preview(b.many(people)...)
	run, err := b.desk.Apply(t.Context(), p.ID, p.Typed)
	if err != nil {
		t.Fatal(err)
	}
	for tries := 0; ; tries++ {
		ended := make(chan office.Run, 1)
		go func(desk *office.Desk) {
			r, _ := desk.Wait(context.WithoutCancel(t.Context()), run.ID)
			ended <- r
		}(b.desk)
		select {
		case run = <-ended:
		case <-cut: // the program is cut off
			dead, cancel := context.WithCancel(t.Context())
			cancel()
			if err := b.desk.Close(dead); err != nil {
				t.Fatal(err)
			}
			<-ended
			b.close()
			b.open()
		}
		if run, err = b.desk.Run(t.Context(), run.ID); err != nil {
			t.Fatal(err)
		}
		known := 0
		for _, got := range b.results(run) {
			if got.Outcome == office.Made {
				known++
			}
		}
		if known != run.Done {
			t.Fatalf("%d steps are done, the run says %d", known, run.Done)
		}
		if run.Done == people || tries > 300 {
			break
		}
		if run, err = b.desk.Resume(t.Context(), run.ID); err != nil {
			t.Fatal(err)
		}
	}
	if run.State != office.Done {
		t.Errorf("%+v", run)
	}
	for i := range people {
		if n := b.vendor.did(fmt.Sprintf("create p%02d@", i)); n != 1 {
			t.Errorf("p%02d was created %d times", i, n)
		}
	}
}
