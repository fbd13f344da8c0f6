package imap

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Bounds on what a server can make us hold or read.
const (
	readBuffer = 64 << 10
	maxLine    = 1 << 20 // one line; the rest of a longer one is dropped
	maxLiteral = 1 << 32 // one literal; a larger announcement is a lie
	maxString  = 1 << 20 // one literal that is kept in memory as a string
)

var errAbsurdLiteral = errors.New("announced literal is absurdly large")

// wire reads the pieces of responses: lines, and literals between them.
type wire struct {
	br    *bufio.Reader
	long  []byte       // holds lines that outgrow br's buffer
	trace func([]byte) // sees every line; may be nil
	noted func(string) // told of odd things; may be nil
}

func newWire(r io.Reader) *wire {
	return &wire{br: bufio.NewReaderSize(r, readBuffer)}
}

func (w *wire) note(code string) {
	if w.noted != nil {
		w.noted(code)
	}
}

// line reads up to LF and returns the bytes before CR LF (or a bare LF). They are
// valid until the next read.
func (w *wire) line() ([]byte, error) {
	b, err := w.br.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		b, err = w.longLine(b)
	}
	if err != nil {
		if errors.Is(err, io.EOF) && len(b) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	b = bytes.TrimSuffix(b, []byte("\n"))
	b = bytes.TrimSuffix(b, []byte("\r"))
	if w.trace != nil {
		w.trace(b)
	}
	return b, nil
}

func (w *wire) longLine(first []byte) ([]byte, error) {
	w.long = append(w.long[:0], first...)
	for {
		b, err := w.br.ReadSlice('\n')
		if room := maxLine - len(w.long); len(b) <= room {
			w.long = append(w.long, b...)
		} else if room > 0 {
			w.long = append(w.long, b[:room]...)
			w.note("line_too_long")
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return w.long, err
		}
	}
}

// literalAt finds the announcement of a literal at the end of a line: {n}, {n+} or
// ~{n}. It returns the size and where the announcement begins.
func literalAt(b []byte) (size int64, at int, ok bool) {
	end := len(b) - 1
	if end < 2 || b[end] != '}' {
		return 0, 0, false
	}
	open := bytes.LastIndexByte(b, '{')
	if open < 0 {
		return 0, 0, false
	}
	digits := bytes.TrimSuffix(b[open+1:end], []byte("+"))
	if len(digits) == 0 || len(digits) > 18 {
		return 0, 0, false
	}
	for _, d := range digits {
		if d < '0' || d > '9' {
			return 0, 0, false
		}
		size = size*10 + int64(d-'0')
	}
	at = open
	if at > 0 && b[at-1] == '~' {
		at--
	}
	if at > 0 {
		switch b[at-1] {
		case ' ', '\t', '(', ']', '>':
		default:
			return 0, 0, false
		}
	}
	return size, at, true
}

// scanner reads the tokens of one response leniently. What it returns as a byte
// slice is valid until the next literal or line.
type scanner struct {
	w   *wire
	raw []byte // the whole line
	buf []byte // the line without the literal's announcement
	pos int
	lit int64 // size of the unread literal that follows buf, -1 if none
	// odd is set when what follows a literal is not what can follow one: the
	// literal's size was wrong.
	odd bool
	// carry is set when the line is not the rest of this response but the next one.
	carry bool
}

// begin reads the first line of the next response.
func (s *scanner) begin() error {
	carried := s.carry
	s.odd, s.carry, s.pos = false, false, 0
	if carried {
		return nil
	}
	return s.load()
}

func (s *scanner) load() error {
	b, err := s.w.line()
	if err != nil {
		s.raw, s.buf, s.lit = nil, nil, -1
		return err
	}
	s.raw, s.buf, s.pos, s.lit = b, b, 0, -1
	if n, at, ok := literalAt(b); ok {
		s.buf, s.lit = b[:at], n
	}
	return nil
}

// plain says that the line is a status line: text that ends in {5} announces nothing.
func (s *scanner) plain() { s.buf, s.lit = s.raw, -1 }

// afterLiteral moves on to the line that continues the response and judges it.
func (s *scanner) afterLiteral() error {
	if err := s.load(); err != nil {
		return err
	}
	switch {
	case len(s.buf) > 0 && (s.buf[0] == ' ' || s.buf[0] == ')'):
	case len(s.buf) == 0 && s.lit >= 0: // two literals side by side
	case bytes.HasPrefix(s.buf, []byte("* ")):
		s.odd, s.carry = true, true
	default:
		s.odd = true
	}
	return nil
}

// discard reads over the literal at hand.
func (s *scanner) discard() error {
	if s.lit > maxLiteral {
		return errAbsurdLiteral
	}
	if _, err := io.CopyN(io.Discard, s.w.br, s.lit); err != nil {
		return unexpected(err)
	}
	return s.afterLiteral()
}

// finish reads over what is left of the response, so that the next one begins at a
// line's start whatever happened before.
func (s *scanner) finish() error {
	for s.lit >= 0 && !s.carry {
		if err := s.discard(); err != nil {
			return err
		}
	}
	return nil
}

// literal reads the literal at hand into memory, keeping at most limit bytes.
func (s *scanner) literal(limit int64) ([]byte, error) {
	if s.lit > maxLiteral {
		return nil, errAbsurdLiteral
	}
	keep := min(s.lit, limit)
	b, err := io.ReadAll(io.LimitReader(s.w.br, keep))
	if err != nil || int64(len(b)) < keep {
		return nil, unexpected(err)
	}
	if keep < s.lit {
		s.w.note("literal_cut")
		if _, err := io.CopyN(io.Discard, s.w.br, s.lit-keep); err != nil {
			return nil, unexpected(err)
		}
	}
	return b, s.afterLiteral()
}

func unexpected(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
