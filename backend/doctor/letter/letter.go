package letter

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor/header"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// Plan is one letter: from whom, through what, to whom, and how it is watched for.
type Plan struct {
	From     string // address of the sender
	To       string // address of the receiver
	Outgoing Outgoing
	Inbox    mailbox.Account // the receiver's mailbox
	Subject  string
	Text     string
	Remove   bool          // take the letter out of the receiver's mailbox again
	Wait     time.Duration // for the arrival; 0: two minutes
	Every    time.Duration // between looks; 0: two seconds
	TXT      header.TXT    // to verify its signature; nil: it is only read
}

// Step is what is being done, or was done.
type Step string

// The steps of a letter.
const (
	StepReady    Step = "ready"    // the receiver's mailbox is open
	StepSignedIn Step = "signedIn" // at the outgoing server
	StepAccepted Step = "accepted" // by the outgoing server
	StepArrived  Step = "arrived"
	StepRemoved  Step = "removed"
)

// Judgement is what a journey amounts to.
type Judgement string

// The judgements.
const (
	Good Judgement = "good"
	Slow Judgement = "slow" // arrived, but later than [slowAfter]
	Junk Judgement = "junk" // arrived in the junk folder
	Lost Judgement = "lost" // not seen in time
)

const (
	slowAfter   = 60 * time.Second
	usualWait   = 2 * time.Minute
	usualEvery  = 2 * time.Second
	largest     = 1 << 20 // of a letter that is read back
	mostFolders = 3       // looked at: inbox and junk
)

// Result is what became of a letter.
type Result struct {
	MessageID string
	Judgement Judgement
	Times     map[Step]time.Duration // since the beginning
	Folder    string                 // where it arrived, decoded; "" nowhere
	Header    *header.Report         // of the letter as it arrived; nil if it did not
	Removed   bool
	// RemoveErr is why the letter could not be taken away; it lies there still.
	RemoveErr error
}

// watched is a folder that is looked at: from the UID that was next before sending.
type watched struct {
	id, name string
	junk     bool
	from     mailbox.UID
}

// Run sends one letter and waits for it. tell is called after each step. Errors are
// those of the receiver's mailbox and of [Outgoing.Send]; a letter that does not arrive
// in time is no error but lost.
func Run(ctx context.Context, p Plan, tell func(Step)) (Result, error) {
	r := Result{Times: map[Step]time.Duration{}}
	started := time.Now()
	mark := func(s Step) {
		r.Times[s] = time.Since(started)
		if tell != nil {
			tell(s)
		}
	}
	session, err := p.Inbox.Open(ctx)
	if err != nil {
		return r, err
	}
	defer func() { _ = session.Close() }()
	folders, err := folders(ctx, session)
	if err != nil {
		return r, err
	}
	mark(StepReady)
	raw, id, err := p.compose(started)
	if err != nil {
		return r, err
	}
	r.MessageID = id
	accepted, err := p.Outgoing.Send(ctx, p.From, p.To, raw)
	if !accepted.SignedIn.IsZero() {
		r.Times[StepSignedIn] = accepted.SignedIn.Sub(started)
	}
	if err != nil {
		return r, err
	}
	mark(StepAccepted)
	at, uid, err := p.await(ctx, session, folders, id)
	if err != nil {
		return r, err
	}
	if uid == 0 {
		r.Judgement = Lost
		return r, nil
	}
	mark(StepArrived)
	r.Folder, r.Judgement = at.name, judge(at, r.Times[StepArrived]-r.Times[StepAccepted])
	r.Header = p.readBack(ctx, session, uid)
	if p.Remove {
		if r.RemoveErr = remove(ctx, session, at.id, uid, id); r.RemoveErr == nil {
			r.Removed = true
			mark(StepRemoved)
		}
	}
	return r, nil
}

func judge(at watched, took time.Duration) Judgement {
	switch {
	case at.junk:
		return Junk
	case took > slowAfter:
		return Slow
	}
	return Good
}

// folders finds the inbox and what the server or the name says is junk.
func folders(ctx context.Context, s mailbox.Session) ([]watched, error) {
	all, err := s.Folders(ctx)
	if err != nil {
		return nil, err
	}
	var found []watched
	for _, f := range all {
		inbox := strings.EqualFold(f.ID, "INBOX")
		junk := !inbox && JunkFolder(f)
		if !f.Selectable || !inbox && !junk || len(found) == mostFolders {
			continue
		}
		status, err := s.Examine(ctx, f.ID)
		if err != nil {
			if inbox {
				return nil, err
			}
			continue
		}
		found = append(found, watched{id: f.ID, name: strings.Join(f.Levels, " / "), junk: junk, from: max(1, status.UIDNext)})
	}
	if len(found) == 0 {
		return nil, core.E(core.NotFound, "find inbox", nil, "folder", "INBOX")
	}
	return found, nil
}

