package imap_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
)

// TestResponsesKnownToBreakParsers holds the 23 numbered responses.
func TestResponsesKnownToBreakParsers(t *testing.T) {
	keep(t, 23, append(slices.Clone(breakersInFetch), breakersElsewhere...))
}

// second is a FETCH response whose body is "second", with more items before it.
func second(items string) string { return "* 2 FETCH (UID 2 " + items + " BODY[] {6}\r\nsecond)\r\n" }

// arrives proves that what a server volunteers beside the body costs nothing.
func arrives(raws ...string) func(*testing.T) {
	return func(t *testing.T) {
		for _, raw := range raws {
			delivered(t, raw, "second")
		}
	}
}

var breakersInFetch = []promise{
	{"01 BODY with unescaped quotes beside the literal", arrives(
		second(`BODY (("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 5 1)("application" "octet-stream" ("name" "x.pdf") NIL """" "base64" 65322) "MIXED")`),
		second(`BODYSTRUCTURE (("application" "octet-stream" ("name" """) NIL """" "base64" 65322) "MIXED")`))},
	{"02 ENVELOPE with a stray backslash before the quote", arrives(
		second(`ENVELOPE (NIL "hi" (("li" NIL "li" "sina.com\")) NIL NIL NIL NIL NIL NIL "<a@old.example>")`))},
	{"03 ENVELOPE of nine fields, Message-ID missing", arrives(
		second(`ENVELOPE ("Mon, 02 Jan 2006 15:04:05 +0800" "hi" (("li" NIL "li" "old.example")) NIL NIL NIL NIL NIL NIL)`))},
	{"04 ENVELOPE address with unquoted text", arrives(
		second(`ENVELOPE (NIL "hi" ((NIL NIL Bob B "old.example")) ((Li, Lei NIL "li" "old.example")) NIL NIL NIL NIL NIL "<a@old.example>")`))},
	{"05 negative lines and octets", arrives(second(`BODYSTRUCTURE ("text" "plain" ("charset" "gbk") NIL NIL "8bit" -1 -1 NIL NIL NIL NIL)`))},
	{"06 newline within a string of BODYSTRUCTURE costs that message only, whatever its body says", tornStructure},
	{"11 FETCH numbered 0 arrives; FETCH without a UID is told", func(t *testing.T) {
		delivered(t, "* 0 FETCH (UID 2 BODY[] {6}\r\nsecond)\r\n", "second")
		reported(t, "* 2 FETCH (BODY[] {6}\r\nsecond)\r\n", "fetch_without_uid")
		if m := listedBetween(t, "* 0 FETCH (UID 2 FLAGS (\\Seen) RFC822.SIZE 6)\r\n"); m.UID != 2 || m.Size != 6 {
			t.Errorf("%+v", m)
		}
	}},
	{"12 INTERNALDATE of day 0 is no date", func(t *testing.T) {
		raw := "* 2 FETCH (UID 2 FLAGS (\\Seen) INTERNALDATE \"00-Jan-0000 00:00:00 +0000\" RFC822.SIZE 6 BODY[] {6}\r\nsecond)\r\n"
		if m := listedBetween(t, raw); m.UID != 2 || !m.Date.IsZero() || m.Size != 6 || len(m.Flags) != 1 {
			t.Errorf("%+v", m)
		}
		delivered(t, raw, "second")
	}},
	{"14 number in floating point is read", func(t *testing.T) {
		raw := "* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 9.3736e+06 BODY[] {6}\r\nsecond)\r\n"
		if m := listedBetween(t, raw); m.Size != 9_373_600 {
			t.Errorf("%+v", m)
		}
		delivered(t, raw, "second")
	}},
	{"18 NUL bytes before a response", arrives("\x00* 2 FETCH (UID 2 BODY[] {6}\r\nsecond)\r\n", "\x00\x00\x00 * 2 FETCH (UID 2 BODY[] {6}\r\nsecond)\r\n")},
	{"19 literal one or two bytes short, BODY[] NIL and no BODY at all are told, never stored", func(t *testing.T) {
		for raw, note := range map[string]string{
			"* 2 FETCH (UID 2 BODY[] {5}\r\nsecond)\r\n":     "short_literal",
			"* 2 FETCH (UID 2 BODY[] {4}\r\nsecond)\r\n":     "short_literal",
			"* 2 FETCH (UID 2 BODY[] {6}\r\nsecond\r\n)\r\n": "short_literal",
			"* 2 FETCH (UID 2 BODY[] NIL)\r\n":               "body_nil",
			"* 2 FETCH (UID 2 BODY[] \"\")\r\n":              "body_empty",
			"* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n":           "",
			"":                                               "",
		} {
			reported(t, raw, note)
		}
		large := strings.Repeat("x", 100_000)
		reported(t, "* 2 FETCH (UID 2 BODY[] {99998}\r\n"+large+")\r\n", "short_literal")
	}},
}

