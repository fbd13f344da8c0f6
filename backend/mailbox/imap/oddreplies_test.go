package imap_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap/imaptest"
)

// oddList is an odd line between two sound ones in the answer to LIST.
type oddList struct {
	says   string
	line   string
	id     string // the raw name that must come of it; "" none
	levels string // how people read it
	note   string
}

// Ten answers to LIST that real servers give and that end other clients' connections.
var oddLists = []oddList{
	{says: "GBK name keeps its bytes and is read as Chinese", line: "* LIST () \"/\" \"\xb7\xa2\xcb\xcd\"", id: "\xb7\xa2\xcb\xcd", levels: "发送"},
	{says: "raw UTF-8 name keeps its bytes", line: `* LIST () "/" "发送"`, id: "发送", levels: "发送"},
	{says: "R&D is not an unfinished shift", line: `* LIST () "/" "R&D"`, id: "R&D", levels: "R&D"},
	{says: "null shift between two shifts is read through", line: `* LIST () "/" "&U9E-&kAE-"`, id: "&U9E-&kAE-", levels: "发送"},
	{says: "TAB within a name stays", line: "* LIST () \"/\" \"tab\tname\"", id: "tab\tname", levels: "tab\tname"},
	{says: "blank before the first attribute", line: `* LIST ( \HasNoChildren) "/" "Blank"`, id: "Blank", levels: "Blank"},
	{says: "empty delimiter is no delimiter", line: `* LIST () "" "Flat"`, id: "Flat", levels: "Flat"},
	{says: "LSUB in the answer to LIST costs nothing", line: `* LSUB () "/" "Before"`},
	{says: "VANISHED costs nothing", line: `* VANISHED (EARLIER) 41,43:116`},
	{says: "unknown untagged response is noted and costs nothing", line: `* X-STATUS 7 (a "b`, note: "unknown_reply X-STATUS"},
}

func proveOddList(t *testing.T, c oddList) {
	srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
	srv.Reply("LIST", `* LIST () "/" "INBOX"`, `* LIST () "/" "Before"`, c.line, `* LIST () "/" "After"`)
	s := session(t, srv)
	folders, err := s.Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"INBOX", "Before", c.id, "After"}
	if c.id == "" {
		want = slices.Delete(want, 2, 3)
	}
	var ids []string
	for _, f := range folders {
		ids = append(ids, f.ID)
	}
	if !slices.Equal(ids, want) {
		t.Fatalf("folders %q, want %q", ids, want)
	}
	noted(t, s, c.note)
	mustLive(t, s)
	if c.id == "" {
		return
	}
	if got := strings.Join(folders[2].Levels, "/"); got != c.levels {
		t.Errorf("read as %q, want %q", got, c.levels)
	}
	opened := make(chan string, 1)
	srv.On("EXAMINE", func(c *imaptest.Conn, cmd *imaptest.Command) {
		opened <- cmd.Words()[0]
		c.Script(cmd, "* 0 EXISTS", "* OK [UIDVALIDITY 7]", "* OK [UIDNEXT 1]")
	})
	if _, err := s.Examine(t.Context(), folders[2].ID); err != nil {
		t.Fatal(err)
	}
	if raw := <-opened; raw != c.id {
		t.Errorf("opened %q, not the listed bytes", raw)
	}
}

// oddFetch is an odd answer to UID FETCH between two sound ones.
type oddFetch struct {
	says  string
	items string // within the parentheses; the body is "second" where there is one
	flags string // as listed
	date  bool   // has one
	lost  bool   // no body can come of it: then it is reported
	note  string
}

const febFirst = `INTERNALDATE "01-Feb-2026 03:04:05 +0800"`

// Fourteen answers to FETCH that end other clients' connections, or lose the message
// without a word.
var oddFetches = []oddFetch{
	{says: "X-GM-LABELS nobody asked for", items: `X-GM-LABELS ("\\Inbox" "&XfI-" R&D) UID 2 FLAGS () ` + febFirst + " BODY[] {6}\r\nsecond", date: true},
	{says: "INTERNALDATE NIL is no date", items: "UID 2 FLAGS () INTERNALDATE NIL BODY[] {6}\r\nsecond"},
	{says: "zone with a colon is a zone", items: "UID 2 FLAGS () INTERNALDATE \"01-Feb-2026 03:04:05 +08:00\" BODY[] {6}\r\nsecond", date: true},
	{says: "flag with a bracket", items: `UID 2 FLAGS (\Seen odd]flag) ` + febFirst + " BODY[] {6}\r\nsecond", flags: `\Seen odd]flag`, date: true},
	{says: "flag list with a trailing blank", items: `UID 2 FLAGS (\Seen ) ` + febFirst + " BODY[] {6}\r\nsecond", flags: `\Seen`, date: true},
	{says: "flag in GBK", items: "UID 2 FLAGS (\\Seen \xd2\xd1\xb6\xc1) " + febFirst + " BODY[] {6}\r\nsecond", flags: "\\Seen \xd2\xd1\xb6\xc1", date: true},
	{says: "nil in lower case is no message", items: "UID 2 FLAGS () " + febFirst + " BODY[] nil", date: true, lost: true, note: "body_nil"},
	{says: "NIL is no message", items: "UID 2 FLAGS () " + febFirst + " BODY[] NIL", date: true, lost: true, note: "body_nil"},
	{says: "literal8 is a literal", items: "UID 2 FLAGS () " + febFirst + " BODY[] ~{6}\r\nsecond", date: true},
	{says: "RFC822 in place of BODY[]", items: "UID 2 FLAGS () " + febFirst + " RFC822 {6}\r\nsecond", date: true},
	{says: "blank before the last parenthesis", items: "UID 2 FLAGS () " + febFirst + " BODY[] {6}\r\nsecond ", date: true},
	{says: "two blanks between items", items: "UID  2  FLAGS ()  " + febFirst + "  BODY[]  {6}\r\nsecond", date: true},
	{says: "UID after the literal", items: "FLAGS () " + febFirst + " BODY[] {6}\r\nsecond UID 2", date: true},
	{says: "UID missing is told, never taken for another message", items: "FLAGS () " + febFirst + " BODY[] {6}\r\nsecond", lost: true, note: "fetch_without_uid"},
}

