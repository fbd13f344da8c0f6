package pop3_test

import (
	"fmt"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/pop3"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/pop3test"
)

func TestMain(m *testing.M) { leak.Main(m) }

// account is one on srv, changed by edit.
func account(t *testing.T, srv *pop3test.Server, edit ...func(*pop3.Config)) mailbox.Account {
	t.Helper()
	cfg := pop3.Config{Host: "127.0.0.1", Port: srv.Port(), Security: pop3.Plain, User: "li.lei@old.example", Password: "correct horse", LockWait: time.Minute}
	for _, e := range edit {
		e(&cfg)
	}
	a, err := pop3.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func open(t *testing.T, a mailbox.Account) mailbox.Session {
	t.Helper()
	s, err := a.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// listed opens the inbox and lists its numbers.
func listed(t *testing.T, s mailbox.Session) []mailbox.UID {
	t.Helper()
	if _, err := s.Examine(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	var uids []mailbox.UID
	if err := s.List(t.Context(), 1, 0, 0, func(m mailbox.Meta) error {
		uids = append(uids, m.UID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return uids
}

func mail(n int) pop3test.Message {
	return pop3test.Message{Name: fmt.Sprintf("name-%d", n), Body: fmt.Sprintf("Message-ID: <%d@old.example>\r\nDate: Mon, 02 Mar 2020 10:11:12 +0800\r\nFrom: li.lei@old.example\r\nSubject: number %d\r\n\r\n.leading dot\r\n..two\r\nend\r\n", n, n)}
}

func mails(n int) []pop3test.Message {
	all := make([]pop3test.Message, n)
	for i := range all {
		all[i] = mail(i + 1)
	}
	return all
}

func wantCode(t *testing.T, what string, err error, code core.Code) {
	t.Helper()
	if core.CodeOf(err) != code {
		t.Errorf("%s: %v is %s, want %s", what, err, core.CodeOf(err), code)
	}
}
