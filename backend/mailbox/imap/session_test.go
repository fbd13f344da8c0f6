package imap_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
)

func TestFoldersKeepRawNamesAndReadableLevels(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	srv.Mailbox("&XfJT0ZAB-").Attributes = `\HasNoChildren \Sent`
	srv.Mailbox("Projects/&bad-/2026")
	srv.Mailbox("raw \xb2\xdd\xb8\xe5").Subscribed = true // GBK
	s := session(t, srv)
	folders, err := s.Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []mailbox.Folder{
		{ID: "INBOX", Levels: []string{"INBOX"}, Role: core.RoleInbox, Selectable: true},
		{ID: "&XfJT0ZAB-", Levels: []string{"已发送"}, Role: core.RoleSent, Selectable: true},
		{ID: "Projects/&bad-/2026", Levels: []string{"Projects", "&bad-", "2026"}, Selectable: true},
		{ID: "raw \xb2\xdd\xb8\xe5", Levels: []string{"raw 草稿"}, Selectable: true, Subscribed: true},
	}
	if fmt.Sprint(folders) != fmt.Sprint(want) {
		t.Errorf("folders\n%+v\nwant\n%+v", folders, want)
	}
	st, err := s.Statuses(t.Context(), []string{folders[3].ID, "missing", folders[1].ID})
	if err != nil || len(st) != 2 || st[folders[3].ID].UIDNext != 1 {
		t.Errorf("states %+v, %v", st, err)
	}
}

func TestCreateMakesParentsFirstAndAcceptsWhatExists(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	srv.Mailbox("there")
	s := session(t, srv)
	id, err := s.FolderID([]string{"项目", "R&D"})
	if err != nil || id != "&mHl27g-/R&-D" {
		t.Fatalf("%q %v", id, err)
	}
	results, err := s.Create(t.Context(), []string{id, "&mHl27g-", "there", "INBOX"})
	if err != nil || errors.Join(results...) != nil {
		t.Fatal(err, results)
	}
	if results, err = s.Subscribe(t.Context(), []string{id, "there"}); err != nil || errors.Join(results...) != nil {
		t.Fatal(err, results)
	}
	log := srv.Log()
	if parent, child := slices.Index(log, `CREATE "&mHl27g-"`), slices.Index(log, `CREATE "&mHl27g-/R&-D"`); parent < 0 || child < parent {
		t.Errorf("order of %q", log)
	}
	if !srv.Mailbox(id).Subscribed || !srv.Mailbox("there").Subscribed {
		t.Error("not subscribed")
	}
	srv.Reply("CREATE", "{tag} NO [CANNOT] no such names here")
	results, err = s.Create(t.Context(), []string{"x", "y"})
	if err != nil || results[0] == nil || refusalOf(t, results[1]).Code != "CANNOT" {
		t.Errorf("%v %v", results, err)
	}
}

func TestFolderIDRefusesWhatTheServerForbids(t *testing.T) {
	s := session(t, imaptest.New(t, imaptest.Options{}))
	for _, levels := range [][]string{nil, {""}, {"a/b"}, {"a\r\nb"}, {"\xff"}, {"a", ""}} {
		_, err := s.FolderID(levels)
		wantCode(t, err, core.Invalid)
	}
}

func TestPrefixIsLearntFromNamespaceOrGuessedFromTheList(t *testing.T) {
	for _, caps := range []string{"IMAP4rev1 NAMESPACE", "IMAP4rev1"} {
		t.Run(caps, func(t *testing.T) {
			srv := imaptest.New(t, imaptest.Options{Caps: caps})
			srv.Reply("NAMESPACE", `* NAMESPACE (("INBOX." ".")) NIL (("shared." "."))`)
			srv.Reply("LIST", `* LIST (\HasChildren) "." "INBOX"`, `* LIST () "." "INBOX.Sent"`, `* LIST () "." INBOX.a.b`)
			s := session(t, srv)
			if tr := s.Traits(); tr.Prefix != "INBOX." || tr.Separator != "." {
				t.Fatalf("prefix %q separator %q", tr.Prefix, tr.Separator)
			}
			folders, err := s.Folders(t.Context())
			if err != nil || len(folders) != 3 || strings.Join(folders[2].Levels, "|") != "a|b" {
				t.Fatalf("%+v %v", folders, err)
			}
			for _, f := range folders {
				if id, err := s.FolderID(f.Levels); err != nil || id != f.ID {
					t.Errorf("%q became %q, %v", f.ID, id, err)
				}
			}
		})
	}
}

