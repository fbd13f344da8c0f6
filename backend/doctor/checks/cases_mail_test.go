package checks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"mailroom/backend/testkit/mailport"
)

// plainMail is a mail as a program sends it.
func plainMail() string {
	at := time.Now().Add(-time.Hour)
	return strings.ReplaceAll(fmt.Sprintf(`Date: %s
From: Li Lei <li.lei@good.example>
To: Han Meimei <han@office.example>
Subject: Lunch
Message-ID: <1@good.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

See https://www.good.example/menu for what there is.
`, at.Format(time.RFC1123Z)), "\n", "\r\n")
}

// goodMail is one that was signed, went straight through and was found genuine.
var goodMail = sync.OnceValue(func() []byte {
	rsaKeys()
	return arrived(signedMail(plainMail(), nil))
})

// signedMail signs with the key that the world publishes.
func signedMail(text string, fields []string) string {
	if fields == nil {
		fields = []string{"From", "From", "To", "Subject", "Date", "Message-ID"}
	}
	var out bytes.Buffer
	err := dkim.Sign(&out, strings.NewReader(text), &dkim.SignOptions{Domain: "good.example", Selector: "default", Signer: signer, HeaderKeys: fields,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed})
	if err != nil {
		panic(err)
	}
	return out.String()
}

// arrived puts on top what the receiving servers write.
func arrived(text string, said ...string) []byte {
	if said == nil {
		said = []string{"dkim=pass header.d=good.example", "dmarc=pass header.from=good.example"}
	}
	at := time.Now().Add(-time.Hour)
	top := "Authentication-Results: mx.office.example; " + strings.Join(said, "; ") + "\r\n" +
		"Received: from mx1.good.example (mx1.good.example [192.0.2.25]) by mx.office.example with ESMTPS; " + at.Add(2*time.Second).Format(time.RFC1123Z) + "\r\n" +
		"Received: from pc (pc [192.0.2.200]) by mx1.good.example with ESMTPSA; " + at.Add(time.Second).Format(time.RFC1123Z) + "\r\n"
	return []byte(top + text)
}

// mailed replaces the mail.
func (w *world) mailed(raw []byte) { w.x.Mail = raw }

// edited is the good mail after somebody changed it.
func (w *world) edited(old, text string) {
	w.x.Mail = []byte(strings.Replace(string(goodMail()), old, text, 1))
}

// arc takes a mail of the public test suite of ARC, whose key it publishes.
func (w *world) arc(id string) {
	w.t.Helper()
	raw, err := os.ReadFile("../header/testdata/arc/validation.json")
	must(w.t, err)
	var suite []struct {
		TXT   map[string]string
		Tests []struct{ ID, Message string }
	}
	must(w.t, json.Unmarshal(raw, &suite))
	for _, s := range suite {
		for _, c := range s.Tests {
			if c.ID != id {
				continue
			}
			for name, value := range s.TXT {
				w.txt(name, value)
			}
			w.x.Mail = []byte(c.Message)
			return
		}
	}
	w.t.Fatalf("no vector %s", id)
}

const dsn = `From: MAILER-DAEMON@mx1.good.example
To: li.lei@good.example
Subject: Undelivered Mail Returned to Sender
Date: Thu, 26 Nov 2026 09:00:00 +0800
Message-ID: <d1@mx1.good.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1.good.example

Final-Recipient: rfc822; gone@other.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b--
`

