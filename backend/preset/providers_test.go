package preset

import "testing"

func TestProvidersAreFoundByDomainAndByMX(t *testing.T) {
	for domain, id := range map[string]string{"QQ.com": "qq", "163.com": "163", "gmail.com.": "google"} {
		if p, ok := ProviderByDomain(domain); !ok || p.ID != id {
			t.Errorf("%s: %q, want %q", domain, p.ID, id)
		}
	}
	for host, id := range map[string]string{
		"mxbiz1.qq.com.": "tencent-exmail", "new-example.mail.protection.outlook.com": "m365", "MX1.qiye.aliyun.com": "aliyun-qiye",
	} {
		if p, ok := ProviderByMX(host); !ok || p.ID != id {
			t.Errorf("%s: %q, want %q", host, p.ID, id)
		}
	}
	for _, other := range []string{"old.example", "notqq.com", "qq.com.evil.example", ""} {
		if p, ok := ProviderByDomain(other); ok {
			t.Errorf("%q is said to be of %s", other, p.ID)
		}
	}
	// Personal mail of the same vendor has other MX hosts and other servers.
	if p, ok := ProviderByMX("163mx00.mxmail.netease.com"); ok {
		t.Errorf("personal mail is said to be %s", p.ID)
	}
}

func TestEveryFamilyOfAProviderIsKnown(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Providers() {
		if seen[p.ID] {
			t.Errorf("%s is there twice", p.ID)
		}
		seen[p.ID] = true
		if p.Family != "" && Family(p.Family) != p.Family {
			t.Errorf("%s has the unknown family %q", p.ID, p.Family)
		}
	}
}
