// Package listfile reads and writes mailing lists as rows of a file, and tells which
// changes bring an office's lists to what a file says.
//
// It leaves out how files are read (backend/people), what a provider's lists can hold
// (backend/office refuses it), and sentences for people.
package listfile

import (
	_ "embed"
	"strings"
	"sync"

	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/people"
	"mailroom/backend/provider"
)

// Column is one column by its own name.
type Column string

// The columns.
const (
	Address     Column = "address"
	Name        Column = "name"
	Members     Column = "members"
	Lists       Column = "lists"
	Departments Column = "departments"
	Policy      Column = "policy"
	Senders     Column = "senders"
	Hidden      Column = "hidden"
	Off         Column = "off"
	Remark      Column = "remark"
)

// Columns lists them in the order of a file.
func Columns() []Column {
	return []Column{Address, Name, Members, Lists, Departments, Policy, Senders, Hidden, Off, Remark}
}

//go:embed data/columns.tsv
var columnTable string

//go:embed data/policies.tsv
var policyTable string

// columns and policies lead what people write to our own names.
var (
	columns  = sync.OnceValue(func() map[string]string { return words(columnTable) })
	policies = sync.OnceValue(func() map[string]string { return words(policyTable) })
)

func words(table string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(table) {
		if line = strings.TrimRight(line, "\r\n"); line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		for _, word := range cells {
			all[word] = cells[0]
		}
	}
	return all
}

func columnOf(cell string) (Column, bool) {
	name, ok := columns()[strings.ToLower(strings.TrimSpace(cell))]
	return Column(name), ok
}

// IsHeading says whether a cell names one of our columns.
func IsHeading(cell string) bool {
	_, ok := columnOf(cell)
	return ok
}

// Header is the first row of an exported file: our own names, which every language of
// the program reads again.
func Header() []string {
	var row []string
	for _, c := range Columns() {
		row = append(row, string(c))
	}
	return row
}

// Rows are the directory's lists as rows of a file; several values of a cell are parted
// by semicolons, departments are written by their names.
func Rows(v *directory.View) [][]string {
	rows := make([][]string, 0, len(v.Lists))
	for _, l := range v.Lists {
		departments := make([]string, len(l.Departments))
		for i, id := range l.Departments {
			departments[i] = v.Path(id)
		}
		rows = append(rows, []string{
			l.Address, l.Name, strings.Join(l.Members, ";"), strings.Join(l.Lists, ";"), strings.Join(departments, ";"), string(l.Policy),
			strings.Join(l.Senders, ";"), string(l.Hidden), string(l.Off), l.Remark,
		})
	}
	return rows
}

// Code says what is wrong with a file. The set is closed.
type Code string

// The codes.
const (
	NoAddressColumn   Code = "no_address_column"
	Empty             Code = "empty"
	Duplicate         Code = "duplicate" // an earlier row has the list
	UnknownPolicy     Code = "unknown_policy"
	UnknownDepartment Code = "unknown_department"
	BadFlag           Code = "bad_flag"
	NotAList          Code = "not_a_list" // the address is a person's
	BadAddress        Code = "bad_address"
)

// Problem is one thing that is wrong. Its row is left out.
type Problem struct {
	Code   Code
	Row    int // 0: the whole file
	Column Column
	Value  string
}

// Changes are what brings the office's lists to what a file says: lists that are not
// there are created, those that are get what the file's columns say, and lists that the
// file does not name stay. A cell that is empty in a column that is there empties the
// value, but for the policy and the flags. same counts the rows that change nothing.
func Changes(g *people.Grid, v *directory.View) (changes []office.Change, problems []Problem, same int) {
	r := &reading{view: v, seen: map[string]bool{}}
	if !r.heading(g) {
		return nil, []Problem{{Code: NoAddressColumn}}, 0
	}
	for _, row := range g.Rows[1:] {
		if c, ok := r.row(row); ok && c.Kind != "" {
			changes = append(changes, c)
		} else if ok {
			same++
		}
	}
	return changes, r.problems, same
}

type reading struct {
	view     *directory.View
	at       map[Column]int
	seen     map[string]bool
	problems []Problem
}

func (r *reading) heading(g *people.Grid) bool {
	r.at = map[Column]int{}
	if len(g.Rows) == 0 {
		return false
	}
	for i, cell := range g.Rows[0].Cells {
		if c, ok := columnOf(cell); ok {
			if _, twice := r.at[c]; !twice {
				r.at[c] = i
			}
		}
	}
	_, ok := r.at[Address]
	return ok
}

func (r *reading) bad(code Code, row int, c Column, value string) {
	r.problems = append(r.problems, Problem{code, row, c, cut(value)})
}

func cut(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60])
	}
	return s
}

