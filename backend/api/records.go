package api

import (
	"context"
	"io"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records"
	"mailroom/backend/records/archive"
	"mailroom/backend/report"
)

// Records searches what happened in an office's mail.
type Records struct {
	api     *API
	shelves *shelves
}

// Limits of a search.
const (
	usualRecords = 50
	mostRecords  = 500
	searchLimit  = 60 * time.Second
)

// Question is the question in the language that a form asks. Errors: invalid with
// "field" and "value".
func (r *Records) Question(form RecordForm) (string, error) {
	return guard("make question", func() (string, error) {
		f := form.form()
		_, err := f.Query(time.UTC)
		return f.String(), err
	})
}

// Search returns a page of the records that a question asks for, the newest first. It
// gives up after a minute, or when App.Cancel(requestID) is called. Errors: invalid with
// "problem" (value, bracket, quote, long, empty), "field", "value" and "at", the place
// of the mistake in characters, counted from 1.
func (r *Records) Search(requestID string, q RecordQuery) (RecordPage, error) {
	return shelved(r.shelves, "search records", q.Shelf, func(root context.Context, _ *data, sh *shelf) (RecordPage, error) {
		ctx, end := r.api.calls.begin(root, requestID, searchLimit)
		defer end()
		page := RecordPage{Rows: []RecordRow{}}
		question, err := sh.question(q.Question)
		if err != nil {
			return page, err
		}
		before, err := recordPlace(q.Before)
		if err != nil {
			return page, err
		}
		if q.Limit <= 0 || q.Limit > mostRecords {
			q.Limit = usualRecords
		}
		found, err := sh.book.Find(ctx, question, before, q.Limit)
		if err != nil {
			return page, err
		}
		sources, err := sh.book.Scopes(ctx)
		if err != nil {
			return page, err
		}
		page.Rows = mapped(found.Hits, func(h records.Hit) RecordRow { return wireRecord(h, sources) })
		if found.Next > 0 {
			page.Next = wireRecord(found.Hits[len(found.Hits)-1], nil).ID
		}
		return page, nil
	})
}

// Row returns one record with its past and the story it belongs to. Errors: not_found.
func (r *Records) Row(shelfID, id string) (RecordDetail, error) {
	return shelved(r.shelves, "read one record", shelfID, func(ctx context.Context, _ *data, sh *shelf) (RecordDetail, error) {
		place, err := recordPlace(id)
		if err != nil {
			return RecordDetail{}, err
		}
		hit, past, err := sh.book.Row(ctx, place)
		if err != nil {
			return RecordDetail{}, err
		}
		return sh.detail(ctx, hit, past)
	})
}

// SavedSearch is a search that is kept under a name.
type SavedSearch struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Question string `json:"question"`
	Made     int64  `json:"made"`
}

// Saved lists the kept searches.
func (r *Records) Saved(officeID string) ([]SavedSearch, error) {
	return shelved(r.shelves, "list searches", officeID, func(ctx context.Context, _ *data, sh *shelf) ([]SavedSearch, error) {
		all, err := sh.book.SavedSearches(ctx)
		return mapped(all, func(s records.Saved) SavedSearch { return SavedSearch{s.ID, s.Name, s.Question, millis(s.Made)} }), err
	})
}

// Save keeps a search; one of the same name is replaced.
func (r *Records) Save(officeID, name, question string) ([]SavedSearch, error) {
	_, err := shelved(r.shelves, "save search", officeID, func(ctx context.Context, _ *data, sh *shelf) (struct{}, error) {
		return struct{}{}, sh.book.Save(ctx, name, question)
	})
	if err != nil {
		return []SavedSearch{}, err
	}
	return r.Saved(officeID)
}

// Rename gives a kept search another name. Errors: not_found; invalid with "field" name,
// and "problem" taken where another search has it.
func (r *Records) Rename(officeID, id, name string) ([]SavedSearch, error) {
	_, err := shelved(r.shelves, "rename search", officeID, func(ctx context.Context, _ *data, sh *shelf) (struct{}, error) {
		return struct{}{}, sh.book.Rename(ctx, id, name)
	})
	if err != nil {
		return []SavedSearch{}, err
	}
	return r.Saved(officeID)
}

