package archive_test

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// got is one message of a source.
type got struct {
	meta mailbox.Meta
	body string
}

// readInbox reads the inbox of an archive that is opened for reading only.
func readInbox(t *testing.T, url string) []got {
	t.Helper()
	s, err := account(t, url, false).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return readFolder(t, s, inbox(t, s))
}

func readFolder(t *testing.T, s mailbox.Session, id string) []got {
	t.Helper()
	if _, err := s.Examine(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	var out []got
	var uids []mailbox.UID
	if err := s.List(t.Context(), 1, 0, 0, func(m mailbox.Meta) error {
		out = append(out, got{meta: m})
		uids = append(uids, m.UID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	err := s.Fetch(t.Context(), uids, func(m mailbox.Message) error {
		if m.Err != nil {
			return m.Err
		}
		raw, err := io.ReadAll(m.Body)
		if int64(len(raw)) != m.Size {
			t.Errorf("UID %d: %d bytes announced, %d read", m.UID, m.Size, len(raw))
		}
		out[slices.Index(uids, m.UID)].body = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wire writes text with CRLF.
func wire(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

func utc(h, m, s int) time.Time { return time.Date(2020, 3, 2, h, m, s, 0, time.UTC) }

func TestForeignMboxFilesAreSplitByTheirVariant(t *testing.T) {
	type want struct {
		body  string
		date  time.Time
		flags []string
	}
	const inner = "lead\n\ntext\nFrom someone Mon Mar  2 10:11:12 2020\nSubject: quoted mail\n\n>From stays\n"
	sunday := time.Date(2020, 3, 1, 1, 0, 0, 0, time.UTC)
	for file, messages := range map[string][]want{
		"rd.mbox": {
			{"Message-ID: <1@old.example>\nSubject: one\nStatus: RO\nX-Status: AF\nX-Keywords: $Forwarded blue\n\nFrom the start\n>From deeper\ntext\n",
				utc(10, 11, 12), []string{`\Seen`, `\Answered`, `\Flagged`, "$Forwarded", "blue"}},
			{"Message-ID: <2@old.example>\nSubject: two\n\nFrom here on, a line in the text\n\nFrom nowhere\nFrom li@old.example once more\n\nlast\n",
				utc(34, 11, 12), nil},
		},
		"crlf.mbox":         {{"Subject: one\n\nFrom x\n", utc(10, 11, 12), nil}, {"Subject: two\n\nend\n", utc(10, 11, 13), nil}},
		"cl2.mbox":          {{"Subject: one\nContent-Length: 83\n\n" + inner, utc(10, 11, 12), nil}, {"Subject: two\nContent-Length: 4\n\nend\n", utc(10, 11, 13), nil}},
		"cl.mbox":           {{"Subject: one\nContent-Length: 21\n\nFrom one\n>>From two\n", utc(10, 11, 12), nil}, {"Subject: two\nContent-Length: 4\n\nend\n", utc(10, 11, 13), nil}},
		"wrong-length.mbox": {{"Subject: one\nContent-Length: 3\n\nlonger than three\n", utc(10, 11, 12), nil}, {"Subject: two\nContent-Length: 99999\n\nend\n", utc(10, 11, 13), nil}},
		"thunderbird": {
			{"X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys: $label1 project\nDate: Sun, 01 Mar 2020 09:00:00 +0800\nSubject: read\n\none\n",
				sunday, []string{`\Seen`, "$label1", "project"}},
			{"X-Mozilla-Status: 0009\nX-Mozilla-Status2: 00000000\nDate: Sun, 01 Mar 2020 09:00:01 +0800\nSubject: deleted\n\ntwo\n",
				sunday.Add(time.Second), []string{`\Seen`, `\Deleted`}},
			{"X-Mozilla-Status: 1006\nX-Mozilla-Status2: 00000000\nSubject: answered, starred, forwarded\n\nthree\n",
				utc(10, 11, 12), []string{`\Answered`, `\Flagged`, "$Forwarded"}},
		},
		"eudora.mbx":           {{"Date: Sun, 01 Mar 2020 09:00:00 +0800\nSubject: one\n\none\n", sunday, nil}, {"Subject: two\n\ntwo\n", utc(10, 11, 13), nil}},
		"takeout.mbox":         {{"X-GM-THRID: 1\nSubject: one\n\none\n", utc(10, 11, 12), nil}, {"Subject: two\n\ntwo\n", utc(2, 11, 13), nil}},
		"undated.mbox":         {{"Subject: one\n\nFrom prose to verse: no\n\nFrom here we went\nhome\n", time.Time{}, nil}, {"Subject: two\n\ntwo\n", time.Time{}, nil}},
		"no-blank-at-end.mbox": {{"Subject: one\n\nno end", utc(10, 11, 12), nil}},
		"empty-bodies.mbox":    {{"Subject: one\n\n", utc(10, 11, 12), nil}, {"Subject: two\n\n", utc(10, 11, 13), nil}, {"\n\nonly a body\n", utc(10, 11, 14), nil}},
		"bom.mbox":             {{"Subject: one\n\nx\n", utc(10, 11, 12), nil}},
	} {
		t.Run(file, func(t *testing.T) {
			dir := copyOf(t, filepath.Join("testdata", "mbox", file))
			before := tree(t, dir)
			list := readInbox(t, "mbox:"+filepath.Join(dir, file))
			if len(list) != len(messages) {
				t.Fatalf("%d messages, want %d: %+v", len(list), len(messages), list)
			}
			for i, w := range messages {
				g := list[i]
				if g.body != wire(w.body) {
					t.Errorf("message %d:\n%q, want\n%q", i+1, g.body, wire(w.body))
				}
				if !g.meta.Date.Equal(w.date) || !slices.Equal(g.meta.Flags, w.flags) || g.meta.Size != int64(len(g.body)) {
					t.Errorf("message %d: %+v, want date %v, flags %q, size %d", i+1, g.meta, w.date, w.flags, len(g.body))
				}
			}
			if after := tree(t, dir); after != before {
				t.Errorf("the source was changed from\n%s to\n%s", before, after)
			}
		})
	}
}

// copyOf copies one file into a new folder.
func copyOf(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, filepath.Base(name)), string(raw))
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tree describes everything below dir: names, modes, times and bytes.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		b.WriteString(name + " " + info.Mode().String() + " " + info.ModTime().String() + "\n")
		if info.Mode().IsRegular() {
			raw, err := os.ReadFile(name)
			b.Write(raw)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const simple = "From li@old.example Mon Mar  2 10:11:12 2020\nSubject: x\n\nx\n\n"

func TestMboxFoldersOfManyPrograms(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"Inbox", "Inbox.sbd/2020", "Inbox.sbd/2020.sbd/一月", "Sent.mbox", "Lists/go.mbox", "Apple.mbox/mbox",
		"a%2Fb.mbox", ".mailroom/tmp/x.mbox", "Work&Co",
	} {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), simple)
	}
	write(t, filepath.Join(dir, "Inbox.msf"), "// <!-- <mdb:mork:z v=\"1.4\"/> -->")
	write(t, filepath.Join(dir, "notes.txt"), "From time to time\n")
	write(t, filepath.Join(dir, "Empty"), "")
	s, err := account(t, "mbox:"+dir, false).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	folders, err := s.Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range folders {
		names = append(names, strings.Join(f.Levels, "|"))
		if f.Role == core.RoleInbox && f.ID != "Inbox" {
			t.Errorf("%q is the inbox", f.ID)
		}
	}
	slices.Sort(names)
	want := []string{"Apple", "Empty", "INBOX", "INBOX|2020", "INBOX|2020|一月", "Lists|go", "Sent", "Work&Co", "a/b"}
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("folders %q, want %q", names, want)
	}
}

func TestANotMboxFileIsToldAndLeftAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "letter.txt")
	write(t, file, "Dear reader,\n\nthis is no mbox.\n")
	for _, toWrite := range []bool{false, true} {
		s, err := account(t, "mbox:"+file, toWrite).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Examine(t.Context(), "INBOX"); core.CodeOf(err) != core.Malformed {
			t.Errorf("examine: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if raw, err := os.ReadFile(file); err != nil || string(raw) != "Dear reader,\n\nthis is no mbox.\n" {
		t.Errorf("the file is now %q, %v", raw, err)
	}
}

func TestASourceThatGrowsGetsAnotherUIDVALIDITY(t *testing.T) {
	dir := t.TempDir()
	mboxFile := filepath.Join(dir, "x.mbox")
	write(t, mboxFile, simple)
	md := filepath.Join(dir, "Maildir", "cur")
	write(t, filepath.Join(md, "1.a.host:2,S"), "Subject: x\n\nx\n")
	emls := filepath.Join(dir, "eml")
	write(t, filepath.Join(emls, "1.eml"), "Subject: x\n\nx\n")
	grow := map[string]func(){
		"mbox:" + mboxFile:            func() { write(t, mboxFile, simple+simple) },
		"maildir:" + filepath.Dir(md): func() { write(t, filepath.Join(md, "2.a.host:2,S"), "Subject: y\n\nx\n") },
		"eml:" + emls:                 func() { write(t, filepath.Join(emls, "2.eml"), "Subject: x\n\nx\n") },
	}
	for url, more := range grow {
		id := "INBOX"
		if strings.HasPrefix(url, "eml:") {
			id = "."
		}
		validity := func() uint32 {
			s, err := account(t, url, false).Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			status, err := s.Examine(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return status.UIDValidity
		}
		first, second := validity(), validity()
		more()
		if third := validity(); first != second || first == third || first == 0 {
			t.Errorf("%s: UIDVALIDITY %d, %d, then %d", url, first, second, third)
		}
	}
}
