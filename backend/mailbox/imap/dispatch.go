package imap

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// step reads one response and hands it on. An error means that the connection is
// over; whatever is merely wrong with a response is noted and skipped.
func (c *conn) step() error {
	s := &c.s
	if err := s.begin(); err != nil {
		return err
	}
	if s.peek() == 0 && len(s.buf) > 0 {
		c.notes.add("leading_nul")
	}
	s.spaces()
	var err error
	torn := c.torn
	c.torn = false
	switch line := s.rest(); {
	case len(line) == 0:
	case line[0] == '*':
		s.pos++
		err = c.untagged()
		c.torn = errors.Is(err, errBroken)
	case line[0] == '+':
		s.plain()
		c.continuation(s.buf[s.pos+1:])
	case torn && c.waitingFor(line) < 0:
		c.torn = true
		err = c.scrap()
	default:
		s.plain()
		err = c.tagged(s.buf[s.pos:])
	}
	if errors.Is(err, errBroken) {
		c.notes.add("broken_response")
	} else if err != nil {
		return err
	}
	return s.finish()
}

// scrap takes a line after a broken response that may be the rest of it. If it
// announces a literal, that is mail: it is read over, for mail may read like responses.
func (c *conn) scrap() error {
	if c.s.lit < 0 {
		return c.bare(c.s.buf[c.s.pos:])
	}
	c.notes.add("leftover")
	return nil
}

// waitingFor finds the pending command whose tag a line begins with, -1 without.
func (c *conn) waitingFor(line []byte) int {
	tag, _, _ := bytes.Cut(line, []byte(" "))
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.IndexFunc(c.pending, func(cmd *command) bool { return strings.EqualFold(cmd.tag, string(tag)) })
}

// responses names the untagged responses that mean something to us or that are
// known to be of no concern.
var responses = func() map[string]string {
	m := map[string]string{}
	for _, n := range []string{
		"FETCH", "EXISTS", "RECENT", "EXPUNGE", "LIST", "XLIST", "LSUB", "STATUS", "FLAGS", "SEARCH", "ESEARCH", "SORT",
		"CAPABILITY", "NAMESPACE", "ID", "QUOTA", "QUOTAROOT", "ENABLED", "VANISHED",
	} {
		m[n] = n
	}
	return m
}()

// responseName returns the known name that b spells in any case, without allocating.
func responseName(b []byte) string {
	var up [12]byte
	if len(b) > len(up) {
		return ""
	}
	for i, ch := range b {
		if 'a' <= ch && ch <= 'z' {
			ch -= 'a' - 'A'
		}
		up[i] = ch
	}
	return responses[string(up[:len(b)])]
}

func (c *conn) untagged() error {
	s := &c.s
	s.spaces()
	if s.peek() == '[' { // a response code without its OK
		s.plain()
		c.notes.add("code_without_status")
		return c.onStatus(parseStatus("OK", s.rest()))
	}
	w := s.word()
	if kind := statusKind(w); kind != "" {
		s.plain()
		return c.onStatus(parseStatus(kind, s.rest()))
	}
	var num uint32
	if len(w) > 0 && w[0] >= '0' && w[0] <= '9' {
		num = toUint32(toNumber(w))
		w = s.word()
	}
	name := responseName(w)
	if name == "" {
		c.notes.add("unknown_reply " + factOf(w))
		return nil
	}
	c.proper()
	if name == "CAPABILITY" {
		s.plain()
		c.setCaps(s.rest())
		return nil
	}
	c.hmu.Lock()
	defer c.hmu.Unlock()
	if c.handler == nil || c.handler.data == nil {
		return nil
	}
	return c.handler.data(name, num, s)
}

// factOf makes a server's word fit for a note.
func factOf(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return -1
	}, string(b[:min(len(b), 24)]))
}

func (c *conn) setCaps(b []byte) {
	set := parseCaps(b, c.cfg.IgnoreCaps)
	c.mu.Lock()
	c.caps = set
	c.capsTold++
	c.mu.Unlock()
}

// proper forgets a stray line: the server goes on talking sense.
func (c *conn) proper() {
	c.mu.Lock()
	was := c.stray != "" && c.byes == 0
	c.stray = ""
	c.mu.Unlock()
	if was {
		c.pulse.calm()
	}
}

