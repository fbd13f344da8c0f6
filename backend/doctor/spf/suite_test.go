package spf_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	blitiri "blitiri.com.ar/go/spf"
	"github.com/miekg/dns"
	"go.yaml.in/yaml/v3"

	"mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/spf"
)

// scenario is one document of the public test suite.
type scenario struct {
	Description string
	Tests       map[string]suiteCase
	Zonedata    map[string][]yaml.Node
}

type suiteCase struct {
	Helo, Host, Mailfrom string
	Result               yaml.Node
	Explanation          string
}

// world answers from the suite's zone data, as its own driver does: SPF-type records
// serve as TXT too unless the name has TXT records; a bare TIMEOUT lets what is not
// written there time out.
type world map[string]*place

type place struct {
	records map[uint16][]dns.RR
	timeout bool
}

func (w world) Ask(_ context.Context, name string, kind uint16) lookup.Answer {
	a := lookup.Answer{Name: lookup.Name(name), Type: kind}
	for _, label := range strings.Split(a.Name, ".") {
		if label == "" || len(label) > 63 {
			a.Status = lookup.BadName
			return a
		}
	}
	at := a.Name
	for range 10 {
		p := w[at]
		switch {
		case p == nil:
			a.Status = lookup.NXDomain
			return a
		case len(p.records[kind]) > 0:
			a.Status, a.Records = lookup.Found, p.records[kind]
			return a
		case p.timeout:
			a.Status = lookup.Timeout
			return a
		case len(p.records[dns.TypeCNAME]) > 0:
			at = lookup.Name(p.records[dns.TypeCNAME][0].(*dns.CNAME).Target)
			continue
		}
		a.Status = lookup.NoData
		return a
	}
	a.Status = lookup.Loop
	return a
}

func text(n *yaml.Node) []string {
	if n.Kind == yaml.SequenceNode {
		all := []string{}
		for _, c := range n.Content {
			all = append(all, escape(c.Value))
		}
		return all
	}
	return []string{escape(n.Value)}
}

// escape writes a text as miekg/dns holds it; the suite's escapes stand for bytes.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < ' ' || r > '~' {
			fmt.Fprintf(&b, `\%03d`, r&255)
			continue
		}
		if r == '\\' || r == '"' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func build(t *testing.T, data map[string][]yaml.Node) world {
	t.Helper()
	w := world{}
	for name, entries := range data {
		p := &place{records: map[uint16][]dns.RR{}}
		w[lookup.Name(name)] = p
		none, hasTXT := false, false
		var old []dns.RR
		for i := range entries {
			e := &entries[i]
			if e.Kind != yaml.MappingNode {
				p.timeout = p.timeout || e.Value == "TIMEOUT"
				continue
			}
			kind, v := e.Content[0].Value, e.Content[1]
			if kind == "TIMEOUT" {
				p.timeout = true
				continue
			}
			if v.Value == "NONE" && kind == "TXT" {
				none = true
				continue
			}
			rr := record(t, name, kind, v)
			switch kind {
			case "SPF":
				old = append(old, rr)
			case "TXT":
				hasTXT = true
				fallthrough
			default:
				p.records[rr.Header().Rrtype] = append(p.records[rr.Header().Rrtype], rr)
			}
		}
		if !none && !hasTXT {
			p.records[dns.TypeTXT] = append(p.records[dns.TypeTXT], old...)
		}
	}
	return w
}

func record(t *testing.T, name, kind string, v *yaml.Node) dns.RR {
	t.Helper()
	h := dns.RR_Header{Name: dns.Fqdn(name), Class: dns.ClassINET, Ttl: 60}
	switch kind {
	case "TXT", "SPF":
		h.Rrtype = dns.TypeTXT
		return &dns.TXT{Hdr: h, Txt: text(v)}
	case "A":
		h.Rrtype = dns.TypeA
		return &dns.A{Hdr: h, A: net.ParseIP(v.Value)}
	case "AAAA":
		h.Rrtype = dns.TypeAAAA
		return &dns.AAAA{Hdr: h, AAAA: net.ParseIP(v.Value)}
	case "MX":
		h.Rrtype = dns.TypeMX
		return &dns.MX{Hdr: h, Mx: dns.Fqdn(v.Content[1].Value)}
	case "PTR":
		h.Rrtype = dns.TypePTR
		return &dns.PTR{Hdr: h, Ptr: dns.Fqdn(v.Value)}
	case "CNAME":
		h.Rrtype = dns.TypeCNAME
		return &dns.CNAME{Hdr: h, Target: dns.Fqdn(v.Value)}
	}
	t.Fatalf("%s: record type %s", name, kind)
	return nil
}

