package records

import (
	"errors"
	"strings"
	"testing"
	"time"

	"mailroom/backend/logs"
)

// What servers and people put into logs goes in bounded, harmless and findable.
func TestOddRecordsGoInAndAreFound(t *testing.T) {
	b := open(t)
	at := `"at":"2026-11-12T06:03:05Z"`
	file := strings.Join([]string{
		`{"kind":"received",` + at + `,"id":"1","subject":"合同` + strings.Repeat("长", 350_000) + `","person":"a@office.example.com"}`,
		`{"kind":"received",` + at + `,"id":"2","subject":"发\u0000票\u202e\u001b[31m\r\nBcc: x","from":"<ZHOU@Customer.Example.com>"}`,
		`{"kind":"signin",` + at + `,"id":"3","ip":"2001:db8::7%eth0","person":"b@office.example.com"}`,
		`{"kind":"signin",` + at + `,"id":"4","ip":"::ffff:192.0.2.9","person":"b@office.example.com"}`,
		"{\"kind\":\"sent\"," + at + ",\"id\":\"5\",\"subject\":\"bytes \xff\xfe of nobody\"}", "",
	}, "\n")
	out, err := b.ImportNDJSON(t.Context(), "test", strings.NewReader(file), nil)
	if err != nil || out.New != 5 || out.Wrong != 0 {
		t.Fatalf("%+v %v", out, err)
	}
	for question, id := range map[string]string{
		"合同长长": "1", "from:zhou@customer.example.com": "2", "bcc": "2", "ip:2001:db8::/32": "3", "ip:192.0.2.9": "4", "nobody": "5",
	} {
		p, err := b.Find(t.Context(), ask(t, question), 0, 9)
		if err != nil || len(p.Hits) != 1 || p.Hits[0].Record.ID != id {
			t.Errorf("%s: %+v %v", question, p, err)
			continue
		}
		if s := p.Hits[0].Record.Subject; len(s) > 2000 || strings.ContainsAny(s, "\x00\x1b\r\n\u202e") {
			t.Errorf("a subject of %d bytes, or with controls: %q", len(s), s[:min(len(s), 40)])
		}
	}
}

// Tools end a file without a line's end: its last line is a record where it is whole, and
// waits for its rest where it is not.
func TestALastLineWithoutAnEndIsReadIfItIsWhole(t *testing.T) {
	one := func(n string) string { return `{"kind":"sent","at":"2026-11-12T06:03:05Z","id":"` + n + `"}` }
	for _, c := range []struct {
		text            string
		new, lines, bad int
		half            bool
	}{
		{one("1") + "\n" + one("2"), 2, 2, 0, false}, {one("1") + "\n" + one("2")[:40], 1, 1, 0, true}, {one("1") + "\r\n" + one("2") + "  ", 2, 2, 0, false},
		{one("1") + "\nx\n" + one("2"), 2, 3, 1, false}, {strings.Repeat("\n", 3*chunkSize) + one("1"), 1, 3*chunkSize + 1, 0, false}, {"", 0, 0, 0, false},
		{strings.Repeat("{}\n", chunkSize) + one("1"), 1, chunkSize + 1, chunkSize, false},
		{one("1") + "\n" + strings.Repeat("x", longestLine+chunkSize), 1, 2, 1, false},
	} {
		out, err := open(t).ImportNDJSON(t.Context(), "test", strings.NewReader(c.text), nil)
		if err != nil || out.New != c.new || out.Lines != c.lines || out.Wrong != c.bad || out.Half != c.half {
			t.Errorf("%.60q: %d new of %d lines, %d bad, half %v, %v; want %+v", c.text, out.New, out.Lines, out.Wrong, out.Half, err, c)
		}
	}
}

// Old programs write GBK.
func TestLinesInGBKAreReadable(t *testing.T) {
	b := open(t)
	line := "{\"kind\":\"sent\",\"at\":\"2026-11-12T06:03:05Z\",\"subject\":\"\xb7\xa2\xc6\xb1\"}\n"
	if out, err := b.ImportNDJSON(t.Context(), "test", strings.NewReader(line), nil); err != nil || out.New != 1 {
		t.Fatalf("%+v %v", out, err)
	}
	if p, err := b.Find(t.Context(), ask(t, "发票"), 0, 9); err != nil || len(p.Hits) != 1 {
		t.Errorf("%+v %v", p, err)
	}
}

// The day on which summer time ends has twenty-five hours, and all are its.
func TestTheLongDayOfAutumnIsOneDay(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(t.Context(), t.TempDir(), berlin)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	a, err := b.Begin(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	var records []logs.Record
	for at := time.Date(2026, 10, 24, 21, 30, 0, 0, time.UTC); at.Before(time.Date(2026, 10, 26, 0, 0, 0, 0, time.UTC)); at = at.Add(time.Hour) {
		records = append(records, logs.Record{Kind: logs.Sent, At: at, Person: "a@office.example.com", Outcome: logs.Delivered})
	}
	if err := errors.Join(a.Add(t.Context(), records), a.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	s, err := b.Statistics(t.Context(), "2026-10-25", "2026-10-25")
	if err != nil || s.Total.Sent != 25 {
		t.Errorf("%+v %v", s, err)
	}
}
