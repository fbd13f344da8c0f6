package intake

import (
	"context"
	"errors"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
)

// kind is the round of one kind.
type kind struct {
	*round
	reach   logs.Reach
	people  []string
	planned []records.Span
	tally   records.Tally
	err     error // what ended it
	outside error // that the key may not ask about some people

	lately   []records.Span // windows of this round that reach into the days that may still change
	answered time.Time      // the beginning of the oldest window that was answered in this round
	refused  int            // windows that were found too far back, one after the other
	tooFar   time.Time      // what is earlier is not asked for any more
	proof    proof
}

func (k *kind) settles() time.Duration {
	if k.reach.Settles > 0 {
		return k.reach.Settles
	}
	return time.Hour
}

func (k *kind) zone() *time.Location {
	if k.reach.Zone != nil {
		return k.reach.Zone
	}
	return time.UTC
}

// weight is the number of questions of one window.
func (k *kind) weight() int { return max(1, len(k.people)) }

// plan finds out which windows are to be asked for.
func (k *kind) plan(ctx context.Context) (err error) {
	if err := k.Book.Told(ctx, k.Scope, k.reach.Kind); err != nil {
		return inBook(err)
	}
	if k.reach.PerPerson {
		if k.People == nil {
			return core.E(core.Unsupported, "fetch records", nil, "problem", "people")
		}
		if k.people, err = k.People(ctx); err != nil {
			return err
		}
	}
	if err := k.readProof(ctx); err != nil {
		return err
	}
	k.planned, err = k.windows(ctx)
	return err
}

// windows cuts what is missing into windows that the source accepts.
func (k *kind) windows(ctx context.Context) ([]records.Span, error) {
	now := k.began // the same for all kinds: of windows that end together the source's first is asked for first
	covers, err := k.Book.Covers(ctx)
	if err != nil {
		return nil, inBook(err)
	}
	var known records.Cover
	for _, c := range covers {
		if c.Scope == k.Scope && c.Kind == k.reach.Kind {
			known = c
		}
	}
	if err := k.keepTail(ctx, &known, now); err != nil {
		return nil, err
	}
	known.Tip = time.Time{} // what was read but not settled is read again
	want := records.Span{From: k.Since, To: now}
	if k.reach.Kept > 0 {
		if oldest := k.floor(now.Add(-k.reach.Kept), true); oldest.After(want.From) {
			for _, gap := range known.Gaps(records.Span{From: want.From, To: oldest}) {
				if err := k.Book.Lost(ctx, k.Scope, k.reach.Kind, records.Missing{Span: gap.Span, Why: records.TooOld, Kept: k.reach.Kept}); err != nil {
					return nil, inBook(err)
				}
			}
			want.From = oldest
		}
	}
	var windows []records.Span
	for _, gap := range known.Gaps(want) {
		if gap.Why == records.TooOld || gap.Why == records.Unsure && k.silent() {
			continue // what was not told then is not told now
		}
		if settled := now.Add(-k.settles()); gap.Why == records.Partial && gap.From.Before(settled) {
			gap.From = settled
		}
		windows = append(windows, k.cut(gap.Span)...)
	}
	return windows, nil
}

// keepTail counts what was read last as complete where it is too old to be read again.
func (k *kind) keepTail(ctx context.Context, known *records.Cover, now time.Time) error {
	n := len(known.Spans)
	if n == 0 || k.reach.Kept <= 0 || known.Tip.After(k.floor(now.Add(-k.reach.Kept), true)) || !known.Tip.After(known.Spans[n-1].To) {
		return nil
	}
	tail := records.Span{From: known.Spans[n-1].To, To: known.Tip}
	known.Spans[n-1].To = known.Tip
	return inBook(k.Book.Covered(ctx, k.Scope, k.reach.Kind, tail, known.Tip))
}

