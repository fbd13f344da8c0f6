package records

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records/month"
	"mailroom/backend/records/query"
)

// Figures are sums of what happened; -1 where no source of the office tells it.
type Figures struct {
	Sent          int64 // mails, whatever became of them
	Received      int64 // mails that reached a mailbox, junk too
	SentBytes     int64 // their size; -1: no source tells it
	ReceivedBytes int64 // -1: no source tells it
	Turned        int64 // mails that were refused or held back on the way in
	Bounced       int64 // mails that came back or could not be sent
	SignIns       int64 // that succeeded
	Refused       int64 // sign-ins that did not
	Acts          int64 // of people and administrators
	Used          int64 // bytes of the mailbox at the end; -1: not told
	Quota         int64 // bytes it may have, 0 no limit; -1: not told
}

// DayFigures are the figures of one day.
type DayFigures struct {
	Day string // "2026-11-12", in the office's zone
	Figures
}

// PersonFigures are the figures of one person.
type PersonFigures struct {
	Person string
	Figures
}

// Statistics are the figures of a span of days.
type Statistics struct {
	From, To string // days, both included
	Total    Figures
	Days     []DayFigures    // those on which anything happened, in order
	People   []PersonFigures // those who have most mail first
	Outcomes map[logs.Kind]map[logs.Outcome]int64
}

// TopSenders are the people who sent most, at most n.
func (s *Statistics) TopSenders(n int) []PersonFigures {
	all := slices.DeleteFunc(slices.Clone(s.People), func(p PersonFigures) bool { return p.Sent <= 0 })
	slices.SortStableFunc(all, func(a, b PersonFigures) int {
		return cmp.Or(cmp.Compare(b.Sent, a.Sent), cmp.Compare(a.Person, b.Person))
	})
	return all[:min(n, len(all))]
}

// TopReceivers are the people who got most, at most n.
func (s *Statistics) TopReceivers(n int) []PersonFigures {
	all := slices.DeleteFunc(slices.Clone(s.People), func(p PersonFigures) bool { return p.Received <= 0 })
	slices.SortStableFunc(all, func(a, b PersonFigures) int {
		return cmp.Or(cmp.Compare(b.Received, a.Received), cmp.Compare(a.Person, b.Person))
	})
	return all[:min(n, len(all))]
}

func (f *Figures) add(s month.Sum) {
	switch s.Kind {
	case logs.Sent:
		f.Sent, f.SentBytes = f.Sent+s.N, f.SentBytes+s.Bytes
		if s.Outcome == logs.Bounced || s.Outcome == logs.Failed || s.Outcome == logs.Blocked {
			f.Bounced += s.N
		}
	case logs.Received:
		if s.Outcome == logs.Blocked || s.Outcome == logs.Quarantined || s.Outcome == logs.Refused {
			f.Turned += s.N
			return
		}
		f.Received, f.ReceivedBytes = f.Received+s.N, f.ReceivedBytes+s.Bytes
	case logs.SignIn:
		if s.Outcome == logs.OK || s.Outcome == "" { // not every source says how a sign-in went
			f.SignIns += s.N
		} else {
			f.Refused += s.N
		}
	case logs.Admin, logs.User:
		f.Acts += s.N
	}
}

// sized tells mails of no size from mails whose size nobody told.
func (f *Figures) sized() {
	if f.Sent > 0 && f.SentBytes == 0 {
		f.SentBytes = -1
	}
	if f.Received > 0 && f.ReceivedBytes == 0 {
		f.ReceivedBytes = -1
	}
}

