package imaptest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// Provider is a personality: how a provider's server behaves, as far as recorded
// sessions and public reports show it.
type Provider string

// The personalities.
const (
	ProviderNetEase  Provider = "netease"
	ProviderTencent  Provider = "tencent"
	ProviderAliMail  Provider = "alimail"
	ProviderGmail    Provider = "gmail"
	ProviderExchange Provider = "exchange"
	ProviderYahoo    Provider = "yahoo"
	ProviderCourier  Provider = "courier"
)

// TencentRoot is the raw name of 其他文件夹, under which Tencent keeps all user folders.
const TencentRoot = "&UXZO1mWHTvZZOQ-"

// personality is a server's options and what it does beyond its quirks.
type personality struct {
	options Options
	setup   func(*Server)
}

var personalities = map[Provider]func() personality{
	ProviderNetEase: netEase, ProviderTencent: tencent, ProviderAliMail: aliMail, ProviderGmail: gmail,
	ProviderExchange: exchange, ProviderYahoo: yahoo, ProviderCourier: courier,
}

// Providers lists the personalities, sorted.
func Providers() []Provider { return slices.Sorted(maps.Keys(personalities)) }

// StartOffice runs a provider's server for many people (sign-in names with their
// passwords), each with folders of their own; it needs no test:
//
//	srv, err := imaptest.StartOffice(imaptest.ProviderNetEase, people)
//	srv.Account("li.lei@old.example").Mailbox("INBOX").Add(imaptest.Message{Body: …})
//
// tune changes its habits beforehand, e.g. to throttle. Close ends it.
func StartOffice(p Provider, people map[string]string, tune ...func(*Options)) (*Server, error) {
	make, ok := personalities[p]
	if !ok {
		return nil, fmt.Errorf("no server behaves as %q", p)
	}
	person := make()
	person.options.People = people
	for _, f := range tune {
		f(&person.options)
	}
	s, err := Start(person.options)
	if err == nil && person.setup != nil {
		person.setup(s)
	}
	return s, err
}

// NetEase, Tencent, AliMail, Gmail, Exchange, Yahoo and Courier run a server of that
// personality with one account for everybody, until the test ends.
func NetEase(tb testing.TB) *Server { return forTest(tb, ProviderNetEase) }

// Tencent: see [NetEase].
func Tencent(tb testing.TB) *Server { return forTest(tb, ProviderTencent) }

// AliMail: see [NetEase].
func AliMail(tb testing.TB) *Server { return forTest(tb, ProviderAliMail) }

// Gmail: see [NetEase].
func Gmail(tb testing.TB) *Server { return forTest(tb, ProviderGmail) }

// Exchange: see [NetEase].
func Exchange(tb testing.TB) *Server { return forTest(tb, ProviderExchange) }

// Yahoo: see [NetEase].
func Yahoo(tb testing.TB) *Server { return forTest(tb, ProviderYahoo) }

// Courier: see [NetEase].
func Courier(tb testing.TB) *Server { return forTest(tb, ProviderCourier) }

func forTest(tb testing.TB, p Provider) *Server {
	tb.Helper()
	s, err := StartOffice(p, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Close)
	return s
}

// netEase is NetEase's (Coremail's) server: nothing can be opened before ID was sent
// with real values; no UIDNEXT, no keywords, UIDVALIDITY always 1, UIDs that look like
// times, no NAMESPACE (public index 34205543073; imapclient#544).
func netEase() personality {
	const caps = "IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1"
	return personality{Options{
		Greeting: "* OK Coremail System IMap Server Ready(163com[old.example])", Caps: caps, Refusal: "LOGIN Login error or password error",
		Folders: map[string]string{"&g0l6P3ux-": `\Drafts`, "&XfJT0ZAB-": `\Sent`, "&XfJSIJZk-": `\Trash`, "&V4NXPpCuTvY-": `\Junk`},
		Quirks:  Quirks{Permanent: `\Answered \Seen \Deleted \Draft \Flagged`, NoUIDNext: true, Validity: 1, FirstUID: 1392611444, Strict: true},
	}, func(s *Server) {
		s.Guard(func(c *Conn, cmd *Command) bool {
			if (cmd.Verb == "SELECT" || cmd.Verb == "EXAMINE") && !c.Named {
				c.NO(cmd, cmd.Verb+" Unsafe Login. Please contact help@old.example for help")
				return false
			}
			return true
		})
		s.On("ID", func(c *Conn, cmd *Command) {
			c.Named = strings.Contains(cmd.Args, `"name" "`)
			c.Script(cmd, `* ID ("name" "Coremail Imap" "vendor" "Mailtech" "TransID" "1")`)
		})
	}}
}

