package logfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/query"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/servers"
)

func TestMain(m *testing.M) { leak.Main(m) }

var shanghai = time.FixedZone("+08:00", 8*3600)

func reader(t *testing.T) (*Reader, *records.Book) {
	t.Helper()
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), shanghai)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), b.Close() })
	return r, b
}

func all(t *testing.T, b *records.Book, text string) []logs.Record {
	t.Helper()
	q, err := query.Parse(text, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	var found []logs.Record
	if _, err := b.Search(t.Context(), q, 0, func(h records.Hit) bool { found = append(found, h.Record); return true }); err != nil {
		t.Fatal(err)
	}
	return found
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What a real Postfix and a real Dovecot wrote, with what happened in between.
func TestLogsOfRealServers(t *testing.T) {
	t.Run("dovecot", func(t *testing.T) {
		s := servers.Dovecot(t)
		if err := s.AddUser(servers.User{Name: "han@office.example.com", Password: "right"}); err != nil {
			t.Fatal(err)
		}
		for _, password := range []string{"right", "wrong"} {
			c, err := net.Dial("tcp", s.Addr())
			if err != nil {
				t.Fatal(err)
			}
			in := bufio.NewReader(c)
			fmt.Fprintf(c, "a LOGIN han@office.example.com %s\r\nb LOGOUT\r\n", password)
			for {
				line, err := in.ReadString('\n')
				if err != nil || strings.HasPrefix(line, "b OK") {
					break
				}
			}
			_ = c.Close()
		}
		r, b := reader(t)
		waitFor(t, func() bool {
			path := filepath.Join(b.Dir(), "dovecot.log")
			write(t, path, s.Log())
			if _, err := r.File(t.Context(), path, nil); err != nil {
				t.Fatal(err)
			}
			return len(all(t, b, "kind:signin person:han")) == 2
		})
		for _, c := range []string{"outcome:ok", "outcome:refused"} {
			if got := all(t, b, "kind:signin person:han method:imap ip:127.0.0.1 "+c); len(got) != 1 {
				t.Errorf("%s: %+v", c, got)
			}
		}
	})
	t.Run("postfix", func(t *testing.T) {
		s := servers.Postfix(t, servers.PostfixOptions{})
		c, err := smtp.Dial(s.Addr)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Mail("zhou@customer.example.com"); err != nil {
			t.Fatal(err)
		}
		if err := c.Rcpt("postmaster@good.example"); err != nil {
			t.Fatal(err)
		}
		if err := c.Rcpt("nobody@bad.example"); err == nil {
			t.Fatal("mail for others is taken")
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, "Subject: x\r\nMessage-ID: <1@x.example>\r\n\r\nhello\r\n")
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_ = c.Quit()
		r, b := reader(t)
		waitFor(t, func() bool {
			if _, err := r.File(t.Context(), filepath.Join(s.Dir, "log"), nil); err != nil {
				t.Fatal(err)
			}
			return len(all(t, b, "outcome:delivered id:1@x.example")) == 1
		})
		got := all(t, b, "to:postmaster@good.example")
		if len(got) != 1 || got[0].From != "zhou@customer.example.com" || got[0].IP.String() != "127.0.0.1" || got[0].Kind != logs.Received || got[0].Size == 0 {
			t.Errorf("%+v", got)
		}
		if got := all(t, b, "outcome:blocked to:nobody@bad.example from:zhou"); len(got) != 1 || !strings.Contains(got[0].Said, "Relay access denied") {
			t.Errorf("%+v", got)
		}
	})
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	tick, end := time.NewTicker(100*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("it does not come")
		}
	}
}

const mailLog = `Nov 12 09:00:00 mx dovecot: imap-login: Login: user=<han@office.example.com>, method=PLAIN, rip=2001:db8::7, lip=192.0.2.1, mpid=1, TLS, session=<aaa>
Nov 12 09:00:01 mx postfix/smtpd[11]: 4AbcD12345z: client=pc[192.0.2.9], sasl_method=PLAIN, sasl_username=han@office.example.com
Nov 12 09:00:01 mx postfix/cleanup[12]: 4AbcD12345z: info: header Subject: =?utf-8?B?5Y+R56Wo?= from pc[192.0.2.9]; from=<han@office.example.com> to=<zhou@customer.example.com> proto=ESMTP
Nov 12 09:00:01 mx postfix/cleanup[12]: 4AbcD12345z: message-id=<2@office.example.com>
Nov 12 09:00:01 mx postfix/qmgr[13]: 4AbcD12345z: from=<han@office.example.com>, size=1234, nrcpt=2 (queue active)
Nov 12 09:00:02 mx postfix/smtp[14]: 4AbcD12345z: to=<zhou@customer.example.com>, relay=mx.customer.example.com[198.51.100.7]:25, delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred (connect timed out)
Nov 12 09:00:02 mx postfix/smtp[14]: 4AbcD12345z: to=<he@freight.example.com>, relay=none, delay=1, dsn=5.1.1, status=bounced (unknown user)
Nov 12 09:10:00 mx postfix/smtpd[11]: warning: unknown[203.0.113.66]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=han@office.example.com
Nov 12 09:11:00 mx postfix/smtpd[11]: NOQUEUE: reject: RCPT from spam[203.0.113.67]: 554 5.7.1 Service unavailable; blocked using rbl; from=<promo@offers.example.org> to=<han@office.example.com> proto=SMTP helo=<x>
Nov 12 09:12:00 mx dovecot: lmtp(han@office.example.com)<3><ccc>: msgid=<3@x.example>: saved mail to Junk
Nov 12 09:13:00 mx dovecot: imap(han@office.example.com)<4><ddd>: expunge: box=INBOX, uid=7, msgid=<4@x.example>, size=2000, from=boss@customer.example.com, subject==?utf-8?B?5ZCI5ZCM?=
Nov 12 09:14:00 mx dovecot: imap(han@office.example.com)<4><ddd>: copy from INBOX: box=Trash, uid=8, msgid=<5@x.example>, size=1
Nov 12 09:15:00 mx dovecot: imap-login: Disconnected: Connection closed (auth failed, 5 attempts in 20 secs): user=<han@office.example.com>, method=LOGIN, rip=203.0.113.66, lip=192.0.2.1, session=<bbb>
`

const later = `Nov 12 10:00:02 mx postfix/smtp[14]: 4AbcD12345z: to=<zhou@customer.example.com>, relay=mx.customer.example.com[198.51.100.7]:25, delay=3600, dsn=2.0.0, status=sent (250 ok)
Nov 12 10:00:02 mx postfix/qmgr[13]: 4AbcD12345z: removed
`

func TestOneLogOfPostfixAndDovecotIsUnderstood(t *testing.T) {
	r, b := reader(t)
	path := filepath.Join(t.TempDir(), "mail.log")
	write(t, path, mailLog)
	if _, err := r.File(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	for question, n := range map[string]int{
		"kind:signin outcome:ok ip:2001:db8::7": 1, "kind:signin outcome:refused method:imap": 1, "kind:signin outcome:refused method:smtp person:han": 1,
		"kind:sent outcome:pending 发票 to:zhou": 1, "kind:sent outcome:bounced to:he@freight.example.com": 1, "outcome:blocked from:promo": 1,
		"kind:received outcome:junk id:3@x.example": 1, "action:mail_delete 合同 from:boss": 1, "action:mail_trash id:5@x.example": 1,
		"kind:signin outcome:ok method:smtp person:han ip:192.0.2.9": 1, "": 10,
	} {
		if got := all(t, b, question); len(got) != n {
			t.Errorf("%q: %d found: %+v", question, len(got), got)
		}
	}
	if got := all(t, b, "method:imap outcome:refused"); len(got) == 1 && got[0].Times != 5 {
		t.Errorf("five attempts are %d", got[0].Times)
	}
}

func TestAGrowingLogIsReadOnAndHalfALineWaits(t *testing.T) {
	r, b := reader(t)
	path := filepath.Join(t.TempDir(), "mail.log")
	text := mailLog + later
	for _, end := range []int{0, 300, 301, len(mailLog) - 40, len(mailLog), len(mailLog) + 20, len(text) - 1, len(text)} {
		write(t, path, text[:end])
		_ = os.Chtimes(path, time.Time{}, time.Date(2026, 11, 12, 11, 0, end%60, 0, shanghai))
		if end == 0 {
			continue
		}
		res, err := r.File(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := text[end-1] != '\n'; res.Half != want {
			t.Errorf("%d bytes: half a line: %v", end, res.Half)
		}
	}
	if got := all(t, b, ""); len(got) != 10 {
		t.Errorf("%d records", len(got))
	}
	got := all(t, b, "to:zhou 发票")
	if len(got) != 1 || got[0].Outcome != logs.Delivered || !got[0].At.Equal(time.Date(2026, 11, 12, 9, 0, 1, 0, shanghai)) {
		t.Errorf("the deferred mail: %+v", got)
	}
	if res, err := r.File(t.Context(), path, nil); err != nil || !res.Known {
		t.Errorf("nothing new: %+v %v", res, err)
	}
}

func TestARotatedAndCompressedLogIsNotReadAgain(t *testing.T) {
	r, b := reader(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "mail.log"), mailLog)
	if done, failed, err := r.Folder(t.Context(), dir); err != nil || len(failed) != 0 || len(done) != 1 || done[0].Tally.New != 10 {
		t.Fatalf("%+v %v %v", done, failed, err)
	}
	var packed bytes.Buffer
	gz := gzip.NewWriter(&packed)
	fmt.Fprint(gz, mailLog+later)
	_ = gz.Close()
	_ = os.Remove(filepath.Join(dir, "mail.log"))
	write(t, filepath.Join(dir, "mail.log.1.gz"), packed.String())
	write(t, filepath.Join(dir, "mail.log"), strings.NewReplacer("Nov 12 09", "Nov 12 10", "session=<", "session=<x", "<ccc>", "<xccc>", "<ddd>", "<xddd>", "4AbcD", "5AbcD").Replace(mailLog))
	_ = os.Chtimes(filepath.Join(dir, "mail.log.1.gz"), time.Time{}, time.Now().Add(-time.Hour))
	write(t, filepath.Join(dir, "notes.txt"), "no log at all\n")
	write(t, filepath.Join(dir, "broken.gz"), "\x1f\x8bnot gzip")
	done, failed, err := r.Folder(t.Context(), dir)
	if err != nil || len(done) != 2 || len(failed) != 1 || core.CodeOf(failed[0]) != core.Malformed || core.ArgsOf(failed[0])["file"] == "" {
		t.Fatalf("%+v %v %v", done, failed, err)
	}
	for _, d := range done {
		if strings.HasSuffix(d.Path, ".gz") && (d.Tally.New != 0 || d.Tally.Updated != 1) {
			t.Errorf("%+v", d)
		}
	}
	// From the first file's last line to the next one's first is less than an hour.
	gaps, err := b.Gaps(t.Context(), logs.SignIn, records.Span{From: time.Date(2026, 11, 12, 9, 0, 0, 0, shanghai), To: time.Date(2026, 11, 12, 10, 15, 0, 0, shanghai)})
	if err != nil || len(gaps) != 0 {
		t.Errorf("gaps: %+v %v", gaps, err)
	}
}

const tracking = "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2507.006\r\n#Log-type: Message Tracking Log\r\n#Date: 2026-11-12T00:00:00.000Z\r\n" +
	"#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,related-recipient-address,reference,message-subject,sender-address,return-path,message-info,directionality\r\n" +
	"2026-11-12T06:03:05.123Z,198.51.100.7,mx,192.0.2.1,EX1,ctx,in,SMTP,RECEIVE,1,<6@x.example>,guid1,han@office.example.com,,4711,1,,,\"十一月发票, \"\"急\"\"\",zhou@customer.example.com,zhou@customer.example.com,,Incoming\r\n" +
	"2026-11-12T06:03:06.123Z,198.51.100.7,mx,192.0.2.1,EX1,ctx,,STOREDRIVER,DELIVER,1,<6@x.example>,guid1,han@office.example.com;wang.fang@office.example.com,,4711,2,,,\"十一月发票, \"\"急\"\"\",zhou@customer.example.com,zhou@customer.example.com,,Incoming\r\n" +
	"2026-11-12T07:00:00.000Z,192.0.2.1,EX1,198.51.100.9,mx.other,ctx,out,SMTP,SEND,2,<7@office.example.com>,guid2,he@freight.example.com,250 2.1.5 OK,100,1,,,Quote,han@office.example.com,han@office.example.com,,Originating\r\n" +
	"2026-11-12T08:00:00.000Z,,,,EX1,ctx,,ROUTING,FAIL,3,<8@office.example.com>,guid3,nobody@freight.example.com,550 5.1.1 unknown,100,1,,,Lost,han@office.example.com,han@office.example.com,,Originating\r\n"

func TestMessageTrackingOfExchangeIsUnderstood(t *testing.T) {
	r, b := reader(t)
	path := filepath.Join(t.TempDir(), "MSGTRK2026111200-1.LOG")
	write(t, path, tracking[:len(tracking)-150])
	if res, err := r.File(t.Context(), path, nil); err != nil || res.Format != Exchange || !res.Half {
		t.Fatalf("%+v %v", res, err)
	}
	write(t, path, tracking)
	if res, err := r.File(t.Context(), path, nil); err != nil || res.Lines != 1 {
		t.Fatalf("%+v %v", res, err)
	}
	for question, n := range map[string]int{
		`kind:received outcome:delivered "发票, " from:zhou`: 2, "person:wang.fang": 1, "kind:sent outcome:delivered to:he@freight.example.com": 1,
		"kind:sent outcome:bounced remark:unknown": 1, "": 4,
	} {
		if got := all(t, b, question); len(got) != n {
			t.Errorf("%q: %d found: %+v", question, len(got), got)
		}
	}
	if got := all(t, b, "outcome:bounced")[0].Said; got != "FAIL 550 5.1.1 unknown" {
		t.Errorf("the refusal's words: %q", got)
	}
}

func TestALargeLogTakesLittleMemory(t *testing.T) {
	r, b := reader(t)
	path := filepath.Join(t.TempDir(), "mail.log")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	const mails = 16_000
	for i := range mails {
		fmt.Fprintf(w, "Nov %2d %02d:%02d:%02d mx postfix/smtpd[1]: %09X: client=x[192.0.2.%d]\n", 1+i/800, i/100%20, i/2%60, i%60, i+1<<20, i%250)
		fmt.Fprintf(w, "Nov %2d %02d:%02d:%02d mx postfix/qmgr[1]: %09X: from=<a%d@x.example>, size=%d, nrcpt=1 (queue active)\n", 1+i/800, i/100%20, i/2%60, i%60, i+1<<20, i%900, i)
		fmt.Fprintf(w, "Nov %2d %02d:%02d:%02d mx postfix/lmtp[1]: %09X: to=<p%d@office.example.com>, relay=x[private/lmtp], delay=1, dsn=2.0.0, status=sent (ok)\n", 1+i/800, i/100%20, i/2%60, i%60, i+1<<20, i%30)
		if i%10 > 0 { // some stay in the queue for ever
			fmt.Fprintf(w, "Nov %2d %02d:%02d:%02d mx postfix/qmgr[1]: %09X: removed\n", 1+i/800, i/100%20, i/2%60, i%60, i+1<<20)
		}
		if i == 1000 {
			fmt.Fprintln(w, strings.Repeat("x", 3<<20))
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	res, err := r.File(t.Context(), path, nil)
	if err != nil || res.Tally.New != mails {
		t.Fatalf("%+v %v", res, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 48<<20 {
		t.Errorf("%d MB stay in memory", grown>>20)
	}
	_ = b
}

func TestAFileThatCannotBeReadIsNamed(t *testing.T) {
	r, _ := reader(t)
	for path, code := range map[string]core.Code{filepath.Join(t.TempDir(), "none.log"): core.NotFound, t.TempDir(): core.Invalid} {
		_, err := r.File(t.Context(), path, nil)
		if core.CodeOf(err) != code {
			t.Errorf("%s: %v", path, err)
		}
	}
	path := filepath.Join(t.TempDir(), "x.txt")
	write(t, path, "dear diary\n")
	if _, err := r.File(t.Context(), path, nil); core.CodeOf(err) != core.Unsupported || core.ArgsOf(err)["file"] != path {
		t.Errorf("%v", err)
	}
}

func TestFoldersAreWatchedUntilTheyAreNot(t *testing.T) {
	r, _ := reader(t)
	dir := t.TempDir()
	if err := r.Watch(t.Context(), dir+"/", nil); err != nil {
		t.Fatal(err)
	}
	if err := r.Watch(t.Context(), filepath.Join(dir, "none"), nil); core.CodeOf(err) != core.NotFound {
		t.Errorf("%v", err)
	}
	if w, err := r.Watched(t.Context()); err != nil || len(w) != 1 || w[0] != (Watched{Dir: dir}) {
		t.Errorf("%v %v", w, err)
	}
	if err := r.Unwatch(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if w, _ := r.Watched(t.Context()); len(w) != 0 {
		t.Errorf("%v", w)
	}
}

func FuzzAnyLineIsReadWithoutHarm(f *testing.F) {
	for _, line := range strings.Split(mailLog+later, "\n") {
		f.Add(line)
	}
	for _, line := range strings.Split(tracking, "\r\n") {
		f.Add(line)
	}
	f.Add("2026-11-12T09:00:00+08:00 mx dovecot[1]: imap(")
	f.Fuzz(func(t *testing.T, line string) {
		c := &clock{zone: shanghai, wrote: time.Date(2026, 11, 20, 0, 0, 0, 0, shanghai)}
		ex := newExchange()
		ex.fields = map[string]int{"date-time": 0, "event-id": 1, "recipient-address": 2, "source": 3}
		for _, p := range []parser{newParser(Postfix, c), ex} {
			for range 2 {
				found, _ := p.line(logs.Readable(line))
				for _, r := range append(found, p.rest()...) {
					r.Clean()
				}
			}
			mails := p.waiting()
			p.take(mails)
			if again := p.waiting(); len(again) != len(mails) {
				t.Errorf("%d mails wait, and then %d", len(mails), len(again))
			}
		}
	})
}
