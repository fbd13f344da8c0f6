// Package mailbox is the contract of one mailbox as a source or a destination of
// a move. IMAP accounts (package imap) and local archives (package archive) keep
// it; package mailboxtest holds the suite that every kind passes.
//
// It leaves out everything that decides: which folder maps to which, what to copy,
// what a refusal means. Those belong to package migrate.
package mailbox

import (
	"context"
	"io"
	"time"

	"mailroom/backend/core"
)

// UID identifies a message within (folder, UIDVALIDITY), RFC 9051 section 2.3.1.1.
type UID = uint32

// Account is one mailbox that sessions can be opened on. Implementations are safe
// for concurrent use.
type Account interface {
	// Key identifies the mailbox for the ledger: stable over runs, without secrets,
	// e.g. "imap:li.lei@old.example@imap.old.example:993" or "maildir:/srv/mail".
	Key() string
	// Open makes one session (for IMAP one signed-in connection).
	// Errors: unauthenticated, unreachable, untrusted_cert, timeout, not_found, read_only.
	Open(ctx context.Context) (Session, error)
}

// Session is one conversation with a mailbox. It is NOT safe for concurrent use,
// except that a [Batch]'s results may be awaited while others are added. A session
// that returned an error with code unreachable or timeout is dead: close it and
// open another. Every method stops soon after ctx ends and the session is then dead.
type Session interface {
	// Traits says what the other side can do; cheap, no I/O.
	Traits() Traits
	// Folders lists all folders, in the server's order, each raw name once.
	Folders(ctx context.Context) ([]Folder, error)
	// Statuses asks the state of many folders in as few round trips as the server
	// allows. A folder that cannot be asked is absent from the result.
	Statuses(ctx context.Context, ids []string) (map[string]Status, error)
	// Examine opens a folder for reading only (EXAMINE). List, Headers and Fetch then work on it.
	Examine(ctx context.Context, id string) (Status, error)
	// List yields the metadata of the messages with from <= UID <= to (to 0: no upper
	// bound), ascending as far as the server keeps to it. changedSince > 0 restricts to
	// messages changed after that modification sequence (only if Traits().Condstore).
	// A non-nil error from yield ends the listing and is returned as it is.
	List(ctx context.Context, from, to UID, changedSince uint64, yield func(Meta) error) error
	// Headers yields, per message, its RFC822.SIZE and the raw header block holding only
	// the fields Message-ID, Date, From and Subject as served, in any order of messages
	// and in as few round trips as List. Messages that are gone are not yielded.
	Headers(ctx context.Context, uids []UID, yield func(uid UID, size int64, header []byte) error) error
	// Fetch streams whole messages, pipelined, in any order. Message.Body must be
	// consumed or abandoned before yield returns. Messages that are gone, or that the
	// server skipped without a word, are not yielded: the caller compares.
	Fetch(ctx context.Context, uids []UID, yield func(Message) error) error
	// Close says goodbye (LOGOUT, bounded in time) and frees the connection.
	Close() error
}

// Writer is a session on a mailbox that can be a destination.
type Writer interface {
	Session
	// FolderID makes the raw name of a folder from decoded levels, adding prefix,
	// separator and encoding; a level that the naming rules forbid is an invalid error.
	FolderID(levels []string) (string, error)
	// Create makes folders, parents before children, in as few round trips as the
	// server allows (pipelined); one error per name, nil where the folder now exists
	// (that it existed before is no error). The second error is the connection's.
	Create(ctx context.Context, ids []string) ([]error, error)
	// Subscribe subscribes to folders, pipelined; the errors as those of Create.
	Subscribe(ctx context.Context, ids []string) ([]error, error)
	// Select opens a folder for writing and returns its state with PermanentFlags.
	Select(ctx context.Context, id string) (Status, error)
	// Batch starts sending messages to a folder. Several batches may be awaiting
	// their results, but Add and Finish are called on one batch after the other.
	Batch(ctx context.Context, folder string, n int) (Batch, error)
	// Store adds (or, with add false, removes) flags of messages in the selected folder.
	Store(ctx context.Context, uids []UID, add bool, flags []string) error
	// Remove deletes exactly these messages of the selected folder and nothing else
	// (UID EXPUNGE); unsupported where the server cannot promise that.
	Remove(ctx context.Context, uids []UID) error
	// Room asks size limits and quota of a folder; unknown values are negative.
	Room(ctx context.Context, folder string) (Room, error)
}

