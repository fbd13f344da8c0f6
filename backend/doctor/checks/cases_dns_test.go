package checks_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/doctor/lookup"
	"mailroom/backend/testkit/nameserver"
)

// as makes the examination one of another domain.
func (w *world) as(domain string) { w.x.Domain, w.x.Shown = domain, domain }

var domainCases = []kase{
	{"domain.exists:nxdomain", func(w *world) { w.as("gone.example") }},
	{"domain.exists:servfail", func(w *world) { w.resolver.Fail("good.example MX", nameserver.ServFail) }},
	{"domain.exists:bad_name", func(w *world) { w.as(strings.Repeat("a", 64) + ".example") }},
	{"domain.exists:loop", func(w *world) {
		w.as("a.example")
		w.set("a.example. 60 IN CNAME b.example.", "b.example. 60 IN CNAME a.example.")
	}},
	{"domain.registration:expiring", func(w *world) {
		w.page("https://rdap.test/domain/good.example", text(rdap("active", time.Now().AddDate(0, 0, 10))))
	}},
	{"domain.registration:expired", func(w *world) {
		w.page("https://rdap.test/domain/good.example", text(rdap("active", time.Now().AddDate(0, 0, -3))))
	}},
	{"domain.registration:hold", func(w *world) {
		w.page("https://rdap.test/domain/good.example", text(rdap("server hold", time.Now().AddDate(1, 0, 0))))
	}},
	{"domain.registration:unknown", func(w *world) { w.page("https://rdap.test/domain/good.example", status(404)) }},
	{"domain.registration:ok", func(w *world) { // behind a redirect, as the public bootstrap does it
		w.page("https://rdap.test/domain/good.example", status(302, "Location", "https://rdap.test/registry"))
		w.page("https://rdap.test/registry", text(rdap("active", time.Now().AddDate(1, 0, 0))))
	}},
	{"domain.dnssec:unsigned", func(w *world) { w.signed = false }},
	{"domain.dnssec:bogus", func(w *world) { w.resolver.Spoil("good.example") }},
	{"domain.ttl:short", func(w *world) { w.set("good.example. 30 IN MX 10 mx1.good.example.") }},
	{"domain.ttl:long", func(w *world) { w.set("good.example. 172800 IN MX 10 mx1.good.example.") }},
	{"domain.ttl:switching", func(w *world) {
		w.x.Options.Switching = true
		w.set("good.example. 3600 IN MX 10 mx1.good.example.")
	}},
	{"domain.caa:none", func(w *world) { w.drop("good.example", dns.TypeCAA) }},
	{"domain.caa:forbids", func(w *world) {
		w.set(`good.example. 300 IN CAA 0 issue "letsencrypt.org"`)
		w.foreignCA("DigiCert Inc")
	}},
	{"domain.apex_alias:alias", func(w *world) { w.set("good.example. 300 IN CNAME www.good.example.") }},
	{"domain.wildcard:present", func(w *world) { w.set(`*.good.example. 300 IN TXT "hello"`) }},
	{"domain.wildcard:masks", func(w *world) {
		w.drop("_dmarc.good.example", dns.TypeTXT)
		w.set(`*.good.example. 300 IN TXT "hello"`, `_dmarc.good.example. 300 IN TXT "hello"`)
	}},
	{"domain.large_answer:large", func(w *world) { w.txt("good.example", strings.Repeat("x", 1500)) }},
	{"domain.large_answer:no_tcp", func(w *world) { w.resolver.Fail("good.example TXT", nameserver.NoTCP) }},
	{"domain.nameservers:one", func(w *world) { w.set("good.example. 300 IN NS ns1.good.example.") }},
	{"domain.nameservers:same_net", func(w *world) {
		w.drop("ns1.good.example", dns.TypeAAAA)
		w.set("ns2.good.example. 300 IN A 192.0.2.54")
		w.ports["192.0.2.54:53"] = w.ns2.Addr
	}},
	{"domain.nameservers:lame", func(w *world) { w.ns2.Fail("good.example SOA", nameserver.Refuse) }},
	{"domain.nameservers:none", func(w *world) { w.drop("good.example", dns.TypeNS) }},
	{"domain.serial:differs", func(w *world) {
		w.ns2.Remove("good.example", dns.TypeSOA)
		rr, _ := dns.NewRR("good.example. 300 IN SOA ns1.good.example. admin.good.example. 6 3600 600 1209600 300")
		w.ns2.Add(rr)
		must(w.t, w.ns2.Load("good.example. 300 IN NS ns1.good.example."))
	}},
	{"domain.parent:differs", func(w *world) {
		w.set("good.example. 300 IN NS ns1.good.example.", "good.example. 300 IN NS ns3.good.example.", "ns3.good.example. 300 IN A 198.51.100.53")
	}},
	{"domain.parent:foreign", func(w *world) {
		w.set("good.example. 300 IN NS ns3.good.example.", "ns3.good.example. 300 IN A 198.51.100.53")
	}},
	{"domain.resolvers:ok", func(w *world) { w.another(goodZone) }},
	{"domain.resolvers:differs", func(w *world) {
		w.another(strings.ReplaceAll(goodZone, "IN MX 10 mx1.good.example.", "IN MX 10 mx.old.example."))
	}},
	{"domain.soa:odd", func(w *world) {
		w.resolver.Remove("good.example", dns.TypeSOA)
		rr, _ := dns.NewRR("good.example. 300 IN SOA ns1.good.example. admin.good.example. 7 3600 7200 86400 300")
		w.resolver.Add(rr)
		must(w.t, w.resolver.Load(strings.Join(strings.Split(goodZone, "\n")[2:], "\n")))
	}},
}

