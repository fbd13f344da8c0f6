package records

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"mailroom/backend/logs"
)

func TestStatisticsAddUpToWhatHappened(t *testing.T) {
	b := open(t)
	a, err := b.Begin(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	at := func(d, h int) time.Time { return time.Date(2026, 10, d, h, 0, 0, 0, shanghai) }
	var all []logs.Record
	mail := func(kind logs.Kind, when time.Time, who string, o logs.Outcome, n int) {
		for i := range n {
			size := int64(100)
			if kind == logs.Received {
				size = 0 // not told
			}
			all = append(all, logs.Record{Kind: kind, At: when.Add(time.Duration(i) * time.Second), Person: who, Outcome: o, Size: size})
		}
	}
	mail(logs.Sent, at(31, 23), "a@office.example.com", logs.Delivered, 5) // 31 October here, and in UTC
	mail(logs.Sent, at(1, 3), "a@office.example.com", logs.Bounced, 2)     // 1 October here, September in UTC
	mail(logs.Received, at(2, 3), "b@office.example.com", logs.Junk, 3)
	mail(logs.Received, at(2, 4), "b@office.example.com", logs.Blocked, 4)
	mail(logs.SignIn, at(2, 4), "b@office.example.com", logs.Refused, 6)
	mail(logs.SignIn, at(3, 4), "b@office.example.com", "", 2)              // the source does not say how they went
	mail(logs.Sent, at(32, 1), "a@office.example.com", logs.Delivered, 100) // November
	all = append(all, logs.Record{Kind: logs.Traffic, At: at(2, 23), Person: "b@office.example.com", Day: &logs.Day{Used: 9, Quota: 10}},
		logs.Record{Kind: logs.Traffic, At: at(2, 23), Day: &logs.Day{Used: 19, Quota: 20}})
	if err := a.Add(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := b.Statistics(t.Context(), "2026-10-01", "2026-10-31")
	if err != nil {
		t.Fatal(err)
	}
	want := Figures{Sent: 7, SentBytes: 700, Bounced: 2, Received: 3, ReceivedBytes: -1, Turned: 4, SignIns: 2, Refused: 6, Used: 19, Quota: 20}
	if s.Total != want {
		t.Errorf("total %+v, want %+v", s.Total, want)
	}
	if got := fmt.Sprint(s.Days[0].Day, s.Days[0].Sent, s.Days[1].Day, s.Days[1].Received, s.Days[1].Used, s.Days[2].Day, len(s.Days)); got != "2026-10-0122026-10-023 192026-10-034" {
		t.Errorf("days: %s", got)
	}
	if p := s.People; len(p) != 2 || p[0].Person != "a@office.example.com" || p[1].Used != 9 || p[0].Used != -1 {
		t.Errorf("people: %+v", p)
	}
	if top := s.TopSenders(15); len(top) != 1 || top[0].Sent != 7 {
		t.Errorf("top: %+v", top)
	}
	if s.Outcomes[logs.Received][logs.Blocked] != 4 {
		t.Errorf("outcomes: %v", s.Outcomes)
	}
}

// A provider without a log of sent mail, that does not say which sign-ins failed, has
// not sent nothing and refused nobody.
func TestWhatNobodyTellsIsNotZero(t *testing.T) {
	b := open(t)
	at := time.Date(2026, 11, 12, 9, 0, 0, 0, shanghai)
	a, err := b.Begin(t.Context(), "some")
	if err == nil {
		err = a.Add(t.Context(), []logs.Record{
			{Kind: logs.Received, At: at, Person: "li.lei@office.example", Outcome: logs.Delivered, Size: 9},
			{Kind: logs.SignIn, At: at, Person: "li.lei@office.example"},
		})
	}
	if err = errors.Join(err, a.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	for _, k := range []logs.Kind{logs.Received, logs.SignIn} {
		if err := b.Covered(t.Context(), "some", k, Span{From: at.AddDate(0, 0, -1), To: at.AddDate(0, 0, 1)}, at.AddDate(0, 0, 1)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := b.Statistics(t.Context(), "2026-11-12", "2026-11-12")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Figures{s.Total, s.Days[0].Figures, s.People[0].Figures} {
		if f.Received != 1 || f.Turned != 0 || f.Sent != -1 || f.SentBytes != -1 || f.Bounced != -1 || f.SignIns != 1 || f.Refused != -1 {
			t.Errorf("%+v", f)
		}
	}
	if top := s.TopSenders(3); len(top) != 0 {
		t.Errorf("%+v sent most", top)
	}
}
