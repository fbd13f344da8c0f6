package oauth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"mailroom/backend/core"
)

// Signed is the outcome of a person's sign-in.
type Signed struct {
	Grant Grant
	Token Token
}

// form begins a request in an app's name, for a person. Google's desktop clients send
// their secret; Microsoft refuses one from a desktop program (AADSTS700025).
func (a App) form(kind string) url.Values {
	f := url.Values{"grant_type": {kind}, "client_id": {a.ClientID}}
	if a.ClientSecret != "" && a.Vendor == Google {
		f.Set("client_secret", string(a.ClientSecret))
	}
	return f
}

// page is the address of the sign-in page (RFC 6749 section 4.1.1 with RFC 7636).
func (s Service) page(a App, redirect, state, verifier, hint string) string {
	cfg := oauth2.Config{
		ClientID: a.ClientID, RedirectURL: redirect, Scopes: s.Person,
		Endpoint: oauth2.Endpoint{AuthURL: s.Authorize},
	}
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier)}
	for name, value := range s.Extra {
		options = append(options, oauth2.SetAuthURLParam(name, value))
	}
	if hint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", hint))
	}
	return cfg.AuthCodeURL(state, options...)
}

// redeem exchanges the code of a sign-in for tokens.
func (c *Client) redeem(ctx context.Context, s Service, a App, redirect, code, verifier string) (Signed, error) {
	f := a.form("authorization_code")
	f.Set("code", code)
	f.Set("redirect_uri", redirect)
	f.Set("code_verifier", verifier)
	got, err := c.ask(ctx, "redeem sign-in", a.Vendor, s.Token, f)
	if err != nil {
		return Signed{}, err
	}
	return c.signed("redeem sign-in", s, a, got)
}

// signed reads the tokens of a person. Without a refresh token the next hour would ask
// the person again, and without the scope for mail nothing opens: both are told now.
func (c *Client) signed(op string, s Service, a App, got *answer) (Signed, error) {
	token, err := c.token(op, got)
	if err != nil {
		return Signed{}, err
	}
	facts := []string{"vendor", string(a.Vendor)}
	if got.Scope != "" && !grants(got.Scope, s.Mail) {
		return Signed{}, classed(op, ConsentMissing, nil, facts...)
	}
	if got.RefreshToken == "" {
		return Signed{}, classed(op, ConsentMissing, nil, facts...)
	}
	return Signed{Token: token, Grant: Grant{
		Vendor: a.Vendor, Tenant: a.Tenant, ClientID: a.ClientID, User: accountIn(got.IDToken), Refresh: Secret(got.RefreshToken),
	}}, nil
}

// grants says whether a list of scopes holds one. Microsoft answers with the host that
// it prefers for Exchange (outlook.office.com or outlook.office365.com), and in any case.
func grants(list, scope string) bool {
	plain := func(s string) string {
		return strings.Replace(strings.ToLower(s), "//outlook.office365.com/", "//outlook.office.com/", 1)
	}
	return slices.ContainsFunc(strings.Fields(list), func(s string) bool {
		return plain(s) == plain(scope)
	})
}

// accountIn reads the address from an ID token. It came straight from the vendor over
// TLS, so its signature need not be checked (OpenID Connect Core 1.0, section 3.1.3.7,
// point 6); it decides nothing but what the person is shown.
func accountIn(idToken string) string {
	parts := strings.Split(idToken, ".")
	if len(parts) != 3 {
		return ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return ""
	}
	var claims struct {
		Email     string `json:"email"`
		Preferred string `json:"preferred_username"`
		UPN       string `json:"upn"`
	}
	if json.Unmarshal(raw, &claims) != nil {
		return ""
	}
	for _, name := range []string{claims.Preferred, claims.Email, claims.UPN} {
		if strings.Contains(name, "@") && len(name) <= 320 {
			return short(name, 320)
		}
	}
	return ""
}

// Refresh gets a new token for a person who signed in before. Vendors may hand out a
// new refresh token with it (Microsoft does): keep the returned grant. Errors of class
// [SignInAgain] mean that the person must be asked.
func (c *Client) Refresh(ctx context.Context, a App, g Grant) (Token, Grant, error) {
	const op = "renew token"
	if a.Tenant == "" {
		a.Tenant = g.Tenant
	}
	if g.ClientID != a.ClientID || g.Vendor != a.Vendor || g.Refresh == "" {
		return Token{}, g, classed(op, SignInAgain, nil, "vendor", string(a.Vendor), "account", g.User)
	}
	s, err := c.service(a)
	if err != nil {
		return Token{}, g, err
	}
	f := a.form("refresh_token")
	f.Set("refresh_token", string(g.Refresh))
	got, err := c.ask(ctx, op, a.Vendor, s.Token, f)
	if err != nil {
		return Token{}, g, core.E(core.CodeOf(err), op, err, "account", g.User)
	}
	token, err := c.token(op, got)
	if err != nil {
		return Token{}, g, err
	}
	if got.RefreshToken != "" {
		g.Refresh = Secret(got.RefreshToken)
	}
	return token, g, nil
}
