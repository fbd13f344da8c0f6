package api

import (
	"context"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/records"
	"mailroom/backend/records/logfile"
)

// RecordSources fetches records from providers and reads logs of servers.
type RecordSources struct {
	api     *API
	shelves *shelves
}

// RecordState is what an office's book holds and where it comes from.
type RecordState struct {
	Sources  []RecordSource `json:"sources"`
	CanFetch bool           `json:"canFetch"` // the provider hands records out
	Why      string         `json:"why"`      // where it does not: not_in_api, not_proven, needs_key, needs_plan; "" not known
	Running  bool           `json:"running"`  // a round is at work
	Lacks    []RecordLack   `json:"lacks"`    // kinds that the provider does not hand out
	Folders  []LogFolder    `json:"folders"`  // that are watched for logs
	Months   []string       `json:"months"`   // of which there are records, the newest first: "2026-11"
	Rows     int64          `json:"rows"`
	Bytes    int64          `json:"bytes"`   // on the disk
	Removed  int64          `json:"removed"` // when the office was removed; 0: it is connected
	Title    string         `json:"title"`   // of a removed office

	Schedule RecordSchedule `json:"schedule"`
	Last     int64          `json:"last"`   // when the last round began; 0: none yet
	Next     int64          `json:"next"`   // when the next begins by itself; 0: not by itself
	Barred   bool           `json:"barred"` // the provider refused the last one: the next needs a person
}

func noRecordState() RecordState {
	return RecordState{Sources: []RecordSource{}, Lacks: []RecordLack{}, Folders: []LogFolder{}, Months: []string{}, Schedule: usualSchedule()}
}

// LogFolder is a folder that is watched for logs.
type LogFolder struct {
	Path string `json:"path"`
	Zone string `json:"zone"` // of times that tell none; "" the office's
}

// RecordSource is what is known of one kind from one source.
type RecordSource struct {
	Source string      `json:"source"` // a provider's name, or "file"
	Kind   RecordKind  `json:"kind"`
	From   int64       `json:"from"`  // the earliest complete moment; 0: nothing yet
	Until  int64       `json:"until"` // read until then
	Asked  int64       `json:"asked"` // when that was
	Gaps   []RecordGap `json:"gaps"`  // since From, and what the provider no longer keeps
}

// RecordLack is a kind of record that an office's provider does not hand out.
type RecordLack struct {
	Kind RecordKind `json:"kind"`
	Why  string     `json:"why"` // as [RecordState.Why]
}

// State tells what an office's book holds and what is missing, without the network.
func (s *RecordSources) State(officeID string) (RecordState, error) {
	return shelved(s.shelves, "state of records", officeID, func(ctx context.Context, d *data, sh *shelf) (RecordState, error) {
		return s.state(ctx, d, officeID, sh)
	})
}

func (s *RecordSources) state(ctx context.Context, d *data, officeID string, sh *shelf) (RecordState, error) {
	state := noRecordState()
	state.Running, state.Removed, state.Title = s.shelves.fetchingNow(officeID), millis(sh.removed.At), sh.removed.Title
	covers, err := sh.book.Covers(ctx)
	if err != nil {
		return state, err
	}
	for _, c := range covers {
		state.Sources = append(state.Sources, wireCover(c))
	}
	if state.Months, state.Rows, err = sh.extent(ctx); err != nil {
		return state, err
	}
	state.Bytes = sizeOf(sh.book.Dir())
	if sh.files != nil {
		folders, err := sh.files.Watched(ctx)
		if err != nil {
			return state, err
		}
		state.Folders = mapped(folders, func(w logfile.Watched) LogFolder { return LogFolder{w.Dir, w.Zone} })
		if s.api.frontDesk.locked.Load() != nil {
			state.Folders = []LogFolder{} // nothing of this computer is the front desk's business
		}
	}
	var last lastRound
	if state.Schedule, last, err = sh.schedule(ctx); err != nil {
		return state, err
	}
	state.Last, state.Barred = millis(last.Began), last.barred()
	support, id, err := d.recordSupport(ctx, officeID)
	if err != nil {
		return state, nil // the office is removed, or its provider no longer part of this program
	}
	if state.CanFetch, state.Why = canFetch(support); state.CanFetch {
		state.Lacks = lacks(support, id, covers)
		state.Next = millis(state.Schedule.next(last, s.api.now()))
	}
	return state, nil
}

