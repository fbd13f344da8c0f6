package checks_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/assist"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/testkit/mailport"
	"mailroom/backend/testkit/nameserver"
)

// foreignCA lets the MTA-STS host show a certificate of another authority.
func (w *world) foreignCA(name string) {
	other := *w.ca
	template := *w.ca.cert
	template.RawSubject = nil
	template.Subject = pkix.Name{CommonName: name + " Root", Organization: []string{name}}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, w.ca.key.Public(), w.ca.key)
	must(w.t, err)
	other.cert, err = x509.ParseCertificate(der)
	must(w.t, err)
	w.ca.pool.AddCert(other.cert)
	w.siteCert("mta-sts.good.example", other.config("mta-sts.good.example"))
}

func expired(c *x509.Certificate) { c.NotAfter = time.Now().Add(-48 * time.Hour) }

var mxServerCases = []kase{
	{"mx.answers:slow", func(w *world) {
		w.impatient()
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Delay: slowly})
	}},
	{"mx.answers:some", func(w *world) { delete(w.ports, "198.51.100.25:25") }},
	{"mx.answers:refused", func(w *world) {
		delete(w.ports, "198.51.100.25:25")
		delete(w.ports, "192.0.2.25:25")
		delete(w.ports, "[2001:db8::25]:25")
	}},
	{"mx.ipv6:none", func(w *world) { w.drop("mx1.good.example", dns.TypeAAAA) }},
	{"mx.ipv6:dead", func(w *world) { delete(w.ports, "[2001:db8::25]:25") }},
	{"mx.postmaster:later", func(w *world) { w.rcpt("450 4.2.0 greylisted") }},
	{"mx.postmaster:refused", func(w *world) { w.rcpt("550 5.1.1 no such user") }},
	{"mx.postmaster:no_abuse", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Rcpt: func(address string) string {
			if strings.HasPrefix(address, "abuse@") {
				return "550 5.1.1 no such user"
			}
			return "250 ok"
		}})
	}},
	{"mx.vrfy:tells", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", EXPN: "250 Han Meimei <han@good.example>"})
	}},
	{"mx.unknown_user:accepts", func(w *world) { // the spare server only
		w.smtp("198.51.100.25:25", mailport.Options{Banner: "220 mx2.good.example", Rcpt: func(string) string { return "250 ok" }})
	}},
	{"mx.relay:open", func(w *world) { w.rcpt("250 ok") }},
	{"mx.vrfy:tells", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", VRFY: "250 Li Lei <postmaster@good.example>"})
	}},
	{"mx.unknown_user:accepts", func(w *world) { w.rcpt("250 ok") }},
}

func (w *world) rcpt(reply string) {
	w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Rcpt: func(string) string { return reply }})
}

const stsURL = "https://mta-sts.good.example/.well-known/mta-sts.txt"

func (w *world) sts(policy string) { w.page(stsURL, text(policy)) }

