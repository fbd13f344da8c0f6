package migrate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/migrate/foldermap"
	"mailroom/backend/migrate/ledger"
)

const leftLimit = 10_000

func (mv *move) emptyResult() Result {
	return Result{From: mv.from.account.Key(), To: mv.to.account.Key(), State: StateDone, Started: mv.started,
		Folders: []FolderReport{}, Left: []LeftBehind{}, Errors: []Trouble{}, Mismatch: []Mismatch{}, Notes: []string{}}
}

// result sums up a run from the ledger, which is the truth whatever happened.
func (mv *move) result(ctx context.Context, err error) (Result, error) {
	r := mv.emptyResult()
	ctx = context.WithoutCancel(ctx)
	for _, o := range mv.origins {
		fr, ferr := mv.report(ctx, o, &r, err)
		if ferr != nil && err == nil {
			err = ferr
		}
		r.Folders = append(r.Folders, fr)
		r.Messages += fr.Messages
		r.Copied += fr.Copied
		r.AlreadyThere += fr.AlreadyThere
		r.Excluded += fr.Excluded
		r.LeftBehind += fr.LeftBehind
		r.Bytes += fr.Bytes
	}
	if r.LeftBehind > 0 || len(mv.mismatch) > 0 {
		r.State = StateLeftBehind
	}
	mv.close(&r, err)
	return r, err
}

// close adds what is common to every kind of run.
func (mv *move) close(r *Result, err error) {
	if err != nil {
		r.State = StateFailed
		mv.book.trouble(troubleOf(err, ""))
	}
	r.FlagsSet = mv.flagsSet.Load()
	r.Mismatch = append(r.Mismatch, mv.mismatch...)
	if len(mv.mismatch) > 0 {
		mv.book.trouble(Trouble{Code: core.Conflict, Class: "verify_mismatch"})
	} else if err == nil {
		r.Verified = mv.opt.Verify
	}
	mv.book.note(mv.srcTraits.Notes...)
	mv.book.note(mv.dstTraits.Notes...)
	mv.book.mu.Lock()
	r.Errors = append(r.Errors, mv.book.troubles...)
	r.Notes = append(r.Notes, mv.book.notes...)
	mv.noteDates(r)
	mv.book.mu.Unlock()
	r.Ended = time.Now()
	mv.progress.phase(PhaseDone, "")
}

// report makes one source folder's line.
func (mv *move) report(ctx context.Context, o *origin, r *Result, ended error) (FolderReport, error) {
	fr := FolderReport{SourceID: o.entry.Source.ID, Source: o.name(), Target: strings.Join(o.entry.Target, "/"),
		Role: o.entry.Role, Action: string(o.entry.Action), Reason: string(o.entry.Reason), Changes: changeWords(o.entry)}
	switch {
	case o.entry.Action != foldermap.Copy:
		fr.Target = ""
		fr.Messages, fr.Excluded = int64(o.status.Messages), int64(o.status.Messages)
		return fr, nil
	case !o.known:
		fr.Messages, fr.LeftBehind = int64(o.status.Messages), int64(o.status.Messages)
		fr.Error = o.trouble(ended)
		return fr, nil
	}
	counts, _, err := mv.led.Tally(ctx, o.folder.ID)
	if err != nil {
		return fr, err
	}
	here := counts[ledger.Copied] + counts[ledger.Adopted] + counts[ledger.Sent]
	fr.Copied = min(o.copied.Load(), here)
	fr.AlreadyThere = here - fr.Copied
	fr.Excluded = counts[ledger.Excluded]
	if err := mv.countDates(ctx, o, fr.Excluded, r); err != nil {
		return fr, err
	}
	fr.LeftBehind = counts[ledger.Left] + counts[ledger.Pending]
	if o.done {
		fr.LeftBehind += o.unlisted
	} else { // what the source could not even list is not there either
		fr.LeftBehind += max(0, int64(o.status.Messages)-here-fr.Excluded-fr.LeftBehind)
	}
	fr.Messages = here + fr.Excluded + fr.LeftBehind
	fr.Bytes = o.bytes.Load()
	if o.err != nil || counts[ledger.Pending] > 0 || !o.done {
		fr.Error = o.trouble(ended)
	}
	if o.unproven == 0 && o.err == nil && ended == nil {
		fr.Verified = string(mv.opt.Verify)
	}
	return fr, mv.listLeft(ctx, o, r)
}

// countDates notes how many messages of a folder the bounds on dates leave out.
func (mv *move) countDates(ctx context.Context, o *origin, excluded int64, r *Result) error {
	if excluded == 0 || mv.opt.Since.IsZero() && mv.opt.Before.IsZero() {
		return nil
	}
	counts, err := mv.led.Reasons(ctx, o.folder.ID, ledger.Excluded)
	r.older += counts[ruleOlder]
	r.newer += counts[ruleNewer]
	return err
}

// noteDates names the bounds on dates with what they left out.
func (mv *move) noteDates(r *Result) {
	if r.older > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s:%s · %d", noteOlder, mv.opt.Since.Format(time.DateOnly), r.older))
	}
	if r.newer > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s:%s · %d", noteNewer, mv.opt.Before.Format(time.DateOnly), r.newer))
	}
}

func (o *origin) trouble(ended error) string {
	if o.err != nil {
		return classOf(o.err)
	}
	if ended != nil {
		return classOf(ended)
	}
	return ""
}

func (mv *move) listLeft(ctx context.Context, o *origin, r *Result) error {
	if len(r.Left) >= leftLimit {
		return nil
	}
	lost, err := mv.led.Lost(ctx, o.folder.ID, leftLimit-len(r.Left))
	for _, b := range lost {
		r.Left = append(r.Left, LeftBehind{Folder: o.name(), UID: b.UID, Date: b.Date, From: b.Sender, Subject: b.Subject,
			Size: b.Size, Class: b.Class, Server: b.Server})
	}
	return err
}
