// Package mailport serves a mail port that greets, offers and shows certificates as a
// test wants it, good or bad: SMTP, IMAP and POP3, over TLS from the first byte or
// after STARTTLS. It stores no mail and lets nobody in. Real servers are in package
// servers.
package mailport

import (
	"bufio"
	"cmp"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options say how a port behaves.
type Options struct {
	Proto  string // smtp, imap or pop3
	Banner string // the greeting without the line's end
	Offers []string
	Cert   *tls.Config // nil: no TLS
	TLS    bool        // from the first byte
	Delay  time.Duration

	Hang   bool // takes connections and says nothing
	Close  bool // takes connections and closes them
	Drip   bool // one byte of the greeting in 20 ms, for ever
	Inject bool // carries out what stood in the clear behind STARTTLS

	Rcpt func(address string) string // reply to RCPT TO; nil: 250
	VRFY string                      // reply to VRFY; "" is 252
	EXPN string                      // reply to EXPN; "" is 502
}

// Server is a running port.
type Server struct {
	Addr string

	opt      Options
	listener net.Listener
	wait     sync.WaitGroup
	done     chan struct{}
	mu       sync.Mutex
	open     map[net.Conn]bool
	Said     []string // commands that came in; read it through [Server.Commands]
}

// Start serves on a free port of 127.0.0.1.
func Start(opt Options) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{Addr: l.Addr().String(), opt: opt, listener: l, done: make(chan struct{}), open: map[net.Conn]bool{}}
	s.wait.Go(s.accept)
	return s, nil
}

// Close ends the port and every connection.
func (s *Server) Close() {
	close(s.done)
	_ = s.listener.Close()
	s.mu.Lock()
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wait.Wait()
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[conn] = true
		s.mu.Unlock()
		s.wait.Go(func() {
			s.serve(conn)
			_ = conn.Close()
			s.mu.Lock()
			delete(s.open, conn)
			s.mu.Unlock()
		})
	}
}

func (s *Server) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.done:
		return false
	}
}

type session struct {
	*Server
	conn   net.Conn
	in     *bufio.Reader
	secure bool
}

func (s *Server) serve(conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	switch {
	case s.opt.Close:
		return
	case s.opt.Hang:
		_, _ = io.Copy(io.Discard, conn)
		return
	case s.opt.Drip:
		for s.sleep(20 * time.Millisecond) {
			if _, err := conn.Write([]byte("2")); err != nil {
				return
			}
		}
		return
	}
	c := &session{Server: s, conn: conn, in: bufio.NewReader(conn)}
	if s.opt.TLS && !c.upgrade() {
		return
	}
	if s.opt.Delay > 0 && !s.sleep(s.opt.Delay) {
		return
	}
	c.say("%s", s.opt.Banner)
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.mu.Lock()
		s.Said = append(s.Said, line)
		s.mu.Unlock()
		if !c.command(line) {
			return
		}
	}
}

func (c *session) say(format string, args ...any) {
	_, _ = fmt.Fprintf(c.conn, format+"\r\n", args...)
}

func (c *session) upgrade() bool {
	var early []byte
	if c.opt.Inject && c.in.Buffered() > 0 {
		early, _ = c.in.Peek(c.in.Buffered())
		early = slices.Clone(early)
	}
	secured := tls.Server(c.conn, c.opt.Cert)
	if secured.Handshake() != nil {
		return false
	}
	c.conn, c.secure = secured, true
	c.in = bufio.NewReader(io.MultiReader(strings.NewReader(string(early)), secured))
	return true
}

func (c *session) offers() []string {
	var all []string
	for _, o := range c.opt.Offers {
		if c.secure && (o == "STARTTLS" || o == "STLS" || o == "LOGINDISABLED") {
			continue
		}
		all = append(all, o)
	}
	return all
}

func (c *session) command(line string) bool {
	switch c.opt.Proto {
	case "smtp":
		return c.smtp(line)
	case "imap":
		return c.imap(line)
	}
	return c.pop3(line)
}

func (c *session) smtp(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		all := append([]string{"hello"}, c.offers()...)
		for i, o := range all {
			sep := "-"
			if i == len(all)-1 {
				sep = " "
			}
			c.say("250%s%s", sep, o)
		}
	case "STARTTLS":
		if c.opt.Cert == nil {
			c.say("454 4.7.0 TLS not available")
			return true
		}
		c.say("220 2.0.0 ready")
		return c.upgrade()
	case "RCPT":
		reply := "250 2.1.5 ok"
		if c.opt.Rcpt != nil {
			_, address, _ := strings.Cut(rest, "<")
			reply = c.opt.Rcpt(strings.TrimSuffix(address, ">"))
		}
		c.say("%s", reply)
	case "VRFY":
		if c.opt.VRFY != "" {
			c.say("%s", c.opt.VRFY)
		} else {
			c.say("252 2.5.2 try and see")
		}
	case "EXPN":
		c.say("%s", cmp.Or(c.opt.EXPN, "502 5.5.1 not here"))
	case "QUIT":
		c.say("221 2.0.0 bye")
		return false
	default:
		c.say("250 2.0.0 ok")
	}
	return true
}

func (c *session) imap(line string) bool {
	tag, verb, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "CAPABILITY":
		c.say("* CAPABILITY IMAP4rev1 %s", strings.Join(c.offers(), " "))
	case "STARTTLS":
		c.say("%s OK begin", tag)
		return c.upgrade()
	case "LOGOUT":
		c.say("* BYE")
		c.say("%s OK", tag)
		return false
	}
	c.say("%s OK done", tag)
	return true
}

func (c *session) pop3(line string) bool {
	switch strings.ToUpper(line) {
	case "CAPA":
		c.say("+OK")
		for _, o := range c.offers() {
			c.say("%s", o)
		}
		c.say(".")
	case "STLS":
		c.say("+OK begin")
		return c.upgrade()
	case "QUIT":
		c.say("+OK bye")
		return false
	default:
		c.say("-ERR")
	}
	return true
}
