package migrate

import (
	"context"

	"mailroom/backend/mailbox"
)

// Large messages stream through, one after the other; where the destination takes
// batches they share one, since it then syncs its disk once for all of them. Each is
// written down before its first byte; a refused batch is fetched again one by one.
const (
	joinMessages = 20
	joinBytes    = 64 << 20
)

// joins tells whether a streamed message may share a batch: not if it was refused in
// one before, nor where the pace is held back, because a batch must not be left
// unfinished for long.
func (c *copier) joins(p *parcel) bool {
	return p.stream != nil && c.dstTraits.MultiAppend && c.throttle.bytes == nil && c.throttle.daily == 0 && c.throttle.also == nil &&
		c.alone.of(p.items[0].row.UID).n == 0
}

// join adds a streamed message to the open batch.
func (c *copier) join(ctx context.Context, p *parcel) error {
	item := p.items[0]
	if c.open == nil {
		b, err := c.dst.Batch(ctx, c.target.id, joinMessages)
		if err != nil {
			return err
		}
		c.open = &airborne{parcel: &parcel{}, batch: b}
	}
	flight, err := c.depart(ctx, []uint32{item.row.UID})
	if err != nil {
		return err
	}
	c.open.flights = append(c.open.flights, flight)
	if err := c.open.batch.Add(ctx, mailbox.Append{Flags: item.flags, Date: item.date, Size: item.size, Body: p.stream, Binary: item.binary}); err != nil {
		return err
	}
	c.open.parcel.items = append(c.open.parcel.items, item)
	if c.open.parcel.bytes += item.size; c.open.parcel.bytes < joinBytes && len(c.open.parcel.items) < joinMessages {
		return nil
	}
	return c.shut(ctx)
}

// shut finishes the open batch, if there is one, and keeps the number of batches under
// way within its bound.
func (c *copier) shut(ctx context.Context) error {
	if c.open == nil {
		return nil
	}
	if err := c.finishOpen(ctx); err != nil {
		return err
	}
	return c.settleDown(ctx)
}

func (c *copier) finishOpen(ctx context.Context) error {
	a := c.open
	if c.open = nil; a == nil {
		return nil
	}
	if err := a.batch.Finish(ctx); err != nil {
		return err
	}
	c.flying = append(c.flying, *a)
	return nil
}
