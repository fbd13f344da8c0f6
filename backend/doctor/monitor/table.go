package monitor

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/store"
)

// migrations of the monitor's file, in order. A step that a release has shipped never
// changes; a new one is added at the end.
var migrations = []string{`
CREATE TABLE watch (
	id     TEXT    NOT NULL PRIMARY KEY,
	domain TEXT    NOT NULL,
	only   TEXT    NOT NULL, -- JSON list
	every  INTEGER NOT NULL, -- all times in milliseconds
	active INTEGER NOT NULL,
	next   INTEGER NOT NULL,
	made   INTEGER NOT NULL
) STRICT;
CREATE TABLE look (
	watch   TEXT    NOT NULL REFERENCES watch (id) ON DELETE CASCADE,
	at      INTEGER NOT NULL,
	verdict TEXT    NOT NULL,
	away    INTEGER NOT NULL,
	fails   INTEGER NOT NULL,
	warns   INTEGER NOT NULL,
	passes  INTEGER NOT NULL,
	took    INTEGER NOT NULL,
	PRIMARY KEY (watch, at)
) STRICT;
CREATE TABLE state (
	watch   TEXT NOT NULL REFERENCES watch (id) ON DELETE CASCADE,
	chk     TEXT NOT NULL,
	subject TEXT NOT NULL,
	verdict TEXT NOT NULL,
	reason  TEXT NOT NULL,
	PRIMARY KEY (watch, chk, subject)
) STRICT;
CREATE TABLE change (
	watch   TEXT    NOT NULL REFERENCES watch (id) ON DELETE CASCADE,
	at      INTEGER NOT NULL,
	chk     TEXT    NOT NULL,
	subject TEXT    NOT NULL,
	before  TEXT    NOT NULL,
	after   TEXT    NOT NULL,
	reason  TEXT    NOT NULL
) STRICT;
CREATE INDEX change_at ON change (watch, at)`, `
CREATE TABLE sight (
	domain TEXT    NOT NULL,
	thing  TEXT    NOT NULL,
	value  TEXT    NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (domain, thing)
) STRICT`,
}

// Watches lists what is watched, in the order in which it was added.
func (m *Monitor) Watches(ctx context.Context) ([]Watch, error) {
	rows, err := m.db.R.QueryContext(ctx, `SELECT id, domain, only, every, active, next, made FROM watch ORDER BY made, id`)
	if err != nil {
		return nil, core.E(core.Internal, "list watches", err)
	}
	defer func() { _ = rows.Close() }()
	all := []Watch{}
	for rows.Next() {
		var w Watch
		var only string
		var every, next, made int64
		if err := rows.Scan(&w.ID, &w.Domain, &only, &every, &w.On, &next, &made); err != nil {
			return nil, core.E(core.Internal, "list watches", err)
		}
		_ = json.Unmarshal([]byte(only), &w.Only) // written by put
		w.Every, w.Next, w.Made = time.Duration(every)*time.Millisecond, store.Time(next), store.Time(made)
		all = append(all, w)
	}
	return all, rows.Err()
}

func (m *Monitor) put(ctx context.Context, w Watch) error {
	if w.Only == nil {
		w.Only = []string{}
	}
	only, err := json.Marshal(w.Only)
	if err != nil {
		return core.E(core.Internal, "save watch", err)
	}
	return m.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO watch (id, domain, only, every, active, next, made) VALUES (?,?,?,?,?,?,?)
			ON CONFLICT (id) DO UPDATE SET domain = excluded.domain, only = excluded.only, every = excluded.every, active = excluded.active, next = excluded.next`,
			w.ID, w.Domain, string(only), w.Every.Milliseconds(), w.On, store.Millis(w.Next), store.Millis(w.Made))
		return err
	})
}

// Remove forgets a watch with its history; that there is none is no error.
func (m *Monitor) Remove(ctx context.Context, id string) error {
	return m.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM watch WHERE id = ?`, id)
		return err
	})
}

type place struct{ check, subject string }

type standing struct {
	verdict doctor.Verdict
	reason  string
}

