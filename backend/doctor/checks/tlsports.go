package checks

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"slices"
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/probe"
)

func tlsPortChecks() []doctor.Check {
	all := []doctor.Check{
		define("tls.version", "RFC 8996; RFC 9325 3.1", checkVersion, "ok:p", "old_too:w", "old_only:f", "none:f"),
		define("tls.suites", "RFC 9325 4.2", checkSuites, "ok:p", "no_forward_secrecy:w", "weak:f"),
		define("tls.compression", "RFC 9325 3.3; RFC 3749", checkCompression, "ok:p", "on:f"),
		define("tls.renegotiation", "RFC 5746; RFC 9325 3.5", checkRenegotiation, "ok:p", "loose:f"),
		define("tls.master_secret", "RFC 7627", checkMasterSecret, "ok:p", "none:w"),
		define("tls.early_data", "RFC 8446 8; RFC 9325 3.10", checkEarlyData, "ok:p", "taken:w"),
		define("tls.staple", "RFC 6066 8; RFC 9325 3.6", checkStaple, "ok:p", "none:i"),
		define("tls.same_everywhere", "RFC 6066 3; RFC 9525", checkSameEverywhere, "ok:p", "differs:w", "bad:f"),
		define("tls.injection", "RFC 3207 6; CVE-2011-0411", checkInjection, "ok:p", "injected:f"),
	}
	all[len(all)-1].Wants = ownHost
	return all
}

// again talks to the same port with another offer of TLS.
func again(ctx context.Context, x *doctor.Exam, r probe.Result, offer *tls.Config) probe.Result {
	t := target(x, r.Host, r.Port)
	t.TLS = offer
	return probe.Ask(ctx, t)
}

// eachSecured looks at every port that was reached, side by side, and keeps at most
// one of a host and number.
func eachSecured(ctx context.Context, x *doctor.Exam, judge func(probe.Result) (doctor.Finding, bool)) []doctor.Finding {
	var reached []probe.Result
	for _, r := range secured(ctx, x) {
		if r.ConnectErr == nil && (r.TLS != nil || r.TLSErr != nil) && !r.Plain {
			reached = append(reached, r)
		}
	}
	type outcome struct {
		f  doctor.Finding
		ok bool
	}
	results := make(chan outcome, len(reached))
	for _, r := range reached {
		go func() {
			f, ok := judge(r)
			results <- outcome{f, ok}
		}()
	}
	var all []doctor.Finding
	for range reached {
		if o := <-results; o.ok {
			all = append(all, o.f)
		}
	}
	if len(all) == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	slices.SortFunc(all, func(a, b doctor.Finding) int { return strings.Compare(a.Subject, b.Subject) })
	return all
}

