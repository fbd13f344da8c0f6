package lookup

import (
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// Status is how a question ended.
type Status string

// The ways a question ends. The first three are answers, the others are not.
const (
	Found       Status = "found"
	NoData      Status = "nodata"   // the name exists, without records of this type
	NXDomain    Status = "nxdomain" // the name does not exist
	ServFail    Status = "servfail" // the resolver could not find out, or the signatures are wrong
	Refused     Status = "refused"  // the resolver does not serve us
	Lame        Status = "lame"     // a name server that knows nothing of its zone
	Timeout     Status = "timeout"
	Unreachable Status = "unreachable" // no route, nothing listens
	Malformed   Status = "malformed"   // the answer makes no sense
	Loop        Status = "loop"        // aliases that lead back to themselves, or more than [maxChain]
	BadName     Status = "bad_name"    // cannot be asked: a label over 63 bytes, an empty one, over 253 in all
	Canceled    Status = "canceled"
)

// Statuses lists the ways a question ends.
var Statuses = []Status{Found, NoData, NXDomain, ServFail, Refused, Lame, Timeout, Unreachable, Malformed, Loop, BadName, Canceled}

// Answer is what came of one question.
type Answer struct {
	Name      string // asked for: lower case, without the last dot
	Type      uint16
	Status    Status
	Records   []dns.RR      // of the type, at the end of the chain of aliases
	Chain     []string      // names that aliases (CNAME) led to
	TTL       time.Duration // smallest of what was used; for a negative answer the SOA's
	Authentic bool          // the resolver says that it has checked the signatures
	Truncated bool          // did not fit into UDP: TCP was needed
	NoTCP     bool          // truncated, and TCP did not work
	Size      int           // bytes of the answer
	Server    string        // who answered, host:port
	Err       error         // the system's words, where there is no answer
	Msg       *dns.Msg      // the whole answer; nil if there is none
}

// Known says that the question was answered, be it by "there is none".
func (a Answer) Known() bool {
	return a.Status == Found || a.Status == NoData || a.Status == NXDomain
}

// None says that there certainly is no such record.
func (a Answer) None() bool { return a.Status == NoData || a.Status == NXDomain }

// Texts are the TXT records, each with its strings joined without a space.
func (a Answer) Texts() []string {
	var all []string
	for _, rr := range a.Records {
		if t, ok := rr.(*dns.TXT); ok {
			all = append(all, unescape(strings.Join(t.Txt, "")))
		}
	}
	return all
}

// unescape turns the presentation form that miekg/dns keeps (\" \\ \DDD) into bytes.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 >= len(s) {
			b.WriteByte(s[i])
			continue
		}
		if i+3 < len(s) && digit(s[i+1]) && digit(s[i+2]) && digit(s[i+3]) {
			b.WriteByte((s[i+1]-'0')*100 + (s[i+2]-'0')*10 + s[i+3] - '0')
			i += 3
			continue
		}
		i++
		b.WriteByte(s[i])
	}
	return b.String()
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// MX is one exchanger.
type MX struct {
	Host string // "" for a null MX
	Pref uint16
}

// MX are the exchangers as the answer has them.
func (a Answer) MX() []MX {
	var all []MX
	for _, rr := range a.Records {
		if m, ok := rr.(*dns.MX); ok {
			all = append(all, MX{Host: Name(m.Mx), Pref: m.Preference})
		}
	}
	return all
}

// IPs are the addresses of A and AAAA records.
func (a Answer) IPs() []netip.Addr {
	var all []netip.Addr
	for _, rr := range a.Records {
		switch v := rr.(type) {
		case *dns.A:
			if ip, ok := netip.AddrFromSlice(v.A); ok {
				all = append(all, ip.Unmap())
			}
		case *dns.AAAA:
			if ip, ok := netip.AddrFromSlice(v.AAAA); ok {
				all = append(all, ip)
			}
		}
	}
	return all
}

// Targets are the names that NS, PTR and CNAME records point to.
func (a Answer) Targets() []string {
	var all []string
	for _, rr := range a.Records {
		switch v := rr.(type) {
		case *dns.NS:
			all = append(all, Name(v.Ns))
		case *dns.PTR:
			all = append(all, Name(v.Ptr))
		case *dns.CNAME:
			all = append(all, Name(v.Target))
		}
	}
	return all
}

// SRV are the service records as the answer has them.
func (a Answer) SRV() []*dns.SRV {
	var all []*dns.SRV
	for _, rr := range a.Records {
		if s, ok := rr.(*dns.SRV); ok {
			all = append(all, s)
		}
	}
	return all
}

// Text is the answer for evidence: its records as a zone file has them, or the status.
func (a Answer) Text() string {
	if len(a.Records) == 0 && len(a.Chain) == 0 {
		if a.Err != nil {
			return string(a.Status) + ": " + a.Err.Error()
		}
		return string(a.Status)
	}
	var b strings.Builder
	for _, to := range a.Chain {
		b.WriteString("CNAME " + to + ".\n")
	}
	for _, rr := range a.Records {
		b.WriteString(rr.String() + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Title names the question for evidence, e.g. "example.com MX".
func (a Answer) Title() string { return a.Name + " " + dns.TypeToString[a.Type] }

// Name is a domain name as this package writes it: lower case, without the last dot.
func Name(s string) string { return strings.ToLower(strings.TrimSuffix(s, ".")) }
