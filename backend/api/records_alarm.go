package api

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/records"
	"mailroom/backend/records/judge"
)

// alarms is what a book remembers of findings that people were told of.
type alarms struct {
	Since  time.Time   `json:"since"`  // older findings were there before anybody watched
	Judged time.Time   `json:"judged"` // when the rules were asked last; zero: never
	Told   []toldAlarm `json:"told"`   // the oldest first
}

// toldAlarm is a finding that people were told of.
type toldAlarm struct {
	Thing  UnusualThing `json:"thing"`
	Looked bool         `json:"looked"` // somebody has looked at the page since
}

const (
	alarmsSetting = "alarms"
	// lateRecords is how much older than the last judgement a finding may be that is still
	// news: records come late.
	lateRecords = 8 * 24 * time.Hour
	// mostAway is how far back people are told of after a pause of the program.
	mostAway = 30 * 24 * time.Hour
	// alarmsKept is how long it is remembered that somebody was told: longer than a finding
	// can be news.
	alarmsKept = 2 * mostAway
	mostAlarms = 200
)

// alarmIfDue asks the rules after something new has come in, and tells of findings of the
// rules that people want to be told of: each once, none that is older than the first look at
// this office, none that was dismissed. While a round is at work a finding may still change.
func (s *shelves) alarmIfDue(ctx context.Context, d *data, sh *shelf, o office.Office) {
	sh.judging.Lock()
	defer sh.judging.Unlock()
	before, err := sh.watched(ctx, s.api.now())
	if err == nil {
		if s.fetchingNow(o.ID) || !sh.fresh.Swap(false) {
			return
		}
		err = s.alarm(ctx, d, sh, o, before)
	}
	if err != nil && ctx.Err() == nil {
		slog.Info("what is unusual is not known", "code", core.CodeOf(err))
	}
}

// watched is what the book remembers of alarms. With the first look watching begins: what is
// there already is history.
func (s *shelf) watched(ctx context.Context, now time.Time) (a alarms, err error) {
	if err = s.book.Setting(ctx, alarmsSetting, &a); err != nil || !a.Since.IsZero() {
		return a, err
	}
	a.Since = now
	return a, s.changeAlarms(ctx, func(kept *alarms) { kept.Since = now })
}

func (s *shelves) alarm(ctx context.Context, d *data, sh *shelf, o office.Office, before alarms) error {
	t, err := sh.thresholds(ctx)
	if err != nil {
		return err
	}
	now := s.api.now()
	from := later(now.Add(-mostAway), before.Since)
	if !before.Judged.IsZero() {
		from = later(from, before.Judged.Add(-lateRecords))
	}
	// What began before is cut where the span begins, and would look like something else.
	span := records.Span{From: from.Add(-24 * time.Hour), To: now}
	found, err := judge.Judge(ctx, sh.book, t.Alarming(), d.domainsOf(ctx, o.ID), span)
	if err != nil {
		return err
	}
	var news []UnusualThing
	for _, f := range slices.Backward(found) { // the oldest first
		if !f.Dismiss && !f.At.Before(from) && !before.has(f.ID) {
			news = append(news, wireUnusual(f))
		}
	}
	return s.keepAlarms(ctx, sh, now, news)
}

// keepAlarms remembers what is told and tells it.
func (s *shelves) keepAlarms(ctx context.Context, sh *shelf, now time.Time, news []UnusualThing) error {
	if len(news) > 0 {
		s.tellNews(ctx, sh, newsItem{Kind: newsUnusual, Unusual: news})
	}
	return sh.changeAlarms(ctx, func(a *alarms) {
		a.Judged = now
		for _, n := range news {
			a.Told = append(a.Told, toldAlarm{Thing: n})
		}
		old := millis(now.Add(-alarmsKept))
		a.Told = slices.DeleteFunc(a.Told, func(one toldAlarm) bool { return one.Thing.At < old })
		a.Told = a.Told[max(len(a.Told)-mostAlarms, 0):]
	})
}

// changeAlarms changes what the book remembers of alarms, one change at a time.
func (s *shelf) changeAlarms(ctx context.Context, change func(*alarms)) error {
	s.telling.Lock()
	defer s.telling.Unlock()
	var a alarms
	if err := s.book.Setting(ctx, alarmsSetting, &a); err != nil {
		return err
	}
	change(&a)
	return s.book.SetSetting(ctx, alarmsSetting, a)
}

func (a *alarms) has(id string) bool {
	return slices.ContainsFunc(a.Told, func(one toldAlarm) bool { return one.Thing.ID == id })
}

// Alarms lists the findings that people were told of and that nobody has looked at yet, the
// newest first; false alarms are left out.
func (j *RecordJudgement) Alarms(officeID string) ([]UnusualThing, error) {
	return shelved(j.shelves, "list alarms", officeID, func(ctx context.Context, _ *data, sh *shelf) ([]UnusualThing, error) {
		open := []UnusualThing{}
		var a alarms
		if err := sh.book.Setting(ctx, alarmsSetting, &a); err != nil {
			return open, err
		}
		for _, one := range slices.Backward(a.Told) {
			if !one.Looked {
				open = append(open, one.Thing)
			}
		}
		return sh.undismissed(ctx, open)
	})
}

// Looked notes that somebody has looked at what is unusual, so that the start page no longer
// asks for it.
func (j *RecordJudgement) Looked(officeID string) error {
	_, err := shelved(j.shelves, "look at alarms", officeID, func(ctx context.Context, _ *data, sh *shelf) (struct{}, error) {
		return struct{}{}, sh.changeAlarms(ctx, func(a *alarms) {
			for i := range a.Told {
				a.Told[i].Looked = true
			}
		})
	})
	return err
}

// undismissed leaves out false alarms.
func (s *shelf) undismissed(ctx context.Context, all []UnusualThing) ([]UnusualThing, error) {
	dismissed, err := s.book.Dismissed(ctx)
	return slices.DeleteFunc(all, func(f UnusualThing) bool { return dismissed[f.ID] }), err
}
