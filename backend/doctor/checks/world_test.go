package checks_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"

	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/mailport"
	"mailroom/backend/testkit/nameserver"
)

func TestMain(m *testing.M) { leak.Main(m) }

// world is a small internet of ours: a resolver, the name servers of one domain and of
// the zone above, mail servers, web servers, and a way to reach them by the addresses
// that stand in the DNS.
type world struct {
	t                testing.TB
	resolver, parent *nameserver.Server
	ns1, ns2         *nameserver.Server
	mu               sync.Mutex
	ports            map[string]string // "address:port" → where it is on the loopback
	silent           map[string]bool   // connections that are never answered
	waited           int               // how often somebody tried one of them
	ca               *authority
	web              *web
	x                *doctor.Exam
	signed           bool
	anchors          []*dns.DS
	mx1, mx2, imap   *tls.Config
	between          func(context.Context, doctor.Dialer, string, string) (net.Conn, error) // nil: nothing
}

const goodZone = `
good.example. 300 IN SOA ns1.good.example. admin.good.example. 7 3600 600 1209600 300
good.example. 300 IN NS ns1.good.example.
good.example. 300 IN NS ns2.good.example.
ns1.good.example. 300 IN A 192.0.2.53
ns2.good.example. 300 IN A 198.51.100.53
ns1.good.example. 300 IN AAAA 2001:db8::53
good.example. 300 IN MX 10 mx1.good.example.
good.example. 300 IN MX 20 mx2.good.example.
mx1.good.example. 300 IN A 192.0.2.25
mx1.good.example. 300 IN AAAA 2001:db8::25
mx2.good.example. 300 IN A 198.51.100.25
mx1.good.example. 300 IN TXT "v=spf1 a -all"
good.example. 300 IN TXT "v=spf1 mx include:spf.good.example -all"
spf.good.example. 300 IN TXT "v=spf1 ip4:192.0.2.0/24 -all"
good.example. 300 IN CAA 0 issue "ca.test"
_dmarc.good.example. 300 IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@good.example"
_mta-sts.good.example. 300 IN TXT "v=STSv1; id=20260101"
mta-sts.good.example. 300 IN A 192.0.2.80
_smtp._tls.good.example. 300 IN TXT "v=TLSRPTv1; rua=mailto:tls@good.example"
default._bimi.good.example. 300 IN TXT "v=BIMI1; l=https://www.good.example/logo.svg; a=https://www.good.example/mark.pem"
www.good.example. 300 IN A 192.0.2.80
_imaps._tcp.good.example. 300 IN SRV 0 1 993 imap.good.example.
_submissions._tcp.good.example. 300 IN SRV 0 1 465 smtp.good.example.
_submission._tcp.good.example. 300 IN SRV 0 1 587 smtp.good.example.
_pop3s._tcp.good.example. 300 IN SRV 0 1 995 pop.good.example.
imap.good.example. 300 IN A 192.0.2.93
imap.good.example. 300 IN A 192.0.2.94
smtp.good.example. 300 IN A 192.0.2.93
pop.good.example. 300 IN A 192.0.2.93
autoconfig.good.example. 300 IN A 192.0.2.80
autodiscover.good.example. 300 IN A 192.0.2.80
`

const elsewhere = `
example. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
example. 300 IN NS ns.registry.test.
test. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
ns.registry.test. 300 IN A 203.0.113.1
rdap.test. 300 IN A 192.0.2.80
probe.test. 300 IN A 192.0.2.80
clock.test. 300 IN A 192.0.2.80
routes.test. 300 IN A 192.0.2.80
mx.control.test. 300 IN A 203.0.113.25
in-addr.arpa. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
ip6.arpa. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
invalid. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
25.2.0.192.in-addr.arpa. 300 IN PTR mx1.good.example.
25.100.51.198.in-addr.arpa. 300 IN PTR mx2.good.example.
5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 300 IN PTR mx1.good.example.
list.test. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
2.0.0.127.ip.list.test. 300 IN A 127.0.0.2
2.0.0.127.small.list.test. 300 IN A 127.0.0.2
2.0.0.127.spamhaus.list.test. 300 IN A 127.0.0.2
test.dom.list.test. 300 IN A 127.0.0.2
com. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
cn. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
org. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
`

