package migrate

import (
	"bytes"
	"net/mail"
	"strings"
	"time"
)

// arrival is the INTERNALDATE to give a message whose source has none that makes
// sense: the newest Received field (the topmost), then Date, else zero, which lets
// the destination choose. Years before 1970 count as senseless.
func arrival(given time.Time, header []byte) time.Time {
	if sensible(given) {
		return given
	}
	var received, sent time.Time
	eachField(header, func(name, value []byte) bool {
		switch {
		case received.IsZero() && equalFold(name, "received"):
			if i := bytes.LastIndexByte(value, ';'); i >= 0 {
				received = parseDate(value[i+1:])
			}
		case sent.IsZero() && equalFold(name, "date"):
			sent = parseDate(value)
		}
		return received.IsZero()
	})
	if !received.IsZero() {
		return received
	}
	return sent
}

func parseDate(v []byte) time.Time {
	t, err := mail.ParseDate(strings.TrimSpace(string(foldSpace(v))))
	if err != nil || !sensible(t) {
		return time.Time{}
	}
	return t
}

// sensible dates can be written in the four-digit years of RFC 9051 date-time.
func sensible(t time.Time) bool { return !t.IsZero() && t.Year() >= 1970 && t.Year() <= 9999 }
