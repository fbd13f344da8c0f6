package ledger

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mailroom/backend/core"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func open(t *testing.T, dir string) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func folder(t *testing.T, l *Ledger, source string, validity uint32, target string) Folder {
	t.Helper()
	account, err := l.Account(t.Context(), "imap:a", "imap:b")
	if err != nil {
		t.Fatal(err)
	}
	f, err := l.Folder(t.Context(), account, source, validity, target)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func states(t *testing.T, l *Ledger, folder int64) map[uint32]State {
	t.Helper()
	all := map[uint32]State{}
	for part, err := range l.Each(t.Context(), folder) {
		must(t, err)
		for _, m := range part {
			all[m.UID] = m.State
		}
	}
	return all
}

func TestAFlightIsRememberedUntilItArrives(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	f := folder(t, l, "INBOX", 7, "INBOX")
	date := time.Date(2020, 2, 29, 23, 59, 58, 0, time.FixedZone("", 8*3600))
	must(t, l.Take(t.Context(), &f, 9, []Message{{UID: 3, Size: 10, Date: date, Flags: `\Seen`}, {UID: 9}}))
	fl, err := l.Depart(t.Context(), f.ID, []uint32{3, 9})
	must(t, err)
	_ = l.Close() // the program dies here

	l = open(t, dir)
	f = folder(t, l, "INBOX", 7, "INBOX")
	flying, err := l.InFlight(t.Context(), f.ID)
	must(t, err)
	if !flying[3] || !flying[9] || f.Listed != 9 {
		t.Fatalf("after a restart: %v, listed %d", flying, f.Listed)
	}
	must(t, l.Arrive(t.Context(), &f, []Flight{fl}, []Message{{UID: 3, State: Copied, Target: 41, Head: []byte("h")}}, 42))
	if flying, _ = l.InFlight(t.Context(), f.ID); len(flying) != 0 {
		t.Fatalf("still flying: %v", flying)
	}
	rows, err := l.Messages(t.Context(), f.ID, 0, 10, Copied)
	must(t, err)
	if len(rows) != 1 || rows[0].Target != 41 || !rows[0].Date.Equal(date) {
		t.Fatalf("rows: %+v", rows)
	}
	if _, zone := rows[0].Date.Zone(); zone != 8*3600 {
		t.Fatalf("the date's zone became %d", zone)
	}
	known, err := l.Arrived(t.Context(), f.Account, "INBOX", 41)
	must(t, err)
	if known[41] != Copied || f.Watermark != 42 {
		t.Fatalf("known %v, watermark %d", known, f.Watermark)
	}
}

func TestANewDestinationMakesEverythingPendingAgain(t *testing.T) {
	l := open(t, t.TempDir())
	f := folder(t, l, "INBOX", 7, "INBOX")
	_, err := l.SetTarget(t.Context(), &f, 100)
	must(t, err)
	must(t, l.Take(t.Context(), &f, 2, []Message{{UID: 1, State: Copied, Target: 5}, {UID: 2, State: Excluded, Reason: "deleted"}}))
	must(t, l.Update(t.Context(), f.ID, []Message{{UID: 1, State: Copied, Target: 5}}))
	reset, err := l.SetTarget(t.Context(), &f, 101)
	must(t, err)
	if got := states(t, l, f.ID); !reset || got[1] != Pending || got[2] != Excluded {
		t.Fatalf("reset %t, states %v", reset, got)
	}
	must(t, l.Update(t.Context(), f.ID, []Message{{UID: 1, State: Copied, Target: 6}}))
	g := folder(t, l, "INBOX", 7, "Elsewhere")
	if got := states(t, l, g.ID); got[1] != Pending || g.TargetValidity != 0 {
		t.Fatalf("another target: %v, %+v", got, g)
	}
}

