package api

import (
	"context"

	"mailroom/backend/core"
	"mailroom/backend/oauth"
)

// SignIns opens mailboxes that take no passwords: it keeps the office's own sign-in
// apps and asks people to sign in with their browser or a code.
type SignIns struct{ api *API }

// SignInApp is the office's registration with Google or Microsoft. Its secrets stay in
// the vault.
type SignInApp struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Vendor    SignInVendor `json:"vendor"`
	Tenant    string       `json:"tenant"` // Microsoft's directory; "" any organisation
	ClientID  string       `json:"clientId"`
	HasSecret bool         `json:"hasSecret"`
	KeyEmail  string       `json:"keyEmail"`  // Google's service account; "" none
	KeyClient string       `json:"keyClient"` // its number, which the administrator allows
	Scope     string       `json:"scope"`     // what the administrator allows it
	Person    bool         `json:"person"`    // people can sign in by themselves
	Codes     bool         `json:"codes"`     // … with a code on another device, too
	Office    bool         `json:"office"`    // it opens every mailbox without people
}

// SignInAppInput is a sign-in app as entered. Empty secrets leave those of before.
type SignInAppInput struct {
	ID       string       `json:"id"` // "" a new one
	Name     string       `json:"name"`
	Vendor   SignInVendor `json:"vendor"`
	Tenant   string       `json:"tenant"`
	ClientID string       `json:"clientId"`
	Secret   string       `json:"secret"`  // handle of Vault.Keep
	KeyFile  string       `json:"keyFile"` // path of a service account's JSON file
}

// KeyFile is a service account's key file that the person chose.
type KeyFile struct {
	Path   string `json:"path"` // "" they changed their mind
	Email  string `json:"email"`
	Client string `json:"client"`
}

// SignInStep tells what the person is to do during a sign-in: a page is open in the
// browser (URL), or a code is to be typed there (Code).
type SignInStep struct {
	RequestID string `json:"requestId"`
	URL       string `json:"url"`
	Code      string `json:"code"`    // "" the browser was opened
	Expires   int64  `json:"expires"` // of the code; 0 none
}

// SignedIn is the outcome of a person's sign-in.
type SignedIn struct {
	Secret  string `json:"secret"`  // handle for Endpoint.Secret
	Account string `json:"account"` // who signed in; "" the vendor did not say
	Other   bool   `json:"other"`   // somebody else than the address asked for
}

// Apps lists the office's sign-in apps.
func (s *SignIns) Apps() ([]SignInApp, error) {
	return with(s.api, "list sign-in apps", func(ctx context.Context, d *data) ([]SignInApp, error) {
		apps, err := d.signInApps(ctx)
		return mapped(apps, s.api.wireApp), err
	})
}

// SaveApp keeps a sign-in app. Errors: invalid with Args field (vendor, tenant,
// client_id, client_secret, key_file) and reason; forbidden of class vault-locked.
func (s *SignIns) SaveApp(in SignInAppInput) (SignInApp, error) {
	return with(s.api, "save sign-in app", func(ctx context.Context, d *data) (SignInApp, error) {
		app, err := d.saveApp(ctx, in)
		if err != nil {
			return SignInApp{}, err
		}
		return s.api.wireApp(app), nil
	})
}

// RemoveApp forgets a sign-in app and its secrets; a conflict while a move uses it.
func (s *SignIns) RemoveApp(id string) error {
	_, err := with(s.api, "remove sign-in app", func(ctx context.Context, d *data) (struct{}, error) {
		return struct{}{}, d.removeApp(ctx, id)
	})
	return err
}

// PickKeyFile shows the computer's dialog for a service account's JSON file and reads
// whose it is. Errors: invalid with Args field key_file and reason.
func (s *SignIns) PickKeyFile() (KeyFile, error) {
	return guard("pick key file", func() (KeyFile, error) {
		path, err := s.api.cfg.Desktop.PickFile(FileFilter{Name: "JSON", Patterns: "*.json"})
		if err != nil || path == "" {
			return KeyFile{}, err
		}
		key, _, err := readKeyFile(path)
		return KeyFile{Path: path, Email: key.Email, Client: key.ClientID}, err
	})
}

// SignIn asks a person to sign in at the vendor's page and waits, ten minutes at most,
// or until App.Cancel(requestID). address is proposed to the page and compared with who
// signed in. With byCode a code is shown to be typed on any device; the event
// signin:step tells what to show meanwhile. The browser's last page is in the language
// that the window speaks.
func (s *SignIns) SignIn(requestID, appID, address string, byCode bool, language Language) (SignedIn, error) {
	return with(s.api, "sign in", func(root context.Context, d *data) (SignedIn, error) {
		ctx, end := s.api.calls.begin(root, requestID, personLimit)
		defer end()
		app, _, err := d.app(ctx, appID)
		if err != nil {
			return SignedIn{}, err
		}
		if _, err := d.openVault(ctx); err != nil {
			return SignedIn{}, err
		}
		signed, err := s.ask(ctx, requestID, app, address, byCode, language)
		if err != nil {
			if ctx.Err() != nil && oauth.ClassOf(err) == "" {
				err = core.E(core.Canceled, "sign in", err)
			}
			return SignedIn{}, err
		}
		return s.keepGrant(ctx, d, signed, address)
	})
}

// ask shows the vendor's page or a code and waits for the person.
func (s *SignIns) ask(ctx context.Context, requestID string, app oauth.App, address string, byCode bool, language Language) (oauth.Signed, error) {
	desktop := s.api.cfg.Desktop
	if byCode {
		return s.api.vendors.SignInByCode(ctx, app, func(c oauth.DeviceCode) {
			desktop.Emit("signin:step", SignInStep{RequestID: requestID, URL: c.URL, Code: c.Code, Expires: c.Expires.UnixMilli()})
		})
	}
	return s.api.vendors.SignIn(ctx, app, oauth.Asking{
		Hint: address,
		Show: func(url string) {
			desktop.Emit("signin:step", SignInStep{RequestID: requestID, URL: url})
			desktop.Browse(url)
		},
		Page: func(class oauth.Class) []byte { return s.api.closingPage(language, class) },
	})
}

// readKeyFile reads a service account's file, bounded.
func readKeyFile(path string) (oauth.Key, []byte, error) {
	raw, err := readSmall(path, 64<<10)
	if err != nil {
		return oauth.Key{}, nil, err
	}
	key, err := oauth.ReadKey(raw)
	if err != nil {
		return oauth.Key{}, nil, core.E(core.CodeOf(err), "read key file", err, "file", path)
	}
	return key, raw, nil
}