// checkVersion: Go's own client refuses TLS 1.0 and 1.1 with an unclear alert, so the
// old versions are offered by themselves.
func checkVersion(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachSecured(ctx, x, func(r probe.Result) (doctor.Finding, bool) {
		at := r.Host + ":" + r.Port.Number
		old := again(ctx, x, r, oldVersions)
		f := doctor.F(at, "ok", "host", at)
		if r.TLS != nil {
			f = f.With("version", tls.VersionName(r.TLS.Version)).Show(doctor.EvidenceBanner, at, tls.VersionName(r.TLS.Version)+", "+tls.CipherSuiteName(r.TLS.CipherSuite))
		}
		if old.TLS != nil {
			f = f.With("old", tls.VersionName(old.TLS.Version)).Show(doctor.EvidenceBanner, at, tls.VersionName(old.TLS.Version)+", "+tls.CipherSuiteName(old.TLS.CipherSuite))
		}
		switch {
		case r.TLS == nil && old.TLS != nil:
			f = because(f, "old_only").Act("", "")
		case r.TLS == nil:
			// Neither: perhaps TLS 1.2 with suites that Go does not offer by default.
			if v := again(ctx, x, r, oldSuites); v.TLS != nil {
				return doctor.Finding{}, false
			}
			f = because(f, "none").Show(doctor.EvidenceError, at, errorText(r.TLSErr)).Act("", "")
		case old.TLS != nil:
			f = because(f, "old_too").Act("", "")
		}
		return f, true
	})
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func checkSuites(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachSecured(ctx, x, func(r probe.Result) (doctor.Finding, bool) {
		at := r.Host + ":" + r.Port.Number
		f := doctor.F(at, "ok", "host", at)
		if r.TLS == nil {
			v := again(ctx, x, r, oldSuites)
			if v.TLS == nil {
				return f, false
			}
			r.TLS = v.TLS
		}
		suite := tls.CipherSuiteName(r.TLS.CipherSuite)
		f = f.With("suite", suite).Show(doctor.EvidenceBanner, at, tls.VersionName(r.TLS.Version)+", "+suite)
		if weak := again(ctx, x, r, weakSuites); weak.TLS != nil {
			return because(f, "weak").With("suite", tls.CipherSuiteName(weak.TLS.CipherSuite)).Act("", ""), true
		}
		if r.TLS.Version < tls.VersionTLS13 && !strings.Contains(suite, "ECDHE") {
			f = because(f, "no_forward_secrecy").Act("", "")
		}
		return f, true
	})
}

func checkStaple(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	seen := false
	for _, r := range secured(ctx, x) {
		if r.TLS == nil || relayed(r) {
			continue
		}
		seen = true
		if len(r.TLS.OCSPResponse) > 0 {
			return doctor.One(r.Host+":"+r.Port.Number, "ok")
		}
	}
	if !seen {
		return doctor.One(x.Domain, "nothing")
	}
	return doctor.One(x.Domain, "none")
}

// checkSameEverywhere asks every address of a host: one forgotten server behind the same
// name makes errors that come and go.
func checkSameEverywhere(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	all, ok := servicesOf(ctx, x)
	if !ok {
		return nil
	}
	var findings []doctor.Finding
	for _, s := range all {
		ips, err := x.Resolve(ctx, s.host)
		ips = slices.DeleteFunc(ips, func(ip netip.Addr) bool { return ip.Is6() })
		if err != nil || len(ips) < 2 || !s.port.TLS {
			continue
		}
		f := doctor.F(s.String(), "ok", "host", s.String())
		var first string
		for _, ip := range ips[:min(len(ips), 4)] {
			t := target(x, s.host, s.port)
			t.Connect = func(ctx context.Context) (net.Conn, netip.Addr, error) {
				conn, err := x.ConnectIP(ctx, ip, s.port.Number)
				return conn, ip, err
			}
			r := probe.Ask(ctx, t)
			if r.TLS == nil {
				continue
			}
			c := r.TLS.PeerCertificates[0]
			print := string(c.Raw)
			if first == "" {
				first = print
			}
			if judgeCertificate(x, s.host, r.TLS.PeerCertificates).bad() {
				f = because(f, "bad").With("ip", ip.String()).Show(doctor.EvidenceCertificate, ip.String(), certText(c))
			} else if print != first && f.Reason == "ok" {
				f = because(f, "differs").With("ip", ip.String()).Show(doctor.EvidenceCertificate, ip.String(), certText(c))
			}
		}
		if f.Reason != "ok" {
			f = f.Act("", "")
		}
		findings = append(findings, f)
	}
	if len(findings) == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	return findings
}

func checkInjection(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	relays, ok := relaysOf(ctx, x)
	if !ok {
		return nil
	}
	for _, r := range relays {
		if !r.StartTLS {
			continue
		}
		injected, err := probe.Injected(ctx, target(x, r.Host, probe.Relay))
		switch {
		case err != nil:
			return doctor.One(r.Host, "unanswered", "host", r.Host)
		case injected:
			return one(doctor.F(r.Host, "injected", "host", r.Host).Act("", ""))
		}
		return doctor.One(r.Host, "ok")
	}
	return doctor.One(x.Domain, "nothing")
}
