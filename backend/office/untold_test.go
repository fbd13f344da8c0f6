package office_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// silent is an office that changes lists and tells none.
type silent struct {
	*vendor
	joined, written int
	members         []string
	fails           error
	neverEmpty      bool // lists keep their last member
}

func (s *silent) ListTraits() provider.ListTraits {
	traits := s.vendor.ListTraits()
	traits.NeedsMember, traits.NeverEmpty = s.neverEmpty, s.neverEmpty
	return traits
}

func (s *silent) Capabilities(ctx context.Context) (provider.Capabilities, error) {
	c, err := s.vendor.Capabilities(ctx)
	c.Support[provider.CanOverwriteLists] = provider.Support{Can: true}
	return c, err
}

func (s *silent) AddListMembers(_ context.Context, _ string, members []string) error {
	s.joined++
	s.members = append(s.members, members...)
	return s.fails
}

func (s *silent) OverwriteList(_ context.Context, l provider.List) error {
	s.written++
	s.members = l.Members
	err := s.fails
	s.fails = nil
	return err
}

func TestAListThatNobodyTellsIsShownSentOnceAndRecorded(t *testing.T) {
	s := &silent{}
	b := newBureauWith(t, &bureau{silent: s})
	list := "all@" + b.domain()
	plan := b.preview(office.Change{Kind: office.JoinList, Target: list, AddMembers: []string{"A@Office.example", "a@office.example", "b@office.example"}})
	if plan.Ready != 1 || s.joined != 0 || plan.Steps[0].Undoable || plan.Steps[0].KeepsBack != office.BackNotKnown {
		t.Fatalf("%+v", plan)
	}
	if d := plan.Steps[0].Diffs; len(d) != 1 || d[0].Attr != office.AttrJoins || !slices.Equal(d[0].After, []string{"a@office.example", "b@office.example"}) {
		t.Errorf("%+v", d)
	}
	r := b.apply(plan)
	if r.State != office.Done || r.CanUndo != 0 || s.joined != 1 || len(s.members) != 2 {
		t.Errorf("%+v %+v", r, s)
	}
	if undo, err := b.desk.Undo(t.Context(), r.ID); err == nil && undo.Ready > 0 {
		t.Errorf("what nobody knows is taken back: %+v", undo)
	}
	last := b.record[slices.IndexFunc(b.record, func(e audit.Entry) bool { return e.Act == string(office.JoinList) })]
	if last.Subject != list || last.After["joins"] != "a@office.example, b@office.example" {
		t.Errorf("%+v", last)
	}
}

func TestAnUnclearAnswerPutsNobodyOnAListTwice(t *testing.T) {
	s := &silent{fails: core.E(core.Timeout, "call", errors.New("no answer"))}
	b := newBureauWith(t, &bureau{silent: s})
	list := "all@" + b.domain()
	if r := b.apply(b.preview(office.Change{Kind: office.JoinList, Target: list, AddMembers: []string{"a@office.example"}})); r.State != office.Partly || s.joined != 1 {
		t.Errorf("%+v, sent %d times", r, s.joined)
	} else if rows, err := b.desk.Results(t.Context(), r.ID, 0, 0); err != nil || rows[0].Outcome != office.Unsure {
		t.Errorf("%+v %v", rows, err)
	}
	over := office.Change{Kind: office.OverwriteList, Target: list, List: provider.List{Policy: provider.PolicyAnyone, Members: []string{"c@office.example"}}}
	plan := b.preview(over)
	if plan.Typed != list || !plan.Steps[0].Diffs[0].Untold {
		t.Errorf("%+v", plan)
	}
	if r := b.apply(plan); r.State != office.Done || s.written != 2 || !slices.Equal(s.members, []string{"c@office.example"}) {
		t.Errorf("%+v, sent %d times", r, s.written)
	}
}

// Where one answer holds everybody, a small change looks anew before each step: what
// somebody else did a second ago is not overwritten.
func TestASmallChangeLooksAnewBeforeEachStep(t *testing.T) {
	b := newBureauOf(t, true)
	b.do(b.somebody("one"), b.somebody("two"))
	one, two := b.person("one@"+b.domain()), b.person("two@"+b.domain())
	title := "总监"
	change := func(id string) office.Change {
		return office.Change{Kind: office.UpdatePerson, Target: id, Set: []provider.Attr{provider.AttrTitle}, Person: provider.Person{Title: "经理"}}
	}
	plan := b.preview(change(one.ID), change(two.ID))
	b.vendor.fail(nil, func(call, target string) error {
		if call == "update" && target == one.ID { // no sooner is the first sent than somebody gives the second another title
			_ = b.vendor.Adapter.UpdatePerson(context.Background(), two.ID, provider.PersonChange{Title: &title})
		}
		return nil
	})
	if r := b.apply(plan); r.State != office.Partly || r.Done != 1 || b.person("two@"+b.domain()).Title != title {
		t.Errorf("%+v", r)
	}
}

// A server whose lists are never empty refuses what would empty one; it is said before
// anything is sent.
func TestTheLastOnAListStaysWhereListsAreNeverEmpty(t *testing.T) {
	b := newBureauWith(t, &bureau{silent: &silent{neverEmpty: true}})
	at := "@" + b.domain()
	list := func(local string, members ...string) office.Change {
		return office.Change{Kind: office.CreateList, List: provider.List{Address: local + at, Name: local, Members: members, Policy: provider.PolicyAnyone}}
	}
	b.do(b.somebody("anna"), b.somebody("bert"), list("few", "anna"+at), list("two", "anna"+at, "bert"+at))
	if s := b.preview(list("none")).Steps[0]; s.Refusal == nil || s.Refusal.Attr != provider.AttrMembers {
		t.Errorf("%+v", s)
	}
	anna := office.Change{Kind: office.DeletePerson, Target: b.person("anna" + at).ID}
	bert := office.Change{Kind: office.DeletePerson, Target: b.person("bert" + at).ID}
	if s := b.preview(anna).Steps[0]; s.Refusal == nil || s.Refusal.Args["reason"] != "last_member" || s.Refusal.Args["list"] != "few"+at {
		t.Errorf("%+v", s)
	}
	if s := b.preview(bert).Steps[0]; s.Refusal != nil {
		t.Errorf("%+v", s.Refusal)
	}
}
