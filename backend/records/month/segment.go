package month

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"

	"mailroom/backend/core"
)

// segment is what is known of one: some rows in the order of time and their lists.
// Nothing of it changes but which of its rows are dead, as a newer segment has them.
type segment struct {
	id        int64
	n, dead   int
	low, high int64    // the first and the last ID
	wide      bool     // has an address that is not of ASCII
	firsts    []int64  // the first ID of each block; nil: not read yet
	terms     [][]byte // the first term of each block of lists
}

// newRow is a row that is about to be written.
type newRow struct {
	id   int64
	key  uint64
	hash uint32
	body []byte
}

// insertBlocks inserts blobs under numbers that follow each other.
func insertBlocks(ctx context.Context, tx *sql.Tx, table string, segment int64) (put func(body []byte) error, flush func() error) {
	const atOnce = 8
	rows := &many{ctx: ctx, tx: tx, before: `INSERT INTO ` + table + ` (id, body) VALUES `, row: `(?,?)`, columns: 2, atOnce: atOnce}
	n := int64(0)
	return func(body []byte) error {
		n++
		return rows.put(segment<<blockBits|(n-1), body)
	}, rows.flush
}

// writeSegment writes rows, which are in the order of their IDs, and the lists that
// write hands out.
func (m *Month) writeSegment(ctx context.Context, tx *sql.Tx, rows []newRow, write func(*listWriter) error) (*segment, error) {
	s := &segment{n: len(rows), low: rows[0].id, high: rows[len(rows)-1].id}
	err := tx.QueryRowContext(ctx, `INSERT INTO segment (n, dead, low, high, wide, firsts, terms) VALUES (?, 0, ?, ?, 0, x'', x'') RETURNING id`, s.n, s.low, s.high).Scan(&s.id)
	if err != nil {
		return nil, err
	}
	firsts, err := writeRows(ctx, tx, s.id, rows)
	if err != nil {
		return nil, fmt.Errorf("write rows: %w", err)
	}
	put, flush := insertBlocks(ctx, tx, "list", s.id)
	w := &listWriter{put: put}
	if err := write(w); err != nil {
		return nil, fmt.Errorf("write lists: %w", err)
	}
	if err := flush(); err != nil {
		return nil, fmt.Errorf("write lists: %w", err)
	}
	if err := writeKeys(ctx, tx, s.id, rows); err != nil {
		return nil, fmt.Errorf("write keys: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO names (segment, body) VALUES (?, ?)`, s.id, pack(nil, w.names)); err != nil {
		return nil, fmt.Errorf("write addresses: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE segment SET wide=?, firsts=?, terms=? WHERE id=?`, w.wide, firsts, notNil(w.firsts), s.id)
	return s, err
}

// notNil keeps a blob without bytes from being none.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// writeRows writes the blocks of rows and returns the first ID of each as its distance
// from the one before.
func writeRows(ctx context.Context, tx *sql.Tx, segment int64, rows []newRow) (firsts []byte, err error) {
	put, flush := insertBlocks(ctx, tx, "block", segment)
	var spare []byte
	last := int64(0)
	ids, bodies := make([]int64, 0, blockRows), make([][]byte, 0, blockRows)
	for part := range slices.Chunk(rows, blockRows) {
		ids, bodies = ids[:0], bodies[:0]
		for i := range part {
			ids, bodies = append(ids, part[i].id), append(bodies, part[i].body)
		}
		firsts = binary.AppendUvarint(firsts, uint64(ids[0]-last))
		last = ids[0]
		var block []byte
		block, spare = appendBlock(nil, spare, ids, bodies)
		if err := put(block); err != nil {
			return nil, err
		}
	}
	return firsts, flush()
}

// keySize is what a row's key, ID within its day and hash take in a list of keys.
const keySize = 16

// writeKeys writes the keys of rows, a list for each day.
func writeKeys(ctx context.Context, tx *sql.Tx, segment int64, rows []newRow) error {
	for from := 0; from < len(rows); {
		day, to := rows[from].id>>32, from
		for to < len(rows) && rows[to].id>>32 == day {
			to++
		}
		raw := make([]byte, 0, keySize*(to-from))
		for _, r := range rows[from:to] {
			raw = binary.LittleEndian.AppendUint64(raw, r.key)
			raw = binary.LittleEndian.AppendUint32(raw, uint32(r.id))
			raw = binary.LittleEndian.AppendUint32(raw, r.hash)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO keys (segment, day, first, list) VALUES (?,?,?,?)`, segment, day, from, raw); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// querier reads: a transaction, of the readers or of the writer.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// listSegments lists the segments that have rows within two IDs, both included.
func (m *Month) listSegments(ctx context.Context, q querier, low, high int64) ([]*segment, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, n, dead, low, high, wide FROM segment WHERE high>=? AND low<=? ORDER BY id`, low, high)
	if err != nil {
		return nil, fmt.Errorf("read segments: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var all []*segment
	for rows.Next() {
		var s segment
		if err := rows.Scan(&s.id, &s.n, &s.dead, &s.low, &s.high, &s.wide); err != nil {
			return nil, err
		}
		all = append(all, &s)
	}
	return all, rows.Err()
}

// load reads where the blocks of a segment begin.
func (m *Month) load(ctx context.Context, q querier, s *segment) error {
	if s.firsts != nil {
		return nil
	}
	m.mu.Lock()
	known := m.segments[s.id]
	m.mu.Unlock()
	if known != nil {
		s.firsts, s.terms = known.firsts, known.terms
		return nil
	}
	var firsts, terms []byte
	if err := q.QueryRowContext(ctx, `SELECT firsts, terms FROM segment WHERE id=?`, s.id).Scan(&firsts, &terms); err != nil {
		return fmt.Errorf("read segment %d: %w", s.id, err)
	}
	p := &body{b: firsts}
	id := int64(0)
	for len(p.b) > 0 {
		id += int64(p.uvarint())
		s.firsts = append(s.firsts, id)
	}
	var err error
	if s.terms, err = readFirsts(terms); err != nil || p.bad || len(s.firsts) != (s.n+blockRows-1)/blockRows {
		return m.damaged()
	}
	m.mu.Lock()
	m.segments[s.id] = s
	m.mu.Unlock()
	return nil
}

// forgetSegments lets go of what was read of segments that are no more.
func (m *Month) forgetSegments(ids ...int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		delete(m.segments, id)
	}
}

func (m *Month) damaged() error {
	return core.E(core.Malformed, "read records", errBody, "path", m.db.Path())
}

// deadRows are the rows of a segment that a newer one has.
func deadRows(ctx context.Context, q querier, s *segment) (map[uint32]bool, error) {
	if s.dead == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT row FROM dead WHERE segment=?`, s.id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := make(map[uint32]bool, s.dead)
	for rows.Next() {
		var row uint32
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		all[row] = true
	}
	return all, rows.Err()
}
