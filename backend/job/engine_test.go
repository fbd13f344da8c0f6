package job

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailroom/backend/core"
)

// memory is a store without a disk. fail makes every Save fail.
type memory struct {
	mu   sync.Mutex
	jobs map[string]Job
	fail error
}

func (m *memory) Save(_ context.Context, j Job) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	if m.jobs == nil {
		m.jobs = map[string]Job{}
	}
	m.jobs[j.ID] = j
	return nil
}

func (m *memory) Delete(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.jobs, id)
	return nil
}

func (m *memory) All(context.Context) ([]Job, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := []Job{}
	for _, j := range m.jobs {
		all = append(all, j)
	}
	slices.SortFunc(all, older)
	return all, nil
}

func (m *memory) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.jobs)
}

// until works until it is stopped.
func until(ctx context.Context, _ Job) error {
	<-ctx.Done()
	return ctx.Err()
}

func state(t *testing.T, e *Engine, id string) State {
	t.Helper()
	synctest.Wait()
	j, ok := e.Find(id)
	if !ok {
		t.Fatalf("job %s is gone", id)
	}
	return j.State
}

func want(t *testing.T, e *Engine, id string, s State) {
	t.Helper()
	if got := state(t, e, id); got != s {
		t.Fatalf("job %s is %s, want %s", id, got, s)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAJobIsPausedGoesOnAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finish := make(chan struct{})
		work := func(ctx context.Context, _ Job) error {
			select {
			case <-finish:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		e := New(&memory{}, map[string]Work{"k": work}, 1, nil)
		defer func() { ok(t, e.Close(t.Context())) }()
		ok(t, e.Submit(Job{ID: "a", Kind: "k"}))
		want(t, e, "a", Running)
		ok(t, e.Pause("a"))
		want(t, e, "a", Paused)
		if j, _ := e.Find("a"); j.Interrupted || j.Code != "" {
			t.Errorf("a pause that was asked for looks like trouble: %+v", j)
		}
		ok(t, e.Resume("a"))
		want(t, e, "a", Running)
		close(finish)
		want(t, e, "a", Done)
		if j, _ := e.Find("a"); j.Attempt != 2 {
			t.Errorf("%d attempts, want 2", j.Attempt)
		}
	})
}

func TestACancelAfterAPauseCancels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := make(chan struct{})
		work := func(ctx context.Context, _ Job) error {
			<-ctx.Done()
			<-slow // what is in flight takes its time
			return ctx.Err()
		}
		e := New(&memory{}, map[string]Work{"k": work}, 1, nil)
		defer func() { ok(t, e.Close(t.Context())) }()
		ok(t, e.Submit(Job{ID: "a", Kind: "k"}))
		want(t, e, "a", Running)
		ok(t, e.Pause("a"))
		want(t, e, "a", Pausing)
		ok(t, e.Cancel("a"))
		close(slow)
		want(t, e, "a", Canceled)
	})
}

func TestNoMoreJobsThanAllowedRunAtOnceAndTheOldestIsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(&memory{}, map[string]Work{"k": until}, 2, nil)
		defer func() { ok(t, e.Close(t.Context())) }()
		for _, id := range []string{"c", "b", "a"} {
			ok(t, e.Submit(Job{ID: id, Kind: "k"}))
			time.Sleep(time.Millisecond)
		}
		want(t, e, "c", Running)
		want(t, e, "b", Running)
		want(t, e, "a", Queued)
		ok(t, e.Cancel("c"))
		want(t, e, "a", Running)
	})
}

func TestWorkThatAsksForLaterGoesOnAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Now().Add(26 * time.Hour)
		first := true
		work := func(context.Context, Job) error {
			if first {
				first = false
				return &Later{At: at, Err: core.E(core.RateLimited, "append", nil, "host", "imap.new.example")}
			}
			if time.Now().Before(at) {
				t.Error("it went on too early")
			}
			return nil
		}
		e := New(&memory{}, map[string]Work{"k": work}, 1, nil)
		defer func() { ok(t, e.Close(t.Context())) }()
		ok(t, e.Submit(Job{ID: "a", Kind: "k"}))
		want(t, e, "a", Waiting)
		if j, _ := e.Find("a"); j.Code != core.RateLimited || j.Facts["host"] != "imap.new.example" {
			t.Errorf("the reason of the wait is lost: %+v", j)
		}
		time.Sleep(25 * time.Hour)
		want(t, e, "a", Waiting)
		time.Sleep(time.Hour + nap)
		want(t, e, "a", Done)
	})
}

