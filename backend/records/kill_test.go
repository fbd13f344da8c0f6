package records

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"mailroom/backend/logs"
)

// childOf names the book into which a child of the test reads its input until it is
// killed.
const childOf = "MAILROOM_TEST_BOOK"

// child reads NDJSON from its input in small batches and tells every step.
func child(dir string) int {
	b, err := Open(context.Background(), dir, shanghai)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	b.batch = 200
	if _, err := b.ImportNDJSON(context.Background(), "test", os.Stdin, func(lines int) { fmt.Println(lines) }); err != nil {
		fmt.Println(err)
		return 1
	}
	if err := b.Close(); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("end")
	return 0
}

// readUntil lets a child read a file, and kills it after some of its steps. It says
// whether the child came to the end.
func readUntil(t *testing.T, dir string, file []byte, steps int) (ended bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^$")
	cmd.Env = append(os.Environ(), childOf+"="+dir)
	cmd.Stdin = bytes.NewReader(file)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := ""
	for lines := bufio.NewScanner(out); lines.Scan(); steps-- {
		last = lines.Text()
		if steps == 0 {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait()
	return last == "end"
}

// A program that is killed in the middle of a file, again and again, and then reads it
// to the end has every record once, and each with the last outcome and its past.
func TestAKilledImportLosesAndDoublesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	records := mails(5000)
	for i := range records { // four months, nearly in the order of time
		records[i].ID, records[i].At = fmt.Sprint(i), time.Date(2026, 1, 1, i/40, i%60, 0, 0, time.UTC)
	}
	for i := range records {
		j := min(i+r.IntN(40), len(records)-1)
		records[i], records[j] = records[j], records[i]
	}
	changed := map[string]bool{}
	for range 50 { // an outcome that comes later
		late := records[r.IntN(4500)]
		if changed[late.Subject] {
			continue
		}
		changed[late.Subject] = true
		late.Outcome = logs.Junk
		records = append(records, late)
	}
	file := ndjsonOf(t, records).Bytes()
	dir := filepath.Join(t.TempDir(), "book")
	for range 3 {
		if readUntil(t, dir, file, r.IntN(4)) {
			t.Log("was too quick to be killed")
		}
	}
	if !readUntil(t, dir, file, -1) {
		t.Fatal("did not come to the end")
	}
	b, err := Open(t.Context(), dir, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	seen := map[string]bool{}
	if _, err := b.Search(t.Context(), ask(t, ""), 0, func(h Hit) bool {
		s := h.Record.Subject
		if seen[s] {
			t.Errorf("%s is there twice", s)
		}
		seen[s] = true
		if want := map[bool]logs.Outcome{true: logs.Junk, false: logs.Delivered}[changed[s]]; h.Record.Outcome != want {
			t.Errorf("%s is %s", s, h.Record.Outcome)
		}
		return true
	}); err != nil || len(seen) != 5000 {
		t.Errorf("%d of 5000 are there, %v", len(seen), err)
	}
	found := 0
	if _, err := b.Search(t.Context(), ask(t, "发票 outcome:junk"), 0, func(h Hit) bool {
		_, past, err := b.Row(t.Context(), h.ID)
		if err != nil || len(past) == 0 || past[0].Hit.Record.Outcome != logs.Delivered {
			t.Errorf("%s has no past: %v", h.Record.Subject, err)
		}
		found++
		return true
	}); err != nil || found != len(changed) {
		t.Errorf("%d of %d changed ones are found, %v", found, len(changed), err)
	}
}
