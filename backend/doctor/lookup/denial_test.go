package lookup_test

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"mailroom/backend/doctor/lookup"
	"mailroom/backend/testkit/servers"
)

const signedZone = `
$ORIGIN example.
$TTL 300
@ SOA ns admin 1 3600 600 1209600 60
@ NS ns
ns A 192.0.2.53
a A 192.0.2.1
m MX 10 a
alias CNAME a
*.wild TXT "for all"
x.y.ent A 192.0.2.2
plain NS ns.plain
ns.plain A 192.0.2.54
z TXT "last"
`

const unsignedZone = `
$ORIGIN plain.example.
$TTL 300
@ SOA ns admin 1 3600 600 1209600 60
@ NS ns
ns A 192.0.2.54
@ MX 10 ns
`

// tampered stands between and changes answers; it speaks UDP only, which is enough for
// these zones.
func tampered(t *testing.T, upstream string, change func(*dns.Msg)) string {
	t.Helper()
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	server := &dns.Server{PacketConn: packets, NotifyStartedFunc: func() { close(started) }, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, ask *dns.Msg) {
		client := &dns.Client{Timeout: 30 * time.Second, UDPSize: 4096, Net: "tcp"}
		reply, _, err := client.Exchange(ask, upstream)
		if err != nil {
			return
		}
		change(reply)
		_ = w.WriteMsg(reply)
	})}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.ActivateAndServe() }()
	<-started
	t.Cleanup(func() { _ = server.Shutdown(); <-done })
	return packets.LocalAddr().String()
}

// without takes records out of the authority section.
func without(kinds ...uint16) func(*dns.Msg) {
	return func(m *dns.Msg) {
		m.Ns = slices.DeleteFunc(m.Ns, func(rr dns.RR) bool {
			if s, ok := rr.(*dns.RRSIG); ok {
				return slices.Contains(kinds, s.TypeCovered)
			}
			return slices.Contains(kinds, rr.Header().Rrtype)
		})
	}
}

