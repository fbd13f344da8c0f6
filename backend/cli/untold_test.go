package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	emulatedNetease "mailroom/backend/testkit/vendors/netease"
)

// An office that does not tell its lists or departments has some, perhaps: an empty
// listing would be a lie, and so would an empty file.
func TestWhatAnOfficeDoesNotTellIsNoEmptyListing(t *testing.T) {
	s := emulatedNetease.NewOpen("office.example")
	t.Cleanup(s.Close)
	a := administer(t, map[string]any{"provider": "netease", "domain": "office.example", "baseUrl": s.BaseURL(), "appId": s.AppID, "orgOpenId": s.OrgOpenID, "authCode": s.AuthCode()})
	file := filepath.Join(t.TempDir(), "lists.csv")
	for _, verb := range [][]string{{"lists", "list"}, {"lists", "export", file}, {"lists", "show", "all@office.example"}, {"tags", "list"}} {
		if stdout, stderr := a.text(2, a.in(verb...)...); stdout != "" || stderr == "" {
			t.Errorf("%v: %q %q", verb, stdout, stderr)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file without any list was written")
	}
	a.text(0, a.in("departments", "list")...)
}

func TestAddressesArePutOnAListByAVerb(t *testing.T) {
	a := administer(t, map[string]any{"provider": "practice", "SIZE": "12"})
	list := of(a.objects(0, a.in("lists", "list")...), "list")[0]["address"].(string)
	a.text(0, a.in("lists", "add", list, "guest@shop.example.org")...)
	members := of(a.objects(0, a.in("lists", "show", list)...), "list")[0]["members"].([]any)
	if !slices.Contains(members, any("guest@shop.example.org")) {
		t.Errorf("%v", members)
	}
	s := emulatedNetease.NewOpen("office.example")
	t.Cleanup(s.Close)
	s.AddMaillist(emulatedNetease.Maillist{Name: "all", Members: []string{"old@office.example"}})
	b := administer(t, map[string]any{"provider": "netease", "domain": "office.example", "baseUrl": s.BaseURL(), "appId": s.AppID, "orgOpenId": s.OrgOpenID, "authCode": s.AuthCode()})
	b.text(0, b.in("lists", "add", "--dry-run", "all@office.example", "new@office.example")...)
	if l, _ := s.Maillist("all"); len(l.Members) != 1 {
		t.Errorf("a dry run changed the list: %v", l.Members)
	}
	b.text(0, b.in("lists", "add", "all@office.example", "new@office.example")...)
	if l, _ := s.Maillist("all"); len(l.Members) != 2 {
		t.Errorf("%v", l.Members)
	}
	if stdout, _ := b.text(2, b.in("lists", "add", "none@office.example", "new@office.example")...); !strings.Contains(stdout, "none@office.example") {
		t.Error(stdout)
	}
}

// NetEase lists people without their aliases: it is asked for the one address, and where
// it knows nobody by it the sentence says what leads there.
func TestAnAliasThatNoListingTellsIsAskedForAlone(t *testing.T) {
	s := emulatedNetease.NewOpen("office.example")
	t.Cleanup(s.Close)
	s.AddAccount(emulatedNetease.Account{Name: "anna", Nickname: "安娜", Aliases: []string{"a"}})
	a := administer(t, map[string]any{"provider": "netease", "domain": "office.example", "baseUrl": s.BaseURL(), "appId": s.AppID, "orgOpenId": s.OrgOpenID, "authCode": s.AuthCode()})
	a.text(0, a.in("people", "show", "anna@office.example")...)
	if _, stderr := a.text(1, a.in("people", "suspend", "--yes", "A@office.example")...); !strings.Contains(stderr, "main address") {
		t.Error(stderr)
	}
	if _, stderr := a.text(1, a.in("people", "show", "nobody@office.example")...); !strings.Contains(stderr, "main address") {
		t.Error(stderr)
	}
	s.KnowsByAlias(true)
	found := of(a.objects(0, a.in("people", "show", "A@office.example")...), "person")
	if len(found) != 1 || found[0]["address"] != "anna@office.example" {
		t.Errorf("%v", found)
	}
	a.text(0, a.in("people", "suspend", "--yes", "a@office.example")...)
	if got := of(a.objects(0, a.in("people", "show", "anna@office.example")...), "person"); got[0]["status"] != "suspended" {
		t.Errorf("%v", got)
	}
}
