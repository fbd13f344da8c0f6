package preset

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Provider is a mail provider as a person chooses it by name or by address.
type Provider struct {
	ID      string         `json:"id"`
	NameZh  string         `json:"nameZh"`
	NameEn  string         `json:"nameEn"`
	Family  string         `json:"family"`  // see [Family]; "" unknown
	IMAP    string         `json:"imap"`    // host
	Port    int            `json:"port"`    // with TLS from the first byte
	Domains []string       `json:"domains"` // the provider's own domains
	MX      []string       `json:"mx"`      // hosts, or suffixes of hosts, that receive its customers' mail
	Steps   []ProviderStep `json:"steps"`
	Fact
}

// ProviderStep is one thing that a person must do before IMAP works. The texts are
// data about the provider, in the provider's own words, hence in both languages here.
type ProviderStep struct {
	Zh   string `json:"zh"`
	En   string `json:"en"`
	Link string `json:"link"` // https; "" none
}

var providers = sync.OnceValue(func() []Provider {
	var all []Provider
	mustLoad("providers.json", &all)
	for i := range all {
		if err := all[i].check(); err != nil {
			panic(fmt.Sprintf("preset: providers.json: %s: %v", all[i].ID, err))
		}
	}
	return all
})

func (p *Provider) check() error {
	if p.ID == "" || p.NameZh == "" || p.NameEn == "" || p.IMAP == "" || p.Port <= 0 {
		return errors.New("id, names, host and port are needed")
	}
	for _, s := range p.Steps {
		if s.Zh == "" || s.En == "" {
			return errors.New("a step needs both languages")
		}
		if u, err := url.Parse(s.Link); s.Link != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			return fmt.Errorf("link %q", s.Link)
		}
	}
	return p.Fact.check()
}

// Providers lists all known providers, business providers first.
func Providers() []Provider { return slices.Clone(providers()) }

// ProviderByDomain finds the provider that owns a domain (not one that merely hosts
// it: that takes the domain's MX, see [ProviderByMX]).
func ProviderByDomain(domain string) (Provider, bool) {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	for _, p := range providers() {
		if slices.Contains(p.Domains, domain) {
			return p, true
		}
	}
	return Provider{}, false
}

// ProviderByMX finds the provider that an MX host belongs to.
func ProviderByMX(host string) (Provider, bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, p := range providers() {
		for _, mx := range p.MX {
			if host == mx || strings.HasSuffix(host, "."+mx) {
				return p, true
			}
		}
	}
	return Provider{}, false
}
