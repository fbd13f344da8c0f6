package checks

import (
	"context"
	"crypto/x509"
	"fmt"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/probe"
	"mailroom/backend/preset"
)

func portChecks() []doctor.Check {
	return []doctor.Check{
		define("ports.imap", "RFC 8314 3.2", checkPort(probe.IMAP), "ok:p", "slow:w", "closed:f", "refused:f"),
		define("ports.pop3", "RFC 8314 3.2", checkPort(probe.POP3), "ok:p", "slow:w", "closed:w", "refused:w"),
		define("ports.submission", "RFC 8314 3.3; RFC 6409", checkPort(probe.SMTP), "ok:p", "slow:w", "closed:f", "refused:f"),
		define("ports.starttls", "RFC 3207 4; RFC 6409 4.3", checkStartTLS, "ok:p", "early_auth:w", "missing:f"),
		define("ports.plain", "RFC 8314 4.1; RFC 9051 6.2.3", checkPlain, "ok:p", "open:w"),
		define("ports.outbound25", "RFC 5321 4.5.4", checkOutbound, "ok:p", "closed:i"),
		define("ports.middlebox", "RFC 3207 6; RFC 7672 1.3.1", checkMiddlebox, "ok:p", "masked:f", "stripped:f", "intercepted:w"),
	}
}

// controlReached says whether any other server on the internet is reachable: the web
// page that tells the time. known is false where there is none to ask.
func controlReached(ctx context.Context, x *doctor.Exam) (reached, known bool) {
	if x.Endpoint.Clock == "" {
		return false, false
	}
	reached, ok := doctor.Once(ctx, x, "control", func(ctx context.Context) bool {
		_, err := x.Get(ctx, x.Endpoint.Clock, 100)
		return err == nil
	})
	return reached, ok
}

// checkPort looks at the servers of one language that people's programs use.
func checkPort(proto probe.Proto) run {
	return func(ctx context.Context, x *doctor.Exam) []doctor.Finding {
		all, ok := servicesOf(ctx, x)
		if !ok {
			return nil
		}
		var mine []service
		for _, s := range all {
			if s.port.Proto == proto {
				mine = append(mine, s)
			}
		}
		if len(mine) == 0 {
			return doctor.One(x.Domain, "nothing")
		}
		var findings []doctor.Finding
		for _, r := range answered(ctx, x, mine) {
			findings = append(findings, judgePort(ctx, x, r))
		}
		return findings
	}
}

func judgePort(ctx context.Context, x *doctor.Exam, r probe.Result) doctor.Finding {
	at := r.Host + ":" + r.Port.Number
	f := doctor.F(at, "ok", "host", r.Host, "port", r.Port.Number, "seconds", fmt.Sprintf("%.1f", (r.Connected+r.Greeted).Seconds()))
	switch {
	case r.ConnectErr != nil:
		f = f.Show(doctor.EvidenceError, at, string(core.CodeOf(r.ConnectErr)))
		if reached, known := controlReached(ctx, x); known && !reached {
			return doctor.F(at, "local_block", "port", r.Port.Number)
		}
		return because(f, "closed").Act("", "")
	case r.TLSErr != nil && r.TLS == nil, r.GreetErr != nil, r.Refused:
		words := r.Banner
		for _, err := range []error{r.TLSErr, r.GreetErr} {
			if err != nil {
				words = strings.TrimSpace(words + "\n" + err.Error())
			}
		}
		return because(f, "refused").Show(doctor.EvidenceBanner, at, words).Act("", "")
	case r.Connected+r.Greeted > x.Slow():
		f = because(f, "slow").Act("", "")
	}
	return f.Show(doctor.EvidenceBanner, at, r.Banner)
}

// hostsOf are the hosts of services, each once, with the languages they speak.
func hostsOf(all []service, proto probe.Proto) []string {
	var hosts []string
	seen := map[string]bool{}
	for _, s := range all {
		if s.port.Proto == proto && !seen[s.host] {
			seen[s.host] = true
			hosts = append(hosts, s.host)
		}
	}
	return hosts
}

