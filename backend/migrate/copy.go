package migrate

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/preset"
)

// attempts remembers which messages were refused and are to be sent again, and how.
type attempts struct {
	mu    sync.Mutex
	known map[uint32]attempt
}

// attempt is what was learned about one message.
type attempt struct {
	n      int
	plain  bool // with system flags only
	binary bool // as literal8
}

func (a *attempts) of(uid uint32) attempt {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known[uid]
}

// add counts one more try of item and keeps what was repaired of it.
func (a *attempts) add(item *cargo) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known == nil {
		a.known = map[uint32]attempt{}
	}
	t := a.known[item.row.UID]
	t.n++
	t.plain, t.binary = t.plain || item.plain, t.binary || item.binary
	a.known[item.row.UID] = t
	return t.n
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
	alone  attempts // messages refused within a batch of streams: each goes alone now
	flying []airborne
	open   *airborne // the batch that large messages stream into, not finished yet
	redo   []*parcel // to be sent before anything new
	repeat bool      // some streamed message must be fetched again
	taste  bool      // the first messages that arrive are to be proven at once
}

type airborne struct {
	parcel  *parcel
	flights []ledger.Flight
	batch   mailbox.Batch
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
func (l *lane) copyOpen(ctx context.Context, t *target, o *origin, pending, limit int64) error {
	c := &copier{lane: l, target: t, origin: o, tries: &attempts{}, taste: l.tastes(pending)}
	for c.repeat = true; c.repeat; {
		c.repeat = false
		if err := c.pass(ctx, limit); err != nil {
			c.hear(ctx, err)
			return err
		}
	}
	return nil
}

// hear books what the destination has yet to say of batches that were on their way
// when the work ended for another reason than its connection: what is stored counts.
func (c *copier) hear(ctx context.Context, ended error) {
	if !lost(ended) && ctx.Err() == nil && c.finishOpen(ctx) != nil {
		return
	}
	for len(c.flying) > 0 && !lost(ended) && ctx.Err() == nil {
		if _, _, err := c.arrivals(ctx); err != nil {
			return
		}
	}
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
	if err := c.shut(ctx); err != nil {
		return err
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
	if c.halting.Err() != nil {
		if p.done != nil {
			close(p.done)
		}
		return core.E(core.Canceled, "copy", nil)
	}
	return c.send(ctx, p)
}

// send puts one parcel on the wire. The flight is booked before the first byte.
func (c *copier) send(ctx context.Context, p *parcel) error {
	if p.done != nil {
		defer close(p.done)
	}
	ended := c.admit(ctx, p)
	if ended != nil && (len(p.items) == 0 || ctx.Err() != nil) {
		return ended
	}
	uids := make([]uint32, len(p.items))
	for i, item := range p.items {
		uids[i] = item.row.UID
	}
	if c.joins(p) {
		return c.join(ctx, p)
	}
	if err := c.shut(ctx); err != nil {
		return err
	}
	if err := c.renew(ctx); err != nil {
		return err
	}
	flight, err := c.depart(ctx, uids)
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
	c.flying = append(c.flying, airborne{parcel: p, flights: []ledger.Flight{flight}, batch: b})
	if ended != nil {
		return ended
	}
	return c.settleDown(ctx)
}

// admit waits until the messages of a parcel may pass. Those that may not are taken
// out of it: what was admitted is paid for, and is sent all the same.
func (c *copier) admit(ctx context.Context, p *parcel) error {
	for i, item := range p.items {
		if err := c.throttle.admit(ctx, item.size); err != nil {
			p.items = p.items[:i]
			return err
		}
	}
	return nil
}

// depart books messages as on their way.
func (c *copier) depart(ctx context.Context, uids []uint32) (ledger.Flight, error) {
	c.target.touched.Store(true)
	return c.led.Depart(ctx, c.origin.folder.ID, uids)
}

// settleDown awaits batches until no more are under way than may be.
func (c *copier) settleDown(ctx context.Context) error {
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

// settle books the outcome of the oldest batch.
func (c *copier) settle(ctx context.Context) error {
	p, results, err := c.arrivals(ctx)
	if err != nil {
		return err
	}
	return c.refusals(ctx, p, results)
}

// arrivals awaits the oldest batch and writes down what arrived.
func (c *copier) arrivals(ctx context.Context) (*parcel, []mailbox.Appended, error) {
	a := c.flying[0]
	c.flying = c.flying[1:]
	results, err := a.batch.Wait(ctx)
	if err != nil {
		return nil, nil, err
	}
	if len(results) != len(a.parcel.items) {
		return nil, nil, core.E(core.Malformed, "append", errors.New("number of results differs"))
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
	if err := c.led.Arrive(ctx, &c.origin.folder, a.flights, arrived, mark); err != nil {
		return nil, nil, err
	}
	c.origin.copied.Add(counts.Copied)
	c.origin.bytes.Add(counts.Bytes)
	c.target.steps.Add(counts.Copied)
	c.progress.add(counts)
	return a.parcel, results, c.foretaste(ctx, arrived)
}

// tasteFrom is how many messages a folder must have to come for a foretaste to pay.
const tasteFrom = 300

// tastes tells whether the first messages of a folder are to be proven as soon as they
// have arrived. A server with an index (Dovecot) learns from that which header fields
// are asked for and notes them while it stores all later messages: the proof at the
// end then costs it a sixth. Over a long line the wait would cost more than it saves.
func (l *lane) tastes(pending int64) bool {
	return l.opt.Verify == VerifyFingerprint && l.dstTraits.MultiAppend && l.dstTraits.RTT < longLine && pending >= tasteFrom &&
		preset.Engine(l.dstTraits.Family, true).ErrorsPerConn == 0 // else the folder may not be selected any more
}

// foretaste proves what has just arrived, once; what it leaves in doubt is looked at
// with the rest.
func (c *copier) foretaste(ctx context.Context, arrived []ledger.Message) error {
	if !c.taste || len(arrived) == 0 || arrived[0].Target == 0 {
		return nil
	}
	c.taste = false
	proven, _, _, err := c.proveHeads(ctx, arrived)
	if err != nil {
		return err
	}
	c.progress.change(false, func(s *Progress) { s.Verified += int64(len(proven)) })
	return c.led.Update(ctx, c.origin.folder.ID, proven)
}
