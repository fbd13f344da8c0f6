// Command bench measures the verbs beside other programs and prints a table:
//
//	bench [--cases small,noop] [--scale 0.1] [--runs N] [--json FILE] [--strict]
//	      [--also NAME=PATH[,ARGUMENT...]]...
//
// See docs/performance.md. It ends with 0 whether or not the goals are met, unless
// --strict is given.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"mailroom/backend/testkit/bench"
)

func main() {
	bench.Divert()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, line []string) error {
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	o := bench.Options{Log: os.Stderr, Imapsync: os.Getenv("IMAPSYNC")}
	cases := fs.String("cases", "", "comma-separated, of "+strings.Join(bench.Cases(), " "))
	only := fs.String("peers", "", "comma-separated beginnings of programs' names")
	fs.Float64Var(&o.Scale, "scale", 1, "fraction of the messages, for a quick pass")
	fs.IntVar(&o.Runs, "runs", 0, "runs of each program in each case (default: by case)")
	fs.StringVar(&o.Program, "program", "", "binary with the verbs (default: this one, which holds them too)")
	args := fs.String("args", "", "comma-separated further arguments for the verb, to try them out")
	fs.Func("also", "NAME=PATH[,ARGUMENT...]: another build of the verbs, or other arguments, to compare in turns; may be repeated", func(v string) error {
		name, line, ok := strings.Cut(v, "=")
		words := strings.Split(line, ",")
		if !ok || name == "" || words[0] == "" {
			return fmt.Errorf("%q is not NAME=PATH", v)
		}
		o.Also = append(o.Also, bench.Other{Name: name, Program: words[0], Args: words[1:]})
		return nil
	})
	fs.StringVar(&o.Dir, "dir", "", "folder on the disk to measure (default: the temporary folder)")
	fs.BoolVar(&o.Keep, "keep", false, "leave the servers' data behind")
	fs.DurationVar(&o.Calm, "calm", 20*time.Second, "how long to wait before a run for the machine to be idle")
	file := fs.String("json", "", "file for the figures")
	strict := fs.Bool("strict", false, "fail when a goal is missed")
	if err := fs.Parse(line); err != nil {
		return err
	}
	o.Cases, o.Peers, o.Args = split(*cases), split(*only), split(*args)
	if o.Program == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		o.Program = self
	}
	report, err := bench.Run(ctx, o)
	if len(report.Cases)+len(report.Figures) > 0 {
		if perr := report.Print(os.Stdout); perr != nil {
			return perr
		}
	}
	if err != nil {
		return err
	}
	if *file != "" {
		text, err := json.MarshalIndent(report, "", " ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(*file, append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	if *strict && !report.Met() {
		return fmt.Errorf("a goal was missed")
	}
	return nil
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}
