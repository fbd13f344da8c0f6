package imap

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// pulse is a connection that gives up after some silence. Only silence while an
// answer is due counts: neither a long upload nor a slow consumer is silence.
type pulse struct {
	net.Conn
	silence time.Duration

	mu   sync.Mutex
	due  int       // answers awaited
	last time.Time // when a byte last moved
	rush bool      // hurry set the deadline: keep it
	end  time.Time // the deadline of rush
}

func newPulse(c net.Conn, silence time.Duration) *pulse {
	return &pulse{Conn: c, silence: silence, last: time.Now()}
}

// await counts n more answers (or, negative, fewer) as due.
func (p *pulse) await(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due += n
	if n > 0 {
		p.last = time.Now()
		p.arm()
	}
}

// hurry ends all reading and writing within d.
func (p *pulse) hurry(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rush, p.end = true, time.Now().Add(d)
	_ = p.SetDeadline(p.end)
}

// calm takes a hurry back.
func (p *pulse) calm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rush = false
	p.arm()
}

// arm sets the read deadline that fits the state; callers hold mu.
func (p *pulse) arm() {
	switch {
	case p.rush:
	case p.due > 0:
		_ = p.SetReadDeadline(p.last.Add(p.silence))
	default:
		_ = p.SetReadDeadline(time.Time{})
	}
}

func (p *pulse) touch() {
	p.mu.Lock()
	p.last = time.Now()
	p.mu.Unlock()
}

// waitsLonger says whether a read that ran into its deadline should go on.
func (p *pulse) waitsLonger() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.rush && (p.due <= 0 || time.Since(p.last) < p.silence)
}

func (p *pulse) Read(b []byte) (int, error) {
	p.touch() // while nobody listened there was no silence
	for {
		p.mu.Lock()
		p.arm()
		p.mu.Unlock()
		n, err := p.Conn.Read(b)
		if n > 0 {
			p.touch()
		}
		if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) && p.waitsLonger() {
			continue
		}
		return n, err
	}
}

func (p *pulse) Write(b []byte) (int, error) {
	p.mu.Lock()
	end := time.Now().Add(p.silence)
	if p.rush {
		end = p.end
	}
	_ = p.SetWriteDeadline(end)
	p.mu.Unlock()
	n, err := p.Conn.Write(b)
	if n > 0 {
		p.touch()
	}
	return n, err
}
