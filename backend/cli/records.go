package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records"
	"mailroom/backend/records/logfile"
	"mailroom/backend/records/monthly"
	"mailroom/backend/report"
)

// recordsVerb reads, searches and sums records.
type recordsVerb struct {
	Fetch  recordsFetch  `cmd:"" help:"help_records_fetch"`
	Import recordsImport `cmd:"" help:"help_records_import"`
	Search recordsSearch `cmd:"" help:"help_records_search"`
	Report recordsReport `cmd:"" help:"help_records_report"`
}

func (v *recordsVerb) chosen(word string) verb {
	switch word {
	case "fetch":
		return &v.Fetch
	case "import":
		return &v.Import
	case "search":
		return &v.Search
	}
	return &v.Report
}

// bookFlags say whose records are meant.
type bookFlags struct {
	State  string `placeholder:"DIR" help:"help_records_state"`
	Office string `placeholder:"NAME" help:"help_records_office"`
	JSON   bool   `name:"json" help:"help_json"`
}

// ownBook is the name of the book of a terminal that names no office.
const ownBook = "terminal"

var officeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$`)

// open opens the book that is meant; make says that it may be a new one.
func (f *bookFlags) open(ctx context.Context, r *run, make bool) (*records.Book, error) {
	state := (&addressing{State: f.State}).stateDir()
	base := filepath.Join(state, "records")
	name := f.Office
	if name == "" {
		found, err := filepath.Glob(filepath.Join(base, "*", "book.db"))
		if err != nil || len(found) == 0 && !make {
			return nil, core.E(core.NotFound, "open records", err, "problem", "no_book", "path", base)
		}
		names := []string{}
		for _, path := range found {
			names = append(names, filepath.Base(filepath.Dir(path)))
		}
		switch {
		case len(names) == 0:
			name = ownBook
		case len(names) == 1:
			name = names[0]
		default:
			return nil, core.E(core.Invalid, "open records", nil, "problem", "books", "value", strings.Join(names, ", "))
		}
	}
	name, err := folderOf(ctx, state, name)
	if err != nil {
		return nil, err
	}
	if !officeName.MatchString(name) {
		return nil, core.E(core.Invalid, "open records", nil, "problem", "office_name", "value", name)
	}
	dir := filepath.Join(base, name)
	if _, err := os.Stat(filepath.Join(dir, "book.db")); err != nil && !make {
		return nil, core.E(core.NotFound, "open records", err, "problem", "no_book", "path", dir)
	}
	return records.Open(ctx, dir, usualZone(ctx, r, state, name))
}

// recordsImport reads files into the book.
type recordsImport struct {
	Files     []string `arg:"" name:"file" help:"help_records_files"`
	Zone      string   `placeholder:"ZONE" help:"help_records_lines_zone"`
	bookFlags `embed:""`
}

// importedEvent tells what came of one file.
type importedEvent struct {
	Event   string            `json:"event"` // imported
	File    string            `json:"file"`
	Format  string            `json:"format"`
	Lines   int               `json:"lines"`
	New     int               `json:"new"`
	Updated int               `json:"updated"`
	Same    int               `json:"same"`
	Bad     int               `json:"bad"`
	Half    bool              `json:"half"`
	HalfAt  int               `json:"halfLine"` // its number; 0: none
	Known   bool              `json:"known"`
	Lined   []records.BadLine `json:"badLines"`
}

func (v *recordsImport) run(ctx context.Context, r *run) int {
	defer roomy(r.env.Getenv)()
	in, err := zoneOf(v.Zone)
	if err != nil {
		return r.fail(err)
	}
	book, err := v.open(ctx, r, true)
	if err != nil {
		return r.fail(err)
	}
	defer func() { _ = book.Close() }()
	reader, err := logfile.Open(ctx, book)
	if err != nil {
		return r.fail(err)
	}
	defer func() { _ = reader.Close() }()
	exit, sum, failed := exitOK, importedEvent{Event: "summary", Lined: []records.BadLine{}}, []error{}
	for _, path := range logfile.OldestFirst(v.Files) {
		e, err := v.file(ctx, r, book, reader, path, in)
		sum.Lines, sum.New, sum.Updated, sum.Same, sum.Bad = sum.Lines+e.Lines, sum.New+e.New, sum.Updated+e.Updated, sum.Same+e.Same, sum.Bad+e.Bad
		if err == nil || e.Lines > 0 || ctx.Err() != nil { // what was read until it was stopped, or damaged, is kept
			v.tell(r, e)
		}
		if err != nil {
			failed = append(failed, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	if sum.Bad > 0 {
		exit = exitLeft
	}
	for _, err := range failed {
		exit = worse(exit, fileExit(core.CodeOf(err)))
		if r.json == nil {
			fmt.Fprintln(r.stderr, "mailroom: "+r.words.explain(err))
		}
	}
	if r.json != nil {
		r.json.send(struct {
			importedEvent
			Files  int           `json:"files"`
			Exit   int           `json:"exit"`
			Errors []recordError `json:"errors"`
		}{sum, len(v.Files), exit, recordErrors(failed)})
	}
	return exit
}

// fileExit is the exit code of a file that cannot be read: another run would not cure it.
func fileExit(code core.Code) int {
	if code == core.Unsupported || code == core.Malformed {
		return exitFault
	}
	return exitOf(code)
}

// roomy gives the garbage collector more room than moving mail needs: a batch of records
// and its index take some 60 MB. The user's own settings count for more.
func roomy(getenv func(string) string) (restore func()) {
	percent, limit := -1, int64(-1)
	if getenv("GOGC") == "" {
		percent = debug.SetGCPercent(200)
	}
	if getenv("GOMEMLIMIT") == "" {
		limit = debug.SetMemoryLimit(90 << 20)
	}
	return func() {
		if percent >= 0 {
			debug.SetGCPercent(percent)
		}
		if limit >= 0 {
			debug.SetMemoryLimit(limit)
		}
	}
}

// recordError is an error in the JSON of these verbs.
type recordError struct {
	Code core.Code         `json:"code"`
	Args map[string]string `json:"args"`
}

func recordErrors(errs []error) []recordError {
	all := []recordError{}
	for _, err := range errs {
		all = append(all, recordError{core.CodeOf(err), core.ArgsOf(err)})
	}
	return all
}

// file reads one file of whatever kind it is.
func (v *recordsImport) file(ctx context.Context, r *run, book *records.Book, reader *logfile.Reader, path string, in *time.Location) (importedEvent, error) {
	e := importedEvent{Event: "imported", File: path, Lined: []records.BadLine{}}
	if !logfile.OwnFormat(path) {
		res, err := reader.FileIn(ctx, path, in, v.teller(r, path))
		e.Format, e.Lines, e.Half, e.Known = string(res.Format), res.Lines, res.Half, res.Known
		e.New, e.Updated, e.Same, e.Bad = res.Tally.New, res.Tally.Updated, res.Tally.Same, res.Wrong
		if e.Lined = append(e.Lined, res.Bad...); e.Half {
			e.HalfAt = res.Before + res.Lines + 1
		}
		return e, err
	}
	f, err := logfile.OpenText(path)
	if err != nil {
		return e, err
	}
	defer func() { _ = f.Close() }()
	out, err := book.ImportNDJSON(ctx, logfile.Scope, f, nil)
	e.Format, e.Lines, e.Half, e.Bad = "mailroom", out.Lines, out.Half, out.Wrong
	e.New, e.Updated, e.Same = out.New, out.Updated, out.Same
	if e.Lined = append(e.Lined, out.Bad...); e.Half {
		e.HalfAt = out.Lines + 1
	}
	if err != nil && core.ArgsOf(err)["file"] == "" {
		err = core.E(core.CodeOf(err), "import", err, "file", path)
	}
	return e, err
}

// teller tells now and then how far a long file is; a short one is over before.
func (v *recordsImport) teller(r *run, path string) func(done, of int64) {
	told := time.Now()
	return func(done, of int64) {
		if time.Since(told) < tellEvery || of <= 0 {
			return
		}
		told = time.Now()
		if r.json != nil {
			r.json.send(map[string]any{"event": "progress", "file": path, "bytes": done, "of": of})
			return
		}
		fmt.Fprintln(r.stderr, r.words.say("records.reading", "file", path, "percent", strconv.FormatInt(min(99, done*100/of), 10)))
	}
}

func (v *recordsImport) tell(r *run, e importedEvent) {
	if r.json != nil {
		r.json.send(e)
		return
	}
	if e.Known {
		fmt.Fprintln(r.stdout, r.words.say("records.known", "file", e.File))
		return
	}
	n := strconv.Itoa
	fmt.Fprintln(r.stdout, r.words.say("records.read", "file", e.File, "format", e.Format, "lines", n(e.Lines), "new", n(e.New), "updated", n(e.Updated), "same", n(e.Same)))
	for _, bad := range e.Lined {
		fmt.Fprintln(r.stdout, r.words.say("records.bad", "line", n(bad.Line), "reason", r.words.class(bad.Reason)))
	}
	if e.Half {
		fmt.Fprintln(r.stdout, r.words.say("records.half", "line", n(e.HalfAt)))
	}
}

// recordsReport sums a month.
type recordsReport struct {
	Month     string `arg:"" name:"month" help:"help_records_month"`
	Out       string `placeholder:"FILE" help:"help_records_out"`
	Lang      string `enum:",zh,zh-CN,en,both" default:"" placeholder:"LANGUAGE" help:"help_lang"`
	zoneFlag  `embed:""`
	bookFlags `embed:""`
}

func (v *recordsReport) run(ctx context.Context, r *run) int {
	if _, err := time.Parse("2006-01", v.Month); err != nil {
		return r.fail(core.E(core.Invalid, "report", err, "field", "month", "value", v.Month))
	}
	book, err := v.open(ctx, r, false)
	if err != nil {
		return r.fail(err)
	}
	defer func() { _ = book.Close() }()
	if err := v.set(ctx, book); err != nil {
		return r.fail(err)
	}
	m, err := monthly.Make(ctx, book, v.Month, monthly.Office{Title: filepath.Base(book.Dir()), Version: r.env.Version}, time.Now())
	if err != nil {
		return r.fail(err)
	}
	if v.Out != "" {
		if err := v.write(r, m); err != nil {
			return r.fail(err)
		}
	}
	s := m.Now
	if r.json != nil {
		r.json.send(map[string]any{
			"event": "summary", "month": v.Month, "zone": book.Zone().String(), "whole": m.Whole, "total": figuresOf(s.Total), "days": len(s.Days), "people": len(s.People),
			"senders": sendersOf(s), "gaps": len(m.Gaps), "file": v.Out, "exit": exitOK, "errors": []recordError{},
		})
		return exitOK
	}
	n := func(v int64) string {
		if v < 0 {
			return "?" // the provider does not tell
		}
		return strconv.FormatInt(v, 10)
	}
	fmt.Fprintln(r.stdout, r.words.say("records.sums", "month", v.Month, "received", n(s.Total.Received), "sent", n(s.Total.Sent), "turned", n(s.Total.Turned),
		"bounced", n(s.Total.Bounced), "signins", n(s.Total.SignIns), "refused", n(s.Total.Refused)))
	for _, p := range s.TopSenders(15) {
		fmt.Fprintln(r.stdout, r.words.say("records.sender", "n", n(p.Sent), "person", p.Person))
	}
	if v.Out != "" {
		fmt.Fprintln(r.stdout, r.words.say("records.written", "file", v.Out))
	}
	return exitOK
}

func figuresOf(f records.Figures) map[string]int64 {
	return map[string]int64{
		"sent": f.Sent, "received": f.Received, "sentBytes": f.SentBytes, "receivedBytes": f.ReceivedBytes, "turned": f.Turned, "bounced": f.Bounced,
		"signIns": f.SignIns, "refused": f.Refused, "acts": f.Acts, "used": f.Used, "quota": f.Quota,
	}
}

func sendersOf(s *records.Statistics) []map[string]any {
	all := []map[string]any{}
	for _, p := range s.TopSenders(15) {
		all = append(all, map[string]any{"person": p.Person, "sent": p.Sent})
	}
	return all
}

// write makes the paper.
func (v *recordsReport) write(r *run, m *monthly.Month) (err error) {
	format, err := report.FormatOf(v.Out)
	if err != nil {
		return core.E(core.Invalid, "report", err, "field", "format")
	}
	languages := map[string][]string{"zh": {"zh-CN"}, "zh-CN": {"zh-CN"}, "en": {"en"}, "both": {"zh-CN", "en"}}[v.Lang]
	if languages == nil {
		languages = []string{map[language]string{chinese: "zh-CN", english: "en"}[r.words]}
	}
	var all []*report.Words
	for _, name := range languages {
		w, err := report.LoadWords(r.env.Words, name)
		if err != nil {
			return err
		}
		all = append(all, w)
	}
	f, err := os.Create(v.Out)
	if err != nil {
		return core.E(core.ReadOnly, "report", err, "file", v.Out)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return m.Write(f, format, all...)
}
