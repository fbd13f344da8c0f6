package month

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"sort"
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

// Add keeps items of this month in one transaction, all or none. A known record that
// comes again is not doubled: where it has changed (another outcome) it is replaced and
// its past kept, except that "pending" never replaces an outcome.
func (m *Month) Add(ctx context.Context, items []Item, seen time.Time) (Tally, error) {
	slices.SortStableFunc(items, func(a, b Item) int { return a.brief.at.Compare(b.brief.at) })
	w := &writing{m: m, seen: seen, posts: map[int64]map[string][]byte{}, sums: map[sumKey]sum{}}
	// The driver starts a goroutine for every call that could be cancelled: the work is
	// looked after here.
	calm := context.WithoutCancel(ctx)
	err := m.db.Write(calm, func(tx *sql.Tx) error {
		w.prepare(calm, tx)
		for i := range items {
			if i%256 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := w.add(calm, &items[i]); err != nil {
				return err
			}
		}
		return w.flush(calm)
	})
	if err != nil {
		m.days, m.addresses = map[int64]*day{}, map[string]bool{} // what was rolled back is not known
		return Tally{}, err
	}
	m.forget()
	return w.tally, nil
}

// mostDays is how many days' keys stay in memory between batches.
const mostDays = 3

// forget lets go of all but the newest days, and of addresses when there are many.
func (m *Month) forget() {
	days := make([]int64, 0, len(m.days))
	for d := range m.days {
		days = append(days, d)
	}
	slices.Sort(days)
	for _, d := range days[:max(len(days)-mostDays, 0)] {
		delete(m.days, d)
	}
	if len(m.addresses) > 50_000 {
		m.addresses = map[string]bool{}
	}
}

// day is what must be known of a day to keep its records apart.
type day struct {
	keys    map[uint64]int // place in the list
	list    []entry
	taken   map[uint32]struct{}
	stored  int                         // entries that are on the disk
	changed bool                        // entries that are on the disk have changed
	last    struct{ moment, id uint64 } // the place found last: a burst does not search from its beginning
}

type entry struct {
	key  uint64
	id   uint32 // within the day
	hash uint32 // of the row
}

const entrySize = 16

// writing is one transaction of [Month.Add].
type writing struct {
	m       *Month
	seen    time.Time
	tx      *sql.Tx
	insert  *many
	touched []int64
	posts   map[int64]map[string][]byte // by day and term: IDs to append
	sums    map[sumKey]sum
	tally   Tally
}

func (w *writing) prepare(ctx context.Context, tx *sql.Tx) {
	w.tx = tx
	w.insert = &many{ctx: ctx, tx: tx, before: `INSERT INTO rec (id, body) VALUES `, row: `(?,?)`, columns: 2}
}

func (w *writing) day(ctx context.Context, n int64) (*day, error) {
	d := w.m.days[n]
	if d == nil {
		var raw []byte
		err := w.tx.QueryRowContext(ctx, `SELECT list FROM known WHERE day=?`, n).Scan(&raw)
		if err != nil && err != sql.ErrNoRows {
			return nil, err
		}
		d = &day{keys: make(map[uint64]int, len(raw)/entrySize), taken: make(map[uint32]struct{}, len(raw)/entrySize)}
		for ; len(raw) >= entrySize; raw = raw[entrySize:] {
			d.add(entry{binary.LittleEndian.Uint64(raw), binary.LittleEndian.Uint32(raw[8:]), binary.LittleEndian.Uint32(raw[12:])})
		}
		d.stored = len(d.list)
		w.m.days[n] = d
	}
	if w.posts[n] == nil {
		w.posts[n] = map[string][]byte{}
		w.touched = append(w.touched, n)
	}
	return d, nil
}

func (d *day) add(e entry) {
	d.keys[e.key] = len(d.list)
	d.list = append(d.list, e)
	d.taken[e.id] = struct{}{}
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

func (w *writing) add(ctx context.Context, it *Item) error {
	ms := it.brief.at.UnixMilli()
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
		return w.update(ctx, d, at, n, hash, it)
	}
	id, ok := d.place(ms - n*dayMillis)
	if !ok {
		return core.E(core.Invalid, "keep record", nil, "problem", "crowded", "day", time.UnixMilli(ms).UTC().Format(time.DateOnly))
	}
	d.add(entry{it.key, id, hash})
	if err := w.insert.put(n<<32|int64(id), it.body); err != nil {
		return err
	}
	w.post(n, id, it.terms)
	w.sum(it.brief, 1)
	w.tally.New++
	return nil
}

// post notes that a row has terms.
func (w *writing) post(n int64, id uint32, terms []string) {
	lists := w.posts[n]
	for _, term := range terms {
		list := lists[term]
		if l := len(list); l >= 4 && binary.LittleEndian.Uint32(list[l-4:]) == id {
			continue // the word is in the text twice
		}
		lists[term] = binary.LittleEndian.AppendUint32(list, id)
	}
}

// flush writes lists, keys and sums; terms in their order, which the tree of SQLite
// likes best.
func (w *writing) flush(ctx context.Context) error {
	if err := w.insert.flush(); err != nil {
		return err
	}
	if err := w.flushPosts(ctx); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	for _, n := range w.touched {
		if err := w.flushKeys(ctx, n, w.m.days[n]); err != nil {
			return fmt.Errorf("write keys: %w", err)
		}
	}
	if err := w.flushSums(ctx); err != nil {
		return fmt.Errorf("write sums: %w", err)
	}
	return nil
}

