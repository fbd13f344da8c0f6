package api

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/records/monthly"
	"mailroom/backend/records/zone"
	"mailroom/backend/report"
)

// RecordReports makes the reports of months: by themselves when a month has ended, or
// when they are asked for.
type RecordReports struct {
	api     *API
	shelves *shelves
}

// ReportState are the reports of an office.
type ReportState struct {
	Auto   bool          `json:"auto"`   // they are made by themselves
	Folder string        `json:"folder"` // where they lie
	Made   []MonthReport `json:"made"`   // the newest month first
	Months []string      `json:"months"` // of which there are records, the newest first
}

// MonthReport is a report that was made.
type MonthReport struct {
	Month string       `json:"month"` // "2026-10"
	Made  int64        `json:"made"`
	Auto  bool         `json:"auto"`
	Gaps  int          `json:"gaps"`  // spans that were missing then
	Files []ReportFile `json:"files"` // those that are still there
}

// ReportFile is one of a report's files.
type ReportFile struct {
	Name     string   `json:"name"`
	Language Language `json:"language"`
	Format   string   `json:"format"` // pdf, html, xlsx
}

// reportsKept is what a book knows of its reports.
type reportsKept struct {
	Off  bool         `json:"off"`
	Made []reportMade `json:"made"`
}

type reportMade struct {
	Month  string       `json:"month"`
	At     time.Time    `json:"at"`
	Auto   bool         `json:"auto"`
	Gaps   int          `json:"gaps"`
	Folder string       `json:"folder"` // within the folder of all reports
	Files  []ReportFile `json:"files"`
}

const reportsSetting = "reports"

// reportFormats are those of every report, in this order.
var reportFormats = []report.Format{report.FormatPDF, report.FormatHTML, report.FormatXLSX}

func noReports() ReportState { return ReportState{Made: []MonthReport{}, Months: []string{}} }

func (k reportsKept) of(month string) *reportMade {
	for i := range k.Made {
		if k.Made[i].Month == month {
			return &k.Made[i]
		}
	}
	return nil
}

func (s *shelf) reports(ctx context.Context) (k reportsKept, err error) {
	err = s.book.Setting(ctx, reportsSetting, &k)
	return k, err
}

// reportsDir is the folder of all reports.
func (s *shelves) reportsDir() string { return filepath.Join(s.api.cfg.DataDir, "reports") }

// reportFolder is the name of an office's folder within it: the office's own, with a part
// of its ID where another office is called the same.
func reportFolder(ctx context.Context, d *data, id, title string) string {
	name := report.FileName(title, id)
	all, err := d.house.Book().Offices(ctx)
	if err != nil || slices.ContainsFunc(all, func(o office.Office) bool { return o.ID != id && report.FileName(o.Title(), o.ID) == name }) {
		name += " " + id[:min(len(id), 8)]
	}
	return name
}

// State lists the reports that were made.
func (r *RecordReports) State(shelfID string) (ReportState, error) {
	return shelved(r.shelves, "state of reports", shelfID, func(ctx context.Context, d *data, sh *shelf) (ReportState, error) {
		return r.shelves.reportState(ctx, d, sh, shelfID)
	})
}

func (s *shelves) reportState(ctx context.Context, d *data, sh *shelf, id string) (ReportState, error) {
	state := noReports()
	kept, err := sh.reports(ctx)
	if err != nil {
		return state, err
	}
	if state.Months, err = sh.book.OfficeMonths(ctx); err != nil {
		return noReports(), err
	}
	state.Months = full(state.Months)
	state.Auto = !kept.Off
	state.Folder = filepath.Join(s.reportsDir(), reportFolder(ctx, d, id, sh.title(ctx, d, id)))
	for _, m := range kept.Made {
		one := MonthReport{Month: m.Month, Made: millis(m.At), Auto: m.Auto, Gaps: m.Gaps, Files: []ReportFile{}}
		for _, f := range m.Files {
			if _, err := os.Stat(filepath.Join(s.reportsDir(), m.Folder, f.Name)); err == nil {
				one.Files = append(one.Files, f)
			}
		}
		state.Made = append(state.Made, one)
	}
	return state, nil
}

// SetAuto switches the reports at the end of a month on or off.
func (r *RecordReports) SetAuto(officeID string, on bool) (ReportState, error) {
	return shelved(r.shelves, "set reports", officeID, func(ctx context.Context, d *data, sh *shelf) (ReportState, error) {
		sh.papers.Lock()
		defer sh.papers.Unlock()
		kept, err := sh.reports(ctx)
		if err != nil {
			return noReports(), err
		}
		kept.Off = !on
		if err := sh.book.SetSetting(ctx, reportsSetting, kept); err != nil {
			return noReports(), err
		}
		r.shelves.wake()
		return r.shelves.reportState(ctx, d, sh, officeID)
	})
}

