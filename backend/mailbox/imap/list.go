package imap

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/mailbox"
)

// Bounds of one listing.
const (
	listWindow = 10_000 // messages that one command should answer
	listChunk  = 256    // messages handed over at once
)

// List yields the metadata of the opened folder's messages. A huge folder is asked
// in windows of UIDs, so that neither memory nor silence grows with it.
func (s *session) List(ctx context.Context, from, to mailbox.UID, changedSince uint64, yield func(mailbox.Meta) error) error {
	const op = "list messages"
	if s.opened == "" {
		return errNothingOpen
	}
	return s.c.under(ctx, op, func() error {
		for _, w := range listWindows(max(from, 1), to, s.state) {
			for rest := []uidRange{w}; len(rest) > 0; {
				more, err := s.listRange(ctx, op, rest[0], changedSince, yield)
				if err != nil {
					return err
				}
				rest = append(more, rest[1:]...)
			}
		}
		return nil
	})
}

// uidRange is a range of UIDs; to 0 has no upper bound.
type uidRange struct{ from, to mailbox.UID }

func (r uidRange) String() string {
	if r.to == 0 {
		return strconv.FormatUint(uint64(r.from), 10) + ":*"
	}
	if r.to == r.from {
		return strconv.FormatUint(uint64(r.from), 10)
	}
	return strconv.FormatUint(uint64(r.from), 10) + ":" + strconv.FormatUint(uint64(r.to), 10)
}

func (r uidRange) holds(u mailbox.UID) bool { return u >= r.from && (r.to == 0 || u <= r.to) }

// listWindows cuts a range so that each part holds about listWindow messages,
// judged by the folder's density: UIDs may be as sparse as a clock's seconds.
func listWindows(from, to mailbox.UID, st mailbox.Status) []uidRange {
	if to != 0 && to < from {
		return nil
	}
	last := st.UIDNext
	if last > 0 {
		last--
	}
	if st.Messages <= 2*listWindow || last <= from {
		return []uidRange{{from, to}}
	}
	width := uint64(float64(last) / float64(st.Messages) * listWindow)
	var out []uidRange
	at := uint64(from)
	for at+width < uint64(last) && (to == 0 || at+width < uint64(to)) {
		out = append(out, uidRange{mailbox.UID(at), mailbox.UID(at + width - 1)})
		at += width
	}
	return append(out, uidRange{mailbox.UID(min(at, math.MaxUint32)), to})
}

func (s *session) metaItems() string {
	items := "(UID FLAGS INTERNALDATE RFC822.SIZE"
	if s.traits.Condstore {
		items += " MODSEQ"
	}
	if s.c.has("X-GM-EXT-1") {
		items += " X-GM-MSGID X-GM-LABELS"
	}
	return items + ")"
}

// lister gathers one window's answers in the reader and hands them over in chunks.
type lister struct {
	*stream[[]mailbox.Meta]
	c     *conn
	p     *fetchParser
	r     uidRange
	since bool
	chunk []mailbox.Meta
	seen  []mailbox.UID                // yielded, ascending
	late  map[mailbox.UID]mailbox.Meta // only flags came so far
}

// listRange lists one range and returns what the server left out of it.
func (s *session) listRange(ctx context.Context, op string, r uidRange, since uint64, yield func(mailbox.Meta) error) ([]uidRange, error) {
	c := s.c
	l := &lister{stream: newStream[[]mailbox.Meta](4), c: c, p: newFetchParser(), r: r, since: since > 0 && s.traits.Condstore}
	done := c.listen(&handler{data: l.take, release: l.release})
	defer done()
	args := []arg{word(r.String()), word(s.metaItems())}
	if l.since {
		args = append(args, word("(CHANGEDSINCE "+strconv.FormatUint(since, 10)+")"))
	}
	cmd, err := c.send("UID FETCH", l.end, args...)
	if err != nil {
		return nil, err
	}
	if err := c.flush(op); err != nil {
		return nil, err
	}
	for {
		chunk, ok := l.next(ctx, cmd.done)
		if !ok {
			break
		}
		for _, m := range chunk {
			if err := yield(m); err != nil {
				return nil, s.abandon(l.release, []*command{cmd}, err)
			}
		}
	}
	l.release() // all was taken, or ctx ended and the reader must not wait for us
	if err := ctx.Err(); err != nil {
		return nil, ctxError(op, err) // the connection ends with ctx
	}
	st, err := c.await(op, cmd)
	switch {
	case err != nil:
		return nil, err
	case st.code == "MESSAGELIMIT":
		return l.leftOut(st, c.refused(op, "UID FETCH", st))
	case st.kind == "OK", s.reversed(r, st):
		return nil, nil
	}
	return nil, c.refused(op, "UID FETCH", st)
}

