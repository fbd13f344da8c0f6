package api

import (
	"context"

	"mailroom/backend/api/moving"
	"mailroom/backend/audit"
	"mailroom/backend/migrate"
)

// Moves are the moves of mailboxes: made, planned, run, proven and undone here.
// Every act returns the move as it is then; what happens later comes by events.
type Moves struct{ api *API }

// act runs one act on a move and maps what it is then.
func (m *Moves) act(op string, f func(context.Context, *moving.Desk) (moving.View, error)) (Move, error) {
	return with(m.api, op, func(ctx context.Context, d *data) (Move, error) {
		v, err := f(ctx, d.desk)
		if err != nil {
			return Move{}, err
		}
		d.record.noteAct(ctx, op, v)
		return wireMove(v), nil
	})
}

// actOn runs one act on a move that is there: how it ended before is written down first.
func (m *Moves) actOn(id, op string, f func(context.Context, *moving.Desk) (moving.View, error)) (Move, error) {
	if d, err := m.api.ready(m.api.root); err == nil {
		d.record.settle(id)
	}
	return m.act(op, f)
}

// List tells all moves, the newest first, without folders.
func (m *Moves) List() ([]Move, error) {
	return with(m.api, "list moves", func(_ context.Context, d *data) ([]Move, error) {
		return mapped(d.desk.List(), wireMove), nil
	})
}

// Get tells one move.
func (m *Moves) Get(id string) (Move, error) {
	return m.act("get move", func(_ context.Context, d *moving.Desk) (moving.View, error) { return d.Get(id) })
}

// Create makes a draft. Errors: invalid with Args row (1-based), side (from, to),
// field and reason (missing, malformed, unknown, same_mailbox, duplicate, not_loopback …).
func (m *Moves) Create(draft MoveDraftInput) (Move, error) {
	return m.act("create move", func(ctx context.Context, d *moving.Desk) (moving.View, error) {
		return d.Create(ctx, draft.Name, mailboxesOf(draft.Mailboxes), optionsOf(draft.Options))
	})
}

// Edit replaces a move's mailboxes and options; mailboxes that stay as they were
// keep their folder choices. A conflict while it is at work.
func (m *Moves) Edit(id string, draft MoveDraftInput) (Move, error) {
	return with(m.api, "edit move", func(ctx context.Context, d *data) (Move, error) {
		d.record.settle(id)
		before, err := d.desk.Get(id)
		if err != nil {
			return Move{}, err
		}
		v, err := d.desk.Edit(ctx, id, draft.Name, mailboxesOf(draft.Mailboxes), optionsOf(draft.Options))
		if err != nil {
			return Move{}, err
		}
		d.sweepSecretsOf(ctx, before) // those that were replaced, and of people who are invited now
		d.record.noteEdit(ctx, before, v)
		return wireMove(v), nil
	})
}

// Plan starts the dry run: sign in on both sides, list, map and weigh. Nothing is changed.
func (m *Moves) Plan(id string) (Move, error) {
	return m.actOn(id, "plan move", func(ctx context.Context, d *moving.Desk) (moving.View, error) { return d.Plan(ctx, id) })
}

// Folders tells the folder map of one mailbox: after Plan what will happen, while
// it runs how far each folder is, after a run what did happen.
func (m *Moves) Folders(id, mailboxID string) ([]MoveFolder, error) {
	return with(m.api, "list folders", func(ctx context.Context, d *data) ([]MoveFolder, error) {
		folders, err := d.desk.Folders(ctx, id, mailboxID)
		return mapped(folders, wireFolder), err
	})
}

// ChooseFolders changes the folder map of one mailbox and returns the new map. An
// empty list goes back to the proposal. Two sources may share a target: they are
// merged, and Changes says so after the next Plan.
func (m *Moves) ChooseFolders(id, mailboxID string, choices []FolderChoice) ([]MoveFolder, error) {
	return with(m.api, "choose folders", func(ctx context.Context, d *data) ([]MoveFolder, error) {
		folders, err := d.desk.ChooseFolders(ctx, id, mailboxID, mapped(choices, func(c FolderChoice) moving.Choice {
			return moving.Choice{Folder: c.SourceID, Skip: c.Skip, Target: c.Target}
		}))
		return mapped(folders, wireFolder), err
	})
}

