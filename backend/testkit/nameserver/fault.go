package nameserver

import (
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// Fault is how a server misbehaves for a name.
type Fault int

// The faults.
const (
	None     Fault = iota // answers as it should, again
	Hang                  // never answers
	ServFail              // answers SERVFAIL
	Refuse                // answers REFUSED
	Garbage               // answers bytes that are no message
	Truncate              // truncates over UDP, so that the client has to come over TCP
	NoTCP                 // truncates over UDP and closes over TCP
	NoEDNS                // FORMERR for questions with EDNS
	Drip                  // over TCP one byte a second
)

// Every names all names that have no fault of their own.
const Every = "*"

// Question is one that arrived.
type Question struct {
	Name string // lower case, without a closing dot
	Type string // "MX", "TXT" …
}

// Fail makes a name misbehave; with a type ("example.com TXT") only that type.
func (s *Server) Fail(name string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[strings.ToLower(name)] = f
}

// Hold keeps the answers for a name back until the returned function is called, which
// may happen once.
func (s *Server) Hold(name string) (release func()) {
	gate := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[lower(name)] = gate
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		close(gate)
		delete(s.held, lower(name))
	}
}

// Asked lists the questions so far, in order.
func (s *Server) Asked() []Question {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Count tells how often a name was asked for a type ("" any type).
func (s *Server) Count(name, kind string) int {
	n := 0
	for _, q := range s.Asked() {
		if q.Name == lower(name) && (kind == "" || q.Type == kind) {
			n++
		}
	}
	return n
}

// pause waits and says whether the server still runs.
func (s *Server) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.hanging:
		return false
	}
}

// wait waits for a gate to open and says whether the server still runs.
func (s *Server) wait(gate <-chan struct{}) bool {
	select {
	case <-gate:
		return true
	case <-s.hanging:
		return false
	}
}

// misbehave carries out a fault and says whether the question is still to be answered.
func (s *Server) misbehave(w dns.ResponseWriter, ask *dns.Msg, udp bool) bool {
	q := ask.Question[0]
	name := lower(q.Name)
	s.mu.Lock()
	f, ok := s.faults[name+" "+strings.ToLower(dns.TypeToString[q.Qtype])]
	if !ok {
		f, ok = s.faults[name]
	}
	if !ok {
		f = s.faults[Every]
	}
	s.mu.Unlock()
	reply := new(dns.Msg)
	switch f {
	case Hang:
		return false
	case ServFail:
		_ = w.WriteMsg(reply.SetRcode(ask, dns.RcodeServerFailure))
	case Refuse:
		_ = w.WriteMsg(reply.SetRcode(ask, dns.RcodeRefused))
	case Garbage:
		_, _ = w.Write([]byte{byte(ask.Id >> 8), byte(ask.Id), 0x80, 0, 0, 1, 0, 9, 0, 0, 0, 0, 0xff, 0xff})
	case Truncate, NoTCP:
		if udp {
			reply.SetReply(ask)
			reply.Truncated = true
			_ = w.WriteMsg(reply)
		} else if f == Truncate {
			return true
		} else {
			_ = w.Close()
		}
	case NoEDNS:
		if ask.IsEdns0() == nil {
			return true
		}
		_ = w.WriteMsg(reply.SetRcode(ask, dns.RcodeFormatError))
	case Drip:
		for _, b := range []byte{0, 200, 1, 2, 3, 4} {
			if _, err := w.Write([]byte{b}); err != nil || !s.pause(time.Second) {
				break
			}
		}
		_ = w.Close()
	default:
		return true
	}
	return false
}
