package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// item is one step of a run and what became of it.
type item struct {
	planned
	outcome Outcome
	made    string // ID of what was created
	trouble error
	at      time.Time
	doubt   bool // an earlier try was sent, and its answer is not known
	altered bool // the step itself is another one than on the disk
}

func (it item) result() Result {
	return Result{Step: it.step, Outcome: it.outcome, NewID: it.made, Trouble: it.trouble, At: it.at}
}

// kept is an error on the disk.
type keptError struct {
	Code core.Code         `json:"code"`
	Op   string            `json:"op"`
	Args map[string]string `json:"args,omitempty"`
}

func writeError(err error) string {
	if err == nil {
		return ""
	}
	op := ""
	if e, ok := errors.AsType[*core.Error](err); ok {
		op = e.Op
	}
	text, _ := json.Marshal(keptError{core.CodeOf(err), op, core.ArgsOf(err)}) // strings only: it cannot fail
	return string(text)
}

func readError(text string) error {
	var k keptError
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return core.E(core.Malformed, "read trouble", err)
	}
	e := core.E(k.Code, k.Op, nil)
	e.Args = k.Args
	return e
}

// begin writes a run and all its steps down. The steps stay folded into one text, since a row for each would take longer than the rest
// of a beginning: advance unfolds them while the provider works, and until then the view
// "steps" does.
func (b *Book) begin(ctx context.Context, r Run, items []item) error {
	folded, err := fold(items)
	if err != nil {
		return err
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO run VALUES (?,?,?,?,0,?,?,'')`, r.ID, r.Office, r.Title, store.Millis(r.Started), string(r.State), r.Undoes); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO folded VALUES (?,?)`, r.ID, folded)
		return err
	})
}

// fold writes new steps as the table folded has them, on all processors.
func fold(items []item) (string, error) {
	texts := make([]string, len(items))
	share := len(items)/runtime.GOMAXPROCS(0) + 1
	var work errgroup.Group
	for from := 0; from < len(items); from += share {
		work.Go(func() error {
			for i := from; i < min(from+share, len(items)); i++ {
				it := items[i]
				text, err := json.Marshal([]any{it.step.Number, it.step.Kind, it.step.Undoable, it.change, it.step, it.before, it.outcome})
				if err != nil {
					return err
				}
				texts[i] = string(text)
			}
			return nil
		})
	}
	err := work.Wait()
	return "[" + strings.Join(texts, ",") + "]", err
}

// unfold gives each step of a run its row: of the steps at hand, as begin had them, or
// of what a program that was cut off has left. Nothing happens where they have it.
func unfold(ctx context.Context, tx *sql.Tx, run string, fresh []item) error {
	if len(fresh) == 0 {
		if _, err := tx.ExecContext(ctx, `INSERT INTO item SELECT * FROM unfolded WHERE run=?`, run); err != nil {
			return err
		}
	} else if err := insert(ctx, tx, run, fresh); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM folded WHERE run=?`, run)
	return err
}

func insert(ctx context.Context, tx *sql.Tx, run string, items []item) error {
	one, err := tx.PrepareContext(ctx, `INSERT INTO item VALUES (?,?,?,?,?,?,?,?,'','',0)`)
	if err != nil {
		return err
	}
	defer one.Close()
	for _, it := range items {
		change, step, before, err := it.texts()
		if err != nil {
			return err
		}
		if _, err := one.ExecContext(ctx, run, it.step.Number, string(it.step.Kind), it.step.Undoable, change, step, before, string(it.outcome)); err != nil {
			return err
		}
	}
	return nil
}

// texts are the parts of a step for the disk.
func (it item) texts() (change, step, before string, err error) {
	for _, part := range []struct {
		to   *string
		from any
	}{{&change, it.change}, {&step, it.step}, {&before, it.before}} {
		text, err := json.Marshal(part.from)
		if err != nil {
			return "", "", "", err
		}
		*part.to = string(text)
	}
	return change, step, before, nil
}

// advance writes down what became of steps, and which are about to be sent. fresh are
// the steps of a run that has just begun, as they were then.
func (b *Book) advance(ctx context.Context, r Run, fresh, items []item, about []int) error {
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		if err := unfold(ctx, tx, r.ID, fresh); err != nil {
			return err
		}
		update, err := tx.PrepareContext(ctx, `UPDATE item SET outcome=?, made=?, trouble=?, at=? WHERE run=? AND number=?`)
		if err != nil {
			return err
		}
		defer update.Close()
		for _, it := range items {
			if _, err := update.ExecContext(ctx, string(it.outcome), it.made, writeError(it.trouble), store.Millis(it.at), r.ID, it.step.Number); err != nil {
				return err
			}
			if !it.altered {
				continue
			}
			_, step, before, err := it.texts()
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE item SET step=?, before=? WHERE run=? AND number=?`, step, before, r.ID, it.step.Number); err != nil {
				return err
			}
		}
		if len(about) > 0 { // what was done stays so
			if _, err := tx.ExecContext(ctx, `UPDATE item SET outcome='sent' WHERE run=? AND number BETWEEN ? AND ? AND outcome IN ('waiting','failed','unsure')`,
				r.ID, about[0], about[len(about)-1]); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE run SET state=?, ended=?, trouble=? WHERE id=?`, string(r.State), store.Millis(r.Ended), writeError(r.Trouble), r.ID)
		return err
	})
}

// cutOff marks runs that were at work when their program ended; those that another
// program of this computer is at are left alone.
func (b *Book) cutOff(ctx context.Context) error {
	offices, err := b.atWork(ctx)
	if err != nil {
		return core.E(core.CodeOf(err), "read runs", err)
	}
	for _, office := range offices {
		lock, err := b.tryTurn(office)
		if err != nil {
			return err
		}
		if lock == nil {
			continue
		}
		err = b.db.Write(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE run SET state='interrupted' WHERE office=? AND state IN ('running','stopping')`, office)
			return err
		})
		if err = errors.Join(err, lock.Close()); err != nil {
			return err
		}
	}
	return nil
}

