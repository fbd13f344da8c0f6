package providertest

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// unheard is a domain that no office has.
const unheard = "nobody-has-this.example"

func testDomainRecords(o *office) {
	o.need(provider.CanTellRecords)
	recorder := as[provider.DomainRecorder](o)
	records, err := recorder.DomainRecords(o.ctx, o.c.Domain)
	must(o, "records of the domain", err)
	if !slices.ContainsFunc(records, func(r provider.DomainRecord) bool { return r.Type == "MX" && r.Name == o.c.Domain && !r.Host }) {
		o.Errorf("no MX record of %s among %d", o.c.Domain, len(records))
	}
	for _, r := range records {
		if r.Name != strings.ToLower(r.Name) || strings.HasSuffix(r.Name, ".") || r.Type == "" || r.Value == "" || strings.HasPrefix(r.Value, "\"") {
			o.Errorf("a record is not as it is entered: %+v", r)
		}
	}
	_, err = recorder.DomainRecords(o.ctx, unheard)
	o.wants("records of a domain of somebody else", err, core.NotFound)
}

func testDomainCheck(o *office) {
	o.need(provider.CanCheckDomain)
	checker := as[provider.DomainChecker](o)
	findings, err := checker.CheckDomain(o.ctx, o.c.Domain)
	must(o, "check of the domain", err)
	seen := map[string]bool{}
	for _, f := range findings {
		if seen[f.Part] || f.Part == "" {
			o.Errorf("the part %q is told twice", f.Part)
		}
		seen[f.Part] = true
		if f.Grade == provider.DomainFine && len(f.Words) > 0 || !slices.Contains([]provider.DomainGrade{provider.DomainFine, provider.DomainWatch, provider.DomainWrong}, f.Grade) {
			o.Errorf("%s is %q with %d words", f.Part, f.Grade, len(f.Words))
		}
	}
	if !seen["mx"] {
		o.Errorf("nothing is said of MX: %v", seen)
	}
	_, err = checker.CheckDomain(o.ctx, unheard)
	o.wants("check of a domain of somebody else", err, core.NotFound)
}

func testMailServers(o *office) {
	o.need(provider.CanTellServers)
	servers, err := as[provider.MailServerTeller](o).MailServers(o.ctx, o.c.Domain)
	must(o, "mail servers", err)
	seen := map[string]bool{}
	for _, s := range servers {
		seen[s.Protocol] = true
		if s.Host == "" || s.Port <= 0 || s.Port >= 1<<16 || s.Security != "tls" && s.Security != "starttls" {
			o.Errorf("no server that can be entered: %+v", s)
		}
	}
	if !seen["imap"] || !seen["smtp"] {
		o.Errorf("IMAP and SMTP are not both told: %v", servers)
	}
}

func domainAttempts(domain string) []attempt {
	return []attempt{
		{provider.CanTellRecords, doing(func(ctx context.Context, e provider.DomainRecorder) error {
			_, err := e.DomainRecords(ctx, domain)
			return err
		})},
		{provider.CanCheckDomain, doing(func(ctx context.Context, e provider.DomainChecker) error {
			_, err := e.CheckDomain(ctx, domain)
			return err
		})},
		{provider.CanTellServers, doing(func(ctx context.Context, e provider.MailServerTeller) error {
			_, err := e.MailServers(ctx, domain)
			return err
		})},
	}
}
