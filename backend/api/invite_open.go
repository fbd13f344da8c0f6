package api

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/invite"
	"mailroom/backend/migrate"
	"mailroom/backend/report"
)

// OpenedFile is what was opened: an invitation, or a result that was taken in.
type OpenedFile struct {
	Invitation *Invitation  `json:"invitation,omitempty"`
	Result     *ResultTaken `json:"result,omitempty"`
}

// Invitation is an invitation as its person sees it.
type Invitation struct {
	ID          string   `json:"id"`
	Office      string   `json:"office"`
	Fingerprint string   `json:"fingerprint"`
	Key         string   `json:"key"` // new, same, other: whether this office's key was seen before
	Person      string   `json:"person"`
	From        Endpoint `json:"from"` // without password
	To          Endpoint `json:"to"`
	Expires     int64    `json:"expires"`
	Expired     *Problem `json:"expired,omitempty"`
	MoveID      string   `json:"moveId"` // of this program; "" not begun
}

// maxOpened bounds a file that is opened.
const maxOpened = 4 << 20

// Pick shows the computer's dialog for an invitation or result; "" if the person
// changed their mind.
func (i *Invites) Pick() (string, error) {
	return guard("pick invitation", func() (string, error) {
		return i.api.cfg.Desktop.PickFile(FileFilter{Name: "Mailroom", Patterns: "*" + inviteSuffix + ";*.txt;*.json"})
	})
}

// OpenFile opens an invitation or takes in a result.
func (i *Invites) OpenFile(path string) (OpenedFile, error) {
	return with(i.api, "open invitation", func(ctx context.Context, d *data) (OpenedFile, error) {
		raw, err := readBounded(path, maxOpened)
		if err != nil {
			return OpenedFile{}, err
		}
		return d.openInvite(ctx, raw)
	})
}

// OpenText opens pasted text.
func (i *Invites) OpenText(text string) (OpenedFile, error) {
	return with(i.api, "open invitation", func(ctx context.Context, d *data) (OpenedFile, error) {
		return d.openInvite(ctx, []byte(text))
	})
}

// readBounded reads a file that a person chose.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fileError(path, err)
	}
	if int64(len(raw)) > limit {
		return nil, core.E(core.Invalid, "open invitation", nil, "class", "invite-unreadable", "file", path)
	}
	return raw, nil
}

func (d *data) openInvite(ctx context.Context, raw []byte) (OpenedFile, error) {
	if invite.KindOf(raw) == "result" {
		taken, err := d.takeResult(ctx, raw)
		return OpenedFile{Result: &taken}, err
	}
	inv, err := invite.Read(raw)
	if err != nil {
		return OpenedFile{}, err
	}
	if err := inv.Expired(time.Now()); err != nil {
		return OpenedFile{}, err
	}
	if _, err := d.invites.findMade(ctx, inv.ID); err == nil {
		return OpenedFile{}, core.E(core.Conflict, "open invitation", nil, "class", "invite-own", "mailbox", inv.Person)
	}
	known, err := d.invites.familiarity(ctx, inv.Office)
	if err != nil {
		return OpenedFile{}, err
	}
	if err := d.keepReply(ctx, inv); err != nil {
		return OpenedFile{}, err
	}
	if err := d.invites.keepOpened(ctx, inv); err != nil {
		return OpenedFile{}, err
	}
	opened, err := d.invites.findOpened(ctx, inv.ID)
	if err != nil {
		return OpenedFile{}, err
	}
	view, err := d.viewOf(&opened, known)
	return OpenedFile{Invitation: view}, err
}

func (d *data) viewOf(o *openedInvite, known string) (*Invitation, error) {
	from, err := d.guestEndpoint(&o.From)
	if err != nil {
		return nil, err
	}
	to, err := d.guestEndpoint(&o.To)
	return &Invitation{
		ID: o.ID, Office: o.Office.Name, Fingerprint: invite.Fingerprint(o.Office.Key), Key: known, Person: o.Person,
		From: from, To: to, Expires: millis(o.Expires), MoveID: o.move, Expired: problemOf(o.Expired(time.Now())),
	}, err
}

