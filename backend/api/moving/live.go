package moving

import (
	"slices"
	"sync"
	"time"

	"mailroom/backend/job"
	"mailroom/backend/migrate"
)

// Snapshot is how far a move is.
type Snapshot struct {
	Seq        int64
	Move       string
	Status     Status
	Live       bool // somebody works on it now
	Counts     migrate.Counts
	BytesDone  int64
	BytesTotal int64
	Speed      job.Speed
	Away       EventKind // who is away now: [EventOffline], [EventServerAway]; "" nobody
	AwayHost   string
	Boxes      []Box // of [Desk.Get]: all, in the move's order; of an event: those that changed
}

// Box is how far one mailbox is.
type Box struct {
	Mailbox    string
	State      State
	Phase      migrate.Phase
	Folder     string
	Counts     migrate.Counts
	BytesDone  int64
	BytesTotal int64
	FlagsSet   int64
	Verified   int64
	WaitUntil  time.Time
	WaitClass  string
	Speed      job.Speed
	Fault      *Fault // what went wrong last
}

// allWaiting says whether every mailbox at work waits.
func (s *Snapshot) allWaiting() bool {
	waiting := 0
	for i := range s.Boxes {
		switch s.Boxes[i].State {
		case Running:
			return false
		case Waiting:
			waiting++
		}
	}
	return waiting > 0
}

// boxOf is how far a mailbox is by its record.
func boxOf(mb *Mailbox) Box {
	b := Box{
		Mailbox: mb.ID, State: mb.State, Counts: mb.Outcome.Counts,
		BytesDone: mb.Outcome.Counts.Bytes, BytesTotal: mb.Outcome.Counts.Bytes,
		FlagsSet: mb.Outcome.FlagsSet, Verified: mb.Outcome.Compared, Fault: mb.Fault, Speed: job.Speed{Left: -1},
	}
	if e := mb.Estimate; e != nil && mb.Outcome.Ended.IsZero() {
		b.Counts.Messages, b.BytesTotal = e.Messages, e.ToCopyBytes
	}
	return b
}

// live is a move at work.
type live struct {
	desk     *Desk
	move     string
	act      string
	throttle *job.Throttle

	mu      sync.Mutex
	boxes   []Box
	base    []Outcome // what earlier runs had brought
	changed map[int]bool
	meter   *job.Meter
	speed   job.Speed
	meters  map[int]*job.Meter // of the mailboxes at work
	crew    *crew              // nil: not a run
}

const (
	tellEvery   = 200 * time.Millisecond
	speedWindow = 20 * time.Second
)

// goLive registers a move as at work; the caller ends it with [live.end].
func (d *Desk) goLive(m *Move, act string) *live {
	l := &live{desk: d, move: m.ID, act: act, changed: map[int]bool{}, meter: job.NewMeter(speedWindow), speed: job.Speed{Left: -1}, meters: map[int]*job.Meter{}}
	for i := range m.Mailboxes {
		b := boxOf(&m.Mailboxes[i])
		l.boxes = append(l.boxes, b)
		l.base = append(l.base, m.Mailboxes[i].Outcome)
	}
	l.throttle = job.NewThrottle(tellEvery, l.tell)
	d.mu.Lock()
	d.lives[m.ID] = l
	d.mu.Unlock()
	return l
}

// end tells the last snapshot and unregisters.
func (l *live) end() {
	l.throttle.Close()
	l.desk.mu.Lock()
	delete(l.desk.lives, l.move)
	l.desk.mu.Unlock()
}

// sink takes the snapshots of one mailbox's mover.
func (l *live) sink(i int) migrate.Sink {
	return func(p migrate.Progress) {
		if l.crew != nil {
			l.crew.hear(i, &p)
		}
		l.update(i, func(b *Box) {
			b.Fault = nil
			b.State, b.Phase, b.Folder = Running, p.Phase, p.Folder
			b.WaitUntil, b.WaitClass = p.WaitUntil, p.WaitClass
			if p.Phase == migrate.PhaseWaiting {
				b.State = Waiting
			}
			b.FlagsSet, b.Verified = p.FlagsSet, p.Verified
			base := &l.base[i]
			if l.act != actRun {
				return
			}
			b.Counts = acrossRuns(p.Counts, base)
			b.BytesDone = b.Counts.Bytes
			if p.BytesTotal > 0 {
				b.BytesTotal = base.Counts.Bytes + p.BytesTotal
			}
		})
	}
}

