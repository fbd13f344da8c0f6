package preset

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestEveryServiceOfTheDoctorKeepsTheSchema(t *testing.T) {
	count := map[string]int{}
	seen := map[string]bool{}
	for _, s := range Services() {
		count[s.Use]++
		if err := s.check(); err != nil || seen[s.At] {
			t.Errorf("%s: %v, seen before: %v", s.At, err, seen[s.At])
		}
		seen[s.At] = true
		switch s.Use {
		case ServiceRDAP, ServiceClock, ServiceProbe, ServiceRoutes:
			u, err := url.Parse(s.At)
			// A sign-in page can stand in the way of http only.
			want := map[bool]string{true: "http", false: "https"}[s.Use == ServiceProbe]
			if err != nil || u.Scheme != want || u.Host == "" {
				t.Errorf("%s: %q is no %s address", s.Use, s.At, want)
			}
		case ServiceControl:
			if host, port, err := net.SplitHostPort(s.At); err != nil || port != "25" || !strings.Contains(host, ".") {
				t.Errorf("%s: %q", s.Use, s.At)
			}
		case ServicePublic:
			if at, err := netip.ParseAddrPort(s.At); err != nil || at.Port() != 53 {
				t.Errorf("%s: %q", s.Use, s.At)
			}
		case ServiceIPv6:
			if at, err := netip.ParseAddrPort(s.At); err != nil || !at.Addr().Is6() {
				t.Errorf("%s: %q", s.Use, s.At)
			}
		default:
			t.Errorf("use %q", s.Use)
		}
	}
	for use, least := range map[string]int{ServiceRDAP: 1, ServiceProbe: 1, ServiceClock: 1, ServiceControl: 2, ServicePublic: 2, ServiceIPv6: 1, ServiceRoutes: 1} {
		if count[use] < least || len(ServicesFor(use)) != count[use] {
			t.Errorf("%s: %d, of which %d are found", use, count[use], len(ServicesFor(use)))
		}
	}
	if got := ServicesFor("none"); got != nil {
		t.Errorf("an unknown use has %v", got)
	}
}

func TestEveryBlockListKeepsTheSchema(t *testing.T) {
	if len(AddressLists()) == 0 || len(DomainLists()) == 0 {
		t.Fatal("no lists")
	}
	for _, l := range slices.Concat(AddressLists(), DomainLists()) {
		u, err := url.Parse(l.Page)
		switch {
		case l.check() != nil:
			t.Errorf("%s: %v", l.Zone, l.check())
		case l.Zone != strings.ToLower(l.Zone) || strings.Count(l.Zone, ".") < 2 || strings.HasSuffix(l.Zone, "."):
			t.Errorf("zone %q", l.Zone)
		case l.Weight < 1 || l.Weight > 3:
			t.Errorf("%s: weight %d", l.Zone, l.Weight)
		case err != nil || u.Scheme != "https" || u.Host == "":
			t.Errorf("%s: page %q", l.Zone, l.Page)
		}
	}
	for _, all := range [][]BlockList{AddressLists(), DomainLists()} {
		if !slices.IsSortedFunc(all, func(a, b BlockList) int { return b.Weight - a.Weight }) {
			t.Error("a light list stands before a heavy one")
		}
	}
	for _, l := range AddressLists() {
		if l.Test != "" {
			t.Errorf("%s: the test entry of addresses is 127.0.0.2", l.Zone)
		}
	}
	for _, l := range DomainLists() {
		if !strings.Contains(l.Test, ".") {
			t.Errorf("%s: test entry %q", l.Zone, l.Test)
		}
	}
}

func TestEveryInterceptorAndAuthorityKeepsTheSchema(t *testing.T) {
	if len(Interceptors()) == 0 || len(Authorities()) == 0 {
		t.Fatal("none")
	}
	for _, i := range Interceptors() {
		if i.check() != nil || i.Word == "" || i.Word != strings.ToLower(i.Word) {
			t.Errorf("%+v: %v", i, i.check())
		}
	}
	for _, a := range Authorities() {
		if a.check() != nil || a.Issuer != strings.ToLower(a.Issuer) || !strings.Contains(a.CAA, ".") {
			t.Errorf("%+v: %v", a, a.check())
		}
	}
}

func TestKindsOfFilesThatAreRefused(t *testing.T) {
	for _, k := range RefusedKinds() {
		if k.check() != nil || len(k.Endings) == 0 {
			t.Errorf("%v: %v", k.Endings, k.check())
		}
	}
	for name, want := range map[string]bool{"setup.EXE": true, "合同.pdf": false, "exe": false, "a.tar.gz": false, "invoice.pdf.js": true} {
		if RefusesFile(name) != want {
			t.Errorf("%s", name)
		}
	}
}