// tornStructure: the rest of the torn response ends in a literal. Its bytes are mail,
// and mail may read like responses.
func tornStructure(t *testing.T) {
	tear := "* 2 FETCH (UID 2 BODYSTRUCTURE (\"APPLICATION\" \"PDF\r\n NAME=\"ATT1\" NIL NIL \"BASE64\" 9) "
	reported(t, tear+"BODY[] {6}\r\nsecond)\r\n", "broken_response")
	evil := "x\r\n* 3 FETCH (UID 3 BODY[] {4}\r\nevil)\r\n* BYE\r\n+ \r\nM5 NO\r\nM6 NO\r\nM7 NO\r\nM8 NO\r\n"
	reported(t, tear+"BODY[] {"+strconv.Itoa(len(evil))+"}\r\n"+evil+")\r\n", "broken_response")
}

var breakersElsewhere = []promise{
	{"07 OK [HIGHESTMODSEQ] without text", func(t *testing.T) {
		if st := examinedAs(t, "* OK [HIGHESTMODSEQ 5]"); st.HighestModSeq != 5 || st.Messages != 3 {
			t.Errorf("%+v", st)
		}
	}},
	{"08 STATUS with a trailing blank", func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
		srv.Reply("STATUS", "* STATUS INBOX (MESSAGES 4 UIDNEXT 9 UIDVALIDITY 7 ) ")
		got, err := session(t, srv).Statuses(t.Context(), []string{"INBOX"})
		if st := got["INBOX"]; err != nil || st.Messages != 4 || st.UIDNext != 9 || st.UIDValidity != 7 {
			t.Errorf("%+v %v", st, err)
		}
	}},
	{"09 PERMANENTFLAGS with a leading blank", func(t *testing.T) {
		if st := examinedAs(t, `* OK [PERMANENTFLAGS ( \*)]`); !slices.Equal(st.PermanentFlags, []string{`\*`}) {
			t.Errorf("%+v", st)
		}
	}},
	{`10 FLAGS quoted, and \* in FLAGS`, func(t *testing.T) {
		st := examinedAs(t, `* FLAGS ("\\Deleted" "\\Seen" \*)`, `* OK [PERMANENTFLAGS ("\\Deleted" "\\Seen" \*)] ok`)
		if !slices.Equal(st.PermanentFlags, []string{`\Deleted`, `\Seen`, `\*`}) || st.Messages != 3 {
			t.Errorf("%+v", st)
		}
		m := listedBetween(t, "* 2 FETCH (UID 2 FLAGS (\"\\\\Seen\" \\*) RFC822.SIZE 6)\r\n")
		if !slices.Contains(m.Flags, `\Seen`) {
			t.Errorf("%+v", m)
		}
	}},
	{"13 MODSEQ (-1), UIDNEXT 0, UIDVALIDITY 0 and UNSEEN 0 count as not told", func(t *testing.T) {
		st := examinedAs(t, "* OK [UIDNEXT 0] x", "* OK [UIDVALIDITY 0] x", "* OK [UNSEEN 0] x", "* OK [HIGHESTMODSEQ -1] x")
		if st.UIDNext != 0 || st.UIDValidity != 0 || st.HighestModSeq != 0 || st.Messages != 3 {
			t.Errorf("%+v", st)
		}
		if m := listedBetween(t, "* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 6 MODSEQ (-1))\r\n"); m.UID != 2 || m.ModSeq != 0 {
			t.Errorf("%+v", m)
		}
	}},
	{`15 "LITERAL +" is LITERAL+`, func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS LITERAL + ID"})
		s := session(t, srv)
		res := appendAll(t, s, "INBOX", 1, message("one"))
		if !s.Traits().NonSync || res[0].UID != 1 || !strings.HasSuffix(srv.Log()[len(srv.Log())-1], "+}") {
			t.Errorf("%+v, %q", s.Traits(), srv.Log())
		}
	}},
	{"16 BYE for ever ends the connection once, with the server's words", func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
		s := session(t, srv)
		srv.On("EXAMINE", func(c *imaptest.Conn, _ *imaptest.Command) {
			c.Write(strings.Repeat("* BYE Autologout; idle for too long\r\n", 10_000))
		})
		_, err := s.Examine(t.Context(), "INBOX")
		wantCode(t, err, core.Unreachable)
		if r := refusalOf(t, err); r.Status != "BYE" || r.Text != "Autologout; idle for too long" {
			t.Errorf("%+v", r)
		}
		if _, err := s.Folders(t.Context()); core.CodeOf(err) != core.Unreachable {
			t.Error("a dead session went on:", err)
		}
	}},
	{`17 "Server Unavailable." without a tag is the answer`, func(t *testing.T) {
		srv := stocked(t, imaptest.Options{Caps: plainCaps}, 1)
		s := session(t, srv, func(c *imap.Config) { c.Timeouts.Stray = time.Minute })
		srv.On("EXAMINE", func(c *imaptest.Conn, _ *imaptest.Command) {
			srv.On("EXAMINE", nil)
			c.Send("Server Unavailable. 15")
		})
		_, err := s.Examine(t.Context(), "INBOX")
		if r := refusalOf(t, err); r.Text != "Server Unavailable. 15" || r.Command != "EXAMINE" {
			t.Errorf("%+v", r)
		}
		noted(t, s, "bare_text")
		if got := source(t, s); len(got) != 1 {
			t.Errorf("afterwards %d messages", len(got))
		}
	}},
	{"20 extra + and a response code without its status", func(t *testing.T) {
		s := delivered(t, "+ idling\r\n+\r\n"+second("FLAGS ()"), "second")
		noted(t, s, "stray_continuation")
		if st := examinedAs(t, "[UIDVALIDITY 77] no star", "* [UIDNEXT 5] no OK"); st.UIDValidity != 77 || st.UIDNext != 5 {
			t.Errorf("%+v", st)
		}
		extraPlusBeforeAppend(t)
	}},
	{"21 LIST with a TAB unquoted, a malformed attribute, NIL for a separator, INBOX twice", func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
		srv.Reply("LIST", `* LIST () NIL "INBOX"`, `* LIST (\HasNoChildren) "/" Inbox`, "* LIST () \"/\" tab\tname",
			`* LIST (\HasNoChildren \)) "/" "Odd"`, `* LIST () "/" NIL`, `* LIST () "/" "Last"`)
		s := session(t, srv)
		folders, err := s.Folders(t.Context())
		var ids []string
		for _, f := range folders {
			ids = append(ids, f.ID)
		}
		if err != nil || !slices.Equal(ids, []string{"INBOX", "tab\tname", "Odd", "NIL", "Last"}) {
			t.Errorf("%q %v", ids, err)
		}
		noted(t, s, "folder_listed_twice")
		mustLive(t, s)
	}},
	{"22 greeting without a blank before the bracket", func(t *testing.T) {
		srv := stocked(t, imaptest.Options{Caps: plainCaps, Greeting: "* OK AliYun IMAP Server Ready(10.147.40.164)"}, 2)
		s := session(t, srv)
		if s.Traits().Family != "alimail" || len(source(t, s)) != 2 {
			t.Errorf("%+v", s.Traits())
		}
	}},
	{"23 COPYUID, empty or permuted, is never taken for an APPENDUID", func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
		s := session(t, srv)
		for _, code := range []string{"[COPYUID 1 () ()]", "[COPYUID 1  ]", "[COPYUID 1 1:3 7,5,6]", "[COPYUID]"} {
			srv.ReplyOnce("APPEND", "* OK "+code+" moved", "{tag} OK "+code+" done")
			if res := appendAll(t, s, "INBOX", 1, message("one")); res[0].Err != nil || res[0].UID != 0 {
				t.Errorf("%s: %+v", code, res)
			}
		}
		sentNone(t, srv, "COPY", "UID COPY", "MOVE", "UID MOVE")
		mustLive(t, s)
	}},
}

