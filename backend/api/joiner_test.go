package api

import (
	"encoding/base64"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"io"
)

func TestAWelcomeLetterIsSavedAsAMailAndAsText(t *testing.T) {
	h := open(t, t.TempDir(), worded)
	o := h.office()
	if s := must(h.joiner.Settings(o.ID))(t); len(s.Servers) != 0 || s.Servers == nil {
		t.Errorf("the practice office has no servers outside: %+v", s)
	}
	if _, err := h.joiner.SaveCard(o.ID, "王芳", "wang.fang@"+o.Domain); err == nil {
		t.Error("a card without servers was saved")
	}
	letter := JoinerLetter{To: "wang.fang@" + o.Domain, Subject: "欢迎，王芳", Text: "第一行\n" + strings.Repeat("长", 200), EML: true}
	path := filepath.Join(t.TempDir(), "welcome.eml")
	h.w.picks = []string{path}
	if got := must(h.joiner.SaveLetter(letter))(t); got != path {
		t.Fatalf("saved as %q", got)
	}
	f := must(os.Open(path))(t)
	defer f.Close()
	m := must(mail.ReadMessage(f))(t)
	to := must(m.Header.AddressList("To"))(t)
	text := must(io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body)))(t)
	if to[0].Address != letter.To || m.Header.Get("X-Unsent") != "1" || string(text) != strings.ReplaceAll(letter.Text, "\n", "\r\n") {
		t.Errorf("%v %q", m.Header, text)
	}
	plain := filepath.Join(t.TempDir(), "welcome.txt")
	h.w.picks = []string{plain}
	letter.EML = false
	must(h.joiner.SaveLetter(letter))(t)
	if raw := string(must(os.ReadFile(plain))(t)); !strings.HasPrefix(raw, "\ufeff欢迎，王芳\r\n\r\n第一行\r\n") {
		t.Errorf("%q", raw)
	}
	letter.Subject = "a\r\nBcc: x@y.example"
	if _, err := h.joiner.SaveLetter(letter); err == nil {
		t.Error("a second header was let in")
	}
}
