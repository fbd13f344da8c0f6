package preset

import (
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestProvidersAreFoundByTheirOwnDomains(t *testing.T) {
	for domain, id := range map[string]string{
		"QQ.com": "qq", "163.com": "163", "gmail.com.": "gmail", "foxmail.com": "qq", "yeah.net": "yeah", "email.cn": "88", "hotmail.com": "outlook",
	} {
		if p, ok := ByDomain(domain); !ok || p.ID != id {
			t.Errorf("%s: %q, want %q", domain, p.ID, id)
		}
	}
	for _, other := range []string{"old.example", "notqq.com", "qq.com.evil.example", ""} {
		if p, ok := ByDomain(other); ok {
			t.Errorf("%q is said to be of %s", other, p.ID)
		}
	}
}

func TestAHostLeadsToItsProviderUnlessItIsOurOwn(t *testing.T) {
	if p, ok := ByServer("IMAP.exmail.qq.com."); !ok || p.ID != "tencent-exmail" {
		t.Errorf("%q", p.ID)
	}
	for _, own := range []string{"127.0.0.1", "mail.new.example", ""} {
		if p, ok := ByServer(own); ok {
			t.Errorf("%q is said to be of %s", own, p.ID)
		}
	}
}

func TestMXHostsTellBusinessFromPersonalMail(t *testing.T) {
	for host, id := range map[string]string{
		"mxbiz1.qq.com.": "tencent-exmail", "mx3.qq.com": "qq",
		"qiye163mx01.mxmail.netease.com": "netease-qiye", "QIYE163MX02.mxmail.netease.com.": "netease-qiye", "hzmx01.mxmail.netease.com": "netease-qiye",
		"163mx00.mxmail.netease.com": "163", "126mx01.mxmail.netease.com": "126", "yeahmx00.mxmail.netease.com": "yeah", "vip163mx01.mxmail.netease.com": "vip163",
		"new-example.mail.protection.outlook.com": "m365", "hotmail-com.olc.protection.outlook.com": "outlook", "new-example.mail.protection.partner.outlook.cn": "m365-cn",
		"MX1.qiye.aliyun.com": "aliyun-qiye", "mxw.mxhichina.com": "aliyun-qiye", "mx.263.net": "263",
		"alt3.aspmx.l.google.com": "google", "gmail-smtp-in.l.google.com": "gmail", "alt1.gmail-smtp-in.l.google.com": "gmail",
		"mx2.zoho.com.cn": "zoho", "mta7.am0.yahoodns.net": "yahoo", "inbound-smtp.us-east-1.amazonaws.com": "workmail", "mx01.mail.icloud.com": "icloud",
	} {
		if p, ok := ByMX(host); !ok || p.ID != id {
			t.Errorf("%s: %q, want %q", host, p.ID, id)
		}
	}
	for _, other := range []string{
		"mail.evilgoogle.com", "aspmx.l.google.com.evil.example", "evilmxbiz1.qq.com", "mxmail.netease.com", "inbound-smtp.a.b.amazonaws.com", "x163mx00.mxmail.netease.com.example", "", ".",
	} {
		if p, ok := ByMX(other); ok {
			t.Errorf("%q is said to be of %s", other, p.ID)
		}
	}
}

func TestSPFDomainsTellProvidersAndSenders(t *testing.T) {
	for include, id := range map[string]string{"spf.mail.qq.com": "tencent-exmail", "SPF.qiye.163.com.": "netease-qiye", "spf.163.com": "netease-qiye", "_spf.google.com": "google"} {
		if p, ok := BySPF(include); !ok || p.ID != id {
			t.Errorf("%s: %q, want %q", include, p.ID, id)
		}
	}
	if p, ok := BySPF("evil.spf.mail.qq.com"); ok {
		t.Errorf("a stranger's include is said to be of %s", p.ID)
	}
	for include, id := range map[string]string{"spf1.dm.aliyun.com": "aliyun-directmail", "u123.wl.sendgrid.net": "sendgrid", "qcloudmail.com": "tencent-ses"} {
		if s, ok := SenderBySPF(include); !ok || s.ID != id {
			t.Errorf("%s: %q, want %q", include, s.ID, id)
		}
	}
	if g, ok := GatewayByMX("cn-smtp-inbound-1.mimecast.com"); !ok || g.ID != "mimecast" {
		t.Errorf("gateway %q", g.ID)
	}
}

func TestPlaceholdersAreFilledIn(t *testing.T) {
	own, _ := ByID("dovecot")
	if got := own.For("New.Example", "").IMAP[0].Host; got != "mail.new.example" {
		t.Errorf("own server %q", got)
	}
	m365, _ := ByID("m365")
	if got := m365.For("new.example", "").DNS.Records[0].Value; got != "new-example.mail.protection.outlook.com" {
		t.Errorf("MX of Microsoft 365: %q", got)
	}
	aws, _ := ByID("workmail")
	if got := aws.For("new.example", "inbound-smtp.eu-west-1.amazonaws.com.").IMAP[0].Host; got != "imap.mail.eu-west-1.awsapps.com" {
		t.Errorf("region from the MX: %q", got)
	}
	if got := aws.For("new.example", "").IMAP[0].Host; !Unfilled(got) {
		t.Errorf("a region was made up: %q", got)
	}
	if again, _ := ByID("m365"); again.DNS.Records[0].Value != "{dashed}.mail.protection.outlook.com" {
		t.Error("filling in changed the data")
	}
}

func TestEveryProviderKeepsTheSchema(t *testing.T) {
	files, _ := fs.Glob(files, "data/providers/*.json")
	if got := len(Providers()) + 1; got != len(files) {
		t.Errorf("%d files, but %d are in order.json", len(files), got-1)
	}
	seen := map[string]bool{}
	for _, p := range Providers() {
		if seen[p.ID] {
			t.Errorf("%s is there twice", p.ID)
		}
		seen[p.ID] = true
		for what, bad := range map[string]bool{
			"names":                   p.Name.Zh == "" || p.Name.En == "" || han(p.Name.En),
			"kind":                    !slices.Contains([]Kind{Business, Personal, Own}, p.Kind),
			"family":                  p.Family != "" && !slices.Contains(Families(), p.Family),
			"domains of personal":     p.Kind == Personal && len(p.Domains) == 0,
			"an IMAP server":          len(p.IMAP) == 0,
			"an SMTP server":          len(p.SMTP) == 0,
			"ways to sign in":         len(p.SignIn.Ways) == 0 || slices.ContainsFunc(p.SignIn.Ways, func(w Way) bool { return !slices.Contains(Ways(), w) }),
			"user":                    p.SignIn.User != "address" && p.SignIn.User != "domain-user",
			"oauth":                   slices.Contains(p.SignIn.Ways, WithOAuth) != (p.SignIn.OAuth != ""),
			"name of the secret":      (p.SignIn.Secret.Zh == "") != (p.SignIn.Secret.En == "") || (p.SignIn.Secret.Zh == "" && needsSecret(p.SignIn.Ways)),
			"steps":                   len(p.SwitchOn.Steps) == 0,
			"limit":                   p.Limits.Message < 0 || (p.Limits.Message > 0 && p.Limits.Message < 1<<20),
			"the end of SPF":          !slices.Contains([]string{"-all", "~all", "?all"}, p.DNS.SPFAll),
			"form of DKIM":            p.DNS.DKIM.Form != "txt" && p.DNS.DKIM.Form != "cname",
			"an MX to set":            p.Kind != Personal && !slices.ContainsFunc(p.DNS.Records, func(r Record) bool { return r.Use == UseReceive && r.Type == "MX" }),
			"personal mail has no MX": p.Kind == Personal && len(p.DNS.Records) > 0,
		} {
			if bad {
				t.Errorf("%s: %s", p.ID, what)
			}
		}
		checkServers(t, p)
		checkSteps(t, p)
		checkDNS(t, p)
		for _, f := range p.Facts() {
			if err := f.check(); err != nil {
				t.Errorf("%s: %v", p.ID, err)
			}
		}
	}
}

func needsSecret(ways []Way) bool {
	return slices.ContainsFunc(ways, func(w Way) bool { return w != WithPassword && w != WithOAuth })
}

func checkServers(t *testing.T, p Provider) {
	t.Helper()
	for _, s := range slices.Concat(p.IMAP, p.POP3, p.SMTP) {
		name := strings.NewReplacer("{domain}", "new.example", "{region}", "us-east-1").Replace(s.Host)
		if name != plainHost(name) || strings.ContainsAny(name, "{} :/") || !strings.Contains(name, ".") {
			t.Errorf("%s: host %q", p.ID, s.Host)
		}
		if s.Port <= 0 || s.Port > 65535 || (s.Security != "tls" && s.Security != "starttls") {
			t.Errorf("%s: %s port %d %s", p.ID, s.Host, s.Port, s.Security)
		}
	}
	if p.IMAP[0].Place == "old" {
		t.Errorf("%s: the usual server is an old one", p.ID)
	}
}

func checkSteps(t *testing.T, p Provider) {
	t.Helper()
	links := []string{p.SwitchOn.Help, p.Web.Mail, p.Web.Console}
	for _, s := range p.SwitchOn.Steps {
		links = append(links, s.Link)
		if s.Zh == "" || s.En == "" || han(s.En) || !han(s.Zh) {
			t.Errorf("%s: a step needs both languages: %q / %q", p.ID, s.Zh, s.En)
		}
		if s.Who != "person" && s.Who != "admin" {
			t.Errorf("%s: a step for %q", p.ID, s.Who)
		}
	}
	for _, link := range links {
		if u, err := url.Parse(link); link != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil) {
			t.Errorf("%s: link %q", p.ID, link)
		}
	}
}

