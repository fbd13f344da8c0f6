// Package cards makes what people need to set up their mail programs with the new
// provider: a printable card with a QR code for each person, a configuration profile
// for Apple's devices, and the files that Thunderbird and Outlook read. None of them
// holds a password.
//
// It leaves out which provider it is (package recognise) and where the files go
// (its callers).
package cards

import (
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/preset"
)

// Server is one host with its port and how it is encrypted ("tls" or "starttls").
type Server struct {
	Host     string
	Port     int
	Security string
}

// Settings are what everybody at the new provider enters. IMAP is always there; a
// server that is not known is nil, and the card says to ask.
type Settings struct {
	Provider preset.Words // its name
	IMAP     *Server
	POP3     *Server
	SMTP     *Server
	Secret   preset.Words // the provider's own name for what is entered as the password; empty: the password
	OAuth    bool         // no password is taken: programs lead to the provider's own page
	DomainAt bool         // the user name is DOMAIN\user
	Steps    []preset.Step
	WebMail  string // https; "" unknown
	Help     string
}

// Person is whose card it is.
type Person struct {
	Name    string // "" the address
	Address string
	User    string // sign-in name; "" the address
}

// Card is one person's card.
type Card struct {
	Person
	Settings
}

// Of takes the settings of a known provider for a domain. It is not_found for an
// unknown id.
func Of(provider, domain string) (Settings, error) {
	p, ok := preset.ByID(provider)
	if !ok {
		return Settings{}, core.E(core.NotFound, "settings for mail programs", nil, "provider", provider)
	}
	p = p.For(domain, "")
	s := Settings{
		Provider: p.Name, IMAP: usual(p.IMAP), POP3: usual(p.POP3), SMTP: usual(p.SMTP), Secret: p.SignIn.Secret,
		OAuth: len(p.SignIn.Ways) > 0 && p.SignIn.Ways[0] == preset.WithOAuth, DomainAt: p.SignIn.User == "domain-user",
		WebMail: p.Web.Mail, Help: p.SwitchOn.Help,
	}
	if p.SignIn.Ways[0] == preset.WithPassword { // a client password is the exception there
		s.Secret = preset.Words{}
	}
	for _, step := range p.SwitchOn.Steps {
		if step.Who == "person" {
			s.Steps = append(s.Steps, step)
		}
	}
	return s, nil
}

// usual is the first server that is no place for moving mail away from.
func usual(list []preset.Server) *Server {
	for _, s := range list {
		if s.Place != "export" && !preset.Unfilled(s.Host) {
			return &Server{s.Host, s.Port, s.Security}
		}
	}
	return nil
}

// For makes the cards of people; addresses without an @ and settings without an IMAP
// server are invalid (the argument row counts from 1).
func For(s Settings, people []Person) ([]Card, error) {
	if s.IMAP == nil || s.IMAP.Host == "" {
		return nil, core.E(core.Invalid, "make cards", nil, "field", "host", "reason", "missing")
	}
	cards := make([]Card, len(people))
	for i, p := range people {
		p.Address = strings.TrimSpace(p.Address)
		at := strings.LastIndexByte(p.Address, '@')
		if at <= 0 || at == len(p.Address)-1 || strings.ContainsAny(p.Address, "\r\n\x00") || len(p.Address) > 320 {
			return nil, core.E(core.Invalid, "make cards", nil, "row", itoa(i+1), "field", "user", "reason", "malformed")
		}
		if p.User == "" {
			p.User = p.Address
			if s.DomainAt {
				p.User = p.Address[at+1:] + `\` + p.Address[:at]
			}
		}
		cards[i] = Card{p, s}
	}
	return cards, nil
}

// Title is the name on the card.
func (c Card) Title() string {
	if c.Name != "" && c.Name != c.Address {
		return c.Name
	}
	return c.Address
}
