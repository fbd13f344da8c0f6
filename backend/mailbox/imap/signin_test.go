package imap_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
)

func TestEachMechanismSignsIn(t *testing.T) {
	const allCaps = "IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER"
	for name, c := range map[string]struct {
		mech              imap.Mechanism
		user, authz, want string
		secret, caps      string
		command           string
	}{
		"login":                   {user: "li", secret: "secret", command: `LOGIN "li" "secret"`},
		"login with odd password": {user: "li", secret: "pä\"ss\\", caps: "IMAP4rev1", command: `LOGIN "li" {7}`},
		"login with LITERAL+":     {user: "li", secret: "pä\"ss\\", caps: "IMAP4rev1 LITERAL+", command: `LOGIN "li" {7+}`},
		"odd password by PLAIN":   {user: "li", secret: "pä\"ss\\", command: "AUTHENTICATE PLAIN"},
		"plain":                   {mech: imap.PlainAuth, user: "li", secret: "secret", command: "AUTHENTICATE PLAIN"},
		"plain at once":           {mech: imap.PlainAuth, user: "li", secret: "secret", caps: "AUTH=PLAIN SASL-IR", command: "AUTHENTICATE PLAIN AGxpAHNlY3JldA=="},
		"master user":             {user: "admin", authz: "li", want: "li*admin", secret: "secret", command: "AUTHENTICATE PLAIN"},
		"login disabled":          {user: "li", secret: "secret", caps: "AUTH=PLAIN LOGINDISABLED", command: "AUTHENTICATE PLAIN"},
		"xoauth2":                 {mech: imap.XOAuth2, user: "li@old.example", secret: "token", command: "AUTHENTICATE XOAUTH2"},
		"xoauth2 at once":         {mech: imap.XOAuth2, user: "li", secret: "token", caps: "AUTH=XOAUTH2 SASL-IR", command: "AUTHENTICATE XOAUTH2 dXNl"},
		"oauthbearer":             {mech: imap.OAuthBearer, user: "li@old.example", secret: "token", command: "AUTHENTICATE OAUTHBEARER"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.caps == "" {
				c.caps = allCaps
			}
			if c.want == "" {
				c.want = c.user
			}
			srv := imaptest.New(t, imaptest.Options{Caps: c.caps, User: c.want, Password: c.secret})
			session(t, srv, func(cfg *imap.Config) {
				cfg.User, cfg.Authz, cfg.Mechanism = c.user, c.authz, c.mech
				cfg.Secret = func(context.Context) (string, error) { return c.secret, nil }
			})
			if srv.Count(c.command) != 1 {
				t.Errorf("log %q", srv.Log())
			}
		})
	}
}

func TestARefusedSignInIsTriedOnceAndKeepsTheServersWords(t *testing.T) {
	for _, mech := range []imap.Mechanism{imap.Login, imap.PlainAuth, imap.XOAuth2, imap.OAuthBearer} {
		for _, ir := range []string{"", " SASL-IR"} {
			t.Run(string(mech)+ir, func(t *testing.T) {
				srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER" + ir})
				words := "LOGIN Login error or password error"
				srv.Reply("LOGIN", "{tag} NO "+words)
				srv.On("AUTHENTICATE", func(c *imaptest.Conn, cmd *imaptest.Command) {
					if len(cmd.Words()) == 1 {
						c.Send("+")
						_, _ = c.ReadLine()
					}
					if mech != imap.PlainAuth {
						c.Send("+ eyJzdGF0dXMiOiI0MDAifQ==")
						_, _ = c.ReadLine()
					}
					c.NO(cmd, words)
				})
				_, err := account(t, srv, func(c *imap.Config) { c.Mechanism = mech }).Open(t.Context())
				wantCode(t, err, core.Unauthenticated)
				if r := refusalOf(t, err); !strings.HasPrefix(r.Text, words) || strings.Contains(err.Error(), "correct horse") {
					t.Errorf("%v", err)
				}
				if n := srv.Count("LOGIN") + srv.Count("AUTHENTICATE"); n != 1 {
					t.Errorf("%d attempts", n)
				}
			})
		}
	}
}