// guestEndpoint is a server of an invitation; its authority is laid into the data folder.
func (d *data) guestEndpoint(s *invite.Server) (Endpoint, error) {
	authority, err := s.AuthorityFile(filepath.Join(filepath.Dir(d.db.Path()), "authorities"))
	return Endpoint{
		CA: authority, Kind: KindIMAP, Host: s.Host, Port: s.Port, Security: Security(s.Security), User: s.User, Pin: s.Pin,
	}, err
}

// CurrentInvitation is what the window is about.
type CurrentInvitation struct {
	File       string      `json:"file"`                 // a file that the program was started with and that was not opened yet
	Invitation *Invitation `json:"invitation,omitempty"` // the one that was opened last and not left
}

// Current tells whether the window is about one invitation. A file that the program was
// started with is told once.
func (i *Invites) Current() (CurrentInvitation, error) {
	return with(i.api, "current invitation", func(ctx context.Context, d *data) (CurrentInvitation, error) {
		now := CurrentInvitation{File: i.api.takeFile()}
		opened, err := d.invites.current(ctx)
		switch {
		case core.CodeOf(err) == core.NotFound:
			return now, nil
		case err != nil:
			return now, err
		}
		now.Invitation, err = d.viewOf(&opened, "same")
		return now, err
	})
}

// Leave goes on to the whole program; the invitation can be opened again.
func (i *Invites) Leave() error {
	_, err := with(i.api, "leave invitation", func(ctx context.Context, d *data) (struct{}, error) {
		return struct{}{}, d.invites.leave(ctx)
	})
	return err
}

// Begin starts the person's own move, or goes on with it: the passwords are handles of
// the vault. Errors: class invite-expired.
func (i *Invites) Begin(id, fromSecret, toSecret string) (Move, error) {
	return with(i.api, "begin invitation", func(ctx context.Context, d *data) (Move, error) {
		opened, err := d.invites.findOpened(ctx, id)
		if err != nil {
			return Move{}, err
		}
		if err := opened.Expired(time.Now()); err != nil {
			return Move{}, err
		}
		v, err := d.ownMove(ctx, &opened, fromSecret, toSecret)
		if err != nil {
			return Move{}, err
		}
		if v, err = d.desk.Start(ctx, v.ID); err != nil {
			return Move{}, err
		}
		d.record.noteAct(ctx, "start move", v)
		return wireMove(v), nil
	})
}

// ownMove makes the move of an invitation, or gives the one that was made new passwords.
func (d *data) ownMove(ctx context.Context, o *openedInvite, fromSecret, toSecret string) (moving.View, error) {
	view, err := d.viewOf(o, "same")
	if err != nil {
		return moving.View{}, err
	}
	from, to := record(view.From), record(view.To)
	from.Secret, to.Secret = fromSecret, toSecret
	box := moving.Mailbox{Label: o.Person, From: from, To: to, Choices: mapped(o.Folders, func(c invite.Choice) moving.Choice {
		return moving.Choice{Folder: c.Folder, Skip: c.Skip, Target: c.Target}
	})}
	options := moving.Options{
		Verify: migrate.Level(o.Options.Verify), Connections: o.Options.Connections, BytesPerSecond: o.Options.BytesPerSecond,
		BytesPerDay: o.Options.BytesPerDay, ExcludeDeleted: o.Options.ExcludeDeleted, Exclude: o.Options.Exclude,
		Since: o.Options.Since, Before: o.Options.Before,
	}
	if o.move != "" {
		d.record.settle(o.move)
		v, err := d.desk.Edit(ctx, o.move, o.Person, []moving.Mailbox{box}, options)
		if core.CodeOf(err) != core.NotFound {
			return v, err
		}
	}
	v, err := d.desk.Create(ctx, o.Person, []moving.Mailbox{box}, options)
	if err != nil {
		return v, err
	}
	return v, d.invites.setMove(ctx, o.ID, v.ID)
}

