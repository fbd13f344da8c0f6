package api

// MoveDraftInput is what the person chose: the mailboxes and how to move them.
type MoveDraftInput struct {
	Name      string         `json:"name"` // "" : named by the page from its mailboxes
	Mailboxes []MailboxInput `json:"mailboxes"`
	Options   MoveOptions    `json:"options"`
}

// MailboxInput is one mailbox to move.
type MailboxInput struct {
	Label string   `json:"label"` // a person's name or address, for display
	From  Endpoint `json:"from"`
	To    Endpoint `json:"to"`
	Self  bool     `json:"self,omitempty"` // the person moves it, by an invitation: no passwords are needed
}

// MoveOptions steer a move. The zero value of a number means "choose for me".
type MoveOptions struct {
	Verify         VerifyLevel  `json:"verify"`
	Parallel       int          `json:"parallel"`       // mailboxes at once
	Connections    int          `json:"connections"`    // for each mailbox
	BytesPerSecond int64        `json:"bytesPerSecond"` // negative: no limit
	BytesPerDay    int64        `json:"bytesPerDay"`    // for each mailbox; negative: no limit
	ExcludeDeleted bool         `json:"excludeDeleted"` // leave out messages marked as deleted
	Since          string       `json:"since"`          // first day of the mail that is wanted, 2024-01-31; "" none
	Before         string       `json:"before"`         // first day of the mail that is not wanted any more; "" none
	Exclude        []string     `json:"exclude"`        // globs over folder paths to leave out
	Schedule       MoveSchedule `json:"schedule"`
	Repeat         MoveRepeat   `json:"repeat"`
	Include        []string     `json:"include"`     // globs over folder paths to take; empty: all
	FolderRules    []FolderRule `json:"folderRules"` // choices for everybody
}

// Move is one move: what a list shows of it, and its figures.
type Move struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Practice  bool          `json:"practice"` // both sides are the practice office
	State     MoveState     `json:"state"`
	Planned   bool          `json:"planned"` // a dry run has ended: figures and folders are known
	Created   int64         `json:"created"`
	Started   int64         `json:"started"`
	Ended     int64         `json:"ended"`
	Problem   *Problem      `json:"problem,omitempty"` // what ended it
	Stored    int64         `json:"stored"`            // messages stored at the destination over all runs: what Moves.Undo takes back
	Progress  MoveProgress  `json:"progress"`
	Finish    MoveForecast  `json:"finish"`
	Next      int64         `json:"next"`            // when it goes on by itself, or is repeated; 0: not
	Hold      EventKind     `json:"hold"`            // with state scheduled: hours or budget
	Runs      int           `json:"runs"`            // begun so far
	Whole     int64         `json:"whole"`           // when a run last ended with everybody's mail there; 0: never
	Undid     *MoveUndid    `json:"undid,omitempty"` // if the last act was an undo
	Options   MoveOptions   `json:"options"`
	Mailboxes []MailboxMove `json:"mailboxes"`
	Can       MoveCan       `json:"can"`
}

// MoveUndid is what an undo has come to, in messages.
type MoveUndid struct {
	Deleted int64 `json:"deleted"` // by the undo; not what was gone before
	Kept    int64 `json:"kept"`    // as a person has worked with them since
}

// MoveCan says which acts make sense now, so that the page decides nothing.
type MoveCan struct {
	Edit        bool `json:"edit"`   // mailboxes, options, folders
	Plan        bool `json:"plan"`   // dry run
	Start       bool `json:"start"`  // also a second, later run that only brings what is new
	Pause       bool `json:"pause"`  //
	GoOn        bool `json:"goOn"`   // after a pause, an interruption or a failure
	Cancel      bool `json:"cancel"` // running work, or a dry run
	Retry       bool `json:"retry"`  // what was left behind
	Verify      bool `json:"verify"` //
	Undo        bool `json:"undo"`   // something was stored at the destination
	Remove      bool `json:"remove"` //
	Certificate bool `json:"certificate"`
}

// MailboxMove is one mailbox of a move.
type MailboxMove struct {
	ID          string          `json:"id"`
	Label       string          `json:"label"`
	From        Endpoint        `json:"from"`
	To          Endpoint        `json:"to"`
	State       MailboxState    `json:"state"`
	Held        bool            `json:"held"`               // paused by a person, alone
	Out         bool            `json:"out"`                // taken out of the move
	Problem     *Problem        `json:"problem,omitempty"`  // what ended it
	Estimate    *MoveEstimate   `json:"estimate,omitempty"` // of the dry run
	Progress    MailboxProgress `json:"progress"`
	Verified    VerifyLevel     `json:"verified"` // the level that agreed, "none": none
	Differences int             `json:"differences"`
	Notes       []string        `json:"notes"`          // odd things the servers did: codes with facts
	Troubles    []Trouble       `json:"troubles"`       // what went wrong on the way
	Self        bool            `json:"self,omitempty"` // its person moves it, by an invitation
}

// Trouble is something that went wrong in a mailbox, in a folder if one is named.
type Trouble struct {
	Folder  string  `json:"folder"`
	Problem Problem `json:"problem"`
}

