package imaptest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
)

// client speaks raw IMAP lines.
type client struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
	n    int
}

func dial(t *testing.T, s *Server) *client {
	t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort(s.Host(), strconv.Itoa(s.Port())))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	c := &client{t: t, conn: conn, r: bufio.NewReader(conn)}
	c.line()
	return c
}

func (c *client) line() string {
	l, err := c.r.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
		return "gone"
	}
	if l == "" {
		return "gone"
	}
	return strings.TrimRight(l, "\r\n")
}

// says sends a command and returns everything up to its tagged reply, or "gone".
func (c *client) says(command string) string {
	c.t.Helper()
	c.n++
	tag := fmt.Sprintf("t%d", c.n)
	if _, err := io.WriteString(c.conn, tag+" "+command+"\r\n"); err != nil {
		return "gone"
	}
	var all []string
	for {
		l := c.line()
		all = append(all, l)
		if l == "gone" || strings.HasPrefix(l, tag+" ") {
			return strings.Join(all, "\n")
		}
	}
}

func (c *client) append(folder, body string) string {
	return c.says(fmt.Sprintf("APPEND %q {%d+}\r\n%s", folder, len(body), body))
}

func (c *client) in(user, password string) *client {
	c.t.Helper()
	if got := c.says("LOGIN " + Quote(user) + " " + Quote(password)); !strings.Contains(got, " OK ") {
		c.t.Fatal(got)
	}
	return c
}

func expect(t *testing.T, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%q does not hold %q", got, want)
	}
}

const mail = "Subject: one\r\n\r\nhello\r\n"

func TestNetEaseWantsIDAndTellsNoUIDNext(t *testing.T) {
	s := NetEase(t)
	s.Mailbox("INBOX").Add(Message{Body: mail})
	c := dial(t, s).in("li", "x")
	expect(t, c.says("SELECT INBOX"), "NO SELECT Unsafe Login")
	expect(t, c.says(`ID ()`), "Coremail")
	expect(t, c.says("EXAMINE INBOX"), "NO EXAMINE Unsafe Login")
	expect(t, c.says(`ID ("name" "Mailroom")`), `"vendor" "Mailtech"`)
	opened := c.says("SELECT INBOX")
	if strings.Contains(opened, "UIDNEXT") || strings.Contains(opened, `\*`) {
		t.Errorf("UIDNEXT or keywords: %s", opened)
	}
	expect(t, opened, "UIDVALIDITY 1]")
	expect(t, c.says("UID FETCH 1:* (FLAGS)"), "UID 1392611444")
	expect(t, c.says(`STATUS INBOX (MESSAGES UIDNEXT)`), "(MESSAGES 1 UIDVALIDITY 1)")
	for _, command := range []string{"NAMESPACE", "ENABLE CONDSTORE", "UNSELECT", "IDLE", "GETQUOTAROOT INBOX"} {
		expect(t, c.says(command), " BAD ")
	}
	expect(t, c.says(`LIST "" "*"`), `(\Sent) "/" "&XfJT0ZAB-"`)
}

func TestTencentRefusesDescendingSetsAndDropsUnknownCommands(t *testing.T) {
	s := Tencent(t)
	for range 3 {
		s.Mailbox("INBOX").Add(Message{Body: mail})
	}
	c := dial(t, s).in("li", "x")
	if list := c.says(`LIST "" "*"`); strings.Contains(list, `\Sent`) || !strings.Contains(list, `(\NoSelect \HasChildren) "/" "`+TencentRoot) {
		t.Errorf("roles: %s", list)
	}
	expect(t, c.says("SELECT INBOX"), "UIDNEXT 4")
	expect(t, c.says("UID FETCH 3:1 (FLAGS)"), "BAD UID parameters!")
	expect(t, c.says("UID FETCH 3,1 (FLAGS)"), "BAD UID parameters!")
	expect(t, c.says("UID FETCH 1:3 (FLAGS)"), " OK ")
	expect(t, c.says("UID SEARCH HEADER MESSAGE-ID nonsense"), "* SEARCH 1 2 3")
	expect(t, c.says("CREATE Projects"), " NO ")
	expect(t, c.says("CREATE "+TencentRoot+"/Projects"), " OK ")
	expect(t, c.says("ENABLE CONDSTORE"), "gone")
}

func TestAliMailDropsTheLineOnRawNames(t *testing.T) {
	s := AliMail(t)
	expect(t, dial(t, s).in("li", "x").says(`SELECT "已发送"`), "gone")
	c := dial(t, s).in("li", "x")
	expect(t, c.says(`SELECT "&XfJT0ZAB-"`), " OK ")
	expect(t, c.says("NAMESPACE"), " BAD ")
	expect(t, c.says("UID MOVE 1 INBOX"), " BAD ")
}

