package imap_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap/imaptest"
)

// A promise is one named case of a published list of odd servers, with its proof.
type promise struct {
	says  string
	prove func(t *testing.T)
}

// keep proves all promises of a list that must hold exactly n of them.
func keep(t *testing.T, n int, all []promise) {
	t.Helper()
	if len(all) != n {
		t.Fatalf("%d cases, the list has %d", len(all), n)
	}
	for _, p := range all {
		t.Run(p.says, func(t *testing.T) {
			t.Parallel()
			p.prove(t)
		})
	}
}

// plainCaps leave the extensions of LIST out, so that one LIST says everything.
const plainCaps = "IMAP4rev1 ID NAMESPACE UIDPLUS LITERAL+"

const (
	soundBefore = "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"01-Feb-2026 03:04:05 +0800\" RFC822.SIZE 5 BODY[] {5}\r\nfirst)\r\n"
	soundAfter  = "* 3 FETCH (UID 3 FLAGS () INTERNALDATE \"01-Feb-2026 03:04:05 +0800\" RFC822.SIZE 4 BODY[] {4}\r\nlast)\r\n"
)

// between serves raw between two sound messages to every UID FETCH.
func between(t *testing.T, raw string) (*imaptest.Server, mailbox.Writer) {
	t.Helper()
	srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
	srv.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
		c.Write(soundBefore + raw + soundAfter)
		c.OK(cmd, "done")
	})
	return srv, examined(t, srv)
}

// delivered proves that message 2 arrives as want.
func delivered(t *testing.T, raw, want string) mailbox.Writer {
	t.Helper()
	_, s := between(t, raw)
	got, bad := bodies(t.Context(), t, s, 1, 2, 3)
	soundArrived(t, got)
	if got[2] != want || bad[2] != nil {
		t.Errorf("message 2: %.60q, %v", got[2], bad[2])
	}
	mustLive(t, s)
	return s
}

// reported proves that message 2 does not arrive, and that it is seen: by an error
// of its own or by its absence, and then by a note.
func reported(t *testing.T, raw, note string) mailbox.Writer {
	t.Helper()
	_, s := between(t, raw)
	got, bad := bodies(t.Context(), t, s, 1, 2, 3)
	soundArrived(t, got)
	if b, there := got[2]; there {
		t.Errorf("message 2 passed for sound: %.60q, %v", b, bad[2])
	}
	noted(t, s, note)
	mustLive(t, s)
	return s
}

func soundArrived(t *testing.T, got map[mailbox.UID]string) {
	t.Helper()
	if got[1] != "first" || got[3] != "last" {
		t.Errorf("sound messages: %.60q %.60q", got[1], got[3])
	}
}

// listedBetween returns what a listing says of message 2.
func listedBetween(t *testing.T, raw string) mailbox.Meta {
	t.Helper()
	_, s := between(t, raw)
	return metaOf(t, s, 2)
}

// metaOf lists everything, in which 1 and 3 must be sound.
func metaOf(t *testing.T, s mailbox.Session, uid mailbox.UID) mailbox.Meta {
	t.Helper()
	var found mailbox.Meta
	var sizes []int64
	for _, m := range listAll(t, s) {
		switch m.UID {
		case uid:
			found = m
		default:
			sizes = append(sizes, m.Size)
		}
	}
	if !slices.Equal(sizes, []int64{5, 4}) {
		t.Errorf("sound messages listed with sizes %v", sizes)
	}
	mustLive(t, s)
	return found
}

// noted wants a note that begins with code; "" wants none in particular.
func noted(t *testing.T, s mailbox.Session, code string) {
	t.Helper()
	notes := s.Traits().Notes
	if code != "" && !slices.ContainsFunc(notes, func(n string) bool { return strings.HasPrefix(n, code) }) {
		t.Errorf("notes %q, want %s", notes, code)
	}
}

// sentNone wants no command that begins with any of the verbs.
func sentNone(t *testing.T, srv *imaptest.Server, verbs ...string) {
	t.Helper()
	for _, l := range srv.Log() {
		for _, v := range verbs {
			if strings.HasPrefix(l+" ", v+" ") {
				t.Errorf("sent %q", l)
			}
		}
	}
}

// source takes a session through everything that is done to a source.
func source(t *testing.T, s mailbox.Session) map[mailbox.UID]string {
	t.Helper()
	folders, err := s.Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(folders))
	for i, f := range folders {
		ids[i] = f.ID
	}
	if _, err := s.Statuses(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Examine(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	var uids []mailbox.UID
	for _, m := range listAll(t, s) {
		uids = append(uids, m.UID)
	}
	n := 0
	if err := s.Headers(t.Context(), uids, func(mailbox.UID, int64, []byte) error { n++; return nil }); err != nil || n != len(uids) {
		t.Fatalf("%d headers of %d: %v", n, len(uids), err)
	}
	got, bad := bodies(t.Context(), t, s, uids...)
	if len(bad) > 0 {
		t.Errorf("not to be had: %v", bad)
	}
	return got
}

// stocked is a server with n messages in INBOX.
func stocked(t *testing.T, o imaptest.Options, n int) *imaptest.Server {
	t.Helper()
	srv := imaptest.New(t, o)
	for i := range n {
		srv.Mailbox("INBOX").Add(imaptest.Message{Flags: []string{`\Seen`}, Body: fmt.Sprintf("Message-ID: <%d@old.example>\r\nSubject: s\r\n\r\nbody %d\r\n", i, i)})
	}
	return srv
}
