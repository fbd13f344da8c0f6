package wire

import (
	"net"
	"net/url"
	"strings"

	"mailroom/backend/core"
)

// Base reads the address that an adapter speaks to; "" is the vendor's own. https
// anywhere, http on this computer only: a key must not cross a network in the clear.
// Anything else is invalid, with field "baseUrl".
func Base(address, vendors string) (*url.URL, error) {
	if address == "" {
		address = vendors
	}
	u, err := url.Parse(address)
	wrong := func(reason string) error {
		return core.E(core.Invalid, "read address", nil, "field", "baseUrl", "reason", reason)
	}
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return nil, wrong("address")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, wrong("address")
	case u.Scheme == "http" && !loopback(u.Hostname()), u.Scheme != "http" && u.Scheme != "https":
		return nil, wrong("https")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
