package preset

import (
	"slices"
	"sync"
)

// The uses of a [Service].
const (
	ServiceRDAP    = "rdap"    // base of an RDAP service (RFC 9083)
	ServiceProbe   = "probe"   // page that answers 204 where no sign-in page stands between
	ServiceClock   = "clock"   // page whose Date line tells the time
	ServiceControl = "control" // "host:25" of a large receiver
	ServicePublic  = "public"  // "address:53" of a DNS server that anybody may ask
)

// Service is something on the internet that an examination asks beyond the domain.
type Service struct {
	Use string `json:"use"`
	At  string `json:"at"` // an address of the web, or host:port
	Fact
}

// BlockList is a DNS block list (RFC 5782).
type BlockList struct {
	Zone   string `json:"zone"`
	Weight int    `json:"weight"` // 3: many receivers refuse; 2: some; 1: hardly anybody
	Page   string `json:"page"`   // where to ask to be taken off
	Test   string `json:"test"`   // name that is always listed; "" for addresses, whose entry is 127.0.0.2 (RFC 5782 5)
	Fact
}

type examineFile struct {
	Services  []Service   `json:"services"`
	Addresses []BlockList `json:"addresses"`
	Domains   []BlockList `json:"domains"`
}

var examine = sync.OnceValue(func() examineFile {
	var f examineFile
	mustLoad("examine.json", &f)
	return f
})

// Services lists what an examination asks beyond the domain, each use in the order in
// which it is tried.
func Services() []Service { return slices.Clone(examine().Services) }

// ServicesFor are where the services of one use are, in the order in which they are
// tried; none for an unknown use.
func ServicesFor(use string) []string {
	var all []string
	for _, s := range examine().Services {
		if s.Use == use {
			all = append(all, s.At)
		}
	}
	return all
}

// AddressLists are the block lists of addresses, the weightiest first.
func AddressLists() []BlockList { return slices.Clone(examine().Addresses) }

// DomainLists are the block lists of domains, the weightiest first.
func DomainLists() []BlockList { return slices.Clone(examine().Domains) }
