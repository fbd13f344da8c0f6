package bounce

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
)

// told is what a fixture must be read as. Recipients are "address cause fault final|temporary".
type told struct {
	file   string
	kind   Kind
	form   Form
	system string
	whom   []string
}

var fixtures = []told{
	{"postfix-user-unknown.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example no-such-user sender final"}},
	{"postfix-full.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example mailbox-full recipient final"}},
	{"postfix-full-temporary.eml", KindDelay, FormDSN, "postfix", []string{"han@shop.example mailbox-full recipient temporary"}},
	{"postfix-no-host.eml", KindFailure, FormDSN, "postfix", []string{"han@shopp.example no-such-domain sender final"}},
	{"postfix-dns-temporary.eml", KindDelay, FormDSN, "postfix", []string{"han@shop.example dns network temporary"}},
	{"postfix-timeout.eml", KindDelay, FormDSN, "postfix", []string{"han@shop.example no-answer network temporary"}},
	{"postfix-lost.eml", KindDelay, FormDSN, "postfix", []string{"han@shop.example connection-lost network temporary"}},
	{"postfix-too-big.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example too-big sender final"}},
	{"postfix-spamhaus.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example blocklisted sender final"}},
	{"postfix-relay.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example relay sender final"}},
	{"postfix-greylist.eml", KindDelay, FormDSN, "postfix", []string{"han@shop.example greylisted nobody temporary"}},
	{"postfix-loop.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example loop recipient-side final"}},
	{"postfix-null-mx.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example no-mail-domain sender final"}},
	{"postfix-ptr.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example reverse-dns sender final"}},
	{"postfix-delivered.eml", KindSuccess, FormDSN, "postfix", []string{"han@shop.example passed-on nobody final"}},
	{"postfix-gmail-dmarc.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example dmarc sender final"}},
	{"postfix-smtputf8.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example encoding recipient-side final"}},
	{"postfix-tls.eml", KindDelay, FormDSN, "postfix", []string{"han@shop.example tls recipient-side temporary"}},
	{"postfix-two.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example no-such-user sender final", "wei@shop.example mailbox-full recipient final"}},
	{"m365-not-found.eml", KindFailure, FormDSN, "microsoft365", []string{"wei.hua@client.example no-such-user sender final"}},
	{"m365-blocked-ip.eml", KindFailure, FormDSN, "microsoft365", []string{"wei.hua@client.example blocklisted sender final"}},
	{"m365-restricted.eml", KindFailure, FormDSN, "exchange", []string{"all@client.example not-allowed-to-write recipient-side final"}},
	{"m365-suspended-zh.eml", KindFailure, FormDSN, "microsoft365", []string{"wei.hua@client.example sender-suspended sender final"}},
	{"exchange-zh-text.eml", KindFailure, FormText, "exchange", []string{"han@shop.example no-such-user sender final"}},
	{"gmail-not-found.eml", KindFailure, FormDSN, "gmail", []string{"han@shop.example no-such-user sender final"}},
	{"gmail-delay.eml", KindDelay, FormDSN, "gmail", []string{"han@shop.example no-answer network temporary"}},
	{"gmail-limit.eml", KindFailure, FormDSN, "gmail", []string{"han@shop.example sending-limit sender temporary"}},
	{"qmail.eml", KindFailure, FormText, "qmail", []string{"han@shop.example no-such-user sender final", "wei@shopp.example no-such-domain sender final"}},
	{"qmail-queue.eml", KindFailure, FormText, "qmail", []string{"han@shop.example gave-up recipient-side final"}},
	{"exim.eml", KindFailure, FormText, "exim", []string{"han@shop.example no-such-user sender final"}},
	{"exim-unrouteable.eml", KindFailure, FormText, "exim", []string{"han@shopp.example no-such-domain sender final"}},
	{"exim-delay.eml", KindDelay, FormText, "exim", []string{"han@shop.example no-answer network temporary"}},
	{"exim-cpanel-limit.eml", KindFailure, FormText, "exim", []string{"han@shop.example sending-limit sender temporary"}},
	{"sendmail.eml", KindFailure, FormDSN, "sendmail", []string{"han@shop.example no-such-user sender final"}},
	{"sendmail-text.eml", KindDelay, FormText, "sendmail", []string{"han@shop.example no-answer network temporary"}},
	{"yahoo.eml", KindFailure, FormText, "yahoo", []string{"han@shop.example no-such-user sender final"}},
	{"tencent-no-user.eml", KindFailure, FormHTML, "tencent", []string{"han@shop.example no-such-user sender final"}},
	{"tencent-full.eml", KindFailure, FormHTML, "tencent", []string{"han@shop.example mailbox-full recipient temporary"}},
	{"tencent-content.eml", KindFailure, FormHTML, "tencent", []string{"han@shop.example spam sender final"}},
	{"tencent-frequency.eml", KindFailure, FormHTML, "tencent", []string{"han@shop.example rate sender final"}},
	{"tencent-blacklist.eml", KindFailure, FormHTML, "tencent", []string{"han@shop.example blocked-by-person recipient final"}},
	{"netease-no-user.eml", KindFailure, FormHTML, "netease", []string{"han@shop.example no-such-user sender final"}},
	{"netease-spm.eml", KindFailure, FormHTML, "netease", []string{"han@shop.example spam sender final"}},
	{"netease-spf.eml", KindFailure, FormHTML, "netease", []string{"han@163.com spf sender final"}},
	{"netease-attachment.eml", KindFailure, FormHTML, "netease", []string{"han@shop.example attachment sender final"}},
	{"alibaba-no-user.eml", KindFailure, FormHTML, "alibaba", []string{"han@shop.example no-such-user sender final"}},
	{"alibaba-quota.eml", KindFailure, FormHTML, "alibaba", []string{"han@shop.example sending-limit sender final"}},
	{"coremail.eml", KindFailure, FormText, "coremail", []string{"han@shop.example mailbox-disabled recipient final"}},
	{"coremail-size.eml", KindFailure, FormText, "coremail", []string{"han@shop.example too-big sender final"}},
	{"big5.eml", KindFailure, FormText, "", []string{"han@shop.example no-such-user sender final"}},
	{"raw-gbk.eml", KindFailure, FormText, "", []string{"han@shop.example mailbox-full recipient temporary"}},
	{"domino.eml", KindFailure, FormText, "domino", []string{"han@shop.example no-such-user sender final"}},
	{"courier.eml", KindFailure, FormDSN, "courier", []string{"han@shop.example no-such-user sender final"}},
	{"mimecast.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example reputation sender final"}},
	{"proofpoint.eml", KindFailure, FormDSN, "postfix", []string{"han@shop.example reputation sender final"}},
	{"dsn-crammed.eml", KindFailure, FormDSN, "", []string{"han@shop.example no-such-user sender final", "wei@shop.example no-such-domain sender final"}},
	{"line-only.txt", KindFailure, FormLine, "", []string{"han@shop.example no-such-user sender final"}},
	{"line-zh.txt", KindFailure, FormLine, "netease", []string{" rate sender final"}},
	{"line-m365.txt", KindFailure, FormLine, "microsoft365", []string{" sign-in-needed sender final"}},
	{"vacation.eml", KindAutoReply, "", "", nil},
	{"receipt.eml", KindReceipt, "", "", nil},
	{"complaint.eml", KindComplaint, "", "", nil},
	{"ordinary.eml", KindOther, FormText, "", nil},
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func line(r Recipient) string {
	until := "temporary"
	if r.Final {
		until = "final"
	}
	return strings.Join([]string{r.Address, r.Cause, string(r.Fault), until}, " ")
}

