package assist_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mailroom/backend/doctor/assist"
	"mailroom/backend/doctor/dmarc"
	"mailroom/backend/doctor/mtasts"
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

func TestMTASTSLetsInEveryExchanger(t *testing.T) {
	const record = "_mta-sts.office.example TXT"
	mine := &mtasts.Policy{Mode: mtasts.Enforce, MX: []string{"mxbiz1.qq.com", "mxbiz2.qq.com"}}
	for _, c := range []struct {
		name   string
		stands []string
		mx     []string
		policy *mtasts.Policy
		state  assist.State
		file   string // of the exchangers; "" no file
	}{
		{"nothing stands", nil, nil, nil, assist.Optional, "testing: mxbiz1.qq.com mxbiz2.qq.com"},
		{"the old one still stands", nil, []string{"10 mx.old.example"}, nil, assist.Optional, "testing: mxbiz1.qq.com mxbiz2.qq.com mx.old.example"},
		{"all is well", []string{"v=STSv1; id=1"}, nil, mine, assist.OK, ""},
		{"no policy could be read", []string{"v=STSv1; id=1"}, nil, nil, assist.OK, "testing: mxbiz1.qq.com mxbiz2.qq.com"},
		{"the policy shuts the new one out", []string{"v=STSv1; id=1"}, nil, &mtasts.Policy{Mode: mtasts.Enforce, MX: []string{"mx.old.example"}}, assist.Differs, "enforce: mxbiz1.qq.com mxbiz2.qq.com"},
		{"switched off", []string{"v=STSv1; id=1"}, nil, &mtasts.Policy{Mode: mtasts.None}, assist.OK, ""},
		{"twice", []string{"v=STSv1; id=1", "v=STSv1; id=2"}, nil, mine, assist.Differs, "enforce: mxbiz1.qq.com mxbiz2.qq.com"},
		{"no id", []string{"v=STSv1;"}, nil, mine, assist.Differs, "enforce: mxbiz1.qq.com mxbiz2.qq.com"},
	} {
		rows := assist.Table(assist.Input{Domain: "office.example", Provider: provider(t, "tencent-exmail"), Policy: c.policy,
			Standing: assist.Standing{"office.example MX": c.mx, record: c.stands}})
		i := slices.IndexFunc(rows, func(r assist.Row) bool { return r.Use == "mta_sts" })
		if i < 0 {
			t.Fatal("no row")
		}
		r := rows[i]
		if r.State != c.state || len(r.Should) != 1 {
			t.Errorf("%s: %+v", c.name, r)
			continue
		}
		if _, err := mtasts.ParseRecord(r.Should[0]); err != nil {
			t.Errorf("%s: %q: %v", c.name, r.Should[0], err)
		}
		got := ""
		if r.File != nil {
			p, err := mtasts.ParsePolicy(r.File.Text)
			if err != nil || r.File.At != "https://mta-sts.office.example/.well-known/mta-sts.txt" {
				t.Errorf("%s: %+v, %v", c.name, r.File, err)
			}
			got = p.Mode + ": " + strings.Join(p.MX, " ")
			if c.state != assist.OK && r.Should[0] != assist.STSRecord(r.File.Text) {
				t.Errorf("%s: the id is not the file's", c.name)
			}
		}
		if got != c.file {
			t.Errorf("%s: file %q, want %q", c.name, got, c.file)
		}
	}
	if assist.STSRecord("a") == assist.STSRecord("b") {
		t.Error("another policy has the same id: senders would not learn of it")
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

func TestAValueIsWrittenAsTheHostWantsIt(t *testing.T) {
	quoted := preset.DNSHost{Form: preset.DNSForm{Quotes: preset.QuotesYes}}
	long := strings.Repeat("x", 600)
	for _, c := range []struct {
		h                 preset.DNSHost
		kind, value, want string
	}{
		{preset.DNSHost{}, "TXT", "v=spf1 -all", "v=spf1 -all"},
		{quoted, "TXT", "v=spf1 -all", `"v=spf1 -all"`},
		{quoted, "MX", "5 mx.example", "5 mx.example"},
		{quoted, "TXT", long, `"` + long[:255] + `" "` + long[:255] + `" "` + long[:90] + `"`},
	} {
		if got := assist.AtHost(c.h, c.kind, c.value); got != c.want {
			t.Errorf("%s: %s", c.kind, got)
		}
	}
}
