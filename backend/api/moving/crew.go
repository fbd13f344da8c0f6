package moving

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/job"
	"mailroom/backend/job/schedule"
)

// Why a mailbox's work was told to stop, beside the reasons of package job. Each but
// the first lets it go on by itself later.
var (
	errHeld    = errors.New("moving: this mailbox alone is to pause")
	errHours   = errors.New("moving: outside the hours")
	errBudget  = errors.New("moving: the day's budget is gone")
	errSlept   = errors.New("moving: the computer slept, connections are dead")
	errChanged = errors.New("moving: other rules hold from now on")
	errYield   = errors.New("moving: it would only wait; another mailbox may use its place")
)

// stoppedState is where a mailbox stands after it was told to stop.
func stoppedState(why error) State {
	switch {
	case errors.Is(why, job.ErrCancel):
		return Canceled
	case errors.Is(why, errYield):
		return Waiting
	case errors.Is(why, errHours), errors.Is(why, errBudget), errors.Is(why, errSlept), errors.Is(why, errChanged):
		return Queued
	}
	return Paused
}

// crew brings the mailboxes of a move over, several at once: in their order, within
// the schedule, around those that have to wait.
type crew struct {
	desk  *Desk
	id    string
	order order
	live  *live
	gov   *governor
	news  chan struct{} // something changed: look again
	group sync.WaitGroup

	mu     sync.Mutex
	plan   schedule.Plan
	hands  map[int]context.CancelCauseFunc // mailboxes at work
	rests  map[int]rest                    // mailboxes that wait
	trials map[int]*trial
	away   outage
	slow   map[string]time.Time // class of a refusal: when the time line was told last
	said   []func()             // entries of the time line still to write
	err    error                // of the disk: ends everything
}

// run moves what has not arrived yet.
func (d *Desk) run(ctx context.Context, j job.Job) error {
	var o order
	if err := json.Unmarshal([]byte(j.Args), &o); err != nil {
		return core.E(core.Malformed, actRun, err)
	}
	if err := d.finishMove(j.Subject, func(m *Move) {
		if m.Started.IsZero() {
			m.Started = time.Now()
		}
		m.Ended = time.Time{}
		if j.Attempt == 1 {
			m.Watch.Runs++
		}
	}); err != nil {
		return err
	}
	c, err := d.muster(j.Subject, o)
	if err != nil {
		return err
	}
	c.begun(j)
	err = c.work(ctx)
	c.dismiss()
	ended := err == nil
	saveErr := d.finishMove(j.Subject, func(m *Move) {
		m.Ended = time.Now()
		if ended {
			m.Watch.Next = m.Options.Repeat.next(m.Ended, &m.Options.Schedule)
			if m.whole() {
				m.Watch.Whole = m.Ended
			}
		}
	})
	if err == nil {
		err = saveErr
	}
	if ended {
		c.finished()
	}
	return err
}

// muster registers a crew; dismiss ends it.
func (d *Desk) muster(id string, o order) (*crew, error) {
	d.mu.Lock()
	m, ok := d.moves[id]
	d.mu.Unlock()
	if !ok {
		return nil, core.E(core.NotFound, actRun, nil, "id", id)
	}
	c := &crew{
		desk: d, id: id, order: o, live: d.goLive(m, actRun), news: make(chan struct{}, 1), plan: m.Options.Schedule,
		hands: map[int]context.CancelCauseFunc{}, rests: map[int]rest{}, trials: map[int]*trial{}, slow: map[string]time.Time{},
	}
	c.live.crew = c
	c.gov = newGovernor(c.plan, func(day string, bytes int64) (int64, error) {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		return d.table.spend(ctx, id, day, bytes)
	})
	d.mu.Lock()
	d.crews[id] = c
	d.mu.Unlock()
	return c, nil
}

func (c *crew) dismiss() {
	c.desk.mu.Lock()
	delete(c.desk.crews, c.id)
	c.desk.mu.Unlock()
	c.gov.close()
	c.speak()
	c.live.end()
}

// wake has the crew look again; it never blocks.
func (c *crew) wake() {
	select {
	case c.news <- struct{}{}:
	default:
	}
}

// work goes on until every mailbox has ended, ctx has, or the schedule says later.
func (c *crew) work(ctx context.Context) error {
	for {
		c.speak()
		m := c.move()
		if err := c.fault(m); err != nil {
			c.halt(errChanged)
			return err
		}
		if ctx.Err() != nil {
			c.halt(context.Cause(ctx))
			return ctx.Err()
		}
		if c.idle(m) {
			return nil
		}
		now := time.Now()
		plan := &m.Options.Schedule
		pace, open := plan.Pace(now)
		switch {
		case !open:
			c.halt(errHours)
			return c.later(EventHours, plan.Opens(now))
		case !c.gov.left() && c.resting():
			return c.later(EventBudget, plan.Midnight(now))
		case !c.gov.left(): // those at work end by themselves at their next message
			c.wait(ctx, plan.Midnight(now))
			continue
		}
		c.follow(plan, pace)
		c.wait(ctx, c.start(ctx, m, now), plan.Change(now))
	}
}

// move is the move as it is now; nil if it is gone.
func (c *crew) move() *Move {
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	return c.desk.moves[c.id]
}

