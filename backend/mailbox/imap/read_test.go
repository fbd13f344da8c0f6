package imap_test

import (
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

func TestSilenceIsATimeout(t *testing.T) {
	t.Parallel() // it waits
	srv := imaptest.New(t, imaptest.Options{})
	s := session(t, srv, func(c *imap.Config) { c.Timeouts.Silence = silence })
	srv.On("LIST", func(*imaptest.Conn, *imaptest.Command) {})
	_, err := s.Folders(t.Context())
	wantCode(t, err, core.Timeout)
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

// silence is longer than a server takes on a busy machine.
const silence = 2 * time.Second

func TestASlowCallerIsNoSilence(t *testing.T) {
	t.Parallel() // it waits
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
