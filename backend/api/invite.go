package api

import (
	"context"
	"io"
	"path/filepath"
	"strconv"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/invite"
	"mailroom/backend/report"
	"mailroom/backend/secret"
)

// Invites let people move their own mailboxes: an office makes invitations and takes
// results in; a person opens an invitation, moves, and saves the result.
type Invites struct{ api *API }

// InviteOrder is which invitations the person wants.
type InviteOrder struct {
	MoveID     string   `json:"moveId"`
	MailboxIDs []string `json:"mailboxIds"`
	Office     string   `json:"office"` // name that people know it by
	Days       int      `json:"days"`   // until they expire: 1 to 90
	Files      bool     `json:"files"`  // save files into a folder; else only the texts
}

// InvitesMade are invitations that were made.
type InvitesMade struct {
	Folder      string       `json:"folder"` // "" the person changed their mind, or texts only
	Fingerprint string       `json:"fingerprint"`
	Expires     int64        `json:"expires"`
	Texts       []InviteText `json:"texts"`
}

// InviteText is one invitation as text to paste.
type InviteText struct {
	MailboxID string `json:"mailboxId"`
	Label     string `json:"label"`
	Address   string `json:"address"` // of the old mailbox
	File      string `json:"file"`    // name within the folder
	Text      string `json:"text"`
}

// InviteState is where one mailbox's invitation stands.
type InviteState struct {
	MailboxID string `json:"mailboxId"`
	Made      int64  `json:"made"`
	Expires   int64  `json:"expires"`
	Taken     int64  `json:"taken"` // when the result was taken in; 0 not yet
	Ended     int64  `json:"ended"` // when the person's move ended
}

// Names of keys in the vault.
const (
	officeKeyName = "invite/office-key"
	replyPrefix   = "invite/reply/"
)

// inviteSuffix ends the names of invitations and results.
const inviteSuffix = ".mailroom"

// Limits of one order.
const (
	mostInviteDays = 90
	mostInvites    = 2000
)

// officeKey is this office's signing key, made at first use.
func (d *data) officeKey(ctx context.Context) (invite.OfficeKey, error) {
	vault, err := d.openVault(ctx)
	if err != nil {
		return invite.OfficeKey{}, err
	}
	kept, err := vault.Get(ctx, officeKeyName)
	switch {
	case err == nil:
		return invite.OfficeKeyFrom(kept)
	case core.CodeOf(err) != core.NotFound:
		return invite.OfficeKey{}, locked(err)
	}
	key := invite.NewOfficeKey()
	return key, locked(vault.Set(ctx, officeKeyName, key.Secret()))
}

// Fingerprint tells the digits by which people can know this office's key.
func (i *Invites) Fingerprint() (string, error) {
	return with(i.api, "office key", func(ctx context.Context, d *data) (string, error) {
		key, err := d.officeKey(ctx)
		if err != nil {
			return "", err
		}
		return invite.Fingerprint(key.Public()), nil
	})
}

