package checks

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/probe"
	"mailroom/backend/preset"
)

func clientChecks() []doctor.Check {
	return []doctor.Check{
		define("clients.srv", "RFC 6186; RFC 8314 5.1", checkSRV, "ok:p", "none:i", "plain:w", "dead:f", "certificate:f"),
		define("clients.autoconfig", "draft-ietf-mailmaint-autoconfig", checkAutoconfig, "ok:p", "none:i", "http:w", "certificate:f", "broken:f", "dead:f"),
		define("clients.autodiscover", "MS-OXDISCO 3.1.5", checkAutodiscover, "ok:p", "none:i", "wanted:w", "old:f", "dead:f", "certificate:f"),
		define("clients.alias", "RFC 9525; RFC 7817", checkClientAlias, "ok:p", "none:i", "dead:w", "name:f"),
	}
}

// service is a server that people's programs use.
type service struct {
	host string
	port probe.Port
}

func (s service) String() string { return s.host + ":" + s.port.Number }

func portOf(proto probe.Proto, number int, tls bool) probe.Port {
	return probe.Port{Number: strconv.Itoa(number), Proto: proto, TLS: tls}
}

// srvNames are the services of RFC 6186 and 8314.
var srvNames = []struct {
	name  string
	proto probe.Proto
	tls   bool
}{
	{"_imaps._tcp", probe.IMAP, true}, {"_submissions._tcp", probe.SMTP, true}, {"_submission._tcp", probe.SMTP, false},
	{"_imap._tcp", probe.IMAP, false}, {"_pop3s._tcp", probe.POP3, true},
}

type advertised struct {
	services []service
	plain    []string // names that lead to ports without TLS from the first byte
	answers  []lookup.Answer
}

func srvOf(ctx context.Context, x *doctor.Exam) (advertised, bool) {
	return doctor.Once(ctx, x, "srv", func(ctx context.Context) advertised {
		answers := make([]lookup.Answer, len(srvNames))
		var wait sync.WaitGroup
		for i, s := range srvNames {
			wait.Go(func() { answers[i] = x.DNS.Ask(ctx, s.name+"."+x.Domain, dns.TypeSRV) })
		}
		wait.Wait()
		var all advertised
		for i, a := range answers {
			for _, rr := range a.SRV() {
				host := lookup.Name(rr.Target)
				if host == "" {
					continue // not offered, and says so
				}
				all.answers = append(all.answers, a)
				if srvNames[i].name == "_imap._tcp" {
					all.plain = append(all.plain, a.Name)
				}
				all.services = append(all.services, service{host, portOf(srvNames[i].proto, int(rr.Port), srvNames[i].tls)})
			}
		}
		return all
	})
}

// servicesOf are the servers of the mailboxes: the provider's where it is known, else
// those the domain advertises, else mail.DOMAIN and its like.
func servicesOf(ctx context.Context, x *doctor.Exam) ([]service, bool) {
	return doctor.Once(ctx, x, "services", func(ctx context.Context) []service {
		if x.Options.Parked {
			return nil
		}
		var all []service
		if o, ok := officeOf(ctx, x); ok && o.known {
			all = presetServices(o.provider)
		}
		if len(all) > 0 {
			return all
		}
		if s, ok := srvOf(ctx, x); ok {
			all = s.services
		}
		for _, guess := range []struct {
			name  string
			ports []probe.Port
		}{{"imap", []probe.Port{probe.IMAPS}}, {"smtp", []probe.Port{probe.Submissions}}, {"mail", []probe.Port{probe.IMAPS, probe.Submissions}}} {
			if len(all) > 0 {
				break
			}
			host := guess.name + "." + x.Domain
			if v4, v6 := x.DNS.Addresses(ctx, host); v4.Status == lookup.Found || v6.Status == lookup.Found {
				for _, p := range guess.ports {
					all = append(all, service{host, p})
				}
			}
		}
		return all
	})
}

