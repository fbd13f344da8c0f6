package checks_test

import (
	"slices"
	"strings"
	"testing"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/say"
	"mailroom/backend/report"
	"mailroom/frontend/src/i18n/locales"
)

// kase is one broken world: what to change in the good one, and what the doctor must
// find then, as "check:reason".
type kase struct {
	finds  string
	change func(w *world)
}

func allCases() []kase {
	var all []kase
	for _, part := range [][]kase{domainCases, mxCases, mxServerCases, spfCases, dkimCases, dmarcCases, transportCases, reputationCases, clientCases, networkCases, portCases, tlsCases, helloCases, smtpCases, pastCases, routeCases, lineCases, markCases, mailCases, mailFormCases, mailboxCases, readyCases} {
		all = append(all, part...)
	}
	return all
}

func TestEveryFaultIsFoundAndNamed(t *testing.T) {
	known := map[string]doctor.Verdict{}
	for _, c := range checks.All() {
		for _, r := range c.Reasons {
			known[c.ID+":"+r.Code] = r.Verdict
		}
	}
	words, err := report.LoadWords(locales.FS, "en")
	must(t, err)
	for _, c := range allCases() {
		t.Run(c.finds, func(t *testing.T) {
			t.Parallel()
			if _, ok := known[c.finds]; !ok {
				t.Fatal("no check declares this")
			}
			w := build(t)
			c.change(w)
			id, _, _ := strings.Cut(c.finds, ":")
			found := look(t, w, id)
			f, ok := found[c.finds]
			if !ok {
				for key, f := range found {
					t.Errorf("found %s on %s instead: %v %+v", key, f.Subject, f.Facts, f.Evidence)
				}
				return
			}
			if (f.Verdict == doctor.Fail || f.Verdict == doctor.Warn) && len(f.Fix) == 0 {
				t.Error("nothing to mend it with")
			}
			if todo := say.Finding(words, f).Do; (strings.Contains(todo, "record below") || strings.Contains(todo, "one below")) && !slices.ContainsFunc(f.Fix, func(x doctor.Fix) bool { return x.Kind == doctor.FixRecord }) {
				t.Errorf("%q, and there is no record", todo)
			}
		})
	}
}

// A check that cannot be seen to work in both directions is none: every reason of every
// check must come out of the good world or of a broken one.
func TestEveryReasonOfEveryCheckHasAWorld(t *testing.T) {
	covered := map[string]bool{}
	for key := range look(t, build(t).withMailbox()) {
		covered[key] = true
	}
	for _, c := range allCases() {
		covered[c.finds] = true
	}
	for _, c := range checks.All() {
		good, bad := false, false
		for _, r := range c.Reasons {
			key := c.ID + ":" + r.Code
			if !covered[key] {
				t.Errorf("%s (%s): no world shows it", key, r.Verdict)
			}
			if r.Verdict == doctor.Pass {
				good = true
			} else {
				bad = true
			}
		}
		if !good || !bad {
			t.Errorf("%s: good %v, bad %v", c.ID, good, bad)
		}
	}
}
