package records

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/store"
)

// Span is a span of time: From is included, To is not.
type Span struct{ From, To time.Time }

// Why a span is missing.
type Why string

// The reasons for a missing span.
const (
	TooOld  Why = "too_old" // the source no longer keeps it
	Cut     Why = "cut"     // the source hands out only a part of it
	Refused Why = "refused" // the source answers with an error; Code says which
	Partial Why = "partial" // the source leaves some out by nature
	Unread  Why = "unread"  // it was not asked for yet
	Unsure  Why = "unsure"  // the source answered with nothing, and may no longer keep it: it does not say how long it does
)

// Missing is a span that a source was not asked for, or could not tell.
type Missing struct {
	Span
	Why  Why
	Code core.Code     // for Refused
	Kept time.Duration // for TooOld: how long the source keeps records; 0: not known
}

// Days is Kept in whole days.
func (m Missing) Days() int { return int(m.Kept / (24 * time.Hour)) }

// Cover is what is known to be complete of one kind of one source.
type Cover struct {
	Scope string
	Kind  logs.Kind
	Spans []Span    // complete, in order, apart from each other
	Tip   time.Time // until when it was read last; what is after the spans may still change
	Asked time.Time // when that was
	Lost  []Missing // what can never be had, or not at present
}

// Gaps lists what is missing of a span.
func (c Cover) Gaps(of Span) []Missing {
	var gaps []Missing
	have := c.Spans
	if n := len(have); n > 0 && c.Tip.After(have[n-1].To) {
		have = append(slices.Clone(have), c.lately(Span{have[n-1].To, c.Tip})...)
	}
	for _, open := range minus(of, have) {
		rest := []Span{open}
		for _, l := range c.Lost {
			var left []Span
			for _, s := range rest {
				if both, ok := overlap(s, l.Span); ok {
					part := l
					part.Span = both
					gaps = append(gaps, part)
				}
				left = append(left, minus(s, []Span{l.Span})...)
			}
			rest = left
		}
		for _, s := range rest {
			gaps = append(gaps, Missing{Span: s, Why: Unread})
		}
	}
	slices.SortFunc(gaps, func(a, b Missing) int { return a.From.Compare(b.From) })
	return gaps
}

// lately is what was read of the days that may still change: all of them, but for those
// that the source answered with an error.
func (c Cover) lately(s Span) []Span {
	var not []Span
	for _, l := range c.Lost {
		if l.Why == Refused || l.Why == Cut {
			not = append(not, l.Span)
		}
	}
	return minus(s, merge(not))
}

func overlap(a, b Span) (Span, bool) {
	if b.From.After(a.From) {
		a.From = b.From
	}
	if b.To.Before(a.To) {
		a.To = b.To
	}
	return a, a.From.Before(a.To)
}

// minus is what is left of a span without others that are in order.
func minus(of Span, without []Span) []Span {
	var left []Span
	for _, w := range without {
		if !w.To.After(of.From) || !w.From.Before(of.To) {
			continue
		}
		if w.From.After(of.From) {
			left = append(left, Span{of.From, w.From})
		}
		of.From = w.To
	}
	if of.From.Before(of.To) {
		left = append(left, of)
	}
	return left
}

