package imap

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"mailroom/backend/core"
)

// byeGrace is how long a server may go on talking after BYE, and how long a failed
// write waits for the reader to find out why.
const byeGrace = 2 * time.Second

var errTooManyByes = errors.New("the server says BYE over and over")

// handler receives the untagged responses of one operation, in the reader's goroutine.
type handler struct {
	data    func(name string, num uint32, s *scanner) error
	status  func(st status)
	release func() // unblocks data when nobody listens any more; may be nil
}

// conn is one connection: what is sent, what is awaited, what came. Commands are
// sent by one goroutine at a time; after run, a goroutine of its own reads.
type conn struct {
	cfg     *Config
	family  string
	secrets []string
	tr      *transcript
	sock    net.Conn
	pulse   *pulse
	s       scanner
	out     *writer
	notes   notes
	tags    int
	running bool
	torn    bool          // the reader's: the last response broke off
	ended   chan struct{} // closed once nothing more will be read

	mu        sync.Mutex
	pending   []*command
	waiting   *command // wants a "+"
	caps      caps
	capsTold  int     // how many times the server told them
	err       error   // why the connection is of no use any more
	bye       *status // the first BYE
	byes      int
	stray     string // text that answers nothing, since the last proper response
	strayPlus bool
	greeting  *status

	release func() // of the handler

	hmu     sync.Mutex // held while the handler runs
	handler *handler

	endOnce sync.Once
}

func newConn(cfg *Config, sock net.Conn, p *pulse) *conn {
	c := &conn{cfg: cfg, sock: sock, pulse: p, ended: make(chan struct{}), out: newWriter(sock)}
	if cfg.Transcript != nil {
		c.tr = &transcript{w: cfg.Transcript, start: time.Now(), scrub: c.scrub}
	}
	c.attach(sock)
	return c
}

// attach makes r the source of responses.
func (c *conn) attach(r io.Reader) {
	w := newWire(r)
	w.noted = c.notes.add
	if c.tr != nil {
		w.trace = func(b []byte) { c.tr.add("S:", b) }
	}
	c.s = scanner{w: w, lit: -1}
}

// run starts the reader. Close ends it.
func (c *conn) run() {
	c.running = true
	go func() {
		for {
			if err := c.step(); err != nil {
				c.lost(err)
				return
			}
		}
	}()
}

// lost marks the connection as broken and answers everything that is pending.
func (c *conn) lost(err error) {
	_ = c.pulse.Close()
	c.mu.Lock()
	if c.err == nil {
		c.err = c.explain(err)
	}
	broken, why := c.pending, c.err
	c.pending = nil
	for _, cmd := range broken {
		cmd.answered = true
	}
	c.mu.Unlock()
	for _, cmd := range broken {
		cmd.err = why
		close(cmd.done)
	}
	c.endOnce.Do(func() { close(c.ended) })
}

// explain prefers the server's own words to the bare end of the stream; callers hold mu.
func (c *conn) explain(err error) error {
	switch {
	case c.bye != nil:
		return core.E(core.Unreachable, "", c.refusal("BYE", *c.bye))
	case c.stray != "" && errors.Is(err, os.ErrDeadlineExceeded):
		return core.E(core.Unreachable, "", c.refusal("", status{kind: "NO", text: c.stray}))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return core.E(core.Timeout, "", err, "host", c.cfg.Host)
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return core.E(core.Unreachable, "", err, "host", c.cfg.Host, "why", "closed")
}

// abort ends the connection at once because ctx ended or the caller broke it.
func (c *conn) abort(why error) {
	c.mu.Lock()
	if c.err == nil {
		c.err = why
	}
	c.mu.Unlock()
	_ = c.pulse.Close()
}

func ctxError(op string, err error) error {
	code := core.Canceled
	if errors.Is(err, context.DeadlineExceeded) {
		code = core.Timeout
	}
	return core.E(code, op, err)
}

// under runs fn so that the end of ctx ends it soon, and with it the connection.
func (c *conn) under(ctx context.Context, op string, fn func() error) error {
	if err := ctx.Err(); err != nil {
		return ctxError(op, err)
	}
	if err := c.failed(); err != nil {
		return c.failure(op)
	}
	stop := context.AfterFunc(ctx, func() { c.abort(ctxError("", ctx.Err())) })
	defer stop()
	return fn()
}

func (c *conn) failed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// failure is the error of an operation on a connection that is gone.
func (c *conn) failure(op string) error {
	err := c.failed()
	if err == nil {
		err = core.E(core.Unreachable, "", io.ErrClosedPipe)
	}
	return core.E(core.CodeOf(err), op, err)
}

// writeBroken waits shortly for what the server said before it hung up.
func (c *conn) writeBroken(op string, err error) error {
	c.pulse.hurry(byeGrace)
	c.free()
	if c.running {
		<-c.ended
		return c.failure(op)
	}
	for {
		if rerr := c.step(); rerr != nil {
			if errors.Is(rerr, os.ErrDeadlineExceeded) {
				rerr = err
			}
			c.lost(rerr)
			return c.failure(op)
		}
	}
}

// listen makes h receive the untagged responses until the returned func is called.
func (c *conn) listen(h *handler) (done func()) {
	c.mu.Lock()
	c.release = h.release
	c.mu.Unlock()
	c.hmu.Lock()
	c.handler = h
	c.hmu.Unlock()
	return func() {
		c.free()
		c.hmu.Lock()
		c.handler = nil
		c.hmu.Unlock()
	}
}

// free unblocks a handler that waits for its operation.
func (c *conn) free() {
	c.mu.Lock()
	release := c.release
	c.release = nil
	c.mu.Unlock()
	if release != nil {
		release()
	}
}

// close ends the connection and waits until its reader is gone.
func (c *conn) close() {
	c.abort(core.E(core.Unreachable, "", net.ErrClosed))
	c.free()
	if c.running {
		<-c.ended
	}
}

func (c *conn) has(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.caps.has(name)
}

// caps is a set of capabilities, in upper case.
type caps map[string]bool

func (s caps) has(name string) bool { return s[name] }

// value returns what follows "name=" in the first capability of that form.
func (s caps) value(name string) (string, bool) {
	for k := range s {
		if v, ok := strings.CutPrefix(k, name+"="); ok {
			return v, true
		}
	}
	return "", false
}

// parseCaps reads a capability list; "LITERAL +" counts as LITERAL+.
func parseCaps(b []byte, ignore []string) caps {
	set := caps{}
	last := ""
	for _, f := range strings.Fields(strings.ToUpper(string(b))) {
		if f == "+" && last == "LITERAL" {
			f = "LITERAL+"
		}
		set[f], last = true, f
	}
	for _, name := range ignore {
		delete(set, strings.ToUpper(name))
	}
	return set
}
