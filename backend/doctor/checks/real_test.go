package checks_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/testkit/servers"
)

const realBad = `
$ORIGIN bad.example.
$TTL 300
@ SOA ns1 admin 7 3600 600 1209600 300
@ NS ns1
ns1 A 192.0.2.53
@ MX 10 alias
alias CNAME gone
@ TXT "v=spf1 include:gone.example +all"
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=dmarc1; p=reject"
default._domainkey TXT "v=DKIM1; p=broken!"
`

// zoneFile is [goodZone] as a file of a real server takes it, with what names of other
// zones it needs left out.
func zoneFile() string {
	return "$TTL 300\n" + goodZone + "default._domainkey.good.example. 300 IN TXT " + quoted("v=DKIM1; p="+rsaKeys()[2048]) + "\n"
}

// onKnot makes an examination whose resolver is a real name server.
func onKnot(t *testing.T, k *servers.KnotServer, domain string, anchor *dns.DS) *doctor.Exam {
	t.Helper()
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasSuffix(address, ":53") {
			address = k.Addr // every name server of the world is this one
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	cfg := lookup.Config{Servers: []string{k.Addr}, Dial: dial}
	if anchor != nil {
		cfg.Anchors = []*dns.DS{anchor}
	}
	r, err := lookup.New(cfg)
	must(t, err)
	return &doctor.Exam{Domain: domain, Shown: domain, DNS: r, Dial: dial, Now: time.Now}
}

func reasons(t *testing.T, x *doctor.Exam, only ...string) map[string]doctor.Finding {
	t.Helper()
	picked, unknown := checks.Only(checks.All(), only)
	if len(unknown) > 0 {
		t.Fatal(unknown)
	}
	found := map[string]doctor.Finding{}
	for _, f := range doctor.Run(t.Context(), x, picked, nil) {
		found[f.Check+":"+f.Reason] = f
	}
	return found
}

func TestZonesOnARealNameServer(t *testing.T) {
	k := servers.Knot(t, map[string]string{"good.example": zoneFile(), "bad.example": realBad}, "good.example")
	good := reasons(t, onKnot(t, k, "good.example", k.DS["good.example"]), "domain.exists", "domain.dnssec", "domain.ttl", "domain.soa", "domain.serial", "domain.wildcard", "mx.present", "mx.null", "mx.target",
		"mx.alias", "spf", "dkim", "dmarc", "transport.sts_record", "transport.tls_reports")
	for key, f := range good {
		if f.Verdict == doctor.Fail || f.Verdict == doctor.Warn {
			t.Errorf("%s: %v %+v", key, f.Facts, f.Evidence)
		}
	}
	for _, want := range []string{"domain.dnssec:secure", "spf.lookups:ok", "dkim.key:ok", "dmarc.present:ok", "domain.soa:ok"} {
		if _, ok := good[want]; !ok {
			t.Errorf("%s is missing", want)
		}
	}
	bad := reasons(t, onKnot(t, k, "bad.example", k.DS["good.example"]), "domain.dnssec", "mx.target", "mx.alias", "spf.present", "dkim.key", "dmarc.present")
	for _, want := range []string{"domain.dnssec:unsigned", "mx.target:missing", "spf.present:several", "dkim.key:broken", "dmarc.present:near"} {
		if _, ok := bad[want]; !ok {
			t.Errorf("%s is missing in %v", want, bad)
		}
	}
}

// A signature that a real server made under another key than the parent vouches for.
func TestAForeignKeyOnARealNameServerIsBogus(t *testing.T) {
	k := servers.Knot(t, map[string]string{"good.example": zoneFile(), "other.example": strings.ReplaceAll(zoneFile(), "good.example", "other.example")}, "good.example", "other.example")
	foreign := *k.DS["other.example"]
	foreign.Hdr.Name = "good.example."
	found := reasons(t, onKnot(t, k, "good.example", &foreign), "domain.dnssec")
	if _, ok := found["domain.dnssec:bogus"]; !ok {
		t.Errorf("%v", found)
	}
}

// The certificates and versions of a real mail server, good and bad.
func TestCertificatesOfARealMailServer(t *testing.T) {
	for name, c := range map[string]struct {
		opts  servers.Options
		finds string
	}{
		"good":        {servers.Options{}, "tls.chain:ok tls.name:ok tls.validity:ok ports.imap:ok"},
		"expired":     {servers.Options{Cert: servers.ExpiredCert}, "tls.validity:expired tls.name:ok"},
		"wrong name":  {servers.Options{Cert: servers.WrongNameCert}, "tls.name:mismatch tls.chain:ok"},
		"self-signed": {servers.Options{Cert: servers.SelfSignedCert}, "tls.chain:self_signed"},
		"old too": {servers.Options{Extra: "ssl_min_protocol = TLSv1\nssl_cipher_list = ALL:@SECLEVEL=0"},
			"tls.version:old_too"},
	} {
		t.Run(name, func(t *testing.T) {
			s := servers.Dovecot(t, c.opts)
			w := build(t)
			raw, err := os.ReadFile(s.CAFile)
			must(t, err)
			w.x.Roots = x509.NewCertPool()
			w.x.Roots.AppendCertsFromPEM(raw)
			// Dovecot's certificate names localhost, so that is what people use here.
			w.set("_imaps._tcp.good.example. 300 IN SRV 0 1 993 localhost.", "localhost. 300 IN A 192.0.2.99")
			for _, n := range []string{"_submissions", "_submission", "_pop3s"} {
				w.drop(n+"._tcp.good.example", dns.TypeSRV)
			}
			w.ports["192.0.2.99:993"] = fmt.Sprintf("127.0.0.1:%d", s.TLSPort)
			for _, want := range strings.Fields(c.finds) {
				id, _, _ := strings.Cut(want, ":")
				w.x.DNS = nil
				found := map[string]doctor.Finding{}
				picked, _ := checks.Only(checks.All(), []string{id})
				for _, f := range doctor.Run(t.Context(), w.ready(), picked, nil) {
					if f.Subject == "localhost:993" {
						found[f.Check+":"+f.Reason] = f
					}
				}
				if _, ok := found[want]; !ok {
					t.Errorf("%s is missing in %v", want, found)
				}
			}
		})
	}
}
