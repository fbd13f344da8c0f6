package imap_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
)

// TestTheRulesThatHoldEverywhere proves at the wire what of the 22 rules is the
// client's. What the engine adds to 8-12, 14-17, 20 and 21 is proven in package
// migrate, with the same numbers.
func TestTheRulesThatHoldEverywhere(t *testing.T) {
	keep(t, 22, append(slices.Clone(rulesOfTalking), rulesOfReading...))
}

// rulesOfTalking are about what is sent.
var rulesOfTalking = []promise{
	{"01 order of a session: capabilities again after sign-in, then ID with real values, never ()", sessionOrder},
	{"02 never ENVELOPE, BODY or BODYSTRUCTURE", func(t *testing.T) {
		srv := stocked(t, imaptest.Options{Caps: imaptest.DefaultCaps + " CONDSTORE X-GM-EXT-1"}, 5)
		source(t, session(t, srv))
		for _, l := range srv.Log() {
			items, isFetch := strings.CutPrefix(l, "UID FETCH ")
			if !isFetch {
				continue
			}
			_, items, _ = strings.Cut(items, " ")
			for _, known := range []string{"BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)]", "BODY.PEEK[]",
				"RFC822.SIZE", "UID", "FLAGS", "INTERNALDATE", "MODSEQ", "X-GM-MSGID", "X-GM-LABELS"} {
				items = strings.Replace(items, known, "", 1)
			}
			if strings.Trim(items, "() ") != "" {
				t.Errorf("asked %q", l)
			}
		}
	}},
	{"03 UID sets ascend, no range is reversed, no command is over 980 bytes", ascendingSets},
	{"04 new mail without UIDNEXT: n:* without the echo of the last message", func(t *testing.T) {
		srv := stocked(t, imaptest.Options{Caps: "IMAP4rev1 ID UIDPLUS X-CM-EXT-1"}, 3)
		srv.Reply("STATUS", "* STATUS INBOX (MESSAGES 3 UIDVALIDITY 1)")
		srv.Reply("EXAMINE", "* 3 EXISTS", "* OK [UIDVALIDITY 1]")
		box := srv.Mailbox("INBOX")
		srv.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
			c.Selected = box
			imaptest.Default(c, cmd)
		})
		s := examined(t, srv)
		above := func() (uids []mailbox.UID) {
			if err := s.List(t.Context(), 4, 0, 0, func(m mailbox.Meta) error { uids = append(uids, m.UID); return nil }); err != nil {
				t.Fatal(err)
			}
			return uids
		}
		if got := above(); len(got) != 0 || s.Traits().UIDNext {
			t.Errorf("%v above the last, %+v", got, s.Traits())
		}
		if box.Add(imaptest.Message{Body: "new"}); !slices.Equal(above(), []mailbox.UID{4}) {
			t.Error("the new message was not found")
		}
		if srv.Count("UID FETCH 4:* ") != 2 {
			t.Errorf("%q", srv.Log())
		}
	}},
	{"05 SEARCH is never asked, and never believed", func(t *testing.T) {
		srv := stocked(t, imaptest.Options{}, 4)
		srv.On("UID FETCH", func(c *imaptest.Conn, cmd *imaptest.Command) {
			c.Send("* SEARCH 1 7 9", `* ESEARCH (TAG "x") UID ALL 1:900`)
			imaptest.Default(c, cmd)
		})
		if got := source(t, session(t, srv)); len(got) != 4 {
			t.Errorf("%d messages", len(got))
		}
		sentNone(t, srv, "SEARCH", "UID SEARCH", "SORT", "UID SORT", "THREAD", "UID THREAD", "ESEARCH")
	}},
	{"06 LIST plain first; other forms only where advertised; one that was answered BAD never again", listForms},
	{"07 raw names are kept, and ours are modified UTF-7 whatever is on offer", rawNames},
	{"08 CREATE parents first, what exists is fine, then SUBSCRIBE; no separator within a level", createFolders},
	{`09 APPEND with flags and date as given, without \Recent`, func(t *testing.T) {
		srv := imaptest.New(t, imaptest.Options{})
		s := session(t, srv)
		bare := message("two")
		bare.Flags = []string{`\Recent`, `\recent`}
		m := message("one")
		m.Flags = []string{`\Seen`, `\Recent`, "$Work", "two words", `\`}
		res := appendAll(t, s, "INBOX", 1, m, bare)
		log := slices.DeleteFunc(srv.Log(), func(l string) bool { return !strings.HasPrefix(l, "APPEND") })
		want := `APPEND "INBOX" (\Seen $Work) "` + m.Date.Format("02-Jan-2006 15:04:05 -0700") + `" {3+}`
		if len(log) != 2 || log[0] != want || strings.Contains(log[1], "(") || res[1].Err != nil {
			t.Errorf("%q, want %q", log, want)
		}
		noted(t, s, "flag_unwritable")
	}},
	{"10 UID from APPENDUID; without it 0 and no error", func(t *testing.T) {
		for caps, want := range map[string]mailbox.UID{plainCaps: 1, "IMAP4rev1 ID LITERAL+": 0} {
			srv := imaptest.New(t, imaptest.Options{Caps: caps})
			s := session(t, srv)
			if res := appendAll(t, s, "INBOX", 1, message("one")); res[0].Err != nil || res[0].UID != want {
				t.Errorf("%s: %+v", caps, res)
			}
			mustLive(t, s)
		}
	}},
	{"11 a connection that breaks in an APPEND is an unknown outcome, and nothing is sent again", brokenAppend},
	{"12 bodies are sent byte for byte, with NUL as literal8 on request", func(t *testing.T) {
		for _, caps := range []string{"IMAP4rev1 UIDPLUS LITERAL+ BINARY", "IMAP4rev1 UIDPLUS", "IMAP4rev1 UIDPLUS LITERAL+ MULTIAPPEND BINARY"} {
			srv := imaptest.New(t, imaptest.Options{Caps: caps})
			s := session(t, srv)
			want := []string{"a\nbare\nline", "no end", "\xff\xfe8-bit: \xb7\xa2\r\n", strings.Repeat("long", 5000) + "\r\n", "a\x00b\r\n", "\r\r\n"}
			var ms []mailbox.Append
			for _, b := range want {
				m := message(b)
				m.Binary = strings.Contains(b, "\x00")
				ms = append(ms, m)
			}
			appendAll(t, s, "INBOX", len(ms), ms...)
			for i, m := range srv.Mailbox("INBOX").Messages() {
				if m.Body != want[i] {
					t.Errorf("%s: stored %q, want %q", caps, m.Body, want[i])
				}
			}
			if literal8 := strings.Contains(strings.Join(srv.Log(), "\n"), " ~{5"); literal8 != strings.Contains(caps, "BINARY") {
				t.Errorf("%s: literal8 %t", caps, literal8)
			}
			mustLive(t, s)
		}
	}},
}

func sessionOrder(t *testing.T) {
	for name, c := range map[string]struct {
		greeting, id string
		want         []string
	}{
		"accepted": {want: []string{"CAPABILITY", "LOGIN", "CAPABILITY", "ID", "NAMESPACE"}},
		"NO":       {id: "{tag} NO go away", want: []string{"CAPABILITY", "LOGIN", "CAPABILITY", "ID", "NAMESPACE"}},
		"BAD":      {id: "{tag} BAD what", want: []string{"CAPABILITY", "LOGIN", "CAPABILITY", "ID", "NAMESPACE"}},
		"2003": {greeting: "* OK Microsoft Exchange Server 2003 IMAP4rev1 ready", // drops the line on NAMESPACE
			want: []string{"CAPABILITY", "LOGIN", "CAPABILITY", "ID", "LIST"}},
	} {
		t.Run(name, func(t *testing.T) {
			srv := imaptest.New(t, imaptest.Options{Greeting: c.greeting, PreCaps: "IMAP4rev1", Caps: "IMAP4rev1 ID NAMESPACE"})
			if c.id != "" {
				srv.Reply("ID", c.id)
			}
			s := session(t, srv, func(cfg *imap.Config) { cfg.ID = imap.Identity{} })
			if got := verbs(srv); !slices.Equal(got[:min(len(got), len(c.want))], c.want) {
				t.Errorf("%q", got)
			}
			if !slices.Contains(srv.Log(), `ID ("name" "Mailroom" "version" "1.0" "vendor" "Mailroom")`) {
				t.Errorf("no ID with real values: %q", srv.Log())
			}
			mustLive(t, s)
		})
	}
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 NAMESPACE"}) // ID is not advertised
	srv.Reply("NAMESPACE", "{tag} BAD User is authenticated but not connected.")
	_, err := account(t, srv).Open(t.Context())
	wantCode(t, err, core.Unauthenticated)
	sentNone(t, srv, "ID")
}

// verbs are the first words of what was sent.
func verbs(srv *imaptest.Server) []string {
	out := srv.Log()
	for i := range out {
		out[i], _, _ = strings.Cut(out[i], " ")
	}
	return out
}

func ascendingSets(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	box := srv.Mailbox("INBOX")
	var uids []mailbox.UID
	for i := range 1500 {
		uids = append(uids, box.Add(imaptest.Message{UID: uint32(4_000_000_000 + 7*i - i%3), Body: "b"}))
	}
	slices.Reverse(uids)
	strict := func(c *imaptest.Conn, cmd *imaptest.Command) {
		switch {
		case !ascending(cmd.Words()[0]):
			c.BAD(cmd, "UID parameters!")
		case len(cmd.Tag)+len(cmd.Verb)+len(cmd.Args)+len("  \r\n") > 980:
			c.BAD(cmd, "command too long")
		default:
			imaptest.Default(c, cmd)
		}
	}
	for _, verb := range []string{"UID FETCH", "UID STORE", "UID EXPUNGE"} {
		srv.On(verb, strict)
	}
	s := session(t, srv)
	if got := source(t, s); len(got) != 1500 {
		t.Errorf("%d messages", len(got))
	}
	if got, bad := bodies(t.Context(), t, s, uids...); len(got) != 1500 || len(bad) > 0 {
		t.Errorf("%d messages, %v", len(got), bad)
	}
	if _, err := s.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	if err := s.Store(t.Context(), uids, true, []string{`\Flagged`}); err != nil {
		t.Error(err)
	}
	if err := s.Remove(t.Context(), uids); err != nil || len(box.Messages()) > 0 {
		t.Errorf("%v, %d left", err, len(box.Messages()))
	}
}

// ascending says whether a UID set ascends throughout.
func ascending(set string) bool {
	last := uint64(0)
	for _, n := range strings.FieldsFunc(set, func(r rune) bool { return r == ',' || r == ':' }) {
		var u uint64 = 1 << 32
		if n != "*" {
			if _, err := fmt.Sscan(n, &u); err != nil {
				return false
			}
		}
		if u <= last {
			return false
		}
		last = u
	}
	return true
}

func listForms(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 SPECIAL-USE LIST-EXTENDED XLIST"})
	answer := "BAD"
	srv.On("LIST", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if cmd.Args != `"" "*"` {
			c.Send(cmd.Tag + " " + answer + " not this form")
			return
		}
		c.Script(cmd, `* LIST () "/" INBOX`, `* LIST () "/" NIL`, `* LIST (\Noselect) "/" "[Gmail]"`, `* LIST () "/" "[Gmail]/Spam"`, `* LIST () "/" NIL`)
	})
	srv.Reply("LSUB", "{tag} NO never heard of it")
	srv.Reply("XLIST", `* XLIST (\Spam) "/" "[Gmail]/Spam"`)
	s := session(t, srv)
	for range 3 {
		folders, err := s.Folders(t.Context())
		if err != nil || len(folders) != 4 || folders[1].ID != "NIL" || folders[2].Selectable || folders[3].Role != core.RoleJunk {
			t.Fatalf("%+v %v", folders, err)
		}
	}
	if n := srv.Count(`LIST "" "*" RETURN`); n != 1 {
		t.Errorf("the form answered BAD was sent %d times", n)
	}
	if n := srv.Count("LSUB"); n != 3 {
		t.Errorf("the form answered NO was sent %d times", n)
	}
	noted(t, s, "list_refused")
	noted(t, s, "folder_listed_twice")
	plain := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1"})
	if _, err := session(t, plain).Folders(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, l := range plain.Log() {
		if strings.Contains(l, "RETURN") || strings.HasPrefix(l, "XLIST") || strings.HasPrefix(l, "NAMESPACE") || strings.HasPrefix(l, "ID") || strings.Contains(l, "SPECIAL-USE") {
			t.Errorf("not advertised, but sent: %q", l)
		}
	}
}

func rawNames(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: plainCaps + " UTF8=ACCEPT ENABLE"})
	names := []string{"INBOX", "&bad-", "&XfJT0ZAB-", "Größe", "\xd2\xd1\xb7\xa2", "a&b"}
	for _, n := range names {
		srv.Mailbox(n)
	}
	s := session(t, srv)
	folders, err := s.Folders(t.Context())
	if err != nil || len(folders) != len(names) {
		t.Fatalf("%+v %v", folders, err)
	}
	for i, f := range folders {
		if f.ID != names[i] {
			t.Errorf("%q became %q", names[i], f.ID)
		}
		if _, err := s.Examine(t.Context(), f.ID); err != nil {
			t.Errorf("%q cannot be opened again: %v", f.ID, err)
		}
	}
	id, err := s.FolderID([]string{"已发送", "R&D"})
	if err != nil || id != "&XfJT0ZAB-/R&-D" {
		t.Errorf("%q %v", id, err)
	}
	sentNone(t, srv, "ENABLE")
}

func createFolders(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
	srv.Mailbox("Trash")
	srv.On("CREATE", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if cmd.Words()[0] == "Trash" {
			c.NO(cmd, "Mailbox already exists")
			return
		}
		imaptest.Default(c, cmd)
	})
	s := session(t, srv)
	ids := []string{"a/b/c", "Trash", "a/b", "INBOX", "a"}
	res, err := s.Create(t.Context(), ids)
	if err != nil || slices.ContainsFunc(res, func(e error) bool { return e != nil }) {
		t.Fatalf("%v %v", res, err)
	}
	if _, err := s.Subscribe(t.Context(), ids); err != nil || !srv.Mailbox("a/b/c").Subscribed {
		t.Error(err)
	}
	log := slices.DeleteFunc(srv.Log(), func(l string) bool { return !strings.HasPrefix(l, "CREATE") })
	if got := strings.Join(log, " "); got != `CREATE "Trash" CREATE "a" CREATE "a/b" CREATE "a/b/c"` {
		t.Error(got)
	}
	_, err = s.FolderID([]string{"in/out"})
	wantCode(t, err, core.Invalid)
}

func brokenAppend(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{Caps: plainCaps})
	srv.On("APPEND", func(c *imaptest.Conn, cmd *imaptest.Command) {
		if srv.Mailbox("INBOX").Add(imaptest.Message{Body: string(cmd.Literals[0])}) == 2 {
			c.Close() // stored, but nobody hears of it
			return
		}
		c.OK(cmd, "done")
	})
	s := session(t, srv)
	b, err := s.Batch(t.Context(), "INBOX", 3)
	for i := 0; err == nil && i < 3; i++ {
		err = b.Add(t.Context(), message("m"))
	}
	if err == nil {
		err = b.Finish(t.Context())
	}
	if err == nil {
		_, err = b.Wait(t.Context())
	}
	wantCode(t, err, core.Unreachable)
	if _, err := s.Folders(t.Context()); core.CodeOf(err) != core.Unreachable {
		t.Error("the session goes on:", err)
	}
	if n := len(srv.Mailbox("INBOX").Messages()); n != 2 || srv.Count("LOGIN") != 1 {
		t.Errorf("%d stored over %d connections", n, srv.Count("LOGIN"))
	}
}
