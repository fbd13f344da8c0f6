package imap_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
		{ID: "Projects/&bad-/2026", Levels: []string{"Projects", "涧", "2026"}, Selectable: true},
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

func TestListDropsTheEchoOfTheLastMessage(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	for range 3 {
		srv.Mailbox("INBOX").Add(imaptest.Message{Flags: []string{`\Seen`, "$Work"}, Body: "x: y\r\n\r\nz"})
	}
	s := examined(t, srv)
	if got := listAll(t, s); len(got) != 3 || got[1].Size != 9 || got[1].Flags[1] != "$Work" || got[1].Date.Year() != 2020 {
		t.Fatalf("%+v", got)
	}
	n := 0
	if err := s.List(t.Context(), 4, 0, 0, func(mailbox.Meta) error { n++; return nil }); err != nil || n != 0 {
		t.Errorf("%d listed, %v", n, err)
	}
}

func TestListReturnsTheCallersErrorAndTheSessionLives(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	for range 3000 {
		srv.Mailbox("INBOX").Add(imaptest.Message{Body: "b"})
	}
	s := examined(t, srv)
	mine, n := errors.New("mine"), 0
	err := s.List(t.Context(), 1, 0, 0, func(mailbox.Meta) error { n++; return mine })
	if err != mine || n != 1 {
		t.Fatalf("%v after %d", err, n)
	}
	err = s.Fetch(t.Context(), []mailbox.UID{1, 2, 3, 500, 501}, func(mailbox.Message) error { return mine })
	if err != mine {
		t.Fatal(err)
	}
	mustLive(t, s)
	if got := listAll(t, s); len(got) != 3000 {
		t.Errorf("%d listed", len(got))
	}
}

func TestHugeFoldersAreListedInWindows(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	box := srv.Mailbox("INBOX")
	const n = 25_000
	for i := range n {
		box.Add(imaptest.Message{UID: uint32(1_392_611_444 + 17*i), Body: "b"})
	}
	s := examined(t, srv)
	got := listAll(t, s)
	if len(got) != n || got[n-1].UID != 1_392_611_444+17*(n-1) {
		t.Fatalf("%d listed", len(got))
	}
	if c := srv.Count("UID FETCH"); c < 2 {
		t.Errorf("%d commands", c)
	}
}

func TestHeadersHoldTheAskedFieldsAndTheSize(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	body := "Received: nobody asked\r\nMessage-ID: <a@old.example>\r\nSubject: two\r\n lines\r\n\r\nbody"
	srv.Mailbox("INBOX").Add(imaptest.Message{Body: body})
	s := examined(t, srv)
	n := 0
	err := s.Headers(t.Context(), []mailbox.UID{1, 9}, func(uid mailbox.UID, size int64, h []byte) error {
		n++
		if uid != 1 || size != int64(len(body)) || string(h) != "Message-ID: <a@old.example>\r\nSubject: two\r\n lines\r\n\r\n" {
			t.Errorf("uid %d size %d header %q", uid, size, h)
		}
		return nil
	})
	if err != nil || n != 1 {
		t.Errorf("%d yielded, %v", n, err)
	}
}

func TestFetchStreamsSmallAndLargeBodiesUnchanged(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	box := srv.Mailbox("INBOX")
	want := map[mailbox.UID]string{}
	for i, size := range []int{1, 10, 64 << 10, 64<<10 + 1, 3 << 20, 7, 200_000} {
		body := strings.Repeat(fmt.Sprintf("%d \x80\xff{5}\r\n", i), size/8+1)[:size]
		want[box.Add(imaptest.Message{Body: body})] = body
	}
	s := examined(t, srv)
	got, bad := bodies(t.Context(), t, s, 7, 6, 5, 4, 3, 2, 1, 1, 99)
	if len(bad) != 0 || len(got) != len(want) {
		t.Fatalf("%d bodies, bad %v", len(got), bad)
	}
	for uid, b := range want {
		if got[uid] != b {
			t.Errorf("uid %d differs", uid)
		}
	}
	// bodies that the caller leaves unread cost nothing but the reading over
	if err := s.Fetch(t.Context(), []mailbox.UID{1, 4, 5}, func(mailbox.Message) error { return nil }); err != nil {
		t.Fatal(err)
	}
	mustLive(t, s)
}

func TestFetchAsksAscendingCompactSetsAndKeepsTheWireBusy(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	box := srv.Mailbox("INBOX")
	var uids []mailbox.UID
	for i := range 2000 {
		uids = append(uids, box.Add(imaptest.Message{UID: uint32(1_000_000_000 + 2*i), Body: "b"}))
	}
	slices.Reverse(uids)
	s := examined(t, srv)
	if got, bad := bodies(t.Context(), t, s, uids...); len(got) != 2000 || len(bad) != 0 {
		t.Fatalf("%d got, %v", len(got), bad)
	}
	for _, l := range srv.Log() {
		if len(l) > 960 {
			t.Errorf("a command of %d bytes", len(l))
		}
	}
}