func TestABusyServerIsNotAWrongPassword(t *testing.T) {
	for _, words := range []string{
		"NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
		"BAD Request is throttled. Suggested Backoff Time: 1000 milliseconds", "NO [INUSE] later",
	} {
		srv := imaptest.New(t, imaptest.Options{})
		srv.Reply("LOGIN", "{tag} "+words)
		_, err := account(t, srv).Open(t.Context())
		wantCode(t, err, core.RateLimited)
		refusalOf(t, err)
	}
}

func TestExchangeRefusesWithNamespace(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Greeting: "* OK The Microsoft Exchange IMAP4 service is ready."})
	srv.Reply("NAMESPACE", "{tag} BAD User is authenticated but not connected.")
	_, err := account(t, srv).Open(t.Context())
	wantCode(t, err, core.Unauthenticated)
}

func TestEveryGreetingIsSurvivedOrExplained(t *testing.T) {
	for _, g := range []string{
		"* OK ready", "* OK", "* ok [CAPABILITY IMAP4rev1 LITERAL +] hi", "\x00\x00\x00* OK ready", "junk before it\r\n* OK ready",
		"* OK AliYun IMAP Server Ready(10.147.40.164)", "\r\n* OK ready", "* PREAUTH you are in", "*  OK  two blanks",
		"* OK \xbb\xb6\xd3\xad", "* OK [CAPABILITY IMAP4rev1 ] trailing blank",
	} {
		t.Run(g, func(t *testing.T) {
			srv := imaptest.New(t, imaptest.Options{Greeting: g})
			mustLive(t, session(t, srv))
			if pre := strings.Contains(g, "PREAUTH"); pre == (srv.Count("LOGIN") > 0) {
				t.Errorf("log %q", srv.Log())
			}
		})
	}
	srv := imaptest.New(t, imaptest.Options{Greeting: "* BYE too many connections"})
	_, err := account(t, srv).Open(t.Context())
	wantCode(t, err, core.Unreachable)
	if refusalOf(t, err).Text != "too many connections" {
		t.Error(err)
	}
	smtp := imaptest.New(t, imaptest.Options{Greeting: "220 mail.old.example ESMTP"})
	_, err = account(t, smtp, func(c *imap.Config) { c.Timeouts.Stray = 30 * time.Millisecond }).Open(t.Context())
	wantCode(t, err, core.Unreachable)
	if !strings.Contains(refusalOf(t, err).Text, "ESMTP") {
		t.Error(err)
	}
}

