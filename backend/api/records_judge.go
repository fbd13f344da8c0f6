package api

import (
	"context"
	"strconv"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/records"
	"mailroom/backend/records/judge"
	"mailroom/backend/records/month"
)

// RecordJudgement points at what is unusual in the records.
type RecordJudgement struct {
	api     *API
	shelves *shelves
}

// UnusualThing is one thing that is unusual. The page has a sentence for each rule.
type UnusualThing struct {
	ID        string      `json:"id"`
	Rule      FindingRule `json:"rule"`
	Person    string      `json:"person"`
	At        int64       `json:"at"`
	Until     int64       `json:"until"`
	Count     int         `json:"count"` // refused sign-ins, mails
	IP        string      `json:"ip"`
	Network   string      `json:"network"`
	Target    string      `json:"target"` // where mail goes on to
	Hour      int         `json:"hour"`   // for new_hour
	Day       string      `json:"day"`    // for few_mails and many_mails: "2026-11-12" in the office's zone
	Usual     int         `json:"usual"`  // of them: mails that are usual on this day of the week
	Like      []UsualDay  `json:"like"`   // of them: the days that it was compared with, the newest first
	Evidence  []string    `json:"evidence"`
	Dismissed bool        `json:"dismissed"`
}

// UsualDay is a day that another one is compared with.
type UsualDay struct {
	Day   string `json:"day"`
	Count int    `json:"count"` // mails from outside
}

// UnusualThresholds are what counts as unusual.
type UnusualThresholds struct {
	Off          []FindingRule `json:"off"`
	Alarm        []FindingRule `json:"alarm"`        // rules whose findings people are told of at once
	Refused      int           `json:"refused"`      // refused sign-ins in an hour, 2-10000
	BurstMails   int           `json:"burstMails"`   // mails of one person …
	BurstMinutes int           `json:"burstMinutes"` // … in so many minutes, 1-1440
	HistoryDays  int           `json:"historyDays"`  // how far back "never" reaches, 7-730
	LeastSignIns int           `json:"leastSignIns"` // sign-ins that a person needs before "never" means anything
	FewPercent   int           `json:"fewPercent"`   // less than so much of the usual mail of a day is far less, 1-90
	ManyPercent  int           `json:"manyPercent"`  // more than so much is far more, 110-10000
	LeastDays    int           `json:"leastDays"`    // complete days of the same weekday that are needed, 3-12
}

const thresholdsSetting = "thresholds"

// thresholds are the shelf's, or the usual ones.
func (s *shelf) thresholds(ctx context.Context) (judge.Thresholds, error) {
	t := judge.Usual()
	err := s.book.Setting(ctx, thresholdsSetting, &t)
	return t, err
}

// Findings lists what is unusual in the last days (1-400; 0: 30), the newest first;
// dismissed ones are among them and marked.
func (j *RecordJudgement) Findings(requestID, officeID string, days int) ([]UnusualThing, error) {
	return shelved(j.shelves, "judge records", officeID, func(root context.Context, d *data, sh *shelf) ([]UnusualThing, error) {
		ctx, end := j.api.calls.begin(root, requestID, searchLimit)
		defer end()
		if days <= 0 || days > 400 {
			days = 30
		}
		t, err := sh.thresholds(ctx)
		if err != nil {
			return []UnusualThing{}, err
		}
		now := j.api.now()
		found, err := judge.Judge(ctx, sh.book, t, d.domainsOf(ctx, officeID), records.Span{From: now.AddDate(0, 0, -days), To: now})
		return mapped(found, wireUnusual), err
	})
}

// domainsOf are the mail domains of an office: those of its people.
func (d *data) domainsOf(ctx context.Context, officeID string) []string {
	seen := map[string]bool{}
	var all []string
	add := func(address string) {
		for i := len(address) - 1; i >= 0; i-- {
			if address[i] == '@' {
				if name := address[i+1:]; !seen[name] {
					seen[name] = true
					all = append(all, name)
				}
				return
			}
		}
	}
	if o, err := d.house.Book().Office(ctx, officeID); err == nil && o.Domain != "" {
		add("@" + o.Domain)
	}
	for _, p := range d.peopleOf(ctx, officeID) {
		add(p.Address)
		for _, a := range p.Aliases {
			add(a)
		}
	}
	return all
}

