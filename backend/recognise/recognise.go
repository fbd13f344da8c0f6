// Package recognise finds out who runs the mailboxes of an address or a domain, and
// which servers they have: from the data of package preset by the domain's own name,
// its MX hosts, the aliases of its client names and its SPF record; else from what the
// domain publishes for mail programs (RFC 6186, autoconfig, autodiscover); else by
// trying the customary hosts and reading how they greet.
//
// It leaves out signing in (package mailbox/imap), whether the records are right
// (package doctor), and every sentence for people. No password is ever sent.
package recognise

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/preset"
)

// How says by what a provider or server was found.
type How string

// The closed set, the surest first.
const (
	ByDomain       How = "domain"       // the domain is the provider's own
	ByMX           How = "mx"           // an MX host is the provider's
	ByAlias        How = "alias"        // imap.DOMAIN or the like is an alias of the provider's host
	BySPF          How = "spf"          // the SPF record includes the provider
	BySRV          How = "srv"          // SRV records, RFC 6186
	ByAutoconfig   How = "autoconfig"   // Thunderbird's format at the domain
	ByAutodiscover How = "autodiscover" // Microsoft's format at the domain
	ByCertificate  How = "certificate"  // a customary host answers with the provider's certificate
	ByGreeting     How = "greeting"     // a customary host answers as a mail server
	ByCustom       How = "custom"       // only the customary name; nothing answered
)

// Certainty says how far a result can be trusted.
type Certainty string

// The closed set.
const (
	Sure   Certainty = "sure"
	Likely Certainty = "likely"
	Guess  Certainty = "guess"
)

// Certainties lists the closed set.
func Certainties() []Certainty { return []Certainty{Sure, Likely, Guess} }

// Server is one host with its port and how it is encrypted ("tls" or "starttls").
type Server struct {
	Host     string
	Port     int
	Security string
}

// Candidate is one answer to the question.
type Candidate struct {
	Provider  string // id of the preset, "" none known
	How       How
	Evidence  string // the record, host or page that told it
	Certainty Certainty
	User      string // sign-in name for the address, "" unknown (then: the address)
	IMAP      []Server
	POP3      []Server
	SMTP      []Server
}

// Result is what was found out about a domain. The first candidate is the best; there
// is always one.
type Result struct {
	Domain     string // in lower case, international names in their ASCII form
	Address    string // the corrected address, "" where only a domain was given
	Candidates []Candidate
	Gateway    string // id of a filter that stands before the mailboxes, "" none
	Sender     string // id of a sending service: the MX is its, and there are no mailboxes
	Offline    bool   // no look-up was answered at all: the network is down, or DNS is
}

// Best is the first candidate.
func (r Result) Best() Candidate { return r.Candidates[0] }

// Config says how to look things up. The zero value uses the computer's own ways.
type Config struct {
	Resolver Resolver
	Fallback Resolver // asked for MX where Resolver fails to answer; nil: none
	HTTP     *http.Client
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	TLS      *tls.Config   // for the customary hosts; nil: the system's authorities
	Patience time.Duration // for each of the three rounds; 0: 5 s
}

// Recogniser answers questions; it keeps nothing between them.
type Recogniser struct{ cfg Config }

// New makes a recogniser.
func New(cfg Config) *Recogniser {
	if cfg.Resolver == nil {
		cfg.Resolver = System("")
	}
	if cfg.Dial == nil {
		cfg.Dial = new(net.Dialer).DialContext
	}
	if cfg.Patience <= 0 {
		cfg.Patience = 5 * time.Second
	}
	cfg.HTTP = careful(cfg.HTTP)
	return &Recogniser{cfg: cfg}
}

// Recognise answers for an address or a bare domain. It returns an invalid error for
// what is neither, and canceled when ctx ends; a network that does not answer is no
// error, see [Result.Offline]. It takes at most three times Config.Patience.
func (r *Recogniser) Recognise(ctx context.Context, input string) (Result, error) {
	address, domain, err := Parse(input)
	if err != nil {
		return Result{}, err
	}
	res := Result{Domain: domain, Address: address}
	if p, ok := preset.ByDomain(domain); ok {
		res.add(known(p, domain, "", ByDomain, domain, Sure))
		return res, nil
	}
	if err := r.byRecords(ctx, &res); err != nil {
		return Result{}, err
	}
	if !res.decided() {
		r.byPublished(ctx, &res)
	}
	if !res.decided() {
		r.byGreeting(ctx, &res)
	}
	if ctx.Err() != nil {
		return Result{}, core.E(core.CodeOf(ctx.Err()), "recognise provider", ctx.Err(), "domain", domain)
	}
	if len(res.Candidates) == 0 {
		res.add(Candidate{How: ByCustom, Certainty: Guess, Evidence: "imap." + domain, IMAP: []Server{{"imap." + domain, 993, "tls"}}})
	}
	return res, nil
}

// decided: somebody's servers are known well enough to stop looking.
func (r *Result) decided() bool {
	return slices.ContainsFunc(r.Candidates, func(c Candidate) bool { return c.Certainty != Guess && len(c.IMAP) > 0 })
}

// add keeps the candidates in the order of certainty, each provider and host once.
func (r *Result) add(c Candidate) {
	for _, old := range r.Candidates {
		if old.Provider == c.Provider && (c.Provider != "" || slices.Equal(old.IMAP, c.IMAP)) && len(old.IMAP) > 0 {
			return
		}
	}
	r.Candidates = append(r.Candidates, c)
	rank := func(c Candidate) int { return slices.Index(Certainties(), c.Certainty) }
	slices.SortStableFunc(r.Candidates, func(a, b Candidate) int { return rank(a) - rank(b) })
}

// known is a candidate from the data.
func known(p preset.Provider, domain, mx string, how How, evidence string, c Certainty) Candidate {
	p = p.For(domain, mx)
	return Candidate{
		Provider: p.ID, How: how, Evidence: evidence, Certainty: c,
		IMAP: servers(p.IMAP), POP3: servers(p.POP3), SMTP: servers(p.SMTP),
	}
}

// servers leaves out hosts that could not be filled in.
func servers(list []preset.Server) []Server {
	var out []Server
	for _, s := range list {
		if !preset.Unfilled(s.Host) {
			out = append(out, Server{s.Host, s.Port, s.Security})
		}
	}
	return out
}
