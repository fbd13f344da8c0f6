package api

import (
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/recognise"
	"mailroom/backend/testkit/nameserver"
)

func TestAnAddressLeadsToItsProvider(t *testing.T) {
	dns := nameserver.Start(t, `$ORIGIN new.example.
@ IN MX 5 mxbiz1.qq.com.
@ IN TXT "v=spf1 include:spf.mail.qq.com ~all"
`, `$ORIGIN ses.example.
@ IN MX 5 mxbiz1.qq.com.
@ IN TXT "v=spf1 include:qcloudmail.com ~all"
`)
	a := New(Config{Resolvers: []string{dns.Addr}})
	found, err := a.providers.Find("1", " Li.Lei@New.Example ")
	if err != nil {
		t.Fatal(err)
	}
	best := found.Candidates[0]
	if found.Address != "Li.Lei@new.example" || best.Provider != "tencent-exmail" || best.By != FoundBy(recognise.ByMX) || best.Evidence != "mxbiz1.qq.com" ||
		best.Certainty != Certainty(recognise.Sure) || best.IMAP[0].Host != "imap.exmail.qq.com" || best.IMAP[1].Place != "overseas" {
		t.Errorf("%+v", found)
	}
	if found, err := a.providers.Find("2", "ses.example"); err != nil || found.SenderEn != "Tencent Cloud SES" || len(found.Candidates) == 0 {
		t.Errorf("%+v %v", found, err)
	}
	if _, err := a.providers.Find("3", "not an address"); core.CodeOf(err) != core.Invalid {
		t.Errorf("%v", err)
	}
}

func TestTheListOfProvidersHoldsNoPlaceholders(t *testing.T) {
	list, err := New(Config{}).providers.List()
	if err != nil || len(list) < 40 {
		t.Fatal(len(list), err)
	}
	for _, p := range list {
		for _, s := range p.IMAP {
			if !has(securities, s.Security) || s.Port == 0 || s.Host == "" || s.Host[0] == '{' {
				t.Errorf("%s: %+v", p.ID, s)
			}
		}
		if !has(providerKinds, p.Kind) || p.Also == nil || p.IMAP == nil || p.Steps == nil {
			t.Errorf("%+v", p)
		}
		for _, w := range p.Ways {
			if !has(signInWays, w) {
				t.Errorf("%s: way %q", p.ID, w)
			}
		}
	}
}
