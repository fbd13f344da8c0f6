package imap

import (
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/core/dialing"
	"mailroom/backend/mailbox"
)

// Security is how a connection is protected.
type Security = dialing.Security

// The kinds of protection.
const (
	TLS      = dialing.TLS      // TLS from the first byte (port 993)
	StartTLS = dialing.StartTLS // plain text, then STARTTLS before anything else (port 143)
	Plain    = dialing.Plain    // no protection: loopback, or with AllowPlaintext
)

// Mechanism is how the sign-in proves who we are.
type Mechanism string

// The mechanisms. Auto takes LOGIN, or PLAIN where an authorisation identity or odd
// characters in the password ask for it; it never takes a token mechanism.
const (
	Auto        Mechanism = ""
	Login       Mechanism = "LOGIN"       // the LOGIN command, RFC 9051 section 6.2.3
	PlainAuth   Mechanism = "PLAIN"       // RFC 4616
	XOAuth2     Mechanism = "XOAUTH2"     // developers.google.com/gmail/imap/xoauth2-protocol
	OAuthBearer Mechanism = "OAUTHBEARER" // RFC 7628
	Bearer      Mechanism = "BEARER"      // a token: XOAUTH2, or OAUTHBEARER where only that is offered
)

// Compress says when to use COMPRESS=DEFLATE (RFC 4978), where offered.
type Compress int

// The policies.
const (
	CompressAuto   Compress = iota // on a distant server, never on loopback
	CompressNever                  //
	CompressAlways                 //
)

// Identity is what the ID command (RFC 2971) tells the server about this program.
type Identity struct {
	Name, Version, Vendor string
}

// Timeouts bounds waiting; a zero field means its default.
type Timeouts struct {
	Dial    time.Duration // to connect and to finish TLS, 30 s
	Silence time.Duration // without a byte while an answer is due, 120 s
	Logout  time.Duration // for a polite goodbye, 2 s
	Stray   time.Duration // after a line that answers no command, before it counts as the answer, 10 s
}

// Config describes one account on one server.
type Config struct {
	Host     string
	Port     int // 0: the default of Security
	Security Security
	User     string
	Authz    string // whose mailbox to open, where User is a master user; "" User's own
	// Separator, with Authz, signs in as Authz+Separator+User with LOGIN or PLAIN, the way
	// of Dovecot's auth_master_user_separator; "" sends PLAIN's authorisation identity.
	Separator string
	Password  string
	// Secret, if set, is asked for the password or token at each sign-in instead of Password.
	Secret    func(context.Context) (string, error)
	Mechanism Mechanism

	CAFile         string // PEM file with one or more further authorities to trust
	PinnedSHA256   string // hex SHA-256 of one certificate (DER) to trust as it is; colons allowed
	ServerName     string // name the certificate must have; "" Host
	AllowPlaintext bool   // allow Plain on other hosts than loopback

	ID         Identity
	Compress   Compress
	Timeouts   Timeouts
	IgnoreCaps []string // capabilities to treat as not offered
	// Dial makes the connection; nil: TCP with keep-alive.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Transcript receives what both sides say, without secrets and literals' content.
	Transcript io.Writer
}

// Account is one IMAP account that sessions can be opened on. It is safe for
// concurrent use.
type Account struct {
	cfg   Config
	trust *dialing.Trust
}

var _ mailbox.Account = (*Account)(nil)

// New checks cfg without any network. Errors: invalid with Args field, not_found
// for a missing CA file.
func New(cfg Config) (*Account, error) {
	const op = "imap account"
	switch {
	case cfg.Host == "" || strings.ContainsAny(cfg.Host, " /@\r\n\x00"):
		return nil, core.E(core.Invalid, op, nil, "field", "host", "value", cfg.Host)
	case cfg.User == "" || strings.ContainsAny(cfg.User, "\r\n\x00"):
		return nil, core.E(core.Invalid, op, nil, "field", "user")
	case strings.ContainsAny(cfg.Authz, "\r\n\x00"):
		return nil, core.E(core.Invalid, op, nil, "field", "authz")
	case len(cfg.Separator) > 1 || strings.ContainsAny(cfg.Separator, "\r\n\x00\"\\ "):
		return nil, core.E(core.Invalid, op, nil, "field", "separator")
	case cfg.Port < 0 || cfg.Port > 65535:
		return nil, core.E(core.Invalid, op, nil, "field", "port", "value", strconv.Itoa(cfg.Port))
	case cfg.Security == Plain && !cfg.AllowPlaintext && !dialing.IsLoopback(cfg.Host):
		return nil, core.E(core.Invalid, op, nil, "field", "security", "value", "plaintext", "host", cfg.Host)
	}
	switch cfg.Mechanism {
	case Auto, Login, PlainAuth, XOAuth2, OAuthBearer, Bearer:
	default:
		return nil, core.E(core.Invalid, op, nil, "field", "mechanism", "value", string(cfg.Mechanism))
	}
	trust, err := dialing.NewTrust(dialing.Server{
		Host: cfg.Host, ServerName: cfg.ServerName, CAFile: cfg.CAFile, PinnedSHA256: cfg.PinnedSHA256,
	})
	if err != nil {
		return nil, err
	}
	cfg.fill()
	return &Account{cfg: cfg, trust: trust}, nil
}

func (c *Config) fill() {
	if c.Port == 0 {
		c.Port = 143
		if c.Security == TLS {
			c.Port = 993
		}
	}
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&c.Timeouts.Dial, 30*time.Second)
	def(&c.Timeouts.Silence, 120*time.Second)
	def(&c.Timeouts.Logout, 2*time.Second)
	def(&c.Timeouts.Stray, 10*time.Second)
	if c.ID.Name == "" {
		c.ID = Identity{Name: "Mailroom", Version: "1.0", Vendor: "Mailroom"}
	}
	if c.ServerName == "" {
		c.ServerName = c.Host
	}
}

// signIn is as whom to sign in and whose mailbox to ask for.
func (c *Config) signIn() (user, authz string) {
	if c.Authz != "" && c.Separator != "" {
		return c.Authz + c.Separator + c.User, ""
	}
	return c.User, c.Authz
}

func (c *Config) addr() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// Key identifies the mailbox: the authorised user at host and port.
func (a *Account) Key() string {
	user := a.cfg.User
	if a.cfg.Authz != "" {
		user = a.cfg.Authz
	}
	return "imap:" + user + "@" + strings.ToLower(a.cfg.addr())
}
