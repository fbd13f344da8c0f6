package api

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"mailroom/backend/api/moving"
	"mailroom/backend/audit"
	"mailroom/backend/store"
)

// auditFile is the record's file within the data folder.
const auditFile = "audit.db"

// recorder writes down what is done, and notices by itself when moves end.
type recorder struct {
	log *audit.Log
	db  *store.DB
	d   *data

	adding  sync.Mutex // an entry and the head kept beside it belong together
	looking sync.Mutex // an end is written down once, and before what came of it

	last map[string]ending // held by looking

	mu     sync.Mutex
	heard  map[string]bool // moves whose state may be another one
	wake   chan struct{}
	ended  chan struct{}
	ending bool
}

// auditDB is the record's database as package audit wants it.
type auditDB struct{ *store.DB }

// Reader gives the connections that only read.
func (a auditDB) Reader() *sql.DB { return a.R }

func openRecorder(ctx context.Context, d *data, dir string) (*recorder, error) {
	db, err := store.Open(ctx, filepath.Join(dir, auditFile), audit.Migrations, store.Beside())
	if err != nil {
		return nil, err
	}
	return &recorder{
		log: audit.New(auditDB{db}), db: db, d: d, heard: map[string]bool{}, last: map[string]ending{},
		wake: make(chan struct{}, 1),
	}, nil
}

// watch begins to notice the ends of moves; those of before are not news.
func (r *recorder) watch() {
	for _, v := range r.d.desk.List() {
		r.last[v.ID] = endingOf(v)
	}
	r.ended = make(chan struct{})
	go func() {
		defer close(r.ended)
		for range r.wake {
			r.look()
		}
	}()
}

// hear is told that a move's state changed; it does not block.
func (r *recorder) hear(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard[id] = true
	if r.ending {
		return
	}
	select {
	case r.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// look writes down which of the moves that were heard of have come to an end.
func (r *recorder) look() {
	r.mu.Lock()
	heard := r.heard
	r.heard = map[string]bool{}
	r.mu.Unlock()
	for id := range heard {
		r.settle(id)
	}
}

// settle writes down that a move has come to an end, if it has and that is news. Who
// is about to change a move that may be at its end settles it first: afterwards
// nobody could tell any more how it ended.
func (r *recorder) settle(id string) {
	r.looking.Lock()
	defer r.looking.Unlock()
	v, err := r.d.desk.Get(id)
	if err != nil {
		return // removed meanwhile
	}
	news := r.last[id] != endingOf(v)
	r.last[id] = endingOf(v)
	if news && endOf(v.Status) {
		r.note(context.Background(), ended(v))
	}
}

// ending is what tells one end of a move from another: one person's undo leaves the
// state as it was.
type ending struct {
	status moving.Status
	undid  moving.Undid
}

func endingOf(v moving.View) ending { return ending{v.Status, v.Watch.Undid} }

func endOf(s moving.Status) bool {
	switch s {
	case moving.StatusDone, moving.StatusLeftBehind, moving.StatusFailed, moving.StatusUndone:
		return true
	}
	return false
}

func ended(v moving.View) audit.Entry {
	c := wireCounts(v.Snapshot.Counts)
	e := audit.Entry{Act: actMoveEnded, Subject: moveName(v), ID: v.ID, Facts: map[string]string{
		"state": string(v.Status), "messages": strconv.FormatInt(c.Messages, 10), "copied": strconv.FormatInt(c.Copied, 10),
		"alreadyThere": strconv.FormatInt(c.AlreadyThere, 10), "excluded": strconv.FormatInt(c.Excluded, 10), "leftBehind": strconv.FormatInt(c.LeftBehind, 10),
	}}
	if did := v.Watch.Undid; did != (moving.Undid{}) || v.Status == moving.StatusUndone {
		e.Act = actMoveUndone
		e.Facts = map[string]string{
			"state": string(v.Status), "deleted": strconv.FormatInt(did.Deleted, 10), "kept": strconv.FormatInt(did.Kept, 10),
		}
	}
	return e
}

// moveName is what a person knows a move by.
func moveName(v moving.View) string {
	switch {
	case v.Name != "":
		return v.Name
	case len(v.Mailboxes) == 0:
		return v.ID
	case len(v.Mailboxes) == 1:
		return v.Mailboxes[0].Label
	}
	return v.Mailboxes[0].Label + " +" + strconv.Itoa(len(v.Mailboxes)-1)
}

// note writes entries. What was done is done: a record that cannot be written is
// logged and changes nothing.
func (r *recorder) note(ctx context.Context, entries ...audit.Entry) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	r.adding.Lock()
	defer r.adding.Unlock()
	head, err := r.log.Add(ctx, entries...)
	if err == nil {
		err = r.d.setSetting(ctx, headSetting, head)
	}
	if err != nil {
		slog.Error("acts could not be recorded", "acts", len(entries), "err", err)
	}
}

// note records an act outside of a call that has the data at hand.
func (a *API) note(e audit.Entry) {
	if d, err := a.ready(a.root); err == nil {
		d.record.note(a.root, e)
	}
}

func (r *recorder) close() error {
	r.mu.Lock()
	r.ending = true
	close(r.wake)
	r.mu.Unlock()
	if r.ended != nil {
		<-r.ended
		r.look()
	}
	return r.db.Close()
}

// moveActs are the acts of the page on a move that are recorded, by their op.
var moveActs = map[string]string{
	"create move": actMoveCreated, "start move": actMoveStarted, "go on with move": actMoveResumed,
	"pause move": actMovePaused, "cancel move": actMoveCanceled, "verify move": actMoveVerified, "undo move": actMoveUndo,
}

// noteAct records an act on a move, if it is one of those that are.
func (r *recorder) noteAct(ctx context.Context, op string, v moving.View) {
	act, recorded := moveActs[op]
	if !recorded {
		return
	}
	facts := map[string]string{"mailboxes": strconv.Itoa(len(v.Mailboxes))}
	if act == actMoveUndo {
		facts["stored"] = strconv.FormatInt(v.Stored, 10)
	}
	r.note(ctx, audit.Entry{Act: act, Subject: moveName(v), ID: v.ID, Facts: facts})
}

// noteEdit records what an edit of a move changed, and that passwords were, never
// which.
func (r *recorder) noteEdit(ctx context.Context, before, after moving.View) {
	e := audit.Entry{Act: actMoveChanged, Subject: moveName(after), ID: after.ID, Before: map[string]string{}, After: map[string]string{}}
	differ := func(fact, old, now string) {
		if old != now {
			e.Before[fact], e.After[fact] = old, now
		}
	}
	differ("name", before.Name, after.Name)
	differ("mailboxes", strconv.Itoa(len(before.Mailboxes)), strconv.Itoa(len(after.Mailboxes)))
	differ("options", audited(before.Options), audited(after.Options))
	if len(e.After) > 0 {
		r.note(ctx, e)
	}
	known := map[string]moving.Mailbox{}
	for _, mb := range before.Mailboxes {
		known[mb.ID] = mb
	}
	for _, mb := range after.Mailboxes {
		old, was := known[mb.ID]
		if was && (old.From.Secret != mb.From.Secret || old.To.Secret != mb.To.Secret) {
			r.note(ctx, audit.Entry{Act: actPasswordChanged, Subject: mb.Label, ID: after.ID})
		}
	}
}
