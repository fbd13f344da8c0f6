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

// parser reads the lines of one log in their order.
type parser interface {
	// line reads a line without its end; no records: it tells nothing that is kept. bad
	// says that it looks like a line of this log and is damaged.
	line(line string) (found []logs.Record, bad bool)
	// rest hands out, at the end of a file, what waited for another line.
	rest() []logs.Record
	// waiting is what a later reading must know of mails whose end is still to come,
	// the oldest first, and take gives it back.
	waiting() []mail
	take(mails []mail)
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

// after is what follows a key up to the end of the line: subjects hold commas.
func after(text, key string) string {
	_, rest, _ := strings.Cut(text, key)
	return rest
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
