package soak

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"mailroom/backend/testkit/link"
)

// run is one start of the program.
type run struct {
	cmd  *exec.Cmd
	said strings.Builder
	done chan struct{}
	code int // exit code; -1 killed
}

func (s *scene) launch() (*run, error) {
	r := &run{cmd: s.move.Command(), done: make(chan struct{})}
	r.cmd.Stdout, r.cmd.Stderr = nil, &r.said
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(r.done)
		_ = r.cmd.Wait() // how it ended is in its state
		r.code = r.cmd.ProcessState.ExitCode()
	}()
	return r, nil
}

// patience bounds one run; the program itself gives up sooner.
const patience = 4 * time.Minute

// wait ends with the program; one that hangs is killed, which is a failure.
func (r *run) wait(ctx context.Context) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-r.done:
		return nil
	case <-timer.C:
		r.kill()
		return fmt.Errorf("the program did not end within %s", patience)
	case <-ctx.Done():
		r.kill()
		return ctx.Err()
	}
}

func (r *run) kill() {
	_ = r.cmd.Process.Kill()
	<-r.done
}

// Exit codes of the verb after which it is run again.
const (
	exitDone        = 0
	exitUnreachable = 4
)

// attempts is how often the program is run again until all has arrived.
const attempts = 6

// iteration breaks one move as planned, lets it end and judges. wrong is "" if the
// promise was kept.
func (w *world) iteration(ctx context.Context, p plan) (told, wrong string, err error) {
	s, err := w.open(ctx, p)
	if err != nil {
		return "", "", err
	}
	var codes []string
	hits := 0
	for _, moment := range p.moments {
		r, err := s.launch()
		if err != nil {
			return "", "", err
		}
		hit, err := s.strike(ctx, r, moment)
		if err != nil {
			r.kill()
			return "", "", err
		}
		if hit {
			hits++
		}
		if err := r.wait(ctx); err != nil {
			return "", err.Error() + "\n" + r.said.String(), ctx.Err()
		}
		codes = append(codes, fmt.Sprint(r.code))
		if hit && s.attack != forget && s.attack != rollBack {
			continue
		}
		if hit {
			if err := s.lose(); err != nil {
				return "", "", err
			}
		}
	}
	told = fmt.Sprintf("%d of %d struck", hits, len(p.moments))
	for try := 0; ; try++ {
		r, err := s.launch()
		if err != nil {
			return "", "", err
		}
		if err := r.wait(ctx); err != nil {
			return told, err.Error() + "\n" + r.said.String(), ctx.Err()
		}
		codes = append(codes, fmt.Sprint(r.code))
		if r.code == exitDone {
			break
		}
		if r.code != exitUnreachable || try == attempts {
			return told, fmt.Sprintf("exit codes %s\n%s", strings.Join(codes, " "), r.said.String()), nil
		}
	}
	told += ", exits " + strings.Join(codes, " ")
	// Once more: a run with nothing to do must not send anything.
	r, err := s.launch()
	if err == nil {
		err = r.wait(ctx)
	}
	if err != nil {
		return told, err.Error() + "\n", ctx.Err()
	}
	if r.code != exitDone {
		return told, fmt.Sprintf("the run after the last ended with %d\n%s", r.code, r.said.String()), nil
	}
	wrong, err = s.judge(ctx)
	return told, wrong, err
}

// strike waits for the moment and attacks. It reports whether the program still ran.
func (s *scene) strike(ctx context.Context, r *run, moment float64) (bool, error) {
	bytes := int64(moment * float64(s.remaining()))
	switch s.attack {
	case cutDestination, cutSource:
		return s.cut(r, bytes), nil
	}
	if !s.reach(r, bytes) {
		return false, nil
	}
	switch s.attack {
	case killDestination:
		return true, s.restart(ctx, s.to)
	case killSource:
		return true, s.restart(ctx, s.from)
	case rollBack:
		return s.photograph(r, bytes)
	}
	r.kill()
	return true, nil
}

// remaining is about how many bytes are still to come.
func (s *scene) remaining() int64 {
	all := s.box.holds.Bytes()
	if s.holds == part {
		all = int64(float64(all) * (1 - s.share))
	}
	return max(all-(s.to.line.Counts().Up-s.begun), 20_000)
}

// reach waits until so many bytes have gone to or come from the destination since the
// program began; false if it ended before.
func (s *scene) reach(r *run, bytes int64) bool {
	// Bytes on a line have no event to wait for.
	tick := time.NewTicker(500 * time.Microsecond)
	defer tick.Stop()
	start := s.to.line.Counts()
	for {
		now := s.to.line.Counts()
		if now.Up-start.Up+now.Down-start.Down >= bytes {
			return true
		}
		select {
		case <-r.done:
			return false
		case <-tick.C:
		}
	}
}

// cut breaks a line after exactly so many bytes in the direction of the mail.
func (s *scene) cut(r *run, bytes int64) bool {
	line, way := s.to.line, link.Up
	if s.attack == cutSource {
		line, way = s.from.line, link.Down
	}
	select {
	case <-line.CutAfter(way, bytes):
		return true
	case <-r.done:
		line.CutAfter(way, 1<<62) // not during a later run
		return false
	}
}

// restart kills a server and brings it back after a while.
func (s *scene) restart(ctx context.Context, at *side) error {
	at.server.Kill()
	timer := time.NewTimer(time.Duration(s.random.IntN(1200)) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return at.server.Restart(ctx)
}

// photograph keeps a copy of the ledger as it is on the disk at this instant, and
// kills the program some time later: what the power cut takes away.
func (s *scene) photograph(r *run, bytes int64) (bool, error) {
	if err := freeze(r.cmd.Process, true); err != nil {
		if errors.Is(err, os.ErrProcessDone) {
			return false, nil
		}
		return false, err
	}
	err := errors.Join(os.RemoveAll(s.photo()), os.MkdirAll(s.state, 0o700), os.CopyFS(s.photo(), os.DirFS(s.state)))
	if err := errors.Join(err, freeze(r.cmd.Process, false)); err != nil {
		return false, err
	}
	more := int64(s.random.Float64() * 0.3 * float64(s.box.holds.Bytes()))
	s.reach(r, more) // a program that ends meanwhile loses its ledger's end all the same
	r.kill()
	return true, nil
}

func (s *scene) photo() string { return s.state + "-before" }

// lose takes the ledger away, or puts its older copy in its place.
func (s *scene) lose() error {
	if err := os.RemoveAll(s.state); err != nil {
		return err
	}
	if s.attack == forget {
		return nil
	}
	if err := os.CopyFS(s.state, os.DirFS(s.photo())); err != nil {
		return err
	}
	// The memory that SQLite shares between processes does not outlive a power cut.
	shared, err := filepath.Glob(filepath.Join(s.state, "*-shm"))
	if err != nil {
		return err
	}
	for _, name := range shared {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return nil
}
