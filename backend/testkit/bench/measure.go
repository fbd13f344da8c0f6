package bench

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// usage is what one run of a program cost.
type usage struct {
	wall   time.Duration
	cpu    time.Duration // of the children, user and system
	memory int64         // largest resident set of one child, bytes
	other  float64       // CPU seconds a second used by what is not part of the run
	ended  bool          // false: stopped because it took too long
	err    error         // a child that could not be started, or a bad exit
	output string        // the tail of what the children said
}

// meter runs children and sees what they cost.
type meter struct {
	servers []*host // not counted as other load
	atOnce  int     // how many children run at the same time
	limit   time.Duration
}

// run starts the commands, at most atOnce at a time, and waits for all.
func (m meter) run(ctx context.Context, commands []*exec.Cmd) usage {
	ctx, cancel := context.WithTimeout(ctx, m.limit)
	defer cancel()
	var mu sync.Mutex
	var all usage
	all.ended = true
	before, start := m.load(), time.Now()
	gate := make(chan struct{}, max(1, m.atOnce))
	var wg sync.WaitGroup
	for _, cmd := range commands {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			one := child(ctx, cmd)
			mu.Lock()
			defer mu.Unlock()
			all.cpu += one.cpu
			all.memory = max(all.memory, one.memory)
			all.ended = all.ended && one.ended
			if one.err != nil && all.err == nil {
				all.err, all.output = one.err, one.output
			}
		})
	}
	wg.Wait()
	all.wall = time.Since(start)
	if spent := m.load(); before.known && spent.known {
		busy := (spent.all - before.all) - (spent.ours - before.ours) - all.cpu
		all.other = max(0, busy.Seconds()/all.wall.Seconds())
	}
	return all
}

// child runs one command to its end.
func child(ctx context.Context, cmd *exec.Cmd) usage {
	said := &tail{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		return usage{err: fmt.Errorf("start %s: %w", cmd.Path, err)}
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	watch := watchMemory(cmd.Process.Pid)
	err := cmd.Wait()
	u := usage{memory: watch.end(), ended: ctx.Err() == nil, output: said.String()}
	u.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if err != nil && u.ended {
		u.err = fmt.Errorf("%s: %w", cmd.Path, err)
	}
	return u
}

// memoryWatch follows the largest resident set of a child. The kernel's own account
// (ru_maxrss) is of no use: it begins with the memory of the program that started it.
type memoryWatch struct {
	stop chan struct{}
	peak chan int64
}

const watchEvery = 5 * time.Millisecond

func watchMemory(pid int) memoryWatch {
	w := memoryWatch{stop: make(chan struct{}), peak: make(chan int64, 1)}
	go func() {
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		var peak int64
		for {
			peak = max(peak, residentPeak(pid))
			select {
			case <-w.stop:
				w.peak <- peak
				return
			case <-tick.C:
			}
		}
	}()
	return w
}

func (w memoryWatch) end() int64 {
	close(w.stop)
	return <-w.peak
}

// load is CPU time used so far: by everything, and by the servers and this program.
type load struct {
	known     bool
	all, ours time.Duration
}

func (m meter) load() load {
	all, ok := machineCPU()
	ours := selfCPU()
	for _, h := range m.servers {
		ours += h.cpu()
	}
	return load{known: ok, all: all, ours: ours}
}

// calm waits, at most for the given time, until the rest of the machine is idle.
func (m meter) calm(ctx context.Context, patience time.Duration) {
	const look, idle = 400 * time.Millisecond, 0.35
	for end := time.Now().Add(patience); time.Now().Before(end) && ctx.Err() == nil; {
		before := m.load()
		pause(ctx, look)
		now := m.load()
		if busy := (now.all - before.all) - (now.ours - before.ours); !now.known || busy.Seconds()/look.Seconds() < idle {
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailBytes = 4000

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - tailBytes; over > 0 {
		t.text = slices.Delete(t.text, 0, over)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.text))
}
