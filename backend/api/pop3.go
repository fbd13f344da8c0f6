package api

import (
	"context"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/pop3"
)

var pop3Securities = map[Security]pop3.Security{SecurityTLS: pop3.TLS, SecurityStartTLS: pop3.StartTLS, SecurityPlain: pop3.Plain}

var pop3Mechanisms = map[AuthMethod]pop3.Mechanism{
	AuthAuto: pop3.Auto, AuthPlain: pop3.PlainAuth, AuthLogin: pop3.UserPass, AuthXOAuth2: pop3.XOAuth2, AuthOAuthBearer: pop3.OAuthBearer,
	AuthOAuth: pop3.Bearer, AuthService: pop3.Bearer, AuthApplication: pop3.Bearer,
}

// pop3 makes an account of a POP3 endpoint, which is read only.
func (a *API) pop3(e moving.Endpoint, writing bool) (mailbox.Account, error) {
	if writing {
		return nil, core.E(core.Unsupported, "connect", nil, "host", e.Host, "field", "kind", "reason", "read_only_kind")
	}
	security, ok := pop3Securities[Security(e.Security)]
	if !ok {
		return nil, core.E(core.Invalid, "connect", nil, "field", "security", "reason", "unknown")
	}
	mechanism, ok := pop3Mechanisms[AuthMethod(e.Auth)]
	if !ok {
		return nil, core.E(core.Invalid, "connect", nil, "field", "auth", "reason", "unknown")
	}
	cfg := pop3.Config{
		Host: e.Host, Port: e.Port, Security: security, Mechanism: mechanism, User: e.User, Authz: e.Authz, Separator: e.Separator,
		PinnedSHA256: e.Pin, CAFile: e.CA, Numbers: numbers{a},
		Secret: func(ctx context.Context) (string, error) {
			d, err := a.ready(ctx)
			if err != nil {
				return "", err
			}
			return d.reveal(ctx, e.Secret)
		},
	}
	if !byToken(e) {
		return pop3.New(cfg)
	}
	source := a.tokensFor(e)
	cfg.Secret = source.Secret
	account, err := pop3.New(cfg)
	if err != nil {
		return nil, err
	}
	return mailbox.WithRenewal(account, source.Renew), nil
}

// numbers are those that the data folder remembers.
type numbers struct{ api *API }

func (n numbers) Number(ctx context.Context, account string, names []string) (uint32, []mailbox.UID, mailbox.UID, error) {
	d, err := n.api.ready(ctx)
	if err != nil {
		return 0, nil, 0, err
	}
	return d.nums.Number(ctx, account, names)
}

// pop3Endpoint reads a POP3 address of a list.
func pop3Endpoint(url, user string) (Endpoint, error) {
	cfg, err := pop3.ParseURL(url)
	if err != nil {
		return Endpoint{}, core.E(core.Invalid, "read list", err, "field", "url")
	}
	if user == "" {
		user = cfg.User
	}
	e := Endpoint{Kind: KindPOP3, Host: cfg.Host, Port: cfg.Port, User: user, Authz: cfg.Authz, Separator: cfg.Separator}
	for name, security := range pop3Securities {
		if security == cfg.Security {
			e.Security = name
		}
	}
	for name, mechanism := range pop3Mechanisms {
		if mechanism == cfg.Mechanism && mechanism != pop3.Bearer {
			e.Auth = name
		}
	}
	return e, nil
}