func TestStoreAndRemoveTouchExactlyTheNamedMessages(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	box := srv.Mailbox("INBOX")
	for range 6 {
		box.Add(imaptest.Message{Body: "b"})
	}
	s := session(t, srv)
	if _, err := s.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	if err := s.Store(t.Context(), []mailbox.UID{5, 6}, true, []string{`\Deleted`, `\Recent`, "bad flag)"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(t.Context(), []mailbox.UID{2, 3}); err != nil {
		t.Fatal(err)
	}
	var left []uint32
	for _, m := range box.Messages() {
		left = append(left, m.UID)
	}
	if !slices.Equal(left, []uint32{1, 4, 5, 6}) {
		t.Errorf("left %v", left)
	}
	s2 := session(t, imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1"}))
	wantCode(t, s2.Remove(t.Context(), []mailbox.UID{1}), core.Unsupported)
}

func TestRoomTellsLimits(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 QUOTA APPENDLIMIT=35651584"})
	srv.Reply("GETQUOTAROOT", `* QUOTAROOT INBOX "" "big"`, `* QUOTA "" (STORAGE 10 100 MESSAGE 5 8)`, `* QUOTA "big" (STORAGE 1 9007199254740992)`)
	room, err := session(t, srv).Room(t.Context(), "INBOX")
	want := mailbox.Room{MaxMessage: 35651584, QuotaTotal: 102400, QuotaUsed: 10240, QuotaMessages: 3}
	if err != nil || room != want {
		t.Errorf("%+v %v", room, err)
	}
	room, err = session(t, imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1"})).Room(t.Context(), "INBOX")
	if err != nil || room != (mailbox.Room{MaxMessage: -1, QuotaTotal: -1, QuotaUsed: -1, QuotaMessages: -1}) {
		t.Errorf("%+v %v", room, err)
	}
}

func TestCancelStopsAnyWaitSoonAndKillsTheSession(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	srv.Mailbox("INBOX").Add(imaptest.Message{Body: "b"})
	reached := make(chan struct{}, 1)
	silent := func(*imaptest.Conn, *imaptest.Command) { reached <- struct{}{} }
	for verb, act := range map[string]func(context.Context, mailbox.Writer) error{
		"LIST": func(ctx context.Context, s mailbox.Writer) error { _, err := s.Folders(ctx); return err },
		"STATUS": func(ctx context.Context, s mailbox.Writer) error {
			_, err := s.Statuses(ctx, []string{"a"})
			return err
		},
		"EXAMINE":   func(ctx context.Context, s mailbox.Writer) error { _, err := s.Examine(ctx, "a"); return err },
		"UID FETCH": func(ctx context.Context, s mailbox.Writer) error { return s.Fetch(ctx, []mailbox.UID{1}, nil) },
		"APPEND": func(ctx context.Context, s mailbox.Writer) error {
			b, err := s.Batch(ctx, "INBOX", 1)
			if err == nil {
				err = errors.Join(b.Add(t.Context(), message("x")), b.Finish(t.Context()))
			}
			if err == nil {
				_, err = b.Wait(ctx)
			}
			return err
		},
	} {
		t.Run(verb, func(t *testing.T) {
			s := examined(t, srv)
			srv.On(verb, silent)
			defer srv.On(verb, nil)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() { <-reached; cancel() }()
			wantCode(t, act(ctx, s), core.Canceled)
			if _, err := s.Folders(t.Context()); err == nil {
				t.Error("the session should be dead")
			}
		})
	}
}

func TestAByeIsToldWithTheServersWords(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	s := session(t, srv)
	srv.On("EXAMINE", func(c *imaptest.Conn, _ *imaptest.Command) {
		c.Send("* BYE [UNAVAILABLE] down for repair")
		c.Close()
	})
	_, err := s.Examine(t.Context(), "INBOX")
	wantCode(t, err, core.Unreachable)
	if r := refusalOf(t, err); r.Status != "BYE" || r.Text != "down for repair" {
		t.Errorf("%+v", r)
	}
}

func TestTheTranscriptHoldsNoSecret(t *testing.T) {
	for _, mech := range []imap.Mechanism{imap.Login, imap.PlainAuth, imap.XOAuth2, imap.OAuthBearer} {
		for _, caps := range []string{"SASL-IR LITERAL+", ""} {
			t.Run(string(mech)+caps, func(t *testing.T) {
				srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER " + caps})
				srv.Reply("NOOP", `{tag} OK you are li.lei with s3cret"pass`)
				var log bytes.Buffer
				session(t, srv, func(c *imap.Config) {
					c.Mechanism, c.Password, c.Transcript = mech, `s3cret"pass`, &log
				})
				if text := log.String(); strings.Contains(text, "s3cret") || !strings.Contains(text, "***") {
					t.Error(text)
				}
			})
		}
	}
}

func TestCompressionCarriesEverything(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: imaptest.DefaultCaps + " COMPRESS=DEFLATE"})
	body := strings.Repeat("compress me\r\n", 100_000)
	srv.Mailbox("INBOX").Add(imaptest.Message{Body: body})
	s := examined(t, srv, func(c *imap.Config) { c.Compress = imap.CompressAlways })
	if srv.Count("COMPRESS DEFLATE") != 1 {
		t.Fatal("not switched on")
	}
	if got, _ := bodies(t.Context(), t, s, 1); got[1] != body {
		t.Error("body differs")
	}
	if res := appendAll(t, s, "INBOX", 2, message(body)); res[0].UID != 2 {
		t.Errorf("%+v", res)
	}
	session(t, srv)
	if srv.Count("COMPRESS") != 1 {
		t.Error("switched on at loopback by itself")
	}
}

func TestCloseIsBoundedWhateverTheServerDoes(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	srv.On("LOGOUT", func(*imaptest.Conn, *imaptest.Command) {})
	s, err := account(t, srv, func(c *imap.Config) { c.Timeouts.Logout = 20 * time.Millisecond }).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error("the second time:", err)
	}
	if _, err = s.Folders(t.Context()); err == nil {
		t.Error("a closed session answers")
	}
}
