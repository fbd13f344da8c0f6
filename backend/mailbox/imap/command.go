package imap

import (
	"strconv"
	"strings"
	"time"
)

// command is one command on its way.
type command struct {
	tag, verb string
	done      chan struct{} // closed when answered or the connection is gone
	st        status        // the answer; valid after done
	err       error         // the connection broke before the answer; valid after done
	cont      chan struct{} // a "+" came
	prompt    []byte        // what stood behind the "+"
	consented time.Time     // when the "+" was seen; zero without
	counted   bool          // counts as due on the pulse; guarded by conn.mu
	answered  bool          // guarded by conn.mu
	at        time.Time     // when the answer came; valid after done
	after     func(*command)
}

// arg is one argument of a command.
type arg struct {
	text    string
	literal bool // to be sent as a literal
	secret  bool
}

func word(s string) arg { return arg{text: s} }

// str makes a string argument: quoted where that is safe with every server, else a literal.
func str(s string) arg {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			return arg{text: s, literal: true}
		}
	}
	return arg{text: quote(s)}
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func (c *conn) newCommand(verb string, after func(*command)) *command {
	c.tags++
	cmd := &command{
		tag: "M" + strconv.Itoa(c.tags), verb: verb, after: after,
		done: make(chan struct{}), cont: make(chan struct{}, 1),
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil { // lost may have run already: nobody would answer
		cmd.err, cmd.answered = c.err, true
		close(cmd.done)
		return cmd
	}
	c.pending = append(c.pending, cmd)
	return cmd
}

// send writes one whole command without flushing, except where a literal has to wait.
func (c *conn) send(verb string, after func(*command), args ...arg) (*command, error) {
	cmd := c.newCommand(verb, after)
	traced := &strings.Builder{}
	traced.WriteString(cmd.tag + " " + verb)
	c.out.WriteString(cmd.tag)
	c.out.WriteString(" ")
	c.out.WriteString(verb)
	for _, a := range args {
		c.out.WriteString(" ")
		if a.literal {
			if refused, err := c.announce(cmd, int64(len(a.text))); refused || err != nil {
				return cmd, err
			}
		}
		c.out.WriteString(a.text)
		traceArg(traced, a)
	}
	c.out.WriteString("\r\n")
	c.tr.add("C:", []byte(traced.String()))
	c.sent(cmd)
	return cmd, c.writeErr(verb)
}

func traceArg(b *strings.Builder, a arg) {
	switch {
	case a.secret:
		b.WriteString(" ***")
	case a.literal:
		b.WriteString(" {" + strconv.Itoa(len(a.text)) + "}")
	default:
		b.WriteString(" " + a.text)
	}
}

// sent starts the clock for the answer of cmd.
func (c *conn) sent(cmd *command) {
	c.mu.Lock()
	cmd.counted = !cmd.answered
	counted := cmd.counted
	c.mu.Unlock()
	if counted {
		c.pulse.await(1)
	}
}

func (c *conn) writeErr(op string) error {
	if c.out.err == nil {
		return nil
	}
	return c.writeBroken(op, c.out.err)
}

func (c *conn) flush(op string) error {
	_ = c.out.flush()
	return c.writeErr(op)
}

// waits says whether a literal of size needs the server's consent.
func (c *conn) waits(size int64) bool {
	return !c.has("LITERAL+") && (size > 4096 || !c.has("LITERAL-"))
}

// announce writes the announcement of a literal and, unless the server offers
// non-synchronising ones (RFC 7888), waits for its consent. refused means that the
// command was answered instead and nothing more of it may be sent.
func (c *conn) announce(cmd *command, size int64) (refused bool, err error) {
	n := strconv.FormatInt(size, 10)
	if !c.waits(size) {
		c.out.WriteString("{" + n + "+}\r\n")
		return false, c.writeErr(cmd.verb)
	}
	c.out.WriteString("{" + n + "}\r\n")
	return c.consent(cmd)
}

// consent flushes and waits for "+" or for the answer of cmd.
func (c *conn) consent(cmd *command) (refused bool, err error) {
	c.mu.Lock()
	c.waiting = cmd
	c.mu.Unlock()
	if err := c.flush(cmd.verb); err != nil {
		return false, err
	}
	c.pulse.await(1)
	defer c.pulse.await(-1)
	if !c.running {
		for len(cmd.cont) == 0 && !closed(cmd.done) {
			if err := c.step(); err != nil {
				c.lost(err)
			}
		}
	}
	select {
	case <-cmd.cont:
		cmd.consented = time.Now()
		return false, nil
	case <-cmd.done:
		if cmd.err != nil {
			return false, c.failure(cmd.verb)
		}
		return true, nil
	}
}

func closed(ch chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// await waits for the answer of cmd, reading itself before run.
func (c *conn) await(op string, cmd *command) (status, error) {
	if !c.running {
		for !closed(cmd.done) {
			if err := c.step(); err != nil {
				c.lost(err)
			}
		}
	}
	<-cmd.done
	if cmd.err != nil {
		return status{}, c.failure(op)
	}
	return cmd.st, nil
}

// call sends one command and waits for its answer, whatever it is.
func (c *conn) call(op, verb string, args ...arg) (status, error) {
	cmd, err := c.send(verb, nil, args...)
	if err != nil {
		return status{}, err
	}
	if err := c.flush(op); err != nil {
		return status{}, err
	}
	return c.await(op, cmd)
}

// ask is call where anything but OK is an error.
func (c *conn) ask(op, verb string, args ...arg) error {
	st, err := c.call(op, verb, args...)
	if err == nil && st.kind != "OK" {
		err = c.refused(op, verb, st)
	}
	return err
}
