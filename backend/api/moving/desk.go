package moving

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/job"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/store"
)

// Connect makes an account of an endpoint; writing says that it is a destination. It
// asks nothing of the network, except that it may start the practice office.
type Connect func(ctx context.Context, e Endpoint, writing bool) (mailbox.Account, error)

// Listener hears what happens. Its functions must not block nor call the desk back.
type Listener struct {
	Changed  func(seq int64, move string) // ask [Desk.Get] again
	Progress func(Snapshot)               // at most five a second for each move
	Told     func(Event)                  // an entry of the time line was written; may be nil
}

// Acts that run as jobs; they are the kinds of job.
const (
	actPlan   = "plan"
	actRun    = "run"
	actVerify = "verify"
	actUndo   = "undo"
)

// atOnce is how many moves are at work at the same time.
const atOnce = 2

// Desk holds all moves. It is safe for concurrent use.
type Desk struct {
	table   *table
	led     *ledger.Ledger
	connect Connect
	listen  Listener
	engine  *job.Engine
	seq     atomic.Int64

	net    network
	stop   context.CancelFunc
	clocks sync.WaitGroup

	acts  sync.Mutex // one change by a person at a time
	boxes sync.Mutex // one change of a mailbox's record at a time

	mu    sync.Mutex
	moves map[string]*Move // what they point to never changes: a change makes a new one
	lives map[string]*live
	crews map[string]*crew
}

// Open reads the moves of earlier runs of the program. What was at work then waits
// for the person to go on.
func Open(ctx context.Context, db *store.DB, led *ledger.Ledger, connect Connect, listen Listener) (*Desk, error) {
	d := &Desk{
		table: &table{db}, led: led, connect: connect, listen: listen,
		moves: map[string]*Move{}, lives: map[string]*live{}, crews: map[string]*crew{}, net: realNetwork,
	}
	d.engine = job.New(job.NewTable(db), map[string]job.Work{
		actPlan: d.plan, actRun: d.run, actVerify: d.verify, actUndo: d.undo,
	}, atOnce, d.heard)
	all, err := d.table.all(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		for i := range m.Mailboxes {
			if s := m.Mailboxes[i].State; s == Running || s == Queued || s == Waiting {
				m.Mailboxes[i].State = Paused
			}
		}
		d.moves[m.ID] = m
	}
	d.mark(ctx)
	if err := d.engine.Load(ctx); err != nil {
		return nil, err
	}
	d.keepTime()
	return d, nil
}

// Close interrupts what is at work and waits for it until ctx ends.
func (d *Desk) Close(ctx context.Context) error {
	if d.stop != nil {
		d.stop()
	}
	d.clocks.Wait()
	return d.engine.Close(ctx)
}

// heard is told every change of a job's state. It runs under the engine's lock.
func (d *Desk) heard(j job.Job) { d.listen.Changed(d.seq.Add(1), j.ID) }

// Working counts the moves that are at work or queued.
func (d *Desk) Working() int {
	n := 0
	for _, j := range d.engine.Jobs() {
		if j.State.Active() {
			n++
		}
	}
	return n
}

// newID makes a random name.
func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

// Create makes a draft. Errors: invalid, see check; and those of the disk.
func (d *Desk) Create(ctx context.Context, name string, mailboxes []Mailbox, o Options) (View, error) {
	if err := check(mailboxes, &o); err != nil {
		return View{}, err
	}
	m := &Move{ID: newID(), Name: name, Created: time.Now(), Options: o, Mailboxes: mailboxes}
	for i := range m.Mailboxes {
		m.Mailboxes[i].ID, m.Mailboxes[i].State = newID(), Idle
	}
	if err := d.table.save(ctx, m); err != nil {
		return View{}, err
	}
	d.mu.Lock()
	d.moves[m.ID] = m
	d.mu.Unlock()
	return d.Get(m.ID)
}

