package checks_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/testkit/mailport"
	"mailroom/backend/testkit/nameserver"
)

// The figures that an examination must keep: all checks of one domain against a DNS
// that takes 40 ms for each answer.
const (
	mostQueries = 200
	mostTime    = 3 * time.Second
)

func TestAWholeExaminationAsksFewQuestions(t *testing.T) {
	w := build(t)
	x := w.ready()
	for _, s := range []*nameserver.Server{w.resolver, w.parent, w.ns1, w.ns2} {
		s.Slow(40 * time.Millisecond)
	}
	begin := time.Now()
	found := doctor.Run(t.Context(), x, checks.All(), nil)
	t.Logf("%d checks, %d findings, %d questions, %.2f s", len(checks.All()), len(found), x.DNS.Queries(), time.Since(begin).Seconds())
	if n := x.DNS.Queries(); n > mostQueries {
		t.Errorf("%d questions to the DNS, at most %d are allowed", n, mostQueries)
	}
}

// A domain without any signing key is the dearest: every usual selector is asked for.
func TestTheDearestDomainAsksFewQuestionsToo(t *testing.T) {
	w := build(t)
	w.drop("s2._domainkey.good.example", dns.TypeTXT)
	w.drop(selector, dns.TypeTXT)
	w.txt("other._domainkey.good.example", "v=DKIM1; p="+rsaKeys()[2048])
	x := w.ready()
	doctor.Run(t.Context(), x, checks.All(), nil)
	t.Logf("%d questions", x.DNS.Queries())
	if n := x.DNS.Queries(); n > mostQueries {
		t.Errorf("%d questions to the DNS, at most %d are allowed", n, mostQueries)
	}
}

// BenchmarkExamination is a whole examination with 40 ms to the DNS: it must take less
// than [mostTime].
func BenchmarkExamination(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		w := build(b)
		x := w.ready()
		for _, s := range []*nameserver.Server{w.resolver, w.parent, w.ns1, w.ns2} {
			s.Slow(40 * time.Millisecond)
		}
		b.StartTimer()
		begin := time.Now()
		doctor.Run(b.Context(), x, checks.All(), nil)
		if took := time.Since(begin); took > mostTime {
			b.Errorf("%s, at most %s are allowed", took, mostTime)
		}
		b.ReportMetric(float64(x.DNS.Queries()), "queries/op")
	}
}

func TestNamesArePutRight(t *testing.T) {
	for in, want := range map[string]checks.Name{
		"Office.Example":               {Domain: "office.example", Shown: "office.example"},
		"office.example...":            {Domain: "office.example", Shown: "office.example"},
		" li.lei@office.example ":      {Domain: "office.example", Shown: "office.example", Local: "li.lei"},
		"李雷＠中文。中国":                     {Domain: "xn--fiq228c.xn--fiqs8s", Shown: "中文.中国", Local: "李雷"},
		"Bücher.example":               {Domain: "xn--bcher-kva.example", Shown: "bücher.example"},
		"https://www.office.example/x": {Domain: "www.office.example", Shown: "www.office.example"},
		"mailto:li@office.example":     {Domain: "office.example", Shown: "office.example", Local: "li"},
		"Li Lei <li@office.example>":   {Domain: "office.example", Shown: "office.example", Local: "li"},
		"ｏｆｆｉｃｅ．ｅｘａｍｐｌｅ":               {Domain: "office.example", Shown: "office.example"},
	} {
		got, err := checks.ReadName(in)
		if err != nil || got != want {
			t.Errorf("%q: %+v %v", in, got, err)
		}
	}
	for _, bad := range []string{"", ".", "office", "192.0.2.1", "[192.0.2.1]", "2001:db8::1", "a b.example", "a..example", strings.Repeat("a", 64) + ".example", strings.Repeat("abc.", 80) + "example", "xn--\xff.example", "../etc"} {
		if _, err := checks.ReadName(bad); core.CodeOf(err) != core.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzReadName(f *testing.F) {
	for _, s := range []string{"office.example", "李@中文。中国", "xn--a.example", "a@b@c.d", "..", "\u202e.x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		n, err := checks.ReadName(in)
		if err != nil {
			return
		}
		if !strings.Contains(n.Domain, ".") || len(n.Domain) > 253 || strings.HasSuffix(n.Domain, ".") {
			t.Errorf("%q: %+v", in, n)
		}
		for _, r := range n.Domain {
			if r > '~' || r <= ' ' {
				t.Errorf("%q: %+v", in, n)
			}
		}
	})
}

// nothingSaid fails if anything was said about the domain itself.
func nothingSaid(t *testing.T, found []doctor.Finding, but ...string) {
	t.Helper()
	for _, f := range found {
		if f.Verdict != doctor.Skipped && !strings.Contains(strings.Join(but, " "), f.Check) {
			t.Errorf("%s:%s about %s: %+v", f.Check, f.Reason, f.Subject, f.Evidence)
		}
	}
}

func TestWithoutANetworkNothingIsSaidAboutTheDomain(t *testing.T) {
	w := build(t)
	w.x.Mail = nil // what a mail says of itself needs no network
	x := w.ready()
	x.Dial = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: context.DeadlineExceeded}
	}
	r, err := lookup.New(lookup.Config{Servers: []string{"192.0.2.99:53"}, Dial: x.Dial})
	must(t, err)
	x.DNS = r
	found := doctor.Run(t.Context(), x, checks.All(), nil)
	nothingSaid(t, found)
	for _, f := range found {
		if f.Reason != "no_network" && f.Check != "ports.portal" {
			t.Errorf("%s: %s", f.Check, f.Reason)
		}
	}
}