// merge joins spans that touch.
func merge(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.From.Compare(b.From) })
	var merged []Span
	for _, s := range spans {
		if n := len(merged); n > 0 && !s.From.After(merged[n-1].To) {
			if s.To.After(merged[n-1].To) {
				merged[n-1].To = s.To
			}
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// Covered notes that a source told everything of a span. tip is until when it was
// read, which may be later than what is settled; zero: the span's end.
func (b *Book) Covered(ctx context.Context, scope string, kind logs.Kind, span Span, tip time.Time) error {
	id, err := b.Source(ctx, scope)
	if err != nil {
		return err
	}
	if tip.IsZero() {
		tip = span.To
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		spans, err := readSpans(ctx, tx, id, kind)
		if err != nil {
			return err
		}
		if span.From.Before(span.To) {
			spans = merge(append(spans, span))
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM cover WHERE source=? AND kind=?`, id, kind); err != nil {
			return err
		}
		for _, s := range spans {
			if _, err := tx.ExecContext(ctx, `INSERT INTO cover VALUES (?,?,?,?)`, id, kind, store.Millis(s.From), store.Millis(s.To)); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO tip VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET at=max(at, excluded.at), asked=excluded.asked`,
			id, kind, store.Millis(tip), store.Millis(time.Now()))
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM lost WHERE source=? AND kind=? AND first>=? AND until<=?`, id, kind, store.Millis(span.From), store.Millis(span.To))
		}
		return err
	})
}

func readSpans(ctx context.Context, tx *sql.Tx, source uint32, kind logs.Kind) ([]Span, error) {
	rows, err := tx.QueryContext(ctx, `SELECT first, until FROM cover WHERE source=? AND kind=?`, source, kind)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var spans []Span
	for rows.Next() {
		var from, to int64
		if err := rows.Scan(&from, &to); err != nil {
			return nil, err
		}
		spans = append(spans, Span{store.Time(from), store.Time(to)})
	}
	return spans, rows.Err()
}

// Told notes that a source has such a log, before anything of it was read.
func (b *Book) Told(ctx context.Context, scope string, kind logs.Kind) error {
	id, err := b.Source(ctx, scope)
	if err != nil {
		return err
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO tip VALUES (?,?,0,0) ON CONFLICT DO NOTHING`, id, kind)
		return err
	})
}

// Lost notes that a source cannot tell a span.
func (b *Book) Lost(ctx context.Context, scope string, kind logs.Kind, m Missing) error {
	id, err := b.Source(ctx, scope)
	if err != nil {
		return err
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		from, to := store.Millis(m.From), store.Millis(m.To)
		// What was missing for the same reason within it or beside it is one.
		var first, until sql.NullInt64
		err := tx.QueryRowContext(ctx, `SELECT min(first), max(until) FROM lost WHERE source=? AND kind=? AND why=? AND first<=? AND until>=?`,
			id, kind, m.Why, to, from).Scan(&first, &until)
		if err != nil {
			return err
		}
		if first.Valid {
			from, to = min(from, first.Int64), max(to, until.Int64)
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM lost WHERE source=? AND kind=? AND first>=? AND until<=?`, id, kind, from, to); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO lost VALUES (?,?,?,?,?,?,?)`, id, kind, from, to, m.Why, m.Code, m.Kept.Milliseconds())
		return err
	})
}

