package logfile

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"mailroom/backend/logs"
	"mailroom/backend/records"
)

// What a real Dovecot 2.3.19 wrote with all fields of mail_log, folders and senders with
// commas in their names, rules that refuse and discard, and a proxy.
const realDovecot = `Nov 26 16:07:15 lmtp(zhou@office.example)<30019><fGDZ>: Info: save: box=INBOX, uid=1, msgid=<58@customer.example>, size=365, vsize=376, from="Send, er" <sender@customer.example>, subject=two, flags=()
Nov 26 16:07:15 lmtp(zhou@office.example)<30019><mDAT>: Info: sieve: msgid=<48@customer.example>: fileinto action: stored mail into mailbox 'Junk, mail'
Nov 26 16:07:15 lmtp(zhou@office.example)<30019><YKmi>: Info: sieve: msgid=<72@customer.example>: discard action: Marked message to be discarded if not explicitly delivered (discard action)
Nov 26 16:07:15 lmtp(zhou@office.example)<30019><wIC7>: Info: sieve: msgid=<: saved mail to Trash>: reject action: rejected message from <sender@customer.example> (reject)
Nov 26 16:08:07 imap-login: Info: Disconnected: Aborted login by logging out (auth failed, 2 attempts in 34 secs): user=<>, method=PLAIN, rip=127.0.0.1, lip=127.0.0.1, secured, session=<alIr>
Nov 26 16:08:08 imap-login: Info: proxy(li@office.example): Started proxying to 192.0.2.3 (0.1 secs): user=<li@office.example>, method=PLAIN, rip=192.0.2.9, lip=192.0.2.1, session=<prox>
Nov 26 16:08:49 imap(zhou@office.example)<3081><gyO1>: Info: copy from INBOX: box=Deleted Items, uid=1, msgid=<58@customer.example>, size=365, vsize=376, from="Send, subject=er" <sender@customer.example>, subject=two of them, uid=9, from=ceo@evil.example, flags=()
Nov 26 16:08:49 imap(zhou@office.example)<3081><gyO1>: Info: expunge: box=Junk, mail, uid=2, msgid=<app1@x>, size=59, vsize=64, from=a@b.example, subject=appended, by me, flags=(\Deleted \Seen)
Nov 26 16:08:50 lmtp(77, han@office.example): WhX9: msgid=<old@x>: saved mail to INBOX
`

func TestFoldersSendersAndSubjectsMayHoldCommas(t *testing.T) {
	r, b := reader(t)
	path := filepath.Join(t.TempDir(), "dovecot.log")
	write(t, path, realDovecot)
	if _, err := r.File(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]logs.Record{
		"action:mail_trash":                       {Target: "Deleted Items", From: "sender@customer.example", Subject: "two of them, uid=9, from=ceo@evil.example", Size: 365, MessageID: "<58@customer.example>"},
		"action:mail_delete":                      {Target: "Junk, mail", From: "a@b.example", Subject: "appended, by me", Size: 59, MessageID: "<app1@x>"},
		"outcome:junk":                            {Target: "Junk, mail", MessageID: "<48@customer.example>"},
		"outcome:blocked id:72@customer.example":  {MessageID: "<72@customer.example>"},
		"outcome:blocked -id:72@customer.example": {MessageID: "<: saved mail to Trash>"},
		"outcome:delivered person:han":            {Target: "INBOX", MessageID: "<old@x>"},
		"outcome:ok kind:signin":                  {},
		"outcome:refused":                         {},
	} {
		got := all(t, b, question)
		if len(got) != 1 || got[0].Target != want.Target || got[0].From != want.From || got[0].Subject != want.Subject || got[0].Size != want.Size || got[0].MessageID != want.MessageID {
			t.Errorf("%s: %+v", question, got)
		}
	}
}

