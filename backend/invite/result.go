package invite

import (
	"crypto/ed25519"
	"encoding/json"
	"time"

	"mailroom/backend/core"
)

// Result is what a person's move has come to.
type Result struct {
	Kind       string       `json:"mailroom"` // result
	Version    int          `json:"version"`
	Invitation string       `json:"invitation"` // its ID
	Move       string       `json:"move"`
	Mailbox    string       `json:"mailbox"`
	Program    string       `json:"program"` // version that moved
	State      string       `json:"state"`   // done, left_behind, failed
	Started    time.Time    `json:"started"`
	Ended      time.Time    `json:"ended"`
	Counts     Counts       `json:"counts"`
	Verified   string       `json:"verified"` // none, counts, fingerprint, bytes
	Compared   int64        `json:"compared"`
	Folders    []Folder     `json:"folders"`
	Left       []Left       `json:"left"` // at most 5,000; Counts has them all
	Differ     []Difference `json:"differ"`
	DifferAll  int          `json:"differAll"`
	Notes      []string     `json:"notes"`
	Signature  []byte       `json:"signature,omitempty"`
}

// Counts sum up messages: Messages = Copied + AlreadyThere + Excluded + LeftBehind +
// what is still pending.
type Counts struct {
	Messages     int64 `json:"messages"`
	Copied       int64 `json:"copied"`
	AlreadyThere int64 `json:"alreadyThere"`
	Excluded     int64 `json:"excluded"`
	LeftBehind   int64 `json:"leftBehind"`
	Bytes        int64 `json:"bytes"`
}

// Folder is one source folder's outcome. Key is the raw name in base64url.
type Folder struct {
	Key      string `json:"key"`
	Source   string `json:"source"`
	Target   string `json:"target"`
	Role     string `json:"role,omitempty"`
	Action   string `json:"action"`
	Reason   string `json:"reason,omitempty"`
	Verified string `json:"verified,omitempty"`
	Counts   Counts `json:"counts"`
}

// Left is one message that was left behind.
type Left struct {
	Folder  string    `json:"folder"`
	UID     uint32    `json:"uid"`
	Date    time.Time `json:"date,omitzero"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
	Size    int64     `json:"size"`
	Class   string    `json:"class"`
	Server  string    `json:"server,omitempty"`
}

// Difference is one thing that the comparison found.
type Difference struct {
	Folder string `json:"folder"`
	UID    uint32 `json:"uid"`
	Kind   string `json:"kind"`
	Detail string `json:"detail,omitempty"`
}

// Answer completes a result for an invitation and signs it with the key that came with
// it. Long lists are cut.
func (inv *Invitation) Answer(r Result) *Result {
	r.Kind, r.Version = kindResult, version
	r.Invitation, r.Move, r.Mailbox = inv.ID, inv.Move, inv.Mailbox
	r.Started, r.Ended = r.Started.UTC().Truncate(time.Millisecond), r.Ended.UTC().Truncate(time.Millisecond)
	r.Folders, r.Left, r.Differ = cut(r.Folders, maxFolders), cut(r.Left, maxLeft), cut(r.Differ, maxDiffer)
	r.Notes = cut(r.Notes, maxDiffer)
	r.Signature = ed25519.Sign(ed25519.NewKeyFromSeed(inv.Reply), r.signed())
	return &r
}

func cut[T any](list []T, most int) []T {
	if list == nil {
		return []T{}
	}
	return list[:min(len(list), most)]
}

func (r *Result) signed() []byte {
	plain := *r
	plain.Signature = nil
	raw, err := json.Marshal(&plain)
	if err != nil {
		return nil // texts, numbers and times: it cannot be
	}
	return append([]byte("mailroom result\n"), raw...)
}

// Encode writes the result as a readable file.
func (r *Result) Encode() ([]byte, error) { return encode(r) }

// ReadResult reads a result from a file or pasted text without trusting it: see
// [Result.Check]. Errors as those of [Read].
func ReadResult(raw []byte) (*Result, error) {
	r := &Result{}
	if err := decode(raw, kindResult, r); err != nil {
		return nil, err
	}
	if r.Invitation == "" || tooLong(r.Invitation) {
		return nil, unreadable(nil)
	}
	return r, nil
}

// Made is what an office remembers of an invitation it made.
type Made struct {
	ID, Move, Mailbox string
	ReplyKey          []byte
}

// Check says whether a result answers this invitation and is as it was written. Errors
// have a class: result-changed (the signature does not fit), result-other (it is about
// another move or mailbox), result-nonsense (its figures do not sum up).
func (r *Result) Check(m Made) error {
	switch {
	case len(m.ReplyKey) != ed25519.PublicKeySize || !ed25519.Verify(m.ReplyKey, r.signed(), r.Signature):
		return core.E(core.Invalid, "check result", nil, "class", "result-changed")
	case r.Invitation != m.ID || r.Move != m.Move || r.Mailbox != m.Mailbox:
		return core.E(core.Invalid, "check result", nil, "class", "result-other")
	case !r.sound():
		return core.E(core.Invalid, "check result", nil, "class", "result-nonsense")
	}
	return nil
}

// sound says whether the figures can be: none below nothing, and parts not more than
// the whole.
func (r *Result) sound() bool {
	switch r.State {
	case "done", "left_behind", "failed":
	default:
		return false
	}
	switch r.Verified {
	case "", "none", "counts", "fingerprint", "bytes":
	default:
		return false
	}
	if !r.Counts.sound() || r.Compared < 0 || r.DifferAll < 0 || r.Started.IsZero() || r.Ended.Before(r.Started) ||
		len(r.Folders) > maxFolders || len(r.Left) > maxLeft || len(r.Differ) > maxDiffer || len(r.Notes) > maxDiffer {
		return false
	}
	for i := range r.Folders {
		if !r.Folders[i].Counts.sound() {
			return false
		}
	}
	return true
}

func (c Counts) sound() bool {
	parts := []int64{c.Copied, c.AlreadyThere, c.Excluded, c.LeftBehind}
	left := c.Messages
	for _, n := range parts {
		if n < 0 || n > left {
			return false
		}
		left -= n
	}
	return c.Messages >= 0 && c.Bytes >= 0
}
