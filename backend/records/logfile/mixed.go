package logfile

import (
	"strconv"
	"strings"

	"mailroom/backend/logs"
)

func newParser(f Format, c *clock) parser {
	if f == Exchange {
		return newExchange()
	}
	return &mixed{dovecot: &dovecot{clock: c}, postfix: newPostfix(c), held: map[string]int{}}
}

// mixed is the log of a machine with Postfix and Dovecot, as syslog writes it, or of one
// of them alone. A mail that Postfix hands to Dovecot is told by both: by Dovecot with its
// folder, then by Postfix with its sender, its size and Dovecot's session. It is one.
type mixed struct {
	dovecot *dovecot
	postfix *postfix
	stored  []logs.Record  // by Dovecot, waiting for Postfix's word
	held    map[string]int // session and person → place among stored, the newest
}

// mostHeld is how many deliveries of Dovecot wait for what Postfix tells of them, a line
// or two later.
const mostHeld = 2000

func (m *mixed) line(line string) ([]logs.Record, bool) {
	line, times := repeated(strings.Trim(line, "\x00"))
	at, rest, ok := m.postfix.clock.read(line)
	if !ok {
		return nil, formatOf([]byte(line)) != Unknown
	}
	found := m.postfix.line(at, rest)
	if found == nil {
		found = m.dovecot.line(at, rest)
	}
	for i := range found {
		if times > 1 {
			found[i].Times = times
		}
	}
	return m.join(found), false
}

// join holds back what Dovecot stored until Postfix tells the rest of it.
func (m *mixed) join(found []logs.Record) []logs.Record {
	var out []logs.Record
	for _, r := range found {
		session := r.Facts[stored]
		delete(r.Facts, stored)
		if len(r.Facts) == 0 {
			r.Facts = nil
		}
		switch at, waits := m.held[session]; {
		case session == "":
			out = append(out, r)
		case r.Outcome == logs.Delivered && r.Target == "" && waits: // Postfix
			both := &m.stored[at]
			both.From, both.Subject, both.Size, both.IP, both.To = r.From, r.Subject, r.Size, r.IP, r.To
			both.Facts = r.Facts
		case r.Target == "":
			out = append(out, r)
		default:
			m.held[session] = len(m.stored)
			m.stored = append(m.stored, r)
		}
	}
	if len(m.stored) >= mostHeld {
		out = append(out, m.rest()...)
	}
	return out
}

func (m *mixed) rest() []logs.Record {
	out := m.stored
	m.stored = nil
	clear(m.held)
	return out
}

func (m *mixed) waiting() []mail   { return m.postfix.waiting() }
func (m *mixed) take(mails []mail) { m.postfix.take(mails) }

// repeated takes rsyslog's "message repeated 3 times: [ … ]" off a line.
func repeated(line string) (one string, times int) {
	const word = "message repeated "
	at := strings.Index(line, word)
	if at < 0 {
		return line, 1
	}
	count, text, found := strings.Cut(line[at+len(word):], " times: [")
	n, err := strconv.Atoi(count)
	if !found || err != nil || n < 1 {
		return line, 1
	}
	return line[:at] + strings.TrimSpace(strings.TrimSuffix(text, "]")), min(n, 10_000)
}
