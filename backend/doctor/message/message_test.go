package message

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func TestTextsOfOldCharsetsAreReadable(t *testing.T) {
	gbk, _ := simplifiedchinese.GB18030.NewEncoder().String("邮箱已满，朱镕基 喆")
	big5, _ := traditionalchinese.Big5.NewEncoder().String("無此用戶")
	for _, c := range []struct{ text, charset, want string }{
		{gbk, "gb2312", "邮箱已满，朱镕基 喆"},
		{gbk, "", "邮箱已满，朱镕基 喆"},
		{gbk, "us-ascii", "邮箱已满，朱镕基 喆"},
		{big5, "big5", "無此用戶"},
		{"plain", "no-such-charset", "plain"},
		{"caf\xe9", "iso-8859-1", "café"},
	} {
		if got := UTF8([]byte(c.text), c.charset); got != c.want {
			t.Errorf("%s: %q, want %q", c.charset, got, c.want)
		}
	}
}

func TestEncodedWordsAreDecodedEvenWhereTheySplitACharacter(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"=?utf-8?B?6YKu5Lu26KKr6YCA5Zue?=", "邮件被退回"},
		{"=?utf-8?B?6YKu5Lu2?= =?utf-8?B?6KKr6YCA5Zue?=", "邮件被退回"},
		{"=?utf-8?B?6YKu5Lu26KKr?= =?utf-8?B?6YCA5Zue?= (x)", "邮件被退回 (x)"},
		{"=?gb2312?Q?=CD=CB=D0=C5?=", "退信"},
		{"plain", "plain"},
	} {
		if got := Decode(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestPartsAreFoundInAllTheirNesting(t *testing.T) {
	raw := "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=\"x y\"\r\n\r\npreamble\r\n--x y\r\n\r\nfirst\r\n" +
		"--x y\r\nContent-Type: multipart/alternative; boundary=z\r\n\r\n--z\r\nContent-Type: text/html; charset=utf-8\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\nPGI+5L2g5aW9PC9iPg==\r\n--z--\r\n--x y\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nx\r\n--x y--\r\n"
	m := Parse([]byte(raw))
	if m.Bare || len(m.Parts) != 3 {
		t.Fatalf("bare %v, %d parts", m.Bare, len(m.Parts))
	}
	if got := m.Parts[0].Text(); got != "first" {
		t.Errorf("first part %q", got)
	}
	if got := m.Parts[1].Text(); got != "你好" {
		t.Errorf("HTML part %q", got)
	}
	if h, _ := ReadHeader(m.Parts[2].Body); h.Get("subject") != "inner" {
		t.Errorf("inner mail %q", m.Parts[2].Body)
	}
}

func TestHTMLBecomesLines(t *testing.T) {
	got := HTMLText("<html><head><style>p{}</style><title>no</title></head><table><tr><td>收件人：</td><td>a&amp;b@c.example</td></tr><tr><td>原因：</td><td>x<br>y</td></tr></table>")
	if want := "收件人： a&b@c.example\n原因： x\ny"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPastedTextWithoutHeaderIsText(t *testing.T) {
	for _, raw := range []string{"550 5.1.1 user unknown", "your mail came back: sorry\nreally", "https://a.example/x: y\nz"} {
		if m := Parse([]byte(raw)); !m.Bare || m.Parts[0].Text() != raw {
			t.Errorf("%q: bare %v", raw, m.Bare)
		}
	}
}

func TestAnMboxLineAndAByteOrderMarkAreNoHeader(t *testing.T) {
	m := Parse([]byte("\xef\xbb\xbf\r\nFrom a@b.example Mon Nov  2 09:12:05 2026\nSubject: x\nTo: y@b.example\n\nbody"))
	if m.Header.Get("subject") != "x" || m.Bare {
		t.Errorf("%+v", m.Header)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x--\n"))
	f.Add([]byte("Subject: =?gb2312?B?xOO6ww==?=\nContent-Transfer-Encoding: quoted-printable\n\na=\nb"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw)
		if len(m.Parts) == 0 || len(m.Parts) > maxParts {
			if !strings.Contains(strings.ToLower(m.Header.Get("Content-Type")), "multipart") {
				t.Errorf("%d parts", len(m.Parts))
			}
		}
		for _, p := range m.Parts {
			_ = p.Text()
		}
		for _, h := range m.Header {
			_ = Decode(h.Value)
		}
	})
}
