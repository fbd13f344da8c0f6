package moving

import (
	"context"
	"errors"
	"strconv"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
	"mailroom/backend/preset"
)

// rest is how long a mailbox waits before it is tried again.
type rest struct {
	until time.Time
	class string // why, for the page
}

// trial counts what went wrong with a mailbox in a row.
type trial struct {
	times int
	since time.Time
	met   bool // both sides have answered in this run
	until time.Time
	class string
}

const (
	firstRest   = 2 * time.Second
	longestRest = 5 * time.Minute
	longestSlow = 30 * time.Minute
	mayBeAway   = 24 * time.Hour // a server; this computer may be offline for ever
	wrongNames  = 3              // how often a host name that does not exist is asked for
	yieldAfter  = 10 * time.Minute
)

// passing says whether trouble goes by without a person.
func (f *Fault) passing() bool {
	return f != nil && (f.Code == core.Unreachable || f.Code == core.Timeout || f.Code == core.RateLimited)
}

// needsPerson says whether only a person can help.
func (f *Fault) needsPerson() bool { return f != nil && !f.passing() }

// vaultLocked is the class of a password that is locked away.
const vaultLocked = "vault-locked"

// mayPass says whether a mailbox that failed so is to be tried again by itself.
func (c *crew) mayPass(i int, f *Fault) bool {
	if f.Class == vaultLocked {
		return true
	}
	if !f.passing() {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.trialLocked(i)
	t.times++
	if t.since.IsZero() {
		t.since = time.Now()
	}
	switch {
	case c.away.kind == EventOffline:
		return true
	case !t.met && f.Args["why"] == "no_such_host":
		return t.times < wrongNames
	}
	return time.Since(t.since) < mayBeAway
}

func (c *crew) trialLocked(i int) *trial {
	t := c.trials[i]
	if t == nil {
		t = &trial{}
		c.trials[i] = t
	}
	return t
}

// weigh says how long a mailbox rests after a run of its; nil: it does not. It also
// writes what the time line is to know.
func (c *crew) weigh(ctx context.Context, t *task, before *Mailbox) *rest {
	mb := t.mailbox()
	c.note(t, before)
	if errors.Is(context.Cause(ctx), errYield) {
		c.mu.Lock()
		defer c.mu.Unlock()
		tr := c.trialLocked(t.i)
		return c.restLocked(t.i, tr.until, tr.class)
	}
	if mb.State != Waiting || mb.Fault == nil {
		c.mu.Lock()
		delete(c.trials, t.i)
		c.mu.Unlock()
		return nil
	}
	kind, host := EventKind(""), ""
	if mb.Fault.Code != core.RateLimited && mb.Fault.Class != vaultLocked {
		kind, host = c.desk.net.blame(ctx, mb)
		c.blamed(kind, host)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	tr := c.trialLocked(t.i)
	if t.brought > 0 { // it got on meanwhile: begin anew
		tr.times, tr.since = 1, time.Now()
	}
	longest, class := longestRest, mb.Fault.Class
	switch {
	case mb.Fault.Class == vaultLocked:
		return c.restLocked(t.i, time.Now().Add(longestRest), vaultLocked)
	case mb.Fault.Code == core.RateLimited:
		longest = longestSlow
	case kind != "":
		class = string(kind)
	}
	if class == "" {
		class = string(mb.Fault.Code)
	}
	wait := min(firstRest<<min(max(tr.times-1, 0), 12), longest)
	return c.restLocked(t.i, time.Now().Add(wait), class)
}

func (c *crew) restLocked(i int, until time.Time, class string) *rest {
	c.live.update(i, func(b *Box) {
		b.State, b.Phase, b.WaitUntil, b.WaitClass = Waiting, migrate.PhaseWaiting, until, class
	})
	return &rest{until: until, class: class}
}

// note writes into the time line what a run of one mailbox came to.
func (c *crew) note(t *task, before *Mailbox) {
	mb, brought := t.mailbox(), t.brought
	if brought > 0 {
		_ = c.desk.finishMove(c.id, func(m *Move) { m.Watch.Brought += brought }) // told again at the end of the run
	}
	switch {
	case (mb.State == Done || mb.State == LeftBehind) && before.Outcome.Ended.IsZero():
		c.say(func() {
			c.desk.tell(c.id, EventArrived, mb, "copied", strconv.FormatInt(mb.Outcome.Counts.Copied, 10),
				"left", strconv.FormatInt(mb.Outcome.Counts.LeftBehind, 10))
		})
	case mb.State == Failed && mb.Fault != nil:
		c.say(func() { c.desk.tell(c.id, EventTrouble, mb, "code", string(mb.Fault.Code), "class", mb.Fault.Class) })
	case mb.Fault != nil && mb.Fault.Class == vaultLocked:
		c.slower(vaultLocked, time.Time{})
	}
}

// hear takes what a mailbox at work says of itself. It must not block.
func (c *crew) hear(i int, p *migrate.Progress) {
	switch p.Phase {
	case migrate.PhaseConnecting:
	case migrate.PhaseWaiting:
		c.heardWaiting(i, p)
	default:
		c.met(i)
	}
}

// heardWaiting tells the time line, asks who is away, and frees the place of a
// mailbox that would wait long.
func (c *crew) heardWaiting(i int, p *migrate.Progress) {
	code := core.Code(p.WaitClass)
	switch {
	case code == core.Unreachable || code == core.Timeout:
		c.group.Go(func() {
			m := c.move()
			if m == nil {
				return
			}
			c.blamed(c.desk.net.blame(context.Background(), &m.Mailboxes[i]))
		})
		return
	case p.WaitClass != "sign_in_gap" && p.WaitClass != string(preset.Transient):
		c.slower(p.WaitClass, p.WaitUntil)
	}
	if time.Until(p.WaitUntil) < yieldAfter {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.trialLocked(i)
	t.until, t.class = p.WaitUntil, p.WaitClass
	if cancel := c.hands[i]; cancel != nil {
		cancel(errYield)
	}
}

// slowAgain is how long the time line keeps quiet about the same request.
const slowAgain = 10 * time.Minute

func (c *crew) slower(class string, until time.Time) {
	c.mu.Lock()
	last, known := c.slow[class]
	fresh := !known || time.Since(last) >= slowAgain
	if fresh {
		c.slow[class] = time.Now()
	}
	c.mu.Unlock()
	if !fresh {
		return
	}
	at := ""
	if !until.IsZero() {
		at = strconv.FormatInt(until.UnixMilli(), 10)
	}
	c.say(func() { c.desk.tell(c.id, EventSlower, nil, "class", class, "until", at) })
}
