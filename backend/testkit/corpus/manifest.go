package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"slices"
	"strings"
	"time"
)

// Manifest is what an account holds, by folder [Key].
type Manifest map[string]*Contents

// Contents is one folder as it was read.
type Contents struct {
	Subscribed bool
	NoSelect   bool // a mere parent
	Messages   []Entry
}

// Entry is one message as it was read.
type Entry struct {
	UID      uint32    `json:",omitempty"`
	Sum      string    // SHA-256 of the bytes with every line end made CRLF, hex
	Size     int64     // of the bytes so made
	Date     time.Time // INTERNALDATE in UTC, whole seconds
	Flags    []string  // lower case, sorted, without \recent
	Keywords []string  // sorted
	Label    string    // Message-ID, or the subject, or the start of the bytes: for people
}

// Count is the number of messages in all folders.
func (m Manifest) Count() int {
	n := 0
	for _, c := range m {
		n += len(c.Messages)
	}
	return n
}

// Bytes is the size of all messages.
func (m Manifest) Bytes() int64 {
	var n int64
	for _, c := range m {
		for _, e := range c.Messages {
			n += e.Size
		}
	}
	return n
}

// Expected is the manifest that an account filled with c must have.
func Expected(c Corpus) Manifest {
	m := Manifest{}
	for _, f := range c.Folders {
		m[Key(f.Levels)] = &Contents{Subscribed: f.Subscribed, NoSelect: f.NoSelect}
	}
	for msg := range c.Messages {
		e := newEntry()
		if _, err := io.Copy(e, msg.Open()); err != nil {
			panic("corpus: " + err.Error()) // readers over memory
		}
		entry := e.entry()
		entry.Date = msg.Date.UTC()
		entry.Flags, entry.Keywords = splitFlags(append(slices.Clone(msg.Flags), msg.Keywords...))
		at := m[Key(msg.Folder)]
		at.Messages = append(at.Messages, entry)
	}
	return m
}

// splitFlags separates system flags from keywords, as servers mix them.
func splitFlags(all []string) (flags, keywords []string) {
	for _, f := range all {
		switch {
		case strings.EqualFold(f, `\Recent`):
		case strings.HasPrefix(f, `\`):
			flags = append(flags, strings.ToLower(f))
		default:
			keywords = append(keywords, f)
		}
	}
	slices.Sort(flags)
	slices.Sort(keywords)
	return slices.Compact(flags), slices.Compact(keywords)
}

// entryWriter hashes a message while it passes.
type entryWriter struct {
	sum   hash.Hash
	size  int64
	last  byte
	start []byte
}

func newEntry() *entryWriter { return &entryWriter{sum: sha256.New()} }

// Write takes the next bytes; servers store lines with either end, so a line feed
// without carriage return counts as a whole line end.
func (w *entryWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			w.take(p)
			break
		}
		if i > 0 {
			w.take(p[:i])
		}
		if w.last != '\r' {
			w.take([]byte{'\r'})
		}
		w.take([]byte{'\n'})
		p = p[i+1:]
	}
	return n, nil
}

func (w *entryWriter) take(p []byte) {
	w.sum.Write(p)
	w.size += int64(len(p))
	w.last = p[len(p)-1]
	if room := 8192 - len(w.start); room > 0 {
		w.start = append(w.start, p[:min(room, len(p))]...)
	}
}

func (w *entryWriter) entry() Entry {
	return Entry{Sum: hex.EncodeToString(w.sum.Sum(nil)), Size: w.size, Label: label(string(w.start))}
}

// label finds something to call the message by.
func label(start string) string {
	head, _, _ := strings.Cut(start, "\r\n\r\n")
	subject := ""
	for line := range strings.SplitSeq(head, "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case strings.EqualFold(name, "Message-ID") && value != "":
			return value
		case strings.EqualFold(name, "Subject") && subject == "":
			subject = value
		}
	}
	if subject != "" {
		return "subject " + strings.ToValidUTF8(subject, "?")
	}
	return strings.ToValidUTF8(start[:min(40, len(start))], "?")
}
