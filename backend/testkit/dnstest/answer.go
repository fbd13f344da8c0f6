package dnstest

import (
	"strings"

	"github.com/miekg/dns"
)

// Every names all queries in Fail, Silence, Truncate and Hold.
const Every = "*"

// Fail answers a name with an error, e.g. dns.RcodeServerFailure or
// dns.RcodeNameError, whatever is asked; dns.RcodeSuccess answers from the zone again.
func (s *Server) Fail(name string, rcode int) {
	s.change(name, func(m *mood) { m.rcode, m.set = rcode, rcode != dns.RcodeSuccess })
}

// Silence never answers a name, or does again.
func (s *Server) Silence(name string, silent bool) {
	s.change(name, func(m *mood) { m.silent = silent })
}

// Truncate answers a name over UDP with the TC bit and no records, so that the client
// has to come over TCP.
func (s *Server) Truncate(name string, on bool) { s.change(name, func(m *mood) { m.truncate = on }) }

// Hold keeps the answers for a name back until the returned function is called, which
// may happen once.
func (s *Server) Hold(name string) (release func()) {
	gate := make(chan struct{})
	s.change(name, func(m *mood) { m.held = gate })
	return func() {
		s.change(name, func(m *mood) {
			if m.held == gate {
				close(gate)
				m.held = nil
			}
		})
	}
}

func (s *Server) change(name string, f func(*mood)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name != Every {
		name = strings.ToLower(dns.Fqdn(name))
	}
	m := s.moods[name]
	f(&m)
	s.moods[name] = m
}

// Asked lists the queries so far, in order.
func (s *Server) Asked() []Question {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Question(nil), s.asked...)
}

// Count tells how often a name was asked for a type ("" any type).
func (s *Server) Count(name, kind string) int {
	name = strings.ToLower(dns.Fqdn(name))
	n := 0
	for _, q := range s.Asked() {
		if q.Name == name && (kind == "" || q.Type == kind) {
			n++
		}
	}
	return n
}

func (s *Server) answer(w dns.ResponseWriter, q *dns.Msg, network string) {
	reply := new(dns.Msg).SetReply(q)
	reply.RecursionAvailable = true
	if len(q.Question) != 1 {
		reply.Rcode = dns.RcodeFormatError
		_ = w.WriteMsg(reply)
		return
	}
	ask := q.Question[0]
	name := strings.ToLower(ask.Name)
	m := s.note(Question{Name: name, Type: dns.TypeToString[ask.Qtype], Net: network})
	if m.held != nil {
		<-m.held
	}
	switch {
	case m.silent:
		return
	case m.set:
		reply.Rcode = m.rcode
	case m.truncate && network == "udp":
		reply.Truncated = true
	default:
		s.fill(reply, name, ask.Qtype)
		if network == "udp" {
			size := dns.MinMsgSize
			if o := q.IsEdns0(); o != nil {
				size = int(o.UDPSize())
			}
			reply.Truncate(size)
		}
	}
	_ = w.WriteMsg(reply)
}

// note books a query and returns how it is to be answered.
func (s *Server) note(q Question) mood {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, q)
	if m, ok := s.moods[q.Name]; ok {
		return m
	}
	return s.moods[Every]
}

// fill adds the records of a name, following CNAMEs within our zones.
func (s *Server) fill(reply *dns.Msg, name string, kind uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range 9 { // a loop of CNAMEs ends somewhere
		if !s.holds(name) {
			if len(reply.Answer) == 0 {
				reply.Rcode = dns.RcodeRefused
			}
			return
		}
		found := s.records[name]
		if len(found[kind]) > 0 {
			reply.Answer = append(reply.Answer, copies(found[kind])...)
			return
		}
		alias := found[dns.TypeCNAME]
		if len(alias) == 0 {
			if !s.exists(name) {
				reply.Rcode = dns.RcodeNameError
			}
			return
		}
		reply.Answer = append(reply.Answer, copies(alias)...)
		name = strings.ToLower(alias[0].(*dns.CNAME).Target)
	}
}

// holds reports whether a name lies in one of our zones.
func (s *Server) holds(name string) bool {
	for origin := range s.origins {
		if dns.IsSubDomain(origin, name) {
			return true
		}
	}
	return false
}

// exists reports whether a name has records or lies above one that has.
func (s *Server) exists(name string) bool {
	for known := range s.records {
		if known == name || strings.HasSuffix(known, "."+name) {
			return true
		}
	}
	return false
}

// copies keeps the zone's own records from being written to by the message's packing.
func copies(list []dns.RR) []dns.RR {
	out := make([]dns.RR, len(list))
	for i, rr := range list {
		out[i] = dns.Copy(rr)
	}
	return out
}
