// Package program runs the verbs inside a test or benchmark program that starts
// itself again as a child: what is measured or killed is then all of the terminal's
// side of the real binary, with a CPU profile where one is asked for.
//
// It leaves out the window and how the real binary starts.
package program

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"

	"mailroom/backend/cli"
)

// Marker is the environment variable that turns a program into the verbs.
const Marker = "MAILROOM_TESTKIT_PROGRAM"

// ProfileEnv names the file that receives a CPU profile of the child. The real binary
// does not know it.
const ProfileEnv = "MAILROOM_CPUPROFILE"

// Divert runs the verbs and ends the process where [Marker] is set; else it
// returns at once. It is the first call of main or TestMain.
func Divert() {
	if os.Getenv(Marker) != "" {
		os.Exit(profiled(os.Args[1:]))
	}
}

func profiled(args []string) int {
	name := os.Getenv(ProfileEnv)
	if name == "" {
		return verbs(args)
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
	return verbs(args)
}

func verbs(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Run(ctx, args, os.Stdin, os.Stdout, os.Stderr, cli.Env{Version: "test"})
}
