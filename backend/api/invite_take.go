package api

import (
	"context"
	"slices"
	"strconv"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/invite"
	"mailroom/backend/migrate"
)

// ResultTaken says what a result file brought.
type ResultTaken struct {
	MoveID    string       `json:"moveId"`
	MailboxID string       `json:"mailboxId"`
	Label     string       `json:"label"`
	State     MailboxState `json:"state"`
	Counts    Counts       `json:"counts"`
	Ended     int64        `json:"ended"`
	Again     bool         `json:"again"` // it had been taken in before; nothing was changed
}

// takeResult takes a result in: once, however often it comes.
func (d *data) takeResult(ctx context.Context, raw []byte) (ResultTaken, error) {
	r, err := invite.ReadResult(raw)
	if err != nil {
		return ResultTaken{}, err
	}
	made, err := d.invites.findMade(ctx, r.Invitation)
	if err != nil {
		return ResultTaken{}, err
	}
	if err := r.Check(made.Made); err != nil {
		return ResultTaken{}, err
	}
	v, err := d.desk.Get(r.Move)
	if err != nil {
		return ResultTaken{}, core.E(core.NotFound, "take result", err, "class", "result-move-gone")
	}
	if !made.withdrawn.IsZero() {
		class := "result-not-self" // nobody was invited since
		if slices.ContainsFunc(v.Mailboxes, func(mb moving.Mailbox) bool { return mb.ID == r.Mailbox && mb.Self }) {
			class = "result-withdrawn"
		}
		return ResultTaken{}, core.E(core.Conflict, "take result", nil, "class", class)
	}
	taken := ResultTaken{
		MoveID: r.Move, MailboxID: r.Mailbox, Label: labelOf(v, r.Mailbox), State: MailboxState(r.State),
		Counts: wireCounts(countsOf(r.Counts)), Ended: millis(r.Ended),
	}
	switch newest := d.newestTaken(ctx, r.Move, r.Mailbox); {
	case newest.Equal(r.Ended):
		taken.Again = true
		return taken, nil
	case newest.After(r.Ended):
		return ResultTaken{}, core.E(core.Conflict, "take result", nil, "class", "result-older")
	}
	if _, err := d.desk.TakeResult(ctx, r.Move, r.Mailbox, selfResult(r)); err != nil {
		return ResultTaken{}, err
	}
	if err := d.invites.markTaken(ctx, r.Invitation, r.Ended); err != nil {
		return ResultTaken{}, err
	}
	d.record.note(ctx, audit.Entry{Act: actResultTaken, Subject: taken.Label, ID: r.Move, Facts: map[string]string{
		"state": r.State, "messages": strconv.FormatInt(r.Counts.Messages, 10), "copied": strconv.FormatInt(r.Counts.Copied, 10),
		"leftBehind": strconv.FormatInt(r.Counts.LeftBehind, 10),
	}})
	return taken, nil
}

// newestTaken is when the newest result of a mailbox that was taken in had ended; zero
// if none was.
func (d *data) newestTaken(ctx context.Context, move, mailbox string) (newest time.Time) {
	made, err := d.invites.madeFor(ctx, move)
	if err != nil {
		return time.Time{}
	}
	for _, m := range made {
		if m.Mailbox == mailbox && m.ended.After(newest) {
			newest = m.ended
		}
	}
	return newest
}

func labelOf(v moving.View, mailbox string) string {
	for i := range v.Mailboxes {
		if v.Mailboxes[i].ID == mailbox {
			return v.Mailboxes[i].Label
		}
	}
	return ""
}

func countsOf(c invite.Counts) migrate.Counts {
	return migrate.Counts{
		Messages: c.Messages, Copied: c.Copied, AlreadyThere: c.AlreadyThere, Excluded: c.Excluded, LeftBehind: c.LeftBehind, Bytes: c.Bytes,
	}
}

func inviteCounts(c migrate.Counts) invite.Counts {
	return invite.Counts{
		Messages: c.Messages, Copied: c.Copied, AlreadyThere: c.AlreadyThere, Excluded: c.Excluded, LeftBehind: c.LeftBehind, Bytes: c.Bytes,
	}
}

func selfResult(r *invite.Result) moving.SelfResult {
	return moving.SelfResult{
		State: moving.State(r.State),
		Outcome: moving.Outcome{
			Counts: countsOf(r.Counts), Verified: migrate.Level(r.Verified), Compared: r.Compared, Differ: r.DifferAll,
			Notes: r.Notes, Started: r.Started, Ended: r.Ended,
		},
		Folders: mapped(r.Folders, func(f invite.Folder) moving.Folder {
			return moving.Folder{
				Key: f.Key, Source: f.Source, Target: f.Target, Role: core.Role(f.Role), Action: f.Action, Reason: f.Reason,
				Verified: f.Verified, Counts: countsOf(f.Counts),
			}
		}),
		Left: mapped(r.Left, func(l invite.Left) migrate.LeftBehind {
			return migrate.LeftBehind{
				Folder: l.Folder, UID: l.UID, Date: l.Date, From: l.From, Subject: l.Subject, Size: l.Size, Class: l.Class, Server: l.Server,
			}
		}),
		Differ: mapped(r.Differ, func(f invite.Difference) migrate.Mismatch {
			return migrate.Mismatch{Folder: f.Folder, UID: f.UID, Kind: f.Kind, Detail: f.Detail}
		}),
	}
}
