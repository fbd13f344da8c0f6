// Package numbering remembers which number each message of a POP3 mailbox has, so
// that a later run knows it again: POP3 names messages by texts, the ledger wants
// ascending numbers that stay.
//
// It leaves out what became of the messages: that is the ledger's.
package numbering

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/store"
)

// File is the name of the file in the data folder. It may be deleted: messages are
// then recognised at the destination.
const File = "pop3.db"

var migrations = []string{`
CREATE TABLE accounts (
	id       INTEGER PRIMARY KEY,
	account  TEXT    NOT NULL UNIQUE,
	validity INTEGER NOT NULL, -- seconds since 1970 when it was first seen
	next     INTEGER NOT NULL
) STRICT;
CREATE TABLE names (
	account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
	name    TEXT    NOT NULL,
	uid     INTEGER NOT NULL,
	PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;`}

// Book is the memory of all POP3 mailboxes. It is safe for concurrent use.
type Book struct{ db *store.DB }

// Open opens the book in the data folder. Errors: those of store.Open.
func Open(ctx context.Context, dir string) (*Book, error) {
	db, err := store.Open(ctx, filepath.Join(dir, File), migrations)
	if err != nil {
		return nil, err
	}
	return &Book{db}, nil
}

// durable puts what was written so far onto the disk itself. Else a power cut could
// take back a number that the ledger has kept, and it would be given to another message.
func (b *Book) durable(ctx context.Context) error {
	_, err := b.db.W.ExecContext(ctx, `PRAGMA wal_checkpoint(FULL)`)
	return err
}

// Close closes the file.
func (b *Book) Close() error { return b.db.Close() }

// Number returns the numbers of the messages with these names, in their order. Those
// not seen before get the next ones, ascending, which are on the disk when it returns.
// validity differs after the file was lost.
func (b *Book) Number(ctx context.Context, account string, names []string) (validity uint32, uids []mailbox.UID, next mailbox.UID, err error) {
	uids = make([]mailbox.UID, len(names))
	fresh := false
	err = b.db.Write(ctx, func(tx *sql.Tx) error {
		id, first, at, err := accountRow(ctx, tx, account)
		if err != nil {
			return err
		}
		validity, next = first, at
		known, err := knownNames(ctx, tx, id)
		if err != nil {
			return err
		}
		for i, name := range names {
			uid, ok := known[name]
			if !ok {
				if uid = next; uid == 0 {
					return core.E(core.Internal, "number messages", nil) // four billion were given
				}
				next++
				fresh = true
				known[name] = uid
				if _, err := tx.ExecContext(ctx, `INSERT INTO names VALUES (?,?,?)`, id, name, uid); err != nil {
					return err
				}
			}
			uids[i] = uid
		}
		_, err = tx.ExecContext(ctx, `UPDATE accounts SET next=? WHERE id=?`, next, id)
		return err
	})
	if err == nil && fresh {
		err = b.durable(ctx)
	}
	if err != nil && core.CodeOf(err) == core.Internal {
		err = core.E(core.Internal, "number messages", err, "file", File)
	}
	return validity, uids, next, err
}

func accountRow(ctx context.Context, tx *sql.Tx, account string) (id int64, validity uint32, next mailbox.UID, err error) {
	err = tx.QueryRowContext(ctx, `SELECT id, validity, next FROM accounts WHERE account=?`, account).Scan(&id, &validity, &next)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, validity, next, err
	}
	validity, next = uint32(time.Now().Unix()), 1
	res, err := tx.ExecContext(ctx, `INSERT INTO accounts (account, validity, next) VALUES (?,?,?)`, account, validity, next)
	if err != nil {
		return 0, 0, 0, err
	}
	id, err = res.LastInsertId()
	return id, validity, next, err
}

func knownNames(ctx context.Context, tx *sql.Tx, id int64) (known map[string]mailbox.UID, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT name, uid FROM names WHERE account=?`, id)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	known = map[string]mailbox.UID{}
	for rows.Next() {
		var name string
		var uid mailbox.UID
		if err := rows.Scan(&name, &uid); err != nil {
			return nil, err
		}
		known[name] = uid
	}
	return known, rows.Err()
}
