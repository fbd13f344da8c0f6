package recordbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/records"
	"mailroom/backend/records/intake"
)

// goalPractice is how long the practice office's two years may take, two million rows.
const goalPractice = time.Minute

// practiceSize is how many people the office has: two million rows in two years.
const practiceSize = "300"

// PracticeTime is how long the first round over a practice office takes, in the way of
// the window: its adapter is asked window by window, and what it tells goes into a book.
type PracticeTime struct {
	Rows int     `json:"rows"`
	Time float64 `json:"seconds"`
	CPU  float64 `json:"cpuSeconds"`
	Peak int64   `json:"peakBytes"`
}

// Practice makes the round; the child's part of Run.
func Practice(ctx context.Context, dir string) (t PracticeTime, err error) {
	office, err := admin.Maker(nil).New(provider.Config{Dir: filepath.Join(dir, "office"), Values: map[string]string{"size": practiceSize}})
	if err != nil {
		return t, err
	}
	adapter := office.(*admin.Adapter)
	defer func() { err = errors.Join(err, adapter.Close()) }()
	book, err := records.Open(ctx, filepath.Join(dir, "book"), time.Local)
	if err != nil {
		return t, err
	}
	begin := time.Now()
	job := &intake.Job{Book: book, Source: adapter, Scope: string(admin.ID), Since: begin.AddDate(-2, 0, 0)}
	results, err := job.Run(ctx)
	err = errors.Join(err, book.Close())
	t.Time = time.Since(begin).Seconds()
	for _, r := range results {
		t.Rows += r.Tally.New
		err = errors.Join(err, r.Err)
	}
	return t, err
}

// practice runs the round in a process of its own.
func (f *Figures) practice(ctx context.Context, dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cmd := exec.CommandContext(ctx, self, "--practice", dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("practice office: %w", err)
	}
	f.Practice = &PracticeTime{}
	if err := json.Unmarshal(out, f.Practice); err != nil {
		return err
	}
	f.Practice.CPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	f.Practice.Peak = peak(cmd.ProcessState)
	return nil
}
