package imap_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// account is one on srv, changed by edit.
func account(t testing.TB, srv *imaptest.Server, edit ...func(*imap.Config)) *imap.Account {
	t.Helper()
	cfg := imap.Config{
		Host: srv.Host(), Port: srv.Port(), Security: imap.Plain,
		User: "li.lei@old.example", Password: "correct horse",
	}
	for _, e := range edit {
		e(&cfg)
	}
	a, err := imap.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func session(t testing.TB, srv *imaptest.Server, edit ...func(*imap.Config)) mailbox.Writer {
	t.Helper()
	s, err := account(t, srv, edit...).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.(mailbox.Writer)
}

// examined is a session with INBOX open for reading.
func examined(t testing.TB, srv *imaptest.Server, edit ...func(*imap.Config)) mailbox.Writer {
	t.Helper()
	s := session(t, srv, edit...)
	if _, err := s.Examine(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	return s
}

// mustLive proves that the connection still works.
func mustLive(t testing.TB, s mailbox.Session) {
	t.Helper()
	if _, err := s.Statuses(t.Context(), []string{"INBOX"}); err != nil {
		t.Fatalf("the connection is dead: %v", err)
	}
}

func wantCode(t testing.TB, err error, code core.Code) {
	t.Helper()
	if core.CodeOf(err) != code {
		t.Fatalf("code %q, want %q: %v", core.CodeOf(err), code, err)
	}
}

func refusalOf(t testing.TB, err error) *mailbox.Refusal {
	t.Helper()
	r, ok := errors.AsType[*mailbox.Refusal](err)
	if !ok {
		t.Fatalf("no refusal in %v", err)
	}
	return r
}

// bodies fetches everything into memory.
func bodies(ctx context.Context, t testing.TB, s mailbox.Session, uids ...mailbox.UID) (map[mailbox.UID]string, map[mailbox.UID]error) {
	t.Helper()
	got, bad := map[mailbox.UID]string{}, map[mailbox.UID]error{}
	err := s.Fetch(ctx, uids, func(m mailbox.Message) error {
		if m.Err != nil {
			bad[m.UID] = m.Err
			return nil
		}
		b, err := io.ReadAll(m.Body)
		if err != nil {
			bad[m.UID] = err
			return nil
		}
		if int64(len(b)) != m.Size {
			t.Errorf("uid %d: %d bytes, size says %d", m.UID, len(b), m.Size)
		}
		got[m.UID] = string(b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got, bad
}

func listAll(t testing.TB, s mailbox.Session) []mailbox.Meta {
	t.Helper()
	var out []mailbox.Meta
	if err := s.List(t.Context(), 1, 0, 0, func(m mailbox.Meta) error {
		out = append(out, m)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}
