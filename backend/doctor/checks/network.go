package checks

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
)

func networkChecks() []doctor.Check {
	return []doctor.Check{
		define("ports.network", "RFC 1123 2.3", checkNetwork, "ok:p", "dns_dead:w", "dns_blind:w"),
		define("ports.portal", "RFC 8952", checkPortal, "ok:p", "captive:w"),
		define("ports.hijack", "RFC 2308; RFC 6761 6.4", checkHijack, "ok:p", "invented:w"),
		define("ports.clock", "RFC 5280 4.1.2.5; RFC 7519 4.1.4; RFC 6238 6", checkClock, "ok:p", "drift:w", "wrong:f"),
		define("ports.ipv6", "RFC 8305", checkIPv6, "ok:p", "none:i"),
	}
}

// The states of the network.
const (
	netUp    = "up"
	netNoDNS = "no_dns" // the network works, the DNS server does not answer
	netBlind = "blind"  // the DNS server answers and knows nothing of the internet, which is out of reach
	netDown  = "down"
)

type network struct {
	state  string
	answer lookup.Answer
	public string // public DNS server that could be reached
}

// networkOf finds out whether there is a network at all, once for an examination.
func networkOf(ctx context.Context, x *doctor.Exam) (network, bool) {
	return doctor.Once(ctx, x, "network", func(ctx context.Context) network {
		n := network{state: netUp, answer: x.DNS.Ask(ctx, x.Domain, dns.TypeMX)}
		if talks(n.answer) && !(x.System && empty(n.answer)) {
			return n
		}
		root := x.DNS.Ask(ctx, "", dns.TypeNS)
		switch {
		case root.Status == lookup.Canceled: // nothing was found out
		case talks(n.answer):
			if root.Status != lookup.Found && publicThat(ctx, x, knows) == "" && !reachedAny(ctx, x, x.Endpoint.Control) {
				n.state = netBlind
			}
		case !talks(root):
			n.state = netDown
			if n.public = publicThat(ctx, x, talks); n.public != "" {
				n.state = netNoDNS
			}
		}
		return n
	})
}

// empty is an answer that says nothing of a domain where the server knows nothing at
// all: the DNS server of a closed network answers so for every name.
func empty(a lookup.Answer) bool {
	return a.Status == lookup.NXDomain || a.Status == lookup.ServFail || a.Status == lookup.Refused
}

// knows is an answer that has what was asked for.
func knows(a lookup.Answer) bool { return a.Status == lookup.Found }

// publicThat is the first public DNS server that answers for the root as wanted; ""
// none. A connection alone proves nothing: some gateways take every one. They are asked
// at once, because a firewall that is silent costs seconds.
func publicThat(ctx context.Context, x *doctor.Exam, wanted func(lookup.Answer) bool) string {
	took := make([]bool, len(x.Endpoint.Public))
	var wait sync.WaitGroup
	for i, at := range x.Endpoint.Public {
		r, err := lookup.New(lookup.Config{Servers: []string{at}, Dial: x.Dial})
		if err != nil {
			continue
		}
		wait.Go(func() { took[i] = wanted(r.Ask(ctx, "", dns.TypeNS)) })
	}
	wait.Wait()
	if i := slices.Index(took, true); i >= 0 {
		return x.Endpoint.Public[i]
	}
	return ""
}

func reachedAny(ctx context.Context, x *doctor.Exam, hosts []string) bool {
	return slices.ContainsFunc(hosts, func(at string) bool { return reachable(ctx, x, at) })
}

// talks says whether somebody answered, whatever he said.
func talks(a lookup.Answer) bool {
	return a.Status != lookup.Timeout && a.Status != lookup.Unreachable && a.Status != lookup.Canceled
}

func checkNetwork(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	n, ok := networkOf(ctx, x)
	switch {
	case !ok:
		return nil
	case n.state == netDown:
		return one(show(doctor.F(x.Domain, "no_network"), n.answer))
	case n.state == netNoDNS:
		return one(show(doctor.F(x.Domain, "dns_dead", "server", listed(x.DNS.Servers()), "public", n.public), n.answer).Act("", ""))
	case n.state == netBlind:
		root := x.DNS.Ask(ctx, "", dns.TypeNS)
		return one(show(doctor.F(x.Domain, "dns_blind", "server", listed(x.DNS.Servers()), "tried", listed(x.Endpoint.Public)), n.answer, root).Act("", ""))
	}
	return doctor.One(x.Domain, "ok", "server", listed(x.DNS.Servers()))
}

