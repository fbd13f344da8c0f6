package api

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/records"
	"mailroom/backend/records/intake"
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
	shelves  *shelves
}

func newRecording(a *API) recording {
	s := &shelves{api: a, open: map[string]*shelf{}, rounds: map[string]*fetching{}}
	return recording{
		records: &Records{api: a, shelves: s}, sources: &RecordSources{api: a, shelves: s}, lookup: &RecordLookup{api: a, shelves: s},
		stats: &RecordStats{api: a, shelves: s}, archives: &RecordArchives{api: a, shelves: s}, judge: &RecordJudgement{api: a, shelves: s}, shelves: s,
	}
}

func (r recording) services() []any {
	return []any{r.records, r.sources, r.lookup, r.stats, r.archives, r.judge}
}

// shelf is the open book of one office, or of an archive that was opened.
type shelf struct {
	book  *records.Book
	files *logfile.Reader
	temp  string // a folder to delete at the end; "" none
}

// shelves opens books as they are asked for and keeps them open.
type shelves struct {
	api *API

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

// of opens the shelf of an office, or returns that of an opened archive. Errors:
// not_found, and those of the store.
func (s *shelves) of(ctx context.Context, d *data, id string) (*shelf, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	if found := s.open[id]; found != nil {
		return found, nil
	}
	o, err := d.house.Book().Office(ctx, id)
	if err != nil {
		return nil, err
	}
	book, err := records.Open(ctx, s.dir(o.ID), s.zone())
	if err != nil {
		return nil, err
	}
	files, err := logfile.Open(ctx, book, s.zone())
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	s.open[id] = &shelf{book: book, files: files}
	return s.open[id], nil
}

// zone is the computer's: that of the person who reads the records.
func (s *shelves) zone() *time.Location { return time.Local }

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

// fetching is a round over an office's source.
type fetching struct {
	stop  context.CancelFunc
	done  chan struct{}
	began time.Time
}

// RecordsProgress tells how far a round is.
type RecordsProgress struct {
	OfficeID string     `json:"officeId"`
	Running  bool       `json:"running"`
	Kind     RecordKind `json:"kind"`
	Person   string     `json:"person"` // who is asked about; "" everybody
	From     int64      `json:"from"`   // the window; what is later than its end can be asked about already
	To       int64      `json:"to"`
	Done     int        `json:"done"` // questions to the source, of all that this round needs
	All      int        `json:"all"`
	Rows     int        `json:"rows"` // that the source has told so far
	New      int        `json:"new"`  // of them that were not known
	Left     int64      `json:"left"` // milliseconds; -1 is not known
	Pace     int        `json:"pace"` // questions a second that the source is asked at most; 0: no limit is known
	Problem  *Problem   `json:"problem,omitempty"`
}

// recordYears is how far back records are asked for.
const recordYears = 2

// fetch begins a round over an office's source unless one is at work. Errors:
// unsupported where the provider hands out no records.
func (s *shelves) fetch(ctx context.Context, d *data, officeID string) error {
	sh, err := s.of(ctx, d, officeID)
	if err != nil {
		return err
	}
	live, err := d.house.Live(ctx, officeID)
	if err != nil {
		return err
	}
	source, ok := live.Provider.(logs.Source)
	if !ok || len(source.Reaches()) == 0 {
		return core.E(core.Unsupported, "fetch records", nil)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	if r := s.rounds[officeID]; r != nil {
		select {
		case <-r.done:
		default:
			return nil // it is at work
		}
	}
	round, stop := context.WithCancel(s.api.root)
	r := &fetching{stop: stop, done: make(chan struct{}), began: time.Now()}
	s.rounds[officeID] = r
	go func() {
		defer close(r.done)
		defer stop()
		s.round(round, d, officeID, string(live.Office.Provider), source, sh)
	}()
	return nil
}

// round makes one round and tells the page.
func (s *shelves) round(ctx context.Context, d *data, officeID, scope string, source logs.Source, sh *shelf) {
	p := RecordsProgress{OfficeID: officeID, Running: true, Left: -1}
	told := time.Time{}
	tell := func(last bool) {
		if now := time.Now(); last || now.Sub(told) > 200*time.Millisecond {
			told = now
			s.api.cfg.Desktop.Emit("records:progress", p)
		}
	}
	job := &intake.Job{
		Book: sh.book, Source: source, Scope: scope, Since: time.Now().AddDate(-recordYears, 0, 0),
		People: func(ctx context.Context) ([]string, error) {
			var all []string
			for _, one := range d.peopleOf(ctx, officeID) {
				all = append(all, one.Address)
			}
			return all, nil
		},
		Tell: func(now intake.Progress) {
			p.Kind, p.From, p.To, p.Person = RecordKind(now.Kind), millis(now.Window.From), millis(now.Window.To), now.Person
			p.Done, p.All, p.Rows, p.New = now.Done, now.All, now.Rows, now.Tally.New
			p.Left, p.Pace = now.Left.Milliseconds(), int(now.Pace)
			if now.Left < 0 {
				p.Left = -1
			}
			tell(false)
		},
	}
	results, err := job.Run(ctx)
	for _, r := range results {
		if err == nil && r.Err != nil {
			err, p.Kind = r.Err, RecordKind(r.Kind)
		}
	}
	p.Running = false
	if err != nil && ctx.Err() == nil {
		slog.Warn("records were not fetched to the end", "code", core.CodeOf(err), "err", err)
		p.Problem = problemOf(err)
	}
	tell(true)
}

// How often offices and folders are looked at while the program runs.
const (
	fetchEvery = 30 * time.Minute
	lookEvery  = time.Minute
)

// keepFetching looks at watched folders and fetches for every office of which records
// are kept already, until the context ends: the first time is a person's decision.
func (s *shelves) keepFetching(ctx context.Context, d *data) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	last := time.Time{}
	for {
		offices, err := d.house.Book().Offices(ctx)
		for _, o := range offices {
			if err != nil || !s.known(o.ID) {
				continue
			}
			s.lookAtFolders(ctx, d, o.ID)
			if time.Since(last) >= fetchEvery {
				if err := s.fetch(ctx, d, o.ID); err != nil && core.CodeOf(err) != core.Unsupported && ctx.Err() == nil {
					slog.Info("records are not fetched now", "code", core.CodeOf(err))
				}
			}
		}
		if time.Since(last) >= fetchEvery {
			last = time.Now()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// lookAtFolders reads what is new in an office's watched folders.
func (s *shelves) lookAtFolders(ctx context.Context, d *data, officeID string) {
	sh, err := s.of(ctx, d, officeID)
	if err != nil || sh.files == nil {
		return
	}
	folders, err := sh.files.Watched(ctx)
	if err != nil {
		return
	}
	for _, dir := range folders {
		done, failed, err := sh.files.Folder(ctx, dir)
		for _, e := range append(failed, err) {
			if e != nil && ctx.Err() == nil {
				slog.Info("a log could not be read", "code", core.CodeOf(e))
			}
		}
		for _, r := range done {
			if r.Tally.New+r.Tally.Updated > 0 {
				s.api.cfg.Desktop.Emit("records:progress", RecordsProgress{OfficeID: officeID, New: r.Tally.New})
				break
			}
		}
	}
}