// another gives the examination a second resolver.
func (w *world) another(zone string) {
	s := nameserver.Start(w.t, zone)
	r, err := lookup.New(lookup.Config{Servers: []string{s.Addr}})
	must(w.t, err)
	w.x.Others = append(w.x.Others, r)
}

var mxCases = []kase{
	{"mx.present:parked", func(w *world) { w.x.Options.Parked = true; w.drop("good.example", dns.TypeMX) }},
	{"mx.present:implicit", func(w *world) { w.drop("good.example", dns.TypeMX); w.set("good.example. 300 IN A 192.0.2.25") }},
	{"mx.present:none", func(w *world) { w.drop("good.example", dns.TypeMX) }},
	{"mx.null:parked", func(w *world) { w.x.Options.Parked = true; w.set("good.example. 300 IN MX 0 .") }},
	{"mx.null:alone", func(w *world) { w.set("good.example. 300 IN MX 0 .") }},
	{"mx.null:mixed", func(w *world) { w.set("good.example. 300 IN MX 0 .", "good.example. 300 IN MX 10 mx1.good.example.") }},
	{"mx.target:literal", func(w *world) { w.set("good.example. 300 IN MX 10 192.0.2.25.") }},
	{"mx.target:missing", func(w *world) { w.set("good.example. 300 IN MX 10 mx9.good.example.") }},
	{"mx.target:private", func(w *world) { w.set("mx1.good.example. 300 IN A 192.168.1.10") }},
	{"mx.alias:alias", func(w *world) {
		w.set("good.example. 300 IN MX 10 mail.good.example.", "mail.good.example. 300 IN CNAME mx1.good.example.")
	}},
	{"mx.alias:loop", func(w *world) {
		w.set("good.example. 300 IN MX 10 a.good.example.", "a.good.example. 300 IN CNAME b.good.example.", "b.good.example. 300 IN CNAME a.good.example.")
	}},
	{"mx.duplicate:twice", func(w *world) {
		w.set("good.example. 300 IN MX 10 mx1.good.example.", "good.example. 300 IN MX 20 mx1.good.example.")
	}},
	{"mx.duplicate:same_address", func(w *world) { w.set("mx2.good.example. 300 IN A 192.0.2.25") }},
	{"mx.spare:single", func(w *world) {
		w.set("good.example. 300 IN MX 10 mx2.good.example.")
	}},
	{"mx.provider:ok", func(w *world) { w.moveTo("mxbiz1.qq.com", "mxbiz2.qq.com") }},
	{"mx.provider:gateway", func(w *world) { w.moveTo("mx1.pphosted.com") }},
	{"mx.provider:mixed", func(w *world) { w.moveTo("mxbiz1.qq.com", "qiye163mx01.mxmail.netease.com") }},
	{"mx.provider:foreign", func(w *world) {
		w.x.Options.Provider = "tencent-exmail"
		w.moveTo("qiye163mx01.mxmail.netease.com")
	}},
	{"mx.leftover:leftover", func(w *world) {
		w.set("good.example. 300 IN MX 10 mx1.good.example.", "good.example. 300 IN MX 32767 ms12345678.msv1.invalid.")
	}},
}

