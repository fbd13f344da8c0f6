package api

import (
	"context"
	"errors"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// Endpoints knows where mailboxes live: it tests sign-ins and lets the person pick
// local archives.
type Endpoints struct {
	api   *API
	tries attempts
}

// Endpoint is one mailbox as a source or a destination. Which fields count depends
// on Kind: practice (Side, User), imap (Host to Pin), maildir, mbox and eml (Path).
type Endpoint struct {
	Kind     EndpointKind `json:"kind"`
	Side     PracticeSide `json:"side"`
	Host     string       `json:"host"`
	Port     int          `json:"port"` // 0: 993, or 143 for starttls and plain
	Security Security     `json:"security"`
	Auth     AuthMethod   `json:"auth"`
	User     string       `json:"user"`   // sign-in name; for practice the person's address
	Authz    string       `json:"authz"`  // act as this user (master user); "" as User
	Secret   string       `json:"secret"` // handle of the password (Vault.Keep) or of the person's grant (SignIns.SignIn)
	App      string       `json:"app"`    // id of the sign-in app, with the auth methods oauth, service and application
	// Separator joins Authz and User to one sign-in name (user*master); "" sends an
	// authorisation identity.
	Separator string `json:"separator"`
	Pin       string `json:"pin"`    // SHA-256 of the one accepted certificate, hex; "" verify as usual
	CA        string `json:"ca"`     // PEM file of a further authority to trust; "" the computer's only
	Path      string `json:"path"`   // folder or file
	Sealed    bool   `json:"sealed"` // an archive to write: seal it after each run, so that a change can be found
}

// SignInResult is the outcome of a tested sign-in. A refusal is a result, not a
// rejected call.
type SignInResult struct {
	OK          bool             `json:"ok"`
	Problem     *Problem         `json:"problem,omitempty"`     // why not
	Certificate *CertificateFact `json:"certificate,omitempty"` // with untrusted_cert: what the trust question shows
	Family      string           `json:"family"`                // server family: dovecot, cyrus, gmail, tencent …; "" unknown
	Folders     int              `json:"folders"`
	Messages    int64            `json:"messages"` // in the inbox; -1 unknown
	RTT         int64            `json:"rtt"`      // round trip in milliseconds; 0 unknown
	Writable    bool             `json:"writable"` // can be a destination
	Stopped     bool             `json:"stopped"`  // not tried: the server refused this password twice before; Problem is what it said
}

// CertificateFact is what a person needs to decide about a certificate.
type CertificateFact struct {
	Subject  string `json:"subject"` // with the names that it is for
	Issuer   string `json:"issuer"`
	NotAfter int64  `json:"notAfter"`
	SHA256   string `json:"sha256"` // hex: what goes into Endpoint.Pin to trust it
	Reason   string `json:"reason"` // unknown_authority, wrong_name, expired
}

// signInLimit bounds a tested sign-in.
const signInLimit = 45 * time.Second

// TestSignIn connects, signs in, counts folders and signs out; it changes nothing.
// It gives up after 45 seconds, or when App.Cancel(requestID) is called.
func (e *Endpoints) TestSignIn(requestID string, endpoint Endpoint) (SignInResult, error) {
	return with(e.api, "test sign-in", func(root context.Context, d *data) (SignInResult, error) {
		ctx, end := e.api.calls.begin(root, requestID, signInLimit)
		defer end()
		target := record(endpoint)
		if err := target.Check(); err != nil {
			return SignInResult{}, err
		}
		result, err := e.careful(ctx, d, target)
		if core.CodeOf(err) == core.NotFound && target.Path != "" && folderThere(target.Path) {
			// An archive that is to be made: there is nothing in it yet.
			result, err = SignInResult{OK: true, Writable: true}, nil
		}
		if err != nil && errors.Is(ctx.Err(), context.Canceled) {
			return SignInResult{}, core.E(core.Canceled, "test sign-in", ctx.Err())
		}
		if err != nil {
			result.Problem = problemOf(err)
			result.Certificate = certificateOf(result.Problem)
		}
		return result, nil
	})
}

func (e *Endpoints) signIn(ctx context.Context, target moving.Endpoint) (SignInResult, error) {
	result := SignInResult{Messages: -1}
	account, err := e.api.connect(ctx, target, false)
	if err != nil {
		return result, err
	}
	session, err := account.Open(ctx)
	if err != nil {
		return result, err
	}
	defer func() { _ = session.Close() }()
	folders, err := session.Folders(ctx)
	if err != nil {
		return result, err
	}
	traits := session.Traits()
	result.Family, result.Folders, result.RTT = traits.Family, len(folders), traits.RTT.Milliseconds()
	for _, f := range folders {
		if f.Role != core.RoleInbox && f.ID != "INBOX" {
			continue
		}
		statuses, err := session.Statuses(ctx, []string{f.ID})
		if err != nil {
			return result, err
		}
		if s, ok := statuses[f.ID]; ok {
			result.Messages = int64(s.Messages)
		}
	}
	_, isWriter := session.(mailbox.Writer)
	result.Writable = isWriter || target.Path != "" // an archive is opened for reading here
	result.OK = true
	return result, nil
}

// certificateOf reads the facts about a refused certificate; nil for other trouble.
func certificateOf(p *Problem) *CertificateFact {
	if p == nil || p.Code != ErrorCode(core.UntrustedCert) || p.Args["sha256"] == "" {
		return nil
	}
	c := &CertificateFact{
		Subject: p.Args["subject"], Issuer: p.Args["issuer"], SHA256: p.Args["sha256"], Reason: p.Args["why"],
	}
	if at, err := time.Parse(time.RFC3339, p.Args["expires"]); err == nil {
		c.NotAfter = at.UnixMilli()
	}
	return c
}

// record maps the wire to the record of a move.
func record(e Endpoint) moving.Endpoint {
	return moving.Endpoint{
		Kind: string(e.Kind), Side: string(e.Side), Host: e.Host, Port: e.Port, Security: string(e.Security), Auth: string(e.Auth),
		User: e.User, Authz: e.Authz, Secret: e.Secret, Pin: e.Pin, CA: e.CA, Path: e.Path,
		App: e.App, Separator: e.Separator, Sealed: e.Sealed,
	}
}

// wireEndpoint is the reverse of record.
func wireEndpoint(e moving.Endpoint) Endpoint {
	return Endpoint{
		Kind: EndpointKind(e.Kind), Side: PracticeSide(e.Side), Host: e.Host, Port: e.Port, Security: Security(e.Security),
		Auth: AuthMethod(e.Auth), User: e.User, Authz: e.Authz, Secret: e.Secret, Pin: e.Pin, CA: e.CA, Path: e.Path,
		App: e.App, Separator: e.Separator, Sealed: e.Sealed,
	}
}

// PickCA shows the computer's dialog for a PEM file; "" if the person changed their mind.
func (e *Endpoints) PickCA() (string, error) {
	return guard("pick CA file", func() (string, error) {
		return e.api.cfg.Desktop.PickFile(FileFilter{Name: "PEM", Patterns: "*.pem;*.crt;*.cer;*"})
	})
}

// PickArchive shows the computer's dialog for a folder (maildir, eml) or a file or
// folder (mbox) and returns the path; "" if the person changed their mind.
func (e *Endpoints) PickArchive(kind EndpointKind, forWriting bool) (string, error) {
	return guard("pick archive", func() (string, error) {
		desktop := e.api.cfg.Desktop
		switch {
		case kind == KindMaildir || kind == KindEML:
			return desktop.PickFolder()
		case kind == KindMbox && forWriting:
			return desktop.PickNew("mail.mbox", FileFilter{Name: "mbox", Patterns: "*.mbox;*"})
		case kind == KindMbox:
			return desktop.PickFile(FileFilter{Name: "mbox", Patterns: "*"})
		}
		return "", core.E(core.Invalid, "pick archive", nil, "field", "kind", "reason", "unknown")
	})
}
