package mailboxtest

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// sample is one message to append.
type sample struct {
	name  string
	body  []byte
	flags []string
	date  time.Time
}

// plain makes an ordinary message.
func plain(n int) sample {
	return sample{
		name: fmt.Sprintf("plain %d", n),
		body: fmt.Appendf(nil, "Message-ID: <plain-%d@old.example>\r\nDate: Mon, 02 Mar 2020 10:11:12 +0800\r\n"+
			"From: Li Lei <li.lei@old.example>\r\nTo: han@old.example\r\nSubject: note %d\r\n\r\nLine one.\r\nLine two.\r\n", n, n),
		date: time.Date(2020, 3, 2, 10, 11, n%60, 0, time.FixedZone("", 8*3600)),
	}
}

func plains(n int) []sample {
	out := make([]sample, n)
	for i := range out {
		out[i] = plain(i + 1)
	}
	return out
}

const head = "Message-ID: <awkward@old.example>\r\nDate: Mon, 02 Mar 2020 10:11:12 +0800\r\n" +
	"From: Li Lei <li.lei@old.example>\r\nSubject: awkward\r\n"

// awkward makes the shapes that real mailboxes hold, as far as the case takes them.
func (c Case) awkward() []sample {
	body := func(name, text string) sample {
		return sample{name: name, body: []byte(text), date: time.Date(2021, 5, 6, 7, 8, 9, 0, time.UTC)}
	}
	out := []sample{
		plain(1),
		body("empty body", head+"\r\n"),
		body("dots and blank lines", head+"\r\n.\r\n..\r\n\r\n\r\n\r\n"),
		body("From lines", head+"\r\nFrom me\r\nFrom li@old.example Mon Mar  2 10:11:12 2020\r\n>From you\r\n>>From all\r\n\r\n"+
			"From li@old.example Mon Mar  2 10:11:12 2020\r\nSubject: not another message\r\n\r\n>>>From\r\n> From\r\n"),
		body("raw GBK", head+"X-Raw: \xc4\xe3\xba\xc3\r\n\r\n\xc4\xe3\xba\xc3\xa3\xac\xca\xc0\xbd\xe7\r\n"),
		body("UTF-8", head+"X-Raw: 你好\r\n\r\n世界，你好 🌏\r\n"),
		body("all high bytes", head+"\r\n"+highBytes()+"\r\n"),
		body("bare CR", head+"\r\none\rtwo\r\r\nthree\r\n"),
		body("a line of 100 kB", head+"\r\n"+strings.Repeat("0123456789", 10_000)+"\r\nend\r\n"),
		body("a header of 100 kB", head+"X-Long: "+strings.Repeat("abcdefghi ", 10_000)+"\r\n\r\nbody\r\n"),
		body("a wrong Content-Length", head+"Content-Length: 7\r\nStatus: RO\r\nX-Mozilla-Status: 0008\r\n\r\nlonger than seven\r\n"),
		body("no Message-ID", "Date: Mon, 02 Mar 2020 10:11:12 +0800\r\nSubject: none\r\n\r\nx\r\n"),
		body("a broken multipart", head+"Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n--c\r\n"),
		body("folded fields", "Subject: one\r\n two\r\n\tthree\r\nFrom: a@old.example\r\n\r\nx\r\n"),
	}
	if !c.EndsLines {
		out = append(out, body("no last line end", head+"\r\nno end"), body("a From line at the very end", head+"\r\n>From "))
	}
	if !c.RefusesBareLF {
		lf := strings.ReplaceAll(head, "\r\n", "\n") + "\nbare\nFrom x\n"
		mixed := head + "\r\none\ntwo\r\nthree\n\r\n"
		if c.FixesLines {
			out = append(out, fixed("bare LF", lf), fixed("mixed line ends", mixed))
		} else {
			out = append(out, body("bare LF", lf), body("mixed line ends", mixed))
		}
	}
	if !c.RefusesNUL {
		out = append(out, body("NUL", head+"\r\nnu\x00l\r\n\x00\x00\r\n"))
	}
	if !c.RefusesBadHeader {
		out = append(out, body("a broken header line", "Subject: x\r\nthis is no field\r\n: nor this\r\n\r\nx\r\n"))
	}
	if !c.RefusesNoHeader {
		out = append(out, body("only a line end", "\r\n"), body("no header", "\r\nonly a body\r\n"),
			body("starts like an mbox", "From li@old.example Mon Mar  2 10:11:12 2020\r\nSubject: x\r\n\r\ny\r\n"))
	}
	return out
}

// fixed is a message that is appended as text and expected with CRLF: its body field
// is the text, and [Case.expected] makes the change.
func fixed(name, text string) sample { return sample{name: name, body: []byte(text)} }

var lineEnd = regexp.MustCompile(`\r*\n`)

// expected is what a sample comes back as.
func (c Case) expected(s sample) []byte {
	if !c.FixesLines {
		return s.body
	}
	if c.DropsCR {
		return bytes.ReplaceAll(bytes.ReplaceAll(s.body, []byte("\r"), nil), []byte("\n"), []byte("\r\n"))
	}
	return lineEnd.ReplaceAll(s.body, []byte("\r\n"))
}

func highBytes() string {
	var b strings.Builder
	for c := 0x80; c <= 0xff; c++ {
		b.WriteByte(byte(c))
	}
	return b.String()
}