// Make makes invitations, saves them where Files asks for it, and marks the mailboxes
// as moved by their people, whose passwords the office forgets. Errors: invalid with field days, mailboxIds; unsupported
// for mailboxes that another computer cannot reach (archives, the practice office).
func (i *Invites) Make(order InviteOrder) (InvitesMade, error) {
	return with(i.api, "make invitations", func(ctx context.Context, d *data) (InvitesMade, error) {
		made := InvitesMade{Texts: []InviteText{}}
		switch {
		case order.Days < 1 || order.Days > mostInviteDays:
			return made, core.E(core.Invalid, "make invitations", nil, "field", "days", "reason", "malformed")
		case len(order.MailboxIDs) == 0 || len(order.MailboxIDs) > mostInvites:
			return made, core.E(core.Invalid, "make invitations", nil, "field", "mailboxes", "reason", "missing")
		}
		key, err := d.officeKey(ctx)
		if err != nil {
			return made, err
		}
		all, err := d.draftInvites(order, key)
		if err != nil {
			return made, err
		}
		made.Fingerprint, made.Expires = invite.Fingerprint(key.Public()), millis(all[0].Expires)
		if order.Files {
			if made.Folder, err = i.api.cfg.Desktop.PickFolder(); err != nil || made.Folder == "" {
				return made, err
			}
		}
		// The mailboxes are marked first: an invitation out in the world must find them so.
		before, err := d.desk.Get(order.MoveID)
		if err != nil {
			return made, err
		}
		if _, err := d.desk.SetSelf(ctx, order.MoveID, order.MailboxIDs, true); err != nil {
			return made, err
		}
		d.sweepSecretsOf(ctx, before) // those of the invited; what is in use stays
		taken := map[string]bool{}
		for _, inv := range all {
			text, err := d.issue(ctx, inv, made.Folder, taken)
			if err != nil {
				return made, err
			}
			made.Texts = append(made.Texts, text)
		}
		return made, nil
	})
}

// draftInvites makes all invitations of an order, or none.
func (d *data) draftInvites(order InviteOrder, key invite.OfficeKey) ([]*invite.Invitation, error) {
	v, err := d.desk.Get(order.MoveID)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, id := range order.MailboxIDs {
		wanted[id] = true
	}
	var all []*invite.Invitation
	for i := range v.Mailboxes {
		mb := &v.Mailboxes[i]
		if !wanted[mb.ID] {
			continue
		}
		for _, side := range []*moving.Endpoint{&mb.From, &mb.To} {
			if side.Kind != string(KindIMAP) {
				return nil, core.E(core.Unsupported, "make invitations", nil, "class", "invite-local", "mailbox", mb.Label)
			}
		}
		draft := invitationOf(v, mb, order.Office)
		for at, server := range map[*moving.Endpoint]*invite.Server{&mb.From: &draft.From, &mb.To: &draft.To} {
			if server.CA, err = authorityOf(at); err != nil {
				return nil, err
			}
		}
		inv, err := invite.Make(draft, key, time.Duration(order.Days)*24*time.Hour)
		if err != nil {
			return nil, err
		}
		all = append(all, inv)
	}
	if len(all) != len(wanted) {
		return nil, core.E(core.NotFound, "make invitations", nil)
	}
	return all, nil
}

func invitationOf(v moving.View, mb *moving.Mailbox, office string) invite.Invitation {
	return invite.Invitation{
		Office: invite.Office{Name: office}, Move: v.ID, Mailbox: mb.ID, Person: mb.Label,
		From: serverOf(&mb.From), To: serverOf(&mb.To),
		Folders: mapped(mb.Choices, func(c moving.Choice) invite.Choice {
			return invite.Choice{Folder: c.Folder, Skip: c.Skip, Target: c.Target}
		}),
		Options: invite.Options{
			Verify: string(v.Options.Verify), Connections: v.Options.Connections, BytesPerSecond: v.Options.BytesPerSecond,
			BytesPerDay: v.Options.BytesPerDay, ExcludeDeleted: v.Options.ExcludeDeleted, Exclude: v.Options.Exclude,
			Since: v.Options.Since, Before: v.Options.Before,
		},
	}
}

// serverOf is one side without anything secret. Who acts for the mailbox (a master
// user) does not matter: the person signs in as themselves.
func serverOf(e *moving.Endpoint) invite.Server {
	user := e.User
	if e.Authz != "" {
		user = e.Authz
	}
	return invite.Server{Host: e.Host, Port: e.Port, Security: e.Security, User: user, Pin: e.Pin}
}

