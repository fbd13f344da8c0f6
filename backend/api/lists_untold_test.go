package api

import (
	"testing"

	"mailroom/backend/core"
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
	list := OfficeList{Address: "all@office.example", Members: []string{"new@office.example"}}
	if err := h.lists.ChangeUntold("", o.ID, list, false); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.Maillist("all"); len(got.Members) != 2 {
		t.Errorf("%v", got.Members)
	}
	list.Policy, list.Members = "anyone", []string{"only@office.example"}
	if err := h.lists.ChangeUntold("", o.ID, list, true); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.Maillist("all"); len(got.Members) != 1 || got.UserType != 0 {
		t.Errorf("%+v", got)
	}
	acts := 0
	for _, e := range h.recorded(3).Rows {
		if e.Act == "list.update" && e.Subject == list.Address {
			acts++
		}
	}
	if acts != 2 {
		t.Errorf("%d acts are in the record", acts)
	}
	must(h.offices.SetReadOnly(o.ID, true))(t)
	wantCode(t, "while the office is for reading only", h.lists.ChangeUntold("", o.ID, list, false), core.Unsupported)
	wantCode(t, "where lists can be read", h.lists.ChangeUntold("", h.office().ID, list, false), core.Unsupported)
}
