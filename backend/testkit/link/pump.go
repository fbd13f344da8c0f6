package link

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// pair is one relayed connection.
type pair struct {
	near net.Conn
	last atomic.Int32 // direction of the last bytes plus one

	mu     sync.Mutex
	far    net.Conn
	broken bool
}

func (p *pair) connect(far net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken {
		_ = far.Close()
		return false
	}
	p.far = far
	return true
}

// breakOff ends both halves with a reset, as a lost line does.
func (p *pair) breakOff() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = true
	abort(p.near)
	if p.far != nil {
		abort(p.far)
	}
}

func abort(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

// rate shares so many bytes a second among all connections of a direction.
type rate struct {
	perSecond int64
	mu        sync.Mutex
	free      time.Time // when the line is free again
}

// book takes the line for n bytes and says when the last of them has left.
func (r *rate) book(n int) time.Time {
	now := time.Now()
	if r.perSecond <= 0 {
		return now
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.free.Before(now) {
		r.free = now
	}
	r.free = r.free.Add(time.Duration(int64(n) * int64(time.Second) / r.perSecond))
	return r.free
}

// packet is bytes on their way.
type packet struct {
	bytes []byte
	due   time.Time
}

const chunk = 16 << 10

// pump moves one direction: read, wait for the line, wait for the delay, write. A
// reader that is ahead of the writer by the window waits.
func (l *Link) pump(p *pair, d Direction, from, to net.Conn) {
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	underWay := make(chan packet, max(1, l.opts.Window/chunk))
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(underWay)
		var e editor
		if d == Down {
			e.hide = l.opts.Hide
		}
		for ctx.Err() == nil {
			b := make([]byte, chunk)
			n, err := from.Read(b)
			if n > 0 {
				l.turn(p, d)
				l.send(ctx, underWay, d, e.take(b[:n]))
			}
			if err != nil {
				l.send(ctx, underWay, d, e.rest())
				return
			}
		}
	})
	for pk := range underWay {
		if !l.wait(time.Until(pk.due)) || !l.deliver(p, d, to, pk.bytes) {
			p.breakOff()
			break
		}
	}
	cancel()
	// The end of one direction is passed on; the other may still have something to say.
	if tcp, ok := to.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	reading.Wait()
}

// send puts bytes on the line.
func (l *Link) send(ctx context.Context, underWay chan<- packet, d Direction, b []byte) {
	if len(b) == 0 {
		return
	}
	select {
	case underWay <- packet{b, l.rates[d].book(len(b)).Add(l.opts.Delay)}:
	case <-ctx.Done():
	}
}

func (l *Link) turn(p *pair, d Direction) {
	now := int32(d) + 1
	if before := p.last.Swap(now); before != 0 && before != now {
		l.turns.Add(1)
	}
}

// deliver writes what the faults let through; false ends the connection.
func (l *Link) deliver(p *pair, d Direction, to net.Conn, b []byte) bool {
	l.mu.Lock()
	stalled := l.stalled
	l.mu.Unlock()
	if stalled != nil {
		select {
		case <-stalled:
		case <-l.ctx.Done():
			return false
		}
	}
	l.mu.Lock()
	ends := false
	if left := l.cuts[d]; left > 0 {
		if int64(len(b)) >= left {
			b, ends = b[:left], true
			l.cuts[d] = 0
		} else {
			l.cuts[d] -= int64(len(b))
		}
	}
	l.mu.Unlock()
	count := &l.up
	if d == Down {
		count = &l.down
	}
	// Counted first: who has read the bytes finds them counted.
	count.Add(int64(len(b)))
	n, err := to.Write(b)
	count.Add(int64(n - len(b)))
	if ends {
		l.endAll(to)
	}
	return err == nil && !ends
}

// endAll breaks all connections after a cut. The receiver of the last bytes gets an
// orderly end: a reset could take bytes away that were delivered already.
func (l *Link) endAll(to net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if tcp, ok := to.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
		_ = tcp.SetLinger(-1)
	}
	_ = to.Close()
	for p := range l.pairs {
		p.breakOff()
	}
	close(l.cut)
}
