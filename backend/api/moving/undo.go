package moving

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/job"
	"mailroom/backend/migrate"
)

// UndoChoice says what an undo is for.
type UndoChoice struct {
	Boxes []string // only these mailboxes; empty: the whole move
	Keep  bool     // leave alone what was answered, flagged or forwarded since
}

// UndoBox is what an undo would do in one mailbox. Fault says why that cannot be told.
type UndoBox struct {
	Mailbox, Label string
	Stored         int64
	Folders        []migrate.UndoFolder
	Fault          *Fault
}

// Undo takes back what the move stored, if that is still as many messages as the
// person was told; else it is a conflict. Mailboxes that are undone by themselves are
// left out of the move from then on, so that no later run brings their mail again.
func (d *Desk) Undo(ctx context.Context, id string, stored int64, c UndoChoice) (View, error) {
	v, err := d.Get(id)
	if err != nil {
		return View{}, err
	}
	there, known := int64(0), 0
	for i := range v.Mailboxes {
		if mb := &v.Mailboxes[i]; len(c.Boxes) == 0 || slices.Contains(c.Boxes, mb.ID) {
			there += mb.Outcome.Stored
			known++
		}
	}
	switch {
	case known < len(c.Boxes):
		return View{}, core.E(core.NotFound, "undo", nil)
	case there != stored || stored == 0:
		return View{}, core.E(core.Conflict, "undo", nil, "reason", "other_number")
	}
	return d.begin(ctx, id, actUndo, order{Boxes: c.Boxes, Keep: c.Keep})
}

// PreviewUndo signs in at the destinations and tells what an undo would do; it changes
// nothing. A mailbox that cannot be looked at is told with the reason.
func (d *Desk) PreviewUndo(ctx context.Context, id string, boxes []string) ([]UndoBox, error) {
	m, err := d.copyOf(id)
	if err != nil {
		return nil, err
	}
	var all []UndoBox
	for i := range m.Mailboxes {
		mb := &m.Mailboxes[i]
		if mb.Outcome.Stored == 0 || len(boxes) > 0 && !slices.Contains(boxes, mb.ID) {
			continue
		}
		u := UndoBox{Mailbox: mb.ID, Label: mb.Label, Stored: mb.Outcome.Stored}
		if u.Folders, err = d.previewBox(ctx, mb); err != nil {
			if ctx.Err() != nil {
				return nil, core.E(core.Canceled, "preview undo", ctx.Err())
			}
			u.Fault = FaultOf(err)
		}
		all = append(all, u)
	}
	return all, nil
}

func (d *Desk) previewBox(ctx context.Context, mb *Mailbox) ([]migrate.UndoFolder, error) {
	from, err := d.connect(ctx, mb.From, false)
	if err != nil {
		return nil, sided(err, "from")
	}
	to, err := d.connect(ctx, mb.To, false)
	if err != nil {
		return nil, sided(err, "to")
	}
	return migrate.New(d.led, from, to, migrate.Options{}, nil).PreviewUndo(ctx)
}

// undo takes back what the move stored.
func (d *Desk) undo(ctx context.Context, j job.Job) error {
	var o order
	if err := json.Unmarshal([]byte(j.Args), &o); err != nil {
		return core.E(core.Malformed, actUndo, err)
	}
	err := d.each(ctx, j, actUndo, d.undoOne)
	var did Undid
	finishErr := d.finishMove(j.Subject, func(m *Move) {
		m.Undone = err == nil
		for i := range m.Mailboxes {
			mb := &m.Mailboxes[i]
			m.Undone = m.Undone && mb.Outcome.Stored == mb.Outcome.Kept
			if o.covers(mb.ID) {
				did.Deleted += mb.Outcome.Deleted
				did.Kept += mb.Outcome.Kept
			}
		}
		m.Watch.Undid = did
	})
	if err != nil || finishErr != nil {
		return cmp.Or(err, finishErr)
	}
	d.tell(j.Subject, EventUndone, nil, "deleted", strconv.FormatInt(did.Deleted, 10), "kept", strconv.FormatInt(did.Kept, 10))
	return nil
}

func (d *Desk) undoOne(ctx context.Context, t *task) error {
	mb := t.mailbox()
	alone := len(t.order.Boxes) > 0
	if mb.Outcome.Stored == 0 {
		t.ended(ctx, nil, Idle)
		return t.keep(findings{})
	}
	mover, err := t.mover(ctx)
	var r migrate.Result
	if err == nil {
		err = t.breakSeal(ctx)
	}
	if err == nil {
		r, err = mover.Undo(ctx)
	}
	if err == nil {
		err = t.sealCopy(ctx, &r)
	}
	t.ended(ctx, err, Idle)
	stored, _, ledgerErr := d.stored(mb)
	if ledgerErr != nil {
		return ledgerErr
	}
	mb.Outcome.Stored, mb.Outcome.Remarks = stored, remarks(r.Errors)
	mb.Outcome.Deleted += r.Copied
	done := err == nil && stored == r.Excluded
	if done {
		mb.Outcome = Outcome{Stored: stored, Kept: r.Excluded, Deleted: mb.Outcome.Deleted, Notes: r.Notes, Remarks: remarks(r.Errors)}
	}
	if err := t.keep(findings{}); err != nil || !done || !alone {
		return err
	}
	_, err = d.amendBoxes(ctx, t.id, []string{mb.ID}, func(_ int, mb *Mailbox) bool {
		mb.Out, mb.Held, mb.State = true, false, LeftOut
		return true
	})
	return err
}
