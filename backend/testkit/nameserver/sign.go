package nameserver

import (
	"crypto"
	"fmt"
	"time"

	"github.com/miekg/dns"
)

// Sign gives a zone a key and signs every record set that it answers with from now on.
// It returns the DS record for the parent, or for a trust anchor.
func (s *Server) Sign(origin string) (*dns.DS, error) {
	key := &dns.DNSKEY{Hdr: dns.RR_Header{Name: dns.Fqdn(origin), Rrtype: dns.TypeDNSKEY, Class: dns.ClassINET, Ttl: 300}, Flags: 257, Protocol: 3, Algorithm: dns.ECDSAP256SHA256}
	private, err := key.Generate(256)
	if err != nil {
		return nil, err
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("the key cannot sign")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	z := s.zones[lower(origin)]
	if z == nil {
		return nil, fmt.Errorf("no zone %s", origin)
	}
	z.key, z.signer = key, signer
	s.add(key)
	return key.ToDS(dns.SHA256), nil
}

// Spoil makes the signatures of a name wrong.
func (s *Server) Spoil(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spoilt == nil {
		s.spoilt = map[string]bool{}
	}
	s.spoilt[lower(name)] = true
}

// signatures signs the record sets of an answer.
func (s *Server) signatures(answer []dns.RR) []dns.RR {
	type set struct {
		name string
		kind uint16
	}
	sets := map[set][]dns.RR{}
	for _, rr := range answer {
		k := set{lower(rr.Header().Name), rr.Header().Rrtype}
		sets[k] = append(sets[k], rr)
	}
	var all []dns.RR
	for k, rrs := range sets {
		z := s.zoneOf(k.name)
		if k.kind == dns.TypeDS && z != nil && z.origin == k.name {
			z = s.above(k.name)
		}
		if z == nil || z.key == nil {
			continue
		}
		now := time.Now()
		sig := &dns.RRSIG{Hdr: dns.RR_Header{Ttl: 300}, Algorithm: z.key.Algorithm, KeyTag: z.key.KeyTag(), SignerName: dns.Fqdn(z.origin),
			Inception: uint32(now.Add(-48 * time.Hour).Unix()), Expiration: uint32(now.Add(48 * time.Hour).Unix())}
		if sig.Sign(z.signer, rrs) != nil {
			continue
		}
		if s.spoilt[k.name] {
			sig.Expiration++
		}
		all = append(all, sig)
	}
	return all
}
