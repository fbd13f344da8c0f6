package imap_test

import (
	"fmt"
	"testing"

	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/mailboxtest"
	"mailroom/backend/testkit/servers"
)

// newAccounts makes an empty mailbox on s for every test.
func newAccounts(s *servers.Server) func(*testing.T) mailbox.Account {
	n := 0
	return func(t *testing.T) mailbox.Account {
		t.Helper()
		n++
		u := servers.User{Name: fmt.Sprintf("suite%d@old.example", n), Password: "rosenrot-7"}
		if err := s.AddUser(u); err != nil {
			t.Fatal(err)
		}
		a, err := imap.New(real(s, func(c *imap.Config) { c.User, c.Password = u.Name, u.Password }))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}

func TestDovecotPassesTheSuite(t *testing.T) {
	mailboxtest.Run(t, mailboxtest.Case{
		New:        newAccounts(servers.Dovecot(t)),
		RefusesNUL: true, FixesLines: true, DropsZone: true, DropsExtremeDates: true,
	})
}

func TestDovecotWithoutExtensionsPassesTheSuite(t *testing.T) {
	mailboxtest.Run(t, mailboxtest.Case{
		New:        newAccounts(servers.Dovecot(t, servers.Options{Without: []string{"MULTIAPPEND", "LITERAL+"}})),
		RefusesNUL: true, FixesLines: true, DropsZone: true, DropsExtremeDates: true,
	})
}

func TestCyrusPassesTheSuite(t *testing.T) {
	mailboxtest.Run(t, mailboxtest.Case{
		New:        newAccounts(servers.Cyrus(t)),
		RefusesNUL: true, RefusesBareLF: true, RefusesNoHeader: true, RefusesBadHeader: true, DropsZone: true,
	})
}

func TestCourierPassesTheSuite(t *testing.T) {
	mailboxtest.Run(t, mailboxtest.Case{
		New:        newAccounts(servers.Courier(t)),
		RefusesNUL: true, FixesLines: true, DropsCR: true, EndsLines: true, DropsKeywords: true, DropsZone: true,
	})
}
