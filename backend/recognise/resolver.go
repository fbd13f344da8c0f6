package recognise

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strings"
	"time"
)

// Resolver asks DNS. A name that does not exist is an empty answer, not an error;
// names come back in lower case without a closing dot.
type Resolver interface {
	MX(ctx context.Context, domain string) ([]string, error) // best preference first
	TXT(ctx context.Context, name string) ([]string, error)
	SRV(ctx context.Context, name string) ([]SRV, error)    // best first
	Alias(ctx context.Context, name string) (string, error) // the end of the chain of CNAMEs; the name itself: none
}

// SRV is one record of RFC 2782. Target "" means that the service is not offered.
type SRV struct {
	Target string
	Port   int
}

// System asks the DNS server at host:port, or the computer's own with "".
func System(server string) Resolver {
	return system{&net.Resolver{
		PreferGo: server != "",
		Dial: func(ctx context.Context, network, usual string) (net.Conn, error) {
			d := net.Dialer{Timeout: 3 * time.Second}
			conn, err := d.DialContext(ctx, network, cmp.Or(server, usual))
			if err == nil {
				// The library reads until its own time-out, whatever becomes of ctx.
				context.AfterFunc(ctx, func() { _ = conn.Close() })
			}
			return conn, err
		},
	}}
}

type system struct{ r *net.Resolver }

func (s system) MX(ctx context.Context, domain string) ([]string, error) {
	list, err := s.r.LookupMX(ctx, domain+".")
	var hosts []string
	for _, mx := range list { // records with odd names come beside an error
		if h := plain(mx.Host); h != "" {
			hosts = append(hosts, h)
		}
	}
	return hosts, unlessMissing(err, len(hosts))
}

func (s system) TXT(ctx context.Context, name string) ([]string, error) {
	list, err := s.r.LookupTXT(ctx, name+".")
	return list, unlessMissing(err, len(list))
}

func (s system) SRV(ctx context.Context, name string) ([]SRV, error) {
	_, list, err := s.r.LookupSRV(ctx, "", "", name+".")
	var out []SRV
	for _, r := range list {
		out = append(out, SRV{plain(r.Target), int(r.Port)})
	}
	return out, unlessMissing(err, len(out))
}

func (s system) Alias(ctx context.Context, name string) (string, error) {
	target, err := s.r.LookupCNAME(ctx, name+".")
	return plain(target), unlessMissing(err, len(target))
}

// unlessMissing turns "no such name" and partly odd answers into plain answers.
func unlessMissing(err error, found int) error {
	if e, ok := errors.AsType[*net.DNSError](err); ok && (e.IsNotFound || found > 0) {
		return nil
	}
	return err
}

func plain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