// tencent is QQ's, Exmail's and WeCom's server: no special use, no UIDPLUS, UID sets
// that do not ascend are refused, SEARCH ignores its criteria, user folders stand
// under one parent, an unknown command ends the connection (Wino-Mail#575, #201;
// public index 22310528939, 70069558378; tool.4xseo.com/a/31747).
func tencent() personality {
	const caps = "IMAP4 IMAP4rev1 ID AUTH=PLAIN AUTH=LOGIN NAMESPACE"
	return personality{Options{
		Greeting: "* OK [CAPABILITY " + caps + "] QQMail IMAP4Server ready", Caps: caps,
		Refusal: "Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy. More information at https://help.mail.qq.com/detail/108/1023",
		Folders: map[string]string{"Sent Messages": "", "Drafts": "", "Deleted Messages": "", "Junk": "", TencentRoot: `\NoSelect \HasChildren`},
		Quirks:  Quirks{Strict: true, DropUnknown: true},
	}, func(s *Server) {
		everything := func(c *Conn, cmd *Command) { c.Script(cmd, "* SEARCH 1 2 3 4 5 6 7 8 9") }
		s.On("SEARCH", everything)
		s.On("UID SEARCH", everything)
		s.Guard(func(c *Conn, cmd *Command) bool {
			switch {
			case cmd.Verb != "UID SEARCH" && strings.HasPrefix(cmd.Verb, "UID ") && c.Selected != nil && !c.ascends(strings.Fields(cmd.Args)[0]):
				c.BAD(cmd, "UID parameters!")
				return false
			case cmd.Verb == "CREATE" && !strings.HasPrefix(cmd.Words()[0], TencentRoot+"/"):
				c.NO(cmd, "CREATE Mailbox name is not allowed")
				return false
			}
			return true
		})
	}}
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

// aliMail is Alibaba's server: a folder's name in raw 8-bit ends the connection
// without an answer; attributes are sent though SPECIAL-USE is not offered; no literal
// goes unasked (public index 68573818223, 13607324405; go-imap#638).
func aliMail() personality {
	return personality{Options{
		Greeting: "* OK AliYun IMAP Server Ready(10.147.40.164)", Caps: "IMAP4rev1 IDLE XLIST UIDPLUS ID SASL-IR AUTH=XOAUTH AUTH=XOAUTH2 AUTH=EXTERNAL",
		Folders: map[string]string{"&XfJT0ZAB-": `\Sent`, "&g0l6Pw-": `\Drafts`, "&V4NXPpCuTvY-": `\Junk`, "&XfJSIJZkkK5O9g-": `\Trash`},
		Quirks:  Quirks{Strict: true},
	}, func(s *Server) {
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
	}}
}

// gmail is Gmail's server: labels as folders, All Mail that holds everything once, 15
// connections, names without spare blanks, a limit of size. X-GM-LABELS and X-GM-MSGID
// answer what [Message] says (imapsync FAQ.Gmail; Mailspring's personalities).
func gmail() personality {
	const caps = "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE ESEARCH " +
		"UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584"
	return personality{Options{
		Greeting: "* OK Gimap ready for requests from 192.0.2.1 old example", Caps: caps, Refusal: "[AUTHENTICATIONFAILED] Invalid credentials (Failure)",
		Folders: map[string]string{"[Gmail]": `\HasChildren \Noselect`, "[Gmail]/All Mail": `\All`, "[Gmail]/Sent Mail": `\Sent`, "[Gmail]/Drafts": `\Drafts`,
			"[Gmail]/Spam": `\Junk`, "[Gmail]/Trash": `\Trash`, "[Gmail]/Starred": `\Flagged`, "[Gmail]/Important": `\Important`},
		Quirks: Quirks{Strict: true, MaxConns: 15, ConnsText: "[ALERT] Too many simultaneous connections. (Failure)", LargestMessage: 35651584, AllMail: "[Gmail]/All Mail"},
	}, func(s *Server) {
		s.Reply("GETQUOTAROOT", `* QUOTAROOT "INBOX" ""`, `* QUOTA "" (STORAGE 12 9007199254740993)`)
		s.Guard(func(c *Conn, cmd *Command) bool {
			switch w := cmd.Words(); {
			case cmd.Verb == "CREATE" && (strings.Contains(w[0], "  ") || slices.ContainsFunc(strings.Split(w[0], "/"), func(l string) bool { return strings.TrimSpace(l) != l })):
				c.NO(cmd, "[CANNOT] Folder contains excess whitespace (Failure)")
				return false
			case (cmd.Verb == "SELECT" || cmd.Verb == "EXAMINE") && w[0] == "[Gmail]":
				c.NO(cmd, "[NONEXISTENT] Unknown Mailbox: [Gmail] (Failure)")
				return false
			}
			return true
		})
	}}
}

// exchange is Microsoft's server: sizes are estimates, an empty ID is refused, ten
// refusals end a connection, names differ by more than case, long lines break a
// message. Throttling is off until Quirks.ThrottleEvery says otherwise (imapsync
// FAQ.Exchange, FAQ.Office365).
func exchange() personality {
	return personality{Options{
		Greeting: "* OK The Microsoft Exchange IMAP4 service is ready. [old.example]", Refusal: "LOGIN failed.",
		Caps:    "IMAP4 IMAP4rev1 AUTH=PLAIN UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+",
		Folders: map[string]string{"Sent Items": "", "Drafts": "", "Deleted Items": "", "Junk Email": ""},
		Quirks: Quirks{Strict: true, StatusTail: " ", SizeError: 37, MaxErrors: 10, CaseFold: true, LongestLine: 10_500, LongestCommand: 10_240,
			Backoff: 50 * time.Millisecond, MaxConns: 20, ConnsText: "LOGIN failed. Too many connections"},
	}, func(s *Server) {
		s.Guard(func(c *Conn, cmd *Command) bool {
			if cmd.Verb == "ID" && cmd.Args == "()" {
				c.BAD(cmd, "Command Argument Error. 12")
				return false
			}
			return true
		})
	}}
}

// yahoo is Yahoo's ordinary server: a folder shows its newest 10,000 messages, one
// answer holds 1,000, a command has 1,000 bytes, a message must end with CR LF
// (Mailspring's personalities, recorded 2026-09-24; bichon#144; imapsync FAQ.Yahoo).
// With ShowAtMost 0 it is the export server.
func yahoo() personality {
	const caps = "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 ID MOVE NAMESPACE UIDPLUS LITERAL+ UNSELECT OBJECTID IDLE ENABLE UIDONLY LIST-EXTENDED LIST-STATUS " +
		"SPECIAL-USE MESSAGELIMIT=1000 PARTIAL APPENDLIMIT=41697280 XYMHIGHESTMODSEQ"
	return personality{Options{
		Greeting: "* OK [CAPABILITY " + caps + "] IMAP Server up and ready to accept your request", Caps: caps, Refusal: "[AUTHENTICATIONFAILED] LOGIN Invalid credentials",
		Folders: map[string]string{"Sent": `\Sent`, "Draft": `\Drafts`, "Trash": `\Trash`, "Bulk": `\Junk`, "Archive": `\Archive`},
		Quirks:  Quirks{Strict: true, ShowAtMost: 10_000, MostAtOnce: 1000, LongestCommand: 1000, FinalCRLF: true, LargestMessage: 41_697_280},
	}, nil}
}

// courier is Courier-IMAP: everything stands under INBOX with dots, no literal goes
// unasked, UIDVALIDITY is not told on EXAMINE, and an appended message shows only
// after its folder is opened anew.
func courier() personality {
	return personality{Options{
		Greeting: "* OK Courier-IMAP ready. Copyright 1998-2024 Double Precision, Inc.", Refusal: "Login failed.",
		Caps:    "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE",
		Folders: map[string]string{"INBOX.Sent": "", "INBOX.Drafts": "", "INBOX.Trash": ""},
		Quirks:  Quirks{Separator: ".", Prefix: "INBOX.", SelectOnly: true, LateMessages: true},
	}, nil}
}
