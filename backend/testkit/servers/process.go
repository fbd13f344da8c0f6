package servers

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// identity is who the server runs as. Mail servers refuse to handle mail as root,
// so where we are root they get "nobody".
type identity struct {
	uid, gid int
	drop     bool
}

const (
	nobodyUID = 65534
	nobodyGID = 65534
)

func whoami() identity {
	if os.Geteuid() == 0 {
		return identity{uid: nobodyUID, gid: nobodyGID, drop: true}
	}
	return identity{uid: os.Geteuid(), gid: os.Getegid()}
}

// process is a child with everything it starts.
type process struct {
	pgid int
	done chan struct{} // closed when the child itself has ended
}

// spawn starts cmd in its own group. The goroutine keeps its thread until the child
// ends: the kernel ties the death signal to that thread, not to the program.
func spawn(cmd *exec.Cmd, id identity, death syscall.Signal) (*process, error) {
	detach(cmd, id, death)
	p := &process{done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		p.pgid = cmd.Process.Pid
		started <- nil
		_ = cmd.Wait() // how it ended is told by the log
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	return p, nil
}

func (p *process) ended() <-chan struct{} { return p.done }

// stop asks the group to end and kills what is left after the grace time.
func (p *process) stop(grace time.Duration) {
	killGroup(p.pgid, syscall.SIGTERM)
	if !p.gone(grace) {
		p.kill()
	}
}

// kill ends the whole group at once and waits until none is left.
func (p *process) kill() {
	killGroup(p.pgid, syscall.SIGKILL)
	p.gone(10 * time.Second)
}

func (p *process) gone(within time.Duration) bool {
	deadline := time.Now().Add(within)
	for {
		select {
		case <-p.done:
			if !groupAlive(p.pgid) {
				return true
			}
		default:
		}
		if time.Now().After(deadline) {
			return false
		}
		// A process group has no event to wait for.
		time.Sleep(5 * time.Millisecond)
	}
}

// group is several processes that are one server; the first one's end is the end.
type group []*process

func (g group) ended() <-chan struct{} { return g[0].done }

func (g group) stop(grace time.Duration) {
	for _, p := range g {
		killGroup(p.pgid, syscall.SIGTERM)
	}
	// Daemons that still serve somebody wait for him: they have nothing to save.
	for _, p := range g {
		p.stop(min(grace, 300*time.Millisecond))
	}
}

func (g group) kill() {
	for _, p := range g {
		killGroup(p.pgid, syscall.SIGKILL)
	}
	for _, p := range g {
		p.kill()
	}
}
