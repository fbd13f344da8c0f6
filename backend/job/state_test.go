package job

import (
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
)

func TestEveryPairOfStatesIsDecided(t *testing.T) {
	allowed := map[State]string{
		Queued:   "running paused canceled",
		Running:  "pausing paused waiting done failed canceled",
		Pausing:  "paused done failed canceled",
		Paused:   "queued canceled",
		Waiting:  "queued paused canceled",
		Done:     "queued",
		Failed:   "queued canceled",
		Canceled: "queued",
	}
	for _, from := range States {
		for _, to := range States {
			want := slices.Contains(strings.Fields(allowed[from]), string(to))
			if got := MayFollow(from, to); got != want {
				t.Errorf("from %s to %s: allowed %v, want %v", from, to, got, want)
			}
		}
	}
}

func TestAForbiddenChangeIsRefusedAndChangesNothing(t *testing.T) {
	st := &memory{}
	e := New(st, nil, 1, nil)
	for _, from := range States {
		for _, to := range States {
			if MayFollow(from, to) {
				continue
			}
			en := &entry{job: Job{ID: "a", State: from}}
			err := e.setState(en, to, nil)
			if core.CodeOf(err) != core.Conflict || en.job.State != from {
				t.Errorf("from %s to %s: %v, state then %s", from, to, err, en.job.State)
			}
		}
	}
	if n := st.count(); n != 0 {
		t.Errorf("%d jobs were written", n)
	}
}
