package month

import "context"

// Each calls visit for all records of the month, oldest first, until it returns an
// error. What is added meanwhile is not seen.
func (m *Month) Each(ctx context.Context, visit func(Hit) error) error {
	return m.read(ctx, func(r *reading) error { return r.oldestFirst(visit) })
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

func (r *reading) oldestFirst(visit func(Hit) error) error {
	segments, err := r.m.listSegments(r.ctx, r.tx, 0, 1<<62)
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
		if oldest == nil {
			return r.stop.Err()
		}
		if !oldest.begun {
			if err := r.begin(oldest); err != nil {
				return err
			}
			continue
		}
		h, err := readBody(oldest.opened.bodies[oldest.row%blockRows])
		if err != nil {
			return r.m.damaged()
		}
		h.ID = oldest.next
		oldest.row++
		if err := r.on(oldest); err != nil {
			return err
		}
		if err := visit(h); err != nil {
			return err
		}
	}
}

// begin opens a segment.
func (r *reading) begin(s *march) (err error) {
	s.begun = true
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
