package moving

import (
	"testing"
	"time"

	"pgregory.net/rapid"

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
