package checks_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"

	"mailroom/backend/doctor"
)

// routes lets the service that knows the routes of the internet tell one state of all,
// in the form that RIPEstat answers in.
func (w *world) routes(state string) {
	answer := func(data string) string {
		return fmt.Sprintf(`{"messages":[],"see_also":[],"version":"1.1","status":"ok","status_code":200,"data":%s}`, data)
	}
	for ip, prefix := range map[string]string{"192.0.2.25": "192.0.2.0/24", "198.51.100.25": "198.51.100.0/24", "2001:db8::25": "2001:db8::/32"} {
		w.page("https://routes.test/data/network-info/data.json?resource="+strings.ReplaceAll(ip, ":", "%3A")+"&sourceapp=mailroom",
			text(answer(fmt.Sprintf(`{"asns":["64496"],"prefix":%q}`, prefix))))
		w.page("https://routes.test/data/rpki-validation/data.json?prefix="+strings.NewReplacer(":", "%3A", "/", "%2F").Replace(prefix)+"&resource=64496&sourceapp=mailroom",
			text(answer(fmt.Sprintf(`{"validating_roas":[],"status":%q,"validator":"routinator","resource":"64496","prefix":%q}`, state, prefix))))
	}
}

var routeCases = []kase{
	{"mx.route:unknown", func(w *world) { w.routes("unknown") }},
	{"mx.route:invalid", func(w *world) { w.routes("invalid_asn") }},
	{"mx.route:invalid", func(w *world) { w.routes("invalid_length") }},
	{"domain.ipv6:none", func(w *world) { w.drop("ns1.good.example", dns.TypeAAAA) }},
	{"domain.ipv6:dead", func(w *world) { delete(w.ports, "[2001:db8::53]:53") }},
}

func TestNobodyIsAskedAboutRoutesUnlessWanted(t *testing.T) {
	w := build(t)
	w.x.AskNobody()
	if found := look(t, w, "mx.route"); found["mx.route:not_asked"].Verdict != doctor.Skipped {
		t.Errorf("%v", found)
	}
}

var lineCases = []kase{
	{"ports.line:far", func(w *world) {
		w.through(func(ctx context.Context, dial doctor.Dialer, network, address string) (net.Conn, error) {
			if strings.HasSuffix(address, ":993") || strings.HasSuffix(address, ":465") || strings.HasSuffix(address, ":587") || strings.HasSuffix(address, ":995") {
				select {
				case <-time.After(400 * time.Millisecond):
				case <-ctx.Done():
					return nil, ctx.Err()
				}
			}
			return dial(ctx, network, address)
		})
	}},
	{"ports.line:lossy", func(w *world) {
		var n atomic.Int64
		w.set("imap.good.example. 300 IN A 192.0.2.93")
		w.through(func(ctx context.Context, dial doctor.Dialer, network, address string) (net.Conn, error) {
			if address == "192.0.2.93:993" && n.Add(1)%3 == 0 {
				return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNRESET}
			}
			return dial(ctx, network, address)
		})
	}},
	{"ports.tunnel:vpn", func(w *world) { w.x.Machine.Tunnels = []string{"wg0"} }},
	{"ports.tunnel:proxy", func(w *world) { w.x.Machine.Proxy = "proxy.office.example:8080" }},
}

// through puts something between the examination and the world.
func (w *world) through(f func(context.Context, doctor.Dialer, string, string) (net.Conn, error)) {
	w.between = f
}

var markCases = []kase{
	{"transport.bimi_mark:chain", func(w *world) {
		whole := w.mark(logo, func(*x509.Certificate) {})
		w.page("https://www.good.example/mark.pem", text(whole[:strings.Index(whole, "-----END CERTIFICATE-----")+26]))
	}},
	{"transport.bimi_mark:chain", func(w *world) { // another authority's certificate stands above
		one := w.mark(logo, func(*x509.Certificate) {})
		other := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: newAuthority(w.t).cert.Raw}))
		w.page("https://www.good.example/mark.pem", text(one[:strings.Index(one, "-----END CERTIFICATE-----")+26]+other))
	}},
	{"transport.bimi_mark:purpose", func(w *world) {
		w.page("https://www.good.example/mark.pem", text(w.mark(logo, func(c *x509.Certificate) { c.UnknownExtKeyUsage = nil })))
	}},
	{"transport.bimi_mark:name", func(w *world) {
		w.page("https://www.good.example/mark.pem", text(w.mark(logo, func(c *x509.Certificate) { c.DNSNames = []string{"other.example"} })))
	}},
	{"transport.bimi_mark:logo", func(w *world) {
		w.page("https://www.good.example/mark.pem", text(w.mark(strings.Replace(logo, "Good", "Better", 1), func(*x509.Certificate) {})))
	}},
	{"transport.bimi_mark:logo", func(w *world) { // none inside
		w.page("https://www.good.example/mark.pem", text(w.mark(logo, func(c *x509.Certificate) { c.ExtraExtensions = nil })))
	}},
}

// mark is a mark certificate with a logo inside and the certificate above it.
func (w *world) mark(picture string, change func(*x509.Certificate)) string {
	made := w.ca.make(func(c *x509.Certificate) {
		c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 31}}
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 12}, Value: logotype(w.t, picture)}}
		change(c)
	}, "good.example", "default._bimi.good.example")
	leaf := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made.Certificates[0].Certificate[0]})
	return string(leaf) + string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.ca.cert.Raw}))
}

// logotype is the extension of RFC 9399 4.1 with one picture for its subject, packed as
// 4.3 has it.
func logotype(t testing.TB, picture string) []byte {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte(picture))
	must(t, err)
	must(t, z.Close())
	var b cryptobyte.Builder
	within := func(tag der.Tag, f cryptobyte.BuilderContinuation) cryptobyte.BuilderContinuation {
		return func(b *cryptobyte.Builder) { b.AddASN1(tag, f) }
	}
	name := func(s string) cryptobyte.BuilderContinuation {
		return within(der.IA5String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(s)) })
	}
	details := func(b *cryptobyte.Builder) {
		name("image/svg+xml+gzip")(b)
		b.AddASN1(der.SEQUENCE, within(der.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1OctetString([]byte("hash")) }))
		b.AddASN1(der.SEQUENCE, name("data:image/svg+xml;base64,"+base64.StdEncoding.EncodeToString(packed.Bytes())))
	}
	subject := der.Tag(2).ContextSpecific().Constructed()
	direct := der.Tag(0).ContextSpecific().Constructed()
	b.AddASN1(der.SEQUENCE, within(subject, within(direct, within(der.SEQUENCE, within(der.SEQUENCE, within(der.SEQUENCE, details))))))
	raw, err := b.Bytes()
	must(t, err)
	return raw
}
