package pop3_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/pop3"
	"mailroom/backend/testkit/pop3test"
)

func TestEachWayToSignIn(t *testing.T) {
	long := strings.Repeat("t", 900) // tokens are long: AUTH's line must not be
	for name, c := range map[string]struct {
		opt  pop3test.Options
		edit func(*pop3.Config)
		log  string
	}{
		"user and password":     {log: "PASS"},
		"a server without CAPA": {opt: pop3test.Options{NoCAPA: true}, log: "PASS"},
		"PLAIN where USER is not offered": {
			opt: pop3test.Options{Caps: []string{"TOP", "UIDL", "SASL PLAIN"}}, log: "AUTH PLAIN",
		},
		"APOP, asked for": {edit: func(c *pop3.Config) { c.Mechanism = pop3.APOP }, log: "APOP"},
		"a master user": {
			opt: pop3test.Options{Admit: func(user, secret string) bool {
				return user == "PLAIN li.lei@old.example*master" && secret == "correct horse"
			}},
			edit: func(c *pop3.Config) { c.Authz, c.User = c.User, "master" }, log: "AUTH PLAIN",
		},
		"a joined master user": {
			opt: pop3test.Options{Admit: func(user, secret string) bool {
				return user == "li.lei@old.example*master" && secret == "correct horse"
			}},
			edit: func(c *pop3.Config) { c.Authz, c.User, c.Separator = c.User, "master", "*" }, log: "PASS",
		},
		"a token": {
			opt:  pop3test.Options{Admit: func(user, secret string) bool { return user == "XOAUTH2 li.lei@old.example" && secret == long }},
			edit: func(c *pop3.Config) { c.Mechanism, c.Password = pop3.Bearer, long }, log: "AUTH XOAUTH2",
		},
		"a token by OAUTHBEARER": {
			opt:  pop3test.Options{Caps: []string{"SASL OAUTHBEARER", "UIDL", "TOP"}, Admit: func(user, secret string) bool { return user == "OAUTHBEARER li.lei@old.example" && secret == "short" }},
			edit: func(c *pop3.Config) { c.Mechanism, c.Password = pop3.Bearer, "short" }, log: "AUTH OAUTHBEARER",
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := pop3test.New(t, c.opt, mails(1)...)
			edit := c.edit
			if edit == nil {
				edit = func(*pop3.Config) {}
			}
			s := open(t, account(t, srv, edit))
			if n := len(listed(t, s)); n != 1 || srv.Count(c.log) != 1 {
				t.Errorf("%d messages after %v", n, srv.Log())
			}
		})
	}
}

func TestARefusedSignInIsToldWithoutThePassword(t *testing.T) {
	srv := pop3test.New(t, pop3test.Options{})
	_, err := account(t, srv, func(c *pop3.Config) { c.Password = "wrong-secret" }).Open(t.Context())
	wantCode(t, "a wrong password", err, core.Unauthenticated)
	if strings.Contains(err.Error(), "wrong-secret") || srv.Count("PASS") != 1 {
		t.Errorf("%v after %v", err, srv.Log())
	}
	for _, mechanism := range []pop3.Mechanism{pop3.PlainAuth, pop3.Bearer, pop3.XOAuth2} {
		plain := pop3test.New(t, pop3test.Options{Caps: []string{"USER", "UIDL"}})
		_, err = account(t, plain, func(c *pop3.Config) { c.Mechanism = mechanism }).Open(t.Context())
		wantCode(t, string(mechanism), err, core.Unsupported)
	}
}

func TestALockedMaildropIsABusyServer(t *testing.T) {
	for _, words := range []string{"[IN-USE] locked by another session", "maildrop already locked", "Mailbox is already in use"} {
		srv := pop3test.New(t, pop3test.Options{Refusal: func() string { return words }})
		_, err := account(t, srv, func(c *pop3.Config) { c.LockWait = 150 * time.Millisecond }).Open(t.Context())
		wantCode(t, words, err, core.RateLimited)
		if r, ok := errors.AsType[*mailbox.Refusal](err); !ok || r.Code != "INUSE" {
			t.Errorf("%s: %+v", words, r)
		}
	}
	srv := pop3test.New(t, pop3test.Options{}, mails(2)...)
	a := account(t, srv)
	first := open(t, a)
	_, err := a.Open(t.Context())
	wantCode(t, "a second session of ours", err, core.RateLimited)
	_ = first.Close()
	if n := len(listed(t, open(t, a))); n != 2 {
		t.Errorf("%d messages", n)
	}
}

// A server frees the mailbox only some time after our last session has ended. Words
// without IN-USE may speak of a locked account: no second attempt then.
func TestAMaildropThatIsStillInUseIsAskedForAgain(t *testing.T) {
	for _, c := range []struct {
		words string
		tries int
		opens bool
	}{{"[IN-USE] try again", 3, true}, {"maildrop already locked", 1, false}, {"[AUTH] wrong", 1, false}} {
		tries := 0
		srv := pop3test.New(t, pop3test.Options{Refusal: func() string {
			if tries++; tries < 3 {
				return c.words
			}
			return ""
		}}, mails(1)...)
		s, err := account(t, srv).Open(t.Context())
		if n := srv.Count("PASS"); n != c.tries || (err == nil) != c.opens {
			t.Errorf("%s: %d attempts, %v", c.words, n, err)
		}
		if err == nil {
			_ = s.Close()
		}
	}
}

func TestThePauseBetweenSignInsIsKept(t *testing.T) {
	srv := pop3test.New(t, pop3test.Options{Caps: []string{"USER", "UIDL", "TOP", "LOGIN-DELAY 900"}}, mails(1)...)
	a := account(t, srv)
	_ = open(t, a).Close()
	_, err := a.Open(t.Context())
	wantCode(t, "too soon", err, core.RateLimited)
	r, ok := errors.AsType[*mailbox.Refusal](err)
	if !ok || r.Code != "LIMIT" || !strings.Contains(r.Text, "milliseconds") || srv.Count("PASS") != 1 {
		t.Errorf("%+v after %v", r, srv.Log())
	}
}

func TestAddressesAreRead(t *testing.T) {
	for raw, want := range map[string]pop3.Config{
		"pop3s://li%40old.example@mail.old.example":                   {Security: pop3.TLS, Host: "mail.old.example", User: "li@old.example"},
		"pop3+starttls://li@mail.old.example:1110":                    {Security: pop3.StartTLS, Host: "mail.old.example", Port: 1110, User: "li"},
		"pop3://master@127.0.0.1?authz=li&separator=*&mechanism=apop": {Security: pop3.Plain, Host: "127.0.0.1", User: "master", Authz: "li", Separator: "*", Mechanism: pop3.APOP},
	} {
		got, err := pop3.ParseURL(raw)
		if err != nil || got.Security != want.Security || got.Host != want.Host || got.Port != want.Port || got.User != want.User ||
			got.Authz != want.Authz || got.Separator != want.Separator || got.Mechanism != want.Mechanism {
			t.Errorf("%s: %+v, %v", raw, got, err)
		}
	}
	for _, raw := range []string{"imaps://li@mail.old.example", "pop3s://mail.old.example", "pop3s://li:secret@mail.old.example", "pop3s://li@mail.old.example/x", "pop3s://li@mail.old.example?x=1", "pop3s://li@mail.old.example:0"} {
		if _, err := pop3.ParseURL(raw); core.CodeOf(err) != core.Invalid || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if _, err := pop3.New(pop3.Config{Host: "mail.old.example", User: "li", Security: pop3.Plain}); core.CodeOf(err) != core.Invalid {
		t.Errorf("a password in the clear: %v", err)
	}
}
