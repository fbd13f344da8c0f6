package api

import (
	"context"
	"testing"
	"time"

	"mailroom/backend/api/moving"
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
	var a attempts
	e := moving.Endpoint{Host: "Mail.example", Port: 993, User: "Li@old.example"}
	same := moving.Endpoint{Host: "mail.example", Port: 993, User: "li@old.example"}
	other := moving.Endpoint{Host: "mail.example", Port: 993, User: "han@old.example"}
	if a.mark(e, "p") != a.mark(same, "p") || a.mark(e, "p") == a.mark(other, "p") || a.mark(e, "p") == a.mark(e, "q") {
		t.Error("marks are mixed up")
	}
}
