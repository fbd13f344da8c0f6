package archive

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
)

// scanned is one message found in an mbox file.
type scanned struct {
	entry
	own     bool  // the From_ line is one of ours
	one     int64 // lines starting with ">From "
	more    int64 // lines starting with ">>From ", ">>>From " …
	bare    int64 // lines ending in a bare LF
	proven  bool  // Content-Length led to the next From_ line or the end
	rawFrom bool  // and what it spans has an unquoted "From " line
}

// mboxScan splits an mbox file of any common variant into messages.
//
// A From_ line counts if it follows an empty line (or starts the file), ends in a
// date, and is followed by what can be a header. Where the file's very first From_
// line has no date (some exporters), none is asked of the others. Content-Length
// (mboxcl, mboxcl2) is believed only if it leads to a From_ line or the end of the file.
type mboxScan struct {
	ctx    context.Context
	file   io.ReaderAt
	start  int64
	end    int64
	in     *bufio.Reader
	pos    int64 // of the next line
	list   []scanned
	dated  bool // From_ lines of this file have dates
	any    bool // a From_ line was seen
	junk   bool // something other than empty lines came before it
	blank  bool // the line before was empty, or this is the start
	header bool // within a header
	until  int64
	fields foreignHeader
	// The last line, if it was empty and may be the separator:
	gap     int64
	gapBare bool
}

// mboxLine is one line, of any length.
type mboxLine struct {
	off, len int64
	head     []byte // its first bytes, up to scanWindow
	run      int    // ">" at its start
	from     bool   // followed by "From "
	bare     bool   // ends in a bare LF
}

const scanWindow = 256 << 10

