package api

import (
	"context"
	"strconv"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/office"
)

// Changes shows what would be done at the provider, does it and takes it back.
type Changes struct {
	api *API

	mu  sync.Mutex
	seq int64
}

// maxChanges bounds one plan.
const maxChanges = 20_000

// Preview finds out what changes would do at the provider, exactly and without doing it,
// until App.Cancel(requestID). The plan is good for an hour.
func (c *Changes) Preview(requestID, officeID string, wanted []OfficeChange) (ChangePlan, error) {
	return with(c.api, "preview changes", func(root context.Context, d *data) (ChangePlan, error) {
		ctx, end := c.api.calls.begin(root, requestID, refreshLimit)
		defer end()
		if len(wanted) == 0 || len(wanted) > maxChanges {
			return ChangePlan{}, core.E(core.Invalid, "preview changes", nil, "field", "changes", "limit", strconv.Itoa(maxChanges))
		}
		all, err := changes(wanted)
		if err != nil {
			return ChangePlan{}, err
		}
		p, err := d.changes.Preview(ctx, officeID, all)
		return wirePlan(p), err
	})
}

// Apply carries a plan out in the background and returns the run. typed is what the
// person typed where the plan demands it; anything else is invalid with the field
// "typed". Refused steps are left out.
func (c *Changes) Apply(planID, typed string) (ChangeRun, error) {
	return c.act("apply changes", func(ctx context.Context, desk *office.Desk) (office.Run, error) {
		return desk.Apply(ctx, planID, typed)
	})
}

// Stop asks a run to end after the change at hand; it can go on later.
func (c *Changes) Stop(runID string) (ChangeRun, error) {
	return c.act("stop changes", func(ctx context.Context, desk *office.Desk) (office.Run, error) { return desk.Stop(ctx, runID) })
}

// Resume goes on with a run that was stopped or interrupted, without doing anything
// twice, and tries again what failed.
func (c *Changes) Resume(runID string) (ChangeRun, error) {
	return c.act("go on with changes", func(ctx context.Context, desk *office.Desk) (office.Run, error) { return desk.Resume(ctx, runID) })
}

func (c *Changes) act(op string, f func(context.Context, *office.Desk) (office.Run, error)) (ChangeRun, error) {
	return with(c.api, op, func(ctx context.Context, d *data) (ChangeRun, error) {
		r, err := f(ctx, d.changes)
		return wireRun(r, c.next()), err
	})
}

// Undo previews what takes a run back. The plan is applied like any other; what cannot
// be taken back is among its steps, with the reason.
func (c *Changes) Undo(requestID, runID string) (ChangePlan, error) {
	return with(c.api, "preview undo", func(root context.Context, d *data) (ChangePlan, error) {
		ctx, end := c.api.calls.begin(root, requestID, refreshLimit)
		defer end()
		p, err := d.changes.Undo(ctx, runID)
		return wirePlan(p), err
	})
}

// List lists an office's runs, the newest first, at most 200.
func (c *Changes) List(officeID string, limit int) ([]ChangeRun, error) {
	return with(c.api, "list changes", func(ctx context.Context, d *data) ([]ChangeRun, error) {
		runs, err := d.changes.Runs(ctx, officeID, min(max(limit, 1), 200))
		return mapped(runs, func(r office.Run) ChangeRun { return wireRun(r, c.next()) }), err
	})
}

// Results tells what became of a run's steps, from a place on, at most 500.
func (c *Changes) Results(runID string, from, limit int) (ChangeResults, error) {
	return with(c.api, "read results", func(ctx context.Context, d *data) (ChangeResults, error) {
		r, err := d.changes.Run(ctx, runID)
		if err != nil {
			return ChangeResults{Rows: []ChangeResult{}}, err
		}
		rows, err := d.changes.Results(ctx, runID, from, min(max(limit, 1), 500))
		return ChangeResults{Run: wireRun(r, c.next()), Total: r.Total, Rows: mapped(rows, wireResult)}, err
	})
}

func (c *Changes) next() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	return c.seq
}

// runTold tells the page how far a run is.
func (a *API) runTold(r office.Run) {
	a.cfg.Desktop.Emit("run:progress", wireRun(r, a.changes.next()))
}
