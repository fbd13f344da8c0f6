package archive_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/archive"
)

func TestAddressesThatAreNoArchiveAreRefused(t *testing.T) {
	for _, url := range []string{"", "maildir", "maildir:", "imap:x", "eml:a\x00b", "pst:x"} {
		if _, err := archive.Open(url, false); core.CodeOf(err) != core.Invalid {
			t.Errorf("%q: %v", url, err)
		}
	}
	if !archive.Is("MAILDIR:/x") || archive.Is("imaps://x") {
		t.Error("Is mistakes an address")
	}
}

func TestAMissingSourceIsNotMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	for _, url := range []string{"maildir:" + dir, "eml:" + dir, "mbox:" + dir} {
		_, err := account(t, url, false).Open(t.Context())
		if core.CodeOf(err) != core.NotFound || core.ArgsOf(err)["path"] != dir {
			t.Errorf("%s: %v", url, err)
		}
	}
	s := sessionOf(t, "mbox:"+filepath.Dir(dir)+"/none.mbox", false)
	if _, err := s.Examine(t.Context(), "INBOX"); core.CodeOf(err) != core.NotFound {
		t.Errorf("missing mbox: %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a source was made: %v", err)
	}
}

func TestASourceHasNoWayToWrite(t *testing.T) {
	for name, url := range urls {
		where := url(t.TempDir())
		appendOne(t, where, "Subject: x\r\n\r\n")
		if _, ok := sessionOf(t, where, false).(mailbox.Writer); ok {
			t.Errorf("%s: a source session is a writer", name)
		}
	}
}

func TestReadingAnArchiveOfOursChangesNothing(t *testing.T) {
	for name, url := range urls {
		dir := t.TempDir()
		where := url(dir)
		appendOne(t, where, "Subject: x\n\nFrom y\n")
		before := tree(t, dir)
		if list := readInbox(t, where); len(list) != 1 {
			t.Errorf("%s: %+v", name, list)
		}
		if tree(t, dir) != before {
			t.Errorf("%s was changed by reading", name)
		}
	}
}

