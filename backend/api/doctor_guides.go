package api

import (
	"context"
	"strings"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/guide"
	"mailroom/backend/doctor/inquiry"
	testletter "mailroom/backend/doctor/letter"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// Guides leads from a complaint to an act: it hands out the guides and answers what a
// machine can answer.
type Guides struct{ api *API }

// Guide is one tree from a complaint to acts. Its texts are guides.tree.ID.…
type Guide struct {
	ID    string      `json:"id"`
	Start string      `json:"start"`
	Nodes []GuideNode `json:"nodes"`
}

// GuideNode is one step: a probe, a question or acts.
type GuideNode struct {
	ID    string            `json:"id"`
	Probe string            `json:"probe"` // "" it is none
	Ask   []string          `json:"ask"`   // answers to choose from
	Acts  []string          `json:"acts"`
	Next  map[string]string `json:"next"`
}

// GuideAdvice are questions with answers, and habits. Texts: guides.question, guides.prevent.
type GuideAdvice struct {
	Questions []GuideQuestion   `json:"questions"`
	Prevent   []GuidePrevention `json:"prevent"`
}

// GuideQuestion is one question.
type GuideQuestion struct {
	ID    string   `json:"id"`
	Words []string `json:"words"`
	Guide string   `json:"guide"`
	Act   string   `json:"act"`
}

// GuidePrevention is one habit.
type GuidePrevention struct {
	ID    string `json:"id"`
	Every string `json:"every"`
	Act   string `json:"act"`
}

// OutgoingServer is a server for sending with its sign-in; the password is that of the
// mailbox unless Secret names another.
type OutgoingServer struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Security Security `json:"security"`
	User     string   `json:"user"`   // "" the mailbox's
	Secret   string   `json:"secret"` // handle; "" the mailbox's
	Pin      string   `json:"pin"`    // SHA-256 of the one accepted certificate, hex; "" verify as usual
}

// GuidePlace is what is known about an address: its provider, servers and pages.
type GuidePlace struct {
	Address  string         `json:"address"` // "" a domain was given
	Domain   string         `json:"domain"`
	Provider string         `json:"provider"` // id; "" unknown
	NameZh   string         `json:"nameZh"`
	NameEn   string         `json:"nameEn"`
	Endpoint Endpoint       `json:"endpoint"` // for reading; Host "" unknown
	Outgoing OutgoingServer `json:"outgoing"` // Host "" unknown
	SecretZh string         `json:"secretZh"` // the provider's own name of an app password; "" none is wanted
	SecretEn string         `json:"secretEn"`
	Help     string         `json:"help"`    // https; "" unknown
	Console  string         `json:"console"` // https; "" unknown
	Webmail  string         `json:"webmail"` // https; "" unknown
	Guessed  bool           `json:"guessed"` // servers by custom, not by the provider's table
}

// GuideProbe asks for one probe about a place.
type GuideProbe struct {
	Probe    string         `json:"probe"`
	Domain   string         `json:"domain"`   // "" none: probes of a domain end as unknown
	Endpoint Endpoint       `json:"endpoint"` // Secret "" : nothing that needs the mailbox is tried
	Outgoing OutgoingServer `json:"outgoing"`
	Provider string         `json:"provider"`
}

// GuideAnswer is an outcome with its evidence.
type GuideAnswer struct {
	Outcome  string            `json:"outcome"`
	Evidence []FindingEvidence `json:"evidence"`
	Problem  *Problem          `json:"problem,omitempty"` // what the server said, or why nothing could be found out
}

// List lists the guides, the most frequent complaint first.
func (g *Guides) List() ([]Guide, error) {
	return guard("list guides", func() ([]Guide, error) {
		return mapped(guide.All(), func(x guide.Guide) Guide {
			return Guide{ID: x.ID, Start: x.Start, Nodes: mapped(x.Nodes, func(n guide.Node) GuideNode {
				return GuideNode{ID: n.ID, Probe: n.Probe, Ask: some(n.Ask), Acts: some(n.Acts), Next: facts(n.Next)}
			})}
		}), nil
	})
}

// Advice lists questions with answers, and habits.
func (g *Guides) Advice() (GuideAdvice, error) {
	return guard("advice", func() (GuideAdvice, error) {
		a := guide.Given()
		return GuideAdvice{
			Questions: mapped(a.Questions, func(q guide.Question) GuideQuestion {
				return GuideQuestion{ID: q.ID, Words: some(q.Words), Guide: q.Guide, Act: q.Act}
			}),
			Prevent: mapped(a.Prevent, func(p guide.Prevention) GuidePrevention { return GuidePrevention(p) }),
		}, nil
	})
}

const (
	placeLimit = 8 * time.Second
	probeLimit = 60 * time.Second
)

// Place tells what is known about an address or a domain, by the table of providers and
// the domain's MX records. Errors: invalid for what is no address and no domain.
func (g *Guides) Place(requestID, address string) (GuidePlace, error) {
	return guard("find place", func() (GuidePlace, error) {
		ctx, end := g.api.calls.begin(g.api.root, requestID, placeLimit)
		defer end()
		x, err := g.api.exam(address)
		if err != nil {
			return GuidePlace{}, err
		}
		return place(x, providerBehind(ctx, x)), nil
	})
}

// exam prepares an examination through the configured DNS servers.
func (a *API) exam(domain string) (*doctor.Exam, error) {
	setup, err := a.doctor.setup("")
	if err != nil {
		return nil, err
	}
	return checks.Prepare(domain, setup)
}

