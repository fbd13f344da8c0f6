// Package program runs the verbs inside a test or benchmark program that starts
// itself again as a child: what is measured or killed is then the engine as the
// real binary has it, with a CPU profile where one is asked for.
//
// It leaves out the window and everything else of the real binary's start.
package program

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/migrate"
	"mailroom/backend/migrate/ledger"
)

// Marker is the environment variable that turns a program into the verbs.
const Marker = "MAILROOM_TESTKIT_PROGRAM"

// ProfileEnv names the file that receives a CPU profile of the child.
const ProfileEnv = "MAILROOM_CPUPROFILE"

// Divert runs the verbs and ends the process where [Marker] is set; else it
// returns at once. It is the first call of main or TestMain.
func Divert() {
	if os.Getenv(Marker) == "" {
		return
	}
	os.Exit(profiled(os.Args[1:]))
}

func profiled(args []string) int {
	name := os.Getenv(ProfileEnv)
	if name == "" {
		return Run(args)
	}
	file, err := os.Create(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer file.Close()
	if err := pprof.StartCPUProfile(file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer pprof.StopCPUProfile()
	return Run(args)
}

// Run is `mailroom move` with the arguments that the benchmark uses.
func Run(args []string) int {
	if len(args) == 0 || args[0] != "move" {
		fmt.Fprintln(os.Stderr, "usage: move --from URL --to URL --state DIR [--verify LEVEL] [--json]")
		return 1
	}
	fs := flag.NewFlagSet("move", flag.ContinueOnError)
	from, to := fs.String("from", "", ""), fs.String("to", "", "")
	state, verify := fs.String("state", "", ""), fs.String("verify", "fingerprint", "")
	connections := fs.Int("connections", 0, "")
	fs.Bool("json", false, "")
	if err := fs.Parse(args[1:]); err != nil {
		return 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	source, err := account(*from, "MAILROOM_FROM_PASSWORD")
	if err != nil {
		return fail(err)
	}
	destination, err := account(*to, "MAILROOM_TO_PASSWORD")
	if err != nil {
		return fail(err)
	}
	led, err := ledger.Open(ctx, *state)
	if err != nil {
		return fail(err)
	}
	defer led.Close()
	m := migrate.New(led, source, destination, migrate.Options{Verify: migrate.Level(*verify), Connections: *connections}, nil)
	result, err := m.Run(ctx)
	_ = json.NewEncoder(os.Stdout).Encode(result)
	if err != nil {
		return fail(err)
	}
	if result.State != migrate.StateDone {
		return 2
	}
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, err)
	switch core.CodeOf(err) {
	case core.Unauthenticated:
		return 3
	case core.Unreachable, core.Timeout, core.Canceled:
		return 4
	}
	return 1
}

func account(url, password string) (*imap.Account, error) {
	cfg, err := imap.ParseURL(url)
	if err != nil {
		return nil, err
	}
	cfg.Password = os.Getenv(password)
	return imap.New(cfg)
}
