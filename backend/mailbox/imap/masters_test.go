package imap_test

import (
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/oauth"
	"mailroom/backend/testkit/oauthtest"
	"mailroom/backend/testkit/servers"
)

// dovecotAs opens the account's mailbox on a real Dovecot.
func dovecotAs(t *testing.T, s *servers.Server, edit func(*imap.Config)) (mailbox.Session, mailbox.Account, error) {
	t.Helper()
	cfg := imap.Config{Host: s.Host, Port: s.TLSPort, CAFile: s.CAFile, User: servers.DefaultUser.Name}
	edit(&cfg)
	a, err := imap.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	session, err := a.Open(t.Context())
	if err == nil {
		t.Cleanup(func() { _ = session.Close() })
	}
	return session, a, err
}

func TestAMasterUserOpensEverybodysMailboxInBothForms(t *testing.T) {
	s := servers.Dovecot(t, servers.Options{Master: true})
	keys := map[string]bool{}
	for name, edit := range map[string]func(*imap.Config){
		"the person":             func(c *imap.Config) { c.Password = servers.DefaultUser.Password },
		"authorisation identity": func(c *imap.Config) { c.Authz = c.User; master(c) },
		"user*master":            func(c *imap.Config) { c.Authz, c.Separator = c.User, "*"; master(c) },
		"user*master by PLAIN": func(c *imap.Config) {
			c.Authz, c.Separator, c.Mechanism = c.User, "*", imap.PlainAuth
			master(c)
		},
	} {
		session, account, err := dovecotAs(t, s, edit)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if folders, err := session.Folders(t.Context()); err != nil || len(folders) == 0 {
			t.Errorf("%s: %v, %v", name, folders, err)
		}
		keys[account.Key()] = true
	}
	if len(keys) != 1 {
		t.Errorf("one mailbox has several names in the ledger: %v", keys)
	}
	_, _, err := dovecotAs(t, s, func(c *imap.Config) { c.Authz, c.Separator = c.User, "%"; master(c) })
	if core.CodeOf(err) != core.Unauthenticated {
		t.Errorf("another separator: %v", err)
	}
}

func master(c *imap.Config) {
	c.User, c.Password = servers.MasterUser.Name, servers.MasterUser.Password
}

func TestDovecotTakesTokensAndRefusesDeadOnes(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Google)
	key, err := oauth.ReadKey(vendor.KeyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	client := &oauth.Client{Services: vendor.Services()}
	s := servers.Dovecot(t, servers.Options{TokenInfo: vendor.TokenInfo()})
	token, err := client.ServiceToken(t.Context(), key, servers.DefaultUser.Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, mechanism := range []imap.Mechanism{imap.Bearer, imap.XOAuth2, imap.OAuthBearer} {
		as := func(user, secret string) error {
			_, _, err := dovecotAs(t, s, func(c *imap.Config) { c.User, c.Mechanism, c.Password = user, mechanism, secret })
			return err
		}
		if err := as(servers.DefaultUser.Name, string(token.Access)); err != nil {
			t.Errorf("%s: %v", mechanism, err)
		}
		if err := as(oauthtest.OtherUser, string(token.Access)); core.CodeOf(err) != core.Unauthenticated {
			t.Errorf("%s: somebody else's mailbox: %v", mechanism, err)
		}
		if err := as(servers.DefaultUser.Name, "made-up"); core.CodeOf(err) != core.Unauthenticated {
			t.Errorf("%s: a made-up token: %v", mechanism, err)
		}
	}
	vendor.EndTokens()
	_, _, err = dovecotAs(t, s, func(c *imap.Config) { c.Mechanism, c.Password = imap.Bearer, string(token.Access) })
	if core.CodeOf(err) != core.Unauthenticated {
		t.Errorf("a dead token: %v", err)
	}
}

func TestTheMasterSeparatorIsChecked(t *testing.T) {
	for _, separator := range []string{"**", " ", "\"", "\r"} {
		_, err := imap.New(imap.Config{Host: "mail.old.example", User: "master", Authz: "li", Separator: separator})
		if core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["field"] != "separator" {
			t.Errorf("%q: %v", separator, err)
		}
	}
	cfg, err := imap.ParseURL("imaps://master@mail.old.example?authz=li&separator=*")
	if err != nil || cfg.Separator != "*" || cfg.Authz != "li" {
		t.Errorf("%+v, %v", cfg, err)
	}
}
