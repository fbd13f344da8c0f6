package server

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// tracking is a TLS listener that knows its connections, so that none outlives it.
type tracking struct {
	net.Listener
	config *tls.Config
	name   string

	mu     sync.Mutex
	open   map[net.Conn]struct{}
	closed bool
}

func newTracking(inner net.Listener, config *tls.Config, name string) *tracking {
	return &tracking{Listener: inner, config: config, name: name, open: map[net.Conn]struct{}{}}
}

func (t *tracking) Accept() (net.Conn, error) {
	raw, err := t.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &identConn{Conn: tls.Server(raw, t.config), name: t.name}
	c.gone = sync.OnceFunc(func() {
		t.mu.Lock()
		delete(t.open, raw)
		t.mu.Unlock()
	})
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		_ = raw.Close()
	}
	t.open[raw] = struct{}{}
	return c, nil
}

func (t *tracking) closeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for c := range t.open {
		_ = c.Close() // the raw connection: a goodbye of TLS could wait for the peer
	}
}

// identConn adds two commands that imapserver lacks: ID (RFC 2971) and GETQUOTAROOT
// (RFC 9208). It answers them itself and advertises them. imapserver works at one command at a time and reads the
// next one only when the answers before are written, so an answer from within Read
// comes in the right place.
type identConn struct {
	net.Conn
	name string
	gone func()
	// usage tells, once somebody has signed in, how many bytes the mailbox holds and may
	// hold; a limit of 0 is none.
	usage func() (used, limit int64)

	buf     []byte // what pending and ready are parts of
	pending []byte // received, not yet looked at
	ready   []byte // looked at, for the server
	literal int64  // bytes of a literal that pass unseen
	inside  bool   // within a command: the line follows a literal
}

func (c *identConn) Close() error {
	c.gone()
	return c.Conn.Close()
}

func (c *identConn) Read(p []byte) (int, error) {
	for len(c.ready) == 0 {
		if c.take() {
			continue
		}
		if c.literal > 0 { // nothing to look at: straight through
			n, err := c.Conn.Read(p[:min(int64(len(p)), c.literal)])
			c.literal -= int64(n)
			return n, err
		}
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.ready)
	c.ready = c.ready[n:]
	return n, nil
}

// fill receives more behind an unfinished line.
func (c *identConn) fill() error {
	held := len(c.pending)
	if held+4096 > len(c.buf) {
		c.buf = append(make([]byte, 0, 2*held+16<<10), c.pending...)
		c.buf = c.buf[:cap(c.buf)]
	} else {
		copy(c.buf, c.pending)
	}
	n, err := c.Conn.Read(c.buf[held:])
	c.pending = c.buf[:held+n]
	if n > 0 {
		return nil
	}
	return err
}

// maxLine is how much of a line without end is held before it passes as it is; the
// server then complains by itself.
const maxLine = 64 << 10

// take moves what can be judged from pending to ready; false: more bytes are needed.
func (c *identConn) take() bool {
	if len(c.pending) == 0 {
		return false
	}
	n := len(c.pending)
	if c.literal > 0 {
		n = int(min(int64(n), c.literal))
		c.literal -= int64(n)
		c.pass(n)
		return true
	}
	end := bytes.IndexByte(c.pending, '\n')
	if end < 0 {
		if n < maxLine {
			return false
		}
		c.pass(n)
		return true
	}
	line := c.pending[:end+1]
	if tag, ok := identTag(line); ok && !c.inside {
		c.pending = c.pending[end+1:]
		_, _ = fmt.Fprintf(c.Conn, "* ID (\"name\" %q \"vendor\" \"Mailroom practice office\")\r\n%s OK ID completed\r\n", c.name, tag)
		return true
	}
	if m := quotaLine.FindSubmatch(line); m != nil && !c.inside && c.usage != nil {
		tag, name := string(m[1]), string(m[2])
		c.pending = c.pending[end+1:]
		c.quota(tag, name)
		return true
	}
	c.literal, c.inside = literalAt(line)
	c.pass(end + 1)
	return true
}

// quota answers with one root for the whole mailbox; STORAGE counts units of 1,024
// bytes (RFC 9208 section 5.1), what is begun counts whole.
func (c *identConn) quota(tag, name string) {
	used, limit := c.usage()
	if limit <= 0 {
		_, _ = fmt.Fprintf(c.Conn, "* QUOTAROOT %s\r\n%s OK no limit\r\n", name, tag)
		return
	}
	_, _ = fmt.Fprintf(c.Conn, "* QUOTAROOT %s \"\"\r\n* QUOTA \"\" (STORAGE %d %d)\r\n%s OK GETQUOTAROOT completed\r\n",
		name, (used+1023)/1024, limit/1024, tag)
}

func (c *identConn) pass(n int) {
	c.ready, c.pending = c.pending[:n:n], c.pending[n:]
}

var (
	identLine   = regexp.MustCompile(`(?i)^([^\s(){%*"\\+]+) ID (?:NIL|\([^{]*\))\r?\n$`)
	quotaLine   = regexp.MustCompile(`(?i)^([^\s(){%*"\\+]+) GETQUOTAROOT ("(?:[^"\\\r\n]|\\["\\])*"|[^\s(){%*"\\]+)\r?\n$`)
	literalTail = regexp.MustCompile(`\{([0-9]{1,18})\+?\}\r?\n$`)
)

func identTag(line []byte) (string, bool) {
	if m := identLine.FindSubmatch(line); m != nil {
		return string(m[1]), true
	}
	return "", false
}

// literalAt says whether the command goes on with a literal after this line.
func literalAt(line []byte) (size int64, more bool) {
	m := literalTail.FindSubmatch(line)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(string(m[1]), 10, 64)
	return n, err == nil
}

// Write advertises both in each list of capabilities: these come in one short write that
// begins with the list or its response code.
func (c *identConn) Write(p []byte) (int, error) {
	if len(p) < 1024 && bytes.Contains(p, []byte("CAPABILITY IMAP4rev1 ")) {
		with := strings.Replace(string(p), "CAPABILITY IMAP4rev1 ", "CAPABILITY IMAP4rev1 ID QUOTA QUOTA=RES-STORAGE ", 1)
		if _, err := c.Conn.Write([]byte(with)); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return c.Conn.Write(p)
}
