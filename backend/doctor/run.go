package doctor

import (
	"context"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Bounds of an examination.
const (
	DefaultLimit = 20 * time.Second // one check
	WholeLimit   = 45 * time.Second // all of them
)

// Run carries out checks side by side and tells each check's findings as soon as it
// has them; tell is never called twice at a time. It returns all findings, worst
// first, within [WholeLimit], longer with more [Exam.Patience]. A check that panics,
// misses its limit or is cancelled ends as skipped; work that does not heed its context
// is left behind.
func Run(ctx context.Context, x *Exam, all []Check, tell func([]Finding)) []Finding {
	whole, cancel := context.WithTimeout(ctx, x.stretched(WholeLimit))
	defer cancel()
	whole = context.WithValue(whole, wholeKey{}, whole)
	var (
		mu       sync.Mutex
		findings []Finding
		wait     sync.WaitGroup
	)
	for i := range all {
		c := &all[i]
		if c.Wants != nil && !c.Wants(x) {
			continue
		}
		wait.Go(func() {
			found := runOne(whole, x, c)
			mu.Lock()
			defer mu.Unlock()
			findings = append(findings, found...)
			if tell != nil {
				tell(found)
			}
		})
	}
	wait.Wait()
	Sort(findings)
	return findings
}

func runOne(whole context.Context, x *Exam, c *Check) []Finding {
	limit := c.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	ctx, cancel := context.WithTimeout(whole, x.stretched(limit))
	defer cancel()
	begin := time.Now()
	result := make(chan []Finding, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				slog.Error("a check panicked", "check", c.ID, "stack", string(debug.Stack()))
				result <- One(x.Domain, "fault")
			}
		}()
		result <- c.Run(ctx, x)
	}()
	var found []Finding
	select {
	case found = <-result:
	case <-ctx.Done():
		found = One(x.Domain, endedBy(whole, ctx))
	}
	switch {
	case len(found) > 0:
	case ctx.Err() != nil:
		found = One(x.Domain, endedBy(whole, ctx))
	default:
		found = One(x.Domain, "nothing")
	}
	return complete(c, found, time.Since(begin))
}

// endedBy tells whether somebody stopped the examination or time ran out.
func endedBy(whole, ctx context.Context) string {
	if whole.Err() == context.Canceled || ctx.Err() == context.Canceled {
		return "canceled"
	}
	return "timeout"
}

// complete fills in what a check leaves to the runner. A reason that the check does
// not declare is a fault of ours and has no text: it shows as one.
func complete(c *Check, found []Finding, took time.Duration) []Finding {
	for i := range found {
		f := &found[i]
		f.Check, f.Group, f.Took = c.ID, c.Group, took
		verdict, known := c.verdict(f.Reason)
		if !known {
			slog.Error("a check gave a reason that it does not declare", "check", c.ID, "reason", f.Reason)
			f.Reason = "fault"
		}
		f.Verdict = verdict
	}
	return found
}

// Sort puts findings in the order in which people should read them: the worst first,
// then by group, check and subject.
func Sort(all []Finding) {
	slices.SortStableFunc(all, func(a, b Finding) int {
		for _, d := range []int{
			slices.Index(Verdicts, a.Verdict) - slices.Index(Verdicts, b.Verdict),
			slices.Index(Groups, a.Group) - slices.Index(Groups, b.Group),
		} {
			if d != 0 {
				return d
			}
		}
		switch {
		case a.Check != b.Check:
			return compare(a.Check, b.Check)
		}
		return compare(a.Subject, b.Subject)
	})
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Summary counts findings by verdict and gives the whole's: fail if one failed, skipped
// if nothing was found in order and something could not be run (what warns then is the
// reason: a network that is shut), warn if one warns, else pass.
func Summary(all []Finding) (counts map[Verdict]int, whole Verdict) {
	counts = map[Verdict]int{}
	for _, v := range Verdicts {
		counts[v] = 0
	}
	for _, f := range all {
		counts[f.Verdict]++
	}
	switch {
	case counts[Fail] > 0:
		whole = Fail
	case counts[Pass]+counts[Info] == 0 && (counts[Skipped] > 0 || counts[Warn] == 0):
		whole = Skipped
	case counts[Warn] > 0:
		whole = Warn
	default:
		whole = Pass
	}
	return counts, whole
}
