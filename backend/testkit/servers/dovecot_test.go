package servers

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

const letter = "From: Li Lei <li.lei@old.example>\r\nSubject: =?utf-8?B?5L2g5aW9?=\r\nMessage-ID: <1@old.example>\r\n\r\nNi hao.\r\n"

func signIn(t *testing.T, s *Server, u User) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(s.Addr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(u.Name, u.Password).Wait(); err != nil {
		t.Fatalf("sign in as %s: %v", u.Name, err)
	}
	return c
}

func put(t *testing.T, c *imapclient.Client, folder, text string) error {
	t.Helper()
	cmd := c.Append(folder, int64(len(text)), nil)
	if _, err := cmd.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := cmd.Wait()
	return err
}

func bodies(t *testing.T, c *imapclient.Client, folder string) []string {
	t.Helper()
	state, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	if state.NumMessages == 0 {
		return nil
	}
	section := &imap.FetchItemBodySection{Peek: true}
	got, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, m := range got {
		texts = append(texts, string(m.FindBodySection(section)))
	}
	return texts
}

// keepsMailOverAKill is the promise of every kind.
func keepsMailOverAKill(t *testing.T, s *Server) {
	c := signIn(t, s, s.Users[0])
	if err := put(t, c, "INBOX", letter); err != nil {
		t.Fatal(err)
	}
	s.Kill()
	if _, err := greeting(t.Context(), s.Addr()); err == nil {
		t.Error("a killed server still greets")
	}
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := bodies(t, signIn(t, s, s.Users[0]), "INBOX")
	if !slices.Equal(got, []string{letter}) {
		t.Errorf("after kill and restart INBOX holds %q", got)
	}
	if err := s.AddUser(User{Name: "han.mei@old.example", Password: "pw-2"}); err != nil {
		t.Fatal(err)
	}
	if got := bodies(t, signIn(t, s, User{Name: "han.mei@old.example", Password: "pw-2"}), "INBOX"); len(got) != 0 {
		t.Errorf("a new account's INBOX holds %q", got)
	}
}

// refusesWrongPassword is the other promise of every kind.
func refusesWrongPassword(t *testing.T, s *Server) {
	c, err := imapclient.DialInsecure(s.Addr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(s.Users[0].Name, "wrong").Wait(); err == nil {
		t.Error("a wrong password is accepted")
	}
}

func TestDovecotKeepsMailOverAKill(t *testing.T) {
	s := Dovecot(t)
	keepsMailOverAKill(t, s)
	refusesWrongPassword(t, s)
}

func TestDovecotTLSFailsOnlyWithABadCertificate(t *testing.T) {
	for name, tc := range map[string]struct {
		cert Certificate
		good bool
	}{
		"good": {GoodCert, true}, "expired": {ExpiredCert, false},
		"wrong name": {WrongNameCert, false}, "self-signed": {SelfSignedCert, false},
	} {
		t.Run(name, func(t *testing.T) { checkTLS(t, Dovecot(t, Options{Cert: tc.cert}), tc.good) })
	}
}

func checkTLS(t *testing.T, s *Server, good bool) {
	t.Helper()
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(s.CAFile)
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		t.Fatalf("read %s: %v", s.CAFile, err)
	}
	opts := &imapclient.Options{TLSConfig: &tls.Config{RootCAs: pool, ServerName: "localhost"}}
	for how, dial := range map[string]func() (*imapclient.Client, error){
		"implicit": func() (*imapclient.Client, error) { return imapclient.DialTLS(s.TLSAddr(), opts) },
		"STARTTLS": func() (*imapclient.Client, error) { return imapclient.DialStartTLS(s.Addr(), opts) },
	} {
		if how == "STARTTLS" && !s.StartTLS {
			t.Log(s.Kind, "offers no STARTTLS to an ordinary user's programs")
			continue
		}
		c, err := dial()
		if err == nil {
			err = c.Login(s.Users[0].Name, s.Users[0].Password).Wait()
			_ = c.Close()
		}
		if (err == nil) != good {
			t.Errorf("%s: %v", how, err)
		}
	}
}

func TestDovecotAdvertisesOnlyWhatIsLeft(t *testing.T) {
	s := Dovecot(t, Options{Without: []string{"MULTIAPPEND", "LITERAL+", "UIDPLUS"}, Compress: true})
	caps, err := signIn(t, s, DefaultUser).Capability().Wait()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[imap.Cap]bool{
		"MULTIAPPEND": false, "LITERAL+": false, "UIDPLUS": false, "MOVE": true, "COMPRESS=DEFLATE": true,
	} {
		if _, got := caps[name]; got != want {
			t.Errorf("%s advertised: %v, want %v", name, got, want)
		}
	}
}

func TestDovecotRefusesOverQuota(t *testing.T) {
	s := Dovecot(t, Options{QuotaMessages: 1})
	c := signIn(t, s, DefaultUser)
	if err := put(t, c, "INBOX", letter); err != nil {
		t.Fatal(err)
	}
	if err := put(t, c, "INBOX", letter); err == nil || !strings.Contains(err.Error(), "OVERQUOTA") {
		t.Errorf("second message: %v", err)
	}
}

func TestDovecotOffersChineseSpecialUseFolders(t *testing.T) {
	s := Dovecot(t, Options{Folders: []Folder{{"已发送", `\Sent`}, {"项目/二〇二四", ""}}})
	boxes, err := signIn(t, s, DefaultUser).List("", "*", nil).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range boxes {
		names = append(names, b.Mailbox)
		if b.Mailbox == "已发送" && !slices.Contains(b.Attrs, imap.MailboxAttrSent) {
			t.Errorf("已发送 has %v", b.Attrs)
		}
	}
	if !slices.Contains(names, "已发送") || !slices.Contains(names, "项目/二〇二四") {
		t.Errorf("folders: %v", names)
	}
}

func TestDovecotMasterActsForOthers(t *testing.T) {
	s := Dovecot(t, Options{Master: true})
	if err := put(t, signIn(t, s, DefaultUser), "INBOX", letter); err != nil {
		t.Fatal(err)
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

func TestStopLeavesNothingBehind(t *testing.T) {
	s, err := StartDovecot(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	run := s.running.(*process)
	signIn(t, s, DefaultUser)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if groupAlive(run.pgid) {
		t.Error("processes are left")
	}
	if _, err := os.Stat(s.Dir); !os.IsNotExist(err) {
		t.Errorf("the folder is left: %v", err)
	}
}

func TestLettersAreWholeAfterRestart(t *testing.T) {
	s := Dovecot(t)
	if err := put(t, signIn(t, s, DefaultUser), "INBOX", strings.Repeat(letter, 100)); err != nil {
		t.Fatal(err)
	}
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := bodies(t, signIn(t, s, DefaultUser), "INBOX")
	if len(got) != 1 || !bytes.Equal([]byte(got[0]), []byte(strings.Repeat(letter, 100))) {
		t.Error("the letter has changed")
	}
}
