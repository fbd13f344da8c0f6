// Command logsoak reads logs of gigabytes in, interrupts that and counts; scripts/soak.sh
// logs runs it. See package logsoak.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"

	"mailroom/backend/testkit/logsoak"
)

func main() {
	kind := flag.String("kind", "", "dovecot, exchange or packed (Postfix in gzip); \"\": each")
	bytes := flag.Int64("bytes", 2<<30, "bytes of text in each log")
	seed := flag.Uint64("seed", 1, "what is in the logs")
	program := flag.String("program", "build/bin/mailroom-verbs", "the program that reads")
	dir := flag.String("dir", "", "where to work; \"\": the system's folder for such")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	kinds := logsoak.Kinds()
	if *kind != "" {
		if !slices.Contains(kinds, *kind) {
			fmt.Fprintln(os.Stderr, "logsoak: no such kind:", *kind)
			os.Exit(1)
		}
		kinds = []string{*kind}
	}
	for _, k := range kinds {
		f, err := logsoak.Run(ctx, k, logsoak.Options{Program: *program, Dir: *dir, Seed: *seed, Bytes: *bytes, Log: os.Stderr})
		if err != nil {
			fmt.Fprintf(os.Stderr, "logsoak: %s, seed %d: %v\n", k, *seed, err)
			os.Exit(1)
		}
		fmt.Printf("%s: %.2f GB of text in a file of %.2f GB, %d records as the log tells them; %.0f s by the clock, %.0f s of the processor, %.1f µs a record, %d MB of memory\n",
			k, float64(f.Text)/1e9, float64(f.File)/1e9, f.Records, f.Seconds, f.CPU, f.CPU/float64(f.Records)*1e6, f.Peak>>20)
	}
}
