package moving

import (
	"cmp"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/job"
	"mailroom/backend/job/schedule"
)

// Status is where a whole move stands.
type Status string

// The statuses.
const (
	StatusDraft       Status = "draft"
	StatusPlanning    Status = "planning"
	StatusPlanned     Status = "planned"
	StatusQueued      Status = "queued"
	StatusRunning     Status = "running"
	StatusWaiting     Status = "waiting"
	StatusScheduled   Status = "scheduled" // nothing is wrong, it is not yet time
	StatusPausing     Status = "pausing"
	StatusPaused      Status = "paused"
	StatusInterrupted Status = "interrupted"
	StatusVerifying   Status = "verifying"
	StatusUndoing     Status = "undoing"
	StatusUndone      Status = "undone"
	StatusDone        Status = "done"
	StatusLeftBehind  Status = "left_behind"
	StatusFailed      Status = "failed"
	StatusCanceled    Status = "canceled"
)

// View is a move as it is now.
type View struct {
	Move
	Status   Status
	Fault    *Fault // what ended the last act
	Stored   int64
	Snapshot Snapshot
	Next     time.Time         // when it goes on by itself, or is repeated; zero: not
	Hold     EventKind         // with StatusScheduled: [EventHours] or [EventBudget]
	Finish   schedule.Forecast // zero: not known, or nothing left to do
	Can      Can
}

// Can says which acts make sense now.
type Can struct {
	Edit, Plan, Start, Pause, GoOn, Cancel, Retry, Verify, Undo, Remove, Certificate bool
}

// List returns all moves, the newest first.
func (d *Desk) List() []View {
	d.mu.Lock()
	ids := make([]string, 0, len(d.moves))
	for id := range d.moves {
		ids = append(ids, id)
	}
	d.mu.Unlock()
	all := make([]View, 0, len(ids))
	for _, id := range ids {
		if v, err := d.Get(id); err == nil { // removed meanwhile: not in the list
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b View) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// Get returns one move.
func (d *Desk) Get(id string) (View, error) {
	// The sequence number is taken first: whatever happens while the parts are read
	// has a higher one, so the page keeps that and not this.
	seq := d.seq.Add(1)
	j, hasJob := d.engine.Find(id)
	d.mu.Lock()
	m, ok := d.moves[id]
	if !ok {
		d.mu.Unlock()
		return View{}, core.E(core.NotFound, "get move", nil, "id", id)
	}
	v := View{Move: *m.clone()}
	l := d.lives[id]
	d.mu.Unlock()

	v.Snapshot = d.snapshotOf(&v.Move, l)
	v.Status = statusOf(&v.Move, j, hasJob, v.Snapshot.allWaiting())
	v.Snapshot.Seq, v.Snapshot.Status = seq, v.Status
	if hasJob && j.Code != "" {
		v.Fault = &Fault{Code: j.Code, Args: j.Facts}
	}
	for i := range v.Mailboxes {
		mb := &v.Mailboxes[i]
		v.Stored += mb.Outcome.Stored
		mb.State = shownState(v.Snapshot.Boxes[i].State, v.Status)
		v.Snapshot.Boxes[i].State = mb.State
	}
	v.Next = v.Watch.Next
	if hasJob && j.State == job.Waiting {
		v.Next, v.Hold = j.Next, EventKind(j.Facts["why"])
	}
	if v.Status.unfinished() {
		v.Finish = v.forecast(time.Now(), v.Options)
	}
	v.Can = canOf(&v, hasJob && j.State.Active())
	return v, nil
}

// unfinished says whether there is still something to forecast.
func (s Status) unfinished() bool {
	return slices.Contains([]Status{StatusDraft, StatusPlanned, StatusQueued, StatusRunning, StatusWaiting, StatusScheduled, StatusPaused, StatusInterrupted}, s)
}

// shownState keeps a mailbox's state in step with the move's.
func shownState(s State, move Status) State {
	switch {
	case move == StatusCanceled && (s == Paused || s == Queued):
		return Canceled
	case (move == StatusPaused || move == StatusInterrupted) && s == Queued:
		return Paused
	case move == StatusUndone:
		return Idle
	}
	return s
}

// statusOf derives a move's status from its last job and its mailboxes.
func statusOf(m *Move, j job.Job, hasJob, allWaiting bool) Status {
	if !hasJob {
		return atRest(m)
	}
	switch {
	case j.Kind == actPlan && j.State.Active():
		return StatusPlanning
	case j.Kind == actVerify && j.State.Active():
		return StatusVerifying
	case j.Kind == actPlan, j.Kind == actVerify:
		return atRest(m)
	case j.Kind == actUndo && j.State == job.Running:
		return StatusUndoing
	}
	switch j.State {
	case job.Queued:
		return StatusQueued
	case job.Running:
		if allWaiting {
			return StatusWaiting
		}
		return StatusRunning
	case job.Pausing:
		return StatusPausing
	case job.Waiting:
		if j.Code == "" {
			return StatusScheduled
		}
		return StatusWaiting
	case job.Paused:
		if j.Interrupted {
			return StatusInterrupted
		}
		return StatusPaused
	case job.Failed:
		return StatusFailed
	case job.Canceled:
		return StatusCanceled
	}
	return atRest(m)
}

// atRest is the status of a move that no job says more about.
func atRest(m *Move) Status {
	ran, worst := false, StatusDone
	for i := range m.Mailboxes {
		mb := &m.Mailboxes[i]
		if mb.Out {
			continue
		}
		ran = ran || !mb.Outcome.Ended.IsZero()
		switch mb.State {
		case Failed:
			worst = StatusFailed
		case Paused, Queued, Canceled:
			if worst != StatusFailed {
				worst = StatusPaused
			}
		case LeftBehind:
			if worst == StatusDone {
				worst = StatusLeftBehind
			}
		}
	}
	if m.selfPending() {
		// Begun is begun, even if everybody moves by themselves and nobody has yet.
		ran = ran || !m.Started.IsZero()
		if worst != StatusFailed {
			worst = StatusPaused
		}
	}
	switch {
	case m.Undone:
		return StatusUndone
	case ran:
		return worst
	case m.Planned:
		return StatusPlanned
	}
	return StatusDraft
}

func canOf(v *View, active bool) Can {
	ran, left := false, int64(0)
	for i := range v.Mailboxes {
		ran = ran || !v.Mailboxes[i].Outcome.Ended.IsZero()
		left += v.Mailboxes[i].Outcome.Counts.LeftBehind
	}
	halted := slices.Contains([]Status{StatusPaused, StatusInterrupted, StatusFailed, StatusCanceled}, v.Status)
	return Can{
		Edit:        !active,
		Plan:        !active,
		Start:       !active && !halted,
		Pause:       slices.Contains([]Status{StatusQueued, StatusRunning, StatusWaiting, StatusScheduled, StatusUndoing, StatusVerifying}, v.Status),
		GoOn:        halted || v.Status == StatusWaiting && !v.Snapshot.Live,
		Cancel:      active || v.Status == StatusPaused || v.Status == StatusInterrupted,
		Retry:       !active && left > 0,
		Verify:      !active && ran && !v.Undone,
		Undo:        !active && v.Stored > 0,
		Remove:      !active,
		Certificate: !active && ran,
	}
}
