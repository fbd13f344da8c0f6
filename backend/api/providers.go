package api

import (
	"context"
	"time"

	"mailroom/backend/preset"
	"mailroom/backend/recognise"
)

// Providers knows the mail providers: who they are, which one an address belongs to,
// and what to do when a sign-in is refused.
type Providers struct{ api *API }

// ProviderKind is a [preset.Kind] on the wire.
type ProviderKind string

// SignInWay is a [preset.Way] on the wire.
type SignInWay string

// FoundBy is a [recognise.How] on the wire.
type FoundBy string

// Certainty is a [recognise.Certainty] on the wire.
type Certainty string

// MailServer is one host of a provider.
type MailServer struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Security Security `json:"security"`
	Place    string   `json:"place"` // which customers it is for: hangzhou, overseas, old, own, export, paid …; "" the usual one
}

// ProviderInfo is what is known of a provider. Servers of a product that offices run
// themselves are empty: their names are the office's own.
type ProviderInfo struct {
	ID       string         `json:"id"`
	NameZh   string         `json:"nameZh"`
	NameEn   string         `json:"nameEn"`
	Also     []string       `json:"also"` // other names that people look for
	Kind     ProviderKind   `json:"kind"`
	Family   string         `json:"family"`
	IMAP     []MailServer   `json:"imap"`
	Ways     []SignInWay    `json:"ways"`     // to sign in, the likeliest first
	SecretZh string         `json:"secretZh"` // the provider's own name for a code or client password; "" a plain password
	SecretEn string         `json:"secretEn"`
	OAuth    string         `json:"oauth"` // whose OAuth: google, microsoft, microsoft-cn …; "" none
	Steps    []ProviderStep `json:"steps"` // to switch IMAP on
	Help     string         `json:"help"`  // pages, for App.OpenLink; "" none
	WebMail  string         `json:"webMail"`
	Console  string         `json:"console"`
}

// ProviderStep is one thing to do at a provider before its IMAP works.
type ProviderStep struct {
	Admin  bool   `json:"admin"` // for the administrator, not for each person
	TextZh string `json:"textZh"`
	TextEn string `json:"textEn"`
	Link   string `json:"link"` // for App.OpenLink; "" none
}

// FoundProvider is what an address or a domain leads to. There is always at least one
// candidate, the best first.
type FoundProvider struct {
	Address    string           `json:"address"` // as it should be written; "" where only a domain was given
	Domain     string           `json:"domain"`
	Candidates []FoundCandidate `json:"candidates"`
	GatewayZh  string           `json:"gatewayZh"` // a filter that stands before the mailboxes; "" none
	GatewayEn  string           `json:"gatewayEn"`
	SenderZh   string           `json:"senderZh"` // the domain only sends with this service and has no mailboxes; "" no
	SenderEn   string           `json:"senderEn"`
	Offline    bool             `json:"offline"` // no look-up was answered
}

// FoundCandidate is one answer.
type FoundCandidate struct {
	Provider  string       `json:"provider"` // id, see Providers.List; "" none known
	By        FoundBy      `json:"by"`
	Evidence  string       `json:"evidence"` // the record, host or page that told it
	Certainty Certainty    `json:"certainty"`
	User      string       `json:"user"` // sign-in name where it is not the address; ""
	IMAP      []MailServer `json:"imap"`
}

// findLimit bounds a recognition; typing on cancels it before.
const findLimit = 20 * time.Second

// List lists all known providers: business, products of one's own, personal.
func (p *Providers) List() ([]ProviderInfo, error) {
	return guard("list providers", func() ([]ProviderInfo, error) { return mapped(preset.Providers(), providerInfo), nil })
}

// Find recognises the provider of an address or a domain, by DNS and what the domain
// publishes. It gives up after 20 seconds, or when App.Cancel(requestID) is called.
// What is neither an address nor a domain is invalid.
func (p *Providers) Find(requestID, address string) (FoundProvider, error) {
	return guard("find provider", func() (FoundProvider, error) {
		ctx, end := p.api.calls.begin(p.api.root, requestID, findLimit)
		defer end()
		return p.find(ctx, address)
	})
}

