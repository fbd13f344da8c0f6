package checks

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/assist"
	"mailroom/backend/doctor/dmarc"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/spf"
)

func dmarcChecks() []doctor.Check {
	return []doctor.Check{
		define("dmarc.present", "RFC 9989 4.7", checkDMARCPresent, "ok:p", "inherited:p", "suffix:w", "none:f", "several:f", "near:f"),
		define("dmarc.policy", "RFC 9989 4.7", checkDMARCPolicy, "ok:p", "watching:w", "missing:w", "invalid:f"),
		define("dmarc.subdomains", "RFC 9989 4.7", checkDMARCSubdomains, "ok:p", "weaker:w"),
		define("dmarc.removed", "RFC 9989 A.6", checkDMARCRemoved, "ok:p", "old:i", "part:w"),
		define("dmarc.testing", "RFC 9989 4.7", checkDMARCTesting, "ok:p", "testing:w"),
		define("dmarc.strict", "RFC 9989 4.4", checkDMARCStrict, "ok:p", "risky:w"),
		define("dmarc.tags", "RFC 9989 4.8; RFC 7489 6.3", checkDMARCTags, "ok:p", "order:w", "unknown:w", "twice:f", "unreadable:f"),
		define("dmarc.place", "RFC 9989 4.6", checkDMARCPlace, "ok:p", "apex:w", "beside:w"),
		define("dmarc.bulk", "support.google.com/a/answer/81126; senders.yahooinc.com", checkDMARCBulk, "ok:p", "missing:w"),
	}
}

func dmarcOf(ctx context.Context, x *doctor.Exam) (dmarc.Found, bool) {
	return doctor.Once(ctx, x, "dmarc", func(ctx context.Context) dmarc.Found { return dmarc.Find(ctx, x.DNS, x.Domain) })
}

// policyRecord is the record that counts; without one the check has nothing to judge.
func policyRecord(ctx context.Context, x *doctor.Exam) (dmarc.Found, []doctor.Finding) {
	f, ok := dmarcOf(ctx, x)
	switch {
	case !ok:
		return f, nil
	case f.At == "" && f.Unsure != nil:
		return f, one(unsure(x.Domain, *f.Unsure))
	case f.At == "":
		return f, doctor.One(x.Domain, "nothing")
	}
	return f, nil
}

// found begins a finding about the record, with it as evidence.
func found(x *doctor.Exam, d dmarc.Found) doctor.Finding {
	return doctor.F(x.Domain, "ok", "at", d.At, "policy", string(d.Record.Effective()), "record", d.Record.Text).
		Show(doctor.EvidenceRecord, "_dmarc."+d.At+" TXT", d.Record.Text)
}

// firstDMARC is the mild record to begin with.
func firstDMARC(x *doctor.Exam) string {
	if x.Options.Parked {
		return "v=DMARC1; p=reject"
	}
	return "v=DMARC1; p=none; rua=mailto:postmaster@" + x.Domain
}

func checkDMARCPresent(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, ok := dmarcOf(ctx, x)
	if !ok {
		return nil
	}
	name := "_dmarc." + x.Domain
	switch {
	case d.Several == x.Domain:
		f := show(doctor.F(x.Domain, "several"), d.Answer)
		keep := ""
		for _, t := range d.Answer.Texts() {
			if !dmarc.Is(t) {
				continue
			}
			if keep == "" || dmarc.Parse(t).Effective().Strength() > dmarc.Parse(keep).Effective().Strength() {
				keep = t
			}
		}
		for _, t := range d.Answer.Texts() {
			if dmarc.Is(t) && t != keep {
				f = f.Remove(name, "TXT", t)
			}
		}
		return one(f)
	case d.Own:
		return one(found(x, d))
	case d.Near != "":
		return one(show(doctor.F(x.Domain, "near", "record", d.Near), d.Answer).Remove(name, "TXT", d.Near).Mend(name, "TXT", assist.RepairDMARC(d.Near, x.Domain)))
	case d.At != "" && !d.Suffix:
		f := found(x, d)
		f.Reason = "inherited"
		return one(f)
	case d.At != "":
		f := found(x, d)
		f.Reason = "suffix"
		return one(f.Mend(name, "TXT", firstDMARC(x)))
	case d.Unsure != nil:
		return one(unsure(x.Domain, *d.Unsure))
	}
	return one(show(doctor.F(x.Domain, "none"), d.Answer).Mend(name, "TXT", firstDMARC(x)))
}

func checkDMARCPolicy(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, none := policyRecord(ctx, x)
	if d.At == "" {
		return none
	}
	f := found(x, d)
	policy := d.Record.P
	if !d.Own && d.Record.SP != dmarc.Absent {
		policy = d.Record.SP
	}
	switch policy {
	case dmarc.Wrong:
		f.Reason = "invalid"
		f = f.With("value", d.Record.WrongPolicy).Mend("_dmarc."+d.At, "TXT", assist.SetPolicy(d.Record.Text, dmarc.None))
	case dmarc.Absent:
		f.Reason = "missing"
		f = f.Mend("_dmarc."+d.At, "TXT", assist.SetPolicy(d.Record.Text, dmarc.None))
	case dmarc.None:
		f.Reason = "watching"
		f = f.Mend("_dmarc."+d.At, "TXT", assist.SetPolicy(d.Record.Text, dmarc.Quarantine))
	}
	return one(f.With("policy", string(policy)))
}

