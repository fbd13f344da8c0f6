package probe

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"time"
)

// Step is one command of an envelope and its reply.
type Step struct {
	Command string
	Code    string
	Reply   string
}

// Envelope gives commands one after the other and stops before any DATA: no mail is
// ever sent. It ends early when the connection does.
func Envelope(ctx context.Context, t Target, commands ...string) ([]Step, error) {
	raw, _, err := t.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	_ = raw.SetDeadline(t.until(ctx))
	c := &talk{conn: raw, in: bufio.NewReaderSize(raw, maxLine), result: &Result{Port: t.Port}, host: t.Host}
	if err := c.greet(); err != nil {
		return nil, err
	}
	if c.result.Refused {
		return nil, fmt.Errorf("refused: %s", head(c.result.Banner))
	}
	c.ehlo()
	var steps []Step
	for _, command := range commands {
		if err := c.say("%s", command); err != nil {
			return steps, err
		}
		code, lines, err := c.reply()
		if err != nil {
			return steps, err
		}
		steps = append(steps, Step{command, code, strings.Join(lines, " ")})
	}
	_ = c.say("QUIT")
	return steps, nil
}

// Injected tries whether a command that stands in the clear behind STARTTLS is carried
// out after TLS began (CVE-2011-0411): a NOOP is answered twice then.
func Injected(ctx context.Context, t Target) (bool, error) {
	raw, _, err := t.Connect(ctx)
	if err != nil {
		return false, err
	}
	defer raw.Close()
	_ = raw.SetDeadline(t.until(ctx))
	c := &talk{conn: raw, in: bufio.NewReaderSize(raw, maxLine), result: &Result{Port: t.Port}, host: t.Host}
	if err := c.greet(); err != nil {
		return false, err
	}
	if !has(c.ehlo(), "STARTTLS") {
		return false, fmt.Errorf("STARTTLS is not offered")
	}
	if err := c.say("STARTTLS\r\nVRFY injected"); err != nil {
		return false, err
	}
	if code, _, err := c.reply(); err != nil || code != "220" {
		return false, fmt.Errorf("STARTTLS refused: %s", code)
	}
	if !c.secure(ctx) {
		return false, nil // it saw the command as a broken handshake: ignored or refused
	}
	if err := c.say("NOOP"); err != nil {
		return false, nil
	}
	first, _, err := c.reply()
	if err != nil {
		return false, nil
	}
	if first != "250" {
		return true, nil // VRFY was answered before NOOP
	}
	// Where VRFY is answered by 250 too, a second reply comes without being asked for.
	_ = raw.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	_, _, err = c.reply()
	return err == nil, nil
}

// Bare opens a connection on which TLS can begin at once: the port speaks TLS from the
// first byte, or has agreed to STARTTLS. The caller closes it; its deadline is set. Error:
// the network's, or why the server does not begin.
func Bare(ctx context.Context, t Target) (net.Conn, error) {
	raw, _, err := t.Connect(ctx)
	if err != nil {
		return nil, err
	}
	_ = raw.SetDeadline(t.until(ctx))
	if t.Port.TLS {
		return raw, nil
	}
	c := &talk{conn: raw, in: bufio.NewReaderSize(raw, maxLine), result: &Result{Port: t.Port}, host: t.Host}
	err = c.greet()
	if err == nil && c.result.Refused {
		err = fmt.Errorf("refused: %s", head(c.result.Banner))
	}
	command := "STARTTLS"
	if t.Port.Proto == POP3 {
		command = "STLS"
	}
	if err == nil {
		c.capabilities()
		err = c.start(command)
	}
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	return raw, nil
}
