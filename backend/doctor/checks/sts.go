package checks

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/mtasts"
)

func stsChecks() []doctor.Check {
	return []doctor.Check{
		define("transport.sts_record", "RFC 8461 3.1", checkSTSRecord, "ok:p", "none:i", "several:f", "wrong:f"),
		define("transport.sts_policy", "RFC 8461 3.2, 3.3", checkSTSPolicy, "ok:p", "content_type:w", "no_host:f", "unreachable:f", "certificate:f", "redirect:f", "status:f", "orphan:w"),
		define("transport.sts_mode", "RFC 8461 3.2", checkSTSMode, "ok:p", "testing:w", "off:w", "brief:w", "wrong:f"),
		define("transport.sts_mx", "RFC 8461 4.1", checkSTSMX, "ok:p", "testing:w", "mismatch:f", "certificate:f"),
		define("transport.tls_reports", "RFC 8460 3", checkTLSReports, "ok:p", "none:i", "wanted:w", "several:f", "wrong:f"),
	}
}

type sts struct {
	records []string
	answer  lookup.Answer
	url     string
	page    doctor.Page
	err     error
	cert    *x509.Certificate // of the web server
	policy  mtasts.Policy
	fault   error // of the policy
	fetched bool
}

// wanted says whether the domain means to have a policy: a record, or a host for it.
func (s sts) wanted() bool { return len(s.records) > 0 }

func stsPolicyOf(ctx context.Context, x *doctor.Exam) (sts, bool) {
	return doctor.Once(ctx, x, "sts", func(ctx context.Context) sts {
		var s sts
		s.records, _, s.answer = txtOf(ctx, x, "_mta-sts."+x.Domain, mtasts.Is)
		s.url = "https://mta-sts." + x.Domain + "/.well-known/mta-sts.txt"
		if _, err := x.Resolve(ctx, "mta-sts."+x.Domain); err != nil {
			s.err = err
			return s
		}
		s.page, s.err = x.Get(ctx, s.url, 64<<10)
		s.fetched = true
		var bad *x509.Certificate
		if v, ok := errors.AsType[x509.HostnameError](s.err); ok {
			bad = v.Certificate
		} else if v, ok := errors.AsType[x509.UnknownAuthorityError](s.err); ok {
			bad = v.Cert
		} else if v, ok := errors.AsType[x509.CertificateInvalidError](s.err); ok {
			bad = v.Cert
		}
		s.cert = bad
		if s.page.TLS != nil && len(s.page.TLS.PeerCertificates) > 0 {
			s.cert = s.page.TLS.PeerCertificates[0]
		}
		if s.err == nil && s.page.Status == 200 {
			s.policy, s.fault = mtasts.ParsePolicy(string(s.page.Body))
		}
		return s
	})
}

func checkSTSRecord(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, ok := stsPolicyOf(ctx, x)
	switch {
	case !ok:
		return nil
	case !s.answer.Known():
		return one(unsure(x.Domain, s.answer))
	case len(s.records) == 0:
		return doctor.One(x.Domain, "none")
	}
	f := show(doctor.F(x.Domain, "ok"), s.answer)
	name := "_mta-sts." + x.Domain
	if len(s.records) > 1 {
		f = because(f, "several")
		for _, r := range s.records[1:] {
			f = f.Remove(name, "TXT", r)
		}
		return one(f)
	}
	if _, err := mtasts.ParseRecord(s.records[0]); err != nil {
		f = because(f, "wrong").Show(doctor.EvidenceError, name, err.Error()).Mend(name, "TXT", "v=STSv1; id="+x.Now().UTC().Format("20060102150405"))
	}
	return one(f)
}

func checkSTSPolicy(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, ok := stsPolicyOf(ctx, x)
	switch {
	case !ok:
		return nil
	case !s.wanted() && s.err == nil && s.page.Status == 200 && s.fault == nil:
		return one(doctor.F(x.Domain, "orphan").Mend("_mta-sts."+x.Domain, "TXT", "v=STSv1; id="+x.Now().UTC().Format("20060102150405")))
	case !s.wanted():
		return doctor.One(x.Domain, "nothing")
	}
	f := doctor.F(x.Domain, "ok", "url", s.url)
	if s.err != nil {
		f = f.Show(doctor.EvidenceError, s.url, s.err.Error())
		if s.cert != nil {
			f = f.Show(doctor.EvidenceCertificate, "mta-sts."+x.Domain, certText(s.cert))
		}
		switch {
		case errors.Is(s.err, doctor.ErrNoAddress):
			f = because(f, "no_host")
		case s.cert != nil:
			f = because(f, "certificate")
		default:
			f = because(f, "unreachable")
		}
		return one(f.Act("", ""))
	}
	f = f.Show(doctor.EvidenceHTTP, s.url, fmt.Sprintf("%d %s\n%s", s.page.Status, s.page.Header.Get("Content-Type"), s.page.Body))
	switch {
	case s.page.Status >= 300 && s.page.Status < 400:
		f = because(f, "redirect").With("target", s.page.Header.Get("Location")).Act("", "")
	case s.page.Status != 200:
		f = because(f, "status").With("status", fmt.Sprint(s.page.Status)).Act("", "")
	case !strings.HasPrefix(s.page.Header.Get("Content-Type"), "text/plain"):
		f = because(f, "content_type").With("type", s.page.Header.Get("Content-Type")).Act("", "")
	}
	return one(f)
}