// queueLog tells of mails that a real Postfix 3.7 gave up, put off without trying, handed
// to Dovecot on the same machine, and to a filter.
const queueLog = `Nov 26 16:08:53 mx postfix/smtpd[1]: 4jb1gn2qBmz1x065: client=localhost[127.0.0.1]
Nov 26 16:08:53 mx postfix/cleanup[2]: 4jb1gn2qBmz1x065: message-id=<28@office.example>
Nov 26 16:08:53 mx postfix/cleanup[2]: 4jb1gn2qBmz1x065: info: header Subject: =?gbk?B?udjT2squ0rvUwrfdt6LGsQ==?=? =?gbk?B?us26z82stcTLtcP3?=??plain from localhost[127.0.0.1]; from=<zhou@office.example> to=<a@defer.example> proto=ESMTP helo=<client.example>
Nov 26 16:08:53 mx postfix/qmgr[3]: 4jb1gn2qBmz1x065: from=<zhou@office.example>, size=298, nrcpt=2 (queue active)
Nov 26 16:08:53 mx postfix/smtp[4]: 4jb1gn2qBmz1x065: to=<a@defer.example>, relay=mx.defer.example[192.0.2.10]:25, delay=0.09, delays=0/0/0/0, dsn=4.2.1, status=deferred (host mx said: 451 4.2.1 try (later) orig_to=<evil@x.example>, status=sent (ha) (in reply to RCPT TO command))
Nov 26 16:08:54 mx postfix/error[5]: 4jb1gn2qBmz1x065: to=<b@dead.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (delivery temporarily suspended: connect to mx.dead.example[192.0.2.11]:25: Connection refused)
Nov 26 16:08:55 mx postfix/qmgr[3]: 4JB1AA: from=<out@customer.example>, size=272, nrcpt=2 (queue active)
Nov 26 16:08:56 mx dovecot: lmtp(zhou@office.example)<9><jz7e>: sieve: msgid=<68@customer.example>: fileinto action: stored mail into mailbox 'Junk'
Nov 26 16:08:56 mx postfix/lmtp[6]: 4JB1AA: to=<zhou@office.example>, orig_to=<team@office.example>, relay=127.0.0.1[127.0.0.1]:24, delay=0.1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <zhou@office.example> jz7e Saved)
Nov 26 16:08:57 mx postfix/smtp[4]: 4JB1AA: to=<li@office.example>, relay=none, delay=0.1, delays=0/0/0/0, dsn=4.4.1, status=deferred (connect to 127.0.0.1[127.0.0.1]:10024: Connection refused)
Nov 26 16:08:58 mx postfix/smtp[4]: 4JB1AA: to=<li@office.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4JB1AB)
Nov 26 16:08:58 mx postfix/qmgr[3]: 4JB1AA: removed
Nov 26 16:09:00 mx postfix/smtpd[1]: 4JB1AC: client=unknown[192.0.2.7]
Nov 26 16:09:00 mx postfix/smtpd[1]: warning: unknown[203.0.113.66]: SASL LOGIN authentication failed: UGFz, sasl_username=a@office.example
Nov 26 16:09:00 mx postfix/smtpd[1]: warning: unknown[203.0.113.66]: SASL LOGIN authentication failed: UGFz, sasl_username=a@office.example
Nov 26 16:09:00 mx postfix/smtpd[1]: message repeated 3 times: [ warning: unknown[203.0.113.67]: SASL LOGIN authentication failed: UGFz, sasl_username=a@office.example]
Nov 26 16:09:05 mx postfix/qmgr[3]: 4jb1gn2qBmz1x065: from=<zhou@office.example>, status=expired, returned to sender
Nov 26 16:09:05 mx postfix/qmgr[3]: 4jb1gn2qBmz1x065: removed
`