// scanMbox reads file from start to end; sum gets all bytes read.
func scanMbox(ctx context.Context, file io.ReaderAt, start, end int64, sum io.Writer) (*mboxScan, error) {
	s := &mboxScan{ctx: ctx, file: file, start: start, end: end, pos: start, blank: true, dated: true}
	var r io.Reader = io.NewSectionReader(file, start, end-start)
	if sum != nil {
		r = io.TeeReader(r, sum)
	}
	s.in = bufio.NewReaderSize(r, scanWindow)
	if start == 0 {
		if bom, _ := s.in.Peek(3); string(bom) == "\xef\xbb\xbf" {
			n, _ := s.in.Discard(3)
			s.pos += int64(n)
		}
	}
	for {
		l, err := s.next()
		if l.len > 0 {
			s.take(l)
		}
		if errors.Is(err, io.EOF) {
			s.finish(s.end)
			s.settle()
			return s, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// next reads one line.
func (s *mboxScan) next() (mboxLine, error) {
	if err := s.ctx.Err(); err != nil {
		return mboxLine{}, err
	}
	l := mboxLine{off: s.pos}
	var start [len(fromWord)]byte // what follows the run of ">"
	matched, inRun := 0, true
	var last, before byte
	for {
		part, err := s.in.ReadSlice('\n')
		if l.len == 0 {
			l.head = part
		}
		l.len += int64(len(part))
		rest := part
		if inRun {
			n := len(rest) - len(bytes.TrimLeft(rest, ">"))
			l.run += n
			rest = rest[n:]
			inRun = len(rest) == 0
		}
		if matched < len(start) {
			matched += copy(start[matched:], rest)
		}
		switch n := len(part); {
		case n > 1:
			before, last = part[n-2], part[n-1]
		case n == 1:
			before, last = last, part[0]
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			// ReadSlice hands out its own buffer: keep the head before it goes on.
			if l.len == int64(len(part)) {
				l.head = bytes.Clone(part[:1024])
			}
			continue
		}
		s.pos += l.len
		l.from = string(start[:matched]) == fromWord
		l.bare = last == '\n' && before != '\r'
		return l, err
	}
}

func (s *mboxScan) take(l mboxLine) {
	text := bytes.TrimRight(l.head, "\r\n")
	if l.from && l.run == 0 {
		text = bytes.Clone(text) // looking ahead moves what the reader has buffered
		l.head = text
	}
	if s.starts(l, text) {
		s.finish(l.off)
		s.begin(l, text)
		return
	}
	empty := len(text) == 0 && l.len <= 2
	s.gap = 0
	if len(s.list) == 0 || !s.any {
		s.junk = s.junk || !empty
		s.blank = empty
		return
	}
	m := &s.list[len(s.list)-1]
	if m.len == 0 && l.bare {
		m.how |= bareLF
	}
	m.len += l.len
	if l.bare {
		m.bare++
	}
	switch {
	case l.from && l.run == 1:
		m.one++
	case l.from && l.run > 1:
		m.more++
	case l.from && m.proven && l.off < s.until:
		m.rawFrom = true
	}
	switch {
	case !s.header:
		if empty {
			s.gap, s.gapBare = l.len, l.bare
		}
	case empty:
		s.header = false
		s.prove(m, l.off+l.len)
	default:
		s.fields.line(l.head)
	}
	s.blank = empty
}

// starts tells whether a line is the From_ line of a new message.
func (s *mboxScan) starts(l mboxLine, text []byte) bool {
	if l.run != 0 || !l.from || l.off < s.until {
		return false
	}
	if !s.any {
		_, _, s.dated = fromLine(text)
		if s.junk && (s.start == 0 || !s.blank || !s.dated) {
			return false
		}
		s.any = true
		return true
	}
	if !s.blank && l.off != s.until {
		return false
	}
	if isOwnFrom(text) {
		return true
	}
	_, _, ok := fromLine(text)
	return (ok || !s.dated) && s.headerFollows(ok)
}

// headerFollows looks ahead: a header line; or, where the From_ line is beyond doubt,
// an empty line, another From_ line or the end.
func (s *mboxScan) headerFollows(sure bool) bool {
	next, _ := s.in.Peek(256)
	line, _, whole := bytes.Cut(next, []byte("\n"))
	text := bytes.TrimRight(line, "\r")
	if sure && (len(text) == 0 && (whole || len(next) == 0) || bytes.HasPrefix(text, []byte(fromWord)) ||
		bytes.HasPrefix(text, []byte(">From "))) {
		return true
	}
	name, _, ok := bytes.Cut(text, []byte(":"))
	name = bytes.TrimRight(name, " \t")
	return ok && len(name) > 0 && bytes.IndexFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f }) < 0
}

func (s *mboxScan) begin(l mboxLine, text []byte) {
	m := scanned{own: isOwnFrom(text)}
	m.from, m.line = l.off, l.len
	m.how = undated
	if sender, date, ok := fromLine(text); ok && sane(date) {
		m.setDate(date)
		if sender == "-" || sender == "???@???" {
			m.how |= undated // the time of a download; the Date field is better
		}
	}
	s.list = append(s.list, m)
	s.header, s.blank, s.fields, s.until, s.gap = true, false, foreignHeader{}, 0, 0
}

// prove checks Content-Length at the end of a header: body is where the body starts.
func (s *mboxScan) prove(m *scanned, body int64) {
	if !s.fields.hasLength || s.fields.length > s.end-body {
		return
	}
	target := body + s.fields.length
	if target < s.end {
		window := make([]byte, 1100)
		n, _ := s.file.ReadAt(window, target)
		window = window[:min(int64(n), s.end-target)]
		skipped := 0
		for ; skipped < 2; skipped++ {
			rest, ok := bytes.CutPrefix(bytes.TrimPrefix(window, []byte("\r")), []byte("\n"))
			if !ok {
				break
			}
			window = rest
		}
		text, _, _ := bytes.Cut(window, []byte("\n"))
		_, _, ok := fromLine(bytes.TrimRight(text, "\r"))
		if !ok && len(window) > 0 {
			return
		}
		if skipped == 0 && !s.endsLine(target) {
			return
		}
	}
	m.proven, s.until = true, target
}

func (s *mboxScan) endsLine(at int64) bool {
	var b [1]byte
	n, _ := s.file.ReadAt(b[:], at-1)
	return n == 1 && b[0] == '\n'
}

// finish closes the message that ends at off: one empty line belongs to the file.
func (s *mboxScan) finish(off int64) {
	if len(s.list) == 0 {
		return
	}
	m := &s.list[len(s.list)-1]
	if s.gap > 0 {
		m.len -= s.gap
		if s.gapBare {
			m.bare--
		}
	}
	m.flags = s.fields.flags()
	if m.how&undated != 0 {
		if date, ok := s.fields.sent(); ok {
			m.setDate(date)
		} else if m.date != 0 {
			m.how &^= undated
		}
	}
	s.gap, s.fields = 0, foreignHeader{}
}

// settle decides the quoting of the whole file and with it the sizes: where a proven
// Content-Length spans an unquoted "From " line nothing is quoted (mboxcl2); a proven
// one otherwise means mboxcl; without, mboxrd, which reads plain mboxo the same but for
// ">>From ".
func (s *mboxScan) settle() {
	cl2 := false
	for i := range s.list {
		cl2 = cl2 || s.list[i].rawFrom
	}
	for i := range s.list {
		m := &s.list[i]
		m.size = m.len
		switch {
		case m.proven && cl2:
		case m.proven && m.one > 0:
			m.how |= quotedO
			m.size -= m.one
		case !m.proven && m.one+m.more > 0:
			m.how |= quotedRD
			m.size -= m.one + m.more
		}
		if m.how&bareLF != 0 {
			m.size += m.bare
		}
	}
}
