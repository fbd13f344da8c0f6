package corpus

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

func dial(ctx context.Context, at Login) (net.Conn, error) {
	if at.TLS != nil {
		return (&tls.Dialer{Config: at.TLS}).DialContext(ctx, "tcp", at.Addr)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", at.Addr)
}

// wire is the smallest client that can fill a server: one command after the other,
// lines without literals in the answers.
type wire struct {
	conn net.Conn
	r    *bufio.Reader
	w    *bufio.Writer
	n    int
	caps string
}

// refusal is a NO or BAD.
type refusal struct{ line string }

func (r refusal) Error() string { return r.line }

func openWire(ctx context.Context, at Login) (*wire, error) {
	conn, err := dial(ctx, at)
	if err != nil {
		return nil, err
	}
	w := &wire{conn: conn, r: bufio.NewReaderSize(conn, 64<<10), w: bufio.NewWriterSize(conn, 256<<10)}
	if _, err := w.r.ReadString('\n'); err != nil {
		return nil, errors.Join(fmt.Errorf("greeting: %w", err), conn.Close())
	}
	if _, err := w.do("LOGIN " + quoted(at.User) + " " + quoted(at.Password)); err != nil {
		return nil, errors.Join(fmt.Errorf("sign in as %s: %w", at.User, err), conn.Close())
	}
	lines, err := w.do("CAPABILITY")
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w.caps = " " + strings.ToUpper(strings.Join(lines, " ")) + " "
	return w, nil
}

func (w *wire) has(capability string) bool { return strings.Contains(w.caps, " "+capability+" ") }

// send writes one command and returns its tag.
func (w *wire) send(command string) string {
	w.n++
	tag := "w" + strconv.Itoa(w.n)
	// A failed write shows when the buffer is flushed.
	_, _ = w.w.WriteString(tag + " " + command + "\r\n")
	return tag
}

// do runs one command and returns its untagged lines.
func (w *wire) do(command string) ([]string, error) {
	tag := w.send(command)
	return w.until(tag)
}

// until reads to the tagged answer.
func (w *wire) until(tag string) ([]string, error) {
	if err := w.w.Flush(); err != nil {
		return nil, err
	}
	var lines []string
	for {
		line, err := w.r.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("read the answer: %w", err)
		}
		line = strings.TrimRight(line, "\r\n")
		rest, found := strings.CutPrefix(line, tag+" ")
		switch {
		case found && strings.HasPrefix(rest, "OK"):
			return lines, nil
		case found:
			return lines, refusal{rest}
		case strings.HasPrefix(line, "+"):
			return lines, nil
		}
		lines = append(lines, line)
	}
}

// copyBody streams a literal.
func (w *wire) copyBody(m Message) error {
	n, err := io.Copy(w.w, m.Open())
	if err == nil && n != m.Size {
		err = fmt.Errorf("message %s has %d bytes instead of %d", m.Name, n, m.Size)
	}
	if err == nil {
		_, err = w.w.WriteString("\r\n")
	}
	return err
}

func (w *wire) close() error {
	_, err := w.do("LOGOUT")
	return errors.Join(err, w.conn.Close())
}

// quoted writes a string that needs no literal.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// lsub asks for subscriptions where LIST cannot tell them; go-imap cannot read the
// answer.
func lsub(ctx context.Context, at Login) ([]string, error) {
	w, err := openWire(ctx, at)
	if err != nil {
		return nil, err
	}
	lines, err := w.do(`LSUB "" "*"`)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("list subscriptions: %w", err), w.conn.Close())
	}
	var names []string
	for _, line := range lines {
		// * LSUB (\HasNoChildren) "." "INBOX.Name"
		_, rest, ok := strings.Cut(line, ") ")
		if !ok || !strings.HasPrefix(line, "* LSUB ") || strings.Contains(line, `\Noselect`) {
			continue
		}
		_, name, _ := strings.Cut(rest, " ")
		if unq, ok := strings.CutPrefix(name, `"`); ok {
			name = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(strings.TrimSuffix(unq, `"`))
		}
		names = append(names, decodeUTF7(name))
	}
	return names, w.close()
}
