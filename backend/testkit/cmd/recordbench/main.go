// Command recordbench measures the book of records and prints a table; scripts/bench.sh
// runs it. See package recordbench.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"mailroom/backend/testkit/recordbench"
)

func main() {
	records := flag.Int("records", 10_000_000, "mails in the book")
	peers := flag.Int("peers", 0, "mails for SQLite's own ways; 0: as many, at most 300,000")
	program := flag.String("program", "build/bin/mailroom", "the program whose verbs are measured")
	dir := flag.String("dir", "", "where to work; \"\": a temporary folder")
	file := flag.String("json", "", "also write the figures to this file")
	ask := flag.String("ask", "", "ask one question of --book (used by itself)")
	book := flag.String("book", "", "the book to ask")
	practice := flag.String("practice", "", "only ask a practice office for its records, in this folder (used by itself)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *ask, *book, *practice, *file, recordbench.Options{Records: *records, Peers: *peers, Program: *program, Dir: *dir, Log: os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "recordbench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, ask, book, practice, file string, o recordbench.Options) error {
	if practice != "" {
		t, err := recordbench.Practice(ctx, practice)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(t)
	}
	if ask != "" {
		t, err := recordbench.Ask(ctx, book, ask)
		if err != nil {
			return err
		}
		t.Name = ""
		return json.NewEncoder(os.Stdout).Encode(t)
	}
	f, err := recordbench.Run(ctx, o)
	if err != nil {
		return err
	}
	f.Print(os.Stdout)
	if file == "" {
		return nil
	}
	raw, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, raw, 0o600)
}
