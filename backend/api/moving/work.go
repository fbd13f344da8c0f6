package moving

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/core"
	"mailroom/backend/job"
	"mailroom/backend/migrate"
)

// defaultParallel is how many mailboxes of a move are at work at once.
const defaultParallel = 3

// task is one act on one mailbox.
type task struct {
	desk    *Desk
	live    *live
	order   order
	id      string // of the move
	options Options
	i       int     // where the mailbox stands in the move
	mb      Mailbox // the work's own copy
	admit   func(ctx context.Context, size int64) error
	brought int64        // messages that this run stored
	crew    *crew        // nil: not a run
	cause   func() error // why the work was asked to stop; nil: it was not
}

func (t *task) mailbox() *Mailbox { return &t.mb }

// each runs an act on a move's mailboxes, several at once, and returns the first
// error that is about the whole move.
func (d *Desk) each(ctx context.Context, j job.Job, act string, do func(context.Context, *task) error) error {
	var o order
	if err := json.Unmarshal([]byte(j.Args), &o); err != nil {
		return core.E(core.Malformed, act, err)
	}
	d.mu.Lock()
	m, ok := d.moves[j.Subject]
	if ok {
		m = m.clone()
	}
	d.mu.Unlock()
	if !ok {
		return core.E(core.NotFound, act, nil, "id", j.Subject)
	}
	l := d.goLive(m, act)
	defer l.end()
	parallel := m.Options.Parallel
	if parallel == 0 {
		parallel = defaultParallel
	}
	var group errgroup.Group
	group.SetLimit(parallel)
	for i := range m.Mailboxes {
		if ctx.Err() != nil {
			break
		}
		if m.Mailboxes[i].Self || m.Mailboxes[i].Out && act != actUndo || !o.covers(m.Mailboxes[i].ID) {
			continue
		}
		t := &task{desk: d, live: l, order: o, id: m.ID, options: m.Options, i: i, mb: m.Mailboxes[i],
			cause: func() error { return context.Cause(ctx) }}
		group.Go(func() error { return t.protected(ctx, do) })
	}
	err := group.Wait()
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// protected runs one task; a panic in it ends this mailbox, not the program.
func (t *task) protected(ctx context.Context, do func(context.Context, *task) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("panic in a move", "mailbox", t.mailbox().ID, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			t.mailbox().State, t.mailbox().Fault = Failed, &Fault{Code: core.Internal}
			err = t.keep(findings{})
		}
	}()
	return do(ctx, t)
}

// mover connects the two sides.
func (t *task) mover(ctx context.Context) (*migrate.Mover, error) {
	mb := t.mailbox()
	from, err := t.desk.connect(ctx, mb.From, false)
	if err != nil {
		return nil, sided(err, "from")
	}
	to, err := t.desk.connect(ctx, mb.To, true)
	if err != nil {
		return nil, sided(err, "to")
	}
	mb.FromKey, mb.ToKey = from.Key(), to.Key()
	o := t.options
	since, err := migrate.ParseDay(o.Since)
	if err != nil {
		return nil, err
	}
	before, err := migrate.ParseDay(o.Before)
	if err != nil {
		return nil, err
	}
	return migrate.New(t.desk.led, from, to, migrate.Options{
		Folders: o.Include, Exclude: o.Exclude, Targets: targets(mb.Choices), Verify: o.Verify, Connections: o.Connections,
		BytesPerSecond: o.BytesPerSecond, BytesPerDay: o.BytesPerDay, ExcludeDeleted: o.ExcludeDeleted, Admit: t.admit,
		KeepTouched: t.order.Keep, Since: since, Before: before,
	}, t.live.sink(t.i)), nil
}

// sided adds which side of the move an error is about.
func sided(err error, side string) error {
	return core.E(core.CodeOf(err), "connect", err, "side", side)
}

func targets(choices []Choice) map[string]string {
	all := map[string]string{}
	for _, c := range choices {
		switch {
		case c.Skip:
			all[folderID(c.Folder)] = ""
		case c.Target != "":
			all[folderID(c.Folder)] = c.Target
		}
	}
	return all
}

// keep writes what is known of the mailbox to the disk and into the desk. What a
// person decided about it meanwhile stays.
func (t *task) keep(f findings) error {
	// What was found out must reach the disk although the work is asked to stop.
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	mb := t.mailbox()
	t.desk.boxes.Lock()
	defer t.desk.boxes.Unlock()
	t.desk.mu.Lock()
	if m, ok := t.desk.moves[t.id]; ok && t.i < len(m.Mailboxes) {
		mb.decided(&m.Mailboxes[t.i])
	}
	t.desk.mu.Unlock()
	if err := t.desk.table.saveFindings(ctx, t.id, t.i, mb, f); err != nil {
		return err
	}
	t.desk.put(t.id, t.i, *mb)
	t.live.update(t.i, func(b *Box) {
		*b = boxOf(mb)
	})
	return nil
}

