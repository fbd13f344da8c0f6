package dmarcreport

import (
	"net/netip"
	"slices"
	"time"
)

// Source is one address that sends in the domain's name.
type Source struct {
	IP        netip.Addr
	Count     int64
	Passed    int64 // DMARC passed
	SPF, DKIM int64
	Forwarded int64 // failed, and the receiver knows why: a list or a forwarder
	Stopped   int64 // went to junk or was refused
	Receivers []string
	Signed    []string // domains whose signatures held
}

// Summary is what several reports say together.
type Summary struct {
	Domain    string
	From, To  time.Time
	Reports   int
	Count     int64
	Passed    int64
	Forwarded int64
	Sources   []Source // most mail first
}

// Sum adds reports about one domain; the same report twice counts once.
func Sum(domain string, all []Report) Summary {
	s := Summary{Domain: domain}
	seen := map[string]bool{}
	by := map[netip.Addr]*Source{}
	for _, r := range all {
		if r.Domain != domain || seen[r.Org+"\x00"+r.ID] {
			continue
		}
		seen[r.Org+"\x00"+r.ID] = true
		s.Reports++
		if s.From.IsZero() || r.Begin.Before(s.From) {
			s.From = r.Begin
		}
		if r.End.After(s.To) {
			s.To = r.End
		}
		for _, row := range r.Rows {
			src := by[row.IP]
			if src == nil {
				src = &Source{IP: row.IP}
				by[row.IP] = src
			}
			src.add(row, r.Org)
			s.Count += row.Count
			if row.Passes() {
				s.Passed += row.Count
			} else if forwarded(row) {
				s.Forwarded += row.Count
			}
		}
	}
	for _, src := range by {
		s.Sources = append(s.Sources, *src)
	}
	slices.SortFunc(s.Sources, func(a, b Source) int {
		switch {
		case a.Count > b.Count:
			return -1
		case a.Count < b.Count:
			return 1
		}
		return a.IP.Compare(b.IP)
	})
	return s
}

func forwarded(r Row) bool {
	return slices.ContainsFunc(r.Overridden, func(why string) bool {
		return why == "forwarded" || why == "mailing_list" || why == "trusted_forwarder"
	})
}

func (s *Source) add(r Row, org string) {
	s.Count += r.Count
	if r.Passes() {
		s.Passed += r.Count
	} else if forwarded(r) {
		s.Forwarded += r.Count
	}
	if r.SPF {
		s.SPF += r.Count
	}
	if r.DKIM {
		s.DKIM += r.Count
	}
	if r.Disposition == "quarantine" || r.Disposition == "reject" {
		s.Stopped += r.Count
	}
	if !slices.Contains(s.Receivers, org) && len(s.Receivers) < 20 {
		s.Receivers = append(s.Receivers, org)
	}
	for _, d := range r.Signed {
		if !slices.Contains(s.Signed, d) && len(s.Signed) < 20 {
			s.Signed = append(s.Signed, d)
		}
	}
}

// Advice says whether a policy can be raised.
type Advice string

// The advices.
const (
	Wait    Advice = "wait"    // fewer than [wantDays] days or [wantMail] mails: too little to tell
	Mend    Advice = "mend"    // own mail fails: mend the senders first
	Raise   Advice = "raise"   // own mail passes: the policy can go up a step
	Reached Advice = "reached" // the policy is at the top
)

// What is wanted before a policy is raised.
const (
	wantDays  = 14
	wantMail  = 100
	wantShare = 0.98 // of the mail that is the office's own (ecosystem of senders: 98 %)
)

// Own tells which sources are the office's: the caller knows its SPF and servers. A nil
// function takes every source of which anything passed as its own.
type Own func(Source) bool

// Advise judges a summary. failing are the own sources that do not pass, most mail
// first; share is how much of the own mail passes, from 0 to 1.
func Advise(s Summary, policy string, own Own) (advice Advice, share float64, failing []Source) {
	if own == nil {
		own = func(src Source) bool { return src.Passed > 0 }
	}
	var mine, passed int64
	for _, src := range s.Sources {
		if !own(src) {
			continue
		}
		counted := src.Count - src.Forwarded
		mine += counted
		passed += src.Passed
		if counted > 0 && float64(src.Passed) < wantShare*float64(counted) {
			failing = append(failing, src)
		}
	}
	if mine > 0 {
		share = float64(passed) / float64(mine)
	}
	switch {
	case s.To.Sub(s.From) < wantDays*24*time.Hour || mine < wantMail:
		return Wait, share, failing
	case share < wantShare:
		return Mend, share, failing
	case policy == "reject":
		return Reached, share, failing
	}
	return Raise, share, failing
}
