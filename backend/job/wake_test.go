package job

import (
	"context"
	"testing"
	"time"
)

func TestSleepIsNoticedAndLatenessIsNot(t *testing.T) {
	for name, c := range map[string]struct {
		passes time.Duration
		wakes  bool
	}{
		"in time": {5 * time.Second, false}, "a busy computer": {20 * time.Second, false},
		"a lid that was closed": {8 * time.Hour, true}, "a clock set back": {-time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Unix(1_795_000_000, 0)
			clock, tick := make(chan time.Time, 4), make(chan time.Time)
			for _, after := range []time.Duration{0, lookEvery, lookEvery + c.passes, 2*lookEvery + c.passes} {
				clock <- begin.Add(after)
			}
			w := &Watch{every: lookEvery, slack: lookSlack, now: func() time.Time { return <-clock }, tick: tick}
			woke := make(chan time.Duration, 10)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() { defer close(ended); w.Run(ctx, func(gap time.Duration) { woke <- gap }) }()
			for range 3 {
				tick <- time.Time{}
			}
			cancel()
			<-ended
			told := 0
			for len(woke) > 0 {
				if gap := <-woke; gap == c.passes-lookEvery {
					told++
				}
			}
			if (told == 1) != c.wakes {
				t.Errorf("told %d times", told)
			}
		})
	}
}