func TestEveryMailOfAQueueHasAnEnd(t *testing.T) {
	r, b := reader(t)
	path := filepath.Join(t.TempDir(), "mail.log")
	write(t, path, queueLog)
	if _, err := r.File(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	for question, n := range map[string]int{
		"kind:sent outcome:bounced to:a@defer.example 发票和合同的说明plain": 0, "kind:sent outcome:bounced to:a@defer.example 月份发票和合同的说明 plain": 1,
		"kind:sent outcome:bounced to:b@dead.example remark:suspended": 1, "to:dead": 1, "to:evil": 0, "outcome:pending": 0,
		"kind:received to:team@office.example outcome:junk from:out@customer.example": 1, "person:zhou kind:received": 1, "to:li@office.example outcome:other": 1,
		"outcome:refused ip:203.0.113.66": 2, "outcome:refused ip:203.0.113.67": 1, "": 7,
	} {
		if got := all(t, b, question); len(got) != n {
			t.Errorf("%q: %d found: %+v", question, len(got), got)
		}
	}
	if got := all(t, b, "ip:203.0.113.67"); len(got) == 1 && got[0].Times != 3 {
		t.Errorf("three attempts are %d", got[0].Times)
	}
}

// told is what a book holds, as text.
func tellAll(t *testing.T, b *records.Book) string {
	t.Helper()
	var lines []string
	for _, r := range all(t, b, "") {
		lines = append(lines, fmt.Sprintf("%+v", r))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// However a log is cut into readings or into rotated files, and in whatever order these
// are named, it tells the same.
func TestALogTellsTheSameInAnyPieces(t *testing.T) {
	whole := queueLog + mailLog + later
	wrote := time.Date(2026, 11, 26, 17, 0, 0, 0, shanghai)
	put := func(path string, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		_ = os.Chtimes(path, time.Time{}, wrote)
	}
	want := ""
	for i := range 8 {
		r, b := reader(t)
		dir := t.TempDir()
		cut := len(queueLog) * i / 7
		var paths []string
		if i%2 == 0 {
			path := filepath.Join(dir, "mail.log")
			put(path, []byte(whole[:cut]))
			if _, err := r.File(t.Context(), path, nil); cut > 0 && err != nil {
				t.Fatal(err)
			}
			put(path, []byte(whole))
			_ = os.Chtimes(path, time.Time{}, wrote.Add(time.Minute))
			paths = []string{path}
		} else {
			// Equal lines of one moment at the end of one file and the beginning of the next are
			// taken for one line that is in both.
			for cut += strings.IndexByte(whole[cut:], '\n') + 1; strings.LastIndex(whole[:cut], whole[cut:cut+15]) >= 0; {
				cut += strings.IndexByte(whole[cut:], '\n') + 1
			}
			var packed bytes.Buffer
			third := strings.LastIndexByte(whole[:cut/3], '\n') + 1
			gz := gzip.NewWriter(&packed)
			gz.ModTime = wrote
			_, _ = gz.Write([]byte(whole[:third]))
			_ = gz.Close()
			paths = []string{filepath.Join(dir, "mail.log"), filepath.Join(dir, "mail.log.1"), filepath.Join(dir, "mail.log.2.gz")}
			put(paths[0], []byte(whole[cut:]))
			put(paths[1], []byte(whole[third:cut]))
			put(paths[2], packed.Bytes())
		}
		for _, path := range OldestFirst(paths) {
			if _, err := r.File(t.Context(), path, nil); err != nil {
				t.Fatal(err)
			}
		}
		got := tellAll(t, b)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("cut at %d:\n%s\nwant\n%s", cut, got, want)
		}
	}
}

func TestRotatedFilesAreReadOldestFirst(t *testing.T) {
	for given, want := range map[string]string{
		"mail.log mail.log.1 mail.log.10.gz mail.log.2.gz":            "mail.log.10.gz mail.log.2.gz mail.log.1 mail.log",
		"mail.log x.ndjson mail.log-20261101.gz mail.log-20261025.gz": "mail.log-20261025.gz x.ndjson mail.log-20261101.gz mail.log",
		"b/mail.log a/mail.log.1":                                     "b/mail.log a/mail.log.1",
		"":                                                            "",
	} {
		if got := strings.Join(OldestFirst(strings.Fields(given)), " "); filepath.ToSlash(got) != want {
			t.Errorf("%s: %s", given, got)
		}
	}
}

func TestTheHourThatComesTwiceIsTwoHours(t *testing.T) {
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, night := range []string{"2026-10-24T22:00:00Z", "2026-11-01T03:00:00Z", "2026-03-29T00:00:00Z", "2026-04-04T12:00:00Z", "1991-09-14T13:00:00Z"} {
			from, _ := time.Parse(time.RFC3339, night)
			for _, form := range []string{time.Stamp, time.DateTime} {
				c := &clock{zone: place, wrote: from.Add(6 * time.Hour)}
				for i := range 120 {
					want := from.Add(time.Duration(i) * 3 * time.Minute)
					if at, rest, ok := c.read(want.In(place).Format(form) + " x"); !ok || rest != "x" || !at.Equal(want) {
						t.Fatalf("%s, %s: %s is read as %s", zone, form, want, at)
					}
				}
			}
		}
	}
}

func TestDamagedLinesAreNamedAndTheRestIsRead(t *testing.T) {
	r, b := reader(t)
	lines := strings.SplitAfter(tracking, "\n")
	long := strings.Replace(lines[7], "he@freight.example.com", strings.Repeat("a@freight.example.com;", 3000)+"he@freight.example.com", 1)
	damaged := strings.Join(lines[:5], "") + "garbage,x\r\n" + lines[7][:70] + "\r\n" + long + "\x00\x00\r\n" + strings.Repeat("x", longestLine+1) + "\r\n" + lines[5] + lines[8]
	path := filepath.Join(t.TempDir(), "x.log")
	write(t, path, damaged)
	res, err := r.File(t.Context(), path, nil)
	want := []records.BadLine{{Line: 6, Reason: "malformed"}, {Line: 7, Reason: "malformed"}, {Line: 9, Reason: "malformed"}, {Line: 10, Reason: "long"}}
	if err != nil || !slices.Equal(res.Bad, want) || res.Wrong != 4 {
		t.Errorf("%+v %v", res.Bad, err)
	}
	if got := all(t, b, "kind:sent to:he@freight.example.com from:han"); len(got) != 1 {
		t.Errorf("the last of 3001 recipients: %+v", got)
	}
	if got := all(t, b, "outcome:bounced"); len(got) != 1 {
		t.Errorf("behind the damage: %+v", got)
	}
	write(t, path, damaged+"garbage,y\r\n")
	if res, err := r.File(t.Context(), path, nil); err != nil || len(res.Bad) != 1 || res.Bad[0].Line != 13 {
		t.Errorf("read on: %+v %v", res, err)
	}
}

func TestExchangeTellsOneMailOnce(t *testing.T) {
	r, b := reader(t)
	head := tracking[:strings.Index(tracking, "2026-11-12T06:03:05")]
	row := func(at, source, event, to, direction string) string {
		return at + ",192.0.2.1,EX1,,,ctx,out," + source + "," + event + ",2,<7@x.example>,guid2," + to + ",said,100,1,,,Quote,han@office.example.com,,," + direction + "\r\n"
	}
	dir := t.TempDir()
	for i, text := range []string{
		row("2026-10-31T23:59:59.000Z", "SMTP", "DEFER", "he@freight.example.com", "Originating") + row("2026-11-01T00:00:00.000Z", "SMTP", "DEFER", "li@office.example.com", "Originating"),
		row("2026-11-02T00:00:00.000Z", "SMTP", "SEND", "he@freight.example.com", "Originating") + row("2026-11-02T00:00:00.000Z", "STOREDRIVER", "DELIVER", "li@office.example.com", "Originating"),
		row("2026-11-03T00:00:00.000Z", "ROUTING", "FAIL", "nobody@office.example.com", "Incoming"),
	} {
		path := filepath.Join(dir, fmt.Sprint(i))
		write(t, path, strings.Replace(head, "2026-11-12T00", fmt.Sprintf("2026-11-1%dT00", i), 1)+text)
		if _, err := r.File(t.Context(), path, nil); err != nil {
			t.Fatal(err)
		}
	}
	for question, n := range map[string]int{
		"kind:sent outcome:delivered to:he@freight.example.com on:2026-11-01": 1, "kind:sent to:he": 1, "outcome:pending": 0,
		"kind:received outcome:delivered person:li": 1, "kind:received outcome:blocked person:nobody": 1,
	} {
		if got := all(t, b, question); len(got) != n {
			t.Errorf("%q: %d found: %+v", question, len(got), got)
		}
	}
}

func TestLogsInOtherCharsetsAreReadable(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(tracking))
	if err != nil {
		t.Fatal(err)
	}
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(tracking)) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	for name, raw := range map[string][]byte{"GBK": gbk, "UTF-16": wide, "UTF-8 with a mark": []byte("\ufeff" + tracking)} {
		r, b := reader(t)
		path := filepath.Join(t.TempDir(), "x.log")
		write(t, path, string(raw))
		if _, err := r.File(t.Context(), path, nil); err != nil {
			t.Fatal(err)
		}
		if got := all(t, b, "发票"); len(got) != 2 {
			t.Errorf("%s: %+v", name, got)
		}
		write(t, path, "")
		if res, err := r.File(t.Context(), path, nil); err != nil || !res.Known {
			t.Errorf("an empty file: %+v %v", res, err)
		}
	}
}

func FuzzCellsAreThoseOfTheStandardLibrary(f *testing.F) {
	for _, line := range []string{`a,"b, ""c""",d`, `"x`, `"x"y",z`, `a"b,c`, `,,`, `"",""`, `"a""`, `"发票, 急",1`, `"a" ,b`} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if line == "" || strings.ContainsAny(line, "\r\n") {
			return
		}
		r := csv.NewReader(strings.NewReader(line))
		r.LazyQuotes, r.FieldsPerRecord = true, -1
		want, err := r.Read()
		if got := cells(line, nil); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q %v", line, got, want, err)
		}
	})
}
