package api

import (
	"context"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/archive"
	"mailroom/backend/mailbox/imap"
)

// connect makes an account of an endpoint; a destination is opened for writing.
// Nothing is asked of the network before a session is opened.
func (a *API) connect(ctx context.Context, e moving.Endpoint, writing bool) (mailbox.Account, error) {
	switch EndpointKind(e.Kind) {
	case KindPractice:
		return a.practice.account(ctx, PracticeSide(e.Side), e.User)
	case KindIMAP:
		return a.server(e)
	case KindPOP3:
		return a.pop3(e, writing)
	case KindMaildir, KindMbox, KindEML:
		return archive.Open(e.Kind+":"+e.Path, writing)
	}
	return nil, core.E(core.Invalid, "connect", nil, "field", "kind", "reason", "unknown")
}

func (a *API) server(e moving.Endpoint) (mailbox.Account, error) {
	cfg := imap.Config{
		Host: e.Host, Port: e.Port, User: e.User, Authz: e.Authz, Separator: e.Separator, PinnedSHA256: e.Pin, CAFile: e.CA,
		ID: imap.Identity{Name: "Mailroom", Version: a.cfg.Version, Vendor: "Mailroom"},
		Secret: func(ctx context.Context) (string, error) {
			d, err := a.ready(ctx)
			if err != nil {
				return "", err
			}
			return d.reveal(ctx, e.Secret)
		},
	}
	switch Security(e.Security) {
	case SecurityTLS:
		cfg.Security = imap.TLS
	case SecurityStartTLS:
		cfg.Security = imap.StartTLS
	case SecurityPlain:
		cfg.Security = imap.Plain
	default:
		return nil, core.E(core.Invalid, "connect", nil, "field", "security", "reason", "unknown")
	}
	switch AuthMethod(e.Auth) {
	case AuthAuto:
	case AuthPlain:
		cfg.Mechanism = imap.PlainAuth
	case AuthLogin:
		cfg.Mechanism = imap.Login
	case AuthXOAuth2:
		cfg.Mechanism = imap.XOAuth2
	case AuthOAuthBearer:
		cfg.Mechanism = imap.OAuthBearer
	case AuthOAuth, AuthService, AuthApplication:
		cfg.Mechanism = imap.Bearer
	default:
		return nil, core.E(core.Invalid, "connect", nil, "field", "auth", "reason", "unknown")
	}
	if !byToken(e) {
		return imap.New(cfg)
	}
	source := a.tokensFor(e)
	cfg.Secret = source.Secret
	account, err := imap.New(cfg)
	if err != nil {
		return nil, err
	}
	return mailbox.WithRenewal(account, source.Renew), nil
}
