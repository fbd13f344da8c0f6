// Package probe talks to a mail port just long enough to learn how it greets, what it
// offers and which certificate it shows. It signs in nowhere and sends no mail.
//
// It leaves out judging what it learns (the checks).
package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"
)

// Proto is the language of a port.
type Proto string

// The languages.
const (
	SMTP Proto = "smtp"
	IMAP Proto = "imap"
	POP3 Proto = "pop3"
)

// Port is a port of mail.
type Port struct {
	Number string
	Proto  Proto
	TLS    bool // from the first byte
}

// The ports of mail (RFC 8314, RFC 6409, RFC 5321).
var (
	IMAPS       = Port{"993", IMAP, true}
	POP3S       = Port{"995", POP3, true}
	Submissions = Port{"465", SMTP, true}
	Submission  = Port{"587", SMTP, false}
	PlainIMAP   = Port{"143", IMAP, false}
	PlainPOP3   = Port{"110", POP3, false}
	Relay       = Port{"25", SMTP, false}
)

// Bounds.
const (
	talkFor  = 15 * time.Second // greeting to farewell
	maxLine  = 4096
	maxLines = 100
)

// Target is a port of a host.
type Target struct {
	Host string
	IP   netip.Addr
	Port Port
	// Connect opens the connection.
	Connect func(ctx context.Context) (net.Conn, netip.Addr, error)
	TLS     *tls.Config   // what to offer; nil: TLS 1.2 and 1.3 as Go has them by default
	NoTLS   bool          // do not ask for STARTTLS
	TalkFor time.Duration // greeting to farewell; 0: fifteen seconds
}

// until is when talking to the target must have ended.
func (t Target) until(ctx context.Context) time.Time {
	limit := t.TalkFor
	if limit == 0 {
		limit = talkFor
	}
	deadline := time.Now().Add(limit)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	return deadline
}

// Result is what was learnt. A later field is empty where an earlier step failed.
type Result struct {
	Host       string
	IP         netip.Addr
	Port       Port
	ConnectErr error
	Connected  time.Duration // until the connection stood
	Greeted    time.Duration // from then until the greeting
	Banner     string        // the greeting, lines joined by \n
	GreetErr   error         // no greeting, or not one of this language
	Refused    bool          // greeted by a refusal (SMTP 4xx, 5xx; BYE; -ERR)
	Offers     []string      // what it offers, upper case, before TLS where that comes later
	After      []string      // what it offers after STARTTLS
	StartTLS   bool          // offered
	TLS        *tls.ConnectionState
	TLSErr     error
	Plain      bool // the port was to speak TLS and speaks plain text
}

// Has says whether a word was offered before TLS, e.g. "STARTTLS" or "AUTH".
func (r Result) Has(word string) bool { return has(r.Offers, word) }

// HasAfter says whether a word is offered once TLS stands.
func (r Result) HasAfter(word string) bool {
	if r.Port.TLS {
		return has(r.Offers, word)
	}
	return has(r.After, word)
}

func has(all []string, word string) bool {
	for _, o := range all {
		first, _, _ := strings.Cut(o, " ")
		if first == word || o == word {
			return true
		}
	}
	return false
}

// Value is what follows a word of SMTP's offers, e.g. "SIZE" gives "26214400".
func (r Result) Value(word string) string {
	for _, all := range [][]string{r.After, r.Offers} {
		for _, o := range all {
			if first, rest, _ := strings.Cut(o, " "); first == word {
				return rest
			}
		}
	}
	return ""
}

// Ask talks to a target. What went wrong stands in the result.
func Ask(ctx context.Context, t Target) Result {
	r := Result{Host: t.Host, IP: t.IP, Port: t.Port}
	begin := time.Now()
	raw, ip, err := t.Connect(ctx)
	r.Connected = time.Since(begin)
	if ip.IsValid() {
		r.IP = ip
	}
	if err != nil {
		r.ConnectErr = err
		return r
	}
	defer raw.Close()
	_ = raw.SetDeadline(t.until(ctx))
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	c := &talk{conn: raw, in: bufio.NewReaderSize(raw, maxLine), result: &r, config: t.TLS, host: t.Host}
	begin = time.Now()
	if t.Port.TLS && !c.secure(ctx) {
		return r
	}
	r.GreetErr = c.greet()
	r.Greeted = time.Since(begin)
	if r.GreetErr == nil && !r.Refused {
		c.offers(ctx, !t.NoTLS)
	}
	return r
}

type talk struct {
	conn   net.Conn
	in     *bufio.Reader
	result *Result
	config *tls.Config
	host   string
	tag    int
}

// secure begins TLS. The certificate is not judged here: whoever does wants to see a
// bad one too.
func (c *talk) secure(ctx context.Context) bool {
	cfg := &tls.Config{}
	if c.config != nil {
		cfg = c.config.Clone()
	}
	if cfg.ServerName == "" && net.ParseIP(c.host) == nil {
		cfg.ServerName = c.host
	}
	cfg.InsecureSkipVerify = true
	secured := tls.Client(c.conn, cfg)
	if err := secured.HandshakeContext(ctx); err != nil {
		c.result.TLSErr = err
		var odd tls.RecordHeaderError
		c.result.Plain = errors.As(err, &odd)
		if c.result.Plain {
			c.result.Banner = printableHead(odd.RecordHeader[:])
		}
		return false
	}
	state := secured.ConnectionState()
	c.result.TLS = &state
	c.conn, c.in = secured, bufio.NewReaderSize(secured, maxLine)
	return true
}

func printableHead(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '.'
		}
		return r
	}, string(b))
}

