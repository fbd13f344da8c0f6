package provider

import "context"

// MailServer is one server that people of the office enter into their mail programs.
type MailServer struct {
	Protocol string // imap, pop3, smtp
	Host     string
	Port     int
	Security string // tls, starttls
}

// MailServerTeller tells which servers people enter, where that differs from office to
// office: the best of each protocol first. Ways without encryption are left out.
type MailServerTeller interface {
	MailServers(ctx context.Context, domain string) ([]MailServer, error)
}

// DomainRecord is one DNS record that the provider wants a domain to have.
type DomainRecord struct {
	Name  string // fully qualified, lower case, without the last dot
	Type  string // MX, TXT, CNAME, SRV, TLSA, CAA, A …
	Value string // as it is entered: 10 mail.example.com
	Note  string // the provider's own words on it, in its language; "" none
	// Host is true for a record of the server rather than of the domain: it is wanted once.
	Host bool
}

// DomainRecorder tells the DNS records that a domain of the office should have.
type DomainRecorder interface {
	DomainRecords(ctx context.Context, domain string) ([]DomainRecord, error)
}

// DomainGrade is how bad a finding of the provider's own check is.
type DomainGrade string

// The grades.
const (
	DomainFine  DomainGrade = "fine"
	DomainWatch DomainGrade = "watch"
	DomainWrong DomainGrade = "wrong"
)

// DomainFinding is what the provider's own check says of one part of a domain's mail.
type DomainFinding struct {
	Part   string // owner, mx, spf, dkim, dmarc, tls, dane, dnssec, iprev, tlsrpt, mtasts, srv, autoconf, autodiscover
	Grade  DomainGrade
	Words  []string // the provider's own, in its language: what is wrong, or to be watched; empty where it gives a verdict alone
	Advice []string // what it says to do
}

// DomainChecker examines a domain as the provider itself sees it. It may take a minute:
// the provider asks the DNS and other servers.
type DomainChecker interface {
	CheckDomain(ctx context.Context, domain string) ([]DomainFinding, error)
}
