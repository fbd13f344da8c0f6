package header

import (
	"bytes"
	"strings"
)

// rawMail is a mail as signatures see it: every field with its folding, line ends
// made CRLF.
type rawMail struct {
	fields []rawField // topmost first
	body   []byte
}

type rawField struct {
	name string // as written, without trailing blanks
	text string // the whole field, folding and final CRLF included
}

// value is what stands behind the colon, folding included.
func (f rawField) value() string {
	_, v, _ := strings.Cut(f.text, ":")
	return v
}

// crlf makes every line end CRLF, as on the wire: pasted and saved mail has others.
func crlf(raw []byte) []byte {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}

// maxRawFields bounds what signatures are looked for in.
const maxRawFields = 2000

func splitRaw(raw []byte) rawMail {
	var m rawMail
	rest := crlf(raw)
	for len(rest) > 0 {
		if bytes.HasPrefix(rest, []byte("\r\n")) {
			m.body = rest[2:]
			return m
		}
		end := fieldEnd(rest)
		name, _, found := strings.Cut(string(rest[:end]), ":")
		if !found || len(m.fields) == maxRawFields {
			m.body = rest
			return m
		}
		m.fields = append(m.fields, rawField{name: strings.TrimRight(name, " \t"), text: string(rest[:end])})
		rest = rest[end:]
	}
	return m
}

// fieldEnd is where a field with its folded lines ends.
func fieldEnd(b []byte) int {
	for at := 0; ; {
		nl := bytes.Index(b[at:], []byte("\r\n"))
		if nl < 0 {
			return len(b)
		}
		if at += nl + 2; at >= len(b) || b[at] != ' ' && b[at] != '\t' {
			return at
		}
	}
}

// all returns the fields of a name, topmost first.
func (m rawMail) all(name string) []rawField {
	var all []rawField
	for _, f := range m.fields {
		if strings.EqualFold(f.name, name) {
			all = append(all, f)
		}
	}
	return all
}

// relaxedField is the relaxed canonical form of a field (RFC 6376 section 3.4.2),
// without the final CRLF.
func relaxedField(text string) string {
	name, value, _ := strings.Cut(text, ":")
	return strings.ToLower(strings.TrimRight(name, " \t")) + ":" + strings.TrimSpace(squeeze(unfold(value)))
}

func unfold(s string) string { return strings.ReplaceAll(s, "\r\n", "") }

// squeeze makes every run of blanks one space.
func squeeze(s string) string {
	var b strings.Builder
	blank := false
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' || s[i] == '\t' {
			blank = true
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteByte(s[i])
	}
	if blank {
		b.WriteByte(' ')
	}
	return b.String()
}

// canonicalBody applies simple or relaxed to a body (RFC 6376 sections 3.4.3, 3.4.4).
func canonicalBody(body []byte, relaxed bool) []byte {
	body = crlf(body)
	if relaxed {
		var out bytes.Buffer
		for line := range bytes.SplitSeq(body, []byte("\r\n")) {
			out.WriteString(strings.TrimRight(squeeze(string(line)), " "))
			out.WriteString("\r\n")
		}
		body = out.Bytes()
	}
	for bytes.HasSuffix(body, []byte("\r\n")) {
		body = body[:len(body)-2]
	}
	if len(body) == 0 && relaxed {
		return nil
	}
	return append(body[:len(body):len(body)], '\r', '\n')
}

// withoutSignature empties the b= tag of a signature field.
func withoutSignature(text string) string {
	name, value, _ := strings.Cut(text, ":")
	var b strings.Builder
	b.WriteString(name + ":")
	for i, piece := range strings.Split(value, ";") {
		if i > 0 {
			b.WriteByte(';')
		}
		key, _, found := strings.Cut(piece, "=")
		if found && strings.Trim(unfold(key), " \t") == "b" {
			piece = piece[:strings.IndexByte(piece, '=')+1]
		}
		b.WriteString(piece)
	}
	return b.String()
}

// tags reads a tag list (RFC 6376 section 3.2) strictly: names in their case, no
// doubles, no empty pieces but a last one. nil: it is none.
func tags(v string) map[string]string {
	v = unfold(v)
	all := map[string]string{}
	pieces := strings.Split(v, ";")
	for i, piece := range pieces {
		if strings.TrimSpace(piece) == "" {
			if i == len(pieces)-1 && i > 0 {
				break
			}
			return nil
		}
		key, value, found := strings.Cut(piece, "=")
		key = strings.TrimSpace(key)
		if _, doubled := all[key]; !found || doubled || !tagName(key) {
			return nil
		}
		all[key] = strings.TrimSpace(value)
	}
	return all
}

func tagName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '_')) {
			return false
		}
	}
	return s != ""
}
