package cli

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"mailroom/backend/core"
	"mailroom/backend/job"
	"mailroom/backend/migrate"
)

// board shows how far the work is: one line that is drawn anew on a terminal, a line
// every few seconds elsewhere, events with --json.
type board struct {
	r       *run
	errands []*errand
	live    bool // stderr is a terminal
	every   time.Duration

	mu      sync.Mutex
	states  []state
	meter   *job.Meter
	drawn   bool // a line stands on the terminal
	written time.Time
	stop    chan struct{}
	left    chan struct{}
}

type state struct {
	begun, ended bool
	changed      bool // since the last event
	now          migrate.Progress
}

const (
	drawEvery  = 200 * time.Millisecond
	eventEvery = 500 * time.Millisecond
	lineEvery  = 5 * time.Second
)

func newBoard(r *run, all []*errand) *board {
	b := &board{r: r, errands: all, states: make([]state, len(all)), meter: job.NewMeter(15 * time.Second), stop: make(chan struct{}), left: make(chan struct{})}
	if f, ok := r.stderr.(*os.File); ok && r.json == nil {
		b.live = term.IsTerminal(int(f.Fd()))
	}
	b.every = drawEvery
	if r.json != nil {
		b.every = eventEvery
	}
	b.written = time.Now()
	go b.tick()
	return b
}

func (b *board) tick() {
	defer close(b.left)
	t := time.NewTicker(b.every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			b.show(time.Now())
		case <-b.stop:
			return
		}
	}
}

// sink takes the snapshots of one mailbox.
func (b *board) sink(i int) migrate.Sink {
	return func(p migrate.Progress) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.states[i].now, b.states[i].changed = p, true
	}
}

func (b *board) begin(i int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.states[i].begun = true
}

// end notes a mailbox's outcome; with several, each gets its line at once.
func (b *board) end(i int, res *outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.states[i].ended = true
	if b.r.json != nil {
		b.event(i)
		return
	}
	if len(b.errands) > 1 {
		b.clear()
		fmt.Fprintln(b.r.stderr, b.r.words.headline(res))
	}
}

func (b *board) close() {
	close(b.stop)
	<-b.left
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clear()
}

func (b *board) clear() {
	if b.drawn {
		fmt.Fprint(b.r.stderr, "\r\x1b[K")
		b.drawn = false
	}
}

func (b *board) show(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.r.json != nil {
		for i := range b.states {
			if b.states[i].changed {
				b.event(i)
			}
		}
		return
	}
	line := b.line(now)
	switch {
	case line == "":
	case b.live:
		fmt.Fprint(b.r.stderr, "\r\x1b[K"+cutTo(line, b.width()))
		b.drawn = true
	case now.Sub(b.written) >= lineEvery:
		b.written = now
		fmt.Fprintln(b.r.stderr, line)
	}
}

func (b *board) width() int {
	if f, ok := b.r.stderr.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 10 {
			return w - 1
		}
	}
	return 79
}

// cutTo shortens a line to a terminal's width; Chinese characters take two cells.
func cutTo(line string, width int) string {
	used := 0
	for i, c := range line {
		if used += columns(string(c)); used > width {
			return line[:i]
		}
	}
	return line
}

// line sums up all mailboxes: done/total, bytes, speed, time left, and what one of
// them is doing.
func (b *board) line(now time.Time) string {
	var sum migrate.Counts
	var total int64
	var busy *state
	var ended, begun int64
	for i := range b.states {
		s := &b.states[i]
		c := s.now.Counts
		sum.Messages += c.Messages
		sum.Copied += c.Copied + c.AlreadyThere + c.Excluded + c.LeftBehind
		sum.Bytes += c.Bytes
		total += s.now.BytesTotal
		if s.begun {
			begun++
		}
		if s.ended {
			ended++
		} else if s.begun && (busy == nil || busy.now.Phase == migrate.PhaseDone) {
			busy = s
		}
	}
	if busy == nil {
		return ""
	}
	// Mailboxes that wait for their turn are taken to be as large as the others.
	all := int64(len(b.states))
	b.meter.Add(now, job.Amount{Done: sum.Copied, Total: sum.Messages * all / begun, BytesDone: sum.Bytes, BytesTotal: total * all / begun})
	speed := b.meter.Speed(now)
	w := b.r.words
	parts := []string{}
	if len(b.errands) > 1 {
		parts = append(parts, w.say("line.mailboxes", "done", fmt.Sprint(ended), "total", fmt.Sprint(len(b.errands))))
	}
	parts = append(parts, w.say("line.messages", "done", count(sum.Copied), "total", count(sum.Messages)), size(sum.Bytes))
	if speed.PerSecond > 0 {
		parts = append(parts, w.say("line.speed", "n", count(speed.PerSecond)))
	}
	if speed.Left >= 0 {
		parts = append(parts, w.say("line.left", "time", clock(speed.Left)))
	}
	return strings.Join(append(parts, w.doing(&busy.now, now)), " · ")
}

// doing says what one mailbox's move is at.
func (w language) doing(p *migrate.Progress, now time.Time) string {
	switch p.Phase {
	case "":
		return w.say("phase.connecting")
	case migrate.PhaseWaiting:
		return w.say("phase.waiting", "time", clock(max(0, p.WaitUntil.Sub(now))), "why", w.class(p.WaitClass))
	case migrate.PhaseVerifying:
		return w.say("phase.verifying", "n", count(p.Verified)) + " " + printable(p.Folder)
	}
	return strings.TrimSpace(w.say("phase."+string(p.Phase)) + " " + printable(p.Folder))
}

// event sends one mailbox's progress as JSON.
func (b *board) event(i int) {
	s := &b.states[i]
	s.changed = false
	e := progressEvent{Event: "progress", From: b.errands[i].from.account.Key(), To: b.errands[i].to.account.Key(), Phase: s.now.Phase, Folder: s.now.Folder,
		Counts: s.now.Counts, BytesTotal: s.now.BytesTotal, FlagsSet: s.now.FlagsSet, Verified: s.now.Verified, WaitClass: s.now.WaitClass}
	if !s.now.WaitUntil.IsZero() && s.now.Phase == migrate.PhaseWaiting {
		e.WaitUntil = s.now.WaitUntil.UnixMilli()
	}
	if e.Phase == "" {
		e.Phase = migrate.PhaseConnecting
	}
	b.r.json.send(e)
}

// code is the code of a trouble or, for a mailbox that ended early, of its error.
func (out *outcome) code() core.Code { return core.CodeOf(out.err) }
