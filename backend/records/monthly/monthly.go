// Package monthly makes the report of a month: sign-ins, mail, room, what is missing in
// the records, and what was unusual; as a paper in the page's words.
//
// It leaves out how papers are written (backend/report) and the sums themselves (package
// records).
package monthly

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/report"
)

// Office is whose month it is.
type Office struct {
	Title   string
	Names   map[string]string // of people, by address
	Version string            // of the program
}

// Month is one month's report.
type Month struct {
	Name   string // "2026-11"
	Office Office
	Made   time.Time
	Whole  bool // the month has ended
	Now    *records.Statistics
	Before *records.Statistics // the month before, to compare with
	Gaps   []KindGap
	UpTo   time.Time // until when it was read, where that is before the month's end or now; zero: to the end
	zone   *time.Location
}

// KindGap is a span that is missing of a kind.
type KindGap struct {
	Kind    logs.Kind
	Missing records.Missing
}

// Gaps lists what is missing in a span of the kinds that any source tells. What is only
// waiting for the next round is no gap: upTo is until when all kinds were read, zero: to
// the end.
func Gaps(ctx context.Context, b *records.Book, span records.Span) (all []KindGap, upTo time.Time, err error) {
	covers, err := b.Covers(ctx)
	if err != nil {
		return nil, upTo, err
	}
	told := map[logs.Kind]bool{}
	for _, c := range covers {
		told[c.Kind] = true
	}
	for _, k := range logs.Kinds() {
		if !told[k] {
			continue
		}
		missing, err := b.Gaps(ctx, k, span)
		if err != nil {
			return nil, upTo, err
		}
		tip := records.Tip(covers, k)
		holes, waits := records.Holes(missing, tip)
		if !waits.IsZero() && (upTo.IsZero() || tip.Before(upTo)) {
			upTo = tip
		}
		for _, m := range holes {
			all = append(all, KindGap{k, m})
		}
	}
	return all, upTo, nil
}

// Make sums a month. Errors: invalid for what is no month.
func Make(ctx context.Context, b *records.Book, name string, o Office, now time.Time) (*Month, error) {
	first, err := time.ParseInLocation("2006-01", name, b.Zone())
	if err != nil {
		return nil, core.E(core.Invalid, "make monthly report", err, "field", "month")
	}
	m := &Month{Name: name, Office: o, Made: now, zone: b.Zone()}
	next := first.AddDate(0, 1, 0)
	m.Whole = !now.Before(next)
	if m.Now, err = b.Statistics(ctx, days(first)[0], days(first)[1]); err != nil {
		return nil, err
	}
	before := first.AddDate(0, -1, 0)
	if m.Before, err = b.Statistics(ctx, days(before)[0], days(before)[1]); err != nil {
		return nil, err
	}
	end := next
	if end.After(now) {
		end = now
	}
	m.Gaps, m.UpTo, err = Gaps(ctx, b, records.Span{From: first, To: end})
	return m, err
}

// days are the first and the last day of a month.
func days(first time.Time) [2]string {
	return [2]string{first.Format(time.DateOnly), first.AddDate(0, 1, -1).Format(time.DateOnly)}
}

// Write writes the report in a format, in one language or one after the other.
func (m *Month) Write(out io.Writer, f report.Format, languages ...*report.Words) error {
	docs := make([]*report.Document, len(languages))
	for i, w := range languages {
		docs[i] = m.document(w)
	}
	return report.WriteDocument(out, f, docs...)
}

// most is how many people, and how many gaps, a paper lists.
const (
	mostPeople = 500
	mostGaps   = 40
	topSenders = 15
)

