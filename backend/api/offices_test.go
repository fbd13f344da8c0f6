package api

import (
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/testkit/nameserver"
)

// administering is a program that can administer offices.
func administering(c *Config) {
	c.Adapters = provider.NewRegistry(tencent.Maker(), admin.Maker(nil))
	c.Keychain = &keychain{}
}

// office connects the practice office and waits until its directory was read.
func (h *house) office() OfficeInfo {
	h.t.Helper()
	o := must(h.offices.ConnectPractice())(h.t)
	h.read(o.ID)
	return o
}

// changed applies changes and waits for the end.
func (h *house) changed(office string, wanted ...OfficeChange) ChangeRun {
	h.t.Helper()
	p := must(h.changes.Preview("", office, wanted))(h.t)
	return h.ended(must(h.changes.Apply(p.ID, p.Typed))(h.t))
}

func (h *house) ended(r ChangeRun) ChangeRun {
	h.t.Helper()
	h.eventually("the end of the run", func() bool {
		r = must(h.changes.Results(r.ID, 0, 1))(h.t).Run
		return r.State != "running" && r.State != "stopping"
	})
	return r
}

// told waits for the last word on a run.
func (h *house) told(state RunState) {
	h.t.Helper()
	h.eventually("the word that the run is "+string(state), func() bool {
		told := heard[ChangeRun](h.w, "run:progress")
		return len(told) > 0 && told[len(told)-1].State == state
	})
}

func TestThePracticeOfficeIsConnectedWithOneClick(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, administering)
	o := h.office()
	if !o.Current || o.Provider != "practice" || o.Domain == "" || o.Missing {
		t.Errorf("%+v", o)
	}
	if again := must(h.offices.ConnectPractice())(t); again.ID != o.ID || len(must(h.offices.List())(t)) != 1 {
		t.Errorf("a second one: %+v", again)
	}
	s := must(h.directory.Snapshot(o.ID))(t)
	if len(s.People) != 12 || len(s.Departments) == 0 || len(s.Domains) == 0 || s.Problem != nil {
		t.Errorf("%d people, %d departments, %+v", len(s.People), len(s.Departments), s.Problem)
	}
	caps := must(h.offices.Capabilities(o.ID))(t)
	if len(caps.Support) != len(provider.All()) || len(caps.Change) == 0 || caps.Password.Min == 0 || len(caps.Lists.Policies) == 0 {
		t.Errorf("%+v", caps)
	}
	for _, c := range caps.Support {
		if c.Can == (c.Why != "") {
			t.Errorf("%+v", c)
		}
	}
	// The cache is shown by the next program at once.
	h.close()
	h = open(t, dir, administering)
	if s := must(h.directory.Snapshot(o.ID))(t); len(s.People) != 12 || s.Refreshed == 0 {
		t.Errorf("%d people of %d", len(s.People), s.Refreshed)
	}
	if err := h.offices.Remove(o.ID); err != nil {
		t.Fatal(err)
	}
	if s := must(h.directory.Snapshot(o.ID))(t); len(s.People) != 0 || len(must(h.offices.List())(t)) != 0 {
		t.Error("something of it is left")
	}
}

func TestAPersonIsFoundByPinyinAndByAddress(t *testing.T) {
	h := open(t, t.TempDir(), administering)
	o := h.office()
	one := must(h.directory.Snapshot(o.ID))(t).People[0]
	local, _, _ := strings.Cut(one.Address, "@")
	for _, typed := range []string{one.Name, one.Address, strings.ToUpper(local)} {
		if hits := must(h.directory.Search(o.ID, typed, 5))(t); !slices.Contains(hits.IDs, one.ID) {
			t.Errorf("%q does not find %s: %v", typed, one.Name, hits.IDs)
		}
	}
	if hits := must(h.directory.Search(o.ID, "nobody-of-that-name", 5))(t); len(hits.IDs) != 0 || hits.IDs == nil {
		t.Errorf("%v", hits.IDs)
	}
}

func TestAChangeIsPreviewedAppliedRecordedAndUndone(t *testing.T) {
	h := open(t, t.TempDir(), administering)
	o := h.office()
	handle := must(h.vault.Keep("Kiefer-7-Blau-Q"))(t)
	create := OfficeChange{Kind: "person.create", Password: handle, Person: &OfficePerson{Address: "Neu@" + o.Domain, Name: "新人", Quota: -1}}
	p := must(h.changes.Preview("", o.ID, []OfficeChange{create}))(t)
	if p.Ready != 1 || p.Danger != "none" || p.Steps[0].Label != "neu@"+o.Domain {
		t.Fatalf("%+v", p)
	}
	run := h.ended(must(h.changes.Apply(p.ID, ""))(t))
	if run.State != "done" || run.Done != 1 || run.CanUndo != 1 {
		t.Fatalf("%+v %+v", run, must(h.changes.Results(run.ID, 0, 9))(t).Rows)
	}
	h.told("done")
	if hits := must(h.directory.Search(o.ID, "xinren", 5))(t); len(hits.IDs) != 1 {
		t.Errorf("who was created is not in the directory: %v", hits)
	}
	d := must(h.ready(t.Context()))(t)
	if _, err := d.vault.Get(t.Context(), handle); core.CodeOf(err) != core.NotFound {
		t.Errorf("the password is still in the vault: %v", err)
	}
	undo := must(h.changes.Undo("", run.ID))(t)
	if undo.Typed != "neu@"+o.Domain || undo.Undoes != run.ID {
		t.Fatalf("%+v", undo)
	}
	_, err := h.changes.Apply(undo.ID, "yes")
	wantCode(t, "not typed", err, core.Invalid)
	if r := h.ended(must(h.changes.Apply(undo.ID, undo.Typed))(t)); r.State != "done" {
		t.Fatalf("%+v", r)
	}
	if all := must(h.changes.List(o.ID, 10))(t); len(all) != 2 || all[1].Undone != all[0].ID || all[1].CanUndo != 0 {
		t.Errorf("%+v", all)
	}
	acts := map[string]int{}
	for _, e := range must(h.audit.List(AuditQuery{Limit: 50}))(t).Rows {
		acts[e.Act]++
		if strings.Contains(audited(e), "Kiefer") {
			t.Errorf("%+v", e)
		}
	}
	if acts["office.connected"] != 1 || acts["person.create"] != 1 || acts["person.delete"] != 1 || acts["changes.ended"] != 2 {
		t.Errorf("%v", acts)
	}
}

