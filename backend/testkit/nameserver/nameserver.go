// Package nameserver is a small DNS server for tests: it answers from zone files, as
// a resolver that knows the whole world or as the authority of its zones, over UDP
// and TCP on the loopback, and misbehaves where it is told to. A real server with
// signed zones is in package servers (Knot).
package nameserver

import (
	"crypto"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// Server answers questions.
type Server struct {
	Addr string // host:port, UDP and TCP

	mu      sync.Mutex
	delay   time.Duration
	author  bool
	zones   map[string]*zone
	faults  map[string]Fault         // "name", "name type" or Every
	held    map[string]chan struct{} // names whose answers wait
	spoilt  map[string]bool          // names whose signatures are wrong
	catch   []dns.RR                 // answers for every name that does not exist
	asked   []Question
	udp     *dns.Server
	tcps    *dns.Server
	hanging chan struct{}
	running sync.WaitGroup
}

type zone struct {
	origin string
	soa    dns.RR
	names  map[string]map[uint16][]dns.RR
	key    *dns.DNSKEY // nil: not signed
	signer crypto.Signer
}

// Start serves zones, see [Server.Load], until the test ends.
func Start(t testing.TB, zones ...string) *Server {
	t.Helper()
	s, err := New(zones...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// New serves zones on a free port of 127.0.0.1; Close ends it.
func New(zones ...string) (*Server, error) {
	s := &Server{zones: map[string]*zone{}, faults: map[string]Fault{}, held: map[string]chan struct{}{}, hanging: make(chan struct{})}
	for _, z := range zones {
		if err := s.Load(z); err != nil {
			return nil, err
		}
	}
	for range 20 {
		packets, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		s.Addr = packets.LocalAddr().String()
		listener, err := net.Listen("tcp", s.Addr)
		if err != nil {
			_ = packets.Close()
			continue // somebody else has the TCP port
		}
		s.udp = &dns.Server{PacketConn: packets, Handler: dns.HandlerFunc(s.answer)}
		s.tcps = &dns.Server{Listener: listener, Handler: dns.HandlerFunc(s.answer)}
		for _, server := range []*dns.Server{s.udp, s.tcps} {
			started := make(chan struct{})
			server.NotifyStartedFunc = func() { close(started) }
			s.running.Go(func() { _ = server.ActivateAndServe() })
			<-started
		}
		return s, nil
	}
	return nil, errors.New("no port is free for both UDP and TCP")
}

// Close stops the server; what it still owes is not answered.
func (s *Server) Close() {
	close(s.hanging)
	_ = s.udp.Shutdown()
	_ = s.tcps.Shutdown()
	s.running.Wait()
}

// Slow makes every answer wait.
func (s *Server) Slow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// AsAuthority makes it answer as the authority of its zones (AA), refer to zones that
// it delegates, and refuse foreign names.
func (s *Server) AsAuthority() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.author = true
}

// Load adds zones from text in the form of a zone file. Each SOA begins a zone;
// records before the first are put into an invented root zone, which knows of no other
// names. Missing TTLs are 300.
func (s *Server) Load(text string) error {
	parser := dns.NewZoneParser(strings.NewReader(text), ".", "")
	parser.SetDefaultTTL(300)
	s.mu.Lock()
	defer s.mu.Unlock()
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		s.add(rr)
	}
	if err := parser.Err(); err != nil {
		return fmt.Errorf("zone: %w", err)
	}
	return nil
}

// Add adds records given one by one.
func (s *Server) Add(records ...dns.RR) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, rr := range records {
		s.add(rr)
	}
}

// Remove takes away all records of a name and type.
func (s *Server) Remove(name string, kind uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name = lower(name)
	if z := s.zoneOf(name); z != nil && z.names[name] != nil {
		delete(z.names[name], kind)
	}
}

// Replace removes all records of a name and type ("MX") and adds those of a zone file.
func (s *Server) Replace(name, kind, text string) error {
	s.Remove(name, dns.StringToType[kind])
	return s.Load(text)
}

// CatchAll answers every name that does not exist with an address, as a hijacking
// resolver does.
func (s *Server) CatchAll(address string) error {
	rr, err := dns.NewRR("catch. 60 IN A " + address)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catch = []dns.RR{rr}
	return nil
}

func (s *Server) add(rr dns.RR) {
	name := lower(rr.Header().Name)
	if rr.Header().Rrtype == dns.TypeSOA {
		s.zones[name] = &zone{origin: name, soa: rr, names: map[string]map[uint16][]dns.RR{}}
	}
	z := s.zoneOf(name)
	if z == nil {
		root, _ := dns.NewRR(". 300 IN SOA ns.invented. admin.invented. 1 3600 600 604800 60")
		z = &zone{origin: "", soa: root, names: map[string]map[uint16][]dns.RR{}}
		s.zones[""] = z
	}
	if z.names[name] == nil {
		z.names[name] = map[uint16][]dns.RR{}
	}
	z.names[name][rr.Header().Rrtype] = append(z.names[name][rr.Header().Rrtype], rr)
}

// zoneOf is the zone with the longest origin that holds the name.
func (s *Server) zoneOf(name string) *zone {
	for at := name; ; {
		if z := s.zones[at]; z != nil {
			return z
		}
		if at == "" {
			return nil
		}
		_, at, _ = strings.Cut(at, ".")
	}
}

// above is the zone that delegates to a zone.
func (s *Server) above(origin string) *zone {
	if origin == "" {
		return nil
	}
	_, up, _ := strings.Cut(origin, ".")
	return s.zoneOf(up)
}

func lower(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
