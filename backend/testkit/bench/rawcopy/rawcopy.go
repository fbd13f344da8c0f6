// Package rawcopy is the physical limit that the benchmark measures against: it
// streams every message of one account into another over one connection each, all
// commands pipelined. It keeps no state, checks nothing and repairs nothing; a
// refusal ends it.
//
// It leaves out everything that makes a move safe, and suits servers like Dovecot
// that answer FETCH items in the order asked.
package rawcopy

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
	"time"
)

// End is one account.
type End struct {
	Addr     string // host:port
	User     string
	Password string
	TLS      *tls.Config // nil: plain text
}

// Result is what was copied. With an error it is what had been sent by then.
type Result struct {
	Messages int           `json:"messages"`
	Bytes    int64         `json:"bytes"`
	Wall     time.Duration `json:"wall"`
}

// Copy copies all folders. batch is how many messages go into one MULTIAPPEND; 1
// sends single APPENDs, and so does every batch where MULTIAPPEND is not offered.
func Copy(ctx context.Context, from, to End, batch int) (Result, error) {
	began := time.Now()
	source, err := open(ctx, from)
	if err != nil {
		return Result{}, fmt.Errorf("source: %w", err)
	}
	defer source.conn.Close()
	target, err := open(ctx, to)
	if err != nil {
		return Result{}, fmt.Errorf("destination: %w", err)
	}
	defer target.conn.Close()
	stop := context.AfterFunc(ctx, func() { _, _ = source.conn.Close(), target.conn.Close() })
	defer stop()
	if !target.offers("MULTIAPPEND") {
		batch = 1
	}
	c := &copier{source: source, target: target, batch: max(batch, 1), plus: target.offers("LITERAL+")}
	err = c.run()
	c.result.Wall = time.Since(began)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return c.result, err
}

// line is one signed-in connection.
type line struct {
	conn net.Conn
	r    *bufio.Reader
	w    *bufio.Writer
	caps string
}

func open(ctx context.Context, e End) (*line, error) {
	var conn net.Conn
	var err error
	if e.TLS != nil {
		conn, err = (&tls.Dialer{Config: e.TLS}).DialContext(ctx, "tcp", e.Addr)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", e.Addr)
	}
	if err != nil {
		return nil, err
	}
	l := &line{conn: conn, r: bufio.NewReaderSize(conn, 256<<10), w: bufio.NewWriterSize(conn, 64<<10)}
	if _, err := l.r.ReadString('\n'); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	fmt.Fprintf(l.w, "a LOGIN %s %s\r\nb CAPABILITY\r\n", quote(e.User), quote(e.Password))
	if _, err := l.until("a"); err != nil {
		return nil, errors.Join(fmt.Errorf("sign in as %s: %w", e.User, err), conn.Close())
	}
	lines, err := l.until("b")
	l.caps = " " + strings.Join(lines, " ") + " "
	return l, err
}

func (l *line) offers(name string) bool { return strings.Contains(l.caps, " "+name+" ") }