// Statistics sums days, both included, in the form "2026-11-12" of the office's zone.
func (b *Book) Statistics(ctx context.Context, from, to string) (*Statistics, error) {
	s := &Statistics{From: from, To: to, Outcomes: map[logs.Kind]map[logs.Outcome]int64{}, Total: Figures{Used: -1, Quota: -1}}
	days, people := map[string]*DayFigures{}, map[string]*PersonFigures{}
	names, err := b.Months()
	if err != nil {
		return nil, err
	}
	slices.Reverse(names)
	for _, name := range names {
		// A day of the office may lie in the months beside its own.
		if name < near(from, -1) || name > near(to, 1) {
			continue
		}
		if err := b.sumMonth(ctx, name, from, to, func(one month.Sum) {
			s.Total.add(one)
			if days[one.Day] == nil {
				days[one.Day] = &DayFigures{Day: one.Day, Figures: Figures{Used: -1, Quota: -1}}
			}
			days[one.Day].add(one)
			if one.Person != "" && one.Kind != logs.Admin {
				if people[one.Person] == nil {
					people[one.Person] = &PersonFigures{Person: one.Person, Figures: Figures{Used: -1, Quota: -1}}
				}
				people[one.Person].add(one)
			}
			if s.Outcomes[one.Kind] == nil {
				s.Outcomes[one.Kind] = map[logs.Outcome]int64{}
			}
			s.Outcomes[one.Kind][one.Outcome] += one.N
		}); err != nil {
			return nil, err
		}
	}
	untold, err := b.untold(ctx, s)
	if err != nil {
		return nil, err
	}
	s.Total.sized()
	untold(&s.Total)
	for _, d := range days {
		d.sized()
		untold(&d.Figures)
		s.Days = append(s.Days, *d)
	}
	slices.SortFunc(s.Days, func(a, b DayFigures) int { return cmp.Compare(a.Day, b.Day) })
	if err := b.room(ctx, s, people); err != nil {
		return nil, err
	}
	for _, p := range people {
		p.sized()
		untold(&p.Figures)
		s.People = append(s.People, *p)
	}
	slices.SortFunc(s.People, func(a, b PersonFigures) int {
		return cmp.Or(cmp.Compare(b.Sent+b.Received, a.Sent+a.Received), cmp.Compare(a.Person, b.Person))
	})
	return s, nil
}

// untold tells nothing from what nobody tells: an office whose provider hands out no log
// of what was sent has not sent zero mails. Files of logs tell whatever they hold.
func (b *Book) untold(ctx context.Context, s *Statistics) (func(*Figures), error) {
	covers, err := b.Covers(ctx)
	if err != nil {
		return nil, err
	}
	lacks := func(k logs.Kind) bool {
		return len(covers) > 0 && len(s.Outcomes[k]) == 0 && !slices.ContainsFunc(covers, func(c Cover) bool { return c.Kind == k })
	}
	noSent, noReceived, noSignIns := lacks(logs.Sent), lacks(logs.Received), lacks(logs.SignIn)
	// Not every source says how a sign-in went.
	signIns := s.Outcomes[logs.SignIn]
	noRefused := noSignIns || len(signIns) == 1 && signIns[""] > 0
	return func(f *Figures) {
		if noSent {
			f.Sent, f.SentBytes, f.Bounced = -1, -1, -1
		}
		if noReceived {
			f.Received, f.ReceivedBytes, f.Turned = -1, -1, -1
		}
		if noSignIns {
			f.SignIns = -1
		}
		if noRefused {
			f.Refused = -1
		}
	}, nil
}

// near is the month some days from a day.
func near(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, days).Format("2006-01")
}

func (b *Book) sumMonth(ctx context.Context, name, from, to string, visit func(month.Sum)) error {
	m, done, err := b.use(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	return m.Sums(ctx, from, to, visit)
}

// room takes from the last traffic records how full mailboxes are, day by day for the
// whole office.
func (b *Book) room(ctx context.Context, s *Statistics, people map[string]*PersonFigures) error {
	first, err1 := time.ParseInLocation(time.DateOnly, s.From, b.Zone())
	last, err2 := time.ParseInLocation(time.DateOnly, s.To, b.Zone())
	if err1 != nil || err2 != nil {
		return nil
	}
	q := query.Query{Root: query.Node{Op: query.And, Kids: []query.Node{
		{Op: query.Is, Field: query.Kind, Value: string(logs.Traffic)},
		{Op: query.Is, Field: query.On, From: first, To: last.AddDate(0, 0, 1)},
	}}}
	days := map[string]*DayFigures{}
	for i := range s.Days {
		days[s.Days[i].Day] = &s.Days[i]
	}
	_, err := b.Search(ctx, q, 0, func(h Hit) bool {
		r := &h.Record
		if r.Day == nil || r.Day.Used < 0 {
			return true
		}
		if r.Person != "" {
			if p := people[r.Person]; p != nil && p.Used < 0 {
				p.Used, p.Quota = r.Day.Used, r.Day.Quota
			}
			return true
		}
		if s.Total.Used < 0 {
			s.Total.Used, s.Total.Quota = r.Day.Used, r.Day.Quota
		}
		if d := days[r.At.In(b.Zone()).Format(time.DateOnly)]; d != nil && d.Used < 0 {
			d.Used, d.Quota = r.Day.Used, r.Day.Quota
		}
		return true
	})
	return err
}
