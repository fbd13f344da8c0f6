package nameserver

import (
	"net"
	"strings"

	"github.com/miekg/dns"
)

func (s *Server) answer(w dns.ResponseWriter, ask *dns.Msg) {
	_, udp := w.RemoteAddr().(*net.UDPAddr)
	if len(ask.Question) != 1 {
		return
	}
	q := ask.Question[0]
	s.mu.Lock()
	s.asked = append(s.asked, Question{Name: lower(q.Name), Type: dns.TypeToString[q.Qtype]})
	delay, author, gate := s.delay, s.author, s.held[lower(q.Name)]
	s.mu.Unlock()
	if delay > 0 && !s.pause(delay) || gate != nil && !s.wait(gate) {
		return
	}
	if !s.misbehave(w, ask, udp) {
		return
	}
	reply := new(dns.Msg)
	reply.SetReply(ask)
	reply.RecursionAvailable = !author
	s.mu.Lock()
	s.fill(reply, lower(q.Name), q.Qtype, 0)
	if e := ask.IsEdns0(); e != nil && e.Do() {
		reply.Answer = append(reply.Answer, s.signatures(reply.Answer)...)
	}
	s.mu.Unlock()
	room := dns.MinMsgSize
	if e := ask.IsEdns0(); e != nil {
		room = int(e.UDPSize())
		reply.SetEdns0(1232, e.Do())
	}
	reply.Compress = true
	if udp {
		reply.Truncate(room)
	}
	_ = w.WriteMsg(reply)
}

func (s *Server) fill(reply *dns.Msg, name string, kind uint16, depth int) {
	z := s.zoneOf(name)
	if kind == dns.TypeDS && z != nil && z.origin == name {
		if parent := s.above(name); parent != nil {
			z = parent
		}
	}
	if z == nil {
		if depth == 0 {
			reply.Rcode = dns.RcodeRefused
		}
		return
	}
	reply.Authoritative = s.author
	if s.author && s.refer(reply, z, name, kind) {
		return
	}
	sets, exists := z.names[name]
	if len(sets) == 0 {
		sets, exists = s.below(z, name)
	}
	if !exists {
		s.missing(reply, z, name, kind)
		return
	}
	if set := sets[kind]; len(set) > 0 {
		reply.Answer = append(reply.Answer, named(set, name)...)
		return
	}
	if alias := sets[dns.TypeCNAME]; len(alias) > 0 && kind != dns.TypeCNAME {
		reply.Answer = append(reply.Answer, named(alias, name)...)
		if depth < 12 {
			s.fill(reply, lower(alias[0].(*dns.CNAME).Target), kind, depth+1)
		}
		return
	}
	reply.Ns = append(reply.Ns, z.soa)
}

// refer answers with the delegation where one lies between the zone and the name.
func (s *Server) refer(reply *dns.Msg, z *zone, name string, kind uint16) bool {
	for at := name; at != z.origin && at != ""; {
		if ns := z.names[at][dns.TypeNS]; len(ns) > 0 && (at != name || kind != dns.TypeDS) {
			reply.Authoritative = false
			reply.Ns = append(reply.Ns, ns...)
			return true
		}
		_, at, _ = strings.Cut(at, ".")
	}
	return false
}

// below finds what a name that is not written has: nothing but existence where it has
// names below it, or the records of the wildcard at the closest name that exists (RFC
// 4592 3.3.1).
func (s *Server) below(z *zone, name string) (map[uint16][]dns.RR, bool) {
	if z.exists(name) {
		return map[uint16][]dns.RR{}, true
	}
	for at := name; at != z.origin && at != ""; {
		_, above, _ := strings.Cut(at, ".")
		if z.exists(above) {
			sets, ok := z.names["*."+above]
			return sets, ok
		}
		at = above
	}
	return nil, false
}

func (z *zone) exists(name string) bool {
	if len(z.names[name]) > 0 {
		return true
	}
	for n, sets := range z.names {
		if len(sets) > 0 && strings.HasSuffix(n, "."+name) {
			return true
		}
	}
	return false
}

func (s *Server) missing(reply *dns.Msg, z *zone, name string, kind uint16) {
	if len(s.catch) > 0 {
		if kind == dns.TypeA {
			reply.Answer = append(reply.Answer, named(s.catch, name)...)
		}
		return
	}
	reply.Rcode = dns.RcodeNameError
	reply.Ns = append(reply.Ns, z.soa)
}

// named gives the records the name that was asked for, as a wildcard does.
func named(set []dns.RR, name string) []dns.RR {
	all := make([]dns.RR, len(set))
	for i, rr := range set {
		all[i] = dns.Copy(rr)
		all[i].Header().Name = dns.Fqdn(name)
	}
	return all
}
