package job

import (
	"context"
	"slices"
	"sync"
	"time"

	"mailroom/backend/core"
)

// Engine holds all jobs and runs at most a few at a time, the oldest first. It is
// safe for concurrent use.
type Engine struct {
	store  Store
	kinds  map[string]Work
	limit  int
	listen func(Job)

	mu     sync.Mutex
	jobs   map[string]*entry
	closed bool
	runs   sync.WaitGroup
	root   context.Context
	stop   context.CancelCauseFunc
}

// entry is a job and the handles of its run.
type entry struct {
	job    Job
	cancel context.CancelCauseFunc // not nil while it runs
	why    error                   // what it was last asked for while it ran
	timer  *time.Timer             // not nil while it waits
}

// New makes an engine for these kinds of work that runs at most limit jobs at a
// time. listen is told every change of a job's state, in order for each job; it
// must not call the engine back and may be nil.
func New(store Store, kinds map[string]Work, limit int, listen func(Job)) *Engine {
	if listen == nil {
		listen = func(Job) {}
	}
	root, stop := context.WithCancelCause(context.Background())
	return &Engine{
		store: store, kinds: kinds, limit: max(limit, 1), listen: listen,
		jobs: map[string]*entry{}, root: root, stop: stop,
	}
}

// Load reads the jobs of earlier runs of the program. What was at work or queued
// then is paused and marked as interrupted; what waits goes on at its time.
func (e *Engine) Load(ctx context.Context) error {
	all, err := e.store.All(ctx)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, j := range all {
		en := &entry{job: j}
		e.jobs[j.ID] = en
		switch j.State {
		case Running, Pausing, Queued:
			if err := e.setState(en, Paused, func(j *Job) { j.Interrupted = true }); err != nil {
				return err
			}
		case Waiting:
			e.armLocked(en)
		}
	}
	return nil
}

// Submit adds a job and starts it as soon as there is room.
// Errors: conflict (the ID is taken), invalid (unknown kind), canceled (closed).
func (e *Engine) Submit(j Job) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed:
		return core.E(core.Canceled, "submit job", ErrShutdown)
	case e.kinds[j.Kind] == nil:
		return core.E(core.Invalid, "submit job", nil, "kind", j.Kind)
	case e.jobs[j.ID] != nil:
		return core.E(core.Conflict, "submit job", nil, "id", j.ID)
	}
	j.State, j.Created = Queued, time.Now()
	if err := e.store.Save(e.root, j); err != nil {
		return err
	}
	e.jobs[j.ID] = &entry{job: j}
	e.listen(j)
	e.startLocked()
	return nil
}

// Resume queues a job again: after a pause, a failure, a cancel or an end.
func (e *Engine) Resume(id string) error {
	return e.with(id, func(en *entry) error {
		if err := e.setState(en, Queued, func(j *Job) { j.Interrupted, j.Code, j.Facts = false, "", nil }); err != nil {
			return err
		}
		e.startLocked()
		return nil
	})
}

// Pause asks a job to stop for now. A running one stops soon after.
func (e *Engine) Pause(id string) error {
	return e.with(id, func(en *entry) error { return e.haltLocked(en, Paused, ErrPause) })
}

// Cancel asks a job to stop for good.
func (e *Engine) Cancel(id string) error {
	return e.with(id, func(en *entry) error { return e.haltLocked(en, Canceled, ErrCancel) })
}

// haltLocked ends an idle job at once; a running one is told why and ends itself.
// A job that is pausing can still be cancelled.
func (e *Engine) haltLocked(en *entry, to State, why error) error {
	if en.cancel == nil {
		return e.setState(en, to, nil)
	}
	if en.job.State == Running {
		if err := e.setState(en, Pausing, nil); err != nil {
			return err
		}
	}
	en.why = why // a cancel after a pause counts; the context keeps the first cause only
	en.cancel(why)
	return nil
}

// Remove forgets a job that is not at work.
func (e *Engine) Remove(id string) error {
	return e.with(id, func(en *entry) error {
		if en.job.State.Active() {
			return core.E(core.Conflict, "remove job", nil, "state", string(en.job.State))
		}
		if err := e.store.Delete(e.root, id); err != nil {
			return err
		}
		delete(e.jobs, id)
		return nil
	})
}

// Find returns a job.
func (e *Engine) Find(id string) (Job, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	en, ok := e.jobs[id]
	if !ok {
		return Job{}, false
	}
	return en.job, true
}

// Jobs returns all jobs, the oldest first.
func (e *Engine) Jobs() []Job {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]Job, 0, len(e.jobs))
	for _, en := range e.jobs {
		all = append(all, en.job)
	}
	slices.SortFunc(all, older)
	return all
}

func older(a, b Job) int {
	if c := a.Created.Compare(b.Created); c != 0 {
		return c
	}
	return compareText(a.ID, b.ID)
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Close interrupts what is at work and waits until it has ended or ctx has.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	e.closed = true
	for _, en := range e.jobs {
		if en.timer != nil {
			en.timer.Stop()
		}
	}
	e.mu.Unlock()
	e.stop(ErrShutdown)
	ended := make(chan struct{})
	go func() { e.runs.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return core.E(core.Timeout, "end jobs", ctx.Err())
	}
}

// with runs f on a job under the lock.
func (e *Engine) with(id string, f func(*entry) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	en, ok := e.jobs[id]
	switch {
	case e.closed:
		return core.E(core.Canceled, "change job", ErrShutdown)
	case !ok:
		return core.E(core.NotFound, "change job", nil, "id", id)
	}
	return f(en)
}

// setState is the one door through which a state changes: the table is asked, the
// disk is written, then the listener is told.
func (e *Engine) setState(en *entry, to State, change func(*Job)) error {
	if !MayFollow(en.job.State, to) {
		return core.E(core.Conflict, "change job", nil, "state", string(en.job.State), "wanted", string(to))
	}
	next := en.job
	next.State = to
	if to != Waiting {
		next.Next = time.Time{}
	}
	if change != nil {
		change(&next)
	}
	// The root context ends at Close, but the last states must still reach the disk.
	if err := e.store.Save(context.WithoutCancel(e.root), next); err != nil {
		return err
	}
	if en.timer != nil {
		en.timer.Stop()
		en.timer = nil
	}
	en.job = next
	e.listen(next)
	return nil
}
