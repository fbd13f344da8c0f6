package lookup

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
)

// Share is how many of the counted mails ended in one way.
type Share struct {
	Outcome logs.Outcome // "" the log does not say
	Count   int
}

var (
	// howMany asks for a number.
	howMany  = regexp.MustCompile(`(?:总共|一共|共)?(?:有|收|发)?(?:多少|几)(?:封|次|条|个|人|回)?|(?i)\bhow (?:many|much|often)\b(?: times\b)?|\bnumber of\b`)
	together = regexp.MustCompile(`[总一]共`)
	// mostOf asks who has most mail, ofSent and ofGot which.
	mostOf = regexp.MustCompile(`最多(?:的)?|(?:发|收)(?:信|件|邮件)?得多|排名|排行|(?i)\b(?:the )?most\b|\btop (?:[0-9]+ )?(?:senders?|recipients?|receivers?)\b|\bbusiest\b`)
	ofGot  = regexp.MustCompile(`收|(?i)\b(?:get|gets|got|receiv\w*|recipients?)\b`)
	// mostFiller are words around such a question.
	mostFiller = regexp.MustCompile(`发信|收信|发件|收件|发|收|邮箱|哪个|成员|同事|员工|人|(?i)\b(?:senders?|recipients?|receivers?|mailbox(?:es)?|people|person|employees?|colleagues?)\b`)
)

// number takes the words that ask for a number, and for who has most.
func (q *Question) number(rest string) string {
	if howMany.MatchString(rest) {
		q.Count = true
		rest = howMany.ReplaceAllString(rest, " ")
	}
	if q.About != AboutMail || len(q.Who)+len(q.IDs)+len(q.IPs) > 0 || !mostOf.MatchString(rest) {
		return rest
	}
	q.Rank = logs.Sent
	if ofGot.MatchString(rest) {
		q.Rank = logs.Received
	}
	return mostFiller.ReplaceAllString(mostOf.ReplaceAllString(rest, " "), " ")
}

// counted says whether the answer is a number of mails rather than what became of one.
func (q Question) counted() bool {
	return q.Count || (q.HasTime || q.sized()) && q.Words == "" && len(q.IDs)+len(q.Outcomes) == 0
}

// mostCounted bounds how many records are counted.
const mostCounted = 50_000

// tally counts mails and how they ended. The newest of them stays the evidence.
func (a *asking) tally() error {
	q := a.out.Question
	shares, seen, looked := map[logs.Outcome]int{}, map[string]bool{}, 0
	var bytes int64
	more, err := a.book.Search(a.ctx, q.Query(true), 0, func(h records.Hit) bool {
		r := &h.Record
		id := identity(r)
		if len(q.kinds) == 1 {
			id += "\x00" + r.Person // what came for two people came twice
		}
		if !seen[id] {
			seen[id] = true
			shares[r.Outcome]++
			bytes += r.Size
		}
		looked++
		return looked < mostCounted
	})
	f := &a.out.Facts
	f.Count, f.More, f.Bytes = len(seen), more, bytes
	for _, o := range slices.SortedFunc(maps.Keys(shares), func(x, y logs.Outcome) int {
		return cmp.Or(cmp.Compare(shares[y], shares[x]), cmp.Compare(x, y))
	}) {
		f.Shares = append(f.Shares, Share{o, shares[o]})
	}
	a.out.Verdict = Counted
	if len(q.kinds) == 1 {
		a.out.Verdict = map[logs.Kind]Verdict{logs.Sent: CountedSent, logs.Received: CountedIn}[q.kinds[0]]
	}
	return err
}

// recount counts what is more than the evidence shows: sign-ins, deletions, acts.
func (a *asking) recount() error {
	n, bad := 0, 0
	more, err := a.book.Search(a.ctx, a.out.Question.Query(true), 0, func(h records.Hit) bool {
		if n++; h.Record.Outcome != "" && h.Record.Outcome != logs.OK {
			bad++
		}
		return n < mostCounted
	})
	a.out.Facts.Count, a.out.Facts.More = n, more
	if a.out.Question.About == AboutSignIn {
		a.out.Facts.Bad = bad
	}
	return err
}

// usualDays are those of a ranking that names none.
const usualDays = 30

// rank tells who has most mail.
func (a *asking) rank() error {
	q := a.out.Question
	span := q.Span
	if !q.HasTime {
		midnight := time.Date(a.now.Year(), a.now.Month(), a.now.Day(), 0, 0, 0, 0, a.now.Location())
		span = Span{From: midnight.AddDate(0, 0, 1-usualDays), To: midnight.AddDate(0, 0, 1)}
	}
	if span.From.IsZero() {
		span.From = a.now.AddDate(-10, 0, 0)
	}
	if span.To.IsZero() || span.To.After(a.now) {
		span.To = a.now
	}
	s, err := a.book.Statistics(a.ctx, span.From.Format(time.DateOnly), span.To.Add(-time.Second).Format(time.DateOnly))
	if err != nil {
		return err
	}
	a.out.Verdict, a.out.Top = MostSent, s.TopSenders(mostRanked)
	count := func(p records.PersonFigures) int64 { return p.Sent }
	if q.Rank == logs.Received {
		a.out.Verdict, a.out.Top = MostReceived, s.TopReceivers(mostRanked)
		count = func(p records.PersonFigures) int64 { return p.Received }
	}
	a.out.Facts.Span = span
	if len(a.out.Top) == 0 {
		a.out.Verdict = ""
		return a.completeness([]logs.Kind{q.Rank}, q)
	}
	a.out.Facts.Person, a.out.Facts.Count = a.out.Top[0].Person, int(count(a.out.Top[0]))
	return nil
}

// mostRanked is how many people a ranking has.
const mostRanked = 15
