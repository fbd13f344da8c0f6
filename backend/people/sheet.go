package people

import (
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// headersOf counts the known headers in the first row that is not empty.
func (c *checker) headersOf(f *excelize.File, sheet string) int {
	rows, err := f.Rows(sheet)
	if err != nil {
		return 0
	}
	defer rows.Close()
	for range 100 {
		if !rows.Next() {
			return 0
		}
		cells, err := rows.Columns()
		if err != nil {
			return 0
		}
		if slices.ContainsFunc(cells, func(s string) bool { return s != "" }) {
			return c.headings(cells)
		}
	}
	return 0
}

func (c *checker) readSheet(f *excelize.File, sheet string) {
	rows, err := f.Rows(sheet)
	if err != nil {
		c.problem(BadFile, 0, "")
		return
	}
	defer rows.Close()
	spread := c.merged(f, sheet)
	for row := 1; rows.Next(); row++ {
		if row > 2*MaxRows { // a million formatted but empty rows
			c.problem(TooLarge, row, "")
			return
		}
		hidden := rows.GetRowOpts().Hidden
		cells, err := rows.Columns()
		if err != nil {
			c.problem(BadFile, row, "")
			return
		}
		if len(cells) > maxCells {
			c.problem(TooLarge, row, "")
			return
		}
		cells = spread.into(cells, row)
		if hidden && c.leaveHidden(cells) {
			continue
		}
		if !c.row(cells, row) {
			return
		}
	}
	if rows.Error() != nil {
		c.problem(BadFile, 0, "")
	}
	if c.grid != nil {
		c.calculated(f, sheet)
		return
	}
	c.formulas(f, sheet)
}

// leaveHidden counts a hidden row and says whether to pass over it.
func (c *checker) leaveHidden(cells []string) bool {
	if c.table == nil || !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return false
	}
	c.table.Hidden++
	return !c.hidden
}

// spreading holds the values of merged cells for the rows below the first, which a
// workbook leaves empty: by row, then column from 0.
type spreading map[int]map[int]string

// maxSpread bounds how many cells get a value by merging.
const maxSpread = 20_000

func (c *checker) merged(f *excelize.File, sheet string) spreading {
	if c.table == nil {
		return nil
	}
	all := spreading{}
	ranges, err := f.GetMergeCells(sheet)
	if err != nil {
		return nil
	}
	cells := 0
	for _, m := range ranges {
		col, top, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		_, bottom, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 != nil || err2 != nil || bottom <= top || m.GetCellValue() == "" || col > maxCells {
			continue
		}
		if cells += bottom - top; cells > maxSpread {
			break
		}
		if len(c.table.Merged) < maxSheets {
			c.table.Merged = append(c.table.Merged, m.GetStartAxis()+":"+m.GetEndAxis())
		}
		for row := top + 1; row <= bottom; row++ {
			if all[row] == nil {
				all[row] = map[int]string{}
			}
			all[row][col-1] = m.GetCellValue()
		}
	}
	return all
}

func (s spreading) into(cells []string, row int) []string {
	for col, value := range s[row] {
		for len(cells) <= col {
			cells = append(cells, "")
		}
		if cells[col] == "" {
			cells[col] = value
		}
	}
	return cells
}

// formulas looks for calculated cells among those that were taken. What they show was
// taken; one that shows nothing was never calculated by a spreadsheet program.
func (c *checker) formulas(f *excelize.File, sheet string) {
	if c.table == nil || !c.formulated {
		return
	}
	for i := range c.list.People {
		p := &c.list.People[i]
		for _, col := range Columns() {
			at, ok := c.layout.at[col]
			if !ok {
				continue
			}
			name, err := excelize.CoordinatesToCellName(at+1, p.Row)
			if err != nil {
				continue
			}
			if formula, err := f.GetCellFormula(sheet, name); err != nil || formula == "" {
				continue
			}
			if c.table.Formula == "" {
				c.table.Formula = name
			}
			if c.table.Empty == "" && p.cell(col) == "" {
				c.table.Empty = name
			}
		}
	}
}

func (p *Person) cell(col Column) string {
	switch col {
	case Name:
		return p.Name
	case FromUser:
		return p.FromUser
	case FromPassword:
		return p.FromPassword.value
	case ToUser:
		return p.ToUser
	case ToPassword:
		return p.ToPassword.value
	case FromURL:
		return p.FromURL
	}
	return p.ToURL
}
