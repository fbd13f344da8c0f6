package switchover

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/preset"
)

// Name is a name that people's programs use, and where it leads.
type Name struct {
	Name  string `json:"name"`           // "autodiscover", "_imaps._tcp"
	Value string `json:"value"`          // the host that it leads to
	Seen  string `json:"seen,omitempty"` // how, where it is no CNAME: "A 192.0.2.1", "SRV", "HTTP 302"
}

// clientNames are looked at because people's programs find their server by them.
var clientNames = []string{"autodiscover", "autoconfig", "mail", "imap", "pop", "smtp"}

// serviceNames are SRV records by which programs find a server: RFC 6186, RFC 8314, and
// Outlook's autodiscover.
var serviceNames = []string{"_autodiscover._tcp", "_imaps._tcp", "_imap._tcp", "_pop3s._tcp", "_submissions._tcp", "_submission._tcp"}

// redirectLimit bounds the one question to a web server.
const redirectLimit = 5 * time.Second

// names finds out where the names lead: by CNAME, SRV, an address that is one of the old
// provider's, or by the redirection that Outlook follows.
func (l *Looker) names(ctx context.Context, resolver, domain, from, to string) []Name {
	found := make([][]Name, len(clientNames)+len(serviceNames))
	old := hostsOf(ctx, resolver, from)
	for address := range hostsOf(ctx, resolver, to) {
		delete(old, address) // both rent the same place: it says nothing
	}
	var group sync.WaitGroup
	for i, name := range clientNames {
		group.Go(func() { found[i] = l.clientName(ctx, resolver, domain, name, old) })
	}
	for i, name := range serviceNames {
		group.Go(func() {
			answers, err := ask(ctx, resolver, name+"."+domain, dns.TypeSRV, true)
			if err != nil {
				return
			}
			for _, rr := range answers {
				if s, ok := rr.(*dns.SRV); ok && s.Target != "." { // "." says that there is no such service
					found[len(clientNames)+i] = append(found[len(clientNames)+i], Name{Name: name, Value: plain(s.Target), Seen: "SRV"})
				}
			}
		})
	}
	group.Wait()
	return slices.Concat([]Name{}, slices.Concat(found...))
}

func (l *Looker) clientName(ctx context.Context, resolver, domain, name string, old map[string]string) (all []Name) {
	host := name + "." + domain
	if answers, err := ask(ctx, resolver, host, dns.TypeCNAME, true); err == nil {
		for _, rr := range answers {
			if c, ok := rr.(*dns.CNAME); ok {
				all = append(all, Name{Name: name, Value: plain(c.Target)})
			}
		}
	}
	addresses := addressesOf(ctx, resolver, host)
	for _, address := range addresses {
		if theirs := old[address]; theirs != "" && len(all) == 0 {
			kind := "A "
			if strings.Contains(address, ":") {
				kind = "AAAA "
			}
			all = append(all, Name{Name: name, Value: theirs, Seen: kind + address})
		}
	}
	if name == "autodiscover" && len(addresses) > 0 {
		if target, status := l.redirection(ctx, host, addresses[0]); target != "" {
			all = append(all, Name{Name: name, Value: target, Seen: status})
		}
	}
	return all
}

// hostsOf maps the addresses of a provider's servers for people's programs to their names.
func hostsOf(ctx context.Context, resolver, provider string) map[string]string {
	byAddress := map[string]string{}
	p, ok := preset.ByID(provider)
	if !ok {
		return byAddress
	}
	var hosts []string
	for _, s := range p.IMAP {
		hosts = append(hosts, s.Host)
	}
	for _, r := range p.DNS.Records {
		if (r.Use == preset.UseClient || r.Use == preset.UseAutodiscover) && r.Value != "" {
			hosts = append(hosts, plain(r.Value))
		}
	}
	slices.Sort(hosts)
	for _, host := range slices.Compact(hosts) {
		for _, address := range addressesOf(ctx, resolver, host) {
			byAddress[address] = host
		}
	}
	return byAddress
}

func addressesOf(ctx context.Context, resolver, host string) (all []string) {
	for _, kind := range []uint16{dns.TypeA, dns.TypeAAAA} {
		answers, err := ask(ctx, resolver, host, kind, true)
		if err != nil {
			continue
		}
		for _, rr := range answers {
			switch a := rr.(type) {
			case *dns.A:
				all = append(all, a.A.String())
			case *dns.AAAA:
				all = append(all, a.AAAA.String())
			}
		}
	}
	return all
}

// redirection asks as Outlook does where autodiscover is to be found: over HTTP, whose
// answer is a redirection (MS-OXDISCO section 3.1.5.1). It is not followed.
func (l *Looker) redirection(ctx context.Context, host, address string) (target, status string) {
	port := l.webPort
	if port == "" {
		port = "80"
	}
	transport := &http.Transport{
		DisableKeepAlives: true, ResponseHeaderTimeout: redirectLimit, MaxResponseHeaderBytes: 64 << 10,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(address, port))
		},
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: redirectLimit, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/autodiscover/autodiscover.xml", nil)
	if err != nil {
		return "", ""
	}
	answer, err := client.Do(request)
	if err != nil {
		return "", ""
	}
	_ = answer.Body.Close()
	to, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || answer.StatusCode < 300 || answer.StatusCode > 399 || plain(to.Hostname()) == plain(host) {
		return "", ""
	}
	return plain(to.Hostname()), "HTTP " + answer.Status[:3]
}