func (p *Providers) find(ctx context.Context, address string) (FoundProvider, error) {
	result, err := p.api.recogniser().Recognise(ctx, address)
	if err != nil {
		return FoundProvider{Candidates: []FoundCandidate{}}, err
	}
	found := FoundProvider{
		Address: result.Address, Domain: result.Domain, Offline: result.Offline,
		Candidates: mapped(result.Candidates, func(c recognise.Candidate) FoundCandidate {
			return FoundCandidate{
				Provider: c.Provider, By: FoundBy(c.How), Evidence: c.Evidence, Certainty: Certainty(c.Certainty), User: c.User,
				IMAP: mapped(c.IMAP, func(s recognise.Server) MailServer {
					return MailServer{Host: s.Host, Port: s.Port, Security: Security(s.Security), Place: placeOf(c.Provider, s.Host)}
				}),
			}
		}),
	}
	for _, g := range preset.Gateways() {
		if g.ID == result.Gateway {
			found.GatewayZh, found.GatewayEn = g.Name.Zh, g.Name.En
		}
	}
	for _, s := range preset.Senders() {
		if s.ID == result.Sender {
			found.SenderZh, found.SenderEn = s.Name.Zh, s.Name.En
		}
	}
	return found, nil
}

// recogniser asks as the configuration says.
func (a *API) recogniser() *recognise.Recogniser {
	if a.cfg.Recogniser != nil {
		return a.cfg.Recogniser
	}
	cfg := recognise.Config{Resolver: recognise.System(""), Fallback: recognise.System(publicResolver)}
	if servers := a.cfg.Resolvers; len(servers) > 0 {
		cfg = recognise.Config{Resolver: recognise.System(servers[0])}
	}
	return recognise.New(cfg)
}

// publicResolver is AliDNS: asked for MX where the office's own DNS fails to answer.
const publicResolver = "223.5.5.5:53"

func placeOf(provider, host string) string {
	known, _ := preset.ByID(provider)
	for _, s := range known.IMAP {
		if s.Host == host {
			return s.Place
		}
	}
	return ""
}

func providerInfo(p preset.Provider) ProviderInfo {
	info := ProviderInfo{
		ID: p.ID, NameZh: p.Name.Zh, NameEn: p.Name.En, Also: append([]string{}, p.Also...), Kind: ProviderKind(p.Kind), Family: p.Family,
		Ways:     mapped(p.SignIn.Ways, func(w preset.Way) SignInWay { return SignInWay(w) }),
		SecretZh: p.SignIn.Secret.Zh, SecretEn: p.SignIn.Secret.En, OAuth: p.SignIn.OAuth, IMAP: []MailServer{},
		Help: p.SwitchOn.Help, WebMail: p.Web.Mail, Console: p.Web.Console,
		Steps: mapped(p.SwitchOn.Steps, providerStep),
	}
	for _, s := range p.IMAP {
		if !preset.Unfilled(s.Host) {
			info.IMAP = append(info.IMAP, MailServer{Host: s.Host, Port: s.Port, Security: Security(s.Security), Place: s.Place})
		}
	}
	return info
}

func providerStep(s preset.Step) ProviderStep {
	return ProviderStep{Admin: s.Who == "admin", TextZh: s.Zh, TextEn: s.En, Link: s.Link}
}

var providerKinds = []enum[ProviderKind]{
	{ProviderKind(preset.Business), "Business"}, {ProviderKind(preset.Personal), "Personal"}, {ProviderKind(preset.Own), "Own"},
}

var signInWays = []enum[SignInWay]{
	{SignInWay(preset.WithPassword), "Password"}, {SignInWay(preset.WithCode), "AuthorisationCode"}, {SignInWay(preset.WithClientPassword), "ClientPassword"},
	{SignInWay(preset.WithAppPassword), "AppPassword"}, {SignInWay(preset.WithOAuth), "OAuth"},
}

var foundBys = []enum[FoundBy]{
	{FoundBy(recognise.ByDomain), "Domain"}, {FoundBy(recognise.ByMX), "MX"}, {FoundBy(recognise.ByAlias), "Alias"}, {FoundBy(recognise.BySPF), "SPF"},
	{FoundBy(recognise.BySRV), "SRV"}, {FoundBy(recognise.ByAutoconfig), "Autoconfig"}, {FoundBy(recognise.ByAutodiscover), "Autodiscover"},
	{FoundBy(recognise.ByCertificate), "Certificate"}, {FoundBy(recognise.ByGreeting), "Greeting"}, {FoundBy(recognise.ByCustom), "Custom"},
}

var certainties = []enum[Certainty]{
	{Certainty(recognise.Sure), "Sure"}, {Certainty(recognise.Likely), "Likely"}, {Certainty(recognise.Guess), "Guess"},
}
