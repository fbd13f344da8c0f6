package vcard

import (
	"io"
	"strings"
	"unicode/utf8"
)

// Version is a vCard version that is written.
type Version string

// The versions. Every phone and mail program reads 3.0; 4.0 is the present standard.
const (
	V3 Version = "3.0" // RFC 2426
	V4 Version = "4.0" // RFC 6350
)

// Line is one property to be written. Value is escaped already, see [Escape].
type Line struct {
	Name   string
	Params string // ";TYPE=cell"; "" none
	Value  string
}

// Writer writes cards one after the other, in UTF-8 with lines of at most 75 bytes.
type Writer struct {
	w       io.Writer
	version Version
	err     error
}

// NewWriter begins a file. Its errors come with [Writer.Card].
func NewWriter(w io.Writer, version Version) *Writer { return &Writer{w: w, version: version} }

// Card writes one card.
func (w *Writer) Card(lines []Line) error {
	var b strings.Builder
	b.WriteString("BEGIN:VCARD\r\nVERSION:" + string(w.version) + "\r\n")
	for _, l := range lines {
		fold(&b, l.Name+l.Params+":"+l.Value)
	}
	b.WriteString("END:VCARD\r\n")
	if w.err == nil {
		_, w.err = io.WriteString(w.w, b.String())
	}
	return w.err
}

// width is how many bytes a line has before it is folded (RFC 6350, 3.2).
const width = 75

// fold breaks a line between characters.
func fold(b *strings.Builder, line string) {
	room := width
	for len(line) > room {
		end := room
		for end > 0 && !utf8.RuneStart(line[end]) {
			end--
		}
		b.WriteString(line[:end] + "\r\n ")
		line, room = line[end:], width-1
	}
	b.WriteString(line + "\r\n")
}