func (m *Month) document(w *report.Words) *report.Document {
	t := func(key string, args ...any) string { return w.T("monthly."+key, args...) }
	s := m.Now
	d := &report.Document{
		Language: w.Language, Title: t("title", "office", m.Office.Title, "month", monthOf(w.Language, m.Name)), Intro: t("intro"), Made: m.Made,
		Producer: "Mailroom " + m.Office.Version, Foot: m.Office.Title + " · " + m.Name,
	}
	clock := func(t time.Time) string { return t.In(m.zone).Format("2006-01-02 15:04") }
	switch {
	case !m.Whole && m.UpTo.IsZero():
		d.Notes = append(d.Notes, t("notEnded", "until", clock(m.Made)))
	case !m.Whole:
		d.Notes = append(d.Notes, t("notEnded", "until", clock(m.UpTo)))
	case !m.UpTo.IsZero():
		d.Notes = append(d.Notes, t("upTo", "until", clock(m.UpTo)))
	}
	for i, g := range m.Gaps {
		if i == mostGaps {
			d.Notes = append(d.Notes, t("moreGaps", "n", len(m.Gaps)-mostGaps))
			break
		}
		key := "gap." + string(g.Missing.Why)
		if g.Missing.Days() > 0 {
			key += "_kept"
		}
		d.Notes = append(d.Notes, t(key, "days", g.Missing.Days(), "kind", w.T("records.kind."+string(g.Kind)),
			"from", g.Missing.From.In(m.zone).Format("2006-01-02 15:04"), "to", g.Missing.To.In(m.zone).Format("2006-01-02 15:04")))
	}
	change := func(now, before int64) string {
		if now < 0 {
			return t("notTold")
		}
		if before <= 0 {
			return report.Number(now)
		}
		percent := float64(now-before) * 100 / float64(before)
		return t("compared", "n", report.Number(now), "change", strconv.FormatFloat(percent, 'f', 0, 64), "sign", map[bool]string{true: "+", false: ""}[percent >= 0])
	}
	b := m.Before.Total
	d.Facts = [][2]string{
		{t("received"), change(s.Total.Received, b.Received)}, {t("sent"), change(s.Total.Sent, b.Sent)}, {t("turned"), change(s.Total.Turned, b.Turned)},
		{t("bounced"), change(s.Total.Bounced, b.Bounced)}, {t("signIns"), change(s.Total.SignIns, b.SignIns)}, {t("refused"), change(s.Total.Refused, b.Refused)},
		{t("room"), room(t, s.Total)}, {t("made"), m.Made.In(m.zone).Format("2006-01-02 15:04")},
	}
	d.Sections = []report.Section{m.daysSection(t)}
	if s.Total.SignIns >= 0 {
		d.Sections = append(d.Sections, m.signInsSection(t))
	}
	d.Sections = append(d.Sections, m.sendersSection(t))
	if s.Total.Used >= 0 {
		d.Sections = append(d.Sections, m.roomSection(t))
	}
	d.Sections = append(d.Sections, m.peopleSection(t), m.outcomesSection(t, w))
	return d
}

// monthOf is a month in words.
func monthOf(language, name string) string {
	at, err := time.Parse("2006-01", name)
	if err != nil {
		return name
	}
	if strings.HasPrefix(language, "zh") {
		return at.Format("2006 年 1 月")
	}
	return at.Format("January 2006")
}

func room(t func(string, ...any) string, f records.Figures) string {
	switch {
	case f.Used < 0:
		return t("notTold")
	case f.Quota <= 0:
		return report.Size(f.Used)
	}
	return t("roomOf", "used", report.Size(f.Used), "quota", report.Size(f.Quota))
}

func (m *Month) daysSection(t func(string, ...any) string) report.Section {
	s := report.Section{Heading: t("days"), Text: t("daysText"), Columns: []report.Column{{Title: t("day"), Width: 3}, figure(t("received")), figure(t("sent")), figure(t("turned")), figure(t("signIns")), figure(t("refused"))}}
	for _, d := range m.Now.Days {
		s.Bars = append(s.Bars, report.Bar{Label: d.Day, Value: max(d.Sent, 0) + max(d.Received, 0), Shown: report.Number(max(d.Sent, 0) + max(d.Received, 0))})
		s.Rows = append(s.Rows, []string{d.Day, number(d.Received), number(d.Sent), number(d.Turned), number(d.SignIns), number(d.Refused)})
	}
	f := m.Now.Total
	s.Total = []string{t("total"), number(f.Received), number(f.Sent), number(f.Turned), number(f.SignIns), number(f.Refused)}
	return s
}

// number is empty where no source tells it.
func number(n int64) string {
	if n < 0 {
		return ""
	}
	return report.Number(n)
}