// decided takes over what is a person's to decide.
func (mb *Mailbox) decided(now *Mailbox) {
	mb.Held, mb.Out = now.Held, now.Out
	mb.From, mb.To = now.From, now.To
	switch {
	case mb.Out:
		mb.State = LeftOut
	case mb.Held && (mb.State == Queued || mb.State == Waiting):
		mb.State = Paused
	}
}

// put replaces one mailbox in the desk.
func (d *Desk) put(id string, i int, mb Mailbox) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m, ok := d.moves[id]; ok && i < len(m.Mailboxes) {
		next := m.clone()
		next.Mailboxes[i] = mb
		d.moves[id] = next
	}
}

// stopped says whether an error only tells that the work was asked to stop.
func stopped(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (core.CodeOf(err) == core.Canceled || errors.Is(err, context.Canceled))
}

// ended gives a mailbox its state after an act that ended with err.
func (t *task) ended(ctx context.Context, err error, fine State) {
	mb := t.mailbox()
	mb.Fault = nil
	switch {
	case err == nil:
		mb.State = fine
	case stopped(ctx, err):
		mb.State = stoppedState(t.cause())
	case errors.Is(err, errBudget):
		mb.State = Queued
	default:
		mb.State, mb.Fault = Failed, FaultOf(err)
		if t.crew != nil && t.crew.mayPass(t.i, mb.Fault) {
			mb.State = Waiting
		}
	}
}

// finishMove records the times and flags of a move after an act.
func (d *Desk) finishMove(id string, change func(*Move)) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	d.mu.Lock()
	defer d.mu.Unlock()
	m, ok := d.moves[id]
	if !ok {
		return nil
	}
	next := m.clone()
	change(next)
	if err := d.table.saveHead(ctx, next); err != nil {
		return err
	}
	d.moves[id] = next
	return nil
}

// plan is the dry run of a move.
func (d *Desk) plan(ctx context.Context, j job.Job) error {
	err := d.each(ctx, j, actPlan, func(ctx context.Context, t *task) error {
		mb := t.mailbox()
		est, err := t.estimate(ctx)
		if err == nil {
			// The rules for everybody count for folders that were seen just now, too.
			folders := t.foldersOf(est.Folders)
			if choices := ruled(folders, t.options.FolderRules, mb.Choices); !slices.Equal(choices, mb.Choices) {
				mb.Choices = choices
				if err = t.keep(findings{folders: applied(folders, choices)}); err == nil {
					est, err = t.estimate(ctx)
				}
			}
		}
		if err != nil {
			if stopped(ctx, err) {
				return nil
			}
			mb.State, mb.Fault = Failed, FaultOf(err)
			return t.keep(findings{})
		}
		if mb.Outcome.Ended.IsZero() || mb.State == Failed {
			mb.State, mb.Fault = Idle, nil
		}
		mb.Estimate = estimateOf(&est)
		return t.keep(findings{folders: t.foldersOf(est.Folders)})
	})
	if err != nil {
		return err
	}
	return d.finishMove(j.Subject, func(m *Move) {
		m.Planned = true
		for i := range m.Mailboxes {
			mb := &m.Mailboxes[i]
			m.Planned = m.Planned && (mb.Estimate != nil || mb.Out || mb.Self)
		}
	})
}

func (t *task) estimate(ctx context.Context) (migrate.Estimate, error) {
	mover, err := t.mover(ctx)
	if err != nil {
		return migrate.Estimate{}, err
	}
	return mover.Estimate(ctx)
}

// maxWont bounds how many of the messages that will not fit are kept by name.
const maxWont = 100

func estimateOf(e *migrate.Estimate) *Estimate {
	already := int64(0)
	for i := range e.Folders {
		already += e.Folders[i].AlreadyThere
	}
	return &Estimate{
		Already: already,
		Folders: len(e.Folders), Messages: e.Messages, Bytes: e.Bytes, ToCopy: e.ToCopy, ToCopyBytes: e.ToCopyBytes,
		WillLeave: e.WillLeaveCount, RoomNeeded: e.RoomNeeded, RoomFree: e.RoomFree, MaxMessage: e.MaxMessage,
		Seconds: whole(e.Seconds), Days: whole(e.Days), PerDay: perDay(e), Warnings: remarks(e.Warnings),
		Wont: e.WillLeave[:min(len(e.WillLeave), maxWont)],
	}
}

// perDay is the daily budget that an estimate was made with; 0: none.
func perDay(e *migrate.Estimate) int64 {
	if !(e.Days > 0) || e.ToCopyBytes <= 0 {
		return 0
	}
	return whole(float64(e.ToCopyBytes) / e.Days)
}

// whole rounds up; what is no number is 0, unknown.
func whole(f float64) int64 {
	if math.IsNaN(f) || f <= 0 || f > 1e12 {
		return 0
	}
	return int64(math.Ceil(f))
}
