package api

import (
	"mailroom/backend/core"
	"mailroom/backend/migrate"
	"mailroom/backend/oauth"
	"mailroom/backend/people"
)

// ErrorCode is a [core.Code] on the wire.
type ErrorCode string

// EndpointKind says where a mailbox lives.
type EndpointKind string

// The kinds. Practice is the built-in rehearsal office; the last three are local archives.
const (
	KindPractice EndpointKind = "practice"
	KindIMAP     EndpointKind = "imap"
	KindPOP3     EndpointKind = "pop3" // a source only
	KindMaildir  EndpointKind = "maildir"
	KindMbox     EndpointKind = "mbox"
	KindEML      EndpointKind = "eml"
)

// PracticeSide picks one of the practice office's two servers.
type PracticeSide string

// The two sides; PracticeNone for any other kind of endpoint.
const (
	PracticeNone PracticeSide = ""
	PracticeOld  PracticeSide = "old"
	PracticeNew  PracticeSide = "new"
)

// Security is how a connection is protected.
type Security string

// The securities. SecurityPlain is allowed on this computer only.
const (
	SecurityTLS      Security = "tls"
	SecurityStartTLS Security = "starttls"
	SecurityPlain    Security = "plain"
)

// AuthMethod is how to sign in.
type AuthMethod string

// The methods; AuthAuto takes the best that the server offers for a password.
const (
	AuthAuto        AuthMethod = ""
	AuthPlain       AuthMethod = "plain"
	AuthLogin       AuthMethod = "login"
	AuthXOAuth2     AuthMethod = "xoauth2"
	AuthOAuthBearer AuthMethod = "oauthbearer"
	AuthOAuth       AuthMethod = "oauth"       // tokens of the person, who signed in once with the browser or a code
	AuthService     AuthMethod = "service"     // tokens that Google's service account of the office gets for the person
	AuthApplication AuthMethod = "application" // tokens of the office's Microsoft application
)

// SignInVendor is whose sign-in page gives tokens, see [oauth.Vendor].
type SignInVendor string

// MoveState is the state of a whole move.
type MoveState string

// The states. A draft can be edited; planning and waiting come and go by themselves;
// interrupted means that the program ended in the middle and the move can go on.
const (
	MoveDraft       MoveState = "draft"
	MovePlanning    MoveState = "planning" // dry run: nothing is changed
	MovePlanned     MoveState = "planned"
	MoveQueued      MoveState = "queued"
	MoveRunning     MoveState = "running"
	MoveWaiting     MoveState = "waiting"   // told to slow down, or the network is away
	MoveScheduled   MoveState = "scheduled" // outside its hours, or the day's budget is gone
	MovePausing     MoveState = "pausing"
	MovePaused      MoveState = "paused"
	MoveInterrupted MoveState = "interrupted"
	MoveVerifying   MoveState = "verifying"
	MoveUndoing     MoveState = "undoing"
	MoveUndone      MoveState = "undone"
	MoveDone        MoveState = "done"
	MoveLeftBehind  MoveState = "left_behind" // ended, but some messages stayed behind
	MoveFailed      MoveState = "failed"
	MoveCanceled    MoveState = "canceled"
)

// MailboxState is the state of one mailbox within a move.
type MailboxState string

// The states of a mailbox.
const (
	MailboxIdle       MailboxState = "idle"
	MailboxQueued     MailboxState = "queued"
	MailboxRunning    MailboxState = "running"
	MailboxWaiting    MailboxState = "waiting"
	MailboxPaused     MailboxState = "paused"
	MailboxDone       MailboxState = "done"
	MailboxLeftBehind MailboxState = "left_behind"
	MailboxFailed     MailboxState = "failed"
	MailboxCanceled   MailboxState = "canceled"
	MailboxLeftOut    MailboxState = "left_out"
)

// Phase is what a mailbox's work is doing, see [migrate.Phase].
type Phase string

