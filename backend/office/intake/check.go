package intake

import (
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"mailroom/backend/office/naming"
	"mailroom/backend/people"
	"mailroom/backend/provider"
)

// maxProblems bounds the table of problems.
const maxProblems = 5_000

// use is what an address of the office is used for, and by whom.
type use struct {
	what provider.Use
	who  string // name
	id   string
}

// check turns rows into people and problems.
type check struct {
	d      Directory
	o      Options
	result Result

	used    map[string]use // addresses of the directory, lower case
	seen    map[string]int // addresses of earlier rows
	domains map[string]bool
	habits  naming.Habits
	people  map[string]provider.Person // by ID
	self    provider.Person            // whose row it is, where they are there
	stay    map[Column]bool            // columns whose values stay, told
	told    []Problem                  // of whole columns
	units   *units
	lists   map[string]string // name or address → ID
	at      map[Column]int
	width   int
	dropped map[Column]bool // columns that the office cannot take and that were told
	row     people.GridRow
	stopped bool
}

func newCheck(d Directory, o Options) *check {
	c := &check{
		d: d, o: o, used: map[string]use{}, seen: map[string]int{}, domains: map[string]bool{}, lists: map[string]string{},
		at: map[Column]int{}, dropped: map[Column]bool{}, stay: map[Column]bool{}, people: make(map[string]provider.Person, len(d.People)), units: newUnits(d.Departments),
	}
	for _, domain := range d.Domains {
		c.domains[strings.ToLower(domain.Name)] = true
	}
	known := make([]naming.Known, 0, len(d.People))
	for _, p := range d.People {
		c.people[p.ID] = p
		c.used[strings.ToLower(p.Address)] = use{provider.UsePerson, p.Name, p.ID}
		for _, a := range p.Aliases {
			c.used[strings.ToLower(a)] = use{provider.UseAlias, p.Name, p.ID}
		}
		local, _, _ := strings.Cut(p.Address, "@")
		known = append(known, naming.Known{Name: p.Name, Local: local})
	}
	for _, l := range d.Lists {
		c.used[strings.ToLower(l.Address)] = use{provider.UseList, l.Name, l.ID}
		local, _, _ := strings.Cut(l.Address, "@")
		for _, name := range []string{l.Name, local, l.Address} {
			if name = same(name); name != "" {
				c.lists[name] = l.ID
			}
		}
	}
	c.habits = naming.HabitsOf(known)
	return c
}

func (c *check) add(p Problem) {
	if p.Weight == Stop && p.Row > 0 {
		c.stopped = true
	}
	if len(c.result.Problems) < maxProblems {
		c.result.Problems = append(c.result.Problems, p)
	}
}

// about tells of a cell of the present row.
func (c *check) about(code Code, w Weight, col Column, edit func(*Problem)) {
	p := Problem{Code: code, Weight: w, Row: c.row.Number, Column: col}
	if i, ok := c.at[col]; ok {
		p.Cell = cellName(i, c.row.Number)
		if col != Password && i < len(c.row.Cells) {
			p.Value = bounded(c.row.Cells[i])
		}
	}
	if edit != nil {
		edit(&p)
	}
	c.add(p)
}

func cellName(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col+1, row)
	if err != nil {
		return ""
	}
	return name
}

func bounded(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > 60 {
		return string(runes[:59]) + "…"
	}
	return string(runes)
}

