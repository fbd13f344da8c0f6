package imap

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// Bounds on what is sent ahead of the answers with single APPENDs.
const (
	windowCommands = 32
	windowBytes    = 4 << 20
)

// window holds the single APPENDs that are not answered yet, oldest first. It spans
// batches: it belongs to the connection.
type window struct {
	cmds  []*command
	sizes []int64
	bytes int64
	// stalls counts consents that came late because the server's own answers wait for
	// each other (Nagle's algorithm against delayed acknowledgement, 40-200 ms each,
	// seen with Courier). After two, synchronising APPENDs go one by one.
	stalls int
}

// batch is a run of appended messages, see [mailbox.Batch]. With multi it is one
// MULTIAPPEND command (RFC 3502), begun with the first message.
type batch struct {
	s      *session
	folder string
	multi  bool
	cmd    *command // the one command of multi
	items  []item
	sent   int  // messages that cmd holds
	over   bool // cmd was answered in place of a literal's consent: nothing more belongs to it
	ended  bool
}

// item is one added message: its own command, or refused before it was sent.
type item struct {
	cmd *command // nil with multi
	err error
}

// Batch starts a run of n messages; n may be an estimate. One message alone is an
// ordinary APPEND.
func (s *session) Batch(_ context.Context, folder string, n int) (mailbox.Batch, error) {
	if s.c.failed() != nil {
		return nil, s.c.failure("append")
	}
	return &batch{s: s, folder: folder, multi: s.traits.MultiAppend && n != 1}, nil
}

const opAppend = "append"

// Add sends one message. Synchronising literals are waited for; else it returns as
// soon as the bytes are with the kernel or in the buffer.
func (b *batch) Add(ctx context.Context, m mailbox.Append) error {
	if b.ended {
		return core.E(core.Internal, opAppend, errors.New("add after finish"))
	}
	if m.Size <= 0 { // a zero-length literal is refused, and cancels a MULTIAPPEND
		b.items = append(b.items, item{err: core.E(core.Rejected, opAppend, nil, "why", "empty")})
		return nil
	}
	c := b.s.c
	return c.under(ctx, opAppend, func() error {
		if b.multi {
			return b.addMulti(m)
		}
		return b.addSingle(m)
	})
}

// addMulti adds m to the one command. Once that was refused, nothing more is sent.
func (b *batch) addMulti(m mailbox.Append) error {
	b.items = append(b.items, item{})
	c := b.s.c
	if b.cmd == nil {
		b.cmd = c.newCommand("APPEND", nil)
		c.out.WriteString(b.cmd.tag + " APPEND")
		c.tr.add("C:", []byte(b.cmd.tag+" APPEND "+b.folder))
		var err error
		if b.over, err = b.writeFolder(b.cmd); err != nil {
			return err
		}
	}
	if closed(b.cmd.done) {
		if b.cmd.err != nil {
			return c.failure(opAppend)
		}
		return nil
	}
	b.sent++
	refused, err := b.message(b.cmd, m)
	b.over = refused
	return err
}

// writeFolder writes the folder's name, as a literal where it must be one.
func (b *batch) writeFolder(cmd *command) (refused bool, err error) {
	c, name := b.s.c, str(b.folder)
	c.out.WriteString(" ")
	if name.literal {
		if refused, err := c.announce(cmd, int64(len(name.text))); refused || err != nil {
			return refused, err
		}
	}
	c.out.WriteString(name.text)
	return false, nil
}

// message writes flags, date and the literal of m.
func (b *batch) message(cmd *command, m mailbox.Append) (refused bool, err error) {
	c := b.s.c
	head := b.head(m)
	c.out.WriteString(head)
	if m.Binary && b.s.traits.Binary {
		c.out.WriteString("~")
	}
	c.tr.add("C:", []byte("  "+head+"{"+strconv.FormatInt(m.Size, 10)+"}"))
	if refused, err := c.announce(cmd, m.Size); refused || err != nil {
		return refused, err
	}
	if err := c.out.body(m.Body, m.Size); err != nil {
		return false, b.broken(err)
	}
	return false, nil
}

// broken ends the connection: an announced literal can neither be padded nor taken back.
func (b *batch) broken(err error) error {
	c := b.s.c
	if _, ok := errors.AsType[*bodyError](err); !ok {
		return c.writeErr(opAppend)
	}
	gone := bodyBroken(opAppend, err)
	c.abort(gone)
	return gone
}

// head is " (flags) "date" " with what is given.
func (b *batch) head(m mailbox.Append) string {
	var h strings.Builder
	h.WriteByte(' ')
	if flags := b.s.flagList(m.Flags); flags != "" {
		h.WriteString("(" + flags + ") ")
	}
	if date := formatDate(m.Date); date != "" {
		h.WriteString(date + " ")
	}
	return h.String()
}

