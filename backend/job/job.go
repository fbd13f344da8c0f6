package job

import (
	"context"
	"errors"
	"time"

	"mailroom/backend/core"
)

// Job is the record of one piece of work. Everything that is needed to go on after
// a restart is in it or in what the work itself has written.
type Job struct {
	ID          string
	Kind        string // which [Work] does it
	Subject     string // what it is about: an ID that the work understands
	Args        string // how, in the work's own words
	State       State
	Interrupted bool // paused because the program ended, not because somebody asked
	Attempt     int  // runs so far, the present one included
	Created     time.Time
	Started     time.Time // of the last run
	Ended       time.Time // of the last run
	Next        time.Time // with Waiting: when it goes on
	Code        core.Code // what ended the last run; "" nothing wrong
	Facts       map[string]string
}

// Work does jobs of one kind. It returns soon after ctx ends; what the next call
// needs to go on it has written down itself. A [Later] error asks for another run.
type Work func(ctx context.Context, j Job) error

// Store keeps jobs. [Table] is the one of this program.
type Store interface {
	// Save inserts or replaces a job.
	Save(ctx context.Context, j Job) error
	// Delete removes a job; that there is none is no error.
	Delete(ctx context.Context, id string) error
	// All returns every job, the oldest first.
	All(ctx context.Context) ([]Job, error)
}

// Later is an error that asks for another run at a time of its own, such as a mail
// server that told to come back tomorrow, or hours in which the work may not run.
type Later struct {
	At    time.Time
	Err   error             // what is wrong; nil: nothing, it is only not yet time
	Facts map[string]string // with no Err: why it waits, for [Job.Facts]
}

func (l *Later) Error() string {
	if l.Err == nil {
		return "later"
	}
	return "later: " + l.Err.Error()
}

// Unwrap returns the reason.
func (l *Later) Unwrap() error { return l.Err }

// Why the context of a work ended, see [context.Cause].
var (
	ErrPause    = errors.New("job: asked to pause")
	ErrCancel   = errors.New("job: asked to cancel")
	ErrShutdown = errors.New("job: the program ends")
)