// file goes through all rows.
func (c *check) file(g *people.Grid) {
	c.result.Sheet, c.result.Sheets, c.result.Hidden = g.Sheet, g.Sheets, g.Hidden
	if g.Hidden > 0 {
		c.add(Problem{Code: HiddenRows, Weight: Look, Facts: []string{strconv.Itoa(g.Hidden)}})
	}
	for _, m := range g.Merged {
		from, _, _ := strings.Cut(m, ":")
		c.add(Problem{Code: MergedCells, Weight: Look, Cell: from, Value: m})
	}
	start := slices.IndexFunc(g.Rows, func(r people.GridRow) bool { return slices.ContainsFunc(r.Cells, IsHeading) })
	if start < 0 {
		c.add(Problem{Code: MissingColumn, Weight: Stop, Column: Name})
		return
	}
	c.heading(g.Rows[start])
	if _, ok := c.at[Name]; !ok {
		c.add(Problem{Code: MissingColumn, Weight: Stop, Column: Name})
		return
	}
	for _, row := range g.Rows[start+1:] {
		if c.result.Total++; c.result.Total > MaxPeople {
			c.add(Problem{Code: TooMany, Weight: Stop, Row: row.Number, Facts: []string{strconv.Itoa(MaxPeople)}})
			return
		}
		c.person(row)
	}
	c.result.Problems = append(c.result.Problems, c.told...)
	c.prune()
}

// heading finds out which column stands where.
func (c *check) heading(row people.GridRow) {
	for i, cell := range row.Cells {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		c.width = i + 1
		col, ok := known().of[fold(cell)]
		_, twice := c.at[col]
		p := Problem{Row: row.Number, Cell: cellName(i, row.Number), Value: bounded(cell), Column: col, Weight: Look}
		switch {
		case !ok:
			p.Code = IgnoredColumn
		case twice:
			p.Code = DuplicateColumn
		default:
			c.at[col] = i
			c.result.Columns = append(c.result.Columns, col)
			continue
		}
		c.add(p)
	}
}

// person checks one row; a row with a problem that stops it comes to nothing.
func (c *check) person(row people.GridRow) {
	c.row, c.stopped = row, false
	from := len(c.result.Problems)
	r := Row{Number: row.Number, MustChange: c.o.MustChange && MustChange.fits(c.d.Capabilities)}
	r.Person.Quota, r.Person.Used = -1, -1
	c.shape()
	r.Person.Name = c.name()
	r.Called = r.Person.Name
	if id := c.address(&r); id != "" {
		c.there(r, id, from)
		return
	}
	c.values(&r)
	c.aliases(&r)
	c.hiddenAddresses(&r)
	c.departments(&r)
	c.memberships(&r)
	c.password(&r)
	if !c.has(Name) {
		r.Person.Name = "" // it served for the address, and the office has no place for it
	}
	if c.stopped {
		c.result.Stopped++
		return
	}
	c.seen[r.Person.Address] = row.Number
	for _, a := range r.Person.Aliases {
		c.seen[a] = row.Number
	}
	c.result.Rows = append(c.result.Rows, r)
}

// shape looks at what is odd about the row's cells whatever they hold.
func (c *check) shape() {
	for i, cell := range c.row.Cells {
		if i >= c.width && strings.TrimSpace(cell) != "" {
			c.add(Problem{Code: ExtraCell, Weight: Look, Row: c.row.Number, Cell: cellName(i, c.row.Number), Value: bounded(cell)})
			break
		}
	}
	for _, col := range c.result.Columns {
		i := c.at[col]
		if slices.Contains(c.row.Long, i) {
			c.about(TooLong, Stop, col, nil)
		}
		calculated := slices.Contains(c.row.Formula, i)
		cell := c.text(col)
		switch {
		case calculated && cell == "", strings.HasPrefix(cell, "=") && col != Password, strings.HasPrefix(cell, "#"):
			c.about(Formula, Stop, col, nil)
		case calculated:
			c.about(Formula, Look, col, nil)
		case strings.ContainsRune(cell, '\ufffd'):
			c.about(BadCharacter, Stop, col, nil)
		}
	}
}

// text is the cell of a column, without blanks around it; "" where there is none.
func (c *check) text(col Column) string {
	if i, ok := c.at[col]; ok && i < len(c.row.Cells) {
		return strings.TrimSpace(strings.ReplaceAll(c.row.Cells[i], "\u3000", " "))
	}
	return ""
}
