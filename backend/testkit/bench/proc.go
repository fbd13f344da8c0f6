package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/testkit/servers"
)

// The figures below come from /proc (Linux); elsewhere they are zero or unknown.

// tick is the unit of CPU time in /proc, fixed for user space.
const tick = 10 * time.Millisecond

// residentPeak is VmHWM of a process in bytes; 0 when it is gone.
func residentPeak(pid int) int64 {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			kb, _ := strconv.ParseInt(strings.Fields(string(rest))[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}

// machineCPU is the CPU time used by everything since the start of the machine.
func machineCPU() (time.Duration, bool) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, false
	}
	first, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(first)
	var sum time.Duration
	for i, f := range fields {
		// user nice system idle iowait irq softirq steal; steal is taken, not used
		if i == 0 || i == 4 || i == 5 || i > 7 {
			continue
		}
		n, _ := strconv.ParseInt(f, 10, 64)
		sum += time.Duration(n) * tick
	}
	return sum, true
}

// selfCPU is the CPU time of this program without its children.
func selfCPU() time.Duration {
	st, ok := statOf(os.Getpid())
	if !ok {
		return 0
	}
	return st.own
}

// stat is what /proc/PID/stat tells.
type stat struct {
	pid, parent  int
	own, waited  time.Duration // waited: of the children that have ended
	startedTicks int64
}

func statOf(pid int) (stat, bool) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return stat{}, false
	}
	// The name stands in parentheses and may hold anything.
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return stat{}, false
	}
	f := strings.Fields(string(text[end+1:]))
	if len(f) < 20 {
		return stat{}, false
	}
	at := func(i int) int64 { // i as in proc(5), which counts the pid as 1
		n, _ := strconv.ParseInt(f[i-3], 10, 64)
		return n
	}
	return stat{
		pid: pid, parent: int(at(4)), startedTicks: at(22),
		own: time.Duration(at(14)+at(15)) * tick, waited: time.Duration(at(16)+at(17)) * tick,
	}, true
}

// host is a server whose CPU time is looked at.
type host struct{ server *servers.Server }

// cpu is the CPU time of the server's master and all that it has started.
func (h *host) cpu() time.Duration {
	text, err := os.ReadFile(filepath.Join(h.server.Dir, "run", "master.pid"))
	if err != nil {
		return 0
	}
	master, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	children := map[int][]stat{}
	names, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0
	}
	for _, name := range names {
		pid, _ := strconv.Atoi(filepath.Base(name))
		if st, ok := statOf(pid); ok {
			children[st.parent] = append(children[st.parent], st)
		}
	}
	root, ok := statOf(master)
	if !ok {
		return 0
	}
	sum := time.Duration(0)
	for todo := []stat{root}; len(todo) > 0; {
		st := todo[0]
		todo = append(todo[1:], children[st.pid]...)
		sum += st.own + st.waited
	}
	return sum
}
