package api

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/invite"
	"mailroom/backend/store"
)

// inviteFile is the invitations' file within the data folder.
const inviteFile = "invites.db"

// inviteMigrations: a step that a release has shipped never changes. Neither table
// holds what signs: keys are in the vault.
var inviteMigrations = []string{`
CREATE TABLE made ( -- by this office
	id      TEXT    NOT NULL PRIMARY KEY,
	move    TEXT    NOT NULL,
	mailbox TEXT    NOT NULL,
	made    INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	reply   BLOB    NOT NULL, -- public key of the result's signature
	taken   INTEGER NOT NULL DEFAULT 0,
	ended   INTEGER NOT NULL DEFAULT 0 -- of the result that was taken in
) STRICT;
CREATE INDEX made_move ON made (move, mailbox);
CREATE TABLE opened ( -- on this computer
	id         TEXT    NOT NULL PRIMARY KEY,
	office     TEXT    NOT NULL,
	key        BLOB    NOT NULL,
	invitation TEXT    NOT NULL, -- JSON without the reply key
	move       TEXT    NOT NULL DEFAULT '', -- of this program, once it was begun
	opened     INTEGER NOT NULL,
	left       INTEGER NOT NULL DEFAULT 0 -- the person went on to the whole program
) STRICT;`,
	`ALTER TABLE made ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0`,
}

type inviteStore struct{ db *store.DB }

func openInvites(ctx context.Context, dir string) (*inviteStore, error) {
	db, err := store.Open(ctx, filepath.Join(dir, inviteFile), inviteMigrations)
	if err != nil {
		return nil, err
	}
	return &inviteStore{db}, nil
}

// madeInvite is one invitation that this office made.
type madeInvite struct {
	invite.Made
	made, expires, taken, ended time.Time
	withdrawn                   time.Time // when the office took the mailbox back; zero: it did not
}

func (s *inviteStore) keepMade(ctx context.Context, inv *invite.Invitation) error {
	return s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO made (id, move, mailbox, made, expires, reply) VALUES (?,?,?,?,?,?)`,
			inv.ID, inv.Move, inv.Mailbox, inv.Made.UnixMilli(), inv.Expires.UnixMilli(), inv.ReplyKey())
		return err
	})
}

const madeColumns = `id, move, mailbox, reply, made, expires, taken, ended, withdrawn`

func scanMade(row interface{ Scan(...any) error }) (madeInvite, error) {
	var m madeInvite
	var made, expires, taken, ended, withdrawn int64
	err := row.Scan(&m.ID, &m.Move, &m.Mailbox, &m.ReplyKey, &made, &expires, &taken, &ended, &withdrawn)
	m.withdrawn = store.Time(withdrawn)
	m.made, m.expires, m.taken, m.ended = store.Time(made), store.Time(expires), store.Time(taken), store.Time(ended)
	return m, err
}

// findMade returns an invitation of this office; not_found with class result-unknown.
func (s *inviteStore) findMade(ctx context.Context, id string) (madeInvite, error) {
	m, err := scanMade(s.db.R.QueryRowContext(ctx, `SELECT `+madeColumns+` FROM made WHERE id=?`, id))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return m, core.E(core.NotFound, "find invitation", nil, "class", "result-unknown")
	case err != nil:
		return m, core.E(core.Internal, "find invitation", err)
	}
	return m, nil
}

// madeFor lists a move's invitations, the newest first.
func (s *inviteStore) madeFor(ctx context.Context, move string) (all []madeInvite, err error) {
	rows, err := s.db.R.QueryContext(ctx, `SELECT `+madeColumns+` FROM made WHERE move=? ORDER BY made DESC, rowid DESC`, move)
	if err != nil {
		return nil, core.E(core.Internal, "list invitations", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		m, err := scanMade(rows)
		if err != nil {
			return nil, core.E(core.Internal, "list invitations", err)
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

func (s *inviteStore) markTaken(ctx context.Context, id string, ended time.Time) error {
	return s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE made SET taken=?, ended=? WHERE id=?`, time.Now().UnixMilli(), ended.UnixMilli(), id)
		return err
	})
}

// withdraw marks all invitations of a mailbox that are out: their results count no
// more, whatever is made for it later.
func (s *inviteStore) withdraw(ctx context.Context, move, mailbox string) error {
	return s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE made SET withdrawn=? WHERE move=? AND mailbox=? AND withdrawn=0`, time.Now().UnixMilli(), move, mailbox)
		return err
	})
}

// openedInvite is one invitation that was opened on this computer.
type openedInvite struct {
	invite.Invitation // without the reply key
	move              string
}

// keepOpened remembers an invitation; opening it again changes nothing but brings it
// to the fore.
func (s *inviteStore) keepOpened(ctx context.Context, inv *invite.Invitation) error {
	plain := *inv
	plain.Reply = nil
	text, err := json.Marshal(&plain)
	if err != nil {
		return core.E(core.Internal, "keep invitation", err)
	}
	return s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO opened (id, office, key, invitation, opened) VALUES (?,?,?,?,?)
			ON CONFLICT DO UPDATE SET opened=excluded.opened, left=0`, inv.ID, inv.Office.Name, inv.Office.Key, string(text), time.Now().UnixMilli())
		return err
	})
}

func scanOpened(row *sql.Row) (openedInvite, error) {
	var o openedInvite
	var text string
	err := row.Scan(&text, &o.move)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return o, core.E(core.NotFound, "find invitation", nil)
	case err != nil:
		return o, core.E(core.Internal, "find invitation", err)
	}
	if err := json.Unmarshal([]byte(text), &o.Invitation); err != nil {
		return o, core.E(core.Malformed, "find invitation", err)
	}
	return o, nil
}

func (s *inviteStore) findOpened(ctx context.Context, id string) (openedInvite, error) {
	return scanOpened(s.db.R.QueryRowContext(ctx, `SELECT invitation, move FROM opened WHERE id=?`, id))
}

// current is the invitation that the window is about; not_found if there is none.
func (s *inviteStore) current(ctx context.Context) (openedInvite, error) {
	return scanOpened(s.db.R.QueryRowContext(ctx, `SELECT invitation, move FROM opened WHERE left=0 ORDER BY opened DESC LIMIT 1`))
}

func (s *inviteStore) leave(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE opened SET left=1`)
		return err
	})
}

func (s *inviteStore) setMove(ctx context.Context, id, move string) error {
	return s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE opened SET move=? WHERE id=?`, move, id)
		return err
	})
}

// familiarity says whether an office's key was seen before on this computer: "new"
// (the name is new), "same", or "other" (the name came with another key).
func (s *inviteStore) familiarity(ctx context.Context, office invite.Office) (string, error) {
	var same, other int
	err := s.db.R.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE key=?1), count(*) FILTER (WHERE key<>?1) FROM opened WHERE office=?2`,
		office.Key, office.Name).Scan(&same, &other)
	switch {
	case err != nil:
		return "", core.E(core.Internal, "compare keys", err)
	case same > 0:
		return "same", nil
	case other > 0:
		return "other", nil
	}
	return "new", nil
}
