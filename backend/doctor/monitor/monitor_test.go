package monitor

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// world is what an examiner sees, and a clock that is turned by hand.
type world struct {
	mu    sync.Mutex
	found []doctor.Finding
	err   error
	now   time.Time
	looks chan struct{}
	news  []Change
}

func (w *world) examine(context.Context, string, []string) ([]doctor.Finding, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.found, w.err
}

func (w *world) set(found ...doctor.Finding) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found, w.err = found, nil
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) told(_ Watch, _ Look, changes []Change) {
	w.mu.Lock()
	w.news = append(w.news, changes...)
	w.mu.Unlock()
	w.looks <- struct{}{}
}

func f(check string, v doctor.Verdict) doctor.Finding {
	return doctor.Finding{Check: check, Subject: "office.example", Verdict: v, Reason: string(v)}
}

func open(t *testing.T, w *world, path string) *Monitor {
	t.Helper()
	m, err := Open(t.Context(), path, w.examine, Options{Now: w.clock, Told: w.told})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func fresh() *world {
	return &world{now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), looks: make(chan struct{}, 100)}
}

func TestAChangeIsToldAndKept(t *testing.T) {
	w := fresh()
	w.set(f("ports.network", doctor.Pass), f("mx.present", doctor.Pass))
	path := filepath.Join(t.TempDir(), "monitor.db")
	m := open(t, w, path)
	watch, err := m.Save(t.Context(), Watch{Domain: "office.example", Every: Least, On: true})
	if err != nil {
		t.Fatal(err)
	}
	<-w.looks // the schedule begins with a look
	if len(w.news) != 0 {
		t.Errorf("the first look is news: %+v", w.news)
	}
	w.set(f("ports.network", doctor.Pass), f("mx.present", doctor.Fail))
	w.pass(Least)
	m.wake()
	<-w.looks
	if len(w.news) != 1 || w.news[0].From != doctor.Pass || w.news[0].To != doctor.Fail || !w.news[0].Worse() {
		t.Fatalf("%+v", w.news)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	m = open(t, w, path)
	defer func() { _ = m.Close() }()
	history, err := m.History(t.Context(), watch.ID, time.Time{})
	if err != nil || len(history) != 2 || history[0].Verdict != doctor.Pass || history[1].Verdict != doctor.Fail || history[1].Fails != 1 {
		t.Errorf("%+v, %v", history, err)
	}
	changes, err := m.Changes(t.Context(), watch.ID, time.Time{})
	if err != nil || len(changes) != 1 || changes[0].Check != "mx.present" || changes[0].Domain != "office.example" {
		t.Errorf("%+v, %v", changes, err)
	}
}

func TestAnAbsentNetworkIsNoNewsAboutADomain(t *testing.T) {
	for name, away := range map[string]func(*world){
		"no network": func(w *world) { w.set(f("ports.network", doctor.Skipped), f("mx.present", doctor.Fail)) },
		"a portal": func(w *world) {
			w.set(f("ports.network", doctor.Pass), doctor.Finding{Check: "ports.portal", Verdict: doctor.Warn, Reason: "captive"})
		},
		"nothing":  func(w *world) { w.set(f("mx.present", doctor.Skipped)) },
		"an error": func(w *world) { w.mu.Lock(); w.err = errors.New("no DNS server"); w.mu.Unlock() },
	} {
		t.Run(name, func(t *testing.T) {
			w := fresh()
			w.set(f("ports.network", doctor.Pass), f("mx.present", doctor.Pass))
			m := open(t, w, filepath.Join(t.TempDir(), "monitor.db"))
			defer func() { _ = m.Close() }()
			watch, err := m.Save(t.Context(), Watch{Domain: "office.example", Every: time.Hour, On: true})
			if err != nil {
				t.Fatal(err)
			}
			<-w.looks
			away(w)
			w.pass(time.Minute)
			l, err := m.LookNow(t.Context(), watch.ID)
			if err != nil || !l.Away || l.Verdict != doctor.Skipped || len(w.news) != 0 {
				t.Errorf("%+v, %v, %+v", l, err, w.news)
			}
			w.set(f("ports.network", doctor.Pass), f("mx.present", doctor.Pass))
			w.pass(time.Minute)
			if _, err := m.LookNow(t.Context(), watch.ID); err != nil || len(w.news) != 0 {
				t.Errorf("back again: %v, %+v", err, w.news)
			}
		})
	}
}

func TestASkippedCheckKeepsWhatWasKnown(t *testing.T) {
	w := fresh()
	w.set(f("ports.network", doctor.Pass), f("spf.present", doctor.Fail))
	m := open(t, w, filepath.Join(t.TempDir(), "monitor.db"))
	defer func() { _ = m.Close() }()
	watch, err := m.Save(t.Context(), Watch{Domain: "office.example", Every: time.Hour, On: true})
	if err != nil {
		t.Fatal(err)
	}
	<-w.looks
	for _, v := range []doctor.Verdict{doctor.Skipped, doctor.Fail} {
		w.set(f("ports.network", doctor.Pass), f("spf.present", v))
		w.pass(time.Minute)
		if _, err := m.LookNow(t.Context(), watch.ID); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.news) != 0 {
		t.Errorf("%+v", w.news)
	}
}

func TestWatchesAreCheckedChangedAndForgotten(t *testing.T) {
	w := fresh()
	m := open(t, w, filepath.Join(t.TempDir(), "monitor.db"))
	defer func() { _ = m.Close() }()
	for _, bad := range []Watch{{Every: time.Hour}, {Domain: "a.example", Every: time.Second}, {Domain: "a.example", Every: 365 * 24 * time.Hour}} {
		if _, err := m.Save(t.Context(), bad); core.CodeOf(err) != core.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := m.Save(t.Context(), Watch{ID: "gone", Domain: "a.example", Every: time.Hour}); core.CodeOf(err) != core.NotFound {
		t.Errorf("%v", err)
	}
	kept, err := m.Save(t.Context(), Watch{Domain: "a.example", Only: []string{"mx", "spf"}, Every: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	kept.Every = 2 * time.Hour
	if _, err := m.Save(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	all, err := m.Watches(t.Context())
	if err != nil || len(all) != 1 || all[0].Every != 2*time.Hour || len(all[0].Only) != 2 || all[0].On {
		t.Errorf("%+v, %v", all, err)
	}
	if err := m.Remove(t.Context(), kept.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := m.LookNow(t.Context(), kept.ID); core.CodeOf(err) != core.NotFound {
		t.Errorf("%v", err)
	}
}

func TestWhatWasSeenIsRememberedAcrossStarts(t *testing.T) {
	w := fresh()
	path := filepath.Join(t.TempDir(), "monitor.db")
	m := open(t, w, path)
	var past doctor.Past = m
	if _, _, ok := past.Recall(t.Context(), "office.example", "dkim s1"); ok {
		t.Error("something was there")
	}
	past.Keep(t.Context(), "office.example", "dkim s1", "one", w.clock().Add(-time.Hour))
	past.Keep(t.Context(), "other.example", "dkim s1", "two", w.clock())
	past.Keep(t.Context(), "office.example", "old", "three", w.clock().Add(-4*365*24*time.Hour))
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	m = open(t, w, path)
	defer func() { _ = m.Close() }()
	value, at, ok := m.Recall(t.Context(), "office.example", "dkim s1")
	if !ok || value != "one" || !at.Equal(w.clock().Add(-time.Hour)) {
		t.Errorf("%q %v %v", value, at, ok)
	}
	if _, _, ok := m.Recall(t.Context(), "office.example", "old"); ok {
		t.Error("what is too old is kept")
	}
}
