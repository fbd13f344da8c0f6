package people

import (
	"bytes"
	"io"
	"slices"
	"strings"
)

// TableOptions say how a file is to be read for a table that the person goes on
// working in.
type TableOptions struct {
	Sheet  string // of a workbook; "": the one that looks like a list
	Hidden bool   // take hidden rows too
}

// Table is a list as it stands, mistakes and gaps included: they are shown where they
// are and mended there. Rows without any content are left out.
type Table struct {
	List
	Sheets  []string // of a workbook, at most 20
	Sheet   string   // the one that was read
	Hidden  int      // hidden rows with content; taken only where asked for
	Formula string   // the first cell that is calculated, e.g. "D7"; its value was taken
	Empty   string   // the first calculated cell that holds no value; "" none
	Merged  []string // merged ranges that reach over several rows, at most 20; all their rows got the value
	Guessed bool     // there was no heading: the columns were told by what is in them
}

// ReadTable reads a list for a table. Other than [Read] it keeps every row, takes
// lists without a heading, and says what was odd about the file. Problems are those
// of the file as a whole: single cells are for [CheckRows].
func ReadTable(r io.Reader, o TableOptions) (*Table, []Problem, error) {
	t := &Table{}
	c := &checker{list: &t.List, table: t, from: map[string]int{}, to: map[string]int{}, sheet: o.Sheet, hidden: o.Hidden}
	if err := c.read(r); err != nil {
		return nil, nil, err
	}
	if len(c.problems) == 0 && len(t.People) == 0 {
		c.problem(NoRows, 0, "")
	}
	return t, c.problems, nil
}

// ReadText reads rows that were copied from a spreadsheet or a document.
func ReadText(text string) (*Table, []Problem, error) {
	return ReadTable(bytes.NewReader([]byte(text)), TableOptions{})
}

// loose takes the next row of a table: the heading, wherever it stands, then people.
func (c *checker) loose(cells []string, row int) bool {
	if !c.ready {
		switch {
		case knownHeaders(cells) > 0:
			c.ready = true
			c.layOut(cells, row)
			return true
		case slices.ContainsFunc(cells, addressLike):
			c.ready, c.table.Guessed = true, true
			c.layout = guessed(cells)
		default:
			return true // a title above the list
		}
	}
	if c.table.Guessed && slices.ContainsFunc(cells, addressLike) && !addressLike(c.layout.cell(cells, FromUser)) {
		c.layout = guessed(cells) // rows that were pasted together need not agree
	}
	p := c.entry(cells, row)
	if p.empty() {
		return true
	}
	if len(c.list.People) >= MaxRows {
		c.problem(TooLarge, row, "")
		return false
	}
	c.list.People = append(c.list.People, p)
	return true
}

// entry reads a row's cells without a judgement, except on what no table could show.
func (c *checker) entry(cells []string, row int) Person {
	at := func(col Column) string {
		cell := c.layout.cell(cells, col)
		if len(cell) > MaxCell {
			c.problem(TooLarge, row, col)
			return ""
		}
		return strings.ToValidUTF8(cell, "\ufffd")
	}
	return Person{
		Row: row, Name: strings.TrimSpace(at(Name)), FromUser: at(FromUser), ToUser: at(ToUser),
		FromURL: strings.TrimSpace(at(FromURL)), ToURL: strings.TrimSpace(at(ToURL)),
		FromPassword: Secret{at(FromPassword)}, ToPassword: Secret{at(ToPassword)},
	}
}

func (p *Person) empty() bool {
	return strings.TrimSpace(p.FromUser+p.ToUser+p.FromPassword.value+p.ToPassword.value+p.FromURL+p.ToURL) == ""
}

func addressLike(cell string) bool {
	return strings.ContainsAny(cell, "@＠") && len(cell) < MaxCell
}

// guessed tells the columns by the first person: what stands behind an address is
// its password, what stands before the first is the name.
func guessed(cells []string) layout {
	l := layout{at: map[Column]int{}, width: len(cells)}
	var at []int
	for i, cell := range cells {
		if addressLike(cell) {
			at = append(at, i)
		}
	}
	first := at[0]
	l.at[FromUser] = first
	if first > 0 {
		l.at[Name] = first - 1
	}
	end := len(cells)
	if len(at) > 1 {
		l.at[ToUser], end = at[1], at[1]
		if at[1]+1 < len(cells) {
			l.at[ToPassword] = at[1] + 1
		}
	}
	if first+1 < end {
		l.at[FromPassword] = first + 1
	}
	return l
}
