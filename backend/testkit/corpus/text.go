package corpus

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"mime"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

var people = []string{
	"李雷 <li.lei@old.example>", "韩梅 <han.mei@old.example>", "Anna Schmidt <anna.schmidt@partner.example>",
	"王 芳 <wang.fang@old.example>", "山田 太郎 <taro@kyoto.example>", "김 민수 <minsu@seoul.example>",
	"Robert O'Neil <bob@example.com>", "info@example.net",
}

var subjects = []string{
	"关于第三季度合同的补充说明", "Re: invoice for March", "回复: 会议纪要", "Fwd: Lieferung KW 27", "議事録の送付について",
	"월간 보고서", "Übersicht der Bestellungen", "Re: Re: office party", "【重要】系统升级通知", "Q&A list",
}

var phrases = []string{
	"请查收附件中的合同文本。", "We will come back to you on Monday.", "会议改到下午三点，地点不变。", "Die Ware ist heute eingetroffen.",
	"資料を添付いたします。", "확인 부탁드립니다.", "As discussed, the price remains the same.", "谢谢！", "From here on it is easy.", ".",
}

// random gives a generator of its own to every message, so that any message can be
// made again without those before it.
func random(seed uint64, i int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(i)*0x9e3779b97f4a7c15+1))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// header makes the header block, its blank line excluded.
func header(r *rand.Rand, i int, date time.Time, contentType, encoding string) string {
	var b strings.Builder
	from, to, subject := pick(r, people), pick(r, people), pick(r, subjects)
	fmt.Fprintf(&b, "Return-Path: <bounce-%d@example.net>\r\n", i)
	fmt.Fprintf(&b, "Received: from mx%d.example.net (mx%d.example.net [192.0.2.%d])\r\n\tby mail.old.example with ESMTPS id %08x;\r\n\t%s\r\n",
		r.IntN(9), r.IntN(9), r.IntN(255), r.Uint32(), date.Format(time.RFC1123Z))
	// 1 % have no Message-ID, as drafts and scanners make them.
	if id := r.Uint64(); r.IntN(100) > 0 {
		fmt.Fprintf(&b, "Message-ID: <%d.%016x@old.example>\r\n", i, id)
	}
	fmt.Fprintf(&b, "Date: %s\r\n", date.Add(-time.Duration(r.IntN(90))*time.Second).Format(time.RFC1123Z))
	switch r.IntN(10) {
	case 0: // raw GB18030, as old Chinese clients write it
		if raw, err := simplifiedchinese.GB18030.NewEncoder().String("From: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject); err == nil {
			b.WriteString(raw + "\r\n")
		}
	case 1: // raw UTF-8
		b.WriteString("From: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject + "\r\n")
	default:
		fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\n", address(from), address(to), mime.BEncoding.Encode("utf-8", subject))
	}
	fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\n", contentType, encoding)
	if r.IntN(3) == 0 {
		fmt.Fprintf(&b, "X-Mailer: Foxmail 7.2.%d[cn]\r\nX-Priority: 3\r\n", r.IntN(30))
	}
	return b.String()
}

func address(who string) string {
	name, addr, ok := strings.Cut(who, " <")
	if !ok {
		return who
	}
	return mime.BEncoding.Encode("utf-8", name) + " <" + addr
}

// letterText makes about size bytes of text with CRLF line ends.
func letterText(r *rand.Rand, size int) []byte {
	b := make([]byte, 0, size+200)
	for len(b) < size {
		for range 1 + r.IntN(4) {
			b = append(b, pick(r, phrases)...)
			b = append(b, ' ')
		}
		b = append(b, '\r', '\n')
	}
	return b
}

// noise makes n bytes that do not compress, in base64 lines of 76.
func noise(r *rand.Rand, n int) []byte {
	raw := make([]byte, (n/78+1)*57)
	fillNoise(r, raw)
	out := make([]byte, 0, len(raw)/57*78)
	for len(raw) > 0 {
		out = base64.StdEncoding.AppendEncode(out, raw[:57])
		out = append(out, '\r', '\n')
		raw = raw[57:]
	}
	return out
}

func fillNoise(r *rand.Rand, b []byte) {
	for i := 0; i < len(b); i += 8 {
		v := r.Uint64()
		for j := i; j < min(i+8, len(b)); j++ {
			b[j] = byte(v)
			v >>= 8
		}
	}
}
