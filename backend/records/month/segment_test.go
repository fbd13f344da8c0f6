package month

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"mailroom/backend/logs"
)

// A source that is asked every hour must not make a question look into hundreds of
// segments.
func TestManySmallWindowsBecomeFewSegments(t *testing.T) {
	m := open(t)
	r := rand.New(rand.NewPCG(13, 14))
	total := 0
	for i := range 40 {
		records := some(r, 5)
		for j := range records {
			records[j].ID = fmt.Sprint(i, "-", j)
		}
		total += add(t, m, records).New
	}
	segments, err := m.listSegments(t.Context(), m.db.R, 0, 1<<62)
	if err != nil || len(segments) > 3*mostAlike {
		t.Errorf("%d segments, %v", len(segments), err)
	}
	if n, err := m.Len(t.Context()); err != nil || n != int64(total) {
		t.Errorf("%d rows, want %d; %v", n, total, err)
	}
}

// A segment that was replaced row by row leaves nothing behind.
func TestWhatIsReplacedGivesItsRoomBack(t *testing.T) {
	m := open(t)
	records := some(rand.New(rand.NewPCG(15, 16)), 200)
	for i := range records {
		records[i].Kind, records[i].ID = logs.Sent, fmt.Sprint(i)
	}
	for round := range 6 {
		for i := range records {
			records[i].Remark = fmt.Sprint("round", round)
		}
		add(t, m, records)
	}
	var rows, dead int
	if err := m.db.R.QueryRowContext(t.Context(), `SELECT sum(n), sum(dead) FROM segment`).Scan(&rows, &dead); err != nil || rows > 400 || rows-dead != 200 {
		t.Errorf("%d rows, %d of them dead; %v", rows, dead, err)
	}
	if n := len(find(t, m, "remark:round5", 0, 1000)); n != 200 {
		t.Errorf("%d found", n)
	}
}

func TestListsComeBackAsTheyWereWritten(t *testing.T) {
	var blocks [][]byte
	w := &listWriter{put: func(block []byte) error { blocks = append(blocks, block); return nil }}
	x := newIndex()
	want := map[string][]uint32{}
	r := rand.New(rand.NewPCG(17, 18))
	for row := range uint32(5000) {
		var terms []byte
		for range 8 {
			word := fmt.Sprint(r.IntN(1 + r.IntN(70_000)))
			terms = appendTerm(terms, 't', word)
			if list := want["t"+word]; len(list) == 0 || list[len(list)-1] != row {
				want["t"+word] = append(list, row)
			}
		}
		x.row(terms)
	}
	if err := x.write(w); err != nil {
		t.Fatal(err)
	}
	firsts, err := readFirsts(w.firsts)
	if err != nil || len(firsts) != len(blocks) || len(blocks) < 10 {
		t.Fatalf("%d blocks, %d first terms, %v", len(blocks), len(firsts), err)
	}
	var last []byte
	seen := 0
	for i, block := range blocks {
		lists, err := openLists(block)
		if err != nil {
			t.Fatal(err)
		}
		for lists.next() {
			if bytes.Compare(last, lists.term) >= 0 || blockOf(firsts, lists.term) != i {
				t.Fatalf("%q is out of order, or not in its block %d", lists.term, i)
			}
			last = bytes.Clone(lists.term)
			if rows, err := lists.appendRows(nil); err != nil || !slices.Equal(rows, want[string(last)]) {
				t.Fatalf("%q: %v, want %v; %v", last, rows, want[string(last)], err)
			}
			seen++
		}
	}
	if seen != len(want) {
		t.Errorf("%d terms, want %d", seen, len(want))
	}
}

// Many goroutines read what one writes: each sees a whole month.
func TestReadersSeeAWholeMonthWhileItGrows(t *testing.T) {
	m := open(t)
	r := rand.New(rand.NewPCG(19, 20))
	done := make(chan error, 2)
	stop := make(chan struct{})
	for range cap(done) {
		go func() {
			for {
				n, last := 0, int64(0)
				err := m.Each(t.Context(), func(h Hit) error {
					if h.ID <= last {
						return fmt.Errorf("%d after %d", h.ID, last)
					}
					n, last = n+1, h.ID
					return nil
				})
				if err == nil && n%10 != 0 {
					err = fmt.Errorf("%d rows: half a batch", n)
				}
				select {
				case <-stop:
					done <- err
					return
				default:
				}
				if err != nil {
					done <- err
					return
				}
			}
		}()
	}
	for i := range 20 {
		records := some(r, 10)
		for j := range records {
			records[j].ID = fmt.Sprint(i, "-", j)
		}
		if _, err := m.Add(t.Context(), numbered(records), time.Now()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func FuzzADamagedBlockIsFoundOut(f *testing.F) {
	block, _ := appendBlock(nil, nil, []int64{5, 9}, [][]byte{[]byte("one"), []byte("two")})
	f.Add(block)
	w := &listWriter{put: func(block []byte) error { f.Add(block); return nil }}
	_, _ = w.add([]byte("tab"), []uint32{1, 500}), w.add([]byte("tac"), []uint32{0})
	_ = w.flush()
	f.Add([]byte{2, 0, 1, 'a', 200, 1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var r rows
		if r.open(raw) == nil && len(r.ids) != len(r.bodies) {
			t.Fatal("a row without a body")
		}
		lists, err := openLists(raw)
		if err != nil {
			return
		}
		for n := 0; lists.next(); n++ {
			if n > len(raw) {
				t.Fatal("more terms than bytes")
			}
			_, _ = lists.appendRows(nil)
		}
		_, _ = readFirsts(raw)
	})
}
