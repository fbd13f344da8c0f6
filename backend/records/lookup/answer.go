package lookup

import (
	"context"
	"slices"
	"strings"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/query"
)

// Verdict is the answer in one word. The set is closed: the page has a sentence for
// each in both languages, made of the [Facts].
type Verdict string

// The verdicts.
const (
	Arrived       Verdict = "arrived"         // it is in the inbox
	ArrivedJunk   Verdict = "arrived_junk"    // it was put into the junk folder
	ArrivedFolder Verdict = "arrived_folder"  // a rule put it into a folder
	ArrivedMoved  Verdict = "arrived_moved"   // it arrived, then somebody moved it to Folder
	ArrivedTrash  Verdict = "arrived_trashed" // it arrived, then somebody put it into the trash
	ArrivedGone   Verdict = "arrived_deleted" // it arrived, then somebody deleted it
	Moved         Verdict = "moved"           // somebody moved it; its arrival is not in the log
	Trashed       Verdict = "trashed"         // somebody put it into the trash; its arrival is not in the log
	Gone          Verdict = "deleted"         // somebody deleted it; its arrival is not in the log
	Held          Verdict = "held"            // it is held back by the provider
	Turned        Verdict = "blocked"         // it was refused on the way in
	SentOn        Verdict = "sent"            // the other side has taken it
	CameBack      Verdict = "bounced"
	NotSent       Verdict = "failed"
	UnderWay      Verdict = "pending"
	Unclear       Verdict = "unclear"          // it is in the log; what became of it the log does not say
	SignedIn      Verdict = "signed_in"        // Count sign-ins, Bad of them refused
	SignInUntold  Verdict = "signed_in_untold" // Count sign-ins; the log does not say which succeeded
	OnlyRefused   Verdict = "only_refused"     // Count sign-ins were tried, none succeeded
	Refusals      Verdict = "refusals"         // refused sign-ins were asked for: Count
	Acts          Verdict = "acts"             // Count acts
	OtherTime     Verdict = "other_time"       // nothing then, but there is something at At
	NoTrace       Verdict = "no_trace"         // nothing, and the log is complete for the span
	NoTraceGap    Verdict = "no_trace_gap"     // nothing, but the log has gaps in the span
	NoTraceYet    Verdict = "no_trace_yet"     // nothing up to the end of Span; what came after was not read yet
	NoTraceFiles  Verdict = "no_trace_files"   // nothing in what came from files, whose completeness nobody knows
	NotReadYet    Verdict = "not_read_yet"     // the time lies after the end of Span, until which was read
	NotInFiles    Verdict = "not_in_files"     // what came from files reaches over Span, and the time is not in it
	NoTraceNoLog  Verdict = "no_trace_nolog"   // nothing, and there is no log of it at all
	NoTraceHalf   Verdict = "no_trace_half"    // nothing in the kinds Has, which are complete; the provider has no log of the kinds Lacks
	NoSuchLog     Verdict = "no_such_log"      // the provider has no log of the kinds Lacks, in which it would stand
	NoSizes       Verdict = "no_sizes"         // a size is asked for, and no source tells how large mail is
	AskMore       Verdict = "ask_more"         // the question names nothing to look for
	ThatTime      Verdict = "that_time"        // the question names a time alone: Count mails then
	Counted       Verdict = "counted"          // Count mails came and went, Shares of them ended so; the other facts are of the newest
	CountedIn     Verdict = "counted_in"       // the same of mails that came
	CountedSent   Verdict = "counted_sent"     // the same of mails that were sent
	MostSent      Verdict = "most_sent"        // Person sent most: Count in Span; Top has the others
	MostReceived  Verdict = "most_received"    // the same of mails that came
)

// Facts are what the sentence is made of; what does not matter is zero.
type Facts struct {
	At      time.Time // of the mail's arrival, the last sign-in, the act
	Then    time.Time // of what happened to it afterwards
	Person  string    // whose mailbox
	By      string    // who did it afterwards
	From    string
	To      string
	Subject string
	Folder  string
	IP      string
	Said    string // the provider's own word
	Count   int    // of what was found: sign-ins, acts, or mails of which this is the newest
	More    bool   // Count is at least so many
	Bad     int
	People  int     // how many people the sign-ins are of
	Shares  []Share // how the counted mails ended, the most frequent first
	Bytes   int64   // their size; 0: no source tells it
	Span    Span    // what was looked through
	Missing []records.Missing
	Has     []logs.Kind // that were looked through, for NoTraceHalf
	Lacks   []logs.Kind // that no source of the office tells
	Sources []Source    // who told what was looked through
}

