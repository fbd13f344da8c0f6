package pop3_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/mailboxtest"
	"mailroom/backend/mailbox/pop3"
	"mailroom/backend/testkit/pop3test"
)

func TestTheSuiteForSources(t *testing.T) {
	for name, c := range map[string]pop3test.Options{
		"everything":      {},
		"no pipelining":   {Caps: []string{"TOP", "UIDL", "USER"}},
		"no CAPA":         {NoCAPA: true},
		"sizes are wrong": {WrongSizes: true},
		"no UIDL":         {NoUIDL: true},
	} {
		t.Run(name, func(t *testing.T) {
			mailboxtest.RunSource(t, mailboxtest.SourceCase{
				NoSizes: c.WrongSizes, Big: 8 << 20,
				// A line end that is missing at the very end can be told only by the size.
				Quirks: mailboxtest.Case{EndsLines: c.WrongSizes},
				Fill: func(t *testing.T, messages [][]byte) mailbox.Account {
					srv := pop3test.New(t, c)
					for i, raw := range messages {
						srv.Add(pop3test.Message{Name: fmt.Sprintf("name-%d", i), Body: string(raw)})
					}
					return account(t, srv)
				},
			})
		})
	}
}

func bodyOf(t *testing.T, s mailbox.Session, uids ...mailbox.UID) map[mailbox.UID]string {
	t.Helper()
	got := map[mailbox.UID]string{}
	if err := s.Fetch(t.Context(), uids, func(m mailbox.Message) error {
		if m.Err != nil {
			return m.Err
		}
		raw, err := io.ReadAll(m.Body)
		got[m.UID] = string(raw)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestMessagesWithOneNameAreToldApart(t *testing.T) {
	srv := pop3test.New(t, pop3test.Options{}, mails(3)...)
	twin := mail(2)
	srv.Add(twin, pop3test.Message{Name: "name-2", Body: mail(9).Body})
	s := open(t, account(t, srv))
	uids := listed(t, s)
	if len(uids) != 5 {
		t.Fatalf("%v", uids)
	}
	if got := bodyOf(t, s, uids...); got[uids[3]] != twin.Body || got[uids[4]] != mail(9).Body {
		t.Errorf("%v", got)
	}
	if notes := s.Traits().Notes; !slices.Contains(notes, "pop3-same-uidl") {
		t.Errorf("not told: %v", notes)
	}
}

func TestWithoutNamesAndHeadersThereIsNoWay(t *testing.T) {
	srv := pop3test.New(t, pop3test.Options{NoUIDL: true, NoTOP: true}, mails(2)...)
	s := open(t, account(t, srv))
	_, err := s.Examine(t.Context(), "INBOX")
	wantCode(t, "no UIDL, no TOP", err, core.Unsupported)
	if why := core.ArgsOf(err)["why"]; why != "no_uidl" {
		t.Errorf("why %q", why)
	}
	srv = pop3test.New(t, pop3test.Options{NoUIDL: true}, mails(2)...)
	s = open(t, account(t, srv))
	listed(t, s)
	if notes := s.Traits().Notes; !slices.Contains(notes, "pop3-no-uidl") {
		t.Errorf("not told: %v", notes)
	}
}

func TestWhatPOP3CannotTellIsNoted(t *testing.T) {
	s := open(t, account(t, pop3test.New(t, pop3test.Options{}, mails(1)...)))
	for _, note := range []string{"pop3-inbox-only", "pop3-no-flags", "pop3-no-dates"} {
		if !slices.Contains(s.Traits().Notes, note) {
			t.Errorf("%s is not noted", note)
		}
	}
	if _, writer := s.(mailbox.Writer); writer {
		t.Error("a POP3 mailbox can be written")
	}
}

func TestADropInMidMessageEndsTheSession(t *testing.T) {
	srv := pop3test.New(t, pop3test.Options{}, mails(10)...)
	srv.CutIn(4)
	a := account(t, srv)
	s := open(t, a)
	uids := listed(t, s)
	var whole []mailbox.UID
	err := s.Fetch(t.Context(), uids, func(m mailbox.Message) error {
		whole = append(whole, m.UID)
		_, err := io.Copy(io.Discard, m.Body)
		return err
	})
	wantCode(t, "the drop", err, core.Unreachable)
	if len(whole) != 3 {
		t.Errorf("%d whole messages before the drop", len(whole))
	}
	if _, err := s.Examine(t.Context(), "INBOX"); core.CodeOf(err) != core.Unreachable {
		t.Errorf("the session lives on: %v", err)
	}
	_ = s.Close()
	if again := listed(t, open(t, a)); !slices.Equal(again, uids) {
		t.Errorf("numbers %v, then %v", uids, again)
	}
}

func TestNewMessagesGetTheNextNumbers(t *testing.T) {
	srv := pop3test.New(t, pop3test.Options{}, mails(3)...)
	a := account(t, srv)
	s := open(t, a)
	before := listed(t, s)
	_ = s.Close()
	srv.Remove(1)
	srv.Add(mail(7))
	s = open(t, a)
	after := listed(t, s)
	if want := []mailbox.UID{before[0], before[2], before[2] + 1}; !slices.Equal(after, want) {
		t.Errorf("%v, want %v", after, want)
	}
	if got := bodyOf(t, s, after[1]); got[after[1]] != mail(3).Body {
		t.Errorf("%v", got)
	}
}

func TestCommandsAreSentTogetherOnlyWhereAllowed(t *testing.T) {
	for _, caps := range [][]string{nil, {"UIDL", "TOP", "USER"}} {
		srv := pop3test.New(t, pop3test.Options{Caps: caps}, mails(40)...)
		s := open(t, account(t, srv))
		uids := listed(t, s)
		at := -1
		err := s.Fetch(t.Context(), uids, func(m mailbox.Message) error {
			if at < 0 {
				at = srv.Count("RETR")
			}
			_, err := io.Copy(io.Discard, m.Body)
			return err
		})
		if err != nil || srv.Count("RETR") != 40 {
			t.Fatalf("%v, %d", err, srv.Count("RETR"))
		}
		if caps != nil && at != 1 {
			t.Errorf("%d commands were out at the first message, one is allowed", at)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add("+OK\r\n1 10\r\n2 x\r\n.\r\n", "+OK\r\n1 a\r\n1 b\r\n.\r\n", "+OK\r\n..\r\n.\r\n")
	f.Add("-ERR\r\n", "+OK\r\n.\r\n", ".\r\n")
	f.Add("+OK\r\n99999999999999999999 1\r\n.\r\n", "", "+OK "+strings.Repeat("x", 9000))
	f.Fuzz(func(t *testing.T, list, uidl, retr string) {
		srv := scripted(t, list, uidl, retr)
		a, err := pop3.New(pop3.Config{Host: "127.0.0.1", Port: srv, Security: pop3.Plain, User: "li", Password: "x", Silence: 200 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		s, err := a.Open(t.Context())
		if err != nil {
			return
		}
		defer func() { _ = s.Close() }()
		if _, err := s.Examine(t.Context(), "INBOX"); err != nil {
			return
		}
		var uids []mailbox.UID
		_ = s.List(t.Context(), 1, 0, 0, func(m mailbox.Meta) error {
			uids = append(uids, m.UID)
			return nil
		})
		_ = s.Fetch(t.Context(), uids, func(m mailbox.Message) error {
			if m.Err != nil {
				return nil
			}
			n, err := io.Copy(io.Discard, m.Body)
			if err != nil || n != m.Size {
				t.Errorf("%d bytes, announced %d, %v", n, m.Size, err)
			}
			return nil
		})
	})
}
