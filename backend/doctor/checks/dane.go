package checks

import (
	"context"
	"fmt"
	"strings"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
)

func daneChecks() []doctor.Check {
	return []doctor.Check{
		define("transport.dane", "RFC 7672 3; RFC 6698", checkDANE, "ok:p", "none:i", "unsigned:f", "mismatch:f", "no_tls:f"),
		define("transport.dane_usage", "RFC 7672 3.1", checkDANEUsage, "ok:p", "single:i", "usage:w"),
	}
}

// pins are the TLSA records of one receiving server.
type pins struct {
	host   string
	answer lookup.Answer
	state  lookup.Security
	why    string
	rr     []*dns.TLSA
}

func pinsOf(ctx context.Context, x *doctor.Exam) ([]pins, bool) {
	return doctor.Once(ctx, x, "dane", func(ctx context.Context) []pins {
		e, ok := exchangersOf(ctx, x)
		if !ok {
			return nil
		}
		var all []pins
		for _, m := range e.all[:min(len(e.all), 4)] {
			p := pins{host: m.host, answer: x.DNS.Ask(ctx, "_25._tcp."+m.host, dns.TypeTLSA)}
			for _, rr := range p.answer.Records {
				if t, ok := rr.(*dns.TLSA); ok {
					p.rr = append(p.rr, t)
				}
			}
			if len(p.rr) > 0 {
				p.state, p.why = x.DNS.Validate(ctx, p.answer.Name, dns.TypeTLSA)
			}
			all = append(all, p)
		}
		return all
	})
}

func checkDANE(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	all, ok := pinsOf(ctx, x)
	if !ok || len(all) == 0 {
		return nil
	}
	relays, _ := relaysOf(ctx, x)
	var findings []doctor.Finding
	for i, p := range all {
		if !p.answer.Known() {
			findings = append(findings, unsure(p.host, p.answer))
			continue
		}
		if len(p.rr) == 0 {
			continue
		}
		f := show(doctor.F(p.host, "ok", "host", p.host), p.answer).Show(doctor.EvidenceRecord, p.answer.Name+" DNSSEC", strings.TrimSpace(string(p.state)+" "+p.why))
		switch {
		case p.state == lookup.Insecure || p.state == lookup.Bogus:
			f = because(f, "unsigned").Act("", "")
		case p.state == lookup.Indeterminate:
			f = because(f, "dns").With("name", p.answer.Name, "status", string(p.state))
		case i >= len(relays) || relays[i].ConnectErr != nil || relays[i].GreetErr != nil:
			f = doctor.F(p.host, "unanswered", "host", p.host)
		case relays[i].TLS == nil:
			f = because(f, "no_tls").Act("", "")
		default:
			f = match(f, p, relays[i].TLS.PeerCertificates)
		}
		findings = append(findings, f)
	}
	if len(findings) == 0 {
		return doctor.One(x.Domain, "none")
	}
	return findings
}

func checkDANEUsage(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	all, ok := pinsOf(ctx, x)
	if !ok {
		return nil
	}
	for _, p := range all {
		for _, t := range p.rr {
			if t.Usage < 2 {
				return one(show(doctor.F(p.host, "usage", "host", p.host, "usage", fmt.Sprint(t.Usage)), p.answer).Act("", ""))
			}
		}
	}
	for _, p := range all {
		if len(p.rr) == 1 {
			return one(show(doctor.F(p.host, "single", "host", p.host), p.answer))
		}
		if len(p.rr) > 1 {
			return one(show(doctor.F(p.host, "ok", "host", p.host), p.answer))
		}
	}
	return doctor.One(x.Domain, "nothing")
}
