package imaptest

import (
	"bufio"
	"compress/flate"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// Command is one command of the client.
type Command struct {
	Tag      string
	Verb     string   // upper case, with UID: "UID FETCH"
	Args     string   // the rest of the line; a literal stands as {n}
	Literals [][]byte // their contents, in order
}

// Conn is one connection, from the server's side.
type Conn struct {
	Server   *Server
	Selected *Mailbox
	ReadOnly bool
	Named    bool // the client has said by ID who it is

	account *Account // whose folders these are
	counted bool     // among the account's connections

	nc      net.Conn
	opened  uint32 // UIDs from here on came after the folder was opened
	errors  int
	appends int
	br      *bufio.Reader
	w       io.Writer
	gone    bool
	authed  bool
}

// cutter ends the connection after some bytes were read.
type cutter struct {
	net.Conn
	left int64
}

func (c *cutter) Read(p []byte) (int, error) {
	if c.left <= 0 {
		_ = c.Close()
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

func (s *Server) serve(nc net.Conn) {
	if s.opts.CutAfter > 0 {
		nc = &cutter{nc, s.opts.CutAfter}
	}
	c := &Conn{Server: s, nc: nc, account: s.shared}
	defer c.leave()
	if s.opts.Implicit {
		c.nc = tls.Server(nc, s.opts.TLS)
	}
	c.br, c.w = bufio.NewReader(c.nc), c.nc
	c.Send(s.opts.Greeting)
	for !c.gone {
		cmd, err := c.Next()
		if err != nil {
			return
		}
		if cmd != nil {
			c.dispatch(cmd)
		}
	}
}

func (c *Conn) dispatch(cmd *Command) {
	s := c.Server
	s.mu.Lock()
	guard := s.guard
	h := s.handlers[cmd.Verb]
	if h == nil {
		h = defaults[cmd.Verb]
	}
	if h == nil {
		h = s.handlers["*"]
	}
	s.mu.Unlock()
	if !c.habits(cmd, h != nil) || guard != nil && !guard(c, cmd) {
		return
	}
	if h == nil {
		c.BAD(cmd, "unknown command")
		return
	}
	h(c, cmd)
}

// Send writes lines, each followed by CR LF.
func (c *Conn) Send(lines ...string) {
	c.Write(strings.Join(lines, "\r\n") + "\r\n")
}

// Write writes exactly these bytes.
func (c *Conn) Write(raw string) {
	_, _ = io.WriteString(c.w, raw)
	if f, ok := c.w.(*flate.Writer); ok {
		_ = f.Flush()
	}
}

// Script sends lines as Reply describes.
func (c *Conn) Script(cmd *Command, lines ...string) {
	tagged := false
	for _, l := range lines {
		tagged = tagged || strings.HasPrefix(l, "{tag}")
		c.Send(strings.ReplaceAll(l, "{tag}", cmd.Tag))
	}
	if !tagged {
		c.OK(cmd, "done")
	}
}

// OK sends the tagged reply; text may begin with a response code.
func (c *Conn) OK(cmd *Command, text string) { c.Send(cmd.Tag + " OK " + text) }

// NO refuses.
func (c *Conn) NO(cmd *Command, text string) { c.refuse(cmd.Tag + " NO " + text) }

// BAD refuses.
func (c *Conn) BAD(cmd *Command, text string) { c.refuse(cmd.Tag + " BAD " + text) }

func (c *Conn) refuse(line string) {
	c.Send(line)
	if c.errors++; c.errors == c.Server.opts.Quirks.MaxErrors {
		c.Send("* BYE Connection is closed. 14")
		c.Close()
	}
}

// Close ends the connection.
func (c *Conn) Close() {
	c.gone = true
	_ = c.nc.Close()
}

// ReadLine reads one line of the client.
func (c *Conn) ReadLine() (string, error) {
	l, err := c.br.ReadString('\n')
	return strings.TrimRight(l, "\r\n"), err
}

// ReadN reads exactly n bytes.
func (c *Conn) ReadN(n int64) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(c.br, b)
	return b, err
}

// Next reads one command with its literals. It returns nil without an error where a
// literal was refused.
func (c *Conn) Next() (*Command, error) {
	cmd := &Command{}
	line, err := c.ReadLine()
	if err != nil {
		return nil, err
	}
	cmd.Tag, line, _ = strings.Cut(line, " ")
	verb, rest, _ := strings.Cut(line, " ")
	if cmd.Verb = strings.ToUpper(verb); cmd.Verb == "UID" {
		verb, rest, _ = strings.Cut(rest, " ")
		cmd.Verb += " " + strings.ToUpper(verb)
	}
	for {
		cmd.Args += rest
		size, sync, ok := announcedLiteral(rest)
		if !ok {
			break
		}
		if sync && !c.consent(cmd, size) {
			c.Server.record(cmd)
			return nil, nil
		}
		data, err := c.ReadN(size)
		if err != nil {
			return nil, err
		}
		cmd.Literals = append(cmd.Literals, data)
		if rest, err = c.ReadLine(); err != nil {
			return nil, err
		}
	}
	c.Server.record(cmd)
	return cmd, nil
}

func (c *Conn) consent(cmd *Command, size int64) bool {
	c.Server.mu.Lock()
	ask := c.Server.onLiteral
	c.Server.mu.Unlock()
	if ask != nil && !ask(c, cmd, size) {
		return false
	}
	c.Send("+ go on")
	return true
}

func (s *Server) record(cmd *Command) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, strings.TrimRight(cmd.Verb+" "+cmd.Args, " "))
}

func announcedLiteral(line string) (size int64, sync, ok bool) {
	if !strings.HasSuffix(line, "}") {
		return 0, false, false
	}
	open := strings.LastIndexByte(line, '{')
	if open < 0 {
		return 0, false, false
	}
	digits, nonSync := strings.CutSuffix(line[open+1:len(line)-1], "+")
	n, err := strconv.ParseInt(digits, 10, 63)
	return n, !nonSync, err == nil && n >= 0
}

// Words splits arguments at blanks, keeping quoted strings (unquoted) and
// parenthesised lists (as they are) whole; a literal stands with its content.
func (cmd *Command) Words() []string {
	var out []string
	lit := 0
	for rest := strings.TrimLeft(cmd.Args, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		switch rest[0] {
		case '"':
			w, after := unquote(rest)
			out, rest = append(out, w), after
		case '(':
			end := closing(rest)
			out, rest = append(out, rest[:end]), rest[end:]
		case '{', '~':
			end := strings.IndexByte(rest, '}') + 1
			if end > 0 && lit < len(cmd.Literals) {
				out = append(out, string(cmd.Literals[lit]))
				lit++
				rest = rest[end:]
				continue
			}
			return append(out, rest)
		default:
			w, after, _ := strings.Cut(rest, " ")
			out, rest = append(out, w), after
		}
	}
	return out
}

func unquote(s string) (word, rest string) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}

func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// Quote writes a string for a reply: quoted, or as a literal where it must be one.
func Quote(s string) string {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return fmt.Sprintf("{%d}\r\n%s", len(s), s)
		}
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
