package checks

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
)

func delegationChecks() []doctor.Check {
	return []doctor.Check{
		define("domain.nameservers", "RFC 2182 3.1; RFC 1912 2.8", checkNameservers, "ok:p", "one:w", "same_net:w", "lame:f", "none:f"),
		define("domain.serial", "RFC 1912 2.2", checkSerial, "ok:p", "differs:w"),
		define("domain.parent", "RFC 1034 4.2.2", checkParent, "ok:p", "differs:w", "foreign:f"),
		define("domain.resolvers", "RFC 1035 7.3", checkResolvers, "ok:p", "differs:w"),
		define("domain.soa", "RFC 1912 2.2", checkSOA, "ok:p", "odd:w"),
	}
}

// authority is one address of one name server and what it says about the zone.
type authority struct {
	host   string
	ip     netip.Addr
	answer lookup.Answer // SOA of the zone
}

// delegation is who serves the zone that the domain lies in.
type delegation struct {
	zone    string
	ns      lookup.Answer
	hosts   []string // names without an address
	servers []authority
}

func dnsPort(ip netip.Addr) string { return netip.AddrPortFrom(ip, 53).String() }

// delegationOf finds the zone, its name servers and asks each.
func delegationOf(ctx context.Context, x *doctor.Exam) (delegation, bool) {
	return doctor.Once(ctx, x, "delegation", func(ctx context.Context) delegation {
		d := delegation{zone: zoneOf(ctx, x, x.Domain)}
		d.ns = x.DNS.Ask(ctx, d.zone, dns.TypeNS)
		var mu sync.Mutex
		var wait sync.WaitGroup
		targets := d.ns.Targets()
		for _, host := range targets[:min(len(targets), 8)] {
			wait.Go(func() {
				ips, err := x.Resolve(ctx, host)
				ips = slices.DeleteFunc(ips, func(ip netip.Addr) bool { return ip.Is6() && !hasIPv6(ctx, x) })
				if err != nil || len(ips) == 0 {
					mu.Lock()
					defer mu.Unlock()
					d.hosts = append(d.hosts, host)
					return
				}
				for _, ip := range ips[:min(len(ips), 2)] {
					a := x.DNS.AskAt(ctx, dnsPort(ip), d.zone, dns.TypeSOA)
					mu.Lock()
					d.servers = append(d.servers, authority{host, ip, a})
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		slices.SortFunc(d.servers, func(a, b authority) int { return strings.Compare(a.host+a.ip.String(), b.host+b.ip.String()) })
		return d
	})
}

// zoneOf is the zone that a name lies in: the nearest name above with an SOA.
func zoneOf(ctx context.Context, x *doctor.Exam, name string) string {
	a := x.DNS.Ask(ctx, name, dns.TypeSOA)
	if a.Status == lookup.Found && len(a.Chain) == 0 {
		return name
	}
	if a.Msg != nil {
		for _, rr := range a.Msg.Ns { // a negative answer names the zone
			if s, ok := rr.(*dns.SOA); ok {
				return lookup.Name(s.Hdr.Name)
			}
		}
	}
	return name
}

// authoritative asks the first name server that answers; exact is false where only the
// resolver could be asked.
func authoritative(ctx context.Context, x *doctor.Exam, name string, kind uint16) (a lookup.Answer, exact bool) {
	if d, ok := delegationOf(ctx, x); ok {
		for _, s := range d.servers {
			if s.answer.Status == lookup.Found {
				if a = x.DNS.AskAt(ctx, dnsPort(s.ip), name, kind); a.Known() {
					return a, true
				}
				break
			}
		}
	}
	return x.DNS.Ask(ctx, name, kind), false
}

func checkNameservers(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, ok := delegationOf(ctx, x)
	if !ok {
		return nil
	}
	if !d.ns.Known() {
		return one(unsure(d.zone, d.ns))
	}
	if d.ns.None() {
		return one(show(doctor.F(d.zone, "none"), d.ns).Act("", ""))
	}
	evidence := ""
	var lame, silent []string
	nets := map[netip.Prefix]bool{}
	for _, s := range d.servers {
		evidence += s.host + " " + s.ip.String() + ": " + string(s.answer.Status) + "\n"
		bits := 24
		if s.ip.Is6() {
			bits = 48
		}
		nets[netip.PrefixFrom(s.ip, bits).Masked()] = true
		switch s.answer.Status {
		case lookup.Found:
		case lookup.Timeout, lookup.Unreachable:
			silent = append(silent, s.host)
		default:
			lame = append(lame, s.host)
		}
	}
	f := doctor.F(d.zone, "ok", "hosts", listed(d.ns.Targets()), "n", strconv.Itoa(len(d.ns.Targets()))).Show(doctor.EvidenceRecord, d.zone+" NS", strings.TrimSuffix(evidence, "\n"))
	lame = append(lame, d.hosts...)
	// Servers that are silent to us alone may be behind a firewall that keeps port 53 for
	// the office's own resolver; only where another one answers, silence means something.
	if len(silent) > 0 && len(silent) < len(d.servers) {
		lame = append(lame, silent...)
	}
	switch {
	case len(lame) > 0:
		f.Reason = "lame"
		return one(f.With("hosts", listed(slices.Compact(lame))).Act("", ""))
	case len(silent) > 0:
		return doctor.One(d.zone, "unanswered", "host", listed(slices.Compact(silent)))
	case len(d.ns.Targets()) == 1:
		f.Reason = "one"
		return one(f.Act("", ""))
	case len(nets) == 1:
		f.Reason = "same_net"
		return one(f.Act("", ""))
	}
	return one(f)
}

func checkSerial(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, ok := delegationOf(ctx, x)
	if !ok {
		return nil
	}
	serials := map[uint32][]string{}
	evidence := ""
	for _, s := range d.servers {
		for _, rr := range s.answer.Records {
			if soa, ok := rr.(*dns.SOA); ok {
				serials[soa.Serial] = append(serials[soa.Serial], s.host)
				evidence += s.host + ": " + strconv.Itoa(int(soa.Serial)) + "\n"
			}
		}
	}
	switch {
	case len(serials) == 0:
		return doctor.One(d.zone, "nothing")
	case len(serials) > 1:
		return one(doctor.F(d.zone, "differs").Show(doctor.EvidenceRecord, d.zone+" SOA", evidence).Act("", ""))
	}
	return doctor.One(d.zone, "ok")
}

// checkParent asks the servers of the zone above what they delegate to.
func checkParent(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, ok := delegationOf(ctx, x)
	if !ok {
		return nil
	}
	if d.zone == "" || d.ns.None() {
		return doctor.One(d.zone, "nothing")
	}
	_, above, _ := strings.Cut(d.zone, ".")
	if above = zoneOf(ctx, x, above); above == "" {
		above = "."
	}
	for _, host := range x.DNS.Ask(ctx, above, dns.TypeNS).Targets() {
		ips, err := x.Resolve(ctx, host)
		if err != nil {
			continue
		}
		a := x.DNS.AskAt(ctx, dnsPort(ips[0]), d.zone, dns.TypeNS)
		if a.Msg == nil {
			continue
		}
		var there []string
		for _, rr := range append(a.Msg.Ns, a.Msg.Answer...) {
			if ns, ok := rr.(*dns.NS); ok && lookup.Name(ns.Hdr.Name) == d.zone {
				there = append(there, lookup.Name(ns.Ns))
			}
		}
		if len(there) > 0 {
			return one(compareDelegation(d, above, there))
		}
	}
	return doctor.One(d.zone, "unanswered", "host", above)
}

func compareDelegation(d delegation, above string, there []string) doctor.Finding {
	here := d.ns.Targets()
	slices.Sort(here)
	slices.Sort(there)
	f := doctor.F(d.zone, "ok", "parent", listed(there), "zone", listed(here)).
		Show(doctor.EvidenceRecord, d.zone+" NS @ "+above, strings.Join(there, "\n")).Show(doctor.EvidenceRecord, d.zone+" NS", strings.Join(here, "\n"))
	if slices.Equal(here, there) {
		return f
	}
	f.Reason = "foreign"
	for _, h := range here {
		if slices.Contains(there, h) {
			f.Reason = "differs"
		}
	}
	return f.Act("", "")
}

// checkResolvers compares what several resolvers say: right after a change some still
// remember the old records.
func checkResolvers(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if len(x.Others) == 0 {
		return doctor.One(x.Domain, "not_asked")
	}
	var all []doctor.Finding
	for _, kind := range []uint16{dns.TypeMX, dns.TypeTXT} {
		mine := x.DNS.Ask(ctx, x.Domain, kind)
		if !mine.Known() {
			continue
		}
		var others []string
		f := show(doctor.F(mine.Title(), "ok"), mine)
		for _, r := range x.Others {
			a := r.Ask(ctx, x.Domain, kind)
			if !a.Known() {
				continue
			}
			if !sameRecords(mine, a) {
				others = append(others, a.Server)
				f = f.Show(doctor.EvidenceRecord, mine.Title()+" @ "+a.Server, a.Text()).With("minutes", strconv.Itoa(int(a.TTL.Minutes())+1))
			}
		}
		if len(others) > 0 {
			f.Reason = "differs"
			f = f.With("servers", listed(others)).Act("", "")
		}
		all = append(all, f)
	}
	return all
}

func sameRecords(a, b lookup.Answer) bool {
	return slices.Equal(recordTexts(a), recordTexts(b))
}

// recordTexts are the records without their TTLs, in order.
func recordTexts(a lookup.Answer) []string {
	var all []string
	for _, rr := range a.Records {
		c := dns.Copy(rr)
		c.Header().Ttl = 0
		all = append(all, strings.ToLower(c.String()))
	}
	slices.Sort(all)
	return all
}

func checkSOA(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	a := x.DNS.Ask(ctx, zoneOf(ctx, x, x.Domain), dns.TypeSOA)
	if !a.Known() {
		return one(unsure(x.Domain, a))
	}
	for _, rr := range a.Records {
		s, ok := rr.(*dns.SOA)
		if !ok {
			continue
		}
		f := show(doctor.F(x.Domain, "ok"), a)
		// RFC 1912 2.2: expire two to four weeks, at least a week; retry below refresh.
		if s.Expire < 604800 || s.Retry > s.Refresh || s.Minttl > 86400 {
			f.Reason = "odd"
			f = f.With("expire", strconv.Itoa(int(s.Expire)), "minimum", strconv.Itoa(int(s.Minttl))).Act("", "")
		}
		return one(f)
	}
	return doctor.One(x.Domain, "nothing")
}