// checkStartTLS looks at port 587 of the submission servers.
func checkStartTLS(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	all, ok := servicesOf(ctx, x)
	if !ok {
		return nil
	}
	var findings []doctor.Finding
	for _, host := range hostsOf(all, probe.SMTP) {
		r, ok := ask(ctx, x, service{host, probe.Submission})
		if !ok || r.ConnectErr != nil || r.GreetErr != nil || r.Refused {
			continue // offered or not is for ports.submission to tell
		}
		at := host + ":587"
		f := doctor.F(at, "ok", "host", host).Show(doctor.EvidenceBanner, at, r.Banner+"\n"+strings.Join(r.Offers, "\n"))
		switch {
		case !r.StartTLS:
			f = because(f, "missing").Act("", "")
		case r.Has("AUTH"):
			f = because(f, "early_auth").Act("", "")
		}
		findings = append(findings, f)
	}
	if len(findings) == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	return findings
}

// checkPlain tries the ports without TLS: closed is fine, open only where sign-in is
// refused before TLS.
func checkPlain(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	all, ok := servicesOf(ctx, x)
	if !ok {
		return nil
	}
	if len(all) == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	var tries []service
	for _, h := range hostsOf(all, probe.IMAP) {
		tries = append(tries, service{h, probe.PlainIMAP})
	}
	for _, h := range hostsOf(all, probe.POP3) {
		tries = append(tries, service{h, probe.PlainPOP3})
	}
	for _, r := range answered(ctx, x, tries) {
		if r.ConnectErr != nil || r.GreetErr != nil || r.Refused {
			continue
		}
		guarded := r.Has("LOGINDISABLED")
		if r.Port.Proto == probe.POP3 {
			guarded = !r.Has("USER") && !r.Has("SASL")
		}
		if !guarded {
			at := r.Host + ":" + r.Port.Number
			return one(doctor.F(at, "open", "host", r.Host, "port", r.Port.Number).Show(doctor.EvidenceBanner, at, r.Banner+"\n"+strings.Join(r.Offers, " ")).Act("", ""))
		}
	}
	return doctor.One(x.Domain, "ok")
}

func checkOutbound(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	blocked, known := blocked25(ctx, x)
	switch {
	case !known:
		return doctor.One(x.Domain, "not_asked")
	case blocked:
		if reached, known := controlReached(ctx, x); known && !reached {
			return doctor.One(x.Domain, "unanswered", "host", listed(x.Endpoint.Control)) // nothing out there answers
		}
		return doctor.One(x.Domain, "closed", "hosts", listed(x.Endpoint.Control))
	}
	return doctor.One(x.Domain, "ok")
}

// interceptor is the issuer of a certificate that a program or box on the way made; ""
// it is another's.
func interceptor(c *x509.Certificate) string {
	issuer := strings.ToLower(c.Issuer.String())
	for _, maker := range preset.Interceptors() {
		if strings.Contains(issuer, maker.Word) {
			return c.Issuer.CommonName
		}
	}
	return ""
}

// checkMiddlebox finds what stands between: a firewall that masks the greeting or takes
// STARTTLS out, a virus scanner that opens the encryption.
func checkMiddlebox(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	all, ok := servicesOf(ctx, x)
	if !ok {
		return nil
	}
	relays, _ := relaysOf(ctx, x)
	results := append(answered(ctx, x, all), relays...)
	seen := 0
	for _, r := range results {
		if r.ConnectErr != nil {
			continue
		}
		seen++
		at := r.Host + ":" + r.Port.Number
		switch {
		case strings.Contains(r.Banner, "****"):
			return one(doctor.F(at, "masked", "host", r.Host).Show(doctor.EvidenceBanner, at, r.Banner).Act("", ""))
		case r.Has("XXXXXXXA") || r.Has("XXXXXXXX"):
			return one(doctor.F(at, "stripped", "host", r.Host).Show(doctor.EvidenceBanner, at, strings.Join(r.Offers, "\n")).Act("", ""))
		case r.TLS != nil && interceptor(r.TLS.PeerCertificates[0]) != "":
			c := r.TLS.PeerCertificates[0]
			return one(doctor.F(at, "intercepted", "host", r.Host, "maker", interceptor(c)).Show(doctor.EvidenceCertificate, at, certText(c)).Act("", ""))
		}
	}
	if seen == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	return doctor.One(x.Domain, "ok")
}
