package logsoak

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"mailroom/backend/records"
)

// Options of a soak.
type Options struct {
	Program string // path of the verbs' binary
	Dir     string // where to work; "": a temporary folder, deleted afterwards
	Seed    uint64
	Bytes   int64 // of text in each log
	Log     io.Writer
}

// Figures are what came of one log.
type Figures struct {
	Kind    string
	Text    int64 // bytes
	File    int64 // bytes
	Records int
	Seconds float64 // of all three readings
	CPU     float64 // seconds
	Peak    int64   // bytes of memory, the most of the three
}

// errDiffers is that the book does not hold what the log tells.
var errDiffers = errors.New("the book differs from the log")

// Run makes a log, reads it in with two interruptions (the program is killed at a third
// and stopped at two thirds), counts, and reads it once more.
func Run(ctx context.Context, kind string, o Options) (f Figures, err error) {
	dir, err := os.MkdirTemp(o.Dir, "logsoak-")
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "mail.log")
	want, text, err := Write(path, kind, o.Seed, o.Bytes)
	if err != nil {
		return f, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return f, err
	}
	wrote := begin.AddDate(0, 2, 0) // the year of times without one
	if err := os.Chtimes(path, wrote, wrote); err != nil {
		return f, err
	}
	f = Figures{Kind: kind, Text: text, File: info.Size()}
	for i, end := range []os.Signal{os.Kill, os.Interrupt, nil} {
		if err := reading(ctx, o, dir, path, end, text*int64(i+1)/3, &f); err != nil {
			return f, err
		}
		_, _ = fmt.Fprintf(o.Log, "%s: reading %d of 3 ended after %.0f s in all\n", kind, i+1, f.Seconds)
	}
	got, err := count(ctx, filepath.Join(dir, "state", "records", "terminal"))
	if err != nil {
		return f, err
	}
	for _, n := range got {
		f.Records += n
	}
	if !maps.Equal(got, want) {
		return f, fmt.Errorf("%w: %v, not %v", errDiffers, got, want)
	}
	return f, nil
}

// reading runs the verb and ends it by a signal once it has read so many bytes of text;
// nil: at its own end.
func reading(ctx context.Context, o Options, dir, path string, end os.Signal, at int64, f *Figures) error {
	cmd := exec.CommandContext(ctx, o.Program, "records", "import", path, "--state", filepath.Join(dir, "state"), "--json")
	cmd.Env = append(os.Environ(), "TZ=UTC")
	cmd.Stderr = o.Log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var e struct {
			Event string `json:"event"`
			Bytes int64  `json:"bytes"`
			Bad   int    `json:"bad"`
		}
		if json.Unmarshal(lines.Bytes(), &e) == nil && e.Event == "progress" && e.Bytes >= at && end != nil && !ended {
			ended = true
			_ = cmd.Process.Signal(end)
		}
		if e.Bad > 0 {
			err = fmt.Errorf("%d lines are said to be damaged", e.Bad)
		}
	}
	waited := cmd.Wait()
	f.Seconds += time.Since(begun).Seconds()
	f.CPU += (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	f.Peak = max(f.Peak, peak(cmd.ProcessState))
	if end == nil {
		return errors.Join(err, waited)
	}
	return err
}

// count counts the records of a book.
func count(ctx context.Context, dir string) (got Tally, err error) {
	b, err := records.Open(ctx, dir, time.UTC)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	months, err := b.Months()
	if err != nil {
		return nil, err
	}
	got = Tally{}
	for _, m := range months {
		if err := b.Each(ctx, m, func(h records.Hit) error {
			got[string(h.Record.Kind)+" "+string(h.Record.Outcome)]++
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return got, nil
}
