package month

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/store"
)

// Tally counts what became of records.
type Tally struct {
	New     int // were not known
	Updated int // were known, and have changed; what they were is kept
	Same    int // were known as they are
}

// Add keeps items of this month in one transaction, all or none, and sorts them by
// time. A known record that comes again is not doubled: where it has changed (another
// outcome) it is replaced and its past kept, except that "pending" never replaces an
// outcome. ctx is looked at until the transaction ends.
func (m *Month) Add(ctx context.Context, items []Item, seen time.Time) (Tally, error) {
	byTime := func(a, b Item) int { return cmp.Compare(a.brief.at, b.brief.at) }
	if !slices.IsSortedFunc(items, byTime) {
		slices.SortStableFunc(items, byTime)
	}
	w := &writing{m: m, seen: seen, items: items, sums: map[sumKey]sum{}}
	// The driver starts a goroutine for every call that could be cancelled: the work is
	// looked after here.
	calm := context.WithoutCancel(ctx)
	err := m.db.Write(calm, func(tx *sql.Tx) error {
		w.tx = tx
		for i := range items {
			if i%256 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := w.add(calm, i); err != nil {
				return err
			}
		}
		return w.flush(calm)
	})
	if err != nil { // what was rolled back is not known
		m.days = map[int64]*day{}
		m.mu.Lock()
		m.segments = map[int64]*segment{}
		m.mu.Unlock()
		return Tally{}, err
	}
	m.forgetSegments(w.gone...)
	m.forgetDays()
	return w.tally, nil
}

// mostDays is how many days' keys stay in memory between batches.
const mostDays = 3

// forgetDays lets go of all but the newest days.
func (m *Month) forgetDays() {
	days := make([]int64, 0, len(m.days))
	for d := range m.days {
		days = append(days, d)
	}
	slices.Sort(days)
	for _, d := range days[:max(len(days)-mostDays, 0)] {
		delete(m.days, d)
	}
}

// day is what must be known of a day to keep its records apart.
type day struct {
	keys  map[uint64]int32 // place in the list
	list  []entry
	taken map[uint32]struct{}
	last  struct{ moment, id uint64 } // the place found last: a burst does not search from its beginning
}

// entry is a known row of a day.
type entry struct {
	id      uint32 // within the day
	hash    uint32 // of the row
	segment int64  // 0: it waits to be written
	row     uint32 // in the segment, or among those that wait
}

// writing is one transaction of [Month.Add].
type writing struct {
	m     *Month
	seen  time.Time
	tx    *sql.Tx
	items []Item
	rows  []waitingRow
	died  []deadRow
	gone  []int64 // segments that were merged
	sums  map[sumKey]sum
	tally Tally
}

// waitingRow is a row that waits to be written: its item, and where it is known.
type waitingRow struct {
	id   int64
	item int32
	at   int32 // in the day's list
	hash uint32
	day  *day
}

// deadRow is a row of a segment whose record lives on in a newer one.
type deadRow struct {
	segment int64
	row     uint32
}

func (w *writing) day(ctx context.Context, n int64) (*day, error) {
	if d := w.m.days[n]; d != nil {
		return d, nil
	}
	d := &day{keys: map[uint64]int32{}, taken: map[uint32]struct{}{}}
	rows, err := w.tx.QueryContext(ctx, `SELECT segment, first, list FROM keys WHERE day=? ORDER BY segment`, n)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var segment int64
		var first uint32
		var raw sql.RawBytes
		if err := rows.Scan(&segment, &first, &raw); err != nil {
			return nil, err
		}
		for ; len(raw) >= keySize; raw = raw[keySize:] {
			e := entry{binary.LittleEndian.Uint32(raw[8:]), binary.LittleEndian.Uint32(raw[12:]), segment, first}
			d.add(binary.LittleEndian.Uint64(raw), e)
			first++
		}
	}
	w.m.days[n] = d
	return d, rows.Err()
}

// add takes a row; a newer segment has the living row of a key.
func (d *day) add(key uint64, e entry) (at int32) {
	at, known := d.keys[key]
	if known {
		d.list[at] = e
		return at
	}
	at = int32(len(d.list))
	d.keys[key] = at
	d.list = append(d.list, e)
	d.taken[e.id] = struct{}{}
	return at
}

// place finds a free ID for a moment: its own millisecond, or the next with room.
func (d *day) place(inDay int64) (uint32, bool) {
	id := uint64(inDay) << fine
	if d.last.moment == id && id > 0 {
		id = d.last.id + 1
	}
	for moment := uint64(inDay) << fine; id < 1<<32; id++ {
		if _, taken := d.taken[uint32(id)]; !taken {
			d.last.moment, d.last.id = moment, id
			return uint32(id), true
		}
	}
	return 0, false
}

