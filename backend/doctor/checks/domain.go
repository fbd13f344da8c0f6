package checks

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/net/publicsuffix"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/preset"
)

func domainChecks() []doctor.Check {
	return []doctor.Check{
		define("domain.exists", "RFC 1034 3.6; RFC 2308", checkExists, "ok:p", "nxdomain:f", "servfail:f", "bad_name:f", "loop:f"),
		define("domain.registration", "RFC 9083; RFC 5731 2.3", checkRegistration, "ok:p", "expiring:w", "expired:f", "hold:f", "unknown:i"),
		define("domain.dnssec", "RFC 4035 4.3; RFC 9364", checkDNSSEC, "secure:p", "unsigned:i", "bogus:f"),
		define("domain.ttl", "RFC 1035 3.2.1; RFC 2308", checkTTL, "ok:p", "short:w", "long:w", "switching:w"),
		define("domain.caa", "RFC 8659", checkCAA, "ok:p", "none:i", "forbids:f"),
		define("domain.apex_alias", "RFC 1034 3.6.2; RFC 2181 10.1", checkApexAlias, "ok:p", "alias:f"),
		define("domain.wildcard", "RFC 4592", checkWildcard, "ok:p", "present:w", "masks:f"),
		define("domain.large_answer", "RFC 6891; RFC 7766", checkLarge, "ok:p", "large:w", "no_tcp:f"),
	}
}

func checkExists(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	a := x.DNS.Ask(ctx, x.Domain, dns.TypeMX)
	f := show(doctor.F(x.Domain, "ok"), a)
	switch a.Status {
	case lookup.Found, lookup.NoData:
		return one(f)
	case lookup.NXDomain:
		// Names below it may exist all the same with broken servers; the domain itself is gone.
		f.Reason = "nxdomain"
		return one(f.Act("", ""))
	case lookup.ServFail, lookup.Loop, lookup.BadName:
		f.Reason = string(a.Status)
		return one(f.Act("", ""))
	}
	return one(unsure(x.Domain, a))
}

// registered is the name that one registers: one label below a public suffix.
func registered(domain string) string {
	if r, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return r
	}
	return domain
}

// rdapDomain is what we read of a registry's answer (RFC 9083 5.3).
type rdapDomain struct {
	Status []string `json:"status"`
	Events []struct {
		Action string    `json:"eventAction"`
		Date   time.Time `json:"eventDate"`
	} `json:"events"`
}

// fetchRDAP asks the registry and follows three redirects, as the public bootstrap
// service gives them.
func fetchRDAP(ctx context.Context, x *doctor.Exam, at string) (doctor.Page, error) {
	for hop := 0; ; hop++ {
		page, err := x.Get(ctx, at, 256<<10)
		if err != nil || page.Status < 300 || page.Status > 399 || hop == 3 {
			return page, err
		}
		base, err := url.Parse(at)
		if err != nil {
			return page, err
		}
		next, err := base.Parse(page.Header.Get("Location"))
		if err != nil || (next.Scheme != "https" && next.Scheme != base.Scheme) {
			return page, err
		}
		at = next.String()
	}
}

func checkRegistration(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if x.Endpoint.RDAP == "" {
		return doctor.One(x.Domain, "not_asked")
	}
	name := registered(x.Domain)
	at := strings.TrimSuffix(x.Endpoint.RDAP, "/") + "/domain/" + name
	page, err := fetchRDAP(ctx, x, at)
	if err != nil {
		return doctor.One(name, "unanswered", "host", x.Endpoint.RDAP)
	}
	var d rdapDomain
	if page.Status != 200 || json.Unmarshal(page.Body, &d) != nil {
		return one(doctor.F(name, "unknown").Show(doctor.EvidenceHTTP, at, strconv.Itoa(page.Status)))
	}
	evidence := "status: " + listed(d.Status)
	var expires time.Time
	for _, e := range d.Events {
		evidence += "\n" + e.Action + ": " + e.Date.Format(time.DateOnly)
		if e.Action == "expiration" {
			expires = e.Date
		}
	}
	days := int(expires.Sub(x.Now()).Hours() / 24)
	f := doctor.F(name, "ok", "date", expires.Format(time.DateOnly), "days", strconv.Itoa(days)).Show(doctor.EvidenceHTTP, at, evidence)
	switch held := hold(d.Status); {
	case held != "":
		f.Reason = "hold"
		f = f.With("status", held).Act("", "")
	case expires.IsZero():
		f.Reason = "unknown"
	case days < 0:
		f.Reason = "expired"
		f = f.With("days", strconv.Itoa(-days)).Act("", "")
	case days < 30:
		f.Reason = "expiring"
		f = f.Act("", "")
	}
	return one(f)
}

// hold is a status that takes the domain out of the DNS (RFC 5731 2.3, RFC 3915).
func hold(status []string) string {
	for _, s := range status {
		switch strings.ToLower(strings.ReplaceAll(s, " ", "")) {
		case "serverhold", "clienthold", "redemptionperiod", "pendingdelete", "inactive":
			return s
		}
	}
	return ""
}

func checkDNSSEC(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	state, why := x.DNS.Validate(ctx, x.Domain, dns.TypeMX)
	f := doctor.F(x.Domain, "secure").Show(doctor.EvidenceRecord, x.Domain+" DNSSEC", string(state)+" "+why)
	switch state {
	case lookup.Secure:
	case lookup.Insecure:
		f.Reason = "unsigned"
	case lookup.Bogus:
		f.Reason = "bogus"
		f = f.With("why", why).Act("", "")
	default:
		return one(because(f, "dns").With("name", x.Domain, "status", string(state)))
	}
	return one(f)
}