// Answer is what was found.
type Answer struct {
	Question Question
	Verdict  Verdict
	Facts    Facts
	Line     []records.Hit           // the evidence, oldest first
	Others   []records.Hit           // other mails that the question may mean, newest first
	Top      []records.PersonFigures // who has most, for a ranking
}

// Verdicts lists all verdicts.
func Verdicts() []Verdict {
	return []Verdict{
		Arrived, ArrivedJunk, ArrivedFolder, ArrivedMoved, ArrivedTrash, ArrivedGone, Moved, Trashed, Gone, Held, Turned, SentOn, CameBack, NotSent,
		UnderWay, Unclear, SignedIn, SignInUntold, OnlyRefused, Acts, OtherTime, NoTrace, NoTraceGap, NoTraceYet, NoTraceFiles,
		NotReadYet, NotInFiles, NoTraceNoLog, NoTraceHalf, NoSuchLog, NoSizes, AskMore, ThatTime, Refusals, Counted, CountedIn, CountedSent, MostSent, MostReceived,
	}
}

// most is how many records a question looks at.
const most = 200

// Ask answers a question. now is the present moment in the office's zone.
func Ask(ctx context.Context, b *records.Book, text string, people []Person, now time.Time) (Answer, error) {
	q := Understand(text, people, now)
	a := &asking{ctx: ctx, book: b, now: now, out: Answer{Question: q}}
	if q.Rank != "" && q.Words == "" {
		return a.out, a.rank()
	}
	all := ways(text, people, now)
	if len(all) == 0 || !q.Names() && !q.HasTime && q.About == AboutMail {
		a.out.Verdict = AskMore
		return a.out, nil
	}
	hits, more, err := a.first(all, true)
	if err != nil {
		return a.out, err
	}
	q = a.out.Question
	switch {
	case len(hits) == 0:
		return a.nothing(all)
	case q.About == AboutSignIn:
		a.signIns(hits, more)
	case q.About == AboutActs:
		a.acts(hits, more)
	case q.About == AboutDeleted:
		err = a.deleted(hits, more)
	case !q.Names() && !q.Count:
		a.thatTime(hits, more)
	default:
		if err = a.mail(hits, more); err == nil && q.counted() && a.out.Facts.Count > 1 {
			err = a.tally()
		}
	}
	if err == nil && q.Count && a.out.Facts.More && q.About != AboutMail {
		err = a.recount()
	}
	return a.out, err
}

// first asks in one way after the other until something is found, and notes which way it
// was.
func (a *asking) first(all []Question, withTime bool) (hits []records.Hit, more bool, err error) {
	for _, q := range all {
		if !withTime && !q.Names() {
			continue // everything at any time is no answer
		}
		if hits, more, err = a.find(q.Query(withTime)); q.outside {
			hits = slices.DeleteFunc(hits, func(h records.Hit) bool { return within(h.Record.Target, q.domains) })
		}
		if err != nil || len(hits) > 0 {
			if err == nil {
				a.out.Question = q
			}
			return hits, more, err
		}
	}
	return nil, false, nil
}

// within says whether an address is one of these domains.
func within(address string, domains []string) bool {
	_, domain, ok := strings.Cut(strings.ToLower(strings.TrimRight(address, "> ")), "@")
	return ok && slices.Contains(domains, domain)
}

// Trace tells the time line and the verdict of the mail that a record belongs to.
// Records that belong to no mail (sign-ins, traffic) are their own time line.
func Trace(ctx context.Context, b *records.Book, h records.Hit, now time.Time) (Answer, error) {
	a := &asking{ctx: ctx, book: b, now: now}
	switch h.Record.Kind {
	case logs.Received, logs.Sent:
		err := a.fate(&h.Record)
		return a.out, err
	case logs.User:
		if h.Record.MessageID != "" || h.Record.Subject != "" {
			err := a.deleted([]records.Hit{h}, false)
			return a.out, err
		}
	case logs.SignIn:
		a.signIns([]records.Hit{h}, false)
		return a.out, nil
	}
	a.acts([]records.Hit{h}, false)
	return a.out, nil
}