func TestTheEndOfTheProgramIsAnInterruption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		e := New(st, map[string]Work{"k": until}, 1, nil)
		ok(t, e.Submit(Job{ID: "a", Kind: "k"}))
		ok(t, e.Submit(Job{ID: "b", Kind: "k"}))
		want(t, e, "a", Running)
		ok(t, e.Close(t.Context()))
		next := New(st, map[string]Work{"k": until}, 2, nil)
		defer func() { ok(t, next.Close(t.Context())) }()
		ok(t, next.Load(t.Context()))
		for _, id := range []string{"a", "b"} {
			if j, _ := next.Find(id); j.State != Paused || !j.Interrupted {
				t.Errorf("after a new start %s is %s, interrupted %v", id, j.State, j.Interrupted)
			}
		}
		ok(t, next.Resume("a"))
		want(t, next, "a", Running)
		if j, _ := next.Find("a"); j.Interrupted {
			t.Error("a job that goes on is still marked as interrupted")
		}
	})
}

func TestAKilledProgramsJobIsInterruptedToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		ok(t, st.Save(t.Context(), Job{ID: "a", Kind: "k", State: Running, Attempt: 1}))
		ok(t, st.Save(t.Context(), Job{ID: "w", Kind: "k", State: Waiting, Next: time.Now().Add(time.Hour)}))
		e := New(st, map[string]Work{"k": until}, 2, nil)
		defer func() { ok(t, e.Close(t.Context())) }()
		ok(t, e.Load(t.Context()))
		want(t, e, "a", Paused)
		want(t, e, "w", Waiting)
		time.Sleep(time.Hour + nap)
		want(t, e, "w", Running)
	})
}

func TestAPanicFailsTheJobOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(&memory{}, map[string]Work{"k": func(context.Context, Job) error { panic("boom") }}, 1, nil)
		defer func() { ok(t, e.Close(t.Context())) }()
		ok(t, e.Submit(Job{ID: "a", Kind: "k"}))
		want(t, e, "a", Failed)
		if j, _ := e.Find("a"); j.Code != core.Internal {
			t.Errorf("code %q", j.Code)
		}
	})
}

func TestNothingRunsThatCannotBeRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		ran := 0
		e := New(st, map[string]Work{"k": func(context.Context, Job) error { ran++; return nil }}, 1, nil)
		defer func() { ok(t, e.Close(t.Context())) }()
		st.fail = core.E(core.DiskFull, "save", nil, "path", "/data")
		if err := e.Submit(Job{ID: "a", Kind: "k"}); core.CodeOf(err) != core.DiskFull {
			t.Errorf("submit on a full disk: %v", err)
		}
		if _, there := e.Find("a"); there || ran != 0 {
			t.Error("an unrecorded job exists or ran")
		}
	})
}

func TestTheListenerHearsEveryStateInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard []State
		e := New(&memory{}, map[string]Work{"k": until}, 1, func(j Job) { heard = append(heard, j.State) })
		ok(t, e.Submit(Job{ID: "a", Kind: "k"}))
		want(t, e, "a", Running)
		ok(t, e.Pause("a"))
		want(t, e, "a", Paused)
		ok(t, e.Resume("a"))
		want(t, e, "a", Running)
		ok(t, e.Cancel("a"))
		want(t, e, "a", Canceled)
		ok(t, e.Remove("a"))
		ok(t, e.Close(t.Context()))
		expect := []State{Queued, Running, Pausing, Paused, Queued, Running, Pausing, Canceled}
		if !slices.Equal(heard, expect) {
			t.Errorf("heard %v, want %v", heard, expect)
		}
	})
}

func TestWrongRequestsAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(&memory{}, map[string]Work{"k": until}, 1, nil)
		ok(t, e.Submit(Job{ID: "a", Kind: "k"}))
		want(t, e, "a", Running)
		for name, c := range map[string]struct {
			err  error
			code core.Code
		}{
			"same ID twice":    {e.Submit(Job{ID: "a", Kind: "k"}), core.Conflict},
			"unknown kind":     {e.Submit(Job{ID: "b", Kind: "x"}), core.Invalid},
			"unknown job":      {e.Pause("zzz"), core.NotFound},
			"resume a running": {e.Resume("a"), core.Conflict},
			"remove a running": {e.Remove("a"), core.Conflict},
		} {
			if core.CodeOf(c.err) != c.code {
				t.Errorf("%s: %v, want %s", name, c.err, c.code)
			}
		}
		ok(t, e.Close(t.Context()))
		if err := e.Submit(Job{ID: "c", Kind: "k"}); !errors.Is(err, ErrShutdown) {
			t.Errorf("submit after close: %v", err)
		}
	})
}

func TestCloseGivesUpOnWorkThatDoesNotStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := make(chan struct{})
		e := New(&memory{}, map[string]Work{"k": func(context.Context, Job) error { <-free; return nil }}, 1, nil)
		ok(t, e.Submit(Job{ID: "a", Kind: "k"}))
		want(t, e, "a", Running)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := e.Close(ctx); core.CodeOf(err) != core.Timeout {
			t.Errorf("close: %v", err)
		}
		close(free)
		synctest.Wait()
	})
}
