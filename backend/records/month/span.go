package month

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mailroom/backend/store"
)

// Within is a part of a month: From is included, To is not. A record belongs to it by its
// place: the moment at which it was first told of, or up to seconds later where there was no
// room. So it belongs to one of two parts that touch, whatever its source says later.
type Within struct{ From, To time.Time }

// Count is how many records a part of the month has, without reading them all.
func (m *Month) Count(ctx context.Context, w Within) (n int64, err error) {
	err = m.read(ctx, func(r *reading) error {
		till, err := r.before(idFloor(w.To))
		if err != nil {
			return err
		}
		from, err := r.before(idFloor(w.From))
		n = till - from
		return err
	})
	return n, err
}

// before counts the records below an ID.
func (r *reading) before(id int64) (n int64, err error) {
	segments, err := r.m.listSegments(r.ctx, r.tx, -1<<62, id-1)
	if err != nil {
		return 0, err
	}
	for _, s := range segments {
		rows, err := r.rowsBelow(s, id)
		if err != nil {
			return 0, err
		}
		dead, err := deadRows(r.ctx, r.tx, s)
		if err != nil {
			return 0, err
		}
		for row := range dead {
			if int(row) < rows {
				n--
			}
		}
		n += int64(rows)
	}
	return n, nil
}

// rowsBelow is how many rows of a segment lie below an ID.
func (r *reading) rowsBelow(s *segment, id int64) (int, error) {
	if s.high < id {
		return s.n, nil
	}
	if err := r.m.load(r.ctx, r.tx, s); err != nil {
		return 0, err
	}
	block, _ := slices.BinarySearch(s.firsts, id)
	if block == 0 {
		return 0, nil
	}
	raw, err := r.block(r.rows, s.id, block-1)
	if err != nil {
		return 0, err
	}
	var opened rows
	if err := opened.open(raw); err != nil {
		return 0, r.m.damaged()
	}
	n, _ := slices.BinarySearch(opened.ids, id)
	return (block-1)*blockRows + n, nil
}

// EachWithin calls visit for the records of a part of the month, oldest first, until it
// returns an error. What is added meanwhile is not seen.
func (m *Month) EachWithin(ctx context.Context, w Within, visit func(Hit) error) error {
	return m.read(ctx, func(r *reading) error { return r.oldestFirst(idFloor(w.From), idFloor(w.To)-1, visit) })
}

// ChangedWithin is when a record of a part of the month was last replaced by a newer one; zero: never.
func (m *Month) ChangedWithin(ctx context.Context, w Within) (time.Time, error) {
	var last int64
	if err := m.db.R.QueryRowContext(ctx, `SELECT coalesce(max(seen), 0) FROM history WHERE rec>=? AND rec<?`, idFloor(w.From), idFloor(w.To)).Scan(&last); err != nil {
		return time.Time{}, fmt.Errorf("read changes: %w", err)
	}
	if last == 0 {
		return time.Time{}, nil
	}
	return store.Time(last), nil
}
