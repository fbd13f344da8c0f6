package imap

import (
	"net/url"
	"strconv"
	"strings"

	"mailroom/backend/core"
)

// ParseURL reads the address of an account: imaps://user%40old.example@host:993,
// imap+starttls://… or imap://… (plain text). The port may be left out; the query
// may hold authz= (whose mailbox), separator= (see [Config]) and mechanism=. A password in the URL is refused:
// it would stand in process lists and shell histories. Errors: invalid with Args
// field; the URL itself is never part of the error.
func ParseURL(raw string) (Config, error) {
	bad := func(field, value string) (Config, error) {
		return Config{}, core.E(core.Invalid, "account address", nil, "field", field, "value", value)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return bad("url", "")
	}
	var cfg Config
	switch strings.ToLower(u.Scheme) {
	case "imaps":
		cfg.Security = TLS
	case "imap+starttls":
		cfg.Security = StartTLS
	case "imap":
		cfg.Security = Plain
	default:
		return bad("scheme", u.Scheme)
	}
	if u.User == nil || u.User.Username() == "" {
		return bad("user", "")
	}
	if _, has := u.User.Password(); has {
		return bad("password", "")
	}
	if cfg.Host = u.Hostname(); cfg.Host == "" {
		return bad("host", "")
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return bad("port", p)
		}
		cfg.Port = int(n)
	}
	if (u.Path != "" && u.Path != "/") || u.Fragment != "" || u.Opaque != "" {
		return bad("path", u.Path)
	}
	cfg.User = u.User.Username()
	for key, values := range u.Query() {
		switch key {
		case "authz":
			cfg.Authz = values[0]
		case "separator":
			cfg.Separator = values[0]
		case "mechanism":
			cfg.Mechanism = Mechanism(strings.ToUpper(values[0]))
		default:
			return bad("query", key)
		}
	}
	if cfg.Mechanism == "AUTO" {
		cfg.Mechanism = Auto
	}
	return cfg, nil
}