// JunkFolder says whether a folder is for junk mail: by the server's word, or by name
// where it says nothing.
func JunkFolder(f mailbox.Folder) bool {
	if f.Role != core.RoleNone {
		return f.Role == core.RoleJunk
	}
	role, certain := preset.RoleByName(f.Levels)
	return certain && role == core.RoleJunk
}

// await looks for the letter until it is there or the wait is over (uid 0).
func (p Plan) await(ctx context.Context, s mailbox.Session, all []watched, id string) (watched, mailbox.UID, error) {
	wait, every := p.Wait, p.Every
	if wait == 0 {
		wait = usualWait
	}
	if every == 0 {
		every = usualEvery
	}
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		for _, f := range all {
			uid, err := find(ctx, s, f.id, f.from, id)
			if err != nil || uid != 0 {
				return f, uid, err
			}
		}
		pause := time.NewTimer(every)
		select {
		case <-ctx.Done():
			pause.Stop()
			return watched{}, 0, core.E(core.CodeOf(ctx.Err()), "wait for letter", ctx.Err())
		case <-over.C:
			pause.Stop()
			return watched{}, 0, nil
		case <-pause.C:
		}
	}
}

// find looks for a Message-ID among what arrived since from.
func find(ctx context.Context, s mailbox.Session, folder string, from mailbox.UID, id string) (mailbox.UID, error) {
	if _, err := s.Examine(ctx, folder); err != nil {
		return 0, err
	}
	var uids []mailbox.UID
	err := s.List(ctx, from, 0, 0, func(m mailbox.Meta) error {
		if m.UID >= from && len(uids) < 200 { // "from:*" always gives the last one
			uids = append(uids, m.UID)
		}
		return nil
	})
	if err != nil || len(uids) == 0 {
		return 0, err
	}
	var found mailbox.UID
	err = s.Headers(ctx, uids, func(uid mailbox.UID, _ int64, head []byte) error {
		if isLetter(head, id) {
			found = uid
		}
		return nil
	})
	return found, err
}

func isLetter(head []byte, id string) bool {
	m, err := mail.ReadMessage(io.MultiReader(bytes.NewReader(head), strings.NewReader("\r\n\r\n")))
	return err == nil && strings.TrimSpace(m.Header.Get("Message-ID")) == id
}

// readBack reads the header of the letter as it arrived; nil where it cannot be had.
func (p Plan) readBack(ctx context.Context, s mailbox.Session, uid mailbox.UID) *header.Report {
	var raw []byte
	err := s.Fetch(ctx, []mailbox.UID{uid}, func(m mailbox.Message) error {
		if m.Err != nil {
			return m.Err
		}
		var err error
		raw, err = io.ReadAll(io.LimitReader(m.Body, largest))
		return err
	})
	if err != nil || len(raw) == 0 {
		return nil
	}
	report, err := header.Read(ctx, raw, header.Options{TXT: p.TXT})
	if err != nil {
		return nil
	}
	return &report
}

// remove takes away the one message whose Message-ID is the letter's.
func remove(ctx context.Context, s mailbox.Session, folder string, uid mailbox.UID, id string) error {
	w, ok := s.(mailbox.Writer)
	if !ok {
		return core.E(core.Unsupported, "remove letter", nil)
	}
	if _, err := w.Select(ctx, folder); err != nil {
		return err
	}
	mine := false
	err := w.Headers(ctx, []mailbox.UID{uid}, func(got mailbox.UID, _ int64, head []byte) error {
		mine = mine || got == uid && isLetter(head, id)
		return nil
	})
	if err != nil {
		return err
	}
	if !mine {
		return core.E(core.NotFound, "remove letter", errors.New("the message there is another one"), "folder", folder)
	}
	return w.Remove(ctx, []mailbox.UID{uid})
}

// compose writes the letter (RFC 5322): both addresses checked, an identifier that
// nobody can guess.
func (p Plan) compose(now time.Time) (raw []byte, id string, err error) {
	from, err := mail.ParseAddress(p.From)
	if err != nil {
		return nil, "", core.E(core.Invalid, "write letter", err, "field", "from", "reason", "malformed")
	}
	to, err := mail.ParseAddress(p.To)
	if err != nil {
		return nil, "", core.E(core.Invalid, "write letter", err, "field", "to", "reason", "malformed")
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	id = "<mailroom." + strings.ToLower(rand.Text()) + "@" + domain + ">"
	text := base64.StdEncoding.EncodeToString([]byte(p.Text))
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: %s\r\nMIME-Version: 1.0\r\n",
		from.Address, to.Address, mime.BEncoding.Encode("utf-8", oneLine(p.Subject)), now.Format(time.RFC1123Z), id)
	b.WriteString("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\nX-Mailroom-Test: 1\r\n\r\n")
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	b.WriteString(text + "\r\n")
	return b.Bytes(), id, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