// flagList joins the flags that can be written; \Recent is the server's own.
func (s *session) flagList(flags []string) string {
	var b strings.Builder
	for _, f := range flags {
		if strings.EqualFold(f, `\Recent`) {
			continue
		}
		if !isFlag(f) {
			s.c.notes.add("flag_unwritable")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(f)
	}
	return b.String()
}

// isFlag says whether f is an atom, with a backslash at most in front.
func isFlag(f string) bool {
	name := strings.TrimPrefix(f, `\`)
	return name != "" && len(f) <= 255 && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`(){%*"\`, r)
	})
}

// addSingle sends one APPEND within the window.
func (b *batch) addSingle(m mailbox.Append) error {
	c := b.s.c
	size := m.Size
	if sync := c.waits(m.Size); sync && (b.s.window.stalls >= 2 || c.sawStrayPlus()) {
		size = windowBytes // alone: a late "+" must not pass for the consent to this literal
	}
	if err := b.s.window.makeRoom(c, size); err != nil {
		return err
	}
	before := b.s.window.newest()
	cmd := c.newCommand("APPEND", nil)
	b.items = append(b.items, item{cmd: cmd})
	c.out.WriteString(cmd.tag + " APPEND")
	c.tr.add("C:", []byte(cmd.tag+" APPEND "+b.folder))
	refused, err := b.writeFolder(cmd)
	if err == nil && !refused {
		refused, err = b.message(cmd, m)
	}
	if refused || err != nil {
		return err
	}
	if before != nil && closed(before.done) && cmd.consented.Sub(before.at) > stallTime+b.s.rtt/2 {
		b.s.window.stalls++
	}
	c.out.WriteString("\r\n")
	b.s.window.push(cmd, m.Size)
	c.sent(cmd)
	return c.flush(opAppend)
}

// makeRoom waits until size more bytes fit. One larger than the window goes alone.
func (w *window) makeRoom(c *conn, size int64) error {
	for len(w.cmds) > 0 {
		full := len(w.cmds) >= windowCommands || w.bytes+size > windowBytes
		if !full && !closed(w.cmds[0].done) {
			return nil
		}
		if full {
			if err := c.flush(opAppend); err != nil {
				return err
			}
		}
		if _, err := c.await(opAppend, w.cmds[0]); err != nil {
			return err
		}
		w.bytes -= w.sizes[0]
		w.cmds, w.sizes = w.cmds[1:], w.sizes[1:]
	}
	return nil
}

// stallTime is how much later than the answer before it a consent may come.
const stallTime = 20 * time.Millisecond

// newest is the last command, if it still awaits its answer.
func (w *window) newest() *command {
	if len(w.cmds) == 0 || closed(w.cmds[len(w.cmds)-1].done) {
		return nil
	}
	return w.cmds[len(w.cmds)-1]
}

func (w *window) push(cmd *command, size int64) {
	w.cmds, w.sizes = append(w.cmds, cmd), append(w.sizes, size)
	w.bytes += size
}

// Finish ends the command and sends everything; it does not wait for answers.
func (b *batch) Finish(ctx context.Context) error {
	if b.ended {
		return nil
	}
	b.ended = true
	c := b.s.c
	return c.under(ctx, opAppend, func() error {
		// a command of non-synchronising literals is ended even if it was refused early
		if b.cmd != nil && !b.over {
			c.out.WriteString("\r\n")
			c.sent(b.cmd)
		}
		return c.flush(opAppend)
	})
}

// Wait returns the outcome of each added message.
func (b *batch) Wait(ctx context.Context) ([]mailbox.Appended, error) {
	c := b.s.c
	out := make([]mailbox.Appended, len(b.items))
	stop := context.AfterFunc(ctx, func() { c.abort(ctxError("", ctx.Err())) })
	defer stop()
	if b.multi {
		return out, b.waitMulti(out)
	}
	for i, it := range b.items {
		if it.err != nil {
			out[i].Err = it.err
			continue
		}
		st, err := c.await(opAppend, it.cmd)
		if err != nil {
			return nil, err
		}
		if st.kind != "OK" {
			out[i].Err = c.refused(opAppend, "APPEND", st)
		} else if uids := b.uidsOf(st, 1); uids != nil {
			out[i].UID = uids[0]
		}
	}
	return out, nil
}

func (b *batch) waitMulti(out []mailbox.Appended) error {
	c := b.s.c
	for i, it := range b.items {
		out[i].Err = it.err
	}
	if b.cmd == nil {
		return nil
	}
	st, err := c.await(opAppend, b.cmd)
	if err != nil {
		return err
	}
	stored := 0
	for _, it := range b.items {
		if it.err == nil {
			stored++
		}
	}
	var uids []mailbox.UID
	var refused error
	switch {
	case st.kind != "OK":
		refused = c.refused(opAppend, "APPEND", st)
	case b.sent != stored:
		early := core.E(core.Unreachable, opAppend, nil, "why", "answered_early")
		c.abort(early)
		return early
	default:
		uids = b.uidsOf(st, stored)
	}
	for i := range out {
		switch {
		case b.items[i].err != nil:
		case refused != nil:
			out[i].Err, out[i].Whole = refused, stored > 1
		case uids != nil:
			out[i].UID, uids = uids[0], uids[1:]
		}
	}
	return nil
}

// uidsOf is appendUIDs, and tells where the server's own set is of no use.
func (b *batch) uidsOf(st status, n int) []mailbox.UID {
	uids := appendUIDs(st, n)
	if uids == nil && st.code == "APPENDUID" {
		b.s.c.notes.add("appenduid_unusable")
	}
	return uids
}

// appendUIDs reads [APPENDUID uidvalidity set] (RFC 4315 section 3); nil where it
// does not name exactly n UIDs.
func appendUIDs(st status, n int) []mailbox.UID {
	if st.code != "APPENDUID" {
		return nil
	}
	f := strings.Fields(string(st.arg))
	if len(f) != 2 {
		return nil
	}
	return expandSet([]byte(f[1]), n)
}
