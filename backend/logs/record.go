// Package logs holds the words in which providers and servers tell what happened: a
// record of an administrator's or a person's act, a sign-in, a mail, a day's traffic;
// and the contract of a source that hands such records out.
//
// It leaves out where records are kept and searched (backend/records), how a vendor is
// asked (backend/provider), what this program itself did (backend/audit) and the
// program's own log (log/slog).
package logs

import (
	"net/netip"
	"strings"
	"time"
)

// Kind is what a record tells of. The set is closed: the page has a name for each.
type Kind string

// The kinds.
const (
	Admin    Kind = "admin"    // what an administrator did
	User     Kind = "user"     // what a person did in the own mailbox: password, forwarding, a mail moved or deleted
	SignIn   Kind = "signin"   // a sign-in, refused ones too
	Sent     Kind = "sent"     // a mail that a person of the office sent, to one or several recipients
	Received Kind = "received" // a mail that came for a person of the office
	Traffic  Kind = "traffic"  // sums of one mailbox, or of the office where Person is "", for one day
)

// Kinds lists all kinds in the order of the page.
func Kinds() []Kind { return []Kind{Received, Sent, SignIn, User, Admin, Traffic} }

// Outcome is how it went, whatever words the vendor has for it.
type Outcome string

// The outcomes.
const (
	OK          Outcome = "ok"          // a sign-in or an act that succeeded
	Refused     Outcome = "refused"     // a sign-in that was refused: wrong password, unknown name
	Locked      Outcome = "locked"      // a sign-in that was refused because the account is locked or switched off
	Failed      Outcome = "failed"      // an act or a sending that failed for another reason
	Pending     Outcome = "pending"     // under way: queued, deferred, being tried again
	Delivered   Outcome = "delivered"   // sent: the next server has taken it; received: it is in the inbox
	Foldered    Outcome = "foldered"    // received, and put into another folder by a rule
	Junk        Outcome = "junk"        // received, and put into the junk folder
	Quarantined Outcome = "quarantined" // held back by the provider, may be released
	Blocked     Outcome = "blocked"     // refused on the way in: never in the mailbox
	Bounced     Outcome = "bounced"     // sent, and come back
	Other       Outcome = "other"       // the vendor's word is not known
)

// Outcomes lists all outcomes.
func Outcomes() []Outcome {
	return []Outcome{OK, Refused, Locked, Failed, Pending, Delivered, Foldered, Junk, Quarantined, Blocked, Bounced, Other}
}

// Method is the way in which somebody came in or a mail went.
type Method string

// The methods; "" is not told.
const (
	Web      Method = "web"
	IMAP     Method = "imap"
	POP      Method = "pop"
	SMTP     Method = "smtp"
	Exchange Method = "exchange" // EWS, ActiveSync, MAPI
	Client   Method = "client"   // a mail program, the protocol is not told
	Mobile   Method = "mobile"   // the vendor's or the system's mail on a phone
	API      Method = "api"
	Another  Method = "other"
)

// Methods lists all methods.
func Methods() []Method {
	return []Method{Web, IMAP, POP, SMTP, Exchange, Client, Mobile, API, Another}
}

// Action is what was done, for the kinds [Admin] and [User].
type Action string

// The actions that have a name of their own; every other is [ActOther] with the
// vendor's word in [Record.Said].
const (
	ActPassword     Action = "password"      // a password was changed or reset
	ActPersonAdd    Action = "person_add"    // an account was created
	ActPersonEdit   Action = "person_edit"   // an account was changed
	ActPersonDelete Action = "person_delete" // an account was deleted
	ActPersonOn     Action = "person_on"     // an account was switched on or unlocked
	ActPersonOff    Action = "person_off"    // an account was switched off
	ActAlias        Action = "alias"
	ActDepartment   Action = "department"
	ActList         Action = "list"
	ActRole         Action = "role"        // roles and administrators
	ActForwardOn    Action = "forward_on"  // mail is passed on to Target
	ActForwardOff   Action = "forward_off" // no longer
	ActRule         Action = "rule"        // a rule of the mailbox was changed
	ActMailDelete   Action = "mail_delete" // a mail was deleted for good
	ActMailTrash    Action = "mail_trash"  // a mail was put into the trash
	ActMailMove     Action = "mail_move"   // a mail was moved to the folder Target
	ActMailRestore  Action = "mail_restore"
	ActMailOpen     Action = "mail_open"
	ActRelease      Action = "release"   // a mail was released from quarantine
	ActBlacklist    Action = "blacklist" // senders to be refused
	ActWhitelist    Action = "whitelist" // senders to be let through
	ActDomain       Action = "domain"    // domains and their records
	ActSecurity     Action = "security"  // second factor, rules for passwords and sign-ins
	ActAnnounce     Action = "announce"  // mass mail, notices
	ActImport       Action = "import"    // people or mail brought in
	ActExport       Action = "export"    // mail or data taken out
	ActBackup       Action = "backup"    // backup of mailboxes
	ActOpenAPI      Action = "api"       // keys and programs
	ActSettings     Action = "settings"  // anything of the office as a whole
	ActSignedIn     Action = "signed_in" // an administrator came in, where the vendor lists that as an act
	ActOther        Action = "other"
)

