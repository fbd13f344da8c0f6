package checks

import (
	"context"
	"strings"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/assist"
	"mailroom/backend/doctor/dmarc"
	"mailroom/backend/doctor/lookup"
)

func dmarcReportChecks() []doctor.Check {
	return []doctor.Check{
		define("dmarc.reports", "RFC 9990 3; RFC 9989 4.7", checkDMARCReports, "ok:p", "none:w", "many:w", "limit:i", "invalid:f", "no_mx:f"),
		define("dmarc.external", "RFC 9990 4", checkDMARCExternal, "ok:p", "missing:f"),
		define("dmarc.forensic", "RFC 9991", checkDMARCForensic, "ok:p", "fo_alone:w"),
	}
}

func checkDMARCReports(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, none := policyRecord(ctx, x)
	if d.At == "" {
		return none
	}
	f := found(x, d).With("uris", listed(d.Record.RUA))
	if len(d.Record.RUA) == 0 {
		if x.Options.Parked {
			return one(f)
		}
		return one(because(f, "none").Mend("_dmarc."+d.At, "TXT", assist.SetTag(d.Record.Text, "rua", "mailto:postmaster@"+d.At)))
	}
	for _, u := range d.Record.RUA {
		address, ok := dmarc.Mailbox(u)
		if !ok {
			return one(because(f, "invalid").With("uri", u).Act("", ""))
		}
		host := address[strings.LastIndexByte(address, '@')+1:]
		a := x.DNS.Ask(ctx, host, dns.TypeMX)
		if a.None() && x.DNS.Ask(ctx, host, dns.TypeA).None() {
			return one(show(because(f, "no_mx").With("host", host), a).Act("", ""))
		}
	}
	switch {
	case len(d.Record.RUA) > 2:
		f = because(f, "many").Act("", "")
	case strings.Contains(strings.Join(d.Record.RUA, ""), "!"):
		f = because(f, "limit")
	}
	return one(f)
}

// checkDMARCExternal asks the receiving domains whether they want the reports.
func checkDMARCExternal(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, none := policyRecord(ctx, x)
	if d.At == "" {
		return none
	}
	f := found(x, d)
	for _, u := range append(append([]string{}, d.Record.RUA...), d.Record.RUF...) {
		address, ok := dmarc.Mailbox(u)
		if !ok {
			continue
		}
		host := lookup.Name(address[strings.LastIndexByte(address, '@')+1:])
		if host == d.At || registered(host) == registered(d.At) {
			continue
		}
		name := d.At + "._report._dmarc." + host
		a := x.DNS.TXT(ctx, name)
		if !a.Known() {
			return one(unsure(x.Domain, a))
		}
		allowed := false
		for _, t := range a.Texts() {
			allowed = allowed || strings.HasPrefix(strings.ReplaceAll(t, " ", ""), "v=DMARC1")
		}
		if !allowed {
			return one(show(because(f, "missing").With("host", host, "name", name), a).Mend(name, "TXT", "v=DMARC1"))
		}
	}
	return one(f)
}

func checkDMARCForensic(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, none := policyRecord(ctx, x)
	if d.At == "" {
		return none
	}
	f := found(x, d)
	if d.Record.FO != "" && len(d.Record.RUF) == 0 {
		f = because(f, "fo_alone").Mend("_dmarc."+d.At, "TXT", assist.WithoutTags(d.Record.Text, "fo"))
	}
	return one(f)
}
