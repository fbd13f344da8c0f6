package archive

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/mailbox"
)

// TestAnInterruptedRemovalIsFinished stops a rewriting of an mbox file after each of
// its steps, as a crash would.
func TestAnInterruptedRemovalIsFinished(t *testing.T) {
	for steps, left := range []int{3, 3, 2, 2} {
		url := "mbox:" + filepath.Join(t.TempDir(), "x.mbox")
		w, f := openInbox(t, url)
		appendBodies(t, w, "one\r\n", "two\r\n", "three\r\n")
		l := w.layout.(*mbox)
		kept := slices.Delete(slices.Clone(f.list), 0, 1)
		if steps > 0 {
			if _, err := l.copyKept(t.Context(), f, kept); err != nil {
				t.Fatal(err)
			}
		}
		if steps > 1 {
			if err := writeIndex(l.root, readyIndex(f.index), f.head(l.kind), recordsOf(kept), f.next); err != nil {
				t.Fatal(err)
			}
		}
		if steps > 2 {
			if err := l.root.Rename(l.newFile(f.index), f.path); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, write := range []bool{false, true, false} {
			want := []string{"one\r\n", "two\r\n", "three\r\n"}[3-left:]
			if !write && steps == 2 && !finished(t, url) {
				want = []string{"one\r\n", "two\r\n", "three\r\n"} // a reader sees the old pair
			}
			if got := bodiesOf(t, url, write); !slices.Equal(got, want) {
				t.Errorf("after %d steps (write %v): %q, want %q", steps, write, got, want)
			}
		}
		if w, _ := openInbox(t, url); appendBodies(t, w, "four\r\n")[0] != 4 || w.Close() != nil {
			t.Errorf("after %d steps: UIDs are not counted on", steps)
		}
	}
}

// finished tells whether no rewriting waits.
func finished(t *testing.T, url string) bool {
	t.Helper()
	_, path, _ := strings.Cut(url, ":")
	list, err := filepath.Glob(path + ".mailroom/*.ready")
	if err != nil {
		t.Fatal(err)
	}
	return len(list) == 0
}

func openInbox(t *testing.T, url string) (*writer, *folder) {
	t.Helper()
	a, err := Open(url, true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := s.(*writer)
	if _, err := w.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	return w, w.box
}

func appendBodies(t *testing.T, w *writer, bodies ...string) []mailbox.UID {
	t.Helper()
	b, err := w.Batch(t.Context(), "INBOX", len(bodies))
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range bodies {
		if err := b.Add(t.Context(), mailbox.Append{Size: int64(len(body)), Body: strings.NewReader(body)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	done, err := b.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var uids []mailbox.UID
	for _, d := range done {
		uids = append(uids, d.UID)
	}
	return uids
}

func bodiesOf(t *testing.T, url string, write bool) []string {
	t.Helper()
	a, err := Open(url, write)
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Examine(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	var uids []mailbox.UID
	var out []string
	if err := s.List(t.Context(), 1, 0, 0, func(m mailbox.Meta) error {
		uids = append(uids, m.UID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Fetch(t.Context(), uids, func(m mailbox.Message) error {
		raw, err := io.ReadAll(m.Body)
		out = append(out, string(raw))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAFreedFileNameDoesNotBringAnOldUIDBack deletes a file behind the archive's back.
func TestAFreedFileNameDoesNotBringAnOldUIDBack(t *testing.T) {
	dir := t.TempDir()
	url := "eml:" + dir
	w, f := openInbox(t, url)
	first := appendBodies(t, w, "Subject: x\r\n\r\n")
	name := f.list[0].name
	if err := w.root.Remove(filepath.Join("INBOX", name)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w, _ = openInbox(t, url)
	second := appendBodies(t, w, "Subject: x\r\n\r\n")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w, f = openInbox(t, url)
	if len(f.list) != 1 || f.list[0].uid != second[0] || second[0] == first[0] {
		t.Errorf("UIDs %v and %v, now %+v", first, second, f.list)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestLinesLongerThanTheReadersWindow puts quoted and separating lines around and
// across the edges of what is read at a time.
func TestLinesLongerThanTheReadersWindow(t *testing.T) {
	for _, pad := range []int{0, 1, 7, scanWindow - 3, scanWindow, scanWindow + 1, 3*scanWindow + 5} {
		long := strings.Repeat("a", pad)
		body := "Subject: x\nX-Long: " + long + "\n\n" + long + "\n" + strings.Repeat(">", pad+1) + "From q\n" + long + "From no\nend\n"
		one := "From li@old.example Mon Mar  2 10:11:12 2020\n" + body + "\n"
		raw := []byte(one + one + one)
		s, err := scanMbox(context.Background(), bytes.NewReader(raw), 0, int64(len(raw)), nil)
		if err != nil || len(s.list) != 3 {
			t.Fatalf("pad %d: %d messages, %v", pad, len(s.list), err)
		}
		want := strings.ReplaceAll(strings.Replace(body, strings.Repeat(">", pad+1)+"From", strings.Repeat(">", pad)+"From", 1), "\n", "\r\n")
		for _, m := range s.list {
			src := &stored{raw: io.NewSectionReader(bytes.NewReader(raw), m.from+m.line, m.len), how: m.how, size: m.size}
			r, n, err := src.wire(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || string(got) != want || n != int64(len(want)) {
				t.Errorf("pad %d: %d bytes announced, %d read, %d wanted, %v", pad, n, len(got), len(want), err)
			}
		}
	}
}
