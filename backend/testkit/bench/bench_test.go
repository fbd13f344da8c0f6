package bench

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) {
	Divert()
	leak.Main(m)
}

// TestAFewMessagesGoThroughEveryStep shows that the benchmark itself works; nothing
// is timed.
func TestAFewMessagesGoThroughEveryStep(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(t.Context(), Options{
		Cases: []string{"lat40", "noop40", "delta40"}, Peers: []string{"mailroom", "raw"}, Scale: 0.005, Runs: 1, Program: self, Log: t.Output(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lat40", "noop40", "delta40"} {
		row := report.find(name).row(nameOurs)
		if row == nil {
			t.Fatalf("%s was not measured", name)
		}
		s := row.Samples[0]
		if !s.Whole || s.Failed != "" || s.Wall <= 0 || s.CPU <= 0 || s.Memory < 1<<20 {
			t.Errorf("%s: %+v", name, s)
		}
	}
	var out bytes.Buffer
	if err := report.Print(&out); err != nil || !strings.Contains(out.String(), "everything arrives once and unchanged") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func sample(wall time.Duration, messages int) Sample {
	return Sample{Wall: wall, Messages: messages, Finished: true, Whole: true, Memory: 10 << 20}
}

func TestGoalsCompareTheTimeForAMessage(t *testing.T) {
	c := &Case{Name: "lat40"}
	for _, row := range []struct {
		p *peer
		s Sample
	}{
		{&peer{name: nameOurs, ours: true}, sample(6*time.Second, 3000)},
		{&peer{name: nameRaw, raw: true}, sample(20*time.Second, 3000)},
		{&peer{name: nameRawMulti, raw: true}, sample(5*time.Second, 3000)},
		{&peer{name: nameMbsync}, sample(8*time.Second, 3000)},
		{&peer{name: nameImapsync}, Sample{Wall: 60 * time.Second, Messages: 420}}, // stopped
	} {
		c.add(row.p, row.s)
	}
	want := map[string]bool{"within 1.3 of raw limit": true, "at least 1.5 times as fast as mbsync": false, "at least 40 times as fast as imapsync": true}
	for _, g := range (Report{Cases: []*Case{c}}).judged().Goals {
		if met, asked := want[g.What]; asked && g.Case == "lat40" && g.Peer == nameOurs {
			if !g.Known || g.Met != met {
				t.Errorf("%+v", g)
			}
			delete(want, g.What)
		}
	}
	if len(want) > 0 {
		t.Errorf("not judged: %v", want)
	}
}

func TestALostMessageIsNotForgiven(t *testing.T) {
	c := &Case{Name: "small"}
	bad := sample(time.Second, 10)
	bad.Whole, bad.Verdict = false, "lost 1"
	c.add(&peer{name: nameOurs, ours: true}, sample(time.Second, 10))
	c.add(&peer{name: nameOurs, ours: true}, bad)
	if r := (Report{Cases: []*Case{c}}).judged(); r.Met() {
		t.Errorf("met: %+v", r.Goals)
	}
}

func TestTheMedianLeavesOutWhatFailed(t *testing.T) {
	r := &Row{Samples: []Sample{sample(9*time.Second, 1), sample(2*time.Second, 1), sample(3*time.Second, 1), {Wall: time.Millisecond, Failed: "exit status 1"}}}
	if s, ok := r.Median(); !ok || s.Wall != 3*time.Second {
		t.Errorf("%v %v", s, ok)
	}
}

func TestAnUnknownCaseIsTold(t *testing.T) {
	if _, err := Run(t.Context(), Options{Cases: []string{"huge"}}); err == nil || !strings.Contains(err.Error(), "huge") {
		t.Error(err)
	}
}