func figure(title string) report.Column { return report.Column{Title: title, Width: 2, Figure: true} }

func (m *Month) sendersSection(t func(string, ...any) string) report.Section {
	s := report.Section{Heading: t("senders")}
	for _, p := range m.Now.TopSenders(topSenders) {
		s.Bars = append(s.Bars, report.Bar{Label: m.short(p.Person), Value: p.Sent, Shown: number(p.Sent)})
	}
	if len(s.Bars) == 0 {
		s.Text = t("nothing")
	}
	return s
}

// signInsSection are the sign-ins of each day, those that were refused with them.
func (m *Month) signInsSection(t func(string, ...any) string) report.Section {
	s := report.Section{Heading: t("signInDays")}
	for _, d := range m.Now.Days {
		n, shown := d.SignIns, report.Number(d.SignIns)
		if d.Refused > 0 {
			n, shown = n+d.Refused, t("ofThemRefused", "n", report.Number(n+d.Refused), "refused", report.Number(d.Refused))
		}
		s.Bars = append(s.Bars, report.Bar{Label: d.Day, Value: n, Shown: shown})
	}
	if len(s.Bars) == 0 {
		s.Text = t("nothing")
	}
	return s
}

// mostRoom is how many mailboxes the chart of room has.
const mostRoom = 15

// roomSection are the mailboxes that take most room.
func (m *Month) roomSection(t func(string, ...any) string) report.Section {
	s := report.Section{Heading: t("roomMost")}
	people := slices.DeleteFunc(slices.Clone(m.Now.People), func(p records.PersonFigures) bool { return p.Used <= 0 })
	slices.SortStableFunc(people, func(a, b records.PersonFigures) int { return cmp.Compare(b.Used, a.Used) })
	for _, p := range people[:min(len(people), mostRoom)] {
		shown := report.Size(p.Used)
		if p.Quota > 0 {
			shown = t("roomShare", "used", shown, "percent", p.Used*100/p.Quota)
		}
		s.Bars = append(s.Bars, report.Bar{Label: m.short(p.Person), Value: p.Used, Shown: shown})
	}
	if len(s.Bars) == 0 {
		s.Text = t("nothing")
	}
	return s
}

// short is what to call a person where there is little room; the address is in the table.
func (m *Month) short(address string) string {
	if n := m.Office.Names[address]; n != "" {
		return n
	}
	return address
}

// name is what to call a person.
func (m *Month) name(address string) string {
	if n := m.Office.Names[address]; n != "" {
		return n + " " + address
	}
	return address
}

func (m *Month) peopleSection(t func(string, ...any) string) report.Section {
	s := report.Section{Heading: t("people"), Columns: []report.Column{
		{Title: t("person"), Width: 6}, figure(t("received")), figure(t("sent")), figure(t("bounced")), figure(t("signIns")), figure(t("refused")), figure(t("room")),
	}}
	for i, p := range m.Now.People {
		if i == mostPeople {
			s.Text = t("morePeople", "n", len(m.Now.People)-mostPeople)
			break
		}
		used := ""
		if p.Used >= 0 {
			used = report.Size(p.Used)
		}
		s.Rows = append(s.Rows, []string{
			m.name(p.Person), number(p.Received), number(p.Sent), number(p.Bounced), number(p.SignIns), number(p.Refused), used,
		})
	}
	if len(s.Rows) == 0 {
		s.Text = t("nothing")
	}
	return s
}

func (m *Month) outcomesSection(t func(string, ...any) string, w *report.Words) report.Section {
	s := report.Section{Heading: t("outcomes"), Columns: []report.Column{{Title: t("kind"), Width: 3}, {Title: t("outcome"), Width: 4}, figure(t("count"))}}
	for _, k := range []logs.Kind{logs.Received, logs.Sent, logs.SignIn} {
		for _, o := range logs.Outcomes() {
			if n := m.Now.Outcomes[k][o]; n > 0 {
				s.Rows = append(s.Rows, []string{w.T("records.kind." + string(k)), w.T("records.outcome." + string(o)), report.Number(n)})
			}
		}
	}
	if len(s.Rows) == 0 {
		s.Text = t("nothing")
	}
	return s
}