func (c *crew) fault(m *Move) error {
	if m == nil {
		return core.E(core.NotFound, actRun, nil, "id", c.id)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// follow takes over a schedule that a person changed, and the pace of this hour.
func (c *crew) follow(plan *schedule.Plan, pace int64) {
	c.mu.Lock()
	asked := needed(&c.plan) != needed(plan)
	c.plan = *plan
	c.mu.Unlock()
	c.gov.follow(*plan, pace)
	if asked { // those at work ask the governor from now on, or no longer
		c.recall(errChanged)
	}
}

// pending says whether a mailbox of a run still has to be brought.
func (mb *Mailbox) pending() bool {
	return !mb.Out && !mb.Self && !mb.Held && (mb.State == Queued || mb.State == Paused || mb.State == Waiting)
}

// idle says whether nothing is left to do or to wait for.
func (c *crew) idle(m *Move) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.hands) > 0 {
		return false
	}
	for i := range m.Mailboxes {
		if m.Mailboxes[i].pending() {
			return false
		}
	}
	return true
}

// resting says whether nobody is at work.
func (c *crew) resting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.hands) == 0
}

// start sends as many mailboxes to work as there is room for and returns when the
// first of those that wait may go on; zero: none waits.
func (c *crew) start(ctx context.Context, m *Move, now time.Time) (look time.Time) {
	parallel := m.Options.Parallel
	if parallel == 0 {
		parallel = defaultParallel
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range m.Mailboxes {
		if c.hands[i] != nil || !m.Mailboxes[i].pending() {
			continue
		}
		if r, rests := c.rests[i]; rests && r.until.After(now) {
			if look.IsZero() || r.until.Before(look) {
				look = r.until
			}
			continue
		}
		if len(c.hands) >= parallel {
			continue
		}
		delete(c.rests, i)
		c.launchLocked(ctx, m, i)
	}
	return look
}

func (c *crew) launchLocked(ctx context.Context, m *Move, i int) {
	own, cancel := context.WithCancelCause(ctx)
	c.hands[i] = cancel
	t := &task{desk: c.desk, live: c.live, order: c.order, id: c.id, options: m.Options, i: i, mb: m.Mailboxes[i], crew: c,
		cause: func() error { return context.Cause(own) }}
	if needed(&m.Options.Schedule) {
		t.admit = c.gov.admit
	}
	c.group.Go(func() {
		before := t.mb
		err := t.protected(own, bring)
		// Asking who is away takes seconds; the place is free only then, which keeps a
		// broken line from being tried in a tight loop.
		r := c.weigh(own, t, &before)
		cancel(nil)
		c.mu.Lock()
		delete(c.hands, i)
		if err != nil && c.err == nil {
			c.err = err
		}
		if r != nil {
			c.rests[i] = *r
		}
		c.mu.Unlock()
		c.wake()
	})
}

// recall tells everybody at work to stop for a reason.
func (c *crew) recall(why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, cancel := range c.hands {
		cancel(why)
	}
}

// halt recalls and waits until everybody has stopped.
func (c *crew) halt(why error) {
	c.recall(why)
	c.group.Wait()
}

// longestLook bounds one wait: timers stand still while the computer sleeps.
const longestLook = 30 * time.Second

// wait returns when something changed, or one of the times has come.
func (c *crew) wait(ctx context.Context, times ...time.Time) {
	d := longestLook
	for _, t := range times {
		if !t.IsZero() {
			d = min(d, max(time.Until(t), 0))
		}
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-c.news:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// later ends this run of the job until a time.
func (c *crew) later(why EventKind, at time.Time) error {
	c.desk.tell(c.id, why, nil, "until", strconv.FormatInt(at.UnixMilli(), 10))
	return &job.Later{At: at, Facts: map[string]string{"why": string(why)}}
}

// begun writes that a run began or went on.
func (c *crew) begun(j job.Job) {
	kind := EventWentOn
	if j.Attempt == 1 {
		kind = EventStarted
	}
	c.desk.tell(c.id, kind, nil, "by", c.order.By, "run", strconv.Itoa(c.move().Watch.Runs))
}

// finished writes what a run came to.
func (c *crew) finished() {
	m := c.move()
	if m == nil {
		return
	}
	failed, left := 0, int64(0)
	for i := range m.Mailboxes {
		if mb := &m.Mailboxes[i]; !mb.Out {
			left += mb.Outcome.Counts.LeftBehind
			if mb.State == Failed {
				failed++
			}
		}
	}
	facts := []string{"run", strconv.Itoa(m.Watch.Runs), "copied", strconv.FormatInt(m.Watch.Brought, 10), "by", c.order.By}
	if left > 0 {
		facts = append(facts, "left", strconv.FormatInt(left, 10))
	}
	if failed > 0 {
		facts = append(facts, "failed", strconv.Itoa(failed))
	}
	c.desk.tell(c.id, EventFinished, nil, facts...)
}

// whole says whether everybody's mail is there, as far as it can be.
func (m *Move) whole() bool {
	for i := range m.Mailboxes {
		if mb := &m.Mailboxes[i]; !mb.Out && !mb.Self && mb.State != Done && mb.State != LeftBehind {
			return false
		}
	}
	return true
}

// say has the loop write an entry of the time line: those who notice something must
// not wait for the disk.
func (c *crew) say(entry func()) {
	c.mu.Lock()
	c.said = append(c.said, entry)
	c.mu.Unlock()
	c.wake()
}

func (c *crew) speak() {
	c.mu.Lock()
	said := c.said
	c.said = nil
	c.mu.Unlock()
	for _, entry := range said {
		entry()
	}
}