// Edit replaces mailboxes and options of a move that is not at work. Mailboxes that
// stay what they were keep what is known of them.
func (d *Desk) Edit(ctx context.Context, id, name string, mailboxes []Mailbox, o Options) (View, error) {
	d.markSelf(id, mailboxes)
	if err := check(mailboxes, &o); err != nil {
		return View{}, err
	}
	err := d.change(ctx, id, func(m *Move) error {
		for i := range mailboxes {
			mb := &mailboxes[i]
			mb.ID, mb.State = newID(), Idle
			at := slices.IndexFunc(m.Mailboxes, func(old Mailbox) bool {
				return old.From.place() == mb.From.place() && old.To.place() == mb.To.place()
			})
			if at >= 0 {
				old := m.Mailboxes[at]
				old.Label, old.From, old.To = mb.Label, mb.From, mb.To
				old.setSelf(mb.Self)
				*mb = old
			} else {
				m.Planned = false
			}
		}
		m.Name, m.Mailboxes, m.Options = name, mailboxes, o
		return nil
	})
	if err != nil {
		return View{}, err
	}
	return d.Get(id)
}

// change edits a move that is not at work and writes it; an error changes nothing.
func (d *Desk) change(ctx context.Context, id string, f func(*Move) error) error {
	d.acts.Lock()
	defer d.acts.Unlock()
	if j, ok := d.engine.Find(id); ok && j.State.Active() {
		return core.E(core.Conflict, "change move", nil, "state", string(j.State))
	}
	return d.edit(ctx, id, f, d.table.save)
}

// amend edits what a move's head says, at work or not, and writes it.
func (d *Desk) amend(ctx context.Context, id string, f func(*Move) error) error {
	return d.edit(ctx, id, f, d.table.saveHead)
}

// edit changes a copy of a move and writes it; only then it counts.
func (d *Desk) edit(ctx context.Context, id string, f func(*Move) error, write func(context.Context, *Move) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	old, ok := d.moves[id]
	if !ok {
		return core.E(core.NotFound, "change move", nil, "id", id)
	}
	m := old.clone()
	if err := f(m); err != nil {
		return err
	}
	if err := write(ctx, m); err != nil {
		return err
	}
	d.moves[id] = m
	return nil
}

func (m *Move) clone() *Move {
	c := *m
	c.Mailboxes = slices.Clone(m.Mailboxes)
	return &c
}

// order is how an act is to be done: a job's Args.
type order struct {
	Round string        `json:"round"`
	Level migrate.Level `json:"level,omitempty"`
	By    string        `json:"by,omitempty"` // who began it: "" a person, "schedule"

	Boxes []string `json:"boxes,omitempty"` // of an undo: only these mailboxes; empty: all
	Keep  bool     `json:"keep,omitempty"`  // of an undo: leave alone what was answered, flagged or forwarded since
}

// covers says whether an act is for a mailbox.
func (o *order) covers(box string) bool { return len(o.Boxes) == 0 || slices.Contains(o.Boxes, box) }

// begin starts an act as a new job in place of the one that ended before. An order
// that names its round goes on with that: what has ended in it is not done again.
func (d *Desk) begin(ctx context.Context, id, act string, o order) (View, error) {
	goOn := o.Round != ""
	if !goOn {
		o.Round = newID()
	}
	err := d.change(ctx, id, func(m *Move) error {
		m.Watch.Undid = Undid{}
		for i := range m.Mailboxes {
			if mb := &m.Mailboxes[i]; act == actUndo && !goOn && o.covers(mb.ID) {
				mb.Outcome.Deleted = 0
			}
		}
		if act == actRun || act == actUndo {
			m.Undone = false
			m.Watch.Next = time.Time{}
			if !goOn {
				m.Watch.Brought = 0
			}
			for i := range m.Mailboxes {
				if mb := &m.Mailboxes[i]; o.covers(mb.ID) && mb.joins(o, goOn) {
					mb.State, mb.Fault = Queued, nil
				}
			}
		}
		return nil
	})
	if err != nil {
		return View{}, err
	}
	args, err := json.Marshal(o)
	if err != nil {
		return View{}, core.E(core.Internal, act, err)
	}
	if _, ok := d.engine.Find(id); ok {
		if err := d.engine.Remove(id); err != nil {
			return View{}, err
		}
	}
	if err := d.engine.Submit(job.Job{ID: id, Kind: act, Subject: id, Args: string(args)}); err != nil {
		return View{}, err
	}
	return d.Get(id)
}

// Plan starts the dry run.
func (d *Desk) Plan(ctx context.Context, id string) (View, error) {
	return d.begin(ctx, id, actPlan, order{})
}

