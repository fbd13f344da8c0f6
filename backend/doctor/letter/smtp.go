// Package letter sends a test letter from one mailbox to another through the outgoing
// server, watches it arrive by IMAP, times every step, and reads its header. It leaves
// nothing behind that it was asked to take away, and takes away nothing else. It leaves
// out where servers come from and every sentence: subject and text are the caller's.
package letter

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/core/dialing"
)

// Security is how the connection to the outgoing server is protected.
type Security string

// The kinds. Plain is for this computer only.
const (
	TLS      Security = "tls"      // from the first byte, port 465 (RFC 8314 section 3.3)
	StartTLS Security = "starttls" // port 587 (RFC 6409)
	Plain    Security = "plain"
)

// Outgoing is a server for submission with a sign-in.
type Outgoing struct {
	Host     string
	Port     int
	Security Security
	User     string
	Token    bool                                                    // the secret is an access token (XOAUTH2)
	Secret   func(ctx context.Context) (string, error)               // asked for once a sign-in
	CAFile   string                                                  // PEM file of a further authority; "" the system's only
	Pin      string                                                  // SHA-256 of the one certificate that is trusted as it is, hex; "" none
	Dial     func(context.Context, string, string) (net.Conn, error) // nil: the system's
}

// sessionLimit bounds one conversation with an outgoing server.
const sessionLimit = 60 * time.Second

// Try signs in and out; nothing is sent. Errors: unreachable, timeout, untrusted_cert,
// unauthenticated, unsupported (no STARTTLS, no known way to sign in), canceled.
func (o Outgoing) Try(ctx context.Context) error {
	c, end, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer end()
	_ = c.Quit()
	return nil
}

// open connects, secures and signs in. end must be called.
func (o Outgoing) open(ctx context.Context) (c *smtp.Client, end func(), err error) {
	if o.Security == Plain && !loopback(o.Host) {
		return nil, nil, core.E(core.Invalid, "connect outgoing server", nil, "host", o.Host, "reason", "not_loopback")
	}
	dial := o.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	ctx, cancel := context.WithTimeout(ctx, sessionLimit)
	conn, err := dial(ctx, "tcp", net.JoinHostPort(o.Host, strconv.Itoa(o.Port)))
	if err != nil {
		f := o.fault(ctx, "connect outgoing server", err)
		cancel()
		return nil, nil, f
	}
	// The standard client knows no context: closing the connection ends every wait.
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	end = func() {
		stop()
		_ = conn.Close()
		cancel()
	}
	if c, err = o.greet(ctx, conn); err != nil {
		end()
		return nil, nil, err
	}
	return c, end, nil
}

func (o Outgoing) greet(ctx context.Context, conn net.Conn) (*smtp.Client, error) {
	trust, err := dialing.NewTrust(dialing.Server{Host: o.Host, CAFile: o.CAFile, PinnedSHA256: o.Pin})
	if err != nil {
		return nil, err
	}
	settings := trust.Config()
	if o.Security == TLS {
		secured := tls.Client(conn, settings)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, o.fault(ctx, "secure outgoing server", err)
		}
		conn = secured
	}
	c, err := smtp.NewClient(conn, o.Host)
	if err != nil {
		return nil, o.fault(ctx, "greet outgoing server", err)
	}
	if err := c.Hello("localhost"); err != nil {
		return nil, o.fault(ctx, "greet outgoing server", err)
	}
	if o.Security == StartTLS {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return nil, core.E(core.Unsupported, "secure outgoing server", nil, "host", o.Host, "why", "no_starttls")
		}
		if err := c.StartTLS(settings); err != nil {
			return nil, o.fault(ctx, "secure outgoing server", err)
		}
	}
	return c, o.signIn(ctx, c)
}