const delegation = `
example. 300 IN SOA ns.registry.test. admin.registry.test. 1 3600 600 1209600 300
good.example. 300 IN NS ns1.good.example.
good.example. 300 IN NS ns2.good.example.
`

// build makes the world in which everything is right.
func build(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, ports: map[string]string{}, silent: map[string]bool{}, ca: newAuthority(t)}
	w.resolver, w.parent = nameserver.Start(t, elsewhere+goodZone), nameserver.Start(t, delegation)
	w.ns1, w.ns2 = nameserver.Start(t, goodZone), nameserver.Start(t, goodZone)
	for _, s := range []*nameserver.Server{w.parent, w.ns1, w.ns2} {
		s.AsAuthority()
	}
	for at, s := range map[string]*nameserver.Server{"203.0.113.1:53": w.parent, "192.0.2.53:53": w.ns1, "198.51.100.53:53": w.ns2, "[2001:db8::53]:53": w.ns1} {
		w.ports[at] = s.Addr
	}
	w.ports["[2001:4860:4860::8888]:53"] = w.resolver.Addr // IPv6 works
	w.keys()
	w.mx1, w.mx2 = w.ca.config("mx1.good.example"), w.ca.config("mx2.good.example")
	w.imap = w.ca.config("imap.good.example", "smtp.good.example", "pop.good.example")
	w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example ESMTP", Cert: w.mx1})
	w.ports["[2001:db8::25]:25"] = w.ports["192.0.2.25:25"]
	w.smtp("198.51.100.25:25", mailport.Options{Banner: "220 mx2.good.example ESMTP", Cert: w.mx2})
	w.smtp("203.0.113.25:25", mailport.Options{Banner: "220 mx.control.test ESMTP"})
	w.client(w.imap)
	w.pages()
	w.pin("mx1.good.example", w.mx1, "mx2.good.example", w.mx2)
	w.x = &doctor.Exam{Domain: "good.example", Mail: goodMail(), Shown: "good.example", Roots: w.ca.pool, Now: time.Now, Patience: 20 * time.Second, Past: &memory{}, Machine: &doctor.Machine{},
		Options: doctor.Options{OwnHost: true, SendingIP: nil},
		Endpoint: doctor.Endpoints{RDAP: "https://rdap.test", Probe: "http://probe.test/204", Clock: "https://clock.test/", IPv6: "[2001:4860:4860::8888]:53", Routes: "https://routes.test/data", Control: []string{"mx.control.test:25"},
			Public: []string{"203.0.113.53:53"},
			IPLists: []doctor.BlockList{{Zone: "ip.list.test", Weight: 3, Page: "https://ip.list.test/"}, {Zone: "small.list.test", Weight: 1, Page: "https://small.list.test/"},
				{Zone: "spamhaus.list.test", Weight: 3, Page: "https://spamhaus.list.test/"}},
			DomLists: []doctor.BlockList{{Zone: "dom.list.test", Weight: 3, Test: "test", Page: "https://dom.list.test/"}},
		}}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ready makes the examination after the case has changed the world.
func (w *world) ready() *doctor.Exam {
	if w.signed {
		ds, err := w.resolver.Sign("good.example")
		must(w.t, err)
		w.anchors = []*dns.DS{ds}
	} else if w.anchors == nil { // a world without a root zone: nothing above is signed
		rr, err := dns.NewRR("elsewhere.test. 0 IN DS 1 13 2 " + strings.Repeat("ab", 32))
		must(w.t, err)
		w.anchors = []*dns.DS{rr.(*dns.DS)}
	}
	r, err := lookup.New(lookup.Config{Servers: []string{w.resolver.Addr}, Dial: w.dial, Anchors: w.anchors, TryFor: 5 * time.Second})
	must(w.t, err)
	if w.x.DNS == nil {
		w.x.DNS = r
	}
	w.x.Dial = w.dial
	if w.between != nil {
		w.x.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			return w.between(ctx, w.dial, network, address)
		}
	}
	return w.x
}

