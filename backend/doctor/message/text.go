package message

import (
	"bytes"
	"encoding/base64"
	"html"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// maxText bounds the text that is made of one part.
const maxText = 1 << 20

// MediaType reads a Content-Type or Content-Disposition leniently: what the standard
// library refuses (doubled parameters, blanks, missing quotes) still gives the type
// and the parameters that can be read. Names come in lower case.
func MediaType(v string) (kind string, params map[string]string) {
	if v == "" {
		return "", map[string]string{}
	}
	if kind, params, err := mime.ParseMediaType(v); err == nil {
		return kind, params
	}
	params = map[string]string{}
	head, rest, _ := strings.Cut(v, ";")
	for _, piece := range strings.Split(rest, ";") {
		name, value, found := strings.Cut(piece, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, doubled := params[name]; found && !doubled && name != "" {
			params[name] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return strings.ToLower(strings.TrimSpace(head)), params
}

// undo takes a transfer encoding back; what cannot be decoded any further is left out.
func undo(body []byte, encoding string) []byte {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		clean := bytes.Map(func(r rune) rune {
			if r == '+' || r == '/' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, body)
		out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
		n, _ := base64.RawStdEncoding.Decode(out, clean)
		return out[:n]
	case "quoted-printable":
		out, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
		if err != nil && len(out) < len(body)/4 {
			return body // hardly anything was quoted-printable
		}
		return out
	}
	return body
}

// Text is a text part for people, at most 1 MiB of it: charset decoded, HTML turned
// into lines, line ends \n. Other kinds give what their bytes say as text.
func (p Part) Text() string {
	body := p.Body
	if len(body) > maxText {
		body = body[:maxText]
	}
	text := UTF8(body, p.Params["charset"])
	if p.Type == "text/html" || p.Type == "text/plain" && looksHTML(text) {
		return HTMLText(text)
	}
	return strings.ReplaceAll(text, "\r\n", "\n")
}

func looksHTML(s string) bool {
	head := strings.ToLower(strings.TrimSpace(s[:min(len(s), 512)]))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") || strings.HasPrefix(head, "<table") || strings.HasPrefix(head, "<div")
}

// UTF8 decodes bytes: by the charset that is told if it is known, else valid UTF-8,
// else GB18030, which holds GBK and GB2312. Broken sequences become U+FFFD.
func UTF8(b []byte, charset string) string {
	charset = strings.ToLower(strings.TrimSpace(charset))
	switch charset {
	case "", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "iso-8859-1", "latin1":
		if utf8.Valid(b) {
			return string(b)
		}
		if charset == "" || charset == "us-ascii" || charset == "ascii" || charset == "unknown-8bit" {
			charset = "gb18030"
		}
	case "gb2312", "gbk", "cp936", "gb_2312-80", "x-gbk":
		charset = "gb18030" // people write gb2312 and mean more
	}
	if charset == "gb18030" {
		out, _ := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
		return string(out)
	}
	if enc, err := htmlindex.Get(charset); err == nil {
		if out, err := enc.NewDecoder().Bytes(b); err == nil {
			return string(out)
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

var words = mime.WordDecoder{CharsetReader: func(charset string, r io.Reader) (io.Reader, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxValue))
	return strings.NewReader(UTF8(b, charset)), err
}}

// Decode makes a field's value readable: encoded words (RFC 2047), also those that
// split a character, and raw bytes of old charsets.
func Decode(v string) string {
	if !utf8.ValidString(v) {
		v = UTF8([]byte(v), "")
	}
	if !strings.Contains(v, "=?") {
		return v
	}
	if out, err := words.DecodeHeader(joinWords(v)); err == nil {
		return out
	}
	return v
}

// joinWords joins neighbouring base64 words of one charset, so that a character that
// was split between them comes out whole.
func joinWords(v string) string {
	fields := strings.Fields(v)
	var out []string
	for _, f := range fields {
		if n := len(out); n > 0 && strings.HasPrefix(f, "=?") && strings.HasSuffix(f, "?=") {
			a, b := strings.Split(out[n-1], "?"), strings.Split(f, "?")
			if len(a) == 5 && len(b) == 5 && strings.EqualFold(a[1], b[1]) && strings.EqualFold(a[2], "b") && strings.EqualFold(b[2], "b") &&
				!strings.HasSuffix(a[3], "=") {
				out[n-1] = "=?" + a[1] + "?B?" + a[3] + b[3] + "?="
				continue
			}
		}
		out = append(out, f)
	}
	return strings.Join(out, " ")
}

// HTMLText turns HTML into lines of text: block elements end a line, table cells are
// parted by blanks, styles and scripts are dropped.
func HTMLText(s string) string {
	var b strings.Builder
	lower := strings.ToLower(s)
	if len(lower) != len(s) { // odd letters that change their length: positions would not fit
		lower = s
	}
	for i := 0; i < len(s); {
		if s[i] != '<' {
			j := strings.IndexByte(s[i:], '<')
			if j < 0 {
				j = len(s) - i
			}
			text := strings.Map(func(r rune) rune {
				if r == '\n' || r == '\r' || r == '\t' {
					return ' '
				}
				return r
			}, s[i:i+j])
			b.WriteString(html.UnescapeString(text))
			i += j
			continue
		}
		end := strings.IndexByte(s[i:], '>')
		if end < 0 {
			break
		}
		name := tagName(lower[i+1 : i+end])
		i += end + 1
		switch name {
		case "style", "script", "title":
			if close := strings.Index(lower[i:], "</"+name); close >= 0 {
				i += close
			}
		case "br", "/p", "p", "/div", "div", "/tr", "/li", "/h1", "/h2", "/h3", "/table", "/pre", "hr":
			b.WriteByte('\n')
		case "/td", "/th":
			b.WriteByte(' ')
		}
	}
	return tidy(b.String())
}

func tagName(tag string) string {
	end := 0
	for end < len(tag) && (tag[end] == '/' && end == 0 || tag[end] >= 'a' && tag[end] <= 'z' || tag[end] >= '0' && tag[end] <= '9') {
		end++
	}
	return tag[:end]
}

// tidy trims lines and drops empty ones that follow each other.
func tidy(s string) string {
	var out []string
	empty := false
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\u00a0", " "), "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			empty = true
			continue
		}
		if empty && len(out) > 0 {
			out = append(out, "")
		}
		empty = false
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