var errLine = errors.New("a line longer than 4 kB")

func (c *talk) line() (string, error) {
	raw, err := c.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", errLine
	}
	if err != nil && (len(raw) == 0 || !errors.Is(err, io.EOF)) {
		return string(raw), err
	}
	return strings.TrimRight(string(raw), "\r\n"), nil
}

// reply reads one reply of SMTP: its code and lines.
func (c *talk) reply() (code string, lines []string, err error) {
	for range maxLines {
		l, err := c.line()
		if err != nil {
			return code, lines, err
		}
		if len(l) < 3 || strings.Trim(l[:3], "0123456789") != "" {
			return code, append(lines, l), fmt.Errorf("not an SMTP reply: %q", head(l))
		}
		code = l[:3]
		lines = append(lines, strings.TrimSpace(l[min(len(l), 4):]))
		if len(l) == 3 || l[3] != '-' {
			return code, lines, nil
		}
	}
	return code, lines, errors.New("a reply that does not end")
}

func head(s string) string { return s[:min(len(s), 80)] }

func (c *talk) say(format string, args ...any) error {
	_, err := fmt.Fprintf(c.conn, format+"\r\n", args...)
	return err
}

func (c *talk) greet() error {
	r := c.result
	if r.Port.Proto == SMTP {
		code, lines, err := c.reply()
		r.Banner = strings.TrimSpace(code + " " + strings.Join(lines, "\n"))
		r.Refused = err == nil && code != "220"
		return err
	}
	l, err := c.line()
	r.Banner = l
	if err != nil {
		return err
	}
	good, bad := "* OK", "* BYE"
	if r.Port.Proto == POP3 {
		good, bad = "+OK", "-ERR"
	}
	switch {
	case strings.HasPrefix(l, good), strings.HasPrefix(l, "* PREAUTH"):
	case strings.HasPrefix(l, bad):
		r.Refused = true
	default:
		return fmt.Errorf("not a greeting of %s: %q", r.Port.Proto, head(l))
	}
	return nil
}

// offers asks what the server offers, goes to TLS where that is offered and asks again.
func (c *talk) offers(ctx context.Context, upgrade bool) {
	r := c.result
	r.Offers = c.capabilities()
	word, command := "STARTTLS", "STARTTLS"
	if r.Port.Proto == POP3 {
		word, command = "STLS", "STLS"
	}
	r.StartTLS = has(r.Offers, word)
	if !r.Port.TLS && r.StartTLS && upgrade {
		if err := c.start(command); err != nil {
			r.TLSErr = err
		} else if c.secure(ctx) {
			r.After = c.capabilities()
		}
	}
	switch r.Port.Proto {
	case SMTP, POP3:
		_ = c.say("QUIT")
	case IMAP:
		_ = c.say("z LOGOUT")
	}
}

func (c *talk) start(command string) error {
	switch c.result.Port.Proto {
	case SMTP:
		if err := c.say("%s", command); err != nil {
			return err
		}
		code, lines, err := c.reply()
		if err == nil && code != "220" {
			err = fmt.Errorf("STARTTLS refused: %s %s", code, strings.Join(lines, " "))
		}
		return err
	case POP3:
		if err := c.say("%s", command); err != nil {
			return err
		}
		l, err := c.line()
		if err == nil && !strings.HasPrefix(l, "+OK") {
			err = fmt.Errorf("STLS refused: %s", head(l))
		}
		return err
	}
	lines, err := c.tagged(command)
	if err == nil && len(lines) > 0 && !strings.Contains(lines[len(lines)-1], " OK") {
		err = fmt.Errorf("STARTTLS refused: %s", head(lines[len(lines)-1]))
	}
	return err
}

func (c *talk) tagged(command string) ([]string, error) {
	c.tag++
	tag := fmt.Sprintf("a%d", c.tag)
	if err := c.say("%s %s", tag, command); err != nil {
		return nil, err
	}
	var all []string
	for range maxLines {
		l, err := c.line()
		if err != nil {
			return all, err
		}
		all = append(all, l)
		if strings.HasPrefix(l, tag+" ") {
			return all, nil
		}
	}
	return all, errors.New("a reply that does not end")
}

func (c *talk) capabilities() []string {
	switch c.result.Port.Proto {
	case SMTP:
		return c.ehlo()
	case IMAP:
		lines, _ := c.tagged("CAPABILITY")
		for _, l := range lines {
			if rest, ok := strings.CutPrefix(strings.ToUpper(l), "* CAPABILITY "); ok {
				return strings.Fields(rest)
			}
		}
		return nil
	}
	if c.say("CAPA") != nil {
		return nil
	}
	var all []string
	for range maxLines {
		l, err := c.line()
		if err != nil || l == "." || strings.HasPrefix(l, "-ERR") {
			break
		}
		if !strings.HasPrefix(l, "+OK") {
			all = append(all, strings.ToUpper(l))
		}
	}
	return all
}

func (c *talk) ehlo() []string {
	name := "[127.0.0.1]"
	if host, _, err := net.SplitHostPort(c.conn.LocalAddr().String()); err == nil {
		if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
			name = "[IPv6:" + ip.WithZone("").String() + "]"
		} else {
			name = "[" + host + "]"
		}
	}
	if c.say("EHLO %s", name) != nil {
		return nil
	}
	code, lines, err := c.reply()
	if err != nil || code != "250" {
		return nil
	}
	all := []string{}
	for _, l := range lines[1:] {
		all = append(all, strings.ToUpper(strings.Replace(l, "AUTH=", "AUTH ", 1)))
	}
	return all
}
