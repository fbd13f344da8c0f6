package moving

import (
	"context"
	"slices"
	"strconv"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/job"
)

// amendBoxes changes the records of some mailboxes, at work or not; ids nil: all. f
// says whether it changed one. It returns those that were changed.
func (d *Desk) amendBoxes(ctx context.Context, id string, ids []string, f func(i int, mb *Mailbox) bool) ([]Mailbox, error) {
	d.boxes.Lock()
	defer d.boxes.Unlock()
	d.mu.Lock()
	m, ok := d.moves[id]
	d.mu.Unlock()
	if !ok {
		return nil, core.E(core.NotFound, "change mailboxes", nil, "id", id)
	}
	next := m.clone()
	var changed []Mailbox
	at := map[int]*Mailbox{}
	found := 0
	for i := range next.Mailboxes {
		mb := &next.Mailboxes[i]
		if ids != nil && !slices.Contains(ids, mb.ID) {
			continue
		}
		found++
		if f(i, mb) {
			at[i] = mb
			changed = append(changed, *mb)
		}
	}
	if found < len(ids) {
		return nil, core.E(core.NotFound, "change mailboxes", nil, "reason", "mailbox")
	}
	if len(changed) == 0 {
		return nil, nil
	}
	if err := d.table.saveRecords(ctx, id, at); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now, ok := d.moves[id]
	if !ok {
		return nil, core.E(core.NotFound, "change mailboxes", nil, "id", id)
	}
	now = now.clone() // its head may have changed meanwhile
	for i, mb := range at {
		now.Mailboxes[i] = *mb
		if l := d.lives[id]; l != nil {
			l.update(i, func(b *Box) { b.State, b.Fault = mb.State, mb.Fault })
		}
	}
	d.moves[id] = now
	return changed, nil
}

// queueAll has every mailbox of a round that is not there yet try again.
func (d *Desk) queueAll(ctx context.Context, id string, o order) error {
	_, err := d.amendBoxes(ctx, id, nil, func(_ int, mb *Mailbox) bool {
		if !mb.joins(o, true) || mb.State == Running {
			return false
		}
		mb.State, mb.Fault = Queued, nil
		return true
	})
	return err
}

// crewOf is the crew at work on a move; nil: none.
func (d *Desk) crewOf(id string) *crew {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.crews[id]
}

// stopHands tells some mailboxes at work to stop.
func (c *crew) stopHands(at []int, why error) {
	if c == nil {
		return
	}
	c.mu.Lock()
	for _, i := range at {
		if cancel := c.hands[i]; cancel != nil {
			cancel(why)
		}
		delete(c.rests, i)
	}
	c.mu.Unlock()
	c.wake()
}

// PauseBoxes stops some mailboxes of a move; the others go on. Those that have ended
// stay as they are. Errors: not_found.
func (d *Desk) PauseBoxes(ctx context.Context, id string, ids []string) (View, error) {
	c := d.crewOf(id)
	var at []int
	changed, err := d.amendBoxes(ctx, id, ids, func(i int, mb *Mailbox) bool {
		if mb.Out || mb.Self || mb.Held || mb.State == Done || mb.State == LeftBehind {
			return false
		}
		mb.Held = true
		at = append(at, i)
		if mb.State != Failed {
			mb.State = Paused
		}
		return true
	})
	if err != nil {
		return View{}, err
	}
	c.stopHands(at, errHeld)
	return d.told(id, EventHeld, changed)
}

// GoOnBoxes has some mailboxes go on that were paused, have failed or left messages
// behind; if nobody is at work on the move, work begins with these alone. Errors:
// not_found; conflict while something else is done with the move.
func (d *Desk) GoOnBoxes(ctx context.Context, id string, ids []string) (View, error) {
	j, hasJob := d.engine.Find(id)
	if hasJob && j.State.Active() && j.Kind != actRun {
		return View{}, core.E(core.Conflict, "go on", nil, "state", string(j.State))
	}
	resting := hasJob && j.Kind == actRun && (j.State == job.Paused || j.State == job.Canceled)
	changed, err := d.amendBoxes(ctx, id, nil, func(_ int, mb *Mailbox) bool {
		chosen := slices.Contains(ids, mb.ID)
		switch {
		case mb.Out || mb.Self:
			return false
		case chosen:
			mb.Held, mb.State, mb.Fault, mb.Round = false, Queued, nil, ""
			return true
		case resting && mb.pending() || mb.State == Canceled: // what the person stopped with the others stays so
			mb.Held, mb.State = true, Paused
			return true
		}
		return false
	})
	if err != nil {
		return View{}, err
	}
	changed = slices.DeleteFunc(changed, func(mb Mailbox) bool { return !slices.Contains(ids, mb.ID) })
	if len(changed) < len(ids) {
		return View{}, core.E(core.NotFound, "go on", nil, "reason", "mailbox")
	}
	switch c := d.crewOf(id); {
	case c != nil:
		c.freed(ids)
	case resting:
		if _, err := d.steer(id, d.engine.Resume, ""); err != nil {
			return View{}, err
		}
	case !hasJob || !j.State.Active():
		if _, err := d.begin(ctx, id, actRun, order{By: byChoice}); err != nil {
			return View{}, err
		}
	}
	return d.told(id, EventFreed, changed)
}

