package preset

import (
	"slices"
	"testing"
)

func TestEveryRefusalAtEveryProviderHasSomethingToSay(t *testing.T) {
	ids := []string{""}
	for _, p := range Providers() {
		ids = append(ids, p.ID)
	}
	for _, class := range append(Classes(), "never heard of") {
		for _, id := range ids {
			e := Explain(class, id, "", "nowhere.example")
			if len(e.Causes) == 0 {
				t.Errorf("%s at %q: nothing to say", class, id)
			}
			seen := map[string]bool{}
			for _, c := range e.Causes {
				if seen[c.ID] {
					t.Errorf("%s at %q: %s twice", class, id, c.ID)
				}
				seen[c.ID] = true
				if c.Own == 0 && len(c.Steps) == 0 && len(c.Servers) == 0 && !c.Same {
					t.Errorf("%s at %q: %s has nothing to do", class, id, c.ID)
				}
			}
		}
	}
}

func TestEveryCauseKeepsTheSchemaAndIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, r := range explainRows() {
		if !slices.Contains(Classes(), r.Class) || r.check() != nil || len(r.Causes) == 0 {
			t.Errorf("%+v: %v", r, r.check())
		}
		for _, f := range r.Families {
			if !slices.Contains(Families(), f) {
				t.Errorf("%s: family %q", r.Class, f)
			}
		}
		for _, id := range r.Providers {
			if _, ok := ByID(id); !ok {
				t.Errorf("%s: provider %q", r.Class, id)
			}
		}
		for _, id := range r.Causes {
			used[id] = true
			if !slices.ContainsFunc(Causes(), func(c Cause) bool { return c.ID == id }) {
				t.Errorf("%s: cause %q is not there", r.Class, id)
			}
		}
	}
	whens := []string{"", "secret", "no-secret", "steps", "no-steps", "admin", "servers", "no-servers"}
	for _, c := range Causes() {
		if !used[c.ID] || !slices.Contains(Thens(), c.Then) || !slices.Contains(whens, c.When) || c.Own > 3 ||
			!slices.Contains([]string{"person", "admin", "wait", "nobody"}, c.Who) || !slices.Contains([]string{"", "provider", "admin", "servers"}, c.Take) ||
			!slices.Contains([]string{"", "mail", "console", "help"}, c.Link) {
			t.Errorf("%+v, used %t", c, used[c.ID])
		}
	}
}

func TestCausesComeInTheProvidersOwnOrder(t *testing.T) {
	first := func(class Class, provider, family, host string) string {
		return Explain(class, provider, family, host).Causes[0].ID
	}
	for _, c := range []struct {
		class                  Class
		provider, family, host string
		want                   string
	}{
		{AuthAmbiguous, "tencent-exmail", "", "", "four-switches"},
		{AuthAmbiguous, "qq", "", "", "imap-off"},
		{AuthAmbiguous, "", "qq", "", "imap-any?"},
		{AuthAmbiguous, "m365", "", "", "oauth"},
		{AuthAmbiguous, "exchange", "", "", "user-form"},
		{AuthAmbiguous, "", "", "", "wrong-password"},
		{WrongCluster, "netease-qiye", "", "imap.qiye.163.com", "wrong-cluster"},
		{WrongCluster, "qq", "", "imap.qq.com", "cluster-any"},
		{NeedsAppPassword, "", "", "", "needs-any-secret"},
	} {
		if c.want == "imap-any?" { // without a provider there are no steps of its own
			c.want = "cool-down"
		}
		if got := first(c.class, c.provider, c.family, c.host); got != c.want {
			t.Errorf("%s at %q %q: %s, want %s", c.class, c.provider, c.family, got, c.want)
		}
	}
	e := Explain(WrongCluster, "netease-qiye", "", "imap.qiye.163.com")
	if len(e.Causes[0].Servers) != 2 || e.Causes[0].Servers[0].Host != "imaphz.qiye.163.com" {
		t.Errorf("other servers: %+v", e.Causes[0].Servers)
	}
	e = Explain(AuthAmbiguous, "netease-qiye", "", "")
	if len(e.Causes[0].Steps) < 3 || !e.Causes[1].Same || e.Causes[1].Steps != nil || len(e.Causes[2].Steps) != 2 {
		t.Errorf("steps are told once, the administrator's again: %+v", e.Causes[:3])
	}
}
