package imap

import (
	"bytes"
	"strconv"
	"time"
)

var months = [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// parseDate reads an INTERNALDATE (RFC 9051 section 9, date-time) in every shape
// seen: one-digit days, "+08:00", "GMT", no zone. What is missing or absurd (day 00,
// year 0000) gives the zero time.
func parseDate(b []byte) time.Time {
	f := bytes.Fields(b)
	if len(f) < 2 {
		return time.Time{}
	}
	dmy := bytes.SplitN(f[0], []byte("-"), 3)
	hms := bytes.SplitN(f[1], []byte(":"), 3)
	if len(dmy) != 3 || len(hms) < 2 {
		return time.Time{}
	}
	n := [5]int{digits(dmy[0]), digits(dmy[2]), digits(hms[0]), digits(hms[1]), 0}
	if len(hms) == 3 {
		sec, _, _ := bytes.Cut(hms[2], []byte("."))
		n[4] = digits(sec)
	}
	month := monthOf(dmy[1])
	if n[0] < 1 || month == 0 || n[1] < 1900 || n[1] > 9999 || n[2] < 0 || n[2] > 23 || n[3] < 0 || n[3] > 59 || n[4] < 0 || n[4] > 60 {
		return time.Time{}
	}
	zone := time.UTC
	if len(f) > 2 {
		zone = parseZone(f[2])
	}
	t := time.Date(n[1], month, n[0], n[2], n[3], n[4], 0, zone)
	if t.Day() != n[0] && n[4] != 60 { // 31-Feb
		return time.Time{}
	}
	return t
}

// digits reads a short decimal number, -1 if it is none.
func digits(b []byte) int {
	if len(b) == 0 || len(b) > 4 {
		return -1
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func monthOf(b []byte) time.Month {
	if len(b) < 3 {
		return 0
	}
	for i, m := range months {
		if b[0]|0x20 == m[0] && b[1]|0x20 == m[1] && b[2]|0x20 == m[2] {
			return time.Month(i + 1)
		}
	}
	return 0
}

// parseZone reads +0800, +08:00 or a name; what it does not know is UTC.
func parseZone(b []byte) *time.Location {
	if len(b) < 5 || (b[0] != '+' && b[0] != '-') {
		return time.UTC
	}
	d := make([]byte, 0, 4)
	for _, c := range b[1:] {
		if c != ':' {
			d = append(d, c)
		}
	}
	n := digits(d)
	if len(d) != 4 || n < 0 || n%100 > 59 || n/100 > 23 {
		return time.UTC
	}
	minutes := n/100*60 + n%100
	if b[0] == '-' {
		minutes = -minutes
	}
	return zoneOf(minutes)
}

// zones holds the offsets in whole quarters of an hour, so that a listing of a
// million messages does not make a million zones.
var zones = func() (z [191]*time.Location) {
	for i := range z {
		z[i] = time.FixedZone("", (i-95)*15*60)
	}
	return z
}()

func zoneOf(minutes int) *time.Location {
	if i := minutes/15 + 95; minutes%15 == 0 && i >= 0 && i < len(zones) {
		return zones[i]
	}
	return time.FixedZone("", minutes*60)
}

// formatDate writes t for APPEND, "" if it cannot be written as a date-time.
func formatDate(t time.Time) string {
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return ""
	}
	return strconv.Quote(t.Format("02-Jan-2006 15:04:05 -0700"))
}
