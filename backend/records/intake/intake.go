// Package intake asks the sources of an office for its records, window by window, and
// keeps account of what was told: nothing is asked for twice without need, what is
// missing is known with the reason, and what was cut off goes on where it stopped.
//
// It leaves out where records are kept (package records) and files of servers (package
// logfile).
package intake

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
)

// Job is one round over one source.
type Job struct {
	Book   *records.Book
	Source logs.Source
	Scope  string // the source's name in the book
	// Since is how far back the office wants its records.
	Since time.Time
	// People lists the addresses of the office, for sources that are asked for one
	// person at a time.
	People func(context.Context) ([]string, error)
	// Kinds restricts the round; empty: all that the source has.
	Kinds []logs.Kind
	Now   func() time.Time                           // nil: the clock
	Wait  func(context.Context, time.Duration) error // nil: real time
	// Tell is called after every window; nil: nobody listens.
	Tell func(Progress)
}

// Progress is where a round is.
type Progress struct {
	Kind    logs.Kind
	Window  records.Span
	Done    int // windows of this kind
	Windows int // of this kind, as far as is known
	Tally   records.Tally
}

// Result is what a round came to, kind by kind.
type Result struct {
	Kind  logs.Kind
	Tally records.Tally
	Err   error // what ended this kind; nil: it is up to date
}

// Run makes one round. The error is that of the context or of the book; what a source
// answers is in the results.
func (j *Job) Run(ctx context.Context) ([]Result, error) {
	var results []Result
	for _, reach := range j.Source.Reaches() {
		if len(j.Kinds) > 0 && !contains(j.Kinds, reach.Kind) {
			continue
		}
		k := &kind{Job: j, reach: reach}
		err := k.run(ctx)
		if ctx.Err() != nil {
			return results, ctx.Err()
		}
		if b, ok := errors.AsType[bookError](err); ok {
			return results, b.error
		}
		if err != nil {
			slog.Info("a source of records did not tell everything", "kind", reach.Kind, "code", core.CodeOf(err))
		}
		results = append(results, Result{Kind: reach.Kind, Tally: k.tally, Err: err})
	}
	return results, nil
}

// bookError is trouble on this computer, which ends the whole round.
type bookError struct{ error }

func (b bookError) Unwrap() error { return b.error }

func inBook(err error) error {
	if err == nil {
		return nil
	}
	return bookError{err}
}

func contains(all []logs.Kind, k logs.Kind) bool {
	for _, each := range all {
		if each == k {
			return true
		}
	}
	return false
}

func (j *Job) now() time.Time {
	if j.Now != nil {
		return j.Now()
	}
	return time.Now()
}

