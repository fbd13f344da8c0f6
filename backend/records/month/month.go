// Package month keeps the records of one month in one file: in segments, each of which
// holds some thousands of records in the order of time and, for every word, address and
// value, the list of those that have it. The newest rows of any question are found
// without reading the others, and years cost nothing that months do not.
//
// It leaves out what spans several months (package records), the language of questions
// (package query) and what a record means.
package month

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/store"
)

// A row's ID is its moment: the day since 1970 (UTC) above 32 bits of milliseconds
// within it, five bits finer so that rows of the same moment have room. Rows therefore
// lie in the order of time whenever they came, and a row keeps its ID for ever.
const (
	dayMillis = 24 * 60 * 60 * 1000
	fine      = 5 // bits
)

// migrations: the first step is the first format, a row of SQLite for every record and
// for every term of a day; see [Month.convert]. In the second a segment's blocks of rows
// and lists are numbered segment<<blockBits | block.
var migrations = []string{`
	CREATE TABLE rec (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
	CREATE TABLE post (term TEXT NOT NULL, day INTEGER NOT NULL, ids BLOB NOT NULL, PRIMARY KEY (term, day)) STRICT, WITHOUT ROWID;
	CREATE TABLE address (text TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
	CREATE TABLE known (day INTEGER PRIMARY KEY, list BLOB NOT NULL) STRICT;
	CREATE TABLE history (rec INTEGER NOT NULL, seen INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
	CREATE INDEX history_rec ON history (rec);
	CREATE TABLE daily (day INTEGER NOT NULL, kind INTEGER NOT NULL, outcome INTEGER NOT NULL, person TEXT NOT NULL,
		n INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (day, kind, outcome, person)) STRICT, WITHOUT ROWID;
	CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`, `
	CREATE TABLE segment (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER NOT NULL, dead INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
		wide INTEGER NOT NULL, firsts BLOB NOT NULL, terms BLOB NOT NULL, names BLOB NOT NULL) STRICT;
	CREATE TABLE block (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
	CREATE TABLE list (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
	CREATE TABLE keys (segment INTEGER NOT NULL, day INTEGER NOT NULL, first INTEGER NOT NULL, list BLOB NOT NULL) STRICT;
	CREATE INDEX keys_day ON keys (day);
	CREATE INDEX keys_segment ON keys (segment);
	CREATE TABLE dead (segment INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (segment, row)) STRICT, WITHOUT ROWID`,
	// The addresses are ten times the rest of a segment, which every question reads.
	`CREATE TABLE names (segment INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
	INSERT INTO names SELECT id, names FROM segment;
	ALTER TABLE segment DROP COLUMN names`,
}

// blockBits is how many bits of a block's number count within its segment.
const blockBits = 24

// Month is one open file. Its methods may be used from several goroutines; one adds at
// a time.
type Month struct {
	db    *store.DB
	zone  *time.Location // of the days of sums
	days  map[int64]*day // what is known of days lately written to
	index *index         // memory for the next batch
	full  int            // a segment of so many rows is not merged any more

	mu       sync.Mutex
	segments map[int64]*segment // what was read of them
}

// fullSegment is how many rows a segment has that is large enough to stay as it is.
const fullSegment = 16_000

// Hit is a record with its place.
type Hit struct {
	ID     int64
	Source uint32
	Nth    int // of equal events without an ID
	Record logs.Record
}

// pageSize of a new file: a block of rows or lists fits into one page or two.
const pageSize = 16 << 10

// Open opens or makes the file. zone is that in which sums are kept by day; a file
// that was summed in another zone is summed anew, one of an older format is converted.
// Errors are those of [store.Open].
func Open(ctx context.Context, path string, zone *time.Location) (*Month, error) {
	db, err := store.Open(ctx, path, migrations, store.Small(4, 4000, 1000), store.Page(pageSize))
	if err != nil {
		return nil, err
	}
	m := &Month{db: db, zone: zone, days: map[int64]*day{}, segments: map[int64]*segment{}, full: fullSegment}
	if err := m.convert(ctx); err != nil {
		_ = db.Close()
		return nil, err
	}
	if err := m.checkZone(ctx); err != nil {
		_ = db.Close()
		return nil, err
	}
	return m, nil
}

// Close closes the file.
func (m *Month) Close() error { return m.db.Close() }

// Rest gives back the memory of writing. The month may be written to again.
func (m *Month) Rest() {
	m.days, m.index = map[int64]*day{}, nil
	m.db.W.SetMaxIdleConns(0)
	m.db.W.SetMaxIdleConns(1)
}

// Of tells the month to which a moment belongs: year and month of UTC.
func Of(t time.Time) string { return t.UTC().Format("2006-01") }

func dayOf(ms int64) int64 {
	if ms < 0 { // 1970 is long ago, but a log may say so
		return (ms - dayMillis + 1) / dayMillis
	}
	return ms / dayMillis
}

// zoneName tells zones apart whose name is the same: this computer's is always "Local".
func zoneName(z *time.Location) string {
	_, winter := time.Date(2026, 1, 1, 0, 0, 0, 0, z).Zone()
	_, summer := time.Date(2026, 7, 1, 0, 0, 0, 0, z).Zone()
	return fmt.Sprintf("%s %d %d", z, winter, summer)
}

// sameClock says that a file was summed in the computer's zone, before zones had names, and
// that it has the clock of this one: without daylight saving its offset says it all.
func sameClock(have string, z *time.Location) bool {
	_, winter := time.Date(2026, 1, 1, 0, 0, 0, 0, z).Zone()
	return have == fmt.Sprintf("Local %d %d", winter, winter) && strings.HasSuffix(zoneName(z), fmt.Sprintf(" %d %d", winter, winter))
}

// SetZone sums the month anew by the days of another zone. Nothing may be added meanwhile.
func (m *Month) SetZone(ctx context.Context, zone *time.Location) error {
	m.zone = zone
	return m.checkZone(ctx)
}

func (m *Month) checkZone(ctx context.Context) error {
	var have string
	err := m.db.W.QueryRowContext(ctx, `SELECT value FROM fact WHERE name='zone'`).Scan(&have)
	name := zoneName(m.zone)
	if err == nil && have == name {
		return nil
	}
	renamed := err == nil && sameClock(have, m.zone)
	if err != nil && err != sql.ErrNoRows {
		return fmt.Errorf("read zone: %w", err)
	}
	return m.db.Write(ctx, func(tx *sql.Tx) error {
		if err == nil && !renamed {
			if err := m.sumAnew(ctx, tx); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO fact VALUES ('zone', ?) ON CONFLICT (name) DO UPDATE SET value=excluded.value`, name)
		return err
	})
}

// Moment is the time of a row's place.
func Moment(id int64) time.Time {
	return time.UnixMilli(id>>32*dayMillis + id&(1<<32-1)>>fine).UTC()
}
