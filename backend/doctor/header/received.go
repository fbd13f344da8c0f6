package header

import (
	"net/mail"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"mailroom/backend/doctor/message"
)

// Hop is one step of a mail's way, as the server that took it wrote it down.
type Hop struct {
	From      string // the name that the handing server gave itself; "" not told
	FromIP    string // its address as seen; "" not told
	FromName  string // its name by reverse DNS; "unknown" where there is none, "" not told
	By        string // who took it
	With      string // protocol, e.g. ESMTPS
	For       string
	Encrypted bool      // TLS, by the protocol's name or the cipher that is told
	Signed    bool      // somebody had signed in (ESMTPA, ESMTPSA)
	At        time.Time // zero: no date that can be read
	Delay     time.Duration
	// Skew is set where this hop is dated before the one before it: then one of the
	// two clocks is wrong by at least so much, and Delay is 0.
	Skew time.Duration
	Raw  string
}

const maxHops = 100

// tolerance is what clocks may differ without a word.
const tolerance = 5 * time.Second

// hops reads the Received fields, first server first.
func hops(h message.Header) []Hop {
	lines := h.All("Received")
	if len(lines) > maxHops {
		lines = lines[:maxHops]
	}
	all := make([]Hop, 0, len(lines))
	for i := len(lines) - 1; i >= 0; i-- {
		all = append(all, parseReceived(lines[i]))
	}
	return all
}

func timeHops(r *Report) {
	last := r.Sent
	for i := range r.Hops {
		at := r.Hops[i].At
		if at.IsZero() {
			continue
		}
		if !last.IsZero() {
			switch d := at.Sub(last); {
			case d >= 0:
				r.Hops[i].Delay = d
			case d < -tolerance:
				r.Hops[i].Skew = -d
			}
		}
		last = at
	}
	var first, final time.Time
	for _, h := range r.Hops {
		if !h.At.IsZero() {
			if first.IsZero() {
				first = h.At
			}
			final = h.At
		}
	}
	if d := final.Sub(first); d > 0 {
		r.Total = d
	}
}

var (
	ipIn     = regexp.MustCompile(`\[(?:IPv6:)?([0-9A-Fa-f:.]{3,45})\]`)
	ipParen  = regexp.MustCompile(`\(([0-9A-Fa-f:.]{7,45})\)`)
	nameIn   = regexp.MustCompile(`^\(?\s*([A-Za-z0-9_-][A-Za-z0-9._-]*)\.?\s*\[`)
	ciphers  = regexp.MustCompile(`(?i)\b(version=|cipher|tls|ssl)`)
	dateTail = regexp.MustCompile(`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+)?\d{1,2}[ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ -]\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?.*$`)
)

// parseReceived reads one field leniently: whatever cannot be found stays empty.
func parseReceived(v string) Hop {
	hop := Hop{Raw: clip(v, 1000)}
	body := v
	if before, after, found := cutLast(v, ';'); found {
		if at, ok := date(after); ok {
			hop.At, body = at, before
		}
	}
	if hop.At.IsZero() {
		if i := dateTail.FindStringIndex(v); i != nil {
			hop.At, _ = date(v[i[0]:])
		}
	}
	words, notes := clauses(body)
	hop.From, hop.By, hop.With, hop.For = words["from"], words["by"], words["with"], strings.Trim(words["for"], "<>,")
	near := notes["from"]
	for _, pattern := range []*regexp.Regexp{ipIn, ipParen} {
		if m := pattern.FindStringSubmatch(near + " " + hop.From); m != nil && hop.FromIP == "" {
			if _, err := netip.ParseAddr(m[1]); err == nil {
				hop.FromIP = m[1]
			}
		}
	}
	if m := nameIn.FindStringSubmatch(near); m != nil && !strings.EqualFold(m[1], "helo") {
		hop.FromName = m[1]
	}
	with := strings.ToUpper(hop.With)
	hop.Signed = strings.HasSuffix(with, "SMTPA") || strings.HasSuffix(with, "SMTPSA") || strings.Contains(strings.ToLower(body), "authenticated sender")
	hop.Encrypted = strings.HasSuffix(with, "SMTPS") || strings.HasSuffix(with, "SMTPSA") || with == "HTTPS" || ciphers.MatchString(notes["with"]+notes["from"]+notes["by"]) || ciphers.MatchString(notes["using"])
	return hop
}

// clauses takes the words after the keywords of a Received field (RFC 5321 section
// 4.4) and the comments behind them.
func clauses(s string) (words, notes map[string]string) {
	words, notes = map[string]string{}, map[string]string{}
	key := ""
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		if s[0] == '(' {
			end := closing(s)
			notes[key] += s[:end]
			s = s[end:]
			continue
		}
		word := s
		if i := strings.IndexAny(s, " \t("); i > 0 {
			word = s[:i]
		}
		s = s[len(word):]
		switch low := strings.ToLower(word); low {
		case "from", "by", "via", "with", "id", "for", "using":
			if _, there := words[low]; !there || low != "from" {
				key = low
				continue
			}
		}
		switch {
		case key == "":
		case words[key] == "":
			words[key] = strings.TrimRight(word, ";")
		case key == "with" && strings.HasPrefix(words[key], "Microsoft") && len(words[key]) < 60: // "Microsoft SMTP Server"
			words[key] += " " + word
		}
	}
	return words, notes
}

// closing is the length of the comment at the beginning of s, nested ones included.
func closing(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

var zoneNote = regexp.MustCompile(`\s*\([^()]*\)`)

// date reads a date leniently: comments, two-digit years, missing seconds and zones.
// A date without a zone counts as UTC. Absurd years are no date.
func date(v string) (time.Time, bool) {
	v = strings.TrimSpace(zoneNote.ReplaceAllString(clip(v, 200), ""))
	at, err := mail.ParseDate(v)
	for _, layout := range []string{
		"Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04 -0700",
		"Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 MST 2006", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", time.RFC3339, "2-Jan-2006 15:04:05 -0700",
		"Mon, 2 Jan 2006 15:04:05 -07:00", "Mon,2 Jan 2006 15:04:05 -0700",
	} {
		if err == nil {
			break
		}
		at, err = time.Parse(layout, v)
	}
	if err != nil || at.Year() < 1980 || at.Year() > 2100 {
		return time.Time{}, false
	}
	return at, true
}
