package month

import (
	"math/rand/v2"
	"testing"
	"time"

	"mailroom/backend/logs"
)

// A part of a month is counted and told exactly, wherever it begins: between segments, within
// a crowd of one moment that found no room, beside rows that were replaced.
func TestAPartOfAMonthIsCountedAndToldExactly(t *testing.T) {
	m := open(t)
	m.full = 300
	r := rand.New(rand.NewPCG(41, 42))
	crowded := time.Date(2026, 11, 7, 16, 0, 0, 0, time.UTC)
	for range 3 {
		records := some(r, 150)
		for range 60 { // more than have room in their moment
			one := some(r, 1)[0]
			one.At = crowded.Add(time.Duration(r.IntN(2)-1) * time.Millisecond)
			records = append(records, one)
		}
		add(t, m, records)
		for i := range records { // and with another outcome later
			records[i].Outcome = logs.Bounced
		}
		add(t, m, records[:40])
	}
	var all []Hit
	if err := m.Each(t.Context(), func(h Hit) error { all = append(all, h); return nil }); err != nil {
		t.Fatal(err)
	}
	spans := []Within{{crowded, crowded.AddDate(0, 0, 1)}, {crowded.AddDate(0, 0, -1), crowded}, {time.Unix(0, 0), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}, {crowded, crowded}}
	for range 15 {
		from := time.Date(2026, 10, 25, r.IntN(1000), r.IntN(60), 0, 0, time.UTC)
		spans = append(spans, Within{from, from.Add(time.Duration(r.IntN(400)) * time.Hour)})
	}
	for _, w := range spans {
		var want []int64
		for _, h := range all {
			if at := Moment(h.ID); !at.Before(w.From) && at.Before(w.To) {
				want = append(want, h.ID)
			}
		}
		n, err := m.Count(t.Context(), w)
		if err != nil || n != int64(len(want)) {
			t.Fatalf("%v: %d, want %d; %v", w, n, len(want), err)
		}
		i := 0
		if err := m.EachWithin(t.Context(), w, func(h Hit) error {
			if i >= len(want) || h.ID != want[i] {
				t.Fatalf("%v: row %d is %d", w, i, h.ID)
			}
			i++
			return nil
		}); err != nil || i != len(want) {
			t.Fatalf("%v: %d told, want %d; %v", w, i, len(want), err)
		}
	}
	before, err := m.ChangedWithin(t.Context(), Within{time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || !before.IsZero() {
		t.Errorf("a change in another month: %v %v", before, err)
	}
	if at, err := m.ChangedWithin(t.Context(), Within{all[0].Record.At, all[len(all)-1].Record.At.Add(time.Second)}); err != nil || at.IsZero() {
		t.Errorf("no change: %v %v", at, err)
	}
}
