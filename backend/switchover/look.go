package switchover

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/core"
	"mailroom/backend/preset"
)

// Resolvers are asked unless a person names others: public ones, at home and abroad.
var Resolvers = []string{"223.5.5.5", "119.29.29.29", "114.114.114.114", "8.8.8.8", "1.1.1.1"}

// Looker reads DNS. Its zero value asks [Resolvers].
type Looker struct {
	Resolvers []string // "host" or "host:port", at most 12
	ownPort   string   // of the domain's own servers; "": 53
	webPort   string   // where autodiscover redirects; "": 80
}

// Bounds on what is read from the network.
const (
	mostResolvers = 12
	mostRecords   = 50
	askLimit      = 4 * time.Second
	tries         = 2
)

// Look reads what matters for a switch between two providers. selector "": the usual ones of the provider.
// What cannot be read is told within the result.
func (l *Looker) Look(ctx context.Context, domain, from, to, selector string) Zone {
	resolvers := l.resolvers()
	z := Zone{Views: make([]View, len(resolvers)), MX: []MX{}, SPF: []string{}, Names: []Name{}}
	var group sync.WaitGroup
	for i, r := range resolvers {
		group.Go(func() {
			v := View{Resolver: r, MX: []MX{}}
			answers, err := ask(ctx, r, domain, dns.TypeMX, true)
			if v.MX = mxOf(answers); err != nil {
				v.Error = string(core.CodeOf(err))
			}
			z.Views[i] = v
		})
	}
	group.Wait()
	best := l.best(z.Views)
	if best == "" {
		z.Error = z.Views[0].Error
		return z
	}
	for _, v := range z.Views { // the first that answers, with the longest times that anybody tells
		if v.Resolver == best {
			z.MX = slices.Clone(v.MX)
		}
	}
	for i := range z.MX {
		for _, v := range z.Views {
			for _, mx := range v.MX {
				if mx.Host == z.MX[i].Host {
					z.MX[i].TTL = max(z.MX[i].TTL, mx.TTL)
				}
			}
		}
	}
	if own, ok := l.own(ctx, best, domain); ok {
		z.MX, z.Own = own, true
	}
	group.Go(func() { z.Names = l.names(ctx, best, domain, from, to) })
	z.rest(ctx, best, domain, to, selector)
	group.Wait()
	return z
}

func (l *Looker) resolvers() []string {
	list := l.Resolvers
	if len(list) == 0 {
		list = Resolvers
	}
	all := make([]string, 0, len(list))
	for _, r := range list[:min(len(list), mostResolvers)] {
		if _, _, err := net.SplitHostPort(r); err != nil {
			r = net.JoinHostPort(strings.Trim(r, "[]"), "53")
		}
		all = append(all, r)
	}
	return all
}

func (l *Looker) best(views []View) string {
	for _, v := range views {
		if v.Error == "" {
			return v.Resolver
		}
	}
	return ""
}

// own asks the domain's own servers: they alone know the whole TTL.
func (l *Looker) own(ctx context.Context, resolver, domain string) ([]MX, bool) {
	servers, err := ask(ctx, resolver, domain, dns.TypeNS, true)
	if err != nil {
		return nil, false
	}
	port := l.ownPort
	if port == "" {
		port = "53"
	}
	asked := 0
	for _, rr := range servers {
		ns, ok := rr.(*dns.NS)
		if !ok || asked == 2 {
			continue
		}
		asked++
		addresses, err := ask(ctx, resolver, ns.Ns, dns.TypeA, true)
		if err != nil {
			continue
		}
		for _, rr := range addresses {
			if a, ok := rr.(*dns.A); ok {
				if answers, err := ask(ctx, net.JoinHostPort(a.A.String(), port), domain, dns.TypeMX, false); err == nil {
					return mxOf(answers), true
				}
				break
			}
		}
	}
	return nil, false
}

// rest reads everything but the MX.
func (z *Zone) rest(ctx context.Context, resolver, domain, to, selector string) {
	var group sync.WaitGroup
	group.Go(func() {
		for _, text := range texts(ctx, resolver, domain) {
			if strings.HasPrefix(strings.ToLower(text), "v=spf1") {
				z.SPF = append(z.SPF, text)
			}
		}
	})
	group.Go(func() {
		for _, text := range texts(ctx, resolver, "_dmarc."+domain) {
			if strings.HasPrefix(strings.ToLower(text), "v=dmarc1") {
				z.DMARC = text
			}
		}
	})
	group.Go(func() {
		for _, s := range selectorsOf(to, selector) {
			z.Asked = s
			for _, text := range texts(ctx, resolver, s+"._domainkey."+domain) {
				if strings.Contains(strings.ReplaceAll(text, " ", ""), "p=") {
					z.DKIM = text
					return
				}
			}
		}
	})
	group.Wait()
}

func selectorsOf(to, selector string) []string {
	if selector != "" {
		return []string{selector}
	}
	p, ok := preset.ByID(to)
	if !ok {
		return nil
	}
	return p.DNS.DKIM.Selectors
}

func texts(ctx context.Context, resolver, name string) (all []string) {
	answers, err := ask(ctx, resolver, name, dns.TypeTXT, true)
	if err != nil {
		return nil
	}
	for _, rr := range answers {
		if t, ok := rr.(*dns.TXT); ok {
			all = append(all, strings.Join(t.Txt, ""))
		}
	}
	return all
}

func mxOf(answers []dns.RR) []MX {
	all := []MX{}
	for _, rr := range answers {
		if mx, ok := rr.(*dns.MX); ok {
			all = append(all, MX{Host: plain(mx.Mx), Priority: mx.Preference, TTL: mx.Hdr.Ttl})
		}
	}
	slices.SortFunc(all, func(a, b MX) int {
		if a.Priority != b.Priority {
			return int(a.Priority) - int(b.Priority)
		}
		return strings.Compare(a.Host, b.Host)
	})
	return all
}

func plain(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// ask puts one question, by TCP if the answer does not fit a packet. A name that
// does not exist has no records and is no error. Errors: unreachable, timeout,
// rejected (the server refuses or fails), invalid (no name).
func ask(ctx context.Context, server, name string, kind uint16, recurse bool) ([]dns.RR, error) {
	if _, ok := dns.IsDomainName(name); !ok || name == "" {
		return nil, core.E(core.Invalid, "ask DNS", nil, "field", "domain", "reason", "malformed")
	}
	m := new(dns.Msg)
	m.SetQuestion(dns.Fqdn(name), kind)
	m.RecursionDesired = recurse
	m.SetEdns0(1232, false)
	var last error
	for try := range tries {
		client := &dns.Client{Timeout: askLimit / tries}
		answer, _, err := client.ExchangeContext(ctx, m, server)
		if err == nil && answer.Truncated {
			client.Net = "tcp"
			answer, _, err = client.ExchangeContext(ctx, m, server)
		}
		switch {
		case err != nil:
			code := core.Unreachable
			if n, ok := err.(net.Error); ok && n.Timeout() {
				code = core.Timeout
			}
			last = core.E(code, "ask DNS", err, "host", server)
		case answer.Rcode == dns.RcodeSuccess, answer.Rcode == dns.RcodeNameError:
			return answer.Answer[:min(len(answer.Answer), mostRecords)], nil
		default:
			last = core.E(core.Rejected, "ask DNS", nil, "host", server, "rcode", dns.RcodeToString[answer.Rcode])
		}
		if ctx.Err() != nil || try+1 == tries {
			break
		}
	}
	return nil, last
}