// moveTo lets vendors' hosts receive the mail.
func (w *world) moveTo(hosts ...string) {
	var records []string
	for i, h := range hosts {
		records = append(records, fmt.Sprintf("good.example. 300 IN MX %d %s.", 10*(i+1), h), fmt.Sprintf("%s. 300 IN A 192.0.2.25", h))
	}
	w.set(records...)
}

// over is a policy with so many includes, each of which has a record.
func (w *world) includes(n int) {
	record := "v=spf1"
	for i := range n {
		record += fmt.Sprintf(" include:s%d.example", i)
		w.txt(fmt.Sprintf("s%d.example", i), "v=spf1 ip4:198.51.100.0/24 -all")
	}
	w.txt("good.example", record+" -all")
}

var spfCases = []kase{
	{"spf.present:none", func(w *world) { w.drop("good.example", dns.TypeTXT) }},
	{"spf.present:several", func(w *world) {
		w.set(`good.example. 300 IN TXT "v=spf1 mx -all"`, `good.example. 300 IN TXT "v=spf1 include:spf.good.example ~all"`)
	}},
	{"spf.syntax:after_all", func(w *world) { w.txt("good.example", "v=spf1 mx -all ip4:192.0.2.1") }},
	{"spf.syntax:unknown", func(w *world) { w.txt("good.example", "v=spf1 mx ipv4=192.0.2.1 -all") }},
	{"spf.syntax:wrong", func(w *world) { w.txt("good.example", "v=spf1 mx ipv4:192.0.2.1 -all") }},
	{"spf.lookups:near", func(w *world) { w.includes(9) }},
	{"spf.lookups:over", func(w *world) { w.includes(11) }},
	{"spf.void:some", func(w *world) { w.txt("good.example", "v=spf1 a:gone.good.example mx -all") }},
	{"spf.void:over", func(w *world) {
		w.txt("good.example", "v=spf1 a:g1.good.example a:g2.good.example a:g3.good.example mx -all")
	}},
	{"spf.hosts:over", func(w *world) {
		var all []string
		for i := range 11 {
			all = append(all, fmt.Sprintf("good.example. 300 IN MX %d h%d.good.example.", i, i))
		}
		w.set(all...)
	}},
	{"spf.ptr:used", func(w *world) { w.txt("good.example", "v=spf1 mx ptr -all") }},
	{"spf.all:neutral", func(w *world) { w.txt("good.example", "v=spf1 mx ?all") }},
	{"spf.all:missing", func(w *world) { w.txt("good.example", "v=spf1 mx") }},
	{"spf.all:open", func(w *world) { w.txt("good.example", "v=spf1 mx +all") }},
	{"spf.includes:missing", func(w *world) { w.txt("good.example", "v=spf1 include:gone.example -all") }},
	{"spf.includes:loop", func(w *world) { w.txt("spf.good.example", "v=spf1 include:good.example -all") }},
	{"spf.includes:several", func(w *world) {
		w.set(`spf.good.example. 300 IN TXT "v=spf1 -all"`, `spf.good.example. 300 IN TXT "v=spf1 mx -all"`)
	}},
	{"spf.provider:ok", func(w *world) { w.exmail("v=spf1 include:spf.mail.qq.com ~all") }},
	{"spf.provider:old", func(w *world) { w.exmail("v=spf1 include:spf.mail.qq.com include:spf.qiye.163.com ~all") }},
	// A name that only begins like the provider's must not count as it.
	{"spf.provider:missing", func(w *world) { w.exmail("v=spf1 include:spf.mail.qq.com.example ~all") }},
	{"spf.length:long", func(w *world) { w.txt("good.example", "v=spf1"+strings.Repeat(" ip4:192.0.2.111", 30)+" -all") }},
	{"spf.wide:wide", func(w *world) { w.txt("good.example", "v=spf1 ip4:10.0.0.0/8 -all") }},
	{"spf.wide:everyone", func(w *world) { w.txt("good.example", "v=spf1 ip4:0.0.0.0/0 -all") }},
	{"spf.old_kinds:sender_id", func(w *world) {
		w.set(`good.example. 300 IN TXT "v=spf1 mx -all"`, `good.example. 300 IN TXT "spf2.0/pra mx -all"`)
	}},
	{"spf.old_kinds:type_spf", func(w *world) { w.set(`good.example. 300 IN SPF "v=spf1 mx -all"`) }},
	{"spf.sender:ok", func(w *world) { w.x.Options.SendingIP = []string{"192.0.2.25"} }},
	{"spf.sender:soft", func(w *world) {
		w.x.Options.SendingIP = []string{"203.0.113.9"}
		w.txt("good.example", "v=spf1 mx ~all")
	}},
	{"spf.sender:fails", func(w *world) { w.x.Options.SendingIP = []string{"203.0.113.9"} }},
	{"spf.helo:none", func(w *world) { w.drop("mx1.good.example", dns.TypeTXT) }},
	{"spf.parked:ok", func(w *world) { w.x.Options.Parked = true; w.txt("good.example", "v=spf1 -all") }},
	{"spf.parked:open", func(w *world) { w.x.Options.Parked = true }},
}

