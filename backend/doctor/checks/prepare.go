package checks

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/preset"
)

// Setup says through what an examination is made. The zero value is the real world,
// asked by the computer's own DNS server.
type Setup struct {
	Resolvers []string // host:port; the first is asked, the others are compared with it
	Options   doctor.Options
	Endpoint  *doctor.Endpoints // nil: [Standard]
	// Map leads addresses ("192.0.2.25:25") to others; [Prepare] refuses any that is not
	// on this computer, so that it serves rehearsals only.
	Map   map[string]string
	Roots *x509.CertPool
}

// Name is what a person typed, understood.
type Name struct {
	Domain string // ASCII
	Shown  string // with Chinese characters, as people read it
	Local  string // before the @; "" a domain
}

// ReadName understands a domain, an address, a web address, with Chinese characters or
// full-width signs, with dots too many at the end. Error: invalid, problem "domain".
func ReadName(input string) (Name, error) {
	s := strings.TrimSpace(strings.NewReplacer("＠", "@", "。", ".", "．", ".", "｡", ".", "\u200b", "", "\ufeff", "").Replace(input))
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = s[i+1 : len(s)-1] // "Li Lei <li@office.example>"
	}
	s = strings.TrimPrefix(s, "mailto:")
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s, _, _ = strings.Cut(rest, "/")
	}
	var n Name
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		n.Local, s = s[:i], s[i+1:]
	}
	s = strings.TrimRight(s, ".")
	invalid := core.E(core.Invalid, "domain", nil, "problem", "domain", "field", "domain", "reason", "malformed", "value", doctor.Clip(input, 80))
	if _, err := netip.ParseAddr(s); err == nil || !strings.Contains(s, ".") || strings.ContainsAny(s, " /:?#[]\\\"'") {
		return n, invalid
	}
	profile := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
	ascii, err := profile.ToASCII(s)
	if err != nil || len(ascii) > 253 {
		return n, invalid
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 {
			return n, invalid
		}
	}
	n.Domain = strings.ToLower(ascii)
	if strings.IndexFunc(n.Domain, odd) >= 0 {
		return Name{}, invalid
	}
	if n.Shown, err = profile.ToUnicode(n.Domain); err != nil {
		n.Shown = n.Domain
	}
	return n, nil
}

// odd is what cannot stand in a domain that people have.
func odd(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
}

// Prepare makes an examination. Errors: invalid for the name, a resolver or a map that
// leaves this computer; not_found where the computer has no DNS server.
func Prepare(input string, s Setup) (*doctor.Exam, error) {
	n, err := ReadName(input)
	if err != nil {
		return nil, err
	}
	for _, to := range s.Map {
		at, err := netip.ParseAddrPort(to)
		if err != nil || !at.Addr().IsLoopback() {
			return nil, core.E(core.Invalid, "map", err, "problem", "map", "value", to)
		}
	}
	dial := mapped(s.Map)
	x := &doctor.Exam{Domain: n.Domain, Shown: n.Shown, Local: n.Local, Options: s.Options, Dial: dial, Now: time.Now, Roots: s.Roots, Endpoint: Standard(), Machine: thisMachine()}
	if s.Endpoint != nil {
		x.Endpoint = *s.Endpoint
	}
	first := s.Resolvers[:min(1, len(s.Resolvers))]
	x.System = len(first) == 0
	if x.DNS, err = lookup.New(lookup.Config{Servers: first, Dial: dial}); err != nil {
		return nil, err
	}
	for _, other := range s.Resolvers[len(first):] {
		r, err := lookup.New(lookup.Config{Servers: []string{other}, Dial: dial})
		if err != nil {
			return nil, err
		}
		x.Others = append(x.Others, r)
	}
	return x, nil
}

// mapped dials by the map and, for what is not in it, the world.
func mapped(to map[string]string) doctor.Dialer {
	d := &net.Dialer{}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if there, ok := to[address]; ok {
			address, network = there, strings.TrimRight(network, "46")
		}
		return d.DialContext(ctx, network, address)
	}
}

// Public are resolvers that anybody may ask, for comparing what the world sees.
var Public = preset.ServicesFor(preset.ServicePublic)

// Standard are the services that the checks use in the real world, from the data of
// package preset. None learns more than the name or address that it is asked about.
func Standard() doctor.Endpoints {
	first := func(use string) string { return preset.ServicesFor(use)[0] }
	return doctor.Endpoints{
		RDAP: first(preset.ServiceRDAP), Probe: first(preset.ServiceProbe), Clock: first(preset.ServiceClock),
		Control: preset.ServicesFor(preset.ServiceControl), Public: Public, IPv6: first(preset.ServiceIPv6), Routes: first(preset.ServiceRoutes),
		IPLists: lists(preset.AddressLists()), DomLists: lists(preset.DomainLists()),
	}
}

func lists(all []preset.BlockList) []doctor.BlockList {
	out := make([]doctor.BlockList, len(all))
	for i, l := range all {
		out[i] = doctor.BlockList{Zone: l.Zone, Weight: l.Weight, Page: l.Page, Test: l.Test}
	}
	return out
}

// KnownProvider says whether there is a provider of this id.
func KnownProvider(id string) bool {
	_, ok := preset.ByID(id)
	return ok
}

// Source is the RFC section or page that a check stands on.
func Source(check string) string {
	for _, c := range All() {
		if c.ID == check {
			return c.Source
		}
	}
	return ""
}
