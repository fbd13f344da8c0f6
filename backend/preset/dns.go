package preset

import (
	"slices"
	"strings"
	"sync"
)

// DNS is what a provider's customers have in their zones: how it is recognised, and
// what is to be set when an office moves there.
type DNS struct {
	MX      []MX     `json:"mx"`     // patterns of hosts, old ones too
	SPF     []SPF    `json:"spf"`    // domains that an SPF record includes
	SPFAll  string   `json:"spfAll"` // how its guide ends the record: "-all", "~all" or "?all"
	DKIM    DKIM     `json:"dkim"`
	Records []Record `json:"records"` // to be set, in the order of a checklist
}

// MX is a pattern of host names. It fits the host itself and whatever ends in it on
// a boundary of labels; a * stands for part of one label, or for one whole label.
type MX struct {
	Pattern string `json:"pattern"`
	Fact
}

// SPF is a domain that the SPF records of a provider's customers include.
type SPF struct {
	Domain   string `json:"domain"`
	Old      bool   `json:"old,omitempty"`      // seen in older guides, not to be set any more
	Redirect bool   `json:"redirect,omitempty"` // with redirect= instead of include:
	Fact
}

// DKIM says where the provider's signing keys stand.
type DKIM struct {
	Selectors []string `json:"selectors"` // usual names before ._domainkey; empty: no fixed one
	Form      string   `json:"form"`      // "txt" or "cname"
	Console   bool     `json:"console"`   // the value must be copied from the provider's console
	Fact
}

// The uses of a record.
const (
	UseReceive      = "receive"      // where mail for the domain goes
	UseSPF          = "spf"          // who may send
	UseDKIM         = "dkim"         // the key of signatures
	UseDMARC        = "dmarc"        // what receivers do with the rest
	UseClient       = "client"       // names that people's programs use
	UseAutodiscover = "autodiscover" // lets programs find the servers by themselves
	UseVerify       = "verify"       // proves that the domain is the office's own
)

// Record is one DNS record to be set when an office moves to a provider.
type Record struct {
	Use      string `json:"use"`
	Type     string `json:"type"`               // MX, TXT, CNAME, SRV
	Name     string `json:"name"`               // relative to the domain, "@" the domain itself; "" the console tells it
	Value    string `json:"value"`              // without quotes and closing dot; "" the console tells it
	Priority uint16 `json:"priority,omitempty"` // of an MX
	Console  bool   `json:"console,omitempty"`  // name or value are particular to the office: copy them from the console
	Optional bool   `json:"optional,omitempty"` // convenient, not needed for mail to flow
	Fact
}

// ByMX finds the provider that an MX host belongs to; of several patterns that fit
// the longest counts. Personal and business mail of one vendor are told apart.
func ByMX(host string) (Provider, bool) {
	host = plainHost(host)
	best, longest := -1, 0
	for i, p := range providers() {
		for _, m := range p.DNS.MX {
			if _, ok := matchHost(m.Pattern, host); ok && len(m.Pattern) > longest {
				best, longest = i, len(m.Pattern)
			}
		}
	}
	if best < 0 {
		return Provider{}, false
	}
	return providers()[best], true
}

// BySPF finds the provider whose SPF domain this is, as it stands after include: or
// redirect=.
func BySPF(include string) (Provider, bool) {
	include = plainHost(include)
	for _, p := range providers() {
		if slices.ContainsFunc(p.DNS.SPF, func(s SPF) bool { return s.Domain == include }) {
			return p, true
		}
	}
	return Provider{}, false
}

// Gateway is a filter that stands before the mailboxes: its MX says nothing about
// where they are.
type Gateway struct {
	ID   string   `json:"id"`
	Name Words    `json:"name"`
	MX   []string `json:"mx"` // patterns as in [MX]
	Fact
}

var gateways = sync.OnceValue(func() []Gateway {
	var all []Gateway
	mustLoad("gateways.json", &all)
	return all
})

// Gateways lists the known mail filters.
func Gateways() []Gateway { return slices.Clone(gateways()) }

// GatewayByMX finds the filter that an MX host belongs to.
func GatewayByMX(host string) (Gateway, bool) {
	host = plainHost(host)
	for _, g := range gateways() {
		for _, pattern := range g.MX {
			if _, ok := matchHost(pattern, host); ok {
				return g, true
			}
		}
	}
	return Gateway{}, false
}

// Sender is a service that sends mail in the office's name (newsletters, tickets): its
// place in the SPF record must survive a change of the provider.
type Sender struct {
	ID   string   `json:"id"`
	Name Words    `json:"name"`
	SPF  []string `json:"spf"`
	MX   []string `json:"mx,omitempty"` // MX hosts that it shares with a mailbox provider; with its SPF alone there are no mailboxes
	Fact
}

var senders = sync.OnceValue(func() []Sender {
	var all []Sender
	mustLoad("senders.json", &all)
	return all
})

// Senders lists the known sending services.
func Senders() []Sender { return slices.Clone(senders()) }

// SenderBySPF finds the sending service whose SPF domain this is, or lies under.
func SenderBySPF(include string) (Sender, bool) {
	include = plainHost(include)
	for _, s := range senders() {
		for _, domain := range s.SPF {
			if _, ok := matchHost(domain, include); ok {
				return s, true
			}
		}
	}
	return Sender{}, false
}

// plainHost is a host name as it is compared: lower case, no closing dot, no blanks.
func plainHost(host string) string {
	return strings.ToLower(strings.TrimSuffix(strings.TrimSpace(host), "."))
}

// matchHost compares on boundaries of labels, from the right. captured is what the
// first lone * stood for.
func matchHost(pattern, host string) (captured string, ok bool) {
	want, got := strings.Split(pattern, "."), strings.Split(host, ".")
	if len(got) < len(want) || host == "" {
		return "", false
	}
	got = got[len(got)-len(want):]
	for i, w := range want {
		before, after, star := strings.Cut(w, "*")
		switch {
		case !star && w == got[i]:
		case star && len(got[i]) >= len(before)+len(after) && strings.HasPrefix(got[i], before) && strings.HasSuffix(got[i], after):
			if w == "*" && captured == "" {
				captured = got[i]
			}
		default:
			return "", false
		}
	}
	return captured, true
}