// atWork are the offices of which runs are written down as being at work.
func (b *Book) atWork(ctx context.Context) (offices []string, err error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT DISTINCT office FROM run WHERE state IN ('running','stopping')`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var office string
		if err := rows.Scan(&office); err != nil {
			return nil, err
		}
		offices = append(offices, office)
	}
	return offices, rows.Err()
}

const runColumns = `SELECT id, office, title, started, ended, state, undoes, trouble,
	coalesce((SELECT u.id FROM run u WHERE u.undoes=run.id ORDER BY u.started DESC LIMIT 1), '') FROM run `

// runs reads runs, the newest first. "" for the office: of all.
func (b *Book) runs(ctx context.Context, office string, limit int) (all []Run, err error) {
	rows, err := b.db.R.QueryContext(ctx, runColumns+`WHERE ?='' OR office=? ORDER BY started DESC, id LIMIT ?`, office, office, limit)
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read runs", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		r, err := scanRun(rows)
		if err != nil {
			return nil, core.E(core.CodeOf(err), "read runs", err)
		}
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return nil, core.E(core.CodeOf(err), "read runs", err)
	}
	for i := range all {
		if err := b.count(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (b *Book) run(ctx context.Context, id string) (Run, error) {
	r, err := scanRun(b.db.R.QueryRowContext(ctx, runColumns+`WHERE id=?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, core.E(core.NotFound, "read run", nil, "id", id)
	}
	if err != nil {
		return r, core.E(core.CodeOf(err), "read run", err)
	}
	return r, b.count(ctx, &r)
}

func scanRun(row interface{ Scan(...any) error }) (Run, error) {
	var r Run
	var started, ended int64
	var state, trouble string
	err := row.Scan(&r.ID, &r.Office, &r.Title, &started, &ended, &state, &r.Undoes, &trouble, &r.Undone)
	r.Started, r.Ended, r.State, r.Trouble = store.Time(started), store.Time(ended), State(state), readError(trouble)
	return r, err
}

// count fills in how many steps a run has and what became of them.
func (b *Book) count(ctx context.Context, r *Run) (err error) {
	rows, err := b.db.R.QueryContext(ctx, `SELECT kind, outcome, back, count(*) FROM steps WHERE run=? GROUP BY kind, outcome, back`, r.ID)
	if err != nil {
		return core.E(core.CodeOf(err), "read run", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	r.Kinds = map[Kind]int{}
	for rows.Next() {
		var kind, outcome string
		var back bool
		var n int
		if err := rows.Scan(&kind, &outcome, &back, &n); err != nil {
			return core.E(core.CodeOf(err), "read run", err)
		}
		r.Kinds[Kind(kind)] += n
		r.add(Outcome(outcome), back, n)
	}
	if r.Undone != "" {
		r.CanUndo = 0
	}
	return rows.Err()
}

// add counts steps.
func (r *Run) add(o Outcome, back bool, n int) {
	r.Total += n
	switch o {
	case Made, There:
		r.Done += n
	case Failed, Refused, Unsure:
		r.Failed += n
	}
	if o == Made && back {
		r.CanUndo += n
	}
}

// items reads steps of a run in their order; limit 0: all.
func (b *Book) items(ctx context.Context, run string, from, limit int) (all []item, err error) {
	if limit <= 0 {
		limit = -1
	}
	rows, err := b.db.R.QueryContext(ctx, `SELECT change, step, before, outcome, made, trouble, at FROM steps WHERE run=? ORDER BY number LIMIT ? OFFSET ?`, run, limit, max(from, 0))
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read steps", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var it item
		var change, step, before, outcome, trouble string
		var at int64
		if err := rows.Scan(&change, &step, &before, &outcome, &it.made, &trouble, &at); err != nil {
			return nil, core.E(core.CodeOf(err), "read steps", err)
		}
		for _, part := range []struct {
			from string
			to   any
		}{{change, &it.change}, {step, &it.step}, {before, &it.before}} {
			if err := json.Unmarshal([]byte(part.from), part.to); err != nil {
				return nil, core.E(core.Malformed, "read steps", err)
			}
		}
		it.outcome, it.trouble, it.at = Outcome(outcome), readError(trouble), store.Time(at)
		all = append(all, it)
	}
	return all, rows.Err()
}
