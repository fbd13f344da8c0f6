package month

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records/query"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

var shanghai = time.FixedZone("+08:00", 8*3600)

func open(t *testing.T) *Month {
	t.Helper()
	m, err := Open(t.Context(), filepath.Join(t.TempDir(), "2026-11.db"), shanghai)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// some makes records of November 2026, in no order, with everything that a record may
// have.
func some(r *rand.Rand, n int) []logs.Record {
	words := []string{"发票", "报价单", "合同2024", "十一月", "Invoice", "re:", "Ünïcode", "票", "请查收", "한국어", "a", "会议 纪要"}
	people := []string{"han.meimei@office.example.com", "han.mei@office.example.com", "wang.fang@office.example.com", ""}
	outside := []string{"zhou@customer.example.com", "ÄRGER@übel.example", "orders@northwind.example.net", "发票@中国.example", ""}
	ips := []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("192.0.2.77"), netip.MustParseAddr("198.51.100.3"), netip.MustParseAddr("2001:db8::1"), {}}
	var all []logs.Record
	for i := range n {
		rec := logs.Record{
			Kind: pick(r, logs.Kinds()), At: time.Date(2026, 11, 1+r.IntN(30), r.IntN(24), r.IntN(60), r.IntN(3), 0, time.UTC),
			Person: pick(r, people), From: pick(r, outside), Subject: strings.Join([]string{pick(r, words), pick(r, words)}, pick(r, []string{"", " ", "-"})),
			IP: pick(r, ips), Outcome: pick(r, logs.Outcomes()), Size: int64(r.IntN(100_000)), Zone: pick(r, []string{"", "+08:00"}), Method: pick(r, logs.Methods()),
		}
		for range r.IntN(3) {
			rec.To = append(rec.To, pick(r, append(people, outside...)))
		}
		if r.IntN(4) == 0 {
			rec.Action, rec.Target, rec.Remark, rec.Name = pick(r, logs.Actions()), pick(r, append(words, outside...)), pick(r, words), "韩梅梅"
			rec.Facts = map[string]string{"a": "1", "b": ""}
		}
		if r.IntN(3) == 0 {
			rec.MessageID = fmt.Sprintf("<%d@x.example>", r.IntN(20))
			rec.ID, rec.Times, rec.Said, rec.Agent = fmt.Sprint("id", i), r.IntN(5), "said", "agent"
			rec.Day = &logs.Day{Sent: 1, Quota: -1}
		}
		if !rec.Clean() {
			panic("not clean")
		}
		all = append(all, rec)
	}
	return all
}

// numbered makes items of records as a source's window would.
func numbered(records []logs.Record) []Item {
	seen := map[logs.Key]int{}
	items := make([]Item, len(records))
	for i := range records {
		k := logs.KeyOf("s", &records[i])
		items[i] = Prepare("s", 7, seen[k], &records[i])
		seen[k]++
	}
	return items
}

