package archive

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"mailroom/backend/mailbox/utf7"
)

func pass(f filter, in []byte, step int) []byte {
	var out []byte
	for len(in) > 0 {
		n := min(step, len(in))
		out = f.push(out, in[:n])
		in = in[n:]
	}
	return f.flush(out)
}

func FuzzQuotingIsTakenBack(f *testing.F) {
	for _, s := range []string{"", "From ", ">From x\n>>From \nFro\n", "a\nFrom b\n", ">>>", "\n>From", ">F\n>>Fr", "From\nFrom \n>"} {
		f.Add([]byte(s), 1)
		f.Add([]byte(s), 100)
	}
	f.Fuzz(func(t *testing.T, in []byte, step int) {
		step = max(1, step)
		quoted := pass(&quoter{act: quote}, in, step)
		if bytes.HasPrefix(quoted, []byte("From ")) || bytes.Contains(quoted, []byte("\nFrom ")) {
			t.Fatalf("a From line is left in %q", quoted)
		}
		if back := pass(&quoter{act: unquoteRD}, quoted, max(1, step/2)); !bytes.Equal(back, in) {
			t.Fatalf("%q became %q", in, back)
		}
		// mboxo takes back one level of what has no ">" of its own, and changes nothing else.
		once := pass(&quoter{act: unquoteO}, in, step)
		want := bytes.TrimPrefix(bytes.ReplaceAll(append([]byte("\n"), in...), []byte("\n>From "), []byte("\nFrom ")), []byte("\n"))
		if !bytes.Equal(once, want) {
			t.Fatalf("mboxo: %q became %q, want %q", in, once, want)
		}
	})
}

func FuzzLineEnds(f *testing.F) {
	f.Add([]byte("a\nb\r\nc\r\r\n\n"), 1)
	f.Fuzz(func(t *testing.T, in []byte, step int) {
		out := pass(&crlf{}, in, max(1, step))
		if bytes.Contains(bytes.ReplaceAll(out, []byte("\r\n"), nil), []byte("\n")) {
			t.Fatalf("bare LF left in %q", out)
		}
		if got := pass(&crlf{}, out, max(1, step)); !bytes.Equal(got, out) {
			t.Fatalf("%q changed again to %q", out, got)
		}
	})
}

func FuzzMboxSplitting(f *testing.F) {
	seeds, err := filepath.Glob("testdata/mbox/*")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, s := range seeds {
		f.Add(readSeed(f, s), uint16(0))
	}
	f.Add([]byte("From - Mon Jan  1 00:00:00 2024\nContent-Length: 5\n\nFrom \n\nFrom x Mon Jan  1 00:00:00 2024\n>From \n"), uint16(3))
	f.Fuzz(func(t *testing.T, in []byte, start uint16) {
		from := min(int64(start), int64(len(in)))
		s, err := scanMbox(context.Background(), bytes.NewReader(in), from, int64(len(in)), nil)
		if err != nil {
			t.Fatal(err)
		}
		end := from
		for _, m := range s.list {
			if m.from < end || m.line <= 0 || m.len < 0 || m.size < 0 || m.from+m.line+m.len > int64(len(in)) {
				t.Fatalf("message at %d+%d+%d of %d, behind %d", m.from, m.line, m.len, len(in), end)
			}
			end = m.from + m.line + m.len
			if !bytes.HasPrefix(in[m.from:], []byte(fromWord)) {
				t.Fatalf("no From_ line at %d", m.from)
			}
			raw := &stored{raw: io.NewSectionReader(bytes.NewReader(in), m.from+m.line, m.len), how: m.how, size: -1}
			if _, n, err := raw.wire(context.Background()); err != nil || n != m.size {
				t.Fatalf("message at %d: scanned as %d bytes, served as %d (%v)", m.from, m.size, n, err)
			}
		}
	})
}

