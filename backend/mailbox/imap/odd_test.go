package imap_test

import (
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
)

// Each line is what a server answered in the field, between two sound messages.
func TestOddFetchAnswersCostAtMostTheirOwnMessage(t *testing.T) {
	const sound = "* 1 FETCH (UID 1 BODY[] {5}\r\nfirst)\r\n"
	const after = "* 3 FETCH (UID 3 BODY[] {4}\r\nlast)\r\n"
	for name, c := range map[string]struct {
		raw  string
		want string // the body of message 2; "" missing or with Err
		bad  bool   // yielded with Err
	}{
		"uid after the literal": {raw: "* 2 FETCH (BODY[] {6}\r\nsecond UID 2)\r\n", want: "second"},
		"large, uid after":      {raw: "* 2 FETCH (BODY[] {70000}\r\n" + strings.Repeat("x", 70000) + " UID 2)\r\n", want: strings.Repeat("x", 70000)},
		"huge, uid after":       {raw: "* 2 FETCH (BODY[] {2000000}\r\n" + strings.Repeat("x", 2000000) + " UID 2)\r\n", want: strings.Repeat("x", 2000000)},
		"uid missing":           {raw: "* 2 FETCH (BODY[] {6}\r\nsecond)\r\n"},
		"zero FETCH":            {raw: "* 0 FETCH (UID 2 BODY[] {6}\r\nsecond)\r\n", want: "second"},
		"literal8":              {raw: "* 2 FETCH (UID 2 BODY[] ~{6}\r\nsecond)\r\n", want: "second"},
		"quoted body":           {raw: "* 2 FETCH (UID 2 BODY[] \"second\")\r\n", want: "second"},
		"RFC822":                {raw: "* 2 FETCH (UID 2 RFC822 {6}\r\nsecond)\r\n", want: "second"},
		"lower case":            {raw: "* 2 fetch (uid 2 body[] {6}\r\nsecond)\r\n", want: "second"},
		"NIL":                   {raw: "* 2 FETCH (UID 2 BODY[] NIL)\r\n", bad: true},
		"nil":                   {raw: "* 2 FETCH (UID 2 BODY[] nil)\r\n", bad: true},
		"empty":                 {raw: "* 2 FETCH (UID 2 BODY[] {0}\r\n)\r\n", bad: true},
		"no body":               {raw: "* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n"},
		"two bytes short":       {raw: "* 2 FETCH (UID 2 BODY[] {4}\r\nsecond)\r\n", bad: true},
		"final CRLF forgotten":  {raw: "* 2 FETCH (UID 2 BODY[] {6}\r\nsecond\r\n)\r\n", bad: true},
		"one byte too many":     {raw: "* 2 FETCH (UID 2 BODY[] {7}\r\nsecond)\r\n", bad: true},
		"three bytes too many":  {raw: "* 2 FETCH (UID 2 BODY[] {9}\r\nsecond)\r\n", bad: true},
		"large and short":       {raw: "* 2 FETCH (UID 2 BODY[] {70000}\r\n" + strings.Repeat("x", 70000) + "\r\n)\r\n", bad: true},
		"stray backslash":       {raw: "* 2 FETCH (UID 2 ENVELOPE (NIL \"sina.com\\\" NIL) BODY[] {6}\r\nsecond)\r\n", want: "second"},
		"unescaped quotes":      {raw: "* 2 FETCH (UID 2 BODY ((\"text\" \"plain\" NIL \"\"\"\" \"base64\" -1) \"MIXED\") BODY[] {6}\r\nsecond)\r\n", want: "second"},
		"newline in a string":   {raw: "* 2 FETCH (UID 2 BODYSTRUCTURE (\"APPLICATION\" \"PDF\r\n NAME=\"ATT1\") BODY[] {6}\r\nsecond)\r\n"},
		"Gmail items":           {raw: "* 2 FETCH (X-GM-LABELS (\"\\\\Inbox\" \"&XfI-\") X-GM-MSGID 12 UID 2 BODY[] {6}\r\nsecond)\r\n", want: "second"},
		"unknown item":          {raw: "* 2 FETCH (UID 2 EMAILID (M1) X-ODD {3}\r\na)b SAVEDATE NIL BODY[] {6}\r\nsecond)\r\n", want: "second"},
		"blanks":                {raw: "* 2 FETCH ( UID  2  FLAGS (\\Seen ) BODY[]  {6}\r\nsecond )\r\n", want: "second"},
		"flag with bracket":     {raw: "* 2 FETCH (UID 2 FLAGS (odd]flag \\* \"\\\\Seen\") BODY[] {6}\r\nsecond)\r\n", want: "second"},
		"NUL before it":         {raw: "\x00\x00* 2 FETCH (UID 2 BODY[] {6}\r\nsecond)\r\n", want: "second"},
		"twice":                 {raw: strings.Repeat("* 2 FETCH (UID 2 BODY[] {6}\r\nsecond)\r\n", 2), want: "second"},
		"noise":                 {raw: "* VANISHED 7\r\n* X-STATUS\r\n* 9 EXISTS\r\n+ go\r\n* 2 FETCH (UID 2 BODY[] {6}\r\nsecond)\r\n* OK still here {5}\r\n", want: "second"},
		"bare LF":               {raw: "* 2 FETCH (UID 2 BODY[] {6}\nsecond)\n", want: "second"},
		"unasked message":       {raw: "* 9 FETCH (UID 9 BODY[] {6}\r\nsecond)\r\n"},
		"cut list":              {raw: "* 2 FETCH (UID 2 BODY[] {6}\r\nsecond FLAGS (\\Seen\r\n", want: "second"},
		"no list":               {raw: "* 2 FETCH\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := imaptest.New(t, imaptest.Options{})
			fetchOdd(t, srv, sound+c.raw+after, c.want, c.bad)
		})
	}
}

