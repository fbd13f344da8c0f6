package contactfile

import (
	_ "embed"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"mailroom/backend/office/directory"
	"mailroom/backend/people"
	"mailroom/backend/provider"
)

// The names of values that only contacts have.
const (
	attrAddresses = directory.AttrAddresses
	attrCompany   = directory.AttrCompany
	attrGroups    = directory.AttrGroups
	attrOrder     = provider.AttrOrder
)

//go:embed data/columns.tsv
var columnTable string

// headings leads what people write to our own names.
var headings = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(columnTable) {
		if line = strings.TrimRight(line, "\r\n"); line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		cells := strings.Split(line, "\t")
		for _, word := range cells {
			all[word] = cells[0]
		}
	}
	return all
})

var numbers = regexp.MustCompile(`[0-9]+`)

// heading is the column that a cell names, and the number in it: 2 for "E-mail 2 - Value".
func heading(cell string) (column, number string) {
	key := strings.ToLower(strings.Join(strings.Fields(strings.Trim(norm.NFKC.String(cell), "\ufeff* ")), " "))
	if column, ok := headings()[key]; ok {
		return column, ""
	}
	number = numbers.FindString(key)
	return headings()[numbers.ReplaceAllString(key, "#")], number
}

// IsHeading says whether a cell names one of our columns.
func IsHeading(cell string) bool {
	column, _ := heading(cell)
	return column != ""
}

// titles is in how many rows the heading is looked for.
const titles = 20

// readTable reads rows and columns.
func (f *File) readTable(r io.Reader, sheet string) {
	grid, problems, err := people.ReadGrid(r, people.GridOptions{Sheet: sheet, Known: IsHeading, Cell: maxCell})
	if err != nil { // the bytes are in memory already
		f.problem(Problem{Code: Code(people.BadFile), Stop: true})
		return
	}
	f.Encoding, f.Sheets, f.Sheet = grid.Encoding, grid.Sheets, grid.Sheet
	for _, p := range problems {
		f.problem(Problem{Code: Code(p.Code), Row: p.Row, Stop: true})
	}
	t := table{file: f}
	if start, ok := t.find(grid.Rows); ok {
		for _, row := range grid.Rows[start+1:] {
			t.row(row)
		}
	} else if len(grid.Rows) > 0 {
		f.problem(Problem{Code: NoColumns, Stop: true})
	}
}

// table is the reading of rows under a heading.
type table struct {
	file  *File
	at    map[string][]int // cells by column
	kinds map[int]int      // of a phone's value: where its kind stands
}

// find takes the row with the most headings among the first ones.
func (t *table) find(rows []people.GridRow) (at int, ok bool) {
	best := 0
	for i, row := range rows[:min(len(rows), titles)] {
		n := 0
		for _, cell := range row.Cells {
			if IsHeading(cell) {
				n++
			}
		}
		if n > best {
			best, at = n, i
		}
	}
	if best == 0 {
		return 0, false
	}
	t.layOut(rows[at])
	return at, len(t.at["name"])+len(t.at["given"])+len(t.at["family"])+len(t.at["addresses"])+len(t.at["company"]) > 0
}

func (t *table) layOut(row people.GridRow) {
	t.at, t.kinds = map[string][]int{}, map[int]int{}
	kinds := map[string]int{}
	values := map[string]int{}
	for i, cell := range row.Cells {
		column, number := heading(cell)
		switch column {
		case "":
			if cell = strings.TrimSpace(cell); cell != "" && len(t.file.Ignored) < 50 {
				t.file.Ignored = append(t.file.Ignored, cut(cell, 60))
			}
			continue
		case "phone.kind":
			kinds[number] = i
			continue
		case "phone.value":
			values[number] = i
		}
		t.at[column] = append(t.at[column], i)
	}
	for number, i := range values {
		if kind, ok := kinds[number]; ok {
			t.kinds[i] = kind
		}
	}
}

// cells are the filled cells of a column, in their order.
func (t *table) cells(row people.GridRow, column string) (all []string) {
	for _, i := range t.at[column] {
		if i < len(row.Cells) {
			if text := strings.TrimSpace(unguarded(row.Cells[i])); text != "" {
				all = append(all, text)
			}
		}
	}
	return all
}

