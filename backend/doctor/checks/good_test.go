package checks_test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/assist"
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
	w := build(t).withMailbox()
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

// The assistant looks at the policy that is really on the web server.
func TestTheAssistantKnowsThePolicyThatIsPublished(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *world)
		state  assist.State
		file   bool
	}{
		"it lets in every exchanger": {func(*world) {}, assist.OK, false},
		"it shuts one out":           {func(w *world) { w.set("good.example. 300 IN MX 10 mx.new.example.") }, assist.Differs, true},
		"there is none":              {func(w *world) { w.drop("mta-sts.good.example", dns.TypeA) }, assist.OK, true},
	} {
		w := build(t)
		c.change(w)
		table, err := checks.Assist(t.Context(), w.ready(), false)
		must(t, err)
		for _, r := range table.Rows {
			if r.Use == "mta_sts" && (r.State != c.state || (r.File != nil) != c.file) {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
}

// Who keeps the records is known by the name servers, and nothing is guessed.
func TestTheAssistantKnowsWhoKeepsTheRecords(t *testing.T) {
	w := build(t)
	table, err := checks.Assist(t.Context(), w.ready(), false)
	must(t, err)
	if table.Host.ID != "" {
		t.Errorf("servers of its own: %s", table.Host.ID)
	}
	w = build(t)
	w.set("good.example. 300 IN NS dns9.hichina.com.", "good.example. 300 IN NS dns10.hichina.com.")
	table, err = checks.Assist(t.Context(), w.ready(), false)
	must(t, err)
	if table.Host.ID != "alibaba" {
		t.Errorf("%+v", table.Host)
	}
}
