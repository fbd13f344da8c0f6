package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/migrate/numbering"
)

// outcome is what became of one errand.
type outcome struct {
	errand *errand
	migrate.Result
	estimate *migrate.Estimate // of a dry run
	err      error
}

// act is the work on one mailbox.
type act func(ctx context.Context, m *migrate.Mover) (migrate.Result, *migrate.Estimate, error)

func (v *moveVerb) run(ctx context.Context, r *run) int {
	if err := errors.Join(v.readInvitation(r), v.check()); err != nil {
		return r.fail(err)
	}
	o := v.options()
	if r.invited != nil {
		o.Targets = invitedTargets(r.invited.Folders)
	}
	o.Verify, o.DryRun = migrate.Level(v.Verify), v.DryRun
	o.BytesPerSecond, o.BytesPerDay = int64(v.Rate), int64(v.Daily)
	if v.DryRun {
		return r.work(ctx, &v.addressing, o, "dry", func(ctx context.Context, m *migrate.Mover) (migrate.Result, *migrate.Estimate, error) {
			e, err := m.Estimate(ctx)
			return migrate.Result{}, &e, err
		})
	}
	r.writes, r.seal = true, v.Seal
	r.papers = func(results []*outcome, exit int) error {
		return errors.Join(v.save(r, results, exit), v.saveResult(r, results[0]))
	}
	return r.work(ctx, &v.addressing, o, "move", func(ctx context.Context, m *migrate.Mover) (migrate.Result, *migrate.Estimate, error) {
		res, err := m.Run(ctx)
		return res, nil, err
	})
}

func (v *verifyVerb) run(ctx context.Context, r *run) int {
	if err := v.check(); err != nil {
		return r.fail(err)
	}
	r.papers = func(results []*outcome, exit int) error { return v.save(r, results, exit) }
	o := v.options()
	o.Verify = migrate.Level(v.Verify)
	return r.work(ctx, &v.addressing, o, "verify", func(ctx context.Context, m *migrate.Mover) (migrate.Result, *migrate.Estimate, error) {
		res, err := m.Verify(ctx, o.Verify)
		return res, nil, err
	})
}

func (v *undoVerb) run(ctx context.Context, r *run) int {
	r.writes = true
	return r.work(ctx, &v.addressing, v.options(), "undo", func(ctx context.Context, m *migrate.Mover) (migrate.Result, *migrate.Estimate, error) {
		res, err := m.Undo(ctx)
		return res, nil, err
	})
}

func (*versionVerb) run(_ context.Context, r *run) int {
	fmt.Fprintln(r.stdout, "mailroom "+r.env.Version)
	return exitOK
}

// work does act for every mailbox of the command line and reports.
func (r *run) work(ctx context.Context, a *addressing, o migrate.Options, kind string, do act) int {
	closeLog, err := r.openLog(a.Log)
	if err != nil {
		return r.fail(err)
	}
	defer closeLog()
	all, errs := r.errands(a)
	if len(errs) > 0 {
		return r.fail(errs...)
	}
	results, err := r.each(ctx, all, a.stateDir(), a.Parallel, o, do)
	if err != nil {
		return r.fail(err)
	}
	return r.conclude(results, kind)
}

// each works on the mailboxes, some at a time. The error is the ledger's.
func (r *run) each(ctx context.Context, all []*errand, state string, parallel int, o migrate.Options, do act) ([]*outcome, error) {
	led, err := ledger.Open(ctx, state)
	if err != nil {
		return nil, core.E(core.CodeOf(err), "open ledger", err, "state", state)
	}
	defer led.Close()
	if r.numbers.book, err = numbering.Open(ctx, state); err != nil {
		return nil, core.E(core.CodeOf(err), "open numbers", err, "state", state)
	}
	defer r.numbers.book.Close()
	b := newBoard(r, all)
	results := make([]*outcome, len(all))
	slots := make(chan struct{}, max(1, parallel))
	var wg sync.WaitGroup
	for i, e := range all {
		results[i] = &outcome{errand: e}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			b.begin(i)
			results[i].err = r.one(ctx, led, e, o, b.sink(i), do, results[i])
			b.end(i, results[i])
		})
	}
	wg.Wait()
	b.close()
	return results, nil
}

// one works on one mailbox and turns a panic into an error: the others go on.
func (r *run) one(ctx context.Context, led *ledger.Ledger, e *errand, o migrate.Options, sink migrate.Sink, do act, out *outcome) (err error) {
	out.From, out.To = e.from.account.Key(), e.to.account.Key()
	out.State = migrate.StateFailed
	defer func() {
		if p := recover(); p != nil {
			err = core.E(core.Internal, "work on mailbox", fmt.Errorf("panic: %v", p), "mailbox", e.title())
			r.log.Error("panic", "mailbox", e.title(), "panic", p)
		}
	}()
	if err := ctx.Err(); err != nil {
		return err
	}
	r.log.Info("begin", "from", out.From, "to", out.To)
	mover := migrate.New(led, e.from.account, e.to.account, o, sink)
	res, estimate, err := r.sealing(ctx, e, func() (migrate.Result, *migrate.Estimate, error) { return do(ctx, mover) })
	if res.State != "" {
		out.Result = res
	}
	if out.estimate = estimate; estimate != nil && err == nil {
		out.weigh(estimate)
	}
	r.log.Info("end", "from", out.From, "to", out.To, "state", out.State, "messages", out.Messages, "copied", out.Copied,
		"alreadyThere", out.AlreadyThere, "excluded", out.Excluded, "leftBehind", out.LeftBehind, "error", fmt.Sprint(err))
	return err
}

// weigh makes the outcome of a dry run: nothing is copied, what would stay is left.
func (out *outcome) weigh(e *migrate.Estimate) {
	out.State = migrate.StateDone
	out.Folders, out.Left, out.Errors = e.Folders, e.WillLeave, e.Warnings
	out.Messages, out.LeftBehind = e.Messages, e.WillLeaveCount
	for _, f := range e.Folders {
		out.AlreadyThere += f.AlreadyThere
		out.Excluded += f.Excluded
	}
	full := e.RoomFree >= 0 && e.RoomNeeded > e.RoomFree
	if e.WillLeaveCount > 0 || full {
		out.State = migrate.StateLeftBehind
	}
}

// conclude reports all outcomes and returns the exit code.
func (r *run) conclude(results []*outcome, kind string) int {
	exit := exitOK
	for _, res := range results {
		exit = worse(exit, exitOfResult(res))
	}
	var unsaved error
	if r.papers != nil && len(results) > 0 {
		if unsaved = r.papers(results, exit); unsaved != nil {
			r.log.Error("papers", "error", unsaved.Error())
			exit = worse(exit, exitFault)
		}
	}
	if r.json != nil {
		r.json.summary(results, errsOf(unsaved))
		return exit
	}
	r.report(results, kind, exit)
	for _, saved := range r.saved {
		fmt.Fprintln(r.stdout, saved)
	}
	if unsaved != nil {
		fmt.Fprintln(r.stderr, "mailroom: "+r.words.explain(unsaved))
	}
	return exit
}

func errsOf(err error) []error {
	if err == nil {
		return nil
	}
	return []error{err}
}