func TestReturnedMailOfEveryKindIsRead(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, e := range entries {
		if !e.IsDir() {
			files++
		}
	}
	if files != len(fixtures) || files < 40 {
		t.Errorf("%d fixtures, %d are in the table", files, len(fixtures))
	}
	for _, want := range fixtures {
		t.Run(want.file, func(t *testing.T) {
			r, err := Read(read(t, want.file))
			if err != nil {
				t.Fatal(err)
			}
			if r.Kind != want.kind || want.form != "" && r.Form != want.form || r.System != want.system {
				t.Errorf("kind %q form %q system %q, want %q %q %q", r.Kind, r.Form, r.System, want.kind, want.form, want.system)
			}
			if want.whom == nil {
				return
			}
			var got []string
			for _, rec := range r.Recipients {
				got = append(got, line(rec))
				if rec.Rule == "" || rec.Source == "" {
					t.Errorf("%s: no rule or source", rec.Address)
				}
			}
			if strings.Join(got, "\n") != strings.Join(want.whom, "\n") {
				t.Errorf("got\n%s\nwant\n%s\nwords: %q rule: %v", strings.Join(got, "\n"), strings.Join(want.whom, "\n"), r.Recipients[0].Words, r.Recipients[0].Rule)
			}
		})
	}
}

func TestTheFactsOfAReportAreKept(t *testing.T) {
	r, err := Read(read(t, "gmail-not-found.eml"))
	if err != nil {
		t.Fatal(err)
	}
	rec := r.Recipients[0]
	if r.Reporter != "googlemail.com" || rec.Remote != "mx1.shop.example" || rec.Status != "5.1.1" || rec.Reply != "550" {
		t.Errorf("reporter %q, remote %q, status %q, reply %q", r.Reporter, rec.Remote, rec.Status, rec.Reply)
	}
	if r.Original.Subject != "Quotation" || r.Original.MessageID != "<q1@office.example>" {
		t.Errorf("the mail that was sent: %+v", r.Original)
	}
	if want := time.Date(2026, 11, 2, 1, 12, 0, 0, time.UTC); !r.Arrived.Equal(want) {
		t.Errorf("arrived %v", r.Arrived)
	}
	if len(rec.Links) != 1 || rec.Links[0] != "https://support.google.com/mail/?p=NoSuchUser" {
		t.Errorf("links %q", rec.Links)
	}
	late, err := Read(read(t, "postfix-full-temporary.eml"))
	if err != nil || late.Recipients[0].TriesTill.IsZero() || !late.Recipients[0].Delayed {
		t.Errorf("tried until %v, %v", late.Recipients[0].TriesTill, err)
	}
	listed, err := Read(read(t, "postfix-spamhaus.eml"))
	if err != nil || listed.Recipients[0].List != "Spamhaus" {
		t.Errorf("list %q, %v", listed.Recipients[0].List, err)
	}
	quoted, err := Read(read(t, "qmail.eml"))
	if err != nil || quoted.Original.Subject != "Quotation" {
		t.Errorf("quoted mail %+v, %v", quoted.Original, err)
	}
}

