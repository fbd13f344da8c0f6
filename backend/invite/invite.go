// Package invite lets a person move their own mailbox: the office makes an invitation,
// a small readable file that says from where to where and how, and holds no password;
// the person's program carries it out and makes a result file that the office takes in.
//
// Both are JSON, versioned, and signed with Ed25519: the invitation with the office's
// key, the result with a key made for that one invitation. The package leaves out the
// moving itself, where keys and files are kept, and every sentence for people.
package invite

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"time"

	"mailroom/backend/core"
)

// version is the newest format that this program writes and reads.
const version = 1

// Limits of what is read.
const (
	maxFile    = 4 << 20 // bytes
	maxFolders = 20_000
	maxLeft    = 5000
	maxDiffer  = 1000
	maxText    = 1000 // characters of one field
)

// What a file is.
const (
	kindInvitation = "invitation"
	kindResult     = "result"
)

// Invitation is what a person needs to move their own mailbox, but the passwords.
type Invitation struct {
	Kind      string    `json:"mailroom"` // invitation
	Version   int       `json:"version"`
	ID        string    `json:"id"`
	Office    Office    `json:"office"`
	Move      string    `json:"move"` // identities within the office's program
	Mailbox   string    `json:"mailbox"`
	Person    string    `json:"person"` // name, for display
	From      Server    `json:"from"`
	To        Server    `json:"to"`
	Folders   []Choice  `json:"folders"`
	Options   Options   `json:"options"`
	Made      time.Time `json:"made"`
	Expires   time.Time `json:"expires"`
	Reply     []byte    `json:"reply"` // seed of the key that signs the result; it opens nothing
	Signature []byte    `json:"signature,omitempty"`
}

// Office is who invites.
type Office struct {
	Name string `json:"name"`
	Key  []byte `json:"key"` // Ed25519, public
}

