package job

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestAThrottleNeverFiresTooOftenAndAlwaysALastTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		var value atomic.Int64
		var seen int64
		th := NewThrottle(200*time.Millisecond, func() { at = append(at, time.Now()); seen = value.Load() })
		for range 1000 {
			value.Add(1)
			th.Mark()
			time.Sleep(time.Millisecond)
		}
		value.Store(4711)
		th.Mark()
		th.Close()
		th.Mark()
		th.Close()
		synctest.Wait()
		if seen != 4711 {
			t.Errorf("the last state was not told: %d", seen)
		}
		if len(at) < 5 || len(at) > 7 {
			t.Errorf("fired %d times in one second", len(at))
		}
		for i := 1; i < len(at)-1; i++ {
			if gap := at[i].Sub(at[i-1]); gap < 200*time.Millisecond {
				t.Errorf("two calls within %s", gap)
			}
		}
	})
}

func TestTimeLeftIsUnknownUntilItIsKnown(t *testing.T) {
	now := time.Unix(1000, 0)
	m := NewMeter(30 * time.Second)
	check := func(what string, known bool) {
		t.Helper()
		if left := m.Speed(now).Left; (left >= 0) != known {
			t.Errorf("%s: left %s", what, left)
		}
	}
	check("nothing measured", false)
	m.Add(now, Amount{})
	check("one measure", false)
	now = now.Add(2 * time.Second)
	m.Add(now, Amount{Done: 10, BytesDone: 1000})
	check("no totals yet", false)
	now = now.Add(2 * time.Second)
	m.Add(now, Amount{Done: 20, Total: 100, BytesDone: 2000, BytesTotal: 10000})
	check("all known", true)
	s := m.Speed(now)
	if s.PerSecond != 5 || s.BytesRate != 500 || s.Left != 16*time.Second {
		t.Errorf("%+v", s)
	}
	now = now.Add(time.Hour)
	m.Add(now, Amount{Done: 20, Total: 100, BytesDone: 2000, BytesTotal: 10000})
	now = now.Add(time.Hour)
	m.Add(now, Amount{Done: 20, Total: 100, BytesDone: 2000, BytesTotal: 10000})
	check("it stands still", false)
}

func TestTheWindowForgetsOldSpeed(t *testing.T) {
	now := time.Unix(1000, 0)
	m := NewMeter(10 * time.Second)
	var done int64
	for i := range 60 {
		if i < 30 {
			done += 100
		} else {
			done += 10
		}
		m.Add(now, Amount{Done: done, Total: 10000})
		now = now.Add(time.Second)
	}
	if s := m.Speed(now); s.PerSecond > 10 || s.PerSecond < 8 {
		t.Errorf("speed %d, want about 10", s.PerSecond)
	}
}

func TestAMeterNeverSaysNonsense(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		now := time.Unix(1000, 0)
		m := NewMeter(30 * time.Second)
		for range rapid.IntRange(0, 400).Draw(r, "n") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(2*time.Minute)).Draw(r, "gap")))
			m.Add(now, Amount{
				Done: rapid.Int64Range(0, 1<<40).Draw(r, "done"), Total: rapid.Int64Range(0, 1<<40).Draw(r, "total"),
				BytesDone: rapid.Int64Range(0, 1<<50).Draw(r, "bytes"), BytesTotal: rapid.Int64Range(0, 1<<50).Draw(r, "bytesTotal"),
			})
			s := m.Speed(now)
			if s.PerSecond < 0 || s.BytesRate < 0 || s.Left > 366*24*time.Hour || len(m.samples) > maxSamples {
				r.Fatalf("%+v with %d samples", s, len(m.samples))
			}
		}
	})
}