// floor is the beginning of the day in the source's zone, or of the next one.
func (k *kind) floor(t time.Time, up bool) time.Time {
	if !k.reach.WholeDays {
		return t
	}
	y, m, d := t.In(k.zone()).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, k.zone())
	if up && day.Before(t) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// fresh is how many days make a window of their own, today included: most questions are
// about them, and they must not wait for a month's worth of pages.
const fresh = 3

// cut makes windows of a span, none longer than the source allows. They are counted
// from the span's end, so that a round that goes on later makes the same ones. A window
// without a limit is a month: what is cut off goes on from there.
func (k *kind) cut(s records.Span) []records.Span {
	longest := k.reach.Longest
	if longest <= 0 {
		longest = 31 * 24 * time.Hour
	}
	y, m, d := k.now().In(k.zone()).Date()
	lately := time.Date(y, m, d-fresh+1, 0, 0, 0, 0, k.zone())
	begin, to := k.floor(s.From, false), k.floor(s.To, true)
	var windows []records.Span
	for begin.Before(to) {
		from := to.Add(-longest)
		if k.reach.WholeDays {
			from = to.AddDate(0, 0, -max(int(longest/(24*time.Hour)), 1))
		}
		if to.After(lately) && from.Before(lately) {
			from = lately
		}
		if from.Before(begin) {
			from = begin
		}
		windows = append(windows, records.Span{From: from, To: to})
		to = from
	}
	return windows
}

