package link

import (
	"bytes"
	"regexp"
	"strconv"
)

// Hide is what a server's answers are stripped of. It suits plain text only, and
// never touches the bytes of literals.
type Hide int

// What can be hidden; they can be combined.
const (
	UIDPlus Hide = 1 << iota // as if without RFC 4315: neither advertised nor told
	UIDNext                  // as if UIDNEXT were never told
)

var (
	uidCodes    = regexp.MustCompile(`\[(APPENDUID|COPYUID) [^\]]*\] `)
	uidPlusName = regexp.MustCompile(` UIDPLUS\b`)
	uidNextCode = regexp.MustCompile(`^\* OK \[UIDNEXT [^\]]*\][^\r\n]*\r?\n`)
	uidNextItem = regexp.MustCompile(`UIDNEXT \d+ ?`)
	statusLine  = regexp.MustCompile(`^\* STATUS `)
	literalEnd  = regexp.MustCompile(`\{(\d+)\+?\}\r?\n$`)
)

// strip takes what is hidden out of one line.
func (h Hide) strip(line []byte) []byte {
	if h&UIDPlus != 0 {
		line = uidPlusName.ReplaceAll(uidCodes.ReplaceAll(line, nil), nil)
	}
	if h&UIDNext == 0 {
		return line
	}
	if statusLine.Match(line) {
		return uidNextItem.ReplaceAll(line, nil)
	}
	return uidNextCode.ReplaceAll(line, nil)
}

// longestLine is what an editor holds back; longer lines pass unchanged.
const longestLine = 1 << 20

// editor finds the lines in a stream of answers.
type editor struct {
	hide    Hide
	line    []byte
	literal int64 // bytes of a literal still to pass
}

// take gives what may be sent on.
func (e *editor) take(b []byte) []byte {
	if e.hide == 0 {
		return b
	}
	var out []byte
	for len(b) > 0 {
		if e.literal > 0 {
			n := min(e.literal, int64(len(b)))
			out = append(out, b[:n]...)
			e.literal -= n
			b = b[n:]
			continue
		}
		end := bytes.IndexByte(b, '\n') + 1
		if end == 0 {
			end = len(b)
		}
		e.line = append(e.line, b[:end]...)
		b = b[end:]
		if e.line[len(e.line)-1] != '\n' && len(e.line) < longestLine {
			continue
		}
		if m := literalEnd.FindSubmatch(e.line); m != nil {
			n, err := strconv.ParseInt(string(m[1]), 10, 64)
			if err == nil {
				e.literal = n
			}
		}
		out = append(out, e.hide.strip(e.line)...)
		e.line = e.line[:0]
	}
	return out
}

// rest gives what was held back when the stream ended.
func (e *editor) rest() []byte { return e.line }