// Batch is a run of appended messages. With Traits().MultiAppend it is one atomic
// command; else it is a window of pipelined APPENDs.
type Batch interface {
	// Add streams one message; it blocks for back-pressure. An error means that the
	// connection is gone and the outcome of the whole batch unknown. A refusal of this
	// message is not an error: it comes with the results.
	Add(ctx context.Context, m Append) error
	// Finish sends the end of the batch. Results then come from Wait.
	Finish(ctx context.Context) error
	// Wait returns one result per added message, in the order of Add. An error means
	// that the connection broke: the outcome of every message is unknown.
	Wait(ctx context.Context) ([]Appended, error)
}

// Append is one message to be stored.
type Append struct {
	Flags []string
	Date  time.Time // INTERNALDATE with its zone; zero: let the server choose
	Size  int64     // exact number of bytes that Body gives
	Body  io.Reader
	// Binary sends literal8 (RFC 3516 section 4.4), which may hold NUL; it counts only
	// with Traits().Binary.
	Binary bool
}

// Appended is the outcome of one [Append].
type Appended struct {
	UID   UID   // 0: stored, but the server did not tell the UID (no UIDPLUS)
	Err   error // the refusal; nil: stored
	Whole bool  // the refusal was for the whole atomic batch; the culprit is unknown
}

// Folder is one folder. Raw bytes are its identity; Levels are for people.
type Folder struct {
	ID         string    // the name as it is on the wire (or on the disk)
	Levels     []string  // decoded, split at the separator, without the namespace prefix
	Role       core.Role // what the server itself says (SPECIAL-USE, XLIST); not guessed by name
	Selectable bool      // false: a mere parent (\Noselect, \NonExistent)
	Subscribed bool
	Shared     bool // outside the personal namespace
}

// Status is the state of a folder. Zero values mean that the server did not tell.
type Status struct {
	UIDValidity    uint32
	UIDNext        UID
	Messages       uint32
	HighestModSeq  uint64
	Size           int64    // total bytes, where STATUS=SIZE is offered (RFC 8438), else -1
	PermanentFlags []string // only from Select/Examine; nil: not told, all flags assumed
	ReadOnly       bool
}

// Meta is what a move must know of a message before its bytes come.
type Meta struct {
	UID    UID
	Flags  []string
	Date   time.Time // INTERNALDATE; zero if missing or absurd (e.g. day 00)
	Size   int64     // RFC822.SIZE: an estimate, never an identity
	ModSeq uint64
	// GmailID and GmailLabels are set where the server offers X-GM-EXT-1.
	GmailID     uint64
	GmailLabels []string
}

// Message is one message on its way.
type Message struct {
	UID  UID
	Size int64     // exact number of bytes in Body
	Body io.Reader // nil if Err is set
	Err  error     // this message cannot be had: NIL or empty body, short literal
}

// Room tells limits; negative: unknown.
type Room struct {
	MaxMessage    int64 // bytes, APPENDLIMIT (RFC 7889)
	QuotaTotal    int64 // bytes, QUOTA STORAGE (RFC 9208)
	QuotaUsed     int64 // bytes
	QuotaMessages int64 // how many more messages fit
}

// Traits says what a session's other side can do. Known at Open.
type Traits struct {
	Kind         string   // imap, maildir, mbox, eml
	Family       string   // server family by greeting and ID: dovecot, cyrus, courier, gmail, exchange, netease, tencent, …; "" unknown
	Separator    string   // between levels; "" if names are flat
	Prefix       string   // of the personal namespace
	Forbidden    string   // characters that a level must not contain (separator included)
	CaseFold     bool     // names differing only in case are one folder
	UserRoot     []string // levels under which user folders must live (Tencent: 其他文件夹)
	MultiAppend  bool
	NonSync      bool // LITERAL+ (RFC 7888), or a local archive: no wait before bytes
	UIDPlus      bool // APPENDUID is told and UID EXPUNGE exists
	UIDNext      bool // STATUS/SELECT tell UIDNEXT
	Condstore    bool
	Binary       bool          // literal8 accepted in APPEND
	DropsDeleted bool          // a message appended with \Deleted vanishes (Gmail)
	KeepsDate    bool          // INTERNALDATE given at append is kept
	RTT          time.Duration // measured at sign-in; 0 unknown
	Notes        []string      // odd things seen so far, for the report; codes with facts
}
