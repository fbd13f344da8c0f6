package api

import (
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap/imaptest"
)

func TestAnUndoIsPreviewedAndLeavesAloneWhatAPersonWorkedWith(t *testing.T) {
	h := open(t, t.TempDir())
	key := h.unlock()
	from, to := imaptest.New(t, imaptest.Options{}), imaptest.New(t, imaptest.Options{})
	for _, subject := range []string{"one", "two", "three", "four", "five"} {
		from.Mailbox("INBOX").Add(imaptest.Message{Body: letter(subject)})
	}
	to.Mailbox("INBOX").Add(imaptest.Message{Body: letter("mine from before")})
	m := must(h.moves.Create(MoveDraftInput{Mailboxes: []MailboxInput{{From: serverAt(from, "a@old.example", key), To: serverAt(to, "a@new.example", key)}}}))(t)
	must(h.moves.Start(m.ID))(t)
	m = h.untilState(m.ID, MoveDone)

	stored := map[string]uint32{}
	for _, msg := range to.Mailbox("INBOX").Messages() {
		stored[subjectOf(msg.Body)] = msg.UID
	}
	to.Mailbox("INBOX").Remove(stored["two"])
	to.Mailbox("INBOX").Flag(stored["three"], `\Answered`, `\Seen`)
	to.Mailbox("INBOX").Flag(stored["four"], `\Seen`, "$NotJunk")
	commands := len(to.Log())
	p := must(h.moves.PreviewUndo("", m.ID, nil))(t)
	if p.Stored != 5 || p.Present != 4 || p.Gone != 1 || p.Touched != 1 || p.Read != 1 || len(p.Unknown) != 0 || len(p.Folders) != 1 {
		t.Errorf("%+v", p)
	}
	for _, line := range to.Log()[commands:] {
		for _, act := range []string{"SELECT", "STORE", "EXPUNGE", "APPEND", "CREATE"} {
			if strings.Contains(line, " "+act) {
				t.Errorf("the preview changed something: %s", line)
			}
		}
	}
	wantCode(t, "another number", second(h.moves.UndoChosen(m.ID, UndoOrder{Stored: 4})), core.Conflict)
	wantCode(t, "a stranger", second(h.moves.UndoChosen(m.ID, UndoOrder{Stored: 5, MailboxIDs: []string{"none"}})), core.NotFound)
	must(h.moves.UndoChosen(m.ID, UndoOrder{Stored: 5, Keep: true}))(t)
	m = h.untilState(m.ID, MoveUndone, MoveFailed, MovePaused)
	if m.Undid == nil || *m.Undid != (MoveUndid{Deleted: 3, Kept: 1}) {
		t.Errorf("the undo came to %+v", m.Undid)
	}
	if facts := h.undone(); facts["deleted"] != "3" || facts["kept"] != "1" {
		t.Errorf("the record of the undo: %v", facts)
	}
	var left []string
	for _, msg := range to.Mailbox("INBOX").Messages() {
		left = append(left, subjectOf(msg.Body))
	}
	if m.State != MoveUndone || strings.Join(left, ", ") != "mine from before, three" {
		t.Errorf("%s, left: %v", m.State, left)
	}
}

// undone waits for the record of an undo that has ended.
func (h *house) undone() (facts map[string]string) {
	h.t.Helper()
	h.eventually("the record of the end of an undo", func() bool {
		for _, e := range must(h.audit.List(AuditQuery{Limit: 100}))(h.t).Rows {
			if e.Act == actMoveUndone {
				facts = e.Facts
			}
		}
		return facts != nil
	})
	return facts
}

func subjectOf(body string) string {
	_, rest, _ := strings.Cut(body, "Subject: ")
	subject, _, _ := strings.Cut(rest, "\r\n")
	return subject
}

func TestOnePersonIsTakenBackAndNotBroughtAgain(t *testing.T) {
	h := open(t, t.TempDir())
	m := must(h.moves.Create(h.practiceDraft(2)))(t)
	must(h.moves.Start(m.ID))(t)
	m = h.untilState(m.ID, MoveDone)
	first, other := m.Mailboxes[0], m.Mailboxes[1]
	p := must(h.moves.PreviewUndo("", m.ID, []string{first.ID}))(t)
	if p.Stored != first.Progress.Counts.Copied || p.Present != p.Stored || p.Gone != 0 {
		t.Fatalf("%+v", p)
	}
	must(h.moves.UndoChosen(m.ID, UndoOrder{MailboxIDs: []string{first.ID}, Stored: p.Stored}))(t)
	m = h.until(m.ID, "taken back", func(m Move) bool { return m.State == MoveDone && m.Stored == other.Progress.Counts.Copied })
	if m.Undid == nil || m.Undid.Deleted != p.Present || m.Undid.Kept != 0 {
		t.Errorf("the undo came to %+v, %d were there", m.Undid, p.Present)
	}
	if m.Mailboxes[1].Progress.Counts != other.Progress.Counts {
		t.Errorf("the other person: %+v", m.Mailboxes[1])
	}
	must(h.moves.Start(m.ID))(t)
	m = h.until(m.ID, "run again", func(m Move) bool { return m.State == MoveDone || m.State == MoveLeftBehind })
	if m.Undid != nil {
		t.Errorf("after the next run the undo is still told: %+v", m.Undid)
	}
	if m.Mailboxes[0].Progress.Counts.Copied != 0 || m.Stored != other.Progress.Counts.Copied {
		t.Errorf("brought again: %+v", m.Mailboxes[0])
	}
}

func TestAMailboxThatCannotBeLookedAtIsTold(t *testing.T) {
	h := open(t, t.TempDir())
	m, _ := movedWithLeft(t, h)
	h.data.vault = nil
	h.data.vaultErr = core.E(core.Malformed, "open vault", nil)
	p := must(h.moves.PreviewUndo("", m.ID, nil))(t)
	if len(p.Unknown) != 1 || p.Stored != 2 || p.Present != 0 {
		t.Errorf("%+v", p)
	}
}
