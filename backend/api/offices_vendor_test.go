package api

import (
	"fmt"
	"testing"

	"mailroom/backend/provider"
	"mailroom/backend/provider/netease"
	"mailroom/backend/provider/tencent"
	fromNetease "mailroom/backend/testkit/vendors/netease"
	fromTencent "mailroom/backend/testkit/vendors/tencent"
	"mailroom/backend/testkit/vendors/trouble"
)

const vendorDomain = "office.example"

// atVendors is a program with the adapters of Tencent and NetEase.
func atVendors(c *Config) {
	c.Adapters = provider.NewRegistry(tencent.Maker(), netease.Open(), netease.Classic())
	c.Keychain = &keychain{}
}

// connected connects an office as the form does and waits until it was read.
func (h *house) connected(d OfficeDraft, secrets map[string]string) OfficeInfo {
	h.t.Helper()
	d.Domain, d.Secrets = vendorDomain, map[string]string{}
	for field, text := range secrets {
		d.Secrets[field] = must(h.vault.Keep(text))(h.t)
	}
	o := must(h.offices.Connect("", d))(h.t)
	h.read(o.ID)
	return o
}

// read reads the directory anew.
func (h *house) read(office string) DirectorySnapshot {
	h.t.Helper()
	h.eventually("the office's directory", func() bool {
		s := must(h.directory.State(office))(h.t)
		return s.Refreshed > 0 && !s.Refreshing
	})
	return must(h.directory.Snapshot(office))(h.t)
}

func TestAnOfficeAtTencentIsChangedWhileItsVendorStumbles(t *testing.T) {
	t.Parallel() // it mostly waits for its turn at the vendor
	s := fromTencent.New(vendorDomain)
	t.Cleanup(s.Close)
	s.Fill(60, 12)
	h := open(t, t.TempDir(), atVendors)
	o := h.connected(OfficeDraft{Provider: "tencent", BaseURL: s.BaseURL(), Values: map[string]string{"corpId": fromTencent.CorpID}},
		map[string]string{"contactSecret": s.Secret(fromTencent.Contacts)})
	if shot := h.read(o.ID); len(shot.People) != 60 || len(shot.Departments) != 12 || len(shot.Lists) != 3 || shot.Problem != nil {
		t.Fatalf("%d people, %d departments, %d lists, %+v", len(shot.People), len(shot.Departments), len(shot.Lists), shot.Problem)
	}
	for _, c := range must(h.offices.Capabilities(o.ID))(t).Support {
		switch c.Capability {
		case "people.signIn", "logs.mail":
			if c.Can || c.Why != "needs_key" || c.Key == "" {
				t.Errorf("without its key: %+v", c)
			}
		case "people.forward":
			if c.Can || c.Why != "not_in_api" || c.Console == "" {
				t.Errorf("not in the API: %+v", c)
			}
		}
	}

	// The token ends in the middle, one answer is lost after the account was made, and
	// once the vendor asks for patience.
	s.Fail(
		trouble.Fault{Path: "user/create", Pass: 1, Before: s.EndTokens},
		trouble.Fault{Path: "user/create", Pass: 3, Lose: true},
		trouble.Fault{Path: "user/create", Pass: 5, Status: 200, Body: `{"errcode":-1,"errmsg":"system busy"}`},
	)
	const many = 6
	var wanted []OfficeChange
	for i := range many {
		address := fmt.Sprintf("neu%02d@%s", i, vendorDomain)
		wanted = append(wanted, OfficeChange{
			Kind: "person.create", Row: i + 2, Password: must(h.vault.Keep("Kiefer-7-Blau-Q"))(t),
			Person: &OfficePerson{Address: address, Name: fmt.Sprintf("新人%02d", i), Quota: -1},
		})
	}
	run := h.changed(o.ID, wanted...)
	for i := 0; run.Done < many && i < 3 && run.State != "done"; i++ { // what a stumble left undone is done when it goes on
		t.Logf("%s after %d: %+v", run.State, run.Done, run.Problem)
		run = h.ended(must(h.changes.Resume(run.ID))(t))
	}
	if run.Done != many || run.Failed != 0 {
		t.Fatalf("%+v: %+v", run, must(h.changes.Results(run.ID, 0, 99))(t).Rows)
	}
	if people, _, _ := s.Sizes(); people != 60+many {
		t.Errorf("the vendor has %d people", people)
	}
	undo := must(h.changes.Undo("", run.ID))(t)
	if r := h.ended(must(h.changes.Apply(undo.ID, undo.Typed))(t)); r.Done != many {
		t.Fatalf("undone: %+v", r)
	}
	if people, _, _ := s.Sizes(); people != 60 {
		t.Errorf("after the undo the vendor has %d people", people)
	}
}

func TestOfficesAtBothInterfacesOfNetEaseStandSideBySide(t *testing.T) {
	t.Parallel()
	platform, classic := fromNetease.NewOpen(vendorDomain), fromNetease.NewClassic(vendorDomain)
	t.Cleanup(func() { platform.Close(); classic.Close() })
	platform.Fill(6, 2)
	classic.Fill(5, 2)
	h := open(t, t.TempDir(), atVendors)
	for _, c := range []struct {
		draft   OfficeDraft
		secrets map[string]string
		people  int
		account func(string) (fromNetease.Account, bool)
	}{
		{OfficeDraft{Provider: "netease", BaseURL: platform.BaseURL(), Values: map[string]string{"appId": platform.AppID, "orgOpenId": platform.OrgOpenID}},
			map[string]string{"authCode": platform.AuthCode()}, 6, platform.Account},
		{OfficeDraft{Provider: "netease-classic", BaseURL: classic.BaseURL(), Values: map[string]string{"region": "north", "product": classic.Product}},
			map[string]string{"key": classic.PrivateKeyPEM()}, 5, classic.Account},
	} {
		o := h.connected(c.draft, c.secrets)
		shot := h.read(o.ID)
		if len(shot.People) != c.people || len(shot.Departments) == 0 || shot.Problem != nil {
			t.Fatalf("%s: %d people, %+v", o.Provider, len(shot.People), shot.Problem)
		}
		one := shot.People[0]
		run := h.changed(o.ID,
			OfficeChange{Kind: "person.suspend", Target: one.ID},
			OfficeChange{Kind: "person.update", Target: one.ID, Set: []string{"name"}, Person: &OfficePerson{Name: "改了名"}},
		)
		name := one.Address[:len(one.Address)-len("@"+vendorDomain)]
		if a, _ := c.account(name); run.Done != 2 || a.Nickname != "改了名" || a.Status != fromNetease.Suspended {
			t.Errorf("%s: %+v %+v: %+v", o.Provider, run, a, must(h.changes.Results(run.ID, 0, 9))(t).Rows)
		}
	}
	if all := must(h.offices.List())(t); len(all) != 2 {
		t.Errorf("%+v", all)
	}
}
