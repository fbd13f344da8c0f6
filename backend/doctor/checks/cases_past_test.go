package checks_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/testkit/mailport"
)

// memory is a past that lasts as long as a test.
type memory struct {
	mu   sync.Mutex
	kept map[string]sight
}

type sight struct {
	value string
	at    time.Time
}

func (m *memory) Recall(_ context.Context, domain, thing string) (string, time.Time, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.kept[domain+" "+thing]
	return s.value, s.at, ok
}

func (m *memory) Keep(_ context.Context, domain, thing, value string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[string]sight{}
	}
	m.kept[domain+" "+thing] = sight{value, at}
}

// earlier lets an examination take place before the one that counts.
func (w *world) earlier(ago time.Duration, ids ...string) {
	w.t.Helper()
	x := w.ready()
	past := *w.signedExam(x)
	past.Now = func() time.Time { return time.Now().Add(-ago) }
	picked, _ := checks.Only(checks.All(), ids)
	doctor.Run(context.Background(), &past, picked, nil)
	w.x.DNS = nil // the next one asks anew
}

// signedExam is another examination of the same world with the same past.
func (w *world) signedExam(x *doctor.Exam) *doctor.Exam {
	return &doctor.Exam{Domain: x.Domain, Shown: x.Shown, Options: x.Options, DNS: x.DNS, Dial: x.Dial, Endpoint: x.Endpoint, Now: x.Now, Patience: x.Patience, Roots: x.Roots, Past: x.Past, Machine: x.Machine}
}

const year = 365 * 24 * time.Hour

var pastCases = []kase{
	{"transport.sts_history:ok", func(w *world) { w.earlier(time.Hour, "transport.sts_history") }},
	{"transport.sts_history:ok", func(w *world) { // a new policy under a new id
		w.earlier(time.Hour, "transport.sts_history")
		w.txt("_mta-sts.good.example", "v=STSv1; id=2")
		w.sts(strings.Replace(stsPolicy, "1209600", "2419200", 1))
		w.earlier(time.Minute, "transport.sts_history")
	}},
	{"transport.sts_history:first", func(*world) {}},
	{"transport.sts_history:stale", func(w *world) {
		w.earlier(time.Hour, "transport.sts_history")
		w.sts(strings.Replace(stsPolicy, "1209600", "2419200", 1))
		w.earlier(time.Minute, "transport.sts_history") // being told once does not make it right
	}},
	{"dkim.age:ok", func(w *world) { w.earlier(20*24*time.Hour, "dkim.age") }},
	{"dkim.age:first", func(*world) {}},
	{"dkim.age:old", func(w *world) { w.earlier(2*year, "dkim.age") }},
	{"dkim.age:ok", func(w *world) { // a key that was changed is young again
		w.earlier(2*year, "dkim.age")
		w.txt("default._domainkey.good.example", "v=DKIM1; k=rsa; p="+rsaKeys()[1024])
		w.txt("s2._domainkey.good.example", "v=DKIM1; k=rsa; p="+rsaKeys()[1024])
	}},
	{"smtp.greylisting:seen", func(w *world) { w.impatient(); w.putOff(1, "450 4.2.0 come back") }},
	{"smtp.greylisting:seen", func(w *world) { w.impatient(); w.putOff(100, "450 4.7.1 Greylisted, see the manual") }},
	{"smtp.greylisting:seen", func(w *world) { // let in at the next examination only
		w.impatient()
		w.putOff(2, "450 4.2.0 come back")
		w.earlier(time.Hour, "smtp.greylisting")
	}},
	{"smtp.greylisting:later", func(w *world) { w.impatient(); w.putOff(100, "451 4.3.0 come back") }},
	{"smtp.transaction:slow", func(w *world) {
		w.impatient()
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Delay: slowly})
	}},
	{"smtp.transaction:endless", func(w *world) {
		w.impatient()
		w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Rcpt: func(string) string { time.Sleep(4 * slowly); return "250 ok" }})
	}},
}

// putOff refuses the first recipients for a while.
func (w *world) putOff(times int, reply string) {
	var mu sync.Mutex
	w.smtp("192.0.2.25:25", mailport.Options{Banner: "220 mx1.good.example", Rcpt: func(string) string {
		mu.Lock()
		defer mu.Unlock()
		if times--; times >= 0 {
			return reply
		}
		return "250 ok"
	}})
}

func TestWithoutAPastNothingIsComparedWithIt(t *testing.T) {
	w := build(t)
	w.x.Past = nil
	found := look(t, w, "transport.sts_history", "dkim.age", "smtp.greylisting")
	for _, want := range []string{"transport.sts_history:no_past", "dkim.age:no_past", "smtp.greylisting:ok"} {
		if _, ok := found[want]; !ok {
			t.Errorf("%s is missing in %v", want, found)
		}
	}
}
