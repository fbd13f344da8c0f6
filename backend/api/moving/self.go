package moving

import (
	"context"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
)

// SetSelf says of some mailboxes whether their people move them by themselves, on
// their own computers. Those are left out of every act of this move; their figures
// come with [Desk.TakeResult]. A conflict while the move is at work.
func (d *Desk) SetSelf(ctx context.Context, id string, boxes []string, self bool) (View, error) {
	err := d.change(ctx, id, func(m *Move) error {
		for _, box := range boxes {
			i := slices.IndexFunc(m.Mailboxes, func(mb Mailbox) bool { return mb.ID == box })
			if i < 0 {
				return core.E(core.NotFound, "set self", nil, "id", box)
			}
			mb := &m.Mailboxes[i]
			if mb.Self == self {
				continue
			}
			if !self {
				for _, side := range []*Endpoint{&mb.From, &mb.To} {
					if field, reason := side.wrong(); reason != "" {
						return core.E(core.Invalid, "set self", nil, "mailbox", mb.Label, "field", field, "reason", reason)
					}
				}
			}
			mb.setSelf(self)
		}
		return nil
	})
	if err != nil {
		return View{}, err
	}
	return d.Get(id)
}

// setSelf hands a mailbox over to its person or takes it back. What the other one had
// not ended is forgotten, and so are the person's passwords once they move it
// themselves; a master user's is not theirs.
func (mb *Mailbox) setSelf(self bool) {
	if mb.Self == self {
		return
	}
	mb.Self = self
	for _, side := range []*Endpoint{&mb.From, &mb.To} {
		if self && side.Authz == "" {
			side.Secret = ""
		}
	}
	if mb.Outcome.Ended.IsZero() {
		mb.State, mb.Fault = Idle, nil
	}
}

// markSelf marks the mailboxes of a draft whose people move them by themselves by now,
// so that no password is asked for.
func (d *Desk) markSelf(id string, mailboxes []Mailbox) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m, ok := d.moves[id]
	if !ok {
		return
	}
	for i := range mailboxes {
		mb := &mailboxes[i]
		mb.Self = mb.Self || slices.ContainsFunc(m.Mailboxes, func(old Mailbox) bool {
			return old.Self && old.From.place() == mb.From.place() && old.To.place() == mb.To.place()
		})
	}
}

// selfPending says whether somebody who moves by themselves has not told the outcome.
func (m *Move) selfPending() bool {
	return slices.ContainsFunc(m.Mailboxes, func(mb Mailbox) bool { return mb.Self && mb.Outcome.Ended.IsZero() })
}

// SelfResult is what a person's own move has come to.
type SelfResult struct {
	State   State // Done, LeftBehind, Failed
	Outcome Outcome
	Folders []Folder
	Left    []migrate.LeftBehind
	Differ  []migrate.Mismatch
}

// TakeResult takes in the outcome of a mailbox whose person moved it; also while the
// move is at work on others. Errors: not_found; conflict if the office moves that
// mailbox itself.
func (d *Desk) TakeResult(ctx context.Context, id, box string, r SelfResult) (View, error) {
	d.acts.Lock()
	defer d.acts.Unlock()
	d.mu.Lock()
	m, ok := d.moves[id]
	at := -1
	if ok {
		at = slices.IndexFunc(m.Mailboxes, func(mb Mailbox) bool { return mb.ID == box })
	}
	if at < 0 {
		d.mu.Unlock()
		return View{}, core.E(core.NotFound, "take result", nil, "id", box)
	}
	mb := m.Mailboxes[at]
	d.mu.Unlock()
	if !mb.Self {
		return View{}, core.E(core.Conflict, "take result", nil, "class", "result-not-self")
	}
	mb.State, mb.Fault, mb.Outcome = r.State, nil, r.Outcome
	mb.Outcome.Stored = 0 // what another computer stored, this one cannot take back
	f := findings{folders: r.Folders, differ: r.Differ, left: leftRows(r.Left)}
	if err := d.table.saveFindings(ctx, id, at, &mb, f); err != nil {
		return View{}, err
	}
	d.mu.Lock()
	if m, ok := d.moves[id]; ok && at < len(m.Mailboxes) {
		next := m.clone()
		next.Mailboxes[at] = mb
		d.moves[id] = next
	}
	l := d.lives[id]
	d.mu.Unlock()
	if l != nil {
		l.update(at, func(b *Box) { *b = boxOf(&mb) })
	}
	if err := d.finishMove(id, func(m *Move) { m.span(r.Outcome.Started, r.Outcome.Ended) }); err != nil {
		return View{}, err
	}
	d.listen.Changed(d.seq.Add(1), id)
	return d.Get(id)
}

// span widens the time of a move.
func (m *Move) span(started, ended time.Time) {
	if m.Started.IsZero() || started.Before(m.Started) {
		m.Started = started
	}
	if ended.After(m.Ended) {
		m.Ended = ended
	}
}
