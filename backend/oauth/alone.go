package oauth

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/url"
	"strings"
	"time"

	"mailroom/backend/core"
)

// Key is a Google service account's key, as its JSON file holds it.
type Key struct {
	Email    string // the service account's own address
	ClientID string // the number that the domain's administrator allows
	id       string
	private  *rsa.PrivateKey
}

// keyBytes is more than any key file has.
const keyBytes = 64 << 10

// ReadKey reads the JSON file of a service account. Errors: invalid with Args field
// key_file and reason (malformed, not_a_service_account); the content is never in them.
func ReadKey(raw []byte) (Key, error) {
	bad := func(reason string) (Key, error) {
		return Key{}, core.E(core.Invalid, "read key file", nil, "field", "key_file", "reason", reason)
	}
	var f struct {
		Type       string `json:"type"`
		Email      string `json:"client_email"`
		ClientID   string `json:"client_id"`
		ID         string `json:"private_key_id"`
		PrivateKey string `json:"private_key"`
	}
	if len(raw) > keyBytes || json.Unmarshal(raw, &f) != nil {
		return bad("malformed")
	}
	if f.Type != "service_account" || !strings.Contains(f.Email, "@") || f.PrivateKey == "" {
		return bad("not_a_service_account")
	}
	block, _ := pem.Decode([]byte(f.PrivateKey))
	if block == nil {
		return bad("malformed")
	}
	var private any
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		if private, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
			return bad("malformed")
		}
	}
	key, ok := private.(*rsa.PrivateKey)
	if !ok || key.N.BitLen() < 2048 {
		return bad("malformed")
	}
	return Key{Email: short(f.Email, 320), ClientID: short(f.ClientID, 60), id: f.ID, private: key}, nil
}

// ServiceToken gets a token with which a Google service account opens a person's
// mailbox (domain-wide delegation, RFC 7523 section 2.1). The key file's own token
// address is not used: what we sign goes to the vendor only. Errors of class
// [Delegation] mean that the domain's administrator has not allowed it.
func (c *Client) ServiceToken(ctx context.Context, k Key, user string) (Token, error) {
	const op = "sign in as service account"
	s, err := c.service(App{Vendor: Google})
	if err != nil {
		return Token{}, err
	}
	if k.private == nil {
		return Token{}, core.E(core.Invalid, op, nil, "field", "key_file", "reason", "missing")
	}
	assertion, err := k.sign(s, user, c.now())
	if err != nil {
		return Token{}, core.E(core.Internal, op, err)
	}
	got, err := c.ask(ctx, op, Google, s.Token, url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion},
	})
	if err != nil {
		return Token{}, core.E(core.CodeOf(err), op, err, "user", user, "client", k.ClientID, "scope", s.Alone)
	}
	return c.token(op, got)
}

// assertionLife is how long a signed claim is good; Google takes an hour at most.
const assertionLife = 30 * time.Minute

// sign makes the claim that a service account acts for a person: a JWT (RFC 7519)
// with RS256 (RFC 7518 section 3.3).
func (k Key) sign(s Service, user string, now time.Time) (string, error) {
	part := func(v any) (string, error) {
		raw, err := json.Marshal(v)
		return base64.RawURLEncoding.EncodeToString(raw), err
	}
	head := map[string]string{"alg": "RS256", "typ": "JWT"}
	if k.id != "" {
		head["kid"] = k.id
	}
	first, err := part(head)
	if err != nil {
		return "", err
	}
	// Issued half a minute ago: clocks differ a little.
	claims, err := part(map[string]any{
		"iss": k.Email, "sub": user, "scope": s.Alone, "aud": s.Token,
		"iat": now.Add(-30 * time.Second).Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(first + "." + claims))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k.private, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return first + "." + claims + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// ApplicationToken gets a token with which a Microsoft application opens every mailbox
// that it was given (client credentials, RFC 6749 section 4.4; IMAP.AccessAsApp). It
// needs the directory's own name and a client secret.
func (c *Client) ApplicationToken(ctx context.Context, a App) (Token, error) {
	const op = "sign in as application"
	s, err := c.service(a)
	if err != nil {
		return Token{}, err
	}
	switch {
	case a.Vendor == Google:
		return Token{}, core.E(core.Unsupported, op, nil, "vendor", string(a.Vendor))
	case a.Tenant == "" || a.Tenant == anyOrganisation || a.Tenant == "common":
		return Token{}, core.E(core.Invalid, op, nil, "field", "tenant", "reason", "missing")
	case a.ClientSecret == "":
		return Token{}, core.E(core.Invalid, op, nil, "field", "client_secret", "reason", "missing")
	}
	f := a.form("client_credentials")
	f.Set("client_secret", string(a.ClientSecret))
	f.Set("scope", s.Alone)
	got, err := c.ask(ctx, op, a.Vendor, s.Token, f)
	if err != nil {
		return Token{}, err
	}
	return c.token(op, got)
}
