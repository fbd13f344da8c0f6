package server

import (
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Faults make a server behave badly on request. Commands are counted over all
// connections, so that a client that comes back gets further.
type Faults struct {
	Delay         time.Duration // before every answer
	DropEvery     int           // every nth command ends its connection without an answer
	ThrottleEvery int           // every nth command is refused as Exchange Online does
	Backoff       time.Duration // what that refusal suggests
	Quota         int64         // bytes a mailbox may hold; 0 no limit
	RefuseSignIn  bool          // every password is wrong
}

// SetFaults changes the behaviour from the next command on; the zero value behaves.
func (s *Server) SetFaults(f Faults) { s.fault.Store(&f) }

func (s *Server) faults() Faults {
	if f := s.fault.Load(); f != nil {
		return *f
	}
	return Faults{}
}

// gate stands before every command.
func (s *session) gate() error {
	f := s.server.faults()
	n := s.server.commands.Add(1)
	if f.Delay > 0 {
		t := time.NewTimer(f.Delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-s.server.stopped:
		}
	}
	if f.DropEvery > 0 && n%int64(f.DropEvery) == 0 {
		_ = s.conn.NetConn().Close()
		return &imap.Error{Type: imap.StatusResponseTypeBye, Text: "Practice: connection dropped"}
	}
	if s.account != nil && f.ThrottleEvery > 0 && n%int64(f.ThrottleEvery) == 0 {
		// The wording of Exchange Online, which tells the time to wait in the text only.
		return &imap.Error{Type: imap.StatusResponseTypeBad, Text: fmt.Sprintf("Request is throttled. Suggested Backoff Time: %d milliseconds", f.Backoff.Milliseconds())}
	}
	return nil
}
