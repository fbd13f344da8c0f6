package api

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// refusalFile holds refused sign-ins, so that a restart does not make a third try of
// them; losing it loses only that.
const refusalFile = "refusals.db"

// refusalsLast is how long a refusal is remembered: long enough for every lock that a
// provider is known to set, short enough that a mailbox is not barred for ever.
const refusalsLast = 30 * 24 * time.Hour

var refusalMigrations = []string{`
CREATE TABLE refused (
	mark    BLOB    NOT NULL PRIMARY KEY, -- of server, user and password, under a key of the vault
	who     BLOB    NOT NULL,             -- of server and user alone
	times   INTEGER NOT NULL,
	problem TEXT    NOT NULL,             -- JSON: what the server said last
	at      INTEGER NOT NULL
) STRICT;
CREATE INDEX refused_who ON refused(who);`}

// refusalBook remembers refused sign-ins over restarts. It holds no passwords, and
// nothing from which one could be guessed without the vault.
type refusalBook struct{ db *store.DB }

func openRefusals(ctx context.Context, dir string) (*refusalBook, error) {
	db, err := store.Open(ctx, filepath.Join(dir, refusalFile), refusalMigrations, store.Small(1, 200, 200))
	if err != nil {
		return nil, err
	}
	b := &refusalBook{db}
	err = db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM refused WHERE at<?`, time.Now().Add(-refusalsLast).UnixMilli())
		return err
	})
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return b, nil
}

// last tells how often a try was refused, and what the server said.
func (b *refusalBook) last(ctx context.Context, m mark) (times int, problem *Problem, err error) {
	var text string
	var at int64
	err = b.db.R.QueryRowContext(ctx, `SELECT times, problem, at FROM refused WHERE mark=?`, m.try).Scan(&times, &text, &at)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && time.Since(store.Time(at)) > refusalsLast:
		return 0, nil, nil
	case err != nil:
		return 0, nil, core.E(core.Internal, "read refusals", err)
	}
	problem = &Problem{}
	if err := json.Unmarshal([]byte(text), problem); err != nil {
		return 0, nil, core.E(core.Malformed, "read refusals", err)
	}
	return times, problem, nil
}

// add counts one refusal.
func (b *refusalBook) add(ctx context.Context, m mark, problem *Problem) error {
	text, err := json.Marshal(problem)
	if err != nil {
		return core.E(core.Internal, "write refusals", err)
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO refused VALUES (?,?,1,?,?) ON CONFLICT DO UPDATE
			SET times=times+1, problem=excluded.problem, at=excluded.at`, m.try, m.who, string(text), time.Now().UnixMilli())
		return err
	})
}

// forget forgets all refusals of a user at a server, once a sign-in has succeeded.
func (b *refusalBook) forget(ctx context.Context, m mark) error {
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM refused WHERE who=?`, m.who)
		return err
	})
}

// oneMore allows one further try of what was refused too often.
func (b *refusalBook) oneMore(ctx context.Context, m mark) error {
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE refused SET times=? WHERE mark=? AND times>=?`, mostRefusals-1, m.try, mostRefusals)
		return err
	})
}
