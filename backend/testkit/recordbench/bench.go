package recordbench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"mailroom/backend/records"
	"mailroom/backend/records/query"
)

// Options of a measurement.
type Options struct {
	Records int       // mails in the book
	Peers   int       // mails for SQLite's own ways; 0: as many, at most 300,000
	Program string    // path of the verbs' binary
	Dir     string    // where to work; "": a temporary folder
	Log     io.Writer // what is being done; nil: nobody listens
}

// Goals of the book, on ten million records.
const (
	goalRate   = 40_000 // records a second, from the file to the last page written
	goalWarm   = 50 * time.Millisecond
	goalCold   = 500 * time.Millisecond
	goalSize   = 2.5 // times the raw NDJSON
	goalMemory = 200 << 20
)

// Figures are what was measured. Times are seconds.
type Figures struct {
	Records     int            `json:"records"`
	RawBytes    int64          `json:"rawBytes"`
	ImportTime  float64        `json:"importSeconds"`
	Rate        float64        `json:"recordsPerSecond"`
	ImportCPU   float64        `json:"importCPUSeconds"`
	BookBytes   int64          `json:"bookBytes"`
	SizeRatio   float64        `json:"sizeRatio"`
	ImportPeak  int64          `json:"importPeakBytes"`
	SearchPeak  int64          `json:"searchPeakBytes"`
	Questions   []QuestionTime `json:"questions"`
	PeerRecords int            `json:"peerRecords"`
	Peers       []PeerTime     `json:"peers"`
	Practice    *PracticeTime  `json:"practice"`
	Load        string         `json:"load"` // of the machine, before and after
	Missed      []string       `json:"missed"`
}

// QuestionTime is how long a question takes to its first fifty rows.
type QuestionTime struct {
	Name     string  `json:"name"`
	Question string  `json:"question"`
	Rows     int     `json:"rows"`
	Warm     float64 `json:"warmMedian"`
	Cold     float64 `json:"cold"`
	Whole    bool    `json:"whole"` // has fewer than fifty rows or just as many: all years are looked through, without a goal
}

// questions are those that people ask. "This week" is the corpus's last.
func questions(n int) []QuestionTime {
	o := newOffice(1, 0)
	week := moment(n).AddDate(0, 0, -7).Format(time.DateOnly)
	return []QuestionTime{
		{Name: "two characters, frequent", Question: "发票"},
		{Name: "two characters, one in 2,000", Question: rare},
		{Name: "an address inside", Question: "address:" + o.staff[17]},
		{Name: "an address outside, rare", Question: "address:" + o.outside[15_000]},
		{Name: "this person, this week", Question: "person:" + o.staff[42] + " after:" + week},
		{Name: "three at once, all of two years", Question: "person:" + o.staff[5] + " outcome:junk 合同", Whole: true},
	}
}

// Run measures.
func Run(ctx context.Context, o Options) (f Figures, err error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.Peers == 0 {
		o.Peers = min(o.Records, 300_000)
	}
	dir, err := os.MkdirTemp(o.Dir, "mailroom-recordbench-")
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	f.Records, f.PeerRecords, f.Load = o.Records, o.Peers, load()
	raw := filepath.Join(dir, "corpus.ndjson")
	fmt.Fprintf(o.Log, "writing %d records\n", o.Records)
	if f.RawBytes, err = writeCorpus(raw, o.Records); err != nil {
		return f, err
	}
	fmt.Fprintln(o.Log, "reading them into a book")
	state := filepath.Join(dir, "state")
	if err := f.importInto(ctx, o.Program, raw, state); err != nil {
		return f, err
	}
	if err := os.Remove(raw); err != nil {
		return f, err
	}
	fmt.Fprintln(o.Log, "asking")
	if err := f.ask(ctx, filepath.Join(state, "records", "bench")); err != nil {
		return f, err
	}
	if err := os.RemoveAll(state); err != nil {
		return f, err
	}
	fmt.Fprintf(o.Log, "SQLite's own ways on %d records\n", o.Peers)
	if f.Peers, err = peers(ctx, dir, o.Peers); err != nil {
		return f, err
	}
	fmt.Fprintln(o.Log, "the practice office's two years")
	if err := f.practice(ctx, filepath.Join(dir, "practice")); err != nil {
		return f, err
	}
	f.Load += " → " + load()
	f.judge()
	return f, nil
}

func writeCorpus(path string, n int) (int64, error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	bytes, err := newOffice(1, n).write(file)
	return bytes, errors.Join(err, file.Close())
}

// importInto runs the verb as a program of its own: its memory is its own, too.
func (f *Figures) importInto(ctx context.Context, program, raw, state string) error {
	cmd := exec.CommandContext(ctx, program, "records", "import", raw, "--state", state, "--office", "bench", "--json")
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("import: %w: %s %s", err, complaint.String(), out.String())
	}
	f.ImportTime = time.Since(begin).Seconds()
	f.Rate = float64(f.Records) / f.ImportTime
	f.ImportCPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	f.ImportPeak = peak(cmd.ProcessState)
	var first struct{ New int }
	if err := json.Unmarshal(bytes.SplitN(out.Bytes(), []byte("\n"), 2)[0], &first); err != nil || first.New != f.Records {
		return fmt.Errorf("import: %d of %d records are new: %s", first.New, f.Records, out.String())
	}
	f.BookBytes = sizeOf(state)
	f.SizeRatio = float64(f.BookBytes) / float64(f.RawBytes)
	return nil
}

