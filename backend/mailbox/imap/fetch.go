package imap

import (
	"bytes"
	"context"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

const (
	fetchWindow   = 4     // commands on the wire at once, so that it never idles
	headersAtOnce = 2_000 // UIDs in one command for headers
	maxAlone      = 5     // messages refused one after the other before the folder counts as refused
)

// Fetch streams whole messages with BODY.PEEK[]. Small ones are read ahead, large
// ones go from the socket to yield. A command that is refused for several messages
// is repeated for each alone, so that one poisoned message costs only itself.
func (s *session) Fetch(ctx context.Context, uids []mailbox.UID, yield func(mailbox.Message) error) error {
	r := &fetchRun{s: s, op: "fetch messages", items: "(UID BODY.PEEK[])", limit: s.messageLimit(maxSetUIDs)}
	r.yield = func(d *delivery) error {
		m := mailbox.Message{UID: d.uid, Size: d.size, Err: d.err}
		switch {
		case d.err != nil:
			m.Size = 0
		case d.live != nil:
			m.Body = d.live
		case d.spool != nil:
			m.Body = d.spool.reader()
		default:
			r.small.Reset(d.data)
			m.Body = &r.small
		}
		return yield(m)
	}
	return r.run(ctx, uids)
}

// Headers yields size and a few header fields of messages.
func (s *session) Headers(ctx context.Context, uids []mailbox.UID, yield func(mailbox.UID, int64, []byte) error) error {
	r := &fetchRun{
		s: s, op: "fetch headers", limit: s.messageLimit(headersAtOnce), header: true,
		items: "(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)])",
	}
	r.yield = func(d *delivery) error {
		if _, refused := asRefusal(d.err); refused {
			return nil // not to be had: the caller sees that it is missing
		}
		return yield(d.uid, d.rfcSize, d.data)
	}
	return r.run(ctx, uids)
}

// fetchRun is one Fetch or Headers, in the caller's goroutine.
type fetchRun struct {
	s      *session
	op     string
	items  string
	limit  int
	header bool
	yield  func(*delivery) error
	small  bytes.Reader

	f       *fetcher
	todo    []mailbox.UID // not asked for yet, ascending
	alone   []mailbox.UID // to be asked one by one
	flight  []flying
	got     []bool // by position in f.uids
	refused int    // messages refused alone, one after the other
}

type flying struct {
	cmd  *command
	uids []mailbox.UID
}

func (r *fetchRun) run(ctx context.Context, uids []mailbox.UID) error {
	all := sorted(uids)
	if len(all) == 0 {
		return nil
	}
	if r.s.opened == "" {
		return errNothingOpen
	}
	r.f = newFetcher(r.s.c, all, r.header)
	r.todo, r.got = all, make([]bool, len(all))
	return r.s.c.under(ctx, r.op, func() error {
		done := r.s.c.listen(&handler{data: r.f.take, release: r.f.release})
		defer r.clear()
		defer done()
		return r.loop(ctx)
	})
}

// clear frees what was handed over and never taken.
func (r *fetchRun) clear() {
	for {
		select {
		case d := <-r.f.events:
			d.spool.free()
		default:
			return
		}
	}
}

func (r *fetchRun) loop(ctx context.Context) error {
	for {
		if err := r.fill(); err != nil {
			return err
		}
		if len(r.flight) == 0 {
			return nil
		}
		d, ok := r.f.next(ctx, r.s.c.ended)
		if !ok {
			r.f.release()
			<-r.s.c.ended // ctx closed the connection, or it broke
			return r.s.c.failure(r.op)
		}
		err := r.handle(&d)
		d.free()
		if err != nil {
			return r.stop(err)
		}
	}
}

// stop ends early with err, which is the caller's own or a refusal.
func (r *fetchRun) stop(err error) error {
	cmds := make([]*command, len(r.flight))
	for i, fl := range r.flight {
		cmds[i] = fl.cmd
	}
	return r.s.abandon(r.f.release, cmds, err)
}

// fill keeps the wire busy.
func (r *fetchRun) fill() error {
	sent := false
	for len(r.flight) < fetchWindow {
		var set string
		var n int
		var share []mailbox.UID
		switch {
		case len(r.alone) > 0:
			set, n = nextSet(r.alone, 1)
			share, r.alone = r.alone[:n], r.alone[n:]
		case len(r.todo) > 0:
			set, n = nextSet(r.todo, r.limit)
			share, r.todo = r.todo[:n], r.todo[n:]
		}
		if n == 0 {
			break
		}
		cmd, err := r.s.c.send("UID FETCH", r.answered, word(set), word(r.items))
		if err != nil {
			return err
		}
		r.flight = append(r.flight, flying{cmd, share})
		sent = true
	}
	if !sent {
		return nil
	}
	return r.s.c.flush(r.op)
}

// answered runs in the reader; the answer goes the way of the data before it.
func (r *fetchRun) answered(cmd *command) { r.f.push(delivery{answered: cmd}) }

func (r *fetchRun) handle(d *delivery) error {
	if d.answered != nil {
		return r.settle(d.answered)
	}
	at, ok := position(r.f.uids, d.uid)
	if !ok || r.got[at] {
		r.s.c.notes.add("message_fetched_twice")
		return nil
	}
	r.got[at] = true
	return r.yield(d)
}

// settle judges the answer to one command.
func (r *fetchRun) settle(cmd *command) error {
	var uids []mailbox.UID
	for i, fl := range r.flight {
		if fl.cmd == cmd {
			uids = fl.uids
			r.flight = append(r.flight[:i], r.flight[i+1:]...)
			break
		}
	}
	missing := r.missing(uids)
	switch {
	case cmd.st.code == "MESSAGELIMIT" && len(missing) > 0 && len(missing) < len(uids): // RFC 9738
		r.limit = max(min(r.limit, len(uids)-len(missing)), 1)
		r.todo = sorted(append(missing, r.todo...))
		return nil
	case cmd.st.kind == "OK":
		r.refused = 0
		return nil
	case len(missing) == 0:
		return nil
	}
	err := r.s.c.refused(r.op, "UID FETCH", cmd.st)
	if cmd.st.kind != "NO" || core.CodeOf(err) == core.RateLimited {
		return err
	}
	if len(uids) > 1 {
		r.alone = append(r.alone, missing...)
		return nil
	}
	if r.refused++; r.refused > maxAlone {
		return err
	}
	if at, ok := position(r.f.uids, missing[0]); ok {
		r.got[at] = true
	}
	return r.yield(&delivery{uid: missing[0], err: err})
}

func (r *fetchRun) missing(uids []mailbox.UID) []mailbox.UID {
	var out []mailbox.UID
	for _, u := range uids {
		if at, ok := position(r.f.uids, u); ok && !r.got[at] {
			out = append(out, u)
		}
	}
	return out
}
