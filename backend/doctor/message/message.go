// Package message reads a mail for diagnosis: header fields in their order, leaf
// parts with transfer encoding and charset undone. It is lenient, bounded in
// everything and never fails: what people paste is often half a mail, or only the
// text of one. It leaves out every meaning of what it reads.
package message

import (
	"bytes"
	"strings"
)

// Bounds of what is read; the rest is left out and [Message.Cut] says so.
const (
	maxBytes  = 16 << 20 // of the mail
	maxFields = 2000     // of one header block
	maxValue  = 64 << 10 // bytes of one field
	maxBlock  = 1 << 20  // bytes of one header block
	maxParts  = 200
	maxDepth  = 8
)

// Field is one header field as it came, unfolded, with encoded words still in it.
type Field struct{ Name, Value string }

// Header is a header block in the order of the mail: the topmost field is the latest.
type Header []Field

// Get returns the first value of a name, "" if there is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// All returns every value of a name, topmost first.
func (h Header) All(name string) []string {
	var all []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			all = append(all, f.Value)
		}
	}
	return all
}

// Text is a value for people: encoded words and raw bytes of old charsets decoded.
func (h Header) Text(name string) string { return Decode(h.Get(name)) }

// Part is one leaf of the tree of parts; message/rfc822 and its kin are leaves too,
// since what they hold is another mail.
type Part struct {
	Header Header
	Type   string            // media type in lower case, text/plain if none is told
	Params map[string]string // of the Content-Type, names in lower case
	Name   string            // file name; "" none
	Attach bool              // Content-Disposition: attachment
	Body   []byte            // transfer encoding undone; charset not yet
}

// Message is one mail.
type Message struct {
	Header Header
	Parts  []Part
	Bare   bool // no header was found: all is text
	Cut    bool // a bound was reached; something was left out
}

// Parse reads raw, which it does not keep or change, except that bodies may share it.
func Parse(raw []byte) Message {
	var m Message
	if len(raw) > maxBytes {
		raw, m.Cut = raw[:maxBytes], true
	}
	raw = trimPreamble(raw)
	header, body, ok := split(raw)
	if !ok {
		m.Bare = true
		m.Parts = []Part{{Type: "text/plain", Params: map[string]string{}, Body: raw}}
		return m
	}
	m.Header = header
	m.walk(header, body, 0)
	return m
}

// trimPreamble drops a byte order mark, blank lines and an mbox "From " line.
func trimPreamble(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	raw = bytes.TrimLeft(raw, "\r\n\t ")
	if bytes.HasPrefix(raw, []byte("From ")) || bytes.HasPrefix(raw, []byte(">From ")) {
		if nl := bytes.IndexByte(raw, '\n'); nl >= 0 {
			return raw[nl+1:]
		}
	}
	return raw
}

// split parts a header block from what follows. ok is false where the beginning is
// no header: then nothing is one.
func split(raw []byte) (h Header, body []byte, ok bool) {
	rest, bad, size := raw, 0, 0
	for len(rest) > 0 {
		line, after := cutLine(rest)
		size += len(line)
		switch {
		case len(bytes.TrimRight(line, " \t")) == 0:
			return h, after, len(h) > 0
		case (line[0] == ' ' || line[0] == '\t') && len(h) > 0:
			last := &h[len(h)-1]
			if len(last.Value)+len(line) < maxValue && size < maxBlock {
				last.Value += " " + strings.TrimSpace(string(line))
			}
		default:
			name, value, found := fieldOf(line)
			if !found {
				if bad++; len(h) < 2 || bad > 5 {
					return h, rest, false
				}
			} else if len(h) < maxFields && size < maxBlock {
				h = append(h, Field{name, value})
			}
		}
		rest = after
	}
	return h, nil, len(h) > 1
}

// fieldOf reads "Name: value"; the name must look like one (RFC 5322 section 2.2).
func fieldOf(line []byte) (name, value string, ok bool) {
	colon := bytes.IndexByte(line, ':')
	if colon < 1 || colon > 76 {
		return "", "", false
	}
	n := bytes.TrimRight(line[:colon], " \t")
	for _, b := range n {
		if b <= ' ' || b >= 127 {
			return "", "", false
		}
	}
	v := line[colon+1:]
	if len(v) > maxValue {
		v = v[:maxValue]
	}
	return string(n), strings.TrimSpace(string(v)), len(n) > 0
}

func cutLine(b []byte) (line, after []byte) {
	nl := bytes.IndexByte(b, '\n')
	if nl < 0 {
		return b, nil
	}
	return bytes.TrimSuffix(b[:nl], []byte("\r")), b[nl+1:]
}

// ReadHeader reads only a header block, e.g. a group of fields of a delivery
// status; rest is what follows the empty line.
func ReadHeader(raw []byte) (h Header, rest []byte) {
	for len(raw) > 0 && (raw[0] == '\r' || raw[0] == '\n') {
		raw = raw[1:]
	}
	h, rest, _ = split(raw)
	return h, rest
}

func (m *Message) walk(h Header, body []byte, depth int) {
	if len(m.Parts) >= maxParts {
		m.Cut = true
		return
	}
	kind, params := MediaType(h.Get("Content-Type"))
	if kind == "" {
		kind = "text/plain"
	}
	if boundary := params["boundary"]; strings.HasPrefix(kind, "multipart/") && boundary != "" && depth < maxDepth {
		for _, inner := range sections(body, boundary) {
			if len(m.Parts) >= maxParts {
				m.Cut = true
				return
			}
			// A part may have no header at all: then it begins with the empty line.
			if len(inner) > 0 && (inner[0] == '\n' || inner[0] == '\r') {
				_, after := cutLine(inner)
				m.walk(nil, after, depth+1)
				continue
			}
			ih, ibody, ok := split(inner)
			if !ok && len(ih) == 0 {
				ibody = inner
			}
			m.walk(ih, ibody, depth+1)
		}
		return
	}
	p := Part{Header: h, Type: kind, Params: params}
	disposition, dparams := MediaType(h.Get("Content-Disposition"))
	p.Attach = disposition == "attachment"
	if p.Name = Decode(dparams["filename"]); p.Name == "" {
		p.Name = Decode(params["name"])
	}
	p.Body = undo(body, h.Get("Content-Transfer-Encoding"))
	m.Parts = append(m.Parts, p)
}

// sections parts a multipart body at its boundary lines (RFC 2046 section 5.1.1).
func sections(body []byte, boundary string) [][]byte {
	var all [][]byte
	mark := []byte("--" + boundary)
	start := -1
	for at := 0; at < len(body) && len(all) < maxParts; {
		end := bytes.IndexByte(body[at:], '\n')
		next := len(body)
		if end >= 0 {
			next = at + end + 1
		}
		line := bytes.TrimRight(body[at:next], " \t\r\n")
		if bytes.HasPrefix(line, mark) {
			rest := line[len(mark):]
			if len(rest) == 0 || string(rest) == "--" {
				if start >= 0 {
					all = append(all, bytes.TrimSuffix(bytes.TrimSuffix(body[start:at], []byte("\n")), []byte("\r")))
				}
				start = next
				if len(rest) > 0 {
					return all
				}
			}
		}
		at = next
	}
	if start >= 0 && start < len(body) {
		all = append(all, body[start:])
	}
	return all
}
