package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor/lookup"
)

// connectFor bounds one attempt to connect.
const connectFor = 4 * time.Second

// ErrNoAddress says that a name has no address to connect to.
var ErrNoAddress = errors.New("the name has no address")

// Resolve finds the addresses of a host that may be an address itself, IPv4 first.
// The error tells whether the name has none ([ErrNoAddress]) or the DNS did not say.
func (x *Exam) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}, nil
	}
	v4, v6 := x.DNS.Addresses(ctx, host)
	all := append(v4.IPs(), v6.IPs()...)
	switch {
	case len(all) > 0:
		return all, nil
	case v4.Known() || v4.Status == lookup.BadName || v4.Status == lookup.Loop:
		return nil, core.E(core.NotFound, "find "+host, ErrNoAddress, "host", host)
	}
	return nil, core.E(core.Unreachable, "find "+host, v4.Err, "host", host)
}

// Connect opens a TCP connection to a host and says to which address. Addresses are
// tried one after the other with a short start between them, and the first that answers
// counts (RFC 8305 5), so that dead ones cost no more than one attempt.
func (x *Exam) Connect(ctx context.Context, host, port string) (net.Conn, netip.Addr, error) {
	ips, err := x.Resolve(ctx, host)
	if err != nil {
		return nil, netip.Addr{}, err
	}
	ips = ips[:min(len(ips), maxAddresses)]
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type attempt struct {
		conn net.Conn
		ip   netip.Addr
		err  error
	}
	results := make(chan attempt, len(ips))
	next, pending := 0, 0
	begin := func() {
		ip := ips[next]
		next++
		pending++
		go func() {
			conn, err := x.ConnectIP(ctx, ip, port)
			results <- attempt{conn, ip, err}
		}()
	}
	begin()
	var first error
	for pending > 0 {
		var wait <-chan time.Time
		if next < len(ips) {
			wait = time.After(x.stretched(headStart))
		}
		select {
		case r := <-results:
			pending--
			if r.err == nil {
				cancel()
				go func(left int) { // whoever comes too late is sent away
					for range left {
						if late := <-results; late.conn != nil {
							_ = late.conn.Close()
						}
					}
				}(pending)
				return r.conn, r.ip, nil
			}
			if first == nil {
				first = r.err
			}
			if next < len(ips) && ctx.Err() == nil {
				begin()
			}
		case <-wait:
			begin()
		}
	}
	return nil, ips[0], first
}

// Bounds of connecting.
const (
	maxAddresses = 4
	headStart    = 300 * time.Millisecond
)

// limit bounds one attempt to connect.
func (x *Exam) limit() time.Duration {
	if x.Patience > 0 {
		return min(connectFor, 4*x.Patience)
	}
	return connectFor
}

// ConnectIP opens a TCP connection to an address. Errors: timeout, unreachable.
func (x *Exam) ConnectIP(ctx context.Context, ip netip.Addr, port string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, x.limit())
	defer cancel()
	at := net.JoinHostPort(ip.String(), port)
	conn, err := x.Dial(ctx, "tcp", at)
	if err == nil {
		return conn, nil
	}
	var waited net.Error
	if ctx.Err() != nil || (errors.As(err, &waited) && waited.Timeout()) {
		return nil, core.E(core.Timeout, "connect "+at, err, "host", at)
	}
	return nil, core.E(core.Unreachable, "connect "+at, err, "host", at)
}

// Web is a client for web servers that asks the examination's DNS, trusts its roots,
// follows no redirect and keeps no connection.
func (x *Exam) Web() *http.Client {
	x.web.Do(func() {
		x.http = &http.Client{
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Timeout:       x.stretched(connectFor + 2*time.Second),
			Transport: &http.Transport{
				DisableKeepAlives:     true,
				TLSClientConfig:       &tls.Config{RootCAs: x.Roots, Time: x.Now},
				ResponseHeaderTimeout: x.stretched(connectFor),
				DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
					host, port, err := net.SplitHostPort(address)
					if err != nil {
						return nil, err
					}
					conn, _, err := x.Connect(ctx, host, port)
					return conn, err
				},
			},
		}
	})
	return x.http
}

// Page is what a web server answered.
type Page struct {
	Status int
	Header http.Header
	Body   []byte               // at most the number of bytes that was asked for
	Cut    bool                 // there was more
	TLS    *tls.ConnectionState // nil without TLS
}

// Get fetches a page, reading at most so many bytes.
func (x *Exam) Get(ctx context.Context, url string, most int64) (Page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return Page{}, core.E(core.Invalid, "fetch "+url, err)
	}
	resp, err := x.Web().Do(req)
	if err != nil {
		return Page{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	p := Page{Status: resp.StatusCode, Header: resp.Header, Body: body, TLS: resp.TLS}
	if int64(len(body)) > most {
		p.Body, p.Cut = body[:most], true
	}
	return p, err
}
