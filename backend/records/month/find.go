package month

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records/query"
)

// Find calls visit for the records of the month that a question asks for, newest
// first, beginning below the ID before (0: with the newest), until visit returns false.
// more says whether it was visit that ended it. What is added meanwhile is not seen.
func (m *Month) Find(ctx context.Context, q query.Query, before int64, visit func(Hit) bool) (more bool, err error) {
	low, high := bounds(q, before)
	if low > high {
		return false, nil
	}
	err = m.read(ctx, func(r *reading) error {
		r.ask = &q.Root
		more, err = r.newestFirst(low, high, func(h Hit) (bool, error) {
			return !q.Match(&h.Record) || visit(h), nil
		})
		return err
	})
	return more, err
}

// bounds turns the question's span and the place to begin into IDs, both included.
func bounds(q query.Query, before int64) (low, high int64) {
	from, to := q.Range()
	low, high = idFloor(from), int64(1)<<62
	if !to.IsZero() {
		high = idFloor(to) - 1 + crowd
	}
	if before > 0 {
		high = min(high, before-1)
	}
	return low, high
}

// idFloor is the first ID that a moment may have; 0 for the zero time. Rows that found
// no room in their own moment lie a little later: the question itself decides.
func idFloor(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	ms := t.UnixMilli()
	day := dayOf(ms)
	return day<<32 | (ms-day*dayMillis)<<fine
}

// crowd is how far beyond its moment a row may lie that found no room there.
const crowd = int64(10_000) << fine

// reading is a look at the month as it is at one moment.
type reading struct {
	m    *Month
	ctx  context.Context // never done: the driver would start a goroutine for every call
	stop context.Context
	tx   *sql.Tx
	rows *sql.Stmt
	list *sql.Stmt
	ask  *query.Node // nil: everything
}

// read runs f on the month as it is now.
func (m *Month) read(ctx context.Context, f func(*reading) error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r := &reading{m: m, ctx: context.WithoutCancel(ctx), stop: ctx}
	conn, err := m.db.R.Conn(ctx)
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	defer func() { _ = conn.Close() }()
	// With a context that may end, the transaction would be rolled back behind our back.
	if r.tx, err = conn.BeginTx(r.ctx, &sql.TxOptions{ReadOnly: true}); err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	defer func() { _ = r.tx.Rollback() }()
	if err := r.prepare(); err != nil {
		return err
	}
	defer r.close()
	return f(r)
}

func (r *reading) prepare() (err error) {
	if r.rows, err = r.tx.PrepareContext(r.ctx, `SELECT body FROM block WHERE id=?`); err == nil {
		r.list, err = r.tx.PrepareContext(r.ctx, `SELECT body FROM list WHERE id=?`)
	}
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	return nil
}

func (r *reading) close() { _, _ = r.rows.Close(), r.list.Close() }

// block reads a block of rows or lists.
func (r *reading) block(from *sql.Stmt, segment int64, n int) ([]byte, error) {
	if err := r.stop.Err(); err != nil {
		return nil, err
	}
	var raw []byte
	if err := from.QueryRowContext(r.ctx, segment<<blockBits|int64(n)).Scan(&raw); err != nil {
		return nil, fmt.Errorf("read block %d of segment %d: %w", n, segment, err)
	}
	return raw, nil
}

// newestFirst calls visit for the rows that may match within two IDs, both included,
// until it says no. Segments are opened when it is their turn: of those that are older
// than what is sought nothing is read.
func (r *reading) newestFirst(low, high int64, visit func(Hit) (bool, error)) (more bool, err error) {
	segments, err := r.m.listSegments(r.ctx, r.tx, low, high)
	if err != nil {
		return false, err
	}
	walks := make([]*walk, len(segments))
	for i, s := range segments {
		walks[i] = &walk{r: r, segment: s, low: low, high: high, next: min(s.high, high)}
	}
	for {
		var newest *walk
		for _, w := range walks {
			if !w.done && (newest == nil || w.next > newest.next) {
				newest = w
			}
		}
		if newest == nil {
			return false, r.stop.Err()
		}
		if !newest.sure {
			if err := newest.settle(); err != nil {
				return false, err
			}
			continue
		}
		h, err := newest.take()
		if err != nil {
			return false, err
		}
		if on, err := visit(h); !on || err != nil {
			return !on, err
		}
	}
}

