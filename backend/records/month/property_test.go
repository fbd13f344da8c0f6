package month

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records/query"
)

// model is what a month promises, kept in the simplest way.
type model struct {
	now  map[uint64]kept // by key
	past map[uint64][]logs.Record
}

type kept struct {
	record logs.Record
	id     int64
}

func newModel() *model { return &model{now: map[uint64]kept{}, past: map[uint64][]logs.Record{}} }

// add says what becomes of a batch.
func (m *model) add(items []Item, records []logs.Record) (t Tally) {
	for i := range items {
		key, r := items[i].Key(), records[i]
		had, known := m.now[key]
		switch {
		case !known:
			m.now[key] = kept{record: r}
			t.New++
		case reflect.DeepEqual(had.record, r), r.Outcome == logs.Pending && had.record.Outcome != logs.Pending && had.record.Outcome != "":
			t.Same++
		default:
			m.past[key] = append(m.past[key], had.record)
			had.record = r
			m.now[key] = had
			t.Updated++
		}
	}
	return t
}

// trial is a month beside its model.
type trial struct {
	*testing.T
	r     *rand.Rand
	path  string
	m     *Month
	model *model
	told  []logs.Record // everything that was ever told, to be told again
}

// batch makes records to add: new ones, old ones again, some of them with another
// outcome, in no order, some of one moment.
func (tr *trial) batch() []logs.Record {
	r := tr.r
	records := some(r, 1+r.IntN(60))
	for i := range records {
		if records[i].ID == "" {
			continue
		}
		records[i].ID = fmt.Sprint("id", len(tr.told)+i)
	}
	for range r.IntN(40) {
		if len(tr.told) == 0 {
			break
		}
		again := pick(r, tr.told)
		if r.IntN(2) == 0 {
			again.Outcome, again.Said = pick(r, logs.Outcomes()), pick(r, []string{"", "said", "另一个"})
		}
		if r.IntN(8) == 0 {
			again.Remark = pick(r, []string{"催款", "moved to junk", ""})
		}
		records = append(records, again)
	}
	crowd := records[r.IntN(len(records))]
	for i := range r.IntN(3) * 20 {
		one := crowd
		one.ID, one.MessageID = fmt.Sprint("crowd", len(tr.told), i), fmt.Sprintf("<c%d@x.example>", i)
		records = append(records, one)
	}
	r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	return records
}

// step adds a batch, or tries to and is stopped.
func (tr *trial) step() {
	records := tr.batch()
	// In one batch the order of time counts: a month sorts what it is given.
	slices.SortStableFunc(records, func(a, b logs.Record) int { return a.At.Compare(b.At) })
	items := numbered(records)
	if tr.r.IntN(6) == 0 {
		ctx, cancel := context.WithCancel(tr.Context())
		cancel()
		if _, err := tr.m.Add(ctx, items, time.Now()); core.CodeOf(err) != core.Canceled {
			tr.Fatalf("stopped: %v", err)
		}
		return
	}
	want := tr.model.add(items, records)
	got, err := tr.m.Add(tr.Context(), items, time.Now())
	if err != nil || got != want {
		tr.Fatalf("got %+v %v, want %+v", got, err, want)
	}
	tr.told = append(tr.told, records...)
}

// again ends the month and opens it anew, in the way of a program that ends or of one
// that is killed.
func (tr *trial) again() {
	switch tr.r.IntN(3) {
	case 0:
		tr.m.Rest()
		return
	case 1:
		if err := tr.m.Close(); err != nil {
			tr.Fatal(err)
		}
	case 2: // what lies on the disk while the file is open
		path := filepath.Join(tr.TempDir(), filepath.Base(tr.path))
		for _, suffix := range []string{"", "-wal"} {
			raw, err := os.ReadFile(tr.path + suffix)
			if err != nil {
				tr.Fatal(err)
			}
			if err := os.WriteFile(path+suffix, raw, 0o600); err != nil {
				tr.Fatal(err)
			}
		}
		if err := tr.m.Close(); err != nil {
			tr.Fatal(err)
		}
		tr.path = path
	}
	var err error
	if tr.m, err = Open(tr.Context(), tr.path, shanghai); err != nil {
		tr.Fatal(err)
	}
}

