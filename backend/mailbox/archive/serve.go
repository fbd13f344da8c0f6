package archive

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
)

// chunk is how many bytes are read at a time.
const chunk = 64 << 10

// stored is one message as it lies on the disk.
type stored struct {
	raw   *io.SectionReader
	close func() error
	how   how
	size  int64 // on the wire; -1: to be counted
}

// wire returns the message as it is served, and its exact size in bytes.
func (s *stored) wire(ctx context.Context) (io.Reader, int64, error) {
	if s.how&(bareLF|quotedRD|quotedO) == 0 && s.size < 0 {
		s.size = s.raw.Size()
	}
	if s.size < 0 {
		if _, err := s.raw.Seek(0, io.SeekStart); err != nil {
			return nil, 0, err
		}
		n, err := io.Copy(io.Discard, s.reader(ctx))
		if err != nil {
			return nil, 0, err
		}
		s.size = n
	}
	if _, err := s.raw.Seek(0, io.SeekStart); err != nil {
		return nil, 0, err
	}
	return io.LimitReader(s.reader(ctx), s.size), s.size, nil
}

func (s *stored) reader(ctx context.Context) io.Reader {
	var r io.Reader = &patient{ctx: ctx, src: s.raw}
	switch {
	case s.how&quotedRD != 0:
		r = &filtered{src: r, by: &quoter{act: unquoteRD}}
	case s.how&quotedO != 0:
		r = &filtered{src: r, by: &quoter{act: unquoteO}}
	}
	if s.how&bareLF != 0 {
		r = &filtered{src: r, by: &crlf{}}
	}
	return r
}

// patient reads until its context ends.
type patient struct {
	ctx context.Context
	src io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.src.Read(b)
}

// filtered reads a stream through a filter.
type filtered struct {
	src  io.Reader
	by   filter
	in   []byte
	out  []byte
	next int // of out
	err  error
}

func (f *filtered) Read(b []byte) (int, error) {
	if f.in == nil {
		f.in = make([]byte, chunk)
	}
	for f.next == len(f.out) {
		if f.err != nil {
			return 0, f.err
		}
		n, err := f.src.Read(f.in)
		f.out, f.next = f.by.push(f.out[:0], f.in[:n]), 0
		if err != nil {
			f.err = err
			if errors.Is(err, io.EOF) {
				f.out = f.by.flush(f.out)
			}
		}
	}
	n := copy(b, f.out[f.next:])
	f.next += n
	return n, nil
}

// lineEnds tells by a foreign file's first line whether its bare LFs become CRLF.
func lineEnds(r *io.SectionReader) (how, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(r, 0, r.Size()), 4<<10)
	before := byte(0)
	for {
		part, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			before = part[len(part)-1]
			continue
		}
		if errors.Is(err, io.EOF) {
			return 0, nil // no line end at all
		}
		if err != nil {
			return 0, err
		}
		if len(part) > 1 {
			before = part[len(part)-2]
		}
		if before == '\r' {
			return 0, nil
		}
		return bareLF, nil
	}
}

// maxHeader bounds what is read of a header, in bytes.
const maxHeader = 1 << 20

// wanted are the fields that mailbox.Session.Headers promises.
var wanted = []string{"message-id", "date", "from", "subject"}

// pickHeader copies the wanted fields of a served message, as they are, and an empty
// line, as BODY[HEADER.FIELDS (…)] does (RFC 9051 section 6.4.5.1).
func pickHeader(r io.Reader) ([]byte, error) {
	var out []byte
	keep := false
	err := headerLines(r, func(raw []byte) {
		if raw[0] != ' ' && raw[0] != '\t' {
			keep = isWanted(raw)
		}
		if keep {
			out = append(out, raw...)
		}
	})
	if n := len(out); n > 0 && out[n-1] != '\n' {
		out = append(out, '\r', '\n')
	}
	return append(out, '\r', '\n'), err
}

func isWanted(raw []byte) bool {
	name, _, ok := bytes.Cut(raw, []byte(":"))
	if !ok {
		return false
	}
	name = bytes.TrimRight(name, " \t")
	for _, w := range wanted {
		if len(name) == len(w) && strings.EqualFold(string(name), w) {
			return true
		}
	}
	return false
}

// headerLines yields the lines of a header with their ends, up to the empty line or
// maxHeader.
func headerLines(r io.Reader, yield func(raw []byte)) error {
	in := bufio.NewReaderSize(io.LimitReader(r, maxHeader), 4<<10)
	for {
		raw, err := in.ReadBytes('\n')
		if len(bytes.TrimRight(raw, "\r\n")) == 0 {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return err
		}
		yield(raw)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
