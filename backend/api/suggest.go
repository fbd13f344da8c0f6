package api

import (
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/preset"
)

// Suggest finds the IMAP server for an e-mail address or a domain by the built-in
// table of providers; it asks no network. For an unknown domain it proposes the
// customary name.
func (e *Endpoints) Suggest(address string) (Suggestion, error) {
	return guard("suggest server", func() (Suggestion, error) {
		domain := strings.ToLower(strings.TrimSpace(address))
		if at := strings.LastIndexByte(domain, '@'); at >= 0 {
			domain = domain[at+1:]
		}
		if domain == "" || strings.ContainsAny(domain, " /\\\r\n") {
			return Suggestion{Steps: []ProviderStep{}}, core.E(core.Invalid, "suggest server", nil, "field", "user", "reason", "malformed")
		}
		if p, ok := preset.ByDomain(domain); ok {
			return suggestion(p), nil
		}
		return Suggestion{Host: "imap." + domain, Port: 993, Security: SecurityTLS, Steps: []ProviderStep{}}, nil
	})
}

// Providers lists the providers with a known IMAP server, for a choice by name.
func (e *Endpoints) Providers() ([]Suggestion, error) {
	return guard("list providers", func() ([]Suggestion, error) { return mapped(preset.Providers(), suggestion), nil })
}

func suggestion(p preset.Provider) Suggestion {
	server := p.IMAP[0]
	if preset.Unfilled(server.Host) { // the office's own server: its name is not known here
		server.Host = ""
	}
	return Suggestion{
		Known: true, Provider: p.ID, NameZh: p.Name.Zh, NameEn: p.Name.En, Host: server.Host, Port: server.Port, Security: Security(server.Security),
		Steps: mapped(p.SwitchOn.Steps, func(s preset.Step) ProviderStep {
			return ProviderStep{TextZh: s.Zh, TextEn: s.En, Link: s.Link}
		}),
	}
}
