package archive

import "bytes"

const fromWord = "From "

// filter rewrites a stream piece by piece.
type filter interface {
	// push appends to dst what src becomes; it may hold back a few bytes.
	push(dst, src []byte) []byte
	// flush appends what was held back at the end of the stream.
	flush(dst []byte) []byte
}

// quoter adds (mboxrd) or takes away one ">" at lines of ">…>From ". It holds back
// at most six bytes, however long the run of ">" is.
type quoter struct {
	act     quoting
	middle  bool // within a line whose start is decided
	run     int  // ">" seen at this line's start
	matched int  // bytes of "From " seen after them
	lines   int  // lines changed
}

type quoting uint8

const (
	quote     quoting = iota // ^>*From  gets one more ">"
	unquoteRD                // ^>+From  loses one
	unquoteO                 // ^>From  loses it, longer runs stay
)

func (q *quoter) push(dst, src []byte) []byte {
	for len(src) > 0 {
		if q.middle {
			n := bytes.IndexByte(src, '\n')
			if n < 0 {
				return append(dst, src...)
			}
			dst = append(dst, src[:n+1]...)
			src = src[n+1:]
			q.middle = false
			continue
		}
		c := src[0]
		switch {
		case c == '>' && q.matched == 0:
			// When unquoting, the first one is held back: all of them look alike.
			if q.run++; q.run > 1 || q.act == quote {
				dst = append(dst, c)
			}
		case c == fromWord[q.matched]:
			if q.matched++; q.matched == len(fromWord) {
				dst = q.decide(dst)
			}
		default:
			dst = q.flush(dst)
			q.middle = true
			continue // c itself is part of the line's rest
		}
		src = src[1:]
	}
	return dst
}

// decide ends a line start that did match.
func (q *quoter) decide(dst []byte) []byte {
	switch {
	case q.act == quote:
		dst = append(dst, '>')
		q.lines++
	case q.run > 0 && (q.act == unquoteRD || q.run == 1):
		q.lines++
	case q.run > 0:
		dst = append(dst, '>')
	}
	dst = append(dst, fromWord...)
	q.middle, q.run, q.matched = true, 0, 0
	return dst
}

// flush ends a line start that did not match.
func (q *quoter) flush(dst []byte) []byte {
	if q.act != quote && q.run > 0 {
		dst = append(dst, '>')
	}
	dst = append(dst, fromWord[:q.matched]...)
	q.run, q.matched = 0, 0
	return dst
}

// crlf makes CRLF of every bare LF.
type crlf struct {
	cr    bool // the last byte was CR
	added int64
}

func (c *crlf) push(dst, src []byte) []byte {
	for len(src) > 0 {
		n := bytes.IndexByte(src, '\n')
		if n < 0 {
			c.cr = src[len(src)-1] == '\r'
			return append(dst, src...)
		}
		bare := !c.cr
		if n > 0 {
			bare = src[n-1] != '\r'
		}
		dst = append(dst, src[:n]...)
		if bare {
			dst = append(dst, '\r')
			c.added++
		}
		dst = append(dst, '\n')
		src = src[n+1:]
		c.cr = false
	}
	return dst
}

func (c *crlf) flush(dst []byte) []byte { return dst }
