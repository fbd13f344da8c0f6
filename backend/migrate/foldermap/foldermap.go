// Package foldermap decides which destination folder every source folder goes to:
// special folders by role, all others by name, with each rename told. It is pure: the
// same folders, rules and traits give the same plan, in whatever order they come.
//
// It leaves out all I/O (package migrate creates the folders) and every sentence for
// people: reasons and changes are codes with facts.
package foldermap

import (
	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// Action says what happens to a source folder.
type Action string

// The actions. Ask carries a target too: whoever cannot ask copies to it, so that
// nothing is dropped for want of an answer.
const (
	Copy       Action = "copy"
	ParentOnly Action = "parent-only" // cannot hold messages, only folders below it
	Skip       Action = "skip"        // left out by a rule, named by the reason
	Ask        Action = "ask"
)

// Reason says why a folder is skipped, asked about, or special.
type Reason string

// The reasons; [preset.SkipReasons] belong to them (calendar, virus …).
const (
	ReasonNone        Reason = ""
	ReasonNoSelect    Reason = "no-select"          // holds no messages
	ReasonNotIncluded Reason = "not-included"       // no include pattern names it
	ReasonExcluded    Reason = "excluded"           // an exclude pattern names it
	ReasonByRequest   Reason = "by-request"         // left out or directed by the user
	ReasonSkipRole    Reason = "role-excluded"      // the user left out this kind of special folder
	ReasonAllMail     Reason = "all-mail"           // repeats what other folders hold
	ReasonLabelless   Reason = "labelless-only"     // only messages that no other folder holds
	ReasonView        Reason = "view"               // a search shown as a folder: starred, important
	ReasonLabelCopy   Reason = "label-copy"         // Proton's Labels: repeats messages
	ReasonShared      Reason = "shared"             // belongs to somebody else
	ReasonTwice       Reason = "listed-twice"       // the same folder under a second spelling
	ReasonWhichRole   Reason = "ambiguous-name"     // the name could be a special folder
	ReasonKindUnsure  Reason = "maybe-not-for-mail" // the name could belong to a calendar and the like
)

// ChangeCode says in what way a target differs from its source.
type ChangeCode string

// The closed set of changes.
const (
	ChangedSpecial   ChangeCode = "special"    // into the destination's own special folder; To is its path
	ChangedMerged    ChangeCode = "merged"     // shares its target with another source folder of the same role
	ChangedChars     ChangeCode = "characters" // characters that the destination cannot hold were replaced
	ChangedSpaces    ChangeCode = "spaces"     // spaces that the destination refuses were taken out
	ChangedEmpty     ChangeCode = "empty"      // a level without a name got one
	ChangedReserved  ChangeCode = "reserved"   // the destination keeps this name for itself
	ChangedShortened ChangeCode = "shortened"  // too long for the destination
	ChangedNumbered  ChangeCode = "numbered"   // another folder has that name already
	ChangedCase      ChangeCode = "case"       // written as the destination writes it
	ChangedPrefix    ChangeCode = "prefix"     // a prefix or parent that only the source has was cut
	ChangedUserRoot  ChangeCode = "user-root"  // put below the parent where the destination wants users' folders
	ChangedFlattened ChangeCode = "flattened"  // the destination has no sub-folders there
	ChangedByRequest ChangeCode = "by-request" // the user chose the target
	ChangedKept      ChangeCode = "kept"       // the target of an earlier plan
)

// Change is one difference between source and target, from the outermost level inwards.
type Change struct {
	Code ChangeCode
	From string
	To   string
}

// Entry is what happens to one source folder.
type Entry struct {
	Source   mailbox.Folder
	Role     core.Role // of the source folder; "" none
	ByName   bool      // the role was guessed by name, not told by the server
	Into     core.Role // the destination's special folder that receives it; "" an ordinary folder
	Action   Action
	Target   []string // decoded levels; nil with Skip, and with a parent that needs no counterpart
	TargetID string   // the destination's raw name if the folder exists and is selectable; else ""
	Reason   Reason
	Rule     string // the pattern that decided, if one did
	Changes  []Change
	// LabellessOnly: take only messages that [Plan.Elsewhere] does not find in another
	// folder (Gmail's All Mail).
	LabellessOnly bool
}

// Plan holds one entry per source folder, INBOX first, then by path.
type Plan struct {
	Entries []Entry
}

// AllMail says what to do with a folder that repeats all others.
type AllMail string

// The ways; the zero value takes Gmail's messages without a label and leaves out
// everything else.
const (
	AllMailLabelless AllMail = ""
	AllMailSkip      AllMail = "skip"
	AllMailCopy      AllMail = "copy"
)

// Rules are the user's wishes. The zero value takes everything.
type Rules struct {
	// Include and Exclude are patterns over the decoded path, levels joined with "/",
	// case ignored: * within a level, ** across levels, ? one character; "a/**" means
	// a itself too. Empty Include: all. Exclude wins.
	Include []string
	Exclude []string
	// Targets directs single folders by source ID; no levels: leave it out.
	Targets map[string][]string
	// Earlier holds the targets of an earlier plan by source ID. They are kept, so that
	// a folder that appears later cannot change the numbers of those moved before.
	Earlier   map[string][]string
	SkipRoles []core.Role
	AllMail   AllMail
	Shared    bool // take folders outside the personal namespace too
	Flat      bool // make no sub-folders: the destination refused them
}