func wireUnusual(f judge.Finding) UnusualThing {
	return UnusualThing{
		ID: f.ID, Rule: FindingRule(f.Rule), Person: f.Person, At: millis(f.At), Until: millis(f.Until), Count: f.Count, IP: f.IP, Network: f.Network,
		Target: f.Target, Hour: f.Hour, Day: f.Day, Usual: f.Usual, Dismissed: f.Dismiss,
		Like: mapped(f.Like, func(l judge.Like) UsualDay { return UsualDay(l) }), Evidence: mapped(f.Evidence, func(id int64) string { return strconv.FormatInt(id, 10) }),
	}
}

// Evidence returns the records that a finding names; those that are gone are left out.
func (j *RecordJudgement) Evidence(officeID string, ids []string) ([]RecordRow, error) {
	return shelved(j.shelves, "read evidence", officeID, func(ctx context.Context, _ *data, sh *shelf) ([]RecordRow, error) {
		rows := []RecordRow{}
		sources, err := sh.book.Scopes(ctx)
		if err != nil {
			return rows, err
		}
		for _, id := range ids[:min(len(ids), mostRecords)] {
			place, err := recordPlace(id)
			if err != nil {
				return rows, err
			}
			var h month.Hit
			if h, _, err = sh.book.Row(ctx, place); core.CodeOf(err) == core.NotFound {
				continue
			} else if err != nil {
				return rows, err
			}
			rows = append(rows, wireRecord(h, sources))
		}
		return rows, nil
	})
}

// Dismiss marks a finding as a false alarm, or takes that back.
func (j *RecordJudgement) Dismiss(officeID, id string, on bool) error {
	_, err := shelved(j.shelves, "dismiss finding", officeID, func(ctx context.Context, _ *data, sh *shelf) (struct{}, error) {
		if id == "" || len(id) > 64 {
			return struct{}{}, core.E(core.Invalid, "dismiss finding", nil, "field", "id")
		}
		return struct{}{}, sh.book.Dismiss(ctx, id, on)
	})
	return err
}

// Thresholds tells what counts as unusual.
func (j *RecordJudgement) Thresholds(officeID string) (UnusualThresholds, error) {
	return shelved(j.shelves, "read thresholds", officeID, func(ctx context.Context, _ *data, sh *shelf) (UnusualThresholds, error) {
		t, err := sh.thresholds(ctx)
		return wireThresholds(t), err
	})
}

func wireThresholds(t judge.Thresholds) UnusualThresholds {
	return UnusualThresholds{
		Off: rulesOf[FindingRule](t.Off), Alarm: rulesOf[FindingRule](t.Alarm), Refused: t.Refused, BurstMails: t.BurstMails, BurstMinutes: t.BurstMinutes,
		HistoryDays: t.HistoryDays, LeastSignIns: t.LeastSignIns, FewPercent: t.FewPercent, ManyPercent: t.ManyPercent, LeastDays: t.LeastDays,
	}
}

func rulesOf[To, From ~string](rules []From) []To {
	return mapped(rules, func(r From) To { return To(r) })
}

// SetThresholds changes what counts as unusual. Errors: invalid with "field".
func (j *RecordJudgement) SetThresholds(officeID string, to UnusualThresholds) (UnusualThresholds, error) {
	return shelved(j.shelves, "set thresholds", officeID, func(ctx context.Context, d *data, sh *shelf) (UnusualThresholds, error) {
		t := judge.Thresholds{
			Off: rulesOf[judge.Rule](to.Off), Alarm: rulesOf[judge.Rule](to.Alarm), Refused: to.Refused, BurstMails: to.BurstMails, BurstMinutes: to.BurstMinutes,
			HistoryDays: to.HistoryDays, LeastSignIns: to.LeastSignIns, FewPercent: to.FewPercent, ManyPercent: to.ManyPercent, LeastDays: to.LeastDays,
		}
		if err := t.Check(); err != nil {
			return to, err
		}
		before, err := sh.thresholds(ctx)
		if err != nil {
			return to, err
		}
		if err := sh.book.SetSetting(ctx, thresholdsSetting, t); err != nil {
			return to, err
		}
		d.record.note(ctx, audit.Entry{
			Act: actThresholdsSet, Subject: sh.title(ctx, d, officeID), ID: officeID,
			Before: map[string]string{"thresholds": audited(before)}, After: map[string]string{"thresholds": audited(t)},
		})
		return wireThresholds(t), nil
	})
}
