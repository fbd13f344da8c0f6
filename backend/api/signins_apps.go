package api

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/oauth"
	"mailroom/backend/secret"
)

// storedApp is a sign-in app without its secrets, as the data file has it.
type storedApp struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Vendor    oauth.Vendor `json:"vendor"`
	Tenant    string       `json:"tenant,omitempty"`
	ClientID  string       `json:"clientId,omitempty"`
	HasSecret bool         `json:"hasSecret,omitempty"`
	KeyEmail  string       `json:"keyEmail,omitempty"`
	KeyClient string       `json:"keyClient,omitempty"`
}

const (
	appsSetting = "signin-apps"
	mostApps    = 50
)

func (a storedApp) secretID() string { return "signin/" + a.ID + "/secret" }
func (a storedApp) keyID() string    { return "signin/" + a.ID + "/key" }

func (a *API) wireApp(app storedApp) SignInApp {
	w := SignInApp{
		ID: app.ID, Name: app.Name, Vendor: SignInVendor(app.Vendor), Tenant: app.Tenant, ClientID: app.ClientID,
		HasSecret: app.HasSecret, KeyEmail: app.KeyEmail, KeyClient: app.KeyClient,
	}
	for _, s := range oauth.Services() {
		if s.Vendor == app.Vendor {
			w.Scope = s.Alone
		}
	}
	w.Codes = a.vendors.OffersCodes(oauth.App{Vendor: app.Vendor, Tenant: app.Tenant})
	if app.Vendor == oauth.Google {
		w.Person, w.Office = app.ClientID != "" && app.HasSecret, app.KeyEmail != ""
	} else {
		w.Person, w.Office = app.ClientID != "", app.HasSecret && app.Tenant != ""
	}
	return w
}

func (d *data) signInApps(ctx context.Context) ([]storedApp, error) {
	apps := []storedApp{}
	err := d.setting(ctx, appsSetting, &apps)
	return apps, err
}

// saveApp checks an app, puts its secrets into the vault and then writes it down.
func (d *data) saveApp(ctx context.Context, in SignInAppInput) (storedApp, error) {
	d.apps.Lock()
	defer d.apps.Unlock()
	apps, err := d.signInApps(ctx)
	if err != nil {
		return storedApp{}, err
	}
	app := storedApp{ID: rand.Text()}
	i := slices.IndexFunc(apps, func(a storedApp) bool { return a.ID == in.ID })
	switch {
	case in.ID != "" && i < 0:
		return app, core.E(core.NotFound, "save sign-in app", nil, "id", in.ID)
	case i >= 0:
		app = apps[i]
	case len(apps) >= mostApps:
		return app, core.E(core.Invalid, "save sign-in app", nil, "field", "app", "reason", "too_many")
	}
	app.Vendor, app.Tenant, app.ClientID = oauth.Vendor(in.Vendor), strings.TrimSpace(in.Tenant), strings.TrimSpace(in.ClientID)
	if app.Name = strings.TrimSpace(in.Name); len(app.Name) > 200 {
		return app, core.E(core.Invalid, "save sign-in app", nil, "field", "name", "reason", "malformed")
	}
	if err := app.wrong(in); err != nil {
		return app, err
	}
	if err := d.saveAppSecrets(ctx, &app, in); err != nil {
		return app, err
	}
	if i >= 0 {
		apps[i] = app
	} else {
		apps = append(apps, app)
	}
	return app, d.setSetting(ctx, appsSetting, apps)
}

// wrong finds what an app lacks. A Google app may be a service account only.
func (a storedApp) wrong(in SignInAppInput) error {
	google := a.Vendor == oauth.Google
	if google && a.ClientID == "" && (in.KeyFile != "" || a.KeyEmail != "") {
		return nil
	}
	if err := (oauth.App{Vendor: a.Vendor, Tenant: a.Tenant, ClientID: a.ClientID}).Check(); err != nil {
		return err
	}
	if google && in.Secret == "" && !a.HasSecret {
		return core.E(core.Invalid, "save sign-in app", nil, "field", "client_secret", "reason", "missing")
	}
	return nil
}

func (d *data) saveAppSecrets(ctx context.Context, app *storedApp, in SignInAppInput) error {
	if in.Secret == "" && in.KeyFile == "" {
		return nil
	}
	vault, err := d.openVault(ctx)
	if err != nil {
		return err
	}
	if in.Secret != "" {
		value, err := vault.Get(ctx, in.Secret)
		if err != nil {
			return locked(err)
		}
		trimmed := secret.NewValue(strings.TrimSpace(value.Reveal()))
		if err := vault.Set(ctx, app.secretID(), trimmed); err != nil {
			return locked(err)
		}
		if err := vault.Delete(ctx, in.Secret); err != nil {
			return locked(err)
		}
		app.HasSecret = true
	}
	if in.KeyFile == "" {
		return nil
	}
	key, raw, err := readKeyFile(in.KeyFile)
	if err != nil {
		return err
	}
	if err := vault.Set(ctx, app.keyID(), secret.NewValue(string(raw))); err != nil {
		return locked(err)
	}
	app.KeyEmail, app.KeyClient = key.Email, key.ClientID
	return nil
}

func (d *data) removeApp(ctx context.Context, id string) error {
	d.apps.Lock()
	defer d.apps.Unlock()
	apps, err := d.signInApps(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(apps, func(a storedApp) bool { return a.ID == id })
	if i < 0 {
		return nil
	}
	for _, m := range d.desk.List() {
		for k := range m.Mailboxes {
			if m.Mailboxes[k].From.App == id || m.Mailboxes[k].To.App == id {
				return core.E(core.Conflict, "remove sign-in app", nil, "reason", "app_in_use", "move", m.Name)
			}
		}
	}
	vault, err := d.openVault(ctx)
	if err != nil {
		return err
	}
	for _, name := range []string{apps[i].secretID(), apps[i].keyID()} {
		if err := vault.Delete(ctx, name); err != nil {
			return locked(err)
		}
	}
	return d.setSetting(ctx, appsSetting, slices.Delete(apps, i, i+1))
}

// app is a sign-in app with its client secret, ready for the vendor.
func (d *data) app(ctx context.Context, id string) (oauth.App, storedApp, error) {
	apps, err := d.signInApps(ctx)
	if err != nil {
		return oauth.App{}, storedApp{}, err
	}
	i := slices.IndexFunc(apps, func(a storedApp) bool { return a.ID == id })
	if i < 0 {
		return oauth.App{}, storedApp{}, core.E(core.NotFound, "sign-in app", nil, "class", "oauth-app-gone")
	}
	app := oauth.App{Vendor: apps[i].Vendor, Tenant: apps[i].Tenant, ClientID: apps[i].ClientID}
	if apps[i].HasSecret {
		text, err := d.reveal(ctx, apps[i].secretID())
		if err != nil {
			return app, apps[i], err
		}
		app.ClientSecret = oauth.Secret(text)
	}
	return app, apps[i], nil
}

// readSmall reads a file of at most limit bytes.
func readSmall(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fileError(path, err)
	}
	return raw, nil
}
