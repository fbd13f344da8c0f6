package checks

import (
	"context"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
)

func reputationChecks() []doctor.Check {
	return []doctor.Check{
		define("reputation.reverse", "RFC 1912 2.1", checkReverse, "ok:p", "shared:i", "several:w", "generic:w", "none:f"),
		define("reputation.forward", "RFC 1912 2.1; RFC 8601 3", checkForward, "ok:p", "shared:i", "mismatch:f"),
		define("reputation.helo", "RFC 5321 4.1.1.1, 4.1.4", checkHelo, "ok:p", "shared:i", "differs:w", "wrong:f"),
	}
}

// senders are the addresses that the office answers for: those the person named, else
// those of servers under the domain itself or said to be its own. Without any the
// provider answers for them.
func sendersOf(ctx context.Context, x *doctor.Exam) []netip.Addr {
	var all []netip.Addr
	for _, text := range x.Options.SendingIP {
		if ip, err := netip.ParseAddr(text); err == nil {
			all = append(all, ip)
		}
	}
	if len(all) > 0 {
		return all
	}
	e, ok := exchangersOf(ctx, x)
	if !ok {
		return nil
	}
	for _, m := range e.all {
		if x.Options.OwnHost || strings.HasSuffix(m.host, "."+x.Domain) || m.host == x.Domain {
			for _, ip := range m.ips() {
				if !slices.Contains(all, ip) {
					all = append(all, ip)
				}
			}
		}
	}
	return all[:min(len(all), 6)]
}

func reverseOf(ctx context.Context, x *doctor.Exam, ip netip.Addr) lookup.Answer {
	name, err := dns.ReverseAddr(ip.String())
	if err != nil {
		return lookup.Answer{Status: lookup.BadName}
	}
	return x.DNS.Ask(ctx, name, dns.TypePTR)
}

// eachSender judges every address that the office answers for.
func eachSender(ctx context.Context, x *doctor.Exam, judge func(netip.Addr, lookup.Answer) (doctor.Finding, bool)) []doctor.Finding {
	ips := sendersOf(ctx, x)
	if len(ips) == 0 {
		return doctor.One(x.Domain, "shared")
	}
	var all []doctor.Finding
	for _, ip := range ips {
		a := reverseOf(ctx, x, ip)
		if !a.Known() {
			all = append(all, unsure(ip.String(), a))
		} else if f, ok := judge(ip, a); ok {
			all = append(all, f)
		}
	}
	return all
}

func checkReverse(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachSender(ctx, x, func(ip netip.Addr, a lookup.Answer) (doctor.Finding, bool) {
		names := a.Targets()
		f := show(doctor.F(ip.String(), "ok", "ip", ip.String(), "names", listed(names)), a)
		switch {
		case len(names) == 0:
			f = because(f, "none").Act("", "")
		case len(names) > 1:
			f = because(f, "several").Act("", "")
		case generic(names[0], ip):
			f = because(f, "generic").Act("", "")
		}
		return f, true
	})
}

var dialUp = regexp.MustCompile(`(^|[.-])(dyn|dynamic|dhcp|pool|ppp|adsl|dsl|dial|broadband|cable|client)([.-]|\d|$)`)

// generic says whether a name was made from the address, as lines for homes have it.
func generic(name string, ip netip.Addr) bool {
	if dialUp.MatchString(name) {
		return true
	}
	if !ip.Is4() {
		return false
	}
	b := ip.As4()
	for _, sep := range []string{"-", ".", "_", ""} {
		var parts, back []string
		for i := range b {
			parts = append(parts, itoa(int(b[i])))
			back = append(back, itoa(int(b[3-i])))
		}
		for _, form := range []string{strings.Join(parts, sep), strings.Join(back, sep)} {
			if len(form) > 5 && strings.Contains(name, form) {
				return true
			}
		}
	}
	return false
}

func checkForward(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachSender(ctx, x, func(ip netip.Addr, a lookup.Answer) (doctor.Finding, bool) {
		names := a.Targets()
		if len(names) == 0 {
			return doctor.F(ip.String(), "nothing"), true
		}
		f := show(doctor.F(ip.String(), "ok", "ip", ip.String(), "name", names[0]), a)
		for _, name := range names[:min(len(names), 5)] {
			v4, v6 := x.DNS.Addresses(ctx, name)
			if slices.Contains(append(v4.IPs(), v6.IPs()...), ip) {
				return f.With("name", name), true
			}
			f = show(f, v4)
		}
		kind := "A"
		if ip.Is6() {
			kind = "AAAA"
		}
		return because(f, "mismatch").Mend(names[0], kind, ip.String()), true
	})
}

// checkHelo compares how the office's own servers introduce themselves with their
// address's name.
func checkHelo(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	own := sendersOf(ctx, x)
	if len(own) == 0 {
		return doctor.One(x.Domain, "shared")
	}
	relays, ok := relaysOf(ctx, x)
	if !ok {
		return nil
	}
	var all []doctor.Finding
	for _, r := range relays {
		if !slices.Contains(own, r.IP) || r.ConnectErr != nil || r.GreetErr != nil {
			continue
		}
		_, rest, _ := strings.Cut(r.Banner, " ")
		name := lookup.Name(strings.Fields(rest + " -")[0])
		f := doctor.F(r.Host, "ok", "host", r.Host, "name", name).Show(doctor.EvidenceBanner, r.Host+":25", r.Banner)
		v4, v6 := x.DNS.Addresses(ctx, name)
		switch {
		case !strings.Contains(name, ".") || isLiteral(strings.Trim(name, "[]")) || strings.HasPrefix(name, "localhost") || (v4.None() && v6.None()):
			f = because(f, "wrong").Act("", "")
		case !slices.Contains(reverseOf(ctx, x, r.IP).Targets(), name):
			f = because(f, "differs").Act("", "")
		}
		all = append(all, f)
	}
	if len(all) == 0 {
		return doctor.One(x.Domain, "unanswered", "host", x.Domain)
	}
	return all
}
