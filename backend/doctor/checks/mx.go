package checks

import (
	"context"
	"net/netip"
	"strconv"
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/preset"
)

func mxChecks() []doctor.Check {
	return []doctor.Check{
		define("mx.present", "RFC 5321 5.1", checkMXPresent, "ok:p", "parked:p", "implicit:w", "none:f"),
		define("mx.null", "RFC 7505", checkMXNull, "ok:p", "parked:p", "alone:f", "mixed:f"),
		define("mx.target", "RFC 5321 5.1; RFC 2181 10.3", checkMXTarget, "ok:p", "literal:f", "missing:f", "private:f"),
		define("mx.alias", "RFC 2181 10.3", checkMXAlias, "ok:p", "alias:w", "loop:f"),
		define("mx.duplicate", "RFC 5321 5.1", checkMXDuplicate, "ok:p", "twice:w", "same_address:i"),
		define("mx.spare", "RFC 2182 5", checkMXSpare, "several:p", "single:i"),
		define("mx.provider", "docs/providers.md", checkMXProvider, "ok:p", "gateway:i", "unknown:i", "mixed:w", "foreign:f"),
		define("mx.leftover", "learn.microsoft.com add-domain", checkMXLeftover, "ok:p", "leftover:w"),
	}
}

func checkMXPresent(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, ok := exchangersOf(ctx, x)
	switch {
	case !ok:
		return nil
	case !e.answer.Known():
		return one(unsure(x.Domain, e.answer))
	case len(e.all) > 0 || e.null:
		f := doctor.F(x.Domain, "ok", "n", strconv.Itoa(len(e.all)))
		return one(show(f, e.answer))
	case x.Options.Parked:
		return doctor.One(x.Domain, "parked")
	}
	o, _ := officeOf(ctx, x)
	v4, v6 := x.DNS.Addresses(ctx, x.Domain)
	f := show(doctor.F(x.Domain, "none"), e.answer)
	if v4.Status == lookup.Found || v6.Status == lookup.Found {
		f.Reason = "implicit"
		f = show(f, v4)
	}
	return one(o.mend(f, x.Domain, preset.UseReceive))
}

func checkMXNull(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, ok := exchangersOf(ctx, x)
	switch {
	case !ok:
		return nil
	case !e.answer.Known():
		return one(unsure(x.Domain, e.answer))
	case !e.null:
		return doctor.One(x.Domain, "ok")
	case len(e.all) > 0:
		return one(show(doctor.F(x.Domain, "mixed"), e.answer).Remove(x.Domain, "MX", "0 ."))
	case x.Options.Parked:
		return one(show(doctor.F(x.Domain, "parked"), e.answer))
	}
	return one(show(doctor.F(x.Domain, "alone"), e.answer).Remove(x.Domain, "MX", "0 ."))
}

func checkMXTarget(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, ok := exchangersOf(ctx, x)
	if !ok {
		return nil
	}
	var all []doctor.Finding
	for _, m := range e.all {
		f := show(doctor.F(m.host, "ok", "host", m.host), m.v4, m.v6)
		pasted := strconv.Itoa(int(m.pref)) + " " + m.host
		ips := m.ips()
		switch {
		case isLiteral(m.host):
			f.Reason = "literal"
			f = f.Remove(x.Domain, "MX", pasted)
		case len(ips) == 0 && m.v4.None() && m.v6.None(), m.v4.Status == lookup.BadName:
			f.Reason = "missing"
			f = f.Remove(x.Domain, "MX", pasted)
		case len(ips) == 0 && m.v4.Status == lookup.Loop:
			f.Reason = "missing"
			f = f.Remove(x.Domain, "MX", pasted)
		case len(ips) == 0:
			f = unsure(m.host, m.v4)
		default:
			for _, ip := range ips {
				if ip.IsPrivate() || ip.IsLoopback() || ip.IsUnspecified() || ip.IsLinkLocalUnicast() {
					f.Reason = "private"
					f = f.With("ip", ip.String()).Act("", "")
				}
			}
		}
		all = append(all, f)
	}
	return all
}

