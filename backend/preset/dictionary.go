package preset

import (
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// Class says what kind of refusal it is. The set is closed: the page has one text per
// class in each language.
type Class string

// The closed set of classes.
const (
	AuthAmbiguous    Class = "auth-ambiguous"     // sign-in refused; password, client password or service switch
	NeedsAppPassword Class = "needs-app-password" // a client password (授权码) is wanted instead of the login password
	PasswordExpired  Class = "password-expired"   // the password was right once
	NoRight          Class = "no-right"           // signed in, but no right to this mailbox
	ImapOff          Class = "imap-off"           // IMAP is switched off for the user or the domain
	IPBlocked        Class = "ip-blocked"         // this network is not allowed in
	WrongCluster     Class = "wrong-cluster"      // the domain lives on another host of the provider
	CoolDown         Class = "cool-down"          // too many sign-ins; silence is the only cure
	WebLogin         Class = "web-login"          // the user must sign in with a browser first
	OAuthNeeded      Class = "oauth-needed"       // passwords are not accepted at all
	TokenExpired     Class = "token"              // the access token ran out
	NeedsTLS         Class = "needs-tls"          // not without encryption
	ContactAdmin     Class = "contact-admin"      // the server sends the user to its administrator
	IDNeeded         Class = "id-needed"          // the ID command is wanted first
	Quoting          Class = "quoting"            // the sign-in was misread because of its characters
	DailyQuota       Class = "daily-quota"        // the day's traffic is used up
	ConnLimit        Class = "conn-limit"         // too many connections at once
	Throttle         Class = "throttle"           // slow down
	OverQuota        Class = "over-quota"         // the destination is full
	TooBig           Class = "too-big"            // this message is larger than accepted
	BadMessage       Class = "bad-message"        // the server dislikes this message's bytes
	BadFlag          Class = "bad-flag"           // the server dislikes a flag or keyword
	BadName          Class = "bad-name"           // the server dislikes a folder's name
	Layout           Class = "layout"             // folders cannot be nested here
	NoFolder         Class = "no-folder"          // the folder does not exist (any more)
	Virus            Class = "virus"              // the server sees malware; never send it again
	PerMessage       Class = "per-message"        // trouble with this one message
	FolderSkip       Class = "folder-skip"        // trouble with this one folder
	FolderPoison     Class = "folder-poison"      // touching this folder ends the connection
	Fine             Class = "fine"               // a refusal that does no harm
	Transient        Class = "transient"          // try again later
	ClientBug        Class = "client-bug"         // the server did not understand: our fault or its own
)

// Classes lists the closed set, in the order of the dictionary's chapters.
func Classes() []Class {
	return []Class{
		AuthAmbiguous, NeedsAppPassword, PasswordExpired, NoRight, ImapOff, IPBlocked, WrongCluster, CoolDown,
		WebLogin, OAuthNeeded, TokenExpired, NeedsTLS, ContactAdmin, IDNeeded, Quoting, DailyQuota, ConnLimit,
		Throttle, OverQuota, TooBig, BadMessage, BadFlag, BadName, Layout, NoFolder, Virus, PerMessage,
		FolderSkip, FolderPoison, Fine, Transient, ClientBug,
	}
}

// Action is what to do about a refusal.
type Action string

// The closed set of actions.
const (
	Wait      Action = "wait"       // pause, then the same again on this session
	Reconnect Action = "reconnect"  // close, pause, open another session, go on
	Park      Action = "park"       // stop all work of this account
	Repair    Action = "repair"     // change what the class names (message, flags, ID, quoting), then once more
	Renew     Action = "renew"      // fetch a new access token, sign in again
	Rename    Action = "rename"     // choose another folder name
	Flatten   Action = "flatten"    // create the folder without parents
	RetryOnce Action = "retry-once" // the same once more, then leave
	Leave     Action = "leave"      // leave the Scope behind and report it
	Ignore    Action = "ignore"     // go on as if it had worked
)

// Actions lists the closed set.
func Actions() []Action {
	return []Action{Wait, Reconnect, Park, Repair, Renew, Rename, Flatten, RetryOnce, Leave, Ignore}
}

// Scope is what a verdict is about: how much is left behind, paused or parked.
type Scope string

// The closed set of scopes.
const (
	ScopeMessage Scope = "message" // after an atomic batch: once the message is isolated
	ScopeFolder  Scope = "folder"
	ScopeSession Scope = "session"
	ScopeAccount Scope = "account"
)

// Scopes lists the closed set.
func Scopes() []Scope { return []Scope{ScopeMessage, ScopeFolder, ScopeSession, ScopeAccount} }

// Entry is one row of the error dictionary. Within a list one hit is enough; an empty
// list means that it does not matter.
type Entry struct {
	ID        string
	Codes     []string // response codes, upper case
	Texts     []string // fragments of "[code arg] text", lower case, single spaces
	TextAlone bool     // with Codes and Texts: the text counts without the code too
	Vague     bool     // the code says so little that texts of other rows come first
	Statuses  []string
	Commands  []string
	Families  []string

	Class  Class
	Action Action
	Scope  Scope
	Also   []Class

	FirstPause   time.Duration
	LongestPause time.Duration // the pause doubles with each attempt up to here; 0: it stays
	Tries        int           // attempts before Then takes the place of Action; 0: no end
	Then         Action
	Note         string
	Fact
}

// pause doubles with the attempts, never past the row's longest pause.
func (e *Entry) pause(attempt int) time.Duration {
	if e.LongestPause == 0 {
		return e.FirstPause
	}
	d := e.FirstPause
	for range attempt {
		if d *= 2; d >= e.LongestPause {
			return e.LongestPause
		}
	}
	return d
}

// entryRow is an [Entry] as it stands in the file.
type entryRow struct {
	ID        string   `json:"id"`
	Codes     []string `json:"codes"`
	Texts     []string `json:"texts"`
	TextAlone bool     `json:"textAlone"`
	Vague     bool     `json:"vague"`
	Statuses  []string `json:"statuses"`
	Commands  []string `json:"commands"`
	Families  []string `json:"families"`
	Class     Class    `json:"class"`
	Action    Action   `json:"action"`
	Scope     Scope    `json:"scope"`
	Also      []Class  `json:"also"`
	Wait      duration `json:"wait"`
	WaitMax   duration `json:"waitMax"`
	Tries     int      `json:"tries"`
	Then      Action   `json:"then"`
	Note      string   `json:"note"`
	Fact
}

// UnmarshalJSON reads the file's form and fills in what follows from it.
func (e *Entry) UnmarshalJSON(b []byte) error {
	var r entryRow
	if err := decode(b, &r); err != nil {
		return err
	}
	*e = Entry{
		ID: r.ID, Codes: r.Codes, Texts: r.Texts, TextAlone: r.TextAlone, Vague: r.Vague,
		Statuses: r.Statuses, Commands: r.Commands, Families: r.Families,
		Class: r.Class, Action: r.Action, Scope: r.Scope, Also: r.Also,
		FirstPause: time.Duration(r.Wait), LongestPause: time.Duration(r.WaitMax),
		Tries: r.Tries, Then: r.Then, Note: r.Note, Fact: r.Fact,
	}
	if e.Tries == 0 && slices.Contains([]Action{Repair, RetryOnce, Renew, Rename, Flatten}, e.Action) {
		e.Tries = 1 // once more, then give up: none of these helps twice
	}
	if e.Then == "" {
		e.Then = Leave
		if e.Scope == ScopeAccount {
			e.Then = Park
		}
	}
	return nil
}

var _ json.Unmarshaler = (*Entry)(nil)

var dictionary = sync.OnceValue(func() []Entry {
	var rows []Entry
	mustLoad("refusals.json", &rows)
	return rows
})

// Entries returns the whole error dictionary; the slice is the caller's own.
func Entries() []Entry { return slices.Clone(dictionary()) }

// LookupEntry returns the row with this id.
func LookupEntry(id string) (Entry, bool) {
	i := slices.IndexFunc(dictionary(), func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{}, false
	}
	return dictionary()[i], true
}