// acrossRuns turns one run's counts into those of the whole move: what an earlier
// run has stored is found there already by this one, but the move copied it.
func acrossRuns(c migrate.Counts, base *Outcome) migrate.Counts {
	earlier := min(base.Stored, c.AlreadyThere)
	c.Copied += earlier
	c.AlreadyThere -= earlier
	c.Bytes += base.Counts.Bytes
	return c
}

func (l *live) update(i int, f func(*Box)) {
	l.mu.Lock()
	f(&l.boxes[i])
	l.changed[i] = true
	l.mu.Unlock()
	l.throttle.Mark()
}

// tell sends the boxes that changed since it was last called.
func (l *live) tell() {
	j, ok := l.desk.engine.Find(l.move)
	l.desk.mu.Lock()
	m, there := l.desk.moves[l.move]
	l.desk.mu.Unlock()
	if !ok || !there {
		return
	}
	s := l.snapshot(time.Now())
	s.Status = statusOf(m, j, true, s.allWaiting())
	l.mu.Lock()
	// The number is taken together with the contents, so that a higher one is newer.
	s.Seq = l.desk.seq.Add(1)
	part := s.Boxes[:0]
	for i, b := range s.Boxes {
		if l.changed[i] {
			b.Speed = l.boxSpeed(i, &b, time.Now())
			part = append(part, b)
		}
	}
	s.Boxes = part
	clear(l.changed)
	l.mu.Unlock()
	l.desk.listen.Progress(s)
}

// boxSpeed measures one mailbox; a mailbox that rests is forgotten.
func (l *live) boxSpeed(i int, b *Box, now time.Time) job.Speed {
	if b.State != Running {
		delete(l.meters, i)
		return job.Speed{Left: -1}
	}
	m := l.meters[i]
	if m == nil {
		m = job.NewMeter(speedWindow)
		l.meters[i] = m
	}
	m.Add(now, job.Amount{
		Done: b.Counts.Copied + b.Counts.LeftBehind, Total: b.Counts.Messages - b.Counts.AlreadyThere - b.Counts.Excluded,
		BytesDone: b.BytesDone, BytesTotal: b.BytesTotal,
	})
	l.boxes[i].Speed = m.Speed(now)
	return l.boxes[i].Speed
}

// snapshot sums up; it also measures the speed.
func (l *live) snapshot(now time.Time) Snapshot {
	away, host := l.crew.out()
	l.mu.Lock()
	defer l.mu.Unlock()
	s := sum(l.move, slices.Clone(l.boxes))
	s.Live, s.Away, s.AwayHost = true, away, host
	amount := job.Amount{
		Done: s.Counts.Copied + s.Counts.LeftBehind, Total: s.Counts.Messages - s.Counts.AlreadyThere - s.Counts.Excluded,
		BytesDone: s.BytesDone, BytesTotal: s.BytesTotal,
	}
	if l.act == actVerify || l.act == actUndo {
		amount = job.Amount{Total: s.Counts.Messages}
		for i := range s.Boxes {
			amount.Done += s.Boxes[i].Verified
		}
	}
	l.meter.Add(now, amount)
	l.speed = l.meter.Speed(now)
	s.Speed = l.speed
	return s
}

// snapshotOf is a move's snapshot, at work (l not nil) or not.
func (d *Desk) snapshotOf(m *Move, l *live) Snapshot {
	if l == nil {
		boxes := make([]Box, len(m.Mailboxes))
		for i := range m.Mailboxes {
			boxes[i] = boxOf(&m.Mailboxes[i])
		}
		return sum(m.ID, boxes)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s := sum(m.ID, slices.Clone(l.boxes))
	s.Live, s.Speed = true, l.speed
	return s
}

func sum(move string, boxes []Box) Snapshot {
	s := Snapshot{Move: move, Boxes: boxes, Speed: job.Speed{Left: -1}}
	for i := range boxes {
		b := &boxes[i]
		if b.State == LeftOut {
			continue
		}
		s.Counts.Messages += b.Counts.Messages
		s.Counts.Copied += b.Counts.Copied
		s.Counts.AlreadyThere += b.Counts.AlreadyThere
		s.Counts.Excluded += b.Counts.Excluded
		s.Counts.LeftBehind += b.Counts.LeftBehind
		s.Counts.Bytes += b.Counts.Bytes
		s.BytesDone += b.BytesDone
		s.BytesTotal += b.BytesTotal
	}
	return s
}
