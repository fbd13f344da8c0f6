package checks

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/assist"
	"mailroom/backend/doctor/spf"
	"mailroom/backend/preset"
)

func spfChecks() []doctor.Check {
	return []doctor.Check{
		define("spf.present", "RFC 7208 3.2, 4.5", checkSPFPresent, "ok:p", "none:f", "several:f"),
		define("spf.syntax", "RFC 7208 4.6, 12", checkSPFSyntax, "ok:p", "after_all:w", "unknown:w", "wrong:f"),
		define("spf.lookups", "RFC 7208 4.6.4", checkSPFLookups, "ok:p", "near:w", "over:f"),
		define("spf.void", "RFC 7208 4.6.4", checkSPFVoid, "ok:p", "some:w", "over:f"),
		define("spf.hosts", "RFC 7208 4.6.4", checkSPFHosts, "ok:p", "over:f"),
		define("spf.ptr", "RFC 7208 5.5", checkSPFPtr, "ok:p", "used:w"),
		define("spf.all", "RFC 7208 5.1", checkSPFAll, "ok:p", "neutral:w", "missing:w", "open:f"),
		define("spf.includes", "RFC 7208 5.2", checkSPFIncludes, "ok:p", "missing:f", "loop:f", "several:f"),
		define("spf.provider", "docs/providers.md", checkSPFProvider, "ok:p", "unknown:i", "old:w", "missing:f"),
		define("spf.length", "RFC 7208 3.4", checkSPFLength, "ok:p", "long:w"),
		define("spf.wide", "RFC 7208 11.4", checkSPFWide, "ok:p", "wide:w", "everyone:f"),
		define("spf.old_kinds", "RFC 7208 3.1; RFC 4406", checkSPFOld, "ok:p", "sender_id:w", "type_spf:w"),
	}
}

func surveyOf(ctx context.Context, x *doctor.Exam) (*spf.Survey, bool) {
	return doctor.Once(ctx, x, "spf", func(ctx context.Context) *spf.Survey { return spf.Inspect(ctx, x.DNS, x.Domain) })
}

// survey is the policy where there is exactly one that could be read; else the check
// has nothing to look at and f says so.
func survey(ctx context.Context, x *doctor.Exam) (s *spf.Survey, f []doctor.Finding) {
	s, ok := surveyOf(ctx, x)
	switch {
	case !ok:
		return nil, nil
	case s.Root.Problem == spf.ProblemUnanswered:
		return nil, doctor.One(x.Domain, "dns", "name", x.Domain+" TXT", "status", s.Root.Detail)
	case s.Root.Record == nil:
		return nil, doctor.One(x.Domain, "nothing")
	}
	return s, nil
}

func tree(f doctor.Finding, s *spf.Survey) doctor.Finding {
	return f.Show(doctor.EvidenceTree, s.Root.Domain+" SPF", s.String())
}

func checkSPFPresent(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, ok := surveyOf(ctx, x)
	if !ok {
		return nil
	}
	a := x.DNS.TXT(ctx, x.Domain)
	if !a.Known() {
		return one(unsure(x.Domain, a))
	}
	f := show(doctor.F(x.Domain, "ok", "record", s.Root.Text), a)
	switch {
	case s.Root.Problem == spf.ProblemTwo:
		f.Reason = "several"
		var records []string
		for _, t := range a.Texts() {
			if spf.IsRecord(t) {
				records = append(records, t)
				f = f.Remove(x.Domain, "TXT", t)
			}
		}
		f = f.Mend(x.Domain, "TXT", assist.MergeSPF(records, nil))
	case s.Root.Text == "":
		f.Reason = "none"
		if x.Options.Parked {
			return one(f.Mend(x.Domain, "TXT", "v=spf1 -all"))
		}
		o, _ := officeOf(ctx, x)
		if f = o.mend(f, x.Domain, preset.UseSPF); f.Fix[0].Record == nil {
			f = f.Mend(x.Domain, "TXT", "v=spf1 mx ~all") // an unknown provider: whoever receives may send
		}
	}
	return one(f)
}

