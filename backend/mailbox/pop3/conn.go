package pop3

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/core/dialing"
	"mailroom/backend/mailbox"
)

const (
	dialLimit  = 30 * time.Second
	lineLimit  = 8 << 10 // bytes of one line of an answer; RFC 2449 allows 512
	linesLimit = 5_000_000
)

// conn is one connection: commands out, answers in, in order.
type conn struct {
	sock    net.Conn
	br      *bufio.Reader
	cfg     *Config
	stamp   string // of the greeting, for APOP
	caps    map[string]string
	broken  error // why the connection is of no use any more
	secrets []string
}

// dial connects, with implicit TLS if so configured, and reads the greeting.
func (a *Account) dial(ctx context.Context) (*conn, error) {
	dialCtx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(dialCtx, "tcp", a.cfg.addr())
	if err != nil {
		return nil, dialing.Fault("connect", a.cfg.Host, a.cfg.addr(), err)
	}
	c := &conn{sock: raw, cfg: &a.cfg}
	if a.cfg.Security == TLS {
		if err := c.handshake(dialCtx, a.trust); err != nil {
			_ = raw.Close()
			return nil, err
		}
	}
	c.br = bufio.NewReaderSize(c.sock, 64<<10)
	return c, nil
}

func (c *conn) handshake(ctx context.Context, trust *dialing.Trust) error {
	secure := tls.Client(c.sock, trust.Config())
	if err := secure.HandshakeContext(ctx); err != nil {
		if ctx.Err() != nil && !dialing.HasCode(err) {
			err = ctx.Err()
		}
		return dialing.Fault("tls handshake", c.cfg.Host, c.cfg.addr(), err)
	}
	c.sock = secure
	c.br = bufio.NewReaderSize(secure, 64<<10)
	return nil
}

