package api

import (
	"bytes"
	"context"
	"encoding/json"
	"html/template"
	"strings"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/oauth"
	"mailroom/backend/report"
	"mailroom/backend/secret"
)

// personLimit bounds a sign-in; the sign-in page itself gives up a little earlier.
const personLimit = 11 * time.Minute

// tokensFor gives an endpoint's tokens. People who share an app share one token where
// the app opens every mailbox.
func (a *API) tokensFor(e moving.Endpoint) *oauth.Source {
	key := strings.Join([]string{e.Auth, e.App}, " ")
	fetch := a.fetchForApplication
	switch AuthMethod(e.Auth) {
	case AuthOAuth:
		key, fetch = grantKey(e.Secret), a.fetchForPerson
	case AuthService:
		key, fetch = key+" "+e.User, a.fetchForService
	}
	return oauth.NewSource(&a.tokens, key, func(ctx context.Context) (oauth.Token, error) {
		d, err := a.ready(ctx)
		if err != nil {
			return oauth.Token{}, err
		}
		return fetch(ctx, d, e)
	})
}

// byToken says whether an endpoint signs in with tokens.
func byToken(e moving.Endpoint) bool {
	switch AuthMethod(e.Auth) {
	case AuthOAuth, AuthService, AuthApplication:
		return true
	}
	return false
}

func grantKey(handle string) string { return "grant " + handle }

// fetchForPerson renews a person's token. What the vendor hands out for the next time
// is in the vault before the token is used.
func (a *API) fetchForPerson(ctx context.Context, d *data, e moving.Endpoint) (oauth.Token, error) {
	app, _, err := d.app(ctx, e.App)
	if err != nil {
		return oauth.Token{}, err
	}
	text, err := d.reveal(ctx, e.Secret)
	if err != nil {
		return oauth.Token{}, err
	}
	var grant oauth.Grant
	if err := json.Unmarshal([]byte(text), &grant); err != nil {
		return oauth.Token{}, core.E(core.Unauthenticated, "read grant", nil, "class", string(oauth.SignInAgain), "account", e.User)
	}
	token, next, err := a.vendors.Refresh(ctx, app, grant)
	if err != nil {
		return oauth.Token{}, err
	}
	if next != grant {
		raw, err := json.Marshal(next)
		if err != nil {
			return oauth.Token{}, core.E(core.Internal, "keep grant", err)
		}
		vault, err := d.openVault(ctx)
		if err != nil {
			return oauth.Token{}, err
		}
		if err := vault.Set(context.WithoutCancel(ctx), e.Secret, secret.NewValue(string(raw))); err != nil {
			return oauth.Token{}, locked(err)
		}
	}
	return token, nil
}

func (a *API) fetchForService(ctx context.Context, d *data, e moving.Endpoint) (oauth.Token, error) {
	_, stored, err := d.app(ctx, e.App)
	if err != nil {
		return oauth.Token{}, err
	}
	raw, err := d.reveal(ctx, stored.keyID())
	if err != nil {
		return oauth.Token{}, err
	}
	key, err := oauth.ReadKey([]byte(raw))
	if err != nil {
		return oauth.Token{}, err
	}
	return a.vendors.ServiceToken(ctx, key, e.User)
}

func (a *API) fetchForApplication(ctx context.Context, d *data, e moving.Endpoint) (oauth.Token, error) {
	app, _, err := d.app(ctx, e.App)
	if err != nil {
		return oauth.Token{}, err
	}
	return a.vendors.ApplicationToken(ctx, app)
}

// keepGrant puts what a sign-in left into the vault; the token of the moment is used
// for the first connection.
func (s *SignIns) keepGrant(ctx context.Context, d *data, signed oauth.Signed, address string) (SignedIn, error) {
	raw, err := json.Marshal(signed.Grant)
	if err != nil {
		return SignedIn{}, core.E(core.Internal, "keep grant", err)
	}
	handle, err := d.keep(ctx, secret.NewValue(string(raw)))
	if err != nil {
		return SignedIn{}, err
	}
	_, _, err = s.api.tokens.Token(ctx, grantKey(handle), func(context.Context) (oauth.Token, error) { return signed.Token, nil })
	account := signed.Grant.User
	other := account != "" && address != "" && !strings.EqualFold(account, strings.TrimSpace(address))
	return SignedIn{Secret: handle, Account: account, Other: other}, err
}

// closing is what the browser shows when a sign-in is over. It loads nothing.
var closing = template.Must(template.New("closing").Parse(`<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:34em;margin:18vh auto;padding:0 1.5em}h1{font-size:1.4em}</style>
</head><body><h1>{{.Title}}</h1><p>{{.Text}}</p></body></html>`))

// closingPage makes that page; what is no language of ours is English.
func (a *API) closingPage(language Language, class oauth.Class) []byte {
	if language == LanguageSystem || !has(languages, language) {
		language = LanguageEnglish
	}
	words, err := report.LoadWords(a.cfg.Words, string(language))
	if err != nil {
		return nil
	}
	outcome := "oauth.page.failed."
	if class == "" {
		outcome = "oauth.page.done."
	}
	var b bytes.Buffer
	err = closing.Execute(&b, map[string]string{"Language": words.Language, "Title": words.T(outcome + "title"), "Text": words.T(outcome + "text")})
	if err != nil {
		return nil
	}
	return b.Bytes()
}
