package server

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
)

// The operations of a journal.
const (
	opAdd       = "add"
	opMake      = "make"
	opDrop      = "drop"
	opSubscribe = "subscribe"
	opExpunge   = "expunge"
	opFlags     = "flags"
	opOpen      = "open"  // a mailbox of the directory
	opClose     = "close" // another mailbox has taken its mail
)

// entry is one change, one line of JSON.
type entry struct {
	Op       string           `json:"op"`
	Who      string           `json:"who"`
	Folder   string           `json:"folder"`
	Attr     imap.MailboxAttr `json:"attr,omitempty"`
	Validity uint32           `json:"validity,omitempty"`
	On       bool             `json:"on,omitempty"`
	UIDs     []imap.UID       `json:"uids,omitempty"`
	Sum      []byte           `json:"sum,omitempty"`
	Date     time.Time        `json:"date,omitzero"`
	Flags    []imap.Flag      `json:"flags,omitempty"`
}

// journal appends changes to a file. A nil journal takes everything and keeps nothing.
type journal struct {
	mu   sync.Mutex
	file *os.File
}

func (j *journal) write(e entry) {
	if j == nil {
		return
	}
	line, err := json.Marshal(e)
	if err != nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, _ = j.file.Write(append(line, '\n')) // a rehearsal goes on without its memory
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}

// openJournal replays the journal and goes on writing at its end. A last line that a
// crash cut short is dropped.
func (s *Server) openJournal(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open journal: %w", err)
	}
	good, err := s.replay(file)
	if err == nil {
		err = file.Truncate(good)
	}
	if err == nil {
		_, err = file.Seek(good, io.SeekStart)
	}
	if err != nil {
		_ = file.Close()
		return fmt.Errorf("replay journal %s: %w", path, err)
	}
	s.journal = &journal{file: file}
	return nil
}

func (s *Server) replay(r io.Reader) (good int64, err error) {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return good, err
		}
		var e entry
		if json.Unmarshal(line, &e) != nil {
			break
		}
		s.redo(e)
		good += int64(len(line))
	}
	for _, a := range s.accounts {
		for _, f := range a.sorted() { // two clients' messages may stand in any order
			slices.SortFunc(f.messages, func(x, y *message) int { return int(x.uid) - int(y.uid) })
		}
	}
	return good, nil
}

func (s *Server) redo(e entry) {
	who := strings.ToLower(e.Who)
	switch a := s.accounts[who]; {
	case a == nil && e.Op == opOpen:
		s.accounts[who] = load(Mailbox{Address: who, Validity: e.Validity, Folders: s.fresh})
	case a != nil && e.Op == opClose:
		delete(s.accounts, who)
	case a != nil:
		s.redoIn(a, e)
	}
}

func (s *Server) redoIn(a *account, e entry) {
	f := a.folder(e.Folder)
	switch {
	case e.Op == opMake && f == nil:
		f = a.make(e.Folder)
		f.attr, f.validity = e.Attr, e.Validity
		a.validity = max(a.validity, e.Validity)
	case f == nil:
	case e.Op == opAdd && len(e.Sum) == len(Sum{}) && len(e.UIDs) == 1:
		if body, err := s.pool.recall(Sum(e.Sum)); err == nil {
			f.messages = append(f.messages, &message{uid: e.UIDs[0], date: e.Date, sum: Sum(e.Sum), body: body, flags: e.Flags})
			f.tracker.QueueNumMessages(uint32(len(f.messages)))
			a.used += body.Size()
		}
		f.next = max(f.next, e.UIDs[0]+1)
	case e.Op == opDrop:
		_, bytes := f.remove(func(*message) bool { return true })
		a.used -= bytes
		delete(a.folders, e.Folder)
	case e.Op == opSubscribe:
		f.subscribed = e.On
	case e.Op == opExpunge:
		_, bytes := f.remove(func(m *message) bool { return slices.Contains(e.UIDs, m.uid) })
		a.used -= bytes
	case e.Op == opFlags:
		for _, m := range f.messages {
			if slices.Contains(e.UIDs, m.uid) {
				m.flags = e.Flags
			}
		}
	}
}
