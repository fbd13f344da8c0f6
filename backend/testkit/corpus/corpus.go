package corpus

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
)

// Corpus is one mailbox full of mail.
type Corpus struct {
	Name     string
	Folders  []Folder
	Count    int // how many messages Messages yields
	Messages iter.Seq[Message]
}

// Folder is one folder of a corpus, by its decoded levels.
type Folder struct {
	Levels     []string
	Subscribed bool
	NoSelect   bool // a mere parent, never created by itself
}

// Message is one message with all that a move has to keep.
type Message struct {
	Name     string   // of an awkward shape, else the running number
	Folder   []string // decoded levels
	Flags    []string // system flags, e.g. `\Seen`
	Keywords []string
	Date     time.Time // INTERNALDATE, whole seconds
	Size     int64     // exact number of bytes
	open     func() io.Reader
}

// Open gives the message's bytes from the start; it may be called again.
func (m Message) Open() io.Reader { return m.open() }

// Bytes gives the whole message. Large ones are better read from Open.
func (m Message) Bytes() []byte {
	b, err := io.ReadAll(m.open())
	if err != nil {
		panic(fmt.Sprintf("corpus: a generated message cannot be read: %v", err)) // readers over memory
	}
	return b
}

// withBody sets the bytes.
func (m Message) withBody(b []byte) Message {
	m.Size = int64(len(b))
	m.open = func() io.Reader { return bytes.NewReader(b) }
	return m
}

// Key is the name of a folder in a [Manifest]: its levels joined by "/".
func Key(levels []string) string { return strings.Join(levels, "/") }

// InFolder narrows a corpus to the messages of some folders; parents stay.
func (c Corpus) InFolder(keys ...string) Corpus {
	want := map[string]bool{}
	for _, k := range keys {
		want[k] = true
	}
	all := c.Messages
	c.Count = 0
	c.Messages = func(yield func(Message) bool) {
		for m := range all {
			if want[Key(m.Folder)] && !yield(m) {
				return
			}
		}
	}
	for range c.Messages {
		c.Count++
	}
	var folders []Folder
	for _, f := range c.Folders {
		for k := range want {
			if k == Key(f.Levels) || strings.HasPrefix(k, Key(f.Levels)+"/") {
				folders = append(folders, f)
				break
			}
		}
	}
	c.Folders = folders
	return c
}