var transportCases = []kase{
	{"transport.sts_record:none", func(w *world) { w.drop("_mta-sts.good.example", dns.TypeTXT) }},
	{"transport.sts_record:several", func(w *world) {
		w.set(`_mta-sts.good.example. 300 IN TXT "v=STSv1\; id=1"`, `_mta-sts.good.example. 300 IN TXT "v=STSv1\; id=2"`)
	}},
	{"transport.sts_record:wrong", func(w *world) { w.txt("_mta-sts.good.example", "v=STSv1; id=2026-01-01") }},
	{"transport.sts_policy:content_type", func(w *world) {
		w.page(stsURL, func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "text/html")
			_, _ = rw.Write([]byte(stsPolicy))
		})
	}},
	{"transport.sts_policy:no_host", func(w *world) { w.drop("mta-sts.good.example", dns.TypeA) }},
	{"transport.sts_policy:unreachable", func(w *world) { w.set("mta-sts.good.example. 300 IN A 192.0.2.81") }},
	{"transport.sts_policy:certificate", func(w *world) {
		w.siteCert("mta-sts.good.example", w.ca.make(expired, "mta-sts.good.example"))
	}},
	{"transport.sts_policy:redirect", func(w *world) { w.page(stsURL, status(301, "Location", "https://www.good.example/")) }},
	{"transport.sts_policy:status", func(w *world) { w.page(stsURL, status(404)) }},
	{"transport.sts_policy:orphan", func(w *world) { w.drop("_mta-sts.good.example", dns.TypeTXT) }},
	{"transport.sts_mode:testing", func(w *world) { w.sts(strings.Replace(stsPolicy, "enforce", "testing", 1)) }},
	{"transport.sts_mode:off", func(w *world) { w.sts("version: STSv1\nmode: none\nmax_age: 86400\n") }},
	{"transport.sts_mode:brief", func(w *world) { w.sts(strings.Replace(stsPolicy, "1209600", "600", 1)) }},
	{"transport.sts_mode:wrong", func(w *world) { w.sts("version: STSv1\nmode: enforced\nmax_age: 86400\n") }},
	{"transport.sts_mx:mismatch", func(w *world) { w.sts("version: STSv1\nmode: enforce\nmx: mx1.good.example\nmax_age: 1209600\n") }},
	{"transport.sts_mx:testing", func(w *world) { w.sts("version: STSv1\nmode: testing\nmx: mx1.good.example\nmax_age: 1209600\n") }},
	{"transport.sts_mx:certificate", func(w *world) {
		w.smtp("198.51.100.25:25", mailport.Options{Banner: "220 mx2.good.example", Cert: w.ca.config("other.example")})
	}},
	{"transport.tls_reports:none", func(w *world) {
		w.drop("_smtp._tls.good.example", dns.TypeTXT)
		w.drop("_mta-sts.good.example", dns.TypeTXT)
	}},
	{"transport.tls_reports:wanted", func(w *world) { w.drop("_smtp._tls.good.example", dns.TypeTXT) }},
	{"transport.tls_reports:several", func(w *world) {
		w.set(`_smtp._tls.good.example. 300 IN TXT "v=TLSRPTv1\; rua=mailto:a@good.example"`, `_smtp._tls.good.example. 300 IN TXT "v=TLSRPTv1\; rua=mailto:b@good.example"`)
	}},
	{"transport.tls_reports:wrong", func(w *world) { w.txt("_smtp._tls.good.example", "v=TLSRPTv1; rua=tls@good.example") }},
	{"transport.dane:none", func(w *world) {
		w.drop("_25._tcp.mx1.good.example", dns.TypeTLSA)
		w.drop("_25._tcp.mx2.good.example", dns.TypeTLSA)
	}},
	{"transport.dane:unsigned", func(w *world) { w.signed = false }},
	{"transport.dane:mismatch", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Cert: w.ca.config("mx1.good.example")})
	}},
	{"transport.dane:no_tls", func(w *world) { w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example"}) }},
	{"transport.dane_usage:single", func(w *world) { w.tlsa("3 1 1") }},
	{"transport.dane_usage:usage", func(w *world) { w.tlsa("1 1 1") }},
	{"transport.bimi:none", func(w *world) { w.drop("default._bimi.good.example", dns.TypeTXT) }},
	{"transport.bimi:policy", func(w *world) { w.policy("v=DMARC1; p=none") }},
	{"transport.bimi:wrong", func(w *world) { w.txt("default._bimi.good.example", "v=BIMI1; l=http://www.good.example/logo.svg") }},
	{"transport.bimi_logo:unreachable", func(w *world) { w.page("https://www.good.example/logo.svg", status(404)) }},
	{"transport.bimi_logo:not_svg", func(w *world) { w.page("https://www.good.example/logo.svg", text("<html></html>")) }},
	{"transport.bimi_logo:unsafe", func(w *world) {
		w.page("https://www.good.example/logo.svg", text(strings.Replace(logo, "<title>", "<script/><title>", 1)))
	}},
	{"transport.bimi_mark:none", func(w *world) { w.txt("default._bimi.good.example", "v=BIMI1; l=https://www.good.example/logo.svg") }},
	{"transport.bimi_mark:soon", func(w *world) {
		w.page("https://www.good.example/mark.pem", text(w.mark(logo, func(c *x509.Certificate) { c.NotAfter = time.Now().AddDate(0, 0, 9) })))
	}},
	{"transport.bimi_mark:unreachable", func(w *world) { w.page("https://www.good.example/mark.pem", text("no certificate")) }},
	{"transport.bimi_mark:expired", func(w *world) {
		w.page("https://www.good.example/mark.pem", text(w.mark(logo, expired)))
	}},
}

// tlsa leaves one pin of the given kind on each host.
func (w *world) tlsa(kind string) {
	for _, host := range []string{"mx1", "mx2"} {
		w.set("_25._tcp." + host + ".good.example. 300 IN TLSA " + kind + " " + strings.Repeat("ab", 32))
	}
}

// reverse replaces the names of the first server's address.
func (w *world) reverse(names ...string) {
	w.resolver.Remove("25.2.0.192.in-addr.arpa", dns.TypePTR)
	for _, n := range names {
		rr, err := dns.NewRR("25.2.0.192.in-addr.arpa. 300 IN PTR " + n)
		must(w.t, err)
		w.resolver.Add(rr)
	}
}

// onList puts the first server's address on a list.
func (w *world) onList(zone, code string) {
	must(w.t, w.resolver.Load("25.2.0.192."+zone+". 300 IN A "+code))
}

var reputationCases = []kase{
	{"reputation.reverse:shared", func(w *world) { w.provided() }},
	{"reputation.reverse:several", func(w *world) { w.reverse("mx1.good.example.", "www.good.example.") }},
	{"reputation.reverse:generic", func(w *world) { w.reverse("192-0-2-25.static.line.example.") }},
	{"reputation.reverse:none", func(w *world) { w.reverse() }},
	{"reputation.forward:shared", func(w *world) { w.provided() }},
	{"reputation.forward:mismatch", func(w *world) { w.reverse("www.good.example.") }},
	{"reputation.helo:shared", func(w *world) { w.provided() }},
	{"reputation.helo:differs", func(w *world) { w.reverse("smtp.good.example.") }},
	{"reputation.helo:wrong", func(w *world) { w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 localhost.localdomain ESMTP"}) }},
	// The list refuses our resolver: that is no entry.
	{"reputation.lists_health:refused", func(w *world) {
		w.resolver.Remove("2.0.0.127.ip.list.test", dns.TypeA)
		must(w.t, w.resolver.Load("2.0.0.127.ip.list.test. 300 IN A 127.255.255.254"))
		w.onList("ip.list.test", "127.255.255.254")
	}},
	{"reputation.ip_lists:shared", func(w *world) { w.provided() }},
	{"reputation.ip_lists:minor", func(w *world) { w.onList("small.list.test", "127.0.0.2") }},
	{"reputation.ip_lists:dial_up", func(w *world) { w.onList("spamhaus.list.test", "127.0.0.10") }},
	{"reputation.ip_lists:listed", func(w *world) { w.onList("ip.list.test", "127.0.0.3") }},
	{"reputation.domain_lists:listed", func(w *world) { must(w.t, w.resolver.Load("good.example.dom.list.test. 300 IN A 127.0.1.2")) }},
}

// provided makes the servers somebody else's.
func (w *world) provided() {
	w.x.Options.OwnHost = false
	w.moveTo("mxbiz1.qq.com")
}

var clientCases = []kase{
	{"clients.srv:none", func(w *world) {
		for _, n := range []string{"_imaps", "_submissions", "_submission", "_pop3s"} {
			w.drop(n+"._tcp.good.example", dns.TypeSRV)
		}
	}},
	{"clients.srv:plain", func(w *world) { w.set("_imap._tcp.good.example. 300 IN SRV 0 1 143 imap.good.example.") }},
	{"clients.srv:dead", func(w *world) { w.set("_imaps._tcp.good.example. 300 IN SRV 0 1 993 www.good.example.") }},
	{"clients.srv:certificate", func(w *world) { w.client(w.ca.config("other.example")) }},
	{"clients.autoconfig:none", func(w *world) { w.drop("autoconfig.good.example", dns.TypeA) }},
	{"clients.autoconfig:http", func(w *world) {
		w.page("https://autoconfig.good.example/mail/config-v1.1.xml", status(404))
		w.page("http://autoconfig.good.example/mail/config-v1.1.xml", text(autoconfig))
	}},
	{"clients.autoconfig:certificate", func(w *world) { w.siteCert("autoconfig.good.example", w.ca.config("other.example")) }},
	{"clients.autoconfig:broken", func(w *world) { w.page("https://autoconfig.good.example/mail/config-v1.1.xml", text("<html/>")) }},
	{"clients.autoconfig:dead", func(w *world) {
		w.page("https://autoconfig.good.example/mail/config-v1.1.xml", text(strings.Replace(autoconfig, "imap.good", "www.good", 1)))
	}},
	{"clients.autodiscover:none", func(w *world) { w.drop("autodiscover.good.example", dns.TypeA) }},
	{"clients.autodiscover:wanted", func(w *world) {
		w.drop("autodiscover.good.example", dns.TypeA)
		w.moveTo("good-example.mail.protection.outlook.com")
	}},
	{"clients.autodiscover:old", func(w *world) {
		w.drop("autodiscover.good.example", dns.TypeA)
		w.set("autodiscover.good.example. 300 IN CNAME autodiscover.outlook.com.", "autodiscover.outlook.com. 300 IN A 192.0.2.80")
		w.moveTo("mxbiz1.qq.com")
	}},
	{"clients.autodiscover:dead", func(w *world) { w.set("autodiscover.good.example. 300 IN A 192.0.2.81") }},
	{"clients.autodiscover:certificate", func(w *world) { w.siteCert("autodiscover.good.example", w.ca.config("other.example")) }},
	{"clients.alias:none", func(w *world) {
		for _, n := range []string{"imap", "smtp", "pop"} {
			w.drop(n+".good.example", dns.TypeA)
		}
	}},
	{"clients.alias:dead", func(w *world) { w.set("imap.good.example. 300 IN A 192.0.2.81") }},
	{"clients.alias:name", func(w *world) { w.client(w.ca.config("imap.provider.example")) }},
}

// closedNetwork is a network without an internet: its DNS server says of every name that
// it does not exist, the root's too, and nothing beyond it can be reached.
func closedNetwork(w *world) {
	inside := w.rootOf(". 300 IN SOA ns.inside. admin.inside. 1 3600 600 1209600 300")
	var err error
	w.x.DNS, err = lookup.New(lookup.Config{Servers: []string{inside}, TryFor: 5 * time.Second})
	must(w.t, err)
	w.x.System = true
	w.ports["203.0.113.53:53"] = inside // as gateways do that lead every question to their own server
}

// rootOf starts a DNS server with a root zone of its own.
func (w *world) rootOf(zone string) string {
	w.t.Helper()
	return nameserver.Start(w.t, zone).Addr
}

// A closed network says nothing about the domain; a server that the person named is
// believed, and so is one beyond which the internet can be reached.
func TestAClosedNetworkIsNotTheDomainsFault(t *testing.T) {
	w := build(t)
	w.x.Mail = nil // what a mail says of itself needs no network
	closedNetwork(w)
	found := look(t, w)
	for key, f := range found {
		if f.Verdict != doctor.Skipped && key != "ports.network:dns_blind" {
			t.Errorf("%s: %v", key, f.Facts)
		}
	}
	if f, ok := found["ports.network:dns_blind"]; !ok || f.Verdict != doctor.Warn {
		t.Errorf("%+v, %v", f, ok)
	}
	for name, change := range map[string]func(w *world){
		"a named resolver": func(w *world) { w.x.System = false },
		"a public resolver answers": func(w *world) {
			w.ports["203.0.113.53:53"] = w.rootOf(". 300 IN SOA a.root.test. admin.root.test. 1 3600 600 1209600 300\n. 300 IN NS a.root.test.")
		},
	} {
		w := build(t)
		closedNetwork(w)
		change(w)
		if found := look(t, w, "domain.exists", "ports.network"); found["domain.exists:nxdomain"].Verdict != doctor.Fail {
			t.Errorf("%s: %v", name, found)
		}
	}
	w = build(t)
	closedNetwork(w)
	table, err := checks.Assist(t.Context(), w.ready(), false)
	must(t, err)
	for _, r := range table.Rows {
		if r.State != assist.Unknown && r.State != assist.Console {
			t.Errorf("the assistant says %s of %s %s", r.State, r.Name, r.Type)
		}
	}
}

var networkCases = []kase{
	{"ports.network:dns_dead", func(w *world) {
		dead, err := net.ListenPacket("udp", "127.0.0.1:0")
		must(w.t, err)
		w.t.Cleanup(func() { _ = dead.Close() })
		w.x.DNS, err = lookup.New(lookup.Config{Servers: []string{dead.LocalAddr().String()}, TryFor: 50 * time.Millisecond})
		must(w.t, err)
		w.ports["203.0.113.53:53"] = w.resolver.Addr
	}},
	{"ports.network:dns_blind", closedNetwork},
	{"ports.portal:captive", func(w *world) {
		w.page("http://probe.test/204", status(302, "Location", "http://login.hotel.example/"))
	}},
	{"ports.hijack:invented", func(w *world) { must(w.t, w.resolver.CatchAll("198.51.100.99")) }},
	{"ports.clock:drift", func(w *world) { w.x.Now = func() time.Time { return time.Now().Add(time.Minute) } }},
	{"ports.clock:wrong", func(w *world) { w.x.Now = func() time.Time { return time.Now().Add(time.Hour) } }},
	{"ports.ipv6:none", func(w *world) { delete(w.ports, "[2001:4860:4860::8888]:53") }},
}

var portCases = []kase{
	{"ports.imap:slow", func(w *world) {
		w.impatient()
		w.serve("192.0.2.93:993", mailport.Options{Proto: "imap", Banner: "* OK", Cert: w.imap, TLS: true, Delay: slowly})
	}},
	{"ports.imap:closed", func(w *world) { delete(w.ports, "192.0.2.93:993"); delete(w.ports, "192.0.2.94:993") }},
	{"ports.imap:refused", func(w *world) {
		w.serve("192.0.2.93:993", mailport.Options{Proto: "imap", Banner: "* BYE too many connections", Cert: w.imap, TLS: true})
	}},
	{"ports.pop3:slow", func(w *world) {
		w.impatient()
		w.serve("192.0.2.93:995", mailport.Options{Proto: "pop3", Banner: "+OK", Cert: w.imap, TLS: true, Delay: slowly})
	}},
	{"ports.pop3:closed", func(w *world) { delete(w.ports, "192.0.2.93:995") }},
	{"ports.pop3:refused", func(w *world) {
		w.serve("192.0.2.93:995", mailport.Options{Proto: "pop3", Banner: "-ERR not now", Cert: w.imap, TLS: true})
	}},
	{"ports.submission:slow", func(w *world) {
		w.impatient()
		w.serve("192.0.2.93:465", mailport.Options{Proto: "smtp", Banner: "220 smtp.good.example", Cert: w.imap, TLS: true, Delay: slowly})
	}},
	{"ports.submission:closed", func(w *world) { delete(w.ports, "192.0.2.93:465") }},
	{"ports.submission:refused", func(w *world) { w.impatient(); w.serve("192.0.2.93:465", mailport.Options{Drip: true}) }},
	{"ports.starttls:early_auth", func(w *world) {
		w.serve("192.0.2.93:587", mailport.Options{Proto: "smtp", Banner: "220 smtp.good.example", Offers: []string{"STARTTLS", "AUTH PLAIN LOGIN"}, Cert: w.imap})
	}},
	{"ports.starttls:missing", func(w *world) {
		w.serve("192.0.2.93:587", mailport.Options{Proto: "smtp", Banner: "220 smtp.good.example", Offers: []string{"AUTH PLAIN"}})
	}},
	{"ports.plain:open", func(w *world) {
		w.serve("192.0.2.93:143", mailport.Options{Proto: "imap", Banner: "* OK", Offers: []string{"AUTH=PLAIN"}})
	}},
	{"ports.outbound25:closed", func(w *world) { delete(w.ports, "203.0.113.25:25") }},
	{"ports.middlebox:masked", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 ********************************"})
	}},
	{"ports.middlebox:stripped", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Offers: []string{"SIZE 1", "XXXXXXXA"}})
	}},
	{"ports.middlebox:intercepted", func(w *world) { w.client(w.ca.intercepted("Kaspersky Anti-Virus Personal Root", "imap.good.example")) }},
}

