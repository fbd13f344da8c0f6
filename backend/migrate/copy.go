package migrate

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"strings"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/preset"
)

// attempts counts how often messages were refused and are to be sent again.
type attempts struct {
	mu sync.Mutex
	n  map[uint32]int
}

func (a *attempts) of(uid uint32) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n[uid]
}

func (a *attempts) add(uid uint32) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.n == nil {
		a.n = map[uint32]int{}
	}
	a.n[uid]++
	return a.n[uid]
}

// triesPerMessage bounds how often one message is sent again after refusals that
// ask for patience.
const triesPerMessage = 8

// copier appends parcels to the destination and books what became of them.
type copier struct {
	*lane
	target *target
	origin *origin
	tries  *attempts
	flying []airborne
	redo   []*parcel // to be sent before anything new
	repeat bool      // some streamed message must be fetched again
}

type airborne struct {
	parcel *parcel
	flight ledger.Flight
	batch  mailbox.Batch
}

// inFlight is how many batches may await their results: none where the refusals of
// each must be known before the next is sent.
func (c *copier) inFlight() int {
	if c.wary() > 0 {
		return 0
	}
	return 2
}

// copyOpen copies everything pending of one source folder; the source has it examined.
func (l *lane) copyOpen(ctx context.Context, t *target, o *origin, limit int64) error {
	c := &copier{lane: l, target: t, origin: o, tries: &attempts{}}
	for c.repeat = true; c.repeat; {
		c.repeat = false
		if err := c.pass(ctx, limit); err != nil {
			return err
		}
	}
	return nil
}

// pass runs feeder and copier against each other until the feeder is through.
func (c *copier) pass(ctx context.Context, limit int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parcels := make(chan *parcel, 1)
	f := &feeder{lane: c.lane, origin: c.origin, filter: newFlagFilter(c.target.status), limit: limit, tries: c.tries, out: parcels}
	fed := make(chan error, 1)
	go func() {
		defer close(parcels)
		fed <- f.all(ctx)
	}()
	err := c.drain(ctx, parcels)
	if err != nil {
		cancel()
		for range parcels { //nolint:revive // empties the channel so that the feeder ends
		}
	}
	feedErr := <-fed
	if err != nil {
		return err
	}
	return feedErr
}

func (c *copier) drain(ctx context.Context, parcels <-chan *parcel) error {
	for p := range parcels {
		if err := c.sendAll(ctx, p); err != nil {
			return err
		}
	}
	for len(c.flying) > 0 || len(c.redo) > 0 {
		if err := c.sendAll(ctx, nil); err != nil {
			return err
		}
		if len(c.flying) > 0 {
			if err := c.settle(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// sendAll sends what must be sent again, then p.
func (c *copier) sendAll(ctx context.Context, p *parcel) error {
	for len(c.redo) > 0 {
		next := c.redo[0]
		c.redo = c.redo[1:]
		if err := c.send(ctx, next); err != nil {
			return err
		}
	}
	if p == nil {
		return nil
	}
	return c.send(ctx, p)
}

// send puts one parcel on the wire. The flight is booked before the first byte.
func (c *copier) send(ctx context.Context, p *parcel) error {
	if p.done != nil {
		defer close(p.done)
	}
	uids := make([]uint32, len(p.items))
	for i, item := range p.items {
		uids[i] = item.row.UID
	}
	for _, item := range p.items {
		if err := c.throttle.admit(ctx, item.size); err != nil {
			return err
		}
	}
	if err := c.renew(ctx); err != nil {
		return err
	}
	flight, err := c.led.Depart(ctx, c.origin.folder.ID, uids)
	if err != nil {
		return err
	}
	b, err := c.dst.Batch(ctx, c.target.id, len(p.items))
	if err != nil {
		return err
	}
	for _, item := range p.items {
		body := p.stream
		if body == nil {
			body = bytes.NewReader(item.data)
		}
		if err := b.Add(ctx, mailbox.Append{Flags: item.flags, Date: item.date, Size: item.size, Body: body, Binary: item.binary}); err != nil {
			return err
		}
	}
	if err := b.Finish(ctx); err != nil {
		return err
	}
	c.flying = append(c.flying, airborne{parcel: p, flight: flight, batch: b})
	for len(c.flying) > c.inFlight() {
		if err := c.settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

// renew opens another connection to a server that ends one after so many refusals
// (Exchange: ten).
func (c *copier) renew(ctx context.Context) error {
	limit := preset.Engine(c.dstTraits.Family, true).ErrorsPerConn
	if limit == 0 || c.refusalsHere < limit || len(c.flying) > 0 {
		return nil
	}
	c.refusalsHere = 0
	_ = c.dst.Close()
	c.dst = nil
	return c.connectDestination(ctx)
}

// settle awaits the oldest batch and books its outcome.
func (c *copier) settle(ctx context.Context) error {
	a := c.flying[0]
	c.flying = c.flying[1:]
	results, err := a.batch.Wait(ctx)
	if err != nil {
		return err
	}
	if len(results) != len(a.parcel.items) {
		return core.E(core.Malformed, "append", errors.New("number of results differs"))
	}
	var arrived []ledger.Message
	var counts Counts
	mark, told := uint32(0), true
	for i, r := range results {
		item := a.parcel.items[i]
		if r.Err != nil {
			continue
		}
		row := item.row
		row.State, row.Target = ledger.Copied, r.UID
		if r.UID == 0 {
			row.State, told = ledger.Sent, false
		}
		mark = max(mark, r.UID+1)
		arrived = append(arrived, row)
		counts.Copied++
		counts.Bytes += item.size
	}
	if !told || mark == 1 {
		mark = 0
	}
	if err := c.led.Arrive(ctx, &c.origin.folder, a.flight, arrived, mark); err != nil {
		return err
	}
	c.origin.copied.Add(counts.Copied)
	c.origin.bytes.Add(counts.Bytes)
	c.target.steps.Add(counts.Copied)
	c.progress.add(counts)
	return c.refusals(ctx, a.parcel, results)
}

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
		c.redo = append(c.redo, p)
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

// refused handles one message that is not taken.
func (c *copier) refused(ctx context.Context, p *parcel, item *cargo, why error) error {
	v, _, ok := judge(why, item.attempts)
	if !ok {
		if lost(why) || core.CodeOf(why) == core.DiskFull || core.CodeOf(why) == core.ReadOnly {
			return why
		}
		return c.giveUp(ctx, item, string(core.CodeOf(why)), why)
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
	return c.giveUp(ctx, item, string(v.Class), why)
}

// repair changes what the class names, as little as it can: flags fall back to the
// system flags; NUL goes as literal8; a bare line feed gets its carriage return, which
// changes no content.
func (c *copier) repair(item *cargo, class preset.Class) bool {
	if class == preset.BadFlag {
		item.flags = systemOnly(item.flags)
		return true
	}
	if c.dstTraits.Binary && bytes.IndexByte(item.data, 0) >= 0 {
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
	item.attempts = c.tries.add(item.row.UID)
	if p.stream != nil {
		c.repeat = true
		return nil
	}
	c.redo = append(c.redo, &parcel{items: []*cargo{item}, bytes: item.size})
	return nil
}

func (c *copier) giveUp(ctx context.Context, item *cargo, class string, why error) error {
	words := serverWords(why)
	if words == "" {
		words = why.Error()
	}
	return c.leave(ctx, c.origin, item.row, item.data, class, words)
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