func (o Outgoing) signIn(ctx context.Context, c *smtp.Client) error {
	secret, err := o.Secret(ctx)
	if err != nil {
		return err
	}
	_, offered := c.Extension("AUTH")
	ways := " " + strings.ToUpper(offered) + " "
	var auth smtp.Auth
	switch {
	case o.Token && strings.Contains(ways, " XOAUTH2 "):
		auth = &exchange{name: "XOAUTH2", first: "user=" + o.User + "\x01auth=Bearer " + secret + "\x01\x01"}
	case o.Token:
	case strings.Contains(ways, " PLAIN "):
		auth = &exchange{name: "PLAIN", first: "\x00" + o.User + "\x00" + secret}
	case strings.Contains(ways, " LOGIN "):
		auth = &exchange{name: "LOGIN", then: []string{o.User, secret}}
	}
	if auth == nil {
		return core.E(core.Unsupported, "sign in to outgoing server", nil, "host", o.Host, "why", "no_auth")
	}
	if err := c.Auth(auth); err != nil {
		f := o.fault(ctx, "sign in to outgoing server", err)
		var said *textproto.Error
		if errors.As(err, &said) && said.Code >= 500 {
			f.Code = core.Unauthenticated
		}
		f.Args["user"] = o.User
		return f
	}
	return nil
}

// exchange is a sign-in that answers challenges in turn. The caller has made sure that
// the connection is safe, so the secret may go out.
type exchange struct {
	name, first string
	then        []string
}

func (e *exchange) Start(*smtp.ServerInfo) (string, []byte, error) {
	if e.first == "" {
		return e.name, nil, nil
	}
	return e.name, []byte(e.first), nil
}

func (e *exchange) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	if len(e.then) == 0 { // XOAUTH2's error report wants an empty answer
		return []byte{}, nil
	}
	answer := e.then[0]
	e.then = e.then[1:]
	return []byte(answer), nil
}

// fault gives an error its code; the server's words stand in Args["server"].
func (o Outgoing) fault(ctx context.Context, op string, err error) *core.Error {
	code, args := core.Unreachable, []string{"host", o.Host, "port", strconv.Itoa(o.Port)}
	var (
		said   *textproto.Error
		record tls.RecordHeaderError
		waited net.Error
	)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		code = core.Canceled
	case ctx.Err() != nil:
		code = core.Timeout
	case errors.As(err, &said):
		code = core.Rejected
		if said.Code < 500 {
			code = core.RateLimited
		}
		args = append(args, "server", strconv.Itoa(said.Code)+" "+said.Msg)
	case core.CodeOf(err) == core.UntrustedCert: // with what a person needs to decide about the certificate
		return core.E(core.UntrustedCert, op, err, "port", strconv.Itoa(o.Port))
	case errors.As(err, &record):
		args = append(args, "why", "not_tls")
	case errors.As(err, &waited) && waited.Timeout():
		code = core.Timeout
	}
	return core.E(code, op, err, args...)
}

// Accepted is what an outgoing server said about a letter.
type Accepted struct {
	SignedIn time.Time
	At       time.Time
}

// Send hands one mail over. Errors as [Outgoing.Try], and rejected or rate_limited
// with the server's words in Args["server"].
func (o Outgoing) Send(ctx context.Context, from, to string, raw []byte) (Accepted, error) {
	c, end, err := o.open(ctx)
	if err != nil {
		return Accepted{}, err
	}
	defer end()
	a := Accepted{SignedIn: time.Now()}
	if err := c.Mail(from); err != nil {
		return a, o.fault(ctx, "send letter", err)
	}
	if err := c.Rcpt(to); err != nil {
		return a, o.fault(ctx, "send letter", err)
	}
	w, err := c.Data()
	if err != nil {
		return a, o.fault(ctx, "send letter", err)
	}
	if _, err = w.Write(raw); err == nil {
		err = w.Close()
	}
	if err != nil {
		return a, o.fault(ctx, "send letter", err)
	}
	a.At = time.Now()
	_ = c.Quit()
	return a, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
