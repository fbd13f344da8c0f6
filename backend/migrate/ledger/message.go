package ledger

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"
)

// State is how far one source message has come.
type State int

// The states. Sent is Copied without a known destination UID (no UIDPLUS). Gone
// messages were taken from the source since; they no longer count.
const (
	Pending State = iota
	Sent
	Copied  // appended by this program
	Adopted // found at the destination
	Excluded
	Left
	Gone
)

// Message is one source message.
type Message struct {
	UID      uint32
	State    State
	Target   uint32 // destination UID; 0 unknown
	Size     int64  // estimate until copied, then exact
	Date     time.Time
	Flags    string // sorted, separated by spaces, without \Recent
	Head     []byte // fingerprint of the header; nil unknown
	Verified int
	Reason   string // a rule's or class's code
}

const messageColumns = `uid, state, target, size, date, zone, flags, head, verified, reason`

func scanMessage(rows *sql.Rows) (Message, error) {
	var m Message
	var date sql.NullInt64
	var zone int
	err := rows.Scan(&m.UID, &m.State, &m.Target, &m.Size, &date, &zone, &m.Flags, &m.Head, &m.Verified, &m.Reason)
	m.Date = stamp(date, zone)
	return m, err
}

func stamp(date sql.NullInt64, zone int) time.Time {
	if !date.Valid {
		return time.Time{}
	}
	return time.Unix(date.Int64, 0).In(time.FixedZone("", zone))
}

func dateColumns(t time.Time) (any, int) {
	if t.IsZero() {
		return nil, 0
	}
	_, zone := t.Zone()
	return t.Unix(), zone
}

// Take records newly listed messages, given in ascending order, and how far the
// listing has come. Messages that are known already keep their state.
func (l *Ledger) Take(ctx context.Context, f *Folder, listed uint32, messages []Message) error {
	f.Listed = max(f.Listed, listed)
	return l.db.Write(ctx, func(tx *sql.Tx) error {
		ins, err := tx.PrepareContext(ctx, `INSERT INTO message (folder, uid, state, size, date, zone, flags, reason)
			VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`)
		if err != nil {
			return err
		}
		for i := range messages {
			m := &messages[i]
			date, zone := dateColumns(m.Date)
			if _, err := ins.ExecContext(ctx, f.ID, m.UID, m.State, m.Size, date, zone, m.Flags, m.Reason); err != nil {
				return err
			}
		}
		if err := ins.Close(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE folder SET listed=?, source_state='' WHERE id=?`, f.Listed, f.ID)
		return err
	})
}

// Update changes messages by key; fields that a caller does not touch must be
// what [Ledger.Messages] gave.
func (l *Ledger) Update(ctx context.Context, folder int64, messages []Message) error {
	return l.db.Write(ctx, func(tx *sql.Tx) error { return update(ctx, tx, folder, messages) })
}

func update(ctx context.Context, tx *sql.Tx, folder int64, messages []Message) error {
	up, err := tx.PrepareContext(ctx, `UPDATE message SET state=?, target=?, size=?, flags=?, head=?, verified=?, reason=? WHERE folder=? AND uid=?`)
	if err != nil {
		return err
	}
	defer func() { _ = up.Close() }()
	for i := range messages {
		m := &messages[i]
		if _, err := up.ExecContext(ctx, m.State, m.Target, m.Size, m.Flags, m.Head, m.Verified, m.Reason, folder, m.UID); err != nil {
			return err
		}
	}
	return nil
}

// Prove records by which level messages are proven: all whose copy is known, that are
// proven by less and whose UID is in one of the spans.
func (l *Ledger) Prove(ctx context.Context, folder int64, level int, spans []Span) error {
	if len(spans) == 0 {
		return nil
	}
	return l.db.Write(ctx, func(tx *sql.Tx) error {
		up, err := tx.PrepareContext(ctx, `UPDATE message SET verified=? WHERE folder=? AND uid BETWEEN ? AND ?
			AND state IN (?,?) AND target>0 AND verified<?`)
		if err != nil {
			return err
		}
		defer func() { _ = up.Close() }()
		for _, s := range spans {
			if _, err := up.ExecContext(ctx, level, folder, s.From, s.To, Copied, Adopted, level); err != nil {
				return err
			}
		}
		return nil
	})
}

// Span is a range of source UIDs, both ends included.
type Span struct{ From, To uint32 }

// Doubt takes back every proof of a folder.
func (l *Ledger) Doubt(ctx context.Context, folder int64) error {
	return l.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE message SET verified=0 WHERE folder=? AND verified<>0`, folder)
		return err
	})
}

