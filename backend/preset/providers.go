package preset

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Words is a name or a sentence about a provider in both languages. Such texts are
// data about the provider, in the provider's own words, hence here.
type Words struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// In returns the English text for "en" and the Chinese one for any other language.
func (w Words) In(language string) string {
	if language == "en" {
		return w.En
	}
	return w.Zh
}

// Kind says what sort of provider it is.
type Kind string

// The closed set of kinds.
const (
	Business Kind = "business" // runs mail for domains of its customers
	Personal Kind = "personal" // mailboxes under its own domains
	Own      Kind = "own"      // a server product that an office runs itself
)

// Provider is a mail provider, or a server product, as a person chooses it by name
// or as it is found from an address. Host names may hold placeholders, see
// [Provider.For].
type Provider struct {
	ID       string   `json:"id"`
	Name     Words    `json:"name"`
	Also     []string `json:"also"` // other names that people look for
	Kind     Kind     `json:"kind"`
	Family   string   `json:"family"`  // see [Family]; "" unknown
	Domains  []string `json:"domains"` // the provider's own domains of mailboxes
	IMAP     []Server `json:"imap"`    // the usual one first, never empty
	POP3     []Server `json:"pop3"`    // empty: not offered or not known
	SMTP     []Server `json:"smtp"`    // submission (RFC 6409)
	SignIn   SignIn   `json:"signIn"`
	SwitchOn SwitchOn `json:"switchOn"`
	Limits   Limits   `json:"limits"`
	Web      Web      `json:"web"`
	DNS      DNS      `json:"dns"`
}

// Server is one host of a provider.
type Server struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"`        // "tls" from the first byte, or "starttls"
	Place    string `json:"place,omitempty"` // which customers it is for: hangzhou, overseas, old, own, export, paid …; "" the usual one
	Fact
}

// Way is what a person signs in with.
type Way string

// The closed set of ways.
const (
	WithPassword       Way = "password"           // the mailbox's own password
	WithCode           Way = "authorisation-code" // 授权码: made on the web, replaces the password for mail programs
	WithClientPassword Way = "client-password"    // 客户端专用密码: the same under another name, at business providers
	WithAppPassword    Way = "app-password"       // made beside two-step verification
	WithOAuth          Way = "oauth"              // signing in at the provider's own page
)

// Ways lists the closed set.
func Ways() []Way {
	return []Way{WithPassword, WithCode, WithClientPassword, WithAppPassword, WithOAuth}
}

// SignIn says how a mail program signs in.
type SignIn struct {
	Ways   []Way  `json:"ways"`            // the likeliest first
	User   string `json:"user"`            // "address", or "domain-user" (DOMAIN\user)
	Secret Words  `json:"secret"`          // the provider's own name for a code or client password; empty: a plain password
	OAuth  string `json:"oauth,omitempty"` // whose OAuth: google, microsoft, microsoft-cn, yandex, yahoo; "" none
	Fact
}

// SwitchOn says how IMAP is switched on, in order.
type SwitchOn struct {
	Help  string `json:"help"` // https; "" none known
	Steps []Step `json:"steps"`
	Fact
}

// Step is one thing to do before IMAP works.
type Step struct {
	Who string `json:"who"` // "person" or "admin"
	Words
	Link string `json:"link,omitempty"` // https; "" none
}

// Limits are what one message may weigh there. The pace is in [Engine].
type Limits struct {
	Message int64 `json:"message"` // bytes; 0 unknown. The server's own APPENDLIMIT comes first
	Fact
}

// Web holds the addresses of the provider's pages, https; "" unknown.
type Web struct {
	Mail    string `json:"mail"`
	Console string `json:"console"` // for the administrator
	Fact
}

var providers = sync.OnceValue(func() []Provider {
	var order []string
	mustLoad("providers/order.json", &order)
	all := make([]Provider, len(order))
	for i, id := range order {
		mustLoad("providers/"+id+".json", &all[i])
	}
	return all
})

// Providers lists all known providers: business providers first, then server
// products, then personal mail. The slice is the caller's own, its parts are not.
func Providers() []Provider { return slices.Clone(providers()) }