func TestARefusedFetchCostsOnlyThePoisonedMessage(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	for range 5 {
		srv.Mailbox("INBOX").Add(imaptest.Message{Body: "fine"})
	}
	srv.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if set := cmd.Words()[0]; strings.Contains(set, ":") || set == "3" {
			c.NO(cmd, "[UNAVAILABLE] UID FETCH Server error while fetching messages")
			return
		}
		imaptest.Default(c, cmd)
	})
	s := examined(t, srv)
	got, bad := bodies(t.Context(), t, s, 1, 2, 3, 4, 5)
	if len(got) != 4 || len(bad) != 1 || refusalOf(t, bad[3]).Code != "UNAVAILABLE" {
		t.Fatalf("got %v, bad %v", got, bad)
	}
	mustLive(t, s)
}

func TestTheSourceIsNeverChanged(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	srv.Mailbox("INBOX").Add(imaptest.Message{Body: "b"})
	// Courier tells no UIDVALIDITY on EXAMINE
	srv.Reply("EXAMINE", "* 1 EXISTS", "{tag} OK [READ-ONLY] done")
	s := session(t, srv)
	if _, err := s.Folders(t.Context()); err != nil {
		t.Fatal(err)
	}
	st, err := s.Examine(t.Context(), "INBOX")
	if err != nil || st.UIDValidity == 0 || !st.ReadOnly {
		t.Fatalf("%+v %v", st, err)
	}
	for _, l := range srv.Log() {
		for _, verb := range []string{"SELECT", "UID STORE", "EXPUNGE", "CLOSE", "SUBSCRIBE", "APPEND", "CREATE", "RENAME", "DELETE"} {
			if strings.HasPrefix(l, verb) || strings.Contains(l, "BODY[") {
				t.Errorf("sent %q", l)
			}
		}
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

func TestSilenceIsATimeout(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	s := session(t, srv, func(c *imap.Config) { c.Timeouts.Silence = 50 * time.Millisecond })
	srv.On("LIST", func(*imaptest.Conn, *imaptest.Command) {})
	_, err := s.Folders(t.Context())
	wantCode(t, err, core.Timeout)
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

func TestAMessageLimitLosesNothing(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	for range 25 {
		srv.Mailbox("INBOX").Add(imaptest.Message{Body: "b"})
	}
	srv.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) { // RFC 9738: from the highest UID down
		w := cmd.Words()
		from, to, _ := strings.Cut(w[0], ":")
		var lo, hi int
		_, _ = fmt.Sscan(from, &lo)
		if _, err := fmt.Sscan(to, &hi); err != nil {
			hi = 25
		}
		least := max(hi-9, lo)
		for uid := least; uid <= hi; uid++ {
			c.Send(fmt.Sprintf("* %d FETCH (UID %d FLAGS () RFC822.SIZE 1 BODY[] {1}\r\nb)", uid, uid))
		}
		c.OK(cmd, fmt.Sprintf("[MESSAGELIMIT 10 %d] partial", least))
	})
	s := examined(t, srv)
	var uids []mailbox.UID
	for _, m := range listAll(t, s) {
		uids = append(uids, m.UID)
	}
	if len(uids) != 25 {
		t.Fatalf("listed %v", uids)
	}
	if got, bad := bodies(t.Context(), t, s, uids...); len(got) != 25 {
		t.Errorf("%d bodies, %v", len(got), bad)
	}
}

func TestASlowCallerIsNoSilence(t *testing.T) {
	const silence = 400 * time.Millisecond
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 LITERAL+ MULTIAPPEND"})
	body := strings.Repeat("x", 1<<20)
	srv.Mailbox("INBOX").Add(imaptest.Message{Body: body})
	s := examined(t, srv, func(c *imap.Config) { c.Timeouts.Silence = silence })
	err := s.Fetch(t.Context(), []mailbox.UID{1}, func(m mailbox.Message) error {
		time.Sleep(silence + silence/2) // the slowness is what is tested
		n, err := io.Copy(io.Discard, m.Body)
		if n != int64(len(body)) {
			t.Errorf("%d bytes", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Batch(t.Context(), "INBOX", 2)
	for range 2 {
		if err == nil {
			err = b.Add(t.Context(), message("one"))
			time.Sleep(silence + silence/2)
		}
	}
	if err == nil {
		err = b.Finish(t.Context())
	}
	if err == nil {
		_, err = b.Wait(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestTencentsWordForNothingNew(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	srv.Mailbox("INBOX").Add(imaptest.Message{Body: "b"})
	s := examined(t, srv)
	srv.Reply("UID FETCH", "{tag} BAD UID parameters!")
	if err := s.List(t.Context(), 2, 0, 0, func(mailbox.Meta) error { return nil }); err != nil {
		t.Error(err)
	}
	if err := s.List(t.Context(), 1, 0, 0, func(mailbox.Meta) error { return nil }); err == nil {
		t.Error("a true refusal is hidden")
	}
}