// examinedAs opens INBOX, of which the server says these lines.
func examinedAs(t *testing.T, lines ...string) mailbox.Status {
	t.Helper()
	srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
	srv.Reply("STATUS", "* STATUS INBOX (MESSAGES 3 UIDNEXT 0 UIDVALIDITY 0)")
	srv.Reply("EXAMINE", append([]string{"* 3 EXISTS"}, lines...)...)
	s := session(t, srv)
	st, err := s.Examine(t.Context(), "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	mustLive(t, s)
	return st
}

// extraPlusBeforeAppend: a "+" that answers nothing must not pass for the consent to
// the next literal, or a refused message would be read as commands.
func extraPlusBeforeAppend(t *testing.T) {
	t.Helper()
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 UIDPLUS"})
	srv.OnLiteral(func(c *imaptest.Conn, cmd *imaptest.Command, size int64) bool {
		if size == 9000 {
			c.NO(cmd, "[TOOBIG] no")
		}
		return size != 9000
	})
	srv.Reply("NOOP", "+ extra", "{tag} OK done")
	s := session(t, srv)
	res := appendAll(t, s, "INBOX", 3, message("one"), message(strings.Repeat("x\r\n", 3000)), message("three"))
	wantCode(t, res[1].Err, core.TooBig)
	if res[0].UID != 1 || res[2].UID != 2 {
		t.Errorf("%+v", res)
	}
	mustLive(t, s)
}