// Behind a sign-in page of a hotel every web and mail server is somebody else.
func TestBehindAPortalNoServerIsJudged(t *testing.T) {
	w := build(t)
	w.page("http://probe.test/204", status(302, "Location", "http://login.hotel.example/"))
	x := w.ready()
	picked, _ := checks.Only(checks.All(), []string{"ports", "tls", "smtp", "clients"})
	for _, f := range doctor.Run(t.Context(), x, picked, nil) {
		if f.Reason != "portal" && f.Reason != "captive" && f.Check != "ports.network" {
			t.Errorf("%s: %s", f.Check, f.Reason)
		}
	}
}

func TestARefusingResolverIsNoVerdict(t *testing.T) {
	w := build(t)
	x := w.ready()
	for _, name := range []string{"good.example", "_dmarc.good.example", "_mta-sts.good.example", "_smtp._tls.good.example", "default._bimi.good.example", "mx1.good.example", "mx2.good.example"} {
		w.resolver.Fail(name, nameserver.Refuse)
	}
	picked, _ := checks.Only(checks.All(), []string{"spf", "dmarc", "mx.present", "mx.null", "transport.sts_record", "transport.tls_reports", "transport.bimi", "domain.exists"})
	nothingSaid(t, doctor.Run(t.Context(), x, picked, nil))
}

// Servers that hang, drip, close or speak another language: each ends in bounded time.
func TestHostileServersEndInTime(t *testing.T) {
	for name, opt := range map[string]mailport.Options{
		"hang": {Hang: true}, "drip": {Drip: true}, "close": {Close: true},
		"endless": {Proto: "smtp", Banner: strings.Repeat("220-and so on\r\n", 5000)},
		"long":    {Proto: "smtp", Banner: "220 " + strings.Repeat("x", 100_000)},
		"binary":  {Proto: "smtp", Banner: "\x16\x03\x01\x02\x00\x01\x00\xff\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := build(t)
			w.x.Patience = 400 * time.Millisecond
			w.serve("192.0.2.25:25", opt)
			w.serve("198.51.100.25:25", opt)
			w.serve("192.0.2.93:993", opt)
			x := w.ready()
			begin := time.Now()
			picked, _ := checks.Only(checks.All(), []string{"mx.answers", "smtp", "tls", "ports.imap", "ports.middlebox", "mx.relay"})
			found := doctor.Run(t.Context(), x, picked, nil)
			if len(found) == 0 || time.Since(begin) > 2*time.Minute { // endless, but for the bounds
				t.Errorf("%d findings after %s", len(found), time.Since(begin))
			}
			for _, f := range found {
				if f.Reason == "fault" || f.Reason == "timeout" {
					t.Errorf("%s: %s", f.Check, f.Reason)
				}
			}
		})
	}
}

func TestABlockedPortHereIsNotTheServersFault(t *testing.T) {
	w := build(t)
	for _, at := range []string{"192.0.2.25:25", "[2001:db8::25]:25", "198.51.100.25:25", "203.0.113.25:25"} {
		delete(w.ports, at)
	}
	found := look(t, w, "mx.answers", "mx.ipv6", "ports.outbound25")
	for _, want := range []string{"mx.answers:local_block", "mx.ipv6:local_block", "ports.outbound25:closed"} {
		if _, ok := found[want]; !ok {
			t.Errorf("%s is missing in %v", want, found)
		}
	}
}

func TestOddZonesAreToldForWhatTheyAre(t *testing.T) {
	w := build(t)
	big := &dns.TXT{Hdr: dns.RR_Header{Name: "good.example.", Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 300}}
	for range 240 {
		big.Txt = append(big.Txt, strings.Repeat("x", 255))
	}
	w.resolver.Add(big) // over 60 kB, the most that DNS can carry
	found := look(t, w, "domain.large_answer", "spf.present", "spf.lookups")
	for _, want := range []string{"domain.large_answer:large", "spf.present:ok", "spf.lookups:ok"} {
		if _, ok := found[want]; !ok {
			t.Errorf("%s is missing in %v", want, found)
		}
	}
	for _, f := range found {
		for _, e := range f.Evidence {
			if len(e.Text) > doctor.MaxEvidence {
				t.Errorf("%s: %d bytes of evidence", f.Check, len(e.Text))
			}
		}
	}
}

// An office line that drops port 25 without a word, and servers with many addresses: an
// attempt at each one after the other would take minutes.
func TestASilentPortCostsOneAttempt(t *testing.T) {
	w := build(t)
	w.x.Patience = 400 * time.Millisecond
	var more []string
	for i := range 8 {
		more = append(more, "mx1.good.example. 300 IN A 192.0.2."+string(rune('1'+i)))
		w.silent["192.0.2."+string(rune('1'+i))+":25"] = true
	}
	w.set(more...)
	w.silent["198.51.100.25:25"], w.silent["203.0.113.25:25"], w.silent["[2001:db8::25]:25"] = true, true, true
	x := w.ready()
	found := doctor.Run(t.Context(), x, checks.All(), nil)
	w.mu.Lock()
	if w.waited > 14 { // four addresses of the one server, one of each other, once
		t.Errorf("%d attempts at silent ports", w.waited)
	}
	w.mu.Unlock()
	for _, f := range found {
		if f.Verdict == doctor.Fail && f.Group != doctor.GroupReputation { // the new addresses have no names
			t.Errorf("%s:%s on %s", f.Check, f.Reason, f.Subject)
		}
	}
}
