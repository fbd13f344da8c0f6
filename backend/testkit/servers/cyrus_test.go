package servers

import (
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

func TestCyrusKeepsMailOverAKill(t *testing.T) {
	s := Cyrus(t)
	keepsMailOverAKill(t, s)
	refusesWrongPassword(t, s)
}

func TestCyrusSpeaksTLS(t *testing.T) {
	checkTLS(t, Cyrus(t), true)
	checkTLS(t, Cyrus(t, Options{Cert: ExpiredCert}), false)
}

func TestCyrusRefusesOverQuota(t *testing.T) {
	s := Cyrus(t, Options{QuotaMessages: 1})
	c := signIn(t, s, DefaultUser)
	if err := put(t, c, "INBOX", letter); err != nil {
		t.Fatal(err)
	}
	if err := put(t, c, "INBOX", letter); err == nil || !strings.Contains(strings.ToLower(err.Error()), "quota") {
		t.Errorf("second message: %v", err)
	}
}

func TestCyrusRefusesWhatIsTooBig(t *testing.T) {
	s := Cyrus(t, Options{MaxMessage: 2000})
	if err := put(t, signIn(t, s, DefaultUser), "INBOX", letter+strings.Repeat("x\r\n", 1000)); err == nil {
		t.Error("a message over the limit is accepted")
	}
}

func TestCyrusMasterActsForOthers(t *testing.T) {
	s := Cyrus(t, Options{Master: true, Without: []string{"MULTIAPPEND"}})
	own := signIn(t, s, DefaultUser)
	if err := put(t, own, "INBOX", letter); err != nil {
		t.Fatal(err)
	}
	if own.Caps().Has("MULTIAPPEND") || !own.Caps().Has("LITERAL+") {
		t.Errorf("capabilities: %v", own.Caps())
	}
	c, err := imapclient.DialInsecure(s.Addr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Authenticate(sasl.NewPlainClient(DefaultUser.Name, MasterUser.Name, MasterUser.Password)); err != nil {
		t.Fatal(err)
	}
	if got := bodies(t, c, "INBOX"); len(got) != 1 {
		t.Errorf("the master sees %q", got)
	}
}