// authorityOf is the public part of the authority that signed a server's certificate, so
// that the person's computer trusts it, too; "" if the computer's own authorities do.
func authorityOf(e *moving.Endpoint) (string, error) {
	if e.CA == "" {
		return "", nil
	}
	raw, err := readSmall(e.CA, 1<<20)
	if err != nil {
		return "", core.E(core.NotFound, "read authority", err, "file", e.CA)
	}
	text, err := invite.Authority(raw)
	if err != nil {
		return "", core.E(core.Invalid, "read authority", err, "file", e.CA)
	}
	return text, nil
}

// issue keeps what is needed to know the result by, and writes the file.
func (d *data) issue(ctx context.Context, inv *invite.Invitation, folder string, taken map[string]bool) (InviteText, error) {
	raw, err := inv.Encode()
	if err != nil {
		return InviteText{}, err
	}
	if err := d.invites.keepMade(ctx, inv); err != nil {
		return InviteText{}, err
	}
	text := InviteText{MailboxID: inv.Mailbox, Label: inv.Person, Address: inv.From.User, Text: invite.Armor(raw)}
	text.File = unique(taken, report.FileName(inv.Person, "invitation")) + inviteSuffix
	if folder != "" {
		if err := writeFile(filepath.Join(folder, text.File), func(w io.Writer) error {
			_, err := w.Write(raw)
			return err
		}); err != nil {
			return InviteText{}, err
		}
	}
	d.record.note(ctx, audit.Entry{Act: actInvitationMade, Subject: inv.Person, ID: inv.Move, Facts: map[string]string{
		"mailbox": inv.From.User, "until": inv.Expires.Format("2006-01-02"), "files": strconv.Itoa(min(len(folder), 1)),
	}})
	return text, nil
}

// States tells where the invitations of a move stand, one for each mailbox that was
// invited: the newest, and a result that came for an older one.
func (i *Invites) States(moveID string) ([]InviteState, error) {
	return with(i.api, "list invitations", func(ctx context.Context, d *data) ([]InviteState, error) {
		made, err := d.invites.madeFor(ctx, moveID)
		if err != nil {
			return nil, err
		}
		at := map[string]int{}
		all := []InviteState{}
		for _, m := range made {
			n, seen := at[m.Mailbox]
			if !seen {
				n = len(all)
				at[m.Mailbox] = n
				all = append(all, InviteState{MailboxID: m.Mailbox, Made: millis(m.made), Expires: millis(m.expires)})
			}
			if taken := millis(m.taken); taken > all[n].Taken {
				all[n].Taken, all[n].Ended = taken, millis(m.ended)
			}
		}
		return all, nil
	})
}

// Stop says that the office moves a mailbox itself again. Invitations that are out stay
// readable, but their results are refused. Invalid if the office has no password for it.
func (i *Invites) Stop(moveID, mailboxID string) (Move, error) {
	return with(i.api, "stop invitation", func(ctx context.Context, d *data) (Move, error) {
		v, err := d.desk.SetSelf(ctx, moveID, []string{mailboxID}, false)
		if err != nil {
			return Move{}, err
		}
		if err := d.invites.withdraw(ctx, moveID, mailboxID); err != nil {
			return Move{}, err
		}
		d.record.note(ctx, audit.Entry{Act: actInvitationWithdrawn, Subject: labelOf(v, mailboxID), ID: moveID})
		return wireMove(v), nil
	})
}

// keepReply puts the key that signs a result into the vault, and replyOf gets it back.
func (d *data) keepReply(ctx context.Context, inv *invite.Invitation) error {
	vault, err := d.openVault(ctx)
	if err != nil {
		return err
	}
	return locked(vault.Set(ctx, replyPrefix+inv.ID, secret.NewValue(string(inv.Reply))))
}

func (d *data) replyOf(ctx context.Context, id string) ([]byte, error) {
	vault, err := d.openVault(ctx)
	if err != nil {
		return nil, err
	}
	seed, err := vault.Get(ctx, replyPrefix+id)
	if err != nil {
		return nil, locked(err)
	}
	return []byte(seed.Reveal()), nil
}
