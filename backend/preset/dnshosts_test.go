package preset

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestEveryDNSHostKeepsTheSchema(t *testing.T) {
	seen := map[string]bool{}
	if len(DNSHosts()) < 10 {
		t.Errorf("%d hosts", len(DNSHosts()))
	}
	for _, h := range DNSHosts() {
		if h.ID == "" || seen[h.ID] || h.Name.Zh == "" || h.Name.En == "" || len(h.Servers.Patterns) == 0 {
			t.Errorf("%+v", h)
		}
		seen[h.ID] = true
		for _, f := range []Fact{h.Servers.Fact, h.Steps.Fact, h.Form.Fact} {
			if err := f.check(); err != nil {
				t.Errorf("%s: %v", h.ID, err)
			}
		}
		if u, err := url.Parse(h.Console); h.Console != "" && (err != nil || u.Scheme != "https" || !slices.Contains(LinkHosts(), u.Host)) {
			t.Errorf("%s: console %q", h.ID, h.Console)
		}
		for _, s := range append(slices.Clone(h.Steps.List), h.Note) {
			if (s.Zh == "") != (s.En == "") {
				t.Errorf("%s: one language only: %+v", h.ID, s)
			}
		}
		f := h.Form
		if !slices.Contains([]string{"", ApexAt, ApexEmpty}, f.Apex) || !slices.Contains([]string{"", QuotesYes, QuotesNo}, f.Quotes) || !slices.Contains([]string{"", MXInValue, MXApart}, f.MX) ||
			f.TextMost < 0 || f.TTL < 0 || f.TTL > 86400 {
			t.Errorf("%s: %+v", h.ID, f)
		}
		for _, p := range h.Servers.Patterns {
			if p != strings.ToLower(p) || strings.HasSuffix(p, ".") || !strings.Contains(p, ".") {
				t.Errorf("%s: pattern %q", h.ID, p)
			}
		}
	}
}

func TestAHostIsKnownByItsNameServers(t *testing.T) {
	for ns, want := range map[string]string{
		"dns9.hichina.com": "alibaba", "ns1.alidns.com.": "alibaba", "f1g1ns1.dnspod.net": "dnspod", "ns3.dnsv5.com": "dnspod", "NS1.HUAWEICLOUD-DNS.COM": "huawei",
		"ns11.xincache.com": "xinnet", "ns1.myhostadmin.net": "west", "ns45.domaincontrol.com": "godaddy", "lily.ns.cloudflare.com": "cloudflare",
		"dns1.registrar-servers.com": "namecheap", "ns-2047.awsdns-63.co.uk": "route53", "nsd1.squarespacedns.com": "squarespace", "ns-cloud-a1.googledomains.com": "squarespace",
		"ns1.office.example": "", "evilhichina.com": "", "hichina.com.evil.example": "",
	} {
		h, ok := DNSHostOf([]string{"ns.unknown.example", ns})
		if h.ID != want || ok != (want != "") {
			t.Errorf("%s: %q", ns, h.ID)
		}
	}
}