func checkDMARCSubdomains(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, none := policyRecord(ctx, x)
	if d.At == "" {
		return none
	}
	r := d.Record
	for _, sub := range []dmarc.Policy{r.SP, r.NP} {
		if sub != dmarc.Absent && sub != dmarc.Wrong && sub.Strength() < r.Effective().Strength() {
			return one(because(found(x, d).With("sub", string(sub)), "weaker").Act("", ""))
		}
	}
	return one(found(x, d))
}

func checkDMARCRemoved(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, none := policyRecord(ctx, x)
	if d.At == "" {
		return none
	}
	f := found(x, d).With("tags", listed(d.Record.Removed), "percent", strconv.Itoa(d.Record.Percent))
	switch {
	case d.Record.Percent < 100:
		return one(because(f, "part").Mend("_dmarc."+d.At, "TXT", assist.WithoutTags(d.Record.Text, d.Record.Removed...)))
	case len(d.Record.Removed) > 0:
		return one(because(f, "old").Mend("_dmarc."+d.At, "TXT", assist.WithoutTags(d.Record.Text, d.Record.Removed...)))
	}
	return one(f)
}

func checkDMARCTesting(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, none := policyRecord(ctx, x)
	if d.At == "" {
		return none
	}
	f := found(x, d)
	if d.Record.Testing {
		f = because(f, "testing").Mend("_dmarc."+d.At, "TXT", assist.WithoutTags(d.Record.Text, "t"))
	}
	return one(f)
}

// checkDMARCStrict: strict alignment and a service that sends under a name of its own
// do not go together.
func checkDMARCStrict(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, none := policyRecord(ctx, x)
	if d.At == "" {
		return none
	}
	f := found(x, d)
	if !d.Record.StrictDKIM && !d.Record.StrictSPF {
		return one(f)
	}
	s, ok := surveyOf(ctx, x)
	if ok && len(s.Hosts) > 1 {
		return one(because(f, "risky").With("others", listed(s.Hosts)).Mend("_dmarc."+d.At, "TXT", assist.WithoutTags(d.Record.Text, "adkim", "aspf")))
	}
	return one(f)
}

func checkDMARCTags(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	d, none := policyRecord(ctx, x)
	if d.At == "" {
		return none
	}
	f, r := found(x, d), d.Record
	switch {
	case len(r.Doubled) > 0:
		f = because(f, "twice").With("tags", listed(r.Doubled)).Mend("_dmarc."+d.At, "TXT", assist.TidyDMARC(r.Text))
	case len(r.Unreadable) > 0:
		f = because(f, "unreadable").With("tags", listed(r.Unreadable)).Mend("_dmarc."+d.At, "TXT", assist.TidyDMARC(r.Text))
	case len(r.Unknown) > 0:
		f = because(f, "unknown").With("tags", listed(r.Unknown)).Mend("_dmarc."+d.At, "TXT", assist.WithoutTags(r.Text, r.Unknown...))
	case r.Misplaced:
		f = because(f, "order").Mend("_dmarc."+d.At, "TXT", assist.TidyDMARC(r.Text))
	}
	return one(f)
}

func checkDMARCPlace(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	a := x.DNS.TXT(ctx, x.Domain)
	if !a.Known() {
		return one(unsure(x.Domain, a))
	}
	for _, t := range a.Texts() {
		if dmarc.Is(t) {
			return one(show(doctor.F(x.Domain, "apex", "record", t), a).Remove(x.Domain, "TXT", t))
		}
	}
	_, others, b := txtOf(ctx, x, "_dmarc."+x.Domain, func(t string) bool { return dmarc.Is(t) || dmarc.Near(t) })
	if others > 0 {
		return one(show(doctor.F(x.Domain, "beside"), b).Act("", ""))
	}
	return doctor.One(x.Domain, "ok")
}

// checkDMARCBulk looks at what large receivers demand of those who send much: all three
// of SPF, DKIM and DMARC.
func checkDMARCBulk(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if x.Options.Parked {
		return doctor.One(x.Domain, "not_asked")
	}
	s, okS := surveyOf(ctx, x)
	k, okK := keysOf(ctx, x)
	d, okD := dmarcOf(ctx, x)
	if !okS || !okK || !okD {
		return nil
	}
	switch {
	case s.Root.Problem == spf.ProblemUnanswered:
		return doctor.One(x.Domain, "dns", "name", x.Domain+" TXT", "status", s.Root.Detail)
	case d.At == "" && d.Unsure != nil:
		return one(unsure(x.Domain, *d.Unsure))
	}
	var missing []string
	if s.Root.Text == "" || s.Has(spf.ProblemSyntax) {
		missing = append(missing, "SPF")
	}
	if !slices.ContainsFunc(k.found, func(f keyAt) bool { return len(f.texts) > 0 && usable(f) }) && k.parent.Status == lookup.NXDomain {
		missing = append(missing, "DKIM")
	}
	if d.At == "" {
		missing = append(missing, "DMARC")
	}
	if len(missing) > 0 {
		return one(doctor.F(x.Domain, "missing", "missing", strings.Join(missing, ", ")).Act("", ""))
	}
	return doctor.One(x.Domain, "ok")
}
