// Package moving holds moves of many mailboxes: what the person chose, the dry run,
// the folder map, the runs and their outcome, all kept on the disk so that a move
// outlives the program.
//
// It leaves out how one mailbox is moved (package migrate), how long work is run
// (package job), where mailboxes come from ([Connect]) and what the page sees (api).
package moving

import (
	"time"

	"mailroom/backend/core"
	"mailroom/backend/job/schedule"
	"mailroom/backend/migrate"
)

// Endpoint is where one mailbox lives. Which fields count depends on Kind.
type Endpoint struct {
	Kind     string `json:"kind"`
	Side     string `json:"side,omitempty"`
	Host     string `json:"host,omitempty"`
	Port     int    `json:"port,omitempty"`
	Security string `json:"security,omitempty"`
	Auth     string `json:"auth,omitempty"`
	User     string `json:"user,omitempty"`
	Authz    string `json:"authz,omitempty"`
	Secret   string `json:"secret,omitempty"` // handle of the vault
	Pin      string `json:"pin,omitempty"`
	CA       string `json:"ca,omitempty"` // file of a further authority
	Path     string `json:"path,omitempty"`

	Sealed    bool   `json:"sealed,omitempty"`    // an archive that is sealed after each run
	App       string `json:"app,omitempty"`       // the office's sign-in app
	Separator string `json:"separator,omitempty"` // between Authz and User, see imap.Config
}

// Options steer a move.
type Options struct {
	Verify         migrate.Level `json:"verify"`
	Parallel       int           `json:"parallel,omitempty"` // mailboxes at once; 0: three
	Connections    int           `json:"connections,omitempty"`
	BytesPerSecond int64         `json:"bytesPerSecond,omitempty"`
	BytesPerDay    int64         `json:"bytesPerDay,omitempty"`
	ExcludeDeleted bool          `json:"excludeDeleted,omitempty"`
	Since          string        `json:"since,omitempty"`  // first day of the mail that is wanted, 2024-01-31; "" none
	Before         string        `json:"before,omitempty"` // first day of the mail that is not wanted any more
	Exclude        []string      `json:"exclude,omitempty"`
	Schedule       schedule.Plan `json:"schedule,omitzero"`
	Repeat         Repeat        `json:"repeat,omitzero"`
	Include        []string      `json:"include,omitempty"`     // globs; empty: all
	FolderRules    []FolderRule  `json:"folderRules,omitempty"` // for everybody
}

// Repeat asks for further runs after one has ended, so that what arrives at the old
// place is brought over until the day of the switch, and after it.
type Repeat struct {
	Hours int `json:"hours,omitempty"` // 0: none; 24 with At: every day at that time
	At    int `json:"at,omitempty"`    // with 24 hours: minutes after midnight
}

// Move is one move.
type Move struct {
	ID        string
	Name      string
	Created   time.Time
	Started   time.Time // of the first run
	Ended     time.Time // of the last run
	Planned   bool      // a dry run has ended
	Undone    bool      // the last act was an undo that ended
	Options   Options
	Watch     Watch
	Mailboxes []Mailbox
}

// Watch is what a move remembers of its runs, and of those to come.
type Watch struct {
	Next    time.Time `json:"next,omitzero"` // of the next repeated run
	Runs    int       `json:"runs,omitempty"`
	Brought int64     `json:"brought,omitempty"` // messages stored by the run at work, or the last one
	Whole   time.Time `json:"whole,omitzero"`    // when a run last ended with everybody's mail there
	Undid   Undid     `json:"undid,omitzero"`    // what the last act did, if it was an undo
}

// Undid is what an undo has come to: messages.
type Undid struct {
	Deleted int64 `json:"deleted,omitempty"` // from the new mailboxes, by the undo itself
	Kept    int64 `json:"kept,omitempty"`    // left alone, as a person has worked with them
}

// State is where a mailbox of a move stands.
type State string

// The states of a mailbox.
const (
	Idle       State = "idle"
	Queued     State = "queued"
	Running    State = "running"
	Waiting    State = "waiting"
	Paused     State = "paused"
	Done       State = "done"
	LeftBehind State = "left_behind"
	Failed     State = "failed"
	Canceled   State = "canceled"
	LeftOut    State = "left_out" // taken out of the move by a person
)