type portal struct {
	captive bool
	status  int
	to      string
	known   bool
}

// portalOf asks a page that answers 204 unless something stands between.
func portalOf(ctx context.Context, x *doctor.Exam) (portal, bool) {
	return doctor.Once(ctx, x, "portal", func(ctx context.Context) portal {
		if x.Endpoint.Probe == "" {
			return portal{}
		}
		// Half of the checks wait for this: a portal answers fast, silence is none.
		ctx, cancel := context.WithTimeout(ctx, 2500*time.Millisecond)
		defer cancel()
		page, err := x.Get(ctx, x.Endpoint.Probe, 2000)
		if err != nil {
			return portal{}
		}
		return portal{captive: page.Status != http.StatusNoContent && (page.Status < 400 || page.Status == http.StatusNetworkAuthenticationRequired),
			status: page.Status, to: page.Header.Get("Location"), known: true}
	})
}

func checkPortal(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	p, ok := portalOf(ctx, x)
	switch {
	case !ok:
		return nil
	case x.Endpoint.Probe == "":
		return doctor.One(x.Domain, "not_asked")
	case !p.known:
		return doctor.One(x.Domain, "unanswered", "host", x.Endpoint.Probe)
	case p.captive:
		return one(doctor.F(x.Domain, "captive").Show(doctor.EvidenceHTTP, x.Endpoint.Probe, strconv.Itoa(p.status)+" "+p.to).Act("", ""))
	}
	return doctor.One(x.Domain, "ok")
}

// checkHijack asks for a name that cannot exist: the top-level domain "invalid" is
// reserved.
func checkHijack(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	var raw [6]byte
	_, _ = rand.Read(raw[:])
	a := x.DNS.Ask(ctx, "mailroom-"+hex.EncodeToString(raw[:])+".invalid", dns.TypeA)
	if a.Status == lookup.Found {
		return one(show(doctor.F(x.Domain, "invented", "server", a.Server), a).Act("", ""))
	}
	if !a.Known() && a.Status != lookup.Refused {
		return one(unsure(x.Domain, a))
	}
	return doctor.One(x.Domain, "ok")
}

func checkClock(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if x.Endpoint.Clock == "" {
		return doctor.One(x.Domain, "nothing")
	}
	page, err := x.Get(ctx, x.Endpoint.Clock, 2000)
	if err != nil {
		return doctor.One(x.Domain, "unanswered", "host", x.Endpoint.Clock)
	}
	there, err := http.ParseTime(page.Header.Get("Date"))
	if err != nil {
		return doctor.One(x.Domain, "unanswered", "host", x.Endpoint.Clock)
	}
	off := x.Now().Sub(there)
	f := doctor.F(x.Domain, "ok", "seconds", strconv.Itoa(int(off.Abs().Seconds()))).
		Show(doctor.EvidenceHTTP, x.Endpoint.Clock, "Date: "+page.Header.Get("Date")+"\n"+x.Now().UTC().Format(time.RFC1123))
	switch {
	case off.Abs() > 5*time.Minute:
		f.Reason = "wrong"
		f = f.Act("", "")
	case off.Abs() > 30*time.Second:
		f.Reason = "drift"
		f = f.Act("", "")
	}
	return one(f)
}

// checkIPv6 tells whether this computer reaches the receiving servers by IPv6.
func checkIPv6(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if !hasIPv6(ctx, x) {
		return doctor.One(x.Domain, "none")
	}
	return doctor.One(x.Domain, "ok")
}

// hasIPv6 tries to open a connection that sends nothing: it only needs a route.
func hasIPv6(ctx context.Context, x *doctor.Exam) bool {
	has, _ := doctor.Once(ctx, x, "ipv6", func(ctx context.Context) bool {
		if x.Endpoint.IPv6 == "" {
			return false
		}
		conn, err := x.Dial(ctx, "udp6", x.Endpoint.IPv6)
		if err != nil {
			return false
		}
		_ = conn.Close()
		return true
	})
	return has
}
