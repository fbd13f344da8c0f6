package migrate

import (
	"context"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// A side opens sessions on one of the two mailboxes, mindful that refused sign-ins
// lock accounts: after two it never tries again.
type side struct {
	name    string // "source" or "destination", for errors
	account mailbox.Account
	pause   func(ctx context.Context, d time.Duration, class string) error

	mu      sync.Mutex
	opened  bool // a session could be opened before
	refused int
}

const refusalsAllowed = 2

// patience is how often an opening is tried again when the other side was reachable
// before; the waits double from half a second and sum to about two minutes.
const patience = 9

// open makes a session. Before the first success it fails at once, so that a wrong
// host or password is told without delay; later it waits for the network.
func (s *side) open(ctx context.Context) (mailbox.Session, error) {
	wait := 500 * time.Millisecond
	for try := 0; ; try++ {
		if err := s.allowed(); err != nil {
			return nil, err
		}
		host := hostOf(s.account.Key())
		if d := signInPause(host, time.Now()); d > 0 {
			if err := s.pause(ctx, d, "sign_in_gap"); err != nil {
				return nil, err
			}
		}
		sess, err := s.account.Open(ctx)
		if err == nil {
			learnGap(host, sess.Traits().Family, time.Now())
			s.mu.Lock()
			s.opened, s.refused = true, 0
			s.mu.Unlock()
			return sess, nil
		}
		if ctx.Err() != nil {
			return nil, core.E(core.Canceled, "sign in", ctx.Err(), "side", s.name)
		}
		d, again := s.weigh(err, try, wait)
		if !again {
			return nil, core.E(core.CodeOf(err), "open "+s.name, err, "side", s.name)
		}
		if err := s.pause(ctx, d, classOf(err)); err != nil {
			return nil, err
		}
		wait = min(2*wait, 30*time.Second)
	}
}

func (s *side) allowed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused >= refusalsAllowed {
		return core.E(core.Unauthenticated, "open "+s.name, nil, "side", s.name)
	}
	return nil
}

// weigh decides whether an opening that failed may be tried again, and when.
func (s *side) weigh(err error, try int, wait time.Duration) (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := core.CodeOf(err)
	v, _, refusal := judge(err, try)
	if code == core.Unauthenticated {
		passing := refusal && (v.Class == preset.ConnLimit || v.Class == preset.Throttle || v.Class == preset.Transient)
		if !passing {
			s.refused++
		}
		return max(v.Wait, wait, 2*time.Second), (s.opened || passing) && s.refused < refusalsAllowed && try < patience
	}
	switch {
	case refusal && (v.Action == preset.Wait || v.Action == preset.Reconnect):
		return max(v.Wait, wait), try < patience
	case code == core.Unreachable || code == core.Timeout:
		return wait, s.opened && try < patience
	}
	return 0, false
}
