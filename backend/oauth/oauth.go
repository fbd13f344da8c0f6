// Package oauth gets access tokens for mailboxes that take no passwords: from Google
// and Microsoft (global and 21Vianet), for a person who signs in with a browser or a
// code, and for a whole office by a service account or an application.
//
// It leaves out where secrets are kept (package secret), what a mail server says to a
// token (package mailbox/imap) and every sentence for people: errors carry a [Class].
package oauth

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
)

// Vendor is who gives tokens.
type Vendor string

// The vendors. MicrosoftChina is the cloud that 21Vianet operates.
const (
	Google         Vendor = "google"
	Microsoft      Vendor = "microsoft"
	MicrosoftChina Vendor = "microsoft-cn"
)

// Secret is a text that formats as "[secret]"; its JSON is the text itself, for the
// vault.
type Secret string

// Format writes "[secret]" for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("[secret]")) }

// LogValue returns "[secret]".
func (Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

// App is the office's own registration with a vendor. Google's desktop clients have a
// ClientSecret that is sent but protects nothing; Microsoft's need one only to act
// without people.
type App struct {
	Vendor       Vendor
	Tenant       string // Microsoft's directory: a domain or an id; "" any organisation
	ClientID     string
	ClientSecret Secret
}

// Grant is what a person's sign-in leaves: with it tokens come without the person.
type Grant struct {
	Vendor   Vendor `json:"vendor"`
	Tenant   string `json:"tenant,omitempty"`
	ClientID string `json:"clientId"` // a refresh token is worth nothing with another one
	User     string `json:"user"`     // address of who signed in, as the vendor tells it; "" not told
	Refresh  Secret `json:"refresh"`
}

// Token opens mailboxes until it expires.
type Token struct {
	Access  Secret
	Expires time.Time
}

// Service is where a vendor's tokens come from and what they are asked for. It is
// data: every address has its source.
type Service struct {
	Vendor    Vendor            `json:"vendor"`
	Authorize string            `json:"authorize"` // {tenant} stands for the directory
	Token     string            `json:"token"`
	Device    string            `json:"device"`   // "" no codes for devices
	Redirect  string            `json:"redirect"` // host of this computer as the vendor wants it in the redirect address
	Person    []string          `json:"person"`   // scopes of a person's own sign-in
	Mail      string            `json:"mail"`     // the one of them that opens mailboxes
	Alone     string            `json:"alone"`    // scope of a service account or an application
	Extra     map[string]string `json:"extra"`    // further parameters of the sign-in page
	Source    string            `json:"source"`
	Certainty string            `json:"certainty"` // C checked in the source, M from memory
}

//go:embed data/services.json
var servicesJSON []byte

var services = func() []Service {
	dec := json.NewDecoder(bytes.NewReader(servicesJSON))
	dec.DisallowUnknownFields()
	var all []Service
	if err := dec.Decode(&all); err != nil {
		panic("data/services.json: " + err.Error()) // a test reads it
	}
	return all
}()

// Services lists what is built in.
func Services() []Service { return slices.Clone(services) }

// Client talks to the vendors. The zero value is ready to use and safe for
// concurrent use.
type Client struct {
	HTTP     *http.Client // nil: one that gives up after 30 seconds
	Services []Service    // nil: [Services]
	Clock    func() time.Time
	wait     waiting       // nil: [sleep]
	patience time.Duration // for a person at the sign-in page; 0: [signInLimit]
}

func (c *Client) now() time.Time {
	if c.Clock != nil {
		return c.Clock()
	}
	return time.Now()
}

var tenantName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$`)

// anyOrganisation is Microsoft's name for every directory but personal accounts.
const anyOrganisation = "organizations"

// service is the vendor's, with the app's tenant filled in. Errors: invalid with
// Args field.
func (c *Client) service(a App) (Service, error) {
	all := c.Services
	if all == nil {
		all = services
	}
	i := slices.IndexFunc(all, func(s Service) bool { return s.Vendor == a.Vendor })
	if i < 0 {
		return Service{}, core.E(core.Invalid, "sign-in app", nil, "field", "vendor", "reason", "unknown")
	}
	s, tenant := all[i], strings.TrimSpace(a.Tenant)
	if tenant == "" {
		tenant = anyOrganisation
	}
	if !tenantName.MatchString(tenant) {
		return Service{}, core.E(core.Invalid, "sign-in app", nil, "field", "tenant", "reason", "malformed")
	}
	for _, address := range []*string{&s.Authorize, &s.Token, &s.Device} {
		*address = strings.ReplaceAll(*address, "{tenant}", tenant)
	}
	return s, nil
}

// Check finds what is wrong with an app before anything connects: invalid with Args
// field (vendor, tenant, client_id) and reason.
func (a App) Check() error {
	if _, err := (&Client{}).service(a); err != nil {
		return err
	}
	switch id := a.ClientID; {
	case id == "":
		return core.E(core.Invalid, "sign-in app", nil, "field", "client_id", "reason", "missing")
	case len(id) > 300 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return core.E(core.Invalid, "sign-in app", nil, "field", "client_id", "reason", "malformed")
	}
	return nil
}