func TestGmailHasFifteenConnectionsABudgetAndOneCopyOfEverything(t *testing.T) {
	s, err := StartOffice(ProviderGmail, map[string]string{"li@old.example": "one", "wei@old.example": "two"}, func(o *Options) { o.Quirks.DailyUp = 100 })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for range 15 {
		dial(t, s).in("li@old.example", "one")
	}
	expect(t, dial(t, s).says(`LOGIN "li@old.example" "one"`), "Too many simultaneous connections")
	c := dial(t, s).in("wei@old.example", "two")
	expect(t, c.says(`CREATE "Plans"`), " OK ")
	expect(t, c.says(`CREATE "Plans / old"`), "[CANNOT] Folder contains excess whitespace")
	expect(t, c.says(`SELECT "[Gmail]"`), "NONEXISTENT")
	expect(t, c.says("GETQUOTAROOT INBOX"), "9007199254740993")
	expect(t, c.append("INBOX", mail), " OK ")
	expect(t, c.append("Plans", mail), " OK ")
	all := s.Account("wei@old.example").Mailbox("[Gmail]/All Mail").Messages()
	if len(all) != 1 || strings.Join(all[0].Labels, " ") != `"\\Inbox" "Plans"` || all[0].GmailID == 0 {
		t.Errorf("All Mail: %+v", all)
	}
	expect(t, c.append("INBOX", strings.Repeat("x", 90)), "[OVERQUOTA] Account exceeded command or bandwidth limits")
}

func TestExchangeThrottlesGuessesSizesAndClosesAfterTenErrors(t *testing.T) {
	s, err := StartOffice(ProviderExchange, map[string]string{"li": "one"}, func(o *Options) { o.Quirks.ThrottleEvery = 2 })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c := dial(t, s).in("li", "one")
	expect(t, c.append("INBOX", mail), " OK ")
	expect(t, c.append("INBOX", mail), "BAD Request is throttled. Suggested Backoff Time: 50 milliseconds")
	expect(t, c.append("INBOX", mail), " OK ")
	expect(t, c.says(`STATUS INBOX (MESSAGES)`), "(MESSAGES 2 UIDNEXT 3 UIDVALIDITY")
	expect(t, c.says("SELECT inbox"), " OK ")
	expect(t, c.says("UID FETCH 1 (RFC822.SIZE)"), fmt.Sprintf("RFC822.SIZE %d", len(mail)+37))
	expect(t, c.says(`CREATE "sent items"`), "NO")
	expect(t, c.append("INBOX", mail), "throttled")
	expect(t, c.append("INBOX", "Subject: long\r\n\r\n"+strings.Repeat("x", 11_000)+"\r\n"), "Command Argument Error. 11")
	expect(t, c.says("ID ()"), "Command Argument Error. 12")
	for range 4 {
		c.says("NONSENSE")
	}
	expect(t, c.says("NONSENSE"), " BAD ")
	expect(t, c.line(), "* BYE Connection is closed. 14")
	expect(t, c.line(), "gone")
}

func TestYahooShowsTenThousandAndWantsAFinalLineEnd(t *testing.T) {
	s := Yahoo(t)
	for range 10_005 {
		s.Mailbox("INBOX").Add(Message{Body: mail})
	}
	c := dial(t, s).in("li", "x")
	expect(t, c.says("SELECT INBOX"), "* 10000 EXISTS")
	if got := strings.Count(c.says("UID FETCH 1:* (FLAGS)"), " FETCH "); got != 1000 {
		t.Errorf("%d in one answer", got)
	}
	if got := c.says("UID FETCH 1:5 (FLAGS)"); strings.Contains(got, " FETCH (") {
		t.Errorf("an old message is shown: %s", got)
	}
	expect(t, c.append("INBOX", "Subject: one\r\n\r\nhello"), "Additional arguments found after last expected argument")
	expect(t, c.says("UID FETCH 1,"+strings.Repeat("2,", 600)+"3 (FLAGS)"), "BAD [CLIENTBUG]")
}

func TestPeopleHaveFoldersOfTheirOwn(t *testing.T) {
	people := map[string]string{}
	for i := range 200 {
		people[fmt.Sprintf("p%d@old.example", i)] = fmt.Sprintf("secret-%d", i)
	}
	for _, p := range Providers() {
		s, err := StartOffice(p, people)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 200 {
			s.Account(fmt.Sprintf("p%d@old.example", i)).Mailbox("INBOX").Add(Message{Body: fmt.Sprintf("Subject: %d\r\n\r\n.\r\n", i)})
		}
		c := dial(t, s).in("p77@old.example", "secret-77")
		c.says(`ID ("name" "test")`)
		expect(t, c.says("SELECT INBOX"), "* 1 EXISTS")
		expect(t, c.says("UID FETCH 1:* (BODY.PEEK[])"), "Subject: 77")
		expect(t, dial(t, s).says(`LOGIN "p77@old.example" "secret-78"`), " NO ")
		s.Close()
	}
	if _, err := StartOffice("nobody", nil); err == nil {
		t.Error("an unknown personality was started")
	}
}