// switchTTL is the longest TTL in seconds that suits a switch-over.
const switchTTL = 600

// checkTTL asks the zone's own servers: a resolver's TTL counts down.
func checkTTL(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	var all []doctor.Finding
	for _, kind := range []uint16{dns.TypeMX, dns.TypeTXT} {
		a, exact := authoritative(ctx, x, x.Domain, kind)
		if a.Status != lookup.Found {
			continue
		}
		seconds := int(a.TTL / time.Second)
		f := show(doctor.F(a.Title(), "ok", "seconds", strconv.Itoa(seconds), "most", strconv.Itoa(switchTTL)), a)
		switch {
		case x.Options.Switching && seconds > switchTTL:
			f.Reason = "switching"
			f = f.Act("", "")
		case seconds > 86400:
			f.Reason = "long"
			f = f.Act("", "")
		case exact && seconds < 60:
			f.Reason = "short"
			f = f.Act("", "")
		}
		all = append(all, f)
	}
	if len(all) == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	return all
}

// checkCAA compares with the authority that issued the certificate of the MTA-STS
// host, the one certificate that stands under the domain itself.
func checkCAA(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	host := "mta-sts." + x.Domain
	var records []*dns.CAA
	var answer lookup.Answer
	for at := host; at != "" && len(records) == 0; {
		answer = x.DNS.Ask(ctx, at, dns.TypeCAA)
		if !answer.Known() {
			return one(unsure(x.Domain, answer))
		}
		for _, rr := range answer.Records {
			records = append(records, rr.(*dns.CAA))
		}
		if at == x.Domain {
			break
		}
		_, at, _ = strings.Cut(at, ".")
	}
	if len(records) == 0 {
		return doctor.One(x.Domain, "none")
	}
	f := show(doctor.F(x.Domain, "ok"), answer)
	sts, ok := stsPolicyOf(ctx, x)
	if !ok || sts.cert == nil {
		return one(f)
	}
	issuers := []string{}
	for _, c := range records {
		if c.Tag == "issue" {
			ca, _, _ := strings.Cut(c.Value, ";")
			issuers = append(issuers, strings.TrimSpace(ca))
		}
	}
	org := strings.Join(sts.cert.Issuer.Organization, " ") + " " + sts.cert.Issuer.CommonName
	if len(issuers) == 0 || allows(issuers, org) {
		return one(f)
	}
	f.Reason = "forbids"
	return one(f.With("ca", org, "allowed", listed(issuers)).Show(doctor.EvidenceCertificate, host, certText(sts.cert)).Act("", ""))
}

// allows compares names loosely and, where it does not know an authority, says yes:
// renewal fails loudly, a false alarm helps nobody.
func allows(issuers []string, org string) bool {
	org = strings.ToLower(org)
	known := ""
	for _, a := range preset.Authorities() {
		if strings.Contains(org, a.Issuer) {
			known = a.CAA
		}
	}
	for _, i := range issuers {
		if i != "" && (i == known || known == "" || strings.Contains(org, strings.Split(i, ".")[0])) {
			return true
		}
	}
	return false
}

func checkApexAlias(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	a := x.DNS.Ask(ctx, x.Domain, dns.TypeCNAME)
	if !a.Known() {
		return one(unsure(x.Domain, a))
	}
	if a.Status == lookup.Found {
		target := a.Targets()[0]
		return one(show(doctor.F(x.Domain, "alias", "target", target), a).Remove(x.Domain, "CNAME", target))
	}
	return doctor.One(x.Domain, "ok")
}

// checkWildcard asks for names that nobody made.
func checkWildcard(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	name := "mailroom-no-such-name"
	text := x.DNS.Ask(ctx, name+"."+x.Domain, dns.TypeTXT)
	mx := x.DNS.Ask(ctx, name+"."+x.Domain, dns.TypeMX)
	key := x.DNS.Ask(ctx, name+"._domainkey."+x.Domain, dns.TypeTXT)
	if !text.Known() || !mx.Known() || !key.Known() {
		return one(unsure(x.Domain, text))
	}
	policy := x.DNS.Ask(ctx, "_dmarc."+x.Domain, dns.TypeTXT)
	switch {
	case text.Status == lookup.Found && policy.Status == lookup.Found && strings.Join(text.Texts(), "\n") == strings.Join(policy.Texts(), "\n"):
		return one(show(doctor.F(x.Domain, "masks", "name", "_dmarc."+x.Domain), policy, text).Act("", ""))
	case key.Status == lookup.Found:
		return one(show(doctor.F(x.Domain, "masks", "name", "*._domainkey."+x.Domain), key).Act("", ""))
	case text.Status == lookup.Found:
		return one(show(doctor.F(x.Domain, "present", "type", "TXT"), text).Act("", ""))
	case mx.Status == lookup.Found:
		return one(show(doctor.F(x.Domain, "present", "type", "MX"), mx).Act("", ""))
	}
	return doctor.One(x.Domain, "ok")
}

func checkLarge(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	a := x.DNS.TXT(ctx, x.Domain)
	size := strconv.Itoa(a.Size)
	switch {
	case a.NoTCP:
		return one(show(doctor.F(x.Domain, "no_tcp", "name", a.Title()), a).Act("", ""))
	case !a.Known():
		return one(unsure(x.Domain, a))
	case a.Size > 1232:
		return one(show(doctor.F(x.Domain, "large", "bytes", size), a).Act("", ""))
	}
	return doctor.One(x.Domain, "ok", "bytes", size)
}
