package mox

import (
	"context"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// DomainRecords tells what mox wants to stand in the DNS. It writes a zone file for people:
// remarks before the records, long ones over several lines, and what it advises against at
// present behind ";;".
func (o *Office) DomainRecords(ctx context.Context, domain string) ([]provider.DomainRecord, error) {
	const op = "tell DNS records"
	var lines []string
	if err := o.ask(ctx, op, "DomainRecords", &lines, domain); err != nil {
		return nil, unknownDomain(err)
	}
	return zone(lines, spelled(domain)), nil
}

// unknownDomain: mox says so in words alone.
func unknownDomain(err error) error {
	args := core.ArgsOf(err)
	if core.CodeOf(err) != core.NotFound && (strings.Contains(args["vendorText"], "unknown domain") || strings.Contains(args["vendorText"], "domain not found")) {
		return core.E(core.NotFound, "find domain", err, "what", "domain", "vendorCode", args["vendorCode"], "vendorText", args["vendorText"])
	}
	return err
}

// zone reads the lines. What is no record is left out.
func zone(lines []string, domain string) []provider.DomainRecord {
	var records []provider.DomainRecord
	var note, record []string
	open, noted := 0, false // brackets; noted: a record has had the note
	for _, line := range lines {
		text := strings.TrimSpace(line)
		switch {
		case open == 0 && text == "":
			note = nil
			continue
		case open == 0 && strings.HasPrefix(text, ";"):
			if noted || strings.HasPrefix(text, ";;") {
				note, noted = nil, false
			}
			if said := strings.TrimSpace(strings.TrimLeft(text, ";")); said != "" && !strings.HasPrefix(text, ";;") {
				note = append(note, said)
			}
			continue
		case open == 0 && strings.HasPrefix(text, "$"):
			continue
		}
		record = append(record, text)
		open += brackets(text)
		if open > 0 {
			continue
		}
		rr, err := dns.NewRR(strings.Join(record, "\n"))
		record, open, noted = nil, 0, true
		if err != nil || rr == nil {
			continue
		}
		records = append(records, wanted(rr, domain, strings.Join(note, " ")))
	}
	return records
}

// brackets is how many brackets a line opens more than it closes, those within quotes not
// counted.
func brackets(line string) (open int) {
	quoted := false
	for i, r := range line {
		switch {
		case r == '"' && (i == 0 || line[i-1] != '\\'):
			quoted = !quoted
		case quoted:
		case r == '(':
			open++
		case r == ')':
			open--
		case r == ';':
			return open
		}
	}
	return open
}

func wanted(rr dns.RR, domain, note string) provider.DomainRecord {
	head := rr.Header()
	name := strings.ToLower(strings.TrimSuffix(head.Name, "."))
	value := strings.TrimSpace(strings.TrimPrefix(rr.String(), head.String()))
	if txt, ok := rr.(*dns.TXT); ok {
		value = strings.Join(txt.Txt, "") // as it is entered at a DNS provider
	}
	return provider.DomainRecord{
		Name: name, Type: dns.TypeToString[head.Rrtype], Value: value, Note: note, Host: name != domain && !strings.HasSuffix(name, "."+domain),
	}
}

// examined is the common part of what CheckDomain says of each subject.
type examined struct{ Errors, Warnings, Instructions []string }

// parts are the subjects of CheckDomain (webadmin.CheckResult) in their order.
var parts = []struct{ field, part string }{
	{"MX", "mx"}, {"SPF", "spf"}, {"DKIM", "dkim"}, {"DMARC", "dmarc"}, {"IPRev", "iprev"}, {"TLS", "tls"}, {"MTASTS", "mtasts"},
	{"DomainTLSRPT", "tlsrpt"}, {"HostTLSRPT", "hosttlsrpt"}, {"DNSSEC", "dnssec"}, {"DANE", "dane"}, {"SRVConf", "srv"},
	{"Autoconf", "autoconf"}, {"Autodiscover", "autodiscover"},
}

// CheckDomain lets mox examine a domain: it asks the DNS and connects to the domain's
// servers, for at most half a minute.
func (o *Office) CheckDomain(ctx context.Context, domain string) ([]provider.DomainFinding, error) {
	const op = "check domain"
	var result map[string]any
	if err := o.ask(ctx, op, "CheckDomain", &result, domain); err != nil {
		return nil, unknownDomain(err)
	}
	findings := make([]provider.DomainFinding, 0, len(parts))
	for _, p := range parts {
		said, ok := result[p.field].(map[string]any)
		if !ok {
			continue
		}
		e := examined{words(said["Errors"]), words(said["Warnings"]), words(said["Instructions"])}
		f := provider.DomainFinding{Part: p.part, Grade: provider.DomainFine, Words: append(e.Errors, e.Warnings...), Advice: e.Instructions}
		switch {
		case len(e.Errors) > 0:
			f.Grade = provider.DomainWrong
		case len(e.Warnings) > 0:
			f.Grade = provider.DomainWatch
		}
		findings = append(findings, f)
	}
	if len(findings) == 0 {
		return nil, core.E(core.Malformed, op, nil, "reason", "result")
	}
	return findings, nil
}

// words are the texts of a list, each made harmless.
func words(list any) []string {
	all, _ := list.([]any)
	said := make([]string, 0, len(all))
	for _, one := range all {
		if text, ok := one.(string); ok {
			said = append(said, provider.Said(text))
		}
	}
	return said
}

// MailServers tells what people enter, the ways that are encrypted from the first byte
// first. mox v0.0.15 names the port of the encrypted way for plain IMAP too, so IMAP with
// STARTTLS is taken from its entry only where there is no other.
func (o *Office) MailServers(ctx context.Context, domain string) ([]provider.MailServer, error) {
	const op = "tell mail servers"
	var told struct {
		Entries []struct {
			Protocol string
			Host     struct{ ASCII string }
			Port     int
			Note     string
		}
	}
	if err := o.ask(ctx, op, "ClientConfigsDomain", &told, domain); err != nil {
		return nil, unknownDomain(err)
	}
	var servers []provider.MailServer
	for _, e := range told.Entries {
		s := provider.MailServer{Protocol: "imap", Host: strings.ToLower(e.Host.ASCII), Port: e.Port, Security: "starttls"}
		if strings.Contains(e.Protocol, "SMTP") {
			s.Protocol = "smtp"
		}
		switch {
		case strings.HasPrefix(e.Note, "with TLS"):
			s.Security = "tls"
		case !strings.HasPrefix(e.Note, "STARTTLS"), s.Protocol == "imap" && slices.ContainsFunc(servers, func(o provider.MailServer) bool { return o.Protocol == "imap" }):
			continue
		}
		if s.Host != "" && s.Port > 0 && s.Port < 1<<16 {
			servers = append(servers, s)
		}
	}
	slices.SortStableFunc(servers, func(a, b provider.MailServer) int { return strings.Compare(b.Security, a.Security) }) // tls before starttls
	return servers, nil
}
