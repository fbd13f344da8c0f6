package vcard

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Sniff says whether a file holds business cards.
func Sniff(raw []byte) bool {
	head := bytes.ToUpper(plain(raw[:min(len(raw), 8192)]))
	return bytes.HasPrefix(bytes.TrimSpace(head), []byte("BEGIN:VCARD"))
}

// plain takes a byte order mark away and makes UTF-8 of UTF-16; everything else stays as it
// is, since every line of a card can have a character set of its own.
func plain(raw []byte) []byte {
	wide := func(order unicode.Endianness) []byte {
		if out, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(raw[:len(raw)&^1]); err == nil {
			return out
		}
		return raw
	}
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		return raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("B\x00E\x00G\x00")):
		return wide(unicode.LittleEndian)
	case bytes.HasPrefix(raw, []byte("\xfe\xff")), bytes.HasPrefix(raw, []byte("\x00B\x00E\x00G")):
		return wide(unicode.BigEndian)
	}
	return raw
}

// Read reads all cards of a file. Faults that belong to no card are those of the file.
func Read(raw []byte) (cards []Card, faults []Fault) {
	r := &reader{rest: plain(raw)}
	for r.next() {
		r.take()
	}
	if r.card != nil {
		r.fault(Unclosed, "")
		r.close()
	}
	if len(r.cards) == 0 && len(r.faults) == 0 {
		r.faults = append(r.faults, Fault{Code: NoCards})
	}
	return r.cards, r.faults
}

type reader struct {
	rest   []byte
	number int    // of the physical line, from 1
	line   []byte // unfolded
	at     int    // its first physical line

	card   *Card
	inside int // cards within the card (AGENT of 2.1)
	many   bool
	cards  []Card
	faults []Fault
}

// physical takes one line as it stands, without its end.
func (r *reader) physical() (line []byte, ok bool) {
	if len(r.rest) == 0 {
		return nil, false
	}
	r.number++
	end := bytes.IndexAny(r.rest, "\r\n")
	if end < 0 {
		line, r.rest = r.rest, nil
		return line, true
	}
	line = r.rest[:end]
	skip := 1
	if r.rest[end] == '\r' && end+1 < len(r.rest) && r.rest[end+1] == '\n' {
		skip = 2
	}
	r.rest = r.rest[end+skip:]
	return line, true
}

// next takes one logical line: folded lines are joined (RFC 6350, 3.2), those of
// quoted-printable at their soft breaks (RFC 2045, 6.7).
func (r *reader) next() bool {
	line, ok := r.physical()
	if !ok {
		return false
	}
	r.at, r.line = r.number, slices.Clone(line)
	soft := quoted(line)
	for {
		if soft && bytes.HasSuffix(r.line, []byte("=")) {
			more, ok := r.physical()
			if !ok {
				return true
			}
			r.join(bytes.TrimSuffix(r.line, []byte("=")), more)
			continue
		}
		if len(r.rest) == 0 || r.rest[0] != ' ' && r.rest[0] != '\t' {
			return true
		}
		more, _ := r.physical()
		r.join(r.line, more[1:])
	}
}

// join keeps a line within its bound: what is longer is left out as a whole later on.
func (r *reader) join(line, more []byte) {
	if len(line) <= maxLine {
		line = append(line, more...)
	}
	r.line = line
}

// quoted says whether a line's value is in quoted-printable.
func quoted(line []byte) bool {
	head, _, ok := cutHead(line)
	return ok && bytes.Contains(bytes.ToUpper(head), []byte("QUOTED-PRINTABLE"))
}

// cutHead splits a line at its colon: one in quotation marks belongs to a parameter.
func cutHead(line []byte) (head, value []byte, ok bool) {
	in := false
	for i, c := range line {
		switch {
		case c == '"':
			in = !in
		case c == ':' && !in:
			return line[:i], line[i+1:], true
		}
	}
	return line, nil, false
}

func (r *reader) fault(code FaultCode, property string) {
	if f := (Fault{code, property}); r.card != nil && len(r.card.Faults) < 20 && !slices.Contains(r.card.Faults, f) {
		r.card.Faults = append(r.card.Faults, f)
	}
}

func (r *reader) close() {
	r.cards = append(r.cards, *r.card)
	r.card, r.inside, r.many = nil, 0, false
}

// take understands one logical line.
func (r *reader) take() {
	switch text := strings.ToUpper(strings.Join(strings.Fields(string(r.line[:min(len(r.line), 40)])), "")); {
	case text == "BEGIN:VCARD":
		r.begin()
	case text == "END:VCARD" && r.inside > 0:
		r.inside--
	case text == "END:VCARD" && r.card != nil:
		r.close()
	case r.card != nil && r.inside == 0:
		r.property()
	}
}

func (r *reader) begin() {
	if r.card != nil {
		last := len(r.card.Properties) - 1
		if r.inside > 0 || last >= 0 && r.card.Properties[last].Name == "AGENT" && strings.TrimSpace(r.card.Properties[last].Value) == "" {
			r.inside++
			return
		}
		r.fault(Unclosed, "")
		r.close()
	}
	if len(r.cards) >= MaxCards {
		if len(r.faults) == 0 {
			r.faults = append(r.faults, Fault{Code: Cut})
		}
		r.rest = nil
		return
	}
	r.card = &Card{Number: len(r.cards) + 1, Line: r.at}
}

