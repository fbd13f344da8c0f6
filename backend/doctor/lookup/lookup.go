// Package lookup asks the DNS and tells precisely what came of it: found, no such
// record, no such name, refused, no answer, nobody there, answers that lead in a
// circle. It asks a resolver over UDP with EDNS and over TCP where an answer does not
// fit, remembers answers for their TTL, asks once where many ask the same at a time,
// and counts what it sends.
//
// It leaves out what the records mean (packages spf, dmarc and the checks).
package lookup

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/core"
)

// Bounds.
const (
	tryFor    = 2 * time.Second // one attempt at one server
	udpSize   = 1232            // DNS flag day 2020
	maxChain  = 8               // aliases that are followed
	atOnce    = 48              // questions under way
	maxMemory = 4096            // answers that are kept
	maxTTL    = 10 * time.Minute
)

// Config says whom to ask and how.
type Config struct {
	Servers []string // host:port, tried in turn; empty: the system's
	// Dial opens "udp" and "tcp" connections; nil: the system's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	Now  func() time.Time // nil: the clock
	// Anchors are the keys that DNSSEC is checked against, as DS records; nil: the
	// root's (see [RootAnchors]).
	Anchors []*dns.DS
	TryFor  time.Duration // 0: two seconds
}

// Resolver asks. It is safe for use by many goroutines.
type Resolver struct {
	cfg     Config
	slots   chan struct{}
	queries atomic.Int64

	mu     sync.Mutex
	kept   map[question]kept
	flying map[question]*flight
}

type question struct {
	name string
	kind uint16
	mode mode
}

type mode uint8

const (
	plain mode = iota
	signed
)

type kept struct {
	answer Answer
	until  time.Time
}

type flight struct {
	done   chan struct{}
	answer Answer
}

// New makes a resolver. Errors: not_found when the system names no DNS server, invalid
// when a server is no host:port.
func New(cfg Config) (*Resolver, error) {
	if len(cfg.Servers) == 0 {
		found, err := SystemServers()
		if err != nil || len(found) == 0 {
			return nil, core.E(core.NotFound, "find the computer's DNS server", err)
		}
		cfg.Servers = found
	}
	for i, s := range cfg.Servers {
		full, err := withPort(s)
		if err != nil {
			return nil, core.E(core.Invalid, "resolver", err, "host", s)
		}
		cfg.Servers[i] = full
	}
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{}).DialContext
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.TryFor == 0 {
		cfg.TryFor = tryFor
	}
	if cfg.Anchors == nil {
		cfg.Anchors = RootAnchors()
	}
	return &Resolver{cfg: cfg, slots: make(chan struct{}, atOnce), kept: map[question]kept{}, flying: map[question]*flight{}}, nil
}

// withPort completes "1.1.1.1" and "2001:db8::1" to host:port.
func withPort(s string) (string, error) {
	if host, port, err := net.SplitHostPort(s); err == nil {
		if host == "" || port == "" {
			return "", errors.New("a host and a port are needed")
		}
		return s, nil
	}
	host := strings.Trim(s, "[]")
	if host == "" || (net.ParseIP(host) == nil && strings.ContainsAny(host, ": ")) {
		return "", errors.New("not a host")
	}
	return net.JoinHostPort(host, "53"), nil
}

// Servers are the servers that are asked, as host:port.
func (r *Resolver) Servers() []string { return append([]string(nil), r.cfg.Servers...) }

// Queries is how many questions went out over the network, repeats included.
func (r *Resolver) Queries() int64 { return r.queries.Load() }

// Forget empties the memory, so that the next question is asked anew.
func (r *Resolver) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.kept)
}

// Ask asks for the records of one type and follows aliases. It always returns an
// answer; its Status says what kind.
func (r *Resolver) Ask(ctx context.Context, name string, kind uint16) Answer {
	return r.ask(ctx, question{Name(name), kind, plain})
}

// TXT asks for text records.
func (r *Resolver) TXT(ctx context.Context, name string) Answer {
	return r.Ask(ctx, name, dns.TypeTXT)
}

// Addresses asks for A and AAAA side by side.
func (r *Resolver) Addresses(ctx context.Context, name string) (v4, v6 Answer) {
	var wait sync.WaitGroup
	wait.Go(func() { v6 = r.Ask(ctx, name, dns.TypeAAAA) })
	v4 = r.Ask(ctx, name, dns.TypeA)
	wait.Wait()
	return v4, v6
}

// ask answers from memory, or joins whoever is asking the same, or asks.
func (r *Resolver) ask(ctx context.Context, q question) Answer {
	if !askable(q.name) {
		return Answer{Name: q.name, Type: q.kind, Status: BadName}
	}
	for {
		r.mu.Lock()
		if k, ok := r.kept[q]; ok && r.cfg.Now().Before(k.until) {
			r.mu.Unlock()
			return k.answer
		}
		f, ok := r.flying[q]
		if !ok {
			f = &flight{done: make(chan struct{})}
			r.flying[q] = f
			r.mu.Unlock()
			f.answer = r.chase(ctx, q)
			r.land(q, f)
			return f.answer
		}
		r.mu.Unlock()
		select {
		case <-f.done:
			// The one who asked may have been stopped; we were not.
			if f.answer.Status == Canceled && ctx.Err() == nil {
				continue
			}
			return f.answer
		case <-ctx.Done():
			return Answer{Name: q.name, Type: q.kind, Status: stopped(ctx), Err: ctx.Err()}
		}
	}
}

func (r *Resolver) land(q question, f *flight) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.flying, q)
	if f.answer.Known() {
		if len(r.kept) >= maxMemory {
			clear(r.kept)
		}
		r.kept[q] = kept{f.answer, r.cfg.Now().Add(min(f.answer.TTL, maxTTL))}
	}
	close(f.done)
}

// askable says whether a name can be put into a question (RFC 1035 2.3.4).
func askable(name string) bool {
	if name == "" {
		return true // the root
	}
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return true
}

func stopped(ctx context.Context) Status {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return Timeout
	}
	return Canceled
}

// failed tells what a network error means.
func failed(ctx context.Context, err error) Status {
	var timeout net.Error
	switch {
	case ctx.Err() != nil:
		return stopped(ctx)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return Timeout
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		return Unreachable
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return Unreachable
	}
	return Malformed
}
