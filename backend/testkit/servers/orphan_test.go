package servers

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestNothingOutlivesAKilledProgram starts the servers in a second copy of this test,
// kills that copy with SIGKILL and waits for the servers to end.
func TestNothingOutlivesAKilledProgram(t *testing.T) {
	if os.Getenv("MAILROOM_TEST_VICTIM") != "" {
		playVictim(t)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestNothingOutlivesAKilledProgram$")
	cmd.Env = append(os.Environ(), "MAILROOM_TEST_VICTIM=1", "TMPDIR="+victimFolder(t))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var groups []int
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "group "); ok {
			n, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			groups = append(groups, n)
		}
		if lines.Text() == "ready" {
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if len(groups) < 5 {
		t.Fatalf("only the groups %v were started", groups)
	}
	deadline := time.Now().Add(2 * time.Minute)
	for _, g := range groups {
		for groupAlive(g) && running(g) {
			if time.Now().After(deadline) {
				t.Fatalf("process group %d is left", g)
			}
			time.Sleep(20 * time.Millisecond) // the kernel tells nobody but the parent, who is dead
		}
	}
}

// victimFolder is a folder that the servers' user may enter.
func victimFolder(t *testing.T) string {
	dir, err := os.MkdirTemp("", "mailroom-victim-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func playVictim(t *testing.T) {
	for _, start := range []func(context.Context, Options) (*Server, error){StartDovecot, StartCyrus, StartCourier} {
		s, err := start(context.Background(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		switch run := s.running.(type) {
		case *process:
			fmt.Println("group", run.pgid)
		case group:
			for _, p := range run {
				fmt.Println("group", p.pgid)
			}
		}
	}
	fmt.Println("ready")
	select {}
}

// running tells whether a group holds more than dead processes whose end nobody has
// asked for.
func running(pgid int) bool {
	out, err := exec.Command("ps", "-eo", "pgid=,stat=").Output()
	if err != nil {
		return true
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) == 2 && f[0] == strconv.Itoa(pgid) && !strings.HasPrefix(f[1], "Z") {
			return true
		}
	}
	return false
}
