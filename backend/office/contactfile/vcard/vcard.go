// Package vcard reads and writes business cards: vCard 2.1 as phones write it (quoted-printable,
// GBK), 3.0 (RFC 2426) and 4.0 (RFC 6350). It reads leniently, within bounds, and keeps what it
// could not understand as faults of the one card.
//
// It leaves out what properties mean for a shared contact (backend/office/contactfile) and
// sentences for people.
package vcard

import (
	"slices"
	"strconv"
	"strings"
)

// Bounds on a file. What is longer is left out and told.
const (
	MaxCards      = 20_000
	MaxProperties = 500       // of one card; a phone writes about 30
	MaxValue      = 64 << 10  // bytes of one value; pictures are longer and are not read
	maxLine       = 512 << 10 // bytes of one line before it is unfolded no further
)

// Card is one business card.
type Card struct {
	Number     int // from 1, in the file's order
	Line       int // of its BEGIN, from 1
	Properties []Property
	Faults     []Fault
}

// Property is one line of a card, decoded to UTF-8; its value is still escaped as the format
// has it, see [Text] and [Parts].
type Property struct {
	Name   string              // upper case, without a group: EMAIL for item1.EMAIL
	Params map[string][]string // names in upper case, values of TYPE in lower case
	Value  string
}

// FaultCode says what is wrong with a card. The set is closed.
type FaultCode string

// The faults.
const (
	Unclosed    FaultCode = "card_unclosed" // the file ends, or the next card begins, before END
	BadEncoding FaultCode = "card_encoding" // the value is no text in the character set it names
	TooLong     FaultCode = "card_long"     // longer than [MaxValue]
	TooMany     FaultCode = "card_many"     // more than [MaxProperties]
	BadLine     FaultCode = "card_line"     // neither a property nor the continuation of one
	Cut         FaultCode = "card_too_many" // more than [MaxCards]; the rest was not read
	NoCards     FaultCode = "card_none"     // the file holds none
)

// Fault is one thing that is wrong with a card; its property is left out.
type Fault struct {
	Code     FaultCode
	Property string // name; "" the whole card
}

// Types are the values of TYPE, in lower case; the bare words of vCard 2.1 among them.
func (p Property) Types() []string { return p.Params["TYPE"] }

// Is says whether the property is of a type, say "cell".
func (p Property) Is(kind string) bool { return slices.Contains(p.Params["TYPE"], kind) }

// Rank is how much the card's owner prefers the property: 1 the most, 100 where nothing is said
// (RFC 6350, 5.3; TYPE=PREF of 3.0 and 2.1 counts as 1).
func (p Property) Rank() int {
	if p.Is("pref") {
		return 1
	}
	if pref := p.Params["PREF"]; len(pref) > 0 {
		if n, err := strconv.Atoi(pref[0]); err == nil && n >= 1 && n <= 100 {
			return n
		}
	}
	return 100
}

// All are the card's properties of a name, in its order.
func (c Card) All(name string) (all []Property) {
	for _, p := range c.Properties {
		if p.Name == name {
			all = append(all, p)
		}
	}
	return all
}

// Text is the first value of a name, unescaped and trimmed; "" none.
func (c Card) Text(name string) string {
	for _, p := range c.Properties {
		if p.Name == name {
			if text := strings.TrimSpace(Text(p.Value)); text != "" {
				return text
			}
		}
	}
	return ""
}

// Text unescapes a value: \n, \, \; \: and \\. Other backslashes stay as they are, since
// vCard 2.1 does not escape them.
func Text(value string) string {
	if !strings.Contains(value, `\`) {
		return value
	}
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] != '\\' || i+1 == len(value) {
			b.WriteByte(value[i])
			continue
		}
		switch next := value[i+1]; next {
		case 'n', 'N':
			b.WriteByte('\n')
			i++
		case ',', ';', ':', '\\':
			b.WriteByte(next)
			i++
		default:
			b.WriteByte('\\')
		}
	}
	return b.String()
}

// Parts splits a value at a separator that is not escaped and unescapes the parts: ';' for the
// components of N and ORG, ',' for the items of CATEGORIES.
func Parts(value string, separator byte) (parts []string) {
	start := 0
	for i := 0; i < len(value); i++ {
		switch {
		case value[i] == '\\':
			i++
		case value[i] == separator:
			parts, start = append(parts, Text(value[start:i])), i+1
		}
	}
	return append(parts, Text(value[start:]))
}

// Escape writes a text as one part of a value with several.
func Escape(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, ",", `\,`, ";", `\;`).Replace(strings.Map(printable, text))
}

// EscapeText writes a text as a whole value. 3.0 wants its semicolons escaped (RFC 2426, 5), in
// 4.0 they need not be (RFC 6350, 3.4), and some programs do not expect it.
func EscapeText(text string, version Version) string {
	if version == V3 {
		return Escape(text)
	}
	parts := strings.Split(text, ";")
	for i, p := range parts {
		parts[i] = Escape(p)
	}
	return strings.Join(parts, ";")
}

// printable drops what no card can hold (RFC 6350, 3.3 on VALUE-CHAR).
func printable(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
		return -1
	}
	return r
}
