package corpus

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// shapes lists every awkward message.
func shapes() []shape {
	all := charsetShapes()
	all = append(all, byteShapes()...)
	all = append(all, headerShapes()...)
	all = append(all, structureShapes()...)
	return append(all, outsideShapes()...)
}

func encoded(e encoding.Encoding, text string) string {
	s, err := e.NewEncoder().String(text)
	if err != nil {
		panic("corpus: fixture: " + err.Error())
	}
	return s
}

// charsetShapes carry text in old charsets, in the body and raw in the header.
func charsetShapes() []shape {
	var out []shape
	for _, c := range []struct {
		name, label, text string
		enc               encoding.Encoding
	}{
		{"gb2312", "gb2312", "关于合同的通知", simplifiedchinese.GBK},
		{"gbk", "gbk", "镕基与囍", simplifiedchinese.GBK},
		{"gb18030", "gb18030", "㐀㐁 四字节", simplifiedchinese.GB18030},
		{"hz-gb-2312", "hz-gb-2312", "你好", simplifiedchinese.HZGB2312},
		{"big5", "big5", "會議通知：許功蓋", traditionalchinese.Big5},
		{"iso-2022-jp", "iso-2022-jp", "会議のお知らせ", japanese.ISO2022JP},
		{"shift-jis", "shift_jis", "表示ソ能", japanese.ShiftJIS},
		{"euc-kr", "euc-kr", "회의 안내", korean.EUCKR},
	} {
		raw := encoded(c.enc, c.text)
		head := "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=" + c.label + "\r\nContent-Transfer-Encoding: 8bit\r\n"
		out = append(out,
			shape{name: c.name + "-body", body: plain("Message-ID: <"+c.name+"@old.example>\r\nSubject: =?"+c.label+"?B?"+
				base64.StdEncoding.EncodeToString([]byte(raw))+"?=\r\n"+head, raw+"\r\n")},
			shape{name: c.name + "-raw-header", body: plain("Message-ID: <raw-"+c.name+"@old.example>\r\nSubject: "+raw+"\r\nX-Company: "+raw+"\r\n"+head, raw+"\r\n")},
		)
	}
	return append(out,
		shape{name: "utf8-raw-header", body: plain("Subject: 你好 raw\r\nMessage-ID: <中文@old.example>\r\n", "UTF-8\r\n")},
		shape{name: "invalid-utf8", body: plain("Subject: \xff\xfe\x80 no charset at all\r\n", "\x80\x81\xfe\xff\r\n")},
		shape{name: "wrong-encoded-word", body: plain("Subject: =?utf-8?Q?=E4=BD?= =?gb2312?B?xOO6?=\r\n", "split inside a character\r\n")},
		shape{name: "utf8-bom", body: append([]byte("\xef\xbb\xbf"), plain("Subject: begins with a byte order mark\r\n", "x\r\n")...)},
	)
}

// byteShapes are odd in their bytes and lines.
func byteShapes() []shape {
	return []shape{
		{name: "nul-in-body", body: plain(known("nul-in-body"), "before\x00after\r\n\x00\r\n")},
		{name: "nul-in-header", body: plain(known("nul-in-header")+"X-Nul: nul\x00here\r\n", "x\r\n")},
		{name: "bare-lf", body: plain(known("bare-lf"), "one\ntwo\r\nthree\n")},
		{name: "bare-lf-everywhere", body: []byte(strings.ReplaceAll(string(plain(known("bare-lf-everywhere"), "one\r\ntwo\r\n")), "\r\n", "\n"))},
		{name: "bare-cr", body: plain(known("bare-cr"), "one\rtwo\r\nthree\r\n")},
		{name: "two-cr-before-lf", body: plain(known("two-cr-before-lf"), "one\r\r\ntwo\r\n")},
		{name: "bare-cr-in-header", body: plain(known("bare-cr-in-header")+"X-Cr: one\rtwo\r\n", "x\r\n")},
		{name: "line-of-100-kb", body: plain(known("line-of-100-kb"), strings.Repeat("0123456789", 10_240)+"\r\n")},
		{name: "header-of-100-kb", body: plain("X-Long: "+strings.Repeat("0123456789", 10_240)+"\r\n", "x\r\n")},
		{name: "no-final-newline", body: plain(known("no-final-newline"), "no newline at the end")},
		{name: "ends-in-cr", body: plain(known("ends-in-cr"), "ends in a carriage return\r")},
		{name: "dots-and-from", body: plain(known("dots-and-from"), ".\r\n..\r\nFrom the start\r\n>From quoted\r\n>>From twice\r\n.\r\n")},
		{name: "imap-words-in-body", body: plain(known("imap-words-in-body"), ")\r\na1 OK done\r\n* BYE\r\n{10}\r\n+ go on\r\n")},
		{name: "form-feed-and-8bit", body: plain(known("form-feed-and-8bit"), "\f\v\b\x1b[31m\x7f\xa0\r\n")},
		{name: "only-blank-lines", body: plain(known("only-blank-lines"), strings.Repeat("\r\n", 2000))},
		{name: "literal-sized-4096", body: sized(4096)},
		{name: "literal-sized-4097", body: sized(4097)},
		{name: "literal-sized-65536", body: sized(65536)},
	}
}

// known is a header with a Message-ID of its own.
func known(name string) string {
	return "Message-ID: <" + name + "@old.example>\r\nSubject: " + name + "\r\n"
}

// sized makes a message of exactly n bytes.
func sized(n int) []byte {
	head := plain(fmt.Sprintf("Message-ID: <sized-%d@old.example>\r\n", n), "")
	return append(head, append([]byte(strings.Repeat("x", n-len(head)-2)), '\r', '\n')...)
}

