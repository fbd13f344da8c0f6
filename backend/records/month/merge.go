package month

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"math/bits"
	"slices"
)

// sizeClass puts segments of about the same size together: each class is four times
// the one before.
func sizeClass(n int) int { return bits.Len(uint(n)/64) / 2 }

// mostAlike is how many segments of a class there may be before they become one.
const mostAlike = 4

// merge makes one segment of several small ones, until few are left: a question costs
// a look into each. A segment most of whose rows are dead is written anew.
func (w *writing) merge(ctx context.Context) error {
	for {
		all, err := w.m.listSegments(ctx, w.tx, 0, 1<<62)
		if err != nil {
			return err
		}
		group := w.m.toMerge(all)
		if len(group) == 0 {
			return nil
		}
		if err := w.m.mergeSegments(ctx, w.tx, group); err != nil {
			return err
		}
		for _, s := range group {
			w.gone = append(w.gone, s.id)
		}
		w.m.days = map[int64]*day{} // they know where the rows were
	}
}

// toMerge chooses segments that should become one.
func (m *Month) toMerge(all []*segment) []*segment {
	classes := map[int][]*segment{}
	for _, s := range all {
		living := s.n - s.dead
		if 2*s.dead > s.n {
			return []*segment{s}
		}
		if living >= m.full {
			continue
		}
		class := sizeClass(living)
		if classes[class] = append(classes[class], s); len(classes[class]) == mostAlike {
			return classes[class]
		}
	}
	return nil
}

// source is a segment that is being merged.
type source struct {
	*segment
	dead  map[uint32]bool
	keys  []byte
	place []int32 // of its rows in the merged segment; -1: dead
	lists *listCursor
}

// mergeSegments makes one segment of several; dead rows stay behind.
func (m *Month) mergeSegments(ctx context.Context, tx *sql.Tx, group []*segment) error {
	sources := make([]*source, len(group))
	var rows []mergedRow
	for i, s := range group {
		src := &source{segment: s, place: make([]int32, s.n)}
		var err error
		if src.dead, err = deadRows(ctx, tx, s); err != nil {
			return err
		}
		if src.keys, err = readKeys(ctx, tx, s); err != nil {
			return err
		}
		if rows, err = m.gather(ctx, tx, src, rows); err != nil {
			return err
		}
		sources[i] = src
	}
	slices.SortFunc(rows, func(a, b mergedRow) int { return cmp.Compare(a.id, b.id) })
	all := make([]newRow, len(rows))
	for i, r := range rows {
		r.from.place[r.row] = int32(i)
		all[i] = r.newRow
	}
	if len(all) > 0 {
		if _, err := m.writeSegment(ctx, tx, all, func(w *listWriter) error { return mergeLists(ctx, tx, sources, w) }); err != nil {
			return err
		}
	}
	for _, s := range group {
		if err := dropSegment(ctx, tx, s.id); err != nil {
			return err
		}
	}
	return nil
}

// mergedRow is a row and where it comes from.
type mergedRow struct {
	newRow
	from *source
	row  uint32
}

