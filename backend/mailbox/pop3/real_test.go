package pop3_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/mailboxtest"
	"mailroom/backend/mailbox/pop3"
	"mailroom/backend/oauth"
	"mailroom/backend/testkit/oauthtest"
	"mailroom/backend/testkit/servers"
)

// put writes messages into a person's Maildir, in their order.
func put(t *testing.T, s *servers.Server, user string, messages [][]byte) {
	t.Helper()
	root := s.Maildir(user)
	for _, dir := range []string{root, filepath.Join(root, "cur"), filepath.Join(root, "new"), filepath.Join(root, "tmp")} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := s.Own(dir); err != nil {
			t.Fatal(err)
		}
	}
	for i, raw := range messages {
		if s.Kind == "courier" { // its own files have bare LF
			raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
		}
		name := filepath.Join(root, "cur", fmt.Sprintf("%d.M%06d.old.example:2,S", 1_600_000_000+i, i))
		if err := os.WriteFile(name, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := s.Own(name); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(int64(1_600_000_000+i), 0) // Courier lists by the file's time
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func realAccount(t *testing.T, s *servers.Server, user servers.User, edit ...func(*pop3.Config)) mailbox.Account {
	t.Helper()
	cfg := pop3.Config{Host: s.Host, Port: s.POP3TLSPort, CAFile: s.CAFile, User: user.Name, Password: user.Password}
	for _, e := range edit {
		e(&cfg)
	}
	a, err := pop3.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// suiteOn runs the suite for sources on a real server, with a person for each test.
func suiteOn(t *testing.T, s *servers.Server, quirks mailboxtest.Case) {
	t.Helper()
	var n atomic.Int64
	mailboxtest.RunSource(t, mailboxtest.SourceCase{
		Quirks: quirks, Big: 16 << 20,
		Fill: func(t *testing.T, messages [][]byte) mailbox.Account {
			u := servers.User{Name: fmt.Sprintf("suite%d@old.example", n.Add(1)), Password: "rosenrot-7"}
			if err := s.AddUser(u); err != nil {
				t.Fatal(err)
			}
			put(t, s, u.Name, messages)
			if s.Kind == "courier" {
				return impatient{realAccount(t, s, u), func(n pop3.Numbers) mailbox.Account {
					return realAccount(t, s, u, func(c *pop3.Config) { c.Numbers = n })
				}, &numbers{}}
			}
			return realAccount(t, s, u)
		},
	})
}

func TestDovecotPassesTheSuiteForSources(t *testing.T) {
	suiteOn(t, servers.Dovecot(t, servers.Options{POP3: true}), mailboxtest.Case{RefusesBareLF: true, RefusesNUL: true})
}

func TestCourierPassesTheSuiteForSources(t *testing.T) {
	suiteOn(t, servers.Courier(t, servers.Options{POP3: true}), mailboxtest.Case{RefusesBareLF: true, RefusesNUL: true, EndsLines: true})
}

func TestDovecotInEachWay(t *testing.T) {
	vendor := oauthtest.Start(t, oauth.Google)
	key, err := oauth.ReadKey(vendor.KeyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	token, err := (&oauth.Client{Services: vendor.Services()}).ServiceToken(t.Context(), key, servers.DefaultUser.Name)
	if err != nil {
		t.Fatal(err)
	}
	s := servers.Dovecot(t, servers.Options{POP3: true, Master: true, TokenInfo: vendor.TokenInfo()})
	put(t, s, servers.DefaultUser.Name, [][]byte{[]byte("Subject: hi\r\n\r\nhello\r\n")})
	for name, edit := range map[string]func(*pop3.Config){
		"TLS":        func(*pop3.Config) {},
		"STLS":       func(c *pop3.Config) { c.Port, c.Security = s.POP3Port, pop3.StartTLS },
		"plain":      func(c *pop3.Config) { c.Port, c.Security = s.POP3Port, pop3.Plain },
		"AUTH PLAIN": func(c *pop3.Config) { c.Mechanism = pop3.PlainAuth },
		"token":      func(c *pop3.Config) { c.Mechanism, c.Password = pop3.Bearer, string(token.Access) },
		"master": func(c *pop3.Config) {
			c.Authz, c.User, c.Password = c.User, servers.MasterUser.Name, servers.MasterUser.Password
		},
		"user*master": func(c *pop3.Config) {
			c.Authz, c.User, c.Password, c.Separator = c.User, servers.MasterUser.Name, servers.MasterUser.Password, "*"
		},
	} {
		session := open(t, realAccount(t, s, servers.DefaultUser, edit))
		uids := listed(t, session)
		if got := bodyOf(t, session, uids...); len(got) != 1 || !bytes.Contains([]byte(got[uids[0]]), []byte("hello")) {
			t.Errorf("%s: %v", name, got)
		}
		_ = session.Close()
	}
	_, err = realAccount(t, s, servers.DefaultUser, func(c *pop3.Config) { c.Password = "wrong" }).Open(t.Context())
	wantCode(t, "a wrong password", err, core.Unauthenticated)
	_, err = realAccount(t, s, servers.DefaultUser, func(c *pop3.Config) { c.CAFile = "" }).Open(t.Context())
	wantCode(t, "an unknown authority", err, core.UntrustedCert)
	// Nothing was removed or marked: the one file is as it was put there.
	for dir, want := range map[string]int{"cur": 1, "new": 0} {
		files, err := os.ReadDir(filepath.Join(s.Maildir(servers.DefaultUser.Name), dir))
		if err != nil || len(files) != want {
			t.Errorf("%d files in %s, %v", len(files), dir, err)
		}
	}
}

// impatient signs in again at once, which Courier allows although it says that it
// wants ten seconds between sign-ins (LOGIN-DELAY).
type impatient struct {
	mailbox.Account
	anew    func(pop3.Numbers) mailbox.Account
	numbers pop3.Numbers
}

func (i impatient) Open(ctx context.Context) (mailbox.Session, error) {
	return i.anew(i.numbers).Open(ctx)
}

// numbers remembers for one mailbox.
type numbers struct{ known []string }

func (n *numbers) Number(_ context.Context, _ string, names []string) (uint32, []mailbox.UID, mailbox.UID, error) {
	var uids []mailbox.UID
	for _, name := range names {
		i := slices.Index(n.known, name)
		if i < 0 {
			i = len(n.known)
			n.known = append(n.known, name)
		}
		uids = append(uids, mailbox.UID(i+1))
	}
	return 7, uids, mailbox.UID(len(n.known) + 1), nil
}

func TestCouriersPauseBetweenSignInsIsKept(t *testing.T) {
	s := servers.Courier(t, servers.Options{POP3: true})
	a := realAccount(t, s, servers.DefaultUser)
	_ = open(t, a).Close()
	_, err := a.Open(t.Context())
	wantCode(t, "at once again", err, core.RateLimited)
}
