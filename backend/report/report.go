// Package report writes what a move has come to as a certificate for people (HTML,
// PDF) and for spreadsheets (CSV, XLSX), in one language or two, with a check number
// by which two papers can be compared.
//
// It leaves out its own sentences: they come from the page's language files, see
// [LoadWords]. It draws no conclusions: what it is told it writes down.
package report

import (
	"time"

	"mailroom/backend/core"
)

// Certificate says what became of every message of a move.
type Certificate struct {
	Version   string // of the program
	Practice  bool
	State     string // how the move ended: done, left_behind, failed, canceled, paused, interrupted, undone
	Issued    time.Time
	Started   time.Time
	Ended     time.Time
	Mailboxes []Mailbox
}

// Counts sum up messages. Messages = Copied + AlreadyThere + Excluded + LeftBehind + Pending.
type Counts struct {
	Messages, Copied, AlreadyThere, Excluded, LeftBehind, Pending int64
	Bytes                                                         int64 // copied
}

func (c *Counts) add(o Counts) {
	c.Messages += o.Messages
	c.Copied += o.Copied
	c.AlreadyThere += o.AlreadyThere
	c.Excluded += o.Excluded
	c.LeftBehind += o.LeftBehind
	c.Pending += o.Pending
	c.Bytes += o.Bytes
}

// Mailbox is one mailbox of the move.
type Mailbox struct {
	Label, From, To string
	State           string
	Counts          Counts
	Verified        string    // none, counts, fingerprint, bytes
	Compared        int64     // messages that were compared at that level
	ComparedAt      time.Time // when the comparison ended; zero: not compared
	Folders         []Folder
	Left            []Left
	Differences     []Difference
	Notes           []string
}

// Folder is one source folder.
type Folder struct {
	Source, Target string
	Role           core.Role
	Reason         string // why left out; a rule's code
	Counts         Counts
	Verified       string
}

// Left is one message that did not arrive.
type Left struct {
	Folder, From, Subject string
	UID                   uint32
	Date                  time.Time
	Size                  int64
	Class                 string // class of the dictionary of refusals, or an error code
	Server                string
	File                  string // where the message itself was saved, beside the paper, with "/"; "" it was not
}

// Difference is one thing that a comparison found.
type Difference struct {
	Folder string
	UID    uint32
	Kind   string // missing, size, header, bytes, count, line_ends
	Detail string
}

// Only is the certificate of one mailbox, by its place in the list.
func (c *Certificate) Only(i int) *Certificate {
	one := *c
	one.Mailboxes = c.Mailboxes[i : i+1]
	one.State = c.Mailboxes[i].State
	return &one
}

// Sum adds up the mailboxes.
func (c *Certificate) Sum() Counts {
	var all Counts
	for i := range c.Mailboxes {
		all.add(c.Mailboxes[i].Counts)
	}
	return all
}
