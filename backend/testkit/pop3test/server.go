// Package pop3test is a POP3 server for tests, written from RFC 1939, 2449, 3206 and
// 5034, with the habits of servers that know only a part of them: no CAPA, no UIDL, no
// TOP, the same name twice, a mailbox that is locked, a pause between sign-ins, a
// connection that breaks in the middle of a message.
//
// It leaves out deleting: a client of ours that sends DELE or QUIT fails the test.
package pop3test

import (
	"bufio"
	"crypto/md5" //nolint:gosec // APOP
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Stamp is the greeting's timestamp for APOP.
const Stamp = "<1896.697170952@pop.old.example>"

// Options describe a server; the zero value knows everything.
type Options struct {
	Caps       []string // nil: TOP, UIDL, USER, SASL, PIPELINING, RESP-CODES
	NoCAPA     bool
	NoUIDL     bool
	NoTOP      bool
	WrongSizes bool // LIST counts bare LF, as some do
	// Admit decides who is let in; nil: li.lei@old.example with "correct horse". For SASL
	// the mechanism comes before the user: "XOAUTH2 li.lei@old.example".
	Admit func(user, secret string) bool
	// Refusal, if it gives a text, is the answer to every sign-in.
	Refusal func() string
}

// Message is one of the maildrop's. Name "" is like the body's number.
type Message struct {
	Name string
	Body string
}

// Server listens on loopback until the test ends.
type Server struct {
	tb   testing.TB
	opts Options
	ln   net.Listener
	wg   sync.WaitGroup

	mu       sync.Mutex
	messages []Message
	log      []string
	locked   bool
	cutAt    int // the message in whose middle the connection breaks, once; 0 none
	conns    map[net.Conn]bool
}

// New starts a server.
func New(tb testing.TB, opts Options, messages ...Message) *Server {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	if opts.Caps == nil {
		opts.Caps = []string{"TOP", "UIDL", "USER", "SASL PLAIN XOAUTH2 OAUTHBEARER", "PIPELINING", "RESP-CODES", "IMPLEMENTATION pop3test"}
	}
	if opts.Admit == nil {
		opts.Admit = func(user, secret string) bool {
			return strings.HasSuffix(user, "li.lei@old.example") && secret == "correct horse"
		}
	}
	s := &Server{tb: tb, opts: opts, ln: ln, messages: messages, conns: map[net.Conn]bool{}}
	s.wg.Go(s.accept)
	tb.Cleanup(s.close)
	return s
}

// Port is where it listens on 127.0.0.1.
func (s *Server) Port() int { return s.ln.Addr().(*net.TCPAddr).Port }

// Add puts further messages into the maildrop.
func (s *Server) Add(m ...Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m...)
}

// Remove takes the message at a position away, as somebody else may.
func (s *Server) Remove(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(append([]Message{}, s.messages[:i]...), s.messages[i+1:]...)
}

// CutIn breaks the connection in the middle of the message with this number, once.
func (s *Server) CutIn(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cutAt = number
}

// Log lists the commands so far, secrets left out.
func (s *Server) Log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.log...)
}

