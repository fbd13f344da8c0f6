package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records/line"
	"mailroom/backend/records/month"
)

// longestLine is the most bytes of a line in a file with one record a line.
const longestLine = 4 << 20

// BadLine is a line that is no record. Nothing of it is kept.
type BadLine struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"` // malformed, long, unusable
}

// Imported is what came of a file.
type Imported struct {
	Tally
	Lines int
	Bad   []BadLine // the first hundred
	Wrong int       // all of them
	Half  bool      // the last line has no end and is no whole record: it was not read
}

// ImportNDJSON adds a file of records, one JSON object a line, as an archive and the
// verbs write it. Lines that are no records are listed and do not stop it; a last line
// without an end is read if it is whole, and else left out. progress is called now and then with the lines so far.
func (b *Book) ImportNDJSON(ctx context.Context, scope string, file io.Reader, progress func(lines int)) (Imported, error) {
	a, err := b.Begin(ctx, scope)
	if err != nil {
		return Imported{}, err
	}
	in := &ndjson{a: a, progress: progress}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chunks := make(chan chunk, 2)
	read := make(chan error, 1)
	go func() {
		defer close(chunks)
		read <- readChunks(ctx, file, chunks)
	}()
	err = parallel(ctx, chunks, in.parse, func(p parsed) error { return in.take(ctx, p) })
	if err != nil {
		cancel()
		err = errors.Join(err, ignoreCanceled(a.wait()))
	}
	for range chunks { // the reader ends
	}
	readErr := <-read
	if err == nil { // what was read before a fault is kept
		err = a.Flush(context.WithoutCancel(ctx))
	}
	if err == nil || errors.Is(err, context.Canceled) && readErr != nil && !errors.Is(readErr, context.Canceled) {
		err = readErr
	}
	in.out.Tally = a.Tally()
	return in.out, err
}

// ignoreCanceled leaves out that a batch was stopped: whoever stopped it has its own
// reason.
func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// chunk is some whole lines, with their ends.
type chunk struct {
	first int // number of the first line
	lines int
	text  string
	long  bool // it is one line that is too long, and none of it is here
	last  bool // it is the last line, and has no end
}

// chunker cuts a file into chunks.
type chunker struct {
	file  io.Reader
	out   chan<- chunk
	first int
	buf   []byte // the last begun line
}

// chunkSize is how much is read at a time.
const chunkSize = 256 << 10

// readChunks cuts a file into chunks.
func readChunks(ctx context.Context, file io.Reader, out chan<- chunk) error {
	c := &chunker{file: file, out: out, first: 1, buf: make([]byte, 0, chunkSize)}
	for {
		if len(c.buf) == cap(c.buf) {
			c.buf = slices.Grow(c.buf, len(c.buf))
		}
		n, err := file.Read(c.buf[len(c.buf):cap(c.buf)])
		c.buf = c.buf[:len(c.buf)+n]
		if err != nil && err != io.EOF {
			return errors.Join(c.lines(ctx), readError(err))
		}
		if len(c.buf) == cap(c.buf) || len(c.buf) > longestLine || err == io.EOF {
			if err := c.lines(ctx); err != nil {
				return err
			}
		}
		if err == io.EOF {
			if len(c.buf) == 0 {
				return nil
			}
			return c.send(ctx, chunk{first: c.first, lines: 1, last: true, text: string(c.buf)})
		}
		if len(c.buf) > longestLine {
			if eof, err := c.long(ctx); eof || err != nil {
				return err
			}
		}
	}
}

// lines hands out the whole lines that were read, and keeps the rest.
func (c *chunker) lines(ctx context.Context) error {
	end := bytes.LastIndexByte(c.buf, '\n') + 1
	if end == 0 {
		return nil
	}
	out := chunk{first: c.first, lines: bytes.Count(c.buf[:end], []byte{'\n'}), text: string(c.buf[:end])}
	c.buf = c.buf[:copy(c.buf, c.buf[end:])]
	return c.send(ctx, out)
}

func (c *chunker) send(ctx context.Context, out chunk) error {
	c.first += out.lines
	select {
	case c.out <- out:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// long leaves out a line that is too long. eof: its end is not there.
func (c *chunker) long(ctx context.Context) (eof bool, err error) {
	for {
		n, err := c.file.Read(c.buf[:chunkSize])
		if end := bytes.IndexByte(c.buf[:n], '\n'); end >= 0 {
			c.buf = append(make([]byte, 0, chunkSize), c.buf[end+1:n]...)
			return false, c.send(ctx, chunk{first: c.first, lines: 1, long: true})
		}
		if err == io.EOF {
			return true, c.send(ctx, chunk{first: c.first, lines: 1, long: true, last: true})
		}
		if err != nil {
			return false, readError(err)
		}
	}
}

// readError gives a fault of a file its code, unless its reader did.
func readError(err error) error {
	if _, ok := errors.AsType[*core.Error](err); ok {
		return err
	}
	return core.E(core.Unreachable, "read records", err)
}

type ndjson struct {
	a        *Adding
	out      Imported
	progress func(int)
}

// parsed is what a chunk holds.
type parsed struct {
	items []month.Item
	bad   []BadLine
	lines int
	half  bool
}

// shortest is less than any record takes: {"kind":"sent","at":"2026-11-12T00:00:00Z"}.
const shortest = 40

func (n *ndjson) parse(c chunk) (parsed, error) {
	p := parsed{lines: c.lines}
	if c.long {
		p.bad = []BadLine{{c.first, "long"}}
		return p, nil
	}
	most := min(c.lines, len(c.text)/shortest+1)
	p.items = make([]month.Item, 0, most)
	records := make([]logs.Record, 0, most)
	maker := n.a.maker()
	var reader line.Reader
	number := c.first
	for text := range strings.Lines(c.text) {
		records = append(records, logs.Record{})
		r := &records[len(records)-1]
		reason := ""
		switch text = logs.Readable(strings.TrimRight(text, "\r\n")); {
		case len(text) > longestLine:
			reason = "long"
		case len(text) == 0:
		case reader.Read(text, r) != nil:
			reason = "malformed"
		case !r.Clean():
			reason = "unusable"
		default:
			p.items = append(p.items, maker.Item(0, r))
		}
		if reason != "" {
			p.bad = append(p.bad, BadLine{number, reason})
		}
		if len(p.items) < len(records) { // its room is the next line's
			records = records[:len(p.items)]
		}
		number++
	}
	if c.last && len(p.bad) > 0 { // its rest is still to come
		return parsed{half: true}, nil
	}
	return p, nil
}

const mostBad = 100

func (n *ndjson) take(ctx context.Context, p parsed) error {
	n.out.Lines += p.lines
	n.out.Half = n.out.Half || p.half
	n.out.Wrong += len(p.bad)
	n.out.Bad = append(n.out.Bad, p.bad[:min(len(p.bad), mostBad-len(n.out.Bad))]...)
	if err := n.a.take(ctx, p.items); err != nil {
		return fmt.Errorf("line %s: %w", strconv.Itoa(n.out.Lines), err)
	}
	if n.progress != nil {
		n.progress(n.out.Lines)
	}
	return nil
}
