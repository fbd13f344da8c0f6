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
	"slices"
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
	// Tell is called after every page; nil: nobody listens.
	Tell func(Progress)
}

// Result is what a round came to, kind by kind.
type Result struct {
	Kind  logs.Kind
	Tally records.Tally
	Err   error // what ended this kind, or kept the key from some people; nil: it is up to date
}

// Run makes one round: the newest days of all kinds first, because that is what people
// ask about. The error is that of the context or of the book; what a source answers is in
// the results.
func (j *Job) Run(ctx context.Context) ([]Result, error) {
	r := &round{Job: j, began: j.now()}
	for _, reach := range j.Source.Reaches() {
		if len(j.Kinds) > 0 && !slices.Contains(j.Kinds, reach.Kind) {
			continue
		}
		k := &kind{round: r, reach: reach}
		r.kinds = append(r.kinds, k)
		if k.err = k.plan(ctx); ended(ctx, k.err) != nil {
			return r.results(), ended(ctx, k.err)
		}
	}
	for _, s := range r.steps() {
		if s.kind.err == nil {
			s.kind.err = s.kind.window(ctx, s.window)
		}
		if err := ended(ctx, s.kind.err); err != nil {
			return r.results(), err
		}
		r.stepped(s)
	}
	return r.results(), nil
}

// ended is what ends the whole round: the context, or trouble on this computer.
func ended(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if b, ok := errors.AsType[bookError](err); ok {
		return b.error
	}
	return nil
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

// everybody asks for a window, person by person where it must be.
func (k *kind) everybody(ctx context.Context, w records.Span) error {
	if !k.reach.PerPerson {
		return k.pages(ctx, w, "")
	}
	done, err := k.Book.Done(ctx, k.Scope, k.reach.Kind, w)
	if err != nil {
		return inBook(err)
	}
	var outside error
	answers := len(done)
	for _, p := range k.people {
		if done[p] {
			continue
		}
		err := k.pages(ctx, w, p)
		if beyond(err) {
			outside = err // the others are asked all the same
			continue
		}
		// Somebody who left since the list was read has no log any more; the others have.
		if err != nil && !gone(err) {
			return err
		}
		answers++
		if err := k.Book.SetDone(ctx, k.Scope, k.reach.Kind, w, p); err != nil {
			return inBook(err)
		}
	}
	switch {
	case outside == nil, w.To.After(k.now().Add(-k.settles())): // what is not settled is asked again of everybody
		if err := k.Book.SetDone(ctx, k.Scope, k.reach.Kind, w, ""); err != nil {
			return inBook(err)
		}
	}
	if outside != nil && answers > 0 {
		return someError{outside}
	}
	return outside
}

// someError says that a window was answered for some people, and that the key may not ask
// about the others.
type someError struct{ error }

func (s someError) Unwrap() error { return s.error }

// beyond says that a person lies outside of what the key may see; others may lie inside.
func beyond(err error) bool {
	_, here := errors.AsType[bookError](err)
	return !here && core.CodeOf(err) == core.Forbidden && core.ArgsOf(err)["reason"] == "scope"
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
	k.tell(k, w, person)
	for range mostPages {
		page, err := k.fetch(ctx, ask)
		if err != nil {
			return errors.Join(err, inBook(k.flush(ctx, a)))
		}
		rows += len(page.Records)
		k.rows += len(page.Records)
		k.witness(page.Records)
		if err := a.Add(ctx, page.Records); err != nil {
			return inBook(err)
		}
		if page.Cut || k.reach.MostRows > 0 && rows >= k.reach.MostRows {
			return errors.Join(errCut, inBook(k.flush(ctx, a)))
		}
		if page.Next == "" {
			k.asked++
			return inBook(k.flush(ctx, a))
		}
		if seen[page.Next] {
			return errors.Join(core.E(core.Malformed, "fetch records", nil, "problem", "pages"), inBook(k.flush(ctx, a)))
		}
		seen[page.Next] = true
		ask.Next = page.Next
		k.tell(k, w, person)
	}
	return core.E(core.Malformed, "fetch records", nil, "problem", "pages")
}

func (k *kind) flush(ctx context.Context, a *records.Adding) error {
	err := a.Flush(context.WithoutCancel(ctx))
	k.tally.Add(a.Tally())
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
