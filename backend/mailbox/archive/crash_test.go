package archive_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/archive"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) {
	if url := os.Getenv("ARCHIVE_TEST_APPEND_FOREVER"); url != "" {
		appendForever(url)
		return
	}
	if dir := os.Getenv("ARCHIVE_TEST_FULL_DISK"); dir != "" {
		onFullDisk(dir)
		return
	}
	leak.Main(m)
}

func message(body string) mailbox.Append {
	return mailbox.Append{
		Flags: []string{`\Seen`, "blue"}, Date: time.Date(2020, 3, 2, 10, 11, 12, 0, time.FixedZone("", 8*3600)),
		Size: int64(len(body)), Body: strings.NewReader(body),
	}
}

func appendTo(w mailbox.Writer, id string, list []mailbox.Append) ([]mailbox.UID, error) {
	ctx := context.Background()
	b, err := w.Batch(ctx, id, len(list))
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		if err := b.Add(ctx, m); err != nil {
			return nil, err
		}
	}
	if err := b.Finish(ctx); err != nil {
		return nil, err
	}
	done, err := b.Wait(ctx)
	var uids []mailbox.UID
	for _, d := range done {
		uids = append(uids, d.UID)
	}
	return uids, err
}

// randomBody makes a message that says its own checksum, of shapes that archives
// find hard.
func randomBody(r *rand.Rand) string {
	pieces := []string{"From li@old.example Mon Mar  2 10:11:12 2020\n", "From x\r\n", ">From y\n", ">>From ", "\n", "\r\n", "\r",
		"\x00", "Subject: x\r\n", "你好", strings.Repeat("z", 70000), "From ", ">", "\xff\xfe"}
	var b strings.Builder
	for range r.IntN(12) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return sealed(b.String())
}

func sealed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:]) + text
}

func whole(body string) bool { return len(body) >= 64 && sealed(body[64:]) == body }

// appendForever is the program that is killed: it appends batches until it ends and
// tells each one that was acknowledged.
func appendForever(url string) {
	fail := func(err error) {
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	a, err := archive.Open(url, true)
	fail(err)
	s, err := a.Open(context.Background())
	fail(err)
	w := s.(mailbox.Writer)
	_, err = w.Select(context.Background(), "INBOX")
	fail(err)
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	fmt.Println("ready")
	for {
		var list []mailbox.Append
		var sums []string
		for range 1 + r.IntN(8) {
			body := randomBody(r)
			list = append(list, message(body))
			sums = append(sums, body[:64])
		}
		uids, err := appendTo(w, "INBOX", list)
		fail(err)
		for i, u := range uids {
			fmt.Println("ack", u, sums[i])
		}
		if r.IntN(6) == 0 {
			gone := uids[r.IntN(len(uids))]
			fmt.Println("removing", gone)
			fail(w.Remove(context.Background(), []mailbox.UID{gone}))
		}
	}
}

func TestKilledWritersLeaveEachMessageWholeOrNotAtAll(t *testing.T) {
	for name, url := range map[string]func(string) string{"maildir": urls["maildir"], "mbox": urls["mbox file"], "eml": urls["eml folder"]} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := url(t.TempDir())
			acked := map[mailbox.UID]string{}
			maybeGone := map[mailbox.UID]bool{}
			top, validity := mailbox.UID(0), uint32(0)
			for round := range 6 {
				killOne(t, where, 1+rand.IntN(400), acked, maybeGone, top)
				s := sessionOfRound(t, where, round%2 == 0)
				status, err := s.Examine(t.Context(), "INBOX")
				if err != nil {
					t.Fatal(err)
				}
				if validity != 0 && status.UIDValidity != validity {
					t.Errorf("round %d: UIDVALIDITY was %d, is %d", round, validity, status.UIDValidity)
				}
				validity = status.UIDValidity
				seen := map[mailbox.UID]bool{}
				for _, g := range readFolder(t, s, "INBOX") {
					seen[g.meta.UID] = true
					if !whole(g.body) {
						t.Errorf("round %d: UID %d is torn: %d bytes", round, g.meta.UID, len(g.body))
					}
					if sum := acked[g.meta.UID]; sum != "" && sum != g.body[:64] {
						t.Errorf("round %d: UID %d is another message", round, g.meta.UID)
					}
					if len(g.meta.Flags) != 2 || g.meta.Date.Unix() != 1583115072 {
						t.Errorf("round %d: UID %d lost flags or date: %+v", round, g.meta.UID, g.meta)
					}
					acked[g.meta.UID] = g.body[:64]
					top = max(top, g.meta.UID)
				}
				for u := range acked {
					top = max(top, u)
					if !seen[u] && !maybeGone[u] {
						t.Errorf("round %d: UID %d was acknowledged and is lost", round, u)
					}
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
			if len(acked) < 20 {
				t.Errorf("only %d messages were appended", len(acked))
			}
		})
	}
}