// save books a look: the next one, the figures, and what changed since the last look
// that saw anything. A skipped finding keeps what was known.
func (m *Monitor) save(ctx context.Context, w Watch, l Look, found []doctor.Finding) (changes []Change, err error) {
	err = m.db.Write(ctx, func(tx *sql.Tx) error {
		changes = nil
		// A watch that was removed meanwhile is not made again.
		moved, err := tx.ExecContext(ctx, `UPDATE watch SET next = ? WHERE id = ?`, store.Millis(m.now().Add(w.Every)), w.ID)
		if err != nil {
			return err
		}
		if n, err := moved.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO look (watch, at, verdict, away, fails, warns, passes, took) VALUES (?,?,?,?,?,?,?,?)`,
			w.ID, store.Millis(l.At), string(l.Verdict), l.Away, l.Fails, l.Warns, l.Passes, l.Took.Milliseconds()); err != nil {
			return err
		}
		old := store.Millis(m.now().Add(-kept))
		for _, clean := range []string{`DELETE FROM look WHERE watch = ? AND at < ?`, `DELETE FROM change WHERE watch = ? AND at < ?`} {
			if _, err := tx.ExecContext(ctx, clean, w.ID, old); err != nil {
				return err
			}
		}
		if l.Away {
			return nil
		}
		changes, err = compare(ctx, tx, w, l.At, found)
		return err
	})
	if err != nil {
		return nil, core.E(core.Internal, "save look", err)
	}
	return changes, nil
}

func compare(ctx context.Context, tx *sql.Tx, w Watch, at time.Time, found []doctor.Finding) ([]Change, error) {
	before, err := states(ctx, tx, w.ID)
	if err != nil {
		return nil, err
	}
	first := len(before) == 0
	var changes []Change
	for _, f := range found {
		if f.Verdict == doctor.Skipped {
			continue
		}
		was, known := before[place{f.Check, f.Subject}]
		if known && was.verdict == f.Verdict {
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO state (watch, chk, subject, verdict, reason) VALUES (?,?,?,?,?)`,
			w.ID, f.Check, f.Subject, string(f.Verdict), f.Reason); err != nil {
			return nil, err
		}
		// What is seen for the first time and is fine is no news; the first look is none at all.
		if first || !known && f.Verdict != doctor.Fail && f.Verdict != doctor.Warn {
			continue
		}
		c := Change{WatchID: w.ID, Domain: w.Domain, At: at, Check: f.Check, Subject: f.Subject, From: was.verdict, To: f.Verdict, Reason: f.Reason}
		changes = append(changes, c)
		if _, err := tx.ExecContext(ctx, `INSERT INTO change (watch, at, chk, subject, before, after, reason) VALUES (?,?,?,?,?,?,?)`,
			w.ID, store.Millis(at), c.Check, c.Subject, string(c.From), string(c.To), c.Reason); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

func states(ctx context.Context, tx *sql.Tx, id string) (map[place]standing, error) {
	rows, err := tx.QueryContext(ctx, `SELECT chk, subject, verdict, reason FROM state WHERE watch = ?`, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[place]standing{}
	for rows.Next() {
		var p place
		var s standing
		if err := rows.Scan(&p.check, &p.subject, &s.verdict, &s.reason); err != nil {
			return nil, err
		}
		all[p] = s
	}
	return all, rows.Err()
}

// History lists the looks since a time, oldest first, at most 5,000.
func (m *Monitor) History(ctx context.Context, id string, since time.Time) ([]Look, error) {
	rows, err := m.db.R.QueryContext(ctx, `SELECT at, verdict, away, fails, warns, passes, took FROM look WHERE watch = ? AND at >= ? ORDER BY at DESC LIMIT 5000`, id, store.Millis(since))
	if err != nil {
		return nil, core.E(core.Internal, "read history", err)
	}
	defer func() { _ = rows.Close() }()
	all := []Look{}
	for rows.Next() {
		var l Look
		var at, took int64
		if err := rows.Scan(&at, &l.Verdict, &l.Away, &l.Fails, &l.Warns, &l.Passes, &took); err != nil {
			return nil, core.E(core.Internal, "read history", err)
		}
		l.At, l.Took = store.Time(at), time.Duration(took)*time.Millisecond
		all = append(all, l)
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all, rows.Err()
}

// Changes lists what changed since a time, newest first, at most 500.
func (m *Monitor) Changes(ctx context.Context, id string, since time.Time) ([]Change, error) {
	rows, err := m.db.R.QueryContext(ctx, `SELECT c.at, c.chk, c.subject, c.before, c.after, c.reason, w.domain FROM change c JOIN watch w ON w.id = c.watch
		WHERE c.watch = ? AND c.at >= ? ORDER BY c.at DESC LIMIT 500`, id, store.Millis(since))
	if err != nil {
		return nil, core.E(core.Internal, "read changes", err)
	}
	defer func() { _ = rows.Close() }()
	all := []Change{}
	for rows.Next() {
		c := Change{WatchID: id}
		var at int64
		if err := rows.Scan(&at, &c.Check, &c.Subject, &c.From, &c.To, &c.Reason, &c.Domain); err != nil {
			return nil, core.E(core.Internal, "read changes", err)
		}
		c.At = store.Time(at)
		all = append(all, c)
	}
	return all, rows.Err()
}