// Make makes the report of a month ("2026-11") in both languages, as PDF, HTML and
// spreadsheet, into the folder of reports. One that was made before is replaced.
func (r *RecordReports) Make(officeID, month string) (ReportState, error) {
	return shelved(r.shelves, "make monthly report", officeID, func(ctx context.Context, d *data, sh *shelf) (ReportState, error) {
		if err := r.shelves.makeReport(ctx, d, sh, officeID, month, false); err != nil {
			return noReports(), err
		}
		return r.shelves.reportState(ctx, d, sh, officeID)
	})
}

// makeReport writes the files of a report and remembers them.
func (s *shelves) makeReport(ctx context.Context, d *data, sh *shelf, id, month string, auto bool) error {
	sh.papers.Lock()
	defer sh.papers.Unlock()
	title := sh.title(ctx, d, id)
	m, err := monthly.Make(ctx, sh.book, month, monthly.Office{Title: title, Names: d.namesOf(ctx, id), Version: s.api.cfg.Version}, s.api.now())
	if err != nil {
		return err
	}
	made := reportMade{Month: month, At: s.api.now(), Auto: auto, Gaps: len(m.Gaps), Folder: reportFolder(ctx, d, id, title)}
	dir := filepath.Join(s.reportsDir(), made.Folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fileError(dir, err)
	}
	for _, language := range []Language{LanguageChinese, LanguageEnglish} {
		words, err := s.api.wordsOf(language)
		if err != nil {
			return err
		}
		name := report.FileName(words.T("monthly.file", "month", month), month+" "+string(language))
		for _, format := range reportFormats {
			f := ReportFile{Name: name + "." + string(format), Language: language, Format: string(format)}
			if err := writeFile(filepath.Join(dir, f.Name), func(w io.Writer) error { return m.Write(w, format, words) }); err != nil {
				return err
			}
			made.Files = append(made.Files, f)
		}
	}
	kept, err := sh.reports(ctx)
	if err != nil {
		return err
	}
	kept.Made = slices.DeleteFunc(kept.Made, func(old reportMade) bool { return old.Month == month })
	kept.Made = append(kept.Made, made)
	slices.SortFunc(kept.Made, func(a, b reportMade) int { return -compareText(a.Month, b.Month) })
	if err := sh.book.SetSetting(ctx, reportsSetting, kept); err != nil {
		return err
	}
	d.record.note(ctx, audit.Entry{Act: actReportMade, Subject: title, ID: id, Facts: map[string]string{"month": month, "auto": audited(auto)}})
	return nil
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// namesOf are the names of an office's people by their addresses.
func (d *data) namesOf(ctx context.Context, id string) map[string]string {
	names := map[string]string{}
	for _, p := range d.peopleOf(ctx, id) {
		names[p.Address] = p.Name
	}
	return names
}

// Show opens a report's file in the program that it belongs to, or with an empty name
// the folder that it lies in. Errors: not_found; unsupported with "path" where the
// computer cannot.
func (r *RecordReports) Show(officeID, month, name string) error {
	_, err := shelved(r.shelves, "show report", officeID, func(ctx context.Context, d *data, sh *shelf) (struct{}, error) {
		kept, err := sh.reports(ctx)
		if err != nil {
			return struct{}{}, err
		}
		made := kept.of(month)
		if made == nil || name != "" && !slices.ContainsFunc(made.Files, func(f ReportFile) bool { return f.Name == name }) {
			return struct{}{}, core.E(core.NotFound, "show report", nil, "file", name)
		}
		path := filepath.Join(r.shelves.reportsDir(), made.Folder, name)
		if _, err := os.Stat(path); err != nil {
			return struct{}{}, core.E(core.NotFound, "show report", err, "file", path)
		}
		return struct{}{}, r.api.cfg.Desktop.ShowFolder(path)
	})
	return err
}

// late is how long after a month's end its report waits for records that are still to
// come.
const late = 48 * time.Hour

// reportIfDue makes the report of the month that has ended last, once its records are
// complete, or two days later as they are.
func (s *shelves) reportIfDue(ctx context.Context, d *data, sh *shelf, o office.Office) {
	now := s.api.now().In(sh.book.Zone())
	end := zone.Midnight(now.Year(), now.Month(), 1, now.Location())
	month := time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
	kept, err := sh.reports(ctx)
	if err != nil || kept.Off || kept.of(month) != nil || sh.failed == month {
		return
	}
	if months, err := sh.book.OfficeMonths(ctx); err != nil || !slices.Contains(months, month) {
		return
	}
	r, l, err := sh.schedule(ctx)
	if err != nil {
		return
	}
	support, _, err := d.recordSupport(ctx, o.ID)
	can, _ := canFetch(support)
	comes := err == nil && can && r.Every > 0 && now.Sub(end) < late
	if comes && (l.Ended.IsZero() || l.Code != "" || l.Began.Before(end)) {
		return
	}
	if err := s.makeReport(ctx, d, sh, o.ID, month, true); err != nil {
		if ctx.Err() == nil {
			slog.Warn("the report of a month could not be made", "code", core.CodeOf(err), "err", err)
			sh.failed = month // at the next start again
		}
		return
	}
	s.tellNews(ctx, sh, newsItem{Kind: newsReport, Months: []string{month}})
}