func dropSegment(ctx context.Context, tx *sql.Tx, id int64) error {
	first, last := id<<blockBits, (id+1)<<blockBits-1
	for _, q := range []string{`DELETE FROM block WHERE id BETWEEN ? AND ?`, `DELETE FROM list WHERE id BETWEEN ? AND ?`} {
		if _, err := tx.ExecContext(ctx, q, first, last); err != nil {
			return err
		}
	}
	for _, q := range []string{`DELETE FROM keys WHERE segment=?`, `DELETE FROM dead WHERE segment=?`, `DELETE FROM names WHERE segment=?`, `DELETE FROM segment WHERE id=?`} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// readKeys reads the keys of a segment, row by row.
func readKeys(ctx context.Context, q querier, s *segment) ([]byte, error) {
	rows, err := q.QueryContext(ctx, `SELECT list FROM keys WHERE segment=? ORDER BY first`, s.id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := make([]byte, 0, keySize*s.n)
	for rows.Next() {
		var raw sql.RawBytes
		if err := rows.Scan(&raw); err != nil {
			return nil, err
		}
		all = append(all, raw...)
	}
	return all, rows.Err()
}

// gather appends the living rows of a segment.
func (m *Month) gather(ctx context.Context, q querier, src *source, into []mergedRow) ([]mergedRow, error) {
	blocks, err := q.QueryContext(ctx, `SELECT body FROM block WHERE id BETWEEN ? AND ? ORDER BY id`, src.id<<blockBits, (src.id+1)<<blockBits-1)
	if err != nil {
		return nil, err
	}
	defer func() { _ = blocks.Close() }()
	row := uint32(0)
	for blocks.Next() {
		var raw sql.RawBytes
		if err := blocks.Scan(&raw); err != nil {
			return nil, err
		}
		var r rows // its memory stays in use
		if err := r.open(bytes.Clone(raw)); err != nil {
			return nil, m.damaged()
		}
		for i, id := range r.ids {
			at := keySize * int(row)
			if len(src.keys) < at+keySize || int(row) >= src.n {
				return nil, m.damaged()
			}
			src.place[row] = -1
			if !src.dead[row] {
				into = append(into, mergedRow{newRow{id: id, key: binary.LittleEndian.Uint64(src.keys[at:]), hash: binary.LittleEndian.Uint32(src.keys[at+12:]), body: r.bodies[i]}, src, row})
			}
			row++
		}
	}
	if int(row) != src.n {
		return nil, m.damaged()
	}
	return into, blocks.Err()
}

// listCursor goes through all lists of a segment.
type listCursor struct {
	blocks [][]byte
	*listReader
	done bool
}

func (c *listCursor) advance() (err error) {
	for {
		if c.listReader != nil {
			if c.next() {
				return nil
			}
			if err := c.err(); err != nil {
				return err
			}
		}
		if len(c.blocks) == 0 {
			c.done = true
			return nil
		}
		if c.listReader, err = openLists(c.blocks[0]); err != nil {
			return err
		}
		c.blocks = c.blocks[1:]
	}
}

// readLists reads the blocks of all lists of a segment.
func readLists(ctx context.Context, q querier, s *segment) (blocks [][]byte, err error) {
	rows, err := q.QueryContext(ctx, `SELECT body FROM list WHERE id BETWEEN ? AND ? ORDER BY id`, s.id<<blockBits, (s.id+1)<<blockBits-1)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return nil, err
		}
		blocks = append(blocks, raw)
	}
	return blocks, rows.Err()
}

// mergeLists hands out the terms of all sources in their order, with the new places of
// their rows.
func mergeLists(ctx context.Context, q querier, sources []*source, w *listWriter) error {
	for _, s := range sources {
		blocks, err := readLists(ctx, q, s.segment)
		if err != nil {
			return err
		}
		s.lists = &listCursor{blocks: blocks}
		if err := s.lists.advance(); err != nil {
			return err
		}
	}
	var term []byte
	var old, merged []uint32
	for {
		var least *source
		for _, s := range sources {
			if !s.lists.done && (least == nil || bytes.Compare(s.lists.term, least.lists.term) < 0) {
				least = s
			}
		}
		if least == nil {
			return w.flush()
		}
		term, merged = append(term[:0], least.lists.term...), merged[:0]
		for _, s := range sources {
			if s.lists.done || !bytes.Equal(s.lists.term, term) {
				continue
			}
			var err error
			if old, err = s.lists.appendRows(old[:0]); err == nil {
				merged, err = s.replaced(old, merged)
			}
			if err == nil {
				err = s.lists.advance()
			}
			if err != nil {
				return err
			}
		}
		if len(merged) == 0 {
			continue
		}
		if !slices.IsSorted(merged) {
			slices.Sort(merged)
		}
		if err := w.add(term, merged); err != nil {
			return err
		}
	}
}

// replaced appends the new places of rows that live.
func (s *source) replaced(old, into []uint32) ([]uint32, error) {
	for _, row := range old {
		if int(row) >= len(s.place) {
			return nil, errBody
		}
		if to := s.place[row]; to >= 0 {
			into = append(into, uint32(to))
		}
	}
	return into, nil
}
