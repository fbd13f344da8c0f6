package migrate

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/preset"
)

// cargo is one message on its way from the source to the destination.
type cargo struct {
	row      ledger.Message
	data     []byte // the whole message, if it is small
	flags    []string
	date     time.Time
	size     int64
	binary   bool // to be sent as literal8
	plain    bool // only with system flags
	attempts int
	seen     anatomy // of a message that streams, as far as it was sent
	start    []byte  // of a message that streams: who sent it, and about what
}

// parcel is what is appended as one batch: some small messages held in memory, or
// one large message that streams through.
type parcel struct {
	items  []*cargo
	bytes  int64
	slab   []byte        // what the items' data lie in; nil for a part of a refused parcel
	stream io.Reader     // the body of the only item
	done   chan struct{} // closed when stream is used up
}

// bounds limit what is held in memory per lane: two parcels wait for their results,
// one is on the wire, one waits for it and one is being filled.
type bounds struct {
	messages int   // in a parcel
	bytes    int64 // in a parcel; at least stream
	stream   int64 // larger messages stream through
}

var usualBounds = bounds{messages: 100, bytes: 1 << 20, stream: 512 << 10}

// shelf keeps the slabs of a lane between parcels: a move would else make as much
// garbage as it moves mail.
type shelf struct {
	mu    sync.Mutex
	slabs [][]byte
}

// shelfRoom is how many slabs a lane can have in use at once; see [bounds].
const shelfRoom = 5

func (s *shelf) take(size int64) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.slabs); n > 0 {
		slab := s.slabs[n-1]
		s.slabs = s.slabs[:n-1]
		return slab
	}
	return make([]byte, 0, size)
}

func (s *shelf) give(slab []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slab != nil && len(s.slabs) < shelfRoom {
		s.slabs = append(s.slabs, slab[:0])
	}
}

// startKept is how much of a streamed message is kept for a report.
const startKept = 16 << 10

// feeder reads open messages from the source and makes parcels of them.
type feeder struct {
	*lane
	origin  *origin
	filter  flagFilter
	limit   int64 // largest message the destination takes; negative: unknown
	tries   *attempts
	out     chan<- *parcel
	filling *parcel
	rows    map[uint32]ledger.Message
}

// all feeds every pending message once, in ascending order.
func (f *feeder) all(ctx context.Context) error {
	for part, err := range f.led.Each(ctx, f.origin.folder.ID, ledger.Pending) {
		if err != nil {
			return err
		}
		if err := f.chunk(ctx, part); err != nil {
			return err
		}
	}
	return f.flush(ctx)
}

