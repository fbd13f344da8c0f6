package checks

import (
	"context"
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
)

func routeChecks() []doctor.Check {
	return []doctor.Check{
		define("mx.route", "RFC 6811; stat.ripe.net/docs/data_api rpki-validation", checkRoute, "ok:p", "unknown:i", "invalid:f"),
		define("domain.ipv6", "RFC 3596; RFC 3901", checkNSIPv6, "ok:p", "none:i", "dead:w"),
	}
}

// route is who announces an address to the internet, and whether the holder of the
// addresses allows it (RPKI).
type route struct {
	prefix string
	origin string // AS number
	state  string // valid, invalid_asn, invalid_length, unknown
}

// fetchRoute asks RIPEstat twice: who announces, and is it allowed.
func fetchRoute(ctx context.Context, x *doctor.Exam, ip netip.Addr) (route, bool) {
	var info struct {
		ASNs   []string `json:"asns"`
		Prefix string   `json:"prefix"`
	}
	if !ripe(ctx, x, "network-info", url.Values{"resource": {ip.String()}}, &info) || len(info.ASNs) == 0 || info.Prefix == "" {
		return route{}, false
	}
	r := route{prefix: info.Prefix, origin: info.ASNs[0]}
	var state struct {
		Status string `json:"status"`
	}
	ok := ripe(ctx, x, "rpki-validation", url.Values{"resource": {r.origin}, "prefix": {r.prefix}}, &state)
	r.state = state.Status
	return r, ok && r.state != ""
}

// ripe asks one question of the data API; the answer stands under "data".
func ripe(ctx context.Context, x *doctor.Exam, call string, query url.Values, into any) bool {
	query.Set("sourceapp", "mailroom")
	page, err := x.Get(ctx, strings.TrimSuffix(x.Endpoint.Routes, "/")+"/"+call+"/data.json?"+query.Encode(), 256<<10)
	if err != nil || page.Status != 200 {
		return false
	}
	var answer struct {
		Data json.RawMessage `json:"data"`
	}
	return json.Unmarshal(page.Body, &answer) == nil && json.Unmarshal(answer.Data, into) == nil
}

// maxRoutes bounds how many addresses somebody is asked about.
const maxRoutes = 4

// checkRoute: a route that its holder does not allow is dropped by many networks, so
// that mail from there does not arrive.
func checkRoute(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if x.Endpoint.Routes == "" {
		return doctor.One(x.Domain, "not_asked")
	}
	e, ok := exchangersOf(ctx, x)
	if !ok || len(e.all) == 0 {
		return nil
	}
	var ips []netip.Addr
	for _, m := range e.all {
		for _, ip := range m.ips() {
			if !slices.Contains(ips, ip) && ip.IsGlobalUnicast() && !ip.IsPrivate() {
				ips = append(ips, ip)
			}
		}
	}
	ips = ips[:min(len(ips), maxRoutes)]
	found := make([]doctor.Finding, len(ips))
	var wait sync.WaitGroup
	for i, ip := range ips {
		wait.Go(func() {
			r, ok := fetchRoute(ctx, x, ip)
			f := doctor.F(ip.String(), "ok", "ip", ip.String(), "prefix", r.prefix, "as", r.origin).
				Show(doctor.EvidenceHTTP, "RPKI "+r.prefix+" AS"+r.origin, r.state)
			switch {
			case !ok:
				f = doctor.F(ip.String(), "unanswered", "host", x.Endpoint.Routes)
			case strings.HasPrefix(r.state, "invalid"):
				f = because(f, "invalid").Act("", "")
			case r.state != "valid":
				f = because(f, "unknown")
			}
			found[i] = f
		})
	}
	wait.Wait()
	return found
}

// checkNSIPv6 looks at the name servers' addresses of IPv6: resolvers that have only
// IPv6 need one, and a dead one slows everybody down.
func checkNSIPv6(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, ok := delegationOf(ctx, x)
	if !ok || !d.ns.Known() {
		return nil
	}
	var has, dead []string
	evidence := ""
	targets := d.ns.Targets()
	for _, host := range targets[:min(len(targets), 8)] {
		_, v6 := x.DNS.Addresses(ctx, host)
		for _, ip := range v6.IPs()[:min(len(v6.IPs()), 2)] {
			has = append(has, host)
			i := slices.IndexFunc(d.servers, func(a authority) bool { return a.ip == ip })
			if i < 0 {
				continue
			}
			evidence += host + " " + ip.String() + ": " + string(d.servers[i].answer.Status) + "\n"
			if s := d.servers[i].answer.Status; s == lookup.Timeout || s == lookup.Unreachable {
				dead = append(dead, host)
			}
		}
	}
	f := doctor.F(d.zone, "ok", "hosts", listed(has)).Show(doctor.EvidenceRecord, d.zone+" NS AAAA", strings.TrimSuffix(evidence, "\n"))
	switch {
	case len(has) == 0:
		return one(because(f, "none"))
	case !hasIPv6(ctx, x):
		return doctor.One(d.zone, "no_ipv6")
	case len(dead) > 0:
		return one(because(f, "dead").With("hosts", listed(dead)).Act("", ""))
	}
	return one(f)
}
