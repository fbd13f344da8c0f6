// Package imaptest is a scripted IMAP server for tests. Out of the box it is a small,
// well-behaved server with mailboxes in memory; a test then replaces the answers to
// the commands it is about:
//
//	srv := imaptest.New(t, imaptest.Options{Caps: "IMAP4rev1 ID UIDPLUS LITERAL+"})
//	srv.Mailbox("INBOX").Add(imaptest.Message{Body: "Subject: hi\r\n\r\nhello\r\n"})
//	srv.Reply("STATUS", `* STATUS INBOX (MESSAGES 9.3736e+06 UIDNEXT 0) `)          // {tag} OK is added
//	srv.Reply("UID FETCH", `* 1 FETCH (UID 1 BODY[] NIL)`, `{tag} OK done`)
//	srv.On("SELECT", func(c *imaptest.Conn, cmd *imaptest.Command) { c.Send("* BYE later"); c.Close() })
//
// It leaves out everything that a client for moving mail never asks for, and it is
// no measure of what the protocol allows: go-imap's server and real servers are.
package imaptest

import (
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"testing"
)

// Options describes a server; the zero value is a plain-text server with the
// capabilities of [DefaultCaps].
type Options struct {
	Greeting string      // whole line; "" is "* OK imaptest ready"
	Caps     string      // after sign-in, space separated; "" is DefaultCaps
	PreCaps  string      // before sign-in; "" is Caps
	TLS      *tls.Config // offered by STARTTLS, or spoken at once with Implicit
	Implicit bool
	User     string // the only user let in; "" anybody
	Password string // password or token; "" any
	// Admit, if set, decides who is let in, instead of User and Password.
	Admit func(user, secret string) bool
	// People are the users with their passwords; each has folders of their own, see
	// [Server.Account]. Without it everybody sees the same folders.
	People map[string]string
	// Folders are made in every account besides INBOX: raw names with attributes.
	Folders map[string]string
	// Refusal is the text of a refused sign-in; "" is a plain one.
	Refusal string
	// CutAfter closes each connection after the client has sent so many bytes; 0 never.
	CutAfter int64
	Quirks   Quirks
}

// DefaultCaps are offered where a test says nothing.
const DefaultCaps = "IMAP4rev1 ID NAMESPACE UIDPLUS LITERAL+ AUTH=PLAIN SASL-IR SPECIAL-USE LIST-EXTENDED"

// Handler answers one command. It must send the tagged reply itself.
type Handler func(c *Conn, cmd *Command)

// Server listens on loopback until the test ends.
type Server struct {
	opts Options
	ln   net.Listener
	wg   sync.WaitGroup

	mu        sync.Mutex
	handlers  map[string]Handler
	onLiteral func(c *Conn, cmd *Command, size int64) bool
	guard     func(c *Conn, cmd *Command) bool
	log       []string
	conns     map[net.Conn]bool
	shared    *Account
	accounts  map[string]*Account
	uidValid  uint32
	closed    bool
}

// New starts a server with an empty INBOX. It ends with the test.
func New(tb testing.TB, opts Options) *Server {
	tb.Helper()
	s, err := Start(opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Close)
	return s
}

// Start starts a server outside a test; [Server.Close] ends it.
func Start(opts Options) (*Server, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if opts.Greeting == "" {
		opts.Greeting = "* OK imaptest ready"
	}
	if opts.Caps == "" {
		opts.Caps = DefaultCaps
	}
	if opts.PreCaps == "" {
		opts.PreCaps = opts.Caps
	}
	if opts.Quirks.Separator == "" {
		opts.Quirks.Separator = "/"
	}
	if opts.Quirks.Permanent == "" {
		opts.Quirks.Permanent = `\Answered \Flagged \Deleted \Seen \Draft \*`
	}
	s := &Server{opts: opts, ln: ln, handlers: map[string]Handler{}, conns: map[net.Conn]bool{}, uidValid: 1000, accounts: map[string]*Account{}}
	s.shared = s.newAccount("")
	s.wg.Go(s.accept)
	return s, nil
}

// Host and Port tell where it listens.
func (s *Server) Host() string { return "127.0.0.1" }

// Port is the TCP port.
func (s *Server) Port() int { return s.ln.Addr().(*net.TCPAddr).Port }

// Close ends all connections and waits for their goroutines.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	_ = s.ln.Close()
	s.wg.Wait()
}

// On replaces the answer to a verb: "LIST", "UID FETCH", "APPEND" … in upper case;
// "*" answers every verb that has no handler of its own. nil restores the default.
func (s *Server) On(verb string, h Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h == nil {
		delete(s.handlers, verb)
		return
	}
	s.handlers[verb] = h
}

// Reply answers a verb with fixed lines, each followed by CR LF. {tag} stands for the
// command's tag; without a line that begins with it, "{tag} OK done" is added.
func (s *Server) Reply(verb string, lines ...string) {
	s.On(verb, func(c *Conn, cmd *Command) { c.Script(cmd, lines...) })
}

// ReplyOnce is Reply for the next such command only.
func (s *Server) ReplyOnce(verb string, lines ...string) {
	s.On(verb, func(c *Conn, cmd *Command) {
		s.On(verb, nil)
		c.Script(cmd, lines...)
	})
}

// OnLiteral is asked before a synchronising literal is consented to. It returns
// false if it refused: then it has sent the tagged reply, and no data will come.
func (s *Server) OnLiteral(f func(c *Conn, cmd *Command, size int64) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onLiteral = f
}

// Guard sees every command first. It returns false if it has dealt with it.
func (s *Server) Guard(f func(c *Conn, cmd *Command) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guard = f
}

// Log returns the commands received so far, without tags and with literals as {n}.
func (s *Server) Log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.log...)
}

// Count says how many of the commands received so far begin with prefix.
func (s *Server) Count(prefix string) int {
	n := 0
	for _, l := range s.Log() {
		if strings.HasPrefix(l, prefix) {
			n++
		}
	}
	return n
}

func (s *Server) accept() {
	for {
		nc, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			_ = nc.Close()
			return
		}
		s.conns[nc] = true
		s.mu.Unlock()
		s.wg.Go(func() {
			defer func() {
				s.mu.Lock()
				delete(s.conns, nc)
				s.mu.Unlock()
				_ = nc.Close()
			}()
			s.serve(nc)
		})
	}
}