func TestARenumberedSourceSupersedesWhatWasKnown(t *testing.T) {
	l := open(t, t.TempDir())
	folder(t, l, "A\xff&bad-", 1, "x")
	folder(t, l, "A\xff&bad-", 2, "x")
	all, err := l.Folders(t.Context(), 1)
	must(t, err)
	if len(all) != 2 || all[0].Current || !all[1].Current || all[0].Source != "A\xff&bad-" {
		t.Fatalf("%+v", all)
	}
}

func TestWhatIsLeftBehindKeepsItsReasonAndCanBeTriedAgain(t *testing.T) {
	l := open(t, t.TempDir())
	f := folder(t, l, "INBOX", 7, "INBOX")
	must(t, l.Take(t.Context(), &f, 1, []Message{{UID: 1, Size: 99}}))
	must(t, l.Leave(t.Context(), f.ID, LeftBehind{Message: Message{UID: 1, Size: 99}, Class: "virus", Server: "NO", Sender: "a", Subject: "b"}))
	lost, err := l.Lost(t.Context(), f.ID, 10)
	must(t, err)
	if len(lost) != 1 || lost[0].Class != "virus" || lost[0].Subject != "b" || lost[0].Size != 99 {
		t.Fatalf("%+v", lost)
	}
	must(t, l.Reopen(t.Context(), f.ID, "virus"))
	if got := states(t, l, f.ID); got[1] != Left {
		t.Fatalf("a virus was opened again: %v", got)
	}
	must(t, l.Reopen(t.Context(), f.ID, ""))
	if got := states(t, l, f.ID); got[1] != Pending {
		t.Fatalf("%v", got)
	}
}

func TestAProofReachesOnlyWhatCanBeProven(t *testing.T) {
	l := open(t, t.TempDir())
	f := folder(t, l, "INBOX", 7, "INBOX")
	all := []Message{{UID: 1}, {UID: 2}, {UID: 3}, {UID: 4}, {UID: 5}, {UID: 9}}
	must(t, l.Take(t.Context(), &f, 9, all))
	must(t, l.Update(t.Context(), f.ID, []Message{
		{UID: 1, State: Copied, Target: 11}, {UID: 2, State: Pending}, {UID: 3, State: Adopted, Target: 13, Verified: 2},
		{UID: 4, State: Copied}, {UID: 5, State: Adopted, Target: 15}, {UID: 9, State: Copied, Target: 19},
	}))
	must(t, l.Prove(t.Context(), f.ID, 1, []Span{{1, 4}, {5, 5}}))
	proven := func() (levels []int) {
		rows, err := l.Messages(t.Context(), f.ID, 0, 10)
		must(t, err)
		for _, m := range rows {
			levels = append(levels, m.Verified)
		}
		return levels
	}
	if got, want := proven(), []int{1, 0, 2, 0, 1, 0}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	must(t, l.Doubt(t.Context(), f.ID))
	if got := proven(); slices.Max(got) != 0 {
		t.Fatalf("still proven: %v", got)
	}
}

func TestADaysUseAddsUp(t *testing.T) {
	l := open(t, t.TempDir())
	for want := int64(10); want <= 30; want += 10 {
		got, err := l.Spend(t.Context(), "imap:b", "2026-01-01", 10)
		must(t, err)
		if got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	}
}

func TestALedgerThatIsNoLedgerIsToldWithItsPath(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, File), slices.Repeat([]byte("no ledger "), 900), 0o600))
	_, err := Open(t.Context(), dir)
	if core.CodeOf(err) != core.Malformed || core.ArgsOf(err)["path"] == "" {
		t.Fatal(err)
	}
}

func TestPackedUIDsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		uids := rapid.SliceOf(rapid.Uint32()).Draw(t, "uids")
		if got := unpackUIDs(packUIDs(uids)); !slices.Equal(got, uids) && len(uids) > 0 {
			t.Fatalf("%v became %v", uids, got)
		}
	})
}

func FuzzUnpackUIDs(f *testing.F) {
	f.Add([]byte{2, 2, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) { _ = unpackUIDs(b) })
}