// Start begins a run that brings whatever has not arrived yet, and tries again what
// was left behind.
func (d *Desk) Start(ctx context.Context, id string) (View, error) {
	return d.begin(ctx, id, actRun, order{})
}

// Verify compares both sides again.
func (d *Desk) Verify(ctx context.Context, id string, level migrate.Level) (View, error) {
	switch level {
	case migrate.VerifyCounts, migrate.VerifyFingerprint, migrate.VerifyBytes:
		return d.begin(ctx, id, actVerify, order{Level: level})
	}
	return View{}, core.E(core.Invalid, "verify", nil, "field", "level", "reason", "unknown")
}

// joins says whether a mailbox takes part in a run that begins. One that waits for a
// person is left alone by a run that nobody asked for: a server that refused the
// password twice must not be asked every three hours.
func (mb *Mailbox) joins(o order, goOn bool) bool {
	switch {
	case mb.Out || mb.Self || mb.Held || o.By == byChoice:
		return false
	case goOn:
		return !mb.arrivedIn(o.Round)
	}
	return o.By == "" || mb.State != Failed || !mb.Fault.needsPerson()
}

// Pause stops after the messages in flight.
func (d *Desk) Pause(id string) (View, error) { return d.steer(id, d.engine.Pause, EventPaused) }

// Cancel ends the work; what has arrived stays.
func (d *Desk) Cancel(id string) (View, error) { return d.steer(id, d.engine.Cancel, EventCanceled) }

// GoOn continues after a pause, an interruption or a failure.
func (d *Desk) GoOn(ctx context.Context, id string) (View, error) {
	j, ok := d.engine.Find(id)
	if !ok || j.Kind != actRun && j.Kind != actUndo {
		return d.Start(ctx, id)
	}
	var o order
	if err := json.Unmarshal([]byte(j.Args), &o); err != nil {
		return View{}, core.E(core.Malformed, "go on", err)
	}
	if j.State == job.Done {
		return d.begin(ctx, id, j.Kind, o)
	}
	if j.Kind == actRun {
		if err := d.queueAll(ctx, id, o); err != nil {
			return View{}, err
		}
	}
	return d.steer(id, d.engine.Resume, "")
}

// arrivedIn says whether a mailbox has come to a good end in a round.
func (mb *Mailbox) arrivedIn(round string) bool {
	return mb.Round == round && (mb.State == Done || mb.State == LeftBehind)
}

// steer has the engine do something with a move's job and writes it into the time
// line; told "": the run itself writes.
func (d *Desk) steer(id string, act func(string) error, told EventKind) (View, error) {
	d.acts.Lock()
	err := act(id)
	d.acts.Unlock()
	if err != nil {
		return View{}, err
	}
	if j, ok := d.engine.Find(id); ok && told != "" && (j.Kind == actRun || j.Kind == actUndo) {
		d.tell(id, told, nil)
	}
	return d.Get(id)
}

// Remove forgets a move that is not at work. The ledger keeps what it knows, so
// that a later move of the same mailboxes doubles nothing.
func (d *Desk) Remove(ctx context.Context, id string) error {
	d.acts.Lock()
	defer d.acts.Unlock()
	if _, ok := d.engine.Find(id); ok {
		if err := d.engine.Remove(id); err != nil {
			return err
		}
	}
	if err := d.table.delete(ctx, id); err != nil {
		return err
	}
	d.mu.Lock()
	delete(d.moves, id)
	d.mu.Unlock()
	return nil
}

// Left reads a page of the messages left behind; mailbox "" means all.
func (d *Desk) Left(ctx context.Context, id, mailbox string, offset, limit int) (int64, []Left, error) {
	return d.table.left(ctx, id, mailbox, max(offset, 0), min(max(limit, 1), 500))
}

// Differences reads what the last verification of a mailbox found.
func (d *Desk) Differences(ctx context.Context, id, mailbox string) ([]Difference, error) {
	var found []migrate.Mismatch
	if err := d.table.document(ctx, `SELECT differ FROM move_mailboxes WHERE move=? AND id=?`, &found, id, mailbox); err != nil {
		return nil, err
	}
	all := make([]Difference, len(found))
	for i, f := range found {
		all[i] = Difference{Mailbox: mailbox, Mismatch: f}
	}
	return all, nil
}
