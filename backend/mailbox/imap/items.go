package imap

import (
	"bytes"
	"strings"
	"time"

	"mailroom/backend/mailbox"
)

// fetched is what one FETCH response says.
type fetched struct {
	mailbox.Meta
	whole bool // it is an answer, not a mere change of flags
}

// fetchParser reads FETCH responses. Everything that it does not know is skipped.
type fetchParser struct {
	flags map[string]string // interned
	// body is called at the value of a section (BODY[…], RFC822…, BINARY[…]); it must
	// read that value. nil skips it.
	body func(s *scanner, f *fetched, section string) error
}

func newFetchParser() *fetchParser { return &fetchParser{flags: map[string]string{}} }

// parse reads what stands behind "* n FETCH". Where the response breaks, it looks
// for the UID and the literal in what is left: they are what a move is about.
func (p *fetchParser) parse(s *scanner) (fetched, error) {
	var f fetched
	if !s.accept('(') {
		return f, errBroken
	}
	for {
		s.spaces()
		if s.peek() == ')' {
			s.pos++
			return f, nil
		}
		if s.done() {
			return f, errBroken
		}
		at := s.pos
		err := p.item(s, &f)
		if err == nil && s.pos == at {
			err = s.stepOver()
		}
		if err == nil && s.odd {
			err = errBroken
		}
		if err != nil {
			if err == errBroken && !s.odd {
				return f, p.salvage(s, &f, at)
			}
			return f, err
		}
	}
}

func (p *fetchParser) item(s *scanner, f *fetched) error {
	key := s.key()
	var up [16]byte
	if len(key) == 0 {
		return s.skip()
	}
	name := key
	if i := bytes.IndexByte(key, '['); i >= 0 {
		name = key[:i]
	}
	n := 0
	for n < len(name) && n < len(up) {
		c := name[n]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		up[n] = c
		n++
	}
	switch string(up[:n]) {
	case "UID":
		f.UID = toUint32(s.number())
	case "FLAGS":
		return p.flagList(s, f)
	case "INTERNALDATE":
		f.whole = true
		return parseInternalDate(s, f)
	case "RFC822.SIZE":
		f.whole = true
		f.Size = int64(min(s.number(), 1<<62))
	case "MODSEQ":
		f.ModSeq = s.number()
	case "X-GM-MSGID":
		f.GmailID = s.number()
	case "X-GM-LABELS":
		return parseLabels(s, f)
	case "RFC822", "RFC822.HEADER", "RFC822.TEXT", "BODY", "BODY.PEEK", "BINARY", "BINARY.PEEK":
		if len(name) == len(key) && !strings.HasPrefix(string(up[:n]), "RFC822") {
			return s.skip() // the structure
		}
		if p.body == nil {
			return s.skip()
		}
		section := strings.ToUpper(string(key))
		return p.body(s, f, section)
	default:
		return s.skip()
	}
	return nil
}

func (p *fetchParser) flagList(s *scanner, f *fetched) error {
	f.Flags = f.Flags[:0:0]
	return s.list(func() error {
		s.spaces()
		var b []byte
		if s.peek() == '"' {
			var err error
			if b, err = s.quoted(); err != nil {
				return err
			}
		} else {
			b = s.word()
		}
		if len(b) > 0 && len(b) <= 255 && len(f.Flags) < 500 {
			f.Flags = append(f.Flags, p.intern(b))
		}
		return nil
	})
}

// intern gives one string for each flag ever seen: a mailbox uses few.
func (p *fetchParser) intern(b []byte) string {
	if s, ok := p.flags[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(p.flags) < 10_000 {
		p.flags[s] = s
	}
	return s
}

func parseInternalDate(s *scanner, f *fetched) error {
	s.spaces()
	if s.peek() != '"' && !s.atLiteral() {
		s.word() // NIL or nonsense
		f.Date = time.Time{}
		return nil
	}
	b, _, err := s.str()
	if err == nil {
		f.Date = parseDate(b)
	}
	return err
}

func parseLabels(s *scanner, f *fetched) error {
	f.GmailLabels = []string{}
	return s.list(func() error {
		b, _, err := s.str()
		if err == nil && len(f.GmailLabels) < 1000 {
			f.GmailLabels = append(f.GmailLabels, decodeName(string(b)))
		}
		return err
	})
}

// salvage searches a broken line for " UID n" and, at its end, a section with a literal.
func (p *fetchParser) salvage(s *scanner, f *fetched, from int) error {
	left := s.buf[min(from, len(s.buf)):]
	if f.UID == 0 {
		up := bytes.ToUpper(left)
		for i := bytes.LastIndex(up, []byte("UID ")); i >= 0; i = bytes.LastIndex(up[:i], []byte("UID ")) {
			if i == 0 || up[i-1] == ' ' || up[i-1] == '(' {
				f.UID = toUint32(toNumber(bytes.TrimRight(firstWord(up[i+4:]), ")")))
				break
			}
		}
	}
	if s.lit < 0 || p.body == nil {
		return errBroken
	}
	up := bytes.ToUpper(left)
	i := max(bytes.LastIndex(up, []byte(" BODY[")), bytes.LastIndex(up, []byte("(BODY[")))
	if i < 0 || !bytes.HasSuffix(bytes.TrimRight(up, " "), []byte("]")) {
		return errBroken
	}
	section := string(bytes.TrimRight(up[i+1:], " "))
	s.pos = len(s.buf)
	if err := p.body(s, f, section); err != nil {
		return err
	}
	for !s.done() && !s.odd { // what follows the literal is usually sound again
		if s.accept(')') {
			return nil
		}
		at := s.pos
		if err := p.item(s, f); err != nil {
			return err
		}
		if s.pos == at {
			if err := s.stepOver(); err != nil {
				return err
			}
		}
	}
	return errBroken
}

func firstWord(b []byte) []byte {
	if i := bytes.IndexByte(b, ' '); i >= 0 {
		return b[:i]
	}
	return b
}
