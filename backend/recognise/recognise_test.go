package recognise

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/testkit/nameserver"
)

func expect(t *testing.T, res Result, provider string, how How, certainty Certainty, host string) {
	t.Helper()
	b := res.Best()
	got := ""
	if len(b.IMAP) > 0 {
		got = b.IMAP[0].Host
	}
	if b.Provider != provider || b.How != how || b.Certainty != certainty || got != host {
		t.Errorf("%s: %q by %s (%s), %s at %q; want %q by %s, %s at %q", res.Domain, b.Provider, b.How, b.Evidence, b.Certainty, got, provider, how, certainty, host)
	}
}

func TestOfficesAreRecognisedByTheirMX(t *testing.T) {
	w := newTown(t,
		"tencent.example. IN MX 5 mxbiz1.qq.com.\n", "netease.example. IN MX 5 qiye163mx01.mxmail.netease.com.\n", "personal.example. IN MX 5 163mx00.mxmail.netease.com.\n",
		"micro-soft.example. IN MX 0 micro--soft-example.mail.protection.outlook.com.\n", "amazon.example. IN MX 10 inbound-smtp.eu-west-1.amazonaws.com.\n")
	for domain, want := range map[string][2]string{
		"tencent.example": {"tencent-exmail", "imap.exmail.qq.com"}, "netease.example": {"netease-qiye", "imap.qiye.163.com"}, "personal.example": {"163", "imap.163.com"},
		"micro-soft.example": {"m365", "outlook.office365.com"}, "amazon.example": {"workmail", "imap.mail.eu-west-1.awsapps.com"},
	} {
		expect(t, w.recognise("Li.Lei@"+strings.ToUpper(domain)), want[0], ByMX, Sure, want[1])
	}
	if len(w.dialed) > 0 {
		t.Errorf("servers were asked although DNS said enough: %v", w.dialed)
	}
}

func TestADomainOfTheProvidersOwnAsksNobody(t *testing.T) {
	w := newTown(t, "x.example. IN A 192.0.2.1\n")
	expect(t, w.recognise("someone@163.com"), "163", ByDomain, Sure, "imap.163.com")
	if asked := w.dns.Asked(); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}

func TestAliasesAndSPFTellWhatTheMXDoesNot(t *testing.T) {
	w := newTown(t, `$ORIGIN alias.example.
@    IN MX 10 mx1.mimecast.com.
imap IN CNAME imap.qiye.163.com.
mail IN CNAME qiye.163.com.
`, `$ORIGIN spf.example.
@ IN MX 10 mx.spf.example.
@ IN TXT "unrelated"
@ IN TXT "v=spf1 include:spf.qiye.aliyun.com include:spf1.dm.aliyun.com -all"
`, `$ORIGIN moving.example.
@    IN MX 5 mxbiz1.qq.com.
imap IN CNAME imap.qiye.163.com.
`)
	res := w.recognise("alias.example")
	expect(t, res, "netease-qiye", ByAlias, Sure, "imap.qiye.163.com")
	if res.Gateway != "mimecast" {
		t.Errorf("gateway %q", res.Gateway)
	}
	expect(t, w.recognise("spf.example"), "aliyun-qiye", BySPF, Likely, "imap.qiye.aliyun.com")
	res = w.recognise("moving.example")
	expect(t, res, "tencent-exmail", ByMX, Sure, "imap.exmail.qq.com")
	if len(res.Candidates) != 2 || res.Candidates[1].Provider != "netease-qiye" || res.Candidates[1].Certainty != Likely {
		t.Errorf("an office in the middle of its move has two candidates: %+v", res.Candidates)
	}
}

func TestASendingServiceIsNoMailbox(t *testing.T) {
	w := newTown(t, `$ORIGIN ses.example.
@ IN MX 5 mxbiz1.qq.com.
@ IN TXT "v=spf1 include:qcloudmail.com ~all"
`, `$ORIGIN both.example.
@ IN MX 5 mxbiz1.qq.com.
@ IN TXT "v=spf1 include:spf.mail.qq.com include:qcloudmail.com ~all"
`)
	if res := w.recognise("ses.example"); res.Sender != "tencent-ses" || res.Best().Provider != "" || res.Best().Certainty != Guess {
		t.Errorf("%+v", res)
	}
	expect(t, w.recognise("both.example"), "tencent-exmail", ByMX, Sure, "imap.exmail.qq.com")
}

func TestSRVRecordsNameTheServers(t *testing.T) {
	w := newTown(t, `$ORIGIN srv.example.
@ IN MX 5 mx.srv.example.
_imaps._tcp       IN SRV 10 1 993 backup.srv.example.
_imaps._tcp       IN SRV 0 1 1993 post.srv.example.
_imap._tcp        IN SRV 0 1 143 post.srv.example.
_pop3s._tcp       IN SRV 0 0 0 .
_submission._tcp  IN SRV 0 1 587 post.srv.example.
`, `$ORIGIN hosted.example.
_imaps._tcp IN SRV 0 1 993 imap.exmail.qq.com.
`)
	res := w.recognise("srv.example")
	expect(t, res, "", BySRV, Likely, "post.srv.example")
	b := res.Best()
	if !slices.Equal(b.IMAP, []Server{{"post.srv.example", 1993, "tls"}, {"backup.srv.example", 993, "tls"}, {"post.srv.example", 143, "starttls"}}) ||
		len(b.POP3) != 0 || !slices.Equal(b.SMTP, []Server{{"post.srv.example", 587, "starttls"}}) {
		t.Errorf("%+v", b)
	}
	expect(t, w.recognise("hosted.example"), "tencent-exmail", BySRV, Likely, "imap.exmail.qq.com")
}