// Actions lists all actions.
func Actions() []Action {
	return []Action{
		ActPassword, ActPersonAdd, ActPersonEdit, ActPersonDelete, ActPersonOn, ActPersonOff, ActAlias, ActDepartment, ActList,
		ActRole, ActForwardOn, ActForwardOff, ActRule, ActMailDelete, ActMailTrash, ActMailMove, ActMailRestore, ActMailOpen,
		ActRelease, ActBlacklist, ActWhitelist, ActDomain, ActSecurity, ActAnnounce, ActImport, ActExport, ActBackup, ActOpenAPI,
		ActSettings, ActSignedIn, ActOther,
	}
}

// Record is one line of a log. What the source does not tell is the zero value. Run
// [Record.Clean] on a record from outside before it is kept.
type Record struct {
	Kind Kind `json:"kind"`
	// At is the moment that does not change when the outcome does: the first attempt,
	// the moment of queueing. Its precision is the source's.
	At time.Time `json:"at"`
	// Zone is the zone in which the source told the time: an IANA name or "+08:00".
	Zone string `json:"zone,omitempty"`

	Person  string   `json:"person,omitempty"`  // whose record it is: a full address of the office, lower case; Admin: the administrator
	Name    string   `json:"name,omitempty"`    // the person's name, where the source tells it
	From    string   `json:"from,omitempty"`    // a mail's sender, lower case
	To      []string `json:"to,omitempty"`      // a mail's recipients, lower case
	Subject string   `json:"subject,omitempty"` // a mail's subject, decoded
	Size    int64    `json:"size,omitempty"`    // a mail's size in bytes

	IP     netip.Addr `json:"ip,omitzero"`      // where it came from
	Method Method     `json:"method,omitempty"` //
	Agent  string     `json:"agent,omitempty"`  // the program as the source names it: user agent, app, host name

	Action Action `json:"action,omitempty"` // Admin and User
	Target string `json:"target,omitempty"` // what was acted on: an address, a folder, a list

	Outcome Outcome `json:"outcome,omitempty"`
	Said    string  `json:"said,omitempty"`   // the source's own word or code for the outcome or the action
	Remark  string  `json:"remark,omitempty"` // details for people, as the source gives them
	Times   int     `json:"times,omitempty"`  // how many equal events the source has merged into this one; 0 and 1: one

	MessageID string `json:"messageId,omitempty"` // the Message-ID header, with its angle brackets if the source has them
	ID        string `json:"id,omitempty"`        // the source's own key, equal whenever the same event is handed out again; "" none

	Day *Day `json:"day,omitempty"` // Traffic only

	// Facts are what else the source tells, under its own names.
	Facts map[string]string `json:"facts,omitempty"`
}

// TargetAddress is the target where it is an address, else "".
func (r *Record) TargetAddress() string {
	if len(r.Target) <= longWord && strings.Contains(r.Target, "@") {
		return r.Target
	}
	return ""
}

// Day is the traffic of one day in the record's zone. -1 is not told.
type Day struct {
	Sent          int64 `json:"sent"`          // mails
	Received      int64 `json:"received"`      // mails
	SentBytes     int64 `json:"sentBytes"`     //
	ReceivedBytes int64 `json:"receivedBytes"` //
	Used          int64 `json:"used"`          // bytes of the mailbox at the end of the day
	Quota         int64 `json:"quota"`         // bytes it may have; 0: no limit
}
