package lookup

import (
	"context"
	"fmt"
	"strings"

	"github.com/miekg/dns"
)

// Security is what DNSSEC says about a record (RFC 4035 4.3).
type Security string

// The states.
const (
	Secure        Security = "secure"        // signed by a chain of keys from the anchor
	Insecure      Security = "insecure"      // a zone on the way is not signed
	Bogus         Security = "bogus"         // signed, but wrongly: many resolvers refuse it
	Indeterminate Security = "indeterminate" // could not be found out
)

// RootAnchors are the root zone's keys (IANA, root-anchors.xml: KSK-2017 and KSK-2024).
func RootAnchors() []*dns.DS {
	var all []*dns.DS
	for _, text := range []string{
		". 0 IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
		". 0 IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
	} {
		rr, err := dns.NewRR(text)
		if err != nil {
			panic(err)
		}
		all = append(all, rr.(*dns.DS))
	}
	return all
}

// Validate checks the signatures of a record set from the anchor down; where there is
// none, the proof of that. The text says where the chain breaks. An answer behind aliases
// counts as the zone that it was asked in.
func (r *Resolver) Validate(ctx context.Context, name string, kind uint16) (Security, string) {
	a := r.ask(ctx, question{Name(name), kind, signed})
	switch {
	case !a.Known():
		return Indeterminate, a.Text()
	case len(a.Chain) > 0:
		return r.zone(ctx, Name(name), 0)
	case a.Status != Found:
		return r.absent(ctx, a, 0)
	}
	return r.set(ctx, a, 0)
}

// signatures are those of an answer over the given name and type.
func signatures(a Answer) []*dns.RRSIG {
	var all []*dns.RRSIG
	for _, rr := range a.Msg.Answer {
		if s, ok := rr.(*dns.RRSIG); ok && s.TypeCovered == a.Type && Name(s.Hdr.Name) == a.Name {
			all = append(all, s)
		}
	}
	return all
}

func (r *Resolver) set(ctx context.Context, a Answer, depth int) (Security, string) {
	sigs := signatures(a)
	if len(sigs) == 0 {
		state, why := r.zone(ctx, a.Name, depth)
		if state == Secure {
			return Bogus, a.Title() + ": not signed in a signed zone"
		}
		return state, why
	}
	why := ""
	for _, s := range sigs {
		signer := Name(s.SignerName)
		if signer != a.Name && signer != "" && !strings.HasSuffix(a.Name, "."+signer) {
			why = a.Title() + ": signed by the foreign zone " + signer
			continue
		}
		keys, state, reason := r.keys(ctx, signer, depth+1)
		if state != Secure {
			return state, reason
		}
		if reason = r.verify(s, keys, a.Records); reason == "" {
			return r.expanded(ctx, a, s, depth)
		}
		why = a.Title() + ": " + reason
	}
	return Bogus, why
}

// expanded looks at a signature that was made over a wildcard: the answer counts only with
// a proof that there is no closer name (RFC 4035 5.3.4, RFC 5155 8.8).
func (r *Resolver) expanded(ctx context.Context, a Answer, s *dns.RRSIG, depth int) (Security, string) {
	labels := dns.SplitDomainName(a.Name)
	if len(labels) > 0 && labels[0] == "*" {
		labels = labels[1:]
	}
	if int(s.Labels) >= len(labels) {
		return Secure, ""
	}
	proofs, signer, why, state := r.proofs(ctx, a, depth)
	if state != Secure {
		return state, why
	}
	next := dns.Fqdn(strings.Join(labels[len(labels)-int(s.Labels)-1:], "."))
	for _, rr := range proofs {
		switch n := rr.(type) {
		case *dns.NSEC:
			if between(n, dns.Fqdn(a.Name)) {
				return Secure, ""
			}
		case *dns.NSEC3:
			if n.Cover(next) && Name(s.SignerName) == signer {
				return Secure, ""
			}
		}
	}
	return Bogus, a.Title() + ": comes from a wildcard without a proof that there is no closer name"
}

