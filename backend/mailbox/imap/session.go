package imap

import (
	"compress/flate"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/core/dialing"
	"mailroom/backend/mailbox"
)

// session is one signed-in connection.
type session struct {
	c      *conn
	acc    *Account
	traits mailbox.Traits
	spaces namespaces
	rtt    time.Duration
	state  mailbox.Status // of the opened folder
	opened string
	noList map[string]bool // forms of LIST that were answered BAD
	window window          // of appended messages
}

var _ mailbox.Writer = (*session)(nil)

// Traits adds to what sign-in told the odd things seen since.
func (s *session) Traits() mailbox.Traits {
	t := s.traits
	t.RTT = s.rtt
	t.Notes = s.c.notes.list()
	return t
}

// distant is the round trip from which compression pays on its own.
const distant = 20 * time.Millisecond

// compress switches COMPRESS=DEFLATE on if the policy and the server agree.
func (s *session) compress() error {
	c := s.c
	switch {
	case !c.has("COMPRESS=DEFLATE"), c.cfg.Compress == CompressNever:
		return nil
	case c.cfg.Compress == CompressAuto && (dialing.IsLoopback(c.cfg.Host) || s.rtt < distant):
		return nil
	}
	st, err := c.call("compress", "COMPRESS", word("DEFLATE"))
	if err != nil || st.kind != "OK" {
		return err
	}
	c.attach(flate.NewReader(c.s.w.br))
	deflate, err := flate.NewWriter(c.sock, flate.BestSpeed)
	if err != nil {
		return core.E(core.Internal, "compress", err)
	}
	c.out.deflate = deflate
	return nil
}

// Close says LOGOUT if the connection still works, for a bounded time.
func (s *session) Close() error {
	c := s.c
	if c.failed() == nil {
		c.pulse.hurry(c.cfg.Timeouts.Logout)
		if cmd, err := c.send("LOGOUT", nil); err == nil && c.out.flush() == nil {
			select {
			case <-cmd.done:
				_ = c.sock.Close() // with TLS's own goodbye
			case <-c.ended:
			case <-time.After(c.cfg.Timeouts.Logout):
			}
		}
	}
	c.close()
	return nil
}
