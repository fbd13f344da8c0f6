// Package migrate moves the mail of one mailbox into another: plan, copy, verify,
// report and undo, exactly once whatever breaks in between. The ledger (package
// migrate/ledger) remembers; package migrate/foldermap decides names.
//
// It leaves out: many mailboxes at once and schedules (package job and the verbs),
// sign-in forms, and every sentence for people.
package migrate

import (
	"context"
	"time"

	"mailroom/backend/core"
)

// Level is how much a verification compares.
type Level string

// The levels, each including the ones before.
const (
	VerifyNone        Level = "none"
	VerifyCounts      Level = "counts"      // number of messages per folder
	VerifyFingerprint Level = "fingerprint" // size and header fields of every message
	VerifyBytes       Level = "bytes"       // every byte of every message
)

// Options steer one mailbox's move. The zero value moves everything at full speed
// and verifies nothing.
type Options struct {
	Folders        []string          // globs over decoded paths ("Projects/*"); empty: all
	Exclude        []string          // globs to leave out
	Targets        map[string]string // source folder ID → decoded target path with "/"; "" leaves it out
	Verify         Level
	Connections    int   // per mailbox; 0: by preset and behaviour
	BytesPerSecond int64 // 0: by preset; negative: no limit
	BytesPerDay    int64 // 0: by preset; negative: no limit
	ExcludeDeleted bool  // leave out messages marked \Deleted, counted as excluded
	// Since and Before leave out messages that arrived (INTERNALDATE) before the one, or at
	// or after the other, counted as excluded; zero: no bound. What a source tells no date
	// of is moved. A run with other bounds takes up what an earlier one left out; what has
	// arrived already stays.
	Since, Before time.Time
	DryRun        bool
	KeepTouched   bool // an undo leaves alone what was answered, flagged or forwarded since
	// Admit is asked before each message goes out and may wait; several mailboxes can
	// share a pace or a budget by it. An error ends the run as canceled, once what was
	// admitted before is stored. nil: nobody is asked.
	Admit func(ctx context.Context, size int64) error
}

// ParseDay reads a day such as 2024-01-31 as its first moment on this computer's clock,
// for [Options]; "" is the zero time. Errors: invalid.
func ParseDay(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, day, time.Local)
	if err != nil || t.Year() < 1970 || t.Year() > 9000 {
		return time.Time{}, core.E(core.Invalid, "read day", err, "value", day)
	}
	return t, nil
}

// Phase says what a running move is doing.
type Phase string

// The phases in their usual order; PhaseWaiting may come at any time.
const (
	PhaseConnecting Phase = "connecting"
	PhaseListing    Phase = "listing"
	PhaseMatching   Phase = "matching" // finding out what the destination holds already
	PhaseCopying    Phase = "copying"
	PhaseFlags      Phase = "flags"
	PhaseVerifying  Phase = "verifying"
	PhaseUndoing    Phase = "undoing"
	PhaseWaiting    Phase = "waiting" // told to slow down, or the network is away
	PhaseDone       Phase = "done"
)

// Counts sum up messages. Messages = Copied + AlreadyThere + Excluded + LeftBehind + what is still pending.
type Counts struct {
	Messages     int64 `json:"messages"`
	Copied       int64 `json:"copied"`       // stored by this run
	AlreadyThere int64 `json:"alreadyThere"` // stored by an earlier run, or found at the destination
	Excluded     int64 `json:"excluded"`     // by a named rule
	LeftBehind   int64 `json:"leftBehind"`   // with a reason
	Bytes        int64 `json:"bytes"`        // copied by this run
}

// Progress is a snapshot of a running move; a newer one replaces it.
type Progress struct {
	Phase      Phase
	Folder     string // decoded path now at work; "" none
	Counts     Counts
	BytesTotal int64 // of all messages that are to be copied, estimated by RFC822.SIZE
	FlagsSet   int64 // messages whose flags were brought up to date
	Verified   int64
	WaitUntil  time.Time // with PhaseWaiting
	WaitClass  string    // why: a preset class, or a core code
}

// State is how a mailbox's run ended.
type State string

// The end states.
const (
	StateDone       State = "done"
	StateLeftBehind State = "left_behind"
	StateFailed     State = "failed"
)

// FolderReport tells one source folder's outcome.
type FolderReport struct {
	SourceID string    `json:"sourceId"`
	Source   string    `json:"source"` // decoded path
	Target   string    `json:"target"` // decoded path; "" if left out
	Role     core.Role `json:"role"`
	Counts
	Action   string   `json:"action"`   // copy, parent, skip
	Reason   string   `json:"reason"`   // why skipped or excluded: a rule's code
	Changes  []string `json:"changes"`  // renames and mergers, as codes with facts
	Verified string   `json:"verified"` // the level that agreed; "" none
	Error    string   `json:"error"`    // code, if the whole folder could not be done
}

// LeftBehind names one source message that did not arrive.
type LeftBehind struct {
	Folder  string    `json:"folder"`
	UID     uint32    `json:"uid"`
	Date    time.Time `json:"date"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
	Size    int64     `json:"size"`
	Class   string    `json:"class"`  // preset class or core code
	Server  string    `json:"server"` // the server's own words
}

// Trouble is something that went wrong, for the report.
type Trouble struct {
	Code   core.Code         `json:"code"`
	Class  string            `json:"class"` // preset class; "" none
	Folder string            `json:"folder,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
	Server string            `json:"server,omitempty"` // the server's own words
}

// Result is the outcome of a run. Nothing in it is a secret.
type Result struct {
	From, To string // account keys
	State    State
	Counts
	Folders        []FolderReport
	Left           []LeftBehind // at most 10,000; LeftBehind counts all
	Errors         []Trouble
	FlagsSet       int64
	Verified       Level
	Mismatch       []Mismatch
	Notes          []string // odd things the servers did, as codes with facts
	Started, Ended time.Time

	older, newer int64 // left out by Options.Since and Before
}

// Mismatch is one difference found by a verification.
type Mismatch struct {
	Folder string `json:"folder"`
	UID    uint32 `json:"uid"`  // at the source; 0 for a whole folder
	Kind   string `json:"kind"` // missing, size, header, bytes, count, line_ends
	Detail string `json:"detail,omitempty"`
}

// Estimate is what a dry run found.
type Estimate struct {
	Folders        []FolderReport
	Messages       int64
	Bytes          int64
	ToCopy         int64 // messages not yet at the destination, as far as known without copying
	ToCopyBytes    int64
	WillLeave      []LeftBehind // over the size limit and the like
	WillLeaveCount int64
	RoomNeeded     int64
	RoomFree       int64   // -1 unknown
	MaxMessage     int64   // -1 unknown
	Seconds        float64 // estimated duration; 0 unknown
	Days           float64 // when a daily budget rules; 0 none
	Warnings       []Trouble
}

// Sink takes progress snapshots; it must not block. It may be nil.
type Sink func(Progress)