func TestOneWriterAtATime(t *testing.T) {
	for name, url := range urls {
		where := url(t.TempDir())
		first, err := account(t, where, true).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := account(t, where, true).Open(t.Context()); core.CodeOf(err) != core.InUse {
			t.Errorf("%s: second writer: %v", name, err)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		second, err := account(t, where, true).Open(t.Context())
		if err != nil {
			t.Fatalf("%s: after the first writer: %v", name, err)
		}
		if err := second.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHostileFolderNamesDoNotLeadOut(t *testing.T) {
	for name, url := range urls {
		dir := t.TempDir()
		w := sessionOf(t, url(dir), true).(mailbox.Writer)
		before := tree(t, filepath.Dir(dir))
		for _, id := range []string{
			"../out", "/etc", "a/../../out", ".", "..", "", "a//b", "./x", "..mbox", "a/../x.mbox", ".mailroom/x.mbox",
			"x\x00y", `..\out`, "C:\\out", ".A/../../x", ".A.B.", "a/", "/",
		} {
			refused, err := w.Create(t.Context(), []string{id})
			if err != nil {
				t.Fatal(err)
			}
			if refused[0] == nil {
				t.Errorf("%s: folder %q was made", name, id)
			}
			if _, err := w.Select(t.Context(), id); err == nil {
				t.Errorf("%s: folder %q was opened", name, id)
			}
			if _, err := w.Batch(t.Context(), id, 1); err == nil {
				t.Errorf("%s: folder %q takes messages", name, id)
			}
		}
		if strings.HasPrefix(name, "mbox file") {
			continue
		}
		for _, level := range []string{"..", "../x", "a/b", `a\b`, "NUL", "con.txt", "a:b", "x.", " ", "*", "x\ny", ".hidden", "COM¹"} {
			id, err := w.FolderID([]string{level})
			if err != nil {
				if core.CodeOf(err) != core.Invalid {
					t.Errorf("%s: %q: %v", name, level, err)
				}
				continue
			}
			if refused, err := w.Create(t.Context(), []string{id}); err != nil || refused[0] != nil {
				t.Errorf("%s: %q as %q: %v, %v", name, level, id, refused, err)
			}
			if levelsOf(t, w)[level] != id {
				t.Errorf("%s: %q is not listed as %q", name, level, id)
			}
		}
		if after := tree(t, filepath.Dir(dir)); len(after) < len(before) {
			t.Errorf("%s: something outside is gone", name)
		}
	}
}

func TestLinksDoNotLeadOut(t *testing.T) {
	outside := t.TempDir()
	write(t, filepath.Join(outside, "cur", "secret:2,"), "Subject: secret\n\n")
	write(t, filepath.Join(outside, "secret.eml"), "Subject: secret\n\n")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "cur", "1.a:2,"), "Subject: mine\n\n")
	for _, name := range []string{".Link", "Link"} {
		if err := os.Symlink(outside, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(outside, "secret.eml"), filepath.Join(dir, "cur", "2.b:2,")); err != nil {
		t.Fatal(err)
	}
	s := sessionOf(t, "maildir:"+dir, false)
	if names := levelsOf(t, s); len(names) != 1 {
		t.Errorf("folders %q", names)
	}
	if list := readFolder(t, s, "INBOX"); len(list) != 1 || !strings.Contains(list[0].body, "mine") {
		t.Errorf("%+v", list)
	}
	if notes := s.Traits().Notes; len(notes) != 2 {
		t.Errorf("the links are not told: %q", notes)
	}
}

func TestALostIndexIsRebuiltUnderAnotherUIDVALIDITY(t *testing.T) {
	for name, url := range urls {
		dir := t.TempDir()
		where := url(dir)
		body := "Subject: x\r\n\r\nFrom y\r\n"
		appendOne(t, where, body)
		appendOne(t, where, body)
		validity := func() uint32 {
			s, err := account(t, where, true).Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			status, err := s.Examine(t.Context(), inbox(t, s))
			if err != nil || status.Messages != 2 {
				t.Fatalf("%s: %+v, %v", name, status, err)
			}
			return status.UIDValidity
		}
		before := validity()
		err := filepath.WalkDir(dir, func(file string, _ os.DirEntry, err error) error {
			if filepath.Ext(file) == ".jsonl" {
				return os.Remove(file)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if after := validity(); after == before {
			t.Errorf("%s: UIDVALIDITY is still %d", name, after)
		}
		for _, g := range readInbox(t, where) {
			if g.body != body {
				t.Errorf("%s: body %q", name, g.body)
			}
		}
	}
}

func TestADamagedIndexLosesNoMessage(t *testing.T) {
	for name, url := range urls {
		dir := t.TempDir()
		where := url(dir)
		for range 3 {
			appendOne(t, where, "Subject: x\r\n\r\nx\r\n")
		}
		err := filepath.WalkDir(dir, func(file string, _ os.DirEntry, err error) error {
			if filepath.Ext(file) != ".jsonl" || filepath.Base(file) == "folders.jsonl" || err != nil {
				return err
			}
			raw, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			raw[len(raw)/2] ^= 1
			return os.WriteFile(file, raw, 0o600)
		})
		if err != nil {
			t.Fatal(err)
		}
		if list := readInbox(t, where); len(list) != 3 {
			t.Errorf("%s: a reader sees %d messages", name, len(list))
		}
		if uid := appendOne(t, where, "Subject: x\r\n\r\n"); uid < 4 {
			t.Errorf("%s: UID %d again", name, uid)
		}
		if list := readInbox(t, where); len(list) != 4 {
			t.Errorf("%s: %d messages, want 4", name, len(list))
		}
	}
}

func TestANewerIndexIsRefused(t *testing.T) {
	for name, url := range urls {
		dir := t.TempDir()
		where := url(dir)
		appendOne(t, where, "Subject: x\r\n\r\n")
		err := filepath.WalkDir(dir, func(file string, _ os.DirEntry, err error) error {
			if filepath.Ext(file) != ".jsonl" || filepath.Base(file) == "folders.jsonl" || err != nil {
				return err
			}
			return os.WriteFile(file, []byte(`{"c":"0b599e25","r":{"t":"head","v":99,"validity":7}}`+"\n"), 0o600)
		})
		if err != nil {
			t.Fatal(err)
		}
		s := sessionOf(t, where, true)
		if _, err := s.Examine(t.Context(), inbox(t, s)); core.CodeOf(err) != core.NewerData {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// onFullDisk runs in a process that may only write small files.
func onFullDisk(dir string) {
	limitFileSize(1 << 20)
	for _, url := range []string{"maildir:" + dir + "/m", "mbox:" + dir + "/b.mbox", "eml:" + dir + "/e"} {
		a, err := archive.Open(url, true)
		if err == nil {
			var s mailbox.Session
			if s, err = a.Open(context.Background()); err == nil {
				w := s.(mailbox.Writer)
				_, err = appendTo(w, "INBOX", []mailbox.Append{message("Subject: fits\r\n\r\n")})
				if err == nil {
					_, err = appendTo(w, "INBOX", []mailbox.Append{message("Subject: fits\r\n\r\n"), message(strings.Repeat("x", 2<<20))})
					fmt.Println(core.CodeOf(err), core.ArgsOf(err)["path"] != "")
				}
				if _, err = appendTo(w, "INBOX", []mailbox.Append{message("Subject: fits, too\r\n\r\n")}); err == nil {
					fmt.Println("goes on")
				}
				err = s.Close()
			}
		}
		if err != nil {
			fmt.Println(err)
		}
	}
}

func TestAFullDiskIsToldAndLeavesTheArchiveWhole(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ARCHIVE_TEST_FULL_DISK="+dir)
	out, err := cmd.CombinedOutput()
	if want := strings.Repeat("disk_full true\ngoes on\n", 3); err != nil || string(out) != want {
		t.Fatalf("%v: %s, want %s", err, out, want)
	}
	for _, url := range []string{"maildir:" + dir + "/m", "mbox:" + dir + "/b.mbox", "eml:" + dir + "/e"} {
		if list := readInbox(t, url); len(list) != 2 {
			t.Errorf("%s: %d messages, want 2", url, len(list))
		}
	}
}
