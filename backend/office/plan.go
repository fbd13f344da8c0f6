package office

import (
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// Danger is how a change must be confirmed.
type Danger string

// The dangers, the smallest first.
const (
	DangerNone    Danger = "none"    // one click
	DangerConfirm Danger = "confirm" // a question
	DangerTyped   Danger = "typed"   // [Plan.Typed] must be typed
)

func (d Danger) rank() int {
	switch d {
	case DangerConfirm:
		return 1
	case DangerTyped:
		return 2
	}
	return 0
}

// Plan is what a set of changes would do, kept until it is applied, replaced or old.
type Plan struct {
	ID     string
	Office string
	Made   time.Time
	Steps  []Step
	// Danger is that of the most dangerous step that can be done.
	Danger Danger
	// Typed is what the person must type: the address or name of the one target, or how
	// many targets there are; "" nothing.
	Typed string
	// Ready and Refused count the steps; refused ones are left out when it is applied.
	Ready, Refused int
	// Undoes is the run that the plan takes back; "" none.
	Undoes string
}

// Step is one change of a plan.
type Step struct {
	Number int // from 1, in the order of sending
	Kind   Kind
	Target string // ID; "" where something is created
	Label  string // address or name
	Row    int
	Diffs  []Diff
	Danger Danger
	// Undoable says whether the step can be taken back, KeepsBack why not.
	Undoable  bool
	KeepsBack KeepsBack
	// Stays are values that stay as they are after it is taken back: what was before is
	// not told, or cannot be set.
	Stays []provider.Attr `json:",omitempty"`
	// Lists are addresses of lists that somebody who is to be deleted is on. ListsStay
	// says that nothing proves that the provider takes them off.
	Lists     []string `json:",omitempty"`
	ListsStay bool     `json:",omitempty"`
	Refusal   *Refusal // nil: it can be done
}

// KeepsBack is why something cannot be taken back.
type KeepsBack string

// The reasons; "" it can.
const (
	BackNotAtProvider KeepsBack = "not_at_provider" // the provider has no way back
	BackNotKnown      KeepsBack = "not_known"       // what was before is not told by the provider
	BackSecret        KeepsBack = "secret"          // the password of before is not known
	BackMailGone      KeepsBack = "mail_gone"       // it could be made anew, without its mail
	BackFirm          KeepsBack = "firm"            // it was empty, and nothing proven empties it again
)

// Diff is one value before and after; departments are written by their names.
type Diff = directory.Diff

// AttrHeir is who gets what a deleted person leaves, by address; the part is how.
const AttrHeir provider.Attr = "heir"

// Refusal is why a step cannot be done.
type Refusal struct {
	Code core.Code // unsupported, invalid, conflict, not_found, or what reading the target ended in
	Attr provider.Attr
	// For unsupported: why, the configuration field that would open it, and the
	// provider's own page for it.
	Why     provider.Reason
	Key     string
	Console string
	// Args are facts: "reason", "address", "vendorCode", "vendorText" …
	Args map[string]string
	// Clash holds both versions where the target is not as the person saw it: Before is
	// what was seen, After what the provider has.
	Clash []Diff
}

// State is the state of a run.
type State string

// The states.
const (
	Running  State = "running"
	Stopping State = "stopping"
	Stopped  State = "stopped"     // asked to stop; can go on
	Cut      State = "interrupted" // the program ended in the middle, or nothing answers; can go on
	Done     State = "done"        // every step was done
	Partly   State = "partly"      // ended; some steps were not done
)

// Over is true for a run that has nothing left to try by itself.
func (s State) Over() bool { return s == Done || s == Partly }

// Outcome is what became of one step.
type Outcome string

// The outcomes.
const (
	Waiting Outcome = "waiting"
	Sent    Outcome = "sent" // sent, the answer is not known yet
	Made    Outcome = "done"
	There   Outcome = "there"   // it was so already: an earlier try had arrived
	Failed  Outcome = "failed"  // refused by the provider; nothing was changed
	Refused Outcome = "refused" // not sent, see the step's refusal
	Unsure  Outcome = "unsure"  // sent, and whether it arrived could not be found out
)

// Run is a plan that is or was carried out.
type Run struct {
	ID      string
	Office  string
	Title   string // of the office, as it was
	Started time.Time
	Ended   time.Time // zero: not yet
	State   State
	Total   int
	Done    int // done or there already
	Failed  int // failed, refused or unsure
	Undoes  string
	Undone  string // the run that took this one back; "" none
	// CanUndo counts the steps that can be taken back.
	CanUndo int
	// Kinds counts the steps by kind.
	Kinds map[Kind]int
	// Trouble is why the run stands still; nil otherwise.
	Trouble error
}

// Result is one step of a run and what became of it.
type Result struct {
	Step
	Outcome Outcome
	NewID   string // of what was created
	Trouble error  // core.Error; with vendorCode and vendorText where the vendor spoke
	At      time.Time
}
