// Package logfile reads the logs that mail servers of one's own write (Dovecot, Postfix,
// Exchange's message tracking) as another source of records: plain or gzipped, rotated,
// growing, of any size. A line is read once it has its end; a file is known by its first
// lines, so that it is not read again after it was renamed or compressed.
//
// It leaves out where records are kept (package records) and providers' own logs
// (package intake).
package logfile

import (
	"strings"
	"time"

	"mailroom/backend/logs"
)

// Format is what wrote a file.
type Format string

// The formats; Unknown is none of them.
const (
	Unknown  Format = ""
	Dovecot  Format = "dovecot"
	Postfix  Format = "postfix"
	Exchange Format = "exchange"
)

// Formats lists the formats.
func Formats() []Format { return []Format{Dovecot, Postfix, Exchange} }

// kinds are what a format tells of.
func (f Format) kinds() []logs.Kind {
	switch f {
	case Dovecot:
		return []logs.Kind{logs.SignIn}
	case Postfix, Exchange:
		return []logs.Kind{logs.Received, logs.Sent}
	}
	return nil
}

// parser reads the lines of one file in their order.
type parser interface {
	// line reads the line that begins at a place of the file, without its end; nil: it
	// tells nothing that is kept.
	line(at int64, line string) []logs.Record
	// open is the place at which a later reading must begin to understand what comes
	// next; -1: behind the last line.
	open() int64
}

// mixed is the log of a machine with Postfix and Dovecot, as syslog writes it.
type mixed struct {
	dovecot *dovecot
	postfix *postfix
}

func (m *mixed) line(at int64, line string) []logs.Record {
	if r := m.postfix.line(at, line); r != nil {
		return r
	}
	return m.dovecot.line(at, line)
}

func (m *mixed) open() int64 { return m.postfix.open() }

func newParser(f Format, c *clock) parser {
	if f == Exchange {
		return &exchange{}
	}
	return &mixed{&dovecot{clock: c}, newPostfix(c)}
}

// clock reads the times of syslog lines. They have no year: it is the last one in which
// the time was before the file was written to.
type clock struct {
	zone  *time.Location
	wrote time.Time
}

// read takes the time off a line. ok is false where there is none.
func (c *clock) read(line string) (at time.Time, rest string, ok bool) {
	if len(line) > 20 && line[4] == '-' && line[7] == '-' {
		stamp, rest, _ := strings.Cut(line, " ")
		if at, err := time.Parse(time.RFC3339Nano, stamp); err == nil {
			return at, rest, true
		}
		if len(line) > 19 && line[10] == ' ' { // Dovecot's own with log_timestamp
			if at, err := time.ParseInLocation(time.DateTime, line[:19], c.zone); err == nil {
				return at, strings.TrimLeft(line[19:], " "), true
			}
		}
		return at, "", false
	}
	if len(line) < 16 || line[3] != ' ' || line[6] != ' ' || line[15] != ' ' {
		return at, "", false
	}
	at, err := time.ParseInLocation(time.Stamp, line[:15], c.zone)
	if err != nil {
		return at, "", false
	}
	at = at.AddDate(c.wrote.In(c.zone).Year()-at.Year(), 0, 0)
	if at.After(c.wrote.Add(24 * time.Hour)) {
		at = at.AddDate(-1, 0, 0)
	}
	return at, line[16:], true
}

// program splits "host postfix/smtpd[123]: text" or "imap-login: text" into the
// program's name and the text.
func program(rest string) (host, name, text string, ok bool) {
	head, text, found := strings.Cut(rest, ": ")
	if !found {
		return "", "", "", false
	}
	if h, n, two := strings.Cut(head, " "); two && !strings.ContainsAny(h, "(<[") {
		host, head = h, n
	}
	name, _, _ = strings.Cut(head, "[")
	return host, name, text, true
}

// value finds "key=<value>" or "key=value" up to a comma, space or semicolon.
func value(text, key string) string {
	for from := 0; ; {
		at := strings.Index(text[from:], key+"=")
		if at < 0 {
			return ""
		}
		at += from
		from = at + len(key) + 1
		if at > 0 && text[at-1] != ' ' && text[at-1] != ',' && text[at-1] != '(' {
			continue
		}
		rest := text[from:]
		if strings.HasPrefix(rest, "<") {
			if end := strings.IndexByte(rest, '>'); end > 0 {
				return rest[1:end]
			}
		}
		if end := strings.IndexAny(rest, ", ;)"); end >= 0 {
			rest = rest[:end]
		}
		return rest
	}
}
