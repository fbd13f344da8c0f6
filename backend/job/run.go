package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"mailroom/backend/core"
)

// startLocked starts queued jobs, the oldest first, as far as there is room.
func (e *Engine) startLocked() {
	running := 0
	var next *entry
	for {
		running, next = 0, nil
		for _, en := range e.jobs {
			switch {
			case en.cancel != nil:
				running++
			case en.job.State == Queued && (next == nil || older(en.job, next.job) < 0):
				next = en
			}
		}
		if e.closed || next == nil || running >= e.limit {
			return
		}
		e.launchLocked(next)
	}
}

func (e *Engine) launchLocked(en *entry) {
	// Attempt and time are on the disk before the work starts: a crash within it
	// must not look as if it had never been tried.
	err := e.setState(en, Running, func(j *Job) { j.Attempt, j.Started, j.Ended = j.Attempt+1, time.Now(), time.Time{} })
	if err != nil {
		// The disk does not take the record. Nothing may run unrecorded, so the job
		// stays paused in memory and says why.
		slog.Error("a job cannot be recorded", "id", en.job.ID, "err", err)
		en.job.State, en.job.Code, en.job.Facts = Paused, core.CodeOf(err), core.ArgsOf(err)
		e.listen(en.job)
		return
	}
	ctx, cancel := context.WithCancelCause(e.root)
	en.cancel, en.why = cancel, nil
	work, j := e.kinds[en.job.Kind], en.job
	e.runs.Go(func() {
		err := protect(ctx, work, j)
		cancel(nil)
		e.finish(en, err)
	})
}

// protect runs the work; a panic in it becomes an internal error.
func protect(ctx context.Context, work Work, j Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("panic in a job", "id", j.ID, "kind", j.Kind, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = core.E(core.Internal, j.Kind, nil)
		}
	}()
	if work == nil { // a kind that only a newer program knows
		return core.E(core.Unsupported, j.Kind, nil)
	}
	return work(ctx, j)
}

// finish records how a run ended and starts the next.
func (e *Engine) finish(en *entry, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	why := en.why
	if why == nil && e.closed {
		why = ErrShutdown
	}
	en.cancel, en.why = nil, nil
	to, change := outcome(err, why)
	if saveErr := e.setState(en, to, change); saveErr != nil {
		slog.Error("the end of a job cannot be recorded", "id", en.job.ID, "err", saveErr)
		en.job.State, en.job.Code, en.job.Facts = Failed, core.CodeOf(saveErr), core.ArgsOf(saveErr)
		e.listen(en.job)
	}
	if en.job.State == Waiting {
		e.armLocked(en)
	}
	e.startLocked()
}

// outcome maps the end of a run to the next state. Work that finished although it
// was asked to stop is done all the same.
func outcome(err, why error) (State, func(*Job)) {
	to := Failed
	var later *Later
	isLater := errors.As(err, &later)
	switch {
	case err == nil:
		to = Done
	case errors.Is(why, ErrCancel):
		to = Canceled
	case why != nil:
		to = Paused
	case isLater:
		to = Waiting
	}
	return to, func(j *Job) {
		j.Ended, j.Code, j.Facts = time.Now(), "", nil
		j.Interrupted = to == Paused && errors.Is(why, ErrShutdown)
		// That it stopped is no fault of a job that was asked to stop.
		plain := later != nil && later.Err == nil
		if code := core.CodeOf(err); code != "" && !plain && (why == nil || code != core.Canceled) {
			j.Code, j.Facts = code, core.ArgsOf(err)
		}
		if to == Waiting {
			j.Next = later.At.Round(0)
			if plain {
				j.Facts = later.Facts
			}
		}
	}
}

// nap is the longest time that one timer sleeps: timers stand still while the
// computer sleeps, so the wall clock is asked again and again.
const nap = time.Minute

// armLocked makes a waiting job go on at its time.
func (e *Engine) armLocked(en *entry) {
	if e.closed {
		return
	}
	next := en.job.Next
	en.timer = time.AfterFunc(min(time.Until(next), nap), func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		// The job may have been paused, removed or armed anew in the meantime.
		if e.closed || e.jobs[en.job.ID] != en || en.job.State != Waiting || !en.job.Next.Equal(next) {
			return
		}
		if time.Now().Round(0).Before(next) {
			e.armLocked(en)
			return
		}
		if err := e.setState(en, Queued, nil); err != nil {
			slog.Error("a waiting job cannot go on", "id", en.job.ID, "err", err)
			return
		}
		e.startLocked()
	})
}
