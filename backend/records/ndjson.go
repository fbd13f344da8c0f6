package records

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records/month"
)

// Limits of a file with one record a line.
const (
	longestLine  = 4 << 20
	linesAtATime = 1000
)

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
	Half  bool      // the last line has no end: it was not read
}

// ImportNDJSON adds a file of records, one JSON object a line, as an archive and the
// verbs write it. Lines that are no records are listed and do not stop it; a last line
// without an end is left out. progress is called now and then with the lines so far.
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
		half, err := readChunks(ctx, file, chunks)
		in.out.Half = half
		read <- err
	}()
	err = parallel(ctx, chunks, in.parse, func(p parsed) error { return in.take(ctx, p) })
	cancel()
	for range chunks { // the reader ends
	}
	if readErr := <-read; err == nil || errors.Is(err, context.Canceled) && readErr != nil && !errors.Is(readErr, context.Canceled) {
		err = readErr
	}
	if err == nil {
		err = a.Flush(context.WithoutCancel(ctx))
	}
	in.out.Tally = a.Tally()
	return in.out, err
}

// chunk is some whole lines.
type chunk struct {
	first int // number of the first line
	lines [][]byte
}

// readChunks cuts a file into lines. A line that is too long is nil.
func readChunks(ctx context.Context, file io.Reader, out chan<- chunk) (half bool, err error) {
	r := bufio.NewReaderSize(file, 1<<20)
	c := chunk{first: 1}
	send := func() error {
		select {
		case out <- c:
			c = chunk{first: c.first + len(c.lines)}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for {
		line, err := readLine(r)
		if err == io.EOF {
			half = len(line) > 0
			break
		}
		if err != nil {
			return false, core.E(core.Unreachable, "read records", err)
		}
		if c.lines = append(c.lines, line); len(c.lines) == linesAtATime {
			if err := send(); err != nil {
				return false, err
			}
		}
	}
	if len(c.lines) > 0 {
		return half, send()
	}
	return half, nil
}

// readLine reads up to the next line end; a line beyond the limit is nil. At the end of
// the file it returns what is left with io.EOF.
func readLine(r *bufio.Reader) (line []byte, err error) {
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			line = append(line, part...)
		}
		if long = long || len(line) > longestLine; long {
			line = nil
		}
		switch {
		case err == nil:
			if long {
				return nil, nil
			}
			return bytes.TrimRight(line, "\r\n"), nil
		case err != bufio.ErrBufferFull:
			return line, err
		}
	}
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
}

func (n *ndjson) parse(c chunk) (parsed, error) {
	p := parsed{lines: len(c.lines)}
	records := make([]logs.Record, 0, len(c.lines))
	for i, line := range c.lines {
		var r logs.Record
		switch {
		case line == nil:
			p.bad = append(p.bad, BadLine{c.first + i, "long"})
		case len(line) == 0:
		case json.Unmarshal(line, &r) != nil:
			p.bad = append(p.bad, BadLine{c.first + i, "malformed"})
		case !r.Clean():
			p.bad = append(p.bad, BadLine{c.first + i, "unusable"})
		default:
			records = append(records, r)
		}
	}
	p.items, _ = n.a.prepare(records)
	return p, nil
}

const mostBad = 100

func (n *ndjson) take(ctx context.Context, p parsed) error {
	n.out.Lines += p.lines
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
