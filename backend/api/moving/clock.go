package moving

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"mailroom/backend/job"
	"mailroom/backend/job/schedule"
)

// next is when a repeated run follows one that ended; zero: none.
func (r Repeat) next(ended time.Time, p *schedule.Plan) time.Time {
	switch {
	case r.Hours <= 0:
		return time.Time{}
	case r.Hours == 24:
		if at := p.Clock(ended, r.At); at.After(ended) {
			return at
		}
		return p.Clock(p.Midnight(ended), r.At)
	}
	return ended.Add(time.Duration(r.Hours) * time.Hour)
}

// lookEvery is how often the clock is asked for runs that are due.
const lookEvery = 20 * time.Second

// keepTime begins repeated runs when they are due and wakes the crews after sleep.
func (d *Desk) keepTime() {
	ctx, cancel := context.WithCancel(context.Background())
	d.stop = cancel
	d.clocks.Go(func() {
		job.NewWatch().Run(ctx, func(gap time.Duration) { d.slept(gap) })
	})
	d.clocks.Go(func() {
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				d.due(ctx, time.Now())
			}
		}
	})
}

// slept has every crew connect anew: nothing else tells them that their lines are
// dead. It is no fault of any server.
func (d *Desk) slept(gap time.Duration) {
	for _, c := range d.atWork() {
		c.mu.Lock()
		clear(c.rests)
		c.mu.Unlock()
		c.recall(errSlept)
		c.say(func() { d.tell(c.id, EventSlept, nil, "seconds", strconv.Itoa(int(gap.Seconds()))) })
	}
}

// due begins the repeated runs whose time has come.
func (d *Desk) due(ctx context.Context, now time.Time) {
	d.mu.Lock()
	var ids []string
	for id, m := range d.moves {
		if next := m.Watch.Next; !next.IsZero() && !next.After(now) && m.Options.Repeat.Hours > 0 {
			ids = append(ids, id)
		}
	}
	d.mu.Unlock()
	for _, id := range ids {
		if j, ok := d.engine.Find(id); ok && (j.State.Active() || j.State == job.Paused) {
			continue // after it has ended, the next time is set anew
		}
		if _, err := d.begin(ctx, id, actRun, order{By: bySchedule}); err != nil {
			slog.Warn("a repeated run did not begin", "move", id, "err", err)
		}
	}
}

// RunAgain begins a run for new mail as the schedule does. Errors: not_found; conflict
// while something is done with the move.
func (d *Desk) RunAgain(ctx context.Context, id string) error {
	_, err := d.begin(ctx, id, actRun, order{By: bySchedule})
	return err
}

// Who begins a run when no person does.
const (
	bySchedule = "schedule"
	byChoice   = "choice" // a person, for some mailboxes only: they are queued already
)

// mark writes into the time line which runs the end of the program cut off. It is
// called before the jobs are loaded, which makes them look paused.
func (d *Desk) mark(ctx context.Context) {
	all, err := job.NewTable(d.table.db).All(ctx)
	if err != nil {
		return // loading the jobs meets the same error and reports it
	}
	for i := range all {
		j := &all[i]
		if j.Kind == actRun && (j.State == job.Running || j.State == job.Pausing || j.State == job.Queued) {
			d.tell(j.Subject, EventCut, nil)
		}
	}
}

// Resume lets moves that were cut off go on. all: every one; else those with a
// schedule or repeated runs, which nobody watches. usable says whether a mailbox's
// passwords can be read now.
func (d *Desk) Resume(ctx context.Context, all bool, usable func(*Mailbox) bool) {
	for _, j := range d.engine.Jobs() {
		if j.Kind != actRun || j.State != job.Paused || !j.Interrupted {
			continue
		}
		d.mu.Lock()
		m, ok := d.moves[j.Subject]
		d.mu.Unlock()
		if !ok || !all && !m.Options.Schedule.Timed() && m.Options.Repeat.Hours == 0 {
			continue
		}
		ready := true
		for i := range m.Mailboxes {
			ready = ready && usable(&m.Mailboxes[i])
		}
		if !ready {
			continue
		}
		if err := d.engine.Resume(j.ID); err != nil {
			slog.Warn("a move did not go on by itself", "move", j.ID, "err", err)
		}
	}
	d.due(ctx, time.Now())
}

// Unlocked tells that the vault is open now: whoever waited for it goes on.
func (d *Desk) Unlocked() {
	for _, c := range d.atWork() {
		c.mu.Lock()
		for i, r := range c.rests {
			if r.class == vaultLocked {
				delete(c.rests, i)
			}
		}
		c.mu.Unlock()
		c.wake()
	}
}

// atWork lists the crews.
func (d *Desk) atWork() []*crew {
	d.mu.Lock()
	defer d.mu.Unlock()
	crews := make([]*crew, 0, len(d.crews))
	for _, c := range d.crews {
		crews = append(crews, c)
	}
	return crews
}
