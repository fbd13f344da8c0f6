package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Options of a soak.
type Options struct {
	Kills    int      // iterations
	Seed     uint64   // of the first iteration; the next ones count up
	Program  string   // path of the verbs' binary
	Messages int      // in the largest mailbox; 0: 2,000
	Folders  []string // only these of the corpus, by their keys; empty: all
	Dir      string   // where everything is kept until the end; "": the temporary folder
	Log      io.Writer
}

// Run plays the iterations and counts how many kept the promise. An error means that
// the soak itself could not go on.
func Run(ctx context.Context, o Options) (passed, failed int, err error) {
	if o.Messages <= 0 {
		o.Messages = 2000
	}
	dir, err := os.MkdirTemp(o.Dir, "mailroom-soak-")
	if err != nil {
		return 0, 0, err
	}
	// The servers run as another user.
	if err := os.Chmod(dir, 0o755); err != nil {
		return 0, 0, err
	}
	w := &world{dir: dir, program: o.Program, messages: o.Messages, folders: o.Folders,
		sources: map[int]*side{}, boxes: map[[2]int]*box{}, destinations: map[string]*side{}}
	defer func() { err = errors.Join(err, w.close()) }()
	for i := range o.Kills {
		p := draw(o.Seed + uint64(i))
		begin := time.Now()
		told, wrong, err := w.iteration(ctx, p)
		if err != nil {
			return passed, failed, fmt.Errorf("seed %d: %w", p.seed, err)
		}
		verdict := "passed"
		if wrong == "" {
			passed++
		} else {
			failed++
			verdict = "FAILED"
		}
		fmt.Fprintf(o.Log, "%s seed %d: %s; %s; %.1f s\n%s", verdict, p.seed, p, told, time.Since(begin).Seconds(), wrong)
	}
	fmt.Fprintf(o.Log, "%d passed, %d failed\n", passed, failed)
	return passed, failed, nil
}