// fetchOdd fetches messages 1 to 3 as raw answers them: 1 and 3 are sound.
func fetchOdd(t *testing.T, srv *imaptest.Server, raw, want string, bad bool) {
	t.Helper()
	srv.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
		c.Write(raw)
		c.OK(cmd, "done")
	})
	s := examined(t, srv)
	got, errs := bodies(t.Context(), t, s, 1, 2, 3)
	if got[1] != "first" || got[3] != "last" {
		t.Errorf("sound messages: %q %q", got[1], got[3])
	}
	if got[2] != want || (errs[2] != nil) != bad {
		t.Errorf("odd message: %.40q, %v", got[2], errs[2])
	}
	if bad {
		wantCode(t, errs[2], core.Malformed)
	}
	mustLive(t, s)
	if want == "" && len(s.Traits().Notes) == 0 {
		t.Log("nothing noted")
	}
}

func TestAMessageAskedForAloneNeedsNoUID(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	srv.Reply("UID FETCH", "* 7 FETCH (BODY[] {6}\r\nsecond)")
	if got, _ := bodies(t.Context(), t, examined(t, srv), 2); got[2] != "second" {
		t.Errorf("%q", got[2])
	}
}

func TestOddListingsLoseNothing(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	srv.Reply("UID FETCH",
		`* 1 FETCH (UID 1 FLAGS (\Seen) INTERNALDATE "00-Jan-0000 00:00:00 +0000" RFC822.SIZE 9.3736e+06)`,
		`* 2 FETCH (UID 2 FLAGS () INTERNALDATE NIL RFC822.SIZE -1 MODSEQ (-1))`,
		`* 3 FETCH (FLAGS () UID 3)`,
		`* 0 FETCH (UID 4 INTERNALDATE "01-Feb-2026 03:04:05 +08:00" FLAGS ("\\Seen" odd]flag) RFC822.SIZE 7 X-NEW (1 (2)))`,
		`* 5 FETCH (UID 5 INTERNALDATE "01-Feb-2026 03:04:05 +0800" RFC822.SIZE 7 ENVELOPE ("broken`,
		`* 1 FETCH (UID 1 FLAGS (\Seen \Answered))`,
		`* 1 FETCH (UID 1 FLAGS (\Seen) RFC822.SIZE 3)`,
		`* 6 FETCH (FLAGS (\Recent))`,
		`* 7 FETCH (UID 7 INTERNALDATE {26}`+"\r\n"+`01-Feb-2026 03:04:05 +0800 RFC822.SIZE 7 FLAGS NIL)`)
	got := map[mailbox.UID]mailbox.Meta{}
	for _, m := range listAll(t, examined(t, srv)) {
		if _, dup := got[m.UID]; dup {
			t.Errorf("uid %d twice", m.UID)
		}
		got[m.UID] = m
	}
	if len(got) != 6 {
		t.Errorf("%d messages: %+v", len(got), got)
	}
	if m := got[1]; !m.Date.IsZero() || m.Size != 9373600 {
		t.Errorf("%+v", m)
	}
	if m := got[4]; m.Date.IsZero() || len(m.Flags) != 2 || m.Flags[0] != `\Seen` {
		t.Errorf("%+v", m)
	}
	if m := got[7]; m.Date.IsZero() || m.Size != 7 {
		t.Errorf("%+v", m)
	}
}

