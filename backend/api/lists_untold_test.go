package api

import (
	"testing"

	"mailroom/backend/provider"
	"mailroom/backend/provider/netease"
	"mailroom/backend/provider/practice/admin"
	emulated "mailroom/backend/testkit/vendors/netease"
)

func TestAListThatTheProviderDoesNotTellIsChangedAndRecorded(t *testing.T) {
	s := emulated.NewOpen("office.example")
	t.Cleanup(s.Close)
	s.AddMaillist(emulated.Maillist{Name: "all", Members: []string{"old@office.example"}})
	h := open(t, t.TempDir(), administering, func(c *Config) { c.Adapters = provider.NewRegistry(netease.Open(), admin.Maker(nil)) })
	o := h.connected(OfficeDraft{
		Provider: "netease", Domain: "office.example", BaseURL: s.BaseURL(), Values: map[string]string{"appId": s.AppID, "orgOpenId": s.OrgOpenID},
	}, map[string]string{"authCode": s.AuthCode()})
	add := OfficeChange{Kind: "list.join", Target: "All@office.example", Add: []string{"new@office.example"}}
	plan := must(h.changes.Preview("", o.ID, []OfficeChange{add}))(t)
	if len(plan.Steps) != 1 || plan.Typed != "" || plan.Steps[0].Undoable || plan.Steps[0].KeepsBack != "not_known" || plan.Steps[0].Label != "all@office.example" {
		t.Errorf("%+v", plan)
	}
	if got, _ := s.Maillist("all"); len(got.Members) != 1 {
		t.Error("the preview has changed the list")
	}
	h.ended(must(h.changes.Apply(plan.ID, plan.Typed))(t))
	if got, _ := s.Maillist("all"); len(got.Members) != 2 {
		t.Errorf("%v", got.Members)
	}
	only := OfficeChange{Kind: "list.overwrite", Target: "all@office.example", List: &OfficeList{Policy: "anyone", Members: []string{"only@office.example"}}}
	if plan = must(h.changes.Preview("", o.ID, []OfficeChange{only}))(t); plan.Typed != "all@office.example" || !plan.Steps[0].Diffs[0].Untold {
		t.Errorf("%+v", plan)
	}
	if r := h.ended(must(h.changes.Apply(plan.ID, plan.Typed))(t)); r.CanUndo != 0 {
		t.Errorf("%+v", r)
	}
	if got, _ := s.Maillist("all"); len(got.Members) != 1 || got.UserType != 0 {
		t.Errorf("%+v", got)
	}
	acts := map[string]int{}
	for _, e := range h.recorded(5).Rows {
		if e.Subject == "all@office.example" {
			acts[e.Act]++
		}
	}
	if acts["list.join"] != 1 || acts["list.overwrite"] != 1 {
		t.Errorf("in the record are %v", acts)
	}
	for name, c := range map[string]OfficeChange{
		"no address":  {Kind: "list.join", Target: "all@office.example", Add: []string{"nobody"}},
		"elsewhere":   {Kind: "list.join", Target: "all@other.example", Add: []string{"a@office.example"}},
		"no senders":  {Kind: "list.overwrite", Target: "all@office.example", List: &OfficeList{Policy: "named", Members: []string{"a@office.example"}}},
		"nobody left": {Kind: "list.overwrite", Target: "all@office.example", List: &OfficeList{Policy: "anyone"}},
	} {
		if p := must(h.changes.Preview("", o.ID, []OfficeChange{c}))(t); p.Refused != 1 {
			t.Errorf("%s: %+v", name, p.Steps)
		}
	}
	must(h.offices.SetReadOnly(o.ID, true))(t)
	for name, id := range map[string]string{"for reading only": o.ID, "where lists can be read": h.office().ID} {
		if p := must(h.changes.Preview("", id, []OfficeChange{add}))(t); p.Refused != 1 || p.Steps[0].Refusal.Code != "unsupported" {
			t.Errorf("%s: %+v", name, p.Steps)
		}
	}
}
