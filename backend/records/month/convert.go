package month

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"

	"mailroom/backend/core"
)

// convert makes segments of a file of the first format, which had a row of SQLite for
// every record, and takes the empty tables of that format out of a new file.
func (m *Month) convert(ctx context.Context) error {
	var old int
	if err := m.db.R.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE type='table' AND name='rec'`).Scan(&old); err != nil || old == 0 {
		return err
	}
	return m.db.Write(ctx, func(tx *sql.Tx) error {
		calm := context.WithoutCancel(ctx)
		c := &conversion{m: m, tx: tx, stop: ctx, index: newIndex()}
		if err := c.run(calm); err != nil {
			return fmt.Errorf("convert: %w", err)
		}
		for _, table := range []string{"rec", "post", "address", "known"} {
			if _, err := tx.ExecContext(calm, `DROP TABLE `+table); err != nil {
				return err
			}
		}
		return nil
	})
}

// conversion goes through the rows of the first format in the order of time.
type conversion struct {
	m     *Month
	tx    *sql.Tx
	stop  context.Context
	index *index
	day   int64
	known map[uint32]newRow // the day's, by the ID within it; they have key and hash
	rows  []newRow
}

// convertAtOnce is how many rows become one segment.
const convertAtOnce = 50_000

func (c *conversion) run(ctx context.Context) error {
	for after := int64(-1); ; {
		n, last, err := c.some(ctx, after)
		if err != nil {
			return err
		}
		if len(c.rows) >= convertAtOnce || n == 0 && len(c.rows) > 0 {
			if _, err := c.m.writeSegment(ctx, c.tx, c.rows, c.index.write); err != nil {
				return err
			}
			c.rows = c.rows[:0]
			c.index.reset()
		}
		if n == 0 {
			return nil
		}
		after = last
	}
}

// some reads the next rows.
func (c *conversion) some(ctx context.Context, after int64) (n int, last int64, err error) {
	if err := c.stop.Err(); err != nil {
		return 0, 0, err
	}
	rows, err := c.tx.QueryContext(ctx, `SELECT id, body FROM rec WHERE id>? ORDER BY id LIMIT 5000`, after)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = rows.Close() }()
	for ; rows.Next(); n++ {
		var raw []byte
		if err := rows.Scan(&last, &raw); err != nil {
			return n, last, err
		}
		row, err := c.key(ctx, last)
		if err != nil {
			return n, last, err
		}
		h, err := readBody(raw)
		if err != nil {
			return n, last, core.E(core.Malformed, "read row", err, "path", c.m.db.Path())
		}
		row.id, row.body = last, raw
		c.rows = append(c.rows, row)
		c.index.row(appendTerms(nil, &h.Record))
	}
	return n, last, rows.Err()
}

// key finds what a row is known by. A list of keys was sixteen bytes an entry: key, ID
// within the day, hash of the row.
func (c *conversion) key(ctx context.Context, id int64) (newRow, error) {
	if day := id >> 32; c.known == nil || c.day != day {
		var raw []byte
		if err := c.tx.QueryRowContext(ctx, `SELECT list FROM known WHERE day=?`, day).Scan(&raw); err != nil {
			return newRow{}, err
		}
		c.day, c.known = day, make(map[uint32]newRow, len(raw)/keySize)
		for ; len(raw) >= keySize; raw = raw[keySize:] {
			c.known[binary.LittleEndian.Uint32(raw[8:])] = newRow{key: binary.LittleEndian.Uint64(raw), hash: binary.LittleEndian.Uint32(raw[12:])}
		}
	}
	row, known := c.known[uint32(id)]
	if !known {
		return newRow{}, core.E(core.Malformed, "read row", errBody, "path", c.m.db.Path())
	}
	return row, nil
}
