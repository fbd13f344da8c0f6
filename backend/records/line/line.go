// Package line reads a record from its line of JSON, as encoding/json does and several
// times as quick: what Mailroom itself writes, and everything like it, is read here;
// whatever is out of the ordinary is left to encoding/json.
//
// It leaves out cutting a file into lines, and what becomes of records (package records).
package line

import (
	"encoding/json"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"mailroom/backend/logs"
)

// Reader reads many lines. Its records share memory with each other and with the lines.
// Not for several goroutines.
type Reader struct {
	text string
	at   int
	to   []string // recipients of many records
	seen uint32   // keys of this line
}

// Read reads a line into a record. The error is that of [json.Unmarshal].
func (d *Reader) Read(line string, r *logs.Record) error {
	*r = logs.Record{}
	d.text, d.at, d.seen = line, 0, 0
	if d.record(r) {
		return nil
	}
	*r = logs.Record{}
	return json.Unmarshal([]byte(line), r)
}

// space goes over white space.
func (d *Reader) space() {
	for d.at < len(d.text) && (d.text[d.at] == ' ' || d.text[d.at] == '\t') {
		d.at++
	}
}

// skip goes over white space and says whether a character is next, which it takes.
func (d *Reader) skip(c byte) bool {
	d.space()
	if d.at == len(d.text) || d.text[d.at] != c {
		return false
	}
	d.at++
	return true
}

// record reads an object of known keys, none of them twice.
func (d *Reader) record(r *logs.Record) bool {
	if !d.skip('{') || d.skip('}') {
		return false
	}
	for {
		key, ok := d.word()
		if !ok || !d.skip(':') || !d.value(key, r) {
			return false
		}
		if d.skip(',') {
			continue
		}
		if !d.skip('}') {
			return false
		}
		d.space()
		return d.at == len(d.text)
	}
}

// once notes a key; false: it was there before.
func (d *Reader) once(bit uint) bool {
	had := d.seen&(1<<bit) != 0
	d.seen |= 1 << bit
	return !had
}

// value reads what belongs to a key.
func (d *Reader) value(key string, r *logs.Record) bool {
	switch key {
	case "kind":
		return text(d, 0, &r.Kind)
	case "at":
		return d.once(1) && d.moment(&r.At)
	case "zone":
		return text(d, 2, &r.Zone)
	case "person":
		return text(d, 3, &r.Person)
	case "name":
		return text(d, 4, &r.Name)
	case "from":
		return text(d, 5, &r.From)
	case "to":
		return d.once(6) && d.recipients(r)
	case "subject":
		return text(d, 7, &r.Subject)
	case "size":
		return d.once(8) && d.number(&r.Size)
	case "ip":
		ip := ""
		return text(d, 9, &ip) && r.IP.UnmarshalText([]byte(ip)) == nil
	case "method":
		return text(d, 10, &r.Method)
	case "agent":
		return text(d, 11, &r.Agent)
	case "action":
		return text(d, 12, &r.Action)
	case "target":
		return text(d, 13, &r.Target)
	case "outcome":
		return text(d, 14, &r.Outcome)
	case "said":
		return text(d, 15, &r.Said)
	case "remark":
		return text(d, 16, &r.Remark)
	case "times":
		var n int64
		ok := d.once(17) && d.number(&n) && n < 1<<31
		r.Times = int(n)
		return ok
	case "messageId":
		return text(d, 18, &r.MessageID)
	case "id":
		return text(d, 19, &r.ID)
	case "facts":
		return d.once(20) && d.facts(r)
	}
	return false
}

func text[T ~string](d *Reader, bit uint, into *T) bool {
	s, ok := d.word()
	*into = T(s)
	return ok && d.once(bit)
}

