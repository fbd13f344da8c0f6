package pop3

import (
	"context"
	"crypto/md5" //nolint:gosec // APOP is made of it; sent only where asked for
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// Open connects and signs in, once; again only for a short while where the server says
// that the password is right and the mailbox still in use. Errors: unauthenticated for a
// refused sign-in; rate_limited where another session holds the mailbox (also one of
// ours) or the server wants a pause between sign-ins.
func (a *Account) Open(ctx context.Context) (mailbox.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, core.E(core.CodeOf(err), "sign in", err)
	}
	a.mu.Lock()
	if a.open {
		a.mu.Unlock()
		return nil, core.E(core.RateLimited, "sign in", nil, "host", a.cfg.Host, "why", "one_session")
	}
	a.open = true
	a.mu.Unlock()
	s, err := a.persist(ctx)
	if err != nil {
		a.free()
		return nil, err
	}
	return s, nil
}

// errInUse marks a refusal with the response code IN-USE.
var errInUse = errors.New("the maildrop is in use")

// firstLook is the first pause before a mailbox in use is asked for again; each is twice
// the one before.
const firstLook = 100 * time.Millisecond

// persist waits out the lock that a session of a moment ago has left: a server frees the
// mailbox only when it has noticed that the connection ended. With IN-USE it says that the
// sign-in was right (RFC 2449 section 6.6), so asking again locks nobody's account; a
// lock that is told in words alone may be one of the account, and is never tried again here.
func (a *Account) persist(ctx context.Context) (*session, error) {
	end := time.Now().Add(a.cfg.LockWait)
	for pause := firstLook; ; pause *= 2 {
		s, err := a.start(ctx)
		if err == nil || !errors.Is(err, errInUse) || time.Now().Add(pause).After(end) {
			return s, err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, core.E(core.CodeOf(ctx.Err()), "sign in", ctx.Err(), "host", a.cfg.Host)
		}
	}
}

func (a *Account) free() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open = false
}

func (a *Account) start(ctx context.Context) (*session, error) {
	if err := a.tooSoon(); err != nil {
		return nil, err
	}
	c, err := a.dial(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{c: c, acc: a, notes: []string{"pop3-inbox-only", "pop3-no-flags", "pop3-no-dates"}}
	err = c.under(ctx, "sign in", func() error { return a.signIn(ctx, s) })
	if err != nil {
		c.close()
		return nil, err
	}
	a.mu.Lock()
	a.lastSeen = time.Now()
	a.mu.Unlock()
	return s, nil
}

// tooSoon keeps the pause between sign-ins that a server has asked for (LOGIN-DELAY,
// RFC 2449 section 6.5), in words that the dictionary of refusals reads.
func (a *Account) tooSoon() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	left := a.delay - time.Since(a.lastSeen)
	if a.lastSeen.IsZero() || left <= 0 {
		return nil
	}
	return core.E(core.RateLimited, "sign in", &mailbox.Refusal{
		Status: "NO", Code: "LIMIT", Command: "PASS",
		Text: "request is throttled, suggested backoff time: " + strconv.FormatInt(left.Milliseconds()+1, 10) + " milliseconds",
	}, "host", a.cfg.Host)
}

func (a *Account) signIn(ctx context.Context, s *session) error {
	c := s.c
	greeting, err := c.status("greeting", "")
	if err != nil {
		return core.E(core.Unreachable, "greeting", err, "host", a.cfg.Host)
	}
	if i, j := strings.LastIndexByte(greeting, '<'), strings.LastIndexByte(greeting, '>'); i >= 0 && j > i {
		c.stamp = greeting[i : j+1]
	}
	if err := c.capabilities(); err != nil {
		return err
	}
	if a.cfg.Security == StartTLS {
		if err := a.startTLS(ctx, c); err != nil {
			return err
		}
	}
	if c.has("UTF8") {
		// Without it Courier hands out a notice in place of a message that has 8-bit bytes in
		// its header (RFC 6856 section 2.1). A refusal changes nothing.
		if _, err := c.ask("utf8", "UTF8"); err != nil && c.broken != nil {
			return err
		}
	}
	before := time.Now()
	if err := a.authenticate(ctx, c); err != nil {
		return err
	}
	s.rtt = time.Since(before)
	if err := c.capabilities(); err != nil {
		return err
	}
	if delay, _, _ := strings.Cut(c.caps["LOGIN-DELAY"], " "); delay != "" {
		if seconds, err := strconv.Atoi(delay); err == nil && seconds >= 0 && seconds <= 86400 {
			a.mu.Lock()
			a.delay = time.Duration(seconds) * time.Second
			a.mu.Unlock()
		}
	}
	return nil
}

