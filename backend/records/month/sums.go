package month

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"mailroom/backend/logs"
)

// Sum is how many records of a kind a person has on a day.
type Sum struct {
	Day     string // "2026-11-12", in the zone of the sums
	Kind    logs.Kind
	Outcome logs.Outcome
	Person  string
	N       int64 // events: merged ones count as many
	Bytes   int64
}

type sumKey struct {
	day           int64 // of the zone, since 1970
	kind, outcome byte
	person        string
}

type sum struct{ n, bytes int64 }

func (m *Month) localDay(ms int64) int64 {
	y, mon, d := time.UnixMilli(ms).In(m.zone).Date()
	return dayOf(time.Date(y, mon, d, 0, 0, 0, 0, time.UTC).UnixMilli())
}

func (m *Month) sumOf(r brief) (sumKey, sum) {
	return sumKey{m.localDay(r.at), r.kind, r.outcome, r.person},
		sum{int64(max(r.times, 1)), r.size}
}

func (w *writing) sum(r brief, sign int64) {
	key, s := w.m.sumOf(r)
	had := w.sums[key]
	w.sums[key] = sum{had.n + sign*s.n, had.bytes + sign*s.bytes}
}

func (w *writing) flushSums(ctx context.Context) error { return writeSums(ctx, w.tx, w.sums) }

func writeSums(ctx context.Context, tx *sql.Tx, sums map[sumKey]sum) error {
	put := &many{ctx: ctx, tx: tx, before: `INSERT INTO daily (day, kind, outcome, person, n, bytes) VALUES `, row: `(?,?,?,?,?,?)`, columns: 6,
		after: ` ON CONFLICT (day, kind, outcome, person) DO UPDATE SET n=n+excluded.n, bytes=bytes+excluded.bytes`}
	for k, s := range sums {
		if s == (sum{}) {
			continue
		}
		if err := put.put(k.day, k.kind, k.outcome, k.person, s.n, s.bytes); err != nil {
			return err
		}
	}
	return put.flush()
}

// sumAnew sums all rows by the days of another zone.
func (m *Month) sumAnew(ctx context.Context, tx *sql.Tx) error {
	sums := map[sumKey]sum{}
	r := &reading{m: m, ctx: ctx, stop: ctx, tx: tx}
	if err := r.prepare(); err != nil {
		return err
	}
	defer r.close()
	if err := r.oldestFirst(-1<<62, 1<<62, func(h Hit) error {
		key, s := m.sumOf(briefOf(&h.Record))
		had := sums[key]
		sums[key] = sum{had.n + s.n, had.bytes + s.bytes}
		return nil
	}); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM daily`); err != nil {
		return err
	}
	return writeSums(ctx, tx, sums)
}

// Sums calls visit for the sums of days within [from, to], both included, in the form
// "2026-11-12".
func (m *Month) Sums(ctx context.Context, from, to string, visit func(Sum)) error {
	rows, err := m.db.R.QueryContext(ctx, `SELECT day, kind, outcome, person, n, bytes FROM daily WHERE day BETWEEN ? AND ? AND n>0`, dayNumber(from), dayNumber(to))
	if err != nil {
		return fmt.Errorf("read sums: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s Sum
		var day int64
		var kind, outcome byte
		if err := rows.Scan(&day, &kind, &outcome, &s.Person, &s.N, &s.Bytes); err != nil {
			return err
		}
		p := &body{}
		s.Kind, s.Outcome = word(kindCodes, kind, p), word(outcomeCodes, outcome, p)
		s.Day = time.UnixMilli(day * dayMillis).UTC().Format(time.DateOnly)
		visit(s)
	}
	return rows.Err()
}

func dayNumber(day string) int64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	return dayOf(t.UnixMilli())
}