// until reads lines to the tagged answer.
func (l *line) until(tag string) ([]string, error) {
	if err := l.w.Flush(); err != nil {
		return nil, err
	}
	var lines []string
	for {
		s, err := l.r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		s = strings.TrimRight(s, "\r\n")
		if rest, ok := strings.CutPrefix(s, tag+" "); ok {
			if !strings.HasPrefix(rest, "OK") {
				return nil, errors.New(rest)
			}
			return lines, nil
		}
		lines = append(lines, s)
	}
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// folders lists the selectable folders' names as they are on the wire.
func (l *line) folders() ([]string, error) {
	l.w.WriteString("l LIST \"\" \"*\"\r\n")
	lines, err := l.until("l")
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	var names []string
	for _, s := range lines {
		attributes, rest, ok := strings.Cut(s, ") ")
		if !ok || strings.Contains(attributes, `\Noselect`) || strings.Contains(attributes, `\NonExistent`) {
			continue
		}
		if _, name, ok := strings.Cut(rest, " "); ok {
			names = append(names, name)
		}
	}
	return names, nil
}

// copier is one run.
type copier struct {
	source, target *line
	batch          int
	plus           bool // literals need not be asked for
	result         Result

	sent int // tags handed out for APPEND
	open int // messages in the command that is being sent
}

func (c *copier) run() error {
	names, err := c.source.folders()
	if err != nil {
		return err
	}
	// EXAMINE is a barrier, so everything can be asked at once.
	for i, name := range names {
		fmt.Fprintf(c.source.w, "e%d EXAMINE %s\r\nf%d UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[])\r\n", i, name, i)
	}
	if err := c.source.w.Flush(); err != nil {
		return err
	}
	for i, name := range names {
		fmt.Fprintf(c.target.w, "c%d CREATE %s\r\n", i, name)
	}
	answers := make(chan error, 1)
	goOn := make(chan bool, 1)
	done := make(chan int, 1)
	go func() { answers <- c.target.answers(goOn, done) }()
	for i, name := range names {
		if err := c.folder(i, name, goOn); err != nil {
			// The destination's own words explain a broken write better.
			_ = c.target.conn.Close()
			return errors.Join(err, <-answers)
		}
	}
	done <- c.sent
	fmt.Fprintf(c.target.w, "z NOOP\r\n")
	if err := c.target.w.Flush(); err != nil {
		return errors.Join(err, <-answers)
	}
	return <-answers
}

// folder pumps one folder's FETCH answers into APPEND commands.
func (c *copier) folder(i int, name string, goOn <-chan bool) error {
	end := "f" + strconv.Itoa(i) + " "
	for {
		// Before we wait for the source, the destination gets all that we have.
		if c.source.r.Buffered() == 0 {
			if err := c.target.w.Flush(); err != nil {
				return err
			}
		}
		s, err := c.source.r.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		text := string(s)
		if rest, ok := strings.CutPrefix(text, end); ok {
			if !strings.HasPrefix(rest, "OK") {
				return fmt.Errorf("fetch %s: %s", name, strings.TrimSpace(rest))
			}
			return c.finish()
		}
		size, flags, date, ok := parse(text)
		if !ok {
			continue
		}
		if err := c.message(name, size, flags, date, goOn); err != nil {
			return fmt.Errorf("copy %s: %w", name, err)
		}
		if _, err := c.source.r.ReadSlice('\n'); err != nil { // ")"
			return err
		}
	}
}

// message starts or goes on with a command and streams the literal.
func (c *copier) message(name string, size int64, flags, date string, goOn <-chan bool) error {
	if c.open == 0 {
		c.sent++
		fmt.Fprintf(c.target.w, "m%d APPEND %s", c.sent, name)
	}
	plus := ""
	if c.plus {
		plus = "+"
	}
	fmt.Fprintf(c.target.w, " (%s) \"%s\" {%d%s}\r\n", flags, date, size, plus)
	if !c.plus {
		if err := c.target.w.Flush(); err != nil {
			return err
		}
		if !<-goOn {
			return errors.New("the destination has ended")
		}
	}
	if _, err := io.CopyN(c.target.w, c.source.r, size); err != nil {
		return err
	}
	c.result.Messages++
	c.result.Bytes += size
	if c.open++; c.open == c.batch {
		return c.finish()
	}
	return nil
}

// finish ends the command that is being sent, if any.
func (c *copier) finish() error {
	if c.open == 0 {
		return nil
	}
	c.open = 0
	_, err := c.target.w.WriteString("\r\n")
	return err
}

// answers reads the destination's side until the last APPEND is answered.
func (l *line) answers(goOn chan<- bool, done <-chan int) error {
	defer close(goOn)
	for {
		s, err := l.r.ReadString('\n')
		switch {
		case err != nil:
			return fmt.Errorf("destination: %w", err)
		case strings.HasPrefix(s, "+"):
			goOn <- true
		case strings.HasPrefix(s, "z OK"):
			<-done
			return nil
		case strings.HasPrefix(s, "m"):
			if tag, rest, _ := strings.Cut(s, " "); !strings.HasPrefix(rest, "OK") {
				_ = l.conn.Close()
				return fmt.Errorf("destination: %s %s", tag, strings.TrimSpace(rest))
			}
		}
	}
}

// parse reads: * 12 FETCH (UID 7 FLAGS (\Seen) INTERNALDATE "…" BODY[] {123}
func parse(s string) (size int64, flags, date string, ok bool) {
	s = strings.TrimRight(s, "\r\n")
	if !strings.HasPrefix(s, "* ") || !strings.HasSuffix(s, "}") {
		return 0, "", "", false
	}
	open := strings.LastIndexByte(s, '{')
	size, err := strconv.ParseInt(strings.TrimSuffix(s[open+1:], "}"), 10, 64)
	_, flags, foundFlags := strings.Cut(s, "FLAGS (")
	flags, _, _ = strings.Cut(flags, ")")
	_, date, foundDate := strings.Cut(s, `INTERNALDATE "`)
	date, _, _ = strings.Cut(date, `"`)
	kept := strings.Fields(flags)
	for i := len(kept) - 1; i >= 0; i-- {
		if strings.EqualFold(kept[i], `\Recent`) {
			kept = append(kept[:i], kept[i+1:]...)
		}
	}
	return size, strings.Join(kept, " "), date, err == nil && foundFlags && foundDate
}