// SaveResult shows the computer's save dialog and writes the result of the person's
// move. It returns the path; "" if the person changed their mind.
func (i *Invites) SaveResult(id string) (string, error) {
	return with(i.api, "save result", func(ctx context.Context, d *data) (string, error) {
		raw, person, err := i.api.result(ctx, d, id)
		if err != nil {
			return "", err
		}
		name := "result-" + report.FileName(person, "mailbox") + inviteSuffix
		path, err := i.api.cfg.Desktop.PickNew(name, FileFilter{Name: "Mailroom", Patterns: "*" + inviteSuffix})
		if err != nil || path == "" {
			return "", err
		}
		return path, writeFile(path, func(w io.Writer) error { _, err := w.Write(raw); return err })
	})
}

// ResultText is the result as text to paste.
func (i *Invites) ResultText(id string) (string, error) {
	return with(i.api, "result as text", func(ctx context.Context, d *data) (string, error) {
		raw, _, err := i.api.result(ctx, d, id)
		return invite.Armor(raw), err
	})
}

// result makes the signed result of what an invitation's move has come to.
func (a *API) result(ctx context.Context, d *data, id string) (raw []byte, person string, err error) {
	opened, err := d.invites.findOpened(ctx, id)
	if err != nil {
		return nil, "", err
	}
	if opened.move == "" {
		return nil, "", core.E(core.Conflict, "make result", nil, "class", "result-nothing")
	}
	v, err := d.desk.Get(opened.move)
	if err != nil {
		return nil, "", err
	}
	mb := &v.Mailboxes[0]
	if mb.Outcome.Ended.IsZero() || v.Snapshot.Live {
		return nil, "", core.E(core.Conflict, "make result", nil, "class", "result-nothing")
	}
	c, _, err := d.certificate(ctx, v.ID, mb.ID, a.cfg.Version)
	if err != nil {
		return nil, "", err
	}
	inv := opened.Invitation
	if inv.Reply, err = d.replyOf(ctx, id); err != nil {
		return nil, "", err
	}
	folders, err := d.desk.Folders(ctx, v.ID, mb.ID)
	if err != nil {
		return nil, "", err
	}
	raw, err = inv.Answer(resultOf(a.cfg.Version, mb, folders, c.Mailboxes[0])).Encode()
	return raw, inv.Person, err
}

func resultOf(version string, mb *moving.Mailbox, folders []moving.Folder, row report.Mailbox) invite.Result {
	o := &mb.Outcome
	r := invite.Result{
		Program: version, State: string(mb.State), Started: o.Started, Ended: o.Ended, Counts: inviteCounts(o.Counts),
		Verified: string(o.Verified), Compared: o.Compared, DifferAll: o.Differ, Notes: o.Notes,
		Folders: mapped(folders, func(f moving.Folder) invite.Folder {
			return invite.Folder{
				Key: f.Key, Source: f.Source, Target: f.Target, Role: string(f.Role), Action: f.Action, Reason: f.Reason,
				Verified: f.Verified, Counts: inviteCounts(f.Counts),
			}
		}),
		Left: mapped(row.Left, func(l report.Left) invite.Left {
			return invite.Left{
				Folder: l.Folder, UID: l.UID, Date: l.Date, From: l.From, Subject: l.Subject, Size: l.Size, Class: l.Class, Server: l.Server,
			}
		}),
		Differ: mapped(row.Differences, func(f report.Difference) invite.Difference {
			return invite.Difference{Folder: f.Folder, UID: f.UID, Kind: f.Kind, Detail: f.Detail}
		}),
	}
	switch mb.State {
	case moving.Done, moving.LeftBehind:
	default:
		r.State = string(moving.Failed) // paused, cancelled: for the office it is not finished
	}
	return r
}

// takeFile gives the file that the program was started with, once.
func (a *API) takeFile() string {
	a.files.Lock()
	defer a.files.Unlock()
	file := a.file
	a.file = ""
	return file
}

// Offer hands over a file that the person opened in the file manager: at the start of
// the program, or while it runs. The page asks for it.
func (a *API) Offer(file string) {
	a.files.Lock()
	a.file = file
	a.files.Unlock()
	select {
	case <-a.opened:
		a.cfg.Desktop.Emit("invite:offered", FileOffered{File: file})
	default: // the page asks when it is ready
	}
}