// check holds the month against its model.
func (tr *trial) check() {
	tr.Helper()
	var all []Hit
	if err := tr.m.Each(tr.Context(), func(h Hit) error { all = append(all, h); return nil }); err != nil {
		tr.Fatal(err)
	}
	if n, err := tr.m.Len(tr.Context()); err != nil || len(all) != len(tr.model.now) || n != int64(len(all)) {
		tr.Fatalf("%d rows and a length of %d, %d are there; %v", len(all), n, len(tr.model.now), err)
	}
	for i, h := range all {
		key := Prepare("s", 7, h.Nth, &h.Record)
		had, known := tr.model.now[key.Key()]
		if !known || !reflect.DeepEqual(had.record, h.Record) {
			tr.Fatalf("row %d:\n got %+v\nwant %+v", i, h.Record, had.record)
		}
		if had.id != 0 && had.id != h.ID {
			tr.Fatalf("the place of a row went from %d to %d", had.id, h.ID)
		}
		had.id = h.ID
		tr.model.now[key.Key()] = had
		if i > 0 && h.ID <= all[i-1].ID {
			tr.Fatal("rows are not in order")
		}
		if past := tr.model.past[key.Key()]; len(past) > 0 && i%4 == 0 || i%50 == 0 {
			tr.row(h, past)
		}
	}
	slices.Reverse(all)
	for range 8 {
		tr.ask(pick(tr.r, questions), all)
	}
	tr.sums(all)
}

func (tr *trial) row(h Hit, past []logs.Record) {
	tr.Helper()
	if one, err := tr.m.Row(tr.Context(), h.ID); err != nil || !reflect.DeepEqual(one, h) {
		tr.Fatalf("by its place: %+v %v", one, err)
	}
	got, err := tr.m.History(tr.Context(), h.ID)
	if err != nil || len(got) != len(past) {
		tr.Fatalf("%d of its past, want %d; %v", len(got), len(past), err)
	}
	for i := range past {
		if !reflect.DeepEqual(got[i].Hit.Record, past[i]) {
			tr.Fatalf("past %d:\n got %+v\nwant %+v", i, got[i].Hit.Record, past[i])
		}
	}
}

// ask compares a search, whole or from some place on, with reading everything.
func (tr *trial) ask(text string, newest []Hit) {
	tr.Helper()
	q, err := query.Parse(text, shanghai)
	if err != nil {
		tr.Fatal(err)
	}
	before := int64(0)
	if tr.r.IntN(2) == 0 && len(newest) > 0 {
		before = pick(tr.r, newest).ID
	}
	var want, got []int64
	for i := range newest {
		if q.Match(&newest[i].Record) && (before == 0 || newest[i].ID < before) {
			want = append(want, newest[i].ID)
		}
	}
	for _, h := range find(tr.T, tr.m, text, before, 1<<30) {
		got = append(got, h.ID)
	}
	if !slices.Equal(got, want) {
		tr.Fatalf("%q before %d: %d found, %d are there", text, before, len(got), len(want))
	}
}

func (tr *trial) sums(all []Hit) {
	tr.Helper()
	type line struct {
		day     string
		kind    logs.Kind
		outcome logs.Outcome
		person  string
	}
	want, got := map[line][2]int64{}, map[line][2]int64{}
	for _, h := range all {
		r := h.Record
		l := line{r.At.In(shanghai).Format(time.DateOnly), r.Kind, r.Outcome, r.Person}
		want[l] = [2]int64{want[l][0] + int64(max(r.Times, 1)), want[l][1] + r.Size}
	}
	if err := tr.m.Sums(tr.Context(), "2026-10-01", "2026-12-31", func(s Sum) { got[line{s.Day, s.Kind, s.Outcome, s.Person}] = [2]int64{s.N, s.Bytes} }); err != nil {
		tr.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		tr.Fatalf("%d sums, want %d", len(got), len(want))
	}
}

// Whatever is told in whatever order, however often, with ends, kills and stops in
// between: everything once, as it was told last, with its past, and found.
func TestAMonthKeepsItsPromisesWhateverHappens(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			tr := &trial{T: t, r: rand.New(rand.NewPCG(seed, 0x570e)), path: filepath.Join(t.TempDir(), "2026-11.db"), model: newModel()}
			var err error
			if tr.m, err = Open(t.Context(), tr.path, shanghai); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tr.m.Close() }()
			for i := range 18 {
				tr.step()
				if tr.r.IntN(5) == 0 {
					tr.again()
				}
				if i%6 == 5 {
					tr.check()
				}
			}
		})
	}
}
