package imap

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/utf7"
)

func TestNamesDecodeLenientlyAndEncodeExactly(t *testing.T) {
	for raw, want := range map[string]string{
		"&XfJT0ZAB-": "已发送", "&UXZO1mWHTvZZOQ-": "其他文件夹", "R&-D": "R&D", "&2D3eAA-": "😀",
		"plain": "plain", "R&D": "R&D", "&": "&", "&-": "&", "a&-&-b": "a&&b", "&XfJT0ZAB": "&XfJT0ZAB",
		"&!!!-": "&!!!-", "&AAA-": "&AAA-", "&2D0-": "&2D0-", "已发送": "已发送", "\xb2\xdd\xb8\xe5": "草稿",
		"&XfJT0ZAB-&-&g0l6P3ux-": "已发送&草稿箱",
	} {
		if got := decodeName(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
	for text, want := range map[string]string{
		"已发送": "&XfJT0ZAB-", "R&D": "R&-D", "😀": "&2D3eAA-", "Übung": "&ANw-bung", "a已b": "a&XfI-b",
	} {
		if got := utf7.Encode(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDatesOfEveryShape(t *testing.T) {
	want := time.Date(2026, 2, 3, 4, 5, 6, 0, time.FixedZone("", 8*3600))
	for _, s := range []string{
		"03-Feb-2026 04:05:06 +0800", " 3-Feb-2026 04:05:06 +0800", "3-feb-2026 04:05:06 +08:00", "02-FEB-2026 20:05:06 GMT",
		"02-Feb-2026 20:05:06", "03-Feb-2026  04:05:06.123 +0800", "02-Feb-2026 20:05:06 -0000", "03-February-2026 04:05:06 +0800",
	} {
		if got := parseDate([]byte(s)); !got.Equal(want) {
			t.Errorf("%q: %v", s, got)
		}
	}
	for _, s := range []string{
		"", "NIL", "00-Jan-0000 00:00:00 +0000", "31-Feb-2026 04:05:06 +0800", "03-Xyz-2026 04:05:06 +0800", "03-Feb-2026 25:05:06 +0800",
		"03-Feb-2026", "-- ::", "03-Feb-12026 04:05:06 +0800",
	} {
		if got := parseDate([]byte(s)); !got.IsZero() {
			t.Errorf("%q: %v", s, got)
		}
	}
	if got := formatDate(want); got != `"03-Feb-2026 04:05:06 +0800"` {
		t.Error(got)
	}
}

func TestNumbersHoweverWritten(t *testing.T) {
	for s, want := range map[string]uint64{
		"12": 12, `"12"`: 12, "(12)": 12, "-1": 0, "(-1)": 0, "9.3736e+06": 9373600, "": 0, "x": 0, "1e400": 0, "99999999999999999999": 0,
		"12)": 12, "18446744073709551615": 0, "9223372036854775807": 9223372036854775807,
	} {
		if got := lineScanner([]byte(s)).number(); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

func TestStatusLinesOfEveryShape(t *testing.T) {
	for line, want := range map[string]status{
		"[UIDNEXT 5] text":                        {code: "UIDNEXT", arg: []byte("5"), text: "text"},
		"[HIGHESTMODSEQ 5]":                       {code: "HIGHESTMODSEQ", arg: []byte("5")},
		" [permanentflags ( \\*)] ok":             {code: "PERMANENTFLAGS", arg: []byte(`( \*)`), text: "ok"},
		`[PERMANENTFLAGS (\Seen odd]flag \*)] ok`: {code: "PERMANENTFLAGS", arg: []byte(`(\Seen odd]flag \*)`), text: "ok"},
		"[UIDNEXT 5 text":                         {text: "[UIDNEXT 5 text"},
		"\xc8\xdd\xc1\xbf\xb2\xbb\xd7\xe3 {5}":    {text: "容量不足 {5}"},
		"":                                        {},
		"[] text":                                 {text: "text"},
	} {
		got := parseStatus("OK", []byte(line))
		want.kind = "OK"
		if got.code != want.code || !bytes.Equal(got.arg, want.arg) || got.text != want.text {
			t.Errorf("%q: %+v (arg %q), want %+v", line, got, got.arg, want)
		}
	}
}

func TestListLinesOfEveryShape(t *testing.T) {
	for line, want := range map[string]listed{
		`(\HasNoChildren) "/" "a b"`:            {name: "a b", separator: "/"},
		`( \HasNoChildren) "/" a`:               {name: "a", separator: "/"},
		`() NIL "INBOX"`:                        {name: "INBOX"},
		`() nil NIL`:                            {name: "NIL"},
		`() "" x`:                               {name: "x"},
		`(\A \)) "/" x`:                         {name: "x", separator: "/"},
		`(\HasNoChildren) "/" tab` + "\t" + `x`: {name: "tab\tx", separator: "/"},
		`(\HasNoChildren) "/" two words`:        {name: "two words", separator: "/"},
		`() "\\" "a\\b"`:                        {name: `a\b`, separator: `\`},
		`() "\" "a\b"`:                          {name: `a\b`, separator: `\`},
		`() "/" "\xb3\x5c"`:                     {name: `\xb3\x5c`, separator: "/"},
		"() \"/\" \"\xb3\x5c\"":                 {name: "\xb3\x5c", separator: "/"},
		`"/" x`:                                 {name: "x", separator: "/"},
		`() INBOX`:                              {name: "INBOX"},
		`() "." x ("CHILDINFO" ("SUBSCRIBED"))`: {name: "x", separator: "."},
		`() "/" ""`:                             {separator: "/"},
		`(\Noselect) "/" R&D`:                   {name: "R&D", separator: "/"},
	} {
		got, err := parseListed(lineScanner([]byte(line)))
		if err != nil || got.name != want.name || got.separator != want.separator {
			t.Errorf("%s: %+v %v, want %+v", line, got, err, want)
		}
	}
}

func TestSetsAreCompactAscendingAndBounded(t *testing.T) {
	uids := sorted([]mailbox.UID{9, 3, 0, 1, 2, 3, 7, 8})
	if set, n := nextSet(uids, 100); set != "1:3,7:9" || n != 6 {
		t.Errorf("%q %d", set, n)
	}
	if set, n := nextSet(uids, 2); set != "1:2" || n != 2 {
		t.Errorf("%q %d", set, n)
	}
	var sparse []mailbox.UID
	for i := range 1000 {
		sparse = append(sparse, mailbox.UID(4_000_000_000+2*i))
	}
	total := 0
	for _, c := range chunks(sparse, 500) {
		total += len(c.uids)
		if len(c.set) > maxSetBytes {
			t.Errorf("%d bytes", len(c.set))
		}
	}
	if total != len(sparse) {
		t.Errorf("%d of %d", total, len(sparse))
	}
}

func TestListWindowsCoverEveryUIDOnce(t *testing.T) {
	for _, st := range []mailbox.Status{
		{}, {Messages: 5, UIDNext: 9}, {Messages: 1_000_000, UIDNext: 1_000_001}, {Messages: 100_000, UIDNext: 4_000_000_000}, {Messages: 100_000},
	} {
		for _, to := range []mailbox.UID{0, 50, 700_000} {
			ws := listWindows(3, to, st)
			if ws[0].from != 3 || ws[len(ws)-1].to != to || len(ws) > 120 {
				t.Errorf("%+v to %d: %d windows from %v to %v", st, to, len(ws), ws[0], ws[len(ws)-1])
			}
			for i := 1; i < len(ws); i++ {
				if ws[i].from != ws[i-1].to+1 {
					t.Fatalf("gap between %v and %v", ws[i-1], ws[i])
				}
			}
		}
	}
}

// scan makes a scanner at the first line of a server's bytes.
func scan(data []byte) *scanner {
	s := &scanner{w: newWire(bytes.NewReader(data)), lit: -1}
	_ = s.begin()
	return s
}

func FuzzFetch(f *testing.F) {
	for _, seed := range []string{
		"(UID 5 FLAGS (\\Seen) BODY[] {3}\r\nabc)\r\n", "(BODY[] {3}\r\nabc UID 5)\r\n", "(UID 5 BODY[] NIL)\r\n", "(UID 5 BODY[] ~{3}\r\nabc)\r\n",
		"(UID 5 ENVELOPE (\"sina.com\\\" NIL) BODY[] {3}\r\nabc FLAGS ())\r\n", "(UID 5 X-GM-LABELS (\"\\\\Inbox\" &XfJT0ZAB-) MODSEQ (-1))\r\n",
		"(UID 5 BODY[] {3}\r\nabcd\r\n)\r\n", "(UID 5 INTERNALDATE NIL BODY[HEADER.FIELDS (DATE)] \"x\")\r\n", "(((((\r\n", "(UID 9.3e+06 RFC822 {99999999999999}\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := scan(data)
		total := 0
		p := newFetchParser()
		p.body = func(s *scanner, _ *fetched, _ string) error {
			if !s.atLiteral() {
				return s.skip()
			}
			b, err := s.literal(1 << 10)
			total += len(b)
			return err
		}
		for range 1000 {
			if m, err := p.parse(s); err == nil && len(m.Flags) > 500 {
				t.Error("flags are not bounded")
			}
			if s.finish() != nil || s.begin() != nil {
				break
			}
		}
		if total > len(data) {
			t.Errorf("%d bytes of bodies in %d bytes", total, len(data))
		}
	})
}

// fuzzConn feeds bytes to a connection as if a server had sent them.
func fuzzConn(data []byte) *conn {
	c := &conn{cfg: &Config{}, ended: make(chan struct{}), pulse: newPulse(nopConn{}, time.Hour)}
	c.cfg.fill()
	c.out = newWriter(io.Discard)
	c.attach(bytes.NewReader(data))
	return c
}

func FuzzResponses(f *testing.F) {
	for _, seed := range []string{
		"* OK [CAPABILITY IMAP4rev1 LITERAL +] hi\r\n* LIST () \"/\" {3}\r\na/b\r\nM1 OK done\r\n", "+ go\r\n+ go\r\nM1 NO [X", "* BYE\r\n* BYE\r\n* BYE\r\n* BYE\r\n* BYE\r\n",
		"Server Unavailable. 15\r\n", "* 0 FETCH (UID 1)\r\n* STATUS x (MESSAGES 9.3736e+06 UIDNEXT 0) \r\n", "* NAMESPACE ((\"\" \"/\")) NIL ((\"#shared/\" \"/\"))\r\n",
		"* QUOTA \"\" (STORAGE 1 2)\r\n* ID (\"name\" NIL)\r\n[UIDNEXT 4]\r\n", "\x00\x00* OK x\r\n)\r\n \r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := fuzzConn(data)
		var ns namespaces
		var room mailbox.Room
		flight := make([]asked, 2)
		done := c.listen(&handler{
			data: func(name string, _ uint32, s *scanner) error {
				var err error
				switch name {
				case "LIST", "LSUB", "XLIST":
					_, err = parseListed(s)
				case "NAMESPACE":
					err = ns.parse(s)
				case "ID":
					_, err = parseID(s)
				case "STATUS":
					err = takeStatus(flight, s)
				case "QUOTA":
					err = parseQuota(s, &room)
				case "FETCH":
					_, err = newFetchParser().parse(s)
				}
				return err
			},
			status: func(st status) { codeInto(&mailbox.Status{}, st); appendUIDs(st, 3) },
		})
		defer done()
		c.newCommand("X", nil)
		for range 10_000 {
			if err := c.step(); err != nil {
				c.lost(err)
				return
			}
		}
	})
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"&XfJT0ZAB-", "R&-D", "&bad-", "\xb2\xdd", "&2D3eAA-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(decodeName(s)) {
			t.Errorf("%q decodes to no text", s)
		}
		printable := strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || r == utf8.RuneError {
				return -1
			}
			return r
		}, s)
		raw := utf7.Encode(printable)
		if back := decodeName(raw); back != printable {
			t.Errorf("%q became %q and %q", printable, raw, back)
		}
	})
}

func FuzzDates(f *testing.F) {
	f.Add([]byte("03-Feb-2026 04:05:06 +0800"))
	f.Add([]byte("00-Jan-0000 00:00:00 +0000"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d := parseDate(b)
		if d.IsZero() {
			return
		}
		if d.Year() < 1899 || d.Year() > 10000 {
			t.Errorf("%q: %v", b, d)
		}
		if s := formatDate(d); s != "" && !parseDate([]byte(strings.Trim(s, `"`))).Equal(d) {
			t.Errorf("%q: %v does not survive as %s", b, d, s)
		}
	})
}

func FuzzUIDSets(f *testing.F) {
	f.Add([]byte("4:9,12"), 7)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		n = min(max(n, 0), 1000)
		if out := expandSet(b, n); out != nil && (len(out) != n || slices.Contains(out, 0)) {
			t.Errorf("%q for %d: %v", b, n, out)
		}
	})
}

