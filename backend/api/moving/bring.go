package moving

import (
	"context"
	"time"

	"mailroom/backend/job"
	"mailroom/backend/migrate"
	"mailroom/backend/migrate/ledger"
)

// maxDiffer bounds how many differences are kept of one mailbox.
const maxDiffer = 1000

// bring moves one mailbox.
func bring(ctx context.Context, t *task) error {
	mb := t.mailbox()
	if mb.arrivedIn(t.order.Round) {
		return nil // before a pause of this very run
	}
	mover, err := t.mover(ctx)
	if err == nil {
		err = t.breakSeal(ctx)
	}
	if err != nil {
		t.ended(ctx, err, Failed)
		return t.keep(findings{})
	}
	result, err := mover.Run(ctx)
	if err == nil {
		err = t.sealCopy(ctx, &result)
	}
	return t.record(ctx, result, err)
}

// record keeps the result of a run.
func (t *task) record(ctx context.Context, r migrate.Result, err error) error {
	mb := t.mailbox()
	t.brought = r.Copied
	t.ended(ctx, err, stateOf(r.State))
	mb.Round = t.order.Round
	stored, byFolder, ledgerErr := t.desk.stored(mb)
	if ledgerErr != nil {
		return ledgerErr
	}
	earlier := mb.Outcome
	mb.Outcome = Outcome{
		Counts: split(r.Counts, stored), Stored: stored, FlagsSet: earlier.FlagsSet + r.FlagsSet,
		Verified: r.Verified, Differ: len(r.Mismatch), Notes: r.Notes, Remarks: remarks(r.Errors),
		Started: r.Started, Ended: time.Now(),
	}
	mb.Outcome.Counts.Bytes += earlier.Counts.Bytes
	if !earlier.Started.IsZero() {
		mb.Outcome.Started = earlier.Started
	}
	if r.Verified != "" && r.Verified != migrate.VerifyNone {
		mb.Outcome.Compared = r.Messages - r.Excluded - r.LeftBehind
	}
	folders := t.foldersOf(r.Folders)
	for i := range folders {
		folders[i].Counts = split(folders[i].Counts, byFolder[folders[i].Key])
	}
	return t.keep(findings{folders: folders, differ: r.Mismatch[:min(len(r.Mismatch), maxDiffer)], left: leftRows(r.Left)})
}

// split says of what has arrived how much this move stored, over all its runs.
func split(c migrate.Counts, stored int64) migrate.Counts {
	arrived := c.Copied + c.AlreadyThere
	c.Copied = min(stored, arrived)
	c.AlreadyThere = arrived - c.Copied
	return c
}

func stateOf(s migrate.State) State {
	switch s {
	case migrate.StateDone:
		return Done
	case migrate.StateLeftBehind:
		return LeftBehind
	}
	return Failed
}

func leftRows(left []migrate.LeftBehind) []any {
	rows := make([]any, len(left))
	for i := range left {
		rows[i] = left[i]
	}
	return rows
}

// foldersOf makes the map of folders from an engine's report. What was proposed for
// a folder before the person chose is taken over from the map of before.
func (t *task) foldersOf(reports []migrate.FolderReport) []Folder {
	chosen, own := map[string]bool{}, map[string]bool{}
	for _, c := range t.mailbox().Choices {
		chosen[c.Folder], own[c.Folder] = true, c.Own
	}
	proposed := map[string]Proposal{}
	if before, err := t.desk.Folders(context.Background(), t.id, t.mailbox().ID); err == nil {
		for i := range before {
			proposed[before[i].Key] = before[i].Proposed
		}
	}
	all := make([]Folder, 0, len(reports))
	for _, r := range reports {
		key := FolderKey(r.SourceID)
		all = append(all, Folder{
			Key: key, Source: r.Source, Target: r.Target, Role: r.Role, Action: r.Action, Reason: r.Reason,
			Changes: r.Changes, Chosen: chosen[key], Own: own[key], Proposed: proposed[key], Counts: r.Counts, Verified: r.Verified, Error: r.Error,
		})
	}
	return all
}

// stored counts what the ledger says this move has put at the destination, in all
// and by [FolderKey] of the source.
func (d *Desk) stored(mb *Mailbox) (total int64, byFolder map[string]int64, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	byFolder = map[string]int64{}
	err = d.tallies(ctx, mb, func(f ledger.Folder, counts map[ledger.State]int64) {
		n := counts[ledger.Sent] + counts[ledger.Copied]
		total += n
		byFolder[FolderKey(f.Source)] += n
	})
	return total, byFolder, err
}

// tallies walks the ledger's folders of a mailbox.
func (d *Desk) tallies(ctx context.Context, mb *Mailbox, f func(ledger.Folder, map[ledger.State]int64)) error {
	account, err := d.led.Account(ctx, mb.FromKey, mb.ToKey)
	if err != nil {
		return err
	}
	folders, err := d.led.Folders(ctx, account)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		if !folder.Current {
			continue
		}
		counts, _, err := d.led.Tally(ctx, folder.ID)
		if err != nil {
			return err
		}
		f(folder, counts)
	}
	return nil
}

// verify compares both sides of every mailbox again. A mailbox keeps its state.
func (d *Desk) verify(ctx context.Context, j job.Job) error {
	return d.each(ctx, j, actVerify, func(ctx context.Context, t *task) error {
		mb := t.mailbox()
		mover, err := t.mover(ctx)
		var r migrate.Result
		if err == nil {
			r, err = mover.Verify(ctx, t.order.Level)
		}
		if stopped(ctx, err) {
			return t.keep(findings{})
		}
		if mb.Fault = FaultOf(err); err != nil {
			return t.keep(findings{})
		}
		mb.Outcome.Verified, mb.Outcome.Differ, mb.Outcome.Compared = r.Verified, len(r.Mismatch), r.Messages
		mb.Outcome.Ended = time.Now()
		return t.keep(findings{differ: r.Mismatch[:min(len(r.Mismatch), maxDiffer)]})
	})
}
