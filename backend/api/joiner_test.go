package api

import (
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"

	"mailroom/backend/core"
)

// TestSomebodyNewSignsInWithTheInitialPassword goes the joiner's way through the page's
// calls in the practice office, and then into the mailbox as a mail program does.
func TestSomebodyNewSignsInWithTheInitialPassword(t *testing.T) {
	h := open(t, t.TempDir(), administering)
	o := h.office()
	address := "neu.mensch@" + o.Domain
	password := must(h.staff.MakePassword(o.ID, address))(t).Password
	r := h.changed(o.ID, OfficeChange{
		Kind: "person.create", Password: must(h.vault.Keep(password))(t), Person: &OfficePerson{Address: address, Name: "新人", Quota: -1},
	})
	if r.Done != 1 {
		t.Fatalf("%+v", r)
	}
	var at string
	for _, s := range must(h.joiner.Settings(o.ID))(t).Servers {
		if s.At.Security != SecurityTLS || s.At.Port == 0 {
			t.Errorf("%+v", s)
		}
		if s.Name == "imap" {
			at = net.JoinHostPort(s.At.Host, strconv.Itoa(s.At.Port))
		}
	}
	opens := func(password string) error {
		c := must(imapclient.DialTLS(at, &imapclient.Options{TLSConfig: &tls.Config{InsecureSkipVerify: true}}))(t) // the office's own authority
		defer c.Close()
		return c.Login(address, password).Wait()
	}
	if err := opens(password); err != nil {
		t.Errorf("the initial password is refused: %v", err)
	}
	if opens(password+"x") == nil {
		t.Error("any password is taken")
	}
	if err := h.practice.Reset(); err != nil {
		t.Fatal(err)
	}
	if opens(password) == nil {
		t.Error("after a reset somebody who was made is still there")
	}
	if s := must(h.directory.Snapshot(o.ID))(t); len(s.People) != 12 {
		t.Errorf("after a reset %d people are shown", len(s.People))
	}
	if _, err := h.directory.Person(o.ID, address); core.CodeOf(err) != core.NotFound {
		t.Errorf("%v", err)
	}
}

func TestAWelcomeLetterIsSavedAsAMailAndAsText(t *testing.T) {
	h := open(t, t.TempDir(), worded)
	o := h.office()
	cards := t.TempDir()
	h.w.picks = []string{cards}
	if got := must(h.joiner.SaveCard(o.ID, "王芳", "wang.fang@"+o.Domain))(t); !strings.HasPrefix(got, cards) {
		t.Errorf("the card is in %q", got)
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