// Found notes that a source, asked again, told a span that it could not tell before; it
// is not settled yet, so it is not [Book.Covered].
func (b *Book) Found(ctx context.Context, scope string, kind logs.Kind, span Span) error {
	id, err := b.Source(ctx, scope)
	if err != nil {
		return err
	}
	from, to := store.Millis(span.From), store.Millis(span.To)
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		const before = `INSERT INTO lost SELECT source, kind, first, ?3, why, code, kept FROM lost WHERE source=?1 AND kind=?2 AND why IN ('refused','cut') AND first<?3 AND until>?3`
		const behind = `INSERT INTO lost SELECT source, kind, ?3, until, why, code, kept FROM lost WHERE source=?1 AND kind=?2 AND why IN ('refused','cut') AND first<?3 AND until>?3`
		if _, err := tx.ExecContext(ctx, before, id, kind, from); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, behind, id, kind, to); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM lost WHERE source=? AND kind=? AND why IN ('refused','cut') AND until>? AND first<?`, id, kind, from, to)
		return err
	})
}

// Covers tells what is complete, source by source and kind by kind.
func (b *Book) Covers(ctx context.Context) ([]Cover, error) {
	scopes, err := b.Scopes(ctx)
	if err != nil {
		return nil, err
	}
	type key struct {
		source uint32
		kind   logs.Kind
	}
	found := map[key]*Cover{}
	of := func(k key) *Cover {
		if found[k] == nil {
			found[k] = &Cover{Scope: scopes[k.source], Kind: k.kind}
		}
		return found[k]
	}
	var k key
	var from, to, kept int64
	var why, code string
	for query, take := range map[string]func(){
		`SELECT source, kind, first, until, '', '', 0 FROM cover ORDER BY first`: func() {
			of(k).Spans = append(of(k).Spans, Span{store.Time(from), store.Time(to)})
		},
		`SELECT source, kind, at, asked, '', '', 0 FROM tip`: func() { of(k).Tip, of(k).Asked = store.Time(from), store.Time(to) },
		`SELECT source, kind, first, until, why, code, kept FROM lost ORDER BY first`: func() {
			of(k).Lost = append(of(k).Lost, Missing{Span{store.Time(from), store.Time(to)}, Why(why), core.Code(code), time.Duration(kept) * time.Millisecond})
		},
	} {
		rows, err := b.db.R.QueryContext(ctx, query)
		if err != nil {
			return nil, fmt.Errorf("read covers: %w", err)
		}
		for rows.Next() {
			if err := rows.Scan(&k.source, &k.kind, &from, &to, &why, &code, &kept); err != nil {
				_ = rows.Close()
				return nil, err
			}
			take()
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
	}
	all := make([]Cover, 0, len(found))
	for _, c := range found {
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b Cover) int {
		if a.Scope != b.Scope {
			return strings.Compare(a.Scope, b.Scope)
		}
		return slices.Index(logs.Kinds(), a.Kind) - slices.Index(logs.Kinds(), b.Kind)
	})
	return all, nil
}

// Gaps lists what is missing of a kind in a span, whatever the source: a moment that
// one source covers is not missing. No source at all: the whole span is [Unread].
func (b *Book) Gaps(ctx context.Context, kind logs.Kind, of Span) ([]Missing, error) {
	covers, err := b.Covers(ctx)
	if err != nil {
		return nil, err
	}
	missing := []Missing{{Span: of, Why: Unread}}
	for _, c := range covers {
		if c.Kind != kind {
			continue
		}
		var left []Missing
		for _, m := range missing {
			for _, g := range c.Gaps(m.Span) {
				if g.Why == Unread {
					g.Why, g.Code, g.Kept = m.Why, m.Code, m.Kept
				}
				left = append(left, g)
			}
		}
		missing = left
	}
	return missing, nil
}

// Done tells which persons of an unfinished window were asked for already.
func (b *Book) Done(ctx context.Context, scope string, kind logs.Kind, span Span) (map[string]bool, error) {
	id, err := b.Source(ctx, scope)
	if err != nil {
		return nil, err
	}
	rows, err := b.db.R.QueryContext(ctx, `SELECT person FROM part WHERE source=? AND kind=? AND first=? AND until=?`, id, kind, store.Millis(span.From), store.Millis(span.To))
	if err != nil {
		return nil, fmt.Errorf("read parts: %w", err)
	}
	defer func() { _ = rows.Close() }()
	done := map[string]bool{}
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			return nil, err
		}
		done[p] = true
	}
	return done, rows.Err()
}

// SetDone notes that a person of a window was asked for; person "" ends the window.
func (b *Book) SetDone(ctx context.Context, scope string, kind logs.Kind, span Span, person string) error {
	id, err := b.Source(ctx, scope)
	if err != nil {
		return err
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		q := `INSERT INTO part VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING`
		args := []any{id, kind, store.Millis(span.From), store.Millis(span.To), person}
		if person == "" {
			q, args = `DELETE FROM part WHERE source=? AND kind=? AND first=? AND until=?`, args[:4]
		}
		_, err := tx.ExecContext(ctx, q, args...)
		return err
	})
}