// dial leads addresses of the world to the loopback; where nothing is, nobody listens.
func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	w.mu.Lock()
	to, known := w.ports[address]
	silent := w.silent[address]
	if silent {
		w.waited++
	}
	w.mu.Unlock()
	switch {
	case silent:
		<-ctx.Done()
		return nil, ctx.Err()
	case known:
		address = to
		network = strings.TrimSuffix(network, "6")
	case !strings.HasPrefix(address, "127.0.0.1:"):
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// serve puts a mail port at an address.
func (w *world) serve(at string, opt mailport.Options) *mailport.Server {
	w.t.Helper()
	s, err := mailport.Start(opt)
	must(w.t, err)
	w.t.Cleanup(s.Close)
	w.lead(at, s.Addr)
	return s
}

// lead leads an address to a place on the loopback, and with it the other address of the
// same host: whoever connects takes the one that answers first.
func (w *world) lead(at, to string) {
	w.ports[at] = to
	for one, other := range map[string]string{"192.0.2.25:25": "[2001:db8::25]:25", "192.0.2.93:993": "192.0.2.94:993"} {
		if _, there := w.ports[other]; there && one == at {
			w.ports[other] = to
		}
	}
}

var usual = []string{"PIPELINING", "SIZE 52428800", "STARTTLS", "8BITMIME", "SMTPUTF8"}

func (w *world) smtp(at string, opt mailport.Options) *mailport.Server {
	opt.Proto = "smtp"
	if opt.Offers == nil {
		opt.Offers = usual
		if opt.Cert == nil {
			opt.Offers = []string{"PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8"}
		}
	}
	if opt.Rcpt == nil {
		opt.Rcpt = func(address string) string {
			switch {
			case strings.HasPrefix(address, "postmaster@"), strings.HasPrefix(address, "abuse@"):
				return "250 2.1.5 ok"
			case strings.HasSuffix(address, "@good.example"):
				return "550 5.1.1 no such user"
			}
			return "554 5.7.1 relay access denied"
		}
	}
	return w.serve(at, opt)
}

// client makes the servers that people's programs use.
func (w *world) client(cert *tls.Config) {
	for _, ip := range []string{"192.0.2.93", "192.0.2.94"} {
		w.serve(ip+":993", mailport.Options{Proto: "imap", Banner: "* OK ready", Cert: cert, TLS: true})
	}
	w.serve("192.0.2.93:995", mailport.Options{Proto: "pop3", Banner: "+OK ready", Cert: cert, TLS: true})
	w.serve("192.0.2.93:465", mailport.Options{Proto: "smtp", Banner: "220 smtp.good.example ESMTP", Offers: []string{"AUTH PLAIN"}, Cert: cert, TLS: true})
	w.serve("192.0.2.93:587", mailport.Options{Proto: "smtp", Banner: "220 smtp.good.example ESMTP", Offers: []string{"STARTTLS"}, Cert: cert})
	w.serve("192.0.2.93:143", mailport.Options{Proto: "imap", Banner: "* OK ready", Offers: []string{"STARTTLS", "LOGINDISABLED"}, Cert: cert})
}

// slowly is how long a server waits at least that is to count as slow.
const slowly = 1500 * time.Millisecond

// impatient makes the examination count [slowly] as slow, and as silent only what a busy
// machine does not add by itself.
func (w *world) impatient() { w.x.Patience = slowly - 100*time.Millisecond }

// set replaces what a name has of the records' type, everywhere.
func (w *world) set(records ...string) {
	w.t.Helper()
	cleared := map[string]bool{}
	for _, text := range records {
		rr, err := dns.NewRR(text)
		must(w.t, err)
		h := rr.Header()
		for _, s := range []*nameserver.Server{w.resolver, w.ns1, w.ns2} {
			if k := fmt.Sprint(s.Addr, h.Name, h.Rrtype); !cleared[k] {
				cleared[k] = true
				s.Remove(h.Name, h.Rrtype)
			}
			s.Add(rr)
		}
	}
}

func (w *world) txt(name, value string) {
	w.t.Helper()
	w.set(fmt.Sprintf("%s. 300 IN TXT %s", name, quoted(value)))
}

func quoted(value string) string {
	var parts []string
	for len(value) > 250 {
		parts, value = append(parts, value[:250]), value[250:]
	}
	parts = append(parts, value)
	for i := range parts {
		parts[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, ";", `\;`).Replace(parts[i]) + `"`
	}
	return strings.Join(parts, " ")
}

func (w *world) drop(name string, kinds ...uint16) {
	for _, k := range kinds {
		for _, s := range []*nameserver.Server{w.resolver, w.ns1, w.ns2} {
			s.Remove(name, k)
		}
	}
}

// signer is the private half of the key of 2048 bits.
var signer *rsa.PrivateKey

var rsaKeys = sync.OnceValue(func() map[int]string {
	all := map[int]string{}
	for _, bits := range []int{1024, 2048} {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		signer = k
		der, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
		if err != nil {
			panic(err)
		}
		all[bits] = base64.StdEncoding.EncodeToString(der)
	}
	return all
})

// keys publishes two good DKIM keys.
func (w *world) keys() {
	w.txt("default._domainkey.good.example", "v=DKIM1; k=rsa; p="+rsaKeys()[2048])
	w.txt("s2._domainkey.good.example", "v=DKIM1; p="+rsaKeys()[2048])
}

// pin publishes two TLSA records for each host.
func (w *world) pin(pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		host, cfg := pairs[i].(string), pairs[i+1].(*tls.Config)
		t := &dns.TLSA{Hdr: dns.RR_Header{Name: "_25._tcp." + host + ".", Rrtype: dns.TypeTLSA, Class: dns.ClassINET, Ttl: 300}}
		must(w.t, t.Sign(3, 1, 1, cfg.Certificates[0].Leaf))
		spare := dns.Copy(t).(*dns.TLSA)
		spare.Certificate = strings.Repeat("ab", 32)
		w.resolver.Add(t, spare)
	}
	w.signed = true
}