// PhaseNone means that no work runs; the others are migrate's.
const PhaseNone Phase = ""

// VerifyLevel is how much a verification compares, see [migrate.Level].
type VerifyLevel string

// FolderAction is what happens to a source folder.
type FolderAction string

// The actions. FolderParent is a mere parent that holds no messages.
const (
	FolderCopy   FolderAction = "copy"
	FolderParent FolderAction = "parent"
	FolderSkip   FolderAction = "skip"
)

// FolderRole is what a folder is for, see [core.Role].
type FolderRole string

// VaultState is the state of the store of passwords.
type VaultState string

// The states. VaultMissing: nothing holds the key yet and no keychain answers, so
// that a passphrase must be chosen. VaultLocked: the passphrase is needed.
const (
	VaultOpen    VaultState = "open"
	VaultLocked  VaultState = "locked"
	VaultMissing VaultState = "missing"
)

// Theme is the look of the window.
type Theme string

// The themes.
const (
	ThemeSystem Theme = "system"
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Language is a language of the window; LanguageSystem follows the computer.
type Language string

// The languages.
const (
	LanguageSystem  Language = ""
	LanguageChinese Language = "zh-CN"
	LanguageEnglish Language = "en"
)

// ListFormat is a file format of a list of people.
type ListFormat string

// The formats.
const (
	ListCSV  ListFormat = "csv"
	ListXLSX ListFormat = "xlsx"
)

// FindingWeight says how much a finding in a list matters, see [people.Weight].
type FindingWeight string

var errorCodes = []enum[ErrorCode]{
	{ErrorCode(core.Invalid), "Invalid"}, {ErrorCode(core.NotFound), "NotFound"}, {ErrorCode(core.Conflict), "Conflict"},
	{ErrorCode(core.Unauthenticated), "Unauthenticated"}, {ErrorCode(core.Forbidden), "Forbidden"},
	{ErrorCode(core.RateLimited), "RateLimited"}, {ErrorCode(core.Unsupported), "Unsupported"},
	{ErrorCode(core.Unreachable), "Unreachable"}, {ErrorCode(core.Timeout), "Timeout"}, {ErrorCode(core.Canceled), "Canceled"},
	{ErrorCode(core.UntrustedCert), "UntrustedCert"}, {ErrorCode(core.OverQuota), "OverQuota"}, {ErrorCode(core.TooBig), "TooBig"},
	{ErrorCode(core.Rejected), "Rejected"}, {ErrorCode(core.DiskFull), "DiskFull"}, {ErrorCode(core.ReadOnly), "ReadOnly"},
	{ErrorCode(core.NewerData), "NewerData"}, {ErrorCode(core.InUse), "InUse"}, {ErrorCode(core.Malformed), "Malformed"},
	{ErrorCode(core.Internal), "Internal"},
}

var endpointKinds = []enum[EndpointKind]{
	{KindPractice, "Practice"}, {KindIMAP, "IMAP"}, {KindPOP3, "POP3"}, {KindMaildir, "Maildir"}, {KindMbox, "Mbox"}, {KindEML, "EML"},
}

var practiceSides = []enum[PracticeSide]{{PracticeNone, "None"}, {PracticeOld, "Old"}, {PracticeNew, "New"}}

var securities = []enum[Security]{{SecurityTLS, "TLS"}, {SecurityStartTLS, "StartTLS"}, {SecurityPlain, "Plain"}}

var authMethods = []enum[AuthMethod]{
	{AuthAuto, "Auto"}, {AuthPlain, "Plain"}, {AuthLogin, "Login"}, {AuthXOAuth2, "XOAuth2"}, {AuthOAuthBearer, "OAuthBearer"},
	{AuthOAuth, "OAuth"}, {AuthService, "Service"}, {AuthApplication, "Application"},
}

var signInVendors = []enum[SignInVendor]{
	{SignInVendor(oauth.Google), "Google"}, {SignInVendor(oauth.Microsoft), "Microsoft"}, {SignInVendor(oauth.MicrosoftChina), "MicrosoftChina"},
}

var moveStates = []enum[MoveState]{
	{MoveDraft, "Draft"}, {MovePlanning, "Planning"}, {MovePlanned, "Planned"}, {MoveQueued, "Queued"},
	{MoveRunning, "Running"}, {MoveWaiting, "Waiting"}, {MoveScheduled, "Scheduled"}, {MovePausing, "Pausing"}, {MovePaused, "Paused"},
	{MoveInterrupted, "Interrupted"}, {MoveVerifying, "Verifying"}, {MoveUndoing, "Undoing"}, {MoveUndone, "Undone"},
	{MoveDone, "Done"}, {MoveLeftBehind, "LeftBehind"}, {MoveFailed, "Failed"}, {MoveCanceled, "Canceled"},
}

var mailboxStates = []enum[MailboxState]{
	{MailboxIdle, "Idle"}, {MailboxQueued, "Queued"}, {MailboxRunning, "Running"}, {MailboxWaiting, "Waiting"},
	{MailboxPaused, "Paused"}, {MailboxDone, "Done"}, {MailboxLeftBehind, "LeftBehind"}, {MailboxFailed, "Failed"},
	{MailboxCanceled, "Canceled"}, {MailboxLeftOut, "LeftOut"},
}

var phases = []enum[Phase]{
	{PhaseNone, "None"}, {Phase(migrate.PhaseConnecting), "Connecting"}, {Phase(migrate.PhaseListing), "Listing"},
	{Phase(migrate.PhaseMatching), "Matching"}, {Phase(migrate.PhaseCopying), "Copying"}, {Phase(migrate.PhaseFlags), "Flags"},
	{Phase(migrate.PhaseVerifying), "Verifying"}, {Phase(migrate.PhaseUndoing), "Undoing"},
	{Phase(migrate.PhaseWaiting), "Waiting"}, {Phase(migrate.PhaseDone), "Done"},
}

var verifyLevels = []enum[VerifyLevel]{
	{VerifyLevel(migrate.VerifyNone), "None"}, {VerifyLevel(migrate.VerifyCounts), "Counts"},
	{VerifyLevel(migrate.VerifyFingerprint), "Fingerprint"}, {VerifyLevel(migrate.VerifyBytes), "Bytes"},
}

var folderActions = []enum[FolderAction]{{FolderCopy, "Copy"}, {FolderParent, "Parent"}, {FolderSkip, "Skip"}}

var roles = []enum[FolderRole]{
	{FolderRole(core.RoleNone), "None"}, {FolderRole(core.RoleInbox), "Inbox"}, {FolderRole(core.RoleSent), "Sent"},
	{FolderRole(core.RoleDrafts), "Drafts"}, {FolderRole(core.RoleTrash), "Trash"}, {FolderRole(core.RoleJunk), "Junk"},
	{FolderRole(core.RoleArchive), "Archive"}, {FolderRole(core.RoleAll), "All"}, {FolderRole(core.RoleFlagged), "Flagged"},
	{FolderRole(core.RoleImportant), "Important"},
}

var vaultStates = []enum[VaultState]{{VaultOpen, "Open"}, {VaultLocked, "Locked"}, {VaultMissing, "Missing"}}

var themes = []enum[Theme]{{ThemeSystem, "System"}, {ThemeLight, "Light"}, {ThemeDark, "Dark"}}

var languages = []enum[Language]{{LanguageSystem, "System"}, {LanguageChinese, "Chinese"}, {LanguageEnglish, "English"}}

var listFormats = []enum[ListFormat]{{ListCSV, "CSV"}, {ListXLSX, "XLSX"}}

var findingWeights = []enum[FindingWeight]{
	{FindingWeight(people.Stop), "Stop"}, {FindingWeight(people.Fix), "Fix"}, {FindingWeight(people.Look), "Look"},
}