func add(t *testing.T, m *Month, records []logs.Record) Tally {
	t.Helper()
	tally, err := m.Add(t.Context(), numbered(records), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

func find(t *testing.T, m *Month, text string, before int64, most int) (hits []Hit) {
	t.Helper()
	q, err := query.Parse(text, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Find(t.Context(), q, before, func(h Hit) bool {
		hits = append(hits, h)
		return len(hits) < most
	}); err != nil {
		t.Fatal(err)
	}
	return hits
}

var questions = []string{
	"", "发票", "票", "invoice", "inv", "voice", "合同2024", "同20", "unicode", "十一月发票", `"会议 纪要"`, "한국", "a", "re:", "发票 -invoice", "发票 OR invoice",
	"person:han", "person:han.mei@", "person:han.mei@office", "person:han.mei", "person:han.mei@office.example.com", "from:zhou", "from:customer.example.com", "to:wang.fang", "address:northwind",
	"address:example", "arger", "übel", "office", "ip:192.0.2.7", "ip:192.0.2.0/24", "ip:192.0.", "ip:2001:db8::/32", "ip:2001:db8::1", "kind:sent", "kind:sent,received 发票",
	"outcome:junk person:han", "-outcome:junk", "发票 -outcome:junk -kind:sent", "-(outcome:junk OR kind:sent)", "method:imap", "action:rule", "id:3@x.example",
	"on:2026-11-12", "after:2026-11-12T14:00 before:2026-11-13", "发票 after:2026-11-20", "person:han before:2026-11-05", "larger:50k 发票", "subject:发票", "remark:发票",
	"(发票 OR from:zhou) (kind:sent OR outcome:junk) -票请", "韩梅", "-发票", "before:2026-10-01", "nothing-like-this", "address:zhou@customer.example.com", "zhou@customer.example.com", "address:hou@customer.example.com", "to:wang.fang@office.example.com 发票", "address:发票@中国.example", "发票@中国",
}

// The index against reading everything: the promise on which all of search stands.
func TestSearchFindsExactlyWhatTheQuestionMeansNewestFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := open(t)
	records := some(r, 1500)
	for from := 0; from < len(records); from += 400 {
		add(t, m, records[from:min(from+400, len(records))])
	}
	var stored []Hit
	if err := m.Each(t.Context(), func(h Hit) error { stored = append(stored, h); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(stored) < 1480 { // batches are windows: an event told in two of them is one
		t.Fatalf("%d of 1500 are kept", len(stored))
	}
	slices.Reverse(stored)
	for _, text := range questions {
		q, err := query.Parse(text, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		var want []int64
		for i := range stored {
			if q.Match(&stored[i].Record) {
				want = append(want, stored[i].ID)
			}
		}
		var got []int64
		for _, h := range find(t, m, text, 0, 1<<30) {
			got = append(got, h.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %d found, %d are there", text, len(got), len(want))
		}
		var paged []int64
		for before := int64(0); ; {
			page := find(t, m, text, before, 7)
			for _, h := range page {
				paged = append(paged, h.ID)
			}
			if len(page) < 7 || len(paged) > 70 {
				break
			}
			before = page[6].ID
		}
		if !slices.Equal(paged, want[:len(paged)]) {
			t.Errorf("%q: pages differ from the whole", text)
		}
	}
	for i := 1; i < len(stored); i++ {
		if stored[i].Record.At.After(stored[i-1].Record.At) {
			t.Fatalf("row %d is newer than the one before", i)
		}
	}
}

func TestRecordsComeBackAsTheyWere(t *testing.T) {
	m := open(t)
	records := some(rand.New(rand.NewPCG(3, 4)), 300)
	add(t, m, records)
	slices.SortStableFunc(records, func(a, b logs.Record) int { return a.At.Compare(b.At) })
	i := 0
	if err := m.Each(t.Context(), func(h Hit) error {
		if h.Source != 7 || !reflect.DeepEqual(h.Record, records[i]) {
			t.Errorf("row %d:\n got %+v\nwant %+v", i, h.Record, records[i])
		}
		i++
		return nil
	}); err != nil || i != 300 {
		t.Fatal(i, err)
	}
	if n, err := m.Len(t.Context()); n != 300 || err != nil {
		t.Fatal(n, err)
	}
}

func TestTheSameWindowTwiceDoublesNothing(t *testing.T) {
	m := open(t)
	records := some(rand.New(rand.NewPCG(5, 6)), 500)
	first := add(t, m, records)
	if first.New != 500 {
		t.Fatalf("%+v", first)
	}
	rand.New(rand.NewPCG(7, 8)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	m.Rest()
	if again := add(t, m, records); again != (Tally{Same: 500}) {
		t.Errorf("again: %+v", again)
	}
	if n := len(find(t, m, "", 0, 1000)); n != 500 {
		t.Errorf("%d rows", n)
	}
}

func TestEqualEventsOfOneWindowAreAllKept(t *testing.T) {
	m := open(t)
	one := logs.Record{Kind: logs.SignIn, At: time.Date(2026, 11, 3, 1, 2, 3, 0, time.UTC), Person: "a@office.example.com", Outcome: logs.Refused}
	many := make([]logs.Record, 200) // more than a millisecond has places
	for i := range many {
		many[i] = one
	}
	if tally := add(t, m, many); tally.New != 200 {
		t.Errorf("%+v", tally)
	}
	if n := len(find(t, m, "on:2026-11-03T09:02:03", 0, 1000)); n != 200 {
		t.Errorf("%d found", n)
	}
	if tally := add(t, m, many); tally.Same != 200 {
		t.Errorf("again: %+v", tally)
	}
}

func TestANewOutcomeReplacesTheOldAndKeepsItsPast(t *testing.T) {
	m := open(t)
	r := some(rand.New(rand.NewPCG(9, 10)), 50)
	mail := &r[20]
	mail.Kind, mail.ID, mail.Outcome, mail.Subject = logs.Received, "x", logs.Pending, "催款函"
	add(t, m, r)
	mail.Outcome = logs.Junk
	if tally := add(t, m, r); tally != (Tally{Updated: 1, Same: 49}) {
		t.Fatalf("%+v", tally)
	}
	mail.Outcome = logs.Pending // an old reply that comes late
	if tally := add(t, m, r); tally.Updated != 0 {
		t.Fatalf("%+v", tally)
	}
	hits := find(t, m, "催款 outcome:junk", 0, 10)
	if len(hits) != 1 || len(find(t, m, "催款 outcome:pending", 0, 10)) != 0 || len(find(t, m, "催款 -outcome:pending", 0, 10)) != 1 {
		t.Fatalf("found %v", hits)
	}
	past, err := m.History(t.Context(), hits[0].ID)
	if err != nil || len(past) != 1 || past[0].Hit.Record.Outcome != logs.Pending {
		t.Errorf("%v %+v", err, past)
	}
	sums := map[logs.Outcome]int64{}
	if err := m.Sums(t.Context(), "2026-11-01", "2026-12-01", func(s Sum) { sums[s.Outcome] += s.N }); err != nil {
		t.Fatal(err)
	}
	want := map[logs.Outcome]int64{}
	for _, h := range find(t, m, "", 0, 100) {
		want[h.Record.Outcome] += int64(max(h.Record.Times, 1))
	}
	if !reflect.DeepEqual(sums, want) {
		t.Errorf("sums %v, want %v", sums, want)
	}
}

func TestAChangeWithinOneBatchIsSeen(t *testing.T) {
	m := open(t)
	r := some(rand.New(rand.NewPCG(9, 10)), 1)
	r[0].ID, r[0].Kind, r[0].Outcome, r[0].Subject = "q1", logs.Sent, logs.Pending, "x"
	later := r[0]
	later.Outcome = logs.Delivered
	tally, err := m.Add(t.Context(), []Item{Prepare("s", 1, 0, &r[0]), Prepare("s", 1, 0, &later)}, time.Now())
	if err != nil || tally != (Tally{New: 1, Updated: 1}) {
		t.Fatalf("%+v %v", tally, err)
	}
	if len(find(t, m, "outcome:delivered", 0, 9)) != 1 || len(find(t, m, "outcome:pending", 0, 9)) != 0 {
		t.Error("the index does not know")
	}
	m.Rest()
	if tally := add2(t, m, &later); tally.Same != 1 {
		t.Errorf("%+v", tally)
	}
}

func add2(t *testing.T, m *Month, r *logs.Record) Tally {
	t.Helper()
	tally, err := m.Add(t.Context(), []Item{Prepare("s", 1, 0, r)}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

func TestSumsFollowTheZoneOfTheOffice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "2026-11.db")
	m, err := Open(t.Context(), path, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	late := logs.Record{Kind: logs.Sent, At: time.Date(2026, 11, 3, 20, 0, 0, 0, time.UTC), Person: "a@office.example.com", Size: 10, Times: 3}
	add(t, m, []logs.Record{late})
	day := func(m *Month) (day string) {
		_ = m.Sums(t.Context(), "2026-11-01", "2026-11-30", func(s Sum) { day = fmt.Sprint(s.Day, s.N, s.Bytes) })
		return day
	}
	if got := day(m); got != "2026-11-043 10" {
		t.Errorf("in Shanghai: %s", got)
	}
	_ = m.Close()
	if m, err = Open(t.Context(), path, time.UTC); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	if got := day(m); got != "2026-11-033 10" {
		t.Errorf("in UTC: %s", got)
	}
}

func FuzzADamagedRowIsFoundOut(f *testing.F) {
	for _, r := range some(rand.New(rand.NewPCG(1, 1)), 5) {
		f.Add(appendBody(nil, 1, 0, &r))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, err := readBody(raw)
		if err != nil {
			return
		}
		again, err := readBody(appendBody(nil, h.Source, h.Nth, &h.Record))
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if !reflect.DeepEqual(again.Record.Subject, h.Record.Subject) {
			t.Fatal("differs")
		}
	})
}
