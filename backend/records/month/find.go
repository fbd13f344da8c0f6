package month

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records/query"
)

// Find calls visit for the records of the month that a question asks for, newest
// first, beginning below the ID before (0: with the newest), until visit returns false.
// more says whether it was visit that ended it.
func (m *Month) Find(ctx context.Context, q query.Query, before int64, visit func(Hit) bool) (more bool, err error) {
	f := &finding{m: m, q: q, before: before, visit: visit}
	f.bounds()
	if f.first > f.last {
		return false, nil
	}
	plan, err := m.plan(ctx, &q.Root, f.first, f.last)
	if err != nil {
		return false, err
	}
	if plan.any {
		return f.scan(ctx)
	}
	return f.walk(ctx, plan)
}

// finding is one call of Find.
type finding struct {
	m           *Month
	q           query.Query
	before      int64
	first, last int64 // days
	low, high   int64 // IDs, both included
	visit       func(Hit) bool
}

// bounds turns the question's span and the place to begin into days and IDs.
func (f *finding) bounds() {
	from, to := f.q.Range()
	f.low, f.high = idFloor(from), int64(1)<<62
	if !to.IsZero() {
		f.high = idFloor(to) - 1
	}
	if f.before > 0 {
		f.high = min(f.high, f.before-1)
	}
	f.first, f.last = f.low>>32, f.high>>32
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

// scan reads the rows themselves.
func (f *finding) scan(ctx context.Context) (more bool, err error) {
	rows, err := f.m.db.R.QueryContext(ctx, `SELECT id, body FROM rec WHERE id BETWEEN ? AND ? ORDER BY id DESC`, f.low, f.upper())
	if err != nil {
		return false, fmt.Errorf("read rows: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var raw sql.RawBytes
		if err := rows.Scan(&id, &raw); err != nil {
			return false, err
		}
		if stop, err := f.offer(id, raw); stop || err != nil {
			return stop, err
		}
	}
	return false, rows.Err()
}

// upper is the last ID to look at: a page's end is exact, the end of a span is not.
func (f *finding) upper() int64 {
	if f.before > 0 && f.high == f.before-1 {
		return f.high
	}
	high := f.high + crowd
	if f.before > 0 {
		high = min(high, f.before-1)
	}
	return high
}

func (f *finding) offer(id int64, raw []byte) (stop bool, err error) {
	h, err := readBody(raw)
	if err != nil {
		return false, core.E(core.Malformed, "read row", err, "path", f.m.db.Path())
	}
	h.ID = id
	return f.q.Match(&h.Record) && !f.visit(h), nil
}

// walk follows the lists of the plan from the newest day back.
func (f *finding) walk(ctx context.Context, plan *plan) (more bool, err error) {
	get, err := f.m.db.R.PrepareContext(ctx, `SELECT body FROM rec WHERE id=?`)
	if err != nil {
		return false, err
	}
	defer func() { _ = get.Close() }()
	upper := f.upper()
	for _, day := range plan.days() {
		ids := plan.on(day)
		for i := len(ids) - 1; i >= 0; i-- {
			id := day<<32 | int64(ids[i])
			if id > upper || id < f.low {
				continue
			}
			if stop, err := f.fetch(ctx, get, id); stop || err != nil {
				return stop, err
			}
		}
	}
	return false, ctx.Err()
}

func (f *finding) fetch(ctx context.Context, get *sql.Stmt, id int64) (stop bool, err error) {
	var raw []byte
	if err := get.QueryRowContext(ctx, id).Scan(&raw); err != nil {
		return false, fmt.Errorf("read row %d: %w", id, err)
	}
	return f.offer(id, raw)
}

// Row returns one record; not_found where there is none.
func (m *Month) Row(ctx context.Context, id int64) (Hit, error) {
	var raw []byte
	if err := m.db.R.QueryRowContext(ctx, `SELECT body FROM rec WHERE id=?`, id).Scan(&raw); err != nil {
		if err == sql.ErrNoRows {
			return Hit{}, core.E(core.NotFound, "read row", nil)
		}
		return Hit{}, fmt.Errorf("read row %d: %w", id, err)
	}
	h, err := readBody(raw)
	if err != nil {
		return Hit{}, core.E(core.Malformed, "read row", err, "path", m.db.Path())
	}
	h.ID = id
	return h, nil
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
			return nil, core.E(core.Malformed, "read row", err, "path", m.db.Path())
		}
		h.ID = id
		all = append(all, Past{time.UnixMilli(seen), h})
	}
	return all, rows.Err()
}

// Each calls visit for all records of the month, oldest first, until it returns an
// error.
func (m *Month) Each(ctx context.Context, visit func(Hit) error) error {
	rows, err := m.db.R.QueryContext(ctx, `SELECT id, body FROM rec ORDER BY id`)
	if err != nil {
		return fmt.Errorf("read rows: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var raw sql.RawBytes
		if err := rows.Scan(&id, &raw); err != nil {
			return err
		}
		h, err := readBody(raw)
		if err != nil {
			return core.E(core.Malformed, "read row", err, "path", m.db.Path())
		}
		h.ID = id
		if err := visit(h); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Len is the number of records.
func (m *Month) Len(ctx context.Context) (n int64, err error) {
	err = m.db.R.QueryRowContext(ctx, `SELECT coalesce(sum(length(list)), 0) / ? FROM known`, entrySize).Scan(&n)
	return n, err
}