// word reads a string.
func (d *Reader) word() (string, bool) {
	if !d.skip('"') {
		return "", false
	}
	ascii := true
	for i := d.at; i < len(d.text); i++ {
		switch c := d.text[i]; {
		case c == '"':
			s := d.text[d.at:i]
			d.at = i + 1
			return s, ascii || utf8.ValidString(s)
		case c == '\\':
			return d.escaped(i)
		case c < ' ':
			return "", false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", false
}

// escapes are the short ones.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escaped reads a string whose first escape is at i.
func (d *Reader) escaped(i int) (string, bool) {
	b := append(make([]byte, 0, i-d.at+64), d.text[d.at:i]...)
	for i < len(d.text) {
		c := d.text[i]
		switch {
		case c == '"':
			d.at = i + 1
			return string(b), utf8.Valid(b)
		case c < ' ':
			return "", false
		case c != '\\':
			b = append(b, c)
			i++
			continue
		}
		if i+1 >= len(d.text) {
			return "", false
		}
		if short := escapes[d.text[i+1]]; short != 0 {
			b = append(b, short)
			i += 2
			continue
		}
		r, n := unicodeEscape(d.text[i:])
		if n == 0 {
			return "", false
		}
		b = utf8.AppendRune(b, r)
		i += n
	}
	return "", false
}

// unicodeEscape reads an escape with a number, or a pair of them; 0: it is none, or half
// a pair.
func unicodeEscape(s string) (r rune, n int) {
	first := hex4(s)
	if first < 0 {
		return 0, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, 6
	}
	if second := hex4(s[6:]); second >= 0 {
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return r, 12
		}
	}
	return 0, 0
}

// hex4 reads \uXXXX; -1: it is none.
func hex4(s string) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	var r rune
	for _, c := range []byte(s[2:6]) {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// number reads a whole number that is not negative.
func (d *Reader) number(into *int64) bool {
	d.space()
	from := d.at
	var n int64
	for d.at < len(d.text) && '0' <= d.text[d.at] && d.text[d.at] <= '9' {
		n = 10*n + int64(d.text[d.at]-'0')
		d.at++
	}
	*into = n
	digits := d.at - from
	return digits > 0 && digits <= 18 && (digits == 1 || d.text[from] != '0')
}

func (d *Reader) recipients(r *logs.Record) bool {
	if !d.skip('[') || d.skip(']') {
		return false
	}
	if cap(d.to)-len(d.to) < 8 {
		d.to = make([]string, 0, 1024)
	}
	from := len(d.to)
	for {
		s, ok := d.word()
		if !ok {
			return false
		}
		d.to = append(d.to, s)
		if d.skip(',') {
			continue
		}
		r.To = d.to[from:len(d.to):len(d.to)]
		return d.skip(']')
	}
}

func (d *Reader) facts(r *logs.Record) bool {
	if !d.skip('{') || d.skip('}') {
		return false
	}
	r.Facts = map[string]string{}
	for {
		name, ok := d.word()
		if !ok || !d.skip(':') {
			return false
		}
		value, ok := d.word()
		if !ok {
			return false
		}
		r.Facts[name] = value
		if d.skip(',') {
			continue
		}
		return d.skip('}')
	}
}

// moment reads a time of RFC 3339.
func (d *Reader) moment(into *time.Time) bool {
	s, ok := d.word()
	if !ok {
		return false
	}
	if len(s) != len("2006-01-02T15:04:05Z") || s[19] != 'Z' || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return into.UnmarshalText([]byte(s)) == nil
	}
	for i, c := range []byte(s[:19]) {
		if i != 4 && i != 7 && i != 10 && i != 13 && i != 16 && (c < '0' || c > '9') {
			return false
		}
	}
	two := func(at int) int { return 10*int(s[at]-'0') + int(s[at+1]-'0') }
	year, month, day, hour, minute, second := 100*two(0)+two(2), two(5), two(8), two(11), two(14), two(17)
	if month < 1 || month > 12 || day < 1 || day > 28 && day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return false
	}
	*into = time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return true
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