func load(t *testing.T) []scenario {
	t.Helper()
	f, err := os.Open("testdata/rfc7208-tests.yml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []scenario
	for dec := yaml.NewDecoder(f); ; {
		var s scenario
		err := dec.Decode(&s)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
}

func allowed(n *yaml.Node) []string {
	if n.Kind != yaml.SequenceNode {
		return []string{n.Value}
	}
	var all []string
	for _, c := range n.Content {
		all = append(all, c.Value)
	}
	return all
}

// The public test suite of RFC 7208 (openspf, release 2014.04), in full.
func TestThePublicSuiteOfRFC7208(t *testing.T) {
	passed, total, agree, second := 0, 0, 0, 0
	for _, s := range load(t) {
		w := build(t, s.Zonedata)
		for name, c := range s.Tests {
			total++
			ip, err := netip.ParseAddr(c.Host)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			out := spf.Check(t.Context(), w, spf.Sender{IP: ip, From: c.Mailfrom, Helo: c.Helo})
			want := allowed(&c.Result)
			ok := slices.Contains(want, string(out.Result))
			if ok && c.Explanation != "" && out.Result == spf.Fail {
				got := out.Explanation
				if got == "" {
					got = "DEFAULT"
				}
				ok = got == c.Explanation
			}
			if ok {
				passed++
			} else {
				t.Errorf("%s / %s: %s %q (%s), want %v %q", s.Description, name, out.Result, out.Explanation, out.Problem, want, c.Explanation)
			}
			other, _ := blitiri.CheckHostWithSender(net.ParseIP(c.Host), c.Helo, c.Mailfrom, blitiri.WithResolver(foreign{w}), blitiri.WithContext(t.Context()))
			if slices.Contains(want, string(other)) {
				second++
			}
			if string(other) == string(out.Result) {
				agree++
			}
		}
	}
	t.Logf("RFC 7208 suite: %d of %d pass; blitiri.com.ar/go/spf passes %d and agrees with us in %d", passed, total, second, agree)
	if total != 203 {
		t.Errorf("the suite has %d cases, 203 are known", total)
	}
	if agree < 170 {
		t.Errorf("a second implementation agrees in %d cases only", agree)
	}
}

// foreign lets the second implementation ask the same world.
type foreign struct{ w world }

func (f foreign) asked(name string, kind uint16) (lookup.Answer, error) {
	a := f.w.Ask(context.Background(), name, kind)
	switch {
	case a.Status == lookup.Found:
		return a, nil
	case a.None(), a.Status == lookup.BadName:
		return a, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return a, &net.DNSError{Err: "timeout", Name: name, IsTimeout: true, IsTemporary: true}
}

func (f foreign) LookupTXT(_ context.Context, name string) ([]string, error) {
	a, err := f.asked(name, dns.TypeTXT)
	return a.Texts(), err
}

func (f foreign) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	a, err := f.asked(name, dns.TypeMX)
	var all []*net.MX
	for _, m := range a.MX() {
		all = append(all, &net.MX{Host: m.Host, Pref: m.Pref})
	}
	return all, err
}

func (f foreign) LookupIPAddr(_ context.Context, name string) ([]net.IPAddr, error) {
	var all []net.IPAddr
	a4, err4 := f.asked(name, dns.TypeA)
	a6, err6 := f.asked(name, dns.TypeAAAA)
	for _, ip := range append(a4.IPs(), a6.IPs()...) {
		all = append(all, net.IPAddr{IP: ip.AsSlice()})
	}
	if len(all) > 0 {
		return all, nil
	}
	if err4 != nil {
		return nil, err4
	}
	return nil, err6
}

func (f foreign) LookupAddr(_ context.Context, addr string) ([]string, error) {
	reverse, err := dns.ReverseAddr(addr)
	if err != nil {
		return nil, err
	}
	a, err := f.asked(reverse, dns.TypePTR)
	return a.Targets(), err
}
