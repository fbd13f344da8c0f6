package archive_test

import (
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/archive"
	"mailroom/backend/mailbox/mailboxtest"
)

func account(t *testing.T, url string, write bool) mailbox.Account {
	t.Helper()
	a, err := archive.Open(url, write)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// readAgain opens an archive as a source.
func readAgain(t *testing.T, a mailbox.Account) mailbox.Account {
	t.Helper()
	return account(t, a.Key(), false)
}

// writeAgain opens an archive as a destination once more.
func writeAgain(t *testing.T, a mailbox.Account) mailbox.Account {
	t.Helper()
	return account(t, a.Key(), true)
}

var urls = map[string]func(dir string) string{
	"maildir":       func(dir string) string { return "maildir:" + filepath.Join(dir, "Maildir") },
	"mbox file":     func(dir string) string { return "mbox:" + filepath.Join(dir, "all.mbox") },
	"mbox folder":   func(dir string) string { return "mbox:" + filepath.Join(dir, "mail") },
	"eml folder":    func(dir string) string { return "eml:" + filepath.Join(dir, "信件") },
	"mbox file new": func(dir string) string { return "mbox:" + filepath.Join(dir, "new", "deep", "x.mbx") },
}

func TestArchivesKeepTheContract(t *testing.T) {
	for name, url := range urls {
		for mode, again := range map[string]func(*testing.T, mailbox.Account) mailbox.Account{
			"read again": readAgain, "written again": writeAgain, "same account": nil,
		} {
			t.Run(name+", "+mode, func(t *testing.T) {
				mailboxtest.Run(t, mailboxtest.Case{
					New:       func(t *testing.T) mailbox.Account { return account(t, url(t.TempDir()), true) },
					Again:     again,
					OneFolder: strings.HasPrefix(name, "mbox file"),
					Big:       40 << 20,
				})
			})
		}
	}
}
