package api

import (
	"testing"

	"mailroom/backend/core"
)

func groupOf(groups []FolderGroup, good func(FolderGroup) bool) *FolderGroup {
	for i := range groups {
		if good(groups[i]) {
			return &groups[i]
		}
	}
	return nil
}

// planned makes a practice move of n people whose dry run has ended.
func (h *house) planned(n int) Move {
	m := must(h.moves.Create(h.practiceDraft(n)))(h.t)
	must(h.moves.Plan(m.ID))(h.t)
	return h.until(m.ID, "planned", func(m Move) bool { return m.Planned && m.State == MovePlanned })
}

func TestOneFolderPlanHoldsForEverybodyWithExceptions(t *testing.T) {
	h := open(t, t.TempDir())
	m := h.planned(3)
	groups := must(h.moves.FolderGroups(m.ID))(t)
	if len(groups) < 4 || groups[0].Role != "inbox" || groups[0].People != 3 {
		t.Fatalf("%+v", groups)
	}
	sent := groupOf(groups, func(g FolderGroup) bool { return g.Role == "sent" && g.Action == FolderCopy })
	junk := groupOf(groups, func(g FolderGroup) bool { return g.Role == "junk" && g.Action == FolderCopy })
	if sent == nil || junk == nil {
		t.Fatalf("no sent or junk: %+v", groups)
	}
	rules := []FolderRule{{Role: "junk", Skip: true}, {Source: sent.Source, Target: "Old/ Sent "}}
	groups = must(h.moves.SetFolderRules(m.ID, rules))(t)
	after := groupOf(groups, func(g FolderGroup) bool { return g.Source == sent.Source })
	if after.Target != "Old/Sent" || after.Targets != 1 || !after.Ruled || after.Own != 0 {
		t.Errorf("sent: %+v", after)
	}
	if after = groupOf(groups, func(g FolderGroup) bool { return g.Source == junk.Source }); after.Action != FolderSkip || after.Skipped != after.People || after.Reason != "by-request" {
		t.Errorf("junk: %+v", after)
	}

	// One person keeps the junk all the same.
	box := m.Mailboxes[0].ID
	var choices []FolderChoice
	for _, f := range must(h.moves.Folders(m.ID, box))(t) {
		if f.Chosen && f.Source != junk.Source {
			choices = append(choices, FolderChoice{SourceID: f.SourceID, Skip: f.Action == FolderSkip, Target: f.Target})
		}
	}
	for _, f := range must(h.moves.ChooseFolders(m.ID, box, choices))(t) {
		if f.Own != (f.Source == junk.Source) {
			t.Errorf("%s: own %v", f.Source, f.Own)
		}
		if f.Source == junk.Source && (f.Action != FolderCopy || f.Target == "") {
			t.Errorf("junk of one person: %+v", f)
		}
	}
	groups = must(h.moves.FolderGroups(m.ID))(t)
	if after = groupOf(groups, func(g FolderGroup) bool { return g.Source == junk.Source }); after.Own != 1 || after.Skipped != after.People-1 {
		t.Errorf("junk with an exception: %+v", after)
	}

	// The next dry run keeps both, and the move leaves the junk out.
	must(h.moves.Plan(m.ID))(t)
	m = h.until(m.ID, "planned again", func(m Move) bool { return m.State == MovePlanned })
	groups = must(h.moves.FolderGroups(m.ID))(t)
	if after = groupOf(groups, func(g FolderGroup) bool { return g.Source == junk.Source }); after.Own != 1 || after.Skipped != after.People-1 {
		t.Errorf("junk after a dry run: %+v", after)
	}
	if len(m.Options.FolderRules) != 2 {
		t.Errorf("%+v", m.Options)
	}
	// Without rules everything is as proposed, but for the exception.
	groups = must(h.moves.SetFolderRules(m.ID, nil))(t)
	if after = groupOf(groups, func(g FolderGroup) bool { return g.Source == sent.Source }); after.Target != sent.Target || after.Ruled {
		t.Errorf("sent without rules: %+v, was %+v", after, sent)
	}
}

func TestRulesHoldForMailboxesThatComeLater(t *testing.T) {
	h := open(t, t.TempDir())
	draft := h.practiceDraft(2)
	draft.Options.FolderRules = []FolderRule{{Role: "junk", Skip: true}}
	m := must(h.moves.Create(draft))(t)
	must(h.moves.Plan(m.ID))(t)
	m = h.until(m.ID, "planned", func(m Move) bool { return m.Planned && m.State == MovePlanned })
	for i := range m.Mailboxes {
		if e := m.Mailboxes[i].Estimate; e.Already != 0 || e.ToCopy >= e.Messages {
			t.Errorf("what a rule leaves out is not there already: %+v", e)
		}
	}
	for _, g := range must(h.moves.FolderGroups(m.ID))(t) {
		if g.Role == "junk" && g.Action != FolderSkip {
			t.Errorf("%+v", g)
		}
	}
	groups := must(h.moves.SetFolderRules(m.ID, nil))(t)
	if junk := groupOf(groups, func(g FolderGroup) bool { return g.Role == "junk" }); junk == nil || junk.Target == "" {
		t.Errorf("the proposal was lost: %+v", junk)
	}
}

func TestBadFolderRulesAreRefused(t *testing.T) {
	h := open(t, t.TempDir())
	m := h.planned(1)
	for _, rule := range []FolderRule{{}, {Source: "a", Role: "junk"}, {Source: "a", Skip: true, Target: "b"}, {Source: "a", Target: "b//c"}} {
		wantCode(t, "rule", second(h.moves.SetFolderRules(m.ID, []FolderRule{rule})), core.Invalid)
	}
	wantCode(t, "no move", second(h.moves.FolderGroups("none")), core.NotFound)
}