func (f *feeder) chunk(ctx context.Context, part []ledger.Message) error {
	uids := make([]uint32, 0, len(part))
	f.rows = make(map[uint32]ledger.Message, len(part))
	for _, row := range part {
		uids = append(uids, row.UID)
		f.rows[row.UID] = row
	}
	if err := f.src.Fetch(ctx, uids, func(msg mailbox.Message) error { return f.take(ctx, msg) }); err != nil {
		return err
	}
	for _, uid := range uids {
		if row, missing := f.rows[uid]; missing {
			if err := f.again(ctx, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// again asks for a message that the source passed over: alone, once. Then it is
// gone, or left behind.
func (f *feeder) again(ctx context.Context, row ledger.Message) error {
	var trouble error
	err := f.src.Fetch(ctx, []uint32{row.UID}, func(msg mailbox.Message) error {
		if msg.Err != nil {
			trouble = msg.Err
			return nil
		}
		return f.take(ctx, msg)
	})
	if _, still := f.rows[row.UID]; !still || lost(err) || ctx.Err() != nil {
		return err
	}
	exists := false
	if err == nil {
		err = f.src.List(ctx, row.UID, row.UID, 0, func(meta mailbox.Meta) error {
			exists = exists || meta.UID == row.UID
			return nil
		})
		if err != nil {
			return err
		}
		if !exists {
			row.State = ledger.Gone
			return f.led.Update(ctx, f.origin.folder.ID, []ledger.Message{row})
		}
		err = trouble
	}
	if err == nil {
		err = core.E(core.Malformed, "fetch", nil)
	}
	return f.leave(ctx, f.origin, row, nil, string(preset.PerMessage), serverWords(err))
}

// take turns a fetched message into cargo.
func (f *feeder) take(ctx context.Context, msg mailbox.Message) error {
	row, wanted := f.rows[msg.UID]
	if !wanted || msg.Err != nil {
		return nil // asked again later
	}
	tried := f.tries.of(row.UID)
	c := &cargo{row: row, size: msg.Size, attempts: tried.n, binary: tried.binary}
	kept, dropped := f.filter.pick(unpackFlags(row.Flags))
	if c.flags = kept; len(dropped) > 0 {
		f.book.note(fmt.Sprintf("flags_not_kept:%s", f.origin.name()))
	}
	if tried.plain {
		c.flags = systemOnly(c.flags)
	}
	if msg.Size > f.bounds.stream || (f.limit >= 0 && msg.Size > f.limit) {
		return f.stream(ctx, c, msg.Body)
	}
	var err error
	if c.data, err = f.room(ctx, msg.Size); err != nil {
		return err
	}
	if _, err := io.ReadFull(msg.Body, c.data); err != nil {
		return err
	}
	delete(f.rows, msg.UID)
	c.seal(c.data)
	return f.pack(ctx, c)
}

// room finds size bytes in the parcel that is being filled, or in a new one.
func (f *feeder) room(ctx context.Context, size int64) ([]byte, error) {
	if f.filling != nil && int64(cap(f.filling.slab)-len(f.filling.slab)) < size {
		if err := f.flush(ctx); err != nil {
			return nil, err
		}
	}
	if f.filling == nil {
		f.filling = &parcel{slab: f.shelf.take(max(f.bounds.bytes, f.bounds.stream))}
	}
	at := len(f.filling.slab)
	f.filling.slab = f.filling.slab[:at+int(size)]
	return f.filling.slab[at:len(f.filling.slab):len(f.filling.slab)], nil
}

// seal notes what the ledger must know, from the beginning of the message.
func (c *cargo) seal(start []byte) {
	if len(start) > headWindow {
		start = start[:headWindow]
	}
	c.row.Head, c.row.Size = fingerprint(start), c.size
	c.date = arrival(c.row.Date, start)
}

// stream sends a large message on without holding it.
func (f *feeder) stream(ctx context.Context, c *cargo, body io.Reader) error {
	br := bufio.NewReaderSize(body, headWindow)
	start, err := br.Peek(int(min(headWindow, c.size)))
	if err != nil {
		return err
	}
	delete(f.rows, c.row.UID)
	c.seal(start)
	if f.limit >= 0 && c.size > f.limit {
		return f.leave(ctx, f.origin, c.row, start, string(preset.TooBig), fmt.Sprintf("%d > %d", c.size, f.limit))
	}
	if err := f.flush(ctx); err != nil {
		return err
	}
	c.start = bytes.Clone(start[:min(len(start), startKept)])
	p := &parcel{items: []*cargo{c}, bytes: c.size, stream: watched{br, &c.seen}, done: make(chan struct{})}
	if err := f.send(ctx, p); err != nil {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *feeder) pack(ctx context.Context, c *cargo) error {
	f.filling.items = append(f.filling.items, c)
	f.filling.bytes += c.size
	if len(f.filling.items) >= f.parcelMessages() || f.filling.bytes >= f.bounds.bytes {
		return f.flush(ctx)
	}
	return nil
}

// parcelMessages is how many messages a parcel may hold. A server that ends a
// connection after so many refusals ([move.wary]) gets fewer, so that even if all are
// refused the connection outlives them and their answers are heard.
func (f *feeder) parcelMessages() int {
	if n := f.wary(); n > 0 {
		return min(f.bounds.messages, max(1, n-1))
	}
	return f.bounds.messages
}

func (f *feeder) flush(ctx context.Context) error {
	p := f.filling
	if f.filling = nil; p == nil {
		return nil
	}
	return f.send(ctx, p)
}

func (f *feeder) send(ctx context.Context, p *parcel) error {
	select {
	case f.out <- p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
