package dmarc_test

import (
	"context"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"mailroom/backend/doctor/dmarc"
	"mailroom/backend/doctor/lookup"
)

func TestTagsAreReadInAnyOrderAndWithBlanks(t *testing.T) {
	r := dmarc.Parse(" v = DMARC1 ;rua=mailto:a@x.example , mailto:b@y.example!10m; P=Reject ; sp=none; np=quarantine; adkim=s; t=y; psd=n;;")
	if r.P != dmarc.Reject || r.SP != dmarc.None || r.NP != dmarc.Quarantine || !r.StrictDKIM || r.StrictSPF || !r.Testing || r.PSD != "n" || len(r.RUA) != 2 || !r.Misplaced {
		t.Errorf("%+v", r)
	}
	if old := dmarc.Parse("v=DMARC1; p=none; pct=20; ri=3600; rf=afrf"); old.Percent != 20 || len(old.Removed) != 3 || old.Misplaced {
		t.Errorf("%+v", old)
	}
	if odd := dmarc.Parse("v=DMARC1; p=none; p=reject; foo=1; bar"); odd.P != dmarc.None || len(odd.Doubled) != 1 || len(odd.Unknown) != 1 || len(odd.Unreadable) != 1 {
		t.Errorf("%+v", odd)
	}
}

func TestTheVersionMustComeFirstAndInItsCase(t *testing.T) {
	for text, want := range map[string][2]bool{ // is, near
		"v=DMARC1; p=none": {true, false}, "v = DMARC1;p=none": {true, false}, "v=dmarc1; p=none": {false, true}, "p=none; v=DMARC1": {false, true},
		"v=DMARC1.1; p=none": {false, true}, "v=spf1 -all": {false, false}, "": {false, false}, "V=DMARC1": {true, false},
	} {
		if is, near := dmarc.Is(text), dmarc.Near(text); is != want[0] || near != want[1] {
			t.Errorf("%q: is %v, near %v", text, is, near)
		}
	}
}

func TestMailboxesOfURIs(t *testing.T) {
	for uri, want := range map[string]string{"mailto:a@x.example": "a@x.example", "MAILTO:a@x.example!50m": "a@x.example", "a@x.example": "", "https://x.example/": "", "mailto:a": "", "mailto:@x.example": ""} {
		if got, ok := dmarc.Mailbox(uri); got != want || ok != (want != "") {
			t.Errorf("%q: %q", uri, got)
		}
	}
}

// tree answers with texts by name and counts.
type tree struct {
	texts map[string]string
	asked *[]string
}

func (t tree) Ask(_ context.Context, name string, kind uint16) lookup.Answer {
	*t.asked = append(*t.asked, name)
	a := lookup.Answer{Name: name, Type: kind, Status: lookup.NXDomain}
	if text, ok := t.texts[name]; ok {
		a.Status = lookup.Found
		a.Records = []dns.RR{&dns.TXT{Hdr: dns.RR_Header{Name: name}, Txt: []string{text}}}
	}
	return a
}

// The examples of RFC 9989: the walk stops at psd=n, looks below psd=y, and asks eight
// times at most.
func TestTheWalkUpTheTree(t *testing.T) {
	for name, c := range map[string]struct {
		domain  string
		texts   map[string]string
		at, org string
		suffix  bool
	}{
		"own":            {"example.com", map[string]string{"_dmarc.example.com": "v=DMARC1; p=none"}, "example.com", "example.com", false},
		"inherited":      {"a.b.example.com", map[string]string{"_dmarc.example.com": "v=DMARC1; p=none"}, "example.com", "example.com", false},
		"stopped":        {"a.b.example.com", map[string]string{"_dmarc.b.example.com": "v=DMARC1; p=none; psd=n", "_dmarc.example.com": "v=DMARC1; p=reject"}, "b.example.com", "b.example.com", false},
		"below a suffix": {"a.example.bank", map[string]string{"_dmarc.bank": "v=DMARC1; p=reject; psd=y", "_dmarc.example.bank": "v=DMARC1; p=none"}, "example.bank", "example.bank", false},
		"suffix only":    {"a.example.bank", map[string]string{"_dmarc.bank": "v=DMARC1; p=reject; psd=y"}, "bank", "example.bank", true},
		"none":           {"example.com", nil, "", "", false},
	} {
		var asked []string
		f := dmarc.Find(t.Context(), tree{c.texts, &asked}, c.domain)
		if f.At != c.at || f.Org != c.org || f.Suffix != c.suffix {
			t.Errorf("%s: at %q, org %q, suffix %v", name, f.At, f.Org, f.Suffix)
		}
	}
	var asked []string
	dmarc.Find(t.Context(), tree{nil, &asked}, strings.Repeat("a.", 20)+"example.com")
	if len(asked) != dmarc.MaxWalk || asked[1] != "_dmarc.a.a.a.a.a.example.com" {
		t.Errorf("asked %q", asked)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"v=DMARC1; p=none", "v=DMARC1;;=;p=;p", "v=DMARC1; rua=mailto:%ff@x,,!", "\x00=\xff;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := dmarc.Parse(text)
		if r.Percent < 0 || r.Percent > 100 {
			t.Error(r.Percent)
		}
		for _, u := range append(r.RUA, r.RUF...) {
			dmarc.Mailbox(u)
		}
		_ = r.Effective().Strength() + len(text)
		if dmarc.Is(text) && dmarc.Near(text) {
			t.Error("both a record and none")
		}
	})
}
