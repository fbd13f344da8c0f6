// Package link is a TCP relay that behaves like a long or bad line: a fixed delay in
// each direction, a shared rate, and faults on command. It counts what passes.
//
// Where the kernel has no netem, this is how latency is made. It leaves out packet
// loss, slow start and everything above TCP.
package link

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Direction is where bytes go.
type Direction int

// The two directions.
const (
	Up   Direction = iota // from the client to the server
	Down                  // from the server to the client
)

// Options of a link. The zero value relays at once and without limit.
type Options struct {
	Delay  time.Duration // one way; the round trip takes twice as long
	Rate   int64         // bytes per second in each direction, shared by all connections; 0: no limit
	Window int           // bytes under way per connection and direction; 0: 4 MiB
	Hide   Hide          // what the server's answers are stripped of
}

// Counts is what has passed since the start. A turn is a change of direction on a
// connection: two turns are one round trip that somebody waited for.
type Counts struct {
	Up, Down    int64
	Turns       int64
	Connections int64
}

// Link relays from its own address to a server's.
type Link struct {
	opts   Options
	target string
	listen net.Listener
	rates  [2]rate
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup

	up, down, turns, opened atomic.Int64

	mu      sync.Mutex
	pairs   map[*pair]bool
	refuse  bool
	stalled chan struct{} // not nil: bytes wait until it is closed
	cuts    [2]int64      // cut all connections after so many more bytes; 0: never
	cut     chan struct{} // closed when a cut has happened
}

// New opens a link to addr (host:port) that ends with the test.
func New(t testing.TB, addr string, opts ...Options) *Link {
	t.Helper()
	var o Options
	if len(opts) > 0 {
		o = opts[0]
	}
	l, err := Start(addr, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// Start opens a link to addr on a loopback port of its own; the caller closes it.
func Start(addr string, opts Options) (*Link, error) {
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a link to %s: %w", addr, err)
	}
	if opts.Window <= 0 {
		opts.Window = 4 << 20
	}
	l := &Link{opts: opts, target: addr, listen: listen, pairs: map[*pair]bool{}, cut: make(chan struct{})}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	for i := range l.rates {
		l.rates[i].perSecond = opts.Rate
	}
	l.work.Go(l.accept)
	return l, nil
}

// Addr is host:port of the near end.
func (l *Link) Addr() string { return l.listen.Addr().String() }

// Port is the port of the near end on 127.0.0.1.
func (l *Link) Port() int { return l.listen.Addr().(*net.TCPAddr).Port }

// Counts tells what has passed.
func (l *Link) Counts() Counts {
	return Counts{Up: l.up.Load(), Down: l.down.Load(), Turns: l.turns.Load(), Connections: l.opened.Load()}
}

// CutAfter breaks every connection when n more bytes have passed in a direction: the
// n bytes still arrive, nothing after them. Later connections work. The channel is
// closed at the cut.
func (l *Link) CutAfter(d Direction, n int64) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cuts[d] = max(n, 1)
	l.cut = make(chan struct{})
	return l.cut
}

// Cut breaks every connection now.
func (l *Link) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pairs {
		p.breakOff()
	}
}

// Refuse makes new connections be closed at once (true) or relayed (false).
func (l *Link) Refuse(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refuse = on
}

// Stall stops all bytes (true) or lets them go on (false); connections stay open.
func (l *Link) Stall(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case on && l.stalled == nil:
		l.stalled = make(chan struct{})
	case !on && l.stalled != nil:
		close(l.stalled)
		l.stalled = nil
	}
}

// Close ends the link and all its connections and waits for them.
func (l *Link) Close() {
	l.cancel()
	_ = l.listen.Close()
	l.Cut()
	l.work.Wait()
}

func (l *Link) accept() {
	for {
		near, err := l.listen.Accept()
		if err != nil {
			return
		}
		l.mu.Lock()
		refuse := l.refuse
		l.mu.Unlock()
		if refuse {
			abort(near)
			continue
		}
		l.opened.Add(1)
		l.work.Go(func() { l.relay(near) })
	}
}

// relay connects to the server as late as a real line would and pumps both ways.
func (l *Link) relay(near net.Conn) {
	p := &pair{near: near}
	if !l.add(p) {
		abort(near)
		return
	}
	defer l.remove(p)
	// The client's SYN, the server's answer and the client's first bytes: a round trip
	// and a half pass before a server sees anything. The bytes themselves are delayed
	// by the pump, so one round trip is left.
	if !l.wait(2 * l.opts.Delay) {
		return
	}
	far, err := (&net.Dialer{}).DialContext(l.ctx, "tcp", l.target)
	if err != nil {
		return
	}
	if !p.connect(far) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { l.pump(p, Up, near, far) })
	both.Go(func() { l.pump(p, Down, far, near) })
	both.Wait()
}

func (l *Link) wait(d time.Duration) bool {
	if d <= 0 {
		return l.ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-l.ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func (l *Link) add(p *pair) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx.Err() != nil {
		return false
	}
	l.pairs[p] = true
	return true
}

func (l *Link) remove(p *pair) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.pairs, p)
	p.breakOff()
}
