package migrate

import (
	"sync"
	"time"
)

// tracker gathers what the lanes of one mailbox report and hands snapshots to the
// sink: at most ten a second, and always the last one.
type tracker struct {
	mu   sync.Mutex
	sink Sink
	now  Progress
	sent time.Time
}

const snapshotEvery = 100 * time.Millisecond

// change applies f to the snapshot; urgent ones are sent at once.
func (t *tracker) change(urgent bool, f func(*Progress)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f(&t.now)
	if t.sink == nil {
		return
	}
	if at := time.Now(); urgent || at.Sub(t.sent) >= snapshotEvery {
		t.sent = at
		t.sink(t.now)
	}
}

func (t *tracker) phase(p Phase, folder string) {
	t.change(true, func(s *Progress) { s.Phase, s.Folder = p, folder })
}

func (t *tracker) add(c Counts) {
	t.change(false, func(s *Progress) {
		s.Counts.Messages += c.Messages
		s.Counts.Copied += c.Copied
		s.Counts.AlreadyThere += c.AlreadyThere
		s.Counts.Excluded += c.Excluded
		s.Counts.LeftBehind += c.LeftBehind
		s.Counts.Bytes += c.Bytes
	})
}

func (t *tracker) snapshot() Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now
}

// notebook collects troubles and notes without repeating itself.
type notebook struct {
	mu       sync.Mutex
	troubles []Trouble
	notes    []string
	seen     map[string]bool
}

const notebookLimit = 1000

func (n *notebook) trouble(t Trouble) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.fresh("t|"+string(t.Code)+"|"+t.Class+"|"+t.Folder+"|"+t.Server) && len(n.troubles) < notebookLimit {
		n.troubles = append(n.troubles, t)
	}
}

func (n *notebook) note(notes ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range notes {
		if n.fresh("n|"+s) && len(n.notes) < notebookLimit {
			n.notes = append(n.notes, s)
		}
	}
}

func (n *notebook) fresh(key string) bool {
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	if n.seen[key] {
		return false
	}
	n.seen[key] = true
	return true
}
