package pop3

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/core/dialing"
	"mailroom/backend/mailbox"
)

// Security is how a connection is protected.
type Security = dialing.Security

// The kinds of protection.
const (
	TLS      = dialing.TLS      // TLS from the first byte (port 995)
	StartTLS = dialing.StartTLS // plain text, then STLS before anything else (port 110)
	Plain    = dialing.Plain    // no protection: loopback, or with AllowPlaintext
)

// Mechanism is how the sign-in proves who we are.
type Mechanism string

// The mechanisms. Auto takes USER and PASS, or AUTH PLAIN where an authorisation
// identity or a server without USER asks for it.
const (
	Auto        Mechanism = ""
	UserPass    Mechanism = "USER"
	APOP        Mechanism = "APOP"        // MD5 of a timestamp and the password; only if asked for
	PlainAuth   Mechanism = "PLAIN"       // RFC 4616
	XOAuth2     Mechanism = "XOAUTH2"     //
	OAuthBearer Mechanism = "OAUTHBEARER" // RFC 7628
	Bearer      Mechanism = "BEARER"      // a token, as XOAUTH2 or OAUTHBEARER
)

// Numbers remembers which number each message has: POP3 names messages by texts
// (UIDL), a mailbox wants ascending numbers that stay.
type Numbers interface {
	// Number returns the numbers of the messages with these names, in their order, giving
	// new ones to those that it has not seen, ascending; next is the one after the
	// highest ever given. validity changes when what was remembered is lost.
	Number(ctx context.Context, account string, names []string) (validity uint32, uids []mailbox.UID, next mailbox.UID, err error)
}

// Config describes one account on one server.
type Config struct {
	Host      string
	Port      int // 0: the default of Security
	Security  Security
	User      string
	Authz     string // whose mailbox to open, where User is a master user
	Separator string // with Authz: signs in as Authz+Separator+User; "" PLAIN's authorisation identity
	Password  string
	// Secret, if set, is asked for the password or token at each sign-in instead.
	Secret    func(context.Context) (string, error)
	Mechanism Mechanism
	Numbers   Numbers // nil: numbers hold for one account value only

	CAFile         string
	PinnedSHA256   string
	AllowPlaintext bool

	Silence  time.Duration // without a byte while an answer is due; 0: 120 s
	LockWait time.Duration // how long a mailbox that is in use is asked for again; 0: 5 s
}

// Account is one POP3 account. It is safe for concurrent use; a POP3 mailbox takes
// one session at a time, so a second Open meanwhile is rate_limited.
type Account struct {
	cfg   Config
	trust *dialing.Trust

	mu       sync.Mutex
	open     bool
	lastSeen time.Time     // when we last signed in
	delay    time.Duration // LOGIN-DELAY, as far as told
}

var _ mailbox.Account = (*Account)(nil)

// New checks cfg without any network. Errors: invalid with Args field, not_found for a
// missing CA file.
func New(cfg Config) (*Account, error) {
	const op = "pop3 account"
	bad := func(field, value string) (*Account, error) {
		return nil, core.E(core.Invalid, op, nil, "field", field, "value", value, "host", cfg.Host)
	}
	switch {
	case cfg.Host == "" || strings.ContainsAny(cfg.Host, " /@\r\n\x00"):
		return bad("host", cfg.Host)
	case cfg.User == "" || strings.ContainsAny(cfg.User, "\r\n\x00"):
		return bad("user", "")
	case strings.ContainsAny(cfg.Authz, "\r\n\x00"):
		return bad("authz", "")
	case len(cfg.Separator) > 1 || strings.ContainsAny(cfg.Separator, "\r\n\x00 "):
		return bad("separator", "")
	case cfg.Port < 0 || cfg.Port > 65535:
		return bad("port", strconv.Itoa(cfg.Port))
	case cfg.Security == Plain && !cfg.AllowPlaintext && !dialing.IsLoopback(cfg.Host):
		return bad("security", "plaintext")
	}
	switch cfg.Mechanism {
	case Auto, UserPass, APOP, PlainAuth, XOAuth2, OAuthBearer, Bearer:
	default:
		return bad("mechanism", string(cfg.Mechanism))
	}
	trust, err := dialing.NewTrust(dialing.Server{Host: cfg.Host, CAFile: cfg.CAFile, PinnedSHA256: cfg.PinnedSHA256})
	if err != nil {
		return nil, err
	}
	if cfg.Port == 0 {
		cfg.Port = 110
		if cfg.Security == TLS {
			cfg.Port = 995
		}
	}
	if cfg.LockWait <= 0 {
		cfg.LockWait = 5 * time.Second
	}
	if cfg.Silence <= 0 {
		cfg.Silence = 120 * time.Second
	}
	if cfg.Numbers == nil {
		cfg.Numbers = &memory{}
	}
	return &Account{cfg: cfg, trust: trust}, nil
}

func (c *Config) addr() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// name is as whom to sign in and whose mailbox to ask for.
func (c *Config) name() (user, authz string) {
	if c.Authz != "" && c.Separator != "" {
		return c.Authz + c.Separator + c.User, ""
	}
	return c.User, c.Authz
}

// Key identifies the mailbox: the authorised user at host and port.
func (a *Account) Key() string {
	user := a.cfg.User
	if a.cfg.Authz != "" {
		user = a.cfg.Authz
	}
	return "pop3:" + user + "@" + strings.ToLower(a.cfg.addr())
}

// IsURL says whether an address is one of POP3: pop3s:, pop3+starttls: or pop3:.
func IsURL(raw string) bool {
	scheme, _, found := strings.Cut(raw, ":")
	switch strings.ToLower(scheme) {
	case "pop3s", "pop3+starttls", "pop3":
		return found
	}
	return false
}

// ParseURL reads pop3s://user%40old.example@host:995, pop3+starttls://… or pop3://…
// (plain text), with what [dialing.ParseURL] allows. Errors: invalid with Args field.
func ParseURL(raw string) (Config, error) {
	a, err := dialing.ParseURL("pop3", raw)
	if err != nil {
		return Config{}, err
	}
	return Config{Security: a.Security, Host: a.Host, Port: a.Port, User: a.User,
		Authz: a.Authz, Separator: a.Separator, Mechanism: Mechanism(a.Mechanism)}, nil
}

// memory numbers messages for as long as the account value lives.
type memory struct {
	mu    sync.Mutex
	known map[string]mailbox.UID
}

func (m *memory) Number(_ context.Context, _ string, names []string) (uint32, []mailbox.UID, mailbox.UID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[string]mailbox.UID{}
	}
	uids := make([]mailbox.UID, len(names))
	for i, name := range names {
		uid, ok := m.known[name]
		if !ok {
			uid = mailbox.UID(len(m.known) + 1)
			m.known[name] = uid
		}
		uids[i] = uid
	}
	return 1, uids, mailbox.UID(len(m.known) + 1), nil
}
