package records

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records/month"
	"mailroom/backend/records/zone"
	"mailroom/backend/store"
)

// believedSetting says by which rule the complete spans of a book were noted.
const (
	believedSetting = "believed"
	believedNow     = 1
)

// FileScope is the name of files' records in the book. A file forgets nothing.
const FileScope = "file"

// surely is how far back a log is believed to reach whatever it says.
const surely = 7 * 24 * time.Hour

// believe brings what an older version noted as complete to the present rules: days before
// the oldest record that a source told are not proven, since it may have forgotten them, and
// that everything up to its last reading is known was said too early. A source that does say
// how long it keeps its log is asked for such days again in the next round.
func (b *Book) believe(ctx context.Context) error {
	rule := 0
	if err := b.Setting(ctx, believedSetting, &rule); err != nil || rule >= believedNow {
		return err
	}
	covers, err := b.Covers(ctx)
	if err != nil {
		return err
	}
	for _, c := range covers {
		present, err := b.byPresentRule(ctx, c)
		if err != nil {
			return err
		}
		if len(c.Spans) == 0 || present || c.Scope == FileScope {
			continue
		}
		if err := b.doubt(ctx, c); err != nil {
			return err
		}
	}
	return b.SetSetting(ctx, believedSetting, believedNow)
}

// ReachedSetting is the setting that tells how far back a source was seen to keep a kind.
func ReachedSetting(scope string, kind logs.Kind) string {
	return "reached/" + scope + "/" + string(kind)
}

// byPresentRule says that a limit of what the source keeps is noted: spans are held against it.
func (b *Book) byPresentRule(ctx context.Context, c Cover) (bool, error) {
	var reached time.Duration
	err := b.Setting(ctx, ReachedSetting(c.Scope, c.Kind), &reached)
	return reached > 0 || slices.ContainsFunc(c.Lost, func(m Missing) bool { return m.Kept > 0 || m.Why == Unsure }), err
}

// doubt takes back what is not proven of a source's kind.
func (b *Book) doubt(ctx context.Context, c Cover) error {
	id, err := b.Source(ctx, c.Scope)
	if err != nil {
		return err
	}
	since := c.Asked.Add(-surely)
	first, err := b.first(ctx, id, c.Kind)
	if err != nil {
		return err
	}
	if y, m, d := first.In(b.Zone()).Date(); !first.IsZero() && first.Before(since) {
		since = zone.Midnight(y, m, d, b.Zone())
	}
	var keep, unsure []Span
	for _, s := range c.Spans {
		if early, ok := overlap(s, Span{s.From, since}); ok {
			unsure = append(unsure, early)
		}
		if late, ok := overlap(s, Span{since, s.To}); ok {
			keep = append(keep, late)
		}
	}
	end := c.Spans[len(c.Spans)-1].To
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM cover WHERE source=? AND kind=?`, id, c.Kind); err != nil {
			return err
		}
		for _, s := range keep {
			if _, err := tx.ExecContext(ctx, `INSERT INTO cover VALUES (?,?,?,?)`, id, c.Kind, store.Millis(s.From), store.Millis(s.To)); err != nil {
				return err
			}
		}
		for _, s := range unsure {
			if _, err := tx.ExecContext(ctx, `INSERT INTO lost VALUES (?,?,?,?,?,'',0)`, id, c.Kind, store.Millis(s.From), store.Millis(s.To), Unsure); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE tip SET at=min(at, ?) WHERE source=? AND kind=?`, store.Millis(end), id, c.Kind)
		return err
	})
}

// errFound ends a walk.
var errFound = errors.New("found")

// first is the moment of the oldest record that a source told of a kind; zero: none. A day's
// sums of nothing are no record of it.
func (b *Book) first(ctx context.Context, source uint32, kind logs.Kind) (at time.Time, err error) {
	day, _, err := b.Reach(ctx, []logs.Kind{kind})
	if err != nil || day == "" {
		return at, err
	}
	from, err := time.ParseInLocation(time.DateOnly, day, b.Zone())
	if err != nil {
		return at, err
	}
	err = b.EachWithin(ctx, Span{from.Add(-24 * time.Hour), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}, func(h month.Hit) error {
		d := h.Record.Day
		if h.Source != source || h.Record.Kind != kind || d != nil && d.Sent <= 0 && d.Received <= 0 && d.Used <= 0 {
			return nil
		}
		at = h.Record.At
		return errFound
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	return at, err
}