func TestOddFolderListsKeepEverySoundName(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 NAMESPACE XLIST SPECIAL-USE LIST-EXTENDED"})
	srv.On("LIST", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if strings.Contains(cmd.Args, "RETURN") {
			c.BAD(cmd, "no such thing")
			return
		}
		c.Script(cmd, `* LIST (\HasNoChildren) "/" Inbox`, `* LIST () "/" "INBOX"`, `* LIST ( \HasNoChildren) "/" R&D`, `* LIST () "/" "tab`+"\t"+`x"`,
			`* LIST (\Noselect) "/" "[Gmail]"`, `* LSUB () "/" "stray"`, `* VANISHED 4`, `* X-STATUS`, `* LIST (`, `* LIST () "/" {3}`+"\r\na/b", `* LIST () "/" "Spam" `)
	})
	srv.Reply("XLIST", `* XLIST (\HasNoChildren \Spam) "/" "Spam"`)
	srv.Reply("LSUB", `* LSUB () "/" "Spam"`)
	s := session(t, srv)
	for range 2 {
		folders, err := s.Folders(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, f := range folders {
			ids = append(ids, f.ID)
		}
		if got := strings.Join(ids, "|"); got != "INBOX|R&D|tab\tx|[Gmail]|stray|a/b|Spam" {
			t.Errorf("%q", got)
		}
		if f := folders[len(folders)-1]; f.Role != core.RoleJunk || !f.Subscribed {
			t.Errorf("%+v", f)
		}
		if folders[3].Selectable {
			t.Error("[Gmail] is a mere parent")
		}
	}
	if n := srv.Count(`LIST "" "*" RETURN`); n != 1 {
		t.Errorf("a form refused with BAD was sent %d times", n)
	}
	if notes := strings.Join(s.Traits().Notes, ","); !strings.Contains(notes, "folder_listed_twice") || !strings.Contains(notes, "broken_response") {
		t.Errorf("notes %q", notes)
	}
}

func TestBareTextInsteadOfAnAnswer(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	s := session(t, srv, func(c *imap.Config) { c.Timeouts.Stray = 30 * time.Millisecond })
	srv.ReplyOnce("EXAMINE", "Server Unavailable. 15", "* OK still here")
	srv.On("EXAMINE", func(c *imaptest.Conn, cmd *imaptest.Command) { c.Send("Server Unavailable. 15") })
	_, err := s.Examine(t.Context(), "INBOX")
	wantCode(t, err, core.Rejected)
	if r := refusalOf(t, err); r.Text != "Server Unavailable. 15" {
		t.Errorf("%+v", r)
	}
	mustLive(t, s)
	srv.On("EXAMINE", func(c *imaptest.Conn, _ *imaptest.Command) { c.Send("something else went wrong") })
	_, err = s.Examine(t.Context(), "INBOX")
	wantCode(t, err, core.Unreachable)
	if r := refusalOf(t, err); r.Text != "something else went wrong" {
		t.Errorf("%+v", r)
	}
}

func TestOddStates(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	srv.Reply("STATUS", `* STATUS "inbox" (MESSAGES 9.3736e+06 UIDNEXT 0 UIDVALIDITY 0 UNSEEN (1) X-ODD "a" ) `)
	s := session(t, srv)
	st, err := s.Statuses(t.Context(), []string{"INBOX"})
	if err != nil || st["INBOX"].Messages != 9373600 || st["INBOX"].UIDNext != 0 || st["INBOX"].Size != -1 {
		t.Errorf("%+v %v", st, err)
	}
	srv.Reply("SELECT", `* FLAGS ("\\Deleted" \*)`, `[UIDVALIDITY 7] no star`, `* [UIDNEXT 5] no OK`, `* OK [HIGHESTMODSEQ 9]`,
		`* OK [PERMANENTFLAGS ( \* odd]flag)] x`, `* 4 EXISTS`, `{tag} OK [READ-WRITE]`)
	got, err := s.Select(t.Context(), "INBOX")
	if err != nil || got.UIDValidity != 7 || got.UIDNext != 5 || got.HighestModSeq != 9 || got.Messages != 4 || strings.Join(got.PermanentFlags, " ") != `\* odd]flag` {
		t.Errorf("%+v %v", got, err)
	}
}

func TestByeForEverEndsTheConnectionOnce(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	s := session(t, srv)
	srv.On("EXAMINE", func(c *imaptest.Conn, _ *imaptest.Command) { c.Write(strings.Repeat("* BYE go away\r\n", 1000)) })
	_, err := s.Examine(t.Context(), "INBOX")
	wantCode(t, err, core.Unreachable)
	if refusalOf(t, err).Text != "go away" {
		t.Error(err)
	}
}