const thunderbird = `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="post.example"><domain>post.example</domain>
<incomingServer type="pop3"><hostname>pop.post.example</hostname><port>995</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer>
<incomingServer type="imap"><hostname>plain.post.example</hostname><port>143</port><socketType>plain</socketType></incomingServer>
<incomingServer type="imap"><hostname>IMAP.post.example.</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.%EMAILDOMAIN%</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer>
</emailProvider></clientConfig>`

func TestThunderbirdsFileNamesTheServers(t *testing.T) {
	w := newTown(t, "post.example. IN MX 5 mx.post.example.\n", "known.example. IN MX 5 mx.known.example.\n")
	w.web("autoconfig.post.example", func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/mail/config-v1.1.xml" || r.URL.Query().Get("emailaddress") != "li.lei@post.example" {
			t.Errorf("asked %s", r.URL)
		}
		rw.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(rw, thunderbird)
	})
	res := w.recognise("li.lei@post.example")
	expect(t, res, "", ByAutoconfig, Likely, "imap.post.example")
	b := res.Best()
	if b.User != "li.lei" || len(b.IMAP) != 1 || !slices.Equal(b.SMTP, []Server{{"smtp.post.example", 587, "starttls"}}) || b.POP3[0].Host != "pop.post.example" {
		t.Errorf("%+v", b)
	}

	// The second place, and a redirect to another https page.
	w.web("known.example", func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			http.NotFound(rw, r)
			return
		}
		http.Redirect(rw, r, "https://autoconfig.post.example"+strings.Replace(r.URL.Path, "/.well-known/autoconfig", "", 1)+"?emailaddress=li.lei@post.example", http.StatusFound)
	})
	expect(t, w.recognise("known.example"), "", ByAutoconfig, Likely, "imap.post.example")
}

func TestMicrosoftsFileNamesTheServers(t *testing.T) {
	w := newTown(t, "ex.example. IN MX 5 mx.ex.example.\n")
	w.web("autodiscover.ex.example", func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || !strings.Contains(string(body), "<EMailAddress>a&amp;b@ex.example</EMailAddress>") {
			t.Errorf("%s %s", r.Method, body)
		}
		_, _ = io.WriteString(rw, `<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><Account>
<Protocol><Type>IMAP</Type><Server>open.ex.example</Server><Port>143</Port><SSL>off</SSL></Protocol>
<Protocol><Type>IMAP</Type><Server>mail.ex.example</Server><Port>993</Port><SSL>on</SSL><LoginName>EX\a</LoginName></Protocol>
<Protocol><Type>SMTP</Type><Server>mail.ex.example</Server><Port>587</Port><SSL>off</SSL><Encryption>TLS</Encryption></Protocol>
</Account></Response></Autodiscover>`)
	})
	res := w.recognise("a&b@ex.example")
	expect(t, res, "", ByAutodiscover, Likely, "mail.ex.example")
	if b := res.Best(); b.User != `EX\a` || len(b.IMAP) != 1 || b.SMTP[0].Security != "starttls" {
		t.Errorf("%+v", b)
	}
}

func TestHostilePagesAreRefused(t *testing.T) {
	pages := map[string]string{
		"a page without end":  strings.Repeat(" ", longestPage+10),
		"entities":            `<!DOCTYPE a [<!ENTITY x "y">]><clientConfig><emailProvider/></clientConfig>`,
		"a deep page":         strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000),
		"a broken page":       thunderbird[:200],
		"a line break":        strings.Replace(thunderbird, "IMAP.post.example.", "imap.post.example\nLOGIN", 1),
		"a path for a host":   strings.Replace(thunderbird, "IMAP.post.example.", "imap.post.example/x", 1),
		"a port out of range": strings.Replace(thunderbird, "<port>993</port>", "<port>99999</port>", 1),
	}
	for name, page := range pages {
		w := newTown(t, "post.example. IN A 192.0.2.1\n")
		w.web("autoconfig.post.example", func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, page) })
		if b := w.recognise("post.example").Best(); b.How != ByCustom {
			t.Errorf("%s was believed: %+v", name, b)
		}
	}
	w := newTown(t, "post.example. IN A 192.0.2.1\n")
	w.web("autoconfig.post.example", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "http://autoconfig.post.example/open", http.StatusFound)
	})
	w.recognise("post.example")
	if slices.Contains(w.dialed, "autoconfig.post.example:80") {
		t.Error("a redirect led to an unencrypted page")
	}
}

