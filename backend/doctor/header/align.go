package header

import (
	"context"
	"strings"
)

// DMARC is how a mail stands to its sender's policy (RFC 9989).
type DMARC struct {
	Claimed Result // the receiver's word; "" nothing is said
	Policy  string // what the domain asks for: none, quarantine, reject; "" not known
	Record  string
	At      string // the domain that publishes it; "" none was found
	Asked   bool   // the DNS was asked and answered
	// SPF and DKIM: passed and aligned with the From domain.
	SPF, DKIM bool
	// SPFDomain and DKIMDomain are those that passed, aligned or not; "" none did.
	SPFDomain, DKIMDomain string
	Result                Result // by what counts; none where nothing can be said
}

// align compares what passed with the domain in From.
func align(ctx context.Context, r Report, o Options) DMARC {
	d := DMARC{Result: None}
	if c, ok := claimed(r.Claims, "dmarc"); ok {
		d.Claimed = c.Result
		for _, key := range []string{"policy.published-domain-policy", "policy.dmarc", "p"} {
			if v := strings.ToLower(c.Props[key]); v != "" && d.Policy == "" {
				d.Policy = v
			}
		}
		if d.Policy == "" {
			d.Policy = noted(c.Reason)
		}
	}
	if r.FromDomain == "" {
		return d
	}
	org := func(domain string) string { return guessOrg(domain) }
	strictSPF, strictDKIM := false, false
	if o.TXT != nil {
		w := walker{ctx: ctx, txt: o.TXT, seen: map[string][]string{}}
		if record, at, ok := w.policy(r.FromDomain); ok {
			d.Asked, d.Record, d.At = true, record, at
			t := looseTags(record)
			d.Policy = policyOf(t, at, r.FromDomain)
			strictSPF, strictDKIM = t["aspf"] == "s", t["adkim"] == "s"
			org = w.org
		}
	}
	same := func(a string, strict bool) bool {
		return a == r.FromDomain || !strict && a != "" && org(a) == org(r.FromDomain)
	}
	if r.SPF.Result == Pass {
		d.SPFDomain = r.SPF.Domain
		d.SPF = same(r.SPF.Domain, strictSPF)
	}
	for _, s := range r.DKIM {
		if s.Outcome() == Pass && (d.DKIMDomain == "" || !d.DKIM) {
			d.DKIMDomain = s.Domain
			d.DKIM = same(s.Domain, strictDKIM)
		}
	}
	switch told := r.SPF.Result != "" || len(r.DKIM) > 0; {
	case d.SPF || d.DKIM:
		d.Result = Pass
	case d.Policy != "" && d.Policy != "absent" && told:
		d.Result = Fail
	case d.Claimed != "":
		d.Result = d.Claimed
	}
	return d
}

// noted reads the policy in a comment such as "p=REJECT sp=REJECT dis=NONE".
func noted(reason string) string {
	for w := range strings.FieldsSeq(strings.ToLower(reason)) {
		if v, found := strings.CutPrefix(w, "p="); found {
			return strings.Trim(v, ";,")
		}
	}
	return ""
}

// policyOf is what the record asks for this domain: sp for subdomains of its own.
func policyOf(t map[string]string, at, domain string) string {
	p := strings.ToLower(t["p"])
	if sp := strings.ToLower(t["sp"]); at != domain && sp != "" {
		p = sp
	}
	if p != "quarantine" && p != "reject" {
		p = "none"
	}
	return p
}

// walker finds policies and organisational domains by the DNS tree walk (RFC 9989
// section 4.10).
type walker struct {
	ctx  context.Context
	txt  TXT
	seen map[string][]string
	away bool
}

// maxWalk is the most questions of one walk.
const maxWalk = 8

// steps are the names to ask: the domain, then upwards; long ones jump to seven labels.
func steps(domain string) []string {
	labels := strings.Split(domain, ".")
	all := []string{domain}
	if len(labels) > maxWalk {
		labels = labels[len(labels)-maxWalk:]
	}
	for i := 1; i < len(labels) && len(all) < maxWalk; i++ {
		all = append(all, strings.Join(labels[i:], "."))
	}
	return all
}

func (w *walker) record(domain string) string {
	records, known := w.seen[domain]
	if !known {
		got, err := w.txt(w.ctx, "_dmarc."+domain)
		if err != nil {
			w.away = true
		}
		for _, r := range got {
			if strings.HasPrefix(strings.ToLower(strings.ReplaceAll(r, " ", "")), "v=dmarc1") {
				records = append(records, r)
			}
		}
		w.seen[domain] = records
	}
	if len(records) != 1 { // none, or several, which count as none
		return ""
	}
	return records[0]
}

// policy finds the record that applies; ok is false where the DNS did not answer.
func (w *walker) policy(domain string) (record, at string, ok bool) {
	if record = w.record(domain); record != "" {
		return record, domain, true
	}
	if w.away {
		return "", "", false
	}
	if at = w.org(domain); at != domain {
		record = w.record(at)
	}
	if record == "" {
		at = ""
	}
	return record, at, !w.away
}

// org is the organisational domain: below a public suffix that says so, else the
// highest domain with a record, else the domain itself.
func (w *walker) org(domain string) string {
	best := ""
	all := steps(domain)
	for i, name := range all {
		record := w.record(name)
		if record == "" {
			continue
		}
		switch looseTags(record)["psd"] {
		case "n":
			return name
		case "y":
			if i > 0 {
				return all[i-1]
			}
			return name
		}
		best = name
	}
	if best == "" {
		return guessOrg(domain)
	}
	return best
}

// related says whether two domains seem to be of one organisation.
func related(a, b string) bool { return guessOrg(a) == guessOrg(b) }

// secondLevel are labels under which countries give out names.
var secondLevel = map[string]bool{"com": true, "net": true, "org": true, "gov": true, "edu": true, "ac": true, "co": true, "or": true, "ne": true, "go": true, "mil": true}

// guessOrg takes the last two labels, or three beneath names such as com.cn. It is the
// fallback where nobody publishes a policy: wrong guesses only soften a comparison.
func guessOrg(domain string) string {
	labels := strings.Split(strings.ToLower(strings.Trim(domain, ".")), ".")
	n := 2
	if len(labels) > 2 && len(labels[len(labels)-1]) == 2 && secondLevel[labels[len(labels)-2]] {
		n = 3
	}
	if len(labels) > n {
		labels = labels[len(labels)-n:]
	}
	return strings.Join(labels, ".")
}