func (c *conn) onStatus(st status) error {
	c.proper()
	if st.code == "CAPABILITY" {
		c.setCaps(st.arg)
	}
	c.mu.Lock()
	if c.greeting == nil {
		c.greeting = &st
	}
	tooMany, first := false, false
	if st.kind == "BYE" {
		if c.bye == nil {
			c.bye = &st
		}
		c.byes++
		tooMany, first = c.byes > 3, c.byes == 1
	}
	c.mu.Unlock()
	if tooMany {
		return errTooManyByes
	}
	if first {
		c.pulse.hurry(byeGrace)
	}
	c.hmu.Lock()
	defer c.hmu.Unlock()
	if c.handler != nil && c.handler.status != nil {
		c.handler.status(st)
	}
	return nil
}

func (c *conn) continuation(text []byte) {
	c.proper()
	c.mu.Lock()
	cmd := c.waiting
	c.waiting = nil
	if cmd == nil {
		c.strayPlus = true
	}
	c.mu.Unlock()
	if cmd == nil {
		c.notes.add("stray_continuation")
		return
	}
	cmd.prompt = bytes.Clone(bytes.TrimSpace(text))
	cmd.cont <- struct{}{}
}

func (c *conn) sawStrayPlus() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.strayPlus
}

// tagged takes the answer to a command, or a line that is none.
func (c *conn) tagged(line []byte) error {
	i := c.waitingFor(line)
	if i < 0 {
		return c.bare(line)
	}
	_, rest, _ := bytes.Cut(line, []byte(" "))
	rest = bytes.TrimLeft(rest, " \t")
	word, text, _ := bytes.Cut(rest, []byte(" "))
	kind := statusKind(word)
	var st status
	switch kind {
	case "":
		c.notes.add("tagged_without_status")
		st = status{kind: "BAD", text: decodeText(rest)}
	case "BYE", "PREAUTH":
		st = parseStatus("NO", text)
	default:
		st = parseStatus(kind, text)
	}
	if st.code == "CAPABILITY" {
		c.setCaps(st.arg)
	}
	c.proper()
	c.answer(i, st)
	return nil
}

// answer completes the pending command at index i.
func (c *conn) answer(i int, st status) {
	c.mu.Lock()
	cmd := c.pending[i]
	c.pending = slices.Delete(c.pending, i, i+1)
	if c.waiting == cmd {
		c.waiting = nil
	}
	cmd.answered = true
	counted := cmd.counted
	c.mu.Unlock()
	if counted {
		c.pulse.await(-1)
	}
	cmd.st, cmd.at = st, time.Now()
	if cmd.after != nil {
		cmd.after(cmd)
	}
	close(cmd.done)
}

// bare takes a line that is no response: the rest of a broken one, a response code
// without its "* OK", or a text in place of a tagged answer, e.g. Exchange's
// "Server Unavailable. 15". The last becomes the answer of the oldest command: at
// once if it is that known text, else if nothing proper follows.
func (c *conn) bare(line []byte) error {
	if line[0] == '[' {
		c.notes.add("code_without_status")
		return c.onStatus(parseStatus("OK", line))
	}
	if line[0] == ')' || line[len(line)-1] == ')' && bytes.IndexByte(line, '(') < 0 {
		c.notes.add("leftover")
		return nil
	}
	c.notes.add("bare_text")
	text := decodeText(line)
	c.mu.Lock()
	pending := len(c.pending)
	c.mu.Unlock()
	if pending > 0 && strings.HasPrefix(strings.ToLower(text), "server unavailable") {
		c.answer(0, status{kind: "NO", text: text})
		return nil
	}
	c.mu.Lock()
	c.stray = text
	c.mu.Unlock()
	c.pulse.hurry(c.cfg.Timeouts.Stray)
	return nil
}

// notes counts odd things that a server did.
type notes struct {
	mu    sync.Mutex
	order []string
	count map[string]int
}

func (n *notes) add(code string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.count == nil {
		n.count = map[string]int{}
	}
	if n.count[code] == 0 {
		if len(n.order) >= 50 {
			return
		}
		n.order = append(n.order, code)
	}
	n.count[code]++
}

// list returns each code once, with its count where it is more than one.
func (n *notes) list() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := make([]string, 0, len(n.order))
	for _, code := range n.order {
		if k := n.count[code]; k > 1 {
			code = fmt.Sprintf("%s ×%d", code, k)
		}
		out = append(out, code)
	}
	return out
}
