package judge

import (
	"slices"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/query"
	"mailroom/backend/records/zone"
)

const (
	// weeksBack is how many weeks before a day are looked through for days like it.
	weeksBack = 12
	// leastUsual is how many mails from outside must be usual on a day of the week before
	// fewer mean anything: where two come, none is no wonder.
	leastUsual = 10
	// settled is how long after its end a day must have been read: a provider's log is
	// written some time after the mail.
	settled = 3 * time.Hour
	// hole is a gap that matters.
	hole = time.Minute
)

// Like is a day that another one is compared with.
type Like struct {
	Day   string // "2026-11-12", in the office's zone
	Count int    // mails from outside
}

// countedSetting keeps what was counted of days: a day whose records are as many as then is
// not read again.
const countedSetting = "outside"

// counted is how many mails a day had in all when those from outside were counted.
type counted struct {
	All     int64 `json:"all"`
	Outside int   `json:"outside"`
}

// kept is what a book remembers of days, for the office's domains.
type kept struct {
	Domains []string           `json:"domains"`
	Days    map[string]counted `json:"days"`
}

// volumes finds days on which far less or far more mail came from outside than on the same
// day of the week before. Only days whose records are complete are judged and compared with:
// mail that was not read is not mail that did not come.
func (j *judging) volumes() error {
	from := j.midnight(j.span.From, 0)
	if from.Before(j.span.From) {
		from = j.midnight(from, 1)
	}
	first := j.midnight(from, -7*weeksBack)
	gaps, err := j.book.Gaps(j.ctx, logs.Received, records.Span{From: first, To: j.span.To})
	if err != nil {
		return err
	}
	last := j.midnight(j.span.To, 0)
	if !first.Before(last) || len(gaps) == 1 && gaps[0].From.Equal(first) && gaps[0].To.Equal(j.span.To) {
		return nil // no day is complete
	}
	var whole []time.Time
	for day := first; day.Before(last); day = j.midnight(day, 1) {
		if end := j.midnight(day, 1).Add(settled); !end.After(j.span.To) && !slices.ContainsFunc(gaps, func(g records.Missing) bool {
			return earlier(g.To, end).Sub(later(g.From, day)) >= hole
		}) {
			whole = append(whole, day)
		}
	}
	mails, err := j.outside(whole)
	if err != nil {
		return err
	}
	for _, day := range whole {
		if !day.Before(from) {
			j.volume(day, mails)
		}
	}
	return nil
}

// volume compares one day with those like it.
func (j *judging) volume(day time.Time, mails map[string]int) {
	var like []Like
	for week := range weeksBack {
		name := j.name(j.midnight(day, -7*(week+1)))
		if n, ok := mails[name]; ok {
			like = append(like, Like{name, n})
		}
	}
	for len(like) > 0 && like[len(like)-1].Count == 0 { // before the office's first mail nothing is usual
		like = like[:len(like)-1]
	}
	if len(like) < j.t.LeastDays {
		return
	}
	var counts []int
	for _, l := range like {
		counts = append(counts, l.Count)
	}
	slices.Sort(counts)
	usual := counts[(len(counts)-1)/2] // of two in the middle the smaller one
	n := mails[j.name(day)]
	f := Finding{At: day, Until: j.midnight(day, 1), Day: j.name(day), Count: n, Usual: usual, Like: like}
	switch {
	case usual >= leastUsual && n*100 < usual*j.t.FewPercent:
		f.Rule = FewMails
	case n*100 > max(usual, leastUsual)*j.t.ManyPercent:
		f.Rule = ManyMails
	default:
		return
	}
	j.add(f)
}

// outside counts the mails that reached a mailbox from outside of the office, day by day.
// What people of one house write to each other arrives even where nothing else does.
func (j *judging) outside(days []time.Time) (map[string]int, error) {
	mails := map[string]int{}
	if len(days) == 0 {
		return mails, nil
	}
	all, err := j.book.DayCounts(j.ctx, logs.Received, j.name(days[0]), j.name(days[len(days)-1]))
	if err != nil {
		return nil, err
	}
	known := kept{}
	domains := slices.Sorted(slices.Values(j.domains))
	if err := j.book.Setting(j.ctx, countedSetting, &known); err != nil {
		return nil, err
	}
	if known.Days == nil || !slices.Equal(known.Domains, domains) {
		known = kept{Domains: domains, Days: map[string]counted{}}
	}
	changed := false
	for _, day := range days {
		name := j.name(day)
		one, ok := known.Days[name]
		if !ok || one.All != all[name] {
			one = counted{All: all[name]}
			if one.All > 0 {
				if one.Outside, err = j.count(records.Span{From: day, To: j.midnight(day, 1)}); err != nil {
					return nil, err
				}
			}
			known.Days[name], changed = one, true
		}
		mails[name] = one.Outside
	}
	if changed {
		return mails, j.book.SetSetting(j.ctx, countedSetting, known)
	}
	return mails, nil
}

func (j *judging) count(day records.Span) (n int, err error) {
	q := query.Query{Root: query.Node{Op: query.And, Kids: []query.Node{
		{Op: query.Is, Field: query.Kind, Value: string(logs.Received)}, {Op: query.Is, Field: query.On, From: day.From, To: day.To},
	}}}
	_, err = j.book.Search(j.ctx, q, 0, func(h records.Hit) bool {
		r := &h.Record
		turned := r.Outcome == logs.Blocked || r.Outcome == logs.Quarantined || r.Outcome == logs.Refused
		if !turned && !j.ours(r.From) {
			n += max(r.Times, 1)
		}
		return true
	})
	return n, err
}

// midnight is the beginning of the day of a moment, or of another one some days from it.
func (j *judging) midnight(at time.Time, days int) time.Time {
	z := j.book.Zone()
	y, m, d := at.In(z).Date()
	return zone.Midnight(y, m, d+days, z)
}

func (j *judging) name(day time.Time) string { return day.In(j.book.Zone()).Format(time.DateOnly) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
