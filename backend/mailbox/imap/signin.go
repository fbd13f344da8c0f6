package imap

import (
	"context"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// Open connects and signs in, once. A refused sign-in is unauthenticated and wraps
// the server's *[mailbox.Refusal]; rate_limited where the server only says that it
// is busy. It never tries a second time by itself.
func (a *Account) Open(ctx context.Context) (mailbox.Session, error) {
	sock, p, err := a.dial(ctx)
	if err != nil {
		return nil, err
	}
	c := newConn(&a.cfg, sock, p)
	s := &session{c: c, acc: a}
	err = c.under(ctx, "sign in", func() error { return s.signIn(ctx) })
	if err != nil {
		c.close()
		return nil, err
	}
	c.run()
	return s, nil
}

// signIn follows the one order that works everywhere: greeting, TLS, capabilities,
// sign-in, capabilities again, ID, namespace.
func (s *session) signIn(ctx context.Context) error {
	c := s.c
	pre, err := c.greet()
	if err != nil {
		return err
	}
	c.family = identify(pre.text, nil, nil, c.cfg.Host)
	if c.cfg.Security == StartTLS {
		if pre.kind == "PREAUTH" { // it would never ask for the password, nor for TLS
			return core.E(core.Unsupported, "starttls", nil, "host", c.cfg.Host, "why", "preauth")
		}
		if err := s.startTLS(ctx); err != nil {
			return err
		}
	}
	if err := s.capability(); err != nil {
		return err
	}
	if pre.kind != "PREAUTH" {
		told := c.told()
		if err := s.authenticate(ctx); err != nil {
			return err
		}
		if c.told() == told {
			if err := s.refreshCapability(); err != nil {
				return err
			}
		}
	}
	c.family = identify(pre.text, nil, c.caps, c.cfg.Host)
	if err := s.introduce(pre.text); err != nil {
		return err
	}
	if err := s.compress(); err != nil {
		return err
	}
	s.traits = traitsOf(c.family, c.caps)
	if s.rtt == 0 {
		if err := s.measured("NOOP"); err != nil {
			return err
		}
	}
	return s.layout()
}

// greet reads up to the greeting, over whatever junk stands before it.
func (c *conn) greet() (status, error) {
	c.pulse.await(1)
	defer c.pulse.await(-1)
	for c.greeting == nil {
		if err := c.step(); err != nil {
			c.lost(err)
			return status{}, c.failure("greeting")
		}
	}
	st := *c.greeting
	if st.kind == "OK" || st.kind == "PREAUTH" {
		return st, nil
	}
	return st, core.E(core.Unreachable, "greeting", c.refusal("", st), "host", c.cfg.Host)
}

func (c *conn) told() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.capsTold
}

// capability asks for the capabilities unless the server told them by itself.
func (s *session) capability() error {
	if s.c.told() > 0 {
		return nil
	}
	return s.refreshCapability()
}

func (s *session) refreshCapability() error { return s.measured("CAPABILITY") }

// measured runs a command that costs the server nothing and learns the round trip
// from it. That it is refused does not matter.
func (s *session) measured(verb string) error {
	start := time.Now()
	_, err := s.c.call(strings.ToLower(verb), verb)
	if err == nil {
		s.rttOf(start)
	}
	return err
}

func (s *session) rttOf(start time.Time) {
	if d := time.Since(start); s.rtt == 0 || d < s.rtt {
		s.rtt = d
	}
}

func (s *session) startTLS(ctx context.Context) error {
	c := s.c
	if err := s.capability(); err != nil {
		return err
	}
	if !c.has("STARTTLS") {
		return core.E(core.Unsupported, "starttls", nil, "host", c.cfg.Host, "why", "no_starttls")
	}
	if err := c.ask("starttls", "STARTTLS"); err != nil {
		return err
	}
	if c.s.w.br.Buffered() > 0 { // injected by somebody on the way: CVE-2011-0411
		return core.E(core.Malformed, "starttls", nil, "host", c.cfg.Host, "why", "data_before_tls")
	}
	sock, err := s.acc.handshake(ctx, c.pulse)
	if err != nil {
		return err
	}
	c.sock, c.out = sock, newWriter(sock)
	c.attach(sock)
	c.mu.Lock()
	c.caps, c.capsTold = nil, 0 // what was said in the clear counts for nothing
	c.mu.Unlock()
	return nil
}

// introduce sends ID, where it is advertised and to NetEase regardless (without it
// SELECT is "Unsafe Login"), and asks for the namespace in the same round trip.
func (s *session) introduce(greeting string) error {
	c := s.c
	var id map[string]string
	done := c.listen(&handler{data: func(name string, _ uint32, sc *scanner) (err error) {
		switch name {
		case "ID":
			id, err = parseID(sc)
		case "NAMESPACE":
			err = s.spaces.parse(sc)
		}
		return err
	}})
	defer done()
	start := time.Now()
	var idCmd, nsCmd *command
	var err error
	if c.has("ID") || c.family == "netease" {
		if idCmd, err = c.send("ID", nil, word(identityList(c.cfg.ID))); err != nil {
			return err
		}
	}
	if c.has("NAMESPACE") && !isExchange2003(greeting) {
		if nsCmd, err = c.send("NAMESPACE", nil); err != nil {
			return err
		}
	}
	if err := c.flush("sign in"); err != nil {
		return err
	}
	if idCmd != nil {
		if _, err := c.await("id", idCmd); err != nil {
			return err
		}
		s.rttOf(start)
	}
	if nsCmd != nil {
		st, err := c.await("namespace", nsCmd)
		if err != nil {
			return err
		}
		if st.kind != "OK" && strings.Contains(strings.ToLower(st.text), "authenticated but not connected") {
			return c.signInRefused("NAMESPACE", st) // Exchange's way to refuse after LOGIN
		}
	}
	c.family = identify(greeting, id, c.caps, c.cfg.Host)
	return nil
}

func isExchange2003(greeting string) bool {
	return strings.Contains(greeting, "Microsoft Exchange") && strings.Contains(greeting, "2003")
}

func identityList(id Identity) string {
	parts := []string{quote("name"), quote(plainText(id.Name))}
	if id.Version != "" {
		parts = append(parts, quote("version"), quote(plainText(id.Version)))
	}
	if id.Vendor != "" {
		parts = append(parts, quote("vendor"), quote(plainText(id.Vendor)))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// plainText keeps printable ASCII only.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f {
			return -1
		}
		return r
	}, s)
}

func parseID(sc *scanner) (map[string]string, error) {
	id, key := map[string]string{}, ""
	err := sc.list(func() error {
		b, isNil, err := sc.str()
		switch {
		case err != nil:
			return err
		case key == "":
			key = strings.ToLower(decodeText(b))
		default:
			if !isNil && len(id) < 30 {
				id[key] = decodeText(b)
			}
			key = ""
		}
		return nil
	})
	return id, err
}
