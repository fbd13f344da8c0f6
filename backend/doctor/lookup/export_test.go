package lookup

import "github.com/miekg/dns"

// Deny says whether a message's records alone, their signatures aside, prove that a name
// does not exist, or has no such record.
func Deny(m *dns.Msg, name string, kind uint16, gone bool) bool {
	d := denial{name: dns.Fqdn(name), zone: "example.", kind: kind, gone: gone}
	for _, rr := range m.Ns {
		switch n := rr.(type) {
		case *dns.NSEC:
			d.nsec = append(d.nsec, n)
		case *dns.NSEC3:
			d.nsec3 = append(d.nsec3, n)
		}
	}
	return d.holds() == proved
}
