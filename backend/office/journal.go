package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"runtime"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

// inPart is how many steps of a plan lie together on the disk.
const inPart = 100

// written is a step as it was planned, on the disk.
type written struct {
	Change  *Change `json:"change"`
	Step    *Step   `json:"step"`
	Before  *thing  `json:"before,omitempty"`
	Outcome Outcome `json:"outcome"`
}

// heard is what became of a step, on the disk. Step and Before only where the step itself
// is another one than was planned.
type heard struct {
	Number  int     `json:"n"`
	Outcome Outcome `json:"o"`
	Made    string  `json:"made,omitempty"`
	Trouble string  `json:"trouble,omitempty"`
	At      int64   `json:"at"`
	Step    *Step   `json:"step,omitempty"`
	Before  *thing  `json:"before,omitempty"`
}

// begin writes a run and all its steps down, many steps in a row, and those before upTo
// as about to be sent: what is planned never changes, and what becomes of it is added in
// pages.
func (b *Book) begin(ctx context.Context, r Run, items []item, upTo int) error {
	parts, err := partsOf(items, upTo)
	if err != nil {
		return core.E(core.Internal, "begin run", err)
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO run (id, office, title, started, ended, state, undoes, trouble, counts) VALUES (?,?,?,?,0,?,?,'',?)`,
			r.ID, r.Office, r.Title, store.Millis(r.Started), string(r.State), r.Undoes, r.writeCounts()); err != nil {
			return err
		}
		for i, text := range parts {
			last := min((i+1)*inPart, len(items))
			if _, err := tx.ExecContext(ctx, `INSERT INTO part VALUES (?,?,?,?)`, r.ID, i*inPart+1, last, text); err != nil {
				return err
			}
		}
		return nil
	})
}

// partsOf writes steps, on all processors.
func partsOf(items []item, upTo int) ([]string, error) {
	parts := make([]string, (len(items)+inPart-1)/inPart)
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range parts {
		work.Go(func() error {
			steps := make([]written, 0, inPart)
			for n := i * inPart; n < min((i+1)*inPart, len(items)); n++ {
				it := &items[n]
				one := written{Change: &it.change, Step: &it.step, Outcome: it.outcome}
				if !it.before.none() {
					one.Before = &it.before
				}
				if n < upTo && one.Outcome == Waiting {
					one.Outcome = Sent
				}
				steps = append(steps, one)
			}
			text, err := json.Marshal(steps)
			parts[i] = string(text)
			return err
		})
	}
	return parts, work.Wait()
}

// advance writes down what became of steps, and which are about to be sent.
func (b *Book) advance(ctx context.Context, r Run, items []item, about []int) error {
	first, last, sent := 0, 0, ""
	span := func(number int) {
		if first == 0 || number < first {
			first = number
		}
		last = max(last, number)
	}
	if len(about) > 0 {
		ends := [2]int{about[0], about[len(about)-1]}
		text, _ := json.Marshal(ends) // numbers only: it cannot fail
		sent = string(text)
		span(ends[0])
		span(ends[1])
	}
	told := []byte("[]")
	if len(items) > 0 {
		all := make([]heard, len(items))
		for i, it := range items {
			all[i] = it.heard()
			span(it.step.Number)
		}
		var err error
		if told, err = json.Marshal(all); err != nil {
			return core.E(core.Internal, "write steps", err)
		}
	}
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		if last > 0 {
			if _, err := tx.ExecContext(ctx, `INSERT INTO page (run, first, last, told, sent) VALUES (?,?,?,?,?)`, r.ID, first, last, string(told), sent); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE run SET state=?, ended=?, trouble=?, counts=? WHERE id=?`,
			string(r.State), store.Millis(r.Ended), writeError(r.Trouble), r.writeCounts(), r.ID)
		return err
	})
}

func (it item) heard() heard {
	t := heard{Number: it.step.Number, Outcome: it.outcome, Made: it.made, Trouble: writeError(it.trouble), At: store.Millis(it.at)}
	if it.altered {
		t.Step, t.Before = &it.step, &it.before
	}
	return t
}

// hear is told what became of the step.
func (it *item) hear(t heard) {
	it.outcome, it.made, it.trouble, it.at = t.Outcome, t.Made, readError(t.Trouble), store.Time(t.At)
	if t.Step != nil {
		it.step = *t.Step
	}
	if t.Before != nil {
		it.before = *t.Before
	}
}

// open is true for a step of which something is still to be done or found out.
func (it item) open() bool {
	switch it.outcome {
	case Waiting, Sent, Failed, Unsure:
		return true
	}
	return false
}

// items reads steps of a run in their order; limit 0: all. What was planned is read
// first, then page by page what became of it.
func (b *Book) items(ctx context.Context, run string, from, limit int) ([]item, error) {
	low, high := max(from, 0)+1, int(^uint32(0)>>1)
	if limit > 0 {
		high = low + limit - 1
	}
	all, err := b.planned(ctx, run, low, high)
	if err == nil && len(all) > 0 {
		err = b.replay(ctx, run, all)
	}
	return all, err
}

// planned reads steps as they were planned.
func (b *Book) planned(ctx context.Context, run string, low, high int) (all []item, err error) {
	parts, err := b.texts(ctx, `SELECT steps FROM part WHERE run=? AND last>=? AND first<=? ORDER BY first`, run, low, high)
	if err != nil {
		return nil, err
	}
	for _, text := range parts {
		var steps []written
		if err := json.Unmarshal([]byte(text), &steps); err != nil {
			return nil, core.E(core.Malformed, "read steps", err)
		}
		for _, s := range steps {
			if s.Step == nil || s.Change == nil {
				return nil, core.E(core.Malformed, "read steps", nil)
			}
			if s.Step.Number < low || s.Step.Number > high {
				continue
			}
			it := item{planned: &planned{step: *s.Step, change: *s.Change}, outcome: s.Outcome}
			if s.Before != nil {
				it.before = *s.Before
			}
			all = append(all, it)
		}
	}
	return all, nil
}

// replay brings steps that follow one another up to the last page.
func (b *Book) replay(ctx context.Context, run string, all []item) (err error) {
	first, last := all[0].step.Number, all[len(all)-1].step.Number
	rows, err := b.db.R.QueryContext(ctx, `SELECT told, sent FROM page WHERE run=? AND last>=? AND first<=? ORDER BY id`, run, first, last)
	if err != nil {
		return core.E(core.CodeOf(err), "read steps", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var of []heard
		var text, sent string
		if err := rows.Scan(&text, &sent); err != nil {
			return core.E(core.CodeOf(err), "read steps", err)
		}
		if err := json.Unmarshal([]byte(text), &of); err != nil {
			return core.E(core.Malformed, "read steps", err)
		}
		for _, t := range of {
			if t.Number >= first && t.Number <= last {
				all[t.Number-first].hear(t)
			}
		}
		if err := announced(all, first, sent); err != nil {
			return err
		}
	}
	return rows.Err()
}

// announced marks steps that were about to be sent; what was done stays so.
func announced(all []item, first int, sent string) error {
	var ends [2]int
	if sent == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(sent), &ends); err != nil {
		return core.E(core.Malformed, "read steps", err)
	}
	for n := max(ends[0], first); n <= min(ends[1], first+len(all)-1); n++ {
		if it := &all[n-first]; it.open() {
			it.outcome = Sent
		}
	}
	return nil
}

// texts reads the one column of rows.
func (b *Book) texts(ctx context.Context, query string, args ...any) (all []string, err error) {
	rows, err := b.db.R.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read runs", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, core.E(core.CodeOf(err), "read runs", err)
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
