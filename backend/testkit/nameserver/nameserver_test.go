package nameserver

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

const office = `$ORIGIN new.example.
@     60 IN MX 10 mx.new.example.
@     60 IN TXT "v=spf1 -all"
imap  60 IN CNAME imap.provider.example.
a.b   60 IN A 192.0.2.1
`

const other = `$ORIGIN provider.example.
imap 60 IN A 192.0.2.2
`

func ask(t *testing.T, s *Server, network, name string, kind uint16) (*dns.Msg, error) {
	t.Helper()
	m := new(dns.Msg).SetQuestion(dns.Fqdn(name), kind)
	client := &dns.Client{Net: network}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	reply, _, err := client.ExchangeContext(ctx, m, s.Addr)
	return reply, err
}

func mustAsk(t *testing.T, s *Server, network, name string, kind uint16) *dns.Msg {
	t.Helper()
	reply, err := ask(t, s, network, name, kind)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

func TestAnswersComeFromTheZones(t *testing.T) {
	s := Start(t, office, other)
	if r := mustAsk(t, s, "udp", "NEW.example", dns.TypeMX); len(r.Answer) != 1 || r.Answer[0].(*dns.MX).Mx != "mx.new.example." || r.Answer[0].Header().Ttl != 60 {
		t.Errorf("MX: %v", r)
	}
	if r := mustAsk(t, s, "tcp", "imap.new.example", dns.TypeA); len(r.Answer) != 2 || r.Answer[1].(*dns.A).A.String() != "192.0.2.2" {
		t.Errorf("the alias was not followed: %v", r)
	}
	for name, rcode := range map[string]int{"none.new.example": dns.RcodeNameError, "b.new.example": dns.RcodeSuccess, "stranger.test": dns.RcodeNameError} {
		if r := mustAsk(t, s, "udp", name, dns.TypeA); r.Rcode != rcode || len(r.Answer) != 0 {
			t.Errorf("%s: %v", name, r)
		}
	}
	if s.Count("new.example", "MX") != 1 || s.Count("new.example", "") != 1 || len(s.Asked()) != 5 {
		t.Errorf("asked: %v", s.Asked())
	}
}

func TestTheServerCanMisbehave(t *testing.T) {
	s := Start(t, office)
	s.Fail("new.example", ServFail)
	if r := mustAsk(t, s, "udp", "new.example", dns.TypeMX); r.Rcode != dns.RcodeServerFailure {
		t.Errorf("no SERVFAIL: %v", r)
	}
	s.Fail("new.example", Truncate)
	if r := mustAsk(t, s, "udp", "new.example", dns.TypeMX); !r.Truncated || len(r.Answer) != 0 {
		t.Errorf("not truncated: %v", r)
	}
	if r := mustAsk(t, s, "tcp", "new.example", dns.TypeMX); r.Truncated || len(r.Answer) != 1 {
		t.Errorf("TCP: %v", r)
	}
	s.Fail("new.example", None)

	release := s.Hold("new.example")
	answered := make(chan *dns.Msg, 1)
	go func() {
		r, _ := ask(t, s, "udp", "new.example", dns.TypeMX)
		answered <- r
	}()
	for s.Count("new.example", "") < 4 {
		time.Sleep(time.Millisecond)
	}
	select {
	case r := <-answered:
		t.Errorf("held answer came: %v", r)
	default:
	}
	release()
	if r := <-answered; r == nil || len(r.Answer) != 1 {
		t.Errorf("released: %v", r)
	}
}

func TestZonesChangeWhileServing(t *testing.T) {
	s := Start(t, office)
	if err := s.Replace("new.example", "MX", "new.example. 30 IN MX 5 mx2.new.example."); err != nil {
		t.Fatal(err)
	}
	r := mustAsk(t, s, "udp", "new.example", dns.TypeMX)
	if len(r.Answer) != 1 || r.Answer[0].(*dns.MX).Mx != "mx2.new.example." {
		t.Errorf("%v", r)
	}
	if err := s.Load("$ORIGIN x.example.\n@ IN MX nonsense"); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("a broken zone: %v", err)
	}
}