// sizeOf is what a folder's files take.
func sizeOf(dir string) (sum int64) {
	_ = filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if info, err := e.Info(); err == nil {
				sum += info.Size()
			}
		}
		return nil
	})
	return sum
}

// warmRounds is how often a question is asked for its median.
const warmRounds = 21

// ask asks in a process of its own, cold ones with the files out of memory.
func (f *Figures) ask(ctx context.Context, dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	f.Questions = questions(f.Records)
	for i := range f.Questions {
		q := &f.Questions[i]
		if err := evict(dir); err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, self, "--ask", q.Question, "--book", dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("ask %q: %w", q.Question, err)
		}
		var got QuestionTime
		if err := json.Unmarshal(out, &got); err != nil {
			return err
		}
		q.Rows, q.Warm, q.Cold = got.Rows, got.Warm, got.Cold
		f.SearchPeak = max(f.SearchPeak, peak(cmd.ProcessState))
	}
	return nil
}

// Ask asks a book a question, once cold and then warm; the child's part of Run.
func Ask(ctx context.Context, dir, text string) (t QuestionTime, err error) {
	q, err := query.Parse(text, time.UTC)
	if err != nil {
		return t, err
	}
	begin := time.Now()
	b, err := records.Open(ctx, dir, time.Local)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	t.Question = text
	find := func() (float64, error) {
		page, err := b.Find(ctx, q, 0, 50)
		t.Rows = len(page.Hits)
		return time.Since(begin).Seconds(), err
	}
	if t.Cold, err = find(); err != nil {
		return t, err
	}
	var warm []float64
	for range warmRounds {
		begin = time.Now()
		took, err := find()
		if err != nil {
			return t, err
		}
		warm = append(warm, took)
	}
	slices.Sort(warm)
	t.Warm = warm[len(warm)/2]
	return t, nil
}

// judge lists the goals that were missed.
func (f *Figures) judge() {
	f.Missed = []string{}
	miss := func(bad bool, text string, args ...any) {
		if bad {
			f.Missed = append(f.Missed, fmt.Sprintf(text, args...))
		}
	}
	miss(f.Rate < goalRate, "%.0f records a second, the goal is %d", f.Rate, goalRate)
	miss(f.SizeRatio > goalSize, "the book is %.2f times the raw records, the goal is %.1f", f.SizeRatio, goalSize)
	miss(max(f.ImportPeak, f.SearchPeak) > goalMemory, "%d MB of memory, the goal is %d", max(f.ImportPeak, f.SearchPeak)>>20, goalMemory>>20)
	if p := f.Practice; p != nil {
		miss(p.Time > goalPractice.Seconds(), "%.0f s for %d rows of the practice office, the goal is %.0f", p.Time, p.Rows, goalPractice.Seconds())
		miss(p.Peak > goalMemory, "%d MB of memory for the practice office, the goal is %d", p.Peak>>20, goalMemory>>20)
	}
	for _, q := range f.Questions {
		if q.Whole {
			continue
		}
		miss(q.Warm > goalWarm.Seconds(), "%s: %.0f ms warm, the goal is %d", q.Name, 1000*q.Warm, goalWarm.Milliseconds())
		miss(q.Cold > goalCold.Seconds(), "%s: %.0f ms cold, the goal is %d", q.Name, 1000*q.Cold, goalCold.Milliseconds())
	}
}

// Print writes the figures as a table.
func (f *Figures) Print(out io.Writer) {
	fmt.Fprintf(out, "records: %d mails, %.2f GB of NDJSON; load %s\n", f.Records, float64(f.RawBytes)/(1<<30), f.Load)
	fmt.Fprintf(out, "  in        %8.0f records/s  (%.0f s; %.0f s of CPU, %.1f µs a record)   goal %d\n", f.Rate, f.ImportTime, f.ImportCPU, 1e6*f.ImportCPU/float64(f.Records), goalRate)
	fmt.Fprintf(out, "  on disk   %8.2f × raw       (%.2f GB)                 goal %.1f\n", f.SizeRatio, float64(f.BookBytes)/(1<<30), goalSize)
	fmt.Fprintf(out, "  memory    %8d MB in, %d MB asking            goal %d\n", f.ImportPeak>>20, f.SearchPeak>>20, goalMemory>>20)
	fmt.Fprintf(out, "  first 50 rows of                        warm        cold   (goals %d and %d ms)\n", goalWarm.Milliseconds(), goalCold.Milliseconds())
	for _, q := range f.Questions {
		fmt.Fprintf(out, "    %-34s %7.1f ms  %7.1f ms  %d rows\n", q.Name, 1000*q.Warm, 1000*q.Cold, q.Rows)
	}
	fmt.Fprintf(out, "  beside it, on %d records in one table:\n", f.PeerRecords)
	for _, p := range f.Peers {
		fmt.Fprintf(out, "    %-26s in %7.0f records/s, %.2f × raw; “发票” %.1f ms, “%s” %.1f ms, address %.1f ms\n", p.Name, p.Rate, p.SizeRatio, 1000*p.Frequent, rare, 1000*p.Rare, 1000*p.Address)
	}
	if p := f.Practice; p != nil {
		fmt.Fprintf(out, "  the practice office's two years: %d rows in %.1f s (%.1f s of CPU), %d MB   goal %.0f s\n", p.Rows, p.Time, p.CPU, p.Peak>>20, goalPractice.Seconds())
	}
	for _, m := range f.Missed {
		fmt.Fprintln(out, "  MISSED:", m)
	}
}
