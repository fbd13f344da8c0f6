package imap

import (
	"bytes"
	"errors"
	"math"
	"strconv"
)

// errBroken means that a response cannot be understood further. It costs that
// response only.
var errBroken = errors.New("broken response")

const maxDepth = 64 // of nested parentheses

// peek returns the next byte of the line, 0 at its end.
func (s *scanner) peek() byte {
	if s.pos < len(s.buf) {
		return s.buf[s.pos]
	}
	return 0
}

func (s *scanner) atLiteral() bool { return s.pos >= len(s.buf) && s.lit >= 0 && !s.carry }

func (s *scanner) done() bool { return s.pos >= len(s.buf) && (s.lit < 0 || s.carry) }

func (s *scanner) rest() []byte { return s.buf[min(s.pos, len(s.buf)):] }

func blank(c byte) bool { return c == ' ' || c == '\t' || c == 0 }

func (s *scanner) spaces() {
	for s.pos < len(s.buf) && blank(s.buf[s.pos]) {
		s.pos++
	}
}

// accept skips blanks and then c if it comes next.
func (s *scanner) accept(c byte) bool {
	s.spaces()
	if s.peek() == c && s.pos < len(s.buf) {
		s.pos++
		return true
	}
	return false
}

// word returns the bytes up to a blank or parenthesis.
func (s *scanner) word() []byte {
	s.spaces()
	from := s.pos
	for s.pos < len(s.buf) {
		if c := s.buf[s.pos]; blank(c) || c == '(' || c == ')' {
			break
		}
		s.pos++
	}
	return s.buf[from:s.pos]
}

// key returns the name of a FETCH item, with its section in brackets.
func (s *scanner) key() []byte {
	s.spaces()
	from := s.pos
	for s.pos < len(s.buf) {
		c := s.buf[s.pos]
		if c == '[' {
			end := bytes.IndexByte(s.buf[s.pos:], ']')
			if end < 0 {
				s.pos = len(s.buf)
				break
			}
			s.pos += end + 1
			continue
		}
		if blank(c) || c == '(' || c == ')' || c == '"' {
			break
		}
		s.pos++
	}
	return s.buf[from:s.pos]
}

// quoted returns the content of a quoted string, its escapes undone.
func (s *scanner) quoted() ([]byte, error) {
	from := s.pos + 1
	for i := from; i < len(s.buf); i++ {
		switch s.buf[i] {
		case '"':
			s.pos = i + 1
			return s.buf[from:i], nil
		case '\\':
			return s.escaped(from, i)
		}
	}
	return nil, errBroken
}

func (s *scanner) escaped(from, i int) ([]byte, error) {
	out := append(make([]byte, 0, 2*(i-from)+16), s.buf[from:i]...)
	for ; i < len(s.buf); i++ {
		c := s.buf[i]
		switch {
		case c == '"':
			s.pos = i + 1
			return out, nil
		case c == '\\' && i+1 < len(s.buf):
			i++
			if n := s.buf[i]; n != '"' && n != '\\' {
				out = append(out, '\\') // a lone backslash, as some servers send
			}
			out = append(out, s.buf[i])
		default:
			out = append(out, c)
		}
	}
	return nil, errBroken
}

func isNIL(b []byte) bool { return len(b) == 3 && bytes.EqualFold(b, []byte("NIL")) }

// str returns a quoted string, a literal or a bare word. isNil tells the bare word
// NIL from the string.
func (s *scanner) str() (b []byte, isNil bool, err error) {
	s.spaces()
	switch {
	case s.atLiteral():
		b, err = s.literal(maxString)
		return b, false, err
	case s.peek() == '"':
		b, err = s.quoted()
		return b, false, err
	}
	b = s.word()
	if len(b) == 0 {
		return nil, false, errBroken
	}
	return b, isNIL(b), nil
}

// number reads a number however it is written: 12, "12", (12), -1, 9.3736e+06. What
// makes no sense or is negative counts as 0.
func (s *scanner) number() uint64 {
	s.spaces()
	open := s.accept('(')
	var b []byte
	if s.peek() == '"' {
		b, _ = s.quoted()
	} else {
		b = s.word()
	}
	if open {
		s.accept(')')
	}
	return toNumber(b)
}

func toNumber(b []byte) uint64 {
	var n uint64
	for i, c := range b {
		if c < '0' || c > '9' {
			if i == 0 || c == '.' || c == 'e' || c == 'E' {
				return floatNumber(b)
			}
			return n
		}
		if n > (math.MaxUint64-9)/10 {
			return 0
		}
		n = n*10 + uint64(c-'0')
	}
	return n
}

func floatNumber(b []byte) uint64 {
	if len(b) > 40 {
		return 0
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > 1<<62 {
		return 0
	}
	return uint64(f)
}

func toUint32(n uint64) uint32 {
	if n > math.MaxUint32 {
		return 0
	}
	return uint32(n)
}

// list calls item for every element of a parenthesised list; item must read one
// element. A missing list (NIL) is an empty one.
func (s *scanner) list(item func() error) error {
	if !s.accept('(') {
		if isNIL(s.word()) {
			return nil
		}
		return errBroken
	}
	for {
		if s.accept(')') {
			return nil
		}
		if s.done() {
			return errBroken
		}
		at, lit := s.pos, s.lit
		if err := item(); err != nil {
			return err
		}
		if s.pos == at && s.lit == lit { // no progress
			if err := s.stepOver(); err != nil {
				return err
			}
		}
	}
}

// stepOver passes what starts nothing: a byte, or a literal out of place.
func (s *scanner) stepOver() error {
	if s.atLiteral() {
		return s.discard()
	}
	if s.pos < len(s.buf) {
		s.pos++
	}
	return nil
}

// skip reads over one value of any kind.
func (s *scanner) skip() error { return s.skipDepth(0) }

func (s *scanner) skipDepth(depth int) error {
	s.spaces()
	switch {
	case depth > maxDepth:
		return errBroken
	case s.atLiteral():
		if depth > 0 && bytes.HasSuffix(bytes.TrimRight(s.buf, " "), []byte("]")) {
			return errBroken // quotes out of step: the list ran on into a section, BODY[] {n}
		}
		return s.discard()
	case s.peek() == '"':
		_, err := s.quoted()
		return err
	case s.peek() == '(':
		return s.list(func() error { return s.skipDepth(depth + 1) })
	case s.done():
		return errBroken
	}
	s.word()
	return nil
}
