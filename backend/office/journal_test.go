package office

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/store"
)

// newcomers are the steps of a plan that creates so many people; the eighth is refused.
func newcomers(n int) (items []item) {
	for i := range n {
		c := Change{Kind: CreatePerson, Row: i + 2, Password: fmt.Sprint("p", i), Person: provider.Person{Address: fmt.Sprintf("neu%d@office.example", i), Name: "王小\"明\"", Quota: -1}}
		it := item{outcome: Waiting, planned: &planned{change: c, step: Step{Number: i + 1, Kind: c.Kind, Label: c.Person.Address, Row: c.Row, Undoable: i%2 == 0, Diffs: c.diffs(thing{}, c.effect(thing{}, keep), nil)}}}
		if i == 7 {
			it.outcome = Refused
		}
		items = append(items, it)
	}
	return items
}

func openBook(t *testing.T, dir string) *Book {
	t.Helper()
	book, err := OpenBook(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book
}

// wantItems compares what the disk says of steps with what a model says.
func wantItems(t *testing.T, when string, got, want []item) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d steps, want %d", when, len(got), len(want))
	}
	for i, it := range got {
		w := want[i]
		if it.outcome != w.outcome || it.made != w.made || core.CodeOf(it.trouble) != core.CodeOf(w.trouble) || !it.at.Equal(w.at) ||
			!reflect.DeepEqual(it.change, w.change) || !reflect.DeepEqual(it.step, w.step) || !reflect.DeepEqual(it.before, w.before) {
			t.Fatalf("%s: step %d is %s %q %v %+v\nwant %s %q %v %+v", when, i+1, it.outcome, it.made, it.trouble, it.step, w.outcome, w.made, w.trouble, w.step)
		}
	}
}

// A program may be cut off after any page: what was planned, what became of it and what
// may have been sent is known then, whole or by pages, and counted.
func TestAfterAnyPageTheDiskKnowsEachStep(t *testing.T) {
	const many = 120
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	dir, ctx := t.TempDir(), t.Context()
	book := openBook(t, dir)
	model := newcomers(many)
	w := &work{items: slices.Clone(model)}
	run := Run{ID: "r1", Office: "o", Title: "O", Started: time.Now(), State: Running}
	run.tally(model)
	if err := book.begin(ctx, run, model, w.first()); err != nil {
		t.Fatal(err)
	}
	for i := range model[:w.announced] {
		if model[i].outcome == Waiting {
			model[i].outcome = Sent
		}
	}
	for page := range 10 {
		var dirty []item
		for range r.IntN(30) {
			it := &model[r.IntN(many)]
			it.outcome = pick(r, Made, There, Failed, Unsure, Waiting)
			it.at, it.made, it.trouble, it.altered = time.UnixMilli(1+r.Int64N(1e12)), fmt.Sprint("u", r.IntN(99)), nil, false
			if it.outcome == Failed {
				it.trouble = core.E(core.Rejected, "create", nil, "vendorCode", "7")
			}
			if r.IntN(5) == 0 {
				it.altered, it.before, it.step.Label = true, thing{Person: &provider.Person{ID: "x", Name: fmt.Sprint(page)}}, fmt.Sprint("label", page)
			}
			dirty = append(dirty, *it)
		}
		var about []int
		if r.IntN(2) == 0 {
			from := 1 + r.IntN(many)
			for n := from; n <= min(from+ahead, many); n++ {
				about = append(about, n)
				if model[n-1].open() {
					model[n-1].outcome = Sent
				}
			}
		}
		run.tally(model)
		if err := book.advance(ctx, run, dirty, about); err != nil {
			t.Fatal(err)
		}
		if page%4 == 3 {
			_ = book.Close()
			book = openBook(t, dir)
		}
		got, err := book.items(ctx, "r1", 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		wantItems(t, fmt.Sprint("after page ", page), got, model)
		from, limit := r.IntN(many+10), 1+r.IntN(120)
		if got, err = book.items(ctx, "r1", from, limit); err != nil {
			t.Fatal(err)
		}
		wantItems(t, fmt.Sprintf("page %d, steps %d+%d", page, from, limit), got, model[min(from, many):min(from+limit, many)])
		now, err := book.run(ctx, "r1")
		if err != nil || now.Total != run.Total || now.Done != run.Done || now.Failed != run.Failed || now.CanUndo != run.CanUndo || !reflect.DeepEqual(now.Kinds, run.Kinds) {
			t.Fatalf("after page %d: %+v, want %+v, %v", page, now, run, err)
		}
		if page%4 != 0 {
			continue
		}
		handles, err := book.pendingPasswords(ctx)
		want := 0
		for _, it := range model {
			if it.open() {
				want++
			}
		}
		if err != nil || len(handles) != want {
			t.Fatalf("after page %d: %d passwords, want %d, %v", page, len(handles), want, err)
		}
	}
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// Runs of the two forms in which earlier programs wrote them down are read as they were:
// a row for each step, and one text for a run that has just begun.
func TestRunsOfEarlierProgramsAreStillKnown(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	old, err := store.Open(ctx, filepath.Join(dir, File), migrations[:2], store.Beside())
	if err != nil {
		t.Fatal(err)
	}
	want := newcomers(110)
	for i := range want[:50] {
		want[i].made, want[i].at = fmt.Sprint("u", i), time.UnixMilli(1_700_000_000_000)
		if want[i].outcome = Made; i%9 == 0 {
			want[i].outcome, want[i].trouble = Failed, core.E(core.Rejected, "create", nil, "vendorCode", "7")
		}
	}
	var folded []any
	err = old.Write(ctx, func(tx *sql.Tx) error {
		for _, run := range []string{"rows", "text"} {
			if _, err := tx.ExecContext(ctx, `INSERT INTO run VALUES (?,'o','O',?,0,'running','','')`, run, store.Millis(time.Now())); err != nil {
				return err
			}
		}
		for _, it := range want {
			var texts [3]string
			for i, part := range []any{it.change, it.step, it.before} {
				text, err := json.Marshal(part)
				if err != nil {
					return err
				}
				texts[i] = string(text)
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO item VALUES ('rows',?,?,?,?,?,?,?,?,?,?)`, it.step.Number, string(it.step.Kind), it.step.Undoable,
				texts[0], texts[1], texts[2], string(it.outcome), it.made, writeError(it.trouble), store.Millis(it.at)); err != nil {
				return err
			}
			folded = append(folded, []any{it.step.Number, it.step.Kind, it.step.Undoable, it.change, it.step, it.before, it.outcome})
		}
		text, err := json.Marshal(folded)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO folded VALUES ('text',?)`, string(text))
		return err
	})
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	book := openBook(t, dir)
	for _, run := range []string{"rows", "text"} {
		got, err := book.items(ctx, run, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		model := slices.Clone(want)
		for i := range model {
			if run == "text" {
				model[i].made, model[i].trouble, model[i].at = "", nil, time.Time{}
			}
		}
		wantItems(t, run, got, model)
		counted := Run{}
		counted.tally(model)
		if now, err := book.run(ctx, run); err != nil || now.Total != 110 || now.Done != counted.Done || now.Failed != counted.Failed || now.CanUndo != counted.CanUndo {
			t.Errorf("%s: %+v %v", run, now, err)
		}
	}
}
