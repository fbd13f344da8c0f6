package office

import (
	"context"
	"sync"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office/directory"
)

// DeskConfig is what a desk works with.
type DeskConfig struct {
	House     *House
	Directory *directory.Store
	// Record writes down what was done, with before and after; nil: nobody does.
	Record func(context.Context, audit.Entry)
	// Told hears that a run is further; it must not block. nil: nobody listens.
	Told func(Run)
	// Forget removes passwords of the vault that are no longer needed; nil: they stay.
	Forget func(ctx context.Context, handles []string)
}

// Desk shows what changes would do, carries them out and takes them back. It is safe
// for concurrent use.
type Desk struct {
	cfg DeskConfig

	mu    sync.Mutex
	plans map[string]*plan
}

type plan struct{ Plan }

// OpenDesk opens the desk on the house's book. Runs that were cut off when the program
// ended are shown as interrupted.
func OpenDesk(_ context.Context, cfg DeskConfig) (*Desk, error) {
	return &Desk{cfg: cfg, plans: map[string]*plan{}}, nil
}

// Working says whether a run of the office is at work; "" asks for all offices.
func (d *Desk) Working(string) bool { return false }

// Close stops what is at work and waits for it until ctx ends.
func (d *Desk) Close(context.Context) error { return nil }

// Preview finds out what changes would do and keeps the plan.
func (d *Desk) Preview(context.Context, string, []Change) (Plan, error) {
	return Plan{}, core.E(core.Unsupported, "preview", nil)
}

// Apply carries a plan out in the background.
func (d *Desk) Apply(context.Context, string, string) (Run, error) {
	return Run{}, core.E(core.Unsupported, "apply", nil)
}

// Stop asks a run to end after the change at hand.
func (d *Desk) Stop(context.Context, string) (Run, error) {
	return Run{}, core.E(core.Unsupported, "stop", nil)
}

// Resume goes on with a run that was stopped or cut off.
func (d *Desk) Resume(context.Context, string) (Run, error) {
	return Run{}, core.E(core.Unsupported, "resume", nil)
}

// Undo previews what takes a run back.
func (d *Desk) Undo(context.Context, string) (Plan, error) {
	return Plan{}, core.E(core.Unsupported, "undo", nil)
}

// Runs lists an office's runs, the newest first.
func (d *Desk) Runs(context.Context, string, int) ([]Run, error) { return nil, nil }

// Run reads one.
func (d *Desk) Run(context.Context, string) (Run, error) {
	return Run{}, core.E(core.NotFound, "read run", nil)
}

// Results reads a page of a run's steps and what became of them.
func (d *Desk) Results(context.Context, string, int, int) ([]Result, error) { return nil, nil }

// Handles are the vault's handles that offices, plans and unfinished runs need.
func (d *Desk) Handles(ctx context.Context) ([]string, error) { return d.cfg.House.Book().Handles(ctx) }
