// Package dnstest is a DNS server on this computer with zones of ours, for tests that
// must not ask the real network. It speaks UDP and TCP on one port, follows CNAMEs,
// counts what it was asked, and can be slow, silent, broken or changed while it runs.
//
// It leaves out recursion, DNSSEC and zone transfers: a name of a zone that it does
// not hold is refused, so that a forgotten record fails a test loudly.
package dnstest

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// Server answers from its zones. All methods may be called while it runs.
type Server struct {
	Addr string // "127.0.0.1:port", for UDP and TCP alike

	mu      sync.Mutex
	records map[string]map[uint16][]dns.RR // by name, then type
	origins map[string]bool                // names of the zones
	moods   map[string]mood                // by name; "*" all names
	asked   []Question
	stop    []func() error
	wait    sync.WaitGroup
}

// Question is one query that arrived.
type Question struct {
	Name string // lower case with a closing dot
	Type string // "MX", "TXT" …
	Net  string // "udp" or "tcp"
}

// mood is how a name is answered otherwise than by its records.
type mood struct {
	rcode    int
	set      bool
	silent   bool
	truncate bool
	held     chan struct{}
}

// Start runs a server until the test ends; zones are zone files as text, see [Server.Load].
func Start(t testing.TB, zones ...string) *Server {
	t.Helper()
	s, err := New(zones...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// New runs a server outside a test; Close ends it.
func New(zones ...string) (*Server, error) {
	s := &Server{records: map[string]map[uint16][]dns.RR{}, origins: map[string]bool{}, moods: map[string]mood{}}
	for _, z := range zones {
		if err := s.Load(z); err != nil {
			return nil, err
		}
	}
	packet, stream, err := listen()
	if err != nil {
		return nil, err
	}
	s.Addr = packet.LocalAddr().String()
	s.serve(&dns.Server{PacketConn: packet}, "udp")
	s.serve(&dns.Server{Listener: stream}, "tcp")
	return s, nil
}

// listen takes one free port for both ways.
func listen() (net.PacketConn, net.Listener, error) {
	var last error
	for range 20 {
		stream, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, nil, err
		}
		packet, err := net.ListenPacket("udp", stream.Addr().String())
		if err == nil {
			return packet, stream, nil
		}
		last = errors.Join(err, stream.Close())
	}
	return nil, nil, last
}

func (s *Server) serve(d *dns.Server, network string) {
	d.Handler = dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) { s.answer(w, q, network) })
	started := make(chan struct{})
	d.NotifyStartedFunc = func() { close(started) }
	s.wait.Add(1)
	go func() {
		defer s.wait.Done()
		_ = d.ActivateAndServe() // ends with Shutdown
	}()
	<-started
	s.stop = append(s.stop, d.Shutdown)
}

// Close ends the server; held answers are let go first.
func (s *Server) Close() error {
	s.mu.Lock()
	for name, m := range s.moods {
		if m.held != nil {
			close(m.held)
			m.held = nil
			s.moods[name] = m
		}
	}
	s.mu.Unlock()
	var err error
	for _, stop := range s.stop {
		err = errors.Join(err, stop())
	}
	s.wait.Wait()
	return err
}

// Load adds the records of a zone file, e.g.
//
//	$ORIGIN new.example.
//	@    600 IN MX  5 mxbiz1.qq.com.
//	@    600 IN TXT "v=spf1 include:spf.mail.qq.com ~all"
//	imap 600 IN CNAME imap.exmail.qq.com.
//
// The zone's own name is its $ORIGIN, or that of its first record.
func (s *Server) Load(zone string) error {
	zp := dns.NewZoneParser(strings.NewReader(zone), ".", "")
	zp.SetDefaultTTL(300)
	s.mu.Lock()
	defer s.mu.Unlock()
	origin := ""
	for _, line := range strings.Split(zone, "\n") {
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == "$ORIGIN" {
			s.origins[strings.ToLower(dns.Fqdn(fields[1]))] = true
			origin = fields[1]
		}
	}
	n := 0
	for rr, ok := zp.Next(); ok; rr, ok = zp.Next() {
		name := strings.ToLower(rr.Header().Name)
		if origin == "" {
			origin = name
			s.origins[name] = true
		}
		if s.records[name] == nil {
			s.records[name] = map[uint16][]dns.RR{}
		}
		s.records[name][rr.Header().Rrtype] = append(s.records[name][rr.Header().Rrtype], rr)
		n++
	}
	if err := zp.Err(); err != nil {
		return fmt.Errorf("zone %s: %w", origin, err)
	}
	if origin == "" {
		return errors.New("zone without $ORIGIN and records")
	}
	return nil
}

// Replace removes all records of a name and type and adds those of a zone file.
func (s *Server) Replace(name, kind, zone string) error {
	s.mu.Lock()
	delete(s.records[strings.ToLower(dns.Fqdn(name))], dns.StringToType[kind])
	s.mu.Unlock()
	if zone == "" {
		return nil
	}
	return s.Load(zone)
}
