package imap

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

const (
	smallBody = 64 << 10  // bodies up to here are read ahead
	maxHeader = 256 << 10 // of a header block that is kept
)

var errShortLiteral = errors.New("the literal's announced size is wrong")

// unusable is the error of one message that cannot be had; why is no_body,
// empty_body or short_literal.
func unusable(why string) error {
	var cause error
	if why == "short_literal" {
		cause = errShortLiteral
	}
	return core.E(core.Malformed, "fetch message", cause, "why", why)
}

// delivery is one event of a fetch: a message, or the answer to a command.
type delivery struct {
	answered *command
	uid      mailbox.UID
	rfcSize  int64
	size     int64
	data     []byte
	pooled   *[]byte // where data lives, to be given back
	spool    *spooled
	live     *live
	err      error
}

var bodyPool = sync.Pool{New: func() any { b := make([]byte, smallBody); return &b }}

// free gives back what d holds, and the socket if d is live.
func (d *delivery) free() {
	if d.pooled != nil {
		bodyPool.Put(d.pooled)
		d.pooled = nil
	}
	d.spool.free()
	if d.live != nil {
		close(d.live.done)
		d.live = nil
	}
}

// live is a body that the consumer reads from the socket while the reader waits.
type live struct {
	br   *bufio.Reader
	left int64
	err  error
	done chan struct{} // closed by the consumer when it is through
}

// Read holds the last byte back until it has seen that the response goes on as it
// must: so a wrong size is an error before the body counts as complete.
func (l *live) Read(p []byte) (int, error) {
	switch {
	case l.err != nil:
		return 0, l.err
	case l.left == 0:
		return 0, io.EOF
	case len(p) == 0:
		return 0, nil
	case l.left > 1:
		n, err := l.br.Read(p[:min(int64(len(p)), l.left-1)])
		l.left -= int64(n)
		return n, l.broke(err)
	}
	c, err := l.br.ReadByte()
	if err != nil {
		return 0, l.broke(err)
	}
	l.left = 0
	next, err := l.br.Peek(1)
	if err != nil {
		return 0, l.broke(err)
	}
	if next[0] != ' ' && next[0] != ')' {
		l.err = unusable("short_literal")
		return 0, l.err
	}
	p[0] = c
	return 1, nil
}

// broke codes a failure of the connection under the body.
func (l *live) broke(err error) error {
	if err == nil {
		return nil
	}
	code := core.Unreachable
	if errors.Is(err, os.ErrDeadlineExceeded) {
		code = core.Timeout
	}
	l.err = core.E(code, "fetch message", unexpected(err))
	return l.err
}

// fetcher reads the answers of one Fetch or Headers, in the reader.
type fetcher struct {
	*stream[delivery]
	c       *conn
	p       *fetchParser
	uids    []mailbox.UID // asked for, ascending
	header  bool          // header sections are wanted, not bodies
	cur     delivery      // of the response at hand
	have    bool          // cur holds something
	handed  bool          // cur went out live
	dropped int64         // bytes read over since release
}

func newFetcher(c *conn, uids []mailbox.UID, header bool) *fetcher {
	f := &fetcher{stream: newStream[delivery](64), c: c, p: newFetchParser(), uids: uids, header: header}
	f.p.body = f.section
	return f
}

func (f *fetcher) wanted(uid mailbox.UID) bool {
	_, ok := position(f.uids, uid)
	return ok
}

// take reads one FETCH response and hands its message over.
func (f *fetcher) take(name string, _ uint32, s *scanner) error {
	if name != "FETCH" {
		return nil
	}
	f.cur, f.have, f.handed = delivery{}, false, false
	m, err := f.p.parse(s)
	if err != nil && !errors.Is(err, errBroken) {
		f.cur.free()
		return err
	}
	if !f.have || f.handed {
		return err
	}
	f.cur.uid, f.cur.rfcSize = m.UID, m.Size
	if m.UID == 0 && len(f.uids) == 1 {
		f.cur.uid = f.uids[0]
	}
	if f.cur.uid == 0 {
		f.c.notes.add("fetch_without_uid")
	}
	if s.odd && f.cur.err == nil {
		f.c.notes.add("short_literal")
		f.cur.err = unusable("short_literal")
	}
	if !f.wanted(f.cur.uid) || !f.push(f.cur) {
		f.cur.free()
	}
	return err
}

func (f *fetcher) isWanted(section string) bool {
	if f.header {
		return strings.HasPrefix(section, "BODY[HEADER") || strings.HasPrefix(section, "BODY.PEEK[HEADER") || section == "RFC822.HEADER"
	}
	switch section {
	case "BODY[]", "RFC822", "BINARY[]", "BODY.PEEK[]", "BINARY.PEEK[]":
		return true
	}
	return false
}

// section reads the value of a body or header section.
func (f *fetcher) section(s *scanner, m *fetched, section string) error {
	s.spaces()
	if f.have || !f.isWanted(section) {
		return s.skip()
	}
	if s.atLiteral() {
		return f.literal(s, m)
	}
	f.have = true
	if s.peek() != '"' {
		s.word() // NIL
		f.cur.err = unusable("no_body")
		f.c.notes.add("body_nil")
		return nil
	}
	b, err := s.quoted()
	if err != nil {
		return err
	}
	f.cur.data, f.cur.size = append([]byte{}, b...), int64(len(b))
	f.emptyIsError()
	return nil
}

func (f *fetcher) emptyIsError() {
	if f.cur.size == 0 && f.cur.err == nil {
		f.cur.err = unusable("empty_body")
		f.c.notes.add("body_empty")
	}
}

// literal takes a literal: small ones ahead into memory, large ones live from the
// socket, large ones whose UID is still unknown through the spool.
func (f *fetcher) literal(s *scanner, m *fetched) error {
	size := s.lit
	switch {
	case size > maxLiteral:
		return errAbsurdLiteral
	case f.gone():
		if f.dropped += size; f.dropped > abandonBytes {
			return errAbandoned
		}
		return s.discard()
	}
	f.have = true
	f.cur.size = size
	switch {
	case f.header:
		b, err := s.literal(maxHeader)
		f.cur.data, f.cur.size = b, int64(len(b))
		return err
	case size <= smallBody:
		f.cur.pooled = bodyPool.Get().(*[]byte)
		f.cur.data = (*f.cur.pooled)[:size]
		if _, err := io.ReadFull(s.w.br, f.cur.data); err != nil {
			return unexpected(err)
		}
		f.emptyIsError()
		return s.afterLiteral()
	case m.UID == 0:
		var err error
		if f.cur.spool, f.cur.err, err = spool(s.w.br, size); err != nil {
			return err
		}
		return s.afterLiteral()
	case !f.wanted(m.UID):
		f.have = false
		return s.discard()
	}
	return f.live(s, m)
}

// live lets the consumer read the body from the socket and goes on after it.
func (f *fetcher) live(s *scanner, m *fetched) error {
	f.handed = true
	l := &live{br: s.w.br, left: s.lit, done: make(chan struct{})}
	if f.push(delivery{uid: m.UID, size: s.lit, live: l}) {
		select {
		case <-l.done:
		case <-f.left: // nobody reads any more
		}
	}
	if l.left > 0 {
		if f.gone() {
			if f.dropped += l.left; f.dropped > abandonBytes {
				return errAbandoned
			}
		}
		if _, err := io.CopyN(io.Discard, s.w.br, l.left); err != nil {
			return unexpected(err)
		}
	}
	if err := s.afterLiteral(); err != nil {
		return err
	}
	if s.odd {
		f.c.notes.add("short_literal")
	}
	return nil
}