func proveOddFetch(t *testing.T, c oddFetch) {
	raw := "* 2 FETCH (" + c.items + ")\r\n"
	if c.lost {
		reported(t, raw, c.note)
	} else {
		delivered(t, raw, "second")
	}
	m := listedBetween(t, raw)
	if c.note == "fetch_without_uid" {
		if m.UID != 0 {
			t.Errorf("listed as %+v", m)
		}
		return
	}
	want := time.Date(2026, 2, 1, 3, 4, 5, 0, time.FixedZone("", 8*3600))
	if m.UID != 2 || strings.Join(m.Flags, " ") != c.flags || m.Date.IsZero() == c.date || c.date && !m.Date.Equal(want) {
		t.Errorf("listed as %+v", m)
	}
}

// Five tagged answers.
var oddTagged = []promise{
	{"tagged: APPENDUID with a senseless set is stored without a UID", func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
		srv.ReplyOnce("APPEND", "{tag} OK [APPENDUID 1 0:3] done")
		s := session(t, srv)
		res := appendAll(t, s, "INBOX", 1, message("one"), message("two"))
		if res[0].Err != nil || res[0].UID != 0 || res[1].Err != nil || res[1].UID != 1 {
			t.Errorf("%+v", res)
		}
		noted(t, s, "appenduid_unusable")
		mustLive(t, s)
	}},
	{"tagged: NO in GBK is told in readable words", func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
		srv.ReplyOnce("APPEND", "{tag} NO \xd3\xca\xcf\xe4\xd2\xd1\xc2\xfa")
		s := session(t, srv)
		res := appendAll(t, s, "INBOX", 1, message("one"), message("two"))
		if r := refusalOf(t, res[0].Err); r.Status != "NO" || r.Text != "邮箱已满" || res[1].Err != nil {
			t.Errorf("%+v, %v", r, res[1].Err)
		}
		mustLive(t, s)
	}},
	{"tagged: NO [SERVERBUG] keeps its code", func(t *testing.T) {
		srv := stocked(t, imaptest.Options{Caps: plainCaps}, 1)
		srv.ReplyOnce("EXAMINE", "{tag} NO [SERVERBUG] Internal error occurred. Refer to server log")
		s := session(t, srv)
		_, err := s.Examine(t.Context(), "INBOX")
		if r := refusalOf(t, err); r.Code != "SERVERBUG" || r.Command != "EXAMINE" {
			t.Errorf("%+v", r)
		}
		if got := source(t, s); len(got) != 1 {
			t.Errorf("afterwards %d messages", len(got))
		}
	}},
	{"tagged: NO [OVERQUOTA] before the + costs that message only", func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS"})
		srv.OnLiteral(func(c *imaptest.Conn, cmd *imaptest.Command, size int64) bool {
			if size == 9000 {
				c.NO(cmd, "[OVERQUOTA] the mailbox is full")
			}
			return size != 9000
		})
		s := session(t, srv)
		res := appendAll(t, s, "INBOX", 3, message("one"), message(strings.Repeat("x", 9000)), message("three"))
		wantCode(t, res[1].Err, core.OverQuota)
		if res[0].UID != 1 || res[2].UID != 2 || srv.Count("LOGIN") != 1 {
			t.Errorf("%+v", res)
		}
		mustLive(t, s)
	}},
	{"tagged: CAPABILITY with a trailing blank counts in full", func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1", PreCaps: "IMAP4rev1"})
		srv.Reply("LOGIN", "{tag} OK [CAPABILITY IMAP4rev1 UIDPLUS LITERAL+ ] in")
		s := session(t, srv)
		if tr := s.Traits(); !tr.UIDPlus || !tr.NonSync || srv.Count("CAPABILITY") != 1 {
			t.Errorf("%+v, asked %d times", tr, srv.Count("CAPABILITY"))
		}
		mustLive(t, s)
	}},
}

// TestTheOddServerMatrix holds the 29 replies of which another client survived six.
func TestTheOddServerMatrix(t *testing.T) {
	var all []promise
	for _, c := range oddLists {
		all = append(all, promise{"LIST: " + c.says, func(t *testing.T) { proveOddList(t, c) }})
	}
	for _, c := range oddFetches {
		all = append(all, promise{"FETCH: " + c.says, func(t *testing.T) { proveOddFetch(t, c) }})
	}
	keep(t, 10+14+5, append(all, oddTagged...))
}

func TestAMessageWithoutUIDIsHadWhenAskedForAlone(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
	srv.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
		odd := "* 2 FETCH (FLAGS () BODY[] {6}\r\nsecond)\r\n"
		if cmd.Words()[0] == "1:3" {
			odd = soundBefore + odd + soundAfter
		}
		c.Write(odd)
		c.OK(cmd, "done")
	})
	s := examined(t, srv)
	got, _ := bodies(t.Context(), t, s, 1, 2, 3)
	soundArrived(t, got)
	for _, uid := range []mailbox.UID{1, 2, 3} {
		if _, ok := got[uid]; ok {
			continue
		}
		if again, bad := bodies(t.Context(), t, s, uid); again[uid] != "second" || bad[uid] != nil {
			t.Errorf("asked again: %v, %v", again, bad)
		}
	}
}
