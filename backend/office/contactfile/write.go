package contactfile

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/office/contactfile/vcard"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/report"
)

// Columns are the headings of an exported table, in their order: our own names, which every
// language of the program reads again.
func Columns() []string {
	return []string{"name", "addresses", "mobile", "phone", "company", "title", "groups", "order", "remark"}
}

// Book is what is to be written: contacts in their order, and the names of their groups.
type Book struct {
	Domain   string // of the office; tells its contacts from those of another one
	Contacts []provider.Contact
	Groups   []provider.ContactGroup
}

// Of is an office's whole book, or one group of it; "" all. Groups come in their order,
// contacts by their place, then name.
func Of(v *directory.View, group string) Book {
	b := Book{Groups: slices.Clone(v.Groups)}
	if len(v.Domains) > 0 {
		b.Domain = v.Domains[0].Name
	}
	for _, c := range v.Contacts {
		if group == "" || slices.Contains(c.Groups, group) {
			b.Contacts = append(b.Contacts, c)
		}
	}
	slices.SortStableFunc(b.Contacts, func(x, y provider.Contact) int {
		if x.Order != y.Order {
			return x.Order - y.Order
		}
		return strings.Compare(x.Name, y.Name)
	})
	return b
}

// GroupNames are the names of a contact's groups, in the order of the book's.
func (b Book) GroupNames(c provider.Contact) (names []string) {
	for _, g := range b.Groups {
		if slices.Contains(c.Groups, g.ID) {
			names = append(names, g.Name)
		}
	}
	return names
}

func place(order int) string {
	if order == 0 {
		return ""
	}
	return strconv.Itoa(order)
}

func (b Book) row(c provider.Contact, workbook bool) []string {
	row := []string{
		c.Name, joined(c.Addresses), c.Mobile, c.Phone, c.Company, c.Title, joined(b.GroupNames(c)), place(c.Order), c.Remark,
	}
	for i, cell := range row {
		row[i] = guarded(cell, workbook)
	}
	return row
}

// Format is how a book is written.
type Format string

// The formats.
const (
	VCard3 Format = "vcard3" // every phone and mail program reads it
	VCard4 Format = "vcard4"
	CSV    Format = "csv"
	XLSX   Format = "xlsx"
)

// Write writes the book; [Read] gets everything back.
func (b Book) Write(w io.Writer, format Format) error {
	switch format {
	case VCard3:
		return b.writeCards(w, vcard.V3)
	case VCard4:
		return b.writeCards(w, vcard.V4)
	case XLSX:
		return b.writeXLSX(w)
	}
	return b.writeCSV(w)
}

// writeCSV writes the book as CSV in UTF-8 with a byte order mark. No cell can be a formula.
func (b Book) writeCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(Columns()); err != nil {
		return err
	}
	for _, c := range b.Contacts {
		if err := out.Write(b.row(c, false)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// writeXLSX writes the book as a workbook of texts.
func (b Book) writeXLSX(w io.Writer) error {
	out, err := report.NewLongWorkbook(w, Columns())
	if err != nil {
		return err
	}
	for _, c := range b.Contacts {
		out.Row(b.row(c, true))
	}
	return out.Close()
}

// writeCards writes the book as business cards.
func (b Book) writeCards(w io.Writer, version vcard.Version) error {
	out := vcard.NewWriter(w, version)
	for _, c := range b.Contacts {
		if err := out.Card(b.card(c, version)); err != nil {
			return err
		}
	}
	return nil
}

func (b Book) card(c provider.Contact, version vcard.Version) []vcard.Line {
	var lines []vcard.Line
	add := func(name, params string, values ...string) {
		if strings.Join(values, "") != "" {
			for i, v := range values {
				if values[i] = vcard.EscapeText(v, version); name == "ORG" {
					values[i] = vcard.Escape(v)
				}
			}
			lines = append(lines, vcard.Line{Name: name, Params: params, Value: strings.Join(values, ",")})
		}
	}
	add("FN", "", c.Name)
	lines = append(lines, vcard.Line{Name: "N", Value: vcard.Escape(c.Name) + ";;;;"})
	for i, a := range c.Addresses {
		params := map[vcard.Version][2]string{vcard.V3: {";TYPE=INTERNET,PREF", ";TYPE=INTERNET"}, vcard.V4: {";PREF=1", ""}}[version]
		add("EMAIL", params[min(i, 1)], a)
	}
	add("TEL", ";TYPE=cell", c.Mobile)
	add("TEL", ";TYPE=voice", c.Phone)
	add("ORG", "", c.Company)
	add("TITLE", "", c.Title)
	add("CATEGORIES", "", b.GroupNames(c)...)
	add("NOTE", "", c.Remark)
	add(orderProperty, "", place(c.Order))
	if c.ID != "" {
		lines = append(lines, vcard.Line{Name: "UID", Value: uid(b.Domain, c.ID)})
	}
	return lines
}

// uid names a contact for other programs, so that they know it again: always the same for the
// same contact of an office.
func uid(domain, id string) string {
	sum := sha256.Sum256([]byte("mailroom contact\x00" + domain + "\x00" + id))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // RFC 9562, version 8
	h := hex.EncodeToString(sum[:16])
	return "urn:uuid:" + strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}