// Start begins the move (or a later run that brings what is new since).
func (m *Moves) Start(id string) (Move, error) {
	return m.actOn(id, "start move", func(ctx context.Context, d *moving.Desk) (moving.View, error) { return d.Start(ctx, id) })
}

// Pause stops after the messages now in flight.
func (m *Moves) Pause(id string) (Move, error) {
	return m.act("pause move", func(_ context.Context, d *moving.Desk) (moving.View, error) { return d.Pause(id) })
}

// GoOn continues after a pause, an interruption or a failure.
func (m *Moves) GoOn(id string) (Move, error) {
	return m.actOn(id, "go on with move", func(ctx context.Context, d *moving.Desk) (moving.View, error) { return d.GoOn(ctx, id) })
}

// Cancel ends the work; what has arrived stays. Undo takes it back.
func (m *Moves) Cancel(id string) (Move, error) {
	return m.act("cancel move", func(_ context.Context, d *moving.Desk) (moving.View, error) { return d.Cancel(id) })
}

// Retry tries again what was left behind. It is a run like any other: Start does
// that as well.
func (m *Moves) Retry(id string) (Move, error) { return m.Start(id) }

// Verify compares both sides again.
func (m *Moves) Verify(id string, level VerifyLevel) (Move, error) {
	return m.actOn(id, "verify move", func(ctx context.Context, d *moving.Desk) (moving.View, error) {
		return d.Verify(ctx, id, migrate.Level(level))
	})
}

// Undo deletes exactly what this move stored at the destination. stored must be
// the number of messages that the person was shown (Move.Stored): if it is another
// by now, nothing happens and the error is conflict.
func (m *Moves) Undo(id string, stored int64) (Move, error) {
	return m.actOn(id, "undo move", func(ctx context.Context, d *moving.Desk) (moving.View, error) {
		return d.Undo(ctx, id, stored, moving.UndoChoice{})
	})
}

// Remove forgets a move that is not at work, and its passwords. The mail on both
// sides stays.
func (m *Moves) Remove(id string) error {
	_, err := with(m.api, "remove move", func(ctx context.Context, d *data) (struct{}, error) {
		d.record.settle(id)
		v, err := d.desk.Get(id)
		if err != nil {
			return struct{}{}, err
		}
		if err := d.desk.Remove(ctx, id); err != nil {
			return struct{}{}, err
		}
		if err := d.switches.Forget(ctx, id); err != nil {
			return struct{}{}, err
		}
		m.api.cfg.Desktop.Emit("move:removed", MoveRemoved{MoveID: id})
		d.record.note(ctx, audit.Entry{Act: actMoveRemoved, Subject: moveName(v), ID: id})
		d.sweepSecretsOf(ctx, v)
		return struct{}{}, nil
	})
	return err
}

// LeftBehind tells a page of the messages left behind; mailboxID "" means all,
// limit at most 500.
func (m *Moves) LeftBehind(id, mailboxID string, offset, limit int) (LeftPage, error) {
	return with(m.api, "list left behind", func(ctx context.Context, d *data) (LeftPage, error) {
		total, rows, err := d.desk.Left(ctx, id, mailboxID, offset, limit)
		return LeftPage{Total: total, Rows: mapped(rows, wireLeft)}, err
	})
}

// Differences tells what the last verification found, at most 1,000.
func (m *Moves) Differences(id, mailboxID string) ([]Difference, error) {
	return with(m.api, "list differences", func(ctx context.Context, d *data) ([]Difference, error) {
		found, err := d.desk.Differences(ctx, id, mailboxID)
		return mapped(found, wireDifference), err
	})
}
