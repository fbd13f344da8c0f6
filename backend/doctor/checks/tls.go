package checks

import (
	"context"
	"crypto/tls"
	"fmt"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/probe"
)

func tlsChecks() []doctor.Check {
	return []doctor.Check{
		define("tls.chain", "RFC 5280 6; RFC 7817", checkChain, "ok:p", "opportunistic:i", "untrusted:f", "self_signed:f", "incomplete:f"),
		define("tls.name", "RFC 9525; RFC 7817", checkName, "ok:p", "opportunistic:i", "mismatch:f"),
		define("tls.validity", "RFC 5280 4.1.2.5; CA/B SC-081", checkValidity, "ok:p", "opportunistic:w", "soon:w", "early:f", "expired:f"),
		define("tls.key", "RFC 9325 4.1, 4.5", checkKey, "ok:p", "weak:f", "sha1:f"),
	}
}

// secured are all ports with TLS that the examination knows: those of people's programs
// and, as opportunistic ones, the receiving servers.
func secured(ctx context.Context, x *doctor.Exam) []probe.Result {
	all, _ := servicesOf(ctx, x)
	results := answered(ctx, x, all)
	relays, _ := relaysOf(ctx, x)
	return append(results, relays...)
}

// relayed: on port 25 other servers take any certificate, unless MTA-STS or DANE say
// otherwise; those have checks of their own.
func relayed(r probe.Result) bool { return r.Port.Number == probe.Relay.Number }

// eachCertificate judges the certificate of every port that showed one.
func eachCertificate(ctx context.Context, x *doctor.Exam, judge func(probe.Result, verdictOnCert, doctor.Finding) doctor.Finding) []doctor.Finding {
	var all []doctor.Finding
	for _, r := range secured(ctx, x) {
		if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
			continue
		}
		at, leaf := r.Host+":"+r.Port.Number, r.TLS.PeerCertificates[0]
		v := judgeCertificate(x, r.Host, r.TLS.PeerCertificates)
		f := doctor.F(at, "ok", "host", at, "days", fmt.Sprint(int(v.left.Hours()/24)), "date", leaf.NotAfter.Format("2006-01-02"), "issuer", leaf.Issuer.CommonName, "names", listed(leaf.DNSNames)).
			Show(doctor.EvidenceCertificate, at, certText(leaf))
		all = append(all, judge(r, v, f))
	}
	if len(all) == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	return all
}

func checkChain(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachCertificate(ctx, x, func(r probe.Result, v verdictOnCert, f doctor.Finding) doctor.Finding {
		switch {
		case !v.untrusted:
			return f
		case relayed(r):
			return because(f, "opportunistic")
		case v.selfSigned:
			return because(f, "self_signed").Act("", "")
		case v.incomplete:
			return because(f, "incomplete").Act("", "")
		}
		return because(f, "untrusted").Act("", "")
	})
}

func checkName(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachCertificate(ctx, x, func(r probe.Result, v verdictOnCert, f doctor.Finding) doctor.Finding {
		switch {
		case !v.wrongName:
			return f
		case relayed(r):
			return because(f, "opportunistic")
		}
		return because(f, "mismatch").Act("", "")
	})
}

// soonDays: certificates live shorter and shorter, so what is left counts against the
// whole life too.
const soonDays = 14

func checkValidity(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachCertificate(ctx, x, func(r probe.Result, v verdictOnCert, f doctor.Finding) doctor.Finding {
		days := v.left.Hours() / 24
		switch {
		case v.expired && relayed(r):
			return because(f, "opportunistic").Act("", "")
		case v.expired:
			return because(f, "expired").With("days", fmt.Sprint(int(-days))).Act("", "")
		case v.early && !relayed(r):
			return because(f, "early").Act("", "")
		case days < soonDays && v.left < v.life/3:
			return because(f, "soon").Act("", "")
		}
		return f
	})
}

func checkKey(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachCertificate(ctx, x, func(_ probe.Result, v verdictOnCert, f doctor.Finding) doctor.Finding {
		switch {
		case v.weakKey:
			return because(f, "weak").Act("", "")
		case v.sha1:
			return because(f, "sha1").Act("", "")
		}
		return f
	})
}

// modern, old and weak are what is offered to a server, one connection each: a single
// offer of everything would hide what else it takes.
var (
	oldVersions = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11, CipherSuites: everySuite()}
	oldSuites   = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS12, CipherSuites: everySuite()}
	weakSuites  = &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{
		tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA, tls.TLS_RSA_WITH_RC4_128_SHA}}
)

func everySuite() []uint16 {
	var all []uint16
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		all = append(all, s.ID)
	}
	return all
}