// Server is one side of the move.
type Server struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`     // 0: the usual one
	Security string `json:"security"` // tls, starttls, plain (this computer only)
	Auth     string `json:"auth,omitempty"`
	User     string `json:"user"`
	Pin      string `json:"pin,omitempty"` // SHA-256 of the one accepted certificate
	CA       string `json:"ca,omitempty"`  // certificates to trust as well, PEM
}

// Choice is a change to the map of folders, by the raw name in base64url.
type Choice struct {
	Folder string `json:"folder"`
	Skip   bool   `json:"skip,omitempty"`
	Target string `json:"target,omitempty"`
}

// Options steer the move; see migrate.Options.
type Options struct {
	Verify         string   `json:"verify"` // none, counts, fingerprint, bytes
	Connections    int      `json:"connections,omitempty"`
	BytesPerSecond int64    `json:"bytesPerSecond,omitempty"`
	BytesPerDay    int64    `json:"bytesPerDay,omitempty"`
	ExcludeDeleted bool     `json:"excludeDeleted,omitempty"`
	Since          string   `json:"since,omitempty"`  // days as in migrate.ParseDay
	Before         string   `json:"before,omitempty"` //
	Exclude        []string `json:"exclude,omitempty"`
}

// Make completes an invitation (identity, reply key, times) and signs it with the
// office's key. It is good for so long.
func Make(inv Invitation, key OfficeKey, good time.Duration) (*Invitation, error) {
	inv.Kind, inv.Version = kindInvitation, version
	inv.ID = rand.Text()
	inv.Office.Key = key.Public()
	inv.Made = time.Now().UTC().Truncate(time.Second)
	inv.Expires = inv.Made.Add(good)
	inv.Reply = make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(inv.Reply) // never fails since Go 1.24
	if inv.Folders == nil {
		inv.Folders = []Choice{}
	}
	if field := inv.wrong(); field != "" {
		return nil, core.E(core.Invalid, "make invitation", nil, "field", field, "reason", "malformed")
	}
	inv.Signature = ed25519.Sign(key.private, inv.signed())
	return &inv, nil
}

// signed is what the signature is over: the invitation without it, as this program
// writes it, so that blanks and the order of fields do not matter.
func (inv *Invitation) signed() []byte {
	plain := *inv
	plain.Signature = nil
	raw, err := json.Marshal(&plain)
	if err != nil {
		return nil // texts, numbers and times: it cannot be
	}
	return append([]byte("mailroom invitation\n"), raw...)
}

// Encode writes the invitation as a readable file.
func (inv *Invitation) Encode() ([]byte, error) { return encode(inv) }

// ReplyKey is the public half of the key that signs the result: what the office keeps
// to know it by.
func (inv *Invitation) ReplyKey() []byte {
	return ed25519.NewKeyFromSeed(inv.Reply).Public().(ed25519.PublicKey)
}

// Read reads an invitation from a file or from pasted text. Errors have a class:
// invite-unreadable (no invitation, or truncated), invite-newer (made by a newer
// program; code newer_data), invite-changed (the signature does not fit), invite-result
// (it is a result file). Whether it has expired is for [Invitation.Expired].
func Read(raw []byte) (*Invitation, error) {
	inv := &Invitation{}
	if err := decode(raw, kindInvitation, inv); err != nil {
		return nil, err
	}
	switch {
	case len(inv.Office.Key) != ed25519.PublicKeySize, len(inv.Reply) != ed25519.SeedSize:
		return nil, unreadable(nil)
	case !ed25519.Verify(inv.Office.Key, inv.signed(), inv.Signature):
		return nil, core.E(core.Invalid, "read invitation", nil, "class", "invite-changed")
	}
	if field := inv.wrong(); field != "" {
		return nil, core.E(core.Invalid, "read invitation", nil, "class", "invite-unreadable", "field", field)
	}
	return inv, nil
}

// Expired is an error of class invite-expired after the day; nil before.
func (inv *Invitation) Expired(now time.Time) error {
	if now.Before(inv.Expires) {
		return nil
	}
	return core.E(core.Invalid, "open invitation", nil, "class", "invite-expired", "until", inv.Expires.Format("2006-01-02"))
}

// wrong names the field that makes no sense; "" if all does.
func (inv *Invitation) wrong() string {
	switch {
	case inv.ID == "" || tooLong(inv.ID):
		return "id"
	case tooLong(inv.Office.Name):
		return "office"
	case inv.Move == "" || inv.Mailbox == "" || tooLong(inv.Move) || tooLong(inv.Mailbox):
		return "move"
	case tooLong(inv.Person):
		return "person"
	case inv.Made.IsZero() || !inv.Expires.After(inv.Made):
		return "expires"
	case len(inv.Folders) > maxFolders:
		return "folders"
	case len(inv.Options.Exclude) > maxFolders || !isDay(inv.Options.Since) || !isDay(inv.Options.Before):
		return "options"
	}
	for _, side := range []struct {
		name   string
		server *Server
	}{{"from", &inv.From}, {"to", &inv.To}} {
		if !side.server.sensible() {
			return side.name
		}
	}
	for _, c := range inv.Folders {
		if c.Folder == "" || tooLong(c.Folder) || tooLong(c.Target) {
			return "folders"
		}
	}
	switch inv.Options.Verify {
	case "", "none", "counts", "fingerprint", "bytes":
		return ""
	}
	return "options"
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return text == "" || err == nil
}

func (s *Server) sensible() bool {
	switch {
	case s.Host == "" || s.User == "" || tooLong(s.Host) || tooLong(s.User) || tooLong(s.Auth) || tooLong(s.Pin):
		return false
	case s.Port < 0 || s.Port > 65535 || !s.authorised():
		return false
	}
	return s.Security == "tls" || s.Security == "starttls" || s.Security == "plain"
}

// authorised says whether the certificates are such, and nothing else stands with them.
func (s *Server) authorised() bool {
	if s.CA == "" {
		return true
	}
	clean, err := Authority([]byte(s.CA))
	return err == nil && clean == s.CA
}

func tooLong(text string) bool { return len([]rune(text)) > maxText }