func TestOnlyAdvertisedCommandsAreSentAndIDAlwaysToNetEase(t *testing.T) {
	plain := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1"})
	s := session(t, plain)
	if _, err := s.Folders(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, l := range plain.Log() {
		switch verb, _, _ := strings.Cut(l, " "); verb {
		case "CAPABILITY", "LOGIN", "LIST", "LSUB", "NOOP":
		default:
			t.Errorf("sent %q", l)
		}
	}
	netease := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1", Greeting: "* OK Coremail System IMap Server Ready(163com[abc])"})
	netease.Reply("ID", "{tag} BAD what")
	if f := session(t, netease).Traits(); f.Family != "netease" || f.UIDNext {
		t.Errorf("%+v", f)
	}
	if netease.Count(`ID ("name" "Mailroom" "version"`) != 1 {
		t.Errorf("log %q", netease.Log())
	}
}

func TestTraitsTellTheFamily(t *testing.T) {
	for _, c := range []struct{ greeting, caps, id, want string }{
		{"* OK Dovecot ready.", "IMAP4rev1", "NIL", "dovecot"},
		{"* OK ready", "IMAP4rev1 ID", `("name" "Coremail Imap" "vendor" "Mailtech" "TransID" NIL)`, "netease"},
		{"* OK IMAP4 ready", "IMAP4rev1 X-GM-EXT-1", "NIL", "gmail"},
		{"* OK [XMIPROXY] QQMail IMAP4Server ready", "IMAP4rev1", "NIL", "tencent"},
		{"* OK something", "IMAP4rev1 ID", `("name" "Cyrus IMAPD" "version" "3.6")`, "cyrus"},
		{"* OK something", "IMAP4rev1 ID", `("name"`, ""},
	} {
		srv := imaptest.New(t, imaptest.Options{Greeting: c.greeting, Caps: c.caps})
		srv.Reply("ID", "* ID "+c.id)
		if tr := session(t, srv).Traits(); tr.Family != c.want || tr.RTT <= 0 {
			t.Errorf("%+v: %q, RTT %v", c, tr.Family, tr.RTT)
		}
	}
}

func TestASecretThatCannotBeReadIsNoAttempt(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	locked := core.E(core.Forbidden, "vault", errors.New("locked"))
	_, err := account(t, srv, func(c *imap.Config) {
		c.Secret = func(context.Context) (string, error) { return "", locked }
	}).Open(t.Context())
	wantCode(t, err, core.Forbidden)
	if srv.Count("LOGIN") != 0 {
		t.Error("tried")
	}
}

func TestWhatTheServerDoesNotOfferIsUnsupported(t *testing.T) {
	for why, edit := range map[string]func(*imap.Config){
		"mechanism_not_offered":     func(c *imap.Config) { c.Mechanism = imap.XOAuth2 },
		"no_authorization_identity": func(c *imap.Config) { c.Authz = "li" },
		"login_disabled":            func(*imap.Config) {},
		"no_starttls":               func(c *imap.Config) { c.Security = imap.StartTLS },
	} {
		srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 LOGINDISABLED"})
		_, err := account(t, srv, edit).Open(t.Context())
		wantCode(t, err, core.Unsupported)
		if core.ArgsOf(err)["why"] != why {
			t.Errorf("%v, want %s", core.ArgsOf(err), why)
		}
	}
}

func TestAnUnreachableServerIsExplained(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	a := account(t, srv)
	srv.Close()
	_, err := a.Open(t.Context())
	wantCode(t, err, core.Unreachable)
	if core.ArgsOf(err)["why"] != "refused" {
		t.Errorf("%v", core.ArgsOf(err))
	}
}

func TestParseURL(t *testing.T) {
	cfg, err := imap.ParseURL("imaps://li.lei%40old.example@imap.old.example:1993")
	if err != nil || cfg.User != "li.lei@old.example" || cfg.Host != "imap.old.example" || cfg.Port != 1993 || cfg.Security != imap.TLS {
		t.Errorf("%+v %v", cfg, err)
	}
	cfg, err = imap.ParseURL("imap+starttls://admin@[::1]?authz=li&mechanism=plain")
	if err != nil || cfg.Authz != "li" || cfg.Mechanism != imap.PlainAuth || cfg.Host != "::1" || cfg.Security != imap.StartTLS {
		t.Errorf("%+v %v", cfg, err)
	}
	a, err := imap.New(cfg)
	if err != nil || a.Key() != "imap:li@[::1]:143" {
		t.Errorf("%v %v", a, err)
	}
	for raw, field := range map[string]string{
		"pop3://li@old.example": "scheme", "imaps://old.example": "user", "imaps://li:secret@old.example": "password",
		"imaps://li@old.example:99999": "port", "imaps://li@old.example/INBOX": "path", "imaps://li@": "host",
		"imaps://li@old.example?x=y": "query", "imaps://%zz@old.example": "url",
	} {
		_, err := imap.ParseURL(raw)
		wantCode(t, err, core.Invalid)
		if core.ArgsOf(err)["field"] != field || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", raw, core.ArgsOf(err))
		}
	}
}

func TestPlainTextIsForLoopbackOnly(t *testing.T) {
	for host, ok := range map[string]bool{"127.0.0.1": true, "::1": true, "localhost": true, "imap.old.example": false, "10.0.0.1": false} {
		_, err := imap.New(imap.Config{Host: host, User: "li", Security: imap.Plain})
		if (err == nil) != ok {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := imap.New(imap.Config{Host: "imap.old.example", User: "li", Security: imap.Plain, AllowPlaintext: true}); err != nil {
		t.Error(err)
	}
}
