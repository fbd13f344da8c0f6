package archive

import (
	"bytes"
	"net/mail"
	"strconv"
	"strings"
	"time"
)

// foreignHeader gathers from a header what mail programs note in it: flags, date and
// length.
type foreignHeader struct {
	status, xStatus   string
	mozilla, mozilla2 uint64
	keywords          []string
	date              string
	subject           string
	length            int64 // Content-Length; -1 unless a plain number
	hasLength         bool
	last              *string
}

// line takes one raw line of the header.
func (h *foreignHeader) line(raw []byte) {
	raw = bytes.TrimRight(raw, "\r\n")
	if len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') {
		if h.last != nil && len(*h.last) < 2000 {
			*h.last += " " + string(bytes.TrimSpace(raw[:min(len(raw), 1000)]))
		}
		return
	}
	h.last = nil
	name, value, ok := bytes.Cut(raw, []byte(":"))
	if !ok || len(name) > 40 {
		return
	}
	v := string(bytes.TrimSpace(value[:min(len(value), 2000)]))
	switch strings.ToLower(string(bytes.TrimSpace(name))) {
	case "status":
		h.status = v
	case "x-status":
		h.xStatus = v
	case "x-mozilla-status":
		h.mozilla, _ = strconv.ParseUint(v, 16, 32) // 0 if it is no number
	case "x-mozilla-status2":
		h.mozilla2, _ = strconv.ParseUint(v, 16, 32)
	case "x-keywords", "x-mozilla-keys":
		h.keywords = append(h.keywords, strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })...)
	case "date":
		if h.date == "" {
			h.date = v
			h.last = &h.date
		}
	case "subject":
		if h.subject == "" {
			h.subject = v
			h.last = &h.subject
		}
	case "content-length":
		n, err := strconv.ParseInt(v, 10, 64)
		h.length, h.hasLength = n, err == nil && n >= 0
	}
}

// flags translates Status and X-Status (mutt, Dovecot), X-Mozilla-Status and
// X-Mozilla-Status2 (Thunderbird, nsMsgMessageFlags.idl) and keywords. A message that
// Thunderbird has deleted but not compacted away counts as \Deleted.
func (h *foreignHeader) flags() []string {
	var out []string
	set := func(on bool, flag string) {
		if on {
			out = append(out, flag)
		}
	}
	set(strings.Contains(h.status, "R") || h.mozilla&0x0001 != 0, `\Seen`)
	set(strings.Contains(h.xStatus, "A") || h.mozilla&0x0002 != 0, `\Answered`)
	set(strings.Contains(h.xStatus, "F") || h.mozilla&0x0004 != 0, `\Flagged`)
	set(strings.Contains(h.xStatus, "T"), `\Draft`)
	set(strings.Contains(h.xStatus, "D") || strings.Contains(h.status, "D") ||
		h.mozilla&0x0008 != 0 || h.mozilla2&0x00200000 != 0, `\Deleted`)
	set(h.mozilla&0x1000 != 0, "$Forwarded")
	for _, k := range h.keywords {
		if len(out) < 50 && isKeyword(k) {
			out = append(out, k)
		}
	}
	return tidyFlags(out)
}

// isKeyword tells an atom (RFC 9051 section 9, flag-keyword).
func isKeyword(k string) bool {
	if k == "" || len(k) > 200 {
		return false
	}
	for i := 0; i < len(k); i++ {
		if c := k[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`(){%*"\]`, c) >= 0 {
			return false
		}
	}
	return true
}

// sent reads the Date field; false if it is missing or absurd.
func (h *foreignHeader) sent() (time.Time, bool) {
	t, err := mail.ParseDate(h.date)
	if err != nil || !sane(t) {
		return time.Time{}, false
	}
	return t, true
}

func sane(t time.Time) bool { return t.Year() >= 1971 && t.Year() < 2200 }