// authority is a certificate authority of ours.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  crypto.Signer
	pool *x509.CertPool
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{t: t, pool: x509.NewCertPool()}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root", Organization: []string{"ca.test"}}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(240 * time.Hour), KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	a.cert, err = x509.ParseCertificate(der)
	must(t, err)
	a.key = key
	a.pool.AddCert(a.cert)
	return a
}

// config is a server's TLS with a good certificate for the names.
func (a *authority) config(names ...string) *tls.Config {
	return a.make(func(*x509.Certificate) {}, names...)
}

// make is [authority.config] with a change to the certificate before it is signed.
func (a *authority) make(change func(*x509.Certificate), names ...string) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(a.t, err)
	return a.sign(key, a.cert, a.key, change, names...)
}

func (a *authority) sign(key crypto.Signer, parent *x509.Certificate, signer crypto.Signer, change func(*x509.Certificate), names ...string) *tls.Config {
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: time.Now().Add(-10 * 24 * time.Hour), NotAfter: time.Now().Add(80 * 24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment}
	change(template)
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	must(a.t, err)
	leaf, err := x509.ParseCertificate(der)
	must(a.t, err)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf, OCSPStaple: []byte("stapled")}}}
}

// selfSigned is nobody's certificate.
func (a *authority) selfSigned(names ...string) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(a.t, err)
	return a.sign(key, nil, key, func(*x509.Certificate) {}, names...)
}

// signedSHA1 is a certificate with an old signature.
func (a *authority) signedSHA1(names ...string) *tls.Config {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(a.t, err)
	return a.sign(key, nil, key, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA }, names...)
}