// Count counts the commands that begin like that.
func (s *Server) Count(prefix string) int {
	n := 0
	for _, line := range s.Log() {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}

func (s *Server) close() {
	_ = s.ln.Close()
	s.mu.Lock()
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

func (s *Server) accept() {
	for {
		c, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		s.wg.Go(func() {
			defer func() {
				_ = c.Close()
				s.mu.Lock()
				delete(s.conns, c)
				s.mu.Unlock()
			}()
			(&conn{s: s, c: c, br: bufio.NewReader(c)}).serve()
		})
	}
}

// conn is one connection. The maildrop is what it was at sign-in.
type conn struct {
	s     *Server
	c     net.Conn
	br    *bufio.Reader
	user  string
	in    bool
	drop  []Message
	ended bool
}

func (c *conn) say(lines ...string) {
	_, _ = c.c.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
}

func (c *conn) serve() {
	c.say("+OK POP3 ready " + Stamp)
	for !c.ended {
		line, err := c.br.ReadString('\n')
		if err != nil {
			break
		}
		c.command(strings.TrimRight(line, "\r\n"))
	}
	if c.in {
		c.s.mu.Lock()
		c.s.locked = false
		c.s.mu.Unlock()
	}
}

func (c *conn) command(line string) {
	verb, args, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	shown := line
	if verb == "PASS" || verb == "APOP" || verb == "AUTH" {
		word, _, _ := strings.Cut(args, " ")
		if shown = verb; verb == "AUTH" {
			shown += " " + word
		}
	}
	c.s.mu.Lock()
	c.s.log = append(c.s.log, shown)
	c.s.mu.Unlock()
	switch {
	case verb == "DELE" || verb == "QUIT":
		c.s.tb.Errorf("the client said %s", verb)
		c.ended = true
	case verb == "CAPA" && !c.s.opts.NoCAPA:
		c.say(append(append([]string{"+OK"}, c.s.opts.Caps...), ".")...)
	case !c.in:
		c.authorization(verb, args)
	default:
		c.transaction(verb, args)
	}
}

func (c *conn) authorization(verb, args string) {
	switch verb {
	case "USER":
		c.user = args
		c.say("+OK")
	case "PASS":
		c.admit(c.user, args)
	case "APOP":
		user, digest, _ := strings.Cut(args, " ")
		sum := md5.Sum([]byte(Stamp + "correct horse")) //nolint:gosec // APOP
		secret := "wrong"
		if digest == hex.EncodeToString(sum[:]) {
			secret = "correct horse"
		}
		c.admit(user, secret)
	case "AUTH":
		c.sasl(args)
	default:
		c.say("-ERR unknown command")
	}
}

func (c *conn) sasl(args string) {
	mech, b64, given := strings.Cut(args, " ")
	if len("AUTH "+args)+2 > 255 { // RFC 5034 section 4
		c.say("-ERR line too long")
		return
	}
	if !given {
		c.say("+ ")
		line, err := c.br.ReadString('\n')
		if err != nil {
			return
		}
		b64 = strings.TrimRight(line, "\r\n")
	}
	raw, err := base64.StdEncoding.DecodeString(b64)
	if err != nil {
		c.say("-ERR not base64")
		return
	}
	text := string(raw)
	user, secret := "", ""
	switch strings.ToUpper(mech) {
	case "PLAIN":
		if f := strings.Split(text, "\x00"); len(f) == 3 {
			if user, secret = f[1], f[2]; f[0] != "" {
				user = f[0] + "*" + f[1]
			}
		}
	case "XOAUTH2":
		user, secret = between(text, "user=", "\x01"), between(text, "Bearer ", "\x01")
	case "OAUTHBEARER":
		user, secret = between(text, "a=", ","), between(text, "Bearer ", "\x01")
	default:
		c.say("-ERR unknown mechanism")
		return
	}
	c.admit(strings.ToUpper(mech)+" "+user, secret)
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func (c *conn) admit(user, secret string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	refusal := ""
	if c.s.opts.Refusal != nil {
		refusal = c.s.opts.Refusal()
	}
	switch {
	case refusal != "":
		c.say("-ERR " + refusal)
	case !c.s.opts.Admit(user, secret):
		c.say("-ERR [AUTH] no such user or wrong password " + secret)
	case c.s.locked:
		c.say("-ERR [IN-USE] the maildrop is locked")
	default:
		c.s.locked, c.in = true, true
		c.drop = append([]Message{}, c.s.messages...)
		c.say("+OK in")
	}
}

func (c *conn) transaction(verb, args string) {
	first, rest, _ := strings.Cut(args, " ")
	number, _ := strconv.Atoi(first)
	switch {
	case verb == "LIST" && args == "":
		lines := []string{fmt.Sprintf("+OK %d messages", len(c.drop))}
		for i, m := range c.drop {
			size := len(m.Body)
			if c.s.opts.WrongSizes {
				size = len(strings.ReplaceAll(m.Body, "\r\n", "\n"))
			}
			lines = append(lines, fmt.Sprintf("%d %d", i+1, size))
		}
		c.say(append(lines, ".")...)
	case verb == "UIDL" && args == "" && !c.s.opts.NoUIDL:
		lines := []string{"+OK"}
		for i, m := range c.drop {
			name := m.Name
			if name == "" {
				name = "uid-" + strconv.Itoa(i+1)
			}
			lines = append(lines, fmt.Sprintf("%d %s", i+1, name))
		}
		c.say(append(lines, ".")...)
	case (verb == "RETR" || verb == "TOP" && !c.s.opts.NoTOP) && number >= 1 && number <= len(c.drop):
		body := c.drop[number-1].Body
		if verb == "TOP" && rest == "0" {
			head, _, _ := strings.Cut(body, "\r\n\r\n")
			body = head + "\r\n\r\n"
		}
		c.send(number, verb, body)
	default:
		c.say("-ERR no such command or message")
	}
}

// send writes a message with its dots doubled; a last line without its end gets one.
func (c *conn) send(number int, verb, body string) {
	c.s.mu.Lock()
	cut := verb == "RETR" && c.s.cutAt == number
	if cut {
		c.s.cutAt = 0
	}
	c.s.mu.Unlock()
	var b strings.Builder
	b.WriteString("+OK\r\n")
	for line := range strings.SplitAfterSeq(body, "\n") {
		if strings.HasPrefix(line, ".") {
			b.WriteByte('.')
		}
		b.WriteString(line)
	}
	if body != "" && !strings.HasSuffix(body, "\n") {
		b.WriteString("\r\n")
	}
	text := b.String()
	if cut {
		_, _ = c.c.Write([]byte(text[:len(text)/2]))
		c.ended = true
		return
	}
	_, _ = c.c.Write([]byte(text + ".\r\n"))
}