func (w *writing) flushPosts(ctx context.Context) error {
	type post struct {
		term string
		day  int64
	}
	var all []post
	for n, lists := range w.posts {
		for term := range lists {
			all = append(all, post{term, n})
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].term != all[j].term {
			return all[i].term < all[j].term
		}
		return all[i].day < all[j].day
	})
	// Appending as text keeps the bytes as they are; the cast makes it a blob again.
	put := &many{ctx: ctx, tx: w.tx, before: `INSERT INTO post (term, day, ids) VALUES `, row: `(?,?,?)`, columns: 3,
		after: ` ON CONFLICT (term, day) DO UPDATE SET ids=CAST(ids || excluded.ids AS BLOB)`}
	note := &many{ctx: ctx, tx: w.tx, before: `INSERT INTO address (text) VALUES `, row: `(?)`, columns: 1, after: ` ON CONFLICT DO NOTHING`}
	for _, p := range all {
		if err := put.put(p.term, p.day, w.posts[p.day][p.term]); err != nil {
			return err
		}
		if text := p.term[1:]; (p.term[0] == ofAddress || p.term[0] == ofPerson) && !w.m.addresses[text] {
			w.m.addresses[text] = true
			if err := note.put(text); err != nil {
				return err
			}
		}
	}
	if err := put.flush(); err != nil {
		return err
	}
	return note.flush()
}

func (w *writing) flushKeys(ctx context.Context, n int64, d *day) error {
	from := d.stored
	if d.changed {
		from = 0
	}
	if from == len(d.list) {
		return nil
	}
	raw := make([]byte, 0, entrySize*(len(d.list)-from))
	for _, e := range d.list[from:] {
		raw = binary.LittleEndian.AppendUint64(raw, e.key)
		raw = binary.LittleEndian.AppendUint32(raw, e.id)
		raw = binary.LittleEndian.AppendUint32(raw, e.hash)
	}
	how := `CAST(list || excluded.list AS BLOB)`
	if from == 0 {
		how = `excluded.list`
	}
	_, err := w.tx.ExecContext(ctx, `INSERT INTO known (day, list) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET list=`+how, n, raw)
	d.stored, d.changed = len(d.list), false
	return err
}

// update replaces a row and keeps what it was.
func (w *writing) update(ctx context.Context, d *day, at int, n int64, hash uint32, it *Item) error {
	id := n<<32 | int64(d.list[at].id)
	if err := w.insert.flush(); err != nil {
		return err
	}
	var raw []byte
	if err := w.tx.QueryRowContext(ctx, `SELECT body FROM rec WHERE id=?`, id).Scan(&raw); err != nil {
		return fmt.Errorf("read row %d: %w", id, err)
	}
	old, err := readBody(raw)
	if err != nil {
		return core.E(core.Malformed, "read row", err, "path", w.m.db.Path())
	}
	if it.brief.outcome == logs.Pending && old.Record.Outcome != logs.Pending && old.Record.Outcome != "" {
		w.tally.Same++
		return nil
	}
	if _, err := w.tx.ExecContext(ctx, `INSERT INTO history (rec, seen, body) VALUES (?, ?, ?)`, id, store.Millis(w.seen), raw); err != nil {
		return err
	}
	if _, err := w.tx.ExecContext(ctx, `UPDATE rec SET body=? WHERE id=?`, it.body, id); err != nil {
		return err
	}
	if err := w.repost(ctx, n, d.list[at].id, termsOf(&old.Record), it.terms); err != nil {
		return err
	}
	w.sum(briefOf(&old.Record), -1)
	w.sum(it.brief, 1)
	d.list[at].hash = hash
	d.changed = d.changed || at < d.stored
	w.tally.Updated++
	return nil
}

// repost takes a row off the lists that it left and puts it onto those that it joined.
func (w *writing) repost(ctx context.Context, n int64, id uint32, before, after []string) error {
	for _, term := range before {
		if slices.Contains(after, term) {
			continue
		}
		w.posts[n][term] = without(w.posts[n][term], id)
		if len(w.posts[n][term]) == 0 {
			delete(w.posts[n], term)
		}
		var raw []byte
		err := w.tx.QueryRowContext(ctx, `SELECT ids FROM post WHERE term=? AND day=?`, term, n).Scan(&raw)
		if err == sql.ErrNoRows {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := w.tx.ExecContext(ctx, `UPDATE post SET ids=? WHERE term=? AND day=?`, without(raw, id), term, n); err != nil {
			return err
		}
	}
	joined := after[:0:0]
	for _, term := range after {
		if !slices.Contains(before, term) {
			joined = append(joined, term)
		}
	}
	w.post(n, id, joined)
	return nil
}

// without is a list without an ID.
func without(list []byte, id uint32) []byte {
	kept := make([]byte, 0, len(list))
	for ; len(list) >= 4; list = list[4:] {
		if binary.LittleEndian.Uint32(list) != id {
			kept = append(kept, list[:4]...)
		}
	}
	return kept
}
