package imap

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"mailroom/backend/core"
)

// authenticate proves who we are, in exactly one attempt.
func (s *session) authenticate(ctx context.Context) error {
	c := s.c
	secret := c.cfg.Password
	if c.cfg.Secret != nil {
		var err error
		if secret, err = c.cfg.Secret(ctx); err != nil {
			return core.E(core.CodeOf(err), "read secret", err, "user", c.cfg.User)
		}
	}
	mech, err := s.mechanism(secret)
	if err != nil {
		return err
	}
	c.hide(secret)
	name, _ := c.cfg.signIn()
	if mech == Login {
		user, pass := str(name), loginPassword(secret)
		pass.secret = true
		c.hide(strings.Trim(pass.text, `"`))
		st, err := c.call("sign in", "LOGIN", user, pass)
		if err == nil && st.kind != "OK" {
			err = c.signInRefused("LOGIN", st)
		}
		return err
	}
	return s.sasl(mech, initialResponse(c.cfg, mech, secret))
}

// loginPassword quotes plain passwords and sends the others as a literal: servers
// differ in how they undo quoting.
func loginPassword(secret string) arg {
	if odd(secret) {
		return arg{text: secret, literal: true}
	}
	return str(secret)
}

// odd finds characters that servers are known to misread in a quoted string.
func odd(s string) bool {
	return s == "" || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f || r == '"' || r == '\\' })
}

// mechanism chooses among what the server offers. Errors: unsupported with Args why.
func (s *session) mechanism(secret string) (Mechanism, error) {
	c := s.c
	unsupported := func(why string) (Mechanism, error) {
		return "", core.E(core.Unsupported, "sign in", nil, "host", c.cfg.Host, "why", why, "mechanism", string(c.cfg.Mechanism))
	}
	plain := c.has("AUTH=PLAIN")
	user, authz := c.cfg.signIn()
	switch m := c.cfg.Mechanism; m {
	case Auto:
		switch {
		case authz != "" && !plain:
			return unsupported("no_authorization_identity")
		case authz != "", plain && (c.has("LOGINDISABLED") || odd(secret) || odd(user)):
			return PlainAuth, nil
		case c.has("LOGINDISABLED"):
			return unsupported("login_disabled")
		}
		return Login, nil
	case Login:
		switch {
		case authz != "":
			return unsupported("no_authorization_identity")
		case c.has("LOGINDISABLED"):
			return unsupported("login_disabled")
		}
		return Login, nil
	case Bearer:
		for _, m := range []Mechanism{XOAuth2, OAuthBearer} {
			if c.has("AUTH=" + string(m)) {
				return m, nil
			}
		}
		return unsupported("mechanism_not_offered")
	default:
		if !c.has("AUTH=" + string(m)) {
			return unsupported("mechanism_not_offered")
		}
		return m, nil
	}
}

// initialResponse is the client's first message of a SASL exchange.
func initialResponse(cfg *Config, mech Mechanism, secret string) string {
	switch mech {
	case XOAuth2:
		return "user=" + cfg.User + "\x01auth=Bearer " + secret + "\x01\x01"
	case OAuthBearer:
		user := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(cfg.User)
		return "n,a=" + user + ",\x01host=" + cfg.Host + "\x01port=" + strconv.Itoa(cfg.Port) +
			"\x01auth=Bearer " + secret + "\x01\x01"
	}
	user, authz := cfg.signIn()
	return authz + "\x00" + user + "\x00" + secret
}

// sasl runs AUTHENTICATE. A second prompt is an error report (XOAUTH2, OAUTHBEARER):
// it is answered as the mechanism wants, then the server refuses.
func (s *session) sasl(mech Mechanism, first string) error {
	c := s.c
	b64 := base64.StdEncoding.EncodeToString([]byte(first))
	c.hide(b64, first)
	cmd := c.newCommand("AUTHENTICATE", nil)
	line := cmd.tag + " AUTHENTICATE " + string(mech)
	c.tr.add("C:", []byte(line+" ***"))
	next := b64
	if c.has("SASL-IR") {
		line, next = line+" "+b64, ""
	}
	c.out.WriteString(line + "\r\n")
	report, told := "", false
	for range 4 {
		refused, err := c.consent(cmd)
		switch {
		case err != nil:
			return err
		case refused:
			return s.saslResult(cmd.st, report)
		}
		reply := next
		switch {
		case next != "":
		case len(cmd.prompt) == 0 && report == "" && !told: // it overlooked the initial response
			reply = b64
		default:
			report = saslReport(cmd.prompt)
			reply = saslGiveUp(mech)
		}
		next, told = "", true
		c.tr.add("C:", []byte("***"))
		c.out.WriteString(reply + "\r\n")
	}
	return core.E(core.Malformed, "sign in", nil, "host", c.cfg.Host, "why", "endless_authentication")
}

func (s *session) saslResult(st status, report string) error {
	if st.kind == "OK" {
		return nil
	}
	if report != "" {
		st.text = strings.TrimSpace(st.text + " " + report)
	}
	return s.c.signInRefused("AUTHENTICATE", st)
}

// saslReport decodes the server's reason, e.g. {"status":"400","schemes":"Bearer"}.
func saslReport(prompt []byte) string {
	b, err := base64.StdEncoding.DecodeString(string(prompt))
	if err != nil {
		return ""
	}
	return decodeText(b)
}

func saslGiveUp(mech Mechanism) string {
	switch mech {
	case OAuthBearer:
		return "AQ==" // RFC 7628 section 3.2.3
	case XOAuth2:
		return ""
	}
	return "*"
}
