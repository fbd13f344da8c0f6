package checks_test

import (
	"strings"
	"testing"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
)

// look runs checks on a world and returns "id:reason" of every finding.
func look(t *testing.T, w *world, ids ...string) map[string]doctor.Finding {
	t.Helper()
	picked, unknown := checks.Only(checks.All(), ids)
	if len(unknown) > 0 {
		t.Fatalf("no such check: %v", unknown)
	}
	found := map[string]doctor.Finding{}
	for _, f := range doctor.Run(t.Context(), w.ready(), picked, nil) {
		found[f.Check+":"+f.Reason] = f
	}
	return found
}

func TestAGoodDomainHasNothingToMend(t *testing.T) {
	w := build(t)
	found := look(t, w)
	for key, f := range found {
		switch {
		case f.Verdict == doctor.Fail || f.Verdict == doctor.Warn:
			t.Errorf("%s on %s: %v %+v", key, f.Subject, f.Facts, f.Evidence)
		case f.Verdict == doctor.Skipped && !strings.HasSuffix(key, ":not_asked"):
			t.Errorf("skipped: %s on %s: %v", key, f.Subject, f.Facts)
		}
	}
	t.Logf("%d checks, %d questions to the DNS", len(checks.All()), w.x.DNS.Queries())
}
