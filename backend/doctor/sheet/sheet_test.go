package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

// planted are secrets and personal content in the forms in which they turn up; none of
// the second column may survive.
var planted = []struct{ text, secret string }{
	{"password=rosenrot-7", "rosenrot-7"},
	{`"password": "rosen rot,7"`, "rosen rot"},
	{"Password: rosenrot-7", "rosenrot-7"},
	{"pwd=rosenrot-7;host=x", "rosenrot-7"},
	{"密码：rosenrot-7", "rosenrot-7"},
	{"授权码: abcdefghijklmnop", "abcdefghijklmnop"},
	{"client_secret=GOCSPX-abc123", "GOCSPX-abc123"},
	{"refresh_token: 1//0gAbc", "1//0gAbc"},
	{"Authorization: Bearer ya29.a0AfH6SMBx", "ya29.a0AfH6SMBx"},
	{"AUTH PLAIN AGxpLmxlaUBvbGQuZXhhbXBsZQByb3NlbnJvdC03", "AGxpLmxlaU"},
	{"a1 AUTHENTICATE XOAUTH2 dXNlcj1saS5sZWlAb2xk", "dXNlcj1saS5s"},
	{`A1 LOGIN "li.lei@old.example" "rosenrot-7"`, "rosenrot-7"},
	{"A1 LOGIN li.lei@old.example rosenrot-7", "rosenrot-7"},
	{"A1 LOGIN lilei rosenrot-7", "lilei"},
	{"imaps://li.lei:rosenrot-7@imap.old.example/", "rosenrot-7"},
	{"https://mail.example/login?sid=Q7xPz9&lang=zh", "Q7xPz9"},
	{"https://mail.example/?access_token=Q7xPz9", "Q7xPz9"},
	{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJsaSJ9.abcDEF", "eyJzdWIi"},
	{"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIB\n-----END RSA PRIVATE KEY-----", "MIIEpAIB"},
	{"the password in use is rosenrot-7 here", "rosenrot-7"},
	{"To: li.lei@office.example", "li.lei"},
	{"from <Han.Meimei@shop.example>: user unknown", "Han.Meimei"},
	{"550 5.1.1 <han@shop.example> unknown", "han@shop"},
	{"李雷@公司.中国", "李雷"},
	{"Subject: 辞职信\nX: y", "辞职信"},
	{"Subject: a very\n private matter\nTo: x", "private matter"},
	{"主题：工资表", "工资表"},
	{"tel 13812345678", "13812345678"},
	{"+86 13812345678", "13812345678"},
	{"id 11010519491231002X", "11010519491231002X"},
	{"Received: from pc7 ([192.168.1.23])", "192.168.1.23"},
}

func redactor() *Redactor {
	return &Redactor{Keep: []string{"office.example"}, Secrets: []string{"rosenrot-7"}}
}

func TestPlantedSecretsAndPeopleAreTakenOut(t *testing.T) {
	for _, p := range planted {
		if got := redactor().Text(p.text); strings.Contains(got, p.secret) {
			t.Errorf("%q became %q", p.text, got)
		}
	}
	// The same without knowing the password.
	for _, p := range planted {
		if p.text == "the password in use is rosenrot-7 here" {
			continue
		}
		if got := (&Redactor{}).Text(p.text); strings.Contains(got, p.secret) {
			t.Errorf("unknown secret: %q became %q", p.text, got)
		}
	}
}

func TestWhatSupportNeedsStays(t *testing.T) {
	for _, text := range []string{
		"v=spf1 include:spf.mail.qq.com ~all",
		"mx1.shop.example[192.0.2.25] said: 550 5.1.1 User unknown",
		"v=DMARC1; p=reject; rua=mailto:dmarc@office.example",
		"A1 NO LOGIN Login error or password error", "postmaster@office.example", "TLS 1.3, CN=*.exmail.qq.com, 2026-12-01",
		"Received: from mail.office.example by mx1; Mon, 2 Nov 2026 09:12:00 +0800",
	} {
		if got := redactor().Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	r := redactor()
	a, b := r.Text("li.lei@office.example"), r.Text("to LI.LEI@office.example and han@shop.example")
	if a != "person-1@office.example" || !strings.Contains(b, "person-1@office.example") || !strings.Contains(b, "person-2@[elsewhere]") {
		t.Errorf("%q, %q", a, b)
	}
}

func whole() Sheet {
	s := Sheet{Language: "zh-CN", Title: "求助单", Lead: "x", Made: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	for _, p := range planted {
		s.Sections = append(s.Sections, Section{
			Title: p.text, Facts: []Fact{{"line", p.text}, {"password", "uncovered-9"}, {p.text, "x"}}, Texts: []Text{{p.text, "<script>alert(1)</script>\n" + p.text}},
		})
	}
	return s
}

// Neither the page nor the ZIP holds any of what was planted, wherever it stood.
func TestNothingThatWasPlantedIsInTheFiles(t *testing.T) {
	s := whole().Redacted(redactor())
	var html, packed bytes.Buffer
	if err := s.HTML(&html); err != nil {
		t.Fatal(err)
	}
	if err := s.ZIP(&packed); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"page": html.String()}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(raw)
	}
	if len(all) != 3 {
		t.Errorf("%d files", len(all))
	}
	for name, text := range all {
		for _, p := range append(planted, struct{ text, secret string }{"", "uncovered-9"}) {
			if strings.Contains(text, p.secret) {
				t.Errorf("%s holds %q", name, p.secret)
			}
		}
	}
	if strings.Contains(all["page"], "<script>alert") {
		t.Error("foreign text is part of the page")
	}
}

func TestALargeSheetIsBounded(t *testing.T) {
	s := Sheet{}
	for range 500 {
		s.Sections = append(s.Sections, Section{Texts: []Text{{"x", strings.Repeat("长", 100_000)}}})
	}
	var b bytes.Buffer
	if err := s.Redacted(&Redactor{}).HTML(&b); err != nil || b.Len() > maxSections*(maxBody+2000) {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}

func FuzzText(f *testing.F) {
	for _, p := range planted {
		f.Add(p.text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := redactor()
		if got := r.Text(s + " password=Zq8vK2mN4x "); strings.Contains(got, "Zq8vK2mN4x") {
			t.Errorf("%q", got)
		}
	})
}
