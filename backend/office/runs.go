package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// item is one step of a run and what became of it.
type item struct {
	*planned
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
	coalesce((SELECT u.id FROM run u WHERE u.undoes=run.id ORDER BY u.started DESC LIMIT 1), ''), counts FROM run `

// runs reads runs, the newest first. "" for the office: of all.
func (b *Book) runs(ctx context.Context, office string, limit int) (all []Run, err error) {
	rows, err := b.db.R.QueryContext(ctx, runColumns+`WHERE ?='' OR office=? ORDER BY started DESC, id LIMIT ?`, office, office, limit)
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read runs", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var counted []string
	for rows.Next() {
		r, counts, err := scanRun(rows)
		if err != nil {
			return nil, core.E(core.CodeOf(err), "read runs", err)
		}
		all, counted = append(all, r), append(counted, counts)
	}
	if err := rows.Err(); err != nil {
		return nil, core.E(core.CodeOf(err), "read runs", err)
	}
	for i := range all {
		if err := b.count(ctx, &all[i], counted[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (b *Book) run(ctx context.Context, id string) (Run, error) {
	r, counts, err := scanRun(b.db.R.QueryRowContext(ctx, runColumns+`WHERE id=?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, core.E(core.NotFound, "read run", nil, "id", id)
	}
	if err != nil {
		return r, core.E(core.CodeOf(err), "read run", err)
	}
	return r, b.count(ctx, &r, counts)
}

func scanRun(row interface{ Scan(...any) error }) (r Run, counts string, err error) {
	var started, ended int64
	var state, trouble string
	err = row.Scan(&r.ID, &r.Office, &r.Title, &started, &ended, &state, &r.Undoes, &trouble, &r.Undone, &counts)
	r.Started, r.Ended, r.State, r.Trouble = store.Time(started), store.Time(ended), State(state), readError(trouble)
	return r, counts, err
}

// count fills in how many steps a run has and what became of them, as they were counted when it was last written down.
func (b *Book) count(ctx context.Context, r *Run, counts string) error {
	if counts == "" { // of a program that did not count
		items, err := b.items(ctx, r.ID, 0, 0)
		if err != nil {
			return err
		}
		r.tally(items)
	} else if err := r.readCounts(counts); err != nil {
		return core.E(core.Malformed, "read run", err)
	}
	if r.Undone != "" {
		r.CanUndo = 0
	}
	return nil
}

// tally counts steps.
func (r *Run) tally(items []item) {
	r.Total, r.Done, r.Failed, r.CanUndo, r.Kinds = 0, 0, 0, 0, map[Kind]int{}
	for _, it := range items {
		r.Kinds[it.step.Kind]++
		r.add(it.outcome, it.step.Undoable, 1)
	}
}

// counts are a run's figures on the disk.
type counts struct {
	Total, Done, Failed, CanUndo int
	Kinds                        map[Kind]int
}

func (r Run) writeCounts() string {
	text, _ := json.Marshal(counts{r.Total, r.Done, r.Failed, r.CanUndo, r.Kinds}) // numbers only: it cannot fail
	return string(text)
}

func (r *Run) readCounts(text string) error {
	c := counts{Kinds: map[Kind]int{}}
	err := json.Unmarshal([]byte(text), &c)
	r.Total, r.Done, r.Failed, r.CanUndo, r.Kinds = c.Total, c.Done, c.Failed, c.CanUndo, c.Kinds
	return err
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