var mailCases = []kase{
	{"message.way:slow", func(w *world) {
		w.edited("Received: from mx1", "Received: from mx9.good.example by mx.office.example with ESMTPS; "+time.Now().Add(-20*time.Minute).Format(time.RFC1123Z)+"\r\nReceived: from mx1")
	}},
	{"message.way:clock", func(w *world) {
		w.edited("Received: from mx1", "Received: from mx9.good.example by mx.office.example with ESMTPS; "+time.Now().Add(-3*time.Hour).Format(time.RFC1123Z)+"\r\nReceived: from mx1")
	}},
	{"message.proof:unproven", func(w *world) {
		w.mailed([]byte(strings.ReplaceAll(plainMail(), "good.example", "unknown.example")))
	}},
	{"message.proof:disagrees", func(w *world) {
		w.mailed(arrived(signedMail(plainMail(), nil), "dmarc=fail header.from=good.example"))
	}},
	{"message.proof:fails", func(w *world) { w.mailed(arrived(plainMail(), "spf=fail", "dmarc=fail header.from=good.example")) }},
	{"message.signature:none", func(w *world) { w.mailed(arrived(plainMail())) }},
	{"message.signature:open", func(w *world) {
		w.mailed(arrived(signedMail(plainMail(), []string{"From", "To", "Subject", "Date", "Message-ID"})))
	}},
	{"message.signature:partial", func(w *world) {
		w.mailed([]byte("Authentication-Results: mx.office.example; dkim=pass header.d=good.example\r\nDKIM-Signature: v=1; a=rsa-sha256; d=good.example; s=default; h=From:From; l=10; bh=x; b=y\r\n" + strings.Split(plainMail(), "\r\n\r\n")[0] + "\r\n\r\n"))
	}},
	{"message.signature:fails", func(w *world) { w.edited("what there is", "what there was") }},
	{"message.arc:ok", func(w *world) { w.arc("cv_pass_i1_1") }},
	{"message.arc:fails", func(w *world) { w.arc("cv_fail_i1_ams_na") }},
	{"message.alignment:elsewhere", func(w *world) { w.edited("Subject: Lunch", "Reply-To: <x@other.example>\r\nSubject: Lunch") }},
	{"message.alignment:poses", func(w *world) { w.edited("From: Li Lei <", `From: "boss@other.example" <`) }},
	{"message.look_alike:mixed", func(w *world) { w.edited("li.lei@good.example", "li.lei@gооd.example") }}, // two Cyrillic letters
	{"message.look_alike:similar", func(w *world) { w.edited("li.lei@good.example", "li.lei@g00d.example") }},
	{"message.returned:returned", func(w *world) { w.mailed([]byte(dsn)) }},
	{"message.returned:automatic", func(w *world) {
		w.edited("Subject: Lunch", "Subject: Out of office\r\nAuto-Submitted: auto-replied")
	}},
	{"message.loop:many", func(w *world) {
		w.mailed(append([]byte(strings.Repeat("Received: from a.example by b.example; Thu, 26 Nov 2026 09:00:00 +0800\r\n", 35)), plainMail()...))
	}},
	{"message.loop:loops", func(w *world) {
		w.mailed(append([]byte(strings.Repeat("Received: from a.example by b.example; Thu, 26 Nov 2026 09:00:00 +0800\r\n", 60)), plainMail()...))
	}},
	{"message.loop:loops", func(w *world) {
		w.edited("Subject: Lunch", "Delivered-To: han@office.example\r\nDelivered-To: li@good.example\r\nDelivered-To: han@office.example\r\nSubject: Lunch")
	}},
}

const unsubscribe = "List-Unsubscribe: <https://good.example/u>, <mailto:u@good.example>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"

var mailFormCases = []kase{
	{"message.fields:missing", func(w *world) { w.edited("Message-ID: <1@good.example>\r\n", "") }},
	{"message.fields:twice", func(w *world) { w.edited("Subject: Lunch", "Subject: Lunch\r\nSubject: Dinner") }},
	{"message.lines:raw", func(w *world) { w.edited("Subject: Lunch", "Subject: \u5348\u996d") }},
	{"message.lines:bare", func(w *world) { w.edited("See https", "See\nhttps") }},
	{"message.lines:long", func(w *world) { w.edited("See https", strings.Repeat("x", 1200)+" https") }},
	{"message.lines:zero", func(w *world) { w.edited("See https", "\x00 https") }},
	{"message.unsubscribe:ok", func(w *world) { w.edited("Subject: Lunch", unsubscribe+"Subject: Lunch") }},
	{"message.unsubscribe:no_click", func(w *world) {
		w.edited("Subject: Lunch", "List-Unsubscribe: <mailto:u@good.example>\r\nSubject: Lunch")
	}},
	{"message.unsubscribe:none", func(w *world) { w.edited("Subject: Lunch", "Precedence: bulk\r\nSubject: Lunch") }},
	{"message.size:large", func(w *world) {
		w.mailed(append([]byte(plainMail()), bytes.Repeat([]byte("0123456789\r\n"), 2<<20)...))
	}},
	{"message.size:over", func(w *world) {
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Cert: w.mx1, Offers: []string{"STARTTLS", "SIZE 200"}})
	}},
	{"message.attachments:refused", func(w *world) {
		w.edited("Content-Type: text/plain; charset=utf-8", "Content-Type: application/octet-stream; name=setup.exe")
	}},
	{"message.links:none", func(w *world) { w.edited("https://www.good.example/menu", "the menu") }},
	{"message.links:listed", func(w *world) {
		must(w.t, w.resolver.Load("bad.example.dom.list.test. 300 IN A 127.0.1.2"))
		w.edited("www.good.example/menu", "shop.bad.example/menu?id=1")
	}},
}