// Messages returns up to limit messages with UID > after whose state is one of
// states (none: all), ascending.
func (l *Ledger) Messages(ctx context.Context, folder int64, after uint32, limit int, states ...State) (all []Message, err error) {
	query, args := `SELECT `+messageColumns+` FROM message WHERE folder=? AND uid>?`, []any{folder, after}
	if len(states) > 0 {
		query += ` AND state IN (`
		for i, s := range states {
			if i > 0 {
				query += `,`
			}
			query += `?`
			args = append(args, s)
		}
		query += `)`
	}
	rows, err := l.db.R.QueryContext(ctx, query+` ORDER BY uid LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		m, err := scanMessage(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// chunk bounds how many rows are held at once.
const chunk = 1000

// Each walks the messages in the given states in chunks. Rows may be updated
// between chunks.
func (l *Ledger) Each(ctx context.Context, folder int64, states ...State) iter.Seq2[[]Message, error] {
	return func(yield func([]Message, error) bool) {
		for after := uint32(0); ; {
			part, err := l.Messages(ctx, folder, after, chunk, states...)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(part) == 0 || !yield(part, nil) || len(part) < chunk {
				return
			}
			after = part[len(part)-1].UID
		}
	}
}

// Tally counts a folder's messages by state and sums the sizes of pending ones.
func (l *Ledger) Tally(ctx context.Context, folder int64) (counts map[State]int64, pendingBytes int64, err error) {
	rows, err := l.db.R.QueryContext(ctx, `SELECT state, count(*), sum(size) FROM message WHERE folder=? GROUP BY state`, folder)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	counts = map[State]int64{}
	for rows.Next() {
		var s State
		var n, bytes int64
		if err := rows.Scan(&s, &n, &bytes); err != nil {
			return nil, 0, err
		}
		counts[s] = n
		if s == Pending {
			pendingBytes = bytes
		}
	}
	return counts, pendingBytes, rows.Err()
}

// Reasons counts a folder's messages of one state by their reason.
func (l *Ledger) Reasons(ctx context.Context, folder int64, state State) (counts map[string]int64, err error) {
	rows, err := l.db.R.QueryContext(ctx, `SELECT reason, count(*) FROM message WHERE folder=? AND state=? GROUP BY reason`, folder, state)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	counts = map[string]int64{}
	for rows.Next() {
		var reason string
		var n int64
		if err := rows.Scan(&reason, &n); err != nil {
			return nil, err
		}
		counts[reason] = n
	}
	return counts, rows.Err()
}

// Arrived lists the destination UIDs of a target folder that the account's move
// put or found there, over all generations of its sources, with the states.
func (l *Ledger) Arrived(ctx context.Context, account int64, target string, from uint32) (known map[uint32]State, err error) {
	rows, err := l.db.R.QueryContext(ctx, `SELECT m.target, min(m.state) FROM message m JOIN folder f ON f.id=m.folder
		WHERE f.account=? AND f.target=? AND f.current AND m.target>=? AND m.target>0 GROUP BY m.target`, account, []byte(target), from)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	known = map[uint32]State{}
	for rows.Next() {
		var uid uint32
		var s State
		if err := rows.Scan(&uid, &s); err != nil {
			return nil, err
		}
		known[uid] = s
	}
	return known, rows.Err()
}
