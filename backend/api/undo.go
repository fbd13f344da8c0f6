package api

import (
	"context"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/migrate"
)

// UndoOrder is what the person wants taken back.
type UndoOrder struct {
	MailboxIDs []string `json:"mailboxIds"` // empty: the whole move
	Stored     int64    `json:"stored"`     // as the person was told; another number by now is a conflict
	Keep       bool     `json:"keep"`       // leave alone what was answered, flagged or forwarded since
}

// UndoPreview says what an undo would do, and what has changed since the move.
type UndoPreview struct {
	Stored  int64         `json:"stored"`
	Present int64         `json:"present"` // still there: what is deleted
	Gone    int64         `json:"gone"`    // deleted or moved away since
	Touched int64         `json:"touched"` // of Present: answered, flagged or forwarded since
	Read    int64         `json:"read"`    // of Present: read since
	Folders []UndoFolder  `json:"folders"` // at most 1,000
	Unknown []UndoUnknown `json:"unknown"` // mailboxes that could not be looked at
}

// UndoFolder is one folder of the new mailbox.
type UndoFolder struct {
	Mailbox    string `json:"mailbox"`
	Target     string `json:"target"`
	Stored     int64  `json:"stored"`
	Present    int64  `json:"present"`
	Gone       int64  `json:"gone"`
	Touched    int64  `json:"touched"`
	Read       int64  `json:"read"`
	Renumbered bool   `json:"renumbered"` // nothing can be told apart in it: nothing is deleted
}

// UndoUnknown is a mailbox that could not be looked at.
type UndoUnknown struct {
	Mailbox string  `json:"mailbox"`
	Problem Problem `json:"problem"`
}

// Limits of a preview.
const (
	previewLimit   = 10 * time.Minute
	previewFolders = 1000
)

// PreviewUndo signs in at the new mailboxes and tells what an undo would do; it changes
// nothing. It stops when App.Cancel(requestID) is called.
func (m *Moves) PreviewUndo(requestID, id string, mailboxIDs []string) (UndoPreview, error) {
	return with(m.api, "preview undo", func(root context.Context, d *data) (UndoPreview, error) {
		ctx, end := m.api.calls.begin(root, requestID, previewLimit)
		defer end()
		boxes, err := d.desk.PreviewUndo(ctx, id, mailboxIDs)
		if err != nil {
			return UndoPreview{}, err
		}
		return previewOf(boxes), nil
	})
}

func previewOf(boxes []moving.UndoBox) UndoPreview {
	p := UndoPreview{Folders: []UndoFolder{}, Unknown: []UndoUnknown{}}
	for i := range boxes {
		b := &boxes[i]
		p.Stored += b.Stored
		if b.Fault != nil {
			p.Unknown = append(p.Unknown, UndoUnknown{Mailbox: b.Label, Problem: *problemFrom(b.Fault)})
			continue
		}
		for _, f := range b.Folders {
			p.Present += f.Present
			p.Gone += f.Gone
			p.Touched += f.Touched
			p.Read += f.Read
			if len(p.Folders) < previewFolders {
				p.Folders = append(p.Folders, wireUndoFolder(b.Label, f))
			}
		}
	}
	return p
}

func wireUndoFolder(label string, f migrate.UndoFolder) UndoFolder {
	return UndoFolder{
		Mailbox: label, Target: f.Target, Stored: f.Stored, Present: f.Present, Gone: f.Gone, Touched: f.Touched, Read: f.Read, Renumbered: f.Renumbered,
	}
}

// UndoChosen deletes exactly what this move stored in the new mailboxes that are named;
// see [Moves.Undo]. Mailboxes that are undone by themselves are left out of the move
// from then on.
func (m *Moves) UndoChosen(id string, order UndoOrder) (Move, error) {
	return m.actOn(id, "undo move", func(ctx context.Context, d *moving.Desk) (moving.View, error) {
		return d.Undo(ctx, id, order.Stored, moving.UndoChoice{Boxes: order.MailboxIDs, Keep: order.Keep})
	})
}