// row makes the change of one row; a change without a kind: nothing is different.
func (r *reading) row(row people.GridRow) (c office.Change, ok bool) {
	cell := func(col Column) (string, bool) {
		i, there := r.at[col]
		if !there || i >= len(row.Cells) {
			return "", there
		}
		return strings.TrimSpace(strings.TrimPrefix(row.Cells[i], "'")), true
	}
	before := len(r.problems)
	address, _ := cell(Address)
	address = strings.ToLower(address)
	use, id := r.view.UseOf(address)
	switch {
	case address == "":
		r.bad(Empty, row.Number, Address, "")
		return c, false
	case !isAddress(address):
		r.bad(BadAddress, row.Number, Address, address)
		return c, false
	case r.seen[address]:
		r.bad(Duplicate, row.Number, Address, address)
		return c, false
	case use == provider.UsePerson || use == provider.UseAlias:
		r.bad(NotAList, row.Number, Address, address)
		return c, false
	}
	r.seen[address] = true
	old, there := r.view.List(id)
	l := r.values(row.Number, cell, old, there)
	if len(r.problems) > before {
		return c, false
	}
	l.Address = address
	if !there {
		return office.Change{Kind: office.CreateList, Row: row.Number, List: l}, true
	}
	for _, a := range r.given() {
		if differs(old, l, a) {
			c.Set = append(c.Set, a)
		}
	}
	if len(c.Set) > 0 {
		c.Kind, c.Target, c.Label, c.Row, c.List = office.UpdateList, id, address, row.Number, l
	}
	return c, true
}

// given are the values that the file has a column for.
func (r *reading) given() (all []provider.Attr) {
	for _, c := range Columns() {
		if _, ok := r.at[c]; ok && c != Address {
			all = append(all, provider.Attr(c))
		}
	}
	return all
}

func (r *reading) values(number int, cell func(Column) (string, bool), old provider.List, there bool) provider.List {
	l := old
	if !there {
		l = provider.List{Policy: provider.PolicyInside}
	}
	text := func(to *string, c Column) {
		if s, ok := cell(c); ok {
			*to = s
		}
	}
	many := func(to *[]string, c Column) {
		if s, ok := cell(c); ok {
			*to = parts(s)
		}
	}
	text(&l.Name, Name)
	text(&l.Remark, Remark)
	many(&l.Members, Members)
	many(&l.Lists, Lists)
	many(&l.Senders, Senders)
	r.addresses(number, Members, l.Members)
	r.addresses(number, Lists, l.Lists)
	r.addresses(number, Senders, l.Senders)
	if s, ok := cell(Departments); ok {
		l.Departments = r.departments(number, parts(s))
	}
	if s, _ := cell(Policy); s != "" {
		p, known := policies()[strings.ToLower(s)]
		if !known {
			r.bad(UnknownPolicy, number, Policy, s)
		}
		l.Policy = provider.Policy(p)
	}
	for c, to := range map[Column]*provider.Flag{Hidden: &l.Hidden, Off: &l.Off} {
		switch s, _ := cell(c); strings.ToLower(s) {
		case "":
		case "yes", "y", "true", "1", "是":
			*to = provider.Yes
		case "no", "n", "false", "0", "否":
			*to = provider.No
		default:
			r.bad(BadFlag, number, c, s)
		}
	}
	return l
}

// addresses puts a column's addresses into lower case and tells those that are none.
func (r *reading) addresses(number int, c Column, all []string) {
	_, read := r.at[c]
	for i, a := range all {
		all[i] = strings.ToLower(a)
		if read && !isAddress(a) {
			r.bad(BadAddress, number, c, a)
		}
	}
}

// departments finds departments by their paths, or by names that only one has.
func (r *reading) departments(number int, names []string) (ids []string) {
	for _, name := range names {
		found := []string{}
		for _, d := range r.view.Departments {
			if r.view.Path(d.ID) == name {
				found = []string{d.ID}
				break
			}
			if d.Name == name {
				found = append(found, d.ID)
			}
		}
		if len(found) != 1 {
			r.bad(UnknownDepartment, number, Departments, name)
			continue
		}
		ids = append(ids, found[0])
	}
	return ids
}

// isAddress is true for what a mail could be sent to; whether there is somebody is the
// provider's business.
func isAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && strings.Contains(domain, ".") && len(s) <= 254 && !strings.ContainsAny(s, " \t\r\n<>,;:\"()[]\\") &&
		!strings.Contains(domain, "@") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}

func parts(cell string) []string {
	out := []string{}
	for _, part := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(";；,，、\n|", c) }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// differs compares one value of two lists.
func differs(a, b provider.List, attr provider.Attr) bool {
	for _, d := range directory.Compare(directory.ListValues(a, directory.AsIs), directory.ListValues(b, directory.AsIs)) {
		if d.Attr == attr {
			return true
		}
	}
	return false
}
