// Package pick lets a person choose a mail of a mailbox for the doctor to read: it lists
// recent ones, returned mail alone or all, and fetches one. It reads by EXAMINE and
// BODY.PEEK only and changes nothing. It leaves out explaining what was chosen.
package pick

import (
	"bytes"
	"context"
	"io"
	"net/mail"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/bounce"
	"mailroom/backend/doctor/letter"
	"mailroom/backend/doctor/message"
	"mailroom/backend/mailbox"
)

// Bounds of a look into a mailbox.
const (
	newest     = 1000 // messages of a folder that are looked at, by their numbers
	most       = 100  // mails that are listed
	maxFolders = 3    // the inbox and what is for junk
	// MaxMail is the most that is read of one mail, in bytes.
	MaxMail = 16 << 20
)

// Item is a mail that can be chosen.
type Item struct {
	Folder   string // raw name
	Shown    string // the folder, decoded
	Junk     bool
	Validity uint32 // UIDVALIDITY of the folder: the number means another mail where it changed
	UID      mailbox.UID
	From     string // decoded
	Subject  string // decoded
	Date     time.Time
	Size     int64
}

// Recent lists mail of the inbox and of junk folders that arrived after since, the newest
// first, at most a hundred; with returned, only what looks like returned mail. Errors are
// those of signing in and of the connection; a folder that cannot be opened is left out.
func Recent(ctx context.Context, account mailbox.Account, since time.Time, returned bool) ([]Item, error) {
	s, err := account.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	folders, err := s.Folders(ctx)
	if err != nil {
		return nil, err
	}
	all := []Item{}
	looked := 0
	for _, f := range folders {
		inbox := strings.EqualFold(f.ID, "INBOX")
		junk := !inbox && letter.JunkFolder(f)
		if !f.Selectable || !inbox && !junk || looked == maxFolders {
			continue
		}
		looked++
		found, err := lookInto(ctx, s, f, junk, since, returned)
		if err != nil {
			if ctx.Err() != nil || inbox {
				return nil, err
			}
			continue
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b Item) int { return b.Date.Compare(a.Date) })
	return all[:min(len(all), most)], nil
}

func lookInto(ctx context.Context, s mailbox.Session, f mailbox.Folder, junk bool, since time.Time, returned bool) ([]Item, error) {
	state, err := s.Examine(ctx, f.ID)
	if err != nil || state.Messages == 0 {
		return nil, err
	}
	from := mailbox.UID(1)
	if state.UIDNext > newest {
		from = state.UIDNext - newest
	}
	by := map[mailbox.UID]Item{}
	var uids []mailbox.UID
	err = s.List(ctx, from, 0, 0, func(m mailbox.Meta) error {
		if m.Date.Before(since) {
			return nil
		}
		uids = append(uids, m.UID)
		by[m.UID] = Item{Folder: f.ID, Shown: strings.Join(f.Levels, " / "), Junk: junk, Validity: state.UIDValidity, UID: m.UID, Date: m.Date, Size: m.Size}
		return nil
	})
	if err != nil || len(uids) == 0 {
		return nil, err
	}
	uids = uids[max(0, len(uids)-newest):]
	var all []Item
	err = s.Headers(ctx, uids, func(uid mailbox.UID, _ int64, head []byte) error {
		it, known := by[uid]
		read, bad := mail.ReadMessage(io.MultiReader(bytes.NewReader(head), strings.NewReader("\r\n\r\n")))
		if !known || bad != nil {
			return nil
		}
		it.From = doctor.Clip(message.Decode(read.Header.Get("From")), 200)
		it.Subject = doctor.Clip(message.Decode(read.Header.Get("Subject")), 300)
		if !returned || bounce.Looks(it.From, it.Subject) {
			all = append(all, it)
		}
		return nil
	})
	return all, err
}

// Fetch reads one mail, at most [MaxMail] bytes of it. Errors: not_found where it is gone
// or the folder was numbered anew, those of signing in and of the connection.
func Fetch(ctx context.Context, account mailbox.Account, folder string, validity uint32, uid mailbox.UID) ([]byte, error) {
	s, err := account.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	state, err := s.Examine(ctx, folder)
	if err != nil {
		return nil, err
	}
	gone := core.E(core.NotFound, "fetch mail", nil, "folder", folder)
	if validity != 0 && state.UIDValidity != 0 && state.UIDValidity != validity {
		return nil, gone
	}
	var raw []byte
	err = s.Fetch(ctx, []mailbox.UID{uid}, func(m mailbox.Message) error {
		if m.Err != nil {
			return m.Err
		}
		var err error
		raw, err = io.ReadAll(io.LimitReader(m.Body, MaxMail))
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case len(raw) == 0:
		return nil, gone
	}
	return raw, nil
}
