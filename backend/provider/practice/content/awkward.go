package content

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// awkwardKinds are shapes that real mailboxes hold and that careless programs lose or
// change. They lie in the first person's inbox.
var awkwardKinds = []struct {
	name  string
	write func(l *Letter, b *bytes.Buffer, w io.Writer) error
}{
	{"8-bit header in GBK", whole(func(b *bytes.Buffer) {
		b.Write(gbk("From: 周经理 <zhou@customer.example.com>\r\nTo: li.lei@old.example\r\nSubject: 关于报价的问题（无编码）\r\nDate: Mon, 5 Feb 2018 09:12:00 +0800\r\nMessage-ID: <gbk-header@customer.example.com>\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n请报一下价格。\r\n"))
	})},
	{"8-bit header in UTF-8", whole(func(b *bytes.Buffer) {
		b.WriteString("From: 何小姐 <he@freight.example.com>\r\nSubject: 运费说明，未经编码\r\nDate: Tue, 6 Feb 2018 10:00:00 +0800\r\nMessage-ID: <utf8-header@freight.example.com>\r\n\r\n见附件。\r\n")
	})},
	{"Big5 text", whole(func(b *bytes.Buffer) {
		text, _ := traditionalchinese.Big5.NewEncoder().Bytes([]byte("您好，請查收樣品。\r\n"))
		b.WriteString("From: sample@retail.example.org\r\nSubject: =?big5?B?vMurfg==?=\r\nMessage-ID: <big5@retail.example.org>\r\nContent-Type: text/plain; charset=big5\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
		b.Write(text)
	})},
	{"ISO-2022-JP text", whole(func(b *bytes.Buffer) {
		text, _ := japanese.ISO2022JP.NewEncoder().Bytes([]byte("お世話になっております。\r\n"))
		b.WriteString("From: tokyo@retail.example.org\r\nSubject: sample\r\nMessage-ID: <jp@retail.example.org>\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n")
		b.Write(text)
	})},
	{"no Message-ID", whole(func(b *bytes.Buffer) {
		b.WriteString("From: scanner@old.example\r\nTo: li.lei@old.example\r\nSubject: scan\r\nDate: Wed, 7 Feb 2018 08:00:00 +0800\r\n\r\nscan 1\r\n")
	})},
	{"no Message-ID, same header, other body", whole(func(b *bytes.Buffer) {
		b.WriteString("From: scanner@old.example\r\nTo: li.lei@old.example\r\nSubject: scan\r\nDate: Wed, 7 Feb 2018 08:00:00 +0800\r\n\r\nscan 2\r\n")
	})},
	{"duplicate Message-ID", whole(func(b *bytes.Buffer) { twice(b, "first text") })},
	{"duplicate Message-ID, same header, other body", whole(func(b *bytes.Buffer) { twice(b, "other text") })},
	{"the same message again", whole(func(b *bytes.Buffer) { twice(b, "first text") })},
	{"bare line feeds", whole(func(b *bytes.Buffer) {
		b.WriteString("From: cron@old.example\nSubject: backup log\nMessage-ID: <lf@old.example>\n\nline one\nline two\n")
	})},
	{"no line end at the end", whole(func(b *bytes.Buffer) {
		b.WriteString("From: form@retail.example.org\r\nSubject: web form\r\nMessage-ID: <noeol@retail.example.org>\r\n\r\nlast line without an end")
	})},
	{"header only", whole(func(b *bytes.Buffer) {
		b.WriteString("From: fax@old.example\r\nSubject: empty fax\r\nMessage-ID: <empty@old.example>\r\n\r\n")
	})},
	{"date of 1970", whole(func(b *bytes.Buffer) {
		b.WriteString("From: clock@old.example\r\nSubject: clock not set\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000\r\nMessage-ID: <1970@old.example>\r\n\r\nhello\r\n")
	})},
	{"a line of 100,000 characters", whole(func(b *bytes.Buffer) {
		b.WriteString("From: export@old.example\r\nSubject: one long line\r\nMessage-ID: <long@old.example>\r\n\r\n" + strings.Repeat("0123456789", 10_000) + "\r\n")
	})},
	{"a forwarded message inside", whole(func(b *bytes.Buffer) {
		b.WriteString("From: han.meimei@old.example\r\nSubject: Fwd: complaint\r\nMessage-ID: <outer@old.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n")
		twice(b, "inner text")
		b.WriteString("\r\n--outer--\r\n")
	})},
	{"broken MIME", whole(func(b *bytes.Buffer) {
		b.WriteString("From: broken@retail.example.org\r\nSubject: =?utf-8?B?5Y2K?= =?utf-8?B\r\nMessage-ID: <broken@retail.example.org>\r\nContent-Type: multipart/mixed; boundary=\"never\r\n\r\n--neverclosed\r\nContent-Type: text/plain\r\n")
	})},
	{"very long header", whole(func(b *bytes.Buffer) {
		b.WriteString("From: list@retail.example.org\r\nTo: ")
		for i := range 400 {
			fmt.Fprintf(b, "Person %d <p%d@retail.example.org>,\r\n ", i, i)
		}
		b.WriteString("li.lei@old.example\r\nSubject: to everybody\r\nMessage-ID: <many@retail.example.org>\r\n\r\nhello all\r\n")
	})},
	{"12 MB attachment", writeBig},
}

// whole turns a small letter into the general form.
func whole(make func(*bytes.Buffer)) func(*Letter, *bytes.Buffer, io.Writer) error {
	return func(_ *Letter, b *bytes.Buffer, w io.Writer) error {
		make(b)
		_, err := w.Write(b.Bytes())
		return err
	}
}

func gbk(text string) []byte {
	data, _ := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	return data
}

func twice(b *bytes.Buffer, text string) {
	fmt.Fprintf(b, "From: orders@northwind.example.net\r\nTo: li.lei@old.example\r\nSubject: order\r\nDate: Thu, 8 Feb 2018 11:00:00 +0100\r\nMessage-ID: <same@northwind.example.net>\r\n\r\n%s\r\n", text)
}

// writeBig streams a letter with one attachment of 9 MB, 12 MB when encoded.
func writeBig(l *Letter, b *bytes.Buffer, w io.Writer) error {
	b.WriteString("From: tom.baker@old.example\r\nTo: li.lei@old.example\r\nSubject: catalogue, print quality\r\nMessage-ID: <big@old.example>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: application/octet-stream; name=catalogue.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	if _, err := w.Write(b.Bytes()); err != nil {
		return err
	}
	return encodeLines(w, io.LimitReader(noise(rand.New(rand.NewPCG(l.thread, 12))), 9_000_000))
}

// awkwardLetters makes one letter of each awkward kind.
func awkwardLetters(c *Company, r *rand.Rand) []*Letter {
	letters := make([]*Letter, 0, len(awkwardKinds))
	for i := range awkwardKinds {
		l := &Letter{co: c, thread: r.Uint64(), awkward: uint8(i + 1), Date: lastDay.Add(time.Duration(i) * time.Minute)}
		if i%2 == 0 {
			l.Flags = []string{`\Seen`}
		}
		letters = append(letters, l)
	}
	return letters
}
