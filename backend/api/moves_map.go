package api

import (
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/job"
	"mailroom/backend/migrate"
	"mailroom/backend/store"
)

// millis is a time on the wire.
func millis(t time.Time) int64 { return store.Millis(t) }

// full replaces a nil slice: the page must never see null.
func full[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func mapped[A, B any](in []A, f func(A) B) []B {
	out := make([]B, len(in))
	for i := range in {
		out[i] = f(in[i])
	}
	return out
}

func wireMove(v moving.View) Move {
	return Move{
		ID: v.ID, Name: v.Name, Practice: practiceOnly(v.Mailboxes), State: MoveState(v.Status), Planned: v.Planned,
		Created: millis(v.Created), Started: millis(v.Started), Ended: millis(v.Ended), Problem: problemFrom(v.Fault),
		Stored: v.Stored, Progress: wireProgress(v.Snapshot), Finish: wireForecast(v.Finish), Next: millis(v.Next), Hold: EventKind(v.Hold),
		Runs: v.Watch.Runs, Whole: millis(v.Watch.Whole), Undid: wireUndid(v.Watch.Undid), Options: wireOptions(v.Options),
		Mailboxes: wireMailboxes(v), Can: MoveCan(v.Can),
	}
}

func wireUndid(u moving.Undid) *MoveUndid {
	if u == (moving.Undid{}) {
		return nil
	}
	return &MoveUndid{Deleted: u.Deleted, Kept: u.Kept}
}

func practiceOnly(mailboxes []moving.Mailbox) bool {
	for i := range mailboxes {
		if mailboxes[i].From.Kind != string(KindPractice) || mailboxes[i].To.Kind != string(KindPractice) {
			return false
		}
	}
	return len(mailboxes) > 0
}

// practiceUsed says whether any side of any mailbox is the practice office.
func practiceUsed(mailboxes []moving.Mailbox) bool {
	for i := range mailboxes {
		if mailboxes[i].From.Kind == string(KindPractice) || mailboxes[i].To.Kind == string(KindPractice) {
			return true
		}
	}
	return false
}

func wireMailboxes(v moving.View) []MailboxMove {
	all := make([]MailboxMove, len(v.Mailboxes))
	for i := range v.Mailboxes {
		mb := &v.Mailboxes[i]
		all[i] = MailboxMove{
			ID: mb.ID, Label: mb.Label, From: wireEndpoint(mb.From), To: wireEndpoint(mb.To), State: MailboxState(mb.State),
			Held: mb.Held, Out: mb.Out, Problem: problemFrom(mb.Fault), Estimate: wireEstimate(mb.Estimate), Progress: wireBox(v.Snapshot.Boxes[i]),
			Verified: wireLevel(mb.Outcome.Verified), Differences: mb.Outcome.Differ,
			Notes: full(mb.Outcome.Notes), Troubles: mapped(mb.Outcome.Remarks, wireTrouble), Self: mb.Self,
		}
	}
	return all
}

func wireLevel(l migrate.Level) VerifyLevel {
	if l == "" {
		l = migrate.VerifyNone
	}
	return VerifyLevel(l)
}

func wireTrouble(r moving.Remark) Trouble {
	return Trouble{Folder: r.Folder, Problem: *problemFrom(&r.Fault)}
}

func wireEstimate(e *moving.Estimate) *MoveEstimate {
	if e == nil {
		return nil
	}
	return &MoveEstimate{
		Folders: e.Folders, Messages: e.Messages, Bytes: e.Bytes, ToCopy: e.ToCopy, ToCopyBytes: e.ToCopyBytes, Already: e.Already,
		WillLeave: e.WillLeave, RoomNeeded: e.RoomNeeded, RoomFree: e.RoomFree, MaxMessage: e.MaxMessage,
		Seconds: e.Seconds, Days: e.Days, Warnings: mapped(e.Warnings, wireTrouble),
	}
}

func wireCounts(c migrate.Counts) Counts {
	settled := c.Copied + c.AlreadyThere + c.Excluded + c.LeftBehind
	return Counts{
		Messages: c.Messages, Copied: c.Copied, AlreadyThere: c.AlreadyThere, Excluded: c.Excluded,
		LeftBehind: c.LeftBehind, Pending: max(c.Messages-settled, 0),
	}
}

func wireProgress(s moving.Snapshot) MoveProgress {
	eta := etaOf(s.Speed)
	return MoveProgress{
		Seq: s.Seq, MoveID: s.Move, State: MoveState(s.Status), Counts: wireCounts(s.Counts),
		BytesDone: s.BytesDone, BytesTotal: s.BytesTotal, PerSecond: s.Speed.PerSecond, BytesRate: s.Speed.BytesRate,
		EtaMs: eta, Away: EventKind(s.Away), AwayHost: s.AwayHost, Mailboxes: mapped(s.Boxes, wireBox),
	}
}

func wireBox(b moving.Box) MailboxProgress {
	return MailboxProgress{
		MailboxID: b.Mailbox, State: MailboxState(b.State), Phase: Phase(b.Phase), Folder: b.Folder, Counts: wireCounts(b.Counts),
		BytesDone: b.BytesDone, BytesTotal: b.BytesTotal, FlagsSet: b.FlagsSet, Verified: b.Verified,
		WaitUntil: millis(b.WaitUntil), WaitClass: b.WaitClass, PerSecond: b.Speed.PerSecond, BytesRate: b.Speed.BytesRate,
		EtaMs: etaOf(b.Speed), Problem: problemFrom(b.Fault),
	}
}

// etaOf is the time left in milliseconds; -1 unknown.
func etaOf(s job.Speed) int64 {
	if s.Left < 0 {
		return -1
	}
	return s.Left.Milliseconds()
}

func wireOptions(o moving.Options) MoveOptions {
	return MoveOptions{
		Verify: wireLevel(o.Verify), Parallel: o.Parallel, Connections: o.Connections, BytesPerSecond: o.BytesPerSecond,
		Schedule: wireSchedule(o.Schedule), Repeat: MoveRepeat(o.Repeat),
		BytesPerDay: o.BytesPerDay, ExcludeDeleted: o.ExcludeDeleted, Since: o.Since, Before: o.Before, Exclude: full(o.Exclude), Include: full(o.Include),
		FolderRules: mapped(o.FolderRules, wireRule),
	}
}

func optionsOf(o MoveOptions) moving.Options {
	return moving.Options{
		Verify: migrate.Level(o.Verify), Parallel: o.Parallel, Connections: o.Connections, BytesPerSecond: o.BytesPerSecond,
		Schedule: scheduleOf(o.Schedule), Repeat: moving.Repeat(o.Repeat),
		BytesPerDay: o.BytesPerDay, ExcludeDeleted: o.ExcludeDeleted, Since: o.Since, Before: o.Before, Exclude: o.Exclude, Include: o.Include,
		FolderRules: mapped(o.FolderRules, folderRule),
	}
}

func mailboxesOf(in []MailboxInput) []moving.Mailbox {
	return mapped(in, func(m MailboxInput) moving.Mailbox {
		label := m.Label
		if label == "" {
			label = m.From.User
		}
		return moving.Mailbox{Label: label, From: record(m.From), To: record(m.To), Self: m.Self}
	})
}

func wireFolder(f moving.Folder) MoveFolder {
	return MoveFolder{
		SourceID: f.Key, Source: f.Source, Target: f.Target, Role: FolderRole(f.Role), Action: FolderAction(f.Action),
		Reason: f.Reason, Changes: full(f.Changes), Chosen: f.Chosen, Own: f.Own, Counts: wireCounts(f.Counts), Bytes: f.Counts.Bytes,
		Verified: wireLevel(migrate.Level(f.Verified)), ErrorCode: ErrorCode(f.Error),
	}
}

func wireLeft(l moving.Left) LeftMessage {
	return LeftMessage{
		MailboxID: l.Mailbox, Mailbox: l.Label, Folder: l.Folder, UID: int64(l.UID), Date: millis(l.Date),
		From: l.From, Subject: l.Subject, Size: l.Size, Class: l.Class, Server: l.Server,
	}
}

func wireDifference(d moving.Difference) Difference {
	return Difference{MailboxID: d.Mailbox, Folder: d.Folder, UID: int64(d.UID), Kind: d.Kind, Detail: d.Detail}
}
