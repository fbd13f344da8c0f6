package spf

import (
	"context"
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"mailroom/backend/doctor/lookup"
)

func (e *evaluation) matches(ctx context.Context, t Term, domain string) (bool, error) {
	switch t.Kind {
	case "all":
		return true, nil
	case "ip4", "ip6":
		return t.Net.Contains(e.sender.IP), nil
	}
	if err := e.count(); err != nil {
		return false, err
	}
	target, err := e.values(ctx, domain).target(t.Domain)
	if err != nil {
		return false, permanent(err.Error())
	}
	switch t.Kind {
	case "include":
		return e.include(ctx, target)
	case "a":
		return e.address(ctx, target, t)
	case "mx":
		return e.exchanger(ctx, target, t)
	case "exists":
		a, err := e.query(ctx, target, dns.TypeA)
		return a.Status == lookup.Found, err
	}
	return e.pointer(ctx, target)
}

func (e *evaluation) include(ctx context.Context, target string) (bool, error) {
	result, _, _, err := e.host(ctx, target)
	if err != nil {
		return false, err
	}
	if result == None {
		return false, permanent("include:" + target + " has no policy")
	}
	return result == Pass, nil
}

func (e *evaluation) addressType() uint16 {
	if e.sender.IP.Is4() {
		return dns.TypeA
	}
	return dns.TypeAAAA
}

func (e *evaluation) covers(ips []netip.Addr, t Term) bool {
	bits := t.Bits6
	if e.sender.IP.Is4() {
		bits = t.Bits4
	}
	for _, ip := range ips {
		if ip.Is4() == e.sender.IP.Is4() && netip.PrefixFrom(ip, bits).Masked().Contains(e.sender.IP) {
			return true
		}
	}
	return false
}

func (e *evaluation) address(ctx context.Context, target string, t Term) (bool, error) {
	a, err := e.query(ctx, target, e.addressType())
	return err == nil && e.covers(a.IPs(), t), err
}

func (e *evaluation) exchanger(ctx context.Context, target string, t Term) (bool, error) {
	a, err := e.query(ctx, target, dns.TypeMX)
	if err != nil {
		return false, err
	}
	if len(a.MX()) > MaxNames {
		return false, permanent("mx:" + target + " has more than ten hosts")
	}
	for _, mx := range a.MX() {
		if mx.Host == "" {
			continue
		}
		b, err := e.query(ctx, mx.Host, e.addressType())
		if err != nil {
			return false, err
		}
		if e.covers(b.IPs(), t) {
			return true, nil
		}
	}
	return false, nil
}

// names are the sender's names that lead back to its address, ten at most (RFC 7208 5.5).
func (e *evaluation) names(ctx context.Context) []string {
	reverse, err := dns.ReverseAddr(e.sender.IP.String())
	if err != nil {
		return nil
	}
	var valid []string
	targets := e.ask.Ask(ctx, reverse, dns.TypePTR).Targets()
	for _, name := range targets[:min(len(targets), MaxNames)] {
		for _, ip := range e.ask.Ask(ctx, name, e.addressType()).IPs() {
			if ip == e.sender.IP {
				valid = append(valid, name)
				break
			}
		}
	}
	return valid
}

func (e *evaluation) pointer(ctx context.Context, target string) (bool, error) {
	target = lookup.Name(target)
	for _, name := range e.names(ctx) {
		if name == target || strings.HasSuffix(name, "."+target) {
			return true, nil
		}
	}
	return false, nil
}

// validatedName is %{p}: the domain itself, else a name below it, else any, else
// "unknown".
func (e *evaluation) validatedName(ctx context.Context, domain string) string {
	names, domain := e.names(ctx), lookup.Name(domain)
	best := "unknown"
	for _, name := range names {
		switch {
		case name == domain:
			return name
		case strings.HasSuffix(name, "."+domain):
			best = name
		case best == "unknown":
			best = name
		}
	}
	return best
}
