package month

import (
	"context"
	"slices"
)

// Each calls visit for all records of the month, oldest first, until it returns an
// error. What is added meanwhile is not seen.
func (m *Month) Each(ctx context.Context, visit func(Hit) error) error {
	return m.read(ctx, func(r *reading) error { return r.oldestFirst(-1<<62, 1<<62, visit) })
}

// march goes from the oldest row of a segment on to the newest.
type march struct {
	*segment
	dead   map[uint32]bool
	opened rows
	row    uint32
	next   int64
	begun  bool
}

// oldestFirst calls visit for the rows within two IDs, both included.
func (r *reading) oldestFirst(low, high int64, visit func(Hit) error) error {
	segments, err := r.m.listSegments(r.ctx, r.tx, low, high)
	if err != nil {
		return err
	}
	all := make([]*march, len(segments))
	for i, s := range segments {
		all[i] = &march{segment: s, next: s.low}
	}
	for {
		var oldest *march
		for _, s := range all {
			if int(s.row) < s.n && (oldest == nil || s.next < oldest.next) {
				oldest = s
			}
		}
		if oldest == nil || oldest.next > high {
			return r.stop.Err()
		}
		if !oldest.begun {
			if err := r.begin(oldest, low); err != nil {
				return err
			}
			continue
		}
		h, err := readBody(oldest.opened.bodies[oldest.row%blockRows])
		if err != nil {
			return r.m.damaged()
		}
		h.ID = oldest.next
		early := h.ID < low
		oldest.row++
		if err := r.on(oldest); err != nil {
			return err
		}
		if early {
			continue
		}
		if err := visit(h); err != nil {
			return err
		}
	}
}

// begin opens a segment at its first row from an ID on.
func (r *reading) begin(s *march, low int64) (err error) {
	s.begun = true
	if low > s.low {
		if err := r.m.load(r.ctx, r.tx, s.segment); err != nil {
			return err
		}
		block, _ := slices.BinarySearch(s.firsts, low)
		s.row = uint32(max(block-1, 0) * blockRows)
	}
	if s.dead, err = deadRows(r.ctx, r.tx, s.segment); err != nil {
		return err
	}
	return r.on(s)
}

// on goes to the next living row, from the one at hand on.
func (r *reading) on(s *march) error {
	for ; int(s.row) < s.n; s.row++ {
		if s.row%blockRows == 0 {
			block, err := r.block(r.rows, s.id, int(s.row/blockRows))
			if err != nil {
				return err
			}
			if err := s.opened.open(block); err != nil {
				return r.m.damaged()
			}
		}
		if int(s.row%blockRows) >= len(s.opened.ids) {
			return r.m.damaged()
		}
		if !s.dead[s.row] {
			s.next = s.opened.ids[s.row%blockRows]
			return nil
		}
	}
	return nil
}

// Len is the number of records.
func (m *Month) Len(ctx context.Context) (n int64, err error) {
	err = m.db.R.QueryRowContext(ctx, `SELECT coalesce(sum(n - dead), 0) FROM segment`).Scan(&n)
	return n, err
}
