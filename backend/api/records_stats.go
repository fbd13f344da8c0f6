package api

import (
	"context"
	"io"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records"
	"mailroom/backend/records/monthly"
	"mailroom/backend/report"
)

// RecordStats sums what happened and makes the monthly report.
type RecordStats struct {
	api     *API
	shelves *shelves
}

// RecordFigures are sums, -1 where no source tells it.
type RecordFigures struct {
	Sent          int64 `json:"sent"`
	Received      int64 `json:"received"` // that reached a mailbox, junk too
	SentBytes     int64 `json:"sentBytes"`
	ReceivedBytes int64 `json:"receivedBytes"`
	Turned        int64 `json:"turned"`  // refused or held back on the way in
	Bounced       int64 `json:"bounced"` // came back, or could not be sent
	SignIns       int64 `json:"signIns"`
	Refused       int64 `json:"refused"` // sign-ins
	Acts          int64 `json:"acts"`
	Used          int64 `json:"used"` // bytes of mailboxes at the end
	Quota         int64 `json:"quota"`
}

// RecordDay are the figures of a day.
type RecordDay struct {
	Day     string        `json:"day"` // "2026-11-12"
	Figures RecordFigures `json:"figures"`
}

// RecordPerson are the figures of a person.
type RecordPerson struct {
	Person  string        `json:"person"`
	Name    string        `json:"name"`
	Figures RecordFigures `json:"figures"`
}

// OutcomeCount is how many records of a kind went so.
type OutcomeCount struct {
	Kind    RecordKind    `json:"kind"`
	Outcome RecordOutcome `json:"outcome"`
	N       int64         `json:"n"`
}

// RecordStatistics are the figures of a span of days.
type RecordStatistics struct {
	From     string         `json:"from"`
	To       string         `json:"to"`
	Total    RecordFigures  `json:"total"`
	Days     []RecordDay    `json:"days"`
	People   []RecordPerson `json:"people"`  // those who have most mail first
	Senders  []RecordPerson `json:"senders"` // the fifteen who sent most
	Outcomes []OutcomeCount `json:"outcomes"`
	Gaps     []KindGap      `json:"gaps"` // what is missing of these days
	UpTo     int64          `json:"upTo"` // until when the records were read, where that is before the end; 0: to the end
}

// KindGap is a span that is missing of a kind.
type KindGap struct {
	Kind RecordKind `json:"kind"`
	Gap  RecordGap  `json:"gap"`
}

// topSenders is how many senders are listed.
const topSenders = 15

func wireFigures(f records.Figures) RecordFigures {
	return RecordFigures{f.Sent, f.Received, f.SentBytes, f.ReceivedBytes, f.Turned, f.Bounced, f.SignIns, f.Refused, f.Acts, f.Used, f.Quota}
}

// Statistics sums days, both included, "2026-11-12". Errors: invalid with "field".
func (r *RecordStats) Statistics(shelfID, from, to string) (RecordStatistics, error) {
	return shelved(r.shelves, "sum records", shelfID, func(ctx context.Context, d *data, sh *shelf) (RecordStatistics, error) {
		none := RecordStatistics{Days: []RecordDay{}, People: []RecordPerson{}, Senders: []RecordPerson{}, Outcomes: []OutcomeCount{}, Gaps: []KindGap{}}
		first, last, err := daysOf(from, to, sh.book.Zone())
		if err != nil {
			return none, err
		}
		s, err := sh.book.Statistics(ctx, from, to)
		if err != nil {
			return none, err
		}
		names := map[string]string{}
		for _, p := range d.peopleOf(ctx, shelfID) {
			names[p.Address] = p.Name
		}
		person := func(p records.PersonFigures) RecordPerson {
			return RecordPerson{p.Person, names[p.Person], wireFigures(p.Figures)}
		}
		out := RecordStatistics{
			From: from, To: to, Total: wireFigures(s.Total), People: mapped(s.People, person), Senders: mapped(s.TopSenders(topSenders), person),
			Days: mapped(s.Days, func(d records.DayFigures) RecordDay { return RecordDay{d.Day, wireFigures(d.Figures)} }), Outcomes: []OutcomeCount{}, Gaps: []KindGap{},
		}
		for _, k := range recordKinds {
			for _, o := range recordOutcomes {
				if n := s.Outcomes[kindOf(k.Value)][outcomeOf(o.Value)]; n > 0 {
					out.Outcomes = append(out.Outcomes, OutcomeCount{k.Value, o.Value, n})
				}
			}
		}
		gaps, upTo, err := monthly.Gaps(ctx, sh.book, records.Span{From: first, To: last})
		out.UpTo = millis(upTo)
		for _, g := range gaps {
			out.Gaps = append(out.Gaps, KindGap{RecordKind(g.Kind), wireGap(g.Missing)})
		}
		return out, err
	})
}

// daysOf reads two days and gives the span from the first's beginning to the last's
// end, or to now.
func daysOf(from, to string, zone *time.Location) (first, end time.Time, err error) {
	first, err = time.ParseInLocation(time.DateOnly, from, zone)
	if err != nil {
		return first, end, core.E(core.Invalid, "read days", err, "field", "from")
	}
	last, err := time.ParseInLocation(time.DateOnly, to, zone)
	if err != nil || last.Before(first) || last.Sub(first) > 20*366*24*time.Hour {
		return first, end, core.E(core.Invalid, "read days", err, "field", "to")
	}
	if end = last.AddDate(0, 0, 1); end.After(time.Now()) {
		end = time.Now()
	}
	return first, end, nil
}

// reportTypes are what a monthly report can be saved as.
var reportTypes = FileFilter{Name: "PDF, HTML, Excel, CSV", Patterns: "*.pdf;*.html;*.xlsx;*.csv"}

// Report shows the computer's save dialog and writes the report of a month ("2026-11")
// in one language or in both. The file's name decides on its kind: .pdf, .html, .xlsx or
// .csv. It returns the path; "" if the person changed their mind.
func (r *RecordStats) Report(shelfID, month string, language Language, both bool) (string, error) {
	return shelved(r.shelves, "write monthly report", shelfID, func(ctx context.Context, d *data, sh *shelf) (string, error) {
		if _, err := time.Parse("2006-01", month); err != nil {
			return "", core.E(core.Invalid, "write monthly report", err, "field", "month")
		}
		words, err := r.api.wordsOf(language)
		if err != nil {
			return "", err
		}
		all := []*report.Words{words}
		if both {
			other := LanguageChinese
			if words.Language == string(LanguageChinese) {
				other = LanguageEnglish
			}
			more, err := r.api.wordsOf(other)
			if err != nil {
				return "", err
			}
			all = append(all, more)
		}
		path, err := r.api.cfg.Desktop.PickNew("mailroom-"+month+".pdf", reportTypes)
		if err != nil || path == "" {
			return "", err
		}
		format, err := report.FormatOf(path)
		if err != nil {
			return "", err
		}
		m, err := monthly.Make(ctx, sh.book, month, monthly.Office{Title: sh.title(ctx, d, shelfID), Names: d.namesOf(ctx, shelfID), Version: r.api.cfg.Version}, r.api.now())
		if err != nil {
			return "", err
		}
		return path, writeFile(path, func(w io.Writer) error { return m.Write(w, format, all...) })
	})
}
