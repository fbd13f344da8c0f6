package ledger

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
)

// Flight is a batch of messages on their way: their outcome is unknown until it
// arrives, or until the destination has been looked at.
type Flight struct {
	ID   int64
	UIDs []uint32
}

// Depart records, durably against the death of this process, that these source
// messages are about to be sent.
func (l *Ledger) Depart(ctx context.Context, folder int64, uids []uint32) (Flight, error) {
	fl := Flight{UIDs: uids}
	err := l.db.Write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO flight (folder, uids) VALUES (?,?) RETURNING id`, folder, packUIDs(uids)).Scan(&fl.ID)
	})
	return fl, err
}

// Arrive ends flights: the outcome of their messages, and the new watermark of the
// folder (0: unchanged), in one transaction.
func (l *Ledger) Arrive(ctx context.Context, f *Folder, flights []Flight, messages []Message, watermark uint32) error {
	f.Watermark = max(f.Watermark, watermark)
	return l.db.Write(ctx, func(tx *sql.Tx) error {
		if err := update(ctx, tx, f.ID, messages); err != nil {
			return err
		}
		for _, fl := range flights {
			if _, err := tx.ExecContext(ctx, `DELETE FROM flight WHERE id=?`, fl.ID); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE folder SET watermark=? WHERE id=?`, f.Watermark, f.ID)
		return err
	})
}

// InFlight returns the source UIDs of a folder whose outcome is unknown.
func (l *Ledger) InFlight(ctx context.Context, folder int64) (uids map[uint32]bool, err error) {
	rows, err := l.db.R.QueryContext(ctx, `SELECT uids FROM flight WHERE folder=?`, folder)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	uids = map[uint32]bool{}
	for rows.Next() {
		var packed []byte
		if err := rows.Scan(&packed); err != nil {
			return nil, err
		}
		for _, uid := range unpackUIDs(packed) {
			uids[uid] = true
		}
	}
	return uids, rows.Err()
}

// Land ends all flights of a folder after the destination has been looked at:
// what was found is in messages, the rest is pending again.
func (l *Ledger) Land(ctx context.Context, f *Folder, messages []Message, watermark uint32) error {
	f.Watermark = max(f.Watermark, watermark)
	return l.db.Write(ctx, func(tx *sql.Tx) error {
		if err := update(ctx, tx, f.ID, messages); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM flight WHERE folder=?`, f.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE folder SET watermark=? WHERE id=?`, f.Watermark, f.ID)
		return err
	})
}

// LeftBehind is a message that did not arrive.
type LeftBehind struct {
	Message
	Class, Server, Sender, Subject string
}

// Leave records that a message is left behind.
func (l *Ledger) Leave(ctx context.Context, folder int64, left LeftBehind) error {
	left.State, left.Reason = Left, left.Class
	return l.db.Write(ctx, func(tx *sql.Tx) error {
		if err := update(ctx, tx, folder, []Message{left.Message}); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO left_behind VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
			class=excluded.class, server=excluded.server, sender=excluded.sender, subject=excluded.subject`,
			folder, left.UID, left.Class, left.Server, left.Sender, left.Subject)
		return err
	})
}

// Lost lists a folder's messages that are left behind, at most limit.
func (l *Ledger) Lost(ctx context.Context, folder int64, limit int) (all []LeftBehind, err error) {
	rows, err := l.db.R.QueryContext(ctx, `SELECT m.uid, m.state, m.target, m.size, m.date, m.zone, m.flags, m.head, m.verified, m.reason,
		coalesce(b.class,''), coalesce(b.server,''), coalesce(b.sender,''), coalesce(b.subject,'')
		FROM message m LEFT JOIN left_behind b ON b.folder=m.folder AND b.uid=m.uid
		WHERE m.folder=? AND m.state=? ORDER BY m.uid LIMIT ?`, folder, Left, limit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var b LeftBehind
		var date sql.NullInt64
		var zone int
		if err := rows.Scan(&b.UID, &b.State, &b.Target, &b.Size, &date, &zone, &b.Flags, &b.Head, &b.Verified, &b.Reason,
			&b.Class, &b.Server, &b.Sender, &b.Subject); err != nil {
			return nil, err
		}
		b.Date = stamp(date, zone)
		all = append(all, b)
	}
	return all, rows.Err()
}

// Reopen makes a folder's left-behind messages pending again, for another try,
// except those of a class that must never be sent again.
func (l *Ledger) Reopen(ctx context.Context, folder int64, never string) error {
	return l.db.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM left_behind WHERE folder=? AND class<>?`, folder, never); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE message SET state=?, reason='' WHERE folder=? AND state=? AND reason<>?`, Pending, folder, Left, never)
		return err
	})
}

// packUIDs stores UIDs as differences, which are mostly 1.
func packUIDs(uids []uint32) []byte {
	var b []byte
	last := int64(0)
	for _, uid := range uids {
		b = binary.AppendVarint(b, int64(uid)-last)
		last = int64(uid)
	}
	return b
}

func unpackUIDs(b []byte) (uids []uint32) {
	last := int64(0)
	for len(b) > 0 {
		d, n := binary.Varint(b)
		if n <= 0 {
			return uids
		}
		last += d
		uids = append(uids, uint32(last))
		b = b[n:]
	}
	return uids
}