func anchored(t *testing.T, at string, anchor *dns.DS) *lookup.Resolver {
	t.Helper()
	r, err := lookup.New(lookup.Config{Servers: []string{at}, Anchors: []*dns.DS{anchor}, TryFor: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// That something does not exist is proved by a real server's records, by names and by
// hashes, and is believed for no less.
func TestAbsenceIsProved(t *testing.T) {
	for form, signed := range map[string]string{"NSEC": "example", "NSEC3": servers.Hashed("example")} {
		t.Run(form, func(t *testing.T) {
			k := servers.Knot(t, map[string]string{"example": signedZone, "plain.example": unsignedZone}, signed)
			anchor := k.DS["example"]
			honest := anchored(t, k.Addr, anchor)
			for _, c := range []struct {
				name string
				kind uint16
				want lookup.Security
			}{
				{"a.example", dns.TypeA, lookup.Secure},
				{"a.example", dns.TypeTXT, lookup.Secure},                // no such record
				{"nobody.example", dns.TypeA, lookup.Secure},             // no such name
				{"deep.below.nobody.example", dns.TypeMX, lookup.Secure}, // no such name, further down
				{"0.example", dns.TypeA, lookup.Secure},                  // before the first
				{"zz.example", dns.TypeA, lookup.Secure},                 // behind the last
				{"ent.example", dns.TypeA, lookup.Secure},                // has names below it only
				{"anything.wild.example", dns.TypeTXT, lookup.Secure},    // from a wildcard
				{"any.thing.wild.example", dns.TypeTXT, lookup.Secure},   // from a wildcard, deeper
				{"anything.wild.example", dns.TypeMX, lookup.Secure},     // the wildcard has no such record
				{"plain.example", dns.TypeMX, lookup.Insecure},           // the zone above proves that it is not signed
				{"nobody.plain.example", dns.TypeMX, lookup.Insecure},
			} {
				if got, why := honest.Validate(t.Context(), c.name, c.kind); got != c.want {
					t.Errorf("%s %s: %s (%s)", c.name, dns.TypeToString[c.kind], got, why)
				}
			}
			for name, lie := range map[string]struct {
				change func(*dns.Msg)
				name   string
				kind   uint16
			}{
				"no proof that the record is absent": {without(dns.TypeNSEC, dns.TypeNSEC3), "a.example", dns.TypeTXT},
				"no proof that the name is absent":   {without(dns.TypeNSEC, dns.TypeNSEC3), "nobody.example", dns.TypeA},
				"no proof that the zone is unsigned": {without(dns.TypeNSEC, dns.TypeNSEC3), "plain.example", dns.TypeMX},
				"no proof beside a wildcard":         {without(dns.TypeNSEC, dns.TypeNSEC3), "anything.wild.example", dns.TypeTXT},
				"a record that is there is denied": {func(m *dns.Msg) {
					if m.Question[0].Qtype == dns.TypeMX {
						m.Answer, m.Rcode = nil, dns.RcodeSuccess
					}
				}, "m.example", dns.TypeMX},
				"a name that is there is denied by another's proof": {replay(t, k.Addr, "nobody.example"), "m.example", dns.TypeMX},
				"a changed proof": {func(m *dns.Msg) {
					for _, rr := range m.Ns {
						switch n := rr.(type) {
						case *dns.NSEC:
							n.NextDomain = "zzz.example."
						case *dns.NSEC3:
							n.TypeBitMap = nil
							n.NextDomain = "VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV"
						}
					}
				}, "nobody.example", dns.TypeA},
			} {
				r := anchored(t, tampered(t, k.Addr, lie.change), anchor)
				if got, why := r.Validate(t.Context(), lie.name, lie.kind); got != lookup.Bogus {
					t.Errorf("%s: %s (%s)", name, got, why)
				}
			}
		})
	}
}

// replay answers questions for one name with the true denial of another.
func replay(t *testing.T, upstream, other string) func(*dns.Msg) {
	ask := new(dns.Msg).SetQuestion(dns.Fqdn(other), dns.TypeMX)
	ask.SetEdns0(4096, true)
	client := &dns.Client{Net: "tcp"}
	denial, _, err := client.Exchange(ask, upstream)
	if err != nil {
		t.Fatal(err)
	}
	return func(m *dns.Msg) {
		if m.Question[0].Name == "m.example." {
			m.Answer, m.Ns, m.Rcode = nil, denial.Ns, dns.RcodeNameError
		}
	}
}

// A server that leaves all signatures out says nothing about the domain.
func TestAServerWithoutSignaturesSaysNothing(t *testing.T) {
	k := servers.Knot(t, map[string]string{".": ". 300 IN SOA a. b. 1 3600 600 1209600 60\n. 300 IN NS a.\na. 300 IN A 192.0.2.1\n"}, ".")
	anchor := k.DS["."]
	if anchor == nil {
		anchor = k.DS[""]
	}
	bare := tampered(t, k.Addr, func(m *dns.Msg) {
		m.Answer = slices.DeleteFunc(m.Answer, func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeRRSIG })
		without(dns.TypeNSEC, dns.TypeSOA)(m)
	})
	r := anchored(t, bare, anchor)
	if got, why := r.Validate(t.Context(), "a", dns.TypeA); got != lookup.Indeterminate {
		t.Errorf("%s (%s)", got, why)
	}
}

func FuzzValidate(f *testing.F) {
	f.Add([]byte("\x00\x00"), uint8(3))
	f.Fuzz(func(t *testing.T, raw []byte, rcode uint8) {
		m := new(dns.Msg)
		if m.Unpack(raw) != nil {
			return
		}
		lookup.Deny(m, "a.example", dns.TypeA, rcode%2 == 0)
	})
}

// Whatever records there are, what they prove about a name that one of them owns is never
// that the name does not exist.
func TestANameThatIsListedIsNeverProvedAbsent(t *testing.T) {
	label := rapid.StringMatching(`[a-z0-9]{1,6}`)
	rapid.Check(t, func(t *rapid.T) {
		own := label.Draw(t, "own") + ".example."
		m := new(dns.Msg)
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			m.Ns = append(m.Ns, &dns.NSEC{Hdr: dns.RR_Header{Name: label.Draw(t, "a") + ".example.", Rrtype: dns.TypeNSEC}, NextDomain: label.Draw(t, "b") + ".example."})
		}
		m.Ns = append([]dns.RR{&dns.NSEC{Hdr: dns.RR_Header{Name: own, Rrtype: dns.TypeNSEC}, NextDomain: "zzzzzzz.example.", TypeBitMap: []uint16{dns.TypeA}}}, m.Ns...)
		if lookup.Deny(m, own, dns.TypeA, true) {
			t.Fatalf("%s was proved absent by %v", own, m.Ns)
		}
	})
}