func FuzzIndex(f *testing.F) {
	good, err := encodeLine(line{T: "add", Messages: []record{{UID: 1, Name: "a"}, {UID: 7, Name: "\xff"}}})
	if err != nil {
		f.Fatal(err)
	}
	head, err := encodeLine(line{T: "head", Version: 1, Validity: 9})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(append(head, good...), 0)
	f.Add(append(head, good...), 5)
	f.Add([]byte("{}\n{\"c\":\"00000000\",\"r\":null}\n"), 0)
	f.Fuzz(func(t *testing.T, in []byte, tail int) {
		s := &snapshot{next: 1}
		if err := s.read(iotest.HalfReader(bytes.NewReader(in))); err != nil {
			return
		}
		last := uint32(0)
		for _, r := range s.records {
			if r.UID <= last || r.UID >= s.next || !r.valid() {
				t.Fatalf("UID %d after %d, next %d", r.UID, last, s.next)
			}
			last = r.UID
		}
		// What is cut off at the end never changes what came before.
		cut := &snapshot{next: 1}
		if err := cut.read(bytes.NewReader(in[:s.good])); err != nil || len(cut.records) != len(s.records) || cut.damaged != s.damaged {
			t.Fatalf("the good part reads differently: %v", err)
		}
	})
}

func FuzzMaildirNames(f *testing.F) {
	for _, s := range []string{"1700000000.M1P2.host,S=10,W=12:2,FS", "x;2,", "a!2,RSTab,keep", "new", ":2,S", "a:1,b", ",S=99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		base, info := splitMaildirName(name)
		if base+info != name {
			t.Fatalf("%q split into %q and %q", name, base, info)
		}
		sizesOf(base)
		flags := flagsOf(info, parseKeywords("0 blue\n1 red\n25 x\n99 no\n"))
		again := flagsOf(infoOf(infoSemicolon, flags, info), parseKeywords("0 blue\n1 red\n25 x\n"))
		if strings.Join(flags, " ") != strings.Join(again, " ") {
			t.Fatalf("%q: flags %q became %q", name, flags, again)
		}
		for _, l := range maildirLevels(name) {
			if !utf8.ValidString(l) {
				t.Fatalf("%q: level %q is no text", name, l)
			}
		}
	})
}

func FuzzFolderNames(f *testing.F) {
	for _, s := range []string{"INBOX", "R&D", "项目/二〇二〇", "..", "CON.txt", "a%2Fb", "100%25", "x.sbd", " ", "é", "\xff\xfe", "a.", "&V4NXPpCuTvY-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, level string) {
		if text, ok := utf7.Decode(utf7.Encode(level)); utf8.ValidString(level) && !strings.ContainsRune(level, utf8.RuneError) && (!ok || text != level) {
			t.Fatalf("UTF-7: %q became %q", level, text)
		}
		utf7.Decode(level)
		name, err := escapeLevel(level)
		if err != nil {
			return
		}
		if strings.ContainsAny(name, `/\:*?"<>|`) || name == "." || name == ".." || isReserved(name) || len(name) > maxName {
			t.Fatalf("%q became the name %q", level, name)
		}
		if back := unescapeLevel(name); utf8.ValidString(level) && back != norm.NFC.String(level) {
			t.Fatalf("%q became %q and then %q", level, name, back)
		}
	})
}

func FuzzFromLine(f *testing.F) {
	f.Add("From li@old.example Mon Mar  2 10:11:12 2020")
	f.Add("From - Mon, 2 Mar 2020 10:11:12 +0800")
	f.Add("From 1@xxx Mon Mar 02 10:11:12 +0000 2020")
	f.Fuzz(func(t *testing.T, s string) {
		if _, date, ok := fromLine([]byte(s)); ok && (date.Year() < 1899 || date.Year() > 2201) {
			t.Fatalf("%q is of %v", s, date)
		}
	})
}

func FuzzHeader(f *testing.F) {
	f.Add([]byte("Subject: a\r\n b\r\nDate: x\r\n\r\nbody"))
	f.Fuzz(func(t *testing.T, in []byte) {
		head, err := pickHeader(bytes.NewReader(in))
		if err != nil || !bytes.HasSuffix(head, []byte("\r\n")) {
			t.Fatalf("%q, %v", head, err)
		}
		var h foreignHeader
		if err := headerLines(bytes.NewReader(in), h.line); err != nil {
			t.Fatal(err)
		}
		h.flags()
		h.sent()
		if name := cleanName(decodeSubject(h.subject)); strings.ContainsAny(name, "/\\:*?\"<>|\x00\n") || len(name) > maxStem {
			t.Fatalf("file name %q", name)
		}
	})
}

func readSeed(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
