// Command soak breaks moves at random moments and looks whether every message is at
// the destination exactly once afterwards:
//
//	soak [--kills 100] [--seed N] [--program build/bin/mailroom]
//	soak --office 200 [--faults 20] [--seed N]
//
// With --office a whole office is moved by the window's engine, over servers that
// behave as five providers do, cut, silenced and killed in between.
//
// It ends with 1 if one was lost, doubled or altered; the line of that iteration
// tells its seed, and `soak --seed N --kills 1` repeats it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"mailroom/backend/testkit/program"
	"mailroom/backend/testkit/soak"
)

func main() {
	soak.DivertOffice()
	program.Divert()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("soak", flag.ContinueOnError)
	o := soak.Options{Log: os.Stdout}
	fs.IntVar(&o.Kills, "kills", 100, "iterations")
	fs.Uint64Var(&o.Seed, "seed", 0, "seed of the first iteration (default: of this moment)")
	fs.StringVar(&o.Program, "program", "", "binary with the verbs (default: this one, which holds them too)")
	fs.IntVar(&o.Messages, "messages", 2000, "messages in the largest mailbox")
	fs.StringVar(&o.Dir, "dir", "", "folder for everything (default: the temporary folder)")
	office := fs.Int("office", 0, "move an office of so many people instead")
	faults := fs.Int("faults", 20, "with --office: how often it is broken")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if o.Seed == 0 {
		o.Seed = uint64(time.Now().Unix())
	}
	if *office > 0 {
		return moveOffice(ctx, *office, *faults, o.Seed)
	}
	if o.Program == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		o.Program = self
	}
	_, failed, err := soak.Run(ctx, o)
	if err == nil && failed > 0 {
		err = fmt.Errorf("%d of %d failed", failed, o.Kills)
	}
	return err
}

// moveOffice plays the soak of an office and tells every mailbox that is not right.
func moveOffice(ctx context.Context, people, faults int, seed uint64) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	begin := time.Now()
	wrong, err := soak.Office(ctx, soak.OfficeOptions{
		People: people, Parallel: 16, Messages: 30, Faults: faults, Seed: seed, Program: self, Log: os.Stdout,
	})
	if err != nil {
		return fmt.Errorf("seed %d: %w", seed, err)
	}
	for _, line := range wrong {
		fmt.Println("FAILED", line)
	}
	fmt.Printf("seed %d: %d people, %d faults, %s: %d wrong\n", seed, people, faults, time.Since(begin).Round(time.Second), len(wrong))
	if len(wrong) > 0 {
		return fmt.Errorf("%d mailboxes are not right", len(wrong))
	}
	return nil
}
