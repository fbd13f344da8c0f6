package servers

// User is one account of a server.
type User struct {
	Name     string
	Password string
}

// DefaultUser is the account that a server has when Options name none.
var DefaultUser = User{Name: "li.lei@old.example", Password: "rosenrot-7"}

// MasterUser may sign in as everybody where Options.Master is set: with SASL PLAIN
// and an authorisation identity, or (Dovecot) with LOGIN "user*master".
var MasterUser = User{Name: "master", Password: "schluessel-9"}

// Certificate chooses what the server shows on TLS.
type Certificate int

// The certificates. All but GoodCert are refused by a client that verifies
// against Server.CAFile.
const (
	GoodCert       Certificate = iota // for localhost and 127.0.0.1, signed by Server.CAFile
	ExpiredCert                       // signed, but ended yesterday
	WrongNameCert                     // signed, but for other.example only
	SelfSignedCert                    // right name, signed by nobody
)

// Folder is a folder that the server itself offers, with its special use.
type Folder struct {
	Name string // UTF-8, levels separated by the server's separator
	Use  string // `\Sent`, `\Drafts`, `\Trash`, `\Junk`, `\Archive` or ""
}

// Options of a server. The zero value is the distribution's default behaviour with
// one account. Fields that a kind cannot honour are refused with an error.
type Options struct {
	Users   []User   // DefaultUser if empty
	Master  bool     // MasterUser may act for everybody (Dovecot, Cyrus)
	Folders []Folder // made and subscribed for everybody (Dovecot)
	Cert    Certificate

	// Without lists capabilities that are not advertised, e.g. MULTIAPPEND. The server
	// still has them: a client that keeps to what is advertised cannot tell.
	Without  []string
	Compress bool   // COMPRESS=DEFLATE (Dovecot)
	Fsync    string // mail_fsync: optimized, always or never (Dovecot)
	// Separator between levels; "" is the kind's default: "/" Dovecot and Cyrus, "." Courier.
	// With "." folders of Cyrus live below "INBOX.", and user names have no dot before the "@".
	Separator string

	QuotaBytes    int64 // per account; 0: no quota
	QuotaMessages int64 // per account; 0: no quota
	MaxMessage    int64 // bytes of the largest message accepted; 0: no limit (Cyrus)
	MaxPerUser    int   // connections per account and address; 0: 200 (Dovecot), 100 (Courier), no limit (Cyrus)
	// Munge makes Cyrus replace every 8-bit byte of a header by "X", which is its own
	// default; without it the bytes are kept.
	Munge bool
	NoTLS bool // neither STARTTLS nor the TLS port
	POP3  bool // POP3 beside IMAP (Dovecot, Courier)
	// TokenInfo is an address that tells what the access token appended to it is worth;
	// with it XOAUTH2 and OAUTHBEARER are offered (Dovecot).
	TokenInfo string
	Plugins   []string
	Extra     string // lines put at the end of the configuration file
	Dir       string // keep the data here instead of in a temporary folder; not removed by Stop
}

func (o Options) users() []User {
	if len(o.Users) == 0 {
		return []User{DefaultUser}
	}
	return o.Users
}