// headerShapes are odd in their header.
func headerShapes() []shape {
	dup := "Message-ID: <same@old.example>\r\n"
	many := make([]string, 3000)
	for i := range many {
		many[i] = fmt.Sprintf("person%04d@new.example", i)
	}
	return []shape{
		{name: "no-message-id", body: plain("Subject: nothing to know me by\r\n", "x\r\n")},
		{name: "no-message-id-same-header", body: plain("Subject: nothing to know me by\r\n", "another text\r\n")},
		{name: "duplicate-message-id-1", body: plain(dup+"Subject: same\r\n", "first\r\n")},
		{name: "duplicate-message-id-2", body: plain(dup+"Subject: same\r\n", "second\r\n")},
		{name: "exact-copy-1", body: plain(dup+"Subject: copy\r\n", "copied\r\n"), date: baseDate},
		{name: "exact-copy-2", body: plain(dup+"Subject: copy\r\n", "copied\r\n"), date: baseDate},
		{name: "two-message-ids", body: plain(dup+"Message-ID: <other@old.example>\r\nSubject: a\r\nSubject: b\r\n", "x\r\n")},
		{name: "empty-message-id", body: plain("Message-ID: \r\nSubject: \r\n", "x\r\n")},
		{name: "folded-message-id", body: plain("Message-ID:\r\n <folded.\r\n here@old.example>\r\n", "x\r\n")},
		{name: "header-only", body: []byte(sender + "Subject: header only\r\n\r\n")},
		{name: "no-blank-line", body: []byte(sender + "Subject: no blank line after the header\r\n")},
		{name: "no-blank-line-no-newline", body: []byte(sender + "Subject: cut off")},
		{name: "empty-body", body: plain("Message-ID: <empty@old.example>\r\n", "")},
		{name: "body-without-header", body: []byte("\r\nThere is no header at all.\r\n")},
		{name: "text-without-header", body: []byte("There is neither header nor blank line.\r\n")},
		{name: "one-byte", body: []byte("x")},
		{name: "only-newline", body: []byte("\r\n")},
		{name: "mbox-from-line", body: append([]byte("From li.lei@old.example Tue Jun  4 09:30:00 2019\r\n"), plain("Subject: mbox\r\n", "x\r\n")...)},
		{name: "header-line-without-colon", body: plain("Subject: ok\r\nthis is no header line\r\nX-After: yes\r\n", "x\r\n")},
		{name: "space-before-colon", body: plain("Subject : space\r\nMessage-ID : <space@old.example>\r\n", "x\r\n")},
		{name: "folding-with-blank-fold", body: plain("Subject: one\r\n \r\n\ttwo\r\n", "x\r\n")},
		{name: "no-from-no-date", body: []byte("Subject: nobody, never\r\n\r\nx\r\n")},
		{name: "recipients-3000", body: plain("Cc: "+strings.Join(many, ",\r\n ")+"\r\n", "x\r\n")},
		{name: "received-200", body: append([]byte(strings.Repeat("Received: from a.example by b.example; Tue, 4 Jun 2019 09:30:00 +0800\r\n", 200)), plain("", "x\r\n")...)},
		{name: "x-tuid", body: plain("X-TUID: 1234567890ab\r\n", "left by another program\r\n")},
		{name: "date-of-1970", body: dated("Thu, 01 Jan 1970 00:00:00 +0000")},
		{name: "date-of-1899", body: dated("Sun, 31 Dec 1899 23:59:59 +0000")},
		{name: "date-of-2038", body: dated("Tue, 19 Jan 2038 03:14:08 +0000")},
		{name: "date-of-2099", body: dated("Thu, 31 Dec 2099 23:59:59 +1400")},
		{name: "date-absurd", body: dated("Foo, 99 Bar 20019 77:88:99 +9999")},
		{name: "date-chinese", body: dated("2019年6月4日 星期二 上午9:30")},
		{name: "date-two-digits", body: dated("4 Jun 19 09:30 CST")},
	}
}

func dated(date string) []byte {
	return []byte(sender + "Subject: date\r\nDate: " + date + "\r\n\r\nx\r\n")
}

// outsideShapes are odd in what is kept outside of the bytes.
func outsideShapes() []shape {
	at := func(name string, t time.Time) shape {
		return shape{name: name, body: plain("Message-ID: <"+name+"@old.example>\r\n", name+"\r\n"), date: t}
	}
	all := []shape{
		at("internaldate-1971", time.Date(1971, 1, 2, 3, 4, 5, 0, time.UTC)),
		at("internaldate-before-2038", time.Date(2008, 2, 29, 23, 59, 59, 0, time.FixedZone("", -11*3600))),
		at("internaldate-half-hour-zone", time.Date(2012, 10, 28, 2, 30, 0, 0, time.FixedZone("", 5*3600+1800))),
		at("flags-all", time.Date(2015, 5, 5, 5, 5, 5, 0, time.UTC)),
		at("flags-deleted", time.Date(2015, 5, 5, 5, 5, 6, 0, time.UTC)),
		at("keywords-many", time.Date(2015, 5, 5, 5, 5, 7, 0, time.UTC)),
	}
	all[3].flags = []string{`\Seen`, `\Answered`, `\Flagged`, `\Draft`}
	all[4].flags = []string{`\Seen`, `\Deleted`}
	for i := range 20 {
		all[5].keywords = append(all[5].keywords, fmt.Sprintf("kw%02d", i))
	}
	return all
}
