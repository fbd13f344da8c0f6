//go:build !windows

package lookup

import (
	"net"

	"github.com/miekg/dns"
)

// SystemServers are the computer's own DNS servers as host:port.
func SystemServers() ([]string, error) {
	cfg, err := dns.ClientConfigFromFile("/etc/resolv.conf")
	if err != nil {
		return nil, err
	}
	var all []string
	for _, s := range cfg.Servers {
		all = append(all, net.JoinHostPort(s, cfg.Port))
	}
	return all, nil
}
