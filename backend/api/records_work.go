package api

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/records"
	"mailroom/backend/records/logfile"
	"mailroom/backend/records/query"
)

// recording holds the services for records and what they share.
type recording struct {
	records  *Records
	sources  *RecordSources
	lookup   *RecordLookup
	stats    *RecordStats
	archives *RecordArchives
	judge    *RecordJudgement
	reports  *RecordReports
	shelves  *shelves
}

func newRecording(a *API) recording {
	s := &shelves{api: a, open: map[string]*shelf{}, rounds: map[string]*fetching{}, woken: make(chan struct{}, 1)}
	return recording{
		records: &Records{api: a, shelves: s}, sources: &RecordSources{api: a, shelves: s}, lookup: &RecordLookup{api: a, shelves: s},
		stats: &RecordStats{api: a, shelves: s}, archives: &RecordArchives{api: a, shelves: s}, judge: &RecordJudgement{api: a, shelves: s},
		reports: &RecordReports{api: a, shelves: s}, shelves: s,
	}
}

func (r recording) services() []any {
	return []any{r.records, r.sources, r.lookup, r.stats, r.archives, r.judge, r.reports}
}

// shelf is the open book of one office, or of an archive that was opened.
type shelf struct {
	book  *records.Book
	files *logfile.Reader // nil: nothing is added
	temp  string          // a folder to delete at the end; "" none

	papers  sync.Mutex  // held while reports are made and remembered
	failed  string      // the month whose report could not be made
	dueSeen time.Time   // when it was looked last whether an archive is due
	telling sync.Mutex  // held while news and alarms are changed
	judging sync.Mutex  // held while the rules are asked
	fresh   atomic.Bool // something came in that the rules were not asked about
	removed removal     // the office it was of; no title: it is connected
}

// shelves opens books as they are asked for and keeps them open.
type shelves struct {
	api   *API
	woken chan struct{}

	mu     sync.Mutex
	open   map[string]*shelf
	rounds map[string]*fetching
	opened int // archives so far
	closed bool
}

// recordsDir is where the books lie, a folder per office.
func (s *shelves) dir(name string) string {
	return filepath.Join(s.api.cfg.DataDir, "records", name)
}

// known says whether anything of an office was ever kept.
func (s *shelves) known(officeID string) bool {
	_, err := os.Stat(filepath.Join(s.dir(officeID), "book.db"))
	return err == nil
}

// of opens the shelf of an office, also of one that was removed, or returns that of an
// opened archive. Errors: not_found, and those of the store.
func (s *shelves) of(ctx context.Context, d *data, id string) (*shelf, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	if found := s.open[id]; found != nil {
		return found, nil
	}
	one, err := d.house.Book().Office(ctx, id)
	removed := core.CodeOf(err) == core.NotFound && s.left(id)
	if err != nil && !removed {
		return nil, err
	}
	book, err := records.Open(ctx, s.dir(id), d.usualZone(one.Provider))
	if err != nil {
		return nil, err
	}
	if removed {
		sh := &shelf{book: book}
		if err := book.Setting(ctx, removalSetting, &sh.removed); err != nil {
			return nil, errors.Join(err, book.Close())
		}
		if sh.removed.Title == "" {
			sh.removed.Title = id
		}
		s.open[id] = sh
		return sh, nil
	}
	files, err := logfile.Open(ctx, book)
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	sh := &shelf{book: book, files: files}
	sh.fresh.Store(true) // the program may have ended before it asked
	s.open[id] = sh
	return sh, nil
}

func (s *shelf) close() error {
	var errs []error
	if s.files != nil {
		errs = append(errs, s.files.Close())
	}
	errs = append(errs, s.book.Close())
	if s.temp != "" {
		errs = append(errs, os.RemoveAll(s.temp))
	}
	return errors.Join(errs...)
}

// drop ends the round of an office that is removed and closes its book. The records stay
// on the disk: they must be kept for longer than an office is connected.
func (s *shelves) drop(id string) {
	s.mu.Lock()
	r := s.rounds[id]
	s.mu.Unlock()
	if r != nil {
		r.stop()
		<-r.done
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rounds, id)
	if sh := s.open[id]; sh != nil {
		delete(s.open, id)
		if err := sh.close(); err != nil {
			slog.Warn("a book of records was not closed cleanly", "err", err)
		}
	}
}

// close ends the rounds and closes the books. The API's context has ended.
func (s *shelves) close() error {
	s.mu.Lock()
	s.closed = true
	rounds := s.rounds
	s.mu.Unlock()
	for _, r := range rounds {
		r.stop()
		<-r.done
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for id, sh := range s.open {
		errs = append(errs, sh.close())
		delete(s.open, id)
	}
	return errors.Join(errs...)
}

// shelved runs a method that needs a shelf.
func shelved[T any](s *shelves, op, id string, f func(context.Context, *data, *shelf) (T, error)) (T, error) {
	return with(s.api, op, func(ctx context.Context, d *data) (T, error) {
		if err := s.api.frontDesk.onlyOffice(op, id); err != nil {
			var none T
			return none, err
		}
		sh, err := s.of(ctx, d, id)
		if err != nil {
			var none T
			return none, err
		}
		return f(ctx, d, sh)
	})
}

// question reads a question in the office's zone.
func (s *shelf) question(text string) (query.Query, error) { return query.Parse(text, s.book.Zone()) }

// people are the office's people as its directory has them.
func (d *data) peopleOf(ctx context.Context, officeID string) []provider.Person {
	v, err := d.directory.View(ctx, officeID)
	if err != nil {
		slog.Info("a question is answered without the directory", "err", err)
		return nil
	}
	return v.People
}