func TestNothingAtAllIsSaidToBeNothing(t *testing.T) {
	for _, raw := range []string{"", " \r\n\t\n"} {
		if _, err := Read([]byte(raw)); core.CodeOf(err) != core.Invalid {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

// Every cause, rule and code is sound, and nothing of the dictionary is out of reach.
func TestTheDictionaryIsSound(t *testing.T) {
	faults := map[Fault]bool{FaultSender: true, FaultRecipient: true, FaultRecipientSide: true, FaultNetwork: true, FaultNobody: true, FaultUnknown: true}
	for id, c := range dict.causes {
		if !faults[c.Fault] {
			t.Errorf("%s: fault %q", id, c.Fault)
		}
	}
	used := map[string]bool{"unknown": true, "delivered": true, "passed-on": true, "ambiguous": true}
	check := func(what, cause, source string) {
		if _, ok := dict.causes[cause]; !ok || source == "" {
			t.Errorf("%s: cause %q, source %q", what, cause, source)
		}
		used[cause] = true
	}
	ids := map[string]bool{}
	for _, r := range dict.words {
		check(r.ID, r.Cause, r.Source)
		if ids[r.ID] {
			t.Errorf("%s stands twice", r.ID)
		}
		ids[r.ID] = true
		for _, f := range append(r.Has, r.Unless...) {
			if f != strings.ToLower(f) || len(f) < 3 {
				t.Errorf("%s: fragment %q", r.ID, f)
			}
			if !anyOf(strings.ReplaceAll(f, "*", " "), r.Has) && !anyOf(strings.ReplaceAll(f, "*", " "), r.Unless) {
				t.Errorf("%s: %q does not find itself", r.ID, f)
			}
		}
	}
	for code, r := range dict.enhanced {
		check(code, r.Cause, r.Source)
	}
	for code, r := range dict.reply {
		check(code, r.Cause, r.Source)
	}
	for id := range dict.causes {
		if !used[id] {
			t.Errorf("no rule leads to %s", id)
		}
	}
	for _, s := range dict.systems.Systems {
		if s.Source == "" || s.Name == "" {
			t.Errorf("%s has no name or source", s.ID)
		}
	}
}

// A mail that somebody made to hurt costs little.
func TestHostileMailIsBounded(t *testing.T) {
	for name, raw := range map[string]string{
		"many recipients": "Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n" + strings.Repeat("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n", 20_000),
		"deep":            strings.Repeat("Content-Type: multipart/mixed; boundary=x\n\n--x\n", 5000),
		"long line":       "Subject: failure notice\nFrom: mailer-daemon@a.example\n\n<a@b.example>: 550 " + strings.Repeat("user ", 500_000),
		"many starred":    "550 " + strings.Repeat("exceed resolver limit for mailbox unauthenticated email ", 20_000),
		"many addresses":  "Subject: failure notice\n\n" + strings.Repeat("<a1@b.example>:\n550 x\n", 20_000),
	} {
		started := time.Now()
		r, err := Read([]byte(raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(r.Recipients) > maxRecipients {
			t.Errorf("%s: %d recipients", name, len(r.Recipients))
		}
		t.Logf("%s: %d bytes in %v", name, len(raw), time.Since(started))
	}
}

func FuzzRead(f *testing.F) {
	for _, want := range fixtures {
		f.Add(read(f, want.file))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Read(raw)
		if err != nil {
			return
		}
		for _, rec := range r.Recipients {
			if _, ok := dict.causes[rec.Cause]; !ok || len(rec.Words) > maxWords {
				t.Errorf("cause %q, %d bytes of words", rec.Cause, len(rec.Words))
			}
		}
		if r.Kind == KindFailure && len(r.Recipients) == 0 {
			t.Error("a failure of nobody")
		}
	})
}

// The goal is 500 returned mails a second; the figure is printed.
func BenchmarkRead(b *testing.B) {
	var mails [][]byte
	for _, want := range fixtures {
		mails = append(mails, read(b, want.file))
	}
	n := 0
	for b.Loop() {
		if _, err := Read(mails[n%len(mails)]); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "mails/s")
}
