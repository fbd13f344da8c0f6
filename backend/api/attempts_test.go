package api

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/testkit/servers"
)

func dovecotEndpoint(s *servers.Server, handle string) Endpoint {
	return Endpoint{Kind: KindIMAP, Host: s.Host, Port: s.TLSPort, Security: SecurityTLS, User: servers.DefaultUser.Name, Secret: handle, CA: s.CAFile}
}

func TestAPasswordIsNeverTriedAThirdTime(t *testing.T) {
	h := open(t, t.TempDir(), withKeychain(&keychain{}))
	s := servers.Dovecot(t)
	for i, want := range []bool{false, false, true, true} {
		// A new handle each time: it is the password that counts.
		handle := must(h.vault.Keep("wrong"))(t)
		r := must(h.endpoints.TestSignIn("", dovecotEndpoint(s, handle)))(t)
		if r.OK || r.Stopped != want || r.Problem == nil || r.Problem.Code != "unauthenticated" {
			t.Fatalf("try %d: %+v", i+1, r)
		}
	}
	handle := must(h.vault.Keep(servers.DefaultUser.Password))(t)
	if r := must(h.endpoints.TestSignIn("", dovecotEndpoint(s, handle)))(t); !r.OK || r.Stopped {
		t.Errorf("the right password: %+v", r)
	}
}

// Providers lock accounts for hours: starting the program again must not be the way to a
// third wrong try.
func TestRefusalsAreRememberedOverARestart(t *testing.T) {
	dir, ring := t.TempDir(), &keychain{}
	s := imaptest.Tencent(t)
	words := "Login fail. Account is abnormal, service is not open, password is incorrect"
	refuse := func(c *imaptest.Conn, cmd *imaptest.Command) { c.NO(cmd, words) }
	s.On("LOGIN", refuse)
	s.On("AUTHENTICATE", refuse)
	try := func(h *house, password string) SignInResult {
		handle := must(h.vault.Keep(password))(t)
		return must(h.endpoints.TestSignIn("", Endpoint{
			Kind: KindIMAP, Host: s.Host(), Port: s.Port(), Security: SecurityPlain, User: "li.lei@old.example", Secret: handle,
		}))(t)
	}
	h := open(t, dir, withKeychain(ring))
	try(h, "wrong one")
	h.close()
	h = open(t, dir, withKeychain(ring))
	if r := try(h, "wrong one"); r.Stopped {
		t.Fatal("the second try was not made")
	}
	h.close()
	h = open(t, dir, withKeychain(ring))
	asked := s.Count("LOGIN") + s.Count("AUTHENTICATE")
	r := try(h, "wrong one")
	if !r.Stopped || r.Problem == nil || r.Problem.Server == "" || s.Count("LOGIN")+s.Count("AUTHENTICATE") != asked {
		t.Errorf("after a restart a third try went out: %+v", r)
	}
	if r := try(h, "another one"); r.Stopped {
		t.Error("another password was not tried")
	}
	h.close()
	for _, name := range []string{refusalFile, refusalFile + "-wal"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil && (bytes.Contains(raw, []byte("wrong one")) || bytes.Contains(raw, []byte("another one"))) {
			t.Errorf("%s holds a password", name)
		}
	}
}

func TestConnectionsToOneHostAreFewAtATime(t *testing.T) {
	var a attempts
	var leave []func()
	start := time.Now()
	for range perHost {
		l, err := a.enter(t.Context(), "mail.example")
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, l)
	}
	if d := time.Since(start); d < (perHost-1)*hostSpacing {
		t.Errorf("%d sign-ins within %v", perHost, d)
	}
	ctx, cancel := context.WithCancel(t.Context())
	full := make(chan error, 1)
	go func() {
		_, err := a.enter(ctx, "MAIL.example")
		full <- err
	}()
	cancel()
	if err := <-full; err == nil {
		t.Error("one too many came in")
	}
	if _, err := a.enter(t.Context(), "other.example"); err != nil {
		t.Errorf("another host waits too: %v", err)
	}
	leave[0]()
	if _, err := a.enter(t.Context(), "mail.example"); err != nil {
		t.Error(err)
	}
}

func TestMarksTellTriesApart(t *testing.T) {
	a := func(e moving.Endpoint, password string) string { return string(marked([]byte("key"), e, password).try) }
	e := moving.Endpoint{Host: "Mail.example", Port: 993, User: "Li@old.example"}
	same := moving.Endpoint{Host: "mail.example", Port: 993, User: "li@old.example"}
	other := moving.Endpoint{Host: "mail.example", Port: 993, User: "han@old.example"}
	if a(e, "p") != a(same, "p") || a(e, "p") == a(other, "p") || a(e, "p") == a(e, "q") {
		t.Error("marks are mixed up")
	}
	if string(marked([]byte("key"), e, "p").try) == string(marked([]byte("other key"), e, "p").try) {
		t.Error("a mark says something of the password without the key")
	}
}