// pictures are properties that hold no text for a contact; they are passed over.
var pictures = []string{"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE", "X-SKYPE-DISPLAYNAME"}

func (r *reader) property() {
	head, value, ok := cutHead(r.line)
	if !ok {
		// The rest of a picture whose lines are not indented (old Nokia phones) is no fault.
		if len(bytes.TrimSpace(r.line)) > 0 && !r.picture() && !base64ish(r.line) {
			r.fault(BadLine, "")
		}
		return
	}
	p := parseHead(string(head))
	switch {
	case p.Name == "":
		r.fault(BadLine, "")
		return
	case slices.Contains(pictures, p.Name):
		value = nil
	case len(value) > MaxValue:
		r.fault(TooLong, p.Name)
		return
	case len(r.card.Properties) >= MaxProperties:
		if !r.many {
			r.fault(TooMany, "")
		}
		r.many = true
		return
	}
	if p.Value, ok = p.decode(value); !ok {
		r.fault(BadEncoding, p.Name)
		return
	}
	r.card.Properties = append(r.card.Properties, p)
}

func (r *reader) picture() bool {
	last := len(r.card.Properties) - 1
	return last >= 0 && slices.Contains(pictures, r.card.Properties[last].Name)
}

func base64ish(line []byte) bool {
	return len(line) > 20 && bytes.IndexFunc(line, func(c rune) bool {
		return c >= utf8.RuneSelf || !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= ", c)
	}) < 0
}

// parseHead understands "item1.TEL;TYPE=CELL,VOICE" and the bare words of 2.1: "TEL;CELL;VOICE".
func parseHead(head string) Property {
	words := splitQuoted(head, ';')
	name := strings.ToUpper(strings.TrimSpace(words[0]))
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	if strings.IndexFunc(name, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' }) >= 0 {
		return Property{}
	}
	p := Property{Name: name, Params: map[string][]string{}}
	for _, word := range words[1:] {
		key, values, named := strings.Cut(strings.TrimSpace(word), "=")
		key = strings.ToUpper(strings.TrimSpace(key))
		if !named {
			switch key {
			case "":
				continue
			case "QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B":
				key, values = "ENCODING", key
			default:
				key, values = "TYPE", key
			}
		}
		for _, v := range splitQuoted(values, ',') {
			v = strings.Trim(strings.TrimSpace(v), `"`)
			for _, one := range strings.Split(v, ",") { // TYPE="cell,voice" of some writers
				if key == "TYPE" {
					one = strings.ToLower(strings.TrimSpace(one))
				}
				p.Params[key] = append(p.Params[key], one)
			}
		}
	}
	return p
}

// splitQuoted splits outside quotation marks.
func splitQuoted(s string, separator byte) (parts []string) {
	in, start := false, 0
	for i := range len(s) {
		switch {
		case s[i] == '"':
			in = !in
		case s[i] == separator && !in:
			parts, start = append(parts, s[start:i]), i+1
		}
	}
	return append(parts, s[start:])
}

// decode makes UTF-8 of a value: its transfer encoding, then its character set. Where none
// is named it is UTF-8 if it can be, else GB18030 (which holds GBK and GB2312).
func (p Property) decode(value []byte) (string, bool) {
	switch param := p.first("ENCODING"); strings.ToUpper(param) {
	case "QUOTED-PRINTABLE", "Q":
		value = unquote(value)
	case "BASE64", "B":
		out, err := base64.StdEncoding.DecodeString(strings.Map(func(c rune) rune {
			if c == ' ' || c == '\t' {
				return -1
			}
			return c
		}, string(value)))
		if err != nil {
			return "", false
		}
		value = out
	}
	charset := simplifiedchinese.GB18030
	named := p.first("CHARSET")
	if named != "" {
		if found, err := htmlindex.Get(named); err == nil {
			charset = found
		}
	}
	if utf8.Valid(value) && (named == "" || strings.EqualFold(named, "utf-8") || ascii(value)) {
		return string(value), bytes.IndexByte(value, 0) < 0
	}
	if strings.EqualFold(named, "utf-8") {
		charset = simplifiedchinese.GB18030 // it is not what it says
	}
	out, err := charset.NewDecoder().Bytes(value)
	ok := err == nil && !bytes.ContainsRune(out, utf8.RuneError) && bytes.IndexByte(out, 0) < 0 && len(out) <= MaxValue
	return string(out), ok
}

func ascii(value []byte) bool {
	return bytes.IndexFunc(value, func(c rune) bool { return c >= utf8.RuneSelf }) < 0
}

func (p Property) first(param string) string {
	if all := p.Params[param]; len(all) > 0 {
		return strings.TrimSpace(all[0])
	}
	return ""
}

// unquote decodes quoted-printable; what is no code stays as it stands. The line breaks of a
// value are line breaks of its text.
func unquote(value []byte) []byte {
	out := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		if value[i] == '=' && i+2 < len(value) {
			if hi, lo := hex(value[i+1]), hex(value[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, value[i])
	}
	return bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n"))
}

func hex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