// reversed recognises Tencent's "BAD UID parameters!" to n:* where n is beyond the
// last message: nothing is there.
func (s *session) reversed(r uidRange, st status) bool {
	return r.to == 0 && s.state.UIDNext > 0 && r.from >= s.state.UIDNext && strings.Contains(strings.ToLower(st.text), "uid parameters")
}

// leftOut reads MESSAGELIMIT (RFC 9738 section 3): the server stopped after some
// messages and names the last one that it processed, from the highest UID down.
func (l *lister) leftOut(st status, refused error) ([]uidRange, error) {
	f := strings.Fields(string(st.arg))
	if len(f) < 2 || len(l.seen) == 0 {
		return nil, refused
	}
	last := plainUID([]byte(f[1]))
	switch {
	case !l.r.holds(last):
		return nil, refused
	case last <= l.seen[0]: // downwards
		if last == l.r.from {
			return nil, nil
		}
		return []uidRange{{l.r.from, last - 1}}, nil
	case last >= l.seen[len(l.seen)-1]: // upwards
		if last == l.r.to {
			return nil, nil
		}
		return []uidRange{{last + 1, l.r.to}}, nil
	}
	return nil, refused
}

// take reads one FETCH response, in the reader.
func (l *lister) take(name string, _ uint32, sc *scanner) error {
	if name != "FETCH" || l.gone() {
		return nil
	}
	f, err := l.p.parse(sc)
	if err != nil && err != errBroken {
		return err
	}
	switch {
	case f.UID == 0:
		if f.whole || err != nil {
			l.c.notes.add("fetch_without_uid")
		}
		return err
	case !l.r.holds(f.UID): // the echo of n:*, or a change elsewhere
		return err
	case !f.whole && !l.since: // flags alone: a change, or all that this server gives
		if l.late == nil {
			l.late = map[mailbox.UID]mailbox.Meta{}
		}
		l.late[f.UID] = f.Meta
		return err
	}
	if !l.fresh(f.UID) {
		return err
	}
	l.add(f.Meta)
	if len(l.chunk) >= listChunk || sc.w.br.Buffered() == 0 {
		l.flush()
	}
	return err
}

func (l *lister) add(m mailbox.Meta) {
	if l.chunk == nil {
		l.chunk = make([]mailbox.Meta, 0, listChunk)
	}
	l.chunk = append(l.chunk, m)
}

func (l *lister) flush() {
	if len(l.chunk) > 0 {
		l.push(l.chunk)
		l.chunk = nil
	}
}

// fresh remembers uid and says whether it was new.
func (l *lister) fresh(uid mailbox.UID) bool {
	if n := len(l.seen); n == 0 || uid > l.seen[n-1] {
		l.seen = append(l.seen, uid)
		return true
	}
	at, dup := position(l.seen, uid)
	if dup {
		l.c.notes.add("message_listed_twice")
		return false
	}
	l.seen = slices.Insert(l.seen, at, uid)
	return true
}

// end runs in the reader at the command's answer.
func (l *lister) end(*command) {
	for uid, m := range l.late {
		if l.fresh(uid) {
			l.add(m)
		}
	}
	l.flush()
	l.finish()
}