func (w *writing) add(ctx context.Context, i int) error {
	it := &w.items[i]
	ms := it.brief.at
	n := dayOf(ms)
	d, err := w.day(ctx, n)
	if err != nil {
		return err
	}
	hash := crc32.ChecksumIEEE(it.body)
	if at, known := d.keys[it.key]; known {
		if d.list[at].hash == hash {
			w.tally.Same++
			return nil
		}
		return w.update(ctx, d, at, n, hash, i)
	}
	id, ok := d.place(ms - n*dayMillis)
	if !ok {
		return core.E(core.Invalid, "keep record", nil, "problem", "crowded", "day", timeOf(ms).Format(time.DateOnly))
	}
	at := d.add(it.key, entry{id, hash, 0, uint32(len(w.rows))})
	w.rows = append(w.rows, waitingRow{n<<32 | int64(id), int32(i), at, hash, d})
	w.sum(it.brief, 1)
	w.tally.New++
	return nil
}

// update replaces a row and keeps what it was.
func (w *writing) update(ctx context.Context, d *day, at int32, n int64, hash uint32, i int) error {
	it, e := &w.items[i], &d.list[at]
	id := n<<32 | int64(e.id)
	raw, err := w.body(ctx, *e)
	if err != nil {
		return fmt.Errorf("read row %d: %w", id, err)
	}
	old, err := readBody(raw)
	if err != nil {
		return w.m.damaged()
	}
	if it.brief.outcome == pendingCode && old.Record.Outcome != logs.Pending && old.Record.Outcome != "" {
		w.tally.Same++
		return nil
	}
	if _, err := w.tx.ExecContext(ctx, `INSERT INTO history (rec, seen, body) VALUES (?, ?, ?)`, id, store.Millis(w.seen), raw); err != nil {
		return err
	}
	if e.segment == 0 {
		w.rows[e.row].item, w.rows[e.row].hash = int32(i), hash
		e.hash = hash
	} else {
		w.died = append(w.died, deadRow{e.segment, e.row})
		*e = entry{e.id, hash, 0, uint32(len(w.rows))}
		w.rows = append(w.rows, waitingRow{id, int32(i), at, hash, d})
	}
	w.sum(briefOf(&old.Record), -1)
	w.sum(it.brief, 1)
	w.tally.Updated++
	return nil
}

// body is the row of a known entry.
func (w *writing) body(ctx context.Context, e entry) ([]byte, error) {
	if e.segment == 0 {
		return w.items[w.rows[e.row].item].body, nil
	}
	var block []byte
	if err := w.tx.QueryRowContext(ctx, `SELECT body FROM block WHERE id=?`, e.segment<<blockBits|int64(e.row/blockRows)).Scan(&block); err != nil {
		return nil, err
	}
	var r rows
	if err := r.open(block); err != nil || int(e.row%blockRows) >= len(r.bodies) {
		return nil, w.m.damaged()
	}
	return r.bodies[e.row%blockRows], nil
}

// flush writes a segment of the rows that wait, and sums.
func (w *writing) flush(ctx context.Context) error {
	if err := w.flushDead(ctx); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	if len(w.rows) > 0 {
		if err := w.flushRows(ctx); err != nil {
			return err
		}
		if err := w.merge(ctx); err != nil {
			return fmt.Errorf("merge: %w", err)
		}
	}
	if err := w.flushSums(ctx); err != nil {
		return fmt.Errorf("write sums: %w", err)
	}
	return nil
}

func (w *writing) flushRows(ctx context.Context) error {
	slices.SortFunc(w.rows, func(a, b waitingRow) int { return cmp.Compare(a.id, b.id) })
	if w.m.index == nil {
		w.m.index = newIndex()
	}
	x := w.m.index
	x.reset()
	rows := make([]newRow, len(w.rows))
	for i, r := range w.rows {
		it := &w.items[r.item]
		rows[i] = newRow{id: r.id, key: it.key, hash: r.hash, body: it.body}
		x.row(it.terms)
	}
	s, err := w.m.writeSegment(ctx, w.tx, rows, x.write)
	if err != nil {
		return err
	}
	for i, r := range w.rows {
		e := &r.day.list[r.at]
		e.segment, e.row = s.id, uint32(i)
	}
	return nil
}

func (w *writing) flushDead(ctx context.Context) error {
	put := &many{ctx: ctx, tx: w.tx, before: `INSERT INTO dead (segment, row) VALUES `, row: `(?,?)`, columns: 2}
	per := map[int64]int{}
	for _, d := range w.died {
		per[d.segment]++
		if err := put.put(d.segment, d.row); err != nil {
			return err
		}
	}
	if err := put.flush(); err != nil {
		return err
	}
	for segment, n := range per {
		if _, err := w.tx.ExecContext(ctx, `UPDATE segment SET dead=dead+? WHERE id=?`, n, segment); err != nil {
			return err
		}
	}
	return nil
}