// isLiteral: an address where a name belongs, maybe with the domain added behind.
func isLiteral(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	labels := strings.SplitN(host, ".", 5)
	if len(labels) < 4 {
		return false
	}
	_, err := netip.ParseAddr(strings.Join(labels[:4], "."))
	return err == nil
}

func checkMXAlias(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, ok := exchangersOf(ctx, x)
	if !ok {
		return nil
	}
	var all []doctor.Finding
	for _, m := range e.all {
		switch {
		case m.v4.Status == lookup.Loop:
			all = append(all, show(doctor.F(m.host, "loop", "host", m.host, "chain", listed(m.v4.Chain)), m.v4).Act("", ""))
		case len(m.v4.Chain) > 0:
			all = append(all, show(doctor.F(m.host, "alias", "host", m.host, "target", m.v4.Chain[len(m.v4.Chain)-1]), m.v4).
				Mend(x.Domain, "MX", strconv.Itoa(int(m.pref))+" "+m.v4.Chain[len(m.v4.Chain)-1]))
		}
	}
	if len(all) == 0 && len(e.all) > 0 {
		return doctor.One(x.Domain, "ok")
	}
	return all
}

func checkMXDuplicate(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, ok := exchangersOf(ctx, x)
	if !ok || len(e.all) == 0 {
		return nil
	}
	hosts, ips := map[string]bool{}, map[netip.Addr]string{}
	for _, m := range e.all {
		if hosts[m.host] {
			return one(show(doctor.F(x.Domain, "twice", "host", m.host), e.answer).Remove(x.Domain, "MX", strconv.Itoa(int(m.pref))+" "+m.host))
		}
		hosts[m.host] = true
	}
	for _, m := range e.all {
		for _, ip := range m.ips() {
			if other, taken := ips[ip]; taken && other != m.host {
				return one(show(doctor.F(x.Domain, "same_address", "host", m.host, "other", other, "ip", ip.String()), m.v4))
			}
			ips[ip] = m.host
		}
	}
	return doctor.One(x.Domain, "ok")
}

func checkMXSpare(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, ok := exchangersOf(ctx, x)
	if !ok || len(e.all) == 0 {
		return nil
	}
	addresses := map[netip.Addr]bool{}
	for _, m := range e.all {
		for _, ip := range m.ips() {
			addresses[ip] = true
		}
	}
	if len(e.all) == 1 && len(addresses) < 2 {
		return doctor.One(x.Domain, "single", "host", e.all[0].host)
	}
	return doctor.One(x.Domain, "several", "n", strconv.Itoa(len(e.all)))
}

func checkMXProvider(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, _ := exchangersOf(ctx, x)
	o, ok := officeOf(ctx, x)
	if !ok || len(e.all) == 0 {
		return nil
	}
	f := show(doctor.F(x.Domain, "ok", "hosts", listed(o.hosts), "provider", o.provider.ID), e.answer)
	switch {
	case o.gateway:
		f.Reason = "gateway"
	case !o.known:
		f.Reason = "unknown"
	case len(o.mixed) == 0:
	case len(o.mixed) == len(o.hosts):
		f.Reason = "foreign"
		f = o.mend(f.With("others", listed(o.mixed)), x.Domain, preset.UseReceive)
	default:
		f.Reason = "mixed"
		f = f.With("others", listed(o.mixed))
		for _, m := range e.all {
			for _, h := range o.mixed {
				if m.host == h {
					f = f.Remove(x.Domain, "MX", strconv.Itoa(int(m.pref))+" "+h)
				}
			}
		}
	}
	return one(f)
}

// checkMXLeftover finds the exchanger that proved the domain's owner at Microsoft: it
// leads nowhere on purpose.
func checkMXLeftover(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, ok := exchangersOf(ctx, x)
	if !ok || len(e.all) == 0 {
		return nil
	}
	for _, m := range e.all {
		if strings.HasSuffix(m.host, ".invalid") {
			return one(show(doctor.F(x.Domain, "leftover", "host", m.host), e.answer).Remove(x.Domain, "MX", strconv.Itoa(int(m.pref))+" "+m.host))
		}
	}
	return doctor.One(x.Domain, "ok")
}
