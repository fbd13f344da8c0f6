package lookup

import (
	"context"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// maxIterations is how often NSEC3 may hash before its proofs count for nothing (RFC 9276
// 3.2 lets validators draw a line; large resolvers draw it here).
const maxIterations = 150

// absent says what DNSSEC says about an answer that there is no such record or name (RFC
// 4035 5.4, RFC 5155 8): secure where signed records prove it, bogus where a signed zone
// leaves the proof out or it does not hold.
func (r *Resolver) absent(ctx context.Context, a Answer, depth int) (Security, string) {
	proofs, signer, why, state := r.proofs(ctx, a, depth)
	if state == Indeterminate || state == Insecure {
		return state, why
	}
	if len(proofs) == 0 {
		if why != "" {
			return Bogus, why
		}
		zone := a.Name
		if a.Type == dns.TypeDS { // it would stand in the zone above
			_, zone, _ = strings.Cut(zone, ".")
		}
		state, reason := r.zone(ctx, zone, depth)
		if state == Secure {
			return Bogus, a.Title() + ": a signed zone does not prove that there is none"
		}
		return state, reason
	}
	d := denial{name: dns.Fqdn(a.Name), zone: dns.Fqdn(signer), kind: a.Type, gone: a.Status == NXDomain}
	for _, rr := range proofs {
		switch n := rr.(type) {
		case *dns.NSEC:
			d.nsec = append(d.nsec, n)
		case *dns.NSEC3:
			if n.Iterations > maxIterations {
				return Insecure, a.Title() + ": NSEC3 with too many rounds proves nothing"
			}
			d.nsec3 = append(d.nsec3, n)
		}
	}
	switch d.holds() {
	case proved:
		return Secure, ""
	case optedOut:
		return Insecure, a.Title() + ": the zone above leaves unsigned names out (opt-out)"
	}
	return Bogus, a.Title() + ": the proof that there is none does not fit"
}

// proofs are the NSEC and NSEC3 records of an answer whose signatures hold, all of one
// zone. why says what is wrong with those that do not; without any it is empty.
func (r *Resolver) proofs(ctx context.Context, a Answer, depth int) (all []dns.RR, signer, why string, state Security) {
	if a.Msg == nil {
		return nil, "", a.Text(), Indeterminate
	}
	sets := map[string][]dns.RR{}
	for _, rr := range a.Msg.Ns {
		if t := rr.Header().Rrtype; t == dns.TypeNSEC || t == dns.TypeNSEC3 {
			key := Key(rr)
			sets[key] = append(sets[key], rr)
		}
	}
	for _, rr := range a.Msg.Ns {
		s, ok := rr.(*dns.RRSIG)
		if !ok || s.TypeCovered != dns.TypeNSEC && s.TypeCovered != dns.TypeNSEC3 {
			continue
		}
		set := sets[Name(s.Hdr.Name)+" "+dns.TypeToString[s.TypeCovered]]
		zone := Name(s.SignerName)
		if len(set) == 0 || signer != "" && zone != signer || !dns.IsSubDomain(dns.Fqdn(zone), dns.Fqdn(a.Name)) || !dns.IsSubDomain(dns.Fqdn(zone), s.Hdr.Name) {
			continue
		}
		keys, state, reason := r.keys(ctx, zone, depth+1)
		if state != Secure {
			return nil, zone, reason, state
		}
		if reason = r.verify(s, keys, set); reason != "" {
			why = a.Title() + ": " + reason
			continue
		}
		signer = zone
		all = append(all, set...)
	}
	return all, signer, why, Secure
}

// Key names a record set of an answer: "name TYPE".
func Key(rr dns.RR) string {
	return Name(rr.Header().Name) + " " + dns.TypeToString[rr.Header().Rrtype]
}

// denial is the question whether records prove that there is nothing.
type denial struct {
	name, zone string // fully qualified
	kind       uint16
	gone       bool // the name itself is said not to exist
	nsec       []*dns.NSEC
	nsec3      []*dns.NSEC3
}

type proof int

const (
	open proof = iota
	proved
	optedOut
)

func (d denial) holds() proof {
	if len(d.nsec3) > 0 {
		return d.byHash()
	}
	return d.byName()
}

// has says whether a type stands in the bitmap of a name that exists, or an alias that
// leads away from it; for DS the bitmap must be that of the zone above (RFC 4035 5.2).
func (d denial) has(types []uint16) bool {
	if d.kind == dns.TypeDS {
		return slices.Contains(types, dns.TypeDS) || slices.Contains(types, dns.TypeSOA) && d.name != "."
	}
	// At a cut, the zone above speaks for nothing but the cut itself.
	if slices.Contains(types, dns.TypeNS) && !slices.Contains(types, dns.TypeSOA) {
		return true
	}
	return slices.Contains(types, d.kind) || slices.Contains(types, dns.TypeCNAME)
}

// byName is the proof by NSEC (RFC 4035 5.4).
func (d denial) byName() proof {
	var cover *dns.NSEC
	for _, n := range d.nsec {
		if Name(n.Hdr.Name) == Name(d.name) {
			if d.gone || d.has(n.TypeBitMap) {
				return open
			}
			return proved
		}
		if between(n, d.name) {
			cover = n
		}
	}
	if cover == nil {
		return open
	}
	if !d.gone && dns.IsSubDomain(d.name, cover.NextDomain) { // it has names below it and nothing of its own
		return proved
	}
	encloser := common(d.name, cover.Hdr.Name)
	if other := common(d.name, cover.NextDomain); dns.CountLabel(other) > dns.CountLabel(encloser) {
		encloser = other
	}
	star := wildcard(encloser)
	for _, n := range d.nsec {
		if Name(n.Hdr.Name) == Name(star) {
			if !d.gone && !d.has(n.TypeBitMap) {
				return proved
			}
			return open
		}
		if d.gone && between(n, star) {
			return proved
		}
	}
	return open
}

// byHash is the proof by NSEC3 (RFC 5155 8.4 to 8.7).
func (d denial) byHash() proof {
	if n := d.matching(d.name); n != nil {
		if d.gone || d.has(n.TypeBitMap) {
			return open
		}
		return proved
	}
	encloser, next := d.encloser()
	if encloser == "" {
		return open
	}
	cover := d.covering(next)
	if cover == nil {
		return open
	}
	if cover.Flags&1 == 1 && (d.kind == dns.TypeDS || d.gone) {
		return optedOut
	}
	star := wildcard(encloser)
	switch {
	case d.gone && d.covering(star) != nil:
		return proved
	case !d.gone:
		if n := d.matching(star); n != nil && !d.has(n.TypeBitMap) {
			return proved
		}
	}
	return open
}

// encloser is the closest name above that exists, and the name one label longer, which
// does not.
func (d denial) encloser() (name, next string) {
	next = d.name
	for at := d.name; dns.IsSubDomain(d.zone, at); {
		_, up, ok := strings.Cut(at, ".")
		if !ok {
			return "", ""
		}
		if up == "" {
			up = "."
		}
		if dns.IsSubDomain(d.zone, up) && d.matching(up) != nil {
			return up, at
		}
		if up == "." {
			return "", ""
		}
		next, at = at, up
	}
	return "", next
}

func (d denial) matching(name string) *dns.NSEC3 {
	for _, n := range d.nsec3 {
		if n.Match(name) {
			return n
		}
	}
	return nil
}

func (d denial) covering(name string) *dns.NSEC3 {
	for _, n := range d.nsec3 {
		if n.Cover(name) {
			return n
		}
	}
	return nil
}

func wildcard(encloser string) string {
	if encloser == "." {
		return "*."
	}
	return "*." + encloser
}

// common is the longest name above both.
func common(a, b string) string {
	n := dns.CompareDomainName(a, b)
	labels := dns.SplitDomainName(a)
	if n == 0 {
		return "."
	}
	return dns.Fqdn(strings.Join(labels[len(labels)-n:], "."))
}

// between says whether a name lies strictly between an NSEC record's own and the next one
// in the order of the zone (RFC 4034 6.1); the last record leads back to the beginning.
func between(n *dns.NSEC, name string) bool {
	own, next := n.Hdr.Name, n.NextDomain
	after := canonical(own, name) < 0
	before := canonical(name, next) < 0
	if canonical(own, next) >= 0 { // the last one
		return after || before
	}
	return after && before
}

// canonical compares names in canonical order: from the last label, bytes in lower case.
func canonical(a, b string) int {
	x, y := labelsOf(a), labelsOf(b)
	for i := 1; i <= min(len(x), len(y)); i++ {
		if c := strings.Compare(x[len(x)-i], y[len(y)-i]); c != 0 {
			return c
		}
	}
	return len(x) - len(y)
}

func labelsOf(name string) []string {
	all := dns.SplitDomainName(strings.ToLower(name))
	for i, l := range all {
		all[i] = unescape(l)
	}
	return all
}
