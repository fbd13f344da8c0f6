package spf_test

import (
	"net/netip"
	"strings"
	"testing"

	"mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/spf"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/nameserver"
)

func TestMain(m *testing.M) { leak.Main(m) }

func ask(t *testing.T, zone string) *lookup.Resolver {
	t.Helper()
	s := nameserver.Start(t, zone)
	r, err := lookup.New(lookup.Config{Servers: []string{s.Addr}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLookupsAreCountedOverTheWholeTree(t *testing.T) {
	r := ask(t, `
office.example. IN TXT "v=spf1 a:mail.office.example mx include:one.example ip4:192.0.2.0/24 exists:%{i}.list.example ptr ~all include:never.example"
mail.office.example. IN A 192.0.2.1
office.example. IN MX 10 mail.office.example.
one.example. IN TXT "v=spf1 include:two.example a:gone.example -all"
two.example. IN TXT "v=spf1 ip4:198.51.100.0/24 redirect=three.example"
three.example. IN TXT "v=spf1 ip6:2001:db8::/32 -all"
`)
	s := spf.Inspect(t.Context(), r, "office.example")
	// a, mx, include one, include two, redirect three, a:gone, exists, ptr; not the include behind all.
	if s.Lookups != 8 || s.Void != 1 || s.All != '~' || len(s.Networks) != 3 {
		t.Fatalf("%d lookups, %d void, all %c, networks %v\n%s", s.Lookups, s.Void, s.All, s.Networks, s)
	}
	if got := s.VoidTerms(); len(got) != 1 || got[0] != "a:gone.example" {
		t.Error(got)
	}
	if got := strings.Join(s.Hosts, " "); got != "one.example two.example three.example" {
		t.Error(got)
	}
}

// "include:spf.example" must not be seen in "include:spf.example.evil", nor a host
// named after "a:" be taken for the bare "a".
func TestNamesAreWholeNames(t *testing.T) {
	r := ask(t, `
office.example. IN TXT "v=spf1 a:other.example include:spf.example.evil.test -all"
office.example. IN A 192.0.2.7
other.example. IN A 192.0.2.8
spf.example.evil.test. IN TXT "v=spf1 ?all"
`)
	s := spf.Inspect(t.Context(), r, "office.example")
	if len(s.Hosts) != 1 || s.Hosts[0] != "spf.example.evil.test" {
		t.Error(s.Hosts)
	}
	for ip, want := range map[string]spf.Result{"192.0.2.7": spf.Fail, "192.0.2.8": spf.Pass} {
		out := spf.Check(t.Context(), r, spf.Sender{IP: netip.MustParseAddr(ip), From: "li@office.example", Helo: "mail.office.example"})
		if out.Result != want {
			t.Errorf("%s: %s", ip, out.Result)
		}
	}
}

func TestFaultsAreFoundWhereTheyStand(t *testing.T) {
	for want, zone := range map[spf.Problem]string{
		spf.ProblemSyntax:     `office.example. IN TXT "v=spf1 include:one.example -all"` + "\n" + `one.example. IN TXT "v=spf1 ipv4:192.0.2.1 -all"`,
		spf.ProblemTwo:        `office.example. IN TXT "v=spf1 -all"` + "\n" + `office.example. IN TXT "v=spf1 mx -all"`,
		spf.ProblemMissing:    `office.example. IN TXT "v=spf1 include:gone.example -all"`,
		spf.ProblemLoop:       `office.example. IN TXT "v=spf1 include:one.example -all"` + "\n" + `one.example. IN TXT "v=spf1 include:office.example -all"`,
		spf.ProblemUnanswered: `office.example. IN TXT "v=spf1 include:a.b.c.example -all"` + "\n" + `a.b.c.example. IN CNAME d.example.` + "\n" + `d.example. IN CNAME a.b.c.example.`,
	} {
		s := spf.Inspect(t.Context(), ask(t, zone), "office.example")
		if !s.Has(want) {
			t.Errorf("%s: %v\n%s", want, s.Problems, s)
		}
		if domain, _ := s.Find(want); domain == "" {
			t.Errorf("%s: not found again", want)
		}
	}
}

// A tree that never ends must not be followed for ever.
func TestASurveyEnds(t *testing.T) {
	var zone strings.Builder
	zone.WriteString("*.deep.example. IN TXT \"v=spf1 include:x.%{d} include:y.%{d} -all\"\n")
	zone.WriteString("office.example. IN TXT \"v=spf1 include:deep.deep.example -all\"\n")
	s := spf.Inspect(t.Context(), ask(t, zone.String()), "office.example")
	if !s.Has(spf.ProblemDepth) || s.Lookups <= spf.MaxLookups {
		t.Errorf("%v after %d", s.Problems, s.Lookups)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"v=spf1 -all", "v=spf1 a:%{i}._spf.%{d2r-+}/24//64 mx/0 ?include:x.y redirect=a.b exp=c.d", "v=spf1 ip4:1.2.3.4/33", "v=spf1 %", "v=spf1 a:%{", "v=spf1 x=%{h}%%%_%-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := spf.Parse(text)
		if err == nil && r == nil {
			t.Fatal("neither record nor error")
		}
		if err == nil {
			for _, term := range r.Terms {
				if term.Text == "" || term.Kind == "" {
					t.Errorf("%+v", term)
				}
			}
		}
	})
}
