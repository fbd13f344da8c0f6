package imaptest

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// The profiles below are personalities of providers' servers, as far as recorded
// sessions and public reports show them. Each has the provider's special folders.

// NetEase is NetEase's (Coremail's) server: nothing can be opened before ID was sent
// with real values; no UIDNEXT, no keywords, UIDVALIDITY always 1, no NAMESPACE.
func NetEase(tb testing.TB) *Server {
	const caps = "IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1"
	s := New(tb, Options{Greeting: "* OK Coremail System IMap Server Ready(163com[old.example])", Caps: caps,
		Quirks: Quirks{Permanent: `\Answered \Seen \Deleted \Draft \Flagged`, NoUIDNext: true, Validity: 1}})
	s.folders(map[string]string{"&g0l6P3ux-": `\Drafts`, "&XfJT0ZAB-": `\Sent`, "&XfJSIJZk-": `\Trash`, "&V4NXPpCuTvY-": `\Junk`})
	s.Guard(func(c *Conn, cmd *Command) bool {
		if (cmd.Verb == "SELECT" || cmd.Verb == "EXAMINE") && !c.Named {
			c.NO(cmd, cmd.Verb+" Unsafe Login. Please contact help@old.example for help")
			return false
		}
		return true
	})
	return s
}

// TencentRoot is the raw name of 其他文件夹, under which Tencent keeps all user folders.
const TencentRoot = "&UXZO1mWHTvZZOQ-"

// Tencent is QQ's, Exmail's and WeCom's server: no special use, no UIDPLUS, UID sets
// that do not ascend are refused, SEARCH ignores its criteria, user folders stand
// under one parent.
func Tencent(tb testing.TB) *Server {
	const caps = "IMAP4 IMAP4rev1 ID AUTH=PLAIN AUTH=LOGIN NAMESPACE"
	s := New(tb, Options{Greeting: "* OK [CAPABILITY " + caps + "] QQMail IMAP4Server ready", Caps: caps})
	s.folders(map[string]string{"Sent Messages": "", "Drafts": "", "Deleted Messages": "", "Junk": "", TencentRoot: `\NoSelect \HasChildren`})
	everything := func(c *Conn, cmd *Command) { c.Script(cmd, "* SEARCH 1 2 3 4 5 6 7 8 9") }
	s.On("SEARCH", everything)
	s.On("UID SEARCH", everything)
	s.Guard(func(c *Conn, cmd *Command) bool {
		switch {
		case strings.HasPrefix(cmd.Verb, "UID ") && c.Selected != nil && !c.ascends(strings.Fields(cmd.Args)[0]):
			c.BAD(cmd, "UID parameters!")
			return false
		case cmd.Verb == "CREATE" && !strings.HasPrefix(cmd.Words()[0], TencentRoot+"/"):
			c.NO(cmd, "CREATE Mailbox name is not allowed")
			return false
		}
		return true
	})
	return s
}

// ascends says whether no range of a set is reversed, with * for the last UID.
func (c *Conn) ascends(set string) bool {
	c.Server.mu.Lock()
	defer c.Server.mu.Unlock()
	last := uint32(0)
	for part := range strings.SplitSeq(set, ",") {
		lo, hi, isRange := strings.Cut(part, ":")
		from := c.Selected.number(lo)
		to := from
		if isRange {
			to = c.Selected.number(hi)
		}
		if from <= last || to < from {
			return false
		}
		last = to
	}
	return true
}

// AliMail is Alibaba's server: a folder's name in raw 8-bit ends the connection
// without an answer.
func AliMail(tb testing.TB) *Server {
	s := New(tb, Options{Greeting: "* OK AliYun IMAP Server Ready(10.147.40.164)", Caps: "IMAP4rev1 ID NAMESPACE UIDPLUS LITERAL+ SPECIAL-USE"})
	s.folders(map[string]string{"&XfJT0ZAB-": `\Sent`, "&g0l6P3ux-": `\Drafts`, "&V4NXPpCuTvY-": `\Junk`, "&XfJSIJZkkK5O9g-": `\Trash`})
	s.Guard(func(c *Conn, cmd *Command) bool {
		said := cmd.Args
		if len(cmd.Literals) > 0 && (cmd.Verb != "APPEND" || strings.HasPrefix(cmd.Args, "{")) {
			said += string(cmd.Literals[0])
		}
		if strings.ContainsFunc(said, func(r rune) bool { return r >= 0x80 }) {
			c.Close()
			return false
		}
		return true
	})
	return s
}

// Gmail is Gmail's server: labels as folders, All Mail that holds everything again.
// X-GM-LABELS and X-GM-MSGID answer what [Message] says.
func Gmail(tb testing.TB) *Server {
	const caps = "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE ESEARCH " +
		"UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584"
	s := New(tb, Options{Greeting: "* OK Gimap ready for requests from 192.0.2.1 old example", Caps: caps})
	s.folders(map[string]string{"[Gmail]": `\HasChildren \Noselect`, "[Gmail]/All Mail": `\All`, "[Gmail]/Sent Mail": `\Sent`, "[Gmail]/Drafts": `\Drafts`,
		"[Gmail]/Spam": `\Junk`, "[Gmail]/Trash": `\Trash`, "[Gmail]/Starred": `\Flagged`, "[Gmail]/Important": `\Important`})
	s.Reply("GETQUOTAROOT", `* QUOTAROOT "INBOX" ""`, `* QUOTA "" (STORAGE 12 9007199254740993)`)
	return s
}

// Exchange is Microsoft's server: sizes are estimates, an empty ID is refused, ten
// refusals end a connection.
func Exchange(tb testing.TB) *Server {
	s := New(tb, Options{Greeting: "* OK The Microsoft Exchange IMAP4 service is ready. [old.example]",
		Caps: "IMAP4 IMAP4rev1 AUTH=PLAIN UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+", Quirks: Quirks{StatusTail: " ", SizeError: 37, MaxErrors: 10}})
	s.folders(map[string]string{"Sent Items": "", "Drafts": "", "Deleted Items": "", "Junk Email": ""})
	s.Guard(func(c *Conn, cmd *Command) bool {
		if cmd.Verb == "ID" && cmd.Args == "()" {
			c.BAD(cmd, "Command Argument Error. 12")
			return false
		}
		return true
	})
	return s
}

// Courier is Courier-IMAP: everything stands under INBOX with dots, no literal goes
// unasked, UIDVALIDITY is not told on EXAMINE, and an appended message shows only
// after its folder is opened anew.
func Courier(tb testing.TB) *Server {
	s := New(tb, Options{Greeting: "* OK Courier-IMAP ready. Copyright 1998-2024 Double Precision, Inc.",
		Caps:   "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE",
		Quirks: Quirks{Separator: ".", Prefix: "INBOX.", SelectOnly: true, LateMessages: true}})
	s.folders(map[string]string{"INBOX.Sent": "", "INBOX.Drafts": "", "INBOX.Trash": ""})
	return s
}

// folders makes folders with attributes, in the order of their names.
func (s *Server) folders(attributes map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		s.Mailbox(name).Attributes = attributes[name]
	}
}
