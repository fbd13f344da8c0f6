package dialing

import (
	"net/url"
	"strconv"
	"strings"

	"mailroom/backend/core"
)

// Security is how a connection is protected.
type Security int

// The kinds of protection.
const (
	TLS      Security = iota // TLS from the first byte
	StartTLS                 // plain text, then the protocol's own STARTTLS before anything else
	Plain                    // no protection
)

// Address is what the address of an account says. Port 0 is the protocol's own; an empty
// Mechanism is the best that is offered.
type Address struct {
	Security                    Security
	Host                        string
	Port                        int
	User                        string
	Authz, Separator, Mechanism string
}

// ParseURL reads the address of an account of a protocol, here imap: imaps://user%40old.example@host:993,
// imap+starttls://… or imap://… (plain text). The query may hold authz= (whose mailbox),
// separator= (between the two names) and mechanism=. A password in it is refused: it would
// stand in process lists and shell histories. Errors: invalid with Args field; the URL
// itself is never part of the error.
func ParseURL(protocol, raw string) (Address, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return badURL("url", "")
	}
	var a Address
	switch strings.ToLower(u.Scheme) {
	case protocol + "s":
		a.Security = TLS
	case protocol + "+starttls":
		a.Security = StartTLS
	case protocol:
		a.Security = Plain
	default:
		return badURL("scheme", u.Scheme)
	}
	if u.User == nil || u.User.Username() == "" {
		return badURL("user", "")
	}
	if _, has := u.User.Password(); has {
		return badURL("password", "")
	}
	if a.User, a.Host = u.User.Username(), u.Hostname(); a.Host == "" {
		return badURL("host", "")
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return badURL("port", p)
		}
		a.Port = int(n)
	}
	if (u.Path != "" && u.Path != "/") || u.Fragment != "" || u.Opaque != "" {
		return badURL("path", u.Path)
	}
	for key, values := range u.Query() {
		switch key {
		case "authz":
			a.Authz = values[0]
		case "separator":
			a.Separator = values[0]
		case "mechanism":
			if a.Mechanism = strings.ToUpper(values[0]); a.Mechanism == "AUTO" {
				a.Mechanism = ""
			}
		default:
			return badURL("query", key)
		}
	}
	return a, nil
}

func badURL(field, value string) (Address, error) {
	return Address{}, core.E(core.Invalid, "account address", nil, "field", field, "value", value)
}