func (j *Job) wait(ctx context.Context, d time.Duration) error {
	if j.Wait != nil {
		return j.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// kind is the round of one kind.
type kind struct {
	*Job
	reach  logs.Reach
	people []string
	tally  records.Tally
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

// run asks for every window that is missing, the newest first: that is what people
// look for.
func (k *kind) run(ctx context.Context) error {
	if k.reach.PerPerson {
		if k.People == nil {
			return core.E(core.Unsupported, "fetch records", nil, "problem", "people")
		}
		var err error
		if k.people, err = k.People(ctx); err != nil {
			return err
		}
	}
	windows, err := k.windows(ctx)
	if err != nil {
		return err
	}
	for i, w := range windows {
		if err := k.window(ctx, w); err != nil {
			return err
		}
		if k.Tell != nil {
			k.Tell(Progress{Kind: k.reach.Kind, Window: w, Done: i + 1, Windows: len(windows), Tally: k.tally})
		}
	}
	return nil
}

// windows cuts what is missing into windows that the source accepts, newest first.
func (k *kind) windows(ctx context.Context) ([]records.Span, error) {
	now := k.now()
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
				if err := k.Book.Lost(ctx, k.Scope, k.reach.Kind, records.Missing{Span: gap.Span, Why: records.TooOld}); err != nil {
					return nil, inBook(err)
				}
			}
			want.From = oldest
		}
	}
	var windows []records.Span
	for _, gap := range known.Gaps(want) {
		if gap.Why == records.TooOld {
			continue
		}
		windows = append(windows, k.cut(gap.Span)...)
	}
	for i, n := 0, len(windows); i < n/2; i++ {
		windows[i], windows[n-1-i] = windows[n-1-i], windows[i]
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

// cut makes windows of a span, none longer than the source allows. A window without a
// limit is a month at most: what is cut off goes on from there.
func (k *kind) cut(s records.Span) []records.Span {
	longest := k.reach.Longest
	if longest <= 0 || longest > 31*24*time.Hour {
		longest = 31 * 24 * time.Hour
	}
	from, end := k.floor(s.From, false), k.floor(s.To, true)
	var windows []records.Span
	for from.Before(end) {
		to := from.Add(longest)
		if k.reach.WholeDays {
			to = from.AddDate(0, 0, max(int(longest/(24*time.Hour)), 1))
		}
		if to.After(end) {
			to = end
		}
		windows = append(windows, records.Span{From: from, To: to})
		from = to
	}
	return windows
}

// window asks for one window and notes what is settled of it. A window that is too
// much for the source is asked for in halves.
func (k *kind) window(ctx context.Context, w records.Span) error {
	began := k.now()
	err := k.everybody(ctx, w)
	switch {
	case err == nil:
		tip := w.To
		if tip.After(began) {
			tip = began
		}
		if settled := began.Add(-k.settles()); w.To.After(settled) {
			w.To = settled
		}
		if k.reach.WholeDays { // the next round asks for whole days again
			w.To = k.floor(w.To, false)
		}
		return inBook(k.Book.Covered(ctx, k.Scope, k.reach.Kind, w, tip))
	case ctx.Err() != nil:
		return ctx.Err()
	}
	if _, ok := errors.AsType[bookError](err); ok {
		return err
	}
	why, code := tooMuch(err)
	if why == "" {
		return err
	}
	a, b, ok := k.halves(w)
	if !ok {
		return inBook(k.Book.Lost(ctx, k.Scope, k.reach.Kind, records.Missing{Span: w, Why: why, Code: code}))
	}
	if err := k.window(ctx, b); err != nil {
		return err
	}
	return k.window(ctx, a)
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

// everybody asks for a window, person by person where it must be.
func (k *kind) everybody(ctx context.Context, w records.Span) error {
	if !k.reach.PerPerson {
		return k.pages(ctx, w, "")
	}
	done, err := k.Book.Done(ctx, k.Scope, k.reach.Kind, w)
	if err != nil {
		return inBook(err)
	}
	for _, p := range k.people {
		if done[p] {
			continue
		}
		// Somebody who left since the list was read has no log any more; the others have.
		if err := k.pages(ctx, w, p); err != nil && !gone(err) {
			return err
		}
		if err := k.Book.SetDone(ctx, k.Scope, k.reach.Kind, w, p); err != nil {
			return inBook(err)
		}
	}
	return inBook(k.Book.SetDone(ctx, k.Scope, k.reach.Kind, w, ""))
}

// gone says that the source knows nobody of that name, and that nothing else is wrong.
func gone(err error) bool {
	_, here := errors.AsType[bookError](err)
	return !here && core.CodeOf(err) == core.NotFound
}

// mostPages bounds a source whose pages have no end.
const mostPages = 100_000

// pages asks for all pages of a window. What was told before an error stays: it is
// told again without being doubled.
func (k *kind) pages(ctx context.Context, w records.Span, person string) error {
	a, err := k.Book.Begin(ctx, k.Scope)
	if err != nil {
		return inBook(err)
	}
	ask := logs.Ask{Kind: k.reach.Kind, From: w.From, To: w.To, Person: person}
	rows, seen := 0, map[string]bool{}
	for range mostPages {
		page, err := k.fetch(ctx, ask)
		if err != nil {
			return errors.Join(err, inBook(k.flush(ctx, a)))
		}
		rows += len(page.Records)
		if err := a.Add(ctx, page.Records); err != nil {
			return inBook(err)
		}
		if page.Cut || k.reach.MostRows > 0 && rows >= k.reach.MostRows {
			return errors.Join(errCut, inBook(k.flush(ctx, a)))
		}
		if page.Next == "" {
			return inBook(k.flush(ctx, a))
		}
		if seen[page.Next] {
			return errors.Join(core.E(core.Malformed, "fetch records", nil, "problem", "pages"), inBook(k.flush(ctx, a)))
		}
		seen[page.Next] = true
		ask.Next = page.Next
	}
	return core.E(core.Malformed, "fetch records", nil, "problem", "pages")
}

func (k *kind) flush(ctx context.Context, a *records.Adding) error {
	err := a.Flush(context.WithoutCancel(ctx))
	t := a.Tally()
	k.tally.New += t.New
	k.tally.Updated += t.Updated
	k.tally.Same += t.Same
	k.tally.Unusable += t.Unusable
	return err
}

// tries is how often a page is asked for.
const tries = 4

// fetch asks for a page, again after trouble that passes.
func (k *kind) fetch(ctx context.Context, ask logs.Ask) (logs.Page, error) {
	pause := 2 * time.Second
	for try := 1; ; try++ {
		page, err := k.Source.Fetch(ctx, ask)
		code := core.CodeOf(err)
		passes := code == core.RateLimited || code == core.Unreachable || code == core.Timeout || code == core.Malformed && try == 1
		if err == nil || !passes || try == tries || ctx.Err() != nil {
			return page, err
		}
		rest := pause
		if told, convErr := strconv.Atoi(core.ArgsOf(err)["retryAfter"]); convErr == nil && told > 0 {
			rest = min(time.Duration(told)*time.Second, 15*time.Minute)
		}
		if err := k.wait(ctx, rest); err != nil {
			return page, err
		}
		pause *= 4
	}
}