// capabilities asks CAPA (RFC 2449 section 5); old servers refuse it.
func (c *conn) capabilities() error {
	const op = "capabilities"
	_, err := c.ask(op, "CAPA")
	if c.broken != nil {
		return err
	}
	if err != nil {
		if c.caps == nil {
			c.caps = map[string]string{}
		}
		return nil
	}
	c.caps = map[string]string{}
	return c.lines(op, func(line string) error {
		name, args, _ := strings.Cut(strings.TrimSpace(line), " ")
		if len(c.caps) < 100 {
			c.caps[strings.ToUpper(name)] = args
		}
		return nil
	})
}

func (c *conn) has(name string) bool { _, ok := c.caps[name]; return ok }

func (c *conn) hasSASL(name string) bool {
	return slices.Contains(strings.Fields(strings.ToUpper(c.caps["SASL"])), name)
}

func (a *Account) startTLS(ctx context.Context, c *conn) error {
	if len(c.caps) > 0 && !c.has("STLS") {
		return core.E(core.Unsupported, "starttls", nil, "host", a.cfg.Host, "why", "no_starttls")
	}
	if _, err := c.ask("starttls", "STLS"); err != nil {
		if c.broken == nil {
			return core.E(core.Unsupported, "starttls", err, "host", a.cfg.Host, "why", "no_starttls")
		}
		return err
	}
	if c.br.Buffered() > 0 { // injected by somebody on the way: CVE-2011-0411
		return core.E(core.Malformed, "starttls", nil, "host", a.cfg.Host, "why", "data_before_tls")
	}
	if err := c.handshake(ctx, a.trust); err != nil {
		return err
	}
	c.caps = nil // what was said in the clear counts for nothing
	return c.capabilities()
}

// authenticate proves who we are, in exactly one attempt.
func (a *Account) authenticate(ctx context.Context, c *conn) error {
	secret := a.cfg.Password
	if a.cfg.Secret != nil {
		var err error
		if secret, err = a.cfg.Secret(ctx); err != nil {
			return core.E(core.CodeOf(err), "read secret", err, "user", a.cfg.User)
		}
	}
	if len(secret) > 3 {
		c.secrets = append(c.secrets, secret)
	}
	mech, err := a.mechanism(c)
	if err != nil {
		return err
	}
	user, authz := a.cfg.name()
	switch mech {
	case UserPass:
		if strings.ContainsAny(secret, "\r\n\x00") {
			return core.E(core.Invalid, "sign in", nil, "field", "password", "reason", "malformed", "host", a.cfg.Host)
		}
		if _, err = c.ask("sign in", "USER "+user); err == nil {
			_, err = c.ask("sign in", "PASS "+secret)
		}
	case APOP:
		sum := md5.Sum([]byte(c.stamp + secret)) //nolint:gosec // as the protocol has it
		_, err = c.ask("sign in", "APOP "+user+" "+hex.EncodeToString(sum[:]))
	default:
		err = c.sasl(mech, a.first(mech, user, authz, secret))
	}
	return a.signInRefused(c, err)
}