// window asks for one window and notes what is settled of it. A window that is too
// much for the source is asked for in halves.
func (k *kind) window(ctx context.Context, w records.Span) error {
	if !w.To.After(k.tooFar) {
		return k.outlived(ctx, w)
	}
	began := k.now()
	k.proof.oldest = time.Time{}
	err := k.everybody(ctx, w)
	switch {
	case err == nil:
		k.answered, k.refused = w.From, 0
		tip := w.To
		if tip.After(began) {
			tip = began
		}
		asked, settled := w, began.Add(-k.settles())
		if w.To.After(settled) {
			w.To = settled
		}
		if k.reach.WholeDays { // the next round asks for whole days again
			w.To = k.floor(w.To, false)
		}
		if asked.To.After(w.To) && !k.reach.Partial {
			return k.unsettled(ctx, asked, w)
		}
		return k.covered(ctx, w, tip)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	if _, ok := errors.AsType[bookError](err); ok {
		return err
	}
	if some, ok := errors.AsType[someError](err); ok {
		k.outside = some.error
		return k.lost(ctx, records.Missing{Span: w, Why: records.Refused, Code: core.CodeOf(some)})
	}
	why, code := tooMuch(err)
	if why == "" {
		return err
	}
	a, b, ok := k.halves(w)
	if !ok {
		if k.farther(why, code, w) {
			if err := k.prove(ctx, k.tooFar); err != nil { // what it answers it keeps
				return err
			}
			return k.outlived(ctx, records.Span{From: w.From, To: k.tooFar})
		}
		return k.lost(ctx, records.Missing{Span: w, Why: why, Code: code})
	}
	if err := k.window(ctx, b); err != nil {
		return err
	}
	return k.window(ctx, a)
}

// unsettled notes what came of a window that reaches into the days that may still change:
// settled is the part of it that cannot.
func (k *kind) unsettled(ctx context.Context, asked, settled records.Span) error {
	if err := k.Book.Found(ctx, k.Scope, k.reach.Kind, asked); err != nil {
		return inBook(err)
	}
	settled, err := k.known(ctx, settled)
	if err != nil {
		return err
	}
	if settled.From.Before(settled.To) {
		if err := k.Book.Covered(ctx, k.Scope, k.reach.Kind, settled, settled.To); err != nil {
			return inBook(err)
		}
	}
	return k.reached(ctx, asked)
}

// lost notes a window that the source cannot tell.
func (k *kind) lost(ctx context.Context, m records.Missing) error {
	if err := k.Book.Lost(ctx, k.Scope, k.reach.Kind, m); err != nil {
		return inBook(err)
	}
	return k.reached(ctx, m.Span)
}

// reached remembers a window that was asked for, and notes that the log is known up to
// now once all that may still change was. The newest are asked for first: until those
// before them were too, it would be a lie.
func (k *kind) reached(ctx context.Context, w records.Span) error {
	from := k.floor(k.began.Add(-k.settles()), false)
	if k.reach.Partial || !w.To.After(from) {
		return nil
	}
	k.lately = append(k.lately, w)
	oldest := k.began
	for _, p := range k.planned {
		if p.From.Before(oldest) {
			oldest = p.From
		}
	}
	if oldest.After(from) {
		from = oldest
	}
	begin := from
	for more := true; more; {
		more = false
		for _, s := range k.lately {
			if !s.From.After(from) && s.To.After(from) {
				from, more = s.To, true
			}
		}
	}
	if from.Before(k.began) {
		return nil
	}
	return inBook(k.Book.Covered(ctx, k.Scope, k.reach.Kind, records.Span{From: begin, To: begin}, k.began))
}

// covered notes that a window was answered.
func (k *kind) covered(ctx context.Context, w records.Span, tip time.Time) error {
	if !k.reach.Partial {
		w, err := k.known(ctx, w)
		if err != nil {
			return err
		}
		return inBook(k.Book.Covered(ctx, k.Scope, k.reach.Kind, w, tip))
	}
	if err := k.Book.Covered(ctx, k.Scope, k.reach.Kind, records.Span{From: w.From, To: w.From}, tip); err != nil {
		return inBook(err)
	}
	return inBook(k.Book.Lost(ctx, k.Scope, k.reach.Kind, records.Missing{Span: records.Span{From: w.From, To: tip}, Why: records.Partial}))
}

// farEnough is how many days in a row must be refused before it is believed that the
// source no longer keeps what is earlier.
const farEnough = 3

// farther finds out how far back a source goes that does not say so: from some day on
// it answers, every earlier one it refuses. It must not be asked for two years of days,
// round after round.
func (k *kind) farther(why records.Why, code core.Code, w records.Span) bool {
	if why != records.Refused || code != core.Invalid || k.answered.IsZero() || !w.From.Before(k.answered) {
		return false
	}
	if k.refused++; k.refused < farEnough {
		return false
	}
	k.tooFar = k.answered
	return true
}

// outlived notes that the source keeps nothing of a window any more.
func (k *kind) outlived(ctx context.Context, w records.Span) error {
	kept := k.now().Sub(k.tooFar)
	return inBook(k.Book.Lost(ctx, k.Scope, k.reach.Kind, records.Missing{Span: w, Why: records.TooOld, Kept: kept}))
}

// errCut says that the source has more of a window than it hands out.
var errCut = errors.New("there is more than is handed out")

// tooMuch says whether a smaller window may help, and the reason to note if not.
func tooMuch(err error) (records.Why, core.Code) {
	code := core.CodeOf(err)
	switch {
	case errors.Is(err, errCut):
		return records.Cut, ""
	case code == core.Invalid && core.ArgsOf(err)["problem"] == "range", code == core.Malformed:
		return records.Refused, code
	}
	return "", ""
}

// halves cuts a window in two; false: it is too small.
func (k *kind) halves(w records.Span) (a, b records.Span, ok bool) {
	least := time.Minute
	middle := w.From.Add(w.To.Sub(w.From) / 2).Truncate(time.Second)
	if k.reach.WholeDays {
		least = 24 * time.Hour
		middle = k.floor(middle, false)
		if !middle.After(w.From) {
			middle = w.From.AddDate(0, 0, 1)
		}
	}
	if w.To.Sub(w.From) < least*3/2 || !middle.After(w.From) || !middle.Before(w.To) {
		return w, w, false
	}
	return records.Span{From: w.From, To: middle}, records.Span{From: middle, To: w.To}, true
}
