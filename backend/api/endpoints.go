package api

// Endpoints knows where mailboxes live: it suggests servers, tests sign-ins and
// lets the person pick local archives.
type Endpoints struct{}

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
	Secret   string       `json:"secret"` // handle of the password, see Vault.Keep; never the password
	Pin      string       `json:"pin"`    // SHA-256 of the one accepted certificate, hex; "" verify as usual
	Path     string       `json:"path"`   // folder or file
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
}

// CertificateFact is what a person needs to decide about a certificate.
type CertificateFact struct {
	Subject   string   `json:"subject"`
	Issuer    string   `json:"issuer"`
	Names     []string `json:"names"`
	NotBefore int64    `json:"notBefore"`
	NotAfter  int64    `json:"notAfter"`
	SHA256    string   `json:"sha256"` // hex: what goes into Endpoint.Pin to trust it
	Reason    string   `json:"reason"` // unknown_authority, wrong_name, expired, not_yet_valid, self_signed, other
}

// Suggestion is what is known about an address's provider.
type Suggestion struct {
	Known    bool           `json:"known"`
	Provider string         `json:"provider"` // id of the preset, e.g. "tencent-exmail"; "" unknown
	NameZh   string         `json:"nameZh"`
	NameEn   string         `json:"nameEn"`
	Host     string         `json:"host"`
	Port     int            `json:"port"`
	Security Security       `json:"security"`
	Steps    []ProviderStep `json:"steps"` // what the person must do at the provider first
}

// ProviderStep is one thing to do at a provider before its IMAP works.
type ProviderStep struct {
	TextZh string `json:"textZh"`
	TextEn string `json:"textEn"`
	Link   string `json:"link"` // for App.OpenLink; "" none
}

// TestSignIn connects, signs in, counts folders and signs out; it changes nothing.
// It gives up after 45 seconds, or when App.Cancel(requestID) is called.
func (e *Endpoints) TestSignIn(requestID string, endpoint Endpoint) (SignInResult, error) {
	return SignInResult{}, errUnwired
}

// Suggest finds the IMAP server for an e-mail address or a domain by the built-in
// table of providers; it asks no network.
func (e *Endpoints) Suggest(address string) (Suggestion, error) {
	return Suggestion{Steps: []ProviderStep{}}, errUnwired
}

// Providers lists the providers with a known IMAP server, for a choice by name.
func (e *Endpoints) Providers() ([]Suggestion, error) { return []Suggestion{}, errUnwired }

// PickArchive shows the computer's dialog for a folder (maildir, eml) or a file or
// folder (mbox) and returns the path; "" if the person changed their mind.
func (e *Endpoints) PickArchive(kind EndpointKind, forWriting bool) (string, error) {
	return "", errUnwired
}