// walk goes from the newest row of a segment that may match back to the oldest.
type walk struct {
	r         *reading
	segment   *segment
	low, high int64
	next      int64 // the ID of the next row; unless sure it is at most that
	sure      bool
	done      bool

	begun   bool
	all     bool     // every row may match
	left    []uint32 // of those that may
	row     uint32   // the next one
	dead    map[uint32]bool
	opened  rows
	current int // block that is opened; -1: none
}

// settle finds out which row is next, or at least which block it is in.
func (w *walk) settle() error {
	if !w.begun {
		if err := w.begin(); err != nil || w.done {
			return err
		}
	}
	// A block that is older than another segment's next row need not be opened yet.
	n := int(w.row / blockRows)
	if n+1 < len(w.segment.firsts) {
		if most := w.segment.firsts[n+1] - 1; most < w.next {
			w.next = most
			return nil
		}
	}
	if n != w.current {
		block, err := w.r.block(w.r.rows, w.segment.id, n)
		if err != nil {
			return err
		}
		if err := w.opened.open(block); err != nil {
			return w.r.m.damaged()
		}
		w.current = n
	}
	if int(w.row%blockRows) >= len(w.opened.ids) {
		return w.r.m.damaged()
	}
	w.next = w.opened.ids[w.row%blockRows]
	switch {
	case w.next < w.low:
		w.done = true
	case w.next > w.high:
		w.back()
	default:
		w.sure = true
	}
	return nil
}

// begin asks the lists of the segment, and skips what is too new.
func (w *walk) begin() error {
	w.begun, w.current = true, -1
	r, s := w.r, w.segment
	if err := r.m.load(r.ctx, r.tx, s); err != nil {
		return err
	}
	may := anything
	var err error
	if r.ask != nil {
		if may, err = (&look{r, s}).at(r.ask); err != nil {
			return err
		}
	}
	if w.dead, err = deadRows(r.ctx, r.tx, s); err != nil {
		return err
	}
	// Rows of blocks that begin beyond the end are too new.
	end, _ := slices.BinarySearch(s.firsts, w.high+1)
	rows := uint32(min(end*blockRows, s.n))
	if w.all = may.all || may.not; w.all {
		w.row = rows
	} else {
		n, _ := slices.BinarySearch(may.rows, rows)
		w.left = may.rows[:n]
	}
	w.back()
	return nil
}

// back goes to the row before.
func (w *walk) back() {
	w.sure = false
	for {
		if w.all {
			if w.row == 0 {
				w.done = true
				return
			}
			w.row--
		} else {
			if len(w.left) == 0 {
				w.done = true
				return
			}
			w.row, w.left = w.left[len(w.left)-1], w.left[:len(w.left)-1]
		}
		if !w.dead[w.row] {
			return
		}
	}
}

// take reads the next row and goes on.
func (w *walk) take() (Hit, error) {
	h, err := readBody(w.opened.bodies[w.row%blockRows])
	if err != nil {
		return Hit{}, w.r.m.damaged()
	}
	h.ID = w.next
	w.back()
	return h, nil
}

// Row returns one record; not_found where there is none.
func (m *Month) Row(ctx context.Context, id int64) (h Hit, err error) {
	found := false
	err = m.read(ctx, func(r *reading) error {
		_, err := r.newestFirst(id, id, func(one Hit) (bool, error) {
			h, found = one, true
			return false, nil
		})
		return err
	})
	if err == nil && !found {
		err = core.E(core.NotFound, "read row", nil)
	}
	return h, err
}

// Past is what a record was before it changed.
type Past struct {
	Until time.Time // when the change was seen
	Hit   Hit
}

// History returns what a record was before, oldest first.
func (m *Month) History(ctx context.Context, id int64) ([]Past, error) {
	rows, err := m.db.R.QueryContext(ctx, `SELECT seen, body FROM history WHERE rec=? ORDER BY rowid`, id)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var all []Past
	for rows.Next() {
		var seen int64
		var raw sql.RawBytes
		if err := rows.Scan(&seen, &raw); err != nil {
			return nil, err
		}
		h, err := readBody(raw)
		if err != nil {
			return nil, m.damaged()
		}
		h.ID = id
		all = append(all, Past{time.UnixMilli(seen), h})
	}
	return all, rows.Err()
}
