// Package contactfile reads and writes the shared contacts of an office as files, CSV, XLSX and
// vCard, and tells which changes bring what a file says into the office's book.
//
// It leaves out how tables are read (backend/people) and cards taken apart (its part vcard), who
// keeps the book (the provider or backend/office/localbook), and sentences for people.
package contactfile

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailroom/backend/office/contactfile/vcard"
	"mailroom/backend/people"
	"mailroom/backend/provider"
)

// Kind is what a file is.
type Kind string

// The kinds.
const (
	Table Kind = "table" // rows and columns: CSV or XLSX
	Cards Kind = "vcard"
)

// Bounds of one contact.
const (
	maxText      = 2_000 // bytes, as a change may hold
	maxAddresses = 20
	maxGroups    = 50
	maxCell      = 16 << 10
)

// Entry is one contact of a file. Its groups are names, not IDs.
type Entry struct {
	Row     int // of the table; of cards the number, from 1
	Contact provider.Contact
}

// File is what was read.
type File struct {
	Kind     Kind
	Encoding string   // of CSV; "" otherwise
	Sheets   []string // of a workbook
	Sheet    string   // the one that was read
	Ignored  []string // headings that mean nothing to us, at most 50
	Entries  []Entry
	Problems []Problem
}

// Code says what is wrong with a file or one of its contacts. The set is closed, together with
// [vcard.FaultCode] and [people.Code]; the page has a text for each.
type Code string

// The codes.
const (
	NoColumns  Code = "no_contact_columns" // no column holds names or addresses
	NoName     Code = "no_name"            // neither name, company nor address
	BadAddress Code = "bad_address"
	Duplicate  Code = "duplicate_contact" // an earlier one has the address, or name and number
	Several    Code = "several_contacts"  // it fits several contacts of the book
	TooLong    Code = "long_value"
	BadOrder   Code = "bad_order"    // no whole number
	MoreTels   Code = "more_numbers" // a contact holds one mobile and one other number
)

// Problem is one thing that is wrong. What is not Stop leaves out a value only.
type Problem struct {
	Code   Code
	Row    int    // 0: the whole file
	Column string // our name of a column, or a card's property in capitals; "" the whole row
	Value  string // at most 60 characters
	First  int    // Duplicate: which came first
	Stop   bool   // the contact is left out
}

// Read reads a file of contacts, telling cards from tables by what is in it. sheet is of a
// workbook; "" the one that looks like contacts. What is wrong with the file comes as problems.
func Read(raw []byte, sheet string) *File {
	f := &File{}
	switch {
	case len(raw) > people.MaxBytes:
		f.Kind, f.Problems = Table, []Problem{{Code: Code(people.TooLarge), Stop: true}}
	case vcard.Sniff(raw):
		f.Kind = Cards
		f.readCards(raw)
	default:
		f.Kind = Table
		f.readTable(bytes.NewReader(raw), sheet)
	}
	return f
}

func (f *File) problem(p Problem) {
	p.Value = cut(p.Value, 60)
	if len(f.Problems) < 5_000 {
		f.Problems = append(f.Problems, p)
	}
}

// take keeps an entry that is in order; columns names a value as the file does. What was told of
// the entry before, and did not stop it, does not matter.
func (f *File) take(e Entry, columns func(provider.Attr) string) {
	c, before := &e.Contact, len(f.Problems)
	stop := func(code Code, a provider.Attr, value string) {
		f.problem(Problem{Code: code, Row: e.Row, Column: columns(a), Value: value, Stop: true})
	}
	c.Addresses = unique(c.Addresses)
	for _, a := range c.Addresses {
		if !isAddress(a) {
			stop(BadAddress, attrAddresses, a)
		}
	}
	c.Groups = unique(c.Groups)
	if c.Name == "" && c.Company != "" {
		c.Name = c.Company
	}
	if c.Name == "" && len(c.Addresses) > 0 {
		c.Name = c.Addresses[0]
	}
	if c.Name == "" {
		stop(NoName, provider.AttrName, "")
	}
	for _, v := range []struct {
		attr provider.Attr
		text string
	}{
		{provider.AttrName, c.Name}, {provider.AttrMobile, c.Mobile}, {provider.AttrPhone, c.Phone}, {attrCompany, c.Company},
		{provider.AttrTitle, c.Title}, {provider.AttrRemark, c.Remark}, {attrGroups, longest(c.Groups)}, {attrAddresses, strings.Join(c.Addresses, ";")},
	} {
		if len(v.text) > maxText {
			stop(TooLong, v.attr, v.text)
		}
	}
	if len(c.Addresses) > maxAddresses {
		stop(TooLong, attrAddresses, c.Addresses[maxAddresses])
	}
	if len(c.Groups) > maxGroups {
		stop(TooLong, attrGroups, c.Groups[maxGroups])
	}
	if len(f.Problems) == before {
		f.Entries = append(f.Entries, e)
	}
}

func longest(all []string) (long string) {
	for _, s := range all {
		if len(s) > len(long) {
			long = s
		}
	}
	return long
}

// unique keeps each text once, whatever its case, and none that is empty.
func unique(all []string) (out []string) {
	seen := map[string]bool{"": true}
	for _, s := range all {
		s = strings.TrimSpace(s)
		if key := strings.ToLower(s); !seen[key] {
			seen[key] = true
			out = append(out, s)
		}
	}
	return out
}

// isAddress is true for what a mail could be sent to.
func isAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && strings.Contains(domain, ".") && len(s) <= 254 && !strings.ContainsAny(s, " \t\r\n<>,;:\"()[]\\") &&
		!strings.Contains(domain, "@") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}

// fullName joins the parts of a name as its language does: 王小明, but Grace Hopper.
func fullName(family, given, middle string) string {
	family, given, middle = strings.TrimSpace(family), strings.TrimSpace(given), strings.TrimSpace(middle)
	if han(family + given) {
		return family + middle + given
	}
	return strings.Join(strings.Fields(given+" "+middle+" "+family), " ")
}

func han(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

// cut shortens a text to a number of characters.
func cut(s string, most int) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

// digits are what two writings of one number have in common.
func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
}