// stsFetched is the policy where one was fetched.
func stsFetched(ctx context.Context, x *doctor.Exam) (s sts, none []doctor.Finding) {
	s, ok := stsPolicyOf(ctx, x)
	switch {
	case !ok:
		return s, nil
	case !s.wanted() || s.err != nil || s.page.Status != 200:
		return s, doctor.One(x.Domain, "nothing")
	}
	return s, nil
}

func checkSTSMode(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := stsFetched(ctx, x)
	if none != nil || !s.fetched {
		return none
	}
	f := doctor.F(x.Domain, "ok", "mode", s.policy.Mode, "days", fmt.Sprint(s.policy.MaxAge/86400)).Show(doctor.EvidenceHTTP, s.url, string(s.page.Body))
	switch {
	case s.fault != nil:
		f = because(f, "wrong").Show(doctor.EvidenceError, s.url, s.fault.Error()).Act("", "")
	case s.policy.Mode == mtasts.Testing:
		f = because(f, "testing").Act("", "")
	case s.policy.Mode == mtasts.None:
		f = because(f, "off").Act("", "")
	case s.policy.MaxAge < 86400:
		f = because(f, "brief").Act("", "")
	}
	return one(f)
}

// checkSTSMX: in mode enforce a receiving server that the policy does not name, or
// whose certificate does not hold, gets no mail from those who heed the policy.
func checkSTSMX(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := stsFetched(ctx, x)
	if none != nil || !s.fetched {
		return none
	}
	e, ok := exchangersOf(ctx, x)
	if !ok || s.fault != nil || s.policy.Mode == mtasts.None || len(e.all) == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	f := doctor.F(x.Domain, "ok").Show(doctor.EvidenceHTTP, s.url, string(s.page.Body))
	var missing []string
	for _, m := range e.all {
		if !s.policy.Covers(m.host) {
			missing = append(missing, m.host)
		}
	}
	if len(missing) > 0 {
		f = show(because(f, "mismatch").With("hosts", listed(missing)), e.answer).Act("", "")
		if s.policy.Mode == mtasts.Testing {
			f = because(f, "testing")
		}
		return one(f)
	}
	relays, _ := relaysOf(ctx, x)
	for _, r := range relays {
		if r.TLS == nil {
			continue
		}
		if v := judgeCertificate(x, r.Host, r.TLS.PeerCertificates); v.bad() {
			f = because(f, "certificate").With("hosts", r.Host).Show(doctor.EvidenceCertificate, r.Host, certText(r.TLS.PeerCertificates[0])).Act("", "")
			if s.policy.Mode == mtasts.Testing {
				f = because(f, "testing")
			}
			return one(f)
		}
	}
	return one(f)
}

func checkTLSReports(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	name := "_smtp._tls." + x.Domain
	records, _, a := txtOf(ctx, x, name, mtasts.IsReport)
	if !a.Known() {
		return one(unsure(x.Domain, a))
	}
	mend := "v=TLSRPTv1; rua=mailto:postmaster@" + x.Domain
	f := show(doctor.F(x.Domain, "ok"), a)
	switch len(records) {
	case 0:
		s, ok := stsPolicyOf(ctx, x)
		if ok && s.wanted() {
			return one(because(f, "wanted").Mend(name, "TXT", mend))
		}
		return one(because(f, "none").Mend(name, "TXT", mend))
	case 1:
		if _, err := mtasts.ParseReport(records[0]); err != nil {
			return one(because(f, "wrong").Show(doctor.EvidenceError, name, err.Error()).Mend(name, "TXT", mend))
		}
		return one(f)
	}
	f = because(f, "several")
	for _, r := range records[1:] {
		f = f.Remove(name, "TXT", r)
	}
	return one(f)
}
