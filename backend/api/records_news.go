package api

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/records/archive"
)

// RecordNewsKind says what a piece of news is about.
type RecordNewsKind string

const (
	newsReport  RecordNewsKind = "report"  // the report of a month was made
	newsArchive RecordNewsKind = "archive" // months are to be archived
	newsUnusual RecordNewsKind = "unusual" // something grave was found in the records
)

var recordNewsKinds = enumOf[RecordNewsKind]([]RecordNewsKind{newsReport, newsArchive, newsUnusual})

// RecordNews is what happened by itself and is worth a notice.
type RecordNews struct {
	OfficeID string         `json:"officeId"`
	Title    string         `json:"title"` // of the office
	Provider string         `json:"provider"`
	Kind     RecordNewsKind `json:"kind"`
	Months   []string       `json:"months"`  // the oldest first
	Changed  []string       `json:"changed"` // of these, those whose records have changed since they were archived
	Folder   bool           `json:"folder"`  // for archive: it is known where to
	Domain   string         `json:"domain"`  // of the office; "" none is known
	Zone     string         `json:"zone"`    // of the office's records
	Unusual  []UnusualThing `json:"unusual"` // the oldest first
}

// RecordsNewer says that there is news for people: ask RecordReports.News.
type RecordsNewer struct {
	OfficeID string `json:"officeId"`
}

type newsItem struct {
	Kind    RecordNewsKind `json:"kind"`
	Months  []string       `json:"months"`
	Changed []string       `json:"changed"`
	Folder  bool           `json:"folder"`
	Unusual []UnusualThing `json:"unusual"`
}

const (
	newsSetting     = "news"
	remindedSetting = "reminded"
	mostNews        = 20
)

// tellNews keeps a piece of news until the page has asked for it.
func (s *shelves) tellNews(ctx context.Context, sh *shelf, one newsItem) {
	sh.telling.Lock()
	defer sh.telling.Unlock()
	var all []newsItem
	err := sh.book.Setting(ctx, newsSetting, &all)
	if err == nil {
		for _, old := range all {
			if old.Kind == one.Kind {
				one.Unusual = append(old.Unusual, one.Unusual...) // each finding is news of its own
			}
		}
		all = slices.DeleteFunc(all, func(old newsItem) bool { return old.Kind == one.Kind }) // the newer one says more
		all = append(all, one)
		err = sh.book.SetSetting(ctx, newsSetting, all[max(len(all)-mostNews, 0):])
	}
	if err != nil {
		slog.Warn("news of records are not kept", "err", err)
		return
	}
	s.api.cfg.Desktop.Emit("records:news", RecordsNewer{})
}

// News returns what happened by itself and was not told yet, and counts it as told.
func (r *RecordReports) News() ([]RecordNews, error) {
	return with(r.api, "news of records", func(ctx context.Context, d *data) ([]RecordNews, error) {
		news := []RecordNews{}
		offices, err := d.house.Book().Offices(ctx)
		if err != nil {
			return news, err
		}
		for _, o := range offices {
			if !r.shelves.known(o.ID) {
				continue
			}
			sh, err := r.shelves.of(ctx, d, o.ID)
			if err != nil {
				continue // its own page says why
			}
			all, err := sh.takeNews(ctx)
			if err != nil {
				return news, err
			}
			for _, one := range all {
				news = append(news, RecordNews{
					OfficeID: o.ID, Title: o.Title(), Provider: string(o.Provider), Kind: one.Kind, Months: full(one.Months), Changed: full(one.Changed), Folder: one.Folder,
					Domain: o.Domain, Zone: sh.book.Zone().String(), Unusual: full(one.Unusual),
				})
			}
		}
		return news, nil
	})
}

// takeNews is what was not told yet; it counts as told. What was called a false alarm since is
// no news.
func (s *shelf) takeNews(ctx context.Context) ([]newsItem, error) {
	s.telling.Lock()
	defer s.telling.Unlock()
	var all, news []newsItem
	if err := s.book.Setting(ctx, newsSetting, &all); err != nil || len(all) == 0 {
		return nil, nil // its own page says what is wrong with the book
	}
	for _, one := range all {
		var err error
		if one.Unusual, err = s.undismissed(ctx, one.Unusual); err != nil {
			return nil, err
		}
		if one.Kind != newsUnusual || len(one.Unusual) > 0 {
			news = append(news, one)
		}
	}
	return news, s.book.SetSetting(ctx, newsSetting, []newsItem{})
}

// reminded is what a person was last reminded of.
type reminded struct {
	Due []string  `json:"due"`
	At  time.Time `json:"at"`
}

// How often it is looked whether an archive is due, and how soon somebody is reminded
// of the same months again who keeps archives.
const (
	dueEvery    = time.Hour
	remindAgain = 7 * 24 * time.Hour
)

// remindIfDue reminds of months that are to be archived: when there is one more, and
// where archives are kept once a week. Where none were ever made, only what comes on top
// of the first sight is worth a word; the start page shows the rest.
func (s *shelves) remindIfDue(ctx context.Context, sh *shelf, o office.Office) {
	now := s.api.now()
	if d := now.Sub(sh.dueSeen); d >= 0 && d < dueEvery {
		return
	}
	sh.dueSeen = now
	kept, err := sh.archive(ctx)
	if err != nil {
		return
	}
	due, err := archive.Due(ctx, sh.book, kept.Folder, now)
	if err != nil {
		if ctx.Err() == nil {
			slog.Info("what is to be archived is not known", "code", core.CodeOf(err))
		}
		return
	}
	var before reminded
	if err := sh.book.Setting(ctx, remindedSetting, &before); err != nil {
		return
	}
	one, news := newsItem{Kind: newsArchive, Folder: kept.Folder != ""}, false
	for _, m := range due {
		one.Months = append(one.Months, m.Month)
		if m.Why != archive.Unarchived {
			one.Changed = append(one.Changed, m.Month)
		}
		news = news || !slices.Contains(before.Due, m.Month)
	}
	switch {
	case len(due) == 0 && len(before.Due) == 0:
		return
	case kept.Folder == "" && before.At.IsZero(), len(due) == 0:
		news = false
	case kept.Folder != "" && now.Sub(before.At) >= remindAgain:
		news = true
	case !news && len(due) == len(before.Due):
		return
	}
	if before.Due = one.Months; news || before.At.IsZero() {
		before.At = now
	}
	if err := sh.book.SetSetting(ctx, remindedSetting, before); err != nil {
		return
	}
	if news {
		s.tellNews(ctx, sh, one)
	}
}
