package assist_test

import (
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mailroom/backend/doctor/assist"
	"mailroom/backend/doctor/dmarc"
	"mailroom/backend/doctor/spf"
	"mailroom/backend/preset"
)

func TestSPFIsMergedNotDoubled(t *testing.T) {
	for _, c := range []struct {
		records, add []string
		want         string
	}{
		{[]string{"v=spf1 include:a.example -all", "v=spf1 include:b.example ~all"}, nil, "v=spf1 include:a.example include:b.example ~all"},
		{[]string{"v=spf1 include:a.example mx -all", "v=spf1 mx include:a.example -all"}, nil, "v=spf1 include:a.example mx -all"},
		{[]string{"v=spf1 redirect=a.example"}, []string{"b.example"}, "v=spf1 include:a.example include:b.example ~all"},
		{[]string{"v=spf1 mx ?all"}, []string{"a.example"}, "v=spf1 mx include:a.example ?all"},
		{[]string{"v=spf1 +mx -all ip4:192.0.2.1"}, nil, "v=spf1 +mx -all"},
		{nil, []string{"a.example"}, "v=spf1 include:a.example ~all"},
		{[]string{"no record"}, nil, "v=spf1 ~all"},
	} {
		if got := assist.MergeSPF(c.records, c.add); got != c.want {
			t.Errorf("%q + %q:\n got %q\nwant %q", c.records, c.add, got, c.want)
		}
	}
}

// Whatever is merged can be read, and lets in everybody who was let in before.
func TestAMergedRecordIsOneAndLosesNobody(t *testing.T) {
	terms := []string{"mx", "a:mail.example", "include:a.example", "include:b.example", "ip4:192.0.2.0/24", "exists:%{i}.x.example"}
	ends := []string{"-all", "~all", "?all", "+all"}
	rapid.Check(t, func(t *rapid.T) {
		var records []string
		for range rapid.IntRange(1, 3).Draw(t, "records") {
			text := "v=spf1"
			for _, term := range rapid.SliceOf(rapid.SampledFrom(terms)).Draw(t, "terms") {
				text += " " + term
			}
			records = append(records, text+" "+rapid.SampledFrom(ends).Draw(t, "end"))
		}
		merged, err := spf.Parse(assist.MergeSPF(records, []string{"new.example"}))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range records {
			record, _ := spf.Parse(text)
			for _, term := range record.Terms {
				if term.Kind != "all" && !slices.ContainsFunc(merged.Terms, func(m spf.Term) bool { return m.Text == term.Text }) {
					t.Fatalf("%s is lost from %q", term.Text, records)
				}
			}
		}
		if !assist.Includes(assist.MergeSPF(records, []string{"new.example"}), "new.example") {
			t.Fatal("the new one is not let in")
		}
	})
}

func TestRecordsAreChangedAsTold(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{assist.EndWith("v=spf1 mx +all include:x.example", "~all"), "v=spf1 mx ~all"},
		{assist.EndWith("v=spf1 mx redirect=x.example", "~all"), "v=spf1 mx ~all"},
		{assist.Without("v=spf1 mx include:x.example -all", "include:x.example"), "v=spf1 mx -all"},
		{assist.AddNetwork("v=spf1 mx -all", netip.MustParseAddr("192.0.2.7")), "v=spf1 ip4:192.0.2.7 mx -all"},
		{assist.AddNetwork("v=spf1 mx -all", netip.MustParseAddr("2001:db8::7")), "v=spf1 ip6:2001:db8::7 mx -all"},
		{assist.TidyDMARC("rua=mailto:a@x.example;v=DMARC1;p=none;p=reject;;junk"), "v=DMARC1; p=none; rua=mailto:a@x.example"},
		{assist.WithoutTags("v=DMARC1; p=none; pct=20; ri=1", "pct", "ri"), "v=DMARC1; p=none"},
		{assist.RepairDMARC("v=dmarc1;p=block", "x.example"), "v=DMARC1; p=none; rua=mailto:postmaster@x.example"},
		{assist.Raise("v=DMARC1; p=none; pct=50"), "v=DMARC1; p=quarantine"},
		{assist.Raise("v=DMARC1; p=quarantine"), "v=DMARC1; p=reject"},
		{assist.Raise("v=DMARC1; p=reject; pct=50"), "v=DMARC1; p=reject; pct=50"},
		{assist.SetPolicy("v=DMARC1; rua=mailto:a@x.example", dmarc.None), "v=DMARC1; p=none; rua=mailto:a@x.example"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func provider(t *testing.T, id string) preset.Provider {
	t.Helper()
	p, ok := preset.ByID(id)
	if !ok {
		t.Fatal(id)
	}
	return p.For("office.example", "")
}

func states(rows []assist.Row) map[string]assist.State {
	all := map[string]assist.State{}
	for _, r := range rows {
		all[r.Use+" "+r.Name] = r.State
	}
	return all
}

func TestTheTableSaysWhatStandsAndWhatShould(t *testing.T) {
	standing := assist.Standing{
		"office.example MX":                 {"10 mx.old.example"},
		"office.example TXT":                {"v=spf1 include:spf.old.example -all", "site=1"},
		"_dmarc.office.example TXT":         {},
		"_smtp._tls.office.example TXT":     {},
		"autodiscover.office.example CNAME": {"autodiscover.old.example"},
	}
	rows := assist.Table(assist.Input{Domain: "office.example", Provider: provider(t, "tencent-exmail"), Standing: standing})
	got := states(rows)
	for key, want := range map[string]assist.State{
		"receive office.example": assist.Differs, "spf office.example": assist.Differs, "dmarc _dmarc.office.example": assist.Missing,
		"tls_reports _smtp._tls.office.example": assist.Optional, "autodiscover autodiscover.office.example": assist.Extra,
	} {
		if got[key] != want {
			t.Errorf("%s: %q, want %q", key, got[key], want)
		}
	}
	for _, r := range rows {
		if r.Use == "spf" && (len(r.Stands) != 1 || r.Should[0] != "v=spf1 include:spf.old.example include:spf.mail.qq.com -all") {
			t.Errorf("%+v", r)
		}
	}
}

func TestWhatWasPastedIsGreen(t *testing.T) {
	for _, id := range []string{"tencent-exmail", "netease-qiye", "aliyun-qiye", "google", "m365", "zoho"} {
		p := provider(t, id)
		standing := assist.Standing{}
		for _, key := range assist.Names("office.example", p) {
			standing[key] = nil
		}
		in := assist.Input{Domain: "office.example", Provider: p, Standing: standing}
		for range 2 {
			for _, r := range assist.Table(in) {
				key := assist.Key(r.Name, r.Type)
				switch {
				case r.State == assist.Console:
					standing[key] = []string{"pasted from the console"}
				case !r.Green():
					standing[key] = append(standing[key], r.Should...)
				}
			}
		}
		for _, r := range assist.Table(in) {
			if !r.Green() && r.State != assist.Console {
				t.Errorf("%s: %+v", id, r)
			}
		}
	}
}

// The DNS that does not answer must not make a row red.
func TestSilenceIsNotMissing(t *testing.T) {
	for _, r := range assist.Table(assist.Input{Domain: "office.example", Provider: provider(t, "tencent-exmail"), Standing: assist.Standing{}}) {
		if r.State != assist.Unknown && r.State != assist.Console {
			t.Errorf("%+v", r)
		}
	}
}
