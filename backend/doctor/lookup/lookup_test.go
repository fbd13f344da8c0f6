package lookup_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/core"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/nameserver"
)

func TestMain(m *testing.M) { leak.Main(m) }

const world = `
example. 300 IN SOA ns.example. admin.example. 1 3600 600 604800 60
office.example. 300 IN MX 10 mx1.office.example.
office.example. 600 IN TXT "v=spf1 " "include:spf.example -all"
mx1.office.example. 300 IN A 192.0.2.1
mx1.office.example. 300 IN AAAA 2001:db8::1
www.office.example. 120 IN CNAME web.example.
web.example. 60 IN A 192.0.2.2
loop.example. 300 IN CNAME pool.example.
pool.example. 300 IN CNAME loop.example.
*.wild.example. 300 IN TXT "anything"
hang.example. 300 IN A 192.0.2.9
`

func start(t *testing.T) *nameserver.Server {
	t.Helper()
	return nameserver.Start(t, world)
}

// resolver asks servers that answer, however busy the computer is.
func resolver(t *testing.T, servers ...string) *lookup.Resolver {
	t.Helper()
	return hasty(t, time.Minute, servers...)
}

// hasty gives up on a server that says nothing for so long.
func hasty(t *testing.T, tryFor time.Duration, servers ...string) *lookup.Resolver {
	t.Helper()
	r, err := lookup.New(lookup.Config{Servers: servers, TryFor: tryFor})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryEndOfAQuestionIsToldApart(t *testing.T) {
	s := start(t)
	for name, f := range map[string]nameserver.Fault{
		"hang.example": nameserver.Hang, "servfail.example": nameserver.ServFail, "refuse.example": nameserver.Refuse,
		"garbage.example": nameserver.Garbage, "notcp.example": nameserver.NoTCP, "drip.example": nameserver.NoTCP,
	} {
		s.Fail(name, f)
	}
	r := resolver(t, s.Addr)
	for _, c := range []struct {
		name string
		kind uint16
		want lookup.Status
	}{
		{"office.example", dns.TypeMX, lookup.Found},
		{"OFFICE.example.", dns.TypeTXT, lookup.Found},
		{"office.example", dns.TypeA, lookup.NoData},
		{"nobody.example", dns.TypeA, lookup.NXDomain},
		{"loop.example", dns.TypeA, lookup.Loop},
		{"servfail.example", dns.TypeA, lookup.ServFail},
		{"refuse.example", dns.TypeA, lookup.Refused},
		{"garbage.example", dns.TypeA, lookup.Malformed},
		{"a..b.example", dns.TypeA, lookup.BadName},
		{strings.Repeat("a", 64) + ".example", dns.TypeA, lookup.BadName},
		{strings.Repeat("abc.", 70) + "example", dns.TypeA, lookup.BadName},
	} {
		if a := r.Ask(t.Context(), c.name, c.kind); a.Status != c.want {
			t.Errorf("%s %s: %s (%v), want %s", c.name, dns.TypeToString[c.kind], a.Status, a.Err, c.want)
		}
	}
	if a := hasty(t, 300*time.Millisecond, s.Addr).Ask(t.Context(), "hang.example", dns.TypeA); a.Status != lookup.Timeout {
		t.Errorf("no answer: %s (%v)", a.Status, a.Err)
	}
	if a := r.Ask(t.Context(), "notcp.example", dns.TypeTXT); !a.NoTCP || !a.Truncated || a.Known() {
		t.Errorf("truncated and no TCP: %+v", a)
	}
}

func TestAnAliasIsFollowedAndItsTTLCounts(t *testing.T) {
	r := resolver(t, start(t).Addr)
	a := r.Ask(t.Context(), "www.office.example", dns.TypeA)
	if a.Status != lookup.Found || len(a.Chain) != 1 || a.Chain[0] != "web.example" || a.TTL != time.Minute {
		t.Fatalf("%+v", a)
	}
	if ips := a.IPs(); len(ips) != 1 || ips[0].String() != "192.0.2.2" {
		t.Fatal(ips)
	}
}

func TestTextIsJoinedWithoutSpacesAndAsItWas(t *testing.T) {
	s := start(t)
	s.Add(&dns.TXT{Hdr: dns.RR_Header{Name: "odd.example.", Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 60}, Txt: []string{`a\"b\\c\200`}})
	r := resolver(t, s.Addr)
	if got := r.TXT(t.Context(), "office.example").Texts(); len(got) != 1 || got[0] != "v=spf1 include:spf.example -all" {
		t.Errorf("%q", got)
	}
	if got := r.TXT(t.Context(), "odd.example").Texts(); len(got) != 1 || got[0] != "a\"b\\c\xc8" {
		t.Errorf("%q", got)
	}
}

func TestALongAnswerComesOverTCP(t *testing.T) {
	s := start(t)
	big := &dns.TXT{Hdr: dns.RR_Header{Name: "big.example.", Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 60}}
	for range 240 { // 60 kB
		big.Txt = append(big.Txt, strings.Repeat("x", 250))
	}
	s.Add(big)
	a := resolver(t, s.Addr).TXT(t.Context(), "big.example")
	if a.Status != lookup.Found || !a.Truncated || len(a.Texts()[0]) != 60000 {
		t.Fatalf("%s, truncated %v, %d bytes", a.Status, a.Truncated, a.Size)
	}
}

func TestAServerWithoutEDNSIsAskedPlainly(t *testing.T) {
	s := start(t)
	s.Fail("office.example", nameserver.NoEDNS)
	if a := resolver(t, s.Addr).Ask(t.Context(), "office.example", dns.TypeMX); a.Status != lookup.Found {
		t.Fatal(a.Status)
	}
}

func TestWhatIsKnownIsNotAskedAgainUntilItsTTLEnds(t *testing.T) {
	s := start(t)
	now := time.Unix(1_800_000_000, 0)
	var mu sync.Mutex
	r, err := lookup.New(lookup.Config{Servers: []string{s.Addr}, TryFor: time.Minute, Now: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		r.Ask(t.Context(), "office.example", dns.TypeMX)
		r.Ask(t.Context(), "nobody.example", dns.TypeMX)
	}
	if n := len(s.Asked()); n != 2 {
		t.Errorf("%d questions for two names", n)
	}
	mu.Lock()
	now = now.Add(301 * time.Second)
	mu.Unlock()
	r.Ask(t.Context(), "office.example", dns.TypeMX)
	if n := r.Queries(); n != 3 {
		t.Errorf("%d questions after the TTL", n)
	}
}

func TestManyWhoAskTheSameAtATimeAskOnce(t *testing.T) {
	s := start(t)
	s.Slow(50 * time.Millisecond)
	r := resolver(t, s.Addr)
	var wait sync.WaitGroup
	for range 40 {
		wait.Go(func() {
			if a := r.Ask(t.Context(), "office.example", dns.TypeMX); a.Status != lookup.Found {
				t.Error(a.Status)
			}
		})
	}
	wait.Wait()
	if n := len(s.Asked()); n != 1 {
		t.Errorf("%d questions", n)
	}
}

// One who gives up must not spoil it for the others.
func TestTheOneWhoGivesUpStandsAlone(t *testing.T) {
	s := start(t)
	s.Slow(100 * time.Millisecond)
	r := resolver(t, s.Addr)
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() { r.Ask(ctx, "office.example", dns.TypeMX) })
	for len(s.Asked()) == 0 {
		time.Sleep(time.Millisecond) // until the first question is under way
	}
	wait.Go(func() {
		if a := r.Ask(t.Context(), "office.example", dns.TypeMX); a.Status != lookup.Found {
			t.Errorf("%s %v", a.Status, a.Err)
		}
	})
	cancel()
	wait.Wait()
}

func TestTheSecondServerAnswersWhereTheFirstCannot(t *testing.T) {
	s := start(t)
	dead, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer dead.Close()
	r := hasty(t, 2*time.Second, dead.LocalAddr().String(), s.Addr)
	if a := r.Ask(t.Context(), "office.example", dns.TypeMX); a.Status != lookup.Found || a.Server != s.Addr {
		t.Fatalf("%s from %s", a.Status, a.Server)
	}
}

func TestNobodyListens(t *testing.T) {
	if a := resolver(t, "127.0.0.1:1").Ask(t.Context(), "office.example", dns.TypeMX); a.Status != lookup.Unreachable {
		t.Fatalf("%s %v", a.Status, a.Err)
	}
}

func TestALameServerIsTold(t *testing.T) {
	s := start(t)
	s.AsAuthority()
	r := resolver(t, "127.0.0.1:9")
	if a := r.AskAt(t.Context(), s.Addr, "office.example", dns.TypeMX); a.Status != lookup.Found || !a.Msg.Authoritative {
		t.Errorf("its own zone: %s", a.Status)
	}
	if a := r.AskAt(t.Context(), s.Addr, "elsewhere.test", dns.TypeSOA); a.Status != lookup.Lame {
		t.Errorf("a foreign zone: %s", a.Status)
	}
}

func TestAResolverThatIsNoHostIsRefused(t *testing.T) {
	for _, bad := range []string{":53", "a b", "1.1.1.1:", "[::1]:"} {
		if _, err := lookup.New(lookup.Config{Servers: []string{bad}}); core.CodeOf(err) != core.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for in, want := range map[string]string{"1.1.1.1": "1.1.1.1:53", "2001:db8::1": "[2001:db8::1]:53", "[::1]:5353": "[::1]:5353", "dns.example": "dns.example:53"} {
		r, err := lookup.New(lookup.Config{Servers: []string{in}})
		if err != nil || r.Servers()[0] != want {
			t.Errorf("%q: %v %v", in, r, err)
		}
	}
}