func (r *Resolver) verify(s *dns.RRSIG, keys []*dns.DNSKEY, set []dns.RR) string {
	if !s.ValidityPeriod(r.cfg.Now()) {
		return fmt.Sprintf("the signature holds from %s to %s only", dns.TimeToString(s.Inception), dns.TimeToString(s.Expiration))
	}
	reason := fmt.Sprintf("no key %d of %s", s.KeyTag, s.SignerName)
	for _, k := range keys {
		if k.KeyTag() != s.KeyTag || k.Algorithm != s.Algorithm {
			continue
		}
		err := s.Verify(k, set)
		if err == nil {
			return ""
		}
		reason = err.Error()
	}
	return reason
}

// keys are the trusted keys of a zone.
func (r *Resolver) keys(ctx context.Context, zone string, depth int) ([]*dns.DNSKEY, Security, string) {
	if depth > 16 {
		return nil, Indeterminate, "too many zones"
	}
	a := r.ask(ctx, question{zone, dns.TypeDNSKEY, signed})
	if !a.Known() {
		return nil, Indeterminate, a.Title() + ": " + a.Text()
	}
	trusted, state, why := r.anchors(ctx, zone, depth)
	if state != Secure {
		return nil, state, why
	}
	if zone == "" && a.Status == Found && len(signatures(a)) == 0 {
		return nil, Indeterminate, "the DNS server leaves signatures out"
	}
	var all, entry []*dns.DNSKEY
	for _, rr := range a.Records {
		k, ok := rr.(*dns.DNSKEY)
		if !ok {
			continue
		}
		all = append(all, k)
		for _, d := range trusted {
			if made := k.ToDS(d.DigestType); made != nil && k.KeyTag() == d.KeyTag && strings.EqualFold(made.Digest, d.Digest) {
				entry = append(entry, k)
			}
		}
	}
	if len(entry) == 0 {
		return nil, Bogus, zone + ": no key fits the parent's DS record"
	}
	reason := zone + " DNSKEY: not signed"
	for _, s := range signatures(a) {
		if reason = r.verify(s, entry, a.Records); reason == "" {
			return all, Secure, ""
		}
		reason = zone + " DNSKEY: " + reason
	}
	return nil, Bogus, reason
}

// anchors are the DS records of a zone that the anchor or the parent vouches for.
func (r *Resolver) anchors(ctx context.Context, zone string, depth int) ([]*dns.DS, Security, string) {
	var own []*dns.DS
	above := false
	for _, d := range r.cfg.Anchors {
		above = above || dns.IsSubDomain(d.Hdr.Name, dns.Fqdn(zone))
		if Name(d.Hdr.Name) == zone {
			own = append(own, d)
		}
	}
	if len(own) > 0 {
		return own, Secure, ""
	}
	if !above {
		return nil, Insecure, "no anchor above"
	}
	a := r.ask(ctx, question{zone, dns.TypeDS, signed})
	if !a.Known() {
		return nil, Indeterminate, a.Title() + ": " + a.Text()
	}
	if a.Status != Found {
		state, why := r.absent(ctx, a, depth+1)
		switch state {
		case Secure:
			return nil, Insecure, zone + ": the parent has no DS record"
		case Insecure:
			return nil, Insecure, why
		}
		return nil, state, why
	}
	if state, why := r.set(ctx, a, depth+1); state != Secure {
		return nil, state, why
	}
	for _, rr := range a.Records {
		if d, ok := rr.(*dns.DS); ok {
			own = append(own, d)
		}
	}
	return own, Secure, ""
}

// zone is the state of the zone that a name lies in.
func (r *Resolver) zone(ctx context.Context, name string, depth int) (Security, string) {
	if depth > 16 {
		return Indeterminate, "too many zones"
	}
	at := name
	for {
		a := r.ask(ctx, question{at, dns.TypeSOA, signed})
		if !a.Known() {
			return Indeterminate, a.Title() + ": " + a.Text()
		}
		if a.Status == Found && len(a.Chain) == 0 {
			_, state, why := r.keys(ctx, at, depth+1)
			return state, why
		}
		if at == "" {
			return Insecure, "no zone found"
		}
		_, at, _ = strings.Cut(at, ".")
	}
}
