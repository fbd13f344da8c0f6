package api

import (
	"context"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/preset"
)

// Bounds of the DNS assistant.
const (
	tableFor = 20 * time.Second
	watchFor = 24 * time.Hour
)

func (d *Doctor) assistant(req AssistRequest) (*doctor.Exam, error) {
	setup, err := d.setup(req.Resolver)
	if err != nil {
		return nil, err
	}
	for _, id := range []string{req.Provider, req.Leaving} {
		if _, ok := preset.ByID(id); id != "" && !ok {
			return nil, core.E(core.Invalid, "assistant", nil, "field", "provider", "value", id)
		}
	}
	setup.Options = doctor.Options{Provider: req.Provider, Leaving: req.Leaving, Switching: req.Switching}
	return checks.Prepare(req.Domain, setup)
}

// table asks the DNS anew and compares.
func table(ctx context.Context, x *doctor.Exam, raise bool) (AssistTable, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, tableFor)
	defer cancel()
	a, err := checks.Assist(ctx, x, raise)
	t := AssistTable{Domain: x.Domain, Shown: x.Shown, Provider: a.Provider.ID, Green: a.Green && len(a.Rows) > 0, AgainMs: a.Again.Milliseconds(), Rows: mapped(a.Rows, wireRow(x.Domain, a.Host)), DNSHost: wireDNSHost(a.Host)}
	return t, a.Again, err
}

// Assist compares what stands in the DNS with what the provider wants. It takes up to
// some seconds; App.Cancel(requestID) stops it. Errors: invalid, not_found (no DNS
// server), canceled, timeout.
func (d *Doctor) Assist(requestID string, req AssistRequest) (AssistTable, error) {
	return guard("assistant", func() (AssistTable, error) {
		none := AssistTable{Rows: []AssistRow{}}
		x, err := d.assistant(req)
		if err != nil {
			return none, err
		}
		ctx, end := d.api.calls.begin(d.api.root, requestID, tableFor)
		defer end()
		t, _, err := table(ctx, x, req.Raise)
		return t, err
	})
}

// Watch looks again and again until everything is green, at most for a day, and tells
// assist:changed after each look; the pause is what the DNS says it remembers, a minute
// at least. It returns the watch's id for [Doctor.Unwatch].
func (d *Doctor) Watch(req AssistRequest) (string, error) {
	return guard("watch records", func() (string, error) {
		if _, err := d.assistant(req); err != nil {
			return "", err
		}
		id := newID()
		ctx, cancel := context.WithTimeout(d.api.root, watchFor)
		d.mu.Lock()
		if d.watches == nil {
			d.watches = map[string]context.CancelFunc{}
		}
		d.watches[id] = cancel
		d.mu.Unlock()
		d.api.background.Go(func() {
			defer func() { _ = d.Unwatch(id) }()
			d.watch(ctx, id, req)
		})
		return id, nil
	})
}

func (d *Doctor) watch(ctx context.Context, id string, req AssistRequest) {
	for {
		x, err := d.assistant(req) // a new one each time: nothing is remembered
		if err != nil {
			return
		}
		t, again, _ := table(ctx, x, req.Raise)
		d.mu.Lock()
		d.seq++
		event := AssistChanged{ID: id, Seq: d.seq, Table: t, Over: t.Green || ctx.Err() != nil}
		d.mu.Unlock()
		d.api.cfg.Desktop.Emit("assist:changed", event)
		if event.Over {
			return
		}
		timer := time.NewTimer(max(again, time.Minute))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// Unwatch ends a watch; an unknown id is fine.
func (d *Doctor) Unwatch(id string) error {
	return guardDo("stop watching", func() error {
		d.mu.Lock()
		defer d.mu.Unlock()
		if stop, ok := d.watches[id]; ok {
			stop()
			delete(d.watches, id)
		}
		return nil
	})
}
