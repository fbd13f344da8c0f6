package doctor

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"sync"
	"time"

	"mailroom/backend/doctor/lookup"
	"mailroom/backend/mailbox"
)

// Dialer opens a connection to "address:port"; names are resolved before, see
// [Exam.Connect].
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Options are what the person says about the domain. The zero value is an ordinary
// domain at an unknown provider.
type Options struct {
	Provider  string   // id of the preset that the domain is to use; "" take it from the MX
	Leaving   string   // id of the preset that it is moving away from; "" none
	Switching bool     // a switch-over is near: TTLs should be short
	OwnHost   bool     // the receiving servers are the person's own: may be probed for open relay
	Parked    bool     // the domain sends and receives no mail
	Selectors []string // DKIM selectors known from a mail
	SendingIP []string // addresses that send the domain's mail, where known
}

// Exam is one examination of one domain: what is asked about and through what. Its
// fields are set before [Run] and only read by checks.
type Exam struct {
	Domain   string // ASCII, lower case, without the last dot
	Shown    string // as the person knows it, maybe with Chinese characters
	Local    string // local part where an address was given; "" a domain
	Options  Options
	DNS      *lookup.Resolver
	System   bool               // DNS is what the computer is set to, not one that the person named
	Others   []*lookup.Resolver // further resolvers, to compare
	Dial     Dialer             // for everything but DNS
	Endpoint Endpoints
	Now      func() time.Time
	Patience time.Duration   // a greeting that takes longer counts as slow, one of three times that as none; 0: 5 s; more stretches all limits
	Roots    *x509.CertPool  // nil: the system's
	Mail     []byte          // one mail, or its header; nil: none is looked at
	Mailbox  mailbox.Account // nil: nobody signs in
	Outgoing Outgoing        // nil: nobody signs in there
	Past     Past            // what earlier examinations saw; nil: nothing is kept
	Machine  *Machine        // of this computer's network; nil: not looked at

	memo memo
	web  sync.Once
	http *http.Client
}

// Slow is the time after which a greeting counts as slow.
func (x *Exam) Slow() time.Duration {
	if x.Patience > 0 {
		return x.Patience
	}
	return usualPatience
}

const usualPatience = 5 * time.Second

// stretched is a limit as long as more patience than usual makes it.
func (x *Exam) stretched(limit time.Duration) time.Duration {
	return time.Duration(float64(limit) * max(1, x.Slow().Seconds()/usualPatience.Seconds()))
}

// Outgoing is an outgoing server with a sign-in.
type Outgoing interface {
	// Try signs in and sends nothing.
	Try(ctx context.Context) error
}

// Past remembers between examinations what only shows over time.
type Past interface {
	// Recall tells what was kept of a thing last and when; ok is false where nothing was.
	Recall(ctx context.Context, domain, thing string) (value string, at time.Time, ok bool)
	// Keep replaces what is kept of a thing. What goes wrong is the keeper's to report.
	Keep(ctx context.Context, domain, thing, value string, at time.Time)
}

// Machine is what this computer itself says of its network.
type Machine struct {
	Tunnels []string // names of virtual interfaces that are up and lead elsewhere (VPN)
	Proxy   string   // host of the proxy that programs are told to use; "" none
}

// AskNobody switches off the checks that ask others about the domain and its addresses:
// block lists, the registry, who announces routes.
func (x *Exam) AskNobody() {
	x.Endpoint.IPLists, x.Endpoint.DomLists, x.Endpoint.RDAP, x.Endpoint.Routes = nil, nil, "", ""
}

// Endpoints are services beyond the domain that some checks ask. Empty fields switch
// those checks off.
type Endpoints struct {
	RDAP     string   // base of an RDAP service, e.g. https://rdap.org
	Probe    string   // page that answers 204 where there is no captive portal
	Control  []string // "host:25" of large receivers, to tell a local block of port 25
	Public   []string // "address:53" of public DNS servers, to tell a dead DNS server from no network
	Clock    string   // page whose Date header is compared with the computer's clock
	IPv6     string   // "[address]:port" to which there is a way if there is one to the IPv6 internet; nothing is sent
	Routes   string   // base of RIPEstat's data API, for the routes of addresses
	IPLists  []BlockList
	DomLists []BlockList
}

// BlockList is a DNS block list (RFC 5782).
type BlockList struct {
	Zone   string
	Weight int    // 3: many receivers refuse; 2: some; 1: hardly anybody
	Page   string // where to ask to be taken off
	// Test is the entry that must be listed: 127.0.0.2, or a name in a list of domains.
	Test string
}

// memo remembers what checks found out for each other.
type memo struct {
	mu   sync.Mutex
	once map[string]*slot
}

type slot struct {
	done  chan struct{}
	value any
}

// Once computes a value the first time that it is asked for under a key and gives the
// same to everybody after. A caller whose context ends gets ok = false; the work goes
// on under the examination's own context for the others.
func Once[T any](ctx context.Context, x *Exam, key string, compute func(context.Context) T) (value T, ok bool) {
	x.memo.mu.Lock()
	if x.memo.once == nil {
		x.memo.once = map[string]*slot{}
	}
	s, known := x.memo.once[key]
	if !known {
		s = &slot{done: make(chan struct{})}
		x.memo.once[key] = s
	}
	x.memo.mu.Unlock()
	if !known {
		shared := ctx
		if whole, is := ctx.Value(wholeKey{}).(context.Context); is {
			shared = context.WithValue(whole, wholeKey{}, whole)
		}
		go func() {
			defer close(s.done)
			defer func() {
				if p := recover(); p != nil {
					s.value = nil // whoever waits is told below
				}
			}()
			s.value = compute(shared)
		}()
	}
	select {
	case <-s.done:
		value, ok = s.value.(T)
		return value, ok
	case <-ctx.Done():
		return value, false
	}
}

type wholeKey struct{}