func checkSPFSyntax(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	f := tree(doctor.F(x.Domain, "ok"), s)
	if s.Has(spf.ProblemSyntax) {
		domain, term := s.Find(spf.ProblemSyntax)
		f.Reason = "wrong"
		return one(f.With("term", term, "domain", domain).Act("", ""))
	}
	after := false
	for _, t := range s.Root.Record.Terms {
		if after {
			f.Reason = "after_all"
			return one(f.With("term", t.Text).Act("", ""))
		}
		after = t.Kind == "all"
	}
	if len(s.Root.Record.Unknown) > 0 {
		f.Reason = "unknown"
		f = f.With("term", listed(s.Root.Record.Unknown)).Act("", "")
	}
	return one(f)
}

func checkSPFLookups(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	f := tree(doctor.F(x.Domain, "ok", "n", strconv.Itoa(s.Lookups)), s)
	switch {
	case s.Lookups > spf.MaxLookups:
		f.Reason = "over"
		f = f.Act("", "")
	case s.Lookups > 8:
		f.Reason = "near"
		f = f.Act("", "")
	}
	return one(f)
}

func checkSPFVoid(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	f := tree(doctor.F(x.Domain, "ok", "n", strconv.Itoa(s.Void), "terms", listed(s.VoidTerms())), s)
	switch {
	case s.Void > spf.MaxVoid:
		f.Reason = "over"
		f = f.Act("", "")
	case s.Void > 0:
		f.Reason = "some"
		f = f.Act("", "")
	}
	return one(f)
}

func checkSPFHosts(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	if s.Has(spf.ProblemManyHosts) {
		domain, term := s.Find(spf.ProblemManyHosts)
		return one(tree(doctor.F(x.Domain, "over", "domain", domain, "term", term), s).Act("", ""))
	}
	return doctor.One(x.Domain, "ok")
}

func checkSPFPtr(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	for _, t := range s.Root.Record.Terms {
		if t.Kind == "ptr" {
			return one(tree(doctor.F(x.Domain, "used", "term", t.Text), s).Act("", ""))
		}
	}
	return doctor.One(x.Domain, "ok")
}

func checkSPFAll(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	f := tree(doctor.F(x.Domain, "ok", "all", string(rune(s.All))+"all"), s)
	switch s.All {
	case '-', '~':
		return one(f)
	case '?':
		f.Reason = "neutral"
	case '+':
		f.Reason = "open"
	default:
		f.Reason = "missing"
		f = f.With("all", "")
	}
	return one(f.Mend(x.Domain, "TXT", assist.EndWith(s.Root.Text, "~all")))
}

func checkSPFIncludes(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	for reason, p := range map[string]spf.Problem{"missing": spf.ProblemMissing, "loop": spf.ProblemLoop, "several": spf.ProblemTwo} {
		if s.Has(p) {
			domain, _ := s.Find(p)
			return one(tree(doctor.F(x.Domain, reason, "domain", domain), s).Act("", ""))
		}
	}
	return doctor.One(x.Domain, "ok")
}

// checkSPFProvider compares whole names: "include:spf.example" does not stand in
// "include:spf.example.other".
func checkSPFProvider(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	o, ok := officeOf(ctx, x)
	if !ok {
		return nil
	}
	if !o.known || len(o.provider.DNS.SPF) == 0 {
		return doctor.One(x.Domain, "unknown")
	}
	f := tree(doctor.F(x.Domain, "ok", "provider", o.provider.ID), s)
	var wanted []string
	found := false
	for _, w := range o.provider.DNS.SPF {
		found = found || slices.Contains(s.Hosts, w.Domain)
		if !w.Old {
			wanted = append(wanted, w.Domain)
		}
	}
	if !found {
		f.Reason = "missing"
		return one(f.With("domain", listed(wanted)).Mend(x.Domain, "TXT", assist.MergeSPF([]string{s.Root.Text}, wanted[:min(1, len(wanted))])))
	}
	for _, t := range s.Root.Terms {
		if t.Kind != "include" {
			continue
		}
		if p, is := preset.BySPF(t.Target); is && p.ID != o.provider.ID && p.Kind == preset.Business {
			if x.Options.Switching || x.Options.Leaving == p.ID {
				continue // while both still send, both must stand there
			}
			f.Reason = "old"
			f = f.With("other", p.ID, "domain", t.Target).Mend(x.Domain, "TXT", assist.Without(s.Root.Text, t.Text))
		}
	}
	return one(f)
}

func checkSPFLength(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	n := len(s.Root.Text)
	f := doctor.F(x.Domain, "ok", "bytes", strconv.Itoa(n))
	if n > 450 {
		f.Reason = "long"
		f = tree(f, s).Act("", "")
	}
	return one(f)
}

