package corpus

import (
	"fmt"
	"strings"
	"time"
)

// Awkward makes the shapes that break mail programs, each under its name, and a few
// folder names that do. Not every server can hold every shape: what it refuses is
// told by [Fill] and, in a move, has to be left behind with the server's words.
// With large, the messages of 60 and 100 MB are among them.
func Awkward(large bool) Corpus {
	var all []Message
	for i, s := range shapes() {
		m := Message{Name: s.name, Folder: []string{"INBOX"}, Date: baseDate.Add(time.Duration(i) * time.Hour)}
		if !s.date.IsZero() {
			m.Date = s.date
		}
		m.Flags, m.Keywords = s.flags, s.keywords
		all = append(all, m.withBody(s.body))
	}
	folders := []Folder{{Levels: []string{"INBOX"}, Subscribed: true}}
	for i, name := range folderNames() {
		levels := strings.Split(name, "/")
		folders = append(folders, Folder{Levels: levels, Subscribed: i%2 == 0})
		m := Message{Name: "folder-" + name, Folder: levels, Date: baseDate}
		all = append(all, m.withBody(plain("Subject: in a folder of an odd name\r\n", name+"\r\n")))
	}
	if large {
		for i, mb := range []int64{60, 100} {
			m := Message{Name: fmt.Sprintf("%d-mb", mb), Folder: []string{"INBOX"}, Date: baseDate, Flags: []string{`\Seen`}}
			all = append(all, huge(m, 60, i, mb<<20))
		}
	}
	return Corpus{Name: "awkward", Folders: folders, Count: len(all), Messages: func(yield func(Message) bool) {
		for _, m := range all {
			if !yield(m) {
				return
			}
		}
	}}
}

// Shape gives one awkward message by its name; it panics on a name that is not there.
func Shape(name string) Message {
	for m := range Awkward(strings.HasSuffix(name, "-mb")).Messages {
		if m.Name == name {
			return m
		}
	}
	panic("corpus: no such shape: " + name)
}

// ChangedBy names the shapes that a kind of server (dovecot, courier, cyrus) itself
// changes when they are appended to it, whoever appends them. Dovecot 2.3 (Maildir)
// serves NUL as 0x80 and drops a carriage return that stands last or before a line
// end; Courier drops bare carriage returns, ends every message with a line end and
// cuts messages of very many parts; Cyrus changes nothing but refuses much. [Fill] writes to
// Dovecot's disk, where only NUL is changed.
func ChangedBy(kind string) []string {
	switch kind {
	case "dovecot":
		return []string{"nul-in-body", "nul-in-header", "two-cr-before-lf", "ends-in-cr"}
	case "courier":
		return []string{"bare-cr", "bare-cr-in-header", "two-cr-before-lf", "no-final-newline", "ends-in-cr",
			"parts-1000", "no-blank-line-no-newline", "one-byte"}
	}
	return nil
}

var baseDate = time.Date(2019, 6, 4, 9, 30, 0, 0, time.FixedZone("", 8*3600))

// folderNames are legal, and each has broken somebody.
func folderNames() []string {
	return []string{
		"a b  c", "Tom & Jerry", "&", "&-", "ä ö ü ß", "e\u0301 nfd", "é nfc", "😀 emoji", `quo"te`, "per%cent", "st*ar",
		"(brackets) {5}", "tilde~", "深/い/階/層/の/フォルダ", "new\u3000wide space", strings.Repeat("很长的文件夹名字", 6), "NIL", "inbox2", "INBOX/子文件夹",
		"trailing space ", "#news", "已删除邮件", "&Jjo-", "a/INBOX",
	}
}

type shape struct {
	name     string
	body     []byte
	date     time.Time
	flags    []string
	keywords []string
}

const sender = "From: Li Lei <li.lei@old.example>\r\nTo: Han Mei <han.mei@new.example>\r\n"

// plain makes a message with the usual sender and date, further header lines and a text.
func plain(header, text string) []byte {
	return []byte(sender + "Date: Tue, 04 Jun 2019 09:30:00 +0800\r\n" + header + "\r\n" + text)
}
