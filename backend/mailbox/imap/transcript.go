package imap

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const maxTraced = 400 // bytes of one line that a transcript keeps

// transcript writes what both sides say. Secrets never reach it: commands are
// handed over masked, and what a server echoes is scrubbed.
type transcript struct {
	mu    sync.Mutex
	w     io.Writer
	start time.Time
	scrub func(string) string
}

func (t *transcript) add(side string, text []byte) {
	if t == nil || t.w == nil {
		return
	}
	cut := ""
	if len(text) > maxTraced {
		cut, text = fmt.Sprintf("… (%d bytes)", len(text)), text[:maxTraced]
	}
	line := decodeText(text)
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(t.w, "%8.3f %s %s%s\n", time.Since(t.start).Seconds(), side, t.scrub(line), cut)
}

// scrub replaces the secrets of this connection in what the server said.
func (c *conn) scrub(text string) string {
	for _, s := range c.secrets {
		text = strings.ReplaceAll(text, s, "***")
	}
	return text
}

// hide remembers a secret (and forms of it on the wire) for scrub.
func (c *conn) hide(secrets ...string) {
	for _, s := range secrets {
		if len(s) >= 4 { // a shorter one would blank out ordinary words
			c.secrets = append(c.secrets, s)
		}
	}
}
