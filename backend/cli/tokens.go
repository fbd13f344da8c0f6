package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/oauth"
)

// keyFileBytes is more than any service account's key file has.
const keyFileBytes = 64 << 10

// Ways to sign in without people's passwords, as --from-auth and --to-auth name them.
const (
	authGoogle  = "google-service" // google-service:KEYFILE
	authM365    = "microsoft-app"  // microsoft-app:TENANT/CLIENTID
	authM365CN  = "microsoft-cn-app"
	secretAfter = "_CLIENT_SECRET" // MAILROOM_FROM_CLIENT_SECRET
)

// authOf is a side's way to sign in; "" a password.
func (a *addressing) authOf(side string) string {
	if side == sideFrom {
		return a.FromAuth
	}
	return a.ToAuth
}

// source gives the tokens with which a side's mailbox is opened; user is its owner.
// What the vendor gave for one mailbox is kept for the others where it opens them, too.
func (r *run) source(way, side, user string) (*oauth.Source, error) {
	kind, rest, _ := strings.Cut(way, ":")
	bad := func() (*oauth.Source, error) {
		return nil, core.E(core.Invalid, "arguments", nil, "problem", "auth", "side", side)
	}
	client := &oauth.Client{Services: r.env.SignIn}
	if kind == authGoogle {
		key, err := r.key(rest)
		if err != nil {
			return nil, err
		}
		return oauth.NewSource(&r.tokens, way+" "+user, func(ctx context.Context) (oauth.Token, error) {
			return client.ServiceToken(ctx, key, user)
		}), nil
	}
	vendor, ok := map[string]oauth.Vendor{authM365: oauth.Microsoft, authM365CN: oauth.MicrosoftChina}[kind]
	tenant, id, found := strings.Cut(rest, "/")
	if !ok || !found {
		return bad()
	}
	variable := "MAILROOM_" + strings.ToUpper(side) + secretAfter
	app := oauth.App{Vendor: vendor, Tenant: tenant, ClientID: id, ClientSecret: oauth.Secret(r.env.Getenv(variable))}
	if app.Check() != nil {
		return bad()
	}
	if app.ClientSecret == "" {
		return nil, core.E(core.Invalid, "arguments", nil, "problem", "no_client_secret", "variable", variable)
	}
	return oauth.NewSource(&r.tokens, side+" "+way, func(ctx context.Context) (oauth.Token, error) {
		return client.ApplicationToken(ctx, app)
	}), nil
}

// key reads a service account's key file, once for all rows.
func (r *run) key(path string) (oauth.Key, error) {
	if key, ok := r.keys[path]; ok {
		return key, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return oauth.Key{}, core.E(core.NotFound, "read key file", err, "file", path)
	}
	raw, err := io.ReadAll(io.LimitReader(f, keyFileBytes+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return oauth.Key{}, core.E(core.NotFound, "read key file", err, "file", path)
	}
	key, err := oauth.ReadKey(raw)
	if err != nil {
		return oauth.Key{}, core.E(core.Invalid, "read key file", err, "problem", "key_file", "file", path)
	}
	r.keys[path] = key
	return key, nil
}
