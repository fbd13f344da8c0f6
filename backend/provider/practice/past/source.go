package past

import (
	"context"
	"slices"
	"strconv"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
)

// Source hands the past out as a provider would: from two years ago until now.
type Source struct {
	past *Past
	now  func() time.Time
}

// Source makes a source. now nil: the clock.
func (p *Past) Source(now func() time.Time) *Source {
	if now == nil {
		now = time.Now
	}
	return &Source{past: p, now: now}
}

// kept is how far back the practice office remembers.
const kept = Years * 365 * 24 * time.Hour

// pageRows is how many records a page has.
const pageRows = 5000

// Reaches tells that everything is there for two years.
func (s *Source) Reaches() []logs.Reach {
	var all []logs.Reach
	for _, k := range logs.Kinds() {
		all = append(all, logs.Reach{Kind: k, Longest: 31 * 24 * time.Hour, Kept: kept, Zone: Zone, Settles: time.Minute})
	}
	return all
}

// Fetch returns a page; its token is the day to go on with, and how many records of it
// were told.
func (s *Source) Fetch(ctx context.Context, ask logs.Ask) (logs.Page, error) {
	if !slices.Contains(logs.Kinds(), ask.Kind) {
		return logs.Page{}, core.E(core.Unsupported, "fetch records", nil, "kind", string(ask.Kind))
	}
	now := s.now()
	if ask.To.Sub(ask.From) > 32*24*time.Hour || now.Sub(ask.From) > kept+48*time.Hour {
		return logs.Page{}, core.E(core.Invalid, "fetch records", nil, "problem", "range")
	}
	day := midnight(ask.From)
	if ask.Next != "" {
		n, err := strconv.ParseInt(ask.Next, 10, 64)
		if err != nil {
			return logs.Page{}, core.E(core.Invalid, "fetch records", err, "problem", "page")
		}
		day = time.Unix(n, 0).In(Zone)
	}
	var page logs.Page
	for ; day.Before(ask.To) && !day.After(now); day = day.AddDate(0, 0, 1) {
		if err := ctx.Err(); err != nil {
			return logs.Page{}, err
		}
		if len(page.Records) >= pageRows {
			page.Next = strconv.FormatInt(day.Unix(), 10)
			break
		}
		s.past.Day(day, ask.Kind, func(r *logs.Record) {
			if !r.At.Before(ask.From) && r.At.Before(ask.To) && !r.At.After(now) && (ask.Person == "" || ask.Person == r.Person) {
				page.Records = append(page.Records, *r)
			}
		})
	}
	return page, nil
}

func midnight(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone)
}