type asking struct {
	ctx  context.Context
	book *records.Book
	now  time.Time
	out  Answer
}

func (a *asking) find(q query.Query) (hits []records.Hit, more bool, err error) {
	more, err = a.book.Search(a.ctx, q, 0, func(h records.Hit) bool {
		hits = append(hits, h)
		return len(hits) < most
	})
	return hits, more, err
}

// nothing tells whether nothing was found because nothing happened.
func (a *asking) nothing(all []Question) (Answer, error) {
	q := a.out.Question
	if untold, err := a.untoldSizes(q); err != nil || untold {
		a.out.Verdict = NoSizes
		return a.out, err
	}
	if q.HasTime {
		timed := slices.DeleteFunc(slices.Clone(all), func(q Question) bool { return !q.HasTime })
		hits, _, err := a.first(timed, false)
		if err != nil {
			return a.out, err
		}
		q = a.out.Question
		if len(hits) > 0 {
			nearest := slices.MinFunc(hits, func(x, y records.Hit) int {
				return int(a.away(x.Record.At) - a.away(y.Record.At))
			})
			a.out.Verdict, a.out.Others = OtherTime, hits[:min(len(hits), 20)]
			a.out.Facts = factsOf(&nearest.Record)
		}
	}
	kinds := []logs.Kind{logs.Received, logs.Sent}
	switch q.About {
	case AboutSignIn:
		kinds = []logs.Kind{logs.SignIn}
	case AboutDeleted:
		kinds = []logs.Kind{logs.User}
	case AboutActs:
		kinds = []logs.Kind{logs.Admin, logs.User}
	}
	return a.out, a.completeness(kinds, q)
}

// away is how far a moment is from what was asked for, in seconds.
func (a *asking) away(t time.Time) time.Duration {
	span := a.out.Question.Span
	switch {
	case !span.From.IsZero() && t.Before(span.From):
		return span.From.Sub(t) / time.Second
	case !span.To.IsZero():
		return t.Sub(span.To) / time.Second
	}
	return 0
}

func factsOf(r *logs.Record) Facts {
	f := Facts{At: r.At, Person: r.Person, From: r.From, To: strings.Join(r.To, ", "), Subject: r.Subject, Said: r.Said, Folder: r.Target}
	if r.IP.IsValid() {
		f.IP = r.IP.String()
	}
	return f
}

// signIns tells of the last one, and how many there were. Not every source says which
// succeeded.
func (a *asking) signIns(hits []records.Hit, more bool) {
	var last, untold *logs.Record
	bad := 0
	for i := range hits {
		r := &hits[i].Record
		switch {
		case r.Outcome == "" && untold == nil:
			untold = r
		case r.Outcome == logs.OK && last == nil:
			last = r
		case r.Outcome != "" && r.Outcome != logs.OK:
			bad++
		}
	}
	a.out.Verdict = SignedIn
	switch {
	case len(a.out.Question.Outcomes) > 0:
		a.out.Verdict, last = Refusals, &hits[0].Record
	case last == nil && untold != nil:
		a.out.Verdict, last = SignInUntold, untold
	case last == nil:
		a.out.Verdict, last = OnlyRefused, &hits[0].Record
	}
	a.out.Facts = factsOf(last)
	f := &a.out.Facts
	f.Count, f.More, f.Bad = len(hits), more, bad
	people := map[string]bool{}
	for i := range hits {
		people[hits[i].Record.Person] = true
	}
	f.People = len(people)
	a.line(hits)
}

func (a *asking) acts(hits []records.Hit, more bool) {
	a.out.Verdict, a.out.Facts = Acts, factsOf(&hits[0].Record)
	a.out.Facts.Count, a.out.Facts.More = len(hits), more
	a.line(hits)
}

// thatTime lists what came and went at a time, where nothing else is asked.
func (a *asking) thatTime(hits []records.Hit, more bool) {
	mails := mailsOf(hits)
	a.out.Verdict, a.out.Others = ThatTime, mails[:min(len(mails), 20)]
	a.out.Facts.Count, a.out.Facts.More = len(mails), more
	a.out.Facts.Span = a.out.Question.Span
}

// line takes hits as evidence, oldest first.
func (a *asking) line(hits []records.Hit) {
	a.out.Line = slices.Clone(hits)
	slices.Reverse(a.out.Line)
}