func (w *world) exmail(record string) {
	w.moveTo("mxbiz1.qq.com")
	w.txt("good.example", record)
	for _, host := range []string{"spf.mail.qq.com", "spf.qiye.163.com", "spf.mail.qq.com.example"} {
		w.txt(host, "v=spf1 ip4:198.51.100.0/24 -all")
	}
}

const selector = "default._domainkey.good.example"

// only leaves one key.
func (w *world) only(record string) {
	w.drop("s2._domainkey.good.example", dns.TypeTXT)
	w.txt(selector, record)
}

var dkimCases = []kase{
	{"dkim.found:none", func(w *world) { // there is a key, under a name that nobody guesses
		w.drop("s2._domainkey.good.example", dns.TypeTXT)
		w.drop(selector, dns.TypeTXT)
		w.txt("x7._domainkey.good.example", "v=DKIM1; p="+rsaKeys()[2048])
	}},
	{"dkim.found:absent", func(w *world) {
		w.drop("s2._domainkey.good.example", dns.TypeTXT)
		w.drop(selector, dns.TypeTXT)
	}},
	{"dkim.found:missing", func(w *world) { w.x.Options.Selectors = []string{"2026a"} }},
	{"dkim.key:revoked", func(w *world) { w.only("v=DKIM1; p=") }},
	{"dkim.key:broken", func(w *world) { w.only("v=DKIM1; p=MIGf!!notbase64") }},
	{"dkim.bits:short", func(w *world) { w.only("v=DKIM1; p=" + rsaKeys()[1024]) }},
	{"dkim.bits:weak", func(w *world) { w.only("v=DKIM1; p=" + weakKey) }},
	{"dkim.algorithm:only_ed25519", func(w *world) {
		w.only("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
	}},
	{"dkim.algorithm:sha1", func(w *world) { w.only("v=DKIM1; h=sha1; p=" + rsaKeys()[2048]) }},
	{"dkim.flags:testing", func(w *world) { w.only("v=DKIM1; t=y; p=" + rsaKeys()[2048]) }},
	{"dkim.flags:not_mail", func(w *world) { w.only("v=DKIM1; s=other; p=" + rsaKeys()[2048]) }},
	{"dkim.record:several", func(w *world) {
		w.set(selector+". 300 IN TXT "+quoted("v=DKIM1; p="+rsaKeys()[2048]), selector+". 300 IN TXT "+quoted("v=DKIM1; p="+rsaKeys()[1024]))
	}},
	{"dkim.record:dead_alias", func(w *world) {
		w.drop(selector, dns.TypeTXT)
		w.set(selector + ". 300 IN CNAME gone.example.")
	}},
	{"dkim.rotation:one", func(w *world) { w.drop("s2._domainkey.good.example", dns.TypeTXT) }},
}

// weakKey has 512 bits; such keys were broken in hours in 2012.
const weakKey = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANM66PbbivHqpnHaCAPYFXqw4r6D79jCt8qygXc7VeFDJKbYmg8zRLugHkK6RJ1ImS7ew2/SEyWQQm10G1rpEb0CAwEAAQ=="

func (w *world) policy(record string) { w.txt("_dmarc.good.example", record) }

var dmarcCases = []kase{
	{"dmarc.present:inherited", func(w *world) { w.as("sub.good.example") }},
	{"dmarc.present:suffix", func(w *world) {
		w.drop("_dmarc.good.example", dns.TypeTXT)
		w.txt("_dmarc.example", "v=DMARC1; p=none; psd=y")
	}},
	{"dmarc.present:none", func(w *world) { w.drop("_dmarc.good.example", dns.TypeTXT) }},
	{"dmarc.present:several", func(w *world) {
		w.set(`_dmarc.good.example. 300 IN TXT "v=DMARC1\; p=none"`, `_dmarc.good.example. 300 IN TXT "v=DMARC1\; p=reject"`)
	}},
	{"dmarc.present:near", func(w *world) { w.policy("v=dmarc1; p=reject") }},
	{"dmarc.policy:watching", func(w *world) { w.policy("v=DMARC1; p=none; rua=mailto:a@good.example") }},
	{"dmarc.policy:missing", func(w *world) { w.policy("v=DMARC1; rua=mailto:a@good.example") }},
	{"dmarc.policy:invalid", func(w *world) { w.policy("v=DMARC1; p=block") }},
	{"dmarc.subdomains:weaker", func(w *world) { w.policy("v=DMARC1; p=reject; sp=none") }},
	{"dmarc.removed:old", func(w *world) { w.policy("v=DMARC1; p=reject; pct=100") }},
	{"dmarc.removed:part", func(w *world) { w.policy("v=DMARC1; p=reject; pct=20") }},
	{"dmarc.testing:testing", func(w *world) { w.policy("v=DMARC1; p=reject; t=y") }},
	{"dmarc.strict:risky", func(w *world) { w.policy("v=DMARC1; p=reject; aspf=s"); w.includes(2) }},
	{"dmarc.tags:order", func(w *world) { w.policy("v=DMARC1; rua=mailto:a@good.example; p=reject") }},
	{"dmarc.tags:unknown", func(w *world) { w.policy("v=DMARC1; p=reject; policy=reject") }},
	{"dmarc.tags:twice", func(w *world) { w.policy("v=DMARC1; p=reject; p=none") }},
	{"dmarc.tags:unreadable", func(w *world) { w.policy("v=DMARC1; p=reject; rua mailto:a@good.example") }},
	{"dmarc.place:apex", func(w *world) {
		w.set(`good.example. 300 IN TXT "v=spf1 mx -all"`, `good.example. 300 IN TXT "v=DMARC1\; p=reject"`)
	}},
	{"dmarc.place:beside", func(w *world) {
		w.set(`_dmarc.good.example. 300 IN TXT "v=DMARC1\; p=reject"`, `_dmarc.good.example. 300 IN TXT "site-verification=1"`)
	}},
	{"dmarc.bulk:missing", func(w *world) { w.drop("_dmarc.good.example", dns.TypeTXT) }},
	{"dmarc.reports:none", func(w *world) { w.policy("v=DMARC1; p=reject") }},
	{"dmarc.reports:many", func(w *world) {
		w.policy("v=DMARC1; p=reject; rua=mailto:a@good.example,mailto:b@good.example,mailto:c@good.example")
	}},
	{"dmarc.reports:limit", func(w *world) { w.policy("v=DMARC1; p=reject; rua=mailto:a@good.example!10m") }},
	{"dmarc.reports:invalid", func(w *world) { w.policy("v=DMARC1; p=reject; rua=a@good.example") }},
	{"dmarc.reports:no_mx", func(w *world) { w.policy("v=DMARC1; p=reject; rua=mailto:a@gone.example") }},
	{"dmarc.external:missing", func(w *world) { w.policy("v=DMARC1; p=reject; rua=mailto:a@reports.test") }},
	{"dmarc.external:ok", func(w *world) {
		w.policy("v=DMARC1; p=reject; rua=mailto:a@reports.test")
		w.txt("good.example._report._dmarc.reports.test", "v=DMARC1")
	}},
	{"dmarc.forensic:fo_alone", func(w *world) { w.policy("v=DMARC1; p=reject; fo=1") }},
}