func presetServices(p preset.Provider) []service {
	var all []service
	for proto, list := range map[probe.Proto][]preset.Server{probe.IMAP: p.IMAP, probe.POP3: p.POP3, probe.SMTP: p.SMTP} {
		for _, s := range list {
			if s.Place == "" && !preset.Unfilled(s.Host) {
				all = append(all, service{s.Host, portOf(proto, s.Port, s.Security == "tls")})
			}
		}
	}
	slices.SortFunc(all, func(a, b service) int {
		return strings.Compare(string(a.port.Proto)+a.String(), string(b.port.Proto)+b.String())
	})
	return all
}

// ask talks to a service once for an examination.
func ask(ctx context.Context, x *doctor.Exam, s service) (probe.Result, bool) {
	return doctor.Once(ctx, x, "probe "+s.String()+strconv.FormatBool(s.port.TLS), func(ctx context.Context) probe.Result {
		return probe.Ask(ctx, target(x, s.host, s.port))
	})
}

// answered talks to several side by side.
func answered(ctx context.Context, x *doctor.Exam, all []service) []probe.Result {
	results := make([]probe.Result, len(all))
	var wait sync.WaitGroup
	for i, s := range all {
		wait.Go(func() {
			r, ok := ask(ctx, x, s)
			if !ok {
				r.ConnectErr = ctx.Err()
			}
			results[i] = r
		})
	}
	wait.Wait()
	return results
}

func checkSRV(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	a, ok := srvOf(ctx, x)
	switch {
	case !ok:
		return nil
	case len(a.services) == 0:
		return doctor.One(x.Domain, "none")
	}
	f := show(doctor.F(x.Domain, "ok", "hosts", hostList(a.services)), a.answers...)
	for i, r := range answered(ctx, x, a.services) {
		s := a.services[i]
		switch {
		case r.ConnectErr != nil || r.GreetErr != nil || (s.port.TLS && r.TLSErr != nil):
			if control, known := controlReached(ctx, x); known && !control {
				return doctor.One(x.Domain, "local_block", "port", s.port.Number)
			}
			return one(because(f, "dead").With("host", s.String()).Act("", ""))
		case r.TLS != nil && judgeCertificate(x, s.host, r.TLS.PeerCertificates).bad():
			return one(because(f, "certificate").With("host", s.String()).Show(doctor.EvidenceCertificate, s.String(), certText(r.TLS.PeerCertificates[0])).Act("", ""))
		}
	}
	if len(a.plain) > 0 {
		return one(because(f, "plain").With("name", listed(a.plain)).Act("", ""))
	}
	return one(f)
}

func hostList(all []service) string {
	var names []string
	for _, s := range all {
		if !slices.Contains(names, s.String()) {
			names = append(names, s.String())
		}
	}
	return listed(names)
}

func checkClientAlias(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	var all []doctor.Finding
	for _, guess := range []struct {
		name string
		port probe.Port
	}{{"imap", probe.IMAPS}, {"smtp", probe.Submissions}, {"pop", probe.POP3S}, {"mail", probe.IMAPS}} {
		host := guess.name + "." + x.Domain
		a := x.DNS.Ask(ctx, host, dns.TypeA)
		if a.None() || (!a.Known() && a.Status != lookup.Loop) {
			continue
		}
		s := service{host, guess.port}
		r, ok := ask(ctx, x, s)
		f := show(doctor.F(host, "ok", "host", s.String(), "target", listed(a.Chain)), a)
		switch {
		case !ok:
			continue
		case r.TLS == nil && guess.name == "mail":
			continue // a web page more often than a server of mail
		case r.TLS == nil:
			f = because(f, "dead").Act("", "")
		case judgeCertificate(x, host, r.TLS.PeerCertificates).wrongName:
			f = because(f, "name").With("names", listed(r.TLS.PeerCertificates[0].DNSNames)).Show(doctor.EvidenceCertificate, s.String(), certText(r.TLS.PeerCertificates[0])).Act("", "")
		}
		all = append(all, f)
	}
	if len(all) == 0 {
		return doctor.One(x.Domain, "none")
	}
	return all
}