func TestCustomaryHostsAreReadByTheirGreeting(t *testing.T) {
	w := newTown(t, "own.example. IN A 192.0.2.1\n", "core.example. IN A 192.0.2.1\n", "cert.example. IN A 192.0.2.1\n", "plain.example. IN A 192.0.2.1\n", "web.example. IN A 192.0.2.1\n")
	w.mail("mail.own.example:993", "* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n", "mail.own.example")
	w.mail("imap.core.example:993", "* OK Coremail System IMap Server Ready(core)\r\n", "imap.core.example")
	w.mail("imap.cert.example:993", "* OK nobody reads this\r\n", "*.qiye.163.com")
	w.mail("mail.plain.example:143", "* OK hello\r\n")
	w.mail("web.example:993", "HTTP/1.1 400 Bad Request\r\n", "web.example")
	expect(t, w.recognise("own.example"), "dovecot", ByGreeting, Likely, "mail.own.example")
	expect(t, w.recognise("core.example"), "coremail", ByGreeting, Likely, "imap.core.example")
	expect(t, w.recognise("cert.example"), "netease-qiye", ByCertificate, Likely, "imap.qiye.163.com")
	res := w.recognise("plain.example")
	expect(t, res, "", ByGreeting, Likely, "mail.plain.example")
	if res.Best().IMAP[0].Security != "starttls" {
		t.Errorf("%+v", res.Best())
	}
	expect(t, w.recognise("web.example"), "", ByCustom, Guess, "imap.web.example")
}

func TestTroubleWithDNSIsToldApart(t *testing.T) {
	w := newTown(t, "down.example. IN MX 5 mxbiz1.qq.com.\n")
	w.dns.Fail(nameserver.Every, nameserver.ServFail)
	res := w.recognise("down.example")
	if !res.Offline || res.Best().How != ByCustom {
		t.Errorf("%+v", res)
	}
	healthy := newTown(t, "down.example. IN MX 5 mxbiz1.qq.com.\n")
	r := w.recogniser()
	r.cfg.Fallback = System(healthy.dns.Addr)
	res, err := r.Recognise(t.Context(), "down.example")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, res, "tencent-exmail", ByMX, Sure, "imap.exmail.qq.com")
}

func TestTypingOnCancelsTheQuestion(t *testing.T) {
	w := newTown(t, "slow.example. IN MX 5 mxbiz1.qq.com.\n")
	release := w.dns.Hold("slow.example")
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { _, err := w.recogniser().Recognise(ctx, "slow.example"); done <- err }()
	for w.dns.Count("slow.example", "") == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; core.CodeOf(err) != core.Canceled || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestAddressesAreCorrected(t *testing.T) {
	for in, want := range map[string][2]string{
		" Li.Lei@New.Example ": {"Li.Lei@new.example", "new.example"}, "ｌｉ＠ｎｅｗ．ｅｘａｍｐｌｅ": {"li@new.example", "new.example"},
		"new。example": {"", "new.example"}, "a@b@new.example.": {"a@b@new.example", "new.example"}, "li@邮局.example": {"li@xn--dgtz33j.example", "xn--dgtz33j.example"},
	} {
		address, domain, err := Parse(in)
		if err != nil || address != want[0] || domain != want[1] {
			t.Errorf("%q: %q %q %v", in, address, domain, err)
		}
	}
	for _, bad := range []string{"", "@", "li", "@new.example", "li@", "li@new", "li lei@new.example", "li@new..example", "li@-new.example", "li@new.example\r\nX", "li@[192.0.2.1]", strings.Repeat("a", 500)} {
		if a, d, err := Parse(bad); core.CodeOf(err) != core.Invalid {
			t.Errorf("%q: %q %q %v", bad, a, d, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("li@new.example")
	f.Add("ｌｉ＠邮局。example")
	f.Fuzz(func(t *testing.T, in string) {
		address, domain, err := Parse(in)
		if err == nil && (!hostname(domain) || (address != "" && !strings.HasSuffix(address, "@"+domain))) {
			t.Errorf("%q: %q %q", in, address, domain)
		}
	})
}

func FuzzPages(f *testing.F) {
	f.Add([]byte(thunderbird))
	f.Add([]byte(`<Autodiscover><Response><Account><Protocol><Type>IMAP</Type><Server>a.example</Server><Port>1</Port></Protocol></Account></Response></Autodiscover>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c clientConfig
		var a autodiscoverPage
		var found []Candidate
		if decodeXML(raw, &c) == nil {
			got, _ := c.candidate("new.example", "li@new.example")
			found = append(found, got)
		}
		if decodeXML(raw, &a) == nil {
			got, _ := a.candidate("li@new.example")
			found = append(found, got)
		}
		for _, got := range found {
			for _, s := range slices.Concat(got.IMAP, got.POP3, got.SMTP) {
				if !hostname(s.Host) || s.Port <= 0 || s.Port > 65535 || (s.Security != "tls" && s.Security != "starttls") {
					t.Errorf("%+v", s)
				}
			}
			if strings.ContainsAny(got.User, "\r\n") {
				t.Errorf("user %q", got.User)
			}
		}
	})
}
