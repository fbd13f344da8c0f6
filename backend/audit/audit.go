// Package audit remembers what Mailroom itself did: started, paused, undone, saved,
// changed, with what was before and after. Entries are only ever added, and each
// carries the hash of the one before, so that a changed or missing entry shows.
//
// It leaves out where the file is and who opens it (the caller hands a database),
// what an act means for people (the page's language files), and everything secret:
// facts whose name speaks of a secret are masked.
package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"mailroom/backend/core"
)

// Migrations make the table of a database file of its own. A step that a release has
// shipped never changes. The triggers keep even this program from changing an entry.
var Migrations = []string{`
CREATE TABLE entry (
	seq     INTEGER PRIMARY KEY,
	time    INTEGER NOT NULL, -- milliseconds since 1970
	act     TEXT    NOT NULL,
	record  TEXT    NOT NULL, -- JSON, exactly as hashed
	search  TEXT    NOT NULL, -- lower case
	prev    TEXT    NOT NULL,
	hash    TEXT    NOT NULL
) STRICT;
CREATE INDEX entry_act ON entry (act);
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'an entry stays as it is'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'an entry stays'); END;
`}

// Entry is one thing that was done.
type Entry struct {
	Seq     int64             `json:"seq"`
	Time    time.Time         `json:"time"`
	Act     string            `json:"act"`     // a code with a dot: move.started, certificate.saved …
	Subject string            `json:"subject"` // what it was done to, for people: a move's name, an address
	ID      string            `json:"id"`      // identity of the subject; "" none
	Facts   map[string]string `json:"facts"`   // counts, formats … short texts
	Before  map[string]string `json:"before"`  // what a change replaced
	After   map[string]string `json:"after"`   // by what
}

// Limits of one entry; what is longer is cut.
const (
	maxFacts = 40
	maxText  = 500
)

// DB is the database with the table: a reader, and transactions that write.
type DB interface {
	Reader() *sql.DB
	Write(ctx context.Context, f func(*sql.Tx) error) error
}

// Log is the record. It is safe for concurrent use.
type Log struct{ db DB }

// New uses a database that has seen [Migrations].
func New(db DB) *Log { return &Log{db: db} }

// Head is the last entry's place and hash; kept elsewhere, it shows later whether
// entries were cut off at the end.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// Add appends entries, all or none; Seq is given here, and Time if it is zero. It
// returns the new head. Errors: those of the disk.
func (l *Log) Add(ctx context.Context, entries ...Entry) (Head, error) {
	var head Head
	err := l.db.Write(ctx, func(tx *sql.Tx) (err error) {
		if head, err = headOf(ctx, tx); err != nil {
			return err
		}
		add, err := tx.PrepareContext(ctx, `INSERT INTO entry (seq, time, act, record, search, prev, hash) VALUES (?,?,?,?,?,?,?)`)
		if err != nil {
			return err
		}
		defer add.Close()
		for _, e := range entries {
			e = e.clean()
			e.Seq = head.Seq + 1
			record, err := json.Marshal(e)
			if err != nil {
				return err
			}
			next := Head{Seq: e.Seq, Hash: link(head.Hash, record)}
			if _, err = add.ExecContext(ctx, e.Seq, e.Time.UnixMilli(), e.Act, string(record), e.searchable(), head.Hash, next.Hash); err != nil {
				return err
			}
			head = next
		}
		return nil
	})
	if err != nil {
		return Head{}, core.E(core.CodeOf(err), "add to the record", err)
	}
	return head, nil
}

// link is the hash of an entry: over the hash before it and the record's bytes.
func link(prev string, record []byte) string {
	sum := sha256.Sum256(append([]byte(prev+"\n"), record...))
	return hex.EncodeToString(sum[:])
}

func headOf(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (Head, error) {
	var h Head
	err := q.QueryRowContext(ctx, `SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1`).Scan(&h.Seq, &h.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		return Head{}, nil
	}
	return h, err
}

func (e Entry) clean() Entry {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Time = e.Time.Truncate(time.Millisecond)
	e.Act, e.Subject, e.ID = short(e.Act), short(e.Subject), short(e.ID)
	e.Facts, e.Before, e.After = bounded(e.Facts), bounded(e.Before), bounded(e.After)
	return e
}

// secretWords mark facts that must not be written down.
var secretWords = []string{"password", "passwd", "secret", "token", "passphrase", "privatekey", "apikey"}

func bounded(facts map[string]string) map[string]string {
	kept := make(map[string]string, len(facts))
	for name, text := range facts {
		if len(kept) == maxFacts {
			break
		}
		low := strings.ToLower(name)
		for _, word := range secretWords {
			if strings.Contains(low, word) {
				text = "[secret]"
			}
		}
		kept[short(name)] = short(text)
	}
	return kept
}

func short(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxText || utf8.RuneCountInString(text) <= maxText {
		return text
	}
	return string([]rune(text)[:maxText-1]) + "…"
}

func (e Entry) searchable() string {
	parts := []string{e.Act, e.Subject}
	for _, facts := range []map[string]string{e.Facts, e.Before, e.After} {
		for _, text := range facts {
			parts = append(parts, text)
		}
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}
