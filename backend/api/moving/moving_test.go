package moving

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mailroom/backend/core"
	"mailroom/backend/job"
	"mailroom/backend/migrate"
)

var ran = Outcome{Ended: time.Unix(1, 0)}

func TestAMovesStatusFollowsFromItsJobAndItsMailboxes(t *testing.T) {
	boxes := func(states ...State) *Move {
		m := &Move{}
		for _, s := range states {
			m.Mailboxes = append(m.Mailboxes, Mailbox{State: s, Outcome: ran})
		}
		return m
	}
	fresh := &Move{Mailboxes: []Mailbox{{State: Idle}}}
	planned := &Move{Planned: true, Mailboxes: []Mailbox{{State: Idle}}}
	for name, c := range map[string]struct {
		m       *Move
		j       job.Job
		waiting bool
		want    Status
	}{
		"a draft":                     {fresh, job.Job{}, false, StatusDraft},
		"a dry run at work":           {fresh, job.Job{Kind: actPlan, State: job.Running}, false, StatusPlanning},
		"a dry run that failed":       {fresh, job.Job{Kind: actPlan, State: job.Failed}, false, StatusDraft},
		"a dry run that ended":        {planned, job.Job{Kind: actPlan, State: job.Done}, false, StatusPlanned},
		"waiting its turn":            {planned, job.Job{Kind: actRun, State: job.Queued}, false, StatusQueued},
		"at work":                     {boxes(Running), job.Job{Kind: actRun, State: job.Running}, false, StatusRunning},
		"all told to wait":            {boxes(Waiting), job.Job{Kind: actRun, State: job.Running}, true, StatusWaiting},
		"the network is away":         {boxes(Waiting), job.Job{Kind: actRun, State: job.Running}, true, StatusWaiting},
		"outside its hours":           {boxes(Queued), job.Job{Kind: actRun, State: job.Waiting}, false, StatusScheduled},
		"asked to pause":              {boxes(Running), job.Job{Kind: actRun, State: job.Pausing}, false, StatusPausing},
		"paused":                      {boxes(Paused), job.Job{Kind: actRun, State: job.Paused}, false, StatusPaused},
		"the program ended":           {boxes(Paused), job.Job{Kind: actRun, State: job.Paused, Interrupted: true}, false, StatusInterrupted},
		"canceled":                    {boxes(Canceled), job.Job{Kind: actRun, State: job.Canceled}, false, StatusCanceled},
		"all arrived":                 {boxes(Done, Done), job.Job{Kind: actRun, State: job.Done}, false, StatusDone},
		"some left behind":            {boxes(Done, LeftBehind), job.Job{Kind: actRun, State: job.Done}, false, StatusLeftBehind},
		"one failed, one left behind": {boxes(Failed, LeftBehind), job.Job{Kind: actRun, State: job.Done}, false, StatusFailed},
		"comparing again":             {boxes(Done), job.Job{Kind: actVerify, State: job.Running}, false, StatusVerifying},
		"compared, still left behind": {boxes(LeftBehind), job.Job{Kind: actVerify, State: job.Done}, false, StatusLeftBehind},
		"taking back":                 {boxes(Running), job.Job{Kind: actUndo, State: job.Running}, false, StatusUndoing},
		"begun, all are invited":      {&Move{Planned: true, Started: time.Now(), Mailboxes: []Mailbox{{State: Idle, Self: true}}}, job.Job{Kind: actRun, State: job.Done}, false, StatusPaused},
		"all are invited, not begun":  {&Move{Planned: true, Mailboxes: []Mailbox{{State: Idle, Self: true}}}, job.Job{}, false, StatusPlanned},
		"taken back":                  {&Move{Undone: true, Mailboxes: []Mailbox{{State: Idle}}}, job.Job{Kind: actUndo, State: job.Done}, false, StatusUndone},
	} {
		if got := statusOf(c.m, c.j, c.j.Kind != "", c.waiting); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Whatever the engine counts in this run and the ledger in all: nothing is lost or
// made up when the two are put together.
func TestFiguresOfTheWholeMoveKeepTheSum(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := func(name string) int64 { return rapid.Int64Range(0, 1e6).Draw(r, name) }
		c := migrate.Counts{Copied: n("copied"), AlreadyThere: n("there"), Excluded: n("excluded"), LeftBehind: n("left")}
		stored := n("stored")
		for what, got := range map[string]migrate.Counts{
			"while it runs": acrossRuns(c, &Outcome{Stored: stored}), "when it has ended": split(c, stored),
		} {
			if got.Copied+got.AlreadyThere != c.Copied+c.AlreadyThere || got.Copied < 0 || got.AlreadyThere < 0 ||
				got.Excluded != c.Excluded || got.LeftBehind != c.LeftBehind {
				r.Fatalf("%s: %+v became %+v", what, c, got)
			}
		}
	})
}

func TestAFoldersRawNameSurvivesThePage(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		raw := string(rapid.SliceOf(rapid.Byte()).Draw(r, "name"))
		if got := folderID(FolderKey(raw)); got != raw {
			r.Fatalf("%q became %q", raw, got)
		}
	})
}

func TestAnEstimateIsNeverNonsense(t *testing.T) {
	for in, want := range map[float64]int64{0: 0, -1: 0, 0.2: 1, 59.5: 60, 1e300: 0} {
		if got := whole(in); got != want {
			t.Errorf("%v: %d, want %d", in, got, want)
		}
	}
}

// The days are checked before anything connects, reach the engine, and may be others in
// the next run.
func TestAMoveOfSomeDaysOnly(t *testing.T) {
	b := openBureau(t, t.TempDir())
	v := b.move(1, 5, Options{Since: "2021-01-01", Before: "2024-01-01"})
	for i := range 5 { // the arrival of a message in a Maildir is its file's time
		name := filepath.Join(b.place(0, "old"), "cur", fmt.Sprintf("%d.%d.old:2,S", 1795000000+i, i))
		day := time.Date(2020, 1, 1+i, 12, 0, 0, 0, time.Local)
		if i >= 2 {
			day = day.AddDate(2, 0, 0)
		}
		if err := os.Chtimes(name, day, day); err != nil {
			t.Fatal(err)
		}
	}
	b.start(v.ID)
	v = b.untilStatus(v.ID, StatusDone)
	if c := v.Mailboxes[0].Outcome; c.Counts.Copied != 3 || c.Counts.Excluded != 2 || !slices.Contains(c.Notes, "older-than:2021-01-01 · 2") {
		t.Errorf("%+v", c)
	}
	for _, o := range []Options{{Since: "2026-02-30"}, {Since: "2026-01-02", Before: "2026-01-02"}, {Before: "soon"}} {
		if _, err := b.desk.Create(t.Context(), "", v.Mailboxes, o); core.CodeOf(err) != core.Invalid {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := b.desk.Edit(t.Context(), v.ID, "", v.Mailboxes, Options{Since: "2020-01-02", Verify: migrate.VerifyCounts}); err != nil {
		t.Fatal(err)
	}
	b.start(v.ID)
	v = b.until(v.ID, "run again", func(v View) bool { return v.Status == StatusDone && v.Watch.Runs == 2 })
	if c := v.Mailboxes[0].Outcome.Counts; c.Copied != 4 || c.Excluded != 1 || b.arrived(0) != 4 {
		t.Errorf("%+v", c)
	}
}