func (t *table) text(row people.GridRow, column string) string {
	if all := t.cells(row, column); len(all) > 0 {
		return all[0]
	}
	return ""
}

// systemGroups are Google's own labels, which say nothing.
var systemGroups = []string{"* mycontacts", "mycontacts", "* starred", "starred", "* friends", "* family", "* coworkers"}

func (t *table) row(row people.GridRow) {
	c := provider.Contact{
		Name: t.text(row, "name"), Company: t.text(row, "company"), Title: t.text(row, "title"),
		Remark: strings.Join(t.cells(row, "remark"), "\n"),
	}
	if c.Name == "" {
		c.Name = fullName(t.text(row, "family"), t.text(row, "given"), t.text(row, "middle"))
	}
	for _, cell := range t.cells(row, "addresses") {
		for _, part := range parts(cell) {
			c.Addresses = append(c.Addresses, bareAddress(part))
		}
	}
	for _, cell := range t.cells(row, "groups") {
		for _, part := range parts(cell) {
			if !slices.Contains(systemGroups, strings.ToLower(part)) {
				c.Groups = append(c.Groups, part)
			}
		}
	}
	n := &tels{}
	for _, cell := range t.cells(row, "mobile") {
		n.add(cell, "cell")
	}
	for _, cell := range t.cells(row, "phone") {
		n.add(cell, "voice")
	}
	for _, i := range t.at["phone.value"] {
		kind := ""
		if at, ok := t.kinds[i]; ok && at < len(row.Cells) {
			kind = row.Cells[at]
		}
		if i < len(row.Cells) {
			for _, one := range strings.Split(unguarded(row.Cells[i]), ":::") {
				n.add(strings.TrimSpace(one), kind)
			}
		}
	}
	c.Mobile, c.Phone = n.mobile, n.phone
	e := Entry{Row: row.Number, Contact: c}
	for _, i := range row.Long {
		if i < len(row.Cells) && t.holds(i) {
			t.file.problem(Problem{Code: TooLong, Row: row.Number, Column: t.columnAt(i), Value: row.Cells[i], Stop: true})
			return
		}
	}
	if text := t.text(row, "order"); text != "" {
		order, err := strconv.Atoi(text)
		if err != nil || order < 0 || order > maxOrder {
			t.file.problem(Problem{Code: BadOrder, Row: row.Number, Column: string(attrOrder), Value: text})
		} else {
			e.Contact.Order = order
		}
	}
	if n.left != "" {
		t.file.problem(Problem{Code: MoreTels, Row: row.Number, Column: string(provider.AttrPhone), Value: n.left})
	}
	t.file.take(e, func(a provider.Attr) string { return string(a) })
}

// maxOrder is the last place in a book.
const maxOrder = 1_000_000

func (t *table) holds(i int) bool { return t.columnAt(i) != "" }

func (t *table) columnAt(i int) string {
	for column, cells := range t.at {
		if slices.Contains(cells, i) {
			return strings.TrimSuffix(column, ".value")
		}
	}
	return ""
}

// tels sorts numbers into the two that a contact holds.
type tels struct {
	mobile, phone string
	left          string // the first that found no place
}

// mobileLike is a mobile number of mainland China, with or without its country code.
var mobileLike = regexp.MustCompile(`^(?:\+?86)?1[3-9][0-9]{9}$`)

func (n *tels) add(number, kind string) {
	kind = strings.ToLower(kind)
	switch {
	case number == "" || strings.Contains(kind, "fax") || strings.Contains(kind, "pager"):
		return
	}
	bare := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(number)
	mobile := strings.Contains(kind, "cell") || strings.Contains(kind, "mobile") || kind != "voice" && mobileLike.MatchString(bare)
	switch {
	case mobile && n.mobile == "":
		n.mobile = number
	case n.phone == "" && (kind == "voice" || number != n.mobile):
		n.phone = number
	case n.left == "" && number != n.mobile && number != n.phone:
		n.left = number
	}
}

// bareAddress takes the address out of "Name <address>".
func bareAddress(s string) string {
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = s[i+1 : len(s)-1]
	}
	return strings.TrimPrefix(strings.TrimSpace(s), "mailto:")
}
