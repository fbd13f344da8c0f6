package content

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"mime/quotedprintable"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Letter is one message. Its bytes are made anew each time they are asked for.
type Letter struct {
	Date  time.Time // when the old server received it, with its zone
	Flags []string  // as the old server holds them

	co      *Company
	thread  uint64 // letters of a thread share subject and people
	owner   uint8
	theme   theme
	pos     uint8 // position in the thread
	awkward uint8 // 0: an ordinary letter; else 1 + index into awkwardKinds
	size    int64
	sum     [sha256.Size]byte
}

// Size returns the number of bytes.
func (l *Letter) Size() int64 { return l.size }

// Sum returns the SHA-256 of the bytes.
func (l *Letter) Sum() [sha256.Size]byte { return l.sum }

// measure makes the letter once to learn its size and checksum.
func (l *Letter) measure() {
	h := sha256.New()
	n, _ := l.WriteTo(h)
	l.size = n
	h.Sum(l.sum[:0])
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// WriteTo writes the whole letter, header and body, as it stands on the server.
func (l *Letter) WriteTo(w io.Writer) (int64, error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	count := &counter{w: w}
	if l.awkward > 0 {
		err := awkwardKinds[l.awkward-1].write(l, buf, count)
		return count.n, err
	}
	l.compose(buf)
	_, err := count.Write(buf.Bytes())
	return count.n, err
}

// Header returns the header block with its empty line.
func (l *Letter) Header() []byte {
	if l.awkward == 0 {
		var buf bytes.Buffer
		s := l.scene()
		l.header(&buf, s)
		return buf.Bytes()
	}
	stop := &headerWriter{}
	_, _ = l.WriteTo(stop)
	return stop.block
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// scene is what a letter's bytes are made from, drawn from the thread's seed.
type scene struct {
	r                *rand.Rand // for this letter
	english          int        // 0 Chinese, 1 English
	subject          string
	fromName, from   string
	toName, to       string
	charset          string // utf-8, gbk, us-ascii
	html             bool
	files            []string
	boundary         string
	id               string
	parents          []string
	written          time.Time
	transferEncoding string
}

func (l *Letter) scene() *scene {
	t := rand.New(rand.NewPCG(l.thread, 0x7428)) // the thread's own dice
	s := &scene{r: rand.New(rand.NewPCG(l.thread, uint64(l.pos)+1)), written: l.Date.Add(-time.Duration(1+t.IntN(40)) * time.Second)}
	s.english = min(t.IntN(5)/3, 1)
	topic := l.theme
	if topic == themeSent {
		topic = pick(t, []theme{themeDaily, themeOrder, themeOrder, themeProject, themeInvoice})
	}
	s.subject = number(t, pick(t, subjects[topic][s.english]))
	if l.pos > 0 {
		s.subject = [2]string{"回复: ", "Re: "}[s.english] + s.subject
	}
	l.people(t, s)
	s.charset = "utf-8"
	if s.english == 1 {
		s.charset = "us-ascii"
	} else if t.IntN(6) == 0 {
		s.charset = "gbk"
	}
	s.transferEncoding = "7bit"
	if s.english == 0 {
		s.transferEncoding = pick(t, []string{"base64", "base64", "quoted-printable", "8bit"})
	}
	s.html = topic == themeNews || topic == themeJunk || s.r.IntN(4) == 0
	if chance := map[theme]int{themeInvoice: 9, themeOrder: 3, themeProject: 4, themeDaily: 1}[topic]; s.r.IntN(10) < chance {
		for range 1 + s.r.IntN(2) {
			s.files = append(s.files, number(s.r, pick(s.r, fileNames[s.english])))
		}
	}
	s.boundary = fmt.Sprintf("=_part_%016x", s.r.Uint64())
	domain := s.from[strings.IndexByte(s.from, '@')+1:]
	s.id = fmt.Sprintf("<%016x.%d@%s>", l.thread, l.pos, domain)
	for i := range l.pos {
		s.parents = append(s.parents, fmt.Sprintf("<%016x.%d@%s>", l.thread, i, domain))
	}
	return s
}

// people decides who writes to whom: within the company, or with an outsider.
func (l *Letter) people(t *rand.Rand, s *scene) {
	me := l.co.People[l.owner]
	meName, meAddress := me.Name, l.co.OldAddress(int(l.owner))
	if s.english == 1 {
		meName = me.EnglishName
	}
	otherName, otherAddress := "", ""
	if i := t.IntN(len(l.co.People)); l.theme != themeJunk && l.theme != themeNews && i != int(l.owner) && t.IntN(2) == 0 {
		otherName, otherAddress = l.co.People[i].Name, l.co.OldAddress(i)
	} else {
		o := pick(t, outsiders)
		otherName, otherAddress = o.name, o.address
	}
	s.fromName, s.from, s.toName, s.to = otherName, otherAddress, meName, meAddress
	if l.theme == themeSent || l.theme == themeDraft || (l.theme != themeJunk && l.theme != themeNews && l.pos%2 == 1) {
		s.fromName, s.from, s.toName, s.to = meName, meAddress, otherName, otherAddress
	}
}

// number fills a %d, where there is one.
func number(r *rand.Rand, text string) string {
	if !strings.Contains(text, "%d") {
		return text
	}
	return fmt.Sprintf(text, 1000+r.IntN(9000))
}

// compose writes an ordinary letter.
func (l *Letter) compose(b *bytes.Buffer) {
	s := l.scene()
	l.header(b, s)
	if len(s.files) == 0 {
		l.text(b, s)
		return
	}
	fmt.Fprintf(b, "--%s\r\n", s.boundary)
	l.textHeader(b, s)
	b.WriteString("\r\n")
	l.text(b, s)
	for _, name := range s.files {
		kind, data := attachment(s.r, name)
		encoded := mime.BEncoding.Encode("utf-8", name)
		fmt.Fprintf(b, "\r\n--%s\r\nContent-Type: %s; name=\"%s\"\r\nContent-Disposition: attachment; filename=\"%s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
			s.boundary, kind, encoded, encoded)
		_ = encodeLines(b, bytes.NewReader(data))
	}
	fmt.Fprintf(b, "\r\n--%s--\r\n", s.boundary)
}

func (l *Letter) header(b *bytes.Buffer, s *scene) {
	encode := func(text string) string { return mime.BEncoding.Encode("utf-8", text) }
	if l.theme != themeSent && l.theme != themeDraft {
		fmt.Fprintf(b, "Return-Path: <%s>\r\n", s.from)
		fmt.Fprintf(b, "Received: from mx.example.com (mx.example.com [192.0.2.%d])\r\n\tby imap.old.example with ESMTPS id %08x; %s\r\n", 1+s.r.IntN(250), s.r.Uint32(), l.Date.Format(time.RFC1123Z))
	}
	fmt.Fprintf(b, "Date: %s\r\n", s.written.Format(time.RFC1123Z))
	fmt.Fprintf(b, "From: %s <%s>\r\n", encode(s.fromName), s.from)
	fmt.Fprintf(b, "To: %s <%s>\r\n", encode(s.toName), s.to)
	fmt.Fprintf(b, "Subject: %s\r\n", encode(s.subject))
	fmt.Fprintf(b, "Message-ID: %s\r\n", s.id)
	if n := len(s.parents); n > 0 {
		fmt.Fprintf(b, "In-Reply-To: %s\r\nReferences: %s\r\n", s.parents[n-1], strings.Join(s.parents, "\r\n\t"))
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	if len(s.files) > 0 {
		fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n", s.boundary)
	} else {
		l.textHeader(b, s)
	}
	b.WriteString("\r\n")
}

func (l *Letter) textHeader(b *bytes.Buffer, s *scene) {
	kind := "plain"
	if s.html {
		kind = "html"
	}
	fmt.Fprintf(b, "Content-Type: text/%s; charset=%s\r\nContent-Transfer-Encoding: %s\r\n", kind, s.charset, s.transferEncoding)
}

func (l *Letter) text(b *bytes.Buffer, s *scene) {
	raw := []byte(l.words(s))
	if s.charset == "gbk" {
		if gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes(raw); err == nil {
			raw = gbk
		}
	}
	switch s.transferEncoding {
	case "base64":
		_ = encodeLines(b, bytes.NewReader(raw))
	case "quoted-printable":
		w := quotedprintable.NewWriter(b)
		_, _ = w.Write(raw)
		_ = w.Close()
		b.WriteString("\r\n")
	default:
		b.Write(raw)
	}
}

// words is the text of a letter with CRLF at the line ends.
func (l *Letter) words(s *scene) string {
	phrases, end := chinese, "\r\n\r\n"+s.fromName+"\r\n"
	if s.english == 1 {
		phrases = english
	}
	var b strings.Builder
	open, shut := "", "\r\n"
	if s.html {
		b.WriteString("<html><body>\r\n")
		open, shut, end = "<p>", "</p>\r\n", "<p>"+end+"</p></body></html>\r\n"
	}
	for range 2 + s.r.IntN(6) {
		b.WriteString(open)
		for range 1 + s.r.IntN(4) {
			b.WriteString(pick(s.r, phrases))
			if s.english == 1 {
				b.WriteByte(' ')
			}
		}
		b.WriteString(shut)
	}
	b.WriteString(end)
	for range int(l.pos) * 3 { // what was said before
		b.WriteString("> " + pick(s.r, phrases) + "\r\n")
	}
	return b.String()
}

// headerWriter keeps the bytes up to the first empty line and then refuses more.
type headerWriter struct {
	block []byte
	done  bool
}

func (h *headerWriter) Write(p []byte) (int, error) {
	if h.done {
		return 0, io.ErrShortWrite
	}
	from := max(len(h.block)-3, 0)
	h.block = append(h.block, p...)
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(h.block[from:], []byte(end)); i >= 0 {
			h.block, h.done = h.block[:from+i+len(end)], true
			return len(p), nil
		}
	}
	if len(h.block) > 1<<20 { // a letter without any empty line is all header
		h.done = true
	}
	return len(p), nil
}