// Unsave forgets a search.
func (r *Records) Unsave(officeID, id string) ([]SavedSearch, error) {
	_, err := shelved(r.shelves, "forget search", officeID, func(ctx context.Context, _ *data, sh *shelf) (struct{}, error) {
		return struct{}{}, sh.book.Unsave(ctx, id)
	})
	if err != nil {
		return []SavedSearch{}, err
	}
	return r.Saved(officeID)
}

// ExportDone is what was written.
type ExportDone struct {
	Path string `json:"path"` // "" the person changed their mind
	Rows int    `json:"rows"`
	More bool   `json:"more"` // there were more than a file may hold
}

// mostExported bounds a file; spreadsheets hold 1,048,576 rows.
const mostExported = 1_000_000

// exportKinds are the kinds of spreadsheets, with what the dialog shows.
var exportKinds = map[string]FileFilter{"csv": {Name: "CSV", Patterns: "*.csv"}, "xlsx": {Name: "Excel", Patterns: "*.xlsx"}}

// Export shows the computer's save dialog and writes what a question asks for as a
// spreadsheet, the newest first, with heads in the language. kind, "csv" or "xlsx", is what
// the dialog proposes; the name that is chosen decides.
func (r *Records) Export(requestID, shelfID, question string, language Language, kind string) (ExportDone, error) {
	return shelved(r.shelves, "export records", shelfID, func(root context.Context, _ *data, sh *shelf) (ExportDone, error) {
		q, err := sh.question(question)
		if err != nil {
			return ExportDone{}, err
		}
		words, err := r.api.wordsOf(language)
		if err != nil {
			return ExportDone{}, err
		}
		filter, ok := exportKinds[kind]
		if !ok {
			return ExportDone{}, core.E(core.Invalid, "export records", nil, "field", "kind", "reason", "unknown")
		}
		path, err := r.api.cfg.Desktop.PickNew("mailroom-records."+kind, filter)
		if err != nil || path == "" {
			return ExportDone{}, err
		}
		ctx, end := r.api.calls.begin(root, requestID, time.Hour)
		defer end()
		done := ExportDone{Path: path}
		sources, err := sh.book.Scopes(ctx)
		if err != nil {
			return done, err
		}
		head := mapped(archive.Columns(), func(name string) string { return words.T("records.column." + name) })
		return done, writeFile(path, func(w io.Writer) error {
			var sheet rowWriter
			if strings.HasSuffix(strings.ToLower(path), ".xlsx") {
				if sheet, err = report.NewLongWorkbook(w, head); err != nil {
					return err
				}
			} else {
				sheet = report.NewSheet(w, head)
			}
			more, err := sh.book.Search(ctx, q, 0, func(h records.Hit) bool {
				if done.Rows == mostExported {
					return false
				}
				done.Rows++
				sheet.Row(archive.Cells(&archive.Line{Source: sources[h.Source], Nth: h.Nth, Record: &h.Record}, sh.book.Zone()))
				return true
			})
			if done.More = more; err != nil {
				_ = sheet.Close()
				return err
			}
			return sheet.Close()
		})
	})
}

// rowWriter is a spreadsheet that is written row by row.
type rowWriter interface {
	Row(cells []string)
	Close() error
}

// wordsOf loads the page's texts in a language; the system's counts as English unless
// the computer speaks Chinese.
func (a *API) wordsOf(language Language) (*report.Words, error) {
	if language == LanguageSystem && strings.HasPrefix(strings.ToLower(a.cfg.Locale), "zh") {
		language = LanguageChinese
	}
	if language != LanguageChinese {
		language = LanguageEnglish
	}
	words, err := report.LoadWords(a.cfg.Words, string(language))
	if err != nil {
		return nil, core.E(core.Internal, "read texts", err)
	}
	return words, nil
}
