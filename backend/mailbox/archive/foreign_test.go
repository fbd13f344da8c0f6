package archive_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

func sessionOf(t *testing.T, url string, write bool) mailbox.Session {
	t.Helper()
	s, err := account(t, url, write).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func touch(t *testing.T, name string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func levelsOf(t *testing.T, s mailbox.Session) map[string]string {
	t.Helper()
	folders, err := s.Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range folders {
		out[strings.Join(f.Levels, "|")] = f.ID
	}
	return out
}

func TestForeignMaildirKeepsFlagsKeywordsAndDates(t *testing.T) {
	dir := t.TempDir()
	date := time.Date(2020, 3, 2, 10, 11, 12, 0, time.UTC)
	cur := filepath.Join(dir, "cur")
	write(t, filepath.Join(cur, "1000.a.host,S=14,W=17:2,FRSa"), "Subject: x\n\ny\n")
	write(t, filepath.Join(cur, "999.b.host:2,DPT"), "Subject: x\r\n\r\ncrlf\r\n")
	write(t, filepath.Join(cur, "1001.c.host;2,S"), "Subject: on Windows\n\nmixed\r\nline\n")
	write(t, filepath.Join(dir, "new", "1002.d.host"), "Subject: new\n\nno end")
	write(t, filepath.Join(dir, "tmp", "1003.e.host"), "half a mess")
	write(t, filepath.Join(dir, "dovecot-keywords"), "0 $Label1\n1 blue\n")
	write(t, filepath.Join(dir, "subscriptions"), "V\t2\n\nINBOX\n")
	for _, name := range []string{"1000.a.host,S=14,W=17:2,FRSa", "999.b.host:2,DPT", "1001.c.host;2,S"} {
		touch(t, filepath.Join(cur, name), date)
	}
	touch(t, filepath.Join(dir, "new", "1002.d.host"), date)
	before := tree(t, dir)
	list := readInbox(t, "maildir:"+dir)
	want := []struct {
		body  string
		flags []string
	}{
		{"Subject: x\r\n\r\ncrlf\r\n", []string{`\Draft`, "$Forwarded", `\Deleted`}},
		{"Subject: x\r\n\r\ny\r\n", []string{`\Flagged`, `\Answered`, `\Seen`, "$Label1"}},
		{"Subject: on Windows\r\n\r\nmixed\r\nline\r\n", []string{`\Seen`}},
		{"Subject: new\r\n\r\nno end", nil},
	}
	if len(list) != len(want) {
		t.Fatalf("%d messages, want %d: %+v", len(list), len(want), list)
	}
	for i, w := range want {
		if g := list[i]; g.body != w.body || !slices.Equal(g.meta.Flags, w.flags) || !g.meta.Date.Equal(date) {
			t.Errorf("message %d: %+v, want %+v", i, g, w)
		}
	}
	if list[1].meta.Size != 17 {
		t.Errorf("size by name is %d, want 17", list[1].meta.Size)
	}
	if after := tree(t, dir); after != before {
		t.Error("the source was changed")
	}
}

func TestMaildirNamesAreReadInEveryLayout(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{
		".", ".&UXZO1g-", ".项目.2020", ".R&D", ".A.B", "Verbatim/子", "Legacy/.Sub", ".\xd6\xd0\xce\xc4", "INBOX",
	} {
		write(t, filepath.Join(dir, filepath.FromSlash(folder), "cur", "1.a:2,"), "Subject: x\n\n")
	}
	write(t, filepath.Join(dir, ".git", "config"), "x")
	names := levelsOf(t, sessionOf(t, "maildir:"+dir, false))
	for levels, id := range map[string]string{
		"INBOX": "INBOX", "其他": ".&UXZO1g-", "项目|2020": ".项目.2020", "R&D": ".R&D", "A|B": ".A.B",
		"Verbatim|子": "Verbatim/子", "Legacy|Sub": "Legacy/.Sub", "中文": ".\xd6\xd0\xce\xc4",
	} {
		if names[levels] != id && !(levels == "INBOX" && names[levels] == "./INBOX") {
			t.Errorf("%q is %q, want %q", levels, names[levels], id)
		}
	}
	if len(names) != 8 {
		t.Errorf("folders %q", names)
	}
}

func TestANestedMaildirHasItsInboxInAFolder(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{"Inbox", "Sent", "Inbox/2020"} {
		write(t, filepath.Join(dir, folder, "cur", "1.a:2,"), "Subject: x\n\n")
	}
	names := levelsOf(t, sessionOf(t, "maildir:"+dir, false))
	if names["INBOX"] != "Inbox" || names["INBOX|2020"] != "Inbox/2020" || names["Sent"] != "Sent" || len(names) != 3 {
		t.Errorf("folders %q", names)
	}
}

func TestAMessageRenamedByAnotherProgramIsStillRead(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "new", "1.a")
	write(t, name, "Subject: x\r\n\r\n")
	if err := os.MkdirAll(filepath.Join(dir, "cur"), 0o755); err != nil {
		t.Fatal(err)
	}
	s := sessionOf(t, "maildir:"+dir, false)
	if list := readFolder(t, s, "INBOX"); len(list) != 1 {
		t.Fatalf("%+v", list)
	}
	if err := os.Rename(name, filepath.Join(dir, "cur", "1.a:2,S")); err != nil {
		t.Fatal(err)
	}
	if list := readFolder(t, s, "INBOX"); len(list) != 1 || list[0].body != "Subject: x\r\n\r\n" {
		t.Errorf("%+v", list)
	}
}

func TestForeignEMLFilesComeInNaturalOrderWithDates(t *testing.T) {
	dir := t.TempDir()
	old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	write(t, filepath.Join(dir, "10.eml"), "Subject: ten\n\n")
	write(t, filepath.Join(dir, "9.EML"), "Date: Mon, 2 Mar 2020 10:11:12 +0800\nX-Mozilla-Status: 0001\nSubject: nine\n\n")
	write(t, filepath.Join(dir, "年报", "一.eml"), "Subject: deep\r\n\r\n")
	write(t, filepath.Join(dir, "年报", "readme.txt"), "no mail")
	write(t, filepath.Join(dir, ".hidden", "x.eml"), "Subject: hidden\n\n")
	touch(t, filepath.Join(dir, "10.eml"), old)
	before := tree(t, dir)
	list := readInbox(t, "eml:"+dir)
	if len(list) != 2 || list[0].body != "Date: Mon, 2 Mar 2020 10:11:12 +0800\r\nX-Mozilla-Status: 0001\r\nSubject: nine\r\n\r\n" {
		t.Fatalf("%+v", list)
	}
	if _, zone := list[0].meta.Date.Zone(); zone != 8*3600 || !slices.Equal(list[0].meta.Flags, []string{`\Seen`}) {
		t.Errorf("%+v", list[0].meta)
	}
	if !list[1].meta.Date.Equal(old) {
		t.Errorf("date %v, want %v", list[1].meta.Date, old)
	}
	names := levelsOf(t, sessionOf(t, "eml:"+dir, false))
	if names["INBOX"] != "." || names["年报"] != "年报" || len(names) != 2 {
		t.Errorf("folders %q", names)
	}
	if after := tree(t, dir); after != before {
		t.Error("the source was changed")
	}
}

func TestForeignArchivesAreTakenOverByAWriter(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "m", "cur", "1.a:2,S"), "Subject: one\n\n1\n")
	write(t, filepath.Join(dir, "b.mbox"), "From li@old.example Mon Mar  2 10:11:12 2020\nSubject: one\n\n1")
	write(t, filepath.Join(dir, "e", "INBOX", "one.eml"), "Subject: one\n\n1\n")
	for _, url := range []string{"maildir:" + filepath.Join(dir, "m"), "mbox:" + filepath.Join(dir, "b.mbox"), "eml:" + filepath.Join(dir, "e")} {
		t.Run(url[:4], func(t *testing.T) {
			first := appendOne(t, url, "Subject: two\n\nbare\n")
			if first != 2 {
				t.Errorf("first UID %d, want 2", first)
			}
			if again := appendOne(t, url, "Subject: three\r\n\r\n"); again != 3 {
				t.Errorf("next UID %d, want 3", again)
			}
			list := readInbox(t, url)
			if len(list) != 3 || list[1].body != "Subject: two\n\nbare\n" || list[2].body != "Subject: three\r\n\r\n" ||
				!strings.HasPrefix(list[0].body, "Subject: one\r\n\r\n1") {
				t.Errorf("%+v", list)
			}
		})
	}
}

// appendOne appends one message to the inbox in a session of its own.
func appendOne(t *testing.T, url, body string) mailbox.UID {
	t.Helper()
	s, err := account(t, url, true).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	uids, err := appendTo(s.(mailbox.Writer), inbox(t, s), []mailbox.Append{message(body)})
	if err != nil {
		t.Fatal(err)
	}
	return uids[0]
}

// inbox finds the folder that is the inbox.
func inbox(t *testing.T, s mailbox.Session) string {
	t.Helper()
	folders, err := s.Folders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if f.Role == core.RoleInbox {
			return f.ID
		}
	}
	t.Fatalf("no inbox in %+v", folders)
	return ""
}