func TestNothingCanBeChangedInAnOfficeThatIsOnlyRead(t *testing.T) {
	h := open(t, t.TempDir(), administering)
	o := must(h.offices.SetReadOnly(h.office().ID, true))(t)
	one := must(h.directory.Snapshot(o.ID))(t).People[0]
	p := must(h.changes.Preview("", o.ID, []OfficeChange{{Kind: "person.suspend", Target: one.ID}}))(t)
	if r := p.Steps[0].Refusal; p.Ready != 0 || r == nil || r.Code != "unsupported" || r.Why != "read_only" {
		t.Errorf("%+v", p)
	}
	_, err := h.changes.Apply(p.ID, "")
	wantCode(t, "nothing is ready", err, core.Invalid)
	for _, c := range must(h.offices.Capabilities(o.ID))(t).Support {
		if c.Capability == string(provider.CanEditPeople) && (c.Can || c.Why != "read_only") {
			t.Errorf("%+v", c)
		}
	}
}

func TestAnOfficeWhoseKeyIsMissingOrWrongIsNotStored(t *testing.T) {
	h := open(t, t.TempDir(), administering)
	draft := OfficeDraft{Provider: "tencent", Domain: "office.example", Values: map[string]string{"corp": "wm0123456789abcdef"}}
	_, err := h.offices.Connect("", draft)
	wantCode(t, "without a key", err, core.Invalid)
	if check := must(h.offices.Test("", draft))(t); check.OK || check.Problem == nil || check.Problem.Args["field"] == "" {
		t.Errorf("%+v", check)
	}
	_, err = h.offices.Connect("", OfficeDraft{Provider: "unheard-of"})
	wantCode(t, "an unknown adapter", err, core.NotFound)
	if all := must(h.offices.List())(t); len(all) != 0 {
		t.Errorf("%+v", all)
	}
	if makers := must(h.offices.Makers())(t); len(makers) != 2 || len(makers[0].Fields) == 0 || makers[1].ID != "practice" {
		t.Errorf("%+v", makers)
	}
}

func TestADomainLeadsToTheAdapterOfItsProvider(t *testing.T) {
	dns := nameserver.Start(t, "$ORIGIN new.example.\n@ IN MX 5 mxbiz1.qq.com.\n")
	h := open(t, t.TempDir(), administering, func(c *Config) { c.Resolvers = []string{dns.Addr} })
	if g := must(h.offices.Recognise("", "li@new.example"))(t); g.Provider != "tencent" || g.Preset != "tencent-exmail" || g.Domain != "new.example" {
		t.Errorf("%+v", g)
	}
	for link, ok := range map[string]bool{"https://exmail.qq.com/login": true, "https://evil.example/": false} {
		if err := h.app.OpenLink(link); (err == nil) != ok {
			t.Errorf("%s: %v", link, err)
		}
	}
}

func TestARunThatIsAtWorkIsAskedAboutWhenTheWindowCloses(t *testing.T) {
	h := open(t, t.TempDir(), administering)
	o := must(h.offices.Connect("", OfficeDraft{Provider: "practice", Values: map[string]string{"pace": "brisk", "size": "60"}}))(t)
	people := must(h.directory.Refresh("", o.ID))(t)
	if people.People != 60 {
		t.Fatalf("%+v", people)
	}
	var wanted []OfficeChange
	for _, p := range must(h.directory.Snapshot(o.ID))(t).People {
		wanted = append(wanted, OfficeChange{Kind: "person.suspend", Target: p.ID})
	}
	p := must(h.changes.Preview("", o.ID, wanted))(t)
	run := must(h.changes.Apply(p.ID, ""))(t)
	if h.MayClose() || h.Working() != 1 {
		t.Error("the window closes while changes are being made")
	}
	if err := h.offices.Remove(o.ID); core.CodeOf(err) != core.Conflict {
		t.Errorf("the office is removed: %v", err)
	}
	must(h.changes.Stop(run.ID))(t)
	h.told("stopped")
	if !h.MayClose() {
		t.Error("the window stays open")
	}
}