// signInRefused makes a refusal of the sign-in unauthenticated, unless the server said
// that it is only busy or the mailbox is locked. A lock told in words alone is one, too
// (older Dovecot, Courier, qpopper).
func (a *Account) signInRefused(c *conn, err error) error {
	r, ok := errors.AsType[*mailbox.Refusal](err)
	if !ok || c.broken != nil {
		return err
	}
	code := core.CodeOf(err)
	var cause error = r
	if r.Code == "INUSE" {
		cause = fmt.Errorf("%w: %w", errInUse, r)
	}
	low := strings.ToLower(r.Text)
	if r.Code == "" && (strings.Contains(low, "lock") && !strings.Contains(low, "account") || strings.Contains(low, "already in use") || strings.Contains(low, "in use by")) {
		r.Code, code = "INUSE", core.RateLimited
	}
	if r.Code == "LIMIT" {
		a.mu.Lock()
		a.lastSeen = time.Now()
		a.mu.Unlock()
	}
	if code != core.RateLimited {
		code = core.Unauthenticated
	}
	return core.E(code, "sign in", cause, "host", a.cfg.Host, "user", a.cfg.User)
}

// mechanism chooses among what the server offers. Errors: unsupported with Args why.
func (a *Account) mechanism(c *conn) (Mechanism, error) {
	unsupported := func(why string) (Mechanism, error) {
		return "", core.E(core.Unsupported, "sign in", nil, "host", a.cfg.Host, "why", why, "mechanism", string(a.cfg.Mechanism))
	}
	_, authz := a.cfg.name()
	switch m := a.cfg.Mechanism; m {
	case Auto:
		switch {
		case authz != "" && !c.hasSASL("PLAIN"):
			return unsupported("no_authorization_identity")
		case authz != "", len(c.caps) > 0 && !c.has("USER") && c.hasSASL("PLAIN"):
			return PlainAuth, nil
		}
		return UserPass, nil
	case UserPass:
		if authz != "" {
			return unsupported("no_authorization_identity")
		}
		return m, nil
	case APOP:
		if c.stamp == "" || authz != "" {
			return unsupported("mechanism_not_offered")
		}
		return m, nil
	case Bearer:
		for _, m := range []Mechanism{XOAuth2, OAuthBearer} {
			if c.hasSASL(string(m)) {
				return m, nil
			}
		}
		return unsupported("mechanism_not_offered")
	default:
		if !c.hasSASL(string(m)) {
			return unsupported("mechanism_not_offered")
		}
		return m, nil
	}
}

// first is the client's first message of a SASL exchange.
func (a *Account) first(mech Mechanism, user, authz, secret string) string {
	switch mech {
	case XOAuth2:
		return "user=" + a.cfg.User + "\x01auth=Bearer " + secret + "\x01\x01"
	case OAuthBearer:
		name := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(a.cfg.User)
		return "n,a=" + name + ",\x01host=" + a.cfg.Host + "\x01port=" + strconv.Itoa(a.cfg.Port) + "\x01auth=Bearer " + secret + "\x01\x01"
	}
	return authz + "\x00" + user + "\x00" + secret
}

// longestCommand is what a POP3 line may have; a longer first message waits for the
// server's "+" (RFC 5034 section 4).
const longestCommand = 255

// sasl runs AUTH. What comes after our message is a report of failure, which ends by
// our giving up.
func (c *conn) sasl(mech Mechanism, first string) error {
	const op = "sign in"
	b64 := base64.StdEncoding.EncodeToString([]byte(first))
	c.secrets = append(c.secrets, b64)
	command, rest := "AUTH "+string(mech)+" "+b64, ""
	if len(command)+2 > longestCommand {
		command, rest = "AUTH "+string(mech), b64
	}
	_, err := c.ask(op, command)
	for range 3 {
		if !errors.Is(err, errContinue) {
			return err
		}
		reply := rest
		if rest == "" {
			reply = map[Mechanism]string{OAuthBearer: "AQ==", XOAuth2: ""}[mech] // RFC 7628 section 3.2.3
		}
		rest = ""
		if err = c.send(op, reply); err == nil {
			_, err = c.status(op, "AUTH")
		}
	}
	if errors.Is(err, errContinue) {
		return c.lost(op, core.E(core.Malformed, op, nil, "host", c.cfg.Host, "why", "endless_authentication"))
	}
	return err
}
