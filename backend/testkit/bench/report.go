package bench

import (
	"bufio"
	"cmp"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Report is everything that a benchmark found.
type Report struct {
	Started time.Time `json:"started"`
	Machine string    `json:"machine"`
	Scale   float64   `json:"scale"`
	Missing []string  `json:"missing,omitempty"` // why a program took no part
	Cases   []*Case   `json:"cases"`
	Goals   []Goal    `json:"goals"`
	Figures []Goal    `json:"figures,omitempty"` // of administered offices; they are among the goals
}

// Case is one situation with the programs that were put in it.
type Case struct {
	Name     string `json:"name"`
	What     string `json:"what"`
	Messages int    `json:"messages"`
	Bytes    int64  `json:"bytes"`
	Rows     []*Row `json:"rows"`
}

// Row is one program in one case.
type Row struct {
	Peer    string   `json:"peer"`
	Samples []Sample `json:"samples"`

	raw  bool
	ours bool
}

// Sample is one run.
type Sample struct {
	Wall      time.Duration `json:"wall"`
	CPU       time.Duration `json:"cpu"`    // of the program, user and system
	Memory    int64         `json:"memory"` // largest resident set, bytes
	SourceCPU time.Duration `json:"sourceCPU"`
	TargetCPU time.Duration `json:"targetCPU"`
	Other     float64       `json:"other"` // CPU seconds a second that others took
	Messages  int           `json:"messages"`
	Finished  bool          `json:"finished"` // false: stopped when it took too long
	Whole     bool          `json:"whole"`    // all messages arrived once and unchanged
	Verdict   string        `json:"verdict"`
	Failed    string        `json:"failed,omitempty"`
}

// perMessage is the time for one message of a full run; for a run with nothing to
// do the whole time.
func (s Sample) perMessage() time.Duration { return s.Wall / time.Duration(max(1, s.Messages)) }

func (r *Report) add(name, what string, messages int, bytes int64) *Case {
	c := &Case{Name: name, What: what, Messages: messages, Bytes: bytes}
	r.Cases = append(r.Cases, c)
	return c
}

func (c *Case) add(p *peer, s Sample) {
	i := slices.IndexFunc(c.Rows, func(r *Row) bool { return r.Peer == p.name })
	if i < 0 {
		i = len(c.Rows)
		c.Rows = append(c.Rows, &Row{Peer: p.name, raw: p.raw, ours: p.ours})
	}
	c.Rows[i].Samples = append(c.Rows[i].Samples, s)
}

// Median is the run whose time per message is the median; of runs that failed
// nothing counts.
func (r *Row) Median() (Sample, bool) {
	good := slices.DeleteFunc(slices.Clone(r.Samples), func(s Sample) bool { return s.Failed != "" })
	if len(good) == 0 {
		return Sample{}, false
	}
	slices.SortFunc(good, func(a, b Sample) int { return cmp.Compare(a.perMessage(), b.perMessage()) })
	return good[(len(good)-1)/2], true
}

// peak is the largest memory of all runs.
func (r *Row) peak() int64 {
	var most int64
	for _, s := range r.Samples {
		most = max(most, s.Memory)
	}
	return most
}

func (c *Case) row(name string) *Row {
	for _, r := range c.Rows {
		if r.Peer == name {
			return r
		}
	}
	return nil
}

// limit is the faster of the raw copies.
func (c *Case) limit() (Sample, bool) {
	var best Sample
	found := false
	for _, r := range c.Rows {
		if !r.raw {
			continue
		}
		if s, ok := r.Median(); ok && s.Finished && (!found || s.perMessage() < best.perMessage()) {
			best, found = s, true
		}
	}
	return best, found
}

// reference gives the median of a program to compare with.
func (c *Case) reference(name string) (Sample, bool) {
	if name == nameLimit {
		return c.limit()
	}
	if r := c.row(name); r != nil {
		return r.Median()
	}
	return Sample{}, false
}

// nameLimit stands for the faster raw copy.
const nameLimit = "raw limit"

// machine says on what was measured.
func machine() string {
	model := runtime.GOARCH
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return strings.TrimSpace(strings.Join([]string{
		runtime.GOOS, strings.TrimSpace(string(kernel)), "on", strconv.Itoa(runtime.NumCPU()), "×", model, "built with", runtime.Version(),
	}, " "))
}
