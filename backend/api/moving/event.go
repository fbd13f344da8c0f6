package moving

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// EventKind is what happened to a move.
type EventKind string

// The kinds. Those about one mailbox name it.
const (
	EventStarted    EventKind = "started"     // a run began; facts: by (person, schedule, restart), run
	EventHours      EventKind = "hours"       // outside its hours; facts: until
	EventBudget     EventKind = "budget"      // the day's budget is gone; facts: until
	EventWentOn     EventKind = "went_on"     // after hours, a pause or a restart
	EventPaused     EventKind = "paused"      // by a person
	EventCanceled   EventKind = "canceled"    // by a person
	EventCut        EventKind = "cut"         // the program ended in between
	EventSlower     EventKind = "slower"      // a server asked to slow down; facts: class, until
	EventOffline    EventKind = "offline"     // this computer has no network
	EventServerAway EventKind = "server_away" // a server cannot be reached; facts: host
	EventOnline     EventKind = "online"      // reachable again
	EventSlept      EventKind = "slept"       // the computer slept; facts: seconds
	EventFinished   EventKind = "finished"    // a run ended; facts: copied, left, failed, run
	EventArrived    EventKind = "arrived"     // all of a mailbox has arrived; facts: copied, left
	EventTrouble    EventKind = "trouble"     // a mailbox needs a person; facts: code, class
	EventHeld       EventKind = "held"        // one mailbox was paused
	EventFreed      EventKind = "freed"       // one mailbox goes on, or is tried again
	EventLeftOut    EventKind = "left_out"    // one mailbox was taken out of the move
	EventTakenBack  EventKind = "taken_back"  // and came back
	EventPassword   EventKind = "password"    // a new password; facts: side
	EventVerified   EventKind = "verified"    // both sides were compared again
	EventUndone     EventKind = "undone"      // what the move had stored was taken back
	EventWatchOn    EventKind = "watch_on"    // repeated runs begin; facts: hours
	EventWatchOff   EventKind = "watch_off"   // and end
)

// Event is one entry of a move's time line.
type Event struct {
	ID      int64
	Move    string
	At      time.Time
	Kind    EventKind
	Mailbox string            // "" the whole move
	Label   string            // of the mailbox
	Facts   map[string]string // never nil
}

// EventSchema makes the table of the time line and that of the days' budgets. It is
// one step of the data file's migrations and never changes.
const EventSchema = `
CREATE TABLE move_events (
	id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	move    TEXT    NOT NULL REFERENCES moves ON DELETE CASCADE,
	at      INTEGER NOT NULL,
	kind    TEXT    NOT NULL,
	mailbox TEXT    NOT NULL,
	label   TEXT    NOT NULL,
	facts   TEXT    NOT NULL -- JSON object
) STRICT;
CREATE INDEX move_events_by_move ON move_events (move, id);
CREATE TABLE move_days (
	move  TEXT    NOT NULL REFERENCES moves ON DELETE CASCADE,
	day   TEXT    NOT NULL,
	bytes INTEGER NOT NULL,
	PRIMARY KEY (move, day)
) STRICT, WITHOUT ROWID;
ALTER TABLE moves ADD COLUMN watch TEXT NOT NULL DEFAULT '{}'; -- JSON of Watch`

// mostEvents is how many entries of a move are kept; the oldest go first.
const mostEvents = 5000

// tell writes an entry of the time line and lets the page know. A disk that does not
// take it must not stop the mail.
func (d *Desk) tell(move string, kind EventKind, mb *Mailbox, facts ...string) {
	e := Event{Move: move, At: time.Now().Round(0), Kind: kind, Facts: map[string]string{}}
	for i := 0; i+1 < len(facts); i += 2 {
		if facts[i+1] != "" {
			e.Facts[facts[i]] = facts[i+1]
		}
	}
	if mb != nil {
		e.Mailbox, e.Label = mb.ID, mb.Label
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := d.table.addEvent(ctx, &e); err != nil {
		slog.Warn("the time line was not written", "kind", kind, "err", err)
		return
	}
	if d.listen.Told != nil {
		d.listen.Told(e)
	}
}

// Timeline reads entries of a move's time line, the newest first: at most limit (500)
// that are older than the entry before; 0: from the newest on.
func (d *Desk) Timeline(ctx context.Context, move string, before int64, limit int) ([]Event, error) {
	return d.table.events(ctx, move, before, min(max(limit, 1), 500))
}

func (t *table) addEvent(ctx context.Context, e *Event) error {
	facts, err := json.Marshal(e.Facts)
	if err != nil {
		return core.E(core.Internal, "write time line", err)
	}
	return t.db.Write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO move_events (move, at, kind, mailbox, label, facts) VALUES (?,?,?,?,?,?)`,
			e.Move, store.Millis(e.At), string(e.Kind), e.Mailbox, e.Label, string(facts))
		if err != nil {
			return err
		}
		if e.ID, err = r.LastInsertId(); err != nil || e.ID%64 != 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM move_events WHERE move=?1 AND id <=
			(SELECT id FROM move_events WHERE move=?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`, e.Move, mostEvents)
		return err
	})
}

func (t *table) events(ctx context.Context, move string, before int64, limit int) (all []Event, err error) {
	rows, err := t.db.R.QueryContext(ctx, `SELECT id, at, kind, mailbox, label, facts FROM move_events
		WHERE move=?1 AND (?2=0 OR id<?2) ORDER BY id DESC LIMIT ?3`, move, before, limit)
	if err != nil {
		return nil, core.E(core.Internal, "read time line", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e := Event{Move: move}
		var at int64
		var facts string
		if err := rows.Scan(&e.ID, &at, &e.Kind, &e.Mailbox, &e.Label, &facts); err != nil {
			return nil, core.E(core.Malformed, "read time line", err)
		}
		e.At = store.Time(at)
		if err := json.Unmarshal([]byte(facts), &e.Facts); err != nil {
			return nil, core.E(core.Malformed, "read time line", err)
		}
		all = append(all, e)
	}
	return all, rows.Err()
}

// spend adds to what a move has brought on a day and tells the sum.
func (t *table) spend(ctx context.Context, move, day string, bytes int64) (sum int64, err error) {
	if bytes == 0 {
		err := t.db.R.QueryRowContext(ctx, `SELECT bytes FROM move_days WHERE move=? AND day=?`, move, day).Scan(&sum)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return sum, err
	}
	err = t.db.Write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO move_days VALUES (?1,?2,?3)
			ON CONFLICT DO UPDATE SET bytes=bytes+?3 RETURNING bytes`, move, day, bytes).Scan(&sum)
	})
	return sum, err
}
