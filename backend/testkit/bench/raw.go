package bench

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"

	"mailroom/backend/testkit/bench/rawcopy"
	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/program"
)

// rawMarker turns the benchmark program into the raw copy: a process of its own, so
// that its costs are seen as the others' are. It holds the messages in a batch.
const rawMarker = "MAILROOM_BENCH_RAW"

// Divert runs the raw copy or the verbs and ends the process, where the program has
// started itself for that; else it returns at once. It is the first call of main.
func Divert() {
	program.Divert()
	if os.Getenv(rawMarker) == "" {
		return
	}
	if err := rawRun(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// rawRun takes port, user and password of the source, then of the destination.
func rawRun(args []string) error {
	batch, err := strconv.Atoi(os.Getenv(rawMarker))
	if err != nil || len(args) != 6 {
		return fmt.Errorf("raw copy: bad arguments: %v", args)
	}
	end := func(a []string) rawcopy.End {
		return rawcopy.End{Addr: net.JoinHostPort(program.Host, a[0]), User: a[1], Password: a[2]}
	}
	_, err = rawcopy.Copy(context.Background(), end(args[:3]), end(args[3:]), batch)
	return err
}

// rawPeers are the two ways to copy raw: the faster one is the limit.
func rawPeers() []*peer {
	var list []*peer
	for _, way := range []struct {
		name  string
		batch int
	}{{nameRawMulti, 100}, {nameRaw, 1}} {
		list = append(list, &peer{name: way.name, raw: true, allows: corpus.Rules{AnySubscribed: true}, commands: func(j job) ([]*exec.Cmd, error) {
			self, err := os.Executable()
			if err != nil {
				return nil, err
			}
			return each(j, func(i int, _ string) (*exec.Cmd, error) {
				var args []string
				for _, m := range []program.Mailbox{j.from[i], j.to[i]} {
					args = append(args, strconv.Itoa(m.Port), m.User.Name, m.User.Password)
				}
				cmd := exec.Command(self, args...)
				cmd.Env = append(os.Environ(), rawMarker+"="+strconv.Itoa(way.batch))
				return cmd, nil
			})
		}})
	}
	return list
}