// recordSupport is what the office's provider can do at best: an office that cannot be reached
// now may hand out records tomorrow.
func (d *data) recordSupport(ctx context.Context, officeID string) (map[provider.Capability]provider.Support, provider.ID, error) {
	o, err := d.house.Book().Office(ctx, officeID)
	if err != nil {
		return nil, "", err
	}
	maker, err := d.house.Registry().Maker(o.Provider)
	if err != nil {
		return nil, "", err
	}
	return maker.Best.Support, o.Provider, nil
}

// logAbilities are the capabilities that stand for kinds of records.
var logAbilities = map[logs.Kind]provider.Capability{
	logs.Received: provider.CanLogMail, logs.Sent: provider.CanLogMail, logs.SignIn: provider.CanLogSignIn,
	logs.Admin: provider.CanLogAdmin, logs.User: provider.CanLogUser, logs.Traffic: provider.CanLogTraffic,
}

// canFetch says whether a provider hands records out, and why not.
func canFetch(support map[provider.Capability]provider.Support) (can bool, why string) {
	for _, kind := range logs.Kinds() {
		of := support[logAbilities[kind]]
		if of.Can {
			return true, ""
		}
		if why == "" {
			why = string(of.Why)
		}
	}
	return false, why
}

// lacks lists the kinds that a provider does not hand out. That it tells only one half
// of the mail is known once it was asked; the reason is that of its other gaps.
func lacks(support map[provider.Capability]provider.Support, id provider.ID, covers []records.Cover) []RecordLack {
	told, asked, usual := map[logs.Kind]bool{}, false, string(provider.NotInAPI)
	for _, c := range covers {
		if c.Scope == string(id) {
			told[c.Kind], asked = true, true
		}
	}
	all := []RecordLack{}
	for _, kind := range logs.Kinds() {
		of := support[logAbilities[kind]]
		if !of.Can && of.Why != "" {
			usual = string(of.Why)
		}
		switch {
		case !of.Can:
			all = append(all, RecordLack{RecordKind(kind), string(of.Why)})
		case asked && !told[kind]:
			all = append(all, RecordLack{RecordKind(kind), ""})
		}
	}
	for i := range all {
		if all[i].Why == "" {
			all[i].Why = usual
		}
	}
	return all
}

func wireCover(c records.Cover) RecordSource {
	w := RecordSource{Source: c.Scope, Kind: RecordKind(c.Kind), Until: millis(c.Tip), Asked: millis(c.Asked), Gaps: []RecordGap{}}
	if len(c.Spans) == 0 {
		w.Gaps = mapped(c.Lost, wireGap)
		return w
	}
	from, to := c.Spans[0].From, c.Spans[len(c.Spans)-1].To
	w.From = millis(from)
	if len(c.Lost) > 0 && c.Lost[0].From.Before(from) {
		from = c.Lost[0].From
	}
	if c.Tip.After(to) {
		to = c.Tip
	}
	w.Gaps = mapped(c.Gaps(records.Span{From: from, To: to}), wireGap)
	return w
}

// LogFile is what came of reading one file.
type LogFile struct {
	Path    string   `json:"path"`
	Format  string   `json:"format"` // dovecot, postfix, exchange, mailroom
	Lines   int      `json:"lines"`
	New     int      `json:"new"`
	Updated int      `json:"updated"`
	Same    int      `json:"same"`
	Bad     int      `json:"bad"`  // lines that are no records, or damaged
	Half    bool     `json:"half"` // the last line has no end yet
	Known   bool     `json:"known"`
	Problem *Problem `json:"problem,omitempty"`
}

// mostLogFiles is how many files are read in one call.
const mostLogFiles = 1000

// ReadFiles reads logs of servers (Dovecot, Postfix, Exchange's message tracking; gzipped
// ones, too) and Mailroom's own NDJSON. Paths come from PickFiles or were dropped on the
// window. zone is that of times that tell none; "" the office's. A file that cannot be read
// is in its result, also one that was read before in another zone: conflict with "zone".
func (s *RecordSources) ReadFiles(requestID, officeID string, paths []string, zone string) ([]LogFile, error) {
	return shelved(s.shelves, "read logs", officeID, func(root context.Context, d *data, sh *shelf) ([]LogFile, error) {
		if err := sh.growing("read logs"); err != nil {
			return []LogFile{}, err
		}
		if len(paths) > mostLogFiles {
			return []LogFile{}, core.E(core.Invalid, "read logs", nil, "field", "paths", "reason", "too_many")
		}
		in, err := zoneNamed(zone)
		if err != nil {
			return []LogFile{}, err
		}
		ctx, end := s.api.calls.begin(root, requestID, 24*time.Hour)
		defer end()
		results := []LogFile{}
		for _, path := range logfile.OldestFirst(paths) {
			one, err := s.read(ctx, sh, path, in)
			if ctx.Err() != nil {
				return results, ctx.Err()
			}
			if one.Path = path; err != nil {
				one.Problem = problemOf(err)
			}
			results = append(results, one)
		}
		sh.fresh.Store(true)
		s.shelves.wake()
		d.record.note(ctx, audit.Entry{Act: actLogsRead, Subject: sh.title(ctx, d, officeID), ID: officeID, Facts: map[string]string{"files": audited(len(paths))}})
		return results, nil
	})
}