// freed has the crew take up mailboxes at once, whatever they waited for.
func (c *crew) freed(ids []string) {
	m := c.move()
	if m == nil {
		return
	}
	c.mu.Lock()
	for i := range m.Mailboxes {
		if slices.Contains(ids, m.Mailboxes[i].ID) {
			delete(c.rests, i)
			delete(c.trials, i)
		}
	}
	c.mu.Unlock()
	c.wake()
}

// LeaveOut takes mailboxes out of a move, or back into it. What has arrived stays.
func (d *Desk) LeaveOut(ctx context.Context, id string, ids []string, out bool) (View, error) {
	var at []int
	changed, err := d.amendBoxes(ctx, id, ids, func(i int, mb *Mailbox) bool {
		if mb.Out == out {
			return false
		}
		mb.Out = out
		at = append(at, i)
		switch {
		case out:
			mb.State, mb.Held = LeftOut, false
		case d.started(id):
			mb.State, mb.Round = Queued, ""
		default:
			mb.State = Idle
		}
		return true
	})
	if err != nil {
		return View{}, err
	}
	d.crewOf(id).stopHands(at, errHeld)
	kind := EventLeftOut
	if !out {
		kind = EventTakenBack
	}
	return d.told(id, kind, changed)
}

func (d *Desk) started(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	m, ok := d.moves[id]
	return ok && !m.Started.IsZero()
}

// SetSecret gives one side of a mailbox another password and returns the handle of
// the old one. Errors: not_found; invalid for an unknown side.
func (d *Desk) SetSecret(ctx context.Context, id, mailbox, side, handle string) (old string, err error) {
	if side != "from" && side != "to" || handle == "" {
		return "", core.E(core.Invalid, "change password", nil, "field", "side", "reason", "unknown")
	}
	changed, err := d.amendBoxes(ctx, id, []string{mailbox}, func(_ int, mb *Mailbox) bool {
		e := &mb.From
		if side == "to" {
			e = &mb.To
		}
		old, e.Secret = e.Secret, handle
		return true
	})
	if err != nil {
		return "", err
	}
	_, err = d.told(id, EventPassword, changed, "side", side)
	return old, err
}

// mostTold is up to how many mailboxes the time line names one by one.
const mostTold = 8

// told writes what was done to mailboxes, lets the page ask again and returns the move.
func (d *Desk) told(id string, kind EventKind, changed []Mailbox, facts ...string) (View, error) {
	if len(changed) > mostTold {
		d.tell(id, kind, nil, append(facts, "count", strconv.Itoa(len(changed)))...)
	} else {
		for i := range changed {
			d.tell(id, kind, &changed[i], facts...)
		}
	}
	if len(changed) > 0 {
		d.listen.Changed(d.seq.Add(1), id)
	}
	return d.Get(id)
}

// Find returns one mailbox of a move. Errors: not_found.
func (d *Desk) Find(id, mailbox string) (Mailbox, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m, ok := d.moves[id]; ok {
		for i := range m.Mailboxes {
			if m.Mailboxes[i].ID == mailbox {
				return m.Mailboxes[i], nil
			}
		}
	}
	return Mailbox{}, core.E(core.NotFound, "find mailbox", nil, "id", mailbox)
}

// reopen lets a job that only waits for its hours look at a changed schedule.
func (d *Desk) reopen(id string) {
	if j, ok := d.engine.Find(id); ok && j.State == job.Waiting && j.Code == "" {
		_ = d.engine.Resume(id) // it may have begun by itself in this moment
	}
	if c := d.crewOf(id); c != nil {
		c.wake()
	}
}

// setNext plans the next repeated run of a move that rests.
func (m *Move) setNext(now time.Time) {
	if m.Started.IsZero() || m.Ended.IsZero() || m.Undone {
		return
	}
	m.Watch.Next = m.Options.Repeat.next(m.Ended, &m.Options.Schedule)
	if m.Watch.Next.Before(now) && !m.Watch.Next.IsZero() {
		m.Watch.Next = now
	}
}