// MoveEstimate is what a dry run found out.
type MoveEstimate struct {
	Folders     int       `json:"folders"`
	Messages    int64     `json:"messages"`
	Bytes       int64     `json:"bytes"`
	ToCopy      int64     `json:"toCopy"` // not at the destination yet, as far as known without copying
	ToCopyBytes int64     `json:"toCopyBytes"`
	Already     int64     `json:"already"`   // at the destination, as far as known without copying
	WillLeave   int64     `json:"willLeave"` // messages that the destination will not take
	RoomNeeded  int64     `json:"roomNeeded"`
	RoomFree    int64     `json:"roomFree"`   // -1 unknown
	MaxMessage  int64     `json:"maxMessage"` // largest message the destination takes; -1 unknown
	Seconds     int64     `json:"seconds"`    // duration; 0 unknown
	Days        int64     `json:"days"`       // when a daily budget rules; 0 none
	Warnings    []Trouble `json:"warnings"`
}

// Counts sum up messages: Messages = Copied + AlreadyThere + Excluded + LeftBehind
// + what is still pending.
type Counts struct {
	Messages     int64 `json:"messages"`
	Copied       int64 `json:"copied"`
	AlreadyThere int64 `json:"alreadyThere"`
	Excluded     int64 `json:"excluded"`
	LeftBehind   int64 `json:"leftBehind"`
	Pending      int64 `json:"pending"`
}

// MoveProgress is a snapshot of a whole move; a newer Seq replaces an older one.
type MoveProgress struct {
	Seq        int64             `json:"seq"` // grows over all events of this program's run
	MoveID     string            `json:"moveId"`
	State      MoveState         `json:"state"`
	Counts     Counts            `json:"counts"`
	BytesDone  int64             `json:"bytesDone"`
	BytesTotal int64             `json:"bytesTotal"` // 0 until listing has ended
	PerSecond  int64             `json:"perSecond"`  // messages a second, lately
	BytesRate  int64             `json:"bytesRate"`  // bytes a second, lately
	EtaMs      int64             `json:"etaMs"`      // time left; -1 unknown
	Away       EventKind         `json:"away"`       // offline, server_away: who cannot be reached now; "" nobody
	AwayHost   string            `json:"awayHost"`
	Mailboxes  []MailboxProgress `json:"mailboxes"` // in events: those that changed; in Moves.Get: all
}

// MailboxProgress is a snapshot of one mailbox's work.
type MailboxProgress struct {
	MailboxID  string       `json:"mailboxId"`
	State      MailboxState `json:"state"`
	Phase      Phase        `json:"phase"`
	Folder     string       `json:"folder"` // path now at work; "" none
	Counts     Counts       `json:"counts"`
	BytesDone  int64        `json:"bytesDone"`
	BytesTotal int64        `json:"bytesTotal"`
	FlagsSet   int64        `json:"flagsSet"`
	Verified   int64        `json:"verified"`  // messages compared
	WaitUntil  int64        `json:"waitUntil"` // with phase waiting
	WaitClass  string       `json:"waitClass"` // why it waits
	PerSecond  int64        `json:"perSecond"` // messages a second, lately
	BytesRate  int64        `json:"bytesRate"`
	EtaMs      int64        `json:"etaMs"`             // time left; -1 unknown
	Problem    *Problem     `json:"problem,omitempty"` // what went wrong last
}

// MoveFolder is one source folder: what will happen to it, and what did.
type MoveFolder struct {
	SourceID  string       `json:"sourceId"` // identity: hand it back as it is
	Source    string       `json:"source"`   // path with "/"
	Target    string       `json:"target"`   // path with "/"; "" left out
	Role      FolderRole   `json:"role"`
	Action    FolderAction `json:"action"`
	Reason    string       `json:"reason"`   // why left out: a rule's code
	Changes   []string     `json:"changes"`  // renames and mergers: codes with facts
	Chosen    bool         `json:"chosen"`   // the person changed it
	Own       bool         `json:"own"`      // for this mailbox alone, not for everybody
	Counts    Counts       `json:"counts"`   // once it was worked on; before: Messages only
	Bytes     int64        `json:"bytes"`    // copied
	Verified  VerifyLevel  `json:"verified"` // the level that agreed
	ErrorCode ErrorCode    `json:"errorCode"`
}

// FolderChoice is the person's change to the folder map.
type FolderChoice struct {
	SourceID string `json:"sourceId"`
	Skip     bool   `json:"skip"`
	Target   string `json:"target"` // path with "/"; "" : as proposed
}

// LeftPage is a page of the messages that were left behind.
type LeftPage struct {
	Total int64         `json:"total"`
	Rows  []LeftMessage `json:"rows"`
}

// LeftMessage is one message that did not arrive, and why.
type LeftMessage struct {
	MailboxID string `json:"mailboxId"`
	Mailbox   string `json:"mailbox"` // its label
	Folder    string `json:"folder"`
	UID       int64  `json:"uid"`
	Date      int64  `json:"date"`
	From      string `json:"from"`
	Subject   string `json:"subject"`
	Size      int64  `json:"size"`
	Class     string `json:"class"`  // reason: class of the error dictionary, or an error code
	Server    string `json:"server"` // the server's own words
}

// Difference is one thing that a verification found.
type Difference struct {
	MailboxID string `json:"mailboxId"`
	Folder    string `json:"folder"`
	UID       int64  `json:"uid"`  // 0: the whole folder
	Kind      string `json:"kind"` // missing, size, header, bytes, count, line_ends
	Detail    string `json:"detail"`
}
