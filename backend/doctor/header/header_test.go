package header

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "mail", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func readMail(t *testing.T, raw []byte, txt TXT) Report {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC) }
	r, err := Read(t.Context(), raw, Options{TXT: txt, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

type vector struct {
	ID, Source, From, Message string
	TXT                       map[string]string
}

func vectors(t *testing.T) []vector {
	t.Helper()
	raw, err := os.ReadFile("testdata/dkim.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestThePublishedDKIMVectorsVerify(t *testing.T) {
	signatures := 0
	for _, v := range vectors(t) {
		r := readMail(t, []byte(v.Message), zone(v.TXT))
		if len(r.DKIM) == 0 || r.FromDomain != v.From {
			t.Errorf("%s: %d signatures, from %q", v.ID, len(r.DKIM), r.FromDomain)
		}
		for _, s := range r.DKIM {
			signatures++
			if s.Verified != Pass {
				t.Errorf("%s %s %s: %s %s (%s)", v.ID, s.Algorithm, s.Selector, s.Verified, s.Reason, s.Detail)
			}
		}
	}
	t.Logf("DKIM: %d published signatures", signatures)
}

func TestAChangedMailIsToldFromAMissingKey(t *testing.T) {
	v := vectors(t)[0]
	for name, c := range map[string]struct {
		message string
		txt     TXT
		result  Result
		reason  string
	}{
		"body":    {strings.Replace(v.Message, "lost", "won", 1), zone(v.TXT), Fail, "body-changed"},
		"subject": {strings.Replace(v.Message, "dinner", "lunch", 1), zone(v.TXT), Fail, "header-changed"},
		"no key":  {v.Message, zone(nil), PermError, "key-missing"},
		"revoked": {v.Message, zone(map[string]string{"brisbane._domainkey.example.com": "v=DKIM1; p="}), PermError, "key-revoked"},
		"no DNS":  {v.Message, func(context.Context, string) ([]string, error) { return nil, errors.New("no route") }, TempError, "key-unreachable"},
	} {
		r := readMail(t, []byte(c.message), c.txt)
		if s := r.DKIM[0]; s.Verified != c.result || s.Reason != c.reason {
			t.Errorf("%s: %s %s (%s), want %s %s", name, s.Verified, s.Reason, s.Detail, c.result, c.reason)
		}
	}
}

func TestAHeaderAloneIsNotVerified(t *testing.T) {
	v := vectors(t)[0]
	head, _, _ := strings.Cut(v.Message, "\n\n")
	r := readMail(t, []byte(head+"\n\n"), zone(v.TXT))
	if r.DKIM[0].Verified != "" || r.Whole {
		t.Errorf("verified %q, whole %v", r.DKIM[0].Verified, r.Whole)
	}
}

func TestTheWayIsReadWithItsTimes(t *testing.T) {
	r := readMail(t, load(t, "m365-junk.eml"), nil)
	if len(r.Hops) != 4 || r.Total != 8*time.Second {
		t.Fatalf("%d hops in %v", len(r.Hops), r.Total)
	}
	first, second := r.Hops[0], r.Hops[1]
	if first.From != "pc7" || first.FromIP != "198.51.100.7" || first.FromName != "unknown" || first.By != "mail.office.example" || !first.Signed || !first.Encrypted || first.For != "wei.hua@client.example" {
		t.Errorf("first hop %+v", first)
	}
	if second.FromIP != "192.0.2.9" || !second.Encrypted || second.Delay != 6*time.Second {
		t.Errorf("second hop %+v", second)
	}
	late := readMail(t, load(t, "spamassassin.eml"), nil)
	if d := late.Hops[1].Delay; d != 10*time.Minute+31*time.Second {
		t.Errorf("delay %v", d)
	}
}

func TestAWrongClockIsToldFromADelay(t *testing.T) {
	r := readMail(t, load(t, "qq-skew.eml"), nil)
	if h := r.Hops[1]; h.Skew != 30*time.Minute || h.Delay != 0 {
		t.Errorf("skew %v, delay %v", h.Skew, h.Delay)
	}
}

func TestReceivedFieldsOfManyServersAreRead(t *testing.T) {
	for _, c := range []struct{ in, from, ip, by, with string }{
		{"by 2002:a05:6402:1:b0:1:2:3 with SMTP id a1csp1; Sun, 01 Nov 2026 17:12:05 -0800 (PST)", "", "", "2002:a05:6402:1:b0:1:2:3", "SMTP"},
		{"(qmail 123 invoked from network); 2 Nov 2026 01:12:00 -0000", "", "", "", ""},
		{"from unknown (HELO pc7) (198.51.100.7) by mail.office.example with SMTP; 2 Nov 2026 01:12:00 -0000", "unknown", "198.51.100.7", "mail.office.example", "SMTP"},
		{"from mail-sor-f41.google.com (mail-sor-f41.google.com. [192.0.2.41]) by mx.google.com with SMTPS id x1 for <han@shop.example> (Google Transport Security); Sun, 01 Nov 2026 17:12:05 -0800 (PST)", "mail-sor-f41.google.com", "192.0.2.41", "mx.google.com", "SMTPS"},
		{"from [IPv6:2001:db8::7] (port=51234 helo=pc7) by host.office.example with esmtpsa (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) id 1-2; Mon, 02 Nov 2026 09:12:00 +0800", "[IPv6:2001:db8::7]", "2001:db8::7", "host.office.example", "esmtpsa"},
		{"from a.example ([192.0.2.1]) by b.example (MDaemon) ; Mon, 2 Nov 26 9:12:00 GMT", "a.example", "192.0.2.1", "b.example", ""},
		{"nonsense without any sense", "", "", "", ""},
	} {
		h := parseReceived(c.in)
		if h.From != c.from || h.FromIP != c.ip || h.By != c.by || h.With != c.with {
			t.Errorf("%s\n from %q ip %q by %q with %q", c.in, h.From, h.FromIP, h.By, h.With)
		}
		if strings.Contains(c.in, ":12:00") && h.At.IsZero() {
			t.Errorf("%s: no date", c.in)
		}
	}
}

func TestResultsOfTheReceiverCount(t *testing.T) {
	r := readMail(t, load(t, "m365-junk.eml"), nil)
	if r.SPF.Result != Fail || r.SPF.Domain != "office.example" || r.DMARC.Claimed != Fail {
		t.Errorf("spf %+v, dmarc %+v", r.SPF, r.DMARC)
	}
	forged := append([]byte("Authentication-Results: mx.shop.example; spf=fail smtp.mailfrom=x.example\r\n"), load(t, "rspamd-good.eml")...)
	if r := readMail(t, forged, nil); r.SPF.Result != Fail {
		t.Errorf("what stands below the receiver's own field counts: %+v", r.SPF)
	}
	n := readMail(t, load(t, "bulk-netease.eml"), nil)
	if n.SPF.Domain != "news.example" || n.SPF.Result != Pass {
		t.Errorf("%+v", n.SPF)
	}
}

func TestAlignmentFollowsTheRecordInTheDNS(t *testing.T) {
	mail := "Authentication-Results: mx.shop.example; spf=pass smtp.mailfrom=bounce.news.example.com\r\nFrom: a@office.example.com\r\nTo: b@shop.example\r\nDate: Mon, 02 Nov 2026 09:12:00 +0800\r\nMessage-ID: <1@a>\r\n\r\nx\r\n"
	for name, c := range map[string]struct {
		txt    map[string]string
		result Result
		policy string
		at     string
	}{
		"relaxed":           {map[string]string{"_dmarc.example.com": "v=DMARC1; p=reject; rua=mailto:d@example.com"}, Pass, "reject", "example.com"},
		"strict":            {map[string]string{"_dmarc.example.com": "v=DMARC1; aspf=s; p=reject"}, Fail, "reject", "example.com"},
		"subdomain policy":  {map[string]string{"_dmarc.example.com": "v=DMARC1;p=reject;sp=quarantine;aspf=s"}, Fail, "quarantine", "example.com"},
		"a suffix":          {map[string]string{"_dmarc.example.com": "v=DMARC1; psd=y; p=reject", "_dmarc.office.example.com": "v=DMARC1; p=none"}, Fail, "none", "office.example.com"},
		"the end of a walk": {map[string]string{"_dmarc.office.example.com": "v=DMARC1; p=quarantine; psd=n"}, Fail, "quarantine", "office.example.com"},
	} {
		d := readMail(t, []byte(mail), zone(c.txt)).DMARC
		if d.Result != c.result || d.Policy != c.policy || d.At != c.at {
			t.Errorf("%s: %s %s at %q, want %s %s at %q", name, d.Result, d.Policy, d.At, c.result, c.policy, c.at)
		}
	}
}

func TestWhyAMailWentToJunkIsToldWithWeights(t *testing.T) {
	for _, c := range []struct {
		file    string
		verdict Verdict
		top     string   // code of the heaviest ground, with what it means
		also    []string // grounds that must be among them
	}{
		{"m365-junk.eml", VerdictJunk, "mark spoof", []string{"dmarc-fail", "spf-fail", "mark"}},
		{"spamassassin.eml", VerdictJunk, "mark score-over", []string{"symbols", "spf-softfail", "no-reverse", "oddity"}},
		{"rspamd-good.eml", VerdictFine, "", []string{"dmarc-pass"}},
		{"qq-skew.eml", VerdictJunk, "mark verdict-spam", []string{"oddity"}},
		{"bulk-netease.eml", VerdictFine, "", nil},
	} {
		j := readMail(t, load(t, c.file), nil).Junk
		var codes []string
		for _, g := range j.Grounds {
			codes = append(codes, g.Code)
			if !slices.Contains(GroundCodes, g.Code) {
				t.Errorf("%s: ground %q is not in the list", c.file, g.Code)
			}
		}
		if j.Verdict != c.verdict {
			t.Errorf("%s: %s (%d), want %s: %v", c.file, j.Verdict, j.Score, c.verdict, codes)
		}
		if c.top != "" && (len(j.Grounds) == 0 || strings.TrimSpace(j.Grounds[0].Code+" "+j.Grounds[0].Facts["means"]) != c.top) {
			t.Errorf("%s: heaviest %+v, want %s", c.file, j.Grounds[0], c.top)
		}
		for _, code := range c.also {
			if !slices.Contains(codes, code) {
				t.Errorf("%s: %s is missing: %v", c.file, code, codes)
			}
		}
	}
}

func TestOddFormIsSeen(t *testing.T) {
	r := readMail(t, load(t, "qq-skew.eml"), nil)
	var codes []string
	for _, o := range r.Oddities {
		codes = append(codes, o.Code)
	}
	for _, want := range []string{"name-poses", "reply-elsewhere", "no-unsubscribe"} {
		if !slices.Contains(codes, want) {
			t.Errorf("%s is missing: %v", want, codes)
		}
	}
	if r.Subject != "重要通知" {
		t.Errorf("subject %q", r.Subject)
	}
}

func TestTheTestsOfFiltersAreSortedByWeight(t *testing.T) {
	r := readMail(t, load(t, "spamassassin.eml"), nil)
	for _, m := range r.Marks {
		if m.Rule == "sa-status" {
			if m.Value != "7.2" || m.Limit != "5.0" || len(m.Symbols) == 0 || m.Symbols[0].Name != "BAYES_99" || m.Symbols[0].Topic != "learned" {
				t.Errorf("%+v", m)
			}
			return
		}
	}
	t.Error("the status was not read")
}

func TestWhatIsNoHeaderIsRefused(t *testing.T) {
	for _, raw := range []string{"", "hello there", "a: b\nc: d\n", "550 5.1.1 no such user"} {
		if _, err := Read(t.Context(), []byte(raw), Options{}); core.CodeOf(err) != core.Invalid {
			t.Errorf("%q: %v", raw, err)
		}
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(stopped, load(t, "m365-junk.eml"), Options{}); core.CodeOf(err) != core.Canceled {
		t.Errorf("%v", err)
	}
}

func TestTheDataOfMarksIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range marked.Rules {
		if seen[r.ID] || r.Source == "" || r.System == "" || r.Field != strings.ToLower(r.Field) || r.Known != "documented" && r.Known != "observed" || len(r.Cases) == 0 {
			t.Errorf("%s is not sound", r.ID)
		}
		seen[r.ID] = true
		for _, c := range r.Cases {
			if c.Means == "" || c.Weight < -100 || c.Weight > 100 || !c.Any && c.Is == "" && c.Under == nil && !c.OverLimit && c.Near == 0 && c.Longer == 0 {
				t.Errorf("%s: case %+v", r.ID, c)
			}
		}
	}
	if len(marked.byField) < 35 {
		t.Errorf("%d fields", len(marked.byField))
	}
}

func FuzzRead(f *testing.F) {
	entries, err := os.ReadDir("testdata/mail")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		f.Add(load(f, e.Name()))
	}
	raw, err := os.ReadFile("testdata/dkim.json")
	if err != nil {
		f.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(raw, &all); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(all[0].Message))
	txt := zone(all[0].TXT)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Read(t.Context(), raw, Options{TXT: txt})
		if err != nil {
			return
		}
		if r.Junk.Score < 0 || r.Junk.Score > 100 || len(r.Hops) > maxHops || len(r.Claims) > maxClaims+20 {
			t.Errorf("score %d, %d hops, %d claims", r.Junk.Score, len(r.Hops), len(r.Claims))
		}
		for _, h := range r.Hops {
			if h.Delay < 0 || h.Skew < 0 {
				t.Errorf("delay %v, skew %v", h.Delay, h.Skew)
			}
		}
	})
}

// A header that somebody made to hurt costs little.
func TestHostileHeadersAreBounded(t *testing.T) {
	for name, raw := range map[string]string{
		"one long folded field": "From: a@b.example\nTo: " + strings.Repeat("x\n ", 1_000_000) + "\n\nbody",
		"many fields":           "From: a@b.example\n" + strings.Repeat("X-A: 1\n", 500_000) + "\nbody",
		"many Received":         strings.Repeat("Received: from a (b [192.0.2.1]) by c; Mon, 2 Nov 2026 09:12:00 +0800\n", 50_000) + "\nbody",
		"nested comments":       "From: a@b.example\nReceived: from " + strings.Repeat("(", 60_000) + "\nAuthentication-Results: x; " + strings.Repeat("(a=", 20_000) + "\n\nbody",
		"long seal":             "From: a@b.example\nARC-Seal: i=1; " + strings.Repeat("a=b;", 16_000) + "\nARC-Message-Signature: i=1; h=" + strings.Repeat("from:", 12_000) + "\n\nbody",
	} {
		started := time.Now()
		if _, err := Read(t.Context(), []byte(raw), Options{TXT: zone(nil)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %d bytes in %v", name, len(raw), time.Since(started))
	}
}