func TestALineWithoutEndIsBounded(t *testing.T) {
	w := newWire(io.MultiReader(strings.NewReader("* OK "), io.LimitReader(endless{}, 3*maxLine), strings.NewReader("\r\nM1 OK\r\n")))
	b, err := w.line()
	if err != nil || len(b) > maxLine {
		t.Fatal(len(b), err)
	}
	if b, err = w.line(); err != nil || string(b) != "M1 OK" {
		t.Errorf("%q %v", b, err)
	}
}

func TestALyingLiteralEndsTheConnectionAndNotTheMemory(t *testing.T) {
	s := &scanner{w: &wire{br: bufio.NewReader(endless{})}, lit: 1 << 50}
	if _, err := s.literal(maxString); !errors.Is(err, errAbsurdLiteral) {
		t.Error(err)
	}
	if err := s.finish(); !errors.Is(err, errAbsurdLiteral) {
		t.Error(err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestQuotingSurvives(t *testing.T) {
	for _, s := range []string{"a", `a"b\c`, " ", "", `\`} {
		sc := lineScanner([]byte(str(s).text))
		if b, _, err := sc.str(); err != nil || string(b) != s {
			t.Errorf("%q: %q %v", s, b, err)
		}
	}
	if a := str("ä"); !a.literal {
		t.Error("8-bit bytes in a quoted string")
	}
}