// ByID finds a provider by its id, e.g. "tencent-exmail".
func ByID(id string) (Provider, bool) {
	i := slices.IndexFunc(providers(), func(p Provider) bool { return p.ID == id })
	if i < 0 {
		return Provider{}, false
	}
	return providers()[i], true
}

// ByDomain finds the provider that owns a domain of mailboxes (not one that merely
// hosts it: that takes the domain's MX, see [ByMX]).
func ByDomain(domain string) (Provider, bool) {
	domain = plainHost(domain)
	for _, p := range providers() {
		if slices.Contains(p.Domains, domain) {
			return p, true
		}
	}
	return Provider{}, false
}

// ByServer finds the provider whose IMAP, POP3 or SMTP host this is. Hosts with
// placeholders belong to nobody in particular and are not found, nor are hosts on
// this computer.
func ByServer(host string) (Provider, bool) {
	host = plainHost(host)
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return Provider{}, false // anything may listen on this computer
	}
	for _, p := range providers() {
		for _, list := range [][]Server{p.IMAP, p.POP3, p.SMTP} {
			if slices.ContainsFunc(list, func(s Server) bool { return s.Host == host }) {
				return p, true
			}
		}
	}
	return Provider{}, false
}

// For returns the provider with the placeholders of its hosts and records filled in:
// {domain} is the office's domain, {dashed} the same with dashes for dots,
// {region} the part of mxHost that a lone * stands for (Amazon). mxHost may be "";
// what cannot be filled in stays as it is, see [Unfilled].
func (p Provider) For(domain, mxHost string) Provider {
	domain = plainHost(domain)
	pairs := []string{"{domain}", domain, "{dashed}", strings.ReplaceAll(domain, ".", "-")}
	if region := p.region(mxHost); region != "" {
		pairs = append(pairs, "{region}", region)
	}
	fill := strings.NewReplacer(pairs...)
	servers := func(list []Server) []Server {
		out := slices.Clone(list)
		for i := range out {
			out[i].Host = fill.Replace(out[i].Host)
		}
		return out
	}
	p.IMAP, p.POP3, p.SMTP = servers(p.IMAP), servers(p.POP3), servers(p.SMTP)
	p.DNS.Records = slices.Clone(p.DNS.Records)
	for i := range p.DNS.Records {
		p.DNS.Records[i].Value = fill.Replace(p.DNS.Records[i].Value)
	}
	return p
}

// Unfilled reports whether a host or a record's value still holds a placeholder.
func Unfilled(value string) bool { return strings.ContainsRune(value, '{') }

func (p Provider) region(mxHost string) string {
	for _, m := range p.DNS.MX {
		if captured, ok := matchHost(m.Pattern, plainHost(mxHost)); ok && captured != "" {
			return captured
		}
	}
	return ""
}

// LinkHosts lists the hosts of all pages that the data point to: help, web mail,
// consoles and the links of steps.
func LinkHosts() []string {
	var hosts []string
	for _, p := range providers() {
		links := []string{p.SwitchOn.Help, p.Web.Mail, p.Web.Console}
		for _, s := range p.SwitchOn.Steps {
			links = append(links, s.Link)
		}
		for _, link := range links {
			if u, err := url.Parse(link); err == nil && u.Host != "" {
				hosts = append(hosts, u.Host)
			}
		}
	}
	for _, h := range dnsHosts() {
		if u, err := url.Parse(h.Console); err == nil && u.Host != "" {
			hosts = append(hosts, u.Host)
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// Facts lists where everything about the provider is known from, with the certainty.
func (p Provider) Facts() []Fact {
	facts := []Fact{p.SignIn.Fact, p.SwitchOn.Fact, p.Limits.Fact, p.Web.Fact, p.DNS.DKIM.Fact}
	for _, list := range [][]Server{p.IMAP, p.POP3, p.SMTP} {
		for _, s := range list {
			facts = append(facts, s.Fact)
		}
	}
	for _, m := range p.DNS.MX {
		facts = append(facts, m.Fact)
	}
	for _, s := range p.DNS.SPF {
		facts = append(facts, s.Fact)
	}
	for _, r := range p.DNS.Records {
		facts = append(facts, r.Fact)
	}
	return facts
}
