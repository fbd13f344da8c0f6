package inquiry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/letter"
	"mailroom/backend/doctor/message"
	"mailroom/backend/doctor/signin"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// signIn signs in, lists the folders and signs out.
func (m Matter) signIn(ctx context.Context) Answer {
	if m.Mailbox == nil {
		return Answer{Outcome: Unknown}
	}
	a := Answer{Outcome: "ok"}
	err := m.inside(ctx, func(s mailbox.Session, folders []mailbox.Folder) error {
		a.show("IMAP", fmt.Sprintf("%s, %d folders", s.Traits().Family, len(folders)))
		return nil
	})
	if err != nil {
		a.Outcome, a.Problem = signin.Outcome(err), err
		a.show("IMAP", words(err))
	}
	return a
}

func (m Matter) outgoing(ctx context.Context) Answer {
	if m.Outgoing == nil {
		return Answer{Outcome: Unknown}
	}
	err := m.Outgoing.Try(ctx)
	a := Answer{Outcome: signin.Outgoing(err), Problem: err}
	said := "OK"
	if err != nil {
		said = words(err)
	}
	a.show(fmt.Sprintf("SMTP %s:%d", m.Outgoing.Host, m.Outgoing.Port), said)
	return a
}

// Full and nearly full, as parts of a hundred of the quota.
const (
	fullAt   = 98
	nearlyAt = 80
)

func (m Matter) room(ctx context.Context) Answer {
	if m.Mailbox == nil {
		return Answer{Outcome: Unknown}
	}
	a := Answer{Outcome: Unknown}
	a.Problem = m.inside(ctx, func(s mailbox.Session, _ []mailbox.Folder) error {
		w, ok := s.(mailbox.Writer)
		if !ok {
			return nil
		}
		room, err := w.Room(ctx, "INBOX")
		if err != nil || room.QuotaTotal <= 0 || room.QuotaUsed < 0 {
			return err
		}
		part := room.QuotaUsed * 100 / room.QuotaTotal
		switch {
		case part >= fullAt:
			a.Outcome = "full"
		case part >= nearlyAt:
			a.Outcome = "nearly"
		default:
			a.Outcome = "ok"
		}
		a.show("QUOTA", number(room.QuotaUsed>>20)+" / "+number(room.QuotaTotal>>20)+" MB ("+number(part)+"%)")
		return nil
	})
	return a
}

func (m Matter) trash(ctx context.Context) Answer {
	if m.Mailbox == nil {
		return Answer{Outcome: Unknown}
	}
	a := Answer{Outcome: "empty"}
	a.Problem = m.inside(ctx, func(s mailbox.Session, folders []mailbox.Folder) error {
		for _, f := range folders {
			if !f.Selectable || !letter.JunkFolder(f) && !isTrash(f) {
				continue
			}
			states, err := s.Statuses(ctx, []string{f.ID})
			if err != nil {
				return err
			}
			if n := states[f.ID].Messages; n > 0 {
				a.Outcome = "filled"
				a.show(strings.Join(f.Levels, " / "), number(int64(n)))
			}
		}
		return nil
	})
	if a.Problem != nil {
		a.Outcome = Unknown
	}
	return a
}

func isTrash(f mailbox.Folder) bool {
	if f.Role != core.RoleNone {
		return f.Role == core.RoleTrash
	}
	role, certain := preset.RoleByName(f.Levels)
	return certain && role == core.RoleTrash
}

// recent is how far back the junk folder is looked through, newest the most that is
// shown of it.
const (
	recent = 14 * 24 * time.Hour
	newest = 8
)

// junkFolder looks for mail of the last days in the junk folder.
func (m Matter) junkFolder(ctx context.Context) Answer {
	if m.Mailbox == nil {
		return Answer{Outcome: Unknown}
	}
	a := Answer{Outcome: "none"}
	a.Problem = m.inside(ctx, func(s mailbox.Session, folders []mailbox.Folder) error {
		for _, f := range folders {
			if !f.Selectable || !letter.JunkFolder(f) {
				continue
			}
			if err := m.lookInto(ctx, s, f, &a); err != nil {
				return err
			}
		}
		return nil
	})
	if a.Problem != nil {
		a.Outcome = Unknown
	}
	return a
}

func (m Matter) lookInto(ctx context.Context, s mailbox.Session, f mailbox.Folder, a *Answer) error {
	state, err := s.Examine(ctx, f.ID)
	if err != nil || state.Messages == 0 {
		return err
	}
	from := mailbox.UID(1)
	if state.UIDNext > 200 {
		from = state.UIDNext - 200
	}
	since := m.Now().Add(-recent)
	var uids []mailbox.UID
	err = s.List(ctx, from, 0, 0, func(meta mailbox.Meta) error {
		if meta.Date.After(since) {
			uids = append(uids, meta.UID)
		}
		return nil
	})
	if err != nil || len(uids) == 0 {
		return err
	}
	a.Outcome = "found"
	uids = uids[max(0, len(uids)-newest):]
	return s.Headers(ctx, uids, func(_ mailbox.UID, _ int64, head []byte) error {
		read, err := mail.ReadMessage(io.MultiReader(bytes.NewReader(head), strings.NewReader("\r\n\r\n")))
		if err == nil {
			a.show(message.Decode(read.Header.Get("Subject")), message.Decode(read.Header.Get("From")))
		}
		return nil
	})
}

// inside opens a session, lists the folders and closes it.
func (m Matter) inside(ctx context.Context, look func(mailbox.Session, []mailbox.Folder) error) error {
	s, err := m.Mailbox.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	folders, err := s.Folders(ctx)
	if err != nil {
		return err
	}
	return look(s, folders)
}

func (a *Answer) show(title, text string) {
	a.Evidence = append(a.Evidence, doctor.Evidence{Kind: doctor.EvidenceBanner, Title: doctor.Clip(title, 200), Text: doctor.Clip(text, doctor.MaxEvidence)})
}

// words are the server's own where it said something, else the error's.
func words(err error) string {
	if refused, ok := errors.AsType[*mailbox.Refusal](err); ok {
		return refused.Text
	}
	var e *core.Error
	if errors.As(err, &e) && e.Args["server"] != "" {
		return e.Args["server"]
	}
	return err.Error()
}
