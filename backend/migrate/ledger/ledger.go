// Package ledger remembers, for every message of every source mailbox, whether and
// where it arrived: the memory that makes a move happen exactly once. One SQLite
// file per office; the order of writes is the promise:
//
//   - before bytes leave, a flight says which source UIDs are on their way and
//     what the destination's UIDNEXT was ([Ledger.Depart]);
//   - after the tagged OK, the pairs of UIDs replace the flight ([Ledger.Arrive]).
//
// A process that dies loses nothing of this; a power cut may lose the last second,
// so package migrate looks at the destination from the watermark on before it
// sends anything again. The ledger leaves out what the pairs mean for people.
package ledger

import (
	"context"
	"database/sql"
	"path/filepath"

	"mailroom/backend/store"
)

// File is the ledger's name within its data folder.
const File = "ledger.db"

// Ledger is an open ledger file. It is safe for concurrent use.
type Ledger struct{ db *store.DB }

// Open opens or makes DIR/ledger.db and locks it. Errors as [store.Open].
func Open(ctx context.Context, dir string) (*Ledger, error) {
	db, err := store.Open(ctx, filepath.Join(dir, File), migrations)
	if err != nil {
		return nil, err
	}
	return &Ledger{db: db}, nil
}

// Close releases the file and its lock.
func (l *Ledger) Close() error { return l.db.Close() }

// Names of folders are the raw bytes of the wire, hence BLOB.
var migrations = []string{`
CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  destination TEXT NOT NULL,
  UNIQUE (source, destination)
) STRICT;
CREATE TABLE folder (
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account,
  source BLOB NOT NULL,
  validity INTEGER NOT NULL,
  current INTEGER NOT NULL DEFAULT 1,
  target BLOB NOT NULL,
  target_validity INTEGER NOT NULL DEFAULT 0,
  watermark INTEGER NOT NULL DEFAULT 0,
  listed INTEGER NOT NULL DEFAULT 0,
  modseq INTEGER NOT NULL DEFAULT 0,
  source_state TEXT NOT NULL DEFAULT '',
  target_state TEXT NOT NULL DEFAULT '',
  UNIQUE (account, source, validity)
) STRICT;
CREATE TABLE message (
  folder INTEGER NOT NULL REFERENCES folder,
  uid INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  target INTEGER NOT NULL DEFAULT 0,
  size INTEGER NOT NULL DEFAULT 0,
  date INTEGER,
  zone INTEGER NOT NULL DEFAULT 0,
  flags TEXT NOT NULL DEFAULT '',
  head BLOB,
  verified INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (folder, uid)
) STRICT, WITHOUT ROWID;
CREATE TABLE left_behind (
  folder INTEGER NOT NULL REFERENCES folder,
  uid INTEGER NOT NULL,
  class TEXT NOT NULL,
  server TEXT NOT NULL,
  sender TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (folder, uid)
) STRICT, WITHOUT ROWID;
CREATE TABLE flight (
  id INTEGER PRIMARY KEY,
  folder INTEGER NOT NULL REFERENCES folder,
  uids BLOB NOT NULL
) STRICT;
CREATE INDEX flight_folder ON flight (folder);
CREATE TABLE usage (
  place TEXT NOT NULL,
  day TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (place, day)
) STRICT, WITHOUT ROWID;
`}

// Account returns the id of the pair (source, destination), making it if new.
func (l *Ledger) Account(ctx context.Context, source, destination string) (int64, error) {
	var id int64
	err := l.db.R.QueryRowContext(ctx, `SELECT id FROM account WHERE source=? AND destination=?`, source, destination).Scan(&id)
	if err != sql.ErrNoRows {
		return id, err
	}
	err = l.db.Write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO account (source, destination) VALUES (?,?)
			ON CONFLICT DO UPDATE SET source=excluded.source RETURNING id`, source, destination).Scan(&id)
	})
	return id, err
}

// Spend adds bytes to a place's use of a day ("2006-01-02") and returns the sum.
func (l *Ledger) Spend(ctx context.Context, place, day string, bytes int64) (int64, error) {
	var sum int64
	err := l.db.Write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO usage VALUES (?,?,?)
			ON CONFLICT DO UPDATE SET bytes=bytes+excluded.bytes RETURNING bytes`, place, day, bytes).Scan(&sum)
	})
	return sum, err
}

// Backup writes a copy of the ledger, as of now, into another folder.
func (l *Ledger) Backup(ctx context.Context, dir string) error {
	_, err := l.db.W.ExecContext(ctx, `VACUUM INTO ?`, filepath.Join(dir, File))
	return err
}