func checkDNS(t *testing.T, p Provider) {
	t.Helper()
	for _, m := range p.DNS.MX {
		if m.Pattern != plainHost(m.Pattern) || !strings.Contains(m.Pattern, ".") || strings.HasPrefix(m.Pattern, "*") {
			t.Errorf("%s: pattern %q", p.ID, m.Pattern)
		}
	}
	if len(p.DNS.MX) == 0 && p.Kind == Business {
		t.Errorf("%s: no MX pattern", p.ID)
	}
	uses := []string{UseReceive, UseSPF, UseDKIM, UseDMARC, UseClient, UseAutodiscover, UseVerify}
	for _, r := range p.DNS.Records {
		if !slices.Contains(uses, r.Use) || !slices.Contains([]string{"MX", "TXT", "CNAME", "SRV"}, r.Type) {
			t.Errorf("%s: record %s %s", p.ID, r.Use, r.Type)
		}
		if (r.Name == "" || r.Value == "") && !r.Console {
			t.Errorf("%s: record %s is empty and not from the console", p.ID, r.Use)
		}
		if r.Use == UseSPF && r.Value != "" && (!strings.HasPrefix(r.Value, "v=spf1 ") || !strings.HasSuffix(r.Value, "all")) {
			t.Errorf("%s: SPF %q", p.ID, r.Value)
		}
		if r.Use == UseReceive && r.Value != "" && p.Kind == Business {
			value := strings.NewReplacer("{dashed}", "new-example", "{region}", "us-east-1").Replace(r.Value)
			if found, ok := ByMX(value); !ok || found.ID != p.ID {
				t.Errorf("%s: its own MX %s is taken for %q", p.ID, value, found.ID)
			}
		}
	}
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}

// Two providers must not claim the same host or domain.
func TestNoHostBelongsToTwoProviders(t *testing.T) {
	owner := map[string]string{}
	for _, p := range Providers() {
		claims := slices.Clone(p.Domains)
		for _, m := range p.DNS.MX {
			claims = append(claims, "mx "+m.Pattern)
		}
		for _, s := range p.DNS.SPF {
			claims = append(claims, "spf "+s.Domain)
		}
		for _, c := range claims {
			if other, twice := owner[c]; twice {
				t.Errorf("%s is claimed by %s and %s", c, other, p.ID)
			}
			owner[c] = p.ID
		}
	}
}

func FuzzMatchHost(f *testing.F) {
	f.Add("qiye163mx*.mxmail.netease.com", "qiye163mx01.mxmail.netease.com")
	f.Add("*", "a")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, pattern, host string) {
		captured, ok := matchHost(pattern, host)
		if captured != "" && (!ok || !strings.Contains(host, captured)) {
			t.Errorf("captured %q of %q by %q", captured, host, pattern)
		}
		if _, ok := matchHost(host, "x."+host); host != "" && !strings.Contains(host, "*") && !ok {
			t.Errorf("%q does not fit what lies under it", host)
		}
	})
}
