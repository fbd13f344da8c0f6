package migrate

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"mailroom/backend/preset"
)

func TestThePaceIsTheOptionOrTheSlowerPreset(t *testing.T) {
	for _, c := range []struct{ option, from, to, want int64 }{
		{0, 0, 0, 0}, {0, 5, 0, 5}, {0, 0, 7, 7}, {0, 5, 7, 5}, {9, 5, 7, 9}, {-1, 5, 7, 0},
	} {
		if got := pace(c.option, c.from, c.to); got != c.want {
			t.Errorf("pace(%d, %d, %d) = %d, want %d", c.option, c.from, c.to, got, c.want)
		}
	}
}

func TestBytesPassAtTheAskedPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		th := newThrottle(Options{BytesPerSecond: 1 << 20}, preset.EngineDefaults{}, preset.EngineDefaults{})
		start := time.Now()
		for range 11 { // the first mebibyte is the burst
			if err := th.admit(t.Context(), 1<<20); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(start); d < 10*time.Second || d > 11*time.Second {
			t.Fatalf("11 MiB at 1 MiB/s took %s", d)
		}
	})
}

func TestMessagesPassAtThePresetsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		th := newThrottle(Options{}, preset.EngineDefaults{}, preset.EngineDefaults{MessagesPerSecond: 4})
		start := time.Now()
		for range 44 {
			if err := th.admit(t.Context(), 10); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(start); d < 10*time.Second || d > 11*time.Second {
			t.Fatalf("44 messages at 4/s took %s", d)
		}
	})
}

func TestADaysBudgetEndsTheDayAndIsRememberedOverARestart(t *testing.T) {
	led := openLedger(t, t.TempDir())
	defer func() { _ = led.Close() }()
	day := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	var waits []time.Time
	fresh := func() *throttle {
		th := newThrottle(Options{BytesPerDay: 10 << 20}, preset.EngineDefaults{}, preset.EngineDefaults{})
		th.led, th.place, th.now = led, "imap:new", func() time.Time { return day }
		th.wait = func(_ context.Context, until time.Time, class string) error {
			if class != string(preset.DailyQuota) {
				t.Errorf("waits for %s", class)
			}
			waits = append(waits, until)
			day = until
			return nil
		}
		return th
	}
	th := fresh()
	for range 6 {
		if err := th.admit(t.Context(), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	if err := th.book(t.Context()); err != nil || len(waits) != 0 {
		t.Fatal(err, waits)
	}
	th = fresh() // the program was started again
	for range 8 {
		if err := th.admit(t.Context(), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	want := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	if len(waits) != 1 || !waits[0].Equal(want) {
		t.Fatalf("waits until %v, want %v once", waits, want)
	}
}
