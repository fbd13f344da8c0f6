package lookup

import (
	"context"
	"errors"
	"time"

	"github.com/miekg/dns"
)

// chase asks and follows aliases that the answer leaves open, as one of a server that
// only knows its own zones does.
func (r *Resolver) chase(ctx context.Context, q question) Answer {
	a := r.round(ctx, q)
	for a.Status == NoData && len(a.Chain) > 0 {
		if len(a.Chain) > maxChain {
			a.Status = Loop
			return a
		}
		next := a.Chain[len(a.Chain)-1]
		b := r.round(ctx, question{next, q.kind, q.mode})
		for _, name := range append([]string{q.name}, a.Chain...) {
			for _, again := range b.Chain {
				if again == name {
					a.Status = Loop
					return a
				}
			}
		}
		grown := len(b.Chain) > 0
		b.Name, b.Chain = a.Name, append(a.Chain, b.Chain...)
		b.TTL, b.Authentic = min(a.TTL, b.TTL), a.Authentic && b.Authentic
		a = b
		if !grown {
			break
		}
	}
	return a
}

// round asks the servers in turn, twice each at most, until one answers.
func (r *Resolver) round(ctx context.Context, q question) Answer {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return Answer{Name: q.name, Type: q.kind, Status: stopped(ctx), Err: ctx.Err()}
	}
	var last Answer
	for try := range 2 {
		for _, server := range r.cfg.Servers {
			a := r.exchange(ctx, server, q, true)
			if a.Known() || a.Status == Loop {
				return a
			}
			// What a later server has to say counts only if it says more.
			if last.Status == "" || a.Msg != nil {
				last = a
			}
			if ctx.Err() != nil {
				last.Status, last.Err = stopped(ctx), ctx.Err()
				return last
			}
		}
		if try == 0 && last.Status != Timeout && last.Status != ServFail {
			break // asking again would not help
		}
	}
	return last
}

// AskAt asks one server directly, without recursion, as for an authoritative server.
// Its answer is [Lame] when it does not answer for the zone itself.
func (r *Resolver) AskAt(ctx context.Context, server, name string, kind uint16) Answer {
	full, err := withPort(server)
	if err != nil || !askable(Name(name)) {
		return Answer{Name: Name(name), Type: kind, Status: BadName, Server: server, Err: err}
	}
	return r.exchange(ctx, full, question{Name(name), kind, plain}, false)
}

// exchange sends one question to one server, over TCP too where the answer does not
// fit, and without EDNS where the server does not know it (RFC 6891 7).
func (r *Resolver) exchange(ctx context.Context, server string, q question, recursive bool) Answer {
	ask := r.message(q, recursive)
	a := Answer{Name: q.name, Type: q.kind, Server: server}
	reply, err := r.send(ctx, "udp", server, ask)
	if err == nil && (reply.Rcode == dns.RcodeFormatError || reply.Rcode == dns.RcodeNotImplemented) && q.mode == plain {
		ask.Extra = nil
		reply, err = r.send(ctx, "udp", server, ask)
	}
	if err == nil && reply.Truncated {
		a.Truncated = true
		full, tcpErr := r.send(ctx, "tcp", server, ask)
		if tcpErr != nil {
			a.NoTCP, a.Status, a.Err = true, failed(ctx, tcpErr), tcpErr
			return a
		}
		reply = full
	}
	if err != nil {
		a.Status, a.Err = failed(ctx, err), err
		return a
	}
	a.Msg, a.Size = reply, reply.Len()
	judge(&a, recursive)
	return a
}

func (r *Resolver) message(q question, recursive bool) *dns.Msg {
	m := new(dns.Msg)
	m.SetQuestion(dns.Fqdn(q.name), q.kind)
	m.RecursionDesired = recursive
	m.AuthenticatedData = true // asks for the flag, RFC 6840 5.7
	m.SetEdns0(udpSize, q.mode == signed)
	m.CheckingDisabled = q.mode == signed
	return m
}

var errForeign = errors.New("the answer belongs to another question")

func (r *Resolver) send(ctx context.Context, network, server string, m *dns.Msg) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.TryFor)
	defer cancel()
	r.queries.Add(1)
	raw, err := r.cfg.Dial(ctx, network, server)
	if err != nil {
		return nil, err
	}
	conn := &dns.Conn{Conn: raw, UDPSize: udpSize}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if err := conn.WriteMsg(m); err != nil {
		return nil, err
	}
	for {
		reply, err := conn.ReadMsg()
		if err != nil {
			return nil, err
		}
		if reply.Id == m.Id && reply.Response && sameQuestion(m, reply) {
			return reply, nil
		}
		if network == "tcp" {
			return nil, errForeign
		}
	}
}

// sameQuestion lets an answer without a question pass: some servers drop it with an error.
func sameQuestion(ask, reply *dns.Msg) bool {
	if len(reply.Question) == 0 {
		return reply.Rcode != dns.RcodeSuccess
	}
	return Name(reply.Question[0].Name) == Name(ask.Question[0].Name) && reply.Question[0].Qtype == ask.Question[0].Qtype
}

// judge fills in what an answer says.
func judge(a *Answer, recursive bool) {
	m := a.Msg
	a.Authentic = m.AuthenticatedData
	switch m.Rcode {
	case dns.RcodeSuccess, dns.RcodeNameError:
	case dns.RcodeServerFailure:
		a.Status = ServFail
		return
	case dns.RcodeRefused, dns.RcodeNotAuth:
		a.Status = Refused
		if !recursive {
			a.Status = Lame
		}
		return
	default:
		a.Status = Malformed
		return
	}
	follow(a)
	switch {
	case a.Status == Loop:
	case len(a.Records) > 0:
		a.Status = Found
	case m.Rcode == dns.RcodeNameError:
		a.Status = NXDomain
	default:
		a.Status = NoData
	}
	if !recursive && !m.Authoritative && a.Status != Found {
		a.Status = Lame
	}
	if a.TTL == 0 && len(a.Records) == 0 {
		a.TTL = negativeTTL(m)
	}
}

// follow walks the aliases of the answer from the name that was asked for and takes
// the records at the end.
func follow(a *Answer) {
	at := a.Name
	seen := map[string]bool{at: true}
	ttl, first := uint32(0), true
	lower := func(t uint32) {
		if first || t < ttl {
			ttl, first = t, false
		}
	}
walk:
	for {
		for _, rr := range a.Msg.Answer {
			if Name(rr.Header().Name) == at && rr.Header().Rrtype == a.Type {
				a.Records = append(a.Records, rr)
				lower(rr.Header().Ttl)
			}
		}
		if len(a.Records) > 0 || a.Type == dns.TypeCNAME {
			break
		}
		for _, rr := range a.Msg.Answer {
			c, ok := rr.(*dns.CNAME)
			if !ok || Name(c.Hdr.Name) != at {
				continue
			}
			at = Name(c.Target)
			a.Chain = append(a.Chain, at)
			lower(c.Hdr.Ttl)
			if seen[at] || len(a.Chain) > maxChain {
				a.Status = Loop
				break walk
			}
			seen[at] = true
			continue walk
		}
		break
	}
	a.TTL = time.Duration(ttl) * time.Second
}

// negativeTTL is how long "there is none" holds (RFC 2308 5).
func negativeTTL(m *dns.Msg) time.Duration {
	for _, rr := range m.Ns {
		if s, ok := rr.(*dns.SOA); ok {
			return time.Duration(min(s.Minttl, s.Hdr.Ttl)) * time.Second
		}
	}
	return 30 * time.Second
}
