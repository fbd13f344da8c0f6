package records

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records/query"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childOf); dir != "" {
		os.Exit(child(dir))
	}
	leak.Main(m)
}

var shanghai = time.FixedZone("+08:00", 8*3600)

func open(t *testing.T) *Book {
	t.Helper()
	b, err := Open(t.Context(), filepath.Join(t.TempDir(), "book"), shanghai)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// mails makes n mails over 40 months, one after the other.
func mails(n int) []logs.Record {
	all := make([]logs.Record, n)
	for i := range all {
		all[i] = logs.Record{
			Kind: logs.Received, At: time.Date(2024, 1, 1+i*1200/n, 3, 0, i%60, 0, time.UTC), Person: fmt.Sprintf("p%d@office.example.com", i%7),
			From: "zhou@customer.example.com", Subject: fmt.Sprintf("第%d号发票", i), Outcome: logs.Delivered,
		}
	}
	return all
}

func ndjsonOf(t *testing.T, records []logs.Record) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	for i := range records {
		if err := json.NewEncoder(&b).Encode(&records[i]); err != nil {
			t.Fatal(err)
		}
	}
	return &b
}

func ask(t *testing.T, text string) query.Query {
	t.Helper()
	q, err := query.Parse(text, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestAFileGoesInOnceHoweverOftenItIsRead(t *testing.T) {
	b := open(t)
	file := ndjsonOf(t, mails(800)).Bytes()
	for round, want := range []Tally{{}, {}} {
		out, err := b.ImportNDJSON(t.Context(), "test", bytes.NewReader(file), nil)
		if err != nil {
			t.Fatal(err)
		}
		want.New, want.Same = 800*(1-round), 800*round
		if out.Tally != want || out.Lines != 800 || out.Wrong != 0 || out.Half {
			t.Errorf("round %d: %+v", round, out)
		}
	}
	if names, _ := b.Months(); len(names) < 39 {
		t.Errorf("%d months", len(names))
	}
	seen, last := 0, int64(1)<<62
	if _, err := b.Search(t.Context(), ask(t, "发票"), 0, func(h Hit) bool {
		if h.ID >= last {
			t.Fatal("not newest first")
		}
		seen, last = seen+1, h.ID
		return true
	}); err != nil || seen != 800 {
		t.Errorf("%d found, %v", seen, err)
	}
}

func TestPagesOverMonthsMakeTheWhole(t *testing.T) {
	b := open(t)
	if _, err := b.ImportNDJSON(t.Context(), "test", ndjsonOf(t, mails(400)), nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	pages := 0
	for before := int64(0); ; pages++ {
		p, err := b.Find(t.Context(), ask(t, "person:p3"), before, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range p.Hits {
			got = append(got, h.Record.Subject)
		}
		if before = p.Next; before == 0 {
			break
		}
	}
	if len(got) != 57 || pages != 5 || got[0] != "第395号发票" || got[56] != "第3号发票" {
		t.Errorf("%d rows on %d pages: %v", len(got), pages, got)
	}
	stopAnywhere(t, b)
}

// stopAnywhere stops a search over years, which has 400 answers, in several places.
func stopAnywhere(t *testing.T, b *Book) {
	t.Helper()
	for _, most := range []int{1, 12, 150, 399} {
		n, last := 0, int64(1)<<62
		more, err := b.Search(t.Context(), ask(t, "发票"), 0, func(h Hit) bool {
			if h.ID >= last {
				t.Fatal("not newest first")
			}
			n, last = n+1, h.ID
			return n < most
		})
		if !more || err != nil || n != most {
			t.Errorf("stopped after %d of %d: %v %v", n, most, more, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	if _, err := b.Search(ctx, ask(t, "发票"), 0, func(Hit) bool {
		if n++; n == 60 {
			cancel()
		}
		return true
	}); core.CodeOf(err) != core.Canceled || n == 400 {
		t.Errorf("stopped from outside after %d: %v", n, err)
	}
}

func TestBadLinesAreNamedAndStopNothing(t *testing.T) {
	b := open(t)
	good := ndjsonOf(t, mails(2)).String()
	first, second, _ := strings.Cut(good, "\n")
	file := strings.Join([]string{first, "{cut", "", `{"kind":"letter","at":"2026-11-12T00:00:00Z"}`, strings.Repeat("x", longestLine+10), strings.TrimSpace(second), `{"kind":"rece`}, "\r\n")
	out, err := b.ImportNDJSON(t.Context(), "test", strings.NewReader(file), nil)
	if err != nil {
		t.Fatal(err)
	}
	if out.New != 2 || out.Wrong != 3 || !out.Half || fmt.Sprint(out.Bad) != "[{2 malformed} {4 unusable} {5 long}]" {
		t.Errorf("%+v", out)
	}
}

func TestAStoppedImportGoesOnWithoutDoubles(t *testing.T) {
	b := open(t)
	b.batch = 1500
	file := ndjsonOf(t, mails(4000)).Bytes()
	ctx, stop := context.WithCancel(t.Context())
	_, err := b.ImportNDJSON(ctx, "test", bytes.NewReader(file), func(lines int) {
		if lines >= 3000 {
			stop()
		}
	})
	if core.CodeOf(err) != core.Canceled {
		t.Fatalf("%v", err)
	}
	out, err := b.ImportNDJSON(t.Context(), "test", bytes.NewReader(file), nil)
	if err != nil || out.New+out.Same != 4000 || out.Same < 1500 {
		t.Errorf("%+v %v", out, err)
	}
}

func TestAReaderThatFailsIsToldAndWhatWasReadIsKept(t *testing.T) {
	b := open(t)
	file := ndjsonOf(t, mails(30))
	out, err := b.ImportNDJSON(t.Context(), "test", &failing{file}, nil)
	if core.CodeOf(err) != core.Unreachable || out.New != 30 {
		t.Errorf("%+v %v", out, err)
	}
}

type failing struct{ b *bytes.Buffer }

func (f *failing) Read(p []byte) (int, error) {
	if f.b.Len() == 0 {
		return 0, fmt.Errorf("the disk went away")
	}
	return f.b.Read(p)
}

func TestARowIsFoundByItsPlaceWithItsPast(t *testing.T) {
	b := open(t)
	r := mails(3)
	for _, outcome := range []logs.Outcome{logs.Pending, logs.Delivered, logs.Junk} {
		r[1].Outcome = outcome
		a, err := b.Begin(t.Context(), "test")
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Add(t.Context(), append([]logs.Record(nil), r...)); err != nil {
			t.Fatal(err)
		}
		if err := a.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	p, err := b.Find(t.Context(), ask(t, "第1号"), 0, 9)
	if err != nil || len(p.Hits) != 1 {
		t.Fatal(p, err)
	}
	h, past, err := b.Row(t.Context(), p.Hits[0].ID)
	if err != nil || h.Record.Outcome != logs.Junk || len(past) != 2 || past[0].Hit.Record.Outcome != logs.Pending || past[1].Hit.Record.Outcome != logs.Delivered {
		t.Errorf("%+v %+v %v", h, past, err)
	}
	if _, _, err := b.Row(t.Context(), 1<<40); core.CodeOf(err) != core.NotFound {
		t.Errorf("no such row: %v", err)
	}
	names, err := b.Scopes(t.Context())
	if err != nil || names[h.Source] != "test" {
		t.Errorf("source %v %v", names, err)
	}
}