// providerBehind finds the provider of a domain; ID "" unknown.
func providerBehind(ctx context.Context, x *doctor.Exam) preset.Provider {
	if p, ok := preset.ByDomain(x.Domain); ok {
		return p.For(x.Domain, "")
	}
	for _, mx := range x.DNS.Ask(ctx, x.Domain, dns.TypeMX).MX() {
		if p, ok := preset.ByMX(mx.Host); ok {
			return p.For(x.Domain, mx.Host)
		}
	}
	return preset.Provider{}
}

func place(x *doctor.Exam, p preset.Provider) GuidePlace {
	user := ""
	if x.Local != "" {
		user = x.Local + "@" + x.Shown
	}
	out := GuidePlace{
		Address: user, Domain: x.Domain, Provider: p.ID, NameZh: p.Name.Zh, NameEn: p.Name.En, Help: p.SwitchOn.Help, Console: p.Web.Console, Webmail: p.Web.Mail,
		SecretZh: p.SignIn.Secret.Zh, SecretEn: p.SignIn.Secret.En,
		Endpoint: Endpoint{Kind: KindIMAP, Host: "imap." + x.Domain, Port: 993, Security: SecurityTLS, User: user},
		Outgoing: OutgoingServer{Host: "smtp." + x.Domain, Port: 465, Security: SecurityTLS, User: user},
		Guessed:  true,
	}
	if len(p.IMAP) > 0 && !preset.Unfilled(p.IMAP[0].Host) {
		out.Guessed = false
		out.Endpoint.Host, out.Endpoint.Port, out.Endpoint.Security = p.IMAP[0].Host, p.IMAP[0].Port, Security(p.IMAP[0].Security)
	}
	if len(p.SMTP) > 0 && !preset.Unfilled(p.SMTP[0].Host) {
		out.Outgoing.Host, out.Outgoing.Port, out.Outgoing.Security = p.SMTP[0].Host, p.SMTP[0].Port, Security(p.SMTP[0].Security)
	}
	return out
}

// Probe carries out one probe. Whatever goes wrong at the other side is part of the
// answer. Errors: invalid, canceled through App.Cancel(requestID), timeout after a
// minute, forbidden of class vault-locked.
func (g *Guides) Probe(requestID string, p GuideProbe) (GuideAnswer, error) {
	return with(g.api, "answer question", func(root context.Context, _ *data) (GuideAnswer, error) {
		none := GuideAnswer{Evidence: []FindingEvidence{}}
		ctx, end := g.api.calls.begin(root, requestID, probeLimit)
		defer end()
		m, err := g.matter(ctx, p)
		if err != nil {
			return none, err
		}
		a, err := inquiry.Ask(ctx, m, p.Probe)
		if err != nil {
			return none, err
		}
		return GuideAnswer{
			Outcome: a.Outcome, Problem: problemOf(a.Problem),
			Evidence: mapped(a.Evidence, func(e doctor.Evidence) FindingEvidence {
				return FindingEvidence{Kind: string(e.Kind), Title: e.Title, Text: e.Text}
			}),
		}, nil
	})
}

// anyDomain is examined where a probe is about this computer only: nobody owns it.
const anyDomain = "example.com"

func (g *Guides) matter(ctx context.Context, p GuideProbe) (inquiry.Matter, error) {
	m := inquiry.Matter{Checks: checks.All()}
	domain := strings.TrimSpace(p.Domain)
	if domain == "" && (p.Probe == "network" || p.Probe == "clock") {
		domain = anyDomain
	}
	if domain != "" {
		x, err := g.api.exam(domain)
		if err != nil {
			return m, err
		}
		m.Exam = x
	}
	if provider, ok := preset.ByID(p.Provider); ok {
		m.Provider = provider
	}
	if p.Endpoint.Secret == "" || p.Endpoint.Host == "" {
		return m, nil
	}
	account, err := g.api.mailbox(ctx, p.Endpoint)
	if err != nil {
		return m, err
	}
	m.Mailbox = account
	if p.Outgoing.Host != "" {
		o, err := g.api.outgoing(p.Outgoing, p.Endpoint)
		if err != nil {
			return m, err
		}
		m.Outgoing = &o
	}
	return m, nil
}

func (a *API) mailbox(ctx context.Context, e Endpoint) (mailbox.Account, error) {
	target := record(e)
	if err := target.Check(); err != nil {
		return nil, err
	}
	return a.connect(ctx, target, true)
}

// outgoing makes the outgoing server of a mailbox.
func (a *API) outgoing(o OutgoingServer, e Endpoint) (testletter.Outgoing, error) {
	if o.Host == "" || strings.ContainsAny(o.Host, " /\\\r\n") || o.Port < 1 || o.Port > 65535 {
		return testletter.Outgoing{}, core.E(core.Invalid, "outgoing server", nil, "field", "host", "host", o.Host, "reason", "malformed")
	}
	if !has(securities, o.Security) {
		return testletter.Outgoing{}, core.E(core.Invalid, "outgoing server", nil, "field", "security", "reason", "unknown")
	}
	user, handle := o.User, o.Secret
	if user == "" {
		user = e.User
	}
	if handle == "" {
		handle = e.Secret
	}
	return testletter.Outgoing{
		Host: o.Host, Port: o.Port, Security: testletter.Security(o.Security), User: user, Pin: o.Pin,
		Secret: func(ctx context.Context) (string, error) {
			d, err := a.ready(ctx)
			if err != nil {
				return "", err
			}
			return d.reveal(ctx, handle)
		},
	}, nil
}