func sessionOfRound(t *testing.T, url string, write bool) mailbox.Session {
	t.Helper()
	s, err := account(t, url, write).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// killOne starts a writer and kills it with SIGKILL after so many of its words.
func killOne(t *testing.T, url string, words int, acked map[mailbox.UID]string, gone map[mailbox.UID]bool, top mailbox.UID) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), "ARCHIVE_TEST_APPEND_FOREVER="+url)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(out)
	killed := false
	for in.Scan() {
		var uid mailbox.UID
		var sum string
		switch text := in.Text(); {
		case strings.HasPrefix(text, "error"):
			t.Error(text)
		case strings.HasPrefix(text, "removing"):
			fmt.Sscanf(text, "removing %d", &uid)
			gone[uid] = true
		case strings.HasPrefix(text, "ack"):
			fmt.Sscanf(text, "ack %d %s", &uid, &sum)
			if uid <= top || acked[uid] != "" {
				t.Errorf("UID %d was given twice", uid)
			}
			acked[uid] = sum
		}
		if words--; words <= 0 && !killed {
			killed = true
			_ = cmd.Process.Kill() // it may have ended by itself; then there was an error
		}
	}
	_ = cmd.Wait() // killed
}

// TestRandomMessagesSurviveTornIndexes cuts the index inside its last line, as a power cut before the
// last sync can, and writes on.
func TestRandomMessagesSurviveTornIndexes(t *testing.T) {
	for name, url := range map[string]func(string) string{"maildir": urls["maildir"], "mbox": urls["mbox file"], "eml": urls["eml folder"]} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				dir, err := os.MkdirTemp("", "archive-torn-")
				if err != nil {
					r.Fatal(err)
				}
				defer os.RemoveAll(dir)
				tornRounds(r, url(dir), dir)
			})
		})
	}
}

func tornRounds(r *rapid.T, url, dir string) {
	var kept []string
	top := mailbox.UID(0)
	for range rapid.IntRange(1, 4).Draw(r, "rounds") {
		bodies := rapid.SliceOfN(rapid.Custom(drawBody), 0, 5).Draw(r, "bodies")
		uids := appendRound(r, url, bodies)
		for _, u := range uids {
			if u <= top && len(bodies) > 0 {
				r.Fatalf("UID %d after %d", u, top)
			}
		}
		if len(bodies) > 0 && rapid.Bool().Draw(r, "torn") {
			// As if the power had gone before the line was whole: nothing was acknowledged.
			tearIndex(r, dir)
		} else {
			kept = append(kept, bodies...)
			if len(uids) > 0 {
				top = uids[len(uids)-1]
			}
		}
		got := contents(r, url, rapid.Bool().Draw(r, "writer reads"))
		// A torn batch of files already in their folder is adopted whole; it then counts.
		for i, b := range kept {
			if i >= len(got) || got[i] != b {
				r.Fatalf("message %d of %d is not as appended", i, len(kept))
			}
		}
		for _, b := range got[len(kept):] {
			if !strings.Contains(url, "mbox") && contains(bodies, b) {
				continue
			}
			r.Fatalf("half a message came back: %d bytes", len(b))
		}
		if len(got) > len(kept) {
			return // adopted: their UIDs and order are new
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s || strings.ReplaceAll(x, "\n", "\r\n") == s || sameText(x, s) {
			return true
		}
	}
	return false
}

// sameText compares without regard to line ends, which an adopted file may have changed.
func sameText(a, b string) bool {
	return strings.ReplaceAll(a, "\r", "") == strings.ReplaceAll(b, "\r", "")
}

func drawBody(r *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{"From ", "From li@old.example Mon Mar  2 10:11:12 2020\n", ">", "\n", "\r\n", "\r", "\x00", "a: b\r\n",
			strings.Repeat(">", 70000), strings.Repeat("x", 66000)}),
		rapid.String(),
	), 0, 10).Draw(r, "pieces"), "")
}

func appendRound(r *rapid.T, url string, bodies []string) []mailbox.UID {
	s := openFor(r, url, true)
	defer s.Close()
	var list []mailbox.Append
	for _, b := range bodies {
		list = append(list, message(b))
	}
	uids, err := appendTo(s.(mailbox.Writer), "INBOX", list)
	if err != nil {
		r.Fatal(err)
	}
	return uids
}

func openFor(r *rapid.T, url string, write bool) mailbox.Session {
	a, err := archive.Open(url, write)
	if err != nil {
		r.Fatal(err)
	}
	s, err := a.Open(context.Background())
	if err != nil {
		r.Fatal(err)
	}
	return s
}

// tearIndex cuts the folder's index somewhere in its last line.
func tearIndex(r *rapid.T, dir string) {
	var files []string
	_ = filepath.WalkDir(dir, func(name string, _ os.DirEntry, err error) error {
		if filepath.Ext(name) == ".jsonl" && filepath.Base(name) != "folders.jsonl" {
			files = append(files, name)
		}
		return err
	})
	if len(files) != 1 {
		r.Fatalf("indexes %q", files)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		r.Fatal(err)
	}
	start := strings.LastIndexByte(string(raw[:len(raw)-1]), '\n') + 1
	cut := rapid.IntRange(start, len(raw)-1).Draw(r, "cut")
	if err := os.Truncate(files[0], int64(cut)); err != nil {
		r.Fatal(err)
	}
}

func contents(r *rapid.T, url string, write bool) []string {
	s := openFor(r, url, write)
	defer s.Close()
	ctx := context.Background()
	if _, err := s.Examine(ctx, "INBOX"); err != nil {
		r.Fatal(err)
	}
	var uids []mailbox.UID
	if err := s.List(ctx, 1, 0, 0, func(m mailbox.Meta) error {
		uids = append(uids, m.UID)
		return nil
	}); err != nil {
		r.Fatal(err)
	}
	var out []string
	if err := s.Fetch(ctx, uids, func(m mailbox.Message) error {
		raw, err := io.ReadAll(m.Body)
		out = append(out, string(raw))
		return err
	}); err != nil {
		r.Fatal(err)
	}
	return out
}