func (s *RecordSources) read(ctx context.Context, sh *shelf, path string, in *time.Location) (LogFile, error) {
	if logfile.OwnFormat(path) {
		out, err := sh.importFile(ctx, path)
		return LogFile{Format: "mailroom", Lines: out.Lines, New: out.New, Updated: out.Updated, Same: out.Same, Bad: out.Wrong, Half: out.Half}, err
	}
	r, err := sh.files.FileIn(ctx, path, in, nil)
	return LogFile{Format: string(r.Format), Lines: r.Lines, New: r.Tally.New, Updated: r.Tally.Updated, Same: r.Tally.Same, Bad: r.Wrong, Half: r.Half, Known: r.Known}, err
}

// importFile reads a file of Mailroom's own format.
func (s *shelf) importFile(ctx context.Context, path string) (records.Imported, error) {
	f, err := logfile.OpenText(path)
	if err != nil {
		return records.Imported{}, err
	}
	defer func() { _ = f.Close() }()
	return s.book.ImportNDJSON(ctx, logfile.Scope, f, nil)
}

// growing refuses to add to what is only read: archives, and records of an office that
// was removed.
func (s *shelf) growing(op string) error {
	if s.files == nil {
		return core.E(core.Forbidden, op, nil, "reason", "only_read")
	}
	return nil
}

// officeTitle is what to call an office in the record.
func officeTitle(ctx context.Context, d *data, id string) string {
	o, err := d.house.Book().Office(ctx, id)
	if err == nil {
		return o.Title()
	}
	return id
}

// title is what to call the office of a shelf, also of one that was removed.
func (s *shelf) title(ctx context.Context, d *data, id string) string {
	if s.removed.Title != "" {
		return s.removed.Title
	}
	return officeTitle(ctx, d, id)
}

// PickFiles shows the computer's dialog for logs; none if the person changed their mind.
func (s *RecordSources) PickFiles() ([]string, error) {
	return guard("pick logs", func() ([]string, error) {
		paths, err := s.api.cfg.Desktop.PickFiles(FileFilter{Name: "Log", Patterns: "*.log;*.log.*;*.gz;*.LOG;*.csv;*.ndjson;*.*"})
		return full(paths), err
	})
}

// WatchFolder shows the computer's dialog and adds a folder to those that are looked at
// every minute for new lines of logs. zone is that of times that tell none; "" the office's.
func (s *RecordSources) WatchFolder(officeID, zone string) (RecordState, error) {
	return shelved(s.shelves, "watch folder", officeID, func(ctx context.Context, d *data, sh *shelf) (RecordState, error) {
		in, err := zoneNamed(zone)
		if err == nil {
			err = sh.growing("watch folder")
		}
		dir := ""
		if err == nil {
			dir, err = s.api.cfg.Desktop.PickFolder()
		}
		if err == nil && dir != "" {
			if err = sh.files.Watch(ctx, dir, in); err == nil {
				s.shelves.lookAtFolders(ctx, sh, officeID)
			}
		}
		state, stateErr := s.state(ctx, d, officeID, sh)
		if err == nil {
			err = stateErr
		}
		return state, err
	})
}

// UnwatchFolder takes a folder out again. What was read from it stays.
func (s *RecordSources) UnwatchFolder(officeID, dir string) (RecordState, error) {
	return shelved(s.shelves, "stop watching folder", officeID, func(ctx context.Context, d *data, sh *shelf) (RecordState, error) {
		if sh.files != nil {
			if err := sh.files.Unwatch(ctx, dir); err != nil {
				return noRecordState(), err
			}
		}
		return s.state(ctx, d, officeID, sh)
	})
}