// under runs an exchange that ends soon after ctx does; the connection is then dead.
func (c *conn) under(ctx context.Context, op string, f func() error) error {
	if c.broken != nil {
		return c.broken
	}
	if err := ctx.Err(); err != nil {
		return core.E(core.CodeOf(err), op, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = c.sock.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	err := f()
	if ctx.Err() != nil && err != nil {
		c.broken = core.E(core.Unreachable, op, nil, "host", c.cfg.Host)
		return core.E(core.CodeOf(ctx.Err()), op, ctx.Err())
	}
	return err
}

// lost marks the connection as dead and says why.
func (c *conn) lost(op string, err error) error {
	if _, ok := errors.AsType[*core.Error](err); !ok {
		code := core.Unreachable
		var timeout interface{ Timeout() bool }
		if errors.As(err, &timeout) && timeout.Timeout() {
			code = core.Timeout
		}
		err = core.E(code, op, err, "host", c.cfg.Host, "address", c.cfg.addr())
	}
	if c.broken == nil {
		c.broken = err
	}
	return err
}

func (c *conn) await() { _ = c.sock.SetDeadline(time.Now().Add(c.cfg.Silence)) }

// send writes whole lines; several commands may go out before the first answer.
func (c *conn) send(op string, lines ...string) error {
	c.await()
	if _, err := io.WriteString(c.sock, strings.Join(lines, "\r\n")+"\r\n"); err != nil {
		return c.lost(op, err)
	}
	return nil
}

// line reads one line of an answer, without its end.
func (c *conn) line(op string) (string, error) {
	c.await()
	var got []byte
	for {
		part, err := c.br.ReadSlice('\n')
		got = append(got, part...)
		switch {
		case err == nil:
			return strings.TrimRight(string(got), "\r\n"), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", c.lost(op, err)
		case len(got) > lineLimit:
			return "", c.lost(op, core.E(core.Malformed, op, nil, "host", c.cfg.Host, "why", "line_too_long"))
		}
	}
}

// status reads "+OK …" or "-ERR …". A refusal is a *[mailbox.Refusal] within the error.
func (c *conn) status(op, command string) (string, error) {
	text, err := c.line(op)
	if err != nil {
		return "", err
	}
	word, rest, _ := strings.Cut(text, " ")
	switch strings.ToUpper(word) {
	case "+OK":
		return rest, nil
	case "+":
		return rest, errContinue
	case "-ERR":
		return "", c.refused(op, command, rest)
	}
	return "", c.lost(op, core.E(core.Malformed, op, nil, "host", c.cfg.Host, "why", "no_pop3"))
}

// errContinue is a server's "+ …" during AUTH.
var errContinue = errors.New("continue")

// ask sends one command and reads its status line.
func (c *conn) ask(op, command string) (string, error) {
	if err := c.send(op, command); err != nil {
		return "", err
	}
	verb, _, _ := strings.Cut(command, " ")
	return c.status(op, verb)
}

// lines reads a multi-line answer, dots undone, up to the lone dot.
func (c *conn) lines(op string, yield func(line string) error) error {
	for range linesLimit {
		text, err := c.line(op)
		if err != nil {
			return err
		}
		if text == "." {
			return nil
		}
		if err := yield(strings.TrimPrefix(text, ".")); err != nil {
			return err
		}
	}
	return c.lost(op, core.E(core.Malformed, op, nil, "host", c.cfg.Host, "why", "endless_answer"))
}

// codes translates POP3's response codes (RFC 2449, 3206) to IMAP's, which package
// migrate's dictionary knows.
var codes = map[string]string{
	"IN-USE": "INUSE", "LOGIN-DELAY": "LIMIT", "AUTH": "AUTHENTICATIONFAILED", "SYS/TEMP": "UNAVAILABLE", "SYS/PERM": "CONTACTADMIN",
}

// refused makes an error of "-ERR …".
func (c *conn) refused(op, command, text string) error {
	r := &mailbox.Refusal{Status: "NO", Command: command, Text: text}
	if strings.HasPrefix(text, "[") {
		if end := strings.IndexByte(text, ']'); end > 0 {
			code := strings.ToUpper(text[1:end])
			r.Text = strings.TrimSpace(text[end+1:])
			if r.Code = codes[code]; r.Code == "" {
				r.Code = code
			}
		}
	}
	for _, secret := range c.secrets {
		r.Text = strings.ReplaceAll(r.Text, secret, "***")
	}
	code := core.Rejected
	switch r.Code {
	case "INUSE", "LIMIT", "UNAVAILABLE":
		code = core.RateLimited
	case "AUTHENTICATIONFAILED":
		code = core.Unauthenticated
	case "CONTACTADMIN":
		code = core.Forbidden
	}
	return core.E(code, op, r, "host", c.cfg.Host)
}

const farewell = 2 * time.Second

// close ends the connection without QUIT: see the package's comment. It waits shortly
// for the server to end its side, because only then is the mailbox free again.
func (c *conn) close() {
	if half, ok := c.sock.(interface{ CloseWrite() error }); ok && c.broken == nil && half.CloseWrite() == nil {
		_ = c.sock.SetReadDeadline(time.Now().Add(farewell))
		_, _ = io.Copy(io.Discard, io.LimitReader(c.br, 1<<20))
	}
	if c.broken == nil {
		c.broken = core.E(core.Unreachable, "closed session", nil, "host", c.cfg.Host)
	}
	_ = c.sock.Close()
}

// headerFields keeps the named fields of a header, as served, with the empty line.
func headerFields(header []byte, names ...string) []byte {
	var out []byte
	keep := false
	for line := range bytes.Lines(header) {
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
		if line[0] != ' ' && line[0] != '\t' {
			name, _, _ := bytes.Cut(line, []byte(":"))
			keep = false
			for _, n := range names {
				keep = keep || strings.EqualFold(string(bytes.TrimSpace(name)), n)
			}
		}
		if keep {
			out = append(out, line...)
		}
	}
	return append(out, "\r\n"...)
}