// Mailbox is one mailbox of a move with what is known of it.
type Mailbox struct {
	ID       string    `json:"id"`
	Label    string    `json:"label"`
	From     Endpoint  `json:"from"`
	To       Endpoint  `json:"to"`
	Choices  []Choice  `json:"choices,omitempty"`
	State    State     `json:"state"`
	Fault    *Fault    `json:"fault,omitempty"`
	Estimate *Estimate `json:"estimate,omitempty"`
	Outcome  Outcome   `json:"outcome"`
	Round    string    `json:"round,omitempty"` // the run in which it last ended
	Held     bool      `json:"held,omitempty"`  // paused by a person, alone
	Out      bool      `json:"out,omitempty"`   // taken out of the move
	FromKey  string    `json:"fromKey,omitempty"`
	ToKey    string    `json:"toKey,omitempty"`
	Self     bool      `json:"self,omitempty"` // its person moves it, by an invitation
}

// Choice is the person's change to the map of folders. Folder is a [FolderKey].
type Choice struct {
	Folder string `json:"folder"`
	Skip   bool   `json:"skip,omitempty"`
	Target string `json:"target,omitempty"`
	Own    bool   `json:"own,omitempty"` // for this mailbox, whatever the rules for everybody say
}

// Estimate is what a dry run found, in figures.
type Estimate struct {
	Folders     int      `json:"folders"`
	Messages    int64    `json:"messages"`
	Bytes       int64    `json:"bytes"`
	ToCopy      int64    `json:"toCopy"`
	ToCopyBytes int64    `json:"toCopyBytes"`
	Already     int64    `json:"already,omitempty"` // at the destination, as far as known without copying
	WillLeave   int64    `json:"willLeave"`
	RoomNeeded  int64    `json:"roomNeeded"`
	RoomFree    int64    `json:"roomFree"`
	MaxMessage  int64    `json:"maxMessage"`
	Seconds     int64    `json:"seconds"`
	Days        int64    `json:"days"`
	PerDay      int64    `json:"perDay,omitempty"` // bytes that the provider lets through a day; 0 any
	Warnings    []Remark `json:"warnings,omitempty"`
	// Wont are the first of the messages that the destination will not take.
	Wont []migrate.LeftBehind `json:"wont,omitempty"`
}

// Outcome is what the runs so far have brought.
type Outcome struct {
	Counts   migrate.Counts `json:"counts"`            // Copied: by all runs of this move
	Stored   int64          `json:"stored"`            // what an undo would take back
	Kept     int64          `json:"kept,omitempty"`    // of Stored: left alone by an undo, as a person has worked with them
	Deleted  int64          `json:"deleted,omitempty"` // by the last undo, over all its attempts
	FlagsSet int64          `json:"flagsSet"`
	Verified migrate.Level  `json:"verified"`
	Compared int64          `json:"compared"`
	Differ   int            `json:"differ"`
	Notes    []string       `json:"notes,omitempty"`
	Remarks  []Remark       `json:"remarks,omitempty"`
	Started  time.Time      `json:"started,omitzero"`
	Ended    time.Time      `json:"ended,omitzero"`
}

// Fault says what went wrong, as far as the page can tell it in a sentence.
type Fault struct {
	Code   core.Code         `json:"code"`
	Class  string            `json:"class,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
	Server string            `json:"server,omitempty"`
}

// Remark is a fault on the way, in a folder if one is named.
type Remark struct {
	Folder string `json:"folder,omitempty"`
	Fault  Fault  `json:"fault"`
}

// Folder is one source folder: what will happen to it or what did. Key is a [FolderKey].
type Folder struct {
	Key      string         `json:"key"`
	Source   string         `json:"source"`
	Target   string         `json:"target"`
	Role     core.Role      `json:"role"`
	Action   string         `json:"action"`
	Reason   string         `json:"reason,omitempty"`
	Changes  []string       `json:"changes,omitempty"`
	Chosen   bool           `json:"chosen,omitempty"`
	Own      bool           `json:"own,omitempty"`     // chosen for this mailbox alone
	Proposed Proposal       `json:"proposed,omitzero"` // with Chosen: what was proposed
	Counts   migrate.Counts `json:"counts"`
	Verified string         `json:"verified,omitempty"`
	Error    string         `json:"error,omitempty"`
}

// Proposal is what the program would do with a folder by itself.
type Proposal struct {
	Target string `json:"target,omitempty"`
	Action string `json:"action,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Left is one message that did not arrive.
type Left struct {
	Mailbox, Label string
	migrate.LeftBehind
}

// Difference is one thing that a verification found.
type Difference struct {
	Mailbox string
	migrate.Mismatch
}
