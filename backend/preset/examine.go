package preset

import (
	"slices"
	"strings"
	"sync"
)

// The uses of a [Service].
const (
	ServiceRDAP    = "rdap"    // base of an RDAP service (RFC 9083)
	ServiceProbe   = "probe"   // page that answers 204 where no sign-in page stands between
	ServiceClock   = "clock"   // page whose Date line tells the time
	ServiceControl = "control" // "host:25" of a large receiver
	ServicePublic  = "public"  // "address:53" of a DNS server that anybody may ask
	ServiceIPv6    = "ipv6"    // "[address]:port" that tells whether there is a way to the IPv6 internet
	ServiceRoutes  = "routes"  // base of RIPEstat's data API, which tells RPKI states (RFC 6811)
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

// Interceptor is a maker of programs or boxes that open TLS connections and put a
// certificate of their own in between.
type Interceptor struct {
	Word string `json:"word"` // part of the issuer's name, lower case
	Fact
}

// Authority is a certificate authority whose certificates carry another name than CAA
// records know it by (RFC 8659 4.2).
type Authority struct {
	Issuer string `json:"issuer"` // part of the issuer's name, lower case
	CAA    string `json:"caa"`
	Fact
}

// RefusedFiles are kinds of attachments that receivers refuse.
type RefusedFiles struct {
	Endings []string `json:"endings"` // of file names, lower case, without the dot
	Fact
}

type examineFile struct {
	RefusedFiles []RefusedFiles `json:"refusedFiles"`
	Services     []Service      `json:"services"`
	Interceptors []Interceptor  `json:"interceptors"`
	Authorities  []Authority    `json:"authorities"`
	Addresses    []BlockList    `json:"addresses"`
	Domains      []BlockList    `json:"domains"`
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

// Interceptors lists the known makers of what opens TLS connections.
func Interceptors() []Interceptor { return slices.Clone(examine().Interceptors) }

// Authorities lists authorities with the names that CAA records know them by.
func Authorities() []Authority { return slices.Clone(examine().Authorities) }

// RefusesFile says whether receivers refuse a file of this name for its kind.
func RefusesFile(name string) bool {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return false
	}
	ending := strings.ToLower(name[i+1:])
	return slices.ContainsFunc(examine().RefusedFiles, func(f RefusedFiles) bool { return slices.Contains(f.Endings, ending) })
}

// RefusedKinds lists the kinds of attachments that receivers refuse.
func RefusedKinds() []RefusedFiles { return slices.Clone(examine().RefusedFiles) }