func checkSPFWide(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	// What a provider includes is the provider's affair; only the own record counts.
	for _, t := range s.Root.Record.Terms {
		if t.Qual != '+' {
			continue
		}
		bits, whole := 0, 0
		switch {
		case t.Net.IsValid() && t.Net.Addr().Is4():
			bits, whole = t.Net.Bits(), 16
		case t.Net.IsValid():
			bits, whole = t.Net.Bits(), 32
		case t.Kind == "a" || t.Kind == "mx":
			bits, whole = t.Bits4, 16
		default:
			continue
		}
		switch {
		case bits == 0:
			return one(tree(doctor.F(x.Domain, "everyone", "term", t.Text), s).Act("", ""))
		case bits < whole:
			return one(tree(doctor.F(x.Domain, "wide", "term", t.Text), s).Act("", ""))
		}
	}
	return doctor.One(x.Domain, "ok")
}

func checkSPFOld(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	a := x.DNS.TXT(ctx, x.Domain)
	if !a.Known() {
		return one(unsure(x.Domain, a))
	}
	for _, t := range a.Texts() {
		if strings.HasPrefix(strings.ToLower(t), "spf2.0/") {
			return one(show(doctor.F(x.Domain, "sender_id", "record", t), a).Remove(x.Domain, "TXT", t))
		}
	}
	if b := x.DNS.Ask(ctx, x.Domain, typeSPF); len(b.Records) > 0 {
		return one(show(doctor.F(x.Domain, "type_spf"), b).Remove(x.Domain, "SPF", ""))
	}
	return doctor.One(x.Domain, "ok")
}

const typeSPF = 99

func spfSenderChecks() []doctor.Check {
	return []doctor.Check{
		define("spf.sender", "RFC 7208 4", checkSPFSender, "ok:p", "soft:w", "fails:f"),
		define("spf.helo", "RFC 7208 2.3, 10.1.3", checkSPFHelo, "ok:p", "none:i"),
		define("spf.parked", "M3AAWG Protecting Parked Domains", checkSPFParked, "ok:p", "open:w"),
	}
}

func checkSPFSender(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	if len(x.Options.SendingIP) == 0 {
		return doctor.One(x.Domain, "not_asked")
	}
	var all []doctor.Finding
	for _, text := range x.Options.SendingIP {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			continue
		}
		out := spf.Check(ctx, x.DNS, spf.Sender{IP: ip, From: "postmaster@" + x.Domain, Helo: x.Domain})
		f := tree(doctor.F(text, "ok", "ip", text, "term", out.Match, "result", string(out.Result)), s)
		switch out.Result {
		case spf.Pass:
		case spf.TempError:
			f = doctor.F(text, "dns", "name", x.Domain, "status", out.Problem)
		case spf.Fail, spf.PermError:
			f.Reason = "fails"
			f = f.Mend(x.Domain, "TXT", assist.AddNetwork(s.Root.Text, ip))
		default:
			f.Reason = "soft"
			f = f.Mend(x.Domain, "TXT", assist.AddNetwork(s.Root.Text, ip))
		}
		all = append(all, f)
	}
	return all
}

// checkSPFHelo looks at the names of the office's own servers: bounces are judged by
// them alone.
func checkSPFHelo(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, ok := exchangersOf(ctx, x)
	if !ok || len(e.all) == 0 {
		return nil
	}
	host := e.all[0].host
	if !strings.HasSuffix(host, "."+x.Domain) {
		return doctor.One(host, "nothing")
	}
	a := x.DNS.TXT(ctx, host)
	if !a.Known() {
		return one(unsure(host, a))
	}
	for _, t := range a.Texts() {
		if spf.IsRecord(t) {
			return one(show(doctor.F(host, "ok", "host", host), a))
		}
	}
	return one(doctor.F(host, "none", "host", host).Mend(host, "TXT", "v=spf1 a -all"))
}

func checkSPFParked(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if !x.Options.Parked {
		return doctor.One(x.Domain, "not_asked")
	}
	s, none := survey(ctx, x)
	if s == nil {
		return none
	}
	if strings.EqualFold(strings.Join(strings.Fields(s.Root.Text), " "), "v=spf1 -all") {
		return one(tree(doctor.F(x.Domain, "ok"), s))
	}
	return one(tree(doctor.F(x.Domain, "open"), s).Mend(x.Domain, "TXT", "v=spf1 -all"))
}
