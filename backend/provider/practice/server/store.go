// Package server holds the two mail servers of the practice office: mailboxes in
// memory behind go-imap's imapserver, on loopback with TLS, with faults on request.
// What changes is journalled, if asked, so that an office survives a restart.
//
// It leaves out what is in the mail (package content) and any claim to be a server
// for real use.
package server

import (
	"crypto/sha256"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// Sum identifies a message's bytes.
type Sum = [sha256.Size]byte

// Body is where a message's bytes come from.
type Body interface {
	Size() int64
	WriteTo(w io.Writer) (int64, error)
	Header() []byte // up to and with the empty line
}

// mailbox is one person's account.
type account struct {
	address, password string

	mu       sync.Mutex
	folders  map[string]*folder
	validity uint32 // of the folder made last
	used     int64  // bytes
}

// folder is one folder; its messages ascend by UID.
type folder struct {
	mu         sync.Mutex
	name       string
	attr       imap.MailboxAttr
	parent     bool // \Noselect
	subscribed bool
	validity   uint32
	next       imap.UID
	messages   []*message
	tracker    *imapserver.MailboxTracker
}

// message never changes but for its flags, which are replaced as a whole.
type message struct {
	uid   imap.UID
	date  time.Time
	sum   Sum
	body  Body
	flags []imap.Flag // guarded by folder.mu; the slice itself is never written to
}

func newFolder(name string, validity uint32) *folder {
	return &folder{name: name, validity: validity, next: 1, tracker: imapserver.NewMailboxTracker(0)}
}

func (a *account) folder(name string) *folder {
	if strings.EqualFold(name, "INBOX") {
		name = "INBOX"
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.folders[name]
}

// make adds a folder; nil if there is one of that name.
func (a *account) make(name string) *folder {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.folders[name] != nil {
		return nil
	}
	a.validity++
	f := newFolder(name, a.validity)
	a.folders[name] = f
	return f
}

// sorted returns the folders by name, INBOX first.
func (a *account) sorted() []*folder {
	a.mu.Lock()
	all := make([]*folder, 0, len(a.folders))
	for _, f := range a.folders {
		all = append(all, f)
	}
	a.mu.Unlock()
	slices.SortFunc(all, func(x, y *folder) int {
		switch {
		case x.name == "INBOX":
			return -1
		case y.name == "INBOX":
			return 1
		}
		return strings.Compare(x.name, y.name)
	})
	return all
}

// add stores a message and returns its UID.
func (f *folder) add(body Body, sum Sum, date time.Time, flags []imap.Flag) imap.UID {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := &message{uid: f.next, date: date, sum: sum, body: body, flags: clean(flags)}
	f.next++
	f.messages = append(f.messages, m)
	f.tracker.QueueNumMessages(uint32(len(f.messages)))
	return m.uid
}

// clean gives system flags their usual spelling, drops \Recent and doubles, and sorts.
func clean(flags []imap.Flag) []imap.Flag {
	set := make([]imap.Flag, 0, len(flags))
	for _, flag := range flags {
		for _, known := range systemFlags {
			if strings.EqualFold(string(flag), string(known)) {
				flag = known
			}
		}
		if !strings.EqualFold(string(flag), `\Recent`) {
			set = append(set, flag)
		}
	}
	slices.Sort(set)
	return slices.CompactFunc(set, func(a, b imap.Flag) bool { return strings.EqualFold(string(a), string(b)) })
}

var systemFlags = []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, imap.FlagDeleted, imap.FlagDraft}

// remove deletes the messages that doomed says, and returns their bytes' number.
func (f *folder) remove(doomed func(*message) bool) (uids []imap.UID, bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := make([]*message, 0, len(f.messages))
	for i := len(f.messages) - 1; i >= 0; i-- { // from the end: sequence numbers stay right
		m := f.messages[i]
		if !doomed(m) {
			kept = append(kept, m)
			continue
		}
		f.tracker.QueueExpunge(uint32(i) + 1)
		uids, bytes = append(uids, m.uid), bytes+m.body.Size()
	}
	slices.Reverse(kept)
	slices.Reverse(uids)
	f.messages = kept
	return uids, bytes
}

// status is what STATUS and LIST-STATUS tell.
func (f *folder) status(o *imap.StatusOptions) *imap.StatusData {
	f.mu.Lock()
	defer f.mu.Unlock()
	data := &imap.StatusData{Mailbox: f.name, UIDNext: f.next, UIDValidity: f.validity}
	count := func(want func(*message) bool) *uint32 {
		n := uint32(0)
		for _, m := range f.messages {
			if want(m) {
				n++
			}
		}
		return &n
	}
	if o.NumMessages {
		n := uint32(len(f.messages))
		data.NumMessages = &n
	}
	if o.NumUnseen {
		data.NumUnseen = count(func(m *message) bool { return !slices.Contains(m.flags, imap.FlagSeen) })
	}
	if o.NumDeleted {
		data.NumDeleted = count(func(m *message) bool { return slices.Contains(m.flags, imap.FlagDeleted) })
	}
	if o.NumRecent {
		data.NumRecent = new(uint32)
	}
	if o.Size {
		var size int64
		for _, m := range f.messages {
			size += m.body.Size()
		}
		data.Size = &size
	}
	return data
}
