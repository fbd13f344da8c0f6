package preset

import (
	"io/fs"
	"slices"
	"sync"
)

// DNSHost is a service that keeps domains' records, with what a person needs to put one in
// there. What is not known is empty: nothing is guessed.
type DNSHost struct {
	ID      string       `json:"id"`
	Name    Words        `json:"name"`
	Servers DNSServers   `json:"servers"`
	Console string       `json:"console"` // https; "" unknown
	Steps   DNSHostSteps `json:"steps"`
	Form    DNSForm      `json:"form"`
	Note    Words        `json:"note"` // what else to mind; empty nothing
}

// DNSServers are the name servers that a host is known by.
type DNSServers struct {
	Patterns []string `json:"patterns"` // as in [MX]
	Fact
}

// DNSHostSteps say where to click, in order; empty where that is not known.
type DNSHostSteps struct {
	List []Words `json:"list"`
	Fact
}

// How a host writes things; "" unknown.
const (
	ApexAt    = "at"      // the domain itself is written @
	ApexEmpty = "empty"   // the field stays empty
	QuotesYes = "yes"     // TXT values are entered in double quotes
	QuotesNo  = "no"      // without
	MXInValue = "inValue" // the priority stands before the server in one field
	MXApart   = "separate"
)

// DNSForm says how the fields of a record are filled in.
type DNSForm struct {
	Apex     string `json:"apex"`
	Quotes   string `json:"quotes"`
	MX       string `json:"mx"`
	TextMost int    `json:"textMost"` // characters of a TXT value; 0 unknown
	TTL      int    `json:"ttl"`      // usual TTL in seconds; 0 unknown
	Fact
}

var dnsHosts = sync.OnceValue(func() []DNSHost {
	names, err := fs.Glob(files, "data/dnshosts/*.json")
	if err != nil {
		panic(err)
	}
	slices.Sort(names)
	all := make([]DNSHost, len(names))
	for i, name := range names {
		mustLoad(name[len("data/"):], &all[i])
	}
	return all
})

// DNSHosts lists the known hosts of DNS records.
func DNSHosts() []DNSHost { return slices.Clone(dnsHosts()) }

// DNSHostOf finds the host that name servers belong to: the first that is known.
func DNSHostOf(nameservers []string) (DNSHost, bool) {
	for _, ns := range nameservers {
		ns = plainHost(ns)
		for _, h := range dnsHosts() {
			for _, p := range h.Servers.Patterns {
				if _, ok := matchHost(p, ns); ok {
					return h, true
				}
			}
		}
	}
	return DNSHost{}, false
}
