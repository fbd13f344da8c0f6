package migrate

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/preset"
)

// refusals decides what becomes of the messages that were not taken: those of a
// batch that was refused as a whole, and those refused by themselves.
func (c *copier) refusals(ctx context.Context, p *parcel, results []mailbox.Appended) error {
	whole := &parcel{}
	var why error
	for i, r := range results {
		switch {
		case r.Err == nil:
		case r.Whole:
			whole.items, why = append(whole.items, p.items[i]), r.Err
			whole.bytes += p.items[i].size
		default:
			c.refusalsHere++
			if err := c.refused(ctx, p, p.items[i], r.Err); err != nil {
				return err
			}
		}
	}
	switch len(whole.items) {
	case 0:
		if !slices.ContainsFunc(results, func(r mailbox.Appended) bool { return r.Err != nil }) {
			c.shelf.give(p.slab) // nothing of it is sent again
			p.slab = nil
		}
		return nil
	case 1:
		c.refusalsHere++
		return c.refused(ctx, p, whole.items[0], why)
	}
	return c.halve(ctx, whole, why)
}

// halve sends a refused atomic batch again in two parts, until the one message that
// the server dislikes is alone; but a server that asks for patience gets it first.
func (c *copier) halve(ctx context.Context, p *parcel, why error) error {
	c.refusalsHere++
	v, _, _ := judge(why, p.items[0].attempts)
	switch {
	case v.Action == preset.Park && v.Class != preset.OverQuota:
		return parked(v, why)
	case v.Action == preset.Wait || v.Action == preset.Reconnect:
		for _, item := range p.items {
			item.attempts++
		}
		if p.items[0].attempts > triesPerMessage {
			return core.E(core.RateLimited, "append", why, "class", string(v.Class))
		}
		if err := c.pause(ctx, v.Wait, string(v.Class)); err != nil {
			return err
		}
		if p.items[0].data == nil {
			c.separate(p)
			return nil
		}
		c.redo = append(c.redo, p)
		return nil
	}
	if p.items[0].data == nil {
		c.separate(p)
		return nil
	}
	half := len(p.items) / 2
	for _, items := range [][]*cargo{p.items[:half], p.items[half:]} {
		part := &parcel{items: items}
		for _, item := range items {
			part.bytes += item.size
		}
		c.redo = append(c.redo, part)
	}
	return nil
}

// separate has streamed messages of a refused batch fetched again, to be sent alone.
func (c *copier) separate(p *parcel) {
	for _, item := range p.items {
		c.alone.add(item)
	}
	c.repeat = true
}

// refused handles one message that is not taken.
func (c *copier) refused(ctx context.Context, p *parcel, item *cargo, why error) error {
	v, _, ok := judge(why, item.attempts)
	if !ok {
		if lost(why) || core.CodeOf(why) == core.DiskFull || core.CodeOf(why) == core.ReadOnly {
			return why
		}
		return c.giveUp(ctx, item, preset.Class(core.CodeOf(why)), why)
	}
	if v.Scope == preset.ScopeFolder && v.Class == preset.NoFolder && item.attempts == 0 {
		if errs, err := c.dst.Create(ctx, []string{c.target.id}); err != nil || errs[0] != nil {
			return errors.Join(err, errs[0])
		}
		return c.resend(p, item)
	}
	switch v.Action {
	case preset.Park:
		return parked(v, why)
	case preset.Wait, preset.Reconnect:
		if item.attempts >= triesPerMessage {
			return core.E(core.RateLimited, "append", why, "class", string(v.Class))
		}
		if err := c.pause(ctx, v.Wait, string(v.Class)); err != nil {
			return err
		}
		return c.resend(p, item)
	case preset.Repair:
		if item.attempts == 0 && c.repair(item, v.Class) {
			return c.resend(p, item)
		}
	case preset.RetryOnce:
		if item.attempts == 0 {
			return c.resend(p, item)
		}
	}
	return c.giveUp(ctx, item, v.Class, why)
}

// repair changes what the class names, as little as it can: flags fall back to the
// system flags; NUL goes as literal8; a bare line feed gets its carriage return, which
// changes no content.
func (c *copier) repair(item *cargo, class preset.Class) bool {
	if class == preset.BadFlag {
		item.flags, item.plain = systemOnly(item.flags), true
		return true
	}
	if c.dstTraits.Binary && item.anatomy().nul {
		item.binary = true
		return true
	}
	fixed := fullLines(item.data)
	if fixed == nil {
		return false
	}
	item.data, item.size = fixed, int64(len(fixed))
	item.row.Size = item.size
	c.book.note("repaired_line_ends:" + c.origin.name())
	return true
}

// fullLines gives bare LFs their CR; nil if there are none.
func fullLines(data []byte) []byte {
	bare := bytes.Count(data, []byte{'\n'}) - bytes.Count(data, crlf)
	if bare == 0 {
		return nil
	}
	out := make([]byte, 0, len(data)+bare)
	for i, b := range data {
		if b == '\n' && (i == 0 || data[i-1] != '\r') {
			out = append(out, '\r')
		}
		out = append(out, b)
	}
	return out
}

// resend queues a message for another try; one that streamed is fetched again.
func (c *copier) resend(p *parcel, item *cargo) error {
	item.attempts = c.tries.add(item)
	if item.data == nil {
		c.repeat = true
		return nil
	}
	c.redo = append(c.redo, &parcel{items: []*cargo{item}, bytes: item.size})
	return nil
}

func (c *copier) giveUp(ctx context.Context, item *cargo, class preset.Class, why error) error {
	words := serverWords(why)
	if words == "" {
		words = why.Error()
	}
	start := item.data
	if start == nil {
		start = item.start
	}
	return c.leave(ctx, c.origin, item.row, start, string(item.cause(class, why)), words)
}

// leave books a message as left behind.
func (l *lane) leave(ctx context.Context, o *origin, row ledger.Message, start []byte, class, words string) error {
	left := ledger.LeftBehind{Message: row, Class: class, Server: words}
	if len(start) > headWindow {
		start = start[:headWindow]
	}
	eachField(start, func(name, value []byte) bool {
		switch {
		case left.Sender == "" && equalFold(name, "from"):
			left.Sender = readable(value)
		case left.Subject == "" && equalFold(name, "subject"):
			left.Subject = readable(value)
		}
		return left.Sender == "" || left.Subject == ""
	})
	l.progress.add(Counts{LeftBehind: 1})
	return l.led.Leave(ctx, o.folder.ID, left)
}

const readableLimit = 300

// readable decodes a header value for people, leniently and bounded.
func readable(v []byte) string {
	s := string(foldSpace(v))
	if dec, err := (&mime.WordDecoder{CharsetReader: charsetReader}).DecodeHeader(s); err == nil {
		s = dec
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) > readableLimit {
		s = strings.ToValidUTF8(s[:readableLimit], "") + "…"
	}
	return s
}