// intercepted is a certificate as a virus scanner makes one.
func (a *authority) intercepted(maker string, names ...string) *tls.Config {
	other := *a
	template := *a.cert
	template.RawSubject, template.Subject = nil, pkix.Name{CommonName: maker}
	other.cert = &template
	return other.config(names...)
}

// weakened is a config of a server that speaks what it should not any more.
func weakened(cfg *tls.Config, minimum, maximum uint16, suites ...uint16) *tls.Config {
	c := cfg.Clone()
	c.MinVersion, c.MaxVersion, c.CipherSuites = minimum, maximum, suites
	return c
}

// withRSA is a good certificate with an RSA key, which old suites need.
func (a *authority) withRSA(bits int, names ...string) *tls.Config {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	must(a.t, err)
	return a.sign(key, a.cert, a.key, func(*x509.Certificate) {}, names...)
}

var three = []string{"imap.good.example", "smtp.good.example", "pop.good.example"}

var tlsCases = []kase{
	{"tls.chain:opportunistic", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Cert: w.ca.selfSigned("mx1.good.example")})
	}},
	{"tls.chain:untrusted", func(w *world) { w.client(newAuthority(w.t).config(three...)) }},
	{"tls.chain:self_signed", func(w *world) { w.client(w.ca.selfSigned(three...)) }},
	{"tls.chain:incomplete", func(w *world) {
		w.client(newAuthority(w.t).make(func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://ca.test/between.crt"} }, three...))
	}},
	{"tls.name:opportunistic", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Cert: w.ca.config("other.example")})
	}},
	{"tls.name:mismatch", func(w *world) { w.client(w.ca.config("other.example")) }},
	{"tls.validity:opportunistic", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Cert: w.ca.make(expired, "mx1.good.example")})
	}},
	{"tls.validity:soon", func(w *world) {
		w.client(w.ca.make(func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().AddDate(0, 0, -80), time.Now().AddDate(0, 0, 5)
		}, three...))
	}},
	{"tls.validity:early", func(w *world) {
		w.client(w.ca.make(func(c *x509.Certificate) { c.NotBefore = time.Now().AddDate(0, 0, 2) }, three...))
	}},
	{"tls.validity:expired", func(w *world) { w.client(w.ca.make(expired, three...)) }},
	{"tls.key:weak", func(w *world) { w.client(w.ca.withRSA(1024, three...)) }},
	{"tls.key:sha1", func(w *world) {
		w.client(w.ca.signedSHA1(three...))
	}},
	{"tls.version:old_too", func(w *world) { w.client(weakened(w.imap, tls.VersionTLS10, tls.VersionTLS13)) }},
	{"tls.version:old_only", func(w *world) { w.client(weakened(w.imap, tls.VersionTLS10, tls.VersionTLS11)) }},
	{"tls.version:none", func(w *world) {
		broken := &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, context.Canceled }}
		w.client(broken)
	}},
	{"tls.suites:no_forward_secrecy", func(w *world) {
		w.client(weakened(w.ca.withRSA(2048, three...), tls.VersionTLS12, tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_GCM_SHA256))
	}},
	{"tls.suites:weak", func(w *world) {
		w.client(weakened(w.ca.withRSA(2048, three...), tls.VersionTLS12, tls.VersionTLS12, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256))
	}},
	{"tls.staple:none", func(w *world) {
		w.imap.Certificates[0].OCSPStaple = nil
		w.client(w.imap)
	}},
	{"tls.same_everywhere:differs", func(w *world) {
		w.serve("192.0.2.94:993", mailport.Options{Proto: "imap", Banner: "* OK", Cert: w.ca.config("imap.good.example"), TLS: true})
	}},
	{"tls.same_everywhere:bad", func(w *world) {
		w.serve("192.0.2.94:993", mailport.Options{Proto: "imap", Banner: "* OK", Cert: w.ca.make(expired, "imap.good.example"), TLS: true})
	}},
	{"tls.injection:injected", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Cert: w.mx1, Inject: true})
	}},
}

var smtpCases = []kase{
	{"smtp.banner:version", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example ESMTP Postfix 3.4.1"})
	}},
	{"smtp.banner:no_name", func(w *world) { w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 server ESMTP"}) }},
	{"smtp.banner:refuses", func(w *world) { w.smtp("192.0.2.25:25", mailport.Options{Banner: "554 no service for you"}) }},
	{"smtp.banner:not_smtp", func(w *world) { w.smtp("192.0.2.25:25", mailport.Options{Banner: "SSH-2.0-OpenSSH_9.2"}) }},
	{"smtp.extensions:small", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Offers: []string{"SIZE 10485760", "PIPELINING", "8BITMIME"}})
	}},
	{"smtp.extensions:missing", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Offers: []string{"SIZE 52428800"}})
	}},
	{"smtp.starttls:none", func(w *world) {
		w.drop("_mta-sts.good.example", dns.TypeTXT)
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example"})
	}},
	{"smtp.starttls:promised", func(w *world) { w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example"}) }},
	{"smtp.starttls:broken", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Offers: usual})
	}},
	{"smtp.delay:slow", func(w *world) {
		w.impatient()
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Delay: slowly})
	}},
	{"smtp.addresses:none", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Offers: []string{"SIZE 52428800"}})
	}},
}
